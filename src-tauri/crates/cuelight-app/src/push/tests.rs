//! What those hear who listen: whole batches, in order, at most one a frame.

use cuelight_core::id::EventId;
use cuelight_core::reason::Reason;
use cuelight_core::rule::Rule;
use cuelight_runtime::store::{self, Which};
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::{FRAME, NewLines, Push};
use crate::dto::{EventLine, PushBatch};
use crate::stage::{Stage, until};

fn numbers(lines: &[EventLine]) -> Vec<u32> {
    lines.iter().map(|line| line.number).collect()
}

#[tokio::test]
async fn what_changed_within_a_frame_is_one_batch_and_lines_come_in_order() {
    let stage = Stage::paused().await;
    let mut heard = stage.door.listen();
    let mut told = Vec::new();
    let mut batches = Vec::new();
    for round in 0..20_u32 {
        for number in 0..5 {
            stage.comment("mia", &format!("{round}.{number}"), &[]);
        }
        tokio::task::yield_now().await;
    }
    while told.len() < 100 {
        let batch = heard.next().await.expect("the app goes on");
        batches.push((batch.seq, Instant::now()));
        told.extend(numbers(&batch.lines));
    }
    assert_eq!(told, (1..=100).collect::<Vec<u32>>(), "each line once, in order");
    let seqs: Vec<u64> = batches.iter().map(|(seq, _)| *seq).collect();
    assert!(seqs.windows(2).all(|two| two[1] == two[0] + 1), "without a hole: {seqs:?}");
    assert!(batches.len() <= 100, "and never more batches than changes");
}

#[tokio::test(start_paused = true)]
async fn never_do_two_batches_come_within_one_frame() {
    let stage = Stage::paused().await;
    let mut heard = stage.door.listen();
    let push = stage.app.push.clone();
    let noting = async {
        for revision in 0.. {
            push.note(|gathered| gathered.rulebook_revision = Some(revision));
            tokio::time::sleep(FRAME / 10).await;
        }
    };
    let hearing = async {
        let mut before: Option<Instant> = None;
        for _ in 0..30 {
            heard.next().await.expect("the app goes on");
            let now = Instant::now();
            if let Some(before) = before {
                assert!(now - before >= FRAME, "only {:?} between two batches", now - before);
            }
            before = Some(now);
        }
    };
    tokio::select! {
        () = noting => {}
        () = hearing => {}
    }
}

#[tokio::test]
async fn who_reads_too_slowly_sees_a_hole_and_then_what_is_new() {
    let push = Push::default();
    let mut heard = push.listen();
    (0..=super::BATCHES as u64).for_each(|_| push.tell(PushBatch::default()));
    let first = heard.next().await.expect("the newest are kept");
    assert_eq!(first.seq, 2, "the first one is lost, and its number says so");
    assert_eq!(heard.next().await.expect("more").seq, 3, "the others come in order");
}

#[tokio::test]
async fn nothing_is_kept_or_read_while_nobody_listens() {
    let stage = Stage::paused().await;
    stage.comment("mia", "hola", &["voice"]);
    assert_eq!(*stage.app.push.shared.gathered.lock(), super::Gathered::default(), "nothing piles up");
    assert_eq!(stage.app.push.seq(), 0, "and nothing was told");
    let mut heard = stage.door.listen();
    stage.comment("mia", "hola again", &[]);
    let batches = until(&mut heard, |batch| !batch.lines.is_empty()).await;
    assert_eq!(numbers(&batches.last().expect("one").lines), [2], "who listens hears what is new from then on");
}

#[tokio::test]
async fn an_events_jobs_are_told_to_their_end() {
    let stage = Stage::new();
    let mut heard = stage.door.listen();
    stage.rose("mia", "thanks", &["basics", "voice", "sounds"]);
    let is_done = |batch: &PushBatch| {
        let lines = batch.lines.iter().map(|line| &line.outcome);
        lines.chain(batch.outcomes.iter().map(|change| &change.outcome)).any(|outcome| outcome.completed == 3)
    };
    let batches = until(&mut heard, is_done).await;
    assert_eq!(numbers(&batches[0].lines), [1], "the line comes first");
    let last = batches.last().expect("one");
    let outcome = last.outcomes.first().map_or_else(|| &last.lines[0].outcome, |change| &change.outcome);
    assert!(
        outcome.took_ms.is_some() && outcome.pending + outcome.processing == 0,
        "nothing of it goes on: {outcome:?}"
    );
    let told = |batch: &PushBatch| batch.services.iter().any(|it| it.id.as_str() == "voice" && it.completed_today == 1);
    if !batches.iter().any(|batch| told(batch)) {
        until(&mut heard, told).await;
    }
}

