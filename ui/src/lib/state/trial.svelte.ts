// Trying the rule that is edited: with something real or made up, first as a look ahead, then really.
import type { Api } from "$lib/api";
import type { RealEvent, Rule, Trial, Trigger, TryWith, Values, Variable } from "$lib/bindings";

import { isAct } from "./rule/edit";

/** How long typing must pause before the look ahead, in milliseconds. */
const LOOK_AFTER_MS = 250;

/** Real events offered. */
const EVENTS = 8;

export type MadeUp = Extract<TryWith, { with: "made_up" }>;

export class TrialState {
  tryWith = $state.raw<TryWith>(firstMadeUp());
  real = $state.raw<RealEvent[]>([]);
  variables = $state.raw<Variable[]>([]);
  values = $state.raw<Values>({ counters: [], variables: [] });
  /** What would happen. */
  ahead = $state.raw<Trial | null>(null);
  /** What happened when it was run. */
  result = $state.raw<Trial | null>(null);
  running = $state(false);
  madeUp = $state.raw<MadeUp>(firstMadeUp());

  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #trigger = "";

  constructor(api: Api) {
    this.#api = api;
  }

  /** What each step would send, by its place. */
  asSent = $derived(new Map((this.ahead?.steps ?? []).map((step) => [step.place, step.summary])));

  /** The rule changed: what its events provide is asked again if its trigger did, then what would happen. */
  follow(rule: Rule): void {
    this.result = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(rule), LOOK_AFTER_MS);
  }

  choose(tryWith: TryWith, rule: Rule): void {
    this.tryWith = tryWith;
    if (tryWith.with === "made_up") this.madeUp = tryWith;
    this.follow(rule);
  }

  async run(rule: Rule): Promise<Trial> {
    this.running = true;
    try {
      this.result = await this.#api.call("try_rule", { rule, tryWith: this.tryWith });
      return this.result;
    } finally {
      this.running = false;
    }
  }

  async #look(rule: Rule): Promise<void> {
    const asked = ++this.#asked;
    try {
      await this.#askTrigger(rule.when);
      const usable = rule.do.some(isAct) || rule.do.length > 0;
      const ahead = usable ? await this.#api.call("preview_rule", { rule, tryWith: this.tryWith }) : null;
      if (asked === this.#asked) this.ahead = ahead;
    } catch {
      // A rule that is half edited cannot be looked ahead at; the warnings say what is missing.
      if (asked === this.#asked) this.ahead = null;
    }
  }

  async #askTrigger(trigger: Trigger): Promise<void> {
    const key = JSON.stringify(trigger);
    if (key === this.#trigger) return;
    this.#trigger = key;
    const [real, variables, values] = await Promise.all([
      this.#api.call("real_events", { trigger, limit: EVENTS }),
      this.#api.call("variables", { trigger }),
      this.#api.call("values", {}),
    ]);
    this.real = real;
    this.variables = variables;
    this.values = values;
    const newest = real[0];
    this.tryWith = newest
      ? { with: "real", session: newest.session, number: newest.number }
      : suited(this.madeUp, trigger);
  }
}

function firstMadeUp(): MadeUp {
  return {
    with: "made_up",
    nickname: "mia",
    giftId: null,
    count: 12,
    // The engine makes one up that the trigger answers.
    comment: "",
    months: 1,
    follower: true,
    subscriber: false,
    moderator: false,
  };
}

/** Made up so that the trigger answers it. */
function suited(madeUp: MadeUp, trigger: Trigger): MadeUp {
  if (trigger.on === "gift") return { ...madeUp, giftId: trigger.gifts?.[0]?.id ?? null };
  return madeUp;
}
