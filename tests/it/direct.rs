//! `tiktok:direct` finds a live, stays in it, and says exactly why where it cannot.

mod capture;

use std::time::Duration;

use capture::{Capture, brisk, types};
use cuelight_core::event::{Body, Event, EventType};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::tiktok::pace::Pace;
use cuelight_runtime::source::{SourceEnd, SourceError, SourceStatus};
use cuelight_runtime::store::Settings;
use system_tests::{Frame, Live, ROOM_ID, Scenario, Step, scenario, viewer};

use EventType::{Comment, Connect, Disconnect, Gap, LiveEnd, LivePause, LiveResume};

fn named(name: &str) -> Scenario {
    scenario::named(name).expect("the scenario exists")
}

fn comments(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| if let Body::Comment(it) = &event.body { Some(it.comment.as_str()) } else { None })
        .collect()
}

#[tokio::test]
async fn it_connects_with_the_cookie_of_the_eighth_page() {
    let mut capture = Capture::of(named("ttwid-late"), brisk());
    let events = capture.until(Connect).await;
    let Body::Connect(connect) = &events[0].body else { panic!("connect opens the session, not {:?}", events[0]) };
    assert_eq!(connect.unique_id, "sim", "the streamer");
    assert_eq!(connect.room_id.to_number(), Some(ROOM_ID as u64), "the room");
    let is_in = |status: &SourceStatus| matches!(status, SourceStatus::Connected { user, .. } if user == "sim");
    assert!(is_in(&capture.status.borrow()), "people are told that we are in");
    let seen = capture.seen("the upgrade", |seen| !seen.connections.is_empty()).await;
    let pages = seen.requests_for("/").count() + seen.requests_for("/@sim").count();
    assert_eq!(pages, 8, "seven pages set no cookie and the eighth does");
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.cookie("ttwid"), Some("1%7Cfake%7C1790000000"), "the cookie goes along byte for byte");
    assert_eq!(upgrade.header("origin"), Some("https://www.tiktok.com"), "as a browser's page would");
    let lookup = seen.requests_for("/api-live/user/room").next().expect("the room was looked up");
    assert_eq!(upgrade.header("user-agent"), lookup.header("user-agent"), "one browser from first to last");
    assert_eq!(lookup.header("cookie"), None, "the cookie is shown only where it is needed");
}

#[tokio::test]
async fn the_address_says_all_that_a_browser_says() {
    let mut capture = Capture::of(named("welcome"), brisk());
    capture.until(Connect).await;
    let seen = capture.seen("the upgrade", |seen| !seen.connections.is_empty()).await;
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.path, "/webcast/im/ws_proxy/ws_reuse_supplement/", "the path of the web page's own socket");
    for (name, value) in [
        ("room_id", ROOM_ID.to_string().as_str()),
        ("version_code", "180800"),
        ("ws_direct", "1"),
        ("compress", "gzip"),
        ("heartbeat_duration", "10000"),
        ("history_comment_count", "6"),
        ("browser_name", "Mozilla"),
    ] {
        assert_eq!(upgrade.query(name), Some(value), "{name} is part of a browser's identity");
    }
    let rtt: f64 = upgrade.query("last_rtt").and_then(|it| it.parse().ok()).expect("a round trip time");
    assert!((100.0..200.0).contains(&rtt), "{rtt} ms is no plausible round trip");
}

#[tokio::test]
async fn a_live_is_found_although_the_first_source_denies_it() {
    for handle in ["paused", "hidden"] {
        let mut capture = Capture::of_user(handle, named("welcome"), brisk());
        let events = capture.until(Connect).await;
        assert_eq!(types(&events)[0], Connect, "@{handle} can be entered");
    }
}

