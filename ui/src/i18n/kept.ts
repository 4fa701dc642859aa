// Formatters that are made once: making one costs a hundred times what using it does.
import type { Locale } from "./catalogue";

/** Makes a formatter for each locale and variant when it is first wanted, and keeps it. */
export function kept<V extends string | number, F>(
  make: (locale: Locale, variant: V) => F,
): (locale: Locale, variant: V) => F {
  const made = new Map<string, F>();
  return (locale, variant) => {
    const name = `${locale} ${variant}`;
    const known = made.get(name);
    if (known) return known;
    const fresh = make(locale, variant);
    made.set(name, fresh);
    return fresh;
  };
}
