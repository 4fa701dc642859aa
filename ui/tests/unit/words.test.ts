// Numbers, times and sentences in every language.
import { afterEach, describe, expect, it } from "vitest";

import type { Reason } from "$lib/bindings";
import { handleOf } from "$lib/components/live/handle";
import { outcomeLine } from "$lib/components/event/outcome";
import { sentence } from "$lib/components/event/sentence";
import { useLocale } from "$i18n";
import { fill } from "$i18n/catalogue";
import { bytes, clock, number, shortNumber, span } from "$i18n/format";
import { reasonText } from "$i18n/words";

import { MIA } from "./viewers";

const names = { rule: (id: string) => `rule ${id}`, service: (id: string) => `service ${id}` };

afterEach(() => useLocale("en"));

describe("formats", () => {
  it("follow the chosen language", async () => {
    expect(number(61_930)).toBe("61,930");
    await useLocale("vi");
    expect(number(61_930)).toBe("61.930");
    await useLocale("es");
    expect(number(1.5, 1)).toBe("1,5");
  });

  it.each([
    [0, "0 ms"],
    [310, "310 ms"],
    [1_940, "1.9 s"],
    [42_000, "42 s"],
    [180_000, "3 min"],
    [7_200_000, "2 h"],
    [-5, "0 ms"],
  ])("say %d ms as people do", (ms, text) => expect(span(ms)).toBe(text));

  it("shorten what fits no headline", () => {
    expect(shortNumber(9_999)).toBe("9,999");
    expect(shortNumber(48_213)).toBe("48.2K");
  });

  it("run a clock past the hour", () => {
    expect(clock(4_360_000)).toBe("1:12:40");
    expect(clock(24_000)).toBe("0:24");
  });

  it("give sizes a unit", () => {
    expect(bytes(0)).toBe("0 byte");
    expect(bytes(812_000_000)).toBe("812 MB");
  });
});

describe("sentences", () => {
  it("choose the plural by the language", () => {
    const entry = { one: "{count} rule", other: "{count} rules" };
    expect(fill(entry, { count: 1 }, "en")).toBe("1 rule");
    expect(fill(entry, { count: 2 }, "en")).toBe("2 rules");
    expect(fill(entry, { count: 1 }, "vi"), "Vietnamese has one form").toBe("1 rules");
  });

  it("keep braces that are no parameter, as placeholders are written with them", () => {
    expect(fill("no {{name}} and {other}", { name: "nick" }, "en")).toBe("no {nick} and {other}");
  });

  it("do not fill what a viewer wrote", () => {
    expect(fill("{a} {b}", { a: "{b}", b: "x" }, "en")).toBe("{b} x");
  });

  it.each<[Reason, string]>([
    [{ code: "cooldown", params: { left_ms: 8000, of: "rule" } }, "cooling down, 8 s left"],
    [{ code: "capped", params: { fired: 20, of: 12_480 } }, "20 of 12,480, as often as one combo may"],
    [{ code: "less_specific", params: { than: "rose" } }, "“rule rose” of its group says it more exactly"],
    [
      { code: "queue_full", params: { service: "voice", size: 50 } },
      "the queue of service voice was full (50 waiting)",
    ],
    [
      { code: "condition_failed", params: { number: 1, condition: '{"if":"chance","percent":50}' } },
      "Condition 1 does not hold: in 50 % of cases",
    ],
    [
      { code: "condition_failed", params: { number: 2, condition: "from the future" } },
      "Condition 2 does not hold: from the future",
    ],
    [{ code: "action_failed", params: { error: "no such file", advice: "" } }, "no such file"],
  ])("say why: %j", (reason, text) => expect(reasonText(reason, names)).toBe(text));

  it("show a code that is newer than this window instead of failing", () => {
    const reason = JSON.parse('{"code":"from_tomorrow","params":{"x":1}}') as Reason;
    expect(reasonText(reason, names)).toContain("from_tomorrow");
  });

  it("tell a gift without a name by its number, and a combo by its count", () => {
    const user = { ...MIA, nickname: "" };
    const gift = {
      id: 77,
      name: null,
      description: null,
      diamond_count: null,
      image_url: null,
      streakable: true,
      combo: true,
      type: 1,
    };
    const combo = { repeat_count: 12, total_diamonds: null, streaking: false, inferred_end: false, group_id: null };
    const said = sentence({ event_type: "gift", data: { user, gift, ...combo, to_user: null, timestamp: "" } }, 0);
    expect(said.parts["gift"]?.text).toBe("77 ×12");
    expect(said.parts["viewer"]?.text, "without a nickname the handle stands in").toBe("mia");
  });
});

describe("what became of an event", () => {
  it("says of a muted viewer that nobody was asked, not that there is no rule", () => {
    const outcome = { decisions: [], pending: 0, processing: 0, completed: 0, failed: 0, discarded: 0 };
    const said = outcomeLine(
      { event_type: "follow", data: { user: MIA, timestamp: "" } },
      { ...outcome, tookMs: null, reason: { code: "muted" }, test: false },
      names,
    );
    expect(said).toEqual({ sign: "not", text: "The viewer is muted." });
  });
});

describe("handles", () => {
  it.each([
    ["luna.plays", "luna.plays"],
    ["@Luna.Plays ", "luna.plays"],
    ["https://www.tiktok.com/@luna.plays/live?x=1", "luna.plays"],
    ["tiktok.com/@luna", "luna"],
    ["", null],
    ["two words", null],
    ["https://example.org/@luna", null],
  ])("are found in %j", (text, handle) => expect(handleOf(text)).toBe(handle));
});
