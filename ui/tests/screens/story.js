// The first evening on the real engine, in a browser: `cuelight serve` beside a fake TikTok, by mouse and by keyboard alone.
import assert from "node:assert/strict";

import { launch } from "./browser.js";
import { connectMakeARuleAndTryIt } from "./keyboard.js";
import { Evening } from "./programs.js";

const browser = await launch();

/** @param {string} link */
async function open(link) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(15_000);
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // The fake TikTok has no pictures: a drawn one stands in.
    const isPicture = new URL(message.location().url || link).pathname.startsWith("/pictures/");
    if (message.type() === "error" && !isPicture) complaints.push(message.text());
  });
  await page.goto(link);
  await page.locator("main").waitFor();
  const close = async () => {
    await page.close();
    assert.deepEqual(complaints, [], "the browser has nothing to complain of");
  };
  return { page, close };
}

/** @param {Evening} evening */
async function theFirstEvening(evening) {
  let { page, close } = await open(await evening.engine());
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
  await close();

  ({ page, close } = await open(await evening.engine()));
  await page.keyboard.press("Alt+2");
  await page.locator("aside li", { hasText: "Comet thanks" }).waitFor();
  console.log("ok  after a restart all is still there");
  await close();
}

/** @param {Evening} evening */
async function byKeyboardAlone(evening) {
  const { page, close } = await open(await evening.engine());
  await connectMakeARuleAndTryIt(page, "Comet");
  console.log("ok  connects, makes a rule and tries it by keyboard alone");
  await close();
}

/** @param {Evening} evening */
async function whyNoWayLeadsIn(evening) {
  const { page, close } = await open(await evening.engine());
  await page.getByLabel(/handle/i).fill("@blocked");
  await page.getByRole("button", { name: "Go live" }).click();
  await page.getByText("No way leads into the live of @blocked").waitFor();
  await page
    .getByRole("list", { name: "The ways that were tried" })
    .getByText("sign server", { exact: true })
    .waitFor();
  await page.getByRole("button", { name: "What happened" }).click();
  await page.getByRole("row", { name: /Looking up the room.*HTTP 403/ }).waitFor();
  console.log("ok  says of each way why it does not lead into a live");
  await close();
}

try {
  for (const story of [theFirstEvening, byKeyboardAlone, whyNoWayLeadsIn]) {
    const evening = new Evening();
    try {
      await evening.begin("gift-by-gift");
      await story(evening);
    } finally {
      await evening.end();
    }
  }
} catch (error) {
  const picture = new URL("../../screens/story-failed.png", import.meta.url).pathname;
  await browser.contexts()[0]?.pages()[0]?.screenshot({ path: picture });
  console.error(`what was to be seen: ${picture}`);
  throw error;
} finally {
  await browser.close();
}
