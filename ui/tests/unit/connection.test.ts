// How a connection is told: by which way it came about, why not, and the one deed that helps.
import { flushSync, mount, unmount } from "svelte";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import type { AttemptLine, Phase, Way } from "$lib/bindings";
import { Api } from "$lib/api";
import { answerText, asText, momentText } from "$lib/components/connection/words";
import { told } from "$lib/components/live/phase";
import { heldBack, lastBy, triedWays } from "$lib/state/attempts";
import { App } from "$lib/state/app.svelte";
import { ConnectionState } from "$lib/state/connection.svelte";
import { KeysState } from "$lib/state/keys.svelte";
import { LiveState } from "$lib/state/live.svelte";
import type { Screen } from "$lib/state/route.svelte";
import { RehearsalTransport } from "$lib/transport/rehearsal";

import Window from "../../src/App.svelte";
import { MIA } from "./viewers";

const NOON = new Date(2026, 0, 12, 12, 0, 0).getTime();

function attempt(way: Way | null, kind: "good" | "in_room" | "refused" | "not_there", atMs = 0): AttemptLine {
  const step = way === null ? "ask_json" : "upgrade";
  return { atMs, tookMs: 310, creator: "luna", way, step, place: "", answer: { kind }, detail: "" };
}
const lookup = attempt(null, "good");

/** The window as wished for, in front of an engine that refuses what it would refuse. */
async function opened(wishes: Record<string, string>, screen: Screen = "live"): Promise<App> {
  const app = await App.open(new Api(new RehearsalTransport(new URLSearchParams({ still: "", ...wishes }))));
  app.route.screen = screen;
  document.body.replaceChildren();
  const window = mount(Window, { target: document.body, props: { app } });
  onTestFinished(async () => {
    app.clock.stop();
    await unmount(window);
  });
  flushSync();
  await answered();
  // The settings draw what lies below in a frame of its own.
  if (screen === "settings") await vi.waitFor(() => expect(document.querySelector("#ways")).not.toBeNull());
  return app;
}

const answered = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const buttons = (within: string): HTMLButtonElement[] => [...document.body.querySelectorAll<HTMLButtonElement>(within)];
const words = (button: HTMLButtonElement): string => button.textContent.trim();

describe("the ways that were tried", () => {
  const ways = (attempts: AttemptLine[]): (Way | null)[] => triedWays(attempts, "luna").map(({ way }) => way);

  it("come in the order of trying, each with its last word", () => {
    const newest = [
      attempt("sign", "not_there"),
      attempt("direct", "refused", 2),
      attempt("direct", "good", 1),
      lookup,
    ];
    expect(ways(newest)).toEqual(["direct", "sign"]);
    expect(triedWays(newest, "luna")[0]?.answer.kind, "the good beginning is not what it came to").toBe("refused");
  });
  it("are those of the newest round, however often it looked up the room", () => {
    const round = [
      attempt("page", "refused", 64_000),
      { ...lookup, atMs: 62_000 },
      attempt("direct", "refused", 60_000),
    ];
    expect(ways([...round, attempt("sign", "refused", 9_000)])).toEqual(["direct", "page"]);
  });
  it("are of one round while a way takes long", () =>
    expect(ways([attempt("sign", "refused", 60_000), { ...attempt("page", "not_there"), tookMs: 59_000 }])).toEqual([
      "page",
      "sign",
    ]));
  it("are none where the round ended with looking up the room", () =>
    expect(ways([lookup, attempt("direct", "refused")])).toEqual([]));
  it("are none where one of them led in since", () =>
    expect(ways([attempt("cookie", "in_room"), attempt("direct", "refused"), lookup])).toEqual([]));
  it("are not those to somebody else's live", () => expect(triedWays([attempt("page", "refused")], "mia")).toEqual([]));
});

describe("the way by which a live is heard", () => {
  const attempts = [attempt("direct", "refused"), attempt("cookie", "in_room"), attempt("page", "in_room")];
  it("is the one that the engine tells, whatever the journal holds of earlier lives", async () => {
    const app = await opened({ phase: "live" });
    app.connection.attempts = [attempt("direct", "in_room"), ...app.connection.attempts];
    app.live.status = { ...app.live.status, way: "page" };
    flushSync();
    expect(document.querySelector("li.good button")?.textContent).toContain("page · ");
    app.live.status = { ...app.live.status, way: null };
    flushSync();
    expect(document.querySelector("li.good button")?.textContent).not.toContain("direct");
  });
  it("is told of each way by its newest attempt", () => {
    expect(lastBy(attempts, "direct")?.answer.kind).toBe("refused");
    expect(lastBy(attempts, "sign")).toBeUndefined();
  });
});

