//! Why the app could not begin, as the window tells it.

use cuelight_app::app::BeginError;
use cuelight_app::dto::{Failure, FailureCode};
use cuelight_runtime::locks::LockError;
use cuelight_runtime::paths::FolderError;
use cuelight_runtime::runtime::OpenError;
use cuelight_runtime::store::StoreError;

/// The data folder cannot be found or used.
pub(crate) fn of_folder(error: FolderError) -> Failure {
    Failure::new(FailureCode::FolderUnusable, error.to_string())
}

/// The app did not begin.
pub(crate) fn of_begin(error: BeginError) -> Failure {
    match error {
        BeginError::Open(OpenError::Lock(error)) => of_lock(&error),
        BeginError::Open(OpenError::Store(error)) | BeginError::Store(error) => of_store(error),
        BeginError::Workers(error) => Failure::new(FailureCode::Defect, error.to_string()),
        BeginError::TikTok(error) => Failure::new(FailureCode::BadInput, error.to_string()),
    }
}

fn of_lock(error: &LockError) -> Failure {
    let code = match error {
        LockError::Taken { .. } => FailureCode::EngineElsewhere,
        LockError::Refused { .. } => FailureCode::FolderUnusable,
    };
    Failure::new(code, error.to_string())
}

fn of_store(error: StoreError) -> Failure {
    match error {
        StoreError::Newer { .. } => Failure::new(FailureCode::DatabaseNewer, error.to_string()),
        StoreError::Locked(error) => of_lock(&error),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cuelight_runtime::locks::Right;

    use super::*;

    fn check(error: BeginError, code: FailureCode) {
        let failure = of_begin(error);
        assert_eq!(failure.code, code, "{}", failure.message);
    }

    #[test]
    fn every_reason_not_to_begin_has_its_own_sentence() {
        let taken = LockError::Taken { right: Right::Decide, folder: PathBuf::from("/data"), process: Some(7) };
        check(OpenError::Lock(taken).into(), FailureCode::EngineElsewhere);
        let newer = StoreError::Newer { place: PathBuf::from("/data/cuelight.db"), found: 9, known: 3 };
        check(OpenError::Store(newer).into(), FailureCode::DatabaseNewer);
        let damaged = StoreError::Damaged { deed: "open", place: PathBuf::from("/data"), error: "torn".into() };
        check(damaged.into(), FailureCode::DatabaseDamaged);
    }
}
