// The form of the catalogues: flat keys, each a text or one text for each plural form.
import type en from "./en.json";
import { kept } from "./keptFormatters";

export type Key = keyof typeof en;

/** A text, or texts by plural form of the parameter `count`. */
export type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<Key, Entry>;

export type Params = Record<string, string | number>;

export const LOCALES = ["en", "es", "vi"] as const;
export type Locale = (typeof LOCALES)[number];

const numbers = kept((locale) => new Intl.NumberFormat(locale));
const plurals = kept((locale) => new Intl.PluralRules(locale));

/** Puts the parameters into an entry; numbers in the locale's own form, unknown braces stay as typed. */
export function fill(entry: Entry, params: Params, locale: Locale): string {
  return choose(entry, params, locale).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers(locale).format(value) : value;
  });
}

function choose(entry: Entry, params: Params, locale: Locale): string {
  if (typeof entry === "string") return entry;
  const count = params["count"];
  const form = typeof count === "number" ? plurals(locale).select(count) : "other";
  return entry[form] ?? entry.other ?? "";
}
