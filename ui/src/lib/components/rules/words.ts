// A rule in few words, for the list.
import type { ActionKind, Rule, Step } from "$lib/bindings";
import { kindTitle } from "$lib/components/action/words";
import { isAct, isWait } from "$lib/state/rule/edit";
import { t } from "$i18n";
import { list } from "$i18n/format";
import { eventTypeName } from "$i18n/words";

/** What it does: "Write to the log, Change a counter". */
export function deedsOf(rule: Rule, kinds: readonly ActionKind[], serviceName: (id: string) => string): string {
  if (rule.do.length === 0) return t("rules.noSteps");
  const deeds = rule.do.filter((step) => !isWait(step)).map((step) => deed(step, kinds, serviceName));
  return list([...new Set(deeds)]);
}

function deed(step: Step, kinds: readonly ActionKind[], serviceName: (id: string) => string): string {
  if (!isAct(step)) return "if" in step ? t("step.choose") : t("step.pickOne");
  const title = kindTitle(kinds, step.action);
  return step.service ? `${serviceName(step.service)}: ${title}` : title;
}

/** The changed rule; a name that nobody gave follows what the rule answers. */
export function withNameOfTrigger(old: Rule, changed: Rule): Rule {
  return old.name === nameFor(old.when) ? { ...changed, name: nameFor(changed.when) } : changed;
}

/** What a new rule is called until somebody gives it a name. */
export function nameFor(when: Rule["when"]): string {
  switch (when.on) {
    case "event":
      return eventTypeName(when.event);
    case "gift":
      return when.gifts?.length
        ? list(
            when.gifts.map((gift) => gift.name ?? String(gift.id)),
            "disjunction",
          )
        : t("trigger.gift.any");
    case "command":
      return when.names[0] ?? t("trigger.command");
    default:
      return t(`trigger.${when.on}`);
  }
}
