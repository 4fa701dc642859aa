//! Workers that are added and removed while the others work.

use cuelight_core::defaults;

use super::*;
use crate::engine::Engine;
use crate::locks::ServiceLock;
use crate::store::{Deed, DeedKind, Edit, StoreError};

fn edit(home: &Home, change: impl FnOnce(&Edit<'_>) -> Result<(), StoreError>) {
    let done = |edit: &Edit<'_>| {
        change(edit)?;
        Ok::<_, StoreError>((Deed::new(DeedKind::ServiceAdded, "More"), ()))
    };
    home.store.edit(home.clock.now_ms(), done).expect("there is room");
}

#[tokio::test]
async fn a_service_that_is_added_is_worked_for_at_once_and_one_that_is_removed_no_longer() {
    let mut home = Home::new();
    let engine = Engine::start(&home.store, &defaults::services(), &home.clock).expect("it starts");
    let more = defaults::another_service(ServiceKind::Voice, "voice-2", "Second voice");
    edit(&home, |edit| edit.add_service(&more));
    soon(engine.work_for_all()).await.expect("readable");
    let mut statuses = engine.workers.statuses();
    let is_idle = |statuses: &Statuses| statuses.get(&more.id).is_some_and(|it| it.state == ServiceState::Idle);
    soon(statuses.wait_for(is_idle)).await.expect("its worker says how it stands");
    ServiceLock::take(home.store.folder(), &more.id).expect_err("its worker has the lock");

    home.services = Services::new(home.store.reader().and_then(|reader| reader.services()).expect("readable"));
    let step = step("log_write", "voice-2", json!({ "text": "hello" }));
    engine.workers.bells().notify(&home.bring(EventType::Gift, &[step]));
    soon(engine.workers.idle()).await.expect("the queues can be read");
    assert_eq!(home.job("").state, JobState::Completed, "its job was done");

    edit(&home, |edit| edit.remove_service(&more.id));
    soon(engine.work_for_all()).await.expect("readable");
    assert!(!engine.workers.statuses().borrow().contains_key(&more.id), "nobody speaks of it any more");
    ServiceLock::take(home.store.folder(), &more.id).expect("and its lock is free");
    assert_eq!(engine.workers.statuses().borrow().len(), defaults::services().len(), "the others work on");

    assert_eq!(home.store.undo(home.clock.now_ms()).map(|_| ()).ok(), Some(()), "it comes back");
    soon(engine.work_for_all()).await.expect("readable");
    soon(statuses.wait_for(is_idle)).await.expect("and is worked for again");
    engine.workers.stop().await;
}

#[tokio::test]
async fn nobody_is_hired_once_all_are_to_stop() {
    let home = Home::new();
    let workers = home.work(&["voice"]);
    workers.halt();
    workers.add(home.service("basics"));
    assert!(!workers.statuses().borrow().contains_key(&ServiceId::new("basics")), "it would never start");
    workers.stop().await;
}
