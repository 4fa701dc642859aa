// What triggers there are, what a new one begins with, and which events they answer.
import type { EventType, Rule, Trigger } from "$lib/bindings";

export type TriggerKind = Trigger["on"];

/** The triggers in the order in which people meet them, by what they are about. */
export const TRIGGER_GROUPS = {
  gifts: ["gift", "gift_value"],
  chat: ["comment", "command", "keyword", "regex"],
  community: ["every_likes", "like_streak", "every_followers", "goal_reached"],
  time: ["timer", "time_of_day", "app_start"],
  yours: ["hotkey", "button", "call", "custom", "counter_reached", "service_late"],
} as const satisfies Record<string, readonly TriggerKind[]>;

export type TriggerGroup = keyof typeof TRIGGER_GROUPS;

/** Events that have no trigger of their own and are offered by their name. */
export const PLAIN_EVENTS = [
  "follow",
  "subscribe",
  "share",
  "join",
  "like",
  "question",
  "emote",
  "envelope",
  "super_fan",
  "level_up",
  "poll",
  "battle",
  "goal",
  "live_start",
  "live_pause",
  "live_resume",
  "live_end",
  "connect",
  "gap",
  "disconnect",
] as const satisfies readonly EventType[];

/** A trigger of that kind as it is before anything was chosen: it works at once. */
export function newTrigger(kind: TriggerKind): Trigger {
  switch (kind) {
    case "event":
      return { on: kind, event: "follow" };
    case "gift":
    case "gift_value":
    case "comment":
    case "goal_reached":
    case "app_start":
      return { on: kind };
    case "keyword":
      return { on: kind, words: [] };
    case "regex":
      return { on: kind, pattern: "" };
    case "command":
      return { on: kind, names: ["!spin"], place: "start" };
    case "every_likes":
      return { on: kind, every: 1000 };
    case "like_streak":
      return { on: kind, count: 50 };
    case "every_followers":
      return { on: kind, every: 10 };
    case "counter_reached":
      return { on: kind, counter: "counter", value: 10 };
    case "timer":
      return { on: kind, every_seconds: 300 };
    case "time_of_day":
      return { on: kind, at: "21:00" };
    case "custom":
      return { on: kind, name: "my_event" };
    case "hotkey":
      return { on: kind, keys: "" };
    case "button":
      return { on: kind, label: "" };
    case "call":
      return { on: kind, name: "" };
    case "overlay_closed":
      return { on: kind, overlay: "main" };
    case "service_late":
      return { on: kind, service: "voice", seconds: 30 };
  }
}

/** The event type behind a trigger; `null` where no event of the live is behind it. */
export function answered(trigger: Trigger): EventType | null {
  switch (trigger.on) {
    case "event":
      return trigger.event;
    case "gift":
    case "gift_value":
      return "gift";
    case "comment":
    case "keyword":
    case "regex":
    case "command":
      return "comment";
    case "every_likes":
    case "like_streak":
      return "like";
    case "every_followers":
      return "follow";
    case "goal_reached":
      return "goal";
    case "custom":
      return "custom";
    case "counter_reached":
    case "timer":
    case "time_of_day":
    case "hotkey":
    case "button":
    case "call":
    case "app_start":
    case "overlay_closed":
    case "service_late":
      return null;
  }
}

/** The heading under which a rule stands in the list. */
export function sectionOf(rule: Rule): TriggerGroup {
  switch (answered(rule.when)) {
    case "gift":
    case "envelope":
      return "gifts";
    case "comment":
    case "question":
    case "emote":
      return "chat";
    case null:
      return rule.when.on === "timer" || rule.when.on === "time_of_day" || rule.when.on === "app_start"
        ? "time"
        : "yours";
    case "custom":
      return "yours";
    default:
      return "community";
  }
}

/** Whether its events come as gift combos, so that the combo mode means something. */
export function hasCombos(trigger: Trigger): boolean {
  return answered(trigger) === "gift";
}