describe("a phase on the way to a live", () => {
  const tell = (phase: Phase, change: { isWindow?: boolean; hasTried?: boolean } = {}) =>
    told(phase, { creator: "luna", now: NOON, isWindow: true, hasTried: false, ...change });

  it("sends people to the streamer’s computer where no page of TikTok can be shown", () => {
    const phases: Phase[] = [
      { state: "captcha", isShown: false },
      { state: "captcha", isShown: true },
    ];
    for (const phase of [...phases, { state: "age_restricted" } as const, { state: "not_public" } as const])
      expect(tell(phase, { isWindow: false })?.cause, phase.state).toContain("streamer’s computer");
  });
  it("says until when it is blocked, and quotes TikTok", () => {
    const cause = tell({ state: "blocked", cause: "HTTP 403", untilMs: NOON })?.cause;
    expect(cause).toMatch(/HTTP 403.*12:00/);
  });
  it("quotes nothing where the ways are listed", () => {
    const blocked = tell(
      { state: "blocked", cause: "direct: refused; page: closed", untilMs: null },
      { hasTried: true },
    );
    expect(blocked?.title).toContain("No way");
    expect(blocked?.cause).not.toContain("refused");
  });
  it("has nothing to say of a live that is on", () =>
    expect(tell({ state: "live", sinceMs: 0, lastMessageMs: 0 })).toBeNull());
  it("has no two sentences alike", () => {
    const phases: Phase[] = [
      { state: "no_such_creator" },
      { state: "not_live" },
      { state: "captcha", isShown: false },
      { state: "captcha", isShown: true },
      { state: "age_restricted" },
      { state: "not_public" },
    ];
    const sentences = phases.map((phase) => `${tell(phase)?.title} ${tell(phase)?.cause}`);
    expect(new Set(sentences).size).toBe(phases.length);
  });
});

describe("the form to go live", () => {
  const FORM = "main .center form > button, main .center .phase .deeds button";

  describe.each(["window", "full"])("for the role %s", (role) => {
    it.each([
      ["offline", ["Go live"]],
      ["looking", ["Cancel"]],
      ["connecting", ["Cancel"]],
      ["waiting", ["Cancel", "Try now"]],
      ["no_such_creator", ["Go live", "Correct it"]],
      ["not_live", ["Go live", "Wait until they are"]],
      ["captcha", ["Go live", role === "window" ? "Solve it" : "Try now"]],
      ["captcha_shown", role === "window" ? ["Cancel", "Show TikTok’s window"] : ["Cancel"]],
      ["age_restricted", ["Go live", role === "window" ? "Log in to TikTok" : "Try now"]],
      ["not_public", ["Go live", role === "window" ? "Log in to TikTok" : "Try now"]],
      ["blocked", ["Cancel", "Try now"]],
      ["blocked_for_good", ["Go live", "Try now"]],
      ["no_way", ["Cancel", "Try now"]],
      ["rate_limited", ["Cancel", "Try now"]],
    ])("offers in the phase %s what the engine takes: %j", async (phase, expected) => {
      await opened({ phase, role });
      const offered = buttons(FORM).map(words);
      expect(offered.filter((name) => name !== "What happened")).toEqual(expected);
      for (const [place, name] of offered.entries()) {
        const app = await opened({ phase, role });
        buttons(FORM)[place]?.click();
        await answered();
        const refused = app.toasts.shown.filter(({ kind }) => kind !== "done");
        expect(refused, `${name} was offered, and refused`).toEqual([]);
      }
    });
  });
});

describe("a live that was lost", () => {
  it.each([
    [6_000, "Reconnecting in", ["Try now", "What happened"]],
    [0, "Trying to get back in", ["What happened"]],
  ])(
    "offers to try at once while %i ms are waited for, and nothing that would do nothing",
    async (wait, says, does) => {
      const app = await opened({ phase: "reconnecting" });
      const { phase } = app.live.status;
      if (phase.state !== "reconnecting") throw new Error("that phase was wished for");
      app.clock.now = phase.retryMs - wait;
      flushSync();
      expect(document.querySelector("main .notice")?.textContent).toContain(says);
      expect(buttons("main .notice button").map(words)).toEqual(does);
    },
  );
});

