// The door inside the window: one Tauri command and one channel. Nothing else knows Tauri.
import { Channel, invoke } from "@tauri-apps/api/core";

import type { CommandName, Input, Output, PushBatch } from "$lib/bindings";

import { Listeners } from "./listeners";
import { asFailure, type Transport } from "./transport";

/** Whether this page runs inside the window. */
export function isInWindow(): boolean {
  return "__TAURI_INTERNALS__" in globalThis;
}

export class TauriTransport implements Transport {
  #pushed = new Listeners<PushBatch>();

  constructor() {
    const channel = new Channel<PushBatch>();
    channel.onmessage = (batch) => this.#pushed.tell(batch);
    // Without the channel nothing arrives by itself; the first `open` then says what is wrong.
    invoke("push", { channel }).catch(() => undefined);
  }

  async call<C extends CommandName>(command: C, input: Input<C>): Promise<Output<C>> {
    try {
      return await invoke<Output<C>>("rpc", { command, input });
    } catch (thrown) {
      throw asFailure(thrown);
    }
  }

  onPush(listener: (batch: PushBatch) => void): () => void {
    return this.#pushed.add(listener);
  }

  /** The engine lives in the same process: the way to it never breaks. */
  onLink(): () => void {
    return () => undefined;
  }
}
