// The services' settings, and the queue that is open.
import type { Api } from "$lib/api";
import type { EventConfig, EventType, Queue, Service } from "$lib/bindings";

/** Jobs of each list that are asked for at once. */
const JOBS = 100;

/** How soon an open queue is asked again after it changed, in milliseconds. */
const ASK_AFTER_MS = 300;

export type QueueDeed =
  "move_job_up" | "move_job_down" | "hold_job" | "release_job" | "skip_job" | "discard_job" | "run_job_again";

export class ServicesState {
  all = $state.raw<Service[]>([]);
  selected = $state<string | null>(null);
  queue = $state.raw<Queue | null>(null);

  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  get(id: string): Service | undefined {
    return this.all.find((service) => service.id === id);
  }

  nameOf(id: string): string {
    return this.get(id)?.name ?? id;
  }

  async reload(): Promise<void> {
    const asked = ++this.#asked;
    const all = await this.#api.call("services", {});
    // An answer that was overtaken by a later one says nothing new.
    if (asked === this.#asked) this.show(all);
  }

  /** Takes the list over; a service that is gone is open no more. */
  show(all: Service[]): void {
    this.all = all;
    if (this.selected === null || this.get(this.selected)) return;
    this.selected = null;
    this.queue = null;
  }

  async change(
    id: string,
    change: { name?: string; active?: boolean; maxQueueSize?: number; maxParallel?: number },
  ): Promise<void> {
    this.#take(await this.#api.call("change_service", { service: id, ...change }));
  }

  async changeEvent(
    id: string,
    eventType: EventType | null,
    change: Partial<Omit<EventConfig, "defaultAction">>,
  ): Promise<void> {
    this.#take(await this.#api.call("change_service_event", { service: id, eventType, change }));
  }

  async separate(id: string, eventType: EventType, apart: boolean): Promise<void> {
    this.#take(await this.#api.call("separate_event_type", { service: id, eventType, apart }));
  }

  async openQueue(id: string): Promise<void> {
    if (this.queue?.service !== id) this.queue = null;
    const queue = await this.#api.call("queue", { service: id, limit: JOBS });
    if (this.selected === id) this.queue = queue;
  }

  /** A service's queue moved; the open one is asked again, not more often than people can read. */
  noticeChange(id: string): void {
    if (this.selected !== id || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // The next change asks again.
      void this.openQueue(id).catch(() => undefined);
    }, ASK_AFTER_MS);
  }

  async doTo(deed: QueueDeed, job: string): Promise<void> {
    this.queue = await this.#api.call(deed, { job });
  }

  async clear(id: string, userId: string | null): Promise<void> {
    this.queue = await this.#api.call("clear_queue", { service: id, userId });
  }

  #take(service: Service): void {
    this.all = this.all.map((known) => (known.id === service.id ? service : known));
  }
}
