// What a command answers when it cannot do what was asked.

export type FailureCode =
  | "bad_input"
  | "not_found"
  | "changed_meanwhile"
  | "not_allowed"
  | "not_now"
  | "already_live"
  | "engine_elsewhere"
  | "disk_full"
  | "folder_unusable"
  | "database_damaged"
  | "database_set_aside"
  | "database_newer"
  | "keychain_missing"
  | "keychain_locked"
  | "key_refused"
  | "unreachable"
  | "too_large"
  | "unknown_command"
  | "defect";

/** `code` picks the sentence, `message` is for the log, `field` is what is wrong with the input. */
export type Failure = { code: FailureCode; message: string; field?: string };
