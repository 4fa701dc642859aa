// Settings, keys, the local server, backups and diagnostics.

export type Language = "system" | "en" | "es" | "vi";
export type Theme = "system" | "dark" | "light";

export type Settings = {
  window: WindowSettings;
  connection: ConnectionSettings;
  server: ServerSettings;
  hotkeys: HotkeySettings;
  keeping: KeepingSettings;
};

export type WindowSettings = { language: Language; theme: Theme; closeToTray: boolean; autostart: boolean };

export type ConnectionSettings = {
  /** Without `@`. */
  creator: string | null;
  comboIdleSeconds: number;
  /** Without its password. */
  redisUrl: string | null;
  workspaceId: string | null;
};

/** `lan`: the roles that may watch from other machines at home; keys and files never leave this one. */
export type ServerSettings = { enabled: boolean; port: number; lan: boolean };

/** Key combinations such as `Ctrl+Shift+M`; `null` is none. */
export type HotkeySettings = { silence: string | null; stopEverything: string | null; pauseAll: string | null };

export type KeepingSettings = { minorEventsDays: number; diamondValueUsd: number };

/** The areas that can be changed, each as a whole. */
export type SettingsArea = keyof Settings;

export type KeyId = "tiktok_session" | "redis_password";

/** Never the key itself: set or not set, and where it lies. */
export type KeyStatus = { id: KeyId; set: boolean; where: "keychain" | "session" | "environment" | null };

export type KeyTest = { good: boolean; problem: string | null };

export type ServerStatus = {
  running: boolean;
  port: number | null;
  /** Why it does not run. */
  problem: string | null;
  /** Addresses with the token in the fragment, to be copied. */
  links: { role: "remote" | "full"; url: string }[];
  connections: { role: string; from: string; sinceMs: number }[];
};

/** Whether a hotkey is ours, or taken by another program. */
export type HotkeyStatus = { keys: string; registered: boolean };

export type DataFolder = {
  path: string;
  databaseBytes: number;
  logsBytes: number;
  backupsBytes: number;
  freeBytes: number;
};

export type Backup = { path: string; name: string; madeMs: number; sizeBytes: number; byItself: boolean };

/** One finding of `cuelight doctor`. */
export type Finding = { what: string; verdict: "good" | "notable" | "bad"; found: string; whatToDo: string | null };

export type About = {
  version: string;
  /** `remote` may watch, pause, skip, silence and stop; keys are in the window only. */
  role: "window" | "remote" | "full";
  system: string;
  keychain: boolean;
};
