//! The catalogues of the window (`ui/src/i18n`), read for the console too, so that every text stands in one place.
//!
//! A catalogue has flat keys, each with a text, or with one text for each plural form of the number `count`. What stands in
//! braces is filled in.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use super::story::Language;

/// What the console takes from the catalogues, by what keys begin with; the rest is the window's own.
const TAKEN: [&str; 7] = ["attempt.", "cli.", "event.", "reason.", "unit.", "warning.", "way."];

/// The texts of one language by key.
#[derive(Debug)]
pub(super) struct Catalogue {
    language: Language,
    entries: HashMap<String, Entry>,
}

/// One text, or one for each plural form.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Text(String),
    Forms(BTreeMap<String, String>),
}

impl Catalogue {
    /// The catalogue of that language, read once.
    pub(super) fn of(language: Language) -> &'static Self {
        static ENGLISH: OnceLock<Catalogue> = OnceLock::new();
        static SPANISH: OnceLock<Catalogue> = OnceLock::new();
        static VIETNAMESE: OnceLock<Catalogue> = OnceLock::new();
        let (kept, file) = match language {
            Language::English => (&ENGLISH, include_str!("../../../../../ui/src/i18n/en.json")),
            Language::Spanish => (&SPANISH, include_str!("../../../../../ui/src/i18n/es.json")),
            Language::Vietnamese => (&VIETNAMESE, include_str!("../../../../../ui/src/i18n/vi.json")),
        };
        kept.get_or_init(|| {
            let mut entries: HashMap<String, Entry> = serde_json::from_str(file).expect("a test reads every catalogue");
            entries.retain(|key, _| TAKEN.iter().any(|start| key.starts_with(start)));
            entries.shrink_to_fit();
            Self { language, entries }
        })
    }

    /// The text of that key; of a text with plural forms the usual one.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.form(key, "other")
    }

    /// The text of that key for so many.
    pub(super) fn text_for(&self, key: &str, count: u64) -> Option<&str> {
        self.form(key, plural_form(self.language, count))
    }

    fn form(&self, key: &str, form: &str) -> Option<&str> {
        match self.entries.get(key)? {
            Entry::Text(text) => Some(text),
            Entry::Forms(forms) => forms.get(form).or_else(|| forms.get("other")).map(String::as_str),
        }
    }

    #[cfg(test)]
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

/// The plural form of a whole number, by the rules of Unicode (CLDR).
fn plural_form(language: Language, count: u64) -> &'static str {
    match (language, count) {
        (Language::English | Language::Spanish, 1) => "one",
        (Language::Spanish, count) if count > 0 && count.is_multiple_of(1_000_000) => "many",
        (Language::English | Language::Spanish | Language::Vietnamese, _) => "other",
    }
}

/// Fills in one pass, so that braces in a comment stay what they are; unknown braces of the text stay as typed.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}');
        let known = named.and_then(|(name, behind)| {
            let value = values.iter().find_map(|(known, value)| (*known == name).then_some(*value));
            value.map(|value| (value, behind))
        });
        rest = match known {
            Some((value, behind)) => {
                filled.push_str(value);
                behind
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(rest);
    filled
}
