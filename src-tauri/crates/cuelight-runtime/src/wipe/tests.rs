//! Wiping takes all of ours, nothing else, and nothing that somebody uses.

use cuelight_core::defaults;

use super::*;
use crate::clock::Clock;

/// A folder in use: a database, a log of yesterday, what an action wrote, a worker's lock.
fn used() -> (tempfile::TempDir, DataFolder) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::new(place.path().join("data"));
    folder.create().expect("it can be made");
    for (path, text) in [
        (folder.database(), "events"),
        (folder.settings_copy(), "rules"),
        (folder.path().join("cuelight.damaged-20260101T000000Z.db"), "odd"),
        (folder.logs().join("cuelight.2026-01-01.log"), "a line"),
        (folder.server_tokens(), "keys"),
        (folder.files().join("deep/events.txt"), "mia"),
        (folder.pictures().join("0a"), "png"),
    ] {
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    drop(ServiceLock::take(&folder, &ServiceId::new("custom:lights")).expect("nobody has it"));
    (place, folder)
}

#[test]
fn everything_of_ours_goes_and_the_folder_with_it() {
    let (_place, folder) = used();
    let wipe = Wipe::begin(&folder).expect("nobody uses it");
    let goes: Vec<(KeptAs, u64)> = wipe.goes().expect("readable").iter().map(|it| (it.what, it.size_bytes)).collect();
    let expected = [
        (KeptAs::Database, 6),
        (KeptAs::DamagedDatabase, 3),
        (KeptAs::SettingsCopy, 5),
        (KeptAs::Files, 3),
        (KeptAs::Logs, 6),
        (KeptAs::Pictures, 3),
        (KeptAs::ServerTokens, 4),
    ];
    assert_eq!(goes, expected, "each thing is named with its size");
    assert!(wipe.finish().expect("it can be deleted"), "the folder is empty then");
    assert!(!folder.path().exists(), "and gone");
}

#[test]
fn what_somebody_else_put_there_stays() {
    let (_place, folder) = used();
    let own = folder.path().join("holiday.jpg");
    fs::write(&own, "sea").expect("written");
    assert!(!Wipe::begin(&folder).expect("nobody uses it").finish().expect("it can be deleted"), "not empty");
    let left = entries(folder.path()).expect("still there");
    assert_eq!(left, [own], "a data folder may have been chosen badly");
}

#[test]
fn nobody_wipes_what_an_engine_or_a_worker_uses() {
    let (_place, folder) = used();
    let engine = EngineLock::take(&folder).expect("nobody has it");
    let refusal = Wipe::begin(&folder).expect_err("an engine runs");
    assert!(matches!(refusal, WipeError::Locked(LockError::Taken { .. })), "{refusal}");
    drop(engine);
    let _worker = ServiceLock::take(&folder, &ServiceId::new("custom:lights")).expect("nobody has it");
    let refusal = Wipe::begin(&folder).expect_err("a worker runs");
    assert!(refusal.to_string().contains("custom:lights"), "{refusal} must say which");
    assert!(folder.database().exists(), "nothing was deleted");
}

#[test]
fn no_worker_begins_while_a_folder_is_wiped_not_even_for_the_first_time() {
    let (_place, folder) = used();
    fs::remove_file(folder.database()).expect("it is no database");
    let lock = EngineLock::take(&folder).expect("nobody has it");
    let (store, _) = store::open(&folder, &Clock::system(), &lock).expect("it can be made");
    store.seed(&defaults::services(), &[]).expect("there is room");
    drop((store, lock));
    let voice = ServiceId::new("voice");
    assert!(!folder.service_lock(&voice).exists(), "nobody has worked for it yet");
    let wipe = Wipe::begin(&folder).expect("nobody uses it");
    ServiceLock::take(&folder, &voice).expect_err("its worker would work in a folder that goes");
    assert!(wipe.finish().expect("it can be deleted"), "and its lock goes too");
}
