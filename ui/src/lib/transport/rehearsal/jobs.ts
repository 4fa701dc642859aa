// Jobs for the rehearsal's queues.
import type { EventType, Job, JobCause, ServiceStatus, User } from "$lib/bindings";

import { PEOPLE } from "./people";
import { idle } from "./services";

type Sketch = Partial<Job> & { service: string; summary: string; viewer?: number; eventType?: EventType };

const known = (user: User | undefined): JobCause["viewer"] =>
  user ? { userId: user.user_id, nickname: user.nickname } : null;

let nextId = 9000;

export function job(now: number, sketch: Sketch): Job {
  const { viewer, eventType, ...fields } = sketch;
  const id = String(nextId++);
  return {
    id,
    run: id,
    kind: "log_write",
    state: "pending",
    priority: 10,
    mode: "sync",
    discardable: false,
    origin: "rose",
    originName: "Rose restarts the dino",
    cause:
      viewer === undefined
        ? null
        : { session: 12, number: 412, eventType: eventType ?? "gift", viewer: known(PEOPLE[viewer]) },
    test: false,
    attempt: 1,
    maxAttempts: 3,
    interrupted: false,
    queuedMs: now - 6_000,
    dueMs: null,
    heldSinceMs: null,
    expiresMs: null,
    startedMs: null,
    endedMs: null,
    progress: null,
    reason: null,
    ...fields,
  };
}

export function exampleJobs(now: number): Job[] {
  const make = (sketch: Sketch) => job(now, sketch);
  return [
    make({
      service: "overlays",
      summary: "alert: けんじ 🦖 sent Lion ×1",
      state: "processing",
      startedMs: now - 2_600,
      progress: 0.4,
      viewer: 2,
      mode: "async",
      originName: "Lion celebration",
    }),
    make({
      service: "voice",
      summary: "Thank you けんじ 🦖 for the Lion, wow!",
      state: "processing",
      startedMs: now - 1_200,
      progress: 0.62,
      viewer: 2,
      originName: "Lion celebration",
    }),
    make({
      service: "dinochrome",
      summary: "restart the game for mia_draws",
      state: "processing",
      startedMs: now - 300,
      viewer: 0,
    }),
    make({ service: "voice", summary: "Thank you mia_draws for 12 Rose!", viewer: 0, queuedMs: now - 52_000 }),
    make({
      service: "voice",
      summary: "Thank you ✨ ThéLøngestNamé Anybody Ever Gave Themselves On A Live ✨ for 12480 Doughnut!",
      viewer: 8,
      priority: 9,
      queuedMs: now - 40_000,
    }),
    make({
      service: "voice",
      summary: "bè.xinh: bài này tên gì vậy chị?",
      viewer: 3,
      eventType: "comment",
      priority: 6,
      discardable: true,
      expiresMs: now + 18_000,
      originName: "Questions to the assistant",
      queuedMs: now - 33_000,
    }),
    make({
      service: "voice",
      summary: "طارق العتيبي: مرحبا بالجميع",
      viewer: 5,
      eventType: "comment",
      priority: 6,
      discardable: true,
      queuedMs: now - 12_000,
      attempt: 2,
      dueMs: now + 4_000,
    }),
    make({
      service: "voice",
      summary: "welcome jon.codes",
      viewer: 1,
      eventType: "follow",
      priority: 8,
      heldSinceMs: now - 60_000,
      originName: "Welcome new followers",
      queuedMs: now - 90_000,
    }),
    make({
      service: "overlays",
      summary: "welcome jon.codes",
      viewer: 1,
      eventType: "follow",
      priority: 7,
      mode: "async",
      originName: "Welcome new followers",
    }),
    make({
      service: "voice",
      summary: "Thank you Carla Gz for 3 Rose!",
      state: "completed",
      viewer: 15,
      startedMs: now - 70_000,
      endedMs: now - 66_500,
    }),
    make({
      service: "voice",
      summary: "Thank you sofía.m for 1 Galaxy!",
      state: "failed",
      viewer: 4,
      startedMs: now - 120_000,
      endedMs: now - 90_000,
      attempt: 3,
      reason: { code: "timed_out", params: { limit_ms: 30_000 } },
    }),
    make({
      service: "voice",
      summary: "lua: gg",
      state: "discarded",
      viewer: 13,
      eventType: "comment",
      priority: 6,
      endedMs: now - 140_000,
      reason: { code: "too_late", params: { waited_ms: 61_000, limit_ms: 60_000 } },
    }),
  ];
}

export function exampleStatuses(jobs: readonly Job[]): ServiceStatus[] {
  const sketch: Record<string, Partial<ServiceStatus>> = {
    basics: { completedToday: 512 },
    dinochrome: { completedToday: 58 },
    overlays: { completedToday: 23_104, pending: 4 },
    voice: { completedToday: 96, discardedToday: 3, failedToday: 1, lateMs: 42_000, held: 1, pending: 11 },
    sounds: {
      completedToday: 20,
      failedToday: 1,
      trouble: {
        code: "action_failed",
        params: { error: "could not read sound ding.mp3: no such file", advice: "Choose the file again." },
      },
    },
    assistant: { active: false },
    games: { paused: true, held: 0, pending: 6 },
    web: { worker: { by: "other", who: "cuelight work web" } },
  };
  return ["basics", "dinochrome", "overlays", "voice", "sounds", "assistant", "games", "studio", "web"].map((id) => {
    const running = jobs.filter((one) => one.service === id && one.state === "processing");
    return { ...idle(id), running, processing: running.length, ...sketch[id] };
  });
}
