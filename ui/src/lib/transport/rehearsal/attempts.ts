// The attempts that lead to each phase, newest first, for pictures of what happened on the way in.
import type { AttemptLine } from "$lib/bindings";

import { STILL_MS } from "./still";

type Told = Pick<AttemptLine, "way" | "step" | "place" | "answer" | "tookMs"> & { detail?: string };

const LOOKUP: Told = { way: null, step: "ask_json", place: "www.tiktok.com", answer: { kind: "good" }, tookMs: 184 };
const REFUSED: Told = {
  way: "direct",
  step: "upgrade",
  place: "webcast-ws.tiktok.com",
  answer: { kind: "refused" },
  tookMs: 312,
  detail: "DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)",
};

const IN: Told[] = [
  LOOKUP,
  REFUSED,
  { way: "cookie", step: "start_browser", place: "", answer: { kind: "good" }, tookMs: 1_340 },
  { way: "cookie", step: "cookie", place: "www.tiktok.com", answer: { kind: "good" }, tookMs: 2_080 },
  { way: "cookie", step: "enter_room", place: "webcast-ws.tiktok.com", answer: { kind: "in_room" }, tookMs: 290 },
];

/** Noticed just now, ten minutes after we were let in. */
const HELD_BACK: Told = {
  way: "cookie",
  step: "stay",
  place: "webcast-ws.tiktok.com",
  answer: { kind: "family_missing", family: "comment" },
  tookMs: 600_000,
};

const IN_VAIN: Told[] = [
  LOOKUP,
  REFUSED,
  {
    way: "cookie",
    step: "start_browser",
    place: "",
    answer: { kind: "not_there" },
    tookMs: 3,
    detail: "there is no browser that could show TikTok's page; looked for google-chrome, chromium, microsoft-edge",
  },
  {
    way: "page",
    step: "start_browser",
    place: "",
    answer: { kind: "not_there" },
    tookMs: 2,
    detail: "there is no browser that could show TikTok's page; looked for google-chrome, chromium, microsoft-edge",
  },
  {
    way: "sign",
    step: "sign",
    place: "tiktok.eulerstream.com",
    answer: { kind: "rate_limited", untilMs: STILL_MS + 900_000 },
    tookMs: 420,
    detail: "HTTP 429",
  },
  {
    way: "tikfinity",
    step: "feed",
    place: "localhost:21213",
    answer: { kind: "not_there" },
    tookMs: 1,
    detail: "connection refused",
  },
];

const BROKEN_OFF: Told = {
  way: "cookie",
  step: "stay",
  place: "webcast-ws.tiktok.com",
  answer: { kind: "broken" },
  tookMs: 4_260_000,
  detail: "connection reset by peer",
};

/** What the journal holds of the way to that phase. */
export function exampleAttempts(phase: string): AttemptLine[] {
  return dated(toldOf(phase));
}

function toldOf(phase: string): Told[] {
  const looked = (answer: AttemptLine["answer"], detail = ""): Told[] => [{ ...LOOKUP, answer, detail }];
  switch (phase) {
    case "live":
    case "paused_by_creator":
    case "ended":
      return IN;
    case "held_back":
      return [...IN, HELD_BACK];
    case "reconnecting":
    case "captcha_in_live":
      return [...IN, BROKEN_OFF];
    case "no_way":
      return IN_VAIN;
    case "not_live":
    case "waiting":
      return looked({ kind: "not_live" });
    case "no_such_creator":
      return looked({ kind: "no_such_user" }, "user_not_found");
    case "age_restricted":
      return looked({ kind: "age_restricted" });
    case "captcha":
    case "captcha_shown":
      return looked({ kind: "captcha" });
    case "blocked":
      return looked({ kind: "blocked", untilMs: STILL_MS + 60_000 }, "HTTP 403");
    case "rate_limited":
      return looked({ kind: "rate_limited", untilMs: STILL_MS + 900_000 }, "HTTP 429");
    case "not_public":
      return [LOOKUP, { ...REFUSED, answer: { kind: "not_public" }, detail: "HTTP 200 in place of a WebSocket" }];
    default:
      return [];
  }
}

/** In the order of their happening, one after the other until a few seconds ago; turned round. */
function dated(told: readonly Told[]): AttemptLine[] {
  let atMs = STILL_MS - 4_000;
  return told.toReversed().map((one) => {
    atMs -= Math.min(one.tookMs, 5_000) + 40;
    return { detail: "", ...one, creator: "luna.plays", atMs };
  });
}
