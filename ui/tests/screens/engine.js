// The story of the first evening on the real engine, in a browser: `npm run story` starts `cuelight serve` beside a fake TikTok.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { launch } from "./browser.js";

/** Where `cargo build` left `cuelight` and `fake-tiktok`. */
const BINARIES = process.env["CUELIGHT_BINARIES"] ?? fileURLToPath(new URL("../../../target/debug", import.meta.url));

/** How long a line of a program's start may take to come, in milliseconds. */
const START_MS = 20_000;

/**
 * Starts a program and waits until each of the patterns was in a line that it said.
 * @param {string} name
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @param {RegExp[]} wanted
 */
async function start(name, args, environment, wanted) {
  const child = spawn(join(BINARIES, name), args, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  /** @type {string[]} */
  const found = [];
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not say ${wanted}`)), START_MS);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      for (const [place, pattern] of wanted.entries()) found[place] ||= pattern.exec(line)?.[1] ?? "";
      if (found.includes("")) return;
      clearTimeout(timer);
      resolve(undefined);
    });
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await ended;
  };
  return { found, stop };
}

const folder = await mkdtemp(join(tmpdir(), "cuelight-story-"));
const variables = ["CUELIGHT_TIKTOK_WEB", "CUELIGHT_TIKTOK_WEBCAST", "CUELIGHT_TIKTOK_WS"];
const tiktok = await start(
  "fake-tiktok",
  ["--scenario", "gift-by-gift"],
  process.env,
  variables.map((name) => new RegExp(`^${name}=(.+)$`)),
);
const environment = {
  ...process.env,
  ...Object.fromEntries(variables.map((name, place) => [name, tiktok.found[place]])),
  CUELIGHT_DATA_DIR: join(folder, "data"),
};
const serve = () => start("cuelight", ["serve", "--port", "0"], environment, [/full: (http\S+#token=\S+)/]);

const browser = await launch();

/** @param {string} link */
async function open(link) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => assert.fail(error));
  page.on("console", (message) => message.type() === "error" && assert.fail(message.text()));
  await page.goto(link);
  await page.locator("main").waitFor();
  return page;
}

let engine = await serve();
let page = await open(engine.found[0] ?? "");

await page.getByLabel(/handle/i).fill("@luna.plays");
await page.getByRole("button", { name: "Go live" }).click();
await page.getByText("Live for").waitFor();
console.log("ok  goes live");

await page.getByRole("listitem").filter({ hasText: "Comet" }).first().waitFor();
console.log("ok  a gift arrives");

await page.keyboard.press("Alt+2");
await page.getByRole("button", { name: "New rule" }).first().click();
await page.getByRole("button", { name: /^Gift one, several/ }).click();
const card = page.getByRole("article");
await card.getByLabel("Search in any language").fill("comet");
await card
  .getByRole("button", { name: /^Comet/ })
  .first()
  .click();
await card.locator(".gift", { hasText: "Comet" }).waitFor();
await card.getByRole("button", { name: "Add a step" }).click();
await page.getByRole("menuitem", { name: "Write to the log" }).click();
await card.getByLabel("Name of the rule").fill("Comet thanks");
await card.getByText("saved", { exact: true }).waitFor();
console.log("ok  a rule is made with the picker");

await page.keyboard.press("Control+Enter");
await card.locator(".result .did").waitFor();
console.log("ok  the rule is tried");

await page.keyboard.press("Alt+1");
await page.getByRole("listitem").filter({ hasText: "Comet thanks" }).first().waitFor();
console.log("ok  the next gift fires it");

await page.keyboard.press("Alt+3");
await page.getByRole("button", { name: /^Basics/ }).click();
await page.locator(".job", { hasText: "Comet thanks" }).first().waitFor();
console.log("ok  Services shows the job");

await page.close();
await engine.stop();
engine = await serve();
page = await open(engine.found[0] ?? "");
await page.keyboard.press("Alt+2");
await page.locator("aside li", { hasText: "Comet thanks" }).waitFor();
console.log("ok  after a restart all is still there");

await browser.close();
await engine.stop();
await tiktok.stop();
await rm(folder, { recursive: true, force: true });
