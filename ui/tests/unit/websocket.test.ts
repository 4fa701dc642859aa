// The door from a browser keeps what it promises: the token first, and no asking for ever with one that is refused.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { WebSocketTransport } from "$lib/transport/websocket";

/** The far side of a socket, in the hands of a test. */
class Socket {
  static readonly OPEN = 1;
  static all: Socket[] = [];
  readyState = 0;
  sent: unknown[] = [];
  onopen: () => void = () => undefined;
  onmessage: (message: { data: string }) => void = () => undefined;
  onclose: () => void = () => undefined;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  open(): void {
    this.readyState = Socket.OPEN;
    this.onopen();
  }

  says(message: unknown): void {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

const REFUSED = { error: { code: "token_refused", message: "this token lets nobody in" } };

function transport(): { door: WebSocketTransport; socket: Socket } {
  const door = new WebSocketTransport(location);
  const socket = Socket.all.at(-1);
  if (!socket) throw new Error("it opens a socket at once");
  return { door, socket };
}

beforeEach(() => {
  Socket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
  sessionStorage.clear();
  location.hash = "#token=abc";
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the door from a browser", () => {
  it("shows the token before anything else, and in no address", () => {
    const { door, socket } = transport();
    void door.call("open", {});
    socket.open();
    expect(socket.sent).toEqual([{ token: "abc" }, { id: 1, command: "open", input: {} }]);
    expect(socket.url).not.toContain("abc");
    expect(location.hash).toBe("");
  });

  it("tells why it was refused, and does not knock again", async () => {
    const { door, socket } = transport();
    const opened = door.call("open", {});
    socket.open();
    socket.says(REFUSED);
    socket.onclose();
    await expect(opened).rejects.toMatchObject({ code: "token_refused" });
    await expect(door.call("open", {})).rejects.toMatchObject({ code: "token_refused" });
    vi.advanceTimersByTime(60_000);
    expect(Socket.all).toHaveLength(1);
    expect(sessionStorage.getItem("token")).toBeNull();
  });

  it("knocks again when the way broke", async () => {
    const { door, socket } = transport();
    const opened = door.call("open", {});
    socket.open();
    socket.onclose();
    await expect(opened).rejects.toMatchObject({ code: "unreachable" });
    vi.advanceTimersByTime(60_000);
    expect(Socket.all).toHaveLength(2);
  });
});
