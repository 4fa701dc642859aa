//! How jobs end: done, failed, tried again, timed out, broken, skipped, silenced, stopped.

use cuelight_core::job::Ending;
use cuelight_core::reason::Reason;

use super::*;
use crate::locks::ServiceLock;

#[tokio::test]
async fn a_job_that_hangs_times_out_and_the_queue_goes_on() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[step("play", "voice", json!({ "name": "hangs", "does": "hang", "limit_ms": 40 }))]);
    home.bring(EventType::Gift, &[play("voice", "next", Does::Finish)]);
    let workers = home.work(&["voice"]);
    soon(workers.idle()).await.expect("the queue can be read");
    home.assert_state("hangs", JobState::Failed);
    assert_eq!(home.job("hangs").reason, Some(Reason::TimedOut { limit_ms: 40 }), "the row says why");
    home.assert_state("next", JobState::Completed);
    workers.stop().await;
}

#[tokio::test]
async fn a_job_whose_code_breaks_fails_alone() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[play("voice", "breaks", Does::Panic)]);
    home.bring(EventType::Gift, &[play("voice", "next", Does::Finish)]);
    let workers = home.work(&["voice"]);
    soon(workers.idle()).await.expect("the queue can be read");
    assert_eq!(home.job("breaks").reason, Some(Reason::ActionBroke { kind: "play".into() }), "a defect is told as one");
    home.assert_state("next", JobState::Completed);
    workers.stop().await;
}

#[tokio::test]
async fn a_sync_job_is_tried_again_in_its_place_and_an_async_one_lets_others_go_on() {
    for (service, expected) in [
        ("voice", ["start fails", "start fails", "end fails", "start next", "end next"]),
        ("basics", ["start fails", "start next", "end next", "start fails", "end fails"]),
    ] {
        let mut home = Home::new();
        home.bring(EventType::Gift, &[play(service, "fails", Does::FailOnce)]);
        let workers = home.work(&[service]);
        home.stage.until("start fails").await;
        home.bring(EventType::Comment, &[play(service, "next", Does::Finish)]);
        soon(workers.idle()).await.expect("the queue can be read");
        home.assert_state("fails", JobState::Completed);
        assert_eq!(home.stage.log(), expected, "in {service}");
        workers.stop().await;
    }
}

#[tokio::test]
async fn a_sync_job_whose_pause_does_not_fit_into_its_time_limit_fails_with_its_own_reason() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[step("play", "voice", json!({ "name": "fails", "does": "fail", "limit_ms": 300 }))]);
    let workers = home.work(&["voice"]);
    soon(workers.idle()).await.expect("the queue can be read");
    let reason = Reason::ActionFailed { error: "could not reach the stage".into(), advice: String::new() };
    assert_eq!(home.job("fails").reason, Some(reason), "what stopped it says more than that time ran out");
    workers.stop().await;
}

#[tokio::test]
async fn what_is_skipped_or_silenced_ends_with_that_reason_and_only_that() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[play("voice", "speech", Does::Hang)]);
    home.bring(EventType::Gift, &[play("basics", "skipped", Does::Hang)]);
    home.bring(EventType::Gift, &[play("basics", "goes on", Does::WaitAtTheGate)]);
    let workers = home.work(&["voice", "basics"]);
    for name in ["speech", "skipped", "goes on"] {
        home.stage.until(&format!("start {name}")).await;
    }
    workers.orders().silence().await.expect("the queue can be written");
    assert!(workers.orders().skip_job(home.id("skipped")), "it runs");
    home.stage.gate.add_permits(1);
    soon(workers.idle()).await.expect("the queues can be read");
    assert_eq!(home.job("speech").reason, Some(Reason::SilencedByYou), "silence");
    assert_eq!(home.job("skipped").reason, Some(Reason::SkippedByYou), "skip");
    home.assert_state("goes on", JobState::Completed);
    workers.stop().await;
}

#[tokio::test]
async fn silence_holds_back_what_can_be_heard_until_it_is_over() {
    let mut home = Home::new();
    let log_write = |text: &str| step("log_write", "voice", json!({ "text": text }));
    let workers = home.work(&["voice", "basics"]);
    let voice = ServiceId::new("voice");
    workers.orders().silence().await.expect("the queue can be written");
    home.bring(EventType::Gift, &[log_write("thank you")]);
    home.bring(EventType::Gift, &[play("basics", "unheard", Does::Finish)]);
    let mut statuses = workers.statuses();
    soon(statuses.wait_for(|it| it[&voice].state == ServiceState::Paused)).await.expect("it is held back");
    home.stage.until("end unheard").await;
    let resting = soon(workers.idle()).await.expect("nobody waits for what silence keeps");
    let expected = Resting { service_name: home.service("voice").name.clone(), is_paused: true, jobs: 1 };
    assert_eq!(resting, [expected], "and it is told who keeps how much");
    assert!(*workers.orders().silenced().borrow(), "people see why nothing is heard");
    let stored = home.store.reader().and_then(|reader| reader.stored_services()).expect("readable");
    assert!(stored.iter().all(|it| !it.paused), "silence is not the streamer's own pause");
    workers.orders().unsilence();
    assert_eq!(soon(workers.idle()).await.expect("the queue can be read"), [], "what waited was heard in its turn");
    workers.stop().await;
}

