//! The languages that the program speaks, and how they write numbers.

use std::fmt;
use std::str::FromStr;

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// Vietnamese.
    Vietnamese,
}

/// A text that names no language that the program speaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no language {0:?}; there are en (English), es (Spanish) and vi (Vietnamese)")]
pub struct NoLanguage(String);

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::English, Self::Spanish, Self::Vietnamese];

    /// Its code, as options and settings spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Vietnamese => "vi",
        }
    }

    /// A whole number with its thousands apart, as the language writes it.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let (separator, fewest_grouped) = match self {
            Self::English => (',', 4),
            // Four digits stay together in Spanish.
            Self::Spanish => ('.', 5),
            Self::Vietnamese => ('.', 4),
        };
        if digits.len() < fewest_grouped {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A number with one decimal, as the language writes it.
    #[must_use]
    pub fn tenths(self, number: f64) -> String {
        let text = format!("{number:.1}");
        match self {
            Self::English => text,
            Self::Spanish | Self::Vietnamese => text.replace('.', ","),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Language {
    type Err = NoLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| NoLanguage(text.to_owned()))
    }
}
