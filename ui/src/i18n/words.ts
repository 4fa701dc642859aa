// Codes with their parameters become sentences: reasons, warnings, capabilities, conditions.
import type { Capability, Condition, Reason, Warning } from "$lib/bindings";

import { list, number, span } from "./format";
import { t, tOr } from "./index.svelte";

/** Shows rules and services by the name that people gave them. */
export type Names = { rule: (id: string) => string; service: (id: string) => string };

export function reasonText(reason: Reason, names: Names): string {
  switch (reason.code) {
    case "message_broken":
    case "frame_broken":
    case "recording_broken":
    case "disk_full":
    case "database_damaged":
    case "settings_restored":
    case "waiting_for_more":
    case "capped":
    case "chance_missed":
    case "too_deep":
    case "too_often":
    case "too_many":
    case "no_such_service":
    case "action_broke":
      return t(`reason.${reason.code}`, reason.params);
    case "condition_failed":
      return t("reason.condition_failed", {
        number: reason.params.number,
        condition: conditionFrom(reason.params.condition),
      });
    case "shed": {
      const { joins, likes, viewer_counts, late_ms } = reason.params;
      return t("reason.shed", { joins, likes, viewers: viewer_counts, late: span(late_ms) });
    }
    case "cooldown":
      return t(`reason.cooldown.${reason.params.of}`, { left: span(reason.params.left_ms) });
    case "less_specific":
      return t("reason.less_specific", { than: names.rule(reason.params.than) });
    case "service_off":
      return t("reason.service_off", { service: names.service(reason.params.service) });
    case "no_event_off":
      return t("reason.no_event_off", { service: names.service(reason.params.service) });
    case "event_type_off":
      return t("reason.event_type_off", {
        service: names.service(reason.params.service),
        event: eventTypeName(reason.params.event_type),
      });
    case "no_such_action":
    case "bad_parameters":
      return t(`reason.${reason.code}`, { ...reason.params });
    case "wrong_service":
      return t("reason.wrong_service", { kind: reason.params.kind, service: names.service(reason.params.service) });
    case "queue_full":
      return t("reason.queue_full", { service: names.service(reason.params.service), size: reason.params.size });
    case "displaced":
      return t("reason.displaced", { service: names.service(reason.params.service), by: reason.params.by });
    case "too_late":
      return t("reason.too_late", { waited: span(reason.params.waited_ms), limit: span(reason.params.limit_ms) });
    case "timed_out":
      return t("reason.timed_out", { limit: span(reason.params.limit_ms) });
    case "action_failed":
      return [reason.params.error, reason.params.advice].filter((part) => part !== "").join(". ");
    case "muted":
    case "waiting_for_combo_end":
    case "fired_for_combo":
    case "moderated":
    case "stopped_by_you":
    case "skipped_by_you":
    case "discarded_by_you":
    case "silenced_by_you":
    case "old_job":
    case "interrupted":
    case "folded":
    case "session_over":
    case "no_session_open":
    case "unreadable":
    case "not_answered":
      return t(`reason.${reason.code}`);
    default:
      return newer(reason);
  }
}

/** A code that is newer than this window is shown as it came: odd, but not silent. */
function newer(unknown: never): string {
  return JSON.stringify(unknown);
}

export function warningText(warning: Warning, names: Names): string {
  switch (warning.code) {
    case "shadowed":
      return t("warning.shadowed", { by: names.rule(warning.params.by) });
    case "same_event":
      return t("warning.same_event", { rule: names.rule(warning.params.as_rule) });
    case "same_keys":
      return t("warning.same_keys", { keys: warning.params.keys });
    case "same_as_default":
    case "event_type_off":
      return t(`warning.${warning.code}`, {
        service: names.service(warning.params.service),
        event: eventTypeName(warning.params.event_type),
      });
    case "not_in_event":
      return t("warning.not_in_event", {
        placeholder: warning.params.placeholder,
        event: eventTypeName(warning.params.event_type),
      });
    case "unknown_placeholder":
    case "unknown_filter":
      return t(`warning.${warning.code}`, { name: warning.params.name });
    case "service_off":
      return t("warning.service_off", { service: names.service(warning.params.service) });
    case "unknown_action":
      return t("warning.unknown_action", { kind: warning.params.kind });
    case "unknown_parameter": {
      const { kind, name, known } = warning.params;
      return t("warning.unknown_parameter", { kind, name, known: list(known) });
    }
    case "wrong_service":
      return t("warning.wrong_service", { kind: warning.params.kind, service: names.service(warning.params.service) });
    case "no_such_rule":
      return t("warning.no_such_rule", { rule: warning.params.rule });
    case "loop":
      return t("warning.loop", { rules: warning.params.rules.map(names.rule).join(" → ") });
    case "discardable":
      return t("warning.discardable", { event: eventTypeName(warning.params.event_type) });
    case "no_cap":
    case "no_steps":
    case "never_fires":
      return t(`warning.${warning.code}`);
    default:
      return newer(warning);
  }
}

