// The feed of events: the newest 10 000 lines, older ones from the journal on demand.
import type { Api } from "$lib/api";
import type { EventLine, EventType, LineFilter, OutcomeChange } from "$lib/bindings";

/** Lines kept without asking the journal. */
const LINES = 10_000;

/** Beyond it the oldest are cut off, in one go rather than line by line. */
const LINES_BEFORE_CUT = LINES + 1_000;

/** Joins and likes that come so soon after each other become one line, in milliseconds. */
const FOLD_WITHIN_MS = 10_000;

/** Lines asked of the journal at once. */
const PAGE = 200;

/** One line as it is shown; `others` counts what was folded into it. */
export type FeedLine = EventLine & { others: number; lastMs: number };

export class EventFeed {
  /** Counts up with every change; what reads lines depends on it. */
  version = $state(0);
  filter = $state<LineFilter>("all");
  loadingOlder = $state(false);
  /** Nothing older is in the journal. */
  atBeginning = $state(false);
  /** Lines that were left out because this window was slow; they are in the journal. */
  missed = $state(0);

  readonly #api: Api;
  #all: FeedLine[] = [];
  /** The same lines without those that the filter hides. */
  #shown: FeedLine[] = this.#all;
  /** Lines ever added at the newer end; the list uses it to stay where the reader is. */
  #added = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** How many lines are shown. */
  get length(): number {
    void this.version;
    return this.#shown.length;
  }

  /** How many shown lines came in at the newer end since the filter was set. */
  get added(): number {
    void this.version;
    return this.#added;
  }

  /** The line at that place, newest first. */
  at(place: number): FeedLine | undefined {
    void this.version;
    return this.#shown[this.#shown.length - 1 - place];
  }

  /** Whether an event of that type came after that moment, among the lines that are kept; one from before we came in does not count. */
  hasSince(type: EventType, sinceMs: number): boolean {
    void this.version;
    for (let place = this.#all.length - 1; place >= 0; place -= 1) {
      const line = this.#all[place];
      if (!line || line.lastMs <= sinceMs) return false;
      if (line.event.event_type === type && !line.event.data.history) return true;
    }
    return false;
  }

  /** Begins anew, with the newest lines of a session. */
  reset(lines: EventLine[]): void {
    this.#all = [];
    this.#shown = this.#all;
    this.atBeginning = false;
    this.missed = 0;
    this.add(lines, []);
  }

  /** Takes in new lines, oldest first, and what became of earlier ones. */
  add(lines: readonly EventLine[], outcomes: readonly OutcomeChange[]): void {
    if (lines.length === 0 && outcomes.length === 0) return;
    for (const line of lines) this.#append(line);
    for (const change of outcomes) this.#change(change);
    if (this.#all.length > LINES_BEFORE_CUT) this.#cut();
    this.version += 1;
  }

  setFilter(filter: LineFilter): void {
    this.filter = filter;
    this.#shown = filter === "all" ? this.#all : this.#all.filter((line) => passes(line, filter));
    this.atBeginning = false;
    this.version += 1;
  }

  /** Asks the journal for lines before the oldest one. */
  async loadOlder(): Promise<void> {
    const oldest = this.#shown[0];
    if (!oldest || this.loadingOlder || this.atBeginning) return;
    this.loadingOlder = true;
    try {
      const input = { session: oldest.session, before: oldest.number, filter: this.filter, limit: PAGE };
      const older = await this.#api.call("older_lines", input);
      this.atBeginning = older.length < PAGE;
      this.#shown.unshift(...older.map(asFeedLine));
    } catch {
      // The lines that are there stay; scrolling on asks again.
    } finally {
      this.loadingOlder = false;
      this.version += 1;
    }
  }

  #append(line: EventLine): void {
    const newest = this.#all.at(-1);
    if (newest && folds(newest, line)) {
      const folded = { ...newest, others: newest.others + 1, lastMs: line.receivedMs };
      this.#replace(newest, folded);
      return;
    }
    const added = asFeedLine(line);
    this.#all.push(added);
    if (!passes(line, this.filter)) return;
    if (this.#shown !== this.#all) this.#shown.push(added);
    this.#added += 1;
  }

  #change(change: OutcomeChange): void {
    const found = find(this.#all, change);
    if (found) this.#replace(found, { ...found, outcome: change.outcome });
  }

  #replace(old: FeedLine, line: FeedLine): void {
    for (const lines of this.#shown === this.#all ? [this.#all] : [this.#all, this.#shown]) {
      const place = lines.lastIndexOf(old);
      if (place >= 0) lines[place] = line;
    }
  }

  #cut(): void {
    const filtered = this.#shown !== this.#all;
    this.#all.splice(0, this.#all.length - LINES);
    const oldest = this.#all[0];
    if (filtered && oldest) this.#shown = this.#shown.filter((line) => !isBefore(line, oldest));
    this.atBeginning = false;
  }
}

function asFeedLine(line: EventLine): FeedLine {
  return { ...line, others: 0, lastMs: line.receivedMs };
}

/** Whether a line says no more than the one before it: somebody else joined, or the hearts go on. */
function folds(newest: FeedLine, line: EventLine): boolean {
  const type = line.event.event_type;
  return (
    (type === "join" || type === "like") &&
    newest.event.event_type === type &&
    newest.session === line.session &&
    line.receivedMs - newest.lastMs < FOLD_WITHIN_MS &&
    newest.outcome.decisions.length === 0 &&
    line.outcome.decisions.length === 0
  );
}

function passes(line: EventLine, filter: LineFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "gifts":
      return ["gift", "subscribe", "envelope", "super_fan"].includes(line.event.event_type);
    case "chat":
      return ["comment", "question", "emote"].includes(line.event.event_type);
  }
}

type Place = { session: number; number: number };

function isBefore(line: Place, other: Place): boolean {
  return line.session === other.session ? line.number < other.number : line.session < other.session;
}

/** Lines are in order, so that one of 10 000 is found in 14 steps. */
function find(lines: readonly FeedLine[], wanted: Place): FeedLine | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = lines[middle];
    if (line && isBefore(line, wanted)) low = middle + 1;
    else high = middle;
  }
  const found = lines[low];
  return found && found.session === wanted.session && found.number === wanted.number ? found : undefined;
}
