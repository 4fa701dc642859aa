//! The ids of the action kinds of `basics`, where rules, files and warnings have to know what a kind does.

/// Writes a line into the log.
pub const LOG_WRITE: &str = "log_write";

/// Writes a text into a file.
pub const FILE_WRITE: &str = "file_write";

/// Changes a counter.
pub const COUNTER_CHANGE: &str = "counter_change";

/// Sets a variable.
pub const VARIABLE_SET: &str = "variable_set";

/// Runs the steps of another rule.
pub const RUN_RULE: &str = "run_rule";

/// Switches a rule on or off.
pub const ENABLE_RULE: &str = "enable_rule";

/// Brings up an event of its own.
pub const EMIT_EVENT: &str = "emit_event";

/// The kinds that touch nothing but Cuelight itself: its log, rules, counters, variables and events.
pub const TOUCH_ONLY_CUELIGHT: [&str; 6] = [LOG_WRITE, COUNTER_CHANGE, VARIABLE_SET, RUN_RULE, ENABLE_RULE, EMIT_EVENT];
