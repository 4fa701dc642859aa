// What the linter insists on: strict types, and who may import whom.
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

/** The layers, lowest first: each may import those before it. */
const LAYERS = ["bindings", "transport", "api", "state", "forms", "components"];

/** Topics of components that others may use; every other topic keeps to itself. */
const SHARED_TOPICS = ["ui", "gift", "viewer", "event", "action", "job", "connection"];

const TOPICS = [...SHARED_TOPICS, "shell", "live", "rules", "services", "settings"];

const tauri = {
  group: ["@tauri-apps/*"],
  message: "Only lib/transport knows Tauri.",
};

/**
 * Forbids a set of files some imports.
 * @param {string} files
 * @param {{ group: string[], message: string }[]} patterns
 * @param {string[]} [ignores]
 * @returns {import("eslint").Linter.Config}
 */
function boundary(files, patterns, ignores = []) {
  return { files: [files], ignores, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

const layers = LAYERS.flatMap((layer, place) => {
  const above = LAYERS.slice(place + 1);
  const group = [
    "**/pages/*",
    ...above.flatMap((name) => [
      `$lib/${name}`,
      `$lib/${name}/**`,
      `../${name}`,
      `../${name}/**`,
      `../../${name}`,
      `../../${name}/**`,
    ]),
  ];
  const patterns = [{ group, message: `lib/${layer} may import only: ${LAYERS.slice(0, place).join(", ")}.` }];
  if (layer === "components") return [];
  return [boundary(`src/lib/${layer}/**`, layer === "transport" ? patterns : [...patterns, tauri])];
});

const topics = TOPICS.map((topic) => {
  const others = TOPICS.filter((name) => name !== topic && (topic === "ui" || !SHARED_TOPICS.includes(name)));
  const patterns = [
    tauri,
    {
      group: others.map((name) => `$lib/components/${name}/**`),
      message: `components/${topic} does not reach in there.`,
    },
    { group: ["$lib/transport/**", "**/pages/*"], message: "Components speak to lib/state." },
  ];
  if (topic === "ui")
    patterns.push({
      group: ["$lib/state/**", "$lib/bindings/**"],
      message: "components/ui knows nothing of the product.",
    });
  return boundary(`src/lib/components/${topic}/**`, patterns);
});

export default ts.config(
  { ignores: ["dist/", "dist-rehearsal/", "screens/", "node_modules/"] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, __REHEARSAL__: "readonly" } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_$" }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  { files: ["*.js", "*.ts", "tests/**"], languageOptions: { globals: globals.node }, rules: { "no-console": "off" } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    rules: {
      "no-undef": "off",
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "error",
      // Maps that are made, read and thrown away within one computation need no signals.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  ...layers,
  ...topics,
  boundary("src/pages/**", [tauri, { group: ["$lib/transport/**"], message: "Pages speak to lib/state." }]),
  boundary("src/i18n/**", [
    tauri,
    { group: ["$lib/!(bindings)/**"], message: "The catalogues stand below everything but the bindings." },
  ]),
);
