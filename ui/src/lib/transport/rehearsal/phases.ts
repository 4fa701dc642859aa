// Every phase that a live can be in, for pictures of each.
import type { LiveStatus, Phase } from "$lib/bindings";

/** How the live stands when the rehearsal begins, in the phase that was wished for. */
export function firstStatus(now: number, state: string, empty: boolean): LiveStatus {
  const phases: Record<string, Phase> = {
    offline: { state: "offline" },
    looking: { state: "looking" },
    no_such_creator: { state: "no_such_creator" },
    not_live: { state: "not_live" },
    waiting: { state: "waiting", nextCheckMs: now + 42_000 },
    connecting: { state: "connecting" },
    live: { state: "live", sinceMs: now - 4_360_000, lastMessageMs: now - 400 },
    held_back: { state: "live", sinceMs: now - 4_360_000, lastMessageMs: now - 400 },
    paused_by_creator: { state: "paused_by_creator", sinceMs: now - 4_360_000, pausedMs: now - 65_000 },
    reconnecting: {
      state: "reconnecting",
      lostMs: now - 22_400,
      retryMs: now + 6_000,
      attempt: 3,
      cause: "connection reset by peer",
    },
    age_restricted: { state: "age_restricted" },
    not_public: { state: "not_public" },
    captcha: { state: "captcha", isShown: false },
    captcha_shown: { state: "captcha", isShown: true },
    captcha_in_live: { state: "captcha", isShown: true },
    blocked: { state: "blocked", cause: "403", untilMs: now + 60_000 },
    blocked_for_good: {
      state: "blocked",
      cause: "no way leads into the live of @luna.plays: every one is switched off",
      untilMs: null,
    },
    no_way: { state: "blocked", cause: "no way leads in", untilMs: now + 60_000 },
    rate_limited: { state: "rate_limited", untilMs: now + 900_000 },
    ended: { state: "ended", sinceMs: now - 7_200_000, endedMs: now - 90_000 },
  };
  const phase = phases[state] ?? { state: "offline" };
  const on = ["live", "held_back", "paused_by_creator", "reconnecting", "captcha_in_live", "ended"].includes(state);
  return {
    phase,
    creator: state === "offline" && empty ? null : "luna.plays",
    session: on ? 12 : null,
    source: on ? "tiktok" : null,
    way: phase.state === "live" || phase.state === "paused_by_creator" ? "cookie" : null,
    totals:
      on && !empty
        ? { viewers: 312, likes: 48_213, diamonds: 61_930, newFollowers: 27, events: 12_412 }
        : { viewers: 0, likes: 0, diamonds: 0, newFollowers: 0, events: 0 },
    lastGap: on ? { fromMs: now - 98_000, toMs: now - 75_600 } : null,
    paused: false,
    silenced: false,
    behindMs: 0,
    oldJobs: state === "offline" && !empty ? { count: 6, session: 11 } : null,
  };
}
