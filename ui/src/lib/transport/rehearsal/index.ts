// A door without an engine behind it: a small invented world, for development, tests and pictures only.
import type { CommandName, Input, Output, PushBatch } from "$lib/bindings";

import { Listeners } from "../listeners";
import { TransportFailure, type Transport } from "../transport";
import { World } from "./world";

export class RehearsalTransport implements Transport {
  #pushed = new Listeners<PushBatch>();
  readonly world: World;

  constructor(wishes: URLSearchParams) {
    this.world = new World(wishes, (batch) => this.#pushed.tell(batch));
  }

  async call<C extends CommandName>(command: C, input: Input<C>): Promise<Output<C>> {
    // The engine answers later too; whoever relies on less would break on it.
    await Promise.resolve();
    const failing = this.world.failing.get(command);
    if (failing) throw new TransportFailure({ code: failing, message: "as the rehearsal was told to" });
    return structuredClone(this.world.answer(command, input));
  }

  onPush(listener: (batch: PushBatch) => void): () => void {
    return this.#pushed.add(listener);
  }

  onLink(): () => void {
    return () => undefined;
  }
}
