// What the live screen concludes: lights, outcomes, and the whole state following its pushes.
import { describe, expect, it, vi } from "vitest";

import { Api } from "$lib/api";
import type { Outcome, PushBatch, ServiceStatus } from "$lib/bindings";
import { outcomeLine } from "$lib/components/event/outcome";
import { App } from "$lib/state/app.svelte";
import { serviceLight } from "$lib/state/live.svelte";
import { RehearsalTransport } from "$lib/transport/rehearsal";
import { idle } from "$lib/transport/rehearsal/services";

import { MIA } from "./viewers";

const names = { rule: (id: string) => id, service: (id: string) => id };
const follow = { event_type: "follow", data: { user: MIA, timestamp: "" } } as const;
const nothing: Outcome = {
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
const fired = { origin: "welcome", name: "Welcome", fired: 1, because: null };

describe("a service's light", () => {
  const light = (change: Partial<ServiceStatus>) => serviceLight({ ...idle("voice"), ...change });
  it("turns by how late it is, not by how much waits", () => {
    expect(light({ pending: 5_000 }), "a long queue that is on time is fine").toBe("go");
    expect(light({ lateMs: 42_000 })).toBe("standby");
    expect(light({ lateMs: 200_000 })).toBe("stop");
    expect(light({ paused: true })).toBe("standby");
    expect(light({ active: false, lateMs: 200_000 })).toBe("off");
  });
});

describe("what became of an event", () => {
  const line = (change: Partial<Outcome>) => outcomeLine(follow, { ...nothing, ...change }, names);
  it("names the rules that fired", () =>
    expect(line({ decisions: [fired], completed: 1 })).toEqual({ sign: "done", text: "Welcome" }));
  it("says what still runs", () => expect(line({ decisions: [fired], processing: 1 })?.sign).toBe("going"));
  it("says why a job failed", () =>
    expect(
      line({ decisions: [fired], failed: 1, reason: { code: "timed_out", params: { limit_ms: 30_000 } } }),
    ).toEqual({
      sign: "failed",
      text: "Welcome: Timed out after 30 s.",
    }));
  it("says why a rule did not fire", () =>
    expect(line({ decisions: [{ ...fired, fired: 0, because: { code: "muted" } }] })?.text).toBe(
      "Welcome: The viewer is muted.",
    ));
  it("says that there is no rule", () => expect(line({})?.text).toBe("no rule for it (Follow)"));
});

describe("the window's state", () => {
  class Pushing extends RehearsalTransport {
    push: (batch: PushBatch) => void = () => undefined;
    override onPush(listener: (batch: PushBatch) => void): () => void {
      this.push = listener;
      return () => undefined;
    }
  }

  async function opened(): Promise<{ app: App; transport: Pushing; calls: string[] }> {
    const transport = new Pushing(new URLSearchParams("still"));
    const api = new Api(transport);
    const calls: string[] = [];
    const call = api.call.bind(api);
    api.call = (command, input) => {
      calls.push(command);
      return call(command, input);
    };
    return { app: await App.open(api), transport, calls };
  }

  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

  it("is whole after one question", async () => {
    const { app } = await opened();
    expect(app.feed.length).toBeGreaterThan(10);
    expect(app.rules.book.rules.length).toBeGreaterThan(5);
    expect(app.services.all.length).toBe(9);
    expect(app.actionKinds.length).toBe(7);
  });

  it("follows its pushes, and ignores what the first answer held already", async () => {
    const { app, transport } = await opened();
    const live = { ...app.live.status, silenced: true };
    transport.push({ seq: 0, live: { ...live, paused: true } });
    transport.push({ seq: 1, live });
    await nextFrame();
    expect(app.live.status.silenced).toBe(true);
    expect(app.live.status.paused, "batch 0 is older than the answer").toBe(false);
  });

  it("asks for everything anew after a hole", async () => {
    const { transport, calls } = await opened();
    transport.push({ seq: 5 });
    await nextFrame();
    await vi.waitFor(() => expect(calls.filter((call) => call === "open").length).toBe(2));
  });

  it("forgets a service that is gone, wherever it was removed", async () => {
    const { app, transport } = await opened();
    app.services.selected = "voice";
    const left = app.live.services.filter((status) => status.id !== "voice");
    transport.world.services = transport.world.services.filter((service) => service.id !== "voice");
    transport.push({ seq: 1, services: left, servicesRevision: 7 });
    await nextFrame();
    await vi.waitFor(() => expect(app.services.get("voice")).toBeUndefined());
    expect(app.live.service("voice")).toBeUndefined();
    expect(app.live.services.length, "and no other").toBe(left.length);
    expect(app.services.selected, "nothing that is gone is open").toBeNull();
  });

  it("keeps how services stand that one batch says nothing of", async () => {
    const { app, transport } = await opened();
    const before = app.live.services.length;
    transport.push({ seq: 1, services: [{ ...idle("voice"), pending: 3 }] });
    await nextFrame();
    expect(app.live.service("voice")?.pending).toBe(3);
    expect(app.live.services.length).toBe(before);
  });

  it("counts anew how often rules fired while they are looked at", async () => {
    const { app, transport } = await opened();
    const noticed = vi.spyOn(app.rules, "noticeFired").mockReturnValue();
    const { event } = app.feed.at(0) ?? { event: follow };
    const line = { session: 12, number: 9_000, receivedMs: 1, event, picture: null, outcome: nothing };
    const answered = { ...line, number: 9_001, outcome: { ...nothing, decisions: [fired] } };
    transport.push({ seq: 1, lines: [answered] });
    await nextFrame();
    expect(noticed, "nobody looks").not.toHaveBeenCalled();
    app.route.screen = "rules";
    transport.push({ seq: 2, lines: [line] });
    await nextFrame();
    expect(noticed, "nothing fired").not.toHaveBeenCalled();
    transport.push({ seq: 3, lines: [{ ...answered, number: 9_002 }] });
    await nextFrame();
    expect(noticed).toHaveBeenCalledTimes(1);
  });

  it("shows a failure as a message instead of throwing it", async () => {
    const { app, transport } = await opened();
    transport.world.failing.set("silence", "unreachable");
    expect(await app.ask("silence", {})).toBeUndefined();
    expect(app.toasts.shown[0]?.kind).toBe("bad");
  });
});
