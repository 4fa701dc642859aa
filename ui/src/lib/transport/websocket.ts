// The door from a browser: a WebSocket to the server that sent this page.
import type { CommandName, Failure, Input, Output, PushBatch } from "$lib/bindings";

import { Listeners } from "./listeners";
import { TransportFailure, type Transport } from "./transport";

type Answer = { id: number; ok: unknown } | { id: number; error: Failure };
/** Said of nothing that was asked: the token lets nobody in, or no longer, or too many pages are open. */
type Refusal = { error: Failure };
type Message = Answer | Refusal | { push: PushBatch };
type Waiting = { resolve: (value: never) => void; reject: (failure: TransportFailure) => void };

/** Longest pause before trying again, in milliseconds. */
const RETRY_MS_MAX = 10_000;

export class WebSocketTransport implements Transport {
  #pushed = new Listeners<PushBatch>();
  #link = new Listeners<TransportFailure | null>();
  #waiting = new Map<number, Waiting>();
  #unsent: string[] = [];
  #socket: WebSocket | undefined;
  #refused: TransportFailure | undefined;
  #nextId = 1;
  #tries = 0;
  readonly #url: string;
  readonly #token: string;

  /** The token stands in the fragment, which browsers do not send; it goes in the first message instead. */
  constructor(location: Location) {
    this.#url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ui`;
    this.#token = new URLSearchParams(location.hash.slice(1)).get("token") ?? sessionStorage.getItem("token") ?? "";
    sessionStorage.setItem("token", this.#token);
    // A token that stays in the address bar ends up in a screenshot or a history.
    history.replaceState(null, "", location.pathname);
    this.#connect();
  }

  call<C extends CommandName>(command: C, input: Input<C>): Promise<Output<C>> {
    if (this.#refused) return Promise.reject(this.#refused);
    // While the way is broken nothing is kept back: what people asked a minute ago is not what they want then.
    if (this.#tries > 0) return Promise.reject(broken());
    const id = this.#nextId++;
    return new Promise<Output<C>>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send(JSON.stringify({ id, command, input }));
    });
  }

  onPush(listener: (batch: PushBatch) => void): () => void {
    return this.#pushed.add(listener);
  }

  onLink(listener: (broken: TransportFailure | null) => void): () => void {
    return this.#link.add(listener);
  }

  #send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
    else this.#unsent.push(text);
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#tries = 0;
      socket.send(JSON.stringify({ token: this.#token }));
      for (const text of this.#unsent.splice(0)) socket.send(text);
      this.#link.tell(null);
    };
    socket.onmessage = (message: MessageEvent<string>) => this.#take(JSON.parse(message.data) as Message);
    socket.onclose = () => this.#lost();
  }

  #take(message: Message): void {
    if ("push" in message) {
      this.#pushed.tell(message.push);
      return;
    }
    if (!("id" in message)) {
      this.#refuse(new TransportFailure(message.error));
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new TransportFailure(message.error));
    else waiting?.resolve(message.ok as never);
  }

  /** Asking again would be refused again, until people do something about it. */
  #refuse(failure: TransportFailure): void {
    this.#refused = failure;
    if (failure.code === "token_refused") sessionStorage.removeItem("token");
    this.#fail(failure);
  }

  #fail(failure: TransportFailure): void {
    for (const waiting of this.#waiting.values()) waiting.reject(failure);
    this.#waiting.clear();
    this.#unsent = [];
  }

  /** What was asked may or may not have been done, so it is not asked again by itself. */
  #lost(): void {
    this.#link.tell(this.#refused ?? broken());
    this.#fail(broken());
    if (this.#refused) return;
    this.#tries += 1;
    setTimeout(() => this.#connect(), Math.min(250 * 2 ** this.#tries, RETRY_MS_MAX));
  }
}

function broken(): TransportFailure {
  return new TransportFailure({ code: "unreachable", message: "the connection to Cuelight broke" });
}
