// Work by frames: push batches are handed on once a frame, so that a flood costs one drawing; large screens are drawn in two.
import type { PushBatch } from "$lib/bindings";

/** How long batches are gathered while the window is hidden and has no frames, in milliseconds. */
const HIDDEN_MS = 250;

export class FrameGatherer {
  #gathered: PushBatch[] = [];
  #scheduled = false;
  readonly #apply: (batches: PushBatch[]) => void;
  readonly #schedule: (run: () => void) => void;

  constructor(apply: (batches: PushBatch[]) => void, schedule: (run: () => void) => void = nextFrame) {
    this.#apply = apply;
    this.#schedule = schedule;
  }

  add(batch: PushBatch): void {
    this.#gathered.push(batch);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      const batches = this.#gathered;
      this.#gathered = [];
      this.#scheduled = false;
      this.#apply(batches);
    });
  }
}

function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run, HIDDEN_MS);
  else requestAnimationFrame(run);
}

/** Does something once what is drawn now is on the screen; the returned function calls it off. */
export function afterPaint(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => (timer = setTimeout(run)));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
