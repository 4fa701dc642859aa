// The services as a new data folder has them.
import type { EventConfig, EventType, Service, ServiceKind, ServiceStatus } from "$lib/bindings";

const KINDS: [ServiceKind, string, "sync" | "async", number][] = [
  ["basics", "Basics", "async", 500],
  ["dinochrome", "DinoChrome", "sync", 50],
  ["overlays", "Overlays", "async", 100],
  ["voice", "Voice", "sync", 50],
  ["sounds", "Sounds", "async", 50],
  ["assistant", "Assistant", "async", 20],
  ["games", "Games", "sync", 100],
  ["studio", "Studio", "sync", 50],
  ["web", "Web", "async", 100],
];

const WISHES: [EventType, number, number | null][] = [
  ["gift", 10, null],
  ["subscribe", 9, null],
  ["follow", 8, null],
  ["share", 7, 120],
  ["comment", 6, 60],
  ["like", 3, 30],
  ["join", 2, 30],
];

export function services(): Service[] {
  return KINDS.map(([kind, name, mode, maxQueueSize]) => {
    const config = (priority: number, expires: number | null): EventConfig => ({
      enabled: true,
      priority,
      mode,
      discardable: expires !== null,
      expiresAfterSeconds: expires,
      defaultAction: null,
    });
    const events = Object.fromEntries(
      WISHES.map(([eventType, priority, expires]) => [
        eventType,
        { ...config(priority, expires), defaultAction: fallback(kind, eventType) },
      ]),
    );
    const maxParallel = kind === "assistant" ? 2 : 8;
    return { id: kind, kind, name, active: true, maxQueueSize, maxParallel, events, others: config(5, 60) };
  });
}

const SHOWN: Partial<Record<EventType, string>> = {
  gift: "alert: {nickname} sent {gift_name} ×{count}",
  subscribe: "alert: {nickname} subscribed",
  follow: "alert: {nickname} follows",
  share: "alert: {nickname} shared the live",
  comment: "chat: {nickname}: {comment}",
};

function fallback(kind: ServiceKind, eventType: EventType): EventConfig["defaultAction"] {
  const text = SHOWN[eventType];
  if (kind !== "overlays" || text === undefined) return null;
  return { enabled: true, action: { action: "log_write", service: "overlays", with: { text } } };
}

export function idle(id: string): ServiceStatus {
  return {
    id,
    active: true,
    paused: false,
    worker: { by: "us" },
    pending: 0,
    processing: 0,
    held: 0,
    lateMs: 0,
    completedToday: 0,
    failedToday: 0,
    discardedToday: 0,
    running: [],
    trouble: null,
  };
}
