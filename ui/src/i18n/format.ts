// Numbers, times and sizes in the chosen language.
import { currentLocale, t } from "./index.svelte";
import { kept } from "./keptFormatters";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

const numbers = kept((locale, digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
const shortNumbers = kept(
  (locale, digits: number) => new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: digits }),
);
const times = kept((locale) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }));
const timesWithSeconds = kept(
  (locale) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
);
const dateTimes = kept((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }));
const agos = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }));
const sizes = kept((locale, step: number) => {
  const digits = step > 1 ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    maximumFractionDigits: digits,
  });
});
const lists = kept(
  (locale, type: "conjunction" | "disjunction") => new Intl.ListFormat(locale, { type, style: "long" }),
);

export function number(value: number, digits = 0): string {
  return numbers(currentLocale(), digits).format(value);
}

/** As short as fits a headline: 48.2K. */
export function shortNumber(value: number): string {
  if (value < 10_000) return number(value);
  return shortNumbers(currentLocale(), 1).format(value);
}

/** A time span as people say it when it matters how long: 310 ms, 1.9 s, 42 s, 3 min. */
export function span(ms: number): string {
  if (ms < 995) return t("unit.ms", { value: number(Math.max(0, ms)) });
  if (ms < 9_950) return t("unit.s", { value: number(ms / 1000, 1) });
  if (ms < 119_500) return t("unit.s", { value: number(ms / 1000) });
  if (ms < 7_170_000) return t("unit.min", { value: number(ms / 60_000) });
  return t("unit.h", { value: number(ms / 3_600_000, 1) });
}

/** A running clock: 1:12:40. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const two = (part: number): string => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The time of day. */
export function time(ms: number): string {
  return times(currentLocale()).format(ms);
}

/** The time of day to the second. */
export function timeWithSeconds(ms: number): string {
  return timesWithSeconds(currentLocale()).format(ms);
}

export function dateTime(ms: number): string {
  return dateTimes(currentLocale()).format(ms);
}

/** 2 minutes ago. */
export function ago(ms: number, now: number): string {
  const format = agos(currentLocale());
  const seconds = Math.round((ms - now) / 1000);
  if (seconds > -60) return format.format(Math.min(seconds, 0), "second");
  if (seconds > -3600) return format.format(Math.round(seconds / 60), "minute");
  if (seconds > -86_400) return format.format(Math.round(seconds / 3600), "hour");
  return format.format(Math.round(seconds / 86_400), "day");
}

export function bytes(size: number): string {
  const step = Math.min(UNITS.length - 1, size < 1 ? 0 : Math.floor(Math.log(size) / Math.log(1000)));
  return sizes(currentLocale(), step).format(size / 1000 ** step);
}

export function list(items: readonly string[], type: "conjunction" | "disjunction" = "conjunction"): string {
  return lists(currentLocale(), type).format(items);
}
