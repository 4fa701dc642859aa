// The chosen language: texts by key, switched without a restart.
import { type Catalogue, type Entry, fill, type Key, type Locale, LOCALES, type Params } from "./catalogue";
import en from "./en.json";

export type { Key, Locale, Params } from "./catalogue";
export { LOCALES } from "./catalogue";

let locale = $state<Locale>("en");
let catalogue = $state.raw<Catalogue>(en);

/** The language in which everything is said now. */
export function currentLocale(): Locale {
  return locale;
}

/** What the system speaks, as far as we do. */
export function systemLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const found = LOCALES.find((known) => language.toLowerCase().split("-")[0] === known);
    if (found) return found;
  }
  return "en";
}

/** English is always there; the others come when they are chosen. */
async function load(wanted: Locale): Promise<Catalogue> {
  switch (wanted) {
    case "en":
      return en;
    case "es":
      return (await import("./es.json")).default;
    case "vi":
      return (await import("./vi.json")).default;
  }
}

export async function useLocale(wanted: Locale): Promise<void> {
  catalogue = await load(wanted);
  locale = wanted;
  document.documentElement.lang = wanted;
}

/** The text of that key in the chosen language. */
export function t(key: Key, params: Params = {}): string {
  const entries: Partial<Catalogue> = catalogue;
  // A code that is newer than the catalogues makes a key that is not there; it speaks for itself.
  return fill(entries[key] ?? key, params, locale);
}

/** The text of a key that may not exist, such as that of an action kind newer than this window. */
export function tOr(key: string, otherwise: string, params: Params = {}): string {
  const entries: Partial<Record<string, Entry>> = catalogue;
  const entry = entries[key];
  return entry === undefined ? otherwise : fill(entry, params, locale);
}
