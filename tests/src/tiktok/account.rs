//! Who lives on the fake TikTok: the handle asked for decides what the HTTP routes answer.

use crate::scenario::RateLimit;

/// The room every live account is in, as text and number.
pub const ROOM_ID: i64 = 7_123_456_789_012_345_678;

/// The room of an account that is not live; TikTok goes on naming the last one.
pub(crate) const LAST_ROOM_ID: i64 = 7_123_456_789_012_340_004;

/// The room a streamer is in after [`Step::ChangeRoom`](crate::Step::ChangeRoom).
pub const NEXT_ROOM_ID: i64 = 7_123_456_789_012_349_002;

/// The room of a live that is shown to others only.
pub(crate) const PRIVATE_ROOM_ID: i64 = 7_123_456_789_012_340_007;

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
    /// Live, but the upgrade is answered HTTP 200 without a word: private, or not shown in this region.
    Private,
    /// Live by the JSON answer, in a page whose state is no JSON.
    WithoutState,
    /// Live by the JSON answer, and HTTP 404 in place of the page.
    WithoutPage,
    /// HTTP 429 with an empty body.
    Throttled,
    /// HTTP 429 that names the wait in this form.
    ThrottledNaming(RateLimit),
    /// The request is taken and never answered.
    Unanswering,
}

impl Account {
    /// Handles with a meaning; every other handle is live.
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
        ("private", Account::Private),
        ("notjson", Account::WithoutState),
        ("pageless", Account::WithoutPage),
        ("throttled", Account::Throttled),
        ("throttled.all", Account::ThrottledNaming(RateLimit::Everything)),
        ("throttled.after", Account::ThrottledNaming(RateLimit::RetryAfterSeconds)),
        ("throttled.date", Account::ThrottledNaming(RateLimit::RetryAfterDate)),
        ("throttled.remaining", Account::ThrottledNaming(RateLimit::Remaining)),
        ("throttled.reset", Account::ThrottledNaming(RateLimit::Reset)),
        ("throttled.xreset", Account::ThrottledNaming(RateLimit::XReset)),
        ("throttled.minute", Account::ThrottledNaming(RateLimit::Label("rate_limit_account_minute"))),
        ("throttled.hour", Account::ThrottledNaming(RateLimit::Label("rate_limit_account_hour"))),
        ("throttled.day", Account::ThrottledNaming(RateLimit::Label("rate_limit_account_day"))),
        ("throttled.cut", Account::ThrottledNaming(RateLimit::CutBody)),
        ("unanswering", Account::Unanswering),
    ];

    /// The account behind `handle`, written without `@`.
    pub fn of(handle: &str) -> Account {
        Self::NAMED.iter().find(|(name, _)| *name == handle).map_or(Account::Live, |(_, account)| *account)
    }
}
