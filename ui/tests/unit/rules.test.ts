// Editing rules: saved by itself, never losing what is typed, undone; and the pure changes behind the card.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Api, ApiFailure } from "$lib/api";
import type { CommandName, Rule, Warning } from "$lib/bindings";
import { answered, hasCombos, newTrigger, sectionOf, TRIGGER_GROUPS } from "$lib/state/rule/trigger";
import { moved, roles, withGiftToggled, withRoles, withTrigger } from "$lib/state/rule/edit";
import { nameFor, withNameOfTrigger } from "$lib/components/rules/words";
import { RulesState } from "$lib/state/rules.svelte";
import { RehearsalTransport } from "$lib/transport/rehearsal";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function opened(): Promise<{ rules: RulesState; calls: CommandName[]; transport: RehearsalTransport }> {
  const transport = new RehearsalTransport(new URLSearchParams("still"));
  const api = new Api(transport);
  const calls: CommandName[] = [];
  const call = api.call.bind(api);
  api.call = (command, input) => {
    calls.push(command);
    return call(command, input);
  };
  const rules = new RulesState(api);
  await rules.reload();
  await rules.select("rose");
  return { rules, calls, transport };
}

const named = (name: string) => (rule: Rule) => ({ ...rule, name });

describe("the edited rule", () => {
  it("is saved once the typing pauses, not at every letter", async () => {
    const { rules, calls } = await opened();
    for (const name of ["R", "Ro", "Ros"]) rules.edit(named(name));
    expect(rules.saving).toBe("saving");
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.filter((call) => call === "save_rule").length).toBe(1);
    expect(rules.saving).toBe("saved");
    expect(rules.nameOf("rose")).toBe("Ros");
  });

  it("keeps what is typed while it is being saved", async () => {
    const { rules } = await opened();
    rules.edit(named("one"));
    const saving = rules.flush();
    rules.edit(named("two"));
    await saving;
    expect(rules.draft?.name, "the answer must not take letters back").toBe("two");
    await vi.advanceTimersByTimeAsync(1000);
    expect(rules.nameOf("rose")).toBe("two");
  });

  it("is saved before another one is opened", async () => {
    const { rules } = await opened();
    rules.edit(named("kept"));
    await rules.select("lion");
    expect(rules.nameOf("rose")).toBe("kept");
    expect(rules.draft?.id).toBe("lion");
  });

  it("says so when it could not be saved, and keeps the draft", async () => {
    const { rules, transport } = await opened();
    transport.world.failing.set("save_rule", "disk_full");
    rules.edit(named("not yet"));
    await rules.flush();
    expect(rules.saving).toBe("failed");
    expect(rules.failure).toBeInstanceOf(ApiFailure);
    expect(rules.draft?.name, "nothing typed is lost").toBe("not yet");
  });

  it("is put together with what somebody else changed in another part of it", async () => {
    const { rules, transport } = await opened();
    rules.edit(named("typed here"));
    transport.world.save({ ...transport.world.listed("rose").rule, enabled: false }, "rule_changed");
    await rules.flush();
    await vi.advanceTimersByTimeAsync(1000);
    expect(rules.saving).toBe("saved");
    expect(transport.world.listed("rose").rule).toMatchObject({ name: "typed here", enabled: false });
  });

  describe.each([
    { deed: "keepMine", name: "typed here" },
    { deed: "takeTheirs", name: "typed elsewhere" },
  ] as const)("where both changed the same", ({ deed, name }) => {
    it(`is what people choose: ${deed}`, async () => {
      const { rules, transport } = await opened();
      rules.edit(named("typed here"));
      transport.world.save({ ...transport.world.listed("rose").rule, name: "typed elsewhere" }, "rule_changed");
      await rules.flush();
      expect(rules.draft?.name, "nothing typed is lost").toBe("typed here");
      await rules.select("lion");
      expect(rules.selected, "it is to be chosen first").toBe("rose");
      await rules[deed]();
      expect(rules.saving).toBe("saved");
      expect(rules.draft?.name).toBe(name);
      expect(transport.world.listed("rose").rule.name).toBe(name);
    });
  });

  it("does not hide what somebody else changed just before it was saved", async () => {
    const { rules, transport } = await opened();
    transport.world.save({ ...transport.world.listed("lion").rule, name: "changed elsewhere" }, "rule_changed");
    rules.edit(named("typed here"));
    await rules.flush();
    expect(rules.nameOf("lion")).toBe("changed elsewhere");
  });

  it("keeps what could not be saved when others change something", async () => {
    const { rules, transport } = await opened();
    transport.world.failing.set("save_rule", "disk_full");
    rules.edit(named("not yet"));
    await rules.flush();
    transport.world.save({ ...transport.world.listed("lion").rule, enabled: false }, "rule_changed");
    await rules.noticeRevision(transport.world.revision);
    expect(rules.draft?.name).toBe("not yet");
  });

  describe("that somebody else deletes while one types in it", () => {
    async function deleted(): Promise<Awaited<ReturnType<typeof opened>>> {
      const all = await opened();
      all.rules.edit((rule) => ({ ...rule, name: "typed here", only_if: [{ if: "chance", percent: 5 }] }));
      all.transport.world.answer("bin_rule", { rule: "rose" });
      await all.rules.noticeRevision(all.transport.world.revision);
      return all;
    }

    it("keeps what is typed and says so", async () => {
      const { rules, calls } = await deleted();
      expect(rules.gone).toBe(true);
      expect(rules.draft?.name, "nothing typed is lost").toBe("typed here");
      await vi.advanceTimersByTimeAsync(1000);
      expect(calls, "there is nothing to save it to").not.toContain("save_rule");
      await rules.select("lion");
      expect(rules.selected, "it is to be chosen first").toBe("rose");
    });

    it("is noticed by a save that finds nothing, too", async () => {
      const { rules, transport } = await opened();
      rules.edit(named("typed here"));
      transport.world.answer("bin_rule", { rule: "rose" });
      await rules.flush();
      expect(rules.gone).toBe(true);
      expect(rules.draft?.name).toBe("typed here");
    });

    it("is saved as a new rule where people want that, with everything in it", async () => {
      const { rules, transport } = await deleted();
      await rules.saveAsNew();
      expect(rules.gone).toBe(false);
      expect(rules.saving).toBe("saved");
      const id = rules.selected ?? "";
      expect(id, "under an id of its own").not.toBe("rose");
      expect(transport.world.listed(id).rule).toMatchObject({ name: "typed here", only_if: [{ if: "chance" }] });
    });

    it("is given up where people want that", async () => {
      const { rules } = await deleted();
      rules.giveUp();
      expect(rules.gone).toBe(false);
      expect(rules.draft).toBeNull();
      expect(rules.selected).toBeNull();
    });

    it("is not called so where one throws it away oneself", async () => {
      const { rules, transport } = await opened();
      transport.world.failing.set("save_rule", "disk_full");
      rules.edit(named("not yet"));
      await rules.bin("rose");
      expect(rules.gone).toBe(false);
      expect(rules.selected).toBe("lion");
    });

    it.each([
      { deed: "adding one", doing: (rules: RulesState) => rules.add({ name: "new", when: { on: "comment" }, do: [] }) },
      { deed: "copying one", doing: (rules: RulesState) => rules.duplicate("lion") },
    ])("is not given up by $deed", async ({ doing }) => {
      const { rules } = await deleted();
      const before = rules.book.rules.length;
      await doing(rules);
      expect(rules.book.rules.length, "it is done").toBe(before + 1);
      expect(rules.gone, "it is still to be chosen").toBe(true);
      expect(rules.draft?.name, "nothing typed is lost").toBe("typed here");
    });

    it("is edited on when one takes it out of the bin", async () => {
      const { rules, transport } = await deleted();
      await rules.restore("rose");
      expect(rules.gone).toBe(false);
      expect(rules.draft?.name, "nothing typed is lost").toBe("typed here");
      await vi.advanceTimersByTimeAsync(1000);
      expect(rules.saving).toBe("saved");
      expect(transport.world.listed("rose").rule.name).toBe("typed here");
    });

    it("is brought back by undo, with what is typed", async () => {
      const { rules, transport } = await deleted();
      await rules.undo();
      expect(rules.gone).toBe(false);
      expect(rules.selected).toBe("rose");
      await vi.advanceTimersByTimeAsync(1000);
      expect(transport.world.listed("rose").rule.name).toBe("typed here");
    });

    it("is edited on when it comes back", async () => {
      const { rules, transport } = await deleted();
      transport.world.answer("undo", {});
      await rules.noticeRevision(transport.world.revision);
      expect(rules.gone).toBe(false);
      await vi.advanceTimersByTimeAsync(1000);
      expect(transport.world.listed("rose").rule.name).toBe("typed here");
    });
  });

  it("is not taken back when it is counted anew how often rules fired", async () => {
    const { rules, calls, transport } = await opened();
    rules.edit(named("typed here"));
    const draft = rules.draft;
    const asked = (): number => calls.filter((call) => call === "rulebook").length;
    const before = asked();
    transport.world.rules = transport.world.rules.map((listed) => ({ ...listed, firedThisLive: 41 }));
    for (let frame = 0; frame < 100; frame++) rules.noticeFired();
    await vi.advanceTimersByTimeAsync(300);
    expect(asked() - before, "calmly").toBe(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked() - before, "once for all of them").toBe(1);
    expect(rules.listed?.firedThisLive).toBe(41);
    expect(rules.draft, "who types or tries is not disturbed").toEqual({ ...draft });
  });

  it("gets its warnings anew when hotkeys change, and nothing typed is lost", async () => {
    const { rules, transport } = await opened();
    rules.edit(named("typed here"));
    const warning: Warning = {
      about: { rule: "rose" },
      place: "when.keys",
      code: "same_keys",
      params: { keys: "F9" },
    };
    transport.world.rules = transport.world.rules.map((listed) => ({ ...listed, warnings: [warning] }));
    await rules.noticeHotkeys();
    expect(rules.listed?.warnings).toEqual([warning]);
    expect(rules.draft?.name).toBe("typed here");
  });

  it("comes back with undo and goes again with redo", async () => {
    const { rules } = await opened();
    rules.edit(named("changed"));
    await rules.undo();
    expect(rules.draft?.name).toBe("Rose restarts the dino");
    expect(rules.book.undo.redo?.what).toBe("rule_changed");
    await rules.redo();
    expect(rules.draft?.name).toBe("changed");
  });

  it("gives its place to the next one when it is thrown away, and comes back from the bin", async () => {
    const { rules } = await opened();
    await rules.bin("rose");
    expect(rules.selected).toBe("lion");
    expect(rules.book.binned).toBe(1);
    await rules.restore("rose");
    expect(rules.selected).toBe("rose");
  });
});

