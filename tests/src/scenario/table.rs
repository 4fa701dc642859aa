//! The scenarios with a name: one fact about TikTok each.

use super::lasting::six_hours;
use super::making::{
    between_comments, clock_skew, dribble, encodings, ending, gift_by_gift, gift_end_twice, gift_interleaved,
    gift_list, history, huge_frame, limited, live, normal, page, reconnect, room_changed, roses, signed, step,
    tiny_frames, two_connections, welcome_again,
};
use super::{Admission, GiftListAnswer, LivePage, Opening, Pace, RateLimit, Refusal, Scenario, SignAnswer, Step};
use crate::frame::Frame;
use crate::live::Live;
use crate::viewer::{COMET, NADIR, OLLIE, ROSA};

use Opening::{Refused, Unanswered};
use Step::{Break, BreakWithin, ChangeRoom, Close, FallSilent, LeaveLive, Ping, Send, Wait};

/// A scenario that can be asked for by name.
#[derive(Clone, Copy, Debug)]
pub struct NamedScenario {
    /// The name, such as `gift-end-twice`.
    pub name: &'static str,
    /// What is special about it.
    pub about: &'static str,
    make: fn() -> Scenario,
}

impl NamedScenario {
    /// Builds it; the same bytes every time.
    pub fn scenario(&self) -> Scenario {
        (self.make)()
    }
}

/// Looks a scenario up by its name in [`NAMED`].
pub fn named(name: &str) -> Option<Scenario> {
    NAMED.iter().find(|entry| entry.name == name).map(NamedScenario::scenario)
}

