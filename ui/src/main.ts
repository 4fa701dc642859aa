// The start: finds the engine, opens the state, draws the window, or says why it cannot.
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "$lib/components/ui/tokens.css";
import "$lib/components/ui/base.css";

import { mount } from "svelte";

import { Api, asFailure } from "$lib/api";
import { App as AppState } from "$lib/state/app.svelte";
import { systemLocale, useLocale } from "$i18n";

import App from "./App.svelte";
import { fontsAreThere } from "./fonts";
import NoEngine from "./NoEngine.svelte";

async function start(target: HTMLElement): Promise<void> {
  // Until the settings are known, the system's theme keeps the first picture from flashing.
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  try {
    const [app] = await Promise.all([Api.find().then((api) => AppState.open(api)), fontsAreThere()]);
    mount(App, { target, props: { app } });
  } catch (thrown) {
    const failure = asFailure(thrown);
    await useLocale(systemLocale(navigator.languages));
    mount(NoEngine, { target, props: { failure } });
  }
}

const target = document.getElementById("app");
if (target) void start(target);
