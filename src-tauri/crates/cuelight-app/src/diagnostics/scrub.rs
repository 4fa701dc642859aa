//! Takes names, ids, comments, addresses and places out of a text that strangers will read.

use aho_corasick::{AhoCorasick, MatchKind};
use cuelight_runtime::store::Settings;

use super::paths::Paths;

/// What stands for a name.
pub(super) const NAME: &str = "(name)";

/// What stands for words that viewers may have written.
const WORDS: &str = "(words)";

/// What stands for a long number, which may be an id.
const NUMBER: &str = "(number)";

/// What stands for an address.
const ADDRESS: &str = "(address)";

/// What the target of lines is whose text rules wrote, so viewers did.
const WRITTEN_BY_RULES: &str = "cuelight::log_write:";

/// Names shorter than this are parts of usual words.
const NAME_BYTES_MIN: usize = 3;

/// Digits of a number from which on it may be an id; times of day and sizes in the log have fewer.
const ID_DIGITS: usize = 9;

/// Takes out what is nobody else's business.
#[derive(Debug)]
pub(super) struct Scrub {
    /// None where there are no names yet.
    names: Option<AhoCorasick>,
    paths: Paths,
}

impl Scrub {
    /// Knows these names, those in the settings, and the folders of whoever runs this.
    pub(super) fn new(names: &[String], settings: &Settings, homes: &[String]) -> Self {
        let connection = &settings.connection;
        let host = connection.redis_url.as_deref().map(host).map(str::to_owned);
        let set = [connection.tiktok_user.clone(), connection.workspace_id.clone(), host].into_iter().flatten();
        let mut all: Vec<String> = names.iter().cloned().chain(set).map(|name| name.trim().to_owned()).collect();
        all.retain(|name| name.len() >= NAME_BYTES_MIN);
        all.sort_unstable();
        all.dedup();
        let mut search = AhoCorasick::builder();
        search.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        let names = (!all.is_empty()).then(|| search.build(&all).expect("so few short names fit"));
        Self { names, paths: Paths::new(homes) }
    }

    /// A line of the log.
    pub(super) fn log_line(&self, line: &str) -> String {
        match line.split_once(WRITTEN_BY_RULES) {
            Some((before, _)) => format!("{before}{WRITTEN_BY_RULES} {WORDS}"),
            // The time at its beginning is no id.
            None => {
                let (time, rest) = line.split_once(' ').unwrap_or(("", line));
                format!("{time} {}", self.text(rest))
            }
        }
    }

    /// Any text.
    pub(super) fn text(&self, text: &str) -> String {
        let text = without_quotes(&self.paths.without_owners(text));
        let text = match &self.names {
            Some(names) => names.replace_all(&text, &vec![NAME; names.patterns_len()]),
            None => text,
        };
        text.split_inclusive(char::is_whitespace).map(word).collect()
    }
}

/// A word with the white space behind it.
fn word(word: &str) -> String {
    let bare = word.trim_end();
    let space = &word[bare.len()..];
    if bare.contains("://") {
        return format!("{ADDRESS}{space}");
    }
    let handle = bare.find('@').filter(|place| bare.len() > place + 1);
    let bare = handle.map_or_else(|| bare.to_owned(), |place| format!("{}@{NAME}", &bare[..place]));
    format!("{}{space}", without_ids(&bare))
}

/// What stands between double quotes may be anything that somebody wrote.
fn without_quotes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        kept.push(letter);
        if letter != '"' {
            continue;
        }
        kept.push_str(WORDS);
        while let Some(inside) = letters.next() {
            match inside {
                '\\' => drop(letters.next()),
                '"' => break,
                _ => {}
            }
        }
        kept.push('"');
    }
    kept
}

fn without_ids(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let digits = rest[start..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &rest[start..start + digits];
        kept.push_str(&rest[..start]);
        kept.push_str(if digits >= ID_DIGITS { NUMBER } else { number });
        rest = &rest[start + digits..];
    }
    kept.push_str(rest);
    kept
}

/// The host of an address, without user and port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let names = ["mia_99", "Mía ❤", "7001234567890123456", "luna.plays", "ab"].map(str::to_owned);
        let mut settings = Settings::default();
        settings.connection.redis_url = Some("redis://redis.luna.example:6379/2".into());
        let homes = ["/home/mia", r"C:\Users\Mia Luna"].map(str::to_owned);
        assert_eq!(Scrub::new(&names, &settings, &homes).log_line(line), expected);
    }

    #[test]
    fn a_line_keeps_what_happened_and_loses_who_it_was() {
        check(
            "2026-01-12T12:00:00.123456Z  INFO cuelight_runtime::store: opened form=2",
            "2026-01-12T12:00:00.123456Z  INFO cuelight_runtime::store: opened form=2",
        );
        check("T ERROR x: @luna.plays is not live", "T ERROR x: @(name) is not live");
        check("T ERROR x: stopped by MIA_99, again", "T ERROR x: stopped by (name), again");
        check("T WARN x: seen Mía ❤ there", "T WARN x: seen (name) there");
        check("T WARN x: id=7001234567890123999", "T WARN x: id=(number)");
        check(
            r#"T WARN x: invalid type: string "I am \"here\" now", expected u32"#,
            r#"T WARN x: invalid type: string "(words)", expected u32"#,
        );
        check("T INFO cuelight::log_write: mia says hello", "T INFO cuelight::log_write: (words)");
        check("T WARN x: https://example.org/mia?x=1 failed", "T WARN x: (address) failed");
        check("T WARN x: redis.luna.example:6379 refused", "T WARN x: (name):6379 refused");
        check(r#"T WARN x: it said "never closed"#, r#"T WARN x: it said "(words)""#);
    }
}
