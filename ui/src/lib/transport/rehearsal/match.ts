// A rough likeness of the engine's matching, enough to see a trial's answer.
import type { Act, LiveEvent, Reason, Rule, Step, TriedStep, TryWith, User } from "$lib/bindings";

import { GIFTS } from "./gifts";
import { PEOPLE } from "./people";

/** The event that a trial makes up for a rule. */
export function madeUp(rule: Rule, tryWith: Extract<TryWith, { with: "made_up" }>): LiveEvent {
  const user: User = {
    unique_id: tryWith.nickname.toLowerCase(),
    nickname: tryWith.nickname,
    user_id: PEOPLE[0]?.user_id ?? "1",
    profile_picture: null,
    follow_role: tryWith.follower ? 1 : 0,
    is_subscriber: tryWith.subscriber,
    is_moderator: tryWith.moderator,
    team_level: null,
    gifter_level: null,
    top_gifter_rank: null,
  };
  const timestamp = "2026-01-12T09:30:00.123456";
  switch (rule.when.on) {
    case "gift":
    case "gift_value":
      return giftEvent(user, tryWith.giftId ?? suitable(rule), tryWith.count, timestamp);
    case "comment":
    case "keyword":
    case "regex":
    case "command":
      return commentEvent(user, tryWith.comment || fitting(rule), timestamp);
    default:
      return { event_type: "follow", data: { user, timestamp } };
  }
}

/** A comment that the rule answers. */
function fitting({ when }: Rule): string {
  if (when.on === "command") return `!${when.names[0] ?? ""}`;
  return when.on === "keyword" ? (when.words[0] ?? "") : "hello";
}

/** A gift of a price that the rule answers. */
function suitable(rule: Rule): number {
  const { when } = rule;
  const least = when.on === "gift_value" ? (when.min_diamonds ?? 0) : 0;
  return GIFTS.find((gift) => (gift.diamondCount ?? 0) >= least)?.id ?? 5655;
}

export function giftEvent(user: User, id: number, count: number, timestamp: string, streaking = false): LiveEvent {
  const known = GIFTS.find((gift) => gift.id === id);
  const price = known?.diamondCount ?? 1;
  const gift = {
    id,
    name: known?.name ?? "Unknown gift",
    description: null,
    diamond_count: price,
    image_url: known?.imageUrl ?? null,
    streakable: known?.streakable ?? true,
    combo: false,
    type: 1,
  };
  return {
    event_type: "gift",
    data: {
      user,
      gift,
      repeat_count: count,
      total_diamonds: price * count,
      streaking,
      delta_count: 1,
      inferred_end: false,
      group_id: null,
      to_user: null,
      timestamp,
    },
  };
}

export function commentEvent(user: User, comment: string, timestamp: string): LiveEvent {
  return { event_type: "comment", data: { user, comment, emotes: [], language: null, timestamp } };
}

export function answers(rule: Rule, event: LiveEvent): boolean {
  const { when } = rule;
  switch (when.on) {
    case "event":
      return event.event_type === when.event;
    case "gift":
      return (
        event.event_type === "gift" &&
        (!when.gifts?.length || when.gifts.some((gift) => gift.id === event.data.gift.id))
      );
    case "gift_value": {
      if (event.event_type !== "gift") return false;
      const price = event.data.gift.diamond_count ?? 0;
      return price >= (when.min_diamonds ?? 0) && price <= (when.max_diamonds ?? Infinity);
    }
    case "comment":
      return event.event_type === "comment";
    case "command":
      return event.event_type === "comment" && when.names.some((name) => event.data.comment.startsWith(name));
    case "keyword":
      return event.event_type === "comment" && when.words.some((word) => event.data.comment.includes(word));
    default:
      return false;
  }
}

/** Why a rule whose trigger matched does not fire, if it does not. */
export function whyNot(rule: Rule, event: LiveEvent): Reason | null {
  const user = "user" in event.data ? event.data.user : null;
  for (const [place, condition] of (rule.only_if ?? []).entries()) {
    if (condition.if !== "who" || !user) continue;
    const holds = condition.any_of.some(
      (role) =>
        (role === "follower" && (user.follow_role ?? 0) > 0) ||
        (role === "subscriber" && user.is_subscriber) ||
        (role === "moderator" && user.is_moderator),
    );
    if (!holds)
      return { code: "condition_failed", params: { number: place + 1, condition: JSON.stringify(condition) } };
  }
  return null;
}

export function filled(text: string, event: LiveEvent): string {
  const user = "user" in event.data ? event.data.user : null;
  const gift = event.event_type === "gift" ? event.data : null;
  const values: Record<string, string> = {
    nickname: user?.nickname ?? "",
    username: user?.unique_id ?? "",
    comment: event.event_type === "comment" ? event.data.comment : "",
    gift_name: gift?.gift.name ?? "",
    count: String(gift?.repeat_count ?? 1),
    diamonds: String(gift?.total_diamonds ?? ""),
    event: event.event_type,
  };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The steps that would run, filled. */
export function tried(steps: readonly Step[], event: LiveEvent, place = "do"): TriedStep[] {
  return steps.flatMap((step, number) => {
    const here = `${place}[${number}]`;
    if ("action" in step) return [triedAct(step, event, here)];
    if ("if" in step) return tried(step.otherwise ?? [], event, `${here}.otherwise`);
    if ("pick_one" in step) return tried(step.pick_one[0] ?? [], event, `${here}.pick_one[0]`);
    return [];
  });
}

function triedAct(act: Act, event: LiveEvent, place: string): TriedStep {
  const text = act.with?.["text"];
  return {
    place,
    kind: act.action,
    service: act.service ?? "basics",
    summary: typeof text === "string" ? filled(text, event) : Object.values(act.with ?? {}).join(" · "),
    because: act.service === "assistant" ? { code: "service_off", params: { service: "assistant" } } : null,
  };
}
