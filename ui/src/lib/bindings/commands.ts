// Every command of the one door, with what goes in and what comes out.
import type {
  About,
  Action,
  Backup,
  BinnedRule,
  DataFolder,
  Diagnostics,
  EventConfigChange,
  EventLine,
  EventStory,
  EventType,
  ExportedRules,
  Finding,
  FolderName,
  GiftOrder,
  GiftPage,
  Health,
  HotkeyStatus,
  ImportPreview,
  KeyStatus,
  KeyTest,
  LineFilter,
  LiveStatus,
  MutedViewer,
  NewRule,
  NowAndNext,
  Queue,
  RealEvent,
  Recording,
  Rehearsal,
  Rule,
  RuleGroup,
  RuleVersion,
  Rulebook,
  RunningCooldown,
  Saved,
  SavedText,
  ServerStatus,
  Service,
  ServiceChange,
  ServiceKind,
  ServiceStatus,
  Settings,
  StopPreview,
  Trial,
  Trigger,
  TryWith,
  Undo,
  Values,
  Variable,
} from "./engine";
import type { ActionKind } from "./schema";

type Nothing = Record<never, never>;
type Command<I, O> = { input: I; output: O };

/** The start: one answer that fills every screen, so that the first picture is whole. */
type StartCommands = {
  open: Command<
    Nothing,
    {
      /** The push batches that follow begin at `seq + 1`. */
      seq: number;
      about: About;
      settings: Settings;
      live: LiveStatus;
      health: Health[];
      services: Service[];
      statuses: ServiceStatus[];
      nowAndNext: NowAndNext;
      rulebook: Rulebook;
      /** The newest of the open session, oldest first, at most 500. */
      lines: EventLine[];
      actionKinds: ActionKind[];
    }
  >;
};

type LiveCommands = {
  /** Begins a session; what follows is pushed as phases. */
  go_live: Command<{ creator: string }, Nothing>;
  /** Goes on looking until the creator is live, then connects. */
  wait_until_live: Command<Nothing, Nothing>;
  /** Tries again at once instead of at the time that was told. */
  retry_now: Command<Nothing, Nothing>;
  /** Ends the session, the waiting or the rehearsal. */
  end_live: Command<Nothing, Nothing>;
  rehearse: Command<Rehearsal, Nothing>;
  recordings: Command<Nothing, Recording[]>;
  pause_all: Command<Nothing, Nothing>;
  resume_all: Command<Nothing, Nothing>;
  /** Stops sound now, and holds it back until `unsilence`. */
  silence: Command<Nothing, Nothing>;
  unsilence: Command<Nothing, Nothing>;
  /** How many jobs would be lost, and how many of them somebody paid for. */
  stop_everything_preview: Command<Nothing, StopPreview>;
  /** Cancels what runs and discards what waits. */
  stop_everything: Command<Nothing, Nothing>;
  /** Fires the rule of an on-screen button. */
  press_button: Command<{ rule: string }, Nothing>;
  resume_old_jobs: Command<Nothing, Nothing>;
  discard_old_jobs: Command<Nothing, Nothing>;
  /** Lines of the journal before that one, oldest first. */
  older_lines: Command<{ session: number; before: number; filter: LineFilter; limit: number }, EventLine[]>;
  event_story: Command<{ session: number; number: number }, EventStory>;
  mute_viewer: Command<{ userId: string }, Nothing>;
  unmute_viewer: Command<{ userId: string }, Nothing>;
  muted_viewers: Command<Nothing, MutedViewer[]>;
};

