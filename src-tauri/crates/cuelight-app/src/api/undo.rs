//! Undo and redo, over rules, groups, services and default actions.

use cuelight_runtime::store::Undone;

use super::editing::tell;
use super::services::mark_all;
use super::{Caller, Nothing};
use crate::app::App;
use crate::dto::{Failure, FailureCode, Undo};

/// Takes the newest deed back; nothing happens where there is none.
pub(super) async fn undo(caller: Caller<'_>, _: Nothing) -> Result<Undo, Failure> {
    let now_ms = caller.app.clock.now_ms();
    let undone = caller.app.change(move |store| store.undo(now_ms)).await?;
    settle(caller.app, undone).await
}

/// Does the deed again that was taken back last; nothing happens where there is none.
pub(super) async fn redo(caller: Caller<'_>, _: Nothing) -> Result<Undo, Failure> {
    let now_ms = caller.app.clock.now_ms();
    let undone = caller.app.change(move |store| store.redo(now_ms)).await?;
    settle(caller.app, undone).await
}

async fn settle(app: &App, undone: Undone) -> Result<Undo, Failure> {
    app.engine.work_for_all().await?;
    mark_all(app);
    let undo = tell(app).await?.undo;
    match undone {
        Undone::Done(_) | Undone::Nothing => Ok(undo),
        Undone::ChangedMeanwhile(deed) => {
            let problem = format!("somebody else changed what concerns {:?}; that step was left out", deed.name);
            Err(Failure::new(FailureCode::ChangedMeanwhile, problem))
        }
        Undone::JobsWait(deed) => {
            Err(Failure::new(FailureCode::NotNow, format!("jobs of {:?} still wait or run", deed.name)))
        }
    }
}
