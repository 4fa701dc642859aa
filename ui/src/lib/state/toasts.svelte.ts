// Short messages at the edge of the window: what was done, or why not.

export type ToastKind = "done" | "notable" | "bad";
export type Toast = { id: number; kind: ToastKind; text: string; button?: { label: string; press: () => void } };

/** How long a message stays, in milliseconds; those with a button stay longer. */
const STAYS_MS = 4_000;
const STAYS_WITH_BUTTON_MS = 9_000;

/** More at once would cover the window. */
const TOASTS = 4;

export class Toasts {
  shown = $state.raw<Toast[]>([]);
  #nextId = 1;

  show(kind: ToastKind, text: string, button?: Toast["button"]): void {
    const id = this.#nextId++;
    const same = this.shown.filter((toast) => toast.text !== text);
    this.shown = [...same, { id, kind, text, ...(button ? { button } : {}) }].slice(-TOASTS);
    setTimeout(() => this.close(id), button ? STAYS_WITH_BUTTON_MS : STAYS_MS);
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}