export function capabilityText(capability: Capability): string {
  switch (capability.code) {
    case "runs_script":
      return t("capability.runs_script");
    case "calls_address":
    case "uses_program":
      return t(`capability.${capability.code}`, capability.params);
    case "controls_input":
    case "sends_command":
    case "uses_file":
    case "uses_action": {
      const { kind } = capability.params;
      const title = tOr(`actions.${kind}.title`, kind);
      return t(`capability.${capability.code}`, { ...capability.params, kind: title });
    }
    default:
      return newer(capability);
  }
}

/** The name of an event type; what this window does not know stays as it is spelt. */
export function eventTypeName(eventType: string): string {
  return eventType in EVENT_NAMES ? t(`event.${eventType as keyof typeof EVENT_NAMES}`) : eventType;
}

const EVENT_NAMES = {
  connect: 1,
  comment: 1,
  gift: 1,
  like: 1,
  join: 1,
  follow: 1,
  share: 1,
  subscribe: 1,
  viewer_count: 1,
  question: 1,
  emote: 1,
  envelope: 1,
  battle: 1,
  social: 1,
  super_fan: 1,
  level_up: 1,
  moderation: 1,
  delete: 1,
  pin: 1,
  unpin: 1,
  poll: 1,
  goal: 1,
  barrage: 1,
  rank: 1,
  shop: 1,
  caption: 1,
  room_message: 1,
  live_intro: 1,
  custom: 1,
  gap: 1,
  live_start: 1,
  live_pause: 1,
  live_resume: 1,
  live_end: 1,
  disconnect: 1,
  unknown: 1,
} as const;

/** Every event type, those that people use most first. */
export const EVENT_TYPES = Object.keys(EVENT_NAMES) as (keyof typeof EVENT_NAMES)[];

/** A condition arrives in its file form; what is not one stays as it is. */
function conditionFrom(text: string): string {
  try {
    return conditionText(JSON.parse(text) as Condition);
  } catch {
    return text;
  }
}

/** A condition as part of a sentence: *only if …*. */
export function conditionText(condition: Condition): string {
  switch (condition.if) {
    case "gift_in":
      return t("condition.gift_in.text", { ids: list(condition.ids.map(String), "disjunction") });
    case "diamonds":
      return t("condition.diamonds.text", { range: rangeText(condition.min, condition.max) });
    case "combo_count":
      return t("condition.combo_count.text", { range: rangeText(condition.min, condition.max) });
    case "who":
      return list(
        condition.any_of.map((role) => t(`role.${role}`)),
        "disjunction",
      );
    case "top_gifter":
      return t("condition.top_gifter.text", { places: condition.places });
    case "team_level":
      return t("condition.team_level.text", { min: condition.min });
    case "viewers":
      return t("condition.viewers.text", { names: list(condition.names, "disjunction") });
    case "not_viewers":
      return t("condition.not_viewers.text", { names: list(condition.names, "disjunction") });
    case "gifts_given":
      return t(`condition.gifts_given.${condition.since ?? "session"}`, { min: condition.min });
    case "comment_starts_with":
    case "comment_is":
    case "comment_contains":
      return t(`condition.${condition.if}.text`, { text: condition.text });
    case "comment_matches":
      return t("condition.comment_matches.text", { pattern: condition.pattern });
    case "comment_is_command":
      return t("condition.comment_is_command.text", { names: list(condition.names, "disjunction") });
    case "first_in_session":
    case "first_ever":
      return t(`condition.${condition.if}`);
    case "chance":
      return t("condition.chance.text", { percent: condition.percent });
    case "session_age":
      return t("condition.session_age.text", { range: rangeText(condition.min_minutes, condition.max_minutes) });
    case "counter":
    case "variable":
      return t(`condition.${condition.if}.text`, {
        name: condition.name,
        is: t(`comparison.${condition.is}`),
        than: condition.than,
      });
    default:
      return newer(condition);
  }
}

/** "5 or more", "at most 9", "5 to 9". */
export function rangeText(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return t("range.between", { min, max });
  if (min !== undefined) return t("range.from", { min });
  return max === undefined ? t("range.any") : t("range.to", { max: number(max) });
}
