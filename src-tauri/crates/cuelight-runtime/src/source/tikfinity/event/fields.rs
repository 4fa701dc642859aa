//! The fields of a JSON object, read as what they are meant to be, whichever JSON type they came as.

use compact_str::{CompactString, ToCompactString as _};
use serde_json::{Map, Value};

/// An object, or nothing where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fields<'a>(Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: Option<&'a Value>) -> Self {
        Self(value.and_then(Value::as_object))
    }

    /// A text that is not empty.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A text of any length; empty where there is none.
    pub(super) fn long_text(self, name: &str) -> String {
        self.text(name).unwrap_or_default().to_owned()
    }

    /// An id, as text or as number; `0` and the empty text are none.
    pub(super) fn id(self, name: &str) -> Option<CompactString> {
        let id = match self.get(name)? {
            Value::String(text) => CompactString::from(text.as_str()),
            Value::Number(number) => number.to_compact_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        (!id.is_empty() && id != "0").then_some(id)
    }

    /// A whole number, as number or as text.
    pub(super) fn number(self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A number above 0, where 0 says that there is none.
    pub(super) fn number_above_0(self, name: &str) -> Option<u32> {
        self.number(name).and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
    }

    /// How many; 0 where there is no number or one below it.
    pub(super) fn count(self, name: &str) -> u64 {
        self.number(name).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
    }

    /// Yes or no, as such, as 1 or 0, or as text.
    pub(super) fn flag(self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.number(name).map(|number| number != 0)
            }
        }
    }

    /// A moment in milliseconds: thirteen digits are that, ten are seconds, anything else is none.
    pub(super) fn time_ms(self, name: &str) -> Option<i64> {
        match self.number(name)? {
            ms @ 1_000_000_000_000..=9_999_999_999_999 => Some(ms),
            seconds @ 1_000_000_000..=9_999_999_999 => Some(seconds * 1000),
            _ => None,
        }
    }

    /// An object within; without any field where there is none.
    pub(super) fn object(self, name: &str) -> Self {
        Self::of(self.get(name))
    }

    /// The elements of a list; none where there is no list.
    pub(super) fn list(self, name: &str) -> std::slice::Iter<'a, Value> {
        self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
    }

    /// The objects of a list.
    pub(super) fn objects(self, name: &str) -> impl Iterator<Item = Self> {
        self.list(name).map(|element| Self::of(Some(element)))
    }

    fn get(self, name: &str) -> Option<&'a Value> {
        self.0?.get(name)
    }
}

/// The number without a fraction, where it has none.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}
