// The one door to the engine, whatever lies behind it.
import type { CommandName, Failure, FailureCode, Input, Output, PushBatch } from "$lib/bindings";

export interface Transport {
  /** Asks for one command; a refusal is thrown as `TransportFailure`. */
  call<C extends CommandName>(command: C, input: Input<C>): Promise<Output<C>>;
  /** Tells of every push batch, in order, until the returned function is called. */
  onPush(listener: (batch: PushBatch) => void): () => void;
  /** Tells why the way to the engine broke, and with `null` that it is there again. */
  onLink(listener: (broken: TransportFailure | null) => void): () => void;
}

/** What a command answered when it could not do what was asked. */
export class TransportFailure extends Error {
  readonly code: FailureCode;
  readonly field: string | undefined;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "TransportFailure";
    this.code = failure.code;
    this.field = failure.field;
  }
}

/** Takes whatever was thrown for a failure: odd input is kept, never fatal. */
export function asFailure(thrown: unknown): TransportFailure {
  if (thrown instanceof TransportFailure) return thrown;
  if (isFailure(thrown)) return new TransportFailure(thrown);
  return new TransportFailure({ code: "defect", message: thrown instanceof Error ? thrown.message : String(thrown) });
}

function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}
