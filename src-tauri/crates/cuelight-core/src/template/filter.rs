//! What can be done to a value on its way into a text, such as `{nickname|upper}`.

use unicode_segmentation::UnicodeSegmentation as _;

/// One filter with what stands behind its colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// Capital letters.
    Upper,
    /// Small letters.
    Lower,
    /// A capital first letter.
    Capitalize,
    /// No blanks at either end.
    Trim,
    /// The first word.
    First,
    /// At most so many characters, as people count them.
    Max(usize),
    /// Commas between thousands.
    Number,
    /// 1.2K, 3.4M.
    Short,
    /// This, where there is nothing.
    Or(String),
}

impl Filter {
    /// The filter of that name; `None` where there is none, or not with what stands behind its colon.
    pub(super) fn parse(typed: &str) -> Option<Self> {
        let (name, own) = match typed.split_once(':') {
            Some((name, own)) => (name, Some(own)),
            None => (typed, None),
        };
        match (name.trim().to_ascii_lowercase().as_str(), own) {
            ("upper", None) => Some(Self::Upper),
            ("lower", None) => Some(Self::Lower),
            ("capitalize", None) => Some(Self::Capitalize),
            ("trim", None) => Some(Self::Trim),
            ("first", None) => Some(Self::First),
            ("number", None) => Some(Self::Number),
            ("short", None) => Some(Self::Short),
            ("max", Some(own)) => own.trim().parse().ok().filter(|characters| *characters > 0).map(Self::Max),
            ("or", Some(own)) => Some(Self::Or(own.to_owned())),
            _ => None,
        }
    }

    /// Says what stands where there is nothing.
    pub(super) fn is_fallback(&self) -> bool {
        match self {
            Self::Or(_) => true,
            Self::Upper
            | Self::Lower
            | Self::Capitalize
            | Self::Trim
            | Self::First
            | Self::Max(_)
            | Self::Number
            | Self::Short => false,
        }
    }

    pub(super) fn apply(&self, value: String) -> String {
        match self {
            Self::Upper => value.to_uppercase(),
            Self::Lower => value.to_lowercase(),
            Self::Capitalize => capitalized(&value),
            Self::Trim => value.trim().to_owned(),
            Self::First => value.split_whitespace().next().unwrap_or_default().to_owned(),
            Self::Max(characters) => value.graphemes(true).take(*characters).collect(),
            Self::Number => with_thousands(&value).unwrap_or(value),
            Self::Short => shortened(&value).unwrap_or(value),
            Self::Or(fallback) if value.trim().is_empty() => fallback.clone(),
            Self::Or(_) => value,
        }
    }
}

fn capitalized(value: &str) -> String {
    let mut characters = value.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// `-1234567.5` as `-1,234,567.5`; `None` where it is no number.
fn with_thousands(value: &str) -> Option<String> {
    let (sign, unsigned) = value.strip_prefix('-').map_or(("", value), |unsigned| ("-", unsigned));
    let (digits, fraction) = unsigned.find('.').map_or((unsigned, ""), |point| unsigned.split_at(point));
    let is_number = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && fraction.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push_str(fraction);
    Some(grouped)
}

/// `12345` as `12.3K`, rounded down, so that nobody is told of a goal before it is reached; `None` where it is no number.
fn shortened(value: &str) -> Option<String> {
    const STEPS: [(u64, char); 3] = [(1_000_000_000, 'B'), (1_000_000, 'M'), (1_000, 'K')];
    let number: i64 = value.parse().ok()?;
    let size = number.unsigned_abs();
    let Some((unit, letter)) = STEPS.into_iter().find(|(unit, _)| size >= *unit) else {
        return Some(number.to_string());
    };
    let sign = if number < 0 { "-" } else { "" };
    let tenth = size % unit / (unit / 10);
    let fraction = if tenth == 0 { String::new() } else { format!(".{tenth}") };
    Some(format!("{sign}{}{fraction}{letter}", size / unit))
}
