//! Who lives on the fake TikTok: the handle asked for decides what the HTTP routes answer.

/// The room every live account is in, as text and number.
pub const ROOM_ID: i64 = 7_123_456_789_012_345_678;

/// The room of an account that is not live; TikTok goes on naming the last one.
pub(crate) const LAST_ROOM_ID: i64 = 7_123_456_789_012_340_004;

/// What TikTok says about one handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Status 2 in room [`ROOM_ID`], until the scenario ends the live.
    Live,
    /// Status 3: the stream is paused and the room can still be entered.
    Paused,
    /// Status 4, with the id of the last room still filled in.
    Offline,
    /// A user with an empty room id.
    WithoutRoom,
    /// `user_not_found` (19881007), and a page without a live room.
    Unknown,
    /// `user_not_found` in the JSON answer although the page shows the live.
    FalselyUnknown,
    /// Code 4003110, with `prompts` as the only data.
    AgeRestricted,
    /// Code 10011: the parameters of the request are refused.
    ParametersRefused,
    /// A verification page in place of both answers.
    Captcha,
    /// HTTP 200 with an empty body.
    Blank,
    /// HTTP 403 with an empty body.
    Blocked,
    /// HTTP 429 with an empty body.
    Throttled,
    /// The request is taken and never answered.
    Unanswering,
}

impl Account {
    /// Handles with a meaning of their own; every other handle is live.
    pub const NAMED: &[(&str, Account)] = &[
        ("paused", Account::Paused),
        ("offline", Account::Offline),
        ("roomless", Account::WithoutRoom),
        ("nobody", Account::Unknown),
        ("hidden", Account::FalselyUnknown),
        ("adult", Account::AgeRestricted),
        ("params", Account::ParametersRefused),
        ("captcha", Account::Captcha),
        ("blank", Account::Blank),
        ("blocked", Account::Blocked),
        ("throttled", Account::Throttled),
        ("unanswering", Account::Unanswering),
    ];

    /// The account behind `handle`, written without `@`.
    pub fn of(handle: &str) -> Account {
        Self::NAMED.iter().find(|(name, _)| *name == handle).map_or(Account::Live, |(_, account)| *account)
    }
}
