//! 64-bit numbers as JSON text: JavaScript keeps 53 bits of a number.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

/// Writes the number as text.
///
/// # Errors
/// Those of the serializer.
pub(super) fn serialize<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Reads the number from text.
///
/// # Errors
/// The text is no number.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(format!("{text:?} is no number")))
}
