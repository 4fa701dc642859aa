// The whole window's state: opened once, kept current by pushes, given to components through the context.
import { createContext } from "svelte";

import { type Api, type ApiFailure, asFailure, FAILURES } from "$lib/api";
import type { ActionKind, Banner, CommandName, Input, Output, PushBatch } from "$lib/bindings";
import { t } from "$i18n";
import type { Names } from "$i18n/words";

import { Clock } from "./clock.svelte";
import { ConnectionState } from "./connection.svelte";
import { EventFeed } from "./feed.svelte";
import { FrameGatherer } from "./frame";
import { GiftsState } from "./gifts.svelte";
import { KeysState } from "./keys.svelte";
import { LiveState } from "./live.svelte";
import { Route } from "./route.svelte";
import { RulesState } from "./rules.svelte";
import { ServicesState } from "./services.svelte";
import { SettingsState } from "./settings.svelte";
import { Toasts } from "./toasts.svelte";

export const [getApp, setApp] = createContext<App>();

export class App {
  readonly api: Api;
  readonly clock = new Clock();
  readonly toasts = new Toasts();
  readonly route = new Route();
  readonly live = new LiveState();
  readonly connection: ConnectionState;
  readonly feed: EventFeed;
  readonly rules: RulesState;
  readonly gifts: GiftsState;
  readonly services: ServicesState;
  readonly keys: KeysState;
  readonly settings: SettingsState;
  actionKinds = $state.raw<ActionKind[]>([]);
  banner = $state.raw<Banner | null>(null);
  /** Why the way to the engine is broken. */
  broken = $state.raw<ApiFailure | null>(null);
  /** Opened from anywhere by keyboard. */
  paletteOpen = $state(false);
  shortcutsOpen = $state(false);

  /** Shows rules and services by name. */
  readonly names: Names = {
    rule: (id) => this.rules.nameOf(id),
    service: (id) => this.services.nameOf(id),
  };

  /** Opened on another device: it may watch, pause, skip, silence and stop. */
  get isRemote(): boolean {
    return this.settings.about.role === "remote";
  }

  /** The window on the streamer's own computer, where keys are kept and pages of TikTok are shown. */
  get isWindow(): boolean {
    return this.settings.about.role === "window";
  }

  #seq = 0;
  /** What is pushed while everything is asked for anew. */
  #waiting: PushBatch[] | undefined;

  private constructor(api: Api, all: Output<"open">) {
    this.api = api;
    this.connection = new ConnectionState(api);
    this.feed = new EventFeed(api);
    this.rules = new RulesState(api);
    this.gifts = new GiftsState(api);
    this.services = new ServicesState(api);
    this.keys = new KeysState(api);
    this.settings = new SettingsState(all.settings, all.about);
  }

  /** Asks for everything once, then follows the pushes. */
  static async open(api: Api): Promise<App> {
    let take = (batches: readonly PushBatch[]): void => void early.push(...batches);
    const early: PushBatch[] = [];
    const gatherer = new FrameGatherer((batches) => take(batches));
    // Listening comes first: what is pushed while `open` is answered must not be missed.
    api.onPush((batch) => gatherer.add(batch));
    const all = await api.call("open", {});
    const app = new App(api, all);
    await app.#show(all);
    app.#take(early);
    take = (batches) => app.#take(batches);
    api.onLink((broken) => {
      app.broken = broken;
      if (!broken) void app.attempt(() => app.#fill());
    });
    app.clock.start();
    return app;
  }

  /** Asks for a command; a failure becomes a message, and the answer `undefined`. */
  async ask<C extends CommandName>(command: C, input: Input<C>): Promise<Output<C> | undefined> {
    return this.attempt(() => this.api.call(command, input));
  }

  /** Does something that may fail; a failure becomes a message, and the answer `undefined`. */
  async attempt<T>(deed: () => Promise<T>): Promise<T | undefined> {
    try {
      return await deed();
    } catch (thrown) {
      const failure = asFailure(thrown);
      this.toasts.show(FAILURES[failure.code].severity, t(`failure.${failure.code}`));
      return undefined;
    }
  }

  /** Asks for everything anew; what is pushed meanwhile waits, for it may be newer than the answer. */
  async #fill(): Promise<void> {
    if (this.#waiting) return;
    this.#waiting = [];
    try {
      await this.#show(await this.api.call("open", {}));
    } finally {
      const waited = this.#waiting;
      this.#waiting = undefined;
      this.#take(waited);
    }
  }

  async #show(all: Output<"open">): Promise<void> {
    this.#seq = all.seq;
    await this.settings.show(all.settings);
    this.live.status = all.live;
    this.live.health = all.health;
    this.live.services = all.statuses;
    this.live.nowAndNext = all.nowAndNext;
    this.services.show(all.services);
    this.rules.show(all.rulebook);
    this.feed.reset(all.lines);
    this.actionKinds = all.actionKinds;
    this.banner = all.banner;
  }

  #take(batches: readonly PushBatch[]): void {
    if (this.#waiting) {
      this.#waiting.push(...batches);
      return;
    }
    for (const batch of batches) {
      // Older than what `open` answered: it is in there already.
      if (batch.seq <= this.#seq) continue;
      const hole = batch.seq !== this.#seq + 1;
      this.#seq = batch.seq;
      if (hole) {
        void this.attempt(() => this.#fill());
        return;
      }
      this.#apply(batch);
    }
  }

  #apply(batch: PushBatch): void {
    if (this.route.screen === "rules" && this.#countsMoved(batch)) this.rules.noticeFired();
    if (batch.live) this.live.status = batch.live;
    if (batch.health) this.live.health = batch.health;
    if (batch.lines || batch.outcomes) this.feed.add(batch.lines ?? [], batch.outcomes ?? []);
    if (batch.missedLines) this.feed.missed += batch.missedLines;
    if (batch.services) {
      // With the list come all of them.
      if (batch.servicesRevision !== undefined) this.live.services = batch.services;
      else this.live.setServices(batch.services);
      for (const service of batch.services) this.services.noticeChange(service.id);
    }
    if (batch.servicesRevision !== undefined) void this.attempt(() => this.services.reload());
    if (batch.nowAndNext) this.live.nowAndNext = batch.nowAndNext;
    if (batch.undo) this.rules.book = { ...this.rules.book, undo: batch.undo };
    if (batch.rulebookRevision !== undefined) {
      const revision = batch.rulebookRevision;
      void this.attempt(() => this.rules.noticeRevision(revision));
    }
    if (batch.settings) {
      void this.settings.show(batch.settings);
      void this.attempt(() => this.rules.noticeHotkeys());
    }
    if (batch.caught) this.gifts.caught(batch.caught);
    if (batch.banner !== undefined) this.banner = batch.banner;
  }

  /** Whether rules may have fired oftener than the list says, or a live began or ended. */
  #countsMoved(batch: PushBatch): boolean {
    const outcomes = [...(batch.lines ?? []), ...(batch.outcomes ?? [])].map(({ outcome }) => outcome);
    const fired = outcomes.some(({ decisions }) => decisions.some((decision) => decision.fired > 0));
    const session = batch.live?.session;
    return fired || Boolean(batch.missedLines) || (session !== undefined && session !== this.live.status.session);
  }
}
