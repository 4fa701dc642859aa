// What the attempts to get into a live say: which ways were tried, and why they did not lead in.
import type { AttemptLine, EventType, Way } from "$lib/bindings";

/** An attempt that was part of a way, rather than of looking up the room. */
export type WayAttempt = AttemptLine & { way: Way };

/** A round rests at least that long before the next one begins at the top; no way is silent for so long. */
const REST_MS = 20_000;

/**
 * The last word of each way of the newest round, in the order in which they came to it; none where one led in since, or
 * where looking up the room was the last of it.
 */
export function triedWays(attempts: readonly AttemptLine[], creator: string): WayAttempt[] {
  const tried = new Map<Way, WayAttempt>();
  let newer: AttemptLine | undefined;
  for (const attempt of attempts) {
    if (attempt.creator !== creator) continue;
    const isOver = newer !== undefined && newer.atMs - (attempt.atMs + attempt.tookMs) > REST_MS;
    if (isOver || isIn(attempt) || (newer === undefined && !isOfWay(attempt))) break;
    if (isOfWay(attempt) && !tried.has(attempt.way)) tried.set(attempt.way, attempt);
    newer = attempt;
  }
  return [...tried.values()].reverse();
}

/** What was never heard since we are in, though the room is lively, and when that was noticed. */
export type HeldBack = { family: EventType; noticedMs: number };

/** What TikTok held back until somebody noticed; `null` where nothing was, or where we came in anew since. */
export function heldBack(attempts: readonly AttemptLine[], creator: string): HeldBack | null {
  for (const attempt of attempts) {
    if (attempt.creator !== creator) continue;
    if (isIn(attempt)) return null;
    if (attempt.answer.kind === "family_missing")
      return { family: attempt.answer.family, noticedMs: attempt.atMs + attempt.tookMs };
  }
  return null;
}

/** The newest attempt by that way, whoever was to be seen. */
export function lastBy(attempts: readonly AttemptLine[], way: Way): AttemptLine | undefined {
  return attempts.find((attempt) => attempt.way === way);
}

function isIn(attempt: AttemptLine): boolean {
  return attempt.answer.kind === "in_room";
}

function isOfWay(attempt: AttemptLine): attempt is WayAttempt {
  return attempt.way !== null;
}