#[tokio::test]
async fn what_others_do_to_the_database_is_noticed() {
    let stage = Stage::paused().await;
    let mut heard = stage.door.listen();
    stage.comment("mia", "hola", &["voice"]);
    let waits = |batch: &PushBatch| batch.now_and_next.is_some() && batch.services.iter().any(|it| it.pending == 1);
    until(&mut heard, waits).await;
    // Another connection, as another program has one.
    let mut journal = stage.app.store().journal().expect("it can be written");
    let services = cuelight_core::service::Services::default();
    let world = cuelight_core::world::World {
        services: &services,
        prepare: &*stage.app.registry,
        values: &cuelight_core::facts::Values::default(),
        seed: 0,
        now_ms: stage.app.clock.now_ms(),
    };
    journal.work(|queues| queues.discard(&Which::All, &Reason::DiscardedByYou, &world)).expect("there is room");
    let is_discarded = |batch: &PushBatch| batch.outcomes.iter().any(|change| change.outcome.discarded == 1);
    until(&mut heard, is_discarded).await;
    let rule: Rule =
        serde_json::from_value(json!({ "id": "new", "name": "New", "when": { "on": "comment" }, "do": [] }))
            .expect("a rule");
    stage.app.store().put_rule(&rule).expect("there is room");
    until(&mut heard, |batch| batch.rulebook_revision.is_some()).await;
}

#[tokio::test]
async fn settings_that_another_process_saves_are_taken_over_and_told() {
    let stage = Stage::paused().await;
    let mut heard = stage.door.listen();
    let (beside, _) =
        store::open_beside_engine(stage.app.store().folder(), &stage.app.clock).expect("it can be opened");
    beside.set_setting("tiktok_user", "mira").expect("it can be written");
    let is_told = |batch: &PushBatch| {
        batch.settings.as_ref().is_some_and(|told| told.connection.creator.as_deref() == Some("mira"))
    };
    until(&mut heard, is_told).await;
    let taken = stage.app.settings.borrow().connection.tiktok_user.clone();
    assert_eq!(taken.as_deref(), Some("mira"), "what the app goes by is what was set");
}

#[tokio::test]
async fn a_service_that_comes_or_goes_is_told_with_all_that_there_are() {
    let stage = Stage::new();
    let lists = |batch: &PushBatch| batch.services.iter().any(|it| it.id.as_str() == "overlays-2");
    let mut heard = stage.door.listen();
    stage.ask("add_service", json!({ "kind": "overlays", "name": "Second screen" })).await.expect("it is added");
    let batches = until(&mut heard, |batch| batch.services_revision.is_some()).await;
    let added = batches.last().expect("one");
    assert!(lists(added) && added.services.len() > 1, "the new one among all: {added:?}");
    stage.ask("remove_service", json!({ "service": "overlays-2" })).await.expect("it is removed");
    let before = added.services_revision;
    let is_another = |batch: &PushBatch| batch.services_revision.is_some() && batch.services_revision != before;
    let batches = until(&mut heard, is_another).await;
    let removed = batches.last().expect("one");
    assert!(!lists(removed) && !removed.services.is_empty(), "all but the one that is gone: {removed:?}");
}

#[tokio::test]
async fn a_flood_leaves_lines_out_and_says_how_many() {
    let stage = Stage::paused().await;
    for number in 0..300 {
        stage.comment("mia", &number.to_string(), &[]);
    }
    let mut heard = stage.door.listen();
    let new = NewLines { first: stage.id(1), last: EventId { number: 300, ..stage.id(1) }, count: 300 };
    stage.app.push.note(|gathered| gathered.lines(new));
    let batches = until(&mut heard, |batch| !batch.lines.is_empty()).await;
    let batch = batches.last().expect("one");
    assert_eq!((batch.lines.len(), batch.missed_lines), (200, Some(100)), "a screen is full, the journal has the rest");
    assert_eq!(batch.lines[0].number, 101, "the newest are shown");
}

#[tokio::test]
async fn more_than_can_be_told_is_a_hole() {
    let stage = Stage::paused().await;
    let mut heard = stage.door.listen();
    let before = stage.app.push.seq();
    stage.app.push.note(|gathered| {
        gathered.too_much = true;
        gathered.rulebook_revision = Some(7);
    });
    let batches = until(&mut heard, |batch| batch.rulebook_revision == Some(7)).await;
    let last = batches.last().expect("one");
    assert_eq!(last.seq, before + batches.len() as u64 + 1, "a number is missing, so everything is asked for anew");
}

#[tokio::test]
async fn who_listens_hears_that_the_app_ended() {
    let stage = Stage::new();
    let mut heard = stage.door.listen();
    stage.app.end().await;
    let end = async { while heard.next().await.is_some() {} };
    timeout(std::time::Duration::from_secs(10), end).await.expect("nothing more comes");
}
