// What the engine refuses as the live stands, so that a button that leads nowhere shows in the rehearsal too.
import type { CommandName, FailureCode, Phase } from "$lib/bindings";

/** Why that command is refused now; `null` where it is taken. */
export function refusal(command: CommandName, phase: Phase): FailureCode | null {
  switch (command) {
    case "go_live":
    case "rehearse":
      return isCapturing(phase) || isPlanned(phase) ? "already_live" : null;
    case "wait_until_live":
      return isCapturing(phase) || (isPlanned(phase) && phase.state !== "waiting") ? "already_live" : null;
    case "retry_now":
      if (phase.state === "reconnecting") return null;
      return isCapturing(phase) || phase.state === "offline" ? "not_now" : null;
    case "solve_page":
      return phase.state === "captcha" ? null : "not_now";
    default:
      return null;
  }
}

/** A capture is open. */
function isCapturing(phase: Phase): boolean {
  if (phase.state === "captcha") return phase.isShown;
  return ["looking", "connecting", "live", "paused_by_creator", "reconnecting"].includes(phase.state);
}

/** The next try has its time. */
function isPlanned(phase: Phase): boolean {
  switch (phase.state) {
    case "waiting":
    case "rate_limited":
      return true;
    case "blocked":
      return phase.untilMs !== null;
    default:
      return false;
  }
}
