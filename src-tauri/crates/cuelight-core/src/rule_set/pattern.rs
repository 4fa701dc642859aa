//! Regular expressions of rules: without regard to case, linear in time, bounded in size.

use regex::{Regex, RegexBuilder};

use crate::limits::REGEX_BYTES;

/// Compiles a rule's expression, or says in a few words what is wrong with it.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.is_empty() {
        return Err("the expression is empty, so every comment would match".to_owned());
    }
    let mut builder = RegexBuilder::new(pattern);
    builder.case_insensitive(true).size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => {
                format!("the expression is too large: compiled, it takes more than {} KB", REGEX_BYTES / 1024)
            }
            other => {
                // A syntax error is drawn over several lines; the last one says it in words.
                let text = other.to_string();
                let words = text.lines().last().unwrap_or_default();
                format!("the expression cannot be read: {}", words.trim_start_matches("error: "))
            }
        }
    })
}
