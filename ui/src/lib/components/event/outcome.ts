// What became of an event, as one short line: what it caused, or why nothing happened.
import type { LiveEvent, Outcome } from "$lib/bindings";
import { t } from "$i18n";
import { eventTypeName, type Names, reasonText } from "$i18n/words";

export type OutcomeLine = { sign: "done" | "going" | "waits" | "not" | "failed" | "none"; text: string };

/** Events that nobody expects an answer to: without a rule they need no words. */
const QUIET = new Set([
  "join",
  "like",
  "connect",
  "viewer_count",
  "gap",
  "live_start",
  "live_pause",
  "live_resume",
  "live_end",
  "disconnect",
  "unknown",
]);

export function outcomeLine(event: LiveEvent, outcome: Outcome, names: Names, others = 0): OutcomeLine | null {
  const fired = outcome.decisions.filter((decision) => decision.fired > 0);
  if (event.data.history) return { sign: "none", text: t("outcome.history") };
  if (fired.length === 0) return notFired(event, outcome, names, others);
  const what = fired.map((decision) => ruleName(decision, names)).join(", ");
  if (outcome.failed > 0 && outcome.reason)
    return { sign: "failed", text: `${what}: ${reasonText(outcome.reason, names)}` };
  if (outcome.pending + outcome.processing > 0) {
    return { sign: "going", text: t("outcome.going", { what, count: outcome.pending + outcome.processing }) };
  }
  if (outcome.discarded > 0 && outcome.reason)
    return { sign: "none", text: `${what}: ${reasonText(outcome.reason, names)}` };
  return { sign: "done", text: what };
}

function notFired(event: LiveEvent, outcome: Outcome, names: Names, others: number): OutcomeLine | null {
  const decision = outcome.decisions[0];
  if (!decision?.because) {
    // Of a muted viewer no rule was asked.
    if (outcome.reason) return { sign: "not", text: reasonText(outcome.reason, names) };
    if (others > 0) return { sign: "none", text: t("outcome.merged") };
    if (QUIET.has(event.event_type)) return null;
    return { sign: "none", text: t("outcome.noRule", { event: eventTypeName(event.event_type) }) };
  }
  const { code } = decision.because;
  if (code === "waiting_for_combo_end" || code === "waiting_for_more") {
    return { sign: "waits", text: reasonText(decision.because, names) };
  }
  return { sign: "not", text: `${ruleName(decision, names)}: ${reasonText(decision.because, names)}` };
}

/** Rules by their name; a default action by its service's. */
export function ruleName(decision: { origin: string; name: string }, names: Names): string {
  if (decision.origin.startsWith("default:")) return names.service(decision.origin.slice("default:".length));
  return decision.origin === "asked:" ? t("outcome.asked") : decision.name;
}