const base: Rule = { id: "a", name: "a", enabled: true, when: { on: "gift" }, do: [] };

describe("changes of a rule", () => {
  it("takes the combo mode away with the gift", () => {
    const rule = withTrigger({ ...base, combo: { fires: "combo_start" } }, { on: "comment" });
    expect("combo" in rule, "a comment has no combo").toBe(false);
  });

  it("calls a rule that nobody named after what it answers, and no other", () => {
    const unnamed = { ...base, name: nameFor(base.when) };
    const rose = { id: 5655, name: "Rose" };
    expect(withNameOfTrigger(unnamed, withGiftToggled(unnamed, rose)).name).toBe("Rose");
    expect(withNameOfTrigger(base, withGiftToggled(base, rose)).name).toBe("a");
  });

  it("adds a gift and takes it away again", () => {
    const rose = { id: 5655, name: "Rose" };
    const added = withGiftToggled(base, rose);
    expect(added.when).toEqual({ on: "gift", gifts: [rose] });
    expect(withGiftToggled(added, rose).when).toEqual({ on: "gift", gifts: [] });
  });

  it("keeps who in one condition, and none for everybody", () => {
    const rule = withRoles({ ...base, only_if: [{ if: "chance", percent: 5 }] }, ["follower", "moderator"]);
    expect(roles(rule)).toEqual(["follower", "moderator"]);
    expect(withRoles(rule, []).only_if).toEqual([{ if: "chance", percent: 5 }]);
    expect("only_if" in withRoles(base, [])).toBe(false);
  });

  it("moves steps within their list only", () => {
    const steps = [{ wait_ms: 1 }, { wait_ms: 2 }, { wait_ms: 3 }];
    expect(moved(steps, 0, 2).map((step) => "wait_ms" in step && step.wait_ms)).toEqual([2, 3, 1]);
    expect(moved(steps, 0, -1)).toEqual(steps);
  });

  it("has a section and a working beginning for every trigger that is offered", () => {
    for (const kind of Object.values(TRIGGER_GROUPS).flat()) {
      const when = newTrigger(kind);
      expect(when.on).toBe(kind);
      expect(Object.keys(TRIGGER_GROUPS)).toContain(sectionOf({ ...base, when }));
      expect(hasCombos(when)).toBe(answered(when) === "gift");
    }
  });
});
