// What the command palette offers.
import type { App } from "$lib/state/app.svelte";
import { SCREENS } from "$lib/state/route.svelte";
import { t } from "$i18n";

import { undo } from "./keys";

export type PaletteItem = { id: string; label: string; keys?: string; run: () => void };
export type PaletteGroup = { heading: string; items: PaletteItem[] };

export function paletteItems(app: App): PaletteGroup[] {
  return [
    { heading: t("palette.screens"), items: screens(app) },
    { heading: t("palette.deeds"), items: deeds(app) },
    { heading: t("nav.rules"), items: rules(app) },
    { heading: t("nav.services"), items: services(app) },
  ].filter((group) => group.items.length > 0);
}

/** The groups with only what contains every typed word, without regard to case and accents. */
export function search(groups: readonly PaletteGroup[], typed: string): PaletteGroup[] {
  const words = plain(typed)
    .split(/\s+/)
    .filter((word) => word !== "");
  return groups
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => words.every((word) => plain(item.label).includes(word))),
    }))
    .filter((group) => group.items.length > 0);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function screens(app: App): PaletteItem[] {
  return SCREENS.map((screen, place) => ({
    id: screen,
    label: t(`nav.${screen}`),
    keys: `Alt+${place + 1}`,
    run: () => app.route.go(screen),
  }));
}

function deeds(app: App): PaletteItem[] {
  const { status } = app.live;
  const { window: chosen } = app.settings.current;
  const theme = app.settings.theme === "dark" ? "light" : "dark";
  return [
    { id: "new", label: t("rules.new"), keys: "N", run: () => newRule(app) },
    status.paused
      ? { id: "resume", label: t("live.resumeAll"), run: () => void app.ask("resume_all", {}) }
      : { id: "pause", label: t("live.pauseAll"), run: () => void app.ask("pause_all", {}) },
    status.silenced
      ? { id: "unsilence", label: t("live.unsilence"), run: () => void app.ask("unsilence", {}) }
      : { id: "silence", label: t("live.silence"), run: () => void app.ask("silence", {}) },
    { id: "undo", label: t("deed.undo"), keys: "Ctrl+Z", run: () => void undo(app, "undo") },
    { id: "redo", label: t("deed.redo"), keys: "Ctrl+Shift+Z", run: () => void undo(app, "redo") },
    {
      id: "theme",
      label: t(theme === "dark" ? "palette.dark" : "palette.light"),
      run: () => void saveWindow(app, { ...chosen, theme }),
    },
    { id: "keys", label: t("keys.title"), keys: "?", run: () => (app.shortcutsOpen = true) },
  ];
}

async function saveWindow(app: App, value: App["settings"]["current"]["window"]): Promise<void> {
  const settings = await app.ask("save_settings", { area: "window", value });
  if (settings) await app.settings.show(settings);
}

function newRule(app: App): void {
  app.route.go("rules");
  requestAnimationFrame(() => document.querySelector<HTMLButtonElement>("[data-new-rule]")?.click());
}

function rules(app: App): PaletteItem[] {
  return app.rules.book.rules.map(({ rule }) => ({
    id: `rule-${rule.id}`,
    label: rule.name,
    run: () => {
      app.route.go("rules");
      void app.rules.select(rule.id);
    },
  }));
}

function services(app: App): PaletteItem[] {
  return app.services.all.map((service) => ({
    id: `service-${service.id}`,
    label: service.name,
    run: () => {
      app.route.go("services");
      app.services.selected = service.id;
    },
  }));
}
