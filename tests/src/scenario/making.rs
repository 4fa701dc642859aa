//! Builds the scenarios with a name.

use super::{GiftListAnswer, LivePage, Opening, RateLimit, Scenario, SignAnswer, Step};
use crate::frame::Frame;
use crate::live::{GiftStep, Live, Message};
use crate::recording::Recording;
use crate::tiktok::NEXT_ROOM_ID;
use crate::viewer::{COMET, GiftKind, LANTERN, NADIR, OLLIE, ROSA, ROSE};

use Opening::Accepted;
use Step::{Break, Close, Dribble, FallSilent, LeaveLive, Send, Wait};

pub(super) fn normal() -> Scenario {
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

pub(super) fn history() -> Scenario {
    live(|live| {
        let said = ["one", "two", "three", "four", "five", "six"];
        let mut messages = said.map(|text| live.past_chat(OLLIE, text)).to_vec();
        messages.push(live.chat(ROSA, "just now"));
        messages
    })
}

pub(super) fn gift_end_twice() -> Scenario {
    let mut live = Live::new();
    let open = live.gift(ROSA, step(ROSE, 74, 2, false));
    let end = live.gift(ROSA, step(ROSE, 74, 2, true));
    let end_again = live.again(&end);
    one_frame_each(vec![open, end, end_again])
}

pub(super) fn gift_interleaved() -> Scenario {
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

pub(super) fn gift_by_gift() -> Scenario {
    let mut live = Live::new();
    let gifts =
        (0..400).flat_map(|_| [Send(Frame::of([live.gift(OLLIE, step(COMET, 0, 1, false))])), Wait { ms: 1_500 }]);
    Scenario::playing(gifts.collect())
}

pub(super) fn encodings() -> Scenario {
    let mut live = Live::new();
    Scenario::playing(vec![
        Send(Frame::of([live.chat(ROSA, "with gzip")])),
        Send(Frame::of([live.chat(ROSA, "as it is")]).uncompressed()),
        Send(Frame::of([live.chat(ROSA, "with gzip again")])),
    ])
}

pub(super) fn ending(end: fn(&mut Live) -> Message) -> Scenario {
    let mut live = Live::new();
    let goodbye = live.chat(ROSA, "good night");
    let end = end(&mut live);
    Scenario::playing(vec![Send(Frame::of([goodbye])), LeaveLive, Send(Frame::of([end]))])
}

pub(super) fn reconnect() -> Scenario {
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
pub(super) fn two_connections(end: fn(Frame) -> Step) -> Scenario {
    let mut live = Live::new();
    let before = Frame::of([live.chat(ROSA, "before it broke")]);
    let lost = Frame::of([live.chat(OLLIE, "lost on the way")]);
    let after = Frame::of([live.chat(NADIR, "after it broke")]);
    Scenario::opening(vec![Accepted(vec![Send(before), end(lost.clone())]), Accepted(vec![Send(lost), Send(after)])])
}

/// Another live of the same streamer, in a room of its own, after one comment and `end`.
pub(super) fn room_changed(end: Vec<Step>) -> Scenario {
    let mut live = Live::new();
    let first = Send(Frame::of([live.chat(ROSA, "in the first room")]));
    let mut next = live.in_room(NEXT_ROOM_ID);
    let second = Send(Frame::of([next.chat(OLLIE, "in the second room")]));
    Scenario::opening(vec![Accepted([first].into_iter().chain(end).collect()), Accepted(vec![second])])
}

pub(super) fn dribble() -> Scenario {
    let mut live = Live::new();
    let [first, second, third] =
        ["at once", "in drops", "at once again"].map(|text| Frame::of([live.chat(ROSA, text)]));
    Scenario::playing(vec![Send(first), Dribble { frame: second, byte_every_ms: 5 }, Send(third)])
}

pub(super) fn between_comments(odd: fn(&mut Live) -> Step) -> Scenario {
    let mut live = Live::new();
    let before = Send(Frame::of([live.chat(ROSA, "before")]));
    let odd = odd(&mut live);
    let after = Send(Frame::of([live.chat(NADIR, "after")]));
    Scenario::playing(vec![before, odd, after])
}

pub(super) fn huge_frame() -> Scenario {
    let mut live = Live::new();
    let before = Send(Frame::of([live.chat(ROSA, "before")]));
    let huge = Send(Frame::of([live.bulky(9 * 1024 * 1024)]).uncompressed());
    let after = Send(Frame::of([live.chat(NADIR, "after")]));
    Scenario::opening(vec![Accepted(vec![before, huge, FallSilent]), Accepted(vec![after])])
}

pub(super) fn clock_skew() -> Scenario {
    const HOUR_MS: i64 = 3_600_000;
    let mut live = Live::new();
    let true_ms = live.now_ms();
    let mut steps = Vec::new();
    for (hours, text) in [(0, "on time"), (2, "two hours ahead"), (-2, "two hours behind"), (24, "a day ahead")] {
        let skewed_ms = true_ms + hours * HOUR_MS;
        live.set_clock(skewed_ms);
        let messages = [live.chat(ROSA, text), live.untimed_chat(OLLIE, "without a time")];
        steps.push(Send(Frame::of(messages).at(skewed_ms)));
    }
    Scenario::playing(steps)
}

pub(super) fn welcome_again() -> Scenario {
    let mut live = Live::new();
    let mut greeting = |comment| {
        let welcome = live.welcome("Welcome to TikTok LIVE!");
        Send(Frame::of([welcome, live.chat(ROSA, comment)]))
    };
    let (first, second) = (greeting("before the break"), greeting("after the break"));
    Scenario::opening(vec![Accepted(vec![first, Break]), Accepted(vec![second])])
}

/// Frames without messages, as small as they can be.
pub(super) fn tiny_frames(count: u64) -> Recording {
    let frames = (1..=count).map(|number| Frame::of([]).uncompressed().without_ack().bytes(number));
    Recording::of_frames(frames).expect("the ids differ")
}

pub(super) fn page(page: LivePage) -> Scenario {
    Scenario { page, ..normal() }
}

pub(super) fn gift_list(gift_list: GiftListAnswer) -> Scenario {
    Scenario { gift_list, ..normal() }
}

pub(super) fn limited(form: RateLimit) -> Scenario {
    signed(SignAnswer::RateLimited(form))
}

pub(super) fn signed(answer: SignAnswer) -> Scenario {
    Scenario { sign: answer, ..normal() }
}

/// Roses of Rosa: (combo id, running total, whether it ends here).
pub(super) fn roses(steps: &[(u64, i32, bool)]) -> Scenario {
    live(|live| {
        let messages =
            steps.iter().map(|&(group_id, count, is_end)| live.gift(ROSA, step(ROSE, group_id, count, is_end)));
        messages.collect()
    })
}

pub(super) fn live(messages: impl FnOnce(&mut Live) -> Vec<Message>) -> Scenario {
    one_frame_each(messages(&mut Live::new()))
}

fn one_frame_each(messages: Vec<Message>) -> Scenario {
    Scenario::playing(messages.into_iter().map(|message| Send(Frame::of([message]))).collect())
}

pub(super) fn step(gift: GiftKind, group_id: u64, count: i32, is_end: bool) -> GiftStep {
    GiftStep { gift, group_id, count, is_end }
}
