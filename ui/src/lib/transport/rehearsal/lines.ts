// Events for the rehearsal's feed, each with what became of it.
import type { DecisionLine, EventLine, LiveEvent, Outcome } from "$lib/bindings";

import { commentEvent, giftEvent } from "./match";
import { PEOPLE, PHRASES } from "./people";

const NO_OUTCOME: Outcome = {
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

const fired = (origin: string, name: string): DecisionLine => ({ origin, name, fired: 1, because: null });

export const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000`;

const person = (place: number) => {
  const user = PEOPLE[place % PEOPLE.length];
  if (!user) throw new Error("there are people");
  return user;
};

/** The lines that show every kind of outcome, oldest first. */
export function exampleLines(now: number): EventLine[] {
  const at = (secondsAgo: number) => now - secondsAgo * 1000;
  const ts = (secondsAgo: number) => stamp(at(secondsAgo));
  const rows: [number, LiveEvent, Partial<Outcome>][] = [
    [
      95,
      { event_type: "connect", data: { unique_id: "luna.plays", room_id: "7123456789012345678", timestamp: ts(95) } },
      {},
    ],
    [
      90,
      giftEvent(person(8), 11046, 1, ts(90)),
      { decisions: [fired("hundred", "100–999 diamonds")], completed: 1, tookMs: 640 },
    ],
    [84, commentEvent(person(10), PHRASES[4] ?? "", ts(84)), {}],
    [
      80,
      { event_type: "subscribe", data: { user: person(7), months: 14, timestamp: ts(80) } },
      { decisions: [fired("default:overlays", "Overlays")], completed: 1, tookMs: 71 },
    ],
    [76, { event_type: "gap", data: { from: ts(98), to: ts(76), seconds: 22.4, timestamp: ts(76) } }, {}],
    [70, { event_type: "join", data: { user: person(5), timestamp: ts(70) } }, {}],
    [62, { event_type: "share", data: { user: person(4), timestamp: ts(62) } }, {}],
    [
      58,
      giftEvent(person(6), 5655, 3, ts(58), true),
      {
        decisions: [
          { origin: "rose", name: "Rose restarts the dino", fired: 0, because: { code: "waiting_for_combo_end" } },
        ],
      },
    ],
    [
      51,
      { event_type: "like", data: { user: person(2), count: 15, total_likes: 48_000, timestamp: ts(51) } },
      {
        decisions: [
          fired("likes", "Every 1,000 likes the dinosaur jumps, whoever sent them and however long that takes"),
        ],
        completed: 1,
        tookMs: 38,
      },
    ],
    [
      44,
      commentEvent(person(14), PHRASES[7] ?? "", ts(44)),
      { decisions: [fired("questions", "Questions to the assistant")], completed: 1, tookMs: 1900 },
    ],
    [
      39,
      giftEvent(person(2), 6369, 1, ts(39)),
      { decisions: [fired("lion", "Lion celebration")], completed: 2, processing: 1, pending: 2 },
    ],
    [
      33,
      giftEvent(person(12), 5879, 12_480, ts(33)),
      {
        decisions: [
          {
            origin: "any-gift",
            name: "Any other gift",
            fired: 20,
            because: { code: "capped", params: { fired: 20, of: 12_480 } },
          },
        ],
        completed: 19,
        failed: 1,
        tookMs: 8400,
        reason: {
          code: "action_failed",
          params: { error: "could not read sound ding.mp3: no such file", advice: "Choose the file again." },
        },
      },
    ],
    [
      25,
      { event_type: "follow", data: { user: person(1), timestamp: ts(25) } },
      { decisions: [fired("welcome", "Welcome new followers")], completed: 1, tookMs: 46 },
    ],
    [
      17,
      commentEvent(person(9), "!spin", ts(17)),
      {
        decisions: [
          {
            origin: "spin",
            name: "Spin the wheel",
            fired: 0,
            because: { code: "cooldown", params: { left_ms: 8000, of: "rule" } },
          },
        ],
      },
    ],
    [
      9,
      commentEvent(person(3), PHRASES[0] ?? "", ts(9)),
      {
        decisions: [fired("questions", "Questions to the assistant")],
        discarded: 1,
        reason: { code: "queue_full", params: { service: "assistant", size: 20 } },
      },
    ],
    [
      4,
      giftEvent(person(0), 5655, 12, ts(4)),
      {
        decisions: [fired("rose", "Rose restarts the dino"), fired("default:overlays", "Overlays")],
        completed: 3,
        tookMs: 310,
      },
    ],
  ];
  return rows.map(([secondsAgo, event, outcome], place) => ({
    session: 12,
    number: 400 + place,
    receivedMs: at(secondsAgo),
    event,
    picture: null,
    outcome: { ...NO_OUTCOME, ...outcome },
  }));
}

/** An event as a live would bring it, chosen by the dice. */
export function randomLine(number: number, now: number, dice: () => number): EventLine {
  const user = person(Math.floor(dice() * PEOPLE.length));
  const timestamp = stamp(now);
  const roll = dice();
  const line = (event: LiveEvent, outcome: Partial<Outcome> = {}): EventLine => ({
    session: 12,
    number,
    receivedMs: now,
    event,
    picture: null,
    outcome: { ...NO_OUTCOME, ...outcome },
  });
  if (roll < 0.35) {
    const comment = PHRASES[Math.floor(dice() * PHRASES.length)] ?? "";
    return line(commentEvent(user, comment, timestamp));
  }
  if (roll < 0.6)
    return line({ event_type: "like", data: { user, count: 15, total_likes: 48_000 + number, timestamp } });
  if (roll < 0.75) return line({ event_type: "join", data: { user, timestamp } });
  if (roll < 0.9) {
    const decisions = [fired("rose", "Rose restarts the dino")];
    return line(giftEvent(user, 5655, 1 + Math.floor(dice() * 20), timestamp), {
      decisions,
      completed: 2,
      tookMs: 180,
    });
  }
  return line(
    { event_type: "follow", data: { user, timestamp } },
    { decisions: [fired("welcome", "Welcome new followers")], completed: 1, tookMs: 46 },
  );
}

/** A comment that says its number, so that one that is missing shows. */
export function numberedLine(number: number, now: number): EventLine {
  const event = commentEvent(person(number), `#${number}`, stamp(now));
  return { session: 12, number, receivedMs: now, event, picture: null, outcome: NO_OUTCOME };
}
