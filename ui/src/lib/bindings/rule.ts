// Rules in the form of rules files (docs/schemas/rules.schema.json): one shape in files, in the store and here.
import type { EventType } from "./event";

export type Rule = {
  id: string;
  name: string;
  /** Left out means on. */
  enabled?: boolean;
  when: Trigger;
  only_if?: Condition[];
  do: Step[];
  combo?: ComboMode;
  cooldown?: Cooldown;
  group?: string;
  fold?: Fold;
  priority?: number;
};

export type GiftRef = { id: number; name?: string; diamond_count?: number; image_url?: string };

export type CommandPlace = "start" | "exact" | "anywhere";

export type Trigger =
  | { on: "event"; event: EventType }
  | { on: "gift"; gifts?: GiftRef[]; names?: string[] }
  | { on: "gift_value"; min_diamonds?: number; max_diamonds?: number }
  | { on: "comment" }
  | { on: "keyword"; words: string[] }
  | { on: "regex"; pattern: string }
  | { on: "command"; names: string[]; place?: CommandPlace }
  | { on: "every_likes"; every: number }
  | { on: "like_streak"; count: number }
  | { on: "every_followers"; every: number }
  | { on: "goal_reached" }
  | { on: "counter_reached"; counter: string; value: number }
  | { on: "timer"; every_seconds: number }
  | { on: "time_of_day"; at: string }
  | { on: "custom"; name: string }
  | { on: "hotkey"; keys: string }
  | { on: "button"; label: string }
  | { on: "call"; name: string }
  | { on: "app_start" }
  | { on: "overlay_closed"; overlay: string }
  | { on: "service_late"; service: string; seconds: number };

export type Role = "follower" | "friend" | "subscriber" | "moderator" | "streamer";

export type Comparison = "equal" | "not_equal" | "less" | "at_most" | "more" | "at_least" | "contains";

export type Condition =
  | { if: "gift_in"; ids: number[] }
  | { if: "diamonds"; min?: number; max?: number }
  | { if: "combo_count"; min?: number; max?: number }
  | { if: "who"; any_of: Role[] }
  | { if: "top_gifter"; places: number }
  | { if: "team_level"; min: number }
  | { if: "viewers"; names: string[] }
  | { if: "not_viewers"; names: string[] }
  | { if: "gifts_given"; min: number; since?: "session" | "ever" }
  | { if: "comment_starts_with"; text: string }
  | { if: "comment_is"; text: string }
  | { if: "comment_contains"; text: string }
  | { if: "comment_matches"; pattern: string }
  | { if: "comment_is_command"; names: string[] }
  | { if: "first_in_session" }
  | { if: "first_ever" }
  | { if: "chance"; percent: number }
  | { if: "session_age"; min_minutes?: number; max_minutes?: number }
  | { if: "counter"; name: string; is: Comparison; than: number }
  | { if: "variable"; name: string; is: Comparison; than: string };

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What is done: a kind of action with its parameters, in which placeholders wait to be filled. */
export type Action = { action: string; service?: string; with?: Record<string, JsonValue> };

export type Act = Action & { at_the_same_time?: boolean; go_on_if_this_fails?: boolean; at_the_end?: boolean };
export type Test = { value: string; is: Comparison; than: string };
export type Choose = { if: Test[]; then: Step[]; otherwise?: Step[] };
export type PickOne = { pick_one: Step[][] };
export type Wait = { wait_ms: number };
export type Step = Act | Choose | PickOne | Wait;

/** How a rule follows a gift combo; `null` as `max_repeat` is no limit, left out is 20. */
export type ComboMode =
  | { fires: "combo_end"; repeat?: boolean; max_repeat?: number | null }
  | { fires: "combo_start" }
  | { fires: "with_combo" }
  | { fires: "each_gift"; max_repeat?: number | null }
  | { fires: "every_n"; n: number };

export type Exempt = "streamer" | "moderators";
export type Cooldown = { seconds?: number; per_viewer_seconds?: number; exempt?: Exempt[] };
export type Fold = { within_seconds: number; per_viewer?: boolean };
export type RuleGroup = { name: string; fires?: "all" | "most_specific"; cooldown_seconds?: number };
