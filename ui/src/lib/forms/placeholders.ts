// Finds placeholders in a text, so that they can be shown as chips.

export type Piece = { text: string; placeholder: boolean };

/** A name as placeholders have it, perhaps with `:name`, `[1]` and filters. */
const PLACEHOLDER = /(\{[\p{L}_][\p{L}\p{N}_:[\] ]*(?:\|[^{}|]*)*\})/u;

/** `"Hi {nickname}!"` → Hi, **nickname**, ! */
export function pieces(text: string): Piece[] {
  return text
    .split(PLACEHOLDER)
    .map((piece, place) => ({ text: place % 2 === 1 ? piece.slice(1, -1) : piece, placeholder: place % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
