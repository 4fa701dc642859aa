//! Why the app could not begin, as the window tells it.

use cuelight_app::app::BeginError;
use cuelight_app::dto::{Banner, Failure, FailureCode};
use cuelight_core::reason::Reason;
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
    }
}

/// What opening the data folder had to tell that must be known wherever one is.
pub(crate) fn banner(notes: &[Reason]) -> Option<Banner> {
    notes.iter().find_map(|note| match note {
        Reason::DatabaseDamaged { moved_to, .. } => {
            Some(Banner { code: FailureCode::DatabaseSetAside, place: Some(moved_to.clone()) })
        }
        _ => None,
    })
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

    #[test]
    fn a_database_that_was_set_aside_is_told() {
        let note = Reason::DatabaseDamaged { moved_to: "/data/cuelight.damaged.1".into(), error: "torn".into() };
        let told = banner(&[Reason::SettingsRestored { place: "/data/settings.copy.json".into() }, note]);
        assert_eq!(told.and_then(|it| it.place).as_deref(), Some("/data/cuelight.damaged.1"), "the place helps");
        assert_eq!(banner(&[]), None, "nothing happened");
    }
}