#[tokio::test]
async fn every_answer_that_leads_to_no_room_has_its_own_error() {
    type IsExpected = fn(&SourceError) -> bool;
    let table: [(&str, IsExpected); 10] = [
        ("offline", |error| matches!(error, SourceError::NotLive { user } if user == "offline")),
        ("roomless", |error| matches!(error, SourceError::NotLive { .. })),
        ("nobody", |error| matches!(error, SourceError::NoSuchUser { .. })),
        ("adult", |error| matches!(error, SourceError::AgeRestricted { .. })),
        ("params", |error| matches!(error, SourceError::NotUnderstood { code: 10_011, .. })),
        ("captcha", |error| matches!(error, SourceError::Captcha { .. })),
        ("blank", |error| matches!(error, SourceError::Blocked { cause, .. } if cause == "an empty answer")),
        ("blocked", |error| matches!(error, SourceError::Blocked { cause, .. } if cause == "HTTP 403")),
        ("throttled", |error| matches!(error, SourceError::Blocked { cause, .. } if cause == "HTTP 429")),
        ("unanswering", |error| matches!(error, SourceError::Unreachable { cause, .. } if cause.contains("no answer"))),
    ];
    for (handle, is_expected) in table {
        let pace = Pace { answer_timeout: Duration::from_millis(400), ..brisk() };
        let (events, outcome) = Capture::of_user(handle, named("welcome"), pace).end().await;
        assert!(events.is_empty(), "there is no session of @{handle}");
        let error = outcome.expect_err("there is no room to enter");
        assert!(is_expected(&error), "@{handle} must not end with {error:?}");
    }
}

#[tokio::test]
async fn a_refused_upgrade_is_told_in_tiktoks_words_after_six_identities() {
    for (name, words) in [
        ("device-blocked", "DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)"),
        ("illegal-key", "illegal secret key (Handshake-Status 417, HTTP 200)"),
        ("illegal-app", "illegal app_id (Handshake-Status 417, HTTP 400)"),
    ] {
        let capture = Capture::of(named(name), brisk());
        let tiktok = capture.tiktok.clone();
        let (events, outcome) = capture.end().await;
        assert!(events.is_empty(), "nobody was ever in the room");
        let is_told = matches!(&outcome, Err(SourceError::Refused { cause }) if cause == words);
        assert!(is_told, "{name} must be told as it was said, not {outcome:?}");
        let seen = tiktok.seen();
        let pages = seen.requests_for("/").count();
        assert_eq!(pages, 6, "a refused identity is never shown again");
    }
}

#[tokio::test]
async fn a_new_identity_mends_a_refusal() {
    let mut capture = Capture::of(named("device-blocked-once"), brisk());
    let events = capture.until(Connect).await;
    assert_eq!(types(&events)[0], Connect, "the second try succeeds, without a disconnect that nobody had");
    assert_eq!(capture.tiktok.seen().requests_for("/").count(), 2, "with a second cookie");
}

#[tokio::test]
async fn pages_without_any_cookie_are_a_block_and_not_asked_for_ever() {
    let capture = Capture::of(named("ttwid-never"), brisk());
    let tiktok = capture.tiktok.clone();
    let (_, outcome) = capture.end().await;
    let is_told = matches!(&outcome, Err(SourceError::Blocked { cause, .. }) if cause.contains("ttwid"));
    assert!(is_told, "the missing cookie is the cause, not {outcome:?}");
    let seen = tiktok.seen();
    assert_eq!(seen.requests_for("/").count() + seen.requests_for("/@sim").count(), 8, "eight tries are enough");
}