#[tokio::test]
async fn a_paused_service_starts_nothing_until_it_is_resumed() {
    let mut home = Home::new();
    let workers = home.work(&["voice"]);
    let voice = ServiceId::new("voice");
    workers.orders().pause(&voice).await.expect("the queue can be written");
    home.bring(EventType::Gift, &[play("voice", "waits", Does::Finish)]);
    let mut statuses = workers.statuses();
    soon(statuses.wait_for(|it| it[&voice].state == ServiceState::Paused)).await.expect("it is paused");
    home.assert_state("waits", JobState::Pending);
    let mut lateness = workers.lateness();
    soon(lateness.wait_for(|it| it.contains_key(&voice))).await.expect("a job that waits makes its service late");
    let resting = soon(workers.idle()).await.expect("nobody waits for what a pause keeps");
    let expected = Resting { service_name: home.service("voice").name.clone(), is_paused: true, jobs: 1 };
    assert_eq!(resting, [expected], "and it is told who keeps how much");
    workers.orders().resume(&voice).await.expect("the queue can be written");
    soon(workers.idle()).await.expect("the queue can be read");
    home.assert_state("waits", JobState::Completed);
    workers.stop().await;
}

#[tokio::test]
async fn stopping_everything_ends_what_runs_and_discards_what_waits() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[play("voice", "runs", Does::Hang), play("voice", "follows", Does::Finish)]);
    let workers = home.work(&["voice"]);
    home.stage.until("start runs").await;
    home.bring(EventType::Gift, &[play("voice", "paid", Does::Finish)]);
    home.bring(EventType::Comment, &[play("overlays", "elsewhere", Does::Finish)]);
    let unfinished = home.store.reader().and_then(|reader| reader.unfinished()).expect("readable");
    assert_eq!(unfinished, Unfinished { running: 1, waiting: 2, paid: 2 }, "gifts are what to ask about");
    assert_eq!(workers.orders().stop_everything().await.expect("writable"), 2, "both that waited");
    soon(workers.idle()).await.expect("the queue can be read");
    for (name, state) in [("runs", JobState::Failed), ("paid", JobState::Discarded), ("elsewhere", JobState::Discarded)]
    {
        home.assert_state(name, state);
        assert_eq!(home.job(name).reason, Some(Reason::StoppedByYou), "{name} says who did it");
    }
    assert!(!home.jobs().contains_key("follows"), "nothing comes after what was stopped");
    workers.stop().await;
}

#[tokio::test]
async fn the_news_tell_each_job_and_how_much_a_slow_reader_missed() {
    let mut home = Home::new();
    let workers = home.work(&["voice"]);
    let mut news = workers.news();
    let touched = home.bring(EventType::Gift, &[play("voice", "told", Does::Finish)]);
    workers.bells().notify(&touched);
    let mut told = Vec::new();
    while told.len() < 2 {
        let Some(Told::News(next)) = soon(news.next()).await else { panic!("nothing was missed, and the workers run") };
        assert_eq!((&*next.service_name, next.event_type), ("Voice", Some(EventType::Gift)), "a line needs names");
        told.push(next.happened);
    }
    let done = Ending::Completed { outputs: Vec::new(), changes: Vec::new() };
    assert_eq!(told, [Happened::Started, Happened::Ended(done)], "its start and its end");
    for number in 0..=cuelight_core::limits::WORK_NEWS / 2 {
        home.bring(EventType::Comment, &[play("voice", &number.to_string(), Does::Finish)]);
        if number % 40 == 0 {
            soon(workers.idle()).await.expect("the queue can be read");
        }
    }
    soon(workers.idle()).await.expect("the queue can be read");
    assert!(matches!(soon(news.next()).await, Some(Told::Missed(2..))), "what was not read in time is counted");
    workers.stop().await;
}

#[tokio::test]
async fn a_service_that_is_switched_off_rests_until_it_is_switched_on() {
    let mut home = Home::new();
    let voice = ServiceId::new("voice");
    home.bring(EventType::Gift, &[play("voice", "waits", Does::Finish)]);
    let switch = |active| {
        let service = Service { active, ..home.service("voice").clone() };
        home.store.set_service(&service).expect("it is there");
    };
    switch(false);
    let workers = home.work(&["voice", "basics"]);
    let mut statuses = workers.statuses();
    soon(statuses.wait_for(|it| it[&voice].state == ServiceState::Off)).await.expect("it is off");
    let resting = soon(workers.idle()).await.expect("nobody waits for it");
    assert_eq!((resting.len(), resting[0].is_paused, resting[0].jobs), (1, false, 1), "its job stays: {resting:?}");
    ServiceLock::take(home.store.folder(), &voice).expect("another process may work for it");
    switch(true);
    soon(statuses.wait_for(|it| it[&voice].state != ServiceState::Off)).await.expect("it is on");
    home.stage.until("end waits").await;
    switch(false);
    soon(statuses.wait_for(|it| it[&voice].state == ServiceState::Off)).await.expect("it is off again");
    workers.stop().await;
    home.assert_state("waits", JobState::Completed);
}
