// The live as the window sees it: how the connection stands, what came, and what comes next.
import type { LiveEvent } from "./event";
import type { Job, Origin } from "./job";
import type { Reason } from "./reason";

/** How a source stands; every state that people can be in, told truthfully. */
export type Phase =
  | { state: "offline" }
  | { state: "looking" }
  | { state: "no_such_creator" }
  | { state: "not_live" }
  | { state: "waiting"; nextCheckMs: number }
  | { state: "connecting" }
  | { state: "live"; sinceMs: number; lastMessageMs: number }
  | { state: "paused_by_creator"; sinceMs: number; pausedMs: number }
  | { state: "reconnecting"; lostMs: number; retryMs: number; attempt: number; cause: string }
  | { state: "age_restricted" }
  | { state: "blocked"; cause: string }
  | { state: "rate_limited"; untilMs: number }
  | { state: "ended"; sinceMs: number; endedMs: number };

export type Totals = { viewers: number; likes: number; diamonds: number; newFollowers: number; events: number };

export type LiveStatus = {
  phase: Phase;
  /** Without `@`; none where nobody was ever named. */
  creator: string | null;
  picture: string | null;
  /** The number of the open session, such as 12. */
  session: number | null;
  /** What feeds it. */
  source: "tiktok" | "simulator" | "recording" | null;
  totals: Totals;
  /** The last time that we were away and know it. */
  lastGap: { fromMs: number; toMs: number } | null;
  /** All services are paused. */
  paused: boolean;
  /** Sound is held back. */
  silenced: boolean;
  /** How far the decisions are behind what TikTok sent. */
  behindMs: number;
  /** Jobs of an earlier session that wait for *resume* or *discard*. */
  oldJobs: { count: number; session: number } | null;
};

/** One thing whose health is worth a glance: the connection and every connected program. */
export type Health = {
  id: "tiktok" | "overlays" | "server" | "disk" | "redis";
  state: "good" | "notable" | "bad" | "off";
  /** In its own numbers: ms since the last message, pages open, bytes free. */
  value: number | null;
  reason: Reason | null;
};

/** One event of the feed with what became of it. */
export type EventLine = {
  session: number;
  /** The event's number in its session; with it, its identity. */
  number: number;
  receivedMs: number;
  event: LiveEvent;
  outcome: Outcome;
};

export type Outcome = {
  /** Rules and default actions whose trigger matched. */
  decisions: DecisionLine[];
  /** Jobs of its runs by state. */
  pending: number;
  processing: number;
  completed: number;
  failed: number;
  discarded: number;
  /** From its arrival to the end of the last of its jobs; `null` while one waits. */
  tookMs: number | null;
  /** Why the first job that did not complete did not. */
  reason: Reason | null;
  /** Made by *Try*. */
  test: boolean;
};

/** What became of one rule. */
export type DecisionLine = { origin: Origin; name: string; fired: number; because: Reason | null };

/** A change of what became of an event that was sent before. */
export type OutcomeChange = { session: number; number: number; outcome: Outcome };

/** Which lines of the journal: all, gifts and what is paid, or what people say. */
export type LineFilter = "all" | "gifts" | "chat";

/** The whole story of one event. */
export type EventStory = {
  line: EventLine;
  /** Every rule of the set that was in force, also those whose trigger did not match (`because` then is null and `matched` false). */
  decisions: (DecisionLine & { matched: boolean })[];
  runs: StoryRun[];
  receivedMs: number;
  committedMs: number;
  /** TikTok's own time. */
  createdMs: number | null;
};

export type StoryRun = { id: string; origin: Origin; name: string; firing: number; jobs: Job[] };

/** What runs and what comes next over all services, the most urgent first. */
export type NowAndNext = { now: Job[]; next: Job[] };

export type Scenario =
  | "small_live"
  | "typical"
  | "busy"
  | "raid_of_roses"
  | "battle_finish"
  | "missing_ends"
  | "reconnect_in_combo"
  | "everything";

export type Recording = { path: string; name: string; sizeBytes: number; recordedMs: number | null };

export type Rehearsal =
  | { from: "scenario"; scenario: Scenario; speed: number; seed: string }
  | { from: "recording"; path: string; speed: number };
