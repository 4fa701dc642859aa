//! How important a job is: 1 to 10, and 10 goes first.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::typescript::plain_in_typescript;

/// The place of a job among those that wait: 10 goes first, 1 last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Priority(u8);

/// A number that is no priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a priority is a whole number from 1 to 10, and 10 goes first; {0} is none")]
pub struct NoPriority(pub u8);

impl Priority {
    /// Goes last.
    pub const LOWEST: Self = Self(1);
    /// Where nothing else was chosen.
    pub const MIDDLE: Self = Self(5);
    /// Goes first.
    pub const HIGHEST: Self = Self(10);

    /// The priority of that number.
    ///
    /// # Errors
    /// A number that is not 1 to 10.
    pub const fn new(number: u8) -> Result<Self, NoPriority> {
        match number {
            1..=10 => Ok(Self(number)),
            _ => Err(NoPriority(number)),
        }
    }

    /// The number, 1 to 10.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

plain_in_typescript!(Priority, "number");

impl TryFrom<u8> for Priority {
    type Error = NoPriority;

    fn try_from(number: u8) -> Result<Self, NoPriority> {
        Self::new(number)
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Priority {
    fn schema_name() -> Cow<'static, str> {
        "Priority".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 10 })
    }
}
