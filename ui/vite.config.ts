// How the window is built, tried in a browser and tested.
import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import { drawnIcons } from "./icons.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ command, mode }) => {
  const rehearsal = command === "serve" || mode === "rehearsal";
  return {
    plugins: [drawnIcons(), svelte()],
    // Without the flag the invented world is not even in the bundle.
    define: { __REHEARSAL__: JSON.stringify(rehearsal) },
    resolve: {
      alias: [
        { find: "$lib", replacement: here("./src/lib") },
        { find: /^\$i18n$/, replacement: here("./src/i18n/index.svelte.ts") },
        { find: "$i18n", replacement: here("./src/i18n") },
        { find: "$schemas", replacement: here("../docs/schemas") },
      ],
      ...(mode === "test" ? { conditions: ["browser"] } : {}),
    },
    server: { fs: { allow: [".", "../docs/schemas"] } },
    build: {
      target: "es2022",
      outDir: mode === "rehearsal" ? "dist-rehearsal" : "dist",
      // The content security policy allows no `data:` scripts or styles, so nothing is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // All screens in one file: the window reads it from memory, and no screen change waits for the disk.
      chunkSizeWarningLimit: 700,
    },
    test: {
      include: ["tests/unit/**/*.test.ts"],
      environment: "happy-dom",
    },
  };
});
