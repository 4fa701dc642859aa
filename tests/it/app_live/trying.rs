//! What keeps a live from beginning or breaks it off, and how it is tried again.

use std::sync::Mutex;

use cuelight_app::dto::{CallerRole, FailureCode, LiveSource, Phase};
use cuelight_app::live::{Opening, Plan, Publishes, Standing, Then, Tries, Witness};
use cuelight_core::handle::Handle;
use cuelight_core::id::SessionId;
use cuelight_runtime::source::{EventSender, EventSource, SourceError, SourceFuture};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::desk::{Desk, named};

#[tokio::test]
async fn who_is_not_live_is_waited_for_and_followed_once_they_are() {
    let tiktok = named("normal");
    tiktok.set_live(false);
    let desk = Desk::with(&tiktok);
    desk.ask("go_live", json!({ "creator": "https://www.tiktok.com/@sim/live" })).await;
    desk.until("the truth", |it| it.phase == Phase::NotLive).await;
    desk.ask("wait_until_live", json!({})).await;
    let waiting = desk.until("the wait", |it| matches!(it.phase, Phase::Waiting { .. })).await;
    let Phase::Waiting { next_check_ms } = waiting.phase else { panic!("it was seen: {:?}", waiting.phase) };
    assert!(next_check_ms > desk.app.clock.now_ms() + 20_000, "nobody is asked more often than a person would");
    let again = desk.refused(CallerRole::Full, "go_live", json!({ "creator": "@other" })).await;
    assert_eq!(again.code, FailureCode::AlreadyLive, "a wait goes on");
    tiktok.set_live(true);
    desk.ask("retry_now", json!({})).await;
    desk.until_live().await;
    desk.until("its events", |it| it.totals.viewers == 312 && it.totals.new_followers == 2).await;
    let status = desk.app.live_status().await.expect("readable");
    assert_eq!((status.creator.as_deref(), status.session), (Some("sim"), Some(SessionId(1))), "whose and which");
    assert_eq!(status.source, Some(LiveSource::Tiktok), "and from where");
    assert_eq!(
        desk.app.store().settings().expect("readable").connection.tiktok_user.as_deref(),
        Some("sim"),
        "remembered"
    );
    desk.ask("end_live", json!({})).await;
    let ended = desk.until("the end", |it| matches!(it.phase, Phase::Ended { .. })).await;
    assert_eq!(ended.session, None, "it is over");
    assert!(desk.session(1).ended_ms.is_some(), "and closed once that was answered");
    desk.ask("end_live", json!({})).await;
    assert_eq!(desk.app.live.watch().borrow().phase, Phase::Offline, "what is told of the end can be put away");
    let nothing = desk.refused(CallerRole::Full, "end_live", json!({})).await;
    assert_eq!(nothing.code, FailureCode::NotNow, "there is nothing to end");
    desk.app.end().await;
}

#[tokio::test]
async fn everything_that_leads_to_no_room_has_its_phase() {
    let tiktok = named("normal");
    let desk = Desk::with(&tiktok);
    // No browser helps here, and starting one takes its time.
    let ways = json!({ "wayPage": false, "wayCookie": false, "wayTikfinity": false });
    desk.ask("save_settings", json!({ "area": "connection", "value": ways })).await;
    for (handle, expected) in [
        ("offline", Phase::NotLive),
        ("nobody", Phase::NoSuchCreator),
        ("adult", Phase::AgeRestricted),
        ("captcha", Phase::Captcha { is_shown: false }),
    ] {
        desk.ask("go_live", json!({ "creator": handle })).await;
        desk.until(handle, |it| it.phase == expected).await;
        assert_eq!(desk.app.live.watch().borrow().session, None, "nothing begins with @{handle}");
    }
    desk.ask("go_live", json!({ "creator": "private" })).await;
    let refused = desk.until("the refusal", |it| matches!(it.phase, Phase::Blocked { .. })).await;
    let Phase::Blocked { cause, until_ms } = refused.phase else { panic!("it was seen: {:?}", refused.phase) };
    assert!(cause.contains("private") && until_ms.is_some(), "TikTok may mean our kind, so it is tried again: {cause}");
    desk.ask("end_live", json!({})).await;
    desk.ask("go_live", json!({ "creator": "blocked" })).await;
    let blocked = desk.until("the block", |it| matches!(it.phase, Phase::Blocked { .. })).await;
    let Phase::Blocked { cause, until_ms } = blocked.phase else { panic!("it was seen: {:?}", blocked.phase) };
    assert_eq!(cause, "HTTP 403", "as TikTok said it");
    assert!(until_ms.is_some_and(|it| it > desk.app.clock.now_ms() + 30_000), "it is tried again, but not at once");
    desk.ask("end_live", json!({})).await;
    desk.ask("go_live", json!({ "creator": "throttled" })).await;
    let limited = desk.until("the limit", |it| matches!(it.phase, Phase::RateLimited { .. })).await;
    let Phase::RateLimited { until_ms } = limited.phase else { panic!("it was seen: {:?}", limited.phase) };
    assert!(until_ms > desk.app.clock.now_ms() + 60_000, "a limit is left alone for more than a minute");
    desk.ask("end_live", json!({})).await;
    desk.until("nothing", |it| it.phase == Phase::Offline).await;
    let odd = desk.refused(CallerRole::Full, "go_live", json!({ "creator": "no handle!" })).await;
    assert_eq!((odd.code, odd.field.as_deref()), (FailureCode::BadInput, Some("creator")), "told before it is tried");
    desk.app.end().await;
}

