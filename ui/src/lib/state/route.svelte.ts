// Which screen is open; it stands in the address, so that a reload comes back to it.

export const SCREENS = ["live", "rules", "services", "settings"] as const;
export type Screen = (typeof SCREENS)[number];

export class Route {
  screen = $state<Screen>(fromHash());

  constructor() {
    addEventListener("hashchange", () => (this.screen = fromHash()));
  }

  go(screen: Screen): void {
    this.screen = screen;
    history.replaceState(null, "", `#/${screen}`);
  }
}

function fromHash(): Screen {
  const name = location.hash.replace(/^#\//, "");
  return SCREENS.find((screen) => screen === name) ?? "live";
}