describe("a captcha", () => {
  it("in the middle of a live leaves the feed where it is, and says where it is to be solved", async () => {
    await opened({ phase: "captcha_in_live" });
    expect(document.querySelector("main .center"), "the form to go live is away").toBeNull();
    expect(document.querySelector("main .notice")?.textContent).toContain("TikTok’s window");
  });
  it("in the middle of a live is what the light of TikTok says, and not that it is off", async () => {
    await opened({ phase: "captcha_in_live" });
    const light = buttons("main .strip li button")[0];
    expect(light?.textContent).toContain("captcha");
    expect(light?.closest("li.notable"), "somebody has to act").not.toBeNull();
  });
  it("whose page was closed is still to be solved, and says so", async () => {
    const app = await opened({ phase: "captcha" });
    vi.spyOn(app.connection, "solve").mockResolvedValue(false);
    buttons(".phase .deeds button")[0]?.click();
    await answered();
    expect(app.toasts.shown.map(({ text }) => text).join()).toContain("closed before");
  });
});

describe("comments that never come", () => {
  const notice = (): string => document.querySelector("main .notice")?.textContent ?? "";
  const missing: AttemptLine = {
    ...attempt("direct", "in_room", 1_000),
    step: "stay",
    tookMs: 600_000,
    answer: { kind: "family_missing", family: "comment" },
  };

  it("are said in the window, until one comes", async () => {
    const app = await opened({ phase: "held_back" });
    expect(notice()).toContain("“Comment” never comes");
    const line = app.feed.at(0);
    if (!line) throw new Error("the rehearsal has lines");
    const timestamp = "2026-01-12T12:00:00.000000";
    const comment = { user: MIA, comment: "hi", emotes: [], language: null, timestamp };
    const later = { ...line, number: line.number + 1, receivedMs: Date.now() + 86_400_000 };
    app.feed.add([{ ...later, event: { event_type: "comment", data: { ...comment, history: true } } }], []);
    flushSync();
    expect(notice(), "one from before we came in says nothing").toContain("never comes");
    app.feed.add([{ ...later, number: later.number + 1, event: { event_type: "comment", data: comment } }], []);
    flushSync();
    expect(notice()).toBe("");
  });
  it("are asked for while a live goes on, for nothing else tells of them", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const opening = opened({ phase: "live" });
    await vi.advanceTimersByTimeAsync(10);
    const app = await opening;
    expect(notice()).toBe("");
    vi.spyOn(app.api, "call").mockResolvedValue({ attempts: [{ ...missing, creator: "luna.plays" }] } as never);
    await vi.advanceTimersByTimeAsync(60_000);
    flushSync();
    // The rehearsal's own comments are newer than the attempt, so that what counts is that it was asked for.
    expect(app.connection.attempts).toHaveLength(1);
  });
  it("are of the visit that goes on", () => {
    expect(heldBack([missing, attempt("direct", "in_room")], "luna")).toEqual({
      family: "comment",
      noticedMs: 601_000,
    });
    expect(heldBack([attempt("page", "in_room"), missing], "luna"), "we came in anew since").toBeNull();
    expect(heldBack([missing], "mia"), "it is somebody else's live").toBeNull();
  });
});

describe("the login at TikTok", () => {
  const LOGIN = "#ways > div > .kept";

  it("says that nobody logged in, wherever it was asked for", async () => {
    for (const [screen, button] of [
      ["live", ".phase .deeds button"],
      ["settings", `${LOGIN} button`],
    ] as const) {
      const app = await opened({ phase: "age_restricted" }, screen);
      vi.spyOn(app.connection, "logIn").mockResolvedValue(false);
      buttons(button)[0]?.click();
      await answered();
      expect(app.toasts.shown.map(({ text }) => text).join(), screen).toContain("closed before");
    }
  });
  it("can be left where the keychain keeps it, but not where it lies in the environment", async () => {
    const app = await opened({}, "settings");
    await app.connection.logIn();
    await app.keys.load();
    flushSync();
    expect(buttons(`${LOGIN} button`).map(words)).toEqual(["Log out"]);
    await opened({ environment: "tiktok_session" }, "settings");
    flushSync();
    expect(buttons(`${LOGIN} button`)).toEqual([]);
    expect(document.querySelector(LOGIN)?.textContent).toContain("CUELIGHT_SECRET_TIKTOK_SESSION");
  });
});

