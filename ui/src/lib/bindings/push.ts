// What the engine tells by itself: at most one batch a frame.
import type { FailureCode } from "./failure";
import type { EventLine, Health, LiveStatus, NowAndNext, OutcomeChange } from "./live";
import type { Gift, Undo } from "./rulebook";
import type { ServiceStatus } from "./service";
import type { Settings } from "./settings";

/** Only what changed is there; a part that is there is whole. */
export type PushBatch = {
  /** Counts up by one; after a hole the window asks for everything anew. */
  seq: number;
  live?: LiveStatus;
  health?: Health[];
  /** New events, oldest first. */
  lines?: EventLine[];
  outcomes?: OutcomeChange[];
  /** Events left out here because the window was slow; they are in the journal. */
  missedLines?: number;
  /** Those services that changed. */
  services?: ServiceStatus[];
  nowAndNext?: NowAndNext;
  /** The rule set changed; who shows it asks for it. */
  rulebookRevision?: number;
  undo?: Undo;
  settings?: Settings;
  /** The gift that *catch the next gift* waited for. */
  caught?: Gift;
  /** Something that must be known wherever one is; `null` when it is over. */
  banner?: Banner | null;
};

export type Banner = { code: FailureCode; place: string | null };
