// How the way to a live stands, in words: what it is, why, and the one deed that helps.
import type { Phase } from "$lib/bindings";
import { t } from "$i18n";
import { span, time } from "$i18n/format";

/** What helps; `null` where there is nothing to do but wait, or to give up. */
export type Deed = "correct" | "wait" | "try" | "solve" | "raise" | "log_in" | null;

export type Told = { light: "standby" | "stop"; title: string; cause: string; deed: Deed };

/** What is known beside the phase. */
export type Surroundings = {
  creator: string;
  now: number;
  /** Pages of TikTok can be shown to whoever looks at this. */
  isWindow: boolean;
  /** There is a list of the ways that were tried, so nothing needs to be quoted. */
  hasTried: boolean;
};

/** `null` where nothing is on the way: before all, and once it is live. */
export function told(phase: Phase, { creator, now, isWindow, hasTried }: Surroundings): Told | null {
  switch (phase.state) {
    case "offline":
    case "live":
    case "paused_by_creator":
    case "reconnecting":
    case "ended":
      return null;
    case "looking":
    case "connecting":
      return { light: "standby", title: t(`phase.${phase.state}`, { creator }), cause: "", deed: null };
    case "waiting":
      return {
        light: "standby",
        title: t("phase.waiting", { creator }),
        cause: t("phase.waiting.cause", { span: span(Math.max(0, phase.nextCheckMs - now)) }),
        deed: "try",
      };
    case "not_live":
      return {
        light: "standby",
        title: t("phase.not_live", { creator }),
        cause: t("phase.not_live.cause"),
        deed: "wait",
      };
    case "no_such_creator":
      return {
        light: "stop",
        title: t("phase.no_such_creator", { creator }),
        cause: t("phase.no_such_creator.cause"),
        deed: "correct",
      };
    case "age_restricted":
    case "not_public":
      return {
        light: "stop",
        title: t(`phase.${phase.state}`, { creator }),
        cause: t(`phase.${phase.state}.${isWindow ? "cause" : "elsewhere"}`),
        deed: isWindow ? "log_in" : "try",
      };
    case "captcha":
      if (phase.isShown) {
        const deed = isWindow ? "raise" : null;
        return { light: "standby", title: t("phase.captcha"), cause: shownCaptcha(isWindow), deed };
      }
      return {
        light: "stop",
        title: t("phase.captcha"),
        cause: t(`phase.captcha.${isWindow ? "cause" : "elsewhere"}`),
        deed: isWindow ? "solve" : "try",
      };
    case "blocked":
      return {
        light: "stop",
        title: t(hasTried || phase.untilMs === null ? "phase.noWay" : "phase.blocked", { creator }),
        cause: blockedCause(phase, hasTried),
        deed: "try",
      };
    case "rate_limited":
      return {
        light: "stop",
        title: t("phase.rate_limited", { time: time(phase.untilMs) }),
        cause: t("phase.rate_limited.cause"),
        deed: "try",
      };
  }
}

/** Where the captcha is to be solved while its page is shown. */
export function shownCaptcha(isWindow: boolean): string {
  return t(isWindow ? "phase.captcha.shown" : "phase.captcha.shownElsewhere");
}

function blockedCause({ cause, untilMs }: Extract<Phase, { state: "blocked" }>, hasTried: boolean): string {
  if (untilMs === null) {
    const mend = t("phase.blocked.mend");
    return hasTried ? mend : `${t("phase.blocked.stopped", { cause })} ${mend}`;
  }
  const again = t("phase.blocked.until", { time: time(untilMs) });
  return hasTried ? again : `${t("phase.blocked.cause", { cause })} ${again}`;
}
