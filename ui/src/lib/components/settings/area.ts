// Saves one area of the settings as a whole, and shows it at once.
import type { Settings, SettingsArea } from "$lib/bindings";
import type { App } from "$lib/state/app.svelte";

export async function saveArea<A extends SettingsArea>(app: App, area: A, change: Partial<Settings[A]>): Promise<void> {
  const value = { ...app.settings.current[area], ...change };
  // The pair belongs together by its type parameter, which a union of pairs cannot express.
  const input = { area, value } as { [K in SettingsArea]: { area: K; value: Settings[K] } }[SettingsArea];
  const settings = await app.ask("save_settings", input);
  if (settings) await app.settings.show(settings);
}
