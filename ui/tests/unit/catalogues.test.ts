// The catalogues are whole: every key in every language, every code, every form; and none that nobody uses.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import actions from "$schemas/actions.json";
import type { ActionKind } from "$lib/bindings";
import type { Entry } from "$i18n/catalogue";
import en from "$i18n/en.json";
import es from "$i18n/es.json";
import vi from "$i18n/vi.json";

const CATALOGUES: Record<string, Record<string, Entry>> = { en, es, vi };
const KEYS = Object.keys(en);
const UI = join(import.meta.dirname, "../..");
const CORE = join(UI, "../src-tauri/crates/cuelight-core/src");

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
    { file: "reason.rs", name: "Reason", prefix: "reason", own: ["action_failed"] },
    { file: "warning.rs", name: "Concern", prefix: "warning", own: [] },
    { file: "rules_file/capability.rs", name: "Capability", prefix: "capability", own: [] },
  ])("are there for every code of $file", ({ file, name, prefix, own }) => {
    const rust = readFileSync(join(CORE, file), "utf8");
    const start = rust.indexOf(`pub enum ${name} {`);
    const variants = rust.slice(start, rust.indexOf("\n}\n", start));
    const codes = [...variants.matchAll(/^ {4}([A-Z]\w+)[ ,]/gm)].map(([, variant = ""]) =>
      variant.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase(),
    );
    expect(codes.length, "the enum was found").toBeGreaterThan(5);
    for (const code of codes.filter((one) => !own.some((word) => word === one))) {
      const key = `${prefix}.${code}`;
      expect(
        KEYS.some((known) => known === key || known.startsWith(`${key}.`)),
        key,
      ).toBe(true);
    }
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
