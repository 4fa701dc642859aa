// The gift catalogue as the picker shows it: searched in any language, page by page.
import { SvelteMap } from "svelte/reactivity";

import type { Api } from "$lib/api";
import type { Gift, GiftOrder } from "$lib/bindings";

/** Gifts asked for at once; a few rows more than fit. */
const PAGE = 60;

/** How long typing must pause before the search, in milliseconds. */
const SEARCH_AFTER_MS = 150;

export class GiftsState {
  search = $state("");
  order = $state<GiftOrder>("received");
  found = $state.raw<Gift[]>([]);
  total = $state(0);
  loading = $state(false);
  failed = $state(false);
  /** Waits for the next gift to arrive. */
  catching = $state(false);

  readonly #api: Api;
  /** Where the picture of each gift lies that was seen; `null` where there is none. */
  readonly #pictures = new SvelteMap<number, string | null>();
  readonly #wanted = new Set<number>();
  #next: number | null = 0;
  /** Answers to an older question are dropped. */
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onCaught: ((gift: Gift) => void) | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  async open(): Promise<void> {
    await this.#ask(0);
  }

  /** The picture of a gift from our own cache; one that is not known is asked for, once. */
  picture(id: number): string | null {
    const known = this.#pictures.get(id);
    if (known === undefined && !this.#wanted.has(id)) {
      this.#wanted.add(id);
      void this.#look(id);
    }
    return known ?? null;
  }

  setSearch(text: string): void {
    this.search = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(0), SEARCH_AFTER_MS);
  }

  async setOrder(order: GiftOrder): Promise<void> {
    this.order = order;
    await this.#ask(0);
  }

  async more(): Promise<void> {
    if (this.#next !== null && this.#next > 0 && !this.loading) await this.#ask(this.#next);
  }

  async catchNext(onCaught: (gift: Gift) => void): Promise<void> {
    this.#onCaught = onCaught;
    this.catching = true;
    try {
      await this.#api.call("catch_next_gift", {});
    } catch {
      this.catching = false;
    }
  }

  async stopCatching(): Promise<void> {
    this.catching = false;
    this.#onCaught = undefined;
    await this.#api.call("stop_catching", {});
  }

  caught(gift: Gift): void {
    this.#pictures.set(gift.id, gift.imageUrl);
    if (!this.catching) return;
    this.catching = false;
    this.#onCaught?.(gift);
    this.#onCaught = undefined;
  }

  async #ask(offset: number): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const input = { search: this.search, order: this.order, offset, limit: PAGE };
      const page = await this.#api.call("gifts", input);
      if (asked !== this.#asked) return;
      this.found = offset === 0 ? page.gifts : [...this.found, ...page.gifts];
      for (const gift of page.gifts) this.#pictures.set(gift.id, gift.imageUrl);
      this.total = page.total;
      this.#next = page.next;
      this.failed = false;
    } catch {
      this.failed = asked === this.#asked;
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  async #look(id: number): Promise<void> {
    try {
      const { gifts } = await this.#api.call("gifts", {
        search: String(id),
        order: "received",
        offset: 0,
        limit: PAGE,
      });
      this.#pictures.set(id, gifts.find((gift) => gift.id === id)?.imageUrl ?? null);
    } catch {
      // Its initial is drawn; the next live that shows the gift asks again.
      this.#pictures.set(id, null);
    }
  }
}
