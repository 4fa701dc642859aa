//! In which order jobs start, and what runs beside what.

use super::*;

#[tokio::test]
async fn what_is_more_important_starts_first_and_then_what_came_first() {
    let mut home = Home::new();
    for (event_type, name) in [
        (EventType::Join, "join"),
        (EventType::Comment, "first comment"),
        (EventType::Comment, "second comment"),
        (EventType::Gift, "gift"),
    ] {
        home.bring(event_type, &[play("voice", name, Does::Finish)]);
    }
    let workers = home.work(&["voice"]);
    soon(workers.idle()).await.expect("the queue can be read");
    workers.stop().await;
    let expected =
        ["gift", "first comment", "second comment", "join"].map(|it| [format!("start {it}"), format!("end {it}")]);
    assert_eq!(home.stage.log(), expected.concat(), "by priority, then by arrival, each alone");
}

#[tokio::test]
async fn nothing_starts_beside_a_sync_job() {
    let mut home = Home::new();
    let workers = home.work(&["voice"]);
    let touched = home.bring(EventType::Comment, &[play("voice", "slow", Does::WaitAtTheGate)]);
    workers.bells().notify(&touched);
    home.stage.until("start slow").await;
    let touched = home.bring(EventType::Gift, &[play("voice", "gift", Does::Finish)]);
    workers.bells().notify(&touched);
    let mut statuses = workers.statuses();
    let voice = ServiceId::new("voice");
    soon(statuses.wait_for(|statuses| statuses[&voice].jobs_wait)).await.expect("the worker has seen the gift");
    home.assert_state("gift", JobState::Pending);
    home.stage.gate.add_permits(1);
    soon(workers.idle()).await.expect("the queue can be read");
    let expected = ["start slow", "end slow", "start gift", "end gift"];
    assert_eq!(home.stage.log(), expected, "the gift waits for the end, important as it is");
    workers.stop().await;
}

#[tokio::test]
async fn async_jobs_run_beside_each_other_up_to_the_bound() {
    let mut home = Home::new();
    let bound = home.service("basics").max_parallel;
    for number in 0..=bound {
        home.bring(EventType::Gift, &[play("basics", &number.to_string(), Does::WaitAtTheGate)]);
    }
    let workers = home.work(&["basics"]);
    let basics = ServiceId::new("basics");
    let mut statuses = workers.statuses();
    let is_full = |state: &ServiceState| matches!(state, ServiceState::Running(running) if running.count == bound);
    let full = statuses.wait_for(|it| it[&basics].jobs_wait && is_full(&it[&basics].state));
    soon(full).await.expect("as many as may run do, and one waits");
    home.assert_state(&bound.to_string(), JobState::Pending);
    home.stage.gate.add_permits(bound as usize + 1);
    soon(workers.idle()).await.expect("the queue can be read");
    home.assert_state(&bound.to_string(), JobState::Completed);
    workers.stop().await;
}

#[tokio::test]
async fn no_job_gets_between_the_steps_of_a_run_on_a_sync_service() {
    let mut home = Home::new();
    let workers = home.work(&["voice"]);
    let steps = ["one", "two", "three"].map(|name| play("voice", name, Does::WaitAtTheGate));
    let touched = home.bring(EventType::Comment, &steps);
    workers.bells().notify(&touched);
    home.stage.until("start one").await;
    home.bring(EventType::Gift, &[play("voice", "gift", Does::Finish)]);
    home.stage.gate.add_permits(3);
    soon(workers.idle()).await.expect("the queue can be read");
    let started: Vec<_> = home.stage.log().into_iter().filter(|line| line.starts_with("start")).collect();
    let expected = ["start one", "start two", "start three", "start gift"];
    assert_eq!(started, expected, "the steps are held together, even against a gift");
    workers.stop().await;
}

#[tokio::test]
async fn a_step_on_another_service_follows_when_the_one_before_has_ended() {
    let mut home = Home::new();
    let workers = home.work(&["basics", "voice"]);
    home.bring(EventType::Gift, &[play("basics", "first", Does::Finish), play("voice", "then", Does::Finish)]);
    let log = home.stage.until("end then").await;
    assert_eq!(log, ["start first", "end first", "start then", "end then"], "nobody told the workers; they noticed");
    workers.stop().await;
}

#[tokio::test]
async fn whoever_works_for_one_job_starts_no_other() {
    let mut home = Home::new();
    for name in ["first", "second", "mine"] {
        home.bring(EventType::Gift, &[play("voice", name, Does::Finish)]);
    }
    let workers = home.work_for("mine");
    home.stage.until("end mine").await;
    workers.stop().await;
    assert_eq!(home.stage.log(), ["start mine", "end mine"], "what came before waits for a worker of its own");
    for waits in ["first", "second"] {
        home.assert_state(waits, JobState::Pending);
        assert_eq!(home.job(waits).attempt, 0, "{waits} was not even tried");
    }
}
