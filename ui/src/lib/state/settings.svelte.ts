// Settings, and what follows from them at once: language and theme.
import type { About, Settings, Theme } from "$lib/bindings";
import { type Locale, systemLocale, useLocale } from "$i18n";

export class SettingsState {
  current: Settings;
  readonly about: About;
  readonly #dark = globalThis.matchMedia("(prefers-color-scheme: dark)");

  constructor(settings: Settings, about: About) {
    this.current = $state.raw(settings);
    this.about = about;
    this.#dark.addEventListener("change", () => this.#paint());
  }

  /** Takes settings over and shows them; the promise waits for the language's texts. */
  async show(settings: Settings): Promise<void> {
    this.current = settings;
    this.#paint();
    await useLocale(this.locale);
  }

  get locale(): Locale {
    const { language } = this.current.window;
    return language === "system" ? systemLocale(navigator.languages) : language;
  }

  get theme(): Exclude<Theme, "system"> {
    const { theme } = this.current.window;
    if (theme !== "system") return theme;
    return this.#dark.matches ? "dark" : "light";
  }

  #paint(): void {
    document.documentElement.dataset["theme"] = this.theme;
  }
}
