// The rules and the one that is edited: saved by itself, undone step by step.
import { type Api, type ApiFailure, asFailure } from "$lib/api";
import type { ListedRule, NewRule, Rule, Rulebook, Saved, Undo } from "$lib/bindings";

/** How long typing must pause before a change is saved, in milliseconds. */
const SAVE_AFTER_MS = 350;

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

  readonly #api: Api;
  #unsaved = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
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

  /** Takes the rulebook over; what is being edited stays unless it is gone. */
  show(book: Rulebook): void {
    this.book = book;
    const listed = this.listed;
    if (!listed) {
      this.selected = null;
      this.draft = null;
    } else if (!this.#unsaved) {
      this.draft = listed.rule;
    }
  }

  async reload(): Promise<void> {
    this.show(await this.#api.call("rulebook", {}));
  }

  /** Somebody changed the rules; our own changes come back the same way and need no answer. */
  async noticeRevision(revision: number): Promise<void> {
    if (revision > this.book.revision && !this.#unsaved) await this.reload();
  }

  async select(id: string | null): Promise<void> {
    await this.flush();
    this.selected = id;
    this.draft = this.listed?.rule ?? null;
    this.failure = null;
    this.saving = "saved";
  }

  /** Changes the rule that is edited; it is saved as soon as the typing pauses. */
  edit(change: (rule: Rule) => Rule): void {
    if (!this.draft) return;
    this.draft = change(this.draft);
    this.#unsaved = true;
    this.saving = "saving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER_MS);
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
  }

  async duplicate(id: string): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("duplicate_rule", { rule: id }), true);
  }

  async enable(id: string, enabled: boolean): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("enable_rule", { rule: id, enabled }));
  }

  async bin(id: string): Promise<void> {
    await this.flush();
    const place = this.book.rules.findIndex((listed) => listed.rule.id === id);
    this.show(await this.#api.call("bin_rule", { rule: id }));
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
  }

  async restoreVersion(id: string, version: number): Promise<void> {
    await this.flush();
    this.#take(await this.#api.call("restore_rule_version", { rule: id, version }));
  }

  async undo(): Promise<Undo> {
    await this.flush();
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
    if (!this.#unsaved || !this.draft) return;
    const rule = this.draft;
    this.#unsaved = false;
    try {
      const saved = await this.#api.call("save_rule", { rule, revision: this.book.revision });
      this.#take(saved);
      this.failure = null;
      if (!this.#unsaved) this.saving = "saved";
    } catch (thrown) {
      this.failure = asFailure(thrown);
      this.saving = "failed";
      if (this.failure.code === "changed_meanwhile") await this.reload();
    }
  }

  /** Puts a saved rule into the book, at the end if it is new. */
  #take(saved: Saved, select = false): void {
    const { rule, revision, undo } = saved;
    const place = this.book.rules.findIndex((listed) => listed.rule.id === rule.rule.id);
    const rules = place < 0 ? [...this.book.rules, rule] : this.book.rules.with(place, rule);
    this.book = { ...this.book, rules, revision, undo };
    if (select) this.selected = rule.rule.id;
    // What was typed while it was saved must not be taken back.
    if (this.selected === rule.rule.id && !this.#unsaved) this.draft = rule.rule;
  }
}
