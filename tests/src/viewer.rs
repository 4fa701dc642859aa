//! Invented people and gifts that scenarios are made of.

use webcast_proto::owned;

/// Somebody in the room.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Numeric id (`User`, field 1); all 63 bits are used, as on TikTok.
    pub id: i64,
    /// Handle without `@` (`User`, field 38).
    pub handle: &'static str,
    /// Display name (`User`, field 3).
    pub nickname: &'static str,
}

/// A viewer with a plain name.
pub const ROSA: Viewer = Viewer { id: 6_800_000_000_000_000_101, handle: "rosa.quill", nickname: "Rosa Quill" };
/// A viewer whose name holds emoji joined by zero-width joiners.
pub const OLLIE: Viewer =
    Viewer { id: 6_800_000_000_000_000_202, handle: "ollie_88", nickname: "Ollie 👩‍🚀✨" };
/// A viewer whose name runs from right to left.
pub const NADIR: Viewer =
    Viewer { id: 9_100_000_000_000_000_303, handle: "nadir.x", nickname: "نديم السماء" };

impl Viewer {
    pub(crate) fn on_the_wire(self) -> owned::User {
        owned::User {
            id: self.id,
            nickname: self.nickname.into(),
            display_id: self.handle.into(),
            avatar_thumb: Some(owned::Image {
                url_list: vec![format!("https://pictures.invalid/{}.webp", self.handle)],
            }),
            ..Default::default()
        }
    }
}

/// A gift of the catalogue (`Gift`, fields 5, 16, 12 and 11).
#[derive(Clone, Copy, Debug)]
pub struct GiftKind {
    /// Gift id.
    pub id: i64,
    /// Name shown.
    pub name: &'static str,
    /// Coins for one unit.
    pub diamonds: i32,
    /// 1 = streakable, everything else is sent once.
    pub kind: i32,
}

/// A gift of one coin that comes in combos.
pub const ROSE: GiftKind = GiftKind { id: 5655, name: "Rose", diamonds: 1, kind: 1 };
/// A gift of ten coins that comes in combos.
pub const LANTERN: GiftKind = GiftKind { id: 90_010, name: "Lantern", diamonds: 10, kind: 1 };
/// An expensive gift without combos: `repeat_end` stays 0 and `group_id` is 0.
pub const COMET: GiftKind = GiftKind { id: 90_500, name: "Comet", diamonds: 5000, kind: 2 };

impl GiftKind {
    pub(crate) fn on_the_wire(self) -> owned::Gift {
        owned::Gift {
            image: Some(owned::Image { url_list: vec![format!("https://pictures.invalid/gift-{}.png", self.id)] }),
            describe: format!("sent {}", self.name),
            id: self.id,
            combo: self.kind == 1,
            r#type: self.kind,
            diamond_count: self.diamonds,
            name: self.name.into(),
            icon: None,
        }
    }
}
