// How the way into the live went: every attempt, and what a person is asked for on the way.
import type { Api } from "$lib/api";
import type { AttemptLine } from "$lib/bindings";

/** What a page of TikTok is open for, in front of whoever sits there. */
export type Asked = "captcha" | "login";

export class ConnectionState {
  /** Newest first. */
  attempts = $state.raw<AttemptLine[]>([]);
  /** The attempts were asked for, so that none means none. */
  isLoaded = $state(false);
  /** What a person is doing in a page of TikTok now. */
  asked = $state<Asked | null>(null);
  readonly #api: Api;
  #question = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Asks for the attempts anew; of two answers that cross, the one to the later question counts. */
  async load(): Promise<void> {
    const question = ++this.#question;
    const { attempts } = await this.#api.call("connection_story", {});
    if (question !== this.#question) return;
    this.attempts = attempts;
    this.isLoaded = true;
  }

  /** Shows TikTok's page, for the captcha on it; whether it is solved after it. */
  async solve(): Promise<boolean> {
    const { solved } = await this.#ask("captcha", () => this.#api.call("solve_page", {}));
    return solved;
  }

  /** Shows TikTok's login; whether somebody is logged in after it. */
  async logIn(): Promise<boolean> {
    const { loggedIn } = await this.#ask("login", () => this.#api.call("log_in_tiktok", {}));
    return loggedIn;
  }

  async logOut(): Promise<void> {
    await this.#api.call("log_out_tiktok", {});
  }

  async #ask<T>(what: Asked, deed: () => Promise<T>): Promise<T> {
    this.asked = what;
    try {
      return await deed();
    } finally {
      this.asked = null;
    }
  }
}
