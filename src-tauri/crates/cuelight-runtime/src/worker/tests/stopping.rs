//! What is left when workers stop, crash, or share a data folder.

use std::time::Instant;

use cuelight_core::reason::Reason;

use super::*;
use crate::locks::ServiceLock;

#[tokio::test]
async fn a_stop_takes_less_than_two_seconds_and_says_what_it_cut_off() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[play("voice", "hangs", Does::Hang)]);
    home.bring(EventType::Gift, &[play_once("basics", "hangs once", Does::Hang)]);
    home.bring(EventType::Gift, &[play("basics", "ends in time", Does::WaitAtTheGate)]);
    let workers = home.work(&["voice", "basics"]);
    for name in ["hangs", "hangs once", "ends in time"] {
        home.stage.until(&format!("start {name}")).await;
    }
    home.bring(EventType::Gift, &[play("voice", "waits", Does::Finish)]);
    let mut statuses = workers.statuses();
    soon(statuses.wait_for(|it| it[&ServiceId::new("voice")].jobs_wait)).await.expect("the worker has seen it");
    home.stage.gate.add_permits(1);
    let began = Instant::now();
    workers.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2), "it took {:?}", began.elapsed());
    let hangs = home.job("hangs");
    assert_eq!((hangs.state, hangs.interrupted), (JobState::Pending, true), "what may run again does");
    assert_eq!(home.job("hangs once").reason, Some(Reason::Interrupted), "what may not says so");
    home.assert_state("ends in time", JobState::Completed);
    home.assert_state("waits", JobState::Pending);
    assert!(!home.stage.log().contains(&"start waits".to_owned()), "nothing starts after the word to stop");
}

#[tokio::test]
async fn what_a_crash_cut_off_is_put_in_order_at_the_next_start() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[play("voice", "again", Does::WaitAtTheGate)]);
    home.bring(EventType::Gift, &[play_once("basics", "once", Does::Hang)]);
    let workers = home.work(&["voice", "basics"]);
    home.stage.until("start again").await;
    home.stage.until("start once").await;
    drop(workers);
    home.assert_state("again", JobState::Processing);
    let workers = home.work(&["voice", "basics"]);
    // Opened earlier, the gate might let the first try through, which nobody hears of any more.
    home.stage.until_times(2, "start again").await;
    home.stage.gate.add_permits(1);
    soon(workers.idle()).await.expect("the queues can be read");
    let again = home.job("again");
    assert_eq!((again.state, again.attempt, again.interrupted), (JobState::Completed, 2, true), "it ran once more");
    assert_eq!(home.job("once").reason, Some(Reason::Interrupted), "it did not, and says so");
    workers.stop().await;
}

#[tokio::test]
async fn a_second_worker_waits_until_the_first_is_gone_and_says_who_that_is() {
    let mut home = Home::new();
    let first = home.work(&["voice"]);
    let voice = ServiceId::new("voice");
    home.bring(EventType::Gift, &[play("voice", "before", Does::Finish)]);
    home.stage.until("end before").await;
    let second = home.work(&["voice"]);
    let mut statuses = second.statuses();
    let waits = |state: &ServiceState| matches!(state, ServiceState::WaitingForLock { .. });
    let status = soon(statuses.wait_for(|it| waits(&it[&voice].state))).await.expect("it waits")[&voice].clone();
    if cfg!(unix) {
        let process = Some(std::process::id());
        assert_eq!(status.state, ServiceState::WaitingForLock { process }, "it names the other process");
    }
    first.stop().await;
    home.bring(EventType::Gift, &[play("voice", "after", Does::Finish)]);
    soon(second.idle()).await.expect("the queue can be read");
    let expected = ["start before", "end before", "start after", "end after"];
    assert_eq!(home.stage.log(), expected, "each ran once, whoever worked");
    second.stop().await;
}

#[tokio::test]
async fn a_service_that_another_process_works_can_be_late() {
    let mut home = Home::new();
    let voice = ServiceId::new("voice");
    let elsewhere = ServiceLock::take(home.store.folder(), &voice).expect("nobody has it");
    let workers = home.work(&["voice"]);
    let mut lateness = workers.lateness();
    home.bring(EventType::Gift, &[play("voice", "waits", Does::Finish)]);
    soon(lateness.wait_for(|it| it.contains_key(&voice))).await.expect("its job waits, whoever should do it");
    drop(elsewhere);
    home.stage.until("end waits").await;
    soon(lateness.wait_for(|it| it.is_empty())).await.expect("nothing waits any more");
    workers.stop().await;
}

/// Workers whose only job, which may not run twice, has failed and waits in its place for its next try.
async fn waiting_for_the_next_try(home: &mut Home) -> Workers {
    home.bring(EventType::Gift, &[play_once("voice", "fails", Does::Fail)]);
    let workers = home.work(&["voice"]);
    let mut news = workers.news();
    let is_retried = |told: Option<Told>| matches!(told, Some(Told::News(told)) if matches!(told.happened, Happened::Retried { .. }));
    while !is_retried(soon(news.next()).await) {}
    home.assert_state("fails", JobState::Processing);
    workers
}

#[tokio::test]
async fn a_job_that_waits_for_its_next_try_is_given_back_whatever_its_kind() {
    let mut home = Home::new();
    waiting_for_the_next_try(&mut home).await.stop().await;
    let fails = home.job("fails");
    assert_eq!((fails.state, fails.interrupted), (JobState::Pending, false), "nothing had been under way");
    assert!(fails.due_ms.is_some() && fails.attempt > 0, "its next try is due: {fails:?}");
}

#[tokio::test]
async fn tries_count_on_after_a_crash() {
    let mut home = Home::new();
    drop(waiting_for_the_next_try(&mut home).await);
    let workers = home.work(&["voice"]);
    soon(workers.idle()).await.expect("the queue can be read");
    let fails = home.job("fails");
    let tries = home.stage.log().iter().filter(|line| *line == "start fails").count();
    assert_eq!((fails.state, fails.attempt, tries), (JobState::Failed, 3, 3), "three tries are all there are");
    assert_ne!(fails.reason, Some(Reason::Interrupted), "and what stopped it is what it says");
    workers.stop().await;
}
