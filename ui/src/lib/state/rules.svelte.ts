// The rules and the one that is edited: saved by itself, undone step by step.
import { type Api, type ApiFailure, asFailure } from "$lib/api";
import type { ListedRule, NewRule, Rule, Rulebook, Saved, Undo } from "$lib/bindings";

import { merged } from "./rule/merge";

/** How long typing must pause before a change is saved, in milliseconds. */
const SAVE_AFTER_MS = 350;

/** How soon after a rule fired the counts are asked again, in milliseconds: people read them, they watch no clock. */
const COUNT_AFTER_MS = 2_000;

export type Saving = "saved" | "saving" | "failed";

export class RulesState {
  book = $state.raw<Rulebook>({
    revision: 0,
    rules: [],
    groups: [],
    defaults: [],
    binned: 0,
    undo: { undo: null, redo: null },
  });
  selected = $state<string | null>(null);
  /** The selected rule as it is being edited. */
  draft = $state.raw<Rule | null>(null);
  saving = $state<Saving>("saved");
  failure = $state.raw<ApiFailure | null>(null);

  /** The same rule as somebody else saved it meanwhile, where both changed the same; people choose. */
  theirs = $state.raw<Rule | null>(null);

  /** The rule was deleted elsewhere while something typed in it was not saved; people choose. */
  gone = $state(false);

