// Every screen and state of which a picture is taken.

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {{ name: string, hash: string, query?: string, size?: { width: number, height: number }, prepare?: (page: Page) => Promise<void> }} Scene
 */

/** @type {Scene[]} */
export const SCENES = [
  { name: "live", hash: "live" },
  { name: "live-small", hash: "live", size: { width: 900, height: 600 } },
  { name: "live-offline", hash: "live", query: "phase=offline" },
  { name: "live-not-live", hash: "live", query: "phase=not_live" },
  { name: "live-held-back", hash: "live", query: "phase=held_back" },
  { name: "live-reconnecting", hash: "live", query: "phase=reconnecting" },
  { name: "live-rate-limited", hash: "live", query: "phase=rate_limited" },
  { name: "live-looking", hash: "live", query: "phase=looking" },
  { name: "live-no-such-creator", hash: "live", query: "phase=no_such_creator" },
  { name: "live-waiting", hash: "live", query: "phase=waiting" },
  { name: "live-paused", hash: "live", query: "phase=paused_by_creator" },
  { name: "live-age-restricted", hash: "live", query: "phase=age_restricted" },
  { name: "live-blocked", hash: "live", query: "phase=blocked" },
  { name: "live-no-way", hash: "live", query: "phase=no_way" },
  { name: "live-captcha", hash: "live", query: "phase=captcha" },
  { name: "live-captcha-elsewhere", hash: "live", query: "phase=captcha&role=full" },
  { name: "live-captcha-shown", hash: "live", query: "phase=captcha_shown" },
  { name: "live-captcha-in-live", hash: "live", query: "phase=captcha_in_live" },
  { name: "live-not-public", hash: "live", query: "phase=not_public" },
  { name: "live-ended", hash: "live", query: "phase=ended" },
  {
    name: "live-stop",
    hash: "live",
    prepare: async (page) => {
      await page.locator("header button").nth(2).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "live-empty", hash: "live", query: "empty" },
  {
    name: "live-story",
    hash: "live",
    prepare: async (page) => {
      await page.locator("[role=listitem] button").nth(4).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "live-attempts",
    hash: "live",
    query: "phase=reconnecting",
    prepare: async (page) => {
      await page.locator(".notice button").last().click();
      await page.getByRole("table").waitFor();
    },
  },
  {
    name: "live-attempts-none",
    hash: "settings",
    query: "empty",
    prepare: async (page) => {
      await page.locator("#ways > div > div:last-child button").click();
      await page.getByRole("dialog").locator(".empty").waitFor();
    },
  },
  { name: "rules", hash: "rules" },
  {
    name: "rules-steps",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("aside li .open").nth(1).click();
      await page.locator(".step .summary").first().click();
    },
  },
  {
    name: "rules-command",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("aside li .open", { hasText: "!jump" }).click();
      await page.locator("article .sentence > section:last-child button.summary").click();
    },
  },
  {
    name: "rules-new",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("[data-new-rule]").click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "rules-empty", hash: "rules", query: "empty" },
  {
    name: "rules-value",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("aside li .open").nth(2).click();
      await page.locator("article .who button").click();
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "rules-trigger",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("article .tokens button").first().click();
      await page.getByRole("listbox").waitFor();
    },
  },
  {
    name: "rules-add-step",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("article button.add[aria-haspopup=menu]").last().click();
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "rules-bin",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("article header button").last().click();
      await page.getByRole("menuitem").last().click();
      await page.locator("aside .top button").click();
      await page.getByRole("menuitem").last().click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "rules-history",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("article input.name").fill("Rose starts the dino again");
      await page.clock.runFor(1000);
      await page.locator("article header button").last().click();
      await page.getByRole("menuitem").nth(3).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "rules-import",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("aside .top button").click();
      await page.getByRole("menuitem").first().click();
      const rules = [
        { id: "rose", name: "Rose → keys", when: { on: "gift", gifts: [{ id: 5655, name: "Rose" }] }, do: [] },
        { id: "bell", name: "Chuông báo khi có người theo dõi mới", when: { on: "event", event: "follow" }, do: [] },
      ];
      const buffer = Buffer.from(JSON.stringify({ cuelight_rules: 1, rules }));
      await page.locator("input[type=file]").setInputFiles({ name: "pack.json", mimeType: "application/json", buffer });
      await page.locator(".can li").first().waitFor();
    },
  },
  {
    name: "services-queue",
    hash: "services",
    prepare: async (page) => {
      await page.locator("li button", { hasText: "Voice" }).first().click();
      await page.locator(".job").first().waitFor();
    },
  },
  {
    name: "services-events",
    hash: "services",
    prepare: async (page) => {
      await page.locator("li button", { hasText: "Overlays" }).first().click();
      await page.getByRole("tab").nth(1).click();
    },
  },
  {
    name: "services-add",
    hash: "services",
    prepare: async (page) => {
      await page.locator("main section button").first().click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "settings", hash: "settings" },
  {
    name: "settings-end",
    hash: "settings",
    prepare: async (page) => {
      await page.locator("#diagnostics").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "rules-ways",
    hash: "rules",
    prepare: async (page) => {
      await page.locator("aside li .open").nth(1).click();
      await page.locator("article button.add[aria-expanded=true]").click();
      await page.locator(".step").nth(2).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "rules-tried",
    hash: "rules",
    prepare: async (page) => {
      await page.keyboard.press("Control+Enter");
      await page.locator(".result .did").waitFor();
    },
  },
  {
    name: "settings-ways",
    hash: "settings",
    query: "phase=no_way",
    prepare: async (page) => {
      const key = page.locator("#ways .need .kept");
      await key.getByRole("button").click();
      await page.locator("input[name=secret]").fill("abc");
      await key.locator("form button").click();
      await key.locator(".good").waitFor();
      await page.locator("#ways > div > .kept button").click();
      await page.locator("#ways > div > .kept .state").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "settings-keys",
    hash: "settings",
    prepare: async (page) => {
      await page.locator("#keys .kept button").first().click();
    },
  },
  { name: "live-remote", hash: "live", query: "role=remote", size: { width: 420, height: 800 } },
  { name: "no-engine", hash: "live", query: "fail=open:engine_elsewhere" },
  // What 200 % zoom leaves of a window of 1280 × 800.
  { name: "live-zoomed", hash: "live", size: { width: 640, height: 400 } },
  { name: "rules-zoomed", hash: "rules", size: { width: 640, height: 400 } },
  { name: "services-zoomed", hash: "services", size: { width: 640, height: 400 } },
  { name: "settings-zoomed", hash: "settings", size: { width: 640, height: 400 } },
  {
    name: "palette",
    hash: "live",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "shortcuts",
    hash: "services",
    prepare: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
];

export const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
  { width: 1920, height: 1080 },
];
export const THEMES = ["dark", "light"];
export const LANGUAGES = ["en", "es", "vi"];

/**
 * Chooses size, theme and language of each picture so that all pairs of them come up, and each screen is seen in
 * more than one of them.
 */
export function pictures() {
  const all = SIZES.flatMap((size) =>
    THEMES.flatMap((theme) => LANGUAGES.map((language) => ({ size, theme, language }))),
  );
  // 7 and 18 have no common divisor: every combination comes before the first one comes again.
  return SCENES.map((scene, place) => {
    const look = all[(place * 7) % all.length];
    if (!look) throw new Error("there are looks");
    return { scene, ...look, ...(scene.size ? { size: scene.size } : {}) };
  });
}