#[tokio::test]
async fn a_live_is_not_tried_again_while_every_way_is_switched_off() {
    let tiktok = named("normal");
    let desk = Desk::with(&tiktok);
    let ways =
        ["wayDirect", "wayCookie", "wayPage", "waySign", "wayTikfinity"].map(|way| (way.to_owned(), json!(false)));
    let ways = serde_json::Value::Object(ways.into_iter().collect());
    desk.ask("save_settings", json!({ "area": "connection", "value": ways })).await;
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    let still = desk.until("the truth", |it| matches!(it.phase, Phase::Blocked { .. })).await;
    let Phase::Blocked { cause, until_ms } = still.phase else { panic!("it was seen: {:?}", still.phase) };
    assert!(cause.contains("switched off"), "what can be done about it: {cause}");
    assert_eq!(until_ms, None, "time does not switch them on");
    desk.app.end().await;
}

#[tokio::test]
async fn a_login_tries_again_what_is_or_may_be_for_those_who_logged_in() {
    let tiktok = named("normal");
    let desk = Desk::with(&tiktok);
    let ways = json!({ "wayPage": false, "wayCookie": false, "waySign": false, "wayTikfinity": false });
    desk.ask("save_settings", json!({ "area": "connection", "value": ways })).await;
    for (handle, phase, is_tried) in [
        ("adult", Phase::AgeRestricted, true),
        ("private", Phase::NotPublic, true),
        ("captcha", Phase::Captcha { is_shown: false }, false),
    ] {
        desk.ask("go_live", json!({ "creator": handle })).await;
        desk.until(handle, |it| it.phase == phase).await;
        let mut standing = desk.app.live.watch();
        standing.borrow_and_update();
        desk.app.go_on_logged_in().await;
        assert_eq!(standing.has_changed().expect("the task goes on"), is_tried, "@{handle} after a login");
        desk.until(handle, |it| it.phase == phase).await;
    }
    desk.app.end().await;
}

#[tokio::test]
async fn a_network_that_is_gone_is_tried_again_until_somebody_ends_it() {
    let desk = Desk::alone();
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    let attempt = |number: u32| move |it: &Standing| matches!(&it.phase, Phase::Reconnecting { attempt, .. } if *attempt == number);
    let first = desk.until("the first try", attempt(1)).await;
    desk.ask("retry_now", json!({})).await;
    let second = desk.until("the second try", attempt(2)).await;
    let (Phase::Reconnecting { lost_ms, .. }, Phase::Reconnecting { lost_ms: still, cause, .. }) =
        (first.phase, second.phase)
    else {
        panic!("both were seen")
    };
    assert_eq!(lost_ms, still, "it is one break");
    assert!(cause.contains("could not reach"), "the cause is told: {cause}");
    desk.ask("end_live", json!({})).await;
    desk.until("nothing", |it| it.phase == Phase::Offline).await;
    desk.app.end().await;
}

/// A source that meets just that, once.
struct Meets(Option<SourceError>);

impl EventSource for Meets {
    fn run<'a>(&'a mut self, _: &'a EventSender, _: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(async { Err(self.0.take().expect("it runs once")) })
    }

    fn is_live(&self) -> bool {
        true
    }
}

/// A live whose first tries meet that one after the other; all others find nobody live.
fn meeting(tries: Vec<Result<SourceError, SourceError>>) -> Plan {
    let (tries, user) = (Mutex::new(tries.into_iter()), "sim".to_owned());
    let creator = Some(Handle::parse(&user).expect("a handle"));
    let opening = Opening::new(move || {
        let next = tries
            .lock()
            .expect("nobody panicked")
            .next()
            .unwrap_or_else(|| Ok(SourceError::NotLive { user: user.clone() }));
        next.map(|meets| Box::new(Meets(Some(meets))) as Box<dyn EventSource>)
    });
    Plan {
        source_name: "tiktok".to_owned(),
        source: LiveSource::Tiktok,
        opening,
        creator,
        session_name: None,
        rules: None,
        publishes: Publishes::Nothing,
        tries: Tries::UntilLive,
        old_jobs: None,
    }
}

