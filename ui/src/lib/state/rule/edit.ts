// Changes of a rule, each a new rule: what the card's controls do.
import type {
  Act,
  Choose,
  ComboMode,
  Condition,
  GiftRef,
  PickOne,
  Role,
  Rule,
  Step,
  Trigger,
  Wait,
} from "$lib/bindings";

import { hasCombos } from "./trigger";

export const isAct = (step: Step): step is Act => "action" in step;
export const isChoose = (step: Step): step is Choose => "if" in step;
export const isPickOne = (step: Step): step is PickOne => "pick_one" in step;
export const isWait = (step: Step): step is Wait => "wait_ms" in step;

/** Sets the trigger; what only made sense for the old one goes. */
export function withTrigger(rule: Rule, when: Trigger): Rule {
  const changed = { ...rule, when };
  if (!hasCombos(when)) delete changed.combo;
  return changed;
}

/** Adds a gift to those named, or takes it away; a rule for a value range becomes one for gifts. */
export function withGiftToggled(rule: Rule, gift: GiftRef): Rule {
  const trigger: Extract<Trigger, { on: "gift" }> = rule.when.on === "gift" ? rule.when : { on: "gift" };
  const gifts = trigger.gifts ?? [];
  const rest = gifts.filter((known) => known.id !== gift.id);
  return { ...rule, when: { ...trigger, gifts: rest.length < gifts.length ? rest : [...gifts, gift] } };
}

export function namesGift(rule: Rule, id: number): boolean {
  return rule.when.on === "gift" && (rule.when.gifts ?? []).some((gift) => gift.id === id);
}

/** Who may fire it; nobody named is everybody. */
export function roles(rule: Rule): Role[] {
  return (rule.only_if ?? []).flatMap((condition) => (condition.if === "who" ? condition.any_of : []));
}

export function withRoles(rule: Rule, anyOf: Role[]): Rule {
  const rest = (rule.only_if ?? []).filter((condition) => condition.if !== "who");
  return withConditions(rule, anyOf.length > 0 ? [{ if: "who", any_of: anyOf }, ...rest] : rest);
}

/** The conditions beside *who*, with their places in the rule. */
export function conditions(rule: Rule): { condition: Condition; place: number }[] {
  return (rule.only_if ?? [])
    .map((condition, place) => ({ condition, place }))
    .filter(({ condition }) => condition.if !== "who");
}

export function withCondition(rule: Rule, place: number, condition: Condition): Rule {
  return withConditions(rule, (rule.only_if ?? []).with(place, condition));
}

export function withoutCondition(rule: Rule, place: number): Rule {
  return withConditions(rule, (rule.only_if ?? []).toSpliced(place, 1));
}

export function withNewCondition(rule: Rule, condition: Condition): Rule {
  return withConditions(rule, [...(rule.only_if ?? []), condition]);
}

function withConditions(rule: Rule, all: Condition[]): Rule {
  const { only_if: _, ...rest } = rule;
  return all.length > 0 ? { ...rest, only_if: all } : rest;
}

export function combo(rule: Rule): ComboMode {
  return rule.combo ?? { fires: "combo_end" };
}

/** A step moved by that many places within its list. */
export function moved(steps: readonly Step[], place: number, by: number): Step[] {
  const step = steps[place];
  const target = place + by;
  if (!step || target < 0 || target >= steps.length) return [...steps];
  return steps.toSpliced(place, 1).toSpliced(target, 0, step);
}

/** Sets a field, or takes it out where its value is the one that it has when left out. */
export function withField<T extends object, K extends keyof T>(whole: T, key: K, value: T[K] | undefined): T {
  if (value !== undefined) return { ...whole, [key]: value };
  const { [key]: _, ...rest } = whole;
  // What was left out may be left out: callers name only optional fields.
  return rest as T;
}
