// Generated from the Rust types by `make bindings`; do not edit.
import type {
  Action,
  AreaChange,
  Backup,
  BinnedRule,
  ConnectionStory,
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
  HotkeyStatus,
  ImportPreview,
  JsonValue,
  KeyStatus,
  KeyTest,
  LineFilter,
  LiveStatus,
  Login,
  MutedViewer,
  NewRule,
  Nothing,
  Opened,
  OverlayToken,
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
  ServiceKind,
  Settings,
  Skipped,
  Solved,
  StartedRun,
  StopPreview,
  Trial,
  Trigger,
  TryWith,
  Undo,
  Values,
  Variable,
} from "./engine";

/** Every command of the one door, with what goes in and what comes out. */
export type Commands = {
  open: { input: Nothing; output: Opened };
  go_live: { input: { creator: string }; output: Nothing };
  wait_until_live: { input: Nothing; output: Nothing };
  retry_now: { input: Nothing; output: Nothing };
  end_live: { input: Nothing; output: Nothing };
  rehearse: { input: Rehearsal; output: Nothing };
  recordings: { input: Nothing; output: Array<Recording> };
  pause_all: { input: Nothing; output: Nothing };
  resume_all: { input: Nothing; output: Nothing };
  silence: { input: Nothing; output: Nothing };
  unsilence: { input: Nothing; output: Nothing };
  stop_everything_preview: { input: Nothing; output: StopPreview };
  stop_everything: { input: Nothing; output: Nothing };
  press_button: { input: { rule: string }; output: Nothing };
  press_hotkey: { input: { keys: string }; output: Nothing };
  resume_old_jobs: { input: Nothing; output: Nothing };
  discard_old_jobs: { input: Nothing; output: Nothing };
  mute_viewer: { input: { userId: string }; output: Nothing };
  unmute_viewer: { input: { userId: string }; output: Nothing };
  muted_viewers: { input: Nothing; output: Array<MutedViewer> };
  connection_story: { input: Nothing; output: ConnectionStory };
  older_lines: { input: { session: number; before: number; filter: LineFilter; limit: number }; output: Array<EventLine> };
  event_story: { input: { session: number; number: number }; output: EventStory };
  preview_rule: { input: { rule: Rule; tryWith: TryWith }; output: Trial };
  try_rule: { input: { rule: Rule; tryWith: TryWith }; output: Trial };
  try_action: { input: { action: Action; trigger: Trigger; tryWith: TryWith }; output: Trial };
  real_events: { input: { trigger: Trigger; limit: number }; output: Array<RealEvent> };
  variables: { input: { trigger: Trigger }; output: Array<Variable> };
  values: { input: Nothing; output: Values };
  running_cooldowns: { input: Nothing; output: Array<RunningCooldown> };
  reset_cooldowns: { input: { rule: string | null }; output: Nothing };
  gifts: { input: { search: string; order: GiftOrder; offset: number; limit: number }; output: GiftPage };
  catch_next_gift: { input: Nothing; output: Nothing };
  stop_catching: { input: Nothing; output: Nothing };
  rulebook: { input: Nothing; output: Rulebook };
  add_rule: { input: { rule: NewRule }; output: Saved };
  save_rule: { input: { rule: Rule; revision: number }; output: Saved };
  enable_rule: { input: { rule: string; enabled: boolean }; output: Saved };
  duplicate_rule: { input: { rule: string }; output: Saved };
  move_rule: { input: { rule: string; before: string | null }; output: Rulebook };
  rule_history: { input: { rule: string }; output: Array<RuleVersion> };
  restore_rule_version: { input: { rule: string; version: number }; output: Saved };
  bin_rule: { input: { rule: string }; output: Rulebook };
  binned_rules: { input: Nothing; output: Array<BinnedRule> };
  restore_rule: { input: { rule: string }; output: Saved };
  empty_bin: { input: Nothing; output: Nothing };
  save_group: { input: { group: RuleGroup }; output: Rulebook };
  undo: { input: Nothing; output: Undo };
  redo: { input: Nothing; output: Undo };
  export_rules: { input: { rules: Array<string> | null }; output: ExportedRules };
  preview_import: { input: { text: string }; output: ImportPreview };
  import_rules: { input: { text: string }; output: Rulebook };
  services: { input: Nothing; output: Array<Service> };
  change_service: {
    input: { service: string; name?: string; active?: boolean; maxQueueSize?: number; maxParallel?: number };
    output: Service;
  };
  change_service_event: { input: { service: string; eventType: EventType | null; change: EventConfigChange }; output: Service };
  separate_event_type: { input: { service: string; eventType: EventType; apart: boolean }; output: Service };
  enable_default: { input: { service: string; eventType: EventType; enabled: boolean }; output: Rulebook };
  add_service: { input: { kind: ServiceKind; name: string }; output: Service };
  remove_service: { input: { service: string }; output: Nothing };
  queue: { input: { service: string; limit: number }; output: Queue };
  pause_service: { input: { service: string }; output: Nothing };
  resume_service: { input: { service: string }; output: Nothing };
  skip_job: { input: { job: string }; output: Queue };
  move_job_up: { input: { job: string }; output: Queue };
  move_job_down: { input: { job: string }; output: Queue };
  hold_job: { input: { job: string }; output: Queue };
  release_job: { input: { job: string }; output: Queue };
  discard_job: { input: { job: string }; output: Queue };
  run_job_again: { input: { job: string }; output: Queue };
  clear_queue: { input: { service: string; userId: string | null }; output: Queue };
  save_settings: { input: AreaChange; output: Settings };
  hotkeys: { input: Nothing; output: Array<HotkeyStatus> };
  keys: { input: Nothing; output: Array<KeyStatus> };
  set_key: { input: { key: string; secret: string }; output: Array<KeyStatus> };
  test_key: { input: { key: string }; output: KeyTest };
  remove_key: { input: { key: string }; output: Array<KeyStatus> };
  solve_page: { input: Nothing; output: Solved };
  log_in_tiktok: { input: Nothing; output: Login };
  log_out_tiktok: { input: Nothing; output: Nothing };
  data_folder: { input: Nothing; output: DataFolder };
  open_folder: { input: { folder: FolderName }; output: Nothing };
  backups: { input: Nothing; output: Array<Backup> };
  back_up: { input: Nothing; output: Array<Backup> };
  restore_backup: { input: { path: string }; output: Nothing };
  examine: { input: Nothing; output: Array<Finding> };
  write_diagnostics: { input: Nothing; output: Diagnostics };
  save_text: { input: { fileName: string; text: string }; output: SavedText };
  server_status: { input: Nothing; output: ServerStatus };
  renew_tokens: { input: Nothing; output: ServerStatus };
  overlay_token: { input: { name: string }; output: OverlayToken };
  live: { input: Nothing; output: LiveStatus };
  run_rule: { input: { rule: string }; output: Nothing };
  call_rules: { input: { name: string; fields?: Record<string, unknown> }; output: Nothing };
  emit_event: { input: { name: string; fields?: Record<string, unknown> }; output: Nothing };
  run_action: { input: { action: string; service?: string; with?: { [key in string]: JsonValue } }; output: StartedRun };
  skip_service: { input: { service: string }; output: Skipped };
};
