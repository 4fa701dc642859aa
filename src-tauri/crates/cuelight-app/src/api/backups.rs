//! Commands about copies of the database: listed, made, taken in.

use std::path::PathBuf;

use cuelight_runtime::store::{Store, StoreError};
use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::dto::{Backup, Failure, FailureCode};
use crate::shell::ShellError;

/// A backup by the place where it lies.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChosenBackup {
    path: PathBuf,
}

pub(super) async fn list(caller: Caller<'_>, _: Nothing) -> Result<Vec<Backup>, Failure> {
    caller.app.change(listed).await
}

pub(super) async fn back_up(caller: Caller<'_>, _: Nothing) -> Result<Vec<Backup>, Failure> {
    let clock = caller.app.clock.clone();
    let made = caller.app.change(move |store| {
        store.back_up(&clock)?;
        listed(store)
    });
    made.await
}

/// Prepares it and starts the app anew; where nobody can do that, it is taken in whenever the app starts next.
pub(super) async fn restore(caller: Caller<'_>, input: ChosenBackup) -> Result<Nothing, Failure> {
    let clock = caller.app.clock.clone();
    caller.app.change(move |store| store.prepare_restore(&input.path, &clock).map_err(unusable)).await?;
    match caller.app.shell.restart().await {
        Ok(()) | Err(ShellError::NoDesktop) => Ok(Nothing {}),
        Err(error @ ShellError::Refused { .. }) => Err(Failure::new(FailureCode::NotNow, error.to_string())),
    }
}

fn listed(store: &Store) -> Result<Vec<Backup>, StoreError> {
    let backups = store.backups()?.into_iter().map(|backup| Backup {
        name: backup.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        path: backup.path.display().to_string(),
        made_ms: backup.made_ms,
        size_bytes: backup.size_bytes,
        by_itself: backup.by_itself,
    });
    Ok(backups.collect())
}

/// What is wrong with the file that was chosen is not what is wrong with our own database.
fn unusable(error: StoreError) -> Failure {
    match error {
        StoreError::Damaged { .. } | StoreError::Newer { .. } | StoreError::Refused { .. } => {
            Failure::new(FailureCode::BadInput, error.to_string()).about("path")
        }
        error => error.into(),
    }
}
