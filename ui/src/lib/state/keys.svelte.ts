// Which keys are set, and what testing them came to; never the keys themselves.
import type { Api } from "$lib/api";
import type { KeyId, KeyStatus, KeyTest, WhereKeyLies } from "$lib/bindings";

/** A key that a person types; the login at TikTok comes from its own page. */
export type TypedKey = KeyStatus & { id: Exclude<KeyId, "tiktok_session"> };

export class KeysState {
  all = $state.raw<KeyStatus[]>([]);
  testing = $state<KeyId | null>(null);
  tests = $state.raw<Partial<Record<KeyId, KeyTest>>>({});
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Those that a person types. */
  get typed(): TypedKey[] {
    return this.all.filter((key): key is TypedKey => key.id !== "tiktok_session");
  }

  /** Where the login at TikTok lies; none where nobody is logged in. */
  get login(): { where: WhereKeyLies } | undefined {
    const session = this.all.find((key) => key.id === "tiktok_session" && key.set);
    return session && { where: session.where ?? "keychain" };
  }

  async load(): Promise<void> {
    this.all = await this.#api.call("keys", {});
  }

  /** Hands the secret on, keeps nothing of it, and tests it. */
  async set(id: KeyId, secret: string): Promise<void> {
    this.all = await this.#api.call("set_key", { key: id, secret });
    await this.test(id);
  }

  async test(id: KeyId): Promise<void> {
    this.testing = id;
    try {
      const tested = await this.#api.call("test_key", { key: id });
      this.tests = { ...this.tests, [id]: tested };
    } finally {
      this.testing = null;
    }
  }

  async remove(id: KeyId): Promise<void> {
    this.all = await this.#api.call("remove_key", { key: id });
    this.tests = { ...this.tests, [id]: undefined };
  }
}
