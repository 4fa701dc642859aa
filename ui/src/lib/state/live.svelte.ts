// How the live stands: the connection, the totals, the health, the queues, what comes next.
import type { Health, LiveStatus, NowAndNext, Phase, ServiceStatus } from "$lib/bindings";

const NOBODY: LiveStatus = {
  phase: { state: "offline" },
  creator: null,
  session: null,
  source: null,
  way: null,
  totals: { viewers: 0, likes: 0, diamonds: 0, newFollowers: 0, events: 0 },
  lastGap: null,
  paused: false,
  silenced: false,
  behindMs: 0,
  oldJobs: null,
};

export class LiveState {
  status = $state.raw<LiveStatus>(NOBODY);
  health = $state.raw<Health[]>([]);
  services = $state.raw<ServiceStatus[]>([]);
  nowAndNext = $state.raw<NowAndNext>({ now: [], next: [] });

  /** Something is going on: a live, a rehearsal, or the way to one. */
  isOn = $derived(isOn(this.status));
  /** It goes on by itself towards a live: it can be cancelled, and nothing else can be begun. */
  isOnTheWay = $derived(isOnTheWay(this.status.phase));
  /** Another one whenever the connection took a step, so that there may be attempts that nobody has asked for yet. */
  step = $derived(stepOf(this.status.phase));
  isRehearsal = $derived(this.status.source === "simulator" || this.status.source === "recording");

  setServices(changed: readonly ServiceStatus[]): void {
    const byId = new Map(this.services.map((service) => [service.id, service]));
    for (const service of changed) byId.set(service.id, service);
    this.services = [...byId.values()];
  }

  service(id: string): ServiceStatus | undefined {
    return this.services.find((service) => service.id === id);
  }
}

/** Whether the feed belongs on the screen, rather than the form to go live. */
function isOn({ phase, session }: LiveStatus): boolean {
  switch (phase.state) {
    case "live":
    case "paused_by_creator":
    case "reconnecting":
    case "ended":
      return true;
    // In the middle of a live, they are a part of its gap.
    case "connecting":
    case "captcha":
      return session !== null;
    case "offline":
    case "looking":
    case "no_such_creator":
    case "not_live":
    case "waiting":
    case "age_restricted":
    case "not_public":
    case "blocked":
    case "rate_limited":
      return false;
  }
}

/** Whether the engine is at it, or will be at a time that it has set itself. */
function isOnTheWay(phase: Phase): boolean {
  switch (phase.state) {
    case "looking":
    case "connecting":
    case "waiting":
    case "rate_limited":
      return true;
    case "captcha":
      return phase.isShown;
    case "blocked":
      return phase.untilMs !== null;
    case "offline":
    case "no_such_creator":
    case "not_live":
    case "live":
    case "paused_by_creator":
    case "reconnecting":
    case "age_restricted":
    case "not_public":
    case "ended":
      return false;
  }
}

/** The phase without what ticks in it. */
function stepOf(phase: Phase): string {
  switch (phase.state) {
    case "reconnecting":
      return `${phase.state} ${phase.attempt}`;
    case "waiting":
      return `${phase.state} ${phase.nextCheckMs}`;
    case "blocked":
    case "rate_limited":
      return `${phase.state} ${phase.untilMs}`;
    case "captcha":
      return `${phase.state} ${phase.isShown}`;
    case "offline":
    case "looking":
    case "no_such_creator":
    case "not_live":
    case "connecting":
    case "live":
    case "paused_by_creator":
    case "age_restricted":
    case "not_public":
    case "ended":
      return phase.state;
  }
}

/** How late a service may be before it turns amber, and then red, in milliseconds. */
const LATE_MS = 10_000;
const VERY_LATE_MS = 120_000;

export type ServiceLight = "go" | "standby" | "stop" | "off";

/** A service is judged by how late it is, not by how long its queue is. */
export function serviceLight(status: ServiceStatus): ServiceLight {
  if (!status.active) return "off";
  if (status.trouble || status.lateMs >= VERY_LATE_MS) return "stop";
  if (status.paused || status.lateMs >= LATE_MS) return "standby";
  return "go";
}
