// The moment at which pictures are taken, so that they are the same every time.

export const STILL_MS = Date.UTC(2026, 0, 12, 20, 30);