#[tokio::test]
async fn whoever_waits_for_a_creator_goes_on_waiting_whatever_a_try_meets() {
    let desk = Desk::alone();
    let (place, cause) = ("tiktok.example".to_owned(), "for a moment".to_owned());
    let until_ms = desk.app.clock.now_ms() + 60_000;
    let plan = meeting(vec![
        Ok(SourceError::NotLive { user: "sim".to_owned() }),
        Ok(SourceError::Unreachable { place: place.clone(), cause: cause.clone() }),
        Ok(SourceError::RateLimited { place: place.clone(), cause: cause.clone(), until_ms }),
        Ok(SourceError::Blocked { place: place.clone(), cause: cause.clone(), until_ms }),
        Ok(SourceError::Captcha { user: "sim".to_owned() }),
        Err(SourceError::Unreadable { place: place.clone(), cause: cause.clone() }),
    ]);
    let mut witness = desk.app.live.follow(plan).await.expect("it begins");
    let is_waiting = |it: &Standing| matches!(it.phase, Phase::Waiting { .. });
    desk.until("the wait", is_waiting).await;
    assert_eq!(what_follows(&mut witness).await, Then::TriedAgain, "nobody was live");
    desk.ask("retry_now", json!({})).await;
    desk.until("the network that is gone", |it| matches!(it.phase, Phase::Reconnecting { .. })).await;
    assert_eq!(what_follows(&mut witness).await, Then::TriedAgain, "networks come back");
    desk.ask("retry_now", json!({})).await;
    desk.until("the limit", |it| matches!(it.phase, Phase::RateLimited { .. })).await;
    assert_eq!(what_follows(&mut witness).await, Then::TriedAgain, "limits end");
    desk.ask("retry_now", json!({})).await;
    desk.until("the block", |it| matches!(it.phase, Phase::Blocked { until_ms: Some(_), .. })).await;
    assert_eq!(what_follows(&mut witness).await, Then::TriedAgain, "and so do blocks");
    desk.ask("retry_now", json!({})).await;
    desk.until("the captcha", |it| it.phase == Phase::Captcha { is_shown: false }).await;
    assert_eq!(what_follows(&mut witness).await, Then::TriedAgain, "and who has gone away may have solved it by then");
    desk.ask("retry_now", json!({})).await;
    desk.until("the wait after what could not begin", is_waiting).await;
    desk.ask("retry_now", json!({})).await;
    assert_eq!(what_follows(&mut witness).await, Then::TriedAgain, "and it is still waited for");
    desk.app.end().await;

    let desk = Desk::alone();
    let plan = meeting(vec![Ok(SourceError::Unreachable { place, cause })]);
    let mut witness = desk.app.live.follow(plan).await.expect("it begins");
    assert_eq!(what_follows(&mut witness).await, Then::Over, "while nobody was found missing, people hear at once");
    desk.app.end().await;
}

/// What follows the next capture.
async fn what_follows(witness: &mut Witness) -> Then {
    let capture = witness.next().await.expect("it can begin").expect("it goes on");
    capture.end().await.expect("its end is told").then
}

#[tokio::test]
async fn a_break_is_told_with_its_cause_and_can_be_cut_short() {
    let tiktok = named("broken-off");
    let desk = Desk::with(&tiktok);
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    let is_broken = |it: &Standing| matches!(it.phase, Phase::Reconnecting { attempt: 1, .. }) && it.session.is_some();
    let broken = desk.until("the break", is_broken).await;
    let Phase::Reconnecting { lost_ms, retry_ms, cause, .. } = broken.phase else { panic!("it was seen") };
    assert!(lost_ms < retry_ms, "the next try comes after the break");
    assert!(!cause.is_empty(), "people see why");
    desk.ask("retry_now", json!({})).await;
    let back = desk.until("the way back", |it| matches!(it.phase, Phase::Live { .. }) && it.last_gap.is_some()).await;
    assert_eq!(back.session, Some(SessionId(1)), "the same session goes on");
    let gap = back.last_gap.expect("it was waited for");
    assert!(gap.from_ms <= gap.to_ms, "from the last thing seen to the first one again");
    desk.app.end().await;
    assert!(desk.session(1).ended_ms.is_some(), "an app that ends in order closes its session");
}