type RuleCommands = {
  rulebook: Command<Nothing, Rulebook>;
  add_rule: Command<{ rule: NewRule }, Saved>;
  /** Saves a rule as a whole; `revision` is the rulebook's that it was edited on. */
  save_rule: Command<{ rule: Rule; revision: number }, Saved>;
  enable_rule: Command<{ rule: string; enabled: boolean }, Saved>;
  duplicate_rule: Command<{ rule: string }, Saved>;
  /** Puts it before another one, or last. */
  move_rule: Command<{ rule: string; before: string | null }, Rulebook>;
  bin_rule: Command<{ rule: string }, Rulebook>;
  binned_rules: Command<Nothing, BinnedRule[]>;
  restore_rule: Command<{ rule: string }, Saved>;
  empty_bin: Command<Nothing, Nothing>;
  rule_history: Command<{ rule: string }, RuleVersion[]>;
  restore_rule_version: Command<{ rule: string; version: number }, Saved>;
  /** Adds a group or changes the one of that name. */
  save_group: Command<{ group: RuleGroup }, Rulebook>;
  undo: Command<Nothing, Undo>;
  redo: Command<Nothing, Undo>;
  enable_default: Command<{ service: string; eventType: EventType; enabled: boolean }, Rulebook>;
  /** What those rules are as a file; all of them without a list. */
  export_rules: Command<{ rules: string[] | null }, ExportedRules>;
  preview_import: Command<{ text: string }, ImportPreview>;
  import_rules: Command<{ text: string }, Rulebook>;
  /** What would happen; nothing does. */
  preview_rule: Command<{ rule: Rule; tryWith: TryWith }, Trial>;
  /** Runs it on the same path as live, marked *test*. */
  try_rule: Command<{ rule: Rule; tryWith: TryWith }, Trial>;
  /** Runs one of its actions alone. */
  try_action: Command<{ action: Action; trigger: Trigger; tryWith: TryWith }, Trial>;
  /** The last events that a trigger answers, newest first. */
  real_events: Command<{ trigger: Trigger; limit: number }, RealEvent[]>;
  variables: Command<{ trigger: Trigger }, Variable[]>;
  values: Command<Nothing, Values>;
  running_cooldowns: Command<Nothing, RunningCooldown[]>;
  /** Of one rule, or of all. */
  reset_cooldowns: Command<{ rule: string | null }, Nothing>;
  /** In any language seen, and by id. */
  gifts: Command<{ search: string; order: GiftOrder; offset: number; limit: number }, GiftPage>;
  /** The next gift that arrives is pushed as `caught`. */
  catch_next_gift: Command<Nothing, Nothing>;
  stop_catching: Command<Nothing, Nothing>;
};

type ServiceCommands = {
  services: Command<Nothing, Service[]>;
  /** What is left out stays as it is. */
  change_service: Command<{ service: string } & ServiceChange, Service>;
  /** Without an event type: all others. */
  change_service_event: Command<{ service: string; eventType: EventType | null; change: EventConfigChange }, Service>;
  /** An event type that was one of the others is treated apart, or no longer. */
  separate_event_type: Command<{ service: string; eventType: EventType; apart: boolean }, Service>;
  add_service: Command<{ kind: ServiceKind; name: string }, Service>;
  /** Only those that were added, and only when nothing waits. */
  remove_service: Command<{ service: string }, Nothing>;
  pause_service: Command<{ service: string }, Nothing>;
  resume_service: Command<{ service: string }, Nothing>;
  queue: Command<{ service: string; limit: number }, Queue>;
  move_job_up: Command<{ job: string }, Queue>;
  move_job_down: Command<{ job: string }, Queue>;
  hold_job: Command<{ job: string }, Queue>;
  release_job: Command<{ job: string }, Queue>;
  /** Stops the running one; the queue goes on. */
  skip_job: Command<{ job: string }, Queue>;
  discard_job: Command<{ job: string }, Queue>;
  run_job_again: Command<{ job: string }, Queue>;
  /** Discards what waits: all, or what one viewer caused. */
  clear_queue: Command<{ service: string; userId: string | null }, Queue>;
};

type SettingsCommands = {
  /** Saves one area as a whole. */
  save_settings: Command<{ [A in keyof Settings]: { area: A; value: Settings[A] } }[keyof Settings], Settings>;
  keys: Command<Nothing, KeyStatus[]>;
  /** Into the system's keychain; without one, for this run only. In the window and the CLI, never from afar. */
  set_key: Command<{ key: string; secret: string }, KeyStatus[]>;
  test_key: Command<{ key: string }, KeyTest>;
  remove_key: Command<{ key: string }, KeyStatus[]>;
  server_status: Command<Nothing, ServerStatus>;
  /** New tokens; links that were copied before no longer open. */
  renew_tokens: Command<Nothing, ServerStatus>;
  hotkeys: Command<Nothing, HotkeyStatus[]>;
  data_folder: Command<Nothing, DataFolder>;
  open_folder: Command<{ folder: FolderName }, Nothing>;
  backups: Command<Nothing, Backup[]>;
  back_up: Command<Nothing, Backup[]>;
  /** Sets what is there aside, takes the backup in, and starts the engine anew. */
  restore_backup: Command<{ path: string }, Nothing>;
  examine: Command<Nothing, Finding[]>;
  /** A zip with no secrets and no names; where it lies, and what is in it. */
  write_diagnostics: Command<Nothing, Diagnostics>;
  /** Asks for a place with the system's own dialog; `null` where people thought better of it. */
  save_text: Command<{ fileName: string; text: string }, SavedText>;
};

export type Commands = StartCommands & LiveCommands & RuleCommands & ServiceCommands & SettingsCommands;
