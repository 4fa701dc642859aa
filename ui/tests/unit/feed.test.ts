// The feed keeps what it promises: bounded, in order, folded, and never moved under the reader.
import { describe, expect, it } from "vitest";

import type { Api } from "$lib/api";
import type { EventLine, LiveEvent, Outcome, PushBatch } from "$lib/bindings";
import { EventFeed } from "$lib/state/feed.svelte";
import { FrameGatherer } from "$lib/state/frame";

import { MIA } from "./viewers";

const OUTCOME: Outcome = {
  decisions: [],
  pending: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  discarded: 0,
  tookMs: null,
  reason: null,
  test: false,
};
const user = MIA;
const timestamp = "2026-01-12T09:30:00.123456";
const comment: LiveEvent = {
  event_type: "comment",
  data: { user, comment: "hi", emotes: [], language: null, timestamp },
};
const join: LiveEvent = { event_type: "join", data: { user, timestamp } };
const follow: LiveEvent = { event_type: "follow", data: { user, timestamp } };

function line(number: number, event: LiveEvent = comment, receivedMs = number): EventLine {
  return { session: 1, number, receivedMs, event, picture: null, outcome: OUTCOME };
}

function feed(older: EventLine[] = []): EventFeed {
  const api = { call: () => Promise.resolve(older) } as unknown as Api;
  return new EventFeed(api);
}

const many = (from: number, count: number): EventLine[] =>
  Array.from({ length: count }, (_, place) => line(from + place));

describe("the feed", () => {
  it("shows the newest line first", () => {
    const lines = feed();
    lines.add([line(1), line(2)], []);
    expect(lines.at(0)?.number, "the eye rests at the top").toBe(2);
    expect(lines.at(1)?.number).toBe(1);
  });

  it("keeps about 10 000 lines however long the live is", () => {
    const lines = feed();
    for (let from = 1; from < 60_000; from += 500) lines.add(many(from, 500), []);
    expect(lines.length, "memory must not grow over an evening").toBeLessThanOrEqual(11_000);
    expect(lines.length).toBeGreaterThanOrEqual(10_000);
    expect(lines.at(0)?.number, "the newest is never what is cut").toBe(60_000);
  });

  it("replaces what became of a line that was sent before", () => {
    const lines = feed();
    lines.add(many(1, 1000), []);
    const before = lines.at(500);
    lines.add([], [{ session: 1, number: 500, outcome: { ...OUTCOME, completed: 2 } }]);
    expect(lines.at(500)?.outcome.completed).toBe(2);
    expect(lines.at(500), "another object, or the row would not be drawn again").not.toBe(before);
  });

  it("takes news about a line that is long gone without a fuss", () => {
    const lines = feed();
    lines.add(many(100, 3), []);
    lines.add([], [{ session: 1, number: 5, outcome: OUTCOME }]);
    expect(lines.length).toBe(3);
  });

  it("folds joins that follow each other into one line, and stops at anything else", () => {
    const lines = feed();
    lines.add([line(1, join), line(2, join), line(3, join), line(4), line(5, join)], []);
    expect(lines.length, "a crowd coming in is one line").toBe(3);
    expect(lines.at(2)?.others).toBe(2);
    expect(lines.at(0)?.others, "the comment between them stays visible").toBe(0);
  });

  it("does not fold a join that a rule answered", () => {
    const lines = feed();
    const answered = {
      ...line(2, join),
      outcome: { ...OUTCOME, decisions: [{ origin: "a", name: "a", fired: 1, because: null }] },
    };
    lines.add([line(1, join), answered], []);
    expect(lines.length, "what it caused must be seen").toBe(2);
  });

  it("counts only shown lines as added, so that the scroll follows what is seen", () => {
    const lines = feed();
    lines.setFilter("chat");
    lines.add([line(1), line(2, follow), line(3)], []);
    expect(lines.length).toBe(2);
    expect(lines.added).toBe(2);
    lines.setFilter("all");
    expect(lines.length, "what was hidden is still there").toBe(3);
  });

  it("puts older lines of the journal at the end", async () => {
    const lines = feed(many(1, 3));
    lines.add(many(10, 2), []);
    await lines.loadOlder();
    expect(lines.length).toBe(5);
    expect(lines.at(4)?.number).toBe(1);
    expect(lines.atBeginning, "a short page is the last one").toBe(true);
  });
});

describe("push batches", () => {
  it("are applied once a frame, in order", () => {
    const frames: (() => void)[] = [];
    const applied: number[][] = [];
    const gatherer = new FrameGatherer(
      (batches: PushBatch[]) => applied.push(batches.map(({ seq }) => seq)),
      (run) => frames.push(run),
    );
    for (const seq of [1, 2, 3]) gatherer.add({ seq });
    expect(frames.length, "a flood asks for one frame").toBe(1);
    frames.shift()?.();
    gatherer.add({ seq: 4 });
    frames.shift()?.();
    expect(applied).toEqual([[1, 2, 3], [4]]);
  });
});
