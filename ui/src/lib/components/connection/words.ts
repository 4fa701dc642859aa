// An attempt to get into a live, in words: its way, its step, what was answered.
import type { AttemptLine, Way } from "$lib/bindings";
import { t } from "$i18n";
import { dateTime, span, time, timeWithSeconds } from "$i18n/format";
import { eventTypeName } from "$i18n/words";

export type AttemptLight = "go" | "standby" | "stop" | "off";

export function wayName(way: Way): string {
  return t(`way.${way}`);
}

/** The way and its step; looking up the room serves every way, so it is a step alone. */
export function attemptName({ way, step }: AttemptLine): { name: string; step: string } {
  const text = t(`attempt.step.${step}`);
  return way === null ? { name: text, step: "" } : { name: wayName(way), step: text };
}

export function answerText({ answer, way }: AttemptLine): string {
  switch (answer.kind) {
    case "good":
    case "in_room":
    case "live_ended":
    case "not_live":
    case "no_such_user":
    case "age_restricted":
    case "captcha":
    case "not_public":
    case "not_understood":
    case "refused":
    case "unreachable":
    case "broken":
      return t(`attempt.answer.${answer.kind}`);
    case "blocked":
    case "rate_limited":
      return t(`attempt.answer.${answer.kind}`, { time: time(answer.untilMs) });
    case "not_there":
      return t(way === null ? "attempt.answer.not_there" : `attempt.missing.${way}`);
    case "family_missing":
      return t("attempt.answer.family_missing", { event: eventTypeName(answer.family) });
    default:
      return newer(answer);
  }
}

/** How an answer is to be taken: it leads on, somebody has to wait or act, a door is shut, or nobody was asked. */
export function answerLight({ answer }: AttemptLine): AttemptLight {
  switch (answer.kind) {
    case "good":
    case "in_room":
      return "go";
    case "not_live":
    case "captcha":
    case "rate_limited":
    case "family_missing":
      return "standby";
    case "no_such_user":
    case "age_restricted":
    case "not_public":
    case "not_understood":
    case "blocked":
    case "refused":
    case "unreachable":
    case "broken":
      return "stop";
    case "live_ended":
    case "not_there":
      return "off";
  }
}

/** The time of day, with the date where it was another day. */
export function momentText(ms: number, now: number): string {
  return new Date(ms).toDateString() === new Date(now).toDateString() ? timeWithSeconds(ms) : dateTime(ms);
}

/** The attempts as lines of text, for whoever helps; timed to the millisecond, for people far away and for the log. */
export function asText(attempts: readonly AttemptLine[]): string {
  return attempts
    .map((attempt) => {
      const { name, step } = attemptName(attempt);
      return [
        new Date(attempt.atMs).toISOString(),
        `@${attempt.creator}`,
        name,
        step,
        attempt.place,
        answerText(attempt),
        span(attempt.tookMs),
        attempt.detail,
      ]
        .filter((part) => part !== "")
        .join(" · ");
    })
    .join("\n");
}

/** An answer that is newer than this window is shown as it came: odd, but not silent. */
function newer(unknown: never): string {
  return JSON.stringify(unknown);
}