#[tokio::test]
async fn an_upgrade_without_an_answer_is_given_up() {
    let pace = Pace { answer_timeout: Duration::from_millis(100), ..brisk() };
    let (events, outcome) = Capture::of(named("upgrade-unanswered"), pace).end().await;
    assert!(events.is_empty(), "nobody was ever in the room");
    assert!(matches!(outcome, Err(SourceError::Unreachable { .. })), "silence is no refusal: {outcome:?}");
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_safe() {
    let pace = Pace { heartbeat_period: Duration::from_millis(30), silent_heartbeats: 1_000, ..brisk() };
    let mut capture = Capture::of(named("ack-without-ext"), pace);
    let mut confirmations = Vec::new();
    let mut events = Vec::new();
    while comments(&events).len() < 3 {
        let (batch, confirm) = capture.next().await.expect("three comments come");
        events.extend(batch.events);
        confirmations.push(confirm);
    }
    // Heartbeats share the wire with acks: an ack that went out early would be here before the next of them.
    let sent = capture.tiktok.seen().connections[0].heartbeats.len();
    let seen = capture.seen("further heartbeats", move |seen| seen.connections[0].heartbeats.len() >= sent + 2).await;
    assert_eq!(seen.ack_count(), 0, "nothing is committed yet");

    // The last one first: acks keep the order of the frames all the same.
    for confirm in confirmations.into_iter().rev() {
        // The source does not wait for the word about its own events.
        let _ = confirm.send(());
    }
    let seen = capture.seen("both acks", |seen| seen.ack_count() >= 2).await;
    let acks: Vec<_> = seen.connections[0].acks.iter().map(|ack| (ack.log_id, ack.payload.as_slice())).collect();
    let extension = b"fetch_time:1790000000000|start_time:0|flag:0|seq:1".as_slice();
    let expected = [(1_000_001, b"-".as_slice()), (1_000_003, extension)];
    assert_eq!(acks, expected, "`-` for an empty internal_ext, and no ack where none was wanted");
}

#[tokio::test]
async fn heartbeats_begin_at_once_and_count_from_one() {
    let pace = Pace { heartbeat_period: Duration::from_millis(20), ..brisk() };
    let mut capture = Capture::of(named("welcome"), pace);
    capture.until(Connect).await;
    let seen = capture.seen("five heartbeats", |seen| seen.connections[0].heartbeats.len() >= 5).await;
    let connection = &seen.connections[0];
    let sequence: Vec<_> = connection.heartbeats.iter().take(5).map(|it| (it.room_id, it.sequence)).collect();
    assert_eq!(sequence, [1, 2, 3, 4, 5].map(|number| (ROOM_ID, number)), "room and number of each");
    assert_eq!(connection.entered.len(), 1, "the room is entered once");
    assert_eq!(connection.entered[0].filter_welcome_msg, "0", "as the web page writes it");
    assert!(connection.odd_frames.is_empty(), "and nothing else is said: {:?}", connection.odd_frames);
}

#[tokio::test]
async fn pings_are_answered() {
    let mut capture = Capture::of(named("pings"), brisk());
    capture.until(Comment).await;
    capture.seen("two pongs", |seen| seen.connections[0].pong_count == 2).await;
}

#[tokio::test]
async fn a_broken_connection_is_told_and_nothing_after_it_is_lost() {
    for name in ["broken-off", "cut-in-frame"] {
        let mut capture = Capture::of(named(name), brisk());
        let mut events = Vec::new();
        while !comments(&events).contains(&"after it broke") {
            events.extend(capture.until(Comment).await);
        }
        let told = [Connect, Comment, Disconnect, Gap, Connect, Comment, Comment];
        assert_eq!(types(&events), told, "{name} is a disconnect, then the gap and a connect");
        assert_eq!(comments(&events), ["before it broke", "lost on the way", "after it broke"], "{name} costs nothing");
        let Body::Gap(gap) = &events[3].body else { panic!("a gap, not {:?}", events[3]) };
        assert!(gap.from <= gap.to && gap.seconds < 10.0, "from the last moment seen to the next: {gap:?}");
    }
}

#[tokio::test]
async fn an_orderly_close_costs_no_identity_and_an_early_break_does() {
    for (name, pages) in [("reconnect", 1), ("broken-off", 2)] {
        let mut capture = Capture::of(named(name), brisk());
        capture.until(Gap).await;
        assert_eq!(capture.tiktok.seen().requests_for("/").count(), pages, "cookies asked for in {name}");
    }
}

#[tokio::test]
async fn six_short_visits_in_a_row_are_the_end() {
    let capture = Capture::of(Scenario::playing(vec![Step::Break]), brisk());
    let tiktok = capture.tiktok.clone();
    let (events, outcome) = capture.end().await;
    assert!(matches!(outcome, Err(SourceError::Unreachable { .. })), "it is given up: {outcome:?}");
    assert_eq!(tiktok.seen().connections.len(), 6, "one try and five more");
    assert_eq!(types(&events).last(), Some(&Disconnect), "the last word is that we are out");
    let checks = tiktok.seen().requests_for("/webcast/room/check_alive").count();
    assert_eq!(checks, 6, "the live is looked up before each try");
}

#[tokio::test]
async fn sound_visits_are_followed_by_another_however_many_break() {
    let pace = Pace { sound_after: Duration::ZERO, ..brisk() };
    let mut capture = Capture::of(Scenario::playing(vec![Step::Break]), pace);
    for _ in 0..8 {
        capture.until(Disconnect).await;
    }
    assert_eq!(types(&capture.until(Connect).await), [Gap, Connect], "the ninth visit comes too");
}

#[tokio::test]
async fn a_silent_connection_is_left_and_opened_again() {
    let pace = Pace { heartbeat_period: Duration::from_millis(20), silent_heartbeats: 4, ..brisk() };
    let mut capture = Capture::of(named("silent"), pace);
    let events = capture.until(Disconnect).await;
    let Some(Body::Disconnect(disconnect)) = events.last().map(|event| &event.body) else { panic!("{events:?}") };
    assert_eq!(disconnect.reason, "TikTok was silent for 80ms", "silence is named as the reason");
    assert_eq!(types(&capture.until(Connect).await), [Gap, Connect], "and the live goes on");
}

#[tokio::test]
async fn the_end_of_the_live_ends_the_source_once_it_is_safe() {
    for (name, reason) in [("ended", "ended"), ("suspended", "suspended")] {
        let capture = Capture::of(named(name), brisk());
        let tiktok = capture.tiktok.clone();
        let (events, outcome) = capture.end().await;
        assert!(matches!(outcome, Ok(SourceEnd::Ended)), "{name} ends well: {outcome:?}");
        assert_eq!(types(&events), [Connect, Comment, LiveEnd, Disconnect], "{name} is told once");
        let Body::LiveEnd(end) = &events[2].body else { panic!("an end, not {:?}", events[2]) };
        assert_eq!(end.reason.as_deref(), Some(reason), "why it ended");
        let seen = tiktok.wait_until("the end", capture::PATIENCE, |seen| seen.connections[0].ended);
        assert_eq!(seen.ack_count(), 2, "the last frame is acknowledged too");
        assert_eq!(seen.connections.len(), 1, "and nobody comes back");
    }
}

#[tokio::test]
async fn an_end_is_told_once_although_tiktok_hangs_up_with_it() {
    for hang_up in [Step::Break, Step::Close] {
        let mut live = Live::new();
        let over = Frame::of([live.chat(viewer::ROSA, "bye"), live.ended()]);
        let scenario = Scenario::playing(vec![Step::LeaveLive, Step::Send(over), hang_up.clone()]);
        let mut capture = Capture::of(scenario, brisk());
        let mut events = Vec::new();
        let mut confirmations = Vec::new();
        while !types(&events).contains(&LiveEnd) {
            let (batch, confirm) = capture.next().await.expect("the end comes");
            events.extend(batch.events);
            confirmations.push(confirm);
        }
        // Committed only now that nobody is there to hear the ack.
        if matches!(hang_up, Step::Break) {
            capture.seen("the break", |seen| seen.connections[0].ended).await;
        }
        for confirm in confirmations {
            // The source does not wait for the word about its own events.
            let _ = confirm.send(());
        }
        let (farewell, outcome) = capture.end().await;
        assert!(matches!(outcome, Ok(SourceEnd::Ended)), "the live ended, whatever became of the socket: {outcome:?}");
        events.extend(farewell);
        assert_eq!(types(&events), [Connect, Comment, LiveEnd, Disconnect], "and it ended once");
    }
}

#[tokio::test]
async fn what_arrived_before_a_break_is_kept_although_the_journal_was_full() {
    let mut live = Live::new();
    let send = |number: usize| Step::Send(Frame::of([live.chat(viewer::ROSA, &number.to_string())]));
    let steps = (0..20).map(send).chain([Step::Break]).collect();
    let pace = Pace { heartbeat_period: Duration::from_millis(20), silent_heartbeats: 1_000, ..brisk() };
    let mut capture = Capture::with_inbox("sim", Scenario::playing(steps), pace, 1);
    // Heartbeats fail from now on while the frames still wait to be read.
    capture.seen("the break", |seen| seen.connections.first().is_some_and(|it| it.ended)).await;
    let events = capture.until(Disconnect).await;
    let expected: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!(comments(&events), expected, "a connection that broke costs nothing that had arrived");
}

#[tokio::test]
async fn a_live_that_is_gone_after_a_close_has_ended() {
    let capture = Capture::of(named("closed"), brisk());
    let tiktok = capture.tiktok.clone();
    let (events, outcome) = capture.end().await;
    assert!(matches!(outcome, Ok(SourceEnd::Ended)), "a live that is over is no failure: {outcome:?}");
    assert_eq!(types(&events), [Connect, Comment, Disconnect, LiveEnd], "the close came first");
    let Body::LiveEnd(end) = &events[3].body else { panic!("an end, not {:?}", events[3]) };
    assert_eq!(end.reason.as_deref(), Some("gone"), "nobody told us, we looked");
    assert_eq!(tiktok.seen().connections.len(), 1, "an ended live is not entered again");
}

#[tokio::test]
async fn a_pause_and_its_end_are_told_without_leaving() {
    let mut capture = Capture::of(named("paused-resumed"), brisk());
    let mut events = Vec::new();
    while !comments(&events).contains(&"back") {
        events.extend(capture.until(Comment).await);
    }
    assert_eq!(types(&events), [Connect, Comment, LivePause, LiveResume, Comment], "in order");
}

#[tokio::test]
async fn stopping_closes_the_connection_and_is_no_event_of_the_live() {
    let mut capture = Capture::of(named("welcome"), brisk());
    capture.until(Connect).await;
    let tiktok = capture.tiktok.clone();
    capture.stop.cancel();
    let (events, outcome) = capture.end().await;
    assert!(matches!(outcome, Ok(SourceEnd::Stopped)), "being told to stop is no failure: {outcome:?}");
    assert!(!types(&events).contains(&Disconnect), "we left, nobody threw us out: {events:?}");
    tiktok.wait_until("the close", capture::PATIENCE, |seen| seen.connections[0].ended);
}

#[tokio::test]
async fn stopping_works_while_nothing_answers() {
    let for_ever = Duration::from_secs(3_600);
    let capture = Capture::of(named("upgrade-unanswered"), Pace { answer_timeout: for_ever, ..brisk() });
    let upgrade = "/webcast/im/ws_proxy/ws_reuse_supplement";
    capture.seen("the upgrade", move |seen| seen.requests_for(upgrade).count() == 1).await;
    capture.stop.cancel();
    let ended = tokio::time::timeout(capture::PATIENCE, capture.end()).await;
    let (events, outcome) = ended.expect("no answer is waited for");
    assert!(events.is_empty() && matches!(outcome, Ok(SourceEnd::Stopped)), "{outcome:?}");
}

#[tokio::test]
async fn a_full_journal_slows_reading_and_not_the_heartbeats() {
    let mut live = Live::new();
    let frames = (0..50).map(|number| Step::Send(Frame::of([live.chat(viewer::ROSA, &number.to_string())])));
    // Silence is a second, which no stall of the machine lasts; the journal is full for longer than that.
    let pace = Pace { heartbeat_period: Duration::from_millis(50), silent_heartbeats: 20, ..brisk() };
    let mut capture = Capture::with_inbox("sim", Scenario::playing(frames.collect()), pace, 1);
    let seen = capture.seen("thirty heartbeats", |seen| {
        seen.connections.first().is_some_and(|connection| connection.heartbeats.len() >= 30)
    });
    assert_eq!(seen.await.connections.len(), 1, "our own slowness is not TikTok's silence");
    let mut events = Vec::new();
    while comments(&events).len() < 50 {
        events.extend(capture.until(Comment).await);
    }
    let expected: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    assert_eq!(comments(&events), expected, "nothing is lost or out of order");
}

#[tokio::test]
async fn what_tiktok_sends_again_after_a_break_is_journaled_once() {
    let tiktok = capture::fake(named("reconnect"));
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let runtime = Runtime::open(&DataFolder::new(folder.path()), Clock::system()).expect("a fresh folder opens");
    let request = CaptureRequest {
        source_name: "tiktok:direct".to_owned(),
        session_name: None,
        settings: Settings::default(),
        publication: None,
    };
    let source = capture::source(&tiktok, "sim", brisk());
    let mut running = runtime.capture(request, Box::new(source)).expect("the journal can be written");
    let mut journaled = Vec::new();
    while !comments(&journaled).contains(&"after the gap") {
        let page = tokio::time::timeout(capture::PATIENCE, running.feed.next()).await.expect("in time");
        let page = page.expect("the feed can be read").expect("the capture goes on");
        journaled.extend(page.iter().map(|committed| committed.event.clone()));
    }
    running.stopper().stop();
    assert_eq!(comments(&journaled), ["before the gap", "after the gap"], "the replayed comment is a duplicate");
    let deltas = journaled.iter().filter_map(|event| match &event.body {
        Body::Gift(gift) => gift.delta_count,
        _ => None,
    });
    assert_eq!(deltas.collect::<Vec<_>>(), [2, 4], "the combo goes on over the break, and each rose counts once");
    assert!(running.end().await.outcome.is_ok(), "the capture ends as told");
}
