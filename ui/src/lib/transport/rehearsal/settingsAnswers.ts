// What the rehearsal answers about settings, keys, the local server and backups.
import type { Backup, KeyStatus, ServerStatus, Settings } from "$lib/bindings";

import { STILL_MS } from "./still";
import type { Answers, World } from "./world";

const BACKUPS: Backup[] = [
  {
    path: "/b/2",
    name: "cuelight-2026-01-12.db",
    madeMs: STILL_MS - 7_200_000,
    sizeBytes: 44_000_000,
    byItself: true,
  },
  {
    path: "/b/1",
    name: "cuelight-2026-01-05.db",
    madeMs: STILL_MS - 612_000_000,
    sizeBytes: 44_000_000,
    byItself: false,
  },
];

export function settingsAnswers(
  world: World,
): Answers<
  | "save_settings"
  | "keys"
  | "set_key"
  | "test_key"
  | "remove_key"
  | "log_in_tiktok"
  | "log_out_tiktok"
  | "server_status"
  | "renew_tokens"
  | "hotkeys"
  | "data_folder"
  | "open_folder"
  | "backups"
  | "back_up"
  | "restore_backup"
  | "examine"
  | "write_diagnostics"
  | "save_text"
> {
  return {
    save_settings: ({ area, value }) => {
      world.settings = { ...world.settings, [area]: value };
      return world.settings;
    },
    keys: () => keyStatuses(world),
    set_key: ({ key }) => {
      world.keys.set(key, "keychain");
      return keyStatuses(world);
    },
    test_key: ({ key }) =>
      key === "redis_password"
        ? { good: false, tested: "connection", problem: "localhost:6379: connection refused", quota: null }
        : {
            good: true,
            tested: "connection",
            problem: null,
            quota: "24/25 this minute, 248/250 this hour, 961/1,000 today",
          },
    remove_key: ({ key }) => {
      world.keys.delete(key);
      return keyStatuses(world);
    },
    log_in_tiktok: () => {
      world.keys.set("tiktok_session", "keychain");
      const { state } = world.live.phase;
      if (state === "age_restricted" || state === "not_public") world.changeLive({ phase: { state: "connecting" } });
      return { loggedIn: true };
    },
    log_out_tiktok: () => {
      world.keys.delete("tiktok_session");
      return {};
    },
    server_status: () => serverStatus(world),
    renew_tokens: () => serverStatus(world),
    hotkeys: () => [
      { keys: "Ctrl+Shift+M", registered: true },
      { keys: "Ctrl+Shift+X", registered: false },
    ],
    data_folder: () => ({
      path: "/home/luna/.local/share/cuelight",
      databaseBytes: 214_000_000,
      logsBytes: 3_100_000,
      backupsBytes: 88_000_000,
      freeBytes: 812_000_000,
    }),
    open_folder: () => ({}),
    backups: () => BACKUPS,
    back_up: () => [
      { path: "/b/3", name: "cuelight-now.db", madeMs: world.now, sizeBytes: 44_000_000, byItself: false },
      ...BACKUPS,
    ],
    restore_backup: () => ({}),
    examine: () => [
      { what: "Data folder", verdict: "good", found: "/home/luna/.local/share/cuelight", whatToDo: null },
      { what: "Disk", verdict: "notable", found: "812 MB free", whatToDo: "Free some space before a long live." },
      { what: "TikTok", verdict: "good", found: "answers in 84 ms", whatToDo: null },
    ],
    write_diagnostics: () => ({
      path: "/home/luna/.local/share/cuelight/diagnostics-2026-01-12.zip",
      files: ["about.txt", "log.txt", "settings.json"],
    }),
    save_text: () => ({ path: "/home/luna/rules.json" }),
  };
}

function serverStatus(world: World): ServerStatus {
  return {
    running: world.settings.server.enabled,
    port: 8620,
    problem: null,
    links: [
      { role: "remote", url: "http://127.0.0.1:8620/#token=4f2c9b7e51aa" },
      { role: "full", url: "http://127.0.0.1:8620/#token=9d01c3e88b72" },
    ],
    connections: [{ role: "remote", from: "192.168.1.24", sinceMs: world.now - 340_000 }],
  };
}

function keyStatuses(world: World): KeyStatus[] {
  return (["tiktok_session", "redis_password", "sign_key"] as const).map((id) => {
    const where = world.keys.get(id) ?? null;
    return { id, set: where !== null, where };
  });
}

/** The settings when the rehearsal begins, with the language and theme that were wished for. */
export function firstSettings(wishes: URLSearchParams): Settings {
  return {
    window: {
      language: (wishes.get("lang") ?? "system") as Settings["window"]["language"],
      theme: (wishes.get("theme") ?? "system") as Settings["window"]["theme"],
      closeToTray: true,
      autostart: false,
    },
    connection: {
      creator: "luna.plays",
      comboIdleSeconds: 15,
      redisUrl: null,
      workspaceId: null,
      wayDirect: true,
      wayCookie: true,
      wayPage: true,
      waySign: true,
      wayTikfinity: true,
    },
    server: { enabled: true, port: 8620, lan: false },
    hotkeys: { silence: "Ctrl+Shift+M", stopEverything: "Ctrl+Shift+X", pauseAll: null },
    keeping: { minorEventsDays: 14, diamondValueUsd: 0.01 },
  };
}
