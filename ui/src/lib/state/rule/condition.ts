// What conditions there are, and what a new one begins with.
import type { Condition, EventType } from "$lib/bindings";

export type ConditionKind = Condition["if"];

const ANY: readonly ConditionKind[] = [
  "top_gifter",
  "team_level",
  "gifts_given",
  "viewers",
  "not_viewers",
  "first_in_session",
  "first_ever",
  "chance",
  "session_age",
  "counter",
  "variable",
];

/** The conditions that make sense for events of that type; *who* has a control of its own. */
export function conditionsFor(eventType: EventType | null): readonly ConditionKind[] {
  switch (eventType) {
    case "gift":
      return ["combo_count", "diamonds", ...ANY];
    case "comment":
      return ["comment_contains", "comment_starts_with", "comment_is", "comment_matches", "comment_is_command", ...ANY];
    case null:
      return ["chance", "session_age", "counter", "variable"];
    default:
      return ANY;
  }
}

/** A condition of that kind as it is before anything was chosen. */
export function newCondition(kind: ConditionKind): Condition {
  switch (kind) {
    case "gift_in":
      return { if: kind, ids: [] };
    case "diamonds":
    case "combo_count":
      return { if: kind, min: 5 };
    case "who":
      return { if: kind, any_of: ["follower"] };
    case "top_gifter":
      return { if: kind, places: 3 };
    case "team_level":
      return { if: kind, min: 5 };
    case "viewers":
    case "not_viewers":
      return { if: kind, names: [] };
    case "gifts_given":
      return { if: kind, min: 10, since: "session" };
    case "comment_starts_with":
    case "comment_is":
    case "comment_contains":
      return { if: kind, text: "" };
    case "comment_matches":
      return { if: kind, pattern: "" };
    case "comment_is_command":
      return { if: kind, names: ["!spin"] };
    case "first_in_session":
    case "first_ever":
      return { if: kind };
    case "chance":
      return { if: kind, percent: 50 };
    case "session_age":
      return { if: kind, min_minutes: 10 };
    case "counter":
      return { if: kind, name: "counter", is: "at_least", than: 10 };
    case "variable":
      return { if: kind, name: "variable", is: "equal", than: "" };
  }
}
