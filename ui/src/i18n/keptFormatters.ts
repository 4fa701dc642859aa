// Formatters that are made once: making one costs a hundred times what using it does.
import type { Locale } from "./catalogue";

/** Makes a formatter for each locale, and each variant where there are some, when it is first wanted, and keeps it. */
export function kept<F, V extends [] | [variant: string | number] = []>(
  make: (locale: Locale, ...variant: V) => F,
): (locale: Locale, ...variant: V) => F {
  const made = new Map<string, F>();
  return (locale, ...variant) => {
    const name = [locale, ...variant].join(" ");
    const known = made.get(name);
    if (known) return known;
    const fresh = make(locale, ...variant);
    made.set(name, fresh);
    return fresh;
  };
}
