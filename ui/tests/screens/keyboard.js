// A way through the window without a mouse.
import assert from "node:assert/strict";

/**
 * Presses Tab until the focus is on something that is called so.
 * @param {import("playwright-core").Page} page
 * @param {RegExp} name
 */
async function tabTo(page, name) {
  for (let presses = 0; presses < 120; presses++) {
    const found = await page.evaluate(() => {
      const focused = document.activeElement;
      // Nothing is focused yet: the whole page would be its name.
      if (focused === document.body) return "";
      const label = focused?.getAttribute("aria-label") ?? "";
      const labelled = focused instanceof HTMLInputElement ? (focused.labels?.[0]?.textContent ?? "") : "";
      return `${label} ${labelled} ${focused?.textContent ?? ""}`;
    });
    if (name.test(found)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no focus on ${name} by Tab alone`);
}

/**
 * Connects, makes a rule for that gift with one step, and tries it, from the first screen on.
 * @param {import("playwright-core").Page} page
 * @param {string} gift
 */
export async function connectMakeARuleAndTryIt(page, gift) {
  await tabTo(page, /handle/i);
  await page.keyboard.type("@luna.plays");
  await page.keyboard.press("Enter");
  await page.getByText("Live for").waitFor();

  await page.keyboard.press("Alt+2");
  await page.keyboard.press("n");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, /^\s*Gift\s*one, several/);
  await page.keyboard.press("Enter");
  await page.getByRole("article").waitFor();

  await tabTo(page, /Search in any language/);
  await page.keyboard.type(gift);
  await page.locator("article .tile:first-child", { hasText: gift }).waitFor();
  await tabTo(page, new RegExp(gift));
  await page.keyboard.press("Space");
  await page.locator("article .gift", { hasText: gift }).waitFor();
  await tabTo(page, /Add a step/);
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.type("write to the l");
  await page.keyboard.press("Enter");
  await page.getByText("saved", { exact: true }).waitFor();

  await page.keyboard.press("Control+Enter");
  await page.locator(".result .did").waitFor();
  const said = await page.locator(".result").innerText();
  assert.match(said, /It fired/, "the rule that was just made answers");
}
