// Two changes of the same rule put together, where they do not contradict each other.
import type { Rule } from "$lib/bindings";

/** Both changes of `base`; `null` where they changed the same part differently. */
export function merged(base: Rule, mine: Rule, theirs: Rule): Rule | null {
  const parts = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]) as Set<keyof Rule>;
  const both = { ...mine };
  for (const part of parts) {
    if (same(base[part], theirs[part]) || same(mine[part], theirs[part])) continue;
    if (!same(base[part], mine[part])) return null;
    if (part in theirs) Object.assign(both, { [part]: theirs[part] });
    else Reflect.deleteProperty(both, part);
  }
  return both;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