describe("an attempt in words", () => {
  it("says what the way needed", () => {
    expect(answerText(attempt("page", "not_there"))).toContain("page");
    expect(answerText(attempt("sign", "not_there"))).toContain("key");
  });
  it("is a line of text, without what is empty", () =>
    expect(asText([{ ...attempt("direct", "refused"), place: "webcast-ws.tiktok.com", detail: "415" }])).toBe(
      "1970-01-01T00:00:00.000Z · @luna · direct · Opening the connection · webcast-ws.tiktok.com · the connection was refused · 310 ms · 415",
    ));
  it("is timed to the second, and dated where it was another day", () => {
    expect(momentText(NOON, NOON)).toBe("12:00:00 PM");
    expect(momentText(NOON - 86_400_000, NOON)).toContain("Jan 11, 2026");
  });
});

describe("the step of a connection", () => {
  const step = (phase: Phase): string => {
    const live = new LiveState();
    live.status = { ...live.status, phase };
    return live.step;
  };
  it("is the same while a live goes on", () =>
    expect(step({ state: "live", sinceMs: 1, lastMessageMs: 2 })).toBe(
      step({ state: "live", sinceMs: 1, lastMessageMs: 9 }),
    ));
  it("is another one with each try", () => {
    const broken = { state: "reconnecting", lostMs: 0, retryMs: 0, cause: "" } as const;
    expect(step({ ...broken, attempt: 1 })).not.toBe(step({ ...broken, attempt: 2 }));
  });
});

describe("the story of a connection", () => {
  const state = (query: string): ConnectionState =>
    new ConnectionState(new Api(new RehearsalTransport(new URLSearchParams(query))));

  it("is there once it was asked for", async () => {
    const connection = state("still&phase=no_way");
    expect(connection.isLoaded).toBe(false);
    await connection.load();
    expect(connection.isLoaded).toBe(true);
    expect(triedWays(connection.attempts, "luna.plays").length).toBe(5);
  });
  it("is the answer to the last question where two cross", async () => {
    const transport = new RehearsalTransport(new URLSearchParams("still"));
    const answers: ((story: { attempts: AttemptLine[] }) => void)[] = [];
    vi.spyOn(transport, "call").mockImplementation(() => new Promise((resolve) => answers.push(resolve as never)));
    const connection = new ConnectionState(new Api(transport));
    const both = [connection.load(), connection.load()];
    answers[1]?.({ attempts: [attempt("page", "in_room")] });
    answers[0]?.({ attempts: [] });
    await Promise.all(both);
    expect(connection.attempts.length).toBe(1);
  });
  it("says what a person is asked for until that is done, or fails", async () => {
    const connection = state("still&phase=captcha&fail=log_in_tiktok:not_now");
    const solved = connection.solve();
    expect(connection.asked).toBe("captcha");
    await solved;
    expect(connection.asked).toBeNull();
    await expect(connection.logIn()).rejects.toThrow();
    expect(connection.asked, "a page that was closed is no longer open").toBeNull();
  });
});

describe("the keys", () => {
  it("know who is logged in, and never hold what was typed", async () => {
    const api = new Api(new RehearsalTransport(new URLSearchParams("still")));
    const keys = new KeysState(api);
    await keys.load();
    expect(keys.login).toBeUndefined();
    await new ConnectionState(api).logIn();
    await keys.load();
    expect(keys.login?.where).toBe("keychain");
    expect(keys.typed.map(({ id }) => id)).not.toContain("tiktok_session");
    await keys.set("sign_key", "a-secret-of-mine");
    expect(keys.tests.sign_key?.good, "it is tested at once").toBe(true);
    expect(JSON.stringify([keys.all, keys.tests])).not.toContain("a-secret-of-mine");
    await keys.remove("sign_key");
    expect(keys.tests.sign_key).toBeUndefined();
  });
});
