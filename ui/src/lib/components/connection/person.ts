// What only a person can do on a page of TikTok, from wherever it is offered, and what is said of how it went.
import type { App } from "$lib/state/app.svelte";
import { t } from "$i18n";

/** Shows TikTok's login, until somebody logged in or closed it. */
export async function logIn(app: App): Promise<void> {
  const isIn = await app.attempt(() => app.connection.logIn());
  if (isIn === undefined) return;
  app.toasts.show(isIn ? "done" : "notable", t(isIn ? "login.done" : "login.notDone"));
  await app.attempt(() => app.keys.load());
}

/** Shows the page that wants a captcha solved, until that is done or somebody closed it. */
export async function solve(app: App): Promise<void> {
  const isSolved = await app.attempt(() => app.connection.solve());
  if (isSolved === false) app.toasts.show("notable", t("phase.captcha.notSolved"));
}
