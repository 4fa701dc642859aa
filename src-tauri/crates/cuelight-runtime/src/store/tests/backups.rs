//! A backup is all there was, and taking one in loses nothing, wherever it is killed.

use std::path::Path;

use super::Home;
use crate::locks::EngineLock;
use crate::store::restore::tests_only::begin;
use crate::store::{self, Store, StoreError};

fn user(store: &Store) -> Option<String> {
    store.settings().expect("readable").connection.tiktok_user
}

/// A home whose database says `mira`, with a backup that says `luna.plays`.
fn home_with_backup() -> (Home, Store, std::path::PathBuf) {
    let home = Home::new();
    let store = home.store();
    store.set_setting("tiktok_user", "luna.plays").expect("it takes that");
    let backup = store.back_up(&home.clock).expect("it can be copied");
    store.set_setting("tiktok_user", "mira").expect("it takes that");
    (home, store, backup)
}

#[test]
fn a_backup_is_whole_and_listed_while_the_database_goes_on() {
    let (home, store, backup) = home_with_backup();
    let again = store.back_up(&home.clock).expect("within the same second");
    let listed = store.backups().expect("readable");
    assert_eq!(listed.len(), 2, "{listed:?} has both and nothing unfinished");
    for path in [&backup, &again] {
        let found = listed.iter().find(|it| it.path == *path).expect("it is listed");
        assert!(found.size_bytes > 0 && !found.by_itself, "{found:?} was asked for");
    }
    assert_eq!(user(&store).as_deref(), Some("mira"), "the database is as it was");
}

#[test]
fn a_backup_is_taken_in_at_the_next_start_and_what_was_there_is_set_aside() {
    let (home, store, backup) = home_with_backup();
    store.prepare_restore(&backup, &home.clock).expect("it is sound");
    assert_eq!(user(&store).as_deref(), Some("mira"), "until then all goes on");
    drop(store);
    let store = home.store();
    assert_eq!(user(&store).as_deref(), Some("luna.plays"), "the backup took its place");
    let aside = store.backups().expect("readable").into_iter().find(|it| it.by_itself).expect("set aside");
    store.prepare_restore(&aside.path, &home.clock).expect("it is a backup like any other");
    drop(store);
    assert_eq!(user(&home.store()).as_deref(), Some("mira"), "and nothing of it was lost");
}

#[test]
fn a_restore_that_is_killed_between_any_two_steps_is_finished_by_the_next_start() {
    let mut done = 0;
    loop {
        let (home, store, backup) = home_with_backup();
        store.prepare_restore(&backup, &home.clock).expect("it is sound");
        // As a kill leaves it: the log is still beside the database.
        let log = std::fs::read(home.folder.path().join("cuelight.db-wal"));
        drop(store);
        if let Ok(log) = log {
            std::fs::write(home.folder.path().join("cuelight.db-wal"), log).expect("writable");
        }
        if !begin(&home.folder, done) {
            break;
        }
        let store = home.store();
        assert_eq!(user(&store).as_deref(), Some("luna.plays"), "after {done} steps");
        let aside = store.backups().expect("readable").into_iter().find(|it| it.by_itself).expect("set aside");
        store.prepare_restore(&aside.path, &home.clock).expect("what was set aside is whole");
        drop(store);
        assert_eq!(user(&home.store()).as_deref(), Some("mira"), "after {done} steps");
        done += 1;
    }
    assert_eq!(done, 5, "before the first step and after each of the four");
}

#[test]
fn what_is_no_sound_database_of_ours_is_refused_and_nothing_changes() {
    let (home, store, backup) = home_with_backup();
    let place = home.folder.path().join("other.db");
    #[track_caller]
    fn check(store: &Store, home: &Home, place: &Path, expected: &str) {
        let error = store.prepare_restore(place, &home.clock).expect_err(expected);
        assert!(error.to_string().contains(expected), "{error} must say {expected:?}");
        assert!(!home.folder.restore_marker().exists(), "nothing is prepared");
    }
    check(&store, &home, &place, "other.db");
    std::fs::write(&place, "garbage, and more of it than a header has").expect("writable");
    check(&store, &home, &place, "damaged");
    std::fs::remove_file(&place).expect("it is there");
    rusqlite::Connection::open(&place).and_then(|it| it.execute_batch("CREATE TABLE bread (slices)")).expect("made");
    check(&store, &home, &place, "tables of something else");
    let other = rusqlite::Connection::open(&place).expect("it opens");
    other.execute_batch("PRAGMA user_version = 1").expect("written");
    check(&store, &home, &place, "no database of Cuelight");
    other.execute_batch("PRAGMA user_version = 999").expect("written");
    let error = store.prepare_restore(&place, &home.clock).expect_err("newer");
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
    let mut bytes = std::fs::read(&backup).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    std::fs::write(&place, bytes).expect("writable");
    check(&store, &home, &place, "damaged");
    drop(store);
    assert_eq!(user(&home.store()).as_deref(), Some("mira"), "all is as it was");
}

#[test]
fn others_read_the_present_database_until_the_engine_has_restarted() {
    let (home, store, backup) = home_with_backup();
    let lock = EngineLock::take(&home.folder).expect("no engine is running");
    store.prepare_restore(&backup, &home.clock).expect("it is sound");
    let beside = || store::open_beside_engine(&home.folder, &home.clock).expect("it opens").0;
    assert_eq!(user(&beside()).as_deref(), Some("mira"), "the engine still works with it");
    drop((lock, store));
    assert_eq!(user(&beside()).as_deref(), Some("luna.plays"), "whoever comes first afterwards takes it in");
}

#[test]
fn a_copy_that_was_asked_for_is_not_tidied_away_with_those_of_updates() {
    let (home, store, backup) = home_with_backup();
    for number in 0..7 {
        std::fs::write(home.folder.backups().join(format!("cuelight-form-1-{number}.db")), "old").expect("writable");
    }
    crate::store::migrate::drop_oldest(&home.folder.backups()).expect("it can be tidied");
    let left = store.backups().expect("readable");
    assert!(left.iter().any(|it| it.path == backup), "people keep what they made");
    assert_eq!(left.iter().filter(|it| it.by_itself).count(), 5, "and of the others the newest stay");
}
