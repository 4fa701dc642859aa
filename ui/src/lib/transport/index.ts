// Finds the door that this page has.
import { isInWindow, TauriTransport } from "./tauri";
import type { Transport } from "./transport";
import { WebSocketTransport } from "./websocket";

export { asFailure, TransportFailure, type Transport } from "./transport";

export async function findTransport(): Promise<Transport> {
  if (__REHEARSAL__) {
    const { RehearsalTransport } = await import("./rehearsal");
    return new RehearsalTransport(new URLSearchParams(location.search));
  }
  return isInWindow() ? new TauriTransport() : new WebSocketTransport(location);
}
