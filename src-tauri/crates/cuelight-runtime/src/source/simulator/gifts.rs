//! The gifts that simulated viewers give: a few well-known ones, with TikTok's ids, prices and kinds.

use cuelight_core::gift_catalogue::is_streakable;
use webcast_proto::owned;

use super::wire::Fields;

/// A kind of gift and how often it is given.
#[derive(Debug, Clone, Copy)]
pub(super) struct GiftKind {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) diamond_count: u32,
    /// TikTok's type: 1 comes in combos, others one at a time.
    pub(super) gift_type: i32,
    /// How often it is given, of the sum of all weights.
    weight: u32,
}

impl GiftKind {
    const fn new(id: i64, name: &'static str, diamond_count: u32, gift_type: i32, weight: u32) -> Self {
        Self { id, name, diamond_count, gift_type, weight }
    }

    pub(super) fn is_streakable(&self) -> bool {
        is_streakable(Some(self.gift_type), None)
    }
}

/// Every gift that is given, by far most often a rose.
const KINDS: [GiftKind; 12] = [
    GiftKind::new(5655, "Rose", 1, 1, 400),
    GiftKind::new(5269, "TikTok", 1, 1, 120),
    GiftKind::new(6064, "GG", 1, 1, 100),
    GiftKind::new(5487, "Finger Heart", 5, 1, 90),
    GiftKind::new(5879, "Doughnut", 30, 1, 50),
    GiftKind::new(5660, "Hand Hearts", 100, 1, 40),
    GiftKind::new(5585, "Confetti", 100, 2, 12),
    GiftKind::new(6267, "Corgi", 299, 2, 10),
    GiftKind::new(7168, "Money Gun", 500, 2, 6),
    GiftKind::new(11046, "Galaxy", 1000, 2, 5),
    GiftKind::new(6369, "Lion", 29_999, 2, 1),
    GiftKind::new(7934, "Heart Me", 1, 4, 60),
];

/// A place in the table of gifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GiftIndex(usize);

/// The rose, of which raids are made.
pub(super) const ROSE: GiftIndex = GiftIndex(0);
/// A combo gift of 30 diamonds.
pub(super) const DOUGHNUT: GiftIndex = GiftIndex(4);
/// A gift of type 2, given one at a time.
pub(super) const CORGI: GiftIndex = GiftIndex(7);
/// A gift of type 2 that turns a match.
pub(super) const GALAXY: GiftIndex = GiftIndex(9);
/// A gift of type 4, given one at a time.
pub(super) const HEART_ME: GiftIndex = GiftIndex(11);

/// The gifts with their bytes on the wire.
pub(super) struct GiftShelf {
    encoded: Vec<Vec<u8>>,
}

impl GiftShelf {
    pub(super) fn new() -> Self {
        Self { encoded: KINDS.iter().map(encode).collect() }
    }

    pub(super) fn kind(index: GiftIndex) -> &'static GiftKind {
        &KINDS[index.0]
    }

    pub(super) fn encoded(&self, index: GiftIndex) -> &[u8] {
        &self.encoded[index.0]
    }

    /// A gift as viewers would choose it.
    pub(super) fn choose(dice: &mut super::dice::Dice) -> GiftIndex {
        let mut throw = dice.between(1..=KINDS.iter().map(|kind| kind.weight).sum());
        let chosen = KINDS.iter().position(|kind| {
            let hit = throw <= kind.weight;
            throw = throw.saturating_sub(kind.weight);
            hit
        });
        GiftIndex(chosen.expect("a throw within the sum of weights hits one"))
    }
}

/// The `Gift` of a gift message, as big as TikTok's: its picture lies in it three times.
fn encode(kind: &GiftKind) -> Vec<u8> {
    let image = picture(kind.name);
    Fields::new()
        .message(1, &image)
        .fields_of(&owned::Gift {
            describe: format!("sent {}", kind.name),
            id: kind.id,
            combo: kind.is_streakable(),
            r#type: kind.gift_type,
            diamond_count: i32::try_from(kind.diamond_count).expect("no gift costs billions"),
            name: kind.name.to_owned(),
            ..owned::Gift::default()
        })
        // Animation length, "in the panel", animation id.
        .number(4, 1000)
        .number(13, 1)
        .number(14, kind.id.unsigned_abs() % 9000)
        // Panel icon and preview.
        .message(21, &image)
        .message(47, &image)
        // Tracker parameters: a map of texts.
        .message(100, &Fields::new().text(1, "gift_property").text(2, "1"))
        .into_bytes()
}

fn picture(name: &str) -> Fields {
    let file = name.to_lowercase().replace(' ', "_");
    let url_list = ["p16", "p19"]
        .map(|host| format!("https://{host}.example.invalid/webcast-va/{file}.png~tplv-obj.webp"))
        .to_vec();
    Fields::new().fields_of(&owned::Image { url_list }).text(2, &format!("webcast-va/{file}.png"))
}