  readonly #api: Api;
  #unsaved = false;
  #sending = false;
  /** What the draft was made from, and the revision that this was read in. */
  #base: { rule: Rule; revision: number } | null = null;
  /** The newest revision heard of. */
  #newest = 0;
  /** The book misses what somebody else changed before our own last change. */
  #behind = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(api: Api) {
    this.#api = api;
  }

  get listed(): ListedRule | undefined {
    return this.book.rules.find((listed) => listed.rule.id === this.selected);
  }

  nameOf(id: string): string {
    return this.book.rules.find((listed) => listed.rule.id === id)?.rule.name ?? id;
  }

  /** Takes the rulebook over; what is being edited stays unless it is gone and nothing typed in it is lost. */
  show(book: Rulebook): void {
    this.book = book;
    this.#behind = false;
    const listed = this.listed;
    if (!listed) {
      if (this.#unsaved) this.#keepOfGone();
      else if (!this.#sending) this.#letGo();
    } else if (!this.#unsaved && !this.#sending) {
      this.#beginWith(listed.rule);
    } else if (this.gone) {
      this.#goOnWithGone();
    }
  }

  async reload(): Promise<void> {
    this.show(await this.#api.call("rulebook", {}));
  }

  /** Somebody changed the rules; our own changes come back the same way and need no answer. */
  async noticeRevision(revision: number): Promise<void> {
    this.#newest = Math.max(this.#newest, revision);
    // Whether that was ourselves is known when the save has been answered.
    if (!this.#sending) await this.#catchUp();
  }

  /** The app's own hotkeys are others: rules are warned of keys that they share with them. */
  async noticeHotkeys(): Promise<void> {
    this.#behind = true;
    if (!this.#sending) await this.#catchUp();
  }

  async select(id: string | null): Promise<void> {
    await this.flush();
    // What becomes of what is typed must be said first.
    if ((this.theirs || this.gone) && id !== this.selected) return;
    this.selected = id;
    this.#letGo();
  }

  /** What is typed goes over what somebody else saved. */
  async keepMine(): Promise<void> {
    if (!this.listed) return;
    this.#base = { rule: this.listed.rule, revision: this.book.revision };
    this.theirs = null;
    await this.flush();
  }

  /** What is typed is given up for what somebody else saved. */
  takeTheirs(): void {
    this.#letGo();
  }

  /** What is typed in a rule that is gone becomes a new one. */
  async saveAsNew(): Promise<void> {
    if (!this.gone || !this.draft) return;
    const { name, when, do: steps } = this.draft;
    const added = await this.#api.call("add_rule", { rule: { name, when, do: steps } });
    const { id } = added.rule.rule;
    this.gone = false;
    this.selected = id;
    this.draft = { ...this.draft, id };
    this.#base = { rule: added.rule.rule, revision: added.revision };
    this.#take(added);
    await this.flush();
  }

  /** What is typed in a rule that is gone is given up. */
  giveUp(): void {
    this.#letGo();
  }

  /** A rule fired: how often each of them did is asked again soon, however many fire until then. */
  noticeFired(): void {
    if (this.#counting !== undefined) return;
    this.#counting = setTimeout(() => {
      this.#counting = undefined;
      // The next one that fires asks again.
      void this.#count().catch(() => undefined);
    }, COUNT_AFTER_MS);
  }

  /** Changes the rule that is edited; it is saved as soon as the typing pauses. */
  edit(change: (rule: Rule) => Rule): void {
    if (!this.draft) return;
    this.draft = change(this.draft);
    this.#unsaved = true;
    this.saving = this.theirs || this.gone ? "failed" : "saving";
    this.#saveSoon();
  }

  /** Saves what is not saved yet, one after another. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#save());
    return this.#running;
  }

  async add(rule: NewRule): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("add_rule", { rule }), true);
    await this.#catchUp();
  }

  async duplicate(id: string): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("duplicate_rule", { rule: id }), true);
    await this.#catchUp();
  }

  async enable(id: string, enabled: boolean): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("enable_rule", { rule: id, enabled }));
    await this.#catchUp();
  }

  async bin(id: string): Promise<void> {
    await this.flush();
    const place = this.book.rules.findIndex((listed) => listed.rule.id === id);
    const book = await this.#api.call("bin_rule", { rule: id });
    // What could not be saved of it is thrown away with it.
    if (id === this.selected) this.#unsaved = false;
    this.show(book);
    const next = this.book.rules[Math.min(place, this.book.rules.length - 1)];
    if (!this.selected && next) await this.select(next.rule.id);
  }

  /** Moves a rule before the one above it, or behind the one below it, among those that stand together. */
  async move(id: string, by: -1 | 1, together: readonly string[]): Promise<void> {
    const place = together.indexOf(id);
    const target = together[by < 0 ? place - 1 : place + 2];
    if (place < 0 || (by < 0 && place === 0) || (by > 0 && place === together.length - 1)) return;
    await this.flush();
    this.show(await this.#api.call("move_rule", { rule: id, before: target ?? null }));
  }

  async restore(id: string): Promise<void> {
    this.#take(await this.#api.call("restore_rule", { rule: id }), true);
    if (this.gone && this.listed) this.#goOnWithGone();
    await this.#catchUp();
  }

  async restoreVersion(id: string, version: number): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("restore_rule_version", { rule: id, version }));
    await this.#catchUp();
  }

  async undo(): Promise<Undo> {
    await this.flush();
    if (this.#unsaved && !this.gone) {
      // What could not be saved is what is taken back.
      this.#letGo();
      return this.book.undo;
    }
    return this.#after(await this.#api.call("undo", {}));
  }

  async redo(): Promise<Undo> {
    await this.flush();
    return this.#after(await this.#api.call("redo", {}));
  }

  async #after(undo: Undo): Promise<Undo> {
    await this.reload();
    return undo;
  }

  async #save(): Promise<void> {
    if (!this.#unsaved || !this.draft || this.theirs || this.gone) return;
    try {
      await this.#send(this.draft);
    } catch (thrown) {
      // What is typed is still nowhere else.
      this.#unsaved = true;
      this.failure = asFailure(thrown);
      this.saving = "failed";
    }
    try {
      const code = this.failure?.code;
      if (code === "changed_meanwhile" || code === "not_found") await this.#join();
      await this.#catchUp();
    } catch {
      // The book stays behind until the next change; what is typed is kept all the same.
    }
  }

  async #send(rule: Rule): Promise<void> {
    this.#unsaved = false;
    this.#sending = true;
    try {
      const saved = await this.#api.call("save_rule", { rule, revision: this.#base?.revision ?? this.book.revision });
      this.#base = { rule: saved.rule.rule, revision: saved.revision };
      this.#take(saved);
      this.failure = null;
      if (!this.#unsaved) this.saving = "saved";
    } finally {
      this.#sending = false;
    }
  }

  /** Only the counts: what is edited and tried goes on. What else changed is told by its revision. */
  async #count(): Promise<void> {
    const { rules } = await this.#api.call("rulebook", {});
    const counted = new Map(rules.map((listed) => [listed.rule.id, listed]));
    this.book = {
      ...this.book,
      rules: this.book.rules.map((listed) => {
        const { firedThisLive, firedLastLive } = counted.get(listed.rule.id) ?? listed;
        return { ...listed, firedThisLive, firedLastLive };
      }),
    };
  }

  /** Puts what is typed and what somebody else saved together; where both changed the same, people choose. */
  async #join(): Promise<void> {
    await this.reload();
    const theirs = this.listed?.rule;
    if (!theirs || !this.draft || !this.#base) return;
    const both = merged(this.#base.rule, this.draft, theirs);
    if (!both) {
      this.theirs = theirs;
      return;
    }
    this.draft = both;
    this.#base = { rule: theirs, revision: this.book.revision };
    this.failure = null;
    this.saving = "saving";
    this.#saveSoon();
  }

  #saveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER_MS);
  }

  async #catchUp(): Promise<void> {
    if (this.#behind || this.#newest > this.book.revision) await this.reload();
  }

  /** Edits the stored form from here on. */
  #beginWith(rule: Rule): void {
    this.draft = rule;
    this.#base = { rule, revision: this.book.revision };
  }

  /** Keeps what is typed in a rule that is no more, until people choose. */
  #keepOfGone(): void {
    this.gone = true;
    this.theirs = null;
    this.failure = null;
    this.saving = "failed";
  }

  /** What was gone is in the list again, so what is typed in it is saved. */
  #goOnWithGone(): void {
    this.gone = false;
    this.saving = "saving";
    this.#saveSoon();
  }

  /** Gives up what is not saved. */
  #letGo(): void {
    clearTimeout(this.#timer);
    this.#unsaved = false;
    this.theirs = null;
    this.gone = false;
    this.failure = null;
    this.saving = "saved";
    this.draft = null;
    if (this.listed) this.#beginWith(this.listed.rule);
    else this.selected = null;
  }

  /** Puts a saved rule into the book, at the end if it is new. */
  #take(saved: Saved, select = false): void {
    const { rule, revision, undo } = saved;
    // A revision was left out: somebody else changed something in between.
    const hole = revision > this.book.revision + 1;
    const place = this.book.rules.findIndex((listed) => listed.rule.id === rule.rule.id);
    const rules = place < 0 ? [...this.book.rules, rule] : this.book.rules.with(place, rule);
    this.book = { ...this.book, rules, revision, undo };
    // A rule of which people have still to say what becomes of it stays open.
    if (select && !this.theirs && !this.gone) {
      this.selected = rule.rule.id;
      this.#letGo();
    }
    // What was typed while it was saved must not be taken back.
    if (this.selected === rule.rule.id && !this.#unsaved) this.#beginWith(rule.rule);
    this.#behind ||= hole;
  }
}
