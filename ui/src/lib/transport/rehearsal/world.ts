// The rehearsal's world: what the commands find and change.
import type {
  AttemptLine,
  CallerRole,
  CommandName,
  Deed,
  EventLine,
  FailureCode,
  Input,
  Job,
  ListedRule,
  LiveStatus,
  NowAndNext,
  Output,
  PushBatch,
  Rule,
  Rulebook,
  RuleGroup,
  Saved,
  Service,
  ServiceStatus,
  Settings,
  WhereKeyLies,
} from "$lib/bindings";

import { TransportFailure } from "../transport";
import { exampleAttempts } from "./attempts";
import { exampleJobs, exampleStatuses } from "./jobs";
import { numberedLine, randomLine } from "./lines";
import { liveAnswers } from "./liveAnswers";
import { firstStatus } from "./phases";
import { refusal } from "./refusals";
import { listedRules } from "./rules";
import { rulesAnswers } from "./rulesAnswers";
import { services } from "./services";
import { STILL_MS } from "./still";
import { servicesAnswers } from "./servicesAnswers";
import { firstSettings, settingsAnswers } from "./settingsAnswers";

/** Asked by scripts, other programs and the shell around the window, never by a screen. */
type ElsewhereCommand =
  "live" | "press_hotkey" | "run_rule" | "call_rules" | "emit_event" | "run_action" | "skip_service" | "overlay_token";
type ScreenCommand = Exclude<CommandName, ElsewhereCommand>;

/** What answers some of the commands. */
export type Answers<C extends CommandName> = { [K in C]: (input: Input<K>) => Output<K> };

type Past = { deed: Deed; rules: ListedRule[]; services: Service[] };