/// Every scenario with a name.
pub const NAMED: &[NamedScenario] = &[
    entry("normal", "welcome, history, then one of every common message; stays live", normal),
    entry("history", "six comments that are replayed after connecting, then a new one", history),
    entry("gift-streak", "counts 1, 3, 3 with end: three roses", || {
        roses(&[(71, 1, false), (71, 3, false), (71, 3, true)])
    }),
    entry("gift-missing-end", "counts 1, 4, and no end ever", || roses(&[(72, 1, false), (72, 4, false)])),
    entry("gift-end-twice", "the end comes again under a new msg_id", gift_end_twice),
    entry("gift-lower-count", "counts 5, 3, 4, 5 with end: five roses", || {
        roses(&[(73, 5, false), (73, 3, false), (73, 4, false), (73, 5, true)])
    }),
    entry("gift-interleaved", "two combos of one viewer, message by message", gift_interleaved),
    entry("gift-single", "a gift of type 2, sent once with repeat_end 0", || {
        live(|live| vec![live.gift(OLLIE, step(COMET, 0, 1, false))])
    }),
    entry("gift-by-gift", "a gift of type 2 every one and a half seconds, for ten minutes", gift_by_gift),
    entry("like-total-back", "the room's like total goes back between counters", || {
        live(|live| {
            let totals = [(5, 1_000), (3, 640), (15, 1_020)];
            totals.map(|(count, total)| live.like(ROSA, count, total)).to_vec()
        })
    }),
    entry("broken-payload", "a comment that does not decode between two that do", || {
        live(|live| vec![live.chat(ROSA, "before"), live.broken_chat(OLLIE), live.chat(NADIR, "after")])
    }),
    entry("unknown-method", "a message of a type nobody knows, between comments", || {
        live(|live| vec![live.chat(ROSA, "before"), live.unknown(), live.chat(NADIR, "after")])
    }),
    entry("welcome", "the welcome text, whose method lacks the prefix", || {
        live(|live| vec![live.welcome("Welcome to TikTok LIVE!")])
    }),
    entry("encodings", "frames with and without gzip, in turn", encodings),
    entry("ack-without-ext", "need_ack with an empty internal_ext", || {
        let mut live = Live::new();
        Scenario::playing(vec![
            Send(Frame::of([live.chat(ROSA, "no extension here")]).without_internal_ext()),
            Send(Frame::of([live.chat(ROSA, "no ack wanted")]).without_ack()),
            Send(Frame::of([live.chat(ROSA, "as usual")])),
        ])
    }),
    entry("paused-resumed", "the stream pauses and goes on", || {
        live(|live| vec![live.chat(ROSA, "brb?"), live.paused(), live.resumed(), live.chat(ROSA, "back")])
    }),
    entry("ended", "the streamer ends the live", || ending(Live::ended)),
    entry("suspended", "TikTok ends the live", || ending(Live::suspended)),
    entry("closed", "the socket closes without a control message and the room is gone", || {
        let mut live = Live::new();
        let comment = live.chat(ROSA, "was that all?");
        Scenario::playing(vec![Send(Frame::of([comment])), LeaveLive, Close])
    }),
    entry("reconnect", "a close in the middle of a combo; history overlaps afterwards", reconnect),
    entry("broken-off", "the TCP connection breaks, then all is well", || two_connections(|_| Break)),
    entry("cut-in-frame", "the TCP connection breaks within a frame, then all is well", || {
        two_connections(BreakWithin)
    }),
    entry("silent", "one comment, then not another byte", || {
        let mut live = Live::new();
        let comment = live.chat(ROSA, "hello?");
        Scenario::playing(vec![Send(Frame::of([comment])), FallSilent])
    }),
    entry("pings", "the server pings and waits", || {
        let mut live = Live::new();
        let comment = live.chat(ROSA, "still here");
        Scenario::playing(vec![Ping, Wait { ms: 50 }, Ping, Send(Frame::of([comment]))])
    }),
    entry("device-blocked", "every upgrade is answered 200, DEVICE_BLOCKED 415", || {
        Scenario::opening(vec![Refused(Refusal::DEVICE_BLOCKED)])
    }),
    entry("device-blocked-once", "the first upgrade is refused, the second is normal", || {
        let Scenario { openings, .. } = normal();
        let refused = Refused(Refusal::DEVICE_BLOCKED);
        Scenario::opening([refused].into_iter().chain(openings).collect())
    }),
    entry("illegal-key", "every upgrade is answered 200, illegal secret key 417", || {
        Scenario::opening(vec![Refused(Refusal::ILLEGAL_SECRET_KEY)])
    }),
    entry("illegal-app", "every upgrade is answered 400, illegal app_id 417", || {
        Scenario::opening(vec![Refused(Refusal::ILLEGAL_APP_ID)])
    }),
    entry("upgrade-unanswered", "upgrades are taken and never answered", || Scenario::opening(vec![Unanswered])),
    entry("ttwid-late", "seven pages without a ttwid cookie, then one with it", || Scenario {
        pages_without_ttwid: 7,
        ..normal()
    }),
    entry("ttwid-never", "no page ever sets a ttwid cookie", || Scenario {
        pages_without_ttwid: usize::MAX,
        ..normal()
    }),
    entry("slow", "every answer takes 300 ms", || Scenario { latency_ms: 300, ..normal() }),
    entry("slow-loris", "every answer comes a byte a second", || Scenario { byte_every_ms: 1_000, ..normal() }),
    entry("dribble", "a frame comes a byte every 5 ms, between two that come at once", dribble),
    entry("gzip-bomb", "a frame of 16 KiB that unpacks to 16 MiB, between comments", || {
        between_comments(|live| Send(Frame::of([live.bulky(16 * 1024 * 1024)])))
    }),
    entry("huge-frame", "a WebSocket message of 9 MiB, then a connection without it", huge_frame),
    entry("clock-skew", "TikTok's clock is two hours ahead, then behind, then a day ahead", clock_skew),
    entry("welcome-again", "the welcome text comes after a break, under a fresh msg_id", welcome_again),
    entry("room-changed", "the connection breaks, and the streamer is live in another room", || {
        room_changed(vec![ChangeRoom, Break])
    }),
    entry("second-live", "the live ends, and the streamer is live again in another room", || {
        let mut live = Live::numbered_from(7_300_000_000_000_000_901);
        room_changed(vec![LeaveLive, Send(Frame::of([live.ended()])), ChangeRoom])
    }),
    entry("joins-only", "forty people come in and nobody is heard", || {
        live(|live| {
            let count = live.viewer_count(40, 40, &[]);
            (0..40).map(|_| live.join(NADIR)).chain([count]).collect()
        })
    }),
    entry("six-hours", "a live of six hours within a minute, with forty breaks", || six_hours().scenario),
    entry("browsers-only", "whatever is not a browser is answered 403", || Scenario {
        admission: Admission::BrowsersOnly,
        ..normal()
    }),
    entry("ttwid-for-browsers", "only browsers are given a ttwid cookie", || Scenario {
        admission: Admission::BrowsersGetCookies,
        ..normal()
    }),
    entry("direct-refused", "an upgrade without a signature is answered 200, DEVICE_BLOCKED 415", || Scenario {
        admission: Admission::SignedOnly,
        signed_batch: vec![Live::numbered_from(7_300_000_000_000_000_801).chat(OLLIE, "signed and delivered")],
        ..normal()
    }),
    entry("direct-refused-later", "the first connection breaks, and later upgrades need a signature", || Scenario {
        admission: Admission::SignedOnlyLater,
        ..two_connections(|_| Break)
    }),
    entry("other-host", "the socket is to be had under the name `localhost` only", || Scenario {
        admission: Admission::OnlyAt("localhost"),
        ..normal()
    }),
    entry("page-socket-once", "the page's socket closes, and the page opens no other", || Scenario {
        page: LivePage::SocketOnce,
        ..reconnect()
    }),
    entry("page-worker", "the page keeps its socket in a worker", || page(LivePage::SocketInWorker)),
    entry("page-strangers", "the page has sockets that are not TikTok's", || page(LivePage::SocketAndStrangers)),
    entry("page-silent", "the page opens no socket", || page(LivePage::NoSocket)),
    entry("page-flood", "20 000 frames come at once", || Scenario {
        page: LivePage::SocketWithoutAcks,
        ..Scenario::replay(tiny_frames(20_000), Pace::FlatOut)
    }),
    entry("page-captcha", "the page wants a captcha solved first", || page(LivePage::Captcha)),
    entry("page-captcha-later", "a script lays a captcha over the page a second after that came", || {
        page(LivePage::CaptchaLaidOver)
    }),
    entry("page-login", "the page wants a login first", || page(LivePage::Login)),
    entry("sign-fallback", "the sign server's outage stub, without is_first", || signed(SignAnswer::FallbackStub)),
    entry("sign-401", "the sign server does not know the key", || signed(SignAnswer::UnknownKey)),
    entry("sign-403", "the key may not be used for this", || signed(SignAnswer::ForbiddenKey)),
    entry("sign-402-in-200", "the sign server wants to be paid and says so within HTTP 200", || {
        signed(SignAnswer::PaymentRequiredWithin200)
    }),
    entry("sign-no-cookie", "a signed answer without its cookie", || signed(SignAnswer::GoodWithoutCookie)),
    entry("sign-429", "the sign server's limit, with its headers", || limited(RateLimit::Everything)),
    entry("sign-429-bare", "the sign server's limit, without headers", || {
        limited(RateLimit::Label("rate_limit_account_minute"))
    }),
    entry("sign-429-hour", "the limit of an hour, told by a label", || {
        limited(RateLimit::Label("rate_limit_account_hour"))
    }),
    entry("sign-429-day", "the limit of a day, told by a label", || {
        limited(RateLimit::Label("rate_limit_account_day"))
    }),
    entry("sign-429-after", "the limit, told in seconds", || limited(RateLimit::RetryAfterSeconds)),
    entry("sign-429-date", "the limit, told as a date", || limited(RateLimit::RetryAfterDate)),
    entry("sign-429-remaining", "the limit, told by RateLimit-Remaining", || limited(RateLimit::Remaining)),
    entry("sign-429-reset", "the limit, told by RateLimit-Reset", || limited(RateLimit::Reset)),
    entry("sign-429-x-reset", "the limit, told by X-RateLimit-Reset", || limited(RateLimit::XReset)),
    entry("sign-429-unsaid", "the limit, without a word on how long", || limited(RateLimit::Unsaid)),
    entry("sign-429-cut", "the limit, with half a body", || limited(RateLimit::CutBody)),
    entry("sign-402", "the sign server wants to be paid", || signed(SignAnswer::PaymentRequired)),
    entry("sign-500", "the sign server fails", || signed(SignAnswer::ServerError)),
    entry("sign-503", "the sign server has no agent free", || signed(SignAnswer::NoAgents)),
    entry("sign-empty", "the sign server answers 200 with nothing", || signed(SignAnswer::Empty)),
    entry("gift-list-403", "the gift list is refused", || gift_list(GiftListAnswer::Forbidden)),
    entry("gift-list-large", "the gift list has more than 8 MB", || gift_list(GiftListAnswer::Large)),
    entry("gift-list-unanswered", "the gift list is never answered", || gift_list(GiftListAnswer::Unanswered)),
];

const fn entry(name: &'static str, about: &'static str, make: fn() -> Scenario) -> NamedScenario {
    NamedScenario { name, about, make }
}
