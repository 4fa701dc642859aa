// What the rehearsal answers about the live.
import type { ActionKind, Health, Phase } from "$lib/bindings";
import actionKinds from "$schemas/actions.json";

import { TransportFailure } from "../transport";
import { exampleLines } from "./lines";
import { PEOPLE } from "./people";
import { STILL_MS } from "./still";
import type { Answers, World } from "./world";

export function liveAnswers(
  world: World,
): Answers<
  | "open"
  | "go_live"
  | "wait_until_live"
  | "retry_now"
  | "solve_page"
  | "connection_story"
  | "end_live"
  | "rehearse"
  | "recordings"
  | "pause_all"
  | "resume_all"
  | "silence"
  | "unsilence"
  | "stop_everything_preview"
  | "stop_everything"
  | "press_button"
  | "resume_old_jobs"
  | "discard_old_jobs"
  | "older_lines"
  | "event_story"
  | "mute_viewer"
  | "unmute_viewer"
  | "muted_viewers"
> {
  return {
    open: () => ({
      seq: world.seq,
      about: { version: "0.1.0", role: world.role, system: "Debian GNU/Linux 12", keychain: true },
      settings: world.settings,
      live: world.live,
      health: [
        { id: "tiktok", ...tiktokHealth(world.live.phase) },
        { id: "server", state: "good", value: 2, reason: null },
        { id: "disk", state: "notable", value: 812_000_000, reason: null },
        { id: "redis", state: "off", value: null, reason: null },
      ],
      services: world.services,
      statuses: world.statuses,
      nowAndNext: world.nowAndNext,
      rulebook: world.book,
      lines: world.live.session === null || world.jobs.length === 0 ? [] : exampleLines(world.now),
      actionKinds: actionKinds as unknown as ActionKind[],
      banner: null,
    }),
    go_live: ({ creator }) => {
      world.changeLive({ phase: { state: "looking" }, creator: creator.replace(/^.*@/, "") });
      setTimeout(() => world.changeLive({ phase: { state: "connecting" } }), 400);
      setTimeout(() => {
        const now = Date.now();
        const phase: Phase = { state: "live", sinceMs: now, lastMessageMs: now };
        world.changeLive({ phase, session: 13, source: "tiktok", way: "direct" });
        if (!world.still) world.play(2);
      }, 900);
      return {};
    },
    wait_until_live: () => world.changeLive({ phase: { state: "waiting", nextCheckMs: world.now + 60_000 } }),
    retry_now: () => world.changeLive({ phase: { state: "connecting" } }),
    solve_page: () => {
      const { phase } = world.live;
      // The page of a capture comes to the front, and is still to be solved.
      if (phase.state === "captcha" && phase.isShown) return { solved: false };
      world.changeLive({ phase: { state: "connecting" } });
      return { solved: true };
    },
    connection_story: () => ({ attempts: world.attempts }),
    end_live: () => {
      const { phase } = world.live;
      const ended: Phase =
        phase.state === "live" ? { state: "ended", sinceMs: phase.sinceMs, endedMs: world.now } : { state: "offline" };
      return world.changeLive({ phase: ended, way: null });
    },
    rehearse: () =>
      world.changeLive({
        phase: { state: "live", sinceMs: world.now, lastMessageMs: world.now },
        session: 13,
        source: "simulator",
      }),
    recordings: () => [
      {
        path: "/home/luna/lives/friday.frames",
        name: "friday.frames",
        sizeBytes: 48_200_000,
        recordedMs: STILL_MS - 259_200_000,
      },
    ],
    pause_all: () => world.changeLive({ paused: true }),
    resume_all: () => world.changeLive({ paused: false }),
    silence: () => world.changeLive({ silenced: true }),
    unsilence: () => world.changeLive({ silenced: false }),
    stop_everything_preview: () => ({ running: 3, waiting: 21, paid: 4 }),
    stop_everything: () => ({}),
    press_button: () => ({}),
    resume_old_jobs: () => world.changeLive({ oldJobs: null }),
    discard_old_jobs: () => world.changeLive({ oldJobs: null }),
    older_lines: ({ before }) =>
      exampleLines(world.now)
        .slice(0, 12)
        .map((line, place) => ({ ...line, number: before - 12 + place }))
        .filter((line) => line.number > 380),
    event_story: ({ number }) => {
      const line = exampleLines(world.now).find((one) => one.number === number) ?? exampleLines(world.now)[15];
      if (!line) throw new TransportFailure({ code: "not_found", message: "no such event" });
      const decided = new Set(line.outcome.decisions.map((decision) => decision.origin));
      const rest = world.rules.filter((listed) => !decided.has(listed.rule.id));
      const done = world.jobs.filter((job) => job.service === "voice" && job.endedMs !== null);
      return {
        line,
        decisions: [
          ...line.outcome.decisions.map((decision) => ({ ...decision, matched: true })),
          ...rest.map((listed) => ({
            origin: listed.rule.id,
            name: listed.rule.name,
            fired: 0,
            because: null,
            matched: false,
          })),
        ],
        runs: line.outcome.decisions
          .filter((decision) => decision.fired > 0)
          .map((decision, place) => ({
            id: String(place),
            origin: decision.origin,
            name: decision.name,
            firing: 1,
            jobs: done.slice(place, place + 2),
          })),
        receivedMs: line.receivedMs,
        committedMs: line.receivedMs + 6,
        createdMs: line.receivedMs - 380,
      };
    },
    mute_viewer: ({ userId }) => {
      const nickname = PEOPLE.find((user) => user.user_id === userId)?.nickname ?? userId;
      world.muted.push({ userId, nickname });
      return {};
    },
    unmute_viewer: ({ userId }) => {
      world.muted = world.muted.filter((viewer) => viewer.userId !== userId);
      return {};
    },
    muted_viewers: () => world.muted,
  };
}

function tiktokHealth({ state }: Phase): Pick<Health, "state" | "value" | "reason"> {
  if (state === "live" || state === "paused_by_creator") return { state: "good", value: 400, reason: null };
  if (state === "reconnecting" || state === "captcha") return { state: "notable", value: 22_400, reason: null };
  return { state: "off", value: null, reason: null };
}
