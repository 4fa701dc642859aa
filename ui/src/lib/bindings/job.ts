// Jobs and what is told of them.
import type { EventType } from "./event";
import type { Reason } from "./reason";

export type JobState = "pending" | "processing" | "completed" | "failed" | "discarded";
export type Mode = "sync" | "async";

/** Who made a run: the id of a rule, `default:<service>`, or `asked:`. */
export type Origin = string;

export type Job = {
  id: string;
  run: string;
  service: string;
  kind: string;
  /** What it does, filled and short, such as `Thank you mia!`; as a viewer may have written it. */
  summary: string;
  state: JobState;
  priority: number;
  mode: Mode;
  discardable: boolean;
  origin: Origin;
  originName: string;
  /** The event that caused it; none for timers, hotkeys and what was asked for. */
  cause: JobCause | null;
  /** Made by *Try*: counts nowhere. */
  test: boolean;
  attempt: number;
  maxAttempts: number;
  /** A crash cut an earlier try off. */
  interrupted: boolean;
  queuedMs: number;
  /** Not before this time: a wait, or the pause before another try. */
  dueMs: number | null;
  heldSinceMs: number | null;
  expiresMs: number | null;
  startedMs: number | null;
  endedMs: number | null;
  /** 0 to 1 where the action knows how far it is, such as speech and alerts. */
  progress: number | null;
  reason: Reason | null;
};

export type JobCause = {
  session: number;
  number: number;
  eventType: EventType;
  viewer: { userId: string; nickname: string } | null;
};
