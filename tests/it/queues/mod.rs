//! What can be seen and done from the command line about rules, services, queues and the data folder.

mod actions;
mod data;
mod jobs;
mod rules;
mod services;

use cuelight_core::id::ServiceId;
use cuelight_runtime::locks::ServiceLock;
use cuelight_runtime::paths::DataFolder;

use crate::support::Workplace;

/// A workplace with the services and rules of the first day.
fn first_day() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(["init"]).expect_status(0);
    workplace
}

fn folder(workplace: &Workplace) -> DataFolder {
    DataFolder::new(workplace.data_dir())
}

/// The place of a service's worker, taken, so that its queue stands still.
fn hold(workplace: &Workplace, service: &str) -> ServiceLock {
    ServiceLock::take(&folder(workplace), &ServiceId::new(service)).expect("nobody works there")
}

/// Wrong use or a failure: the exit status, and a sentence that says what and what would be right.
#[track_caller]
fn refuse(workplace: &Workplace, args: &[&str], status: i32, sentence: &str) {
    let finished = workplace.run(args.iter().copied()).expect_status(status);
    assert!(finished.stderr.contains(sentence), "{args:?} said {:?}, not {sentence:?}", finished.stderr);
    assert!(!finished.stderr.contains("panicked"), "{args:?} must not panic");
}
