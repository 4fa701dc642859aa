//! What is known about each kind of gift, grown from what messages say.

use std::collections::BTreeSet;
use std::sync::Arc;

use ahash::AHashMap;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::event::Gift;
use crate::id::{GiftId, GroupId};
use crate::limits::{CATALOGUE_GIFTS, GIFT_NAMES};

/// What a gift is called whose name neither the message nor the catalogue tells.
pub const UNKNOWN_GIFT: &str = "Unknown gift";

/// `GiftStruct.11` of a gift that comes in combos.
const STREAKABLE_TYPE: i32 = 1;

/// Whether such a gift comes in combos: its type says so, and where nobody knows the type, a combo number does.
///
/// GiftMessage.11, the combo number, is 0 for one-time gifts.
#[must_use]
pub fn is_streakable(gift_type: Option<i32>, group_id: Option<&GroupId>) -> bool {
    gift_type.map_or(group_id.is_some(), |gift_type| gift_type == STREAKABLE_TYPE)
}

/// What messages said about one kind of gift; the newest statement stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownGift {
    /// TikTok's number of the gift; names repeat and change.
    pub id: GiftId,
    /// The name in the language in which it was seen last.
    pub name: Option<CompactString>,
    /// Price of one unit in diamonds.
    pub diamond_count: Option<u32>,
    /// 1 = streakable, others = one-time.
    #[serde(rename = "type")]
    pub gift_type: Option<i32>,
    /// Where the picture lies.
    pub image_url: Option<String>,
    /// Every name that was ever seen, in any language, at most [`GIFT_NAMES`].
    #[serde(skip)]
    pub names: Arc<[CompactString]>,
}

impl KnownGift {
    /// Remembers a name; true if it was new and there was room.
    fn remember(&mut self, name: &CompactString) -> bool {
        if self.names.len() >= GIFT_NAMES || self.names.contains(name) {
            return false;
        }
        self.names = self.names.iter().chain([name]).cloned().collect();
        true
    }
}

/// Every kind of gift that was ever seen, at most [`CATALOGUE_GIFTS`].
#[derive(Debug, Clone, Default)]
pub struct GiftCatalogue {
    gifts: AHashMap<GiftId, KnownGift>,
    learned: BTreeSet<GiftId>,
}

impl GiftCatalogue {
    /// A catalogue that begins with these gifts; of two with one id the later stands.
    pub fn new(gifts: impl IntoIterator<Item = KnownGift>) -> Self {
        let named = |mut gift: KnownGift| {
            if let Some(name) = gift.name.clone() {
                gift.remember(&name);
            }
            (gift.id, gift)
        };
        Self { gifts: gifts.into_iter().map(named).collect(), learned: BTreeSet::new() }
    }

    /// What is known about that gift.
    #[must_use]
    pub fn get(&self, id: GiftId) -> Option<&KnownGift> {
        self.gifts.get(&id)
    }

    /// Fills in what the message left out, and tells whether the gift comes in combos ([`is_streakable`]).
    pub fn complete(&self, gift: &mut Gift) {
        let details = &mut gift.gift;
        if let Some(known) = self.gifts.get(&details.id) {
            details.name = details.name.take().or_else(|| known.name.clone());
            details.diamond_count = details.diamond_count.or(known.diamond_count);
            details.gift_type = details.gift_type.or(known.gift_type);
            details.image_url = details.image_url.take().or_else(|| known.image_url.clone());
            details.names = Arc::clone(&known.names);
        }
        details.name.get_or_insert(CompactString::const_new(UNKNOWN_GIFT));
        details.streakable = is_streakable(details.gift_type, gift.group_id.as_ref());
        gift.streaking &= details.streakable;
    }

    /// Takes over what the message says; true if that was new.
    pub fn learn(&mut self, gift: &Gift) -> bool {
        let details = &gift.gift;
        // 0 is how the wire says "none", and such a message says nothing about any gift.
        if details.id == 0 || (self.gifts.len() >= CATALOGUE_GIFTS && !self.gifts.contains_key(&details.id)) {
            return false;
        }
        let known =
            self.gifts.entry(details.id).or_insert_with(|| KnownGift { id: details.id, ..KnownGift::default() });
        let name = details.name.as_ref().filter(|name| *name != UNKNOWN_GIFT);
        // `|`, not `||`: every field is looked at.
        let is_new = replace_if_other(&mut known.name, name, |a, b| a == b)
            | replace_if_other(&mut known.diamond_count, details.diamond_count.as_ref(), |a, b| a == b)
            | replace_if_other(&mut known.gift_type, details.gift_type.as_ref(), |a, b| a == b)
            | replace_if_other(&mut known.image_url, details.image_url.as_ref(), |a, b| {
                picture_path(a) == picture_path(b)
            })
            | name.is_some_and(|name| known.remember(name));
        if is_new {
            self.learned.insert(details.id);
        }
        is_new
    }

    /// What was learned since the last call, by id, for the commit of the events that taught it.
    pub fn take_learned(&mut self) -> Vec<KnownGift> {
        std::mem::take(&mut self.learned).iter().filter_map(|id| self.gifts.get(id).cloned()).collect()
    }
}

fn replace_if_other<T: Clone>(known: &mut Option<T>, said: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
    let Some(said) = said else { return false };
    if known.as_ref().is_some_and(|known| same(known, said)) {
        return false;
    }
    *known = Some(said.clone());
    true
}

