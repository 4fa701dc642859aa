// Takes a picture of every screen into screens/, and lets axe look at each: `npm run screens [name …]`.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { launch, serve } from "./browser.js";
import { pictures, SCENES } from "./scenes.js";

const OUT = fileURLToPath(new URL("../../screens", import.meta.url));
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wanted = process.argv.slice(2);
const home = { size: { width: 1280, height: 800 }, theme: "dark", language: "en" };

const taken =
  wanted.length > 0
    ? SCENES.filter(({ name }) => wanted.includes(name)).map((scene) => ({ scene, ...home }))
    : pictures();
if (wanted.length === 0) await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const server = await serve();
const browser = await launch();
let faults = 0;
const report = [];

for (const { scene, size, theme, language } of taken) {
  const page = await browser.newPage({ viewport: size, reducedMotion: "reduce" });
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  const query = [`still`, `theme=${theme}`, `lang=${language}`, ...(scene.query ? [scene.query] : [])].join("&");
  await page.clock.install({ time: new Date("2026-01-12T20:30:00Z") });
  await page.goto(`${server.origin}/?${query}#/${scene.hash}`);
  await page.locator("main").waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.clock.runFor(1000);
  await scene.prepare?.(page);
  await page.clock.runFor(1500);
  const name = `${scene.name}-${size.width}-${theme}-${language}`;
  await page.screenshot({ path: `${OUT}/${name}.png` });
  const tooWide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("main, section, aside, article")]
      .filter((part) => part.scrollWidth > part.clientWidth + 1)
      .map(
        (part) => `${part.tagName} ${part.className} is ${part.scrollWidth - part.clientWidth} px wider than its place`,
      ),
  );
  said.push(...tooWide);
  // The policy lets no foreign script in; axe comes by the debugger.
  await page.evaluate(AXE);
  await page.clock.resume();
  // Colours are all that the theme changes, so the other one needs no picture of its own to be looked at.
  const found = [];
  for (const shown of [theme, theme === "dark" ? "light" : "dark"]) found.push(...(await examine(page, shown)));
  const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  faults += serious.length + said.length;
  report.push({ name, said, found });
  console.log(`${serious.length + said.length === 0 ? "ok " : "BAD"} ${name}`);
  for (const text of said) console.log(`      ${text}`);
  for (const one of found)
    console.log(`      axe ${one.impact} ${one.id}: ${one.help}\n        ${one.nodes.join("\n        ")}`);
  await page.close();
}

/**
 * What axe says of the page in that theme.
 * @param {import("playwright-core").Page} page
 * @param {string} theme
 */
async function examine(page, theme) {
  return page.evaluate(async (shown) => {
    document.documentElement.dataset["theme"] = shown;
    const axe = /** @type {import("axe-core")} */ (Reflect.get(globalThis, "axe"));
    const result = await axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help: `${help} (${shown})`,
      nodes: nodes.slice(0, 6).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`),
    }));
  }, theme);
}

await writeFile(`${OUT}/report.json`, `${JSON.stringify(report, null, 2)}\n`);
await browser.close();
server.close();
process.exitCode = faults > 0 ? 1 : 0;
