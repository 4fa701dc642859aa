// What the state classes ask the engine for: typed calls, and failures as something one can act on.
import type { CommandName, FailureCode, Input, Output, PushBatch } from "$lib/bindings";
import { findTransport, type Transport, type TransportFailure as ApiFailure } from "$lib/transport";

export { TransportFailure as ApiFailure, asFailure } from "$lib/transport";
export type { Transport } from "$lib/transport";

export class Api {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  static async find(): Promise<Api> {
    return new Api(await findTransport());
  }

  call<C extends CommandName>(command: C, input: Input<C>): Promise<Output<C>> {
    return this.#transport.call(command, input);
  }

  onPush(listener: (batch: PushBatch) => void): () => void {
    return this.#transport.onPush(listener);
  }

  onLink(listener: (broken: ApiFailure | null) => void): () => void {
    return this.#transport.onLink(listener);
  }
}

/** What helps against a failure; the button that is shown with it. */
export type Remedy = "retry" | "reload" | "settings" | "data_folder" | "none";

/** How bad each failure is, and what helps. */
export const FAILURES: Record<FailureCode, { severity: "notable" | "bad"; remedy: Remedy }> = {
  bad_input: { severity: "notable", remedy: "none" },
  not_found: { severity: "notable", remedy: "reload" },
  changed_meanwhile: { severity: "notable", remedy: "reload" },
  not_allowed: { severity: "notable", remedy: "none" },
  token_refused: { severity: "bad", remedy: "none" },
  not_now: { severity: "notable", remedy: "none" },
  already_live: { severity: "notable", remedy: "none" },
  engine_elsewhere: { severity: "bad", remedy: "retry" },
  disk_full: { severity: "bad", remedy: "data_folder" },
  folder_unusable: { severity: "bad", remedy: "retry" },
  database_damaged: { severity: "bad", remedy: "data_folder" },
  database_set_aside: { severity: "bad", remedy: "data_folder" },
  database_newer: { severity: "bad", remedy: "none" },
  keychain_missing: { severity: "notable", remedy: "settings" },
  keychain_locked: { severity: "notable", remedy: "settings" },
  key_refused: { severity: "notable", remedy: "settings" },
  unreachable: { severity: "bad", remedy: "retry" },
  page_not_shown: { severity: "notable", remedy: "retry" },
  page_timed_out: { severity: "notable", remedy: "retry" },
  too_large: { severity: "notable", remedy: "none" },
  unknown_command: { severity: "bad", remedy: "none" },
  defect: { severity: "bad", remedy: "none" },
};