/// A picture's address without its host and signature: TikTok serves one picture from many hosts.
#[must_use]
pub fn picture_path(url: &str) -> &str {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or(url, |(_, path)| path);
    path.split_once('?').map_or(path, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::GiftDetails;

    fn rose() -> KnownGift {
        KnownGift {
            id: 5655,
            name: Some("Rose".into()),
            diamond_count: Some(1),
            gift_type: Some(1),
            image_url: Some("https://p16.example/img/rose.png?x=1".into()),
            ..KnownGift::default()
        }
    }

    fn message(details: GiftDetails) -> Gift {
        Gift { gift: details, repeat_count: 1, streaking: true, ..Gift::default() }
    }

    #[test]
    fn what_the_message_left_out_comes_from_the_catalogue() {
        let mut gift = message(GiftDetails { id: 5655, diamond_count: Some(2), ..GiftDetails::default() });
        GiftCatalogue::new([rose()]).complete(&mut gift);
        assert_eq!(gift.gift.name.as_deref(), Some("Rose"), "the name was missing");
        assert_eq!(gift.gift.diamond_count, Some(2), "what the message says stands");
        assert!(gift.gift.streakable && gift.streaking, "type 1 comes in combos");
    }

    #[test]
    fn a_gift_that_nobody_knows_is_called_so_and_its_combo_number_tells_its_kind() {
        let check = |group_id: Option<GroupId>, streakable| {
            let mut gift = message(GiftDetails { id: 9, ..GiftDetails::default() });
            gift.group_id = group_id;
            GiftCatalogue::default().complete(&mut gift);
            assert_eq!(gift.gift.name.as_deref(), Some(UNKNOWN_GIFT), "no name must not mean no gift");
            assert_eq!((gift.gift.streakable, gift.streaking), (streakable, streakable), "only combos go on");
        };
        check(None, false);
        check(Some(GroupId::new("77")), true);
    }

    #[test]
    fn a_one_time_gift_never_streaks_although_no_end_was_sent() {
        let mut gift = message(GiftDetails { id: 9, gift_type: Some(2), ..GiftDetails::default() });
        gift.group_id = Some(GroupId::new("77"));
        GiftCatalogue::default().complete(&mut gift);
        assert!(!gift.gift.streakable && !gift.streaking, "types other than 1 are sent once, with repeat_end 0");
    }

    #[test]
    fn only_new_statements_are_learned() {
        let mut catalogue = GiftCatalogue::new([rose()]);
        let said = |name: Option<&str>, diamond_count, image: Option<&str>| {
            message(GiftDetails {
                id: 5655,
                name: name.map(CompactString::new),
                diamond_count,
                image_url: image.map(str::to_owned),
                ..GiftDetails::default()
            })
        };
        assert!(!catalogue.learn(&said(Some("Rose"), Some(1), None)), "all of it was known");
        assert!(!catalogue.learn(&said(None, None, Some("https://p19.example/img/rose.png?x=2"))), "the same picture");
        assert!(!catalogue.learn(&said(Some(UNKNOWN_GIFT), None, None)), "our own stopgap is no statement");
        assert!(catalogue.take_learned().is_empty(), "nothing to store yet");
        assert!(catalogue.learn(&said(Some("Rosa"), None, None)), "a new name is news");
        let learned = catalogue.take_learned();
        assert_eq!(learned.len(), 1, "one gift changed");
        assert_eq!(learned[0].name.as_deref(), Some("Rosa"), "the newest statement stands");
        assert_eq!(learned[0].diamond_count, Some(1), "what was not said stays");
        assert!(catalogue.take_learned().is_empty(), "each change is handed out once");
    }

    #[test]
    fn every_name_of_a_gift_is_remembered_and_told_with_the_next_one() {
        let mut catalogue = GiftCatalogue::new([rose()]);
        let said = |name: &str| {
            message(GiftDetails { id: 5655, name: Some(CompactString::new(name)), ..GiftDetails::default() })
        };
        for name in ["Rosa", "Hoa hồng", "Rose"] {
            catalogue.learn(&said(name));
        }
        let mut gift = said("Róża");
        catalogue.complete(&mut gift);
        assert_eq!(
            *gift.gift.names,
            ["Rose", "Rosa", "Hoa hồng"].map(CompactString::new),
            "each once, as they were seen"
        );
        for number in 0..2 * GIFT_NAMES {
            catalogue.learn(&said(&format!("name {number}")));
        }
        let names = catalogue.get(5655).map(|known| known.names.len());
        assert_eq!(names, Some(GIFT_NAMES), "invented names must not fill the memory");
    }

    #[test]
    fn a_message_without_a_gift_id_teaches_nothing() {
        let mut catalogue = GiftCatalogue::default();
        let gift = message(GiftDetails { name: Some("?".into()), ..GiftDetails::default() });
        assert!(!catalogue.learn(&gift), "id 0 means that the id is missing");
    }

    #[test]
    fn the_catalogue_stops_growing_at_its_bound() {
        let mut catalogue = GiftCatalogue::default();
        for id in 1..=CATALOGUE_GIFTS as GiftId + 5 {
            catalogue.learn(&message(GiftDetails { id, gift_type: Some(1), ..GiftDetails::default() }));
        }
        assert_eq!(catalogue.gifts.len(), CATALOGUE_GIFTS, "invented ids must not fill the memory");
        let known = message(GiftDetails { id: 1, gift_type: Some(2), ..GiftDetails::default() });
        assert!(catalogue.learn(&known), "known gifts are still kept up to date");
    }
}
