// Finds the handle in what people type or paste: `@x`, `x`, or a profile link.

const LINK = /^(?:https?:\/\/)?(?:www\.|m\.)?tiktok\.com\/@([^/?#\s]+)/i;
const HANDLE = /^[\p{L}\p{N}_.]{2,24}$/u;

/** The handle without `@`; `null` where there is none. */
export function handleOf(text: string): string | null {
  const trimmed = text.trim();
  const handle = (LINK.exec(trimmed)?.[1] ?? trimmed).replace(/^@/, "");
  return HANDLE.test(handle) ? handle.toLowerCase() : null;
}