export class World {
  /** Commands that fail with that code, by the `fail` wishes in the address. */
  readonly failing = new Map<CommandName, FailureCode>();
  readonly #push: (batch: PushBatch) => void;
  readonly #answers: Answers<ScreenCommand> = {
    ...liveAnswers(this),
    ...rulesAnswers(this),
    ...servicesAnswers(this),
    ...settingsAnswers(this),
  };
  readonly still: boolean;
  /** Brings that many comments that say their number, and no more. */
  readonly numbered: number | null;
  readonly role: CallerRole;
  seq = 0;
  number = 1000;
  revision = 1;
  #seed = 7;

  rules: ListedRule[];
  groups: RuleGroup[] = [{ name: "gifts", fires: "most_specific" }];
  binned: { rule: Rule; binnedMs: number }[] = [];
  /** The revision that last changed a rule. */
  readonly #changedIn = new Map<string, number>();
  history = new Map<string, { version: number; savedMs: number; rule: Rule }[]>();
  past: Past[] = [];
  future: Past[] = [];
  services: Service[] = services();
  jobs: Job[];
  statuses: ServiceStatus[];
  live: LiveStatus;
  readonly attempts: AttemptLine[];
  settings: Settings;
  /** Where the keys that are set lie. */
  readonly keys = new Map<string, WhereKeyLies>();
  muted: { userId: string; nickname: string }[] = [];

  constructor(wishes: URLSearchParams, push: (batch: PushBatch) => void) {
    this.#push = push;
    this.still = wishes.has("still");
    this.numbered = wishes.has("numbered") ? Number(wishes.get("numbered")) : null;
    this.role = (wishes.get("role") ?? "window") as CallerRole;
    const empty = wishes.has("empty");
    this.rules = empty ? [] : listedRules();
    this.jobs = empty ? [] : exampleJobs(this.now);
    this.statuses = exampleStatuses(this.jobs);
    if (empty)
      this.statuses = this.statuses.map((status) => ({
        ...status,
        active: true,
        paused: false,
        trouble: null,
        pending: 0,
        lateMs: 0,
      }));
    const phase = wishes.get("phase") ?? "live";
    this.live = firstStatus(this.now, phase, empty);
    this.attempts = empty ? [] : exampleAttempts(phase);
    this.settings = firstSettings(wishes);
    for (const key of wishes.getAll("environment")) this.keys.set(key, "environment");
    for (const wish of wishes.getAll("fail")) {
      const [command, code] = wish.split(":");
      this.failing.set(command as CommandName, (code ?? "unreachable") as FailureCode);
    }
    const perSecond = Number(wishes.get("events") ?? "3");
    if (!this.still && perSecond > 0 && this.live.phase.state === "live") this.play(perSecond);
  }

  get now(): number {
    return this.still ? STILL_MS : Date.now();
  }

  answer<C extends CommandName>(command: C, input: Input<C>): Output<C> {
    const answers: Partial<Answers<CommandName>> = this.#answers;
    const answer = answers[command];
    if (!answer) throw new TransportFailure({ code: "unknown_command", message: `no screen asks for ${command}` });
    const refused = refusal(command, this.live.phase);
    if (refused) throw new TransportFailure({ code: refused, message: `${command} as it stands` });
    return answer(input);
  }

  tell(batch: Omit<PushBatch, "seq">): void {
    this.seq += 1;
    this.#push(structuredClone({ seq: this.seq, ...batch }));
  }

  /** Brings events at that rate, one batch a frame. */
  play(perSecond: number): void {
    const every = Math.max(16, 1000 / perSecond);
    const dice = (): number => {
      this.#seed = (this.#seed * 16_807) % 2_147_483_647;
      return this.#seed / 2_147_483_647;
    };
    const first = this.number;
    const timer = setInterval(() => {
      const left = this.numbered === null ? Infinity : first + this.numbered - this.number;
      const count = Math.min(left, Math.max(1, Math.round((perSecond * every) / 1000)));
      if (count <= 0) {
        clearInterval(timer);
        return;
      }
      const next = (): EventLine => {
        const number = this.number++;
        return this.numbered === null ? randomLine(number, Date.now(), dice) : numberedLine(number, Date.now());
      };
      const lines = Array.from({ length: count }, next);
      const { totals } = this.live;
      this.live = { ...this.live, totals: { ...totals, events: totals.events + count, likes: totals.likes + count } };
      this.tell({ lines, live: this.live });
    }, every);
  }

  changeLive(change: Partial<LiveStatus>): Record<never, never> {
    this.live = { ...this.live, ...change };
    this.tell({ live: this.live });
    return {};
  }

  remember(deed: Deed): void {
    this.past.push({ deed, rules: structuredClone(this.rules), services: structuredClone(this.services) });
    this.future = [];
    this.revision += 1;
  }

  travel(from: Past[], to: Past[]): Output<"undo"> {
    const past = from.pop();
    if (!past) return this.undo;
    to.push({ deed: past.deed, rules: this.rules, services: this.services });
    this.rules = past.rules;
    this.services = past.services;
    this.revision += 1;
    this.tell({ undo: this.undo, rulebookRevision: this.revision });
    return this.undo;
  }

  get undo(): Rulebook["undo"] {
    return { undo: this.past.at(-1)?.deed ?? null, redo: this.future.at(-1)?.deed ?? null };
  }

  get book(): Rulebook {
    const defaults = this.services.flatMap((service) =>
      Object.entries(service.events).flatMap(([eventType, config]) =>
        config.defaultAction
          ? [
              {
                service: service.id,
                serviceName: service.name,
                eventType: eventType as "gift",
                ...config.defaultAction,
              },
            ]
          : [],
      ),
    );
    return {
      revision: this.revision,
      rules: this.rules,
      groups: this.groups,
      defaults,
      binned: this.binned.length,
      undo: this.undo,
    };
  }

  listed(id: string): ListedRule {
    const found = this.rules.find((listed) => listed.rule.id === id);
    if (!found) throw new TransportFailure({ code: "not_found", message: `there is no rule ${id}` });
    return found;
  }

  save(rule: Rule, what: Deed["what"]): Saved {
    const place = this.rules.findIndex((listed) => listed.rule.id === rule.id);
    this.remember({ what, name: rule.name });
    const old = this.rules[place];
    if (old) {
      const versions = this.history.get(rule.id) ?? [];
      versions.unshift({ version: versions.length + 1, savedMs: this.now, rule: old.rule });
      this.history.set(rule.id, versions);
    }
    const warnings: ListedRule["warnings"] =
      rule.do.length === 0
        ? [{ about: { rule: rule.id }, place: "do", code: "no_steps" }]
        : (old?.warnings ?? []).filter((warning) => warning.code !== "no_steps");
    const listed: ListedRule = { firedThisLive: 0, firedLastLive: null, ...old, rule, warnings };
    this.rules = place < 0 ? [...this.rules, listed] : this.rules.with(place, listed);
    this.#changedIn.set(rule.id, this.revision);
    return { rule: listed, revision: this.revision, undo: this.undo };
  }

  changedSince(id: string, revision: number): boolean {
    return (this.#changedIn.get(id) ?? 0) > revision;
  }

  freeId(name: string): string {
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "rule";
    const taken = new Set(this.rules.map((listed) => listed.rule.id));
    let id = base;
    for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
    return id;
  }

  queue(service: string): Output<"queue"> {
    const own = this.jobs.filter((job) => job.service === service);
    return {
      service,
      running: own.filter((job) => job.state === "processing"),
      waiting: own.filter((job) => job.state === "pending"),
      ended: own.filter((job) => !["processing", "pending"].includes(job.state)),
      moreWaiting: service === "voice" ? 6 : 0,
      moreEnded: 0,
    };
  }

  changeJob(id: string, change: (job: Job) => Job | null): Output<"queue"> {
    const place = this.jobs.findIndex((job) => job.id === id);
    const job = this.jobs[place];
    if (!job) throw new TransportFailure({ code: "not_found", message: `there is no job ${id}` });
    const changed = change(job);
    this.jobs = changed ? this.jobs.with(place, changed) : this.jobs.toSpliced(place, 1);
    return this.queue(job.service);
  }

  moveJob(id: string, by: number): Output<"queue"> {
    const place = this.jobs.findIndex((job) => job.id === id);
    const job = this.jobs[place];
    if (!job) throw new TransportFailure({ code: "not_found", message: `there is no job ${id}` });
    const waiting = this.jobs
      .map((one, at) => ({ one, at }))
      .filter(({ one }) => one.service === job.service && one.state === "pending");
    const target = waiting[waiting.findIndex(({ at }) => at === place) + by];
    if (target) this.jobs = this.jobs.with(place, target.one).with(target.at, job);
    return this.queue(job.service);
  }

  changeService(id: string, name: string, change: (service: Service) => Service): Service {
    const place = this.services.findIndex((service) => service.id === id);
    const service = this.services[place];
    if (!service) throw new TransportFailure({ code: "not_found", message: `there is no service ${id}` });
    this.remember({ what: "service_changed", name: name || service.name });
    const changed = change(service);
    this.services = this.services.with(place, changed);
    this.statuses = this.statuses.map((status) => (status.id === id ? { ...status, active: changed.active } : status));
    this.tell({ undo: this.undo, services: this.statuses.filter((status) => status.id === id) });
    return changed;
  }

  changeStatus(id: string, change: Partial<ServiceStatus>): Record<never, never> {
    this.statuses = this.statuses.map((status) => (status.id === id ? { ...status, ...change } : status));
    this.tell({ services: this.statuses.filter((status) => status.id === id) });
    return {};
  }

  get nowAndNext(): NowAndNext {
    return {
      now: this.jobs.filter((job) => job.state === "processing").slice(1, 2),
      next: this.jobs.filter((job) => job.state === "pending" && job.heldSinceMs === null).slice(0, 4),
    };
  }
}
