// The keyboard: which keys do what, in every screen.
import type { App } from "$lib/state/app.svelte";
import { SCREENS } from "$lib/state/route.svelte";
import type { Key } from "$i18n";

export type Shortcut = { keys: string; label: Key };

/** Everything that is listed under `?`. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: "Ctrl+K", label: "keys.palette" },
  { keys: "?", label: "keys.shortcuts" },
  { keys: "Alt+1 … 4", label: "keys.screens" },
  { keys: "/", label: "keys.search" },
  { keys: "N", label: "keys.newRule" },
  { keys: "Ctrl+Enter", label: "keys.try" },
  { keys: "Ctrl+Z", label: "keys.undo" },
  { keys: "Ctrl+Shift+Z", label: "keys.redo" },
  { keys: "Ctrl+↑ ↓", label: "keys.move" },
  { keys: "Esc", label: "keys.close" },
];

/** Does what the keys say, if they say something; what is typed into a field stays there. */
export function press(app: App, event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const done = command ? pressCommand(app, key, event) : event.altKey ? pressAlt(app, event) : pressPlain(app, event);
  if (done) event.preventDefault();
}

function pressCommand(app: App, key: string, event: KeyboardEvent): boolean {
  if (key === "k") {
    app.paletteOpen = !app.paletteOpen;
    return true;
  }
  // A field undoes its own typing.
  if (isTyping(event)) return false;
  if (key === "z") {
    void undo(app, event.shiftKey ? "redo" : "undo");
    return true;
  }
  return false;
}

function pressAlt(app: App, event: KeyboardEvent): boolean {
  const screen = /^Digit[1-4]$/.test(event.code) ? SCREENS[Number(event.code.slice(5)) - 1] : undefined;
  if (!screen) return false;
  app.route.go(screen);
  return true;
}

function pressPlain(app: App, event: KeyboardEvent): boolean {
  if (isTyping(event) || document.querySelector("[role=dialog], [role=menu], [role=listbox]")) return false;
  switch (event.key) {
    case "?":
      app.shortcutsOpen = true;
      return true;
    case "/": {
      const search = document.querySelector<HTMLInputElement>("[data-search]");
      search?.focus();
      return search !== null;
    }
    case "n":
      app.route.go("rules");
      requestAnimationFrame(() => document.querySelector<HTMLButtonElement>("[data-new-rule]")?.click());
      return true;
    default:
      return false;
  }
}

export async function undo(app: App, which: "undo" | "redo"): Promise<void> {
  await app.attempt(async () => {
    await (which === "undo" ? app.rules.undo() : app.rules.redo());
    await app.services.reload();
  });
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const isField = target instanceof HTMLInputElement && !["checkbox", "radio", "range"].includes(target.type);
  return isField || target instanceof HTMLTextAreaElement || target.isContentEditable;
}
