//! Many connections in one process, one after the other: what stays flat, and what adds up to the end.

mod process;

use cuelight_core::event::{Body, Event};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::source::SourceEnd;
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use system_tests::scenario::six_hours;
use system_tests::{FakeTikTok, Frame, Live, Opening, Scenario, Step, viewer};

use self::process::Usage;
use crate::direct::capture::brisk;
use crate::support::{alone, journal};

/// How often the connection breaks or closes.
const RECONNECTS: usize = 500;

/// Bytes that the process may grow by between its hundredth and its five-hundredth connection: 5 KiB for each.
const GROWTH_BYTES: u64 = 2 * 1024 * 1024;

#[test]
fn five_hundred_reconnects_leave_memory_and_handles_flat() {
    if let Some(url) = alone::fake_url() {
        return reconnect_and_measure(&url);
    }
    let mut live = Live::new();
    let mut openings: Vec<_> = (0..RECONNECTS)
        .map(|number| {
            let frame = Frame::of([live.chat(viewer::ROSA, &format!("comment {number}"))]);
            let end = if number.is_multiple_of(2) { Step::Close } else { Step::Break };
            Opening::Accepted(vec![Step::Send(frame), end])
        })
        .collect();
    openings.push(Opening::Accepted(vec![Step::LeaveLive, Step::Send(Frame::of([live.ended()]))]));
    let tiktok = FakeTikTok::start(Scenario::opening(openings));
    alone::run("staying_long::five_hundred_reconnects_leave_memory_and_handles_flat", &tiktok.http_url());
    assert_eq!(tiktok.seen().connections.len(), RECONNECTS + 1, "each of them was left and another one opened");
}

fn reconnect_and_measure(url: &str) {
    let mut usages = Vec::new();
    let mut comments = 0;
    capture(url, |event| match &event.body {
        Body::Connect(_) => usages.push(Usage::now()),
        Body::Comment(_) => comments += 1,
        _ => {}
    });
    assert_eq!(comments, RECONNECTS, "nothing was lost on the way");
    let [early, late] = [100, RECONNECTS].map(|number| Usage::most_of(&usages[number - 10..number]));
    println!("after 100: {early:?}, after {RECONNECTS}: {late:?}");
    assert!(late.resident_bytes < early.resident_bytes + GROWTH_BYTES, "memory grows: {early:?}, then {late:?}");
    assert_eq!(late.handle_count, early.handle_count, "handles are left behind");
    assert_eq!(late.thread_count, early.thread_count, "threads are left behind");
}

/// What a live adds up to.
#[derive(Debug, Default)]
struct Sums {
    comments: usize,
    joins: usize,
    likes: i64,
    diamonds: i64,
    gaps: usize,
}

#[test]
fn six_hours_with_forty_breaks_add_up_and_take_no_more_memory() {
    if let Some(url) = alone::fake_url() {
        return println!("{:?}", stay_for_six_hours(&url));
    }
    let live = six_hours();
    let tiktok = FakeTikTok::start(live.scenario);
    let name = "staying_long::six_hours_with_forty_breaks_add_up_and_take_no_more_memory";
    let said = alone::run(name, &tiktok.http_url());
    let expected = Sums {
        comments: live.comment_count,
        joins: live.join_count,
        likes: live.like_count,
        diamonds: live.diamond_count,
        gaps: live.break_count,
    };
    assert!(said.contains(&format!("{expected:?}")), "it is to add up to {expected:?}, not:\n{said}");
}

fn stay_for_six_hours(url: &str) -> Sums {
    let mut sums = Sums::default();
    let mut usages = Vec::new();
    capture(url, |event| match &event.body {
        Body::Comment(it) => {
            assert_eq!(it.comment, format!("comment {}", sums.comments), "each comment once, in order");
            sums.comments += 1;
        }
        Body::Join(_) => sums.joins += 1,
        Body::Like(it) => sums.likes += i64::from(it.count),
        Body::Gift(it) => sums.diamonds += i64::try_from(it.delta_diamonds.unwrap_or_default()).expect("few coins"),
        Body::Gap(_) => sums.gaps += 1,
        Body::Connect(_) => usages.push(Usage::now()),
        _ => {}
    });
    // By then the database's caches and the ids of messages have filled their bounds. Combos are remembered for ten minutes,
    // by our clock: of those six hours all of them, which is half a megabyte.
    let settled = usages.len() / 2;
    let [early, late] = [settled, usages.len()].map(|number| Usage::most_of(&usages[number - 5..number]));
    println!("after {settled} connections: {early:?}, at the end: {late:?}");
    assert!(late.resident_bytes < early.resident_bytes + GROWTH_BYTES, "memory grows: {early:?}, then {late:?}");
    assert_eq!(late.handle_count, early.handle_count, "handles are left behind");
    sums
}

/// Captures the live of the fake at that address into a journal, to its end.
fn capture(url: &str, committed: impl FnMut(&Event)) {
    let websocket = url.replace("http://", "ws://");
    let bases = TikTokBases::new(Some(url), Some(url), Some(&websocket)).expect("the fake has addresses");
    let pace = Pace { never_gives_up: true, ..brisk() };
    let source = TiktokSource::new(Handle::parse("sim").expect("a handle"), bases, Means::default(), 7);
    let source = source.only(Way::Direct).with_pace(pace);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.expect("a runtime").block_on(journal::capture(Box::new(source), committed));
    assert!(matches!(outcome, Ok(SourceEnd::Ended)), "the capture ends with the live: {outcome:?}");
}
