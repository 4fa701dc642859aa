//! How the thread of the queues shares commits, and what it does while the disk is full.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::sync_channel;

use cuelight_core::id::SessionId;
use cuelight_core::reason::Reason;

use super::*;
use crate::disk::DiskHealth;

#[tokio::test]
async fn requests_that_wait_share_a_commit_and_none_suffers_for_another() {
    let home = Home::new();
    let workers = home.work(&[]);
    let queues = &workers.orders().queues;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (release, released) = sync_channel::<()>(1);
    let mut begun = Some(begun);
    let first = queues.ask(move |_, _| {
        if let Some(begun) = begun.take() {
            begun.send(()).expect("the test waits for it");
            released.recv().expect("the test lets it go on");
        }
        Ok(((), Touched::default()))
    });
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let voice = ServiceId::new("voice");
    let good = queues.ask(move |queues, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(((), queues.pause(&voice)?))
    });
    let bad = queues.ask(|_, _| Err::<((), Touched), _>(StoreError::NoSession(SessionId(7))));
    let others = async {
        has_begun.await.expect("the thread takes the first one");
        let let_go = async { release.send(()).expect("the thread waits for it") };
        tokio::join!(good, bad, let_go)
    };
    let (first, (good, bad, ())) = soon(async { tokio::join!(first, others) }).await;
    first.expect("nothing is wrong with it");
    good.expect("what is wrong with its neighbour is not its fault");
    assert!(matches!(bad, Err(QueueError::Store(StoreError::NoSession(_)))), "{bad:?}");
    assert_eq!(tries.load(Ordering::Relaxed), 2, "once in the transaction of both, once alone");
    let paused = home.store.reader().and_then(|reader| reader.stored_services()).expect("readable");
    assert!(paused.iter().any(|it| it.paused), "and it is on the disk");
    workers.stop().await;
}

#[tokio::test]
async fn nobody_is_answered_after_the_end() {
    let home = Home::new();
    let workers = home.work(&["voice"]);
    let orders = workers.orders().clone();
    workers.stop().await;
    let refused = soon(orders.pause(&ServiceId::new("voice"))).await;
    assert!(matches!(refused, Err(QueueError::Stopped)), "a late order is refused, not forgotten: {refused:?}");
}

#[tokio::test]
async fn while_the_disk_is_gone_outcomes_are_kept_and_no_job_starts() {
    let mut home = Home::new();
    home.bring(EventType::Gift, &[play("voice", "runs", Does::WaitAtTheGate)]);
    home.bring(EventType::Gift, &[play("voice", "next", Does::Finish)]);
    let workers = home.work(&["voice"]);
    home.stage.until("start runs").await;
    let place = home.store.folder().database();
    let away = place.with_extension("away");
    std::fs::rename(&place, &away).expect("the disk can go away");
    home.stage.gate.add_permits(1);
    let mut health = workers.health();
    let waiting = soon(health.wait_for(|health| matches!(health, DiskHealth::Waiting(_)))).await;
    let DiskHealth::Waiting(Reason::DiskFull { place: named, .. }) = waiting.expect("it says so").clone() else {
        panic!("it must say what is wrong")
    };
    assert_eq!(named, place.display().to_string(), "and where");
    assert_eq!(home.stage.log(), ["start runs", "end runs"], "what ran has ended, and nothing has started");
    std::fs::rename(&away, &place).expect("and come back");
    soon(workers.idle()).await.expect("the queue can be read");
    assert_eq!(*health.borrow_and_update(), DiskHealth::Writing, "all is well again");
    assert_eq!(home.stage.log(), ["start runs", "end runs", "start next", "end next"], "each ran once");
    home.assert_state("runs", JobState::Completed);
    workers.stop().await;
}
