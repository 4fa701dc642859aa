// The real programs beside a test: a fake TikTok and `cuelight serve` on it, each on a free port, with a data folder of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BUILT = join(
  resolve(process.env["CARGO_TARGET_DIR"] ?? fileURLToPath(new URL("../../../target", import.meta.url))),
  "debug",
);
const CUELIGHT = process.env["CUELIGHT_BIN"] ?? join(BUILT, "cuelight");
const FAKE_TIKTOK = process.env["FAKE_TIKTOK_BIN"] ?? join(BUILT, "fake-tiktok");

/** What `fake-tiktok` says of itself, as the variables that `cuelight` reads. */
const ADDRESSES = ["CUELIGHT_TIKTOK_WEB", "CUELIGHT_TIKTOK_WEBCAST", "CUELIGHT_TIKTOK_WS"];

/** How long a line of a program's start may take to come, in milliseconds. */
const START_MS = 20_000;

/** How long a program may take to end before it is made to, in milliseconds. */
const END_MS = 10_000;

/**
 * Starts a program and waits until each of the patterns was in a line that it said.
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @param {RegExp[]} wanted
 */
async function start(program, args, environment, wanted) {
  const child = spawn(program, args, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("close", done));
  const stop = async () => {
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
    await ended;
    clearTimeout(timer);
  };
  const found = wanted.map(() => "");
  try {
    await new Promise((done, failed) => {
      const late = () => failed(new Error(`${program} did not say ${wanted.join(", ")} within ${START_MS} ms`));
      setTimeout(late, START_MS).unref();
      child.once("error", (error) => failed(new Error(`${program} could not be started`, { cause: error })));
      child.once("exit", (code) => failed(new Error(`${program} ended with ${code}`)));
      createInterface({ input: child.stdout }).on("line", (line) => {
        for (const [place, pattern] of wanted.entries()) found[place] ||= pattern.exec(line)?.[1] ?? "";
        if (!found.includes("")) done(undefined);
      });
    });
  } catch (error) {
    if (child.pid !== undefined) await stop();
    throw error;
  }
  return { found, stop };
}

/** A fake TikTok with a live in it, and the engine beside it, which can be started again on the same data. */
export class Evening {
  #folder = "";
  /** @type {NodeJS.ProcessEnv} */
  #environment = {};
  /** @type {(() => Promise<void>) | undefined} */
  #stopTikTok;
  /** @type {(() => Promise<void>) | undefined} */
  #stopEngine;

  /** @param {string} scenario */
  async begin(scenario) {
    this.#folder = await mkdtemp(join(tmpdir(), "cuelight-story-"));
    const patterns = ADDRESSES.map((name) => new RegExp(`^${name}=(.+)$`));
    const tiktok = await start(FAKE_TIKTOK, ["--scenario", scenario], process.env, patterns);
    this.#stopTikTok = tiktok.stop;
    this.#environment = {
      ...process.env,
      ...Object.fromEntries(ADDRESSES.map((name, place) => [name, tiktok.found[place]])),
      CUELIGHT_DATA_DIR: join(this.#folder, "data"),
    };
  }

  /** Starts the engine, and says the link that opens the window on it. */
  async engine() {
    await this.#stopEngine?.();
    this.#stopEngine = undefined;
    const engine = await start(CUELIGHT, ["serve", "--port", "0"], this.#environment, [/full: (http\S+#token=\S+)/]);
    this.#stopEngine = engine.stop;
    return engine.found[0] ?? "";
  }

  async end() {
    await this.#stopEngine?.();
    await this.#stopTikTok?.();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
