//! What makes two gift messages parts of one combo.

use std::fmt;
use std::str::FromStr;

use crate::event::Gift;
use crate::id::{GiftId, GroupId, UserId};

/// Who gives what to whom, under which combo number.
///
/// The viewer alone would not do: one viewer's combos interleave, also the same gift to two guests.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComboKey {
    /// Who gives.
    pub user_id: UserId,
    /// What is given.
    pub gift_id: GiftId,
    /// TikTok's number of the combo (GiftMessage.11), where it sent one.
    pub group_id: Option<GroupId>,
    /// The guest who receives (GiftMessage.8), where that is not the streamer.
    pub recipient_id: Option<UserId>,
}

impl ComboKey {
    /// The key of the combo that this message is a part of.
    #[must_use]
    pub fn of(gift: &Gift) -> Self {
        Self {
            user_id: gift.user.user_id.clone(),
            gift_id: gift.gift.id,
            group_id: gift.group_id.clone(),
            recipient_id: gift.to_user.as_ref().map(|recipient| recipient.user_id.clone()),
        }
    }
}

/// As a table's key: a JSON array, since ids of other sources may hold any character. The combo's number comes first:
/// it is a time, so that what a commit changes lies side by side in the table.
impl fmt::Display for ComboKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = (&self.group_id, &self.user_id, self.gift_id, &self.recipient_id);
        f.write_str(&serde_json::to_string(&parts).map_err(|_| fmt::Error)?)
    }
}

/// A text that is no [`ComboKey`].
#[derive(Debug, thiserror::Error)]
#[error("could not read combo key {text:?}: {source}")]
pub struct ComboKeyError {
    text: String,
    source: serde_json::Error,
}

impl FromStr for ComboKey {
    type Err = ComboKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (group_id, user_id, gift_id, recipient_id) =
            serde_json::from_str(text).map_err(|source| ComboKeyError { text: text.to_owned(), source })?;
        Ok(Self { user_id, gift_id, group_id, recipient_id })
    }
}
