// Services: their settings, and how their queues stand.
import type { EventType } from "./event";
import type { Job, Mode } from "./job";
import type { Action } from "./rule";
import type { Reason } from "./reason";

export type ServiceKind =
  "basics" | "dinochrome" | "overlays" | "voice" | "sounds" | "assistant" | "games" | "studio" | "web" | "custom";

/** A service event config: what a service wishes for jobs of one event type. */
export type EventConfig = {
  enabled: boolean;
  priority: number;
  mode: Mode;
  discardable: boolean;
  /** `null`: at any time. */
  expiresAfterSeconds: number | null;
  defaultAction: { enabled: boolean; action: Action } | null;
};

export type Service = {
  id: string;
  kind: ServiceKind;
  name: string;
  active: boolean;
  maxQueueSize: number;
  maxParallel: number;
  /** The event types that are treated apart. */
  events: Partial<Record<EventType, EventConfig>>;
  /** All other event types, and jobs that no event caused. */
  others: EventConfig;
};

/** Who works a queue: this window's engine, another program (the CLI's `work`), or nobody. */
export type Worker = { by: "us" } | { by: "other"; who: string } | { by: "nobody" };

export type ServiceStatus = {
  id: string;
  active: boolean;
  paused: boolean;
  worker: Worker;
  pending: number;
  processing: number;
  held: number;
  /** How much later than it should the oldest ready job is; 0 is on time. */
  lateMs: number;
  completedToday: number;
  failedToday: number;
  discardedToday: number;
  /** At most three, the longest running first. */
  running: Job[];
  /** Why it needs the streamer, if it does. */
  trouble: Reason | null;
};

/** One service's queue, opened. */
export type Queue = {
  service: string;
  running: Job[];
  waiting: Job[];
  /** Completed, failed and discarded ones of today, newest first. */
  ended: Job[];
  /** Waiting jobs beyond those sent. */
  moreWaiting: number;
  moreEnded: number;
};
