// Why something did not happen: the codes of core/src/reason.rs with exactly their parameters.

export type CooldownOf = "rule" | "viewer" | "group";

export type ReasonParams = {
  message_broken: { method: string };
  frame_broken: { error: string };
  recording_broken: { place: string; error: string };
  shed: { joins: number; likes: number; viewer_counts: number; late_ms: number };
  disk_full: { place: string; error: string };
  database_damaged: { moved_to: string; error: string };
  settings_restored: { place: string };
  muted: null;
  condition_failed: { number: number; condition: string };
  cooldown: { left_ms: number; of: CooldownOf };
  waiting_for_combo_end: null;
  waiting_for_more: { seen: number; next: number };
  fired_for_combo: null;
  capped: { fired: number; of: number };
  less_specific: { than: string };
  chance_missed: { percent: number };
  too_deep: { limit: number };
  service_off: { service: string };
  event_type_off: { service: string; event_type: string };
  no_such_service: { service: string };
  no_such_action: { kind: string };
  wrong_service: { kind: string; service: string };
  bad_parameters: { kind: string; error: string };
  queue_full: { service: string; size: number };
  displaced: { service: string; by: number };
  too_late: { waited_ms: number; limit_ms: number };
  moderated: null;
  stopped_by_you: null;
  skipped_by_you: null;
  discarded_by_you: null;
  silenced_by_you: null;
  old_job: null;
  timed_out: { limit_ms: number };
  interrupted: null;
  action_failed: { error: string; advice: string };
  action_broke: { kind: string };
  folded: null;
  session_over: null;
  too_often: { fired: number; of: number };
  no_event_off: { service: string };
  too_many: { limit: number };
  no_session_open: null;
  unreadable: null;
  not_answered: null;
};

export type ReasonCode = keyof ReasonParams;

/** As serde writes it: `{code, params}`, without `params` where the code has none. */
export type Reason = {
  [C in ReasonCode]: ReasonParams[C] extends null ? { code: C } : { code: C; params: ReasonParams[C] };
}[ReasonCode];
