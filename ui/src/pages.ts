// The screens that are built, in the order of the navigation.
import Radio from "@lucide/svelte/icons/radio";
import Server from "@lucide/svelte/icons/server";
import Settings from "@lucide/svelte/icons/settings";
import ListTree from "@lucide/svelte/icons/list-tree";
import type { Component } from "svelte";

import type { Screen } from "$lib/state/route.svelte";

import LivePage from "./pages/Live.svelte";
import RulesPage from "./pages/Rules.svelte";
import ServicesPage from "./pages/Services.svelte";
import SettingsPage from "./pages/Settings.svelte";

export type Page = { screen: Screen; icon: typeof Radio; page: Component };

export const PAGES: readonly Page[] = [
  { screen: "live", icon: Radio, page: LivePage },
  { screen: "rules", icon: ListTree, page: RulesPage },
  { screen: "services", icon: Server, page: ServicesPage },
  { screen: "settings", icon: Settings, page: SettingsPage },
];
