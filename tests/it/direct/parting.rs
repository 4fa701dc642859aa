//! How a visit ends: the live is over, the line breaks, or the streamer stops.

use std::time::Duration;

use cuelight_core::event::{
    Body,
    EventType::{Comment, Connect, Disconnect, Gap, LiveEnd},
};
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::{SourceEnd, SourceError, SourceStatus};
use system_tests::{Frame, Live, Opening, Scenario, Step, viewer};

use super::capture::{self, Capture, brisk, types};
use super::{comments, named};

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
async fn who_never_gives_up_comes_back_however_short_the_visits_were() {
    let mut capture = Capture::of(Scenario::playing(vec![Step::Break]), Pace { never_gives_up: true, ..brisk() });
    for visit in 1..=9 {
        let events = capture.until(Disconnect).await;
        assert!(types(&events).contains(&Connect), "visit {visit} is followed by another: {events:?}");
    }
    capture.stop.cancel();
    let (_, outcome) = capture.end().await;
    assert!(matches!(outcome, Ok(SourceEnd::Stopped)), "until it is stopped: {outcome:?}");
}

#[tokio::test]
async fn a_wait_before_the_next_try_can_be_cut_short() {
    let hours = vec![Duration::from_secs(3_600); 5];
    let mut capture = Capture::of(named("broken-off"), Pace { retry_waits: hours, ..brisk() });
    capture.until(Disconnect).await;
    let is_waiting = |status: &SourceStatus| matches!(status, SourceStatus::Reconnecting { .. });
    capture.status.wait_for(is_waiting).await.expect("the source goes on");
    capture.contact.retry_now();
    let events = capture.until(Connect).await;
    assert_eq!(types(&events)[0], Gap, "it is back, long before its time");
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
    let pace = Pace { heartbeat_period: Duration::from_millis(20), silence: Duration::from_secs(20), ..brisk() };
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
async fn a_live_that_tiktok_denies_while_its_room_is_alive_goes_on() {
    let mut live = Live::new();
    let [before, after] = ["before", "after"].map(|text| Step::Send(Frame::of([live.chat(viewer::ROSA, text)])));
    let openings = [vec![before, Step::DenyLive, Step::Break], vec![after]].map(Opening::Accepted);
    let mut capture = Capture::of(Scenario::opening(openings.to_vec()), brisk());
    let mut events = capture.until(Gap).await;
    events.extend(capture.until(Comment).await);
    assert_eq!(types(&events), [Connect, Comment, Disconnect, Gap, Connect, Comment], "one session");
    assert_eq!(comments(&events), ["before", "after"], "and nothing of it is missing");
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
