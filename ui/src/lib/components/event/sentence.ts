// What an event says, as a sentence whose parts can be told apart.
import type { LiveEvent, User } from "$lib/bindings";
import type { Key } from "$i18n";
import { number, span } from "$i18n/format";
import { eventTypeName } from "$i18n/words";

export type Part = { text: string; is: "viewer" | "gift" | "words" | "quiet" };
export type Sentence = { key: Key; parts: Record<string, Part> };

const viewer = (user: User): Part => ({ text: user.nickname || user.unique_id, is: "viewer" });
const words = (text: string): Part => ({ text, is: "words" });
const quiet = (text: string): Part => ({ text, is: "quiet" });

/** `others` people did the same right after. */
export function sentence(event: LiveEvent, others: number): Sentence {
  switch (event.event_type) {
    case "gift": {
      const { user, gift, repeat_count: count, total_diamonds: diamonds } = event.data;
      const name = gift.name ?? String(gift.id);
      const text = count > 1 || gift.streakable ? `${name} ×${number(count)}` : name;
      const parts = { gift: { text, is: "gift" } as const, viewer: viewer(user) };
      if ((diamonds ?? 0) < 100) return { key: "line.gift", parts };
      return { key: "line.gift.worth", parts: { ...parts, diamonds: quiet(number(diamonds ?? 0)) } };
    }
    case "comment":
      return { key: "line.says", parts: { viewer: viewer(event.data.user), words: words(event.data.comment) } };
    case "question":
      return { key: "line.question", parts: { viewer: viewer(event.data.user), words: words(event.data.question) } };
    case "like":
      return {
        key: others > 0 ? "line.like.others" : "line.like",
        parts: {
          viewer: viewer(event.data.user),
          count: words(number(event.data.count)),
          total: quiet(number(event.data.total_likes)),
          others: words(number(others)),
        },
      };
    case "join":
      return {
        key: others > 0 ? "line.join.others" : "line.join",
        parts: { viewer: viewer(event.data.user), others: words(number(others)) },
      };
    case "follow":
    case "share":
    case "social":
    case "emote":
      return { key: `line.${event.event_type}`, parts: { viewer: viewer(event.data.user) } };
    case "subscribe": {
      const months = event.data.months ?? 1;
      const key = months > 1 ? "line.subscribe.months" : "line.subscribe";
      return { key, parts: { viewer: viewer(event.data.user), months: words(number(months)) } };
    }
    case "envelope":
      return {
        key: "line.envelope",
        parts: { viewer: viewer(event.data.user), diamonds: { text: number(event.data.diamonds ?? 0), is: "gift" } },
      };
    case "super_fan":
      return { key: "line.super_fan", parts: { viewer: viewer(event.data.user) } };
    case "level_up":
      return {
        key: "line.level_up",
        parts: { viewer: viewer(event.data.user), level: words(number(event.data.level)) },
      };
    case "moderation":
      return { key: "line.moderation", parts: { viewer: viewer(event.data.user) } };
    case "pin":
    case "unpin":
      return {
        key: `line.${event.event_type}`,
        parts: { viewer: viewer(event.data.user), words: words(event.data.comment) },
      };
    case "viewer_count":
      return { key: "line.viewer_count", parts: { count: words(number(event.data.viewers)) } };
    case "goal":
      return {
        key: "line.goal",
        parts: { progress: words(number(event.data.progress)), target: words(number(event.data.target)) },
      };
    case "gap":
      return { key: "line.gap", parts: { length: words(span(event.data.seconds * 1000)) } };
    case "custom":
      return { key: "line.custom", parts: { name: words(event.data.name) } };
    case "barrage":
    case "rank":
    case "shop":
    case "caption":
    case "room_message":
    case "live_intro":
      return {
        key: "line.notice",
        parts: { what: quiet(eventTypeName(event.event_type)), words: words(event.data.text) },
      };
    case "unknown":
      return { key: "line.unknown", parts: { method: quiet(event.data.method) } };
    case "poll":
      return { key: "line.notice", parts: { what: quiet(eventTypeName("poll")), words: words(event.data.title) } };
    case "connect":
    case "battle":
    case "delete":
    case "live_start":
    case "live_pause":
    case "live_resume":
    case "live_end":
    case "disconnect":
      return { key: `line.${event.event_type}`, parts: {} };
  }
}

/** The sentence as plain text, for names and titles. */
export function plain(text: string, parts: Record<string, Part>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => parts[name]?.text ?? whole);
}
