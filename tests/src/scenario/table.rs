//! The scenarios with a name: one fact about TikTok each.

use super::{Opening, Refusal, Scenario, SignAnswer, Step};
use crate::frame::Frame;
use crate::live::{GiftStep, Live, Message};
use crate::viewer::{COMET, GiftKind, LANTERN, NADIR, OLLIE, ROSA, ROSE};

use Opening::{Accepted, Refused, Unanswered};
use Step::{Break, BreakWithin, Close, FallSilent, LeaveLive, Ping, Send, Wait};

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
    entry("sign-fallback", "the sign server's outage stub, without is_first", || signed(SignAnswer::FallbackStub)),
    entry("sign-429", "the sign server's limit, with its headers", || signed(SignAnswer::RateLimited)),
    entry("sign-429-bare", "the sign server's limit, without headers", || {
        signed(SignAnswer::RateLimitedWithoutHeaders)
    }),
    entry("sign-402", "the sign server wants to be paid", || signed(SignAnswer::PaymentRequired)),
    entry("sign-500", "the sign server fails", || signed(SignAnswer::ServerError)),
    entry("sign-503", "the sign server has no agent free", || signed(SignAnswer::NoAgents)),
    entry("sign-empty", "the sign server answers 200 with nothing", || signed(SignAnswer::Empty)),
];

const fn entry(name: &'static str, about: &'static str, make: fn() -> Scenario) -> NamedScenario {
    NamedScenario { name, about, make }
}

fn normal() -> Scenario {
    let mut live = Live::new();
    let greeting = Frame::of([
        live.welcome("Welcome to TikTok LIVE!"),
        live.live_intro(NADIR, "painting the night sky today"),
        live.past_chat(OLLIE, "first!"),
    ]);
    let talk = Frame::of([
        live.join(ROSA),
        live.chat(ROSA, "Love your stream! 🌌"),
        live.like(OLLIE, 5, 12_345),
        live.viewer_count(312, 4_021, &[(OLLIE, 500), (ROSA, 40)]),
        live.follow(ROSA),
    ]);
    let combo = [(1, false), (3, false), (3, true)]
        .map(|(count, is_end)| Frame::of([live.gift(ROSA, step(ROSE, 81, count, is_end))]));
    let rare = Frame::of([
        live.gift(OLLIE, step(COMET, 0, 1, false)),
        live.share(OLLIE),
        live.social_without_key(NADIR, 1),
        live.social_without_key(NADIR, 3),
        live.question(ROSA, "How long did the moon take?"),
        live.emote(NADIR, "7300000000000000777"),
        live.subscribe(ROSA, 3),
        live.treasure_box(OLLIE, 100, 20),
        live.member(NADIR, 3),
    ]);
    let odd =
        Frame::of([live.unknown(), live.broken_chat(OLLIE), live.chat(NADIR, "after the broken one")]).uncompressed();
    let rest = Frame::of([live.paused(), live.resumed(), live.chat(OLLIE, "welcome back")]);
    let frames = [greeting, talk].into_iter().chain(combo).chain([rare, odd, rest]);
    Scenario::playing(frames.map(Send).collect())
}

fn history() -> Scenario {
    live(|live| {
        let said = ["one", "two", "three", "four", "five", "six"];
        let mut messages = said.map(|text| live.past_chat(OLLIE, text)).to_vec();
        messages.push(live.chat(ROSA, "just now"));
        messages
    })
}

fn gift_end_twice() -> Scenario {
    let mut live = Live::new();
    let open = live.gift(ROSA, step(ROSE, 74, 2, false));
    let end = live.gift(ROSA, step(ROSE, 74, 2, true));
    let end_again = live.again(&end);
    one_frame_each(vec![open, end, end_again])
}

fn gift_interleaved() -> Scenario {
    live(|live| {
        let steps = [
            step(ROSE, 75, 1, false),
            step(LANTERN, 76, 1, false),
            step(ROSE, 75, 4, false),
            step(LANTERN, 76, 2, true),
            step(ROSE, 75, 4, true),
        ];
        steps.map(|step| live.gift(ROSA, step)).to_vec()
    })
}

fn gift_by_gift() -> Scenario {
    let mut live = Live::new();
    let gifts =
        (0..400).flat_map(|_| [Send(Frame::of([live.gift(OLLIE, step(COMET, 0, 1, false))])), Wait { ms: 1_500 }]);
    Scenario::playing(gifts.collect())
}

fn encodings() -> Scenario {
    let mut live = Live::new();
    Scenario::playing(vec![
        Send(Frame::of([live.chat(ROSA, "with gzip")])),
        Send(Frame::of([live.chat(ROSA, "as it is")]).uncompressed()),
        Send(Frame::of([live.chat(ROSA, "with gzip again")])),
    ])
}

fn ending(end: fn(&mut Live) -> Message) -> Scenario {
    let mut live = Live::new();
    let goodbye = live.chat(ROSA, "good night");
    let end = end(&mut live);
    Scenario::playing(vec![Send(Frame::of([goodbye])), LeaveLive, Send(Frame::of([end]))])
}

fn reconnect() -> Scenario {
    let mut live = Live::new();
    let comment = live.chat(OLLIE, "before the gap");
    let open = live.gift(ROSA, step(ROSE, 77, 2, false));
    let mut replayed = comment.clone();
    replayed.is_history = true;
    let end = live.gift(ROSA, step(ROSE, 77, 6, true));
    let after = live.chat(OLLIE, "after the gap");
    Scenario::opening(vec![
        Accepted(vec![Send(Frame::of([comment, open])), Close]),
        Accepted(vec![Send(Frame::of([replayed])), Send(Frame::of([end, after]))]),
    ])
}

/// A first connection that ends badly with its second frame, and a second one that goes on.
fn two_connections(end: fn(Frame) -> Step) -> Scenario {
    let mut live = Live::new();
    let before = Frame::of([live.chat(ROSA, "before it broke")]);
    let lost = Frame::of([live.chat(OLLIE, "lost on the way")]);
    let after = Frame::of([live.chat(NADIR, "after it broke")]);
    Scenario::opening(vec![Accepted(vec![Send(before), end(lost.clone())]), Accepted(vec![Send(lost), Send(after)])])
}

fn signed(answer: SignAnswer) -> Scenario {
    Scenario { sign: answer, ..normal() }
}

/// Roses of Rosa: (combo id, running total, whether it ends here).
fn roses(steps: &[(u64, i32, bool)]) -> Scenario {
    live(|live| {
        let messages =
            steps.iter().map(|&(group_id, count, is_end)| live.gift(ROSA, step(ROSE, group_id, count, is_end)));
        messages.collect()
    })
}

fn live(messages: impl FnOnce(&mut Live) -> Vec<Message>) -> Scenario {
    one_frame_each(messages(&mut Live::new()))
}

fn one_frame_each(messages: Vec<Message>) -> Scenario {
    Scenario::playing(messages.into_iter().map(|message| Send(Frame::of([message]))).collect())
}

fn step(gift: GiftKind, group_id: u64, count: i32, is_end: bool) -> GiftStep {
    GiftStep { gift, group_id, count, is_end }
}
