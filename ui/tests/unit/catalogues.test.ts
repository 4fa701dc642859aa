// The catalogues are whole: every key in every language, every code, every form; and none that nobody uses.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import actions from "$schemas/actions.json";
import {
  ACTION_KINDS,
  CAPABILITY_CODES,
  COMBO_MODES,
  CONDITIONS,
  DEEDS,
  EVENT_TYPES,
  FAILURE_CODES,
  HEALTH_IDS,
  PHASES,
  REASON_CODES,
  SCENARIOS,
  SERVICE_KINDS,
  TRIGGERS,
  WARNING_CODES,
  type ActionKind,
} from "$lib/bindings";
import type { Entry } from "$i18n/catalogue";
import en from "$i18n/en.json";
import es from "$i18n/es.json";
import vi from "$i18n/vi.json";

const CATALOGUES: Record<string, Record<string, Entry>> = { en, es, vi };
const KEYS = Object.keys(en);
const UI = join(import.meta.dirname, "../..");

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "rehearsal" ? [] : sources(path);
    return /\.(svelte|ts)$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

const texts = (entry: Entry): string[] => (typeof entry === "string" ? [entry] : Object.values(entry));
const params = (entry: Entry): string =>
  [
    ...new Set(
      texts(entry)
        .join()
        .match(/\{\w+\}/g),
    ),
  ]
    .sort()
    .join();

describe.each(["es", "vi"])("the catalogue %s", (language) => {
  const catalogue = CATALOGUES[language] ?? {};

  it("has exactly the keys of the English one", () => {
    expect(Object.keys(catalogue).sort()).toEqual([...KEYS].sort());
  });

  it("says the same parameters", () => {
    for (const [key, entry] of Object.entries(CATALOGUES["en"] ?? {})) {
      // A hint may show a translated example in code.
      if (key.startsWith("actions.")) continue;
      expect(params(catalogue[key] ?? ""), key).toBe(params(entry));
    }
  });

  it("is translated", () => {
    const same = KEYS.filter((key) => {
      const entry = CATALOGUES["en"]?.[key] ?? "";
      return (
        JSON.stringify(catalogue[key]) === JSON.stringify(entry) &&
        texts(entry).some((text) => /\p{L}{4,}.*\s\p{L}{3,}/u.test(text.replace(/\{\w+\}/g, "")))
      );
    });
    expect(same, "whole sentences that are still English").toEqual([]);
  });
});

describe("the keys", () => {
  const code = sources(join(UI, "src")).join("\n");
  const literals = new Set([...code.matchAll(/["'`]([\w.]+)["'`]/g)].map(([, key]) => key));
  // `reason.${code}` uses every key of that form.
  const patterns = [...code.matchAll(/`([a-z]\w*\.[^`\s]*\$\{[^`]*)`/g)].map(
    ([, template = ""]) => new RegExp(`^${template.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}$`),
  );

  it("are all used", () => {
    // The console's own are checked where they are used, by a test of the runtime.
    const own = KEYS.filter((key) => !key.startsWith("cli."));
    const unused = own.filter((key) => !literals.has(key) && !patterns.some((pattern) => pattern.test(key)));
    expect(unused).toEqual([]);
  });

  it.each([
    // The words of an action that failed come from the action itself.
    { prefix: "reason", codes: REASON_CODES.filter((code) => code !== "action_failed") },
    { prefix: "warning", codes: WARNING_CODES },
    { prefix: "capability", codes: CAPABILITY_CODES },
    { prefix: "failure", codes: FAILURE_CODES },
    { prefix: "event", codes: EVENT_TYPES },
    // A trigger on any event is called after the event.
    { prefix: "trigger", codes: TRIGGERS.filter((code) => code !== "event") },
    { prefix: "condition", codes: CONDITIONS },
    { prefix: "kind", codes: SERVICE_KINDS },
    { prefix: "combo", codes: COMBO_MODES },
    { prefix: "scenario", codes: SCENARIOS },
    // The screens of these say it by themselves.
    { prefix: "phase", codes: PHASES.filter((code) => !["offline", "live", "ended"].includes(code)) },
    { prefix: "health.of", codes: HEALTH_IDS },
    { prefix: "undo", codes: DEEDS },
  ])("are there for every code under $prefix", ({ prefix, codes }) => {
    const missing = codes
      .map((code) => `${prefix}.${code}`)
      .filter((key) => !KEYS.some((known) => known === key || known.startsWith(`${key}.`)));
    expect(missing).toEqual([]);
  });

  it("are there for every kind of action", () => {
    expect(
      actions.map((kind) => kind.id),
      "the schemas describe what this engine can do",
    ).toEqual([...ACTION_KINDS]);
  });

  it("are there for every form, in the words of the schemas", () => {
    for (const kind of actions as unknown as ActionKind[]) {
      const properties = kind.parameters.properties ?? {};
      const all: Record<string, Entry> = en;
      expect(all[`actions.${kind.id}.title`]).toBe(kind.title);
      expect(all[`actions.${kind.id}.hint`]).toBe(kind.parameters.description);
      for (const [name, field] of Object.entries(properties)) {
        expect(all, `${kind.id}.${name}`).toHaveProperty([`actions.${kind.id}.${name}`]);
        expect(all[`actions.${kind.id}.${name}.hint`]).toBe(field.description);
        for (const choice of field.oneOf ?? [])
          expect(all).toHaveProperty([`actions.${kind.id}.${name}.${choice.const}`]);
      }
    }
  });
});
