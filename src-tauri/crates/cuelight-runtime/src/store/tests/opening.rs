//! Making, updating, refusing and moving aside.

use std::fs;
use std::path::{Path, PathBuf};

use cuelight_core::id::SessionId;
use cuelight_core::reason::Reason;
use rusqlite::Connection;
use rusqlite_migration::M;

use super::{Home, LUNA, NOON_MS, comments, commit, numbers, reader};
use crate::locks::EngineLock;
use crate::store::{StoreError, connection, migrate, open, open_beside_engine};

/// A database of form 1 as the app that brought that form left it.
const FORM_1: &str = include_str!("form-1.sql");

/// A home whose database holds one session of 4 000 comments, more than 2 MB.
fn lived_in() -> Home {
    let home = Home::new();
    let (_, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    commit(&mut journal, session, &comments(1, 4_000));
    home
}

fn tables(connection: &Connection) -> Vec<(String, String)> {
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .expect("SQL");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("readable");
    rows.map(|row| row.expect("two texts")).collect()
}

fn backups(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.folder.backups()).expect("there are backups");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

#[test]
fn a_new_database_knows_the_gifts_that_the_app_brings_along() {
    let home = Home::new();
    let gifts = reader(&home.store()).gifts().expect("readable");
    assert!(gifts.len() > 1_000, "only {} gifts were put in", gifts.len());
    let rose = gifts.iter().find(|gift| gift.id == 5655).expect("the best known gift");
    assert_eq!((rose.name.as_deref(), rose.diamond_count), (Some("Rose"), Some(1)), "with name and price");
}

#[test]
fn a_database_of_form_1_opens_with_all_it_held() {
    let home = Home::new();
    Connection::open(home.folder.database()).expect("a file").execute_batch(FORM_1).expect("SQL of form 1");
    let store = home.store();
    let reader = reader(&store);
    let session = reader.session(SessionId(7)).expect("readable").expect("it was in there");
    assert_eq!((session.name.as_deref(), session.totals.gift_units), (Some("first night"), 3), "the session is whole");
    assert_eq!(numbers(&reader, SessionId(7)), [1, 2], "so are its events");
    assert_eq!(
        reader.settings().expect("readable").connection.tiktok_user.as_deref(),
        Some("luna.plays"),
        "and the settings"
    );
    assert!(reader.gifts().expect("readable").len() > 1_000, "and newer gifts were put in");
    let rose = reader.gifts().expect("readable").into_iter().find(|gift| gift.id == 5655).expect("it was in there");
    assert_eq!(*rose.names, ["Rosa", "Rose"], "a gift has the names of the catalogue and of the events");
    assert_eq!(reader.gifts_received().expect("readable"), [(5655, 3)].into(), "and what was received is added up");
    assert_eq!(reader.rules().expect("readable"), [], "it has a place for rules now");
    assert_eq!(reader.decisions(SessionId(7)).expect("readable"), [], "and for decisions, of which there were none");
}

#[test]
fn the_first_step_still_makes_what_it_made_when_it_was_released() {
    let released = Connection::open_in_memory().expect("memory");
    released.execute_batch(FORM_1).expect("SQL of form 1");
    let mut made = Connection::open_in_memory().expect("memory");
    rusqlite_migration::Migrations::from_slice(&migrate::STEPS[..1]).to_latest(&mut made).expect("the first step");
    assert_eq!(tables(&made), tables(&released), "a released step is history: add a new one instead");
}

#[test]
fn an_older_database_is_copied_aside_before_its_form_changes() {
    let home = lived_in();
    let mut connection = connection::open_existing(&home.folder.database()).expect("it is there");
    let steps = [migrate::STEPS, &[M::up("DROP TABLE event")]].concat();
    migrate::bring_up_to_date(&mut connection, &steps, &home.folder, &home.clock).expect("a step that works");
    assert_eq!(migrate::form(&connection).expect("readable"), steps.len() as i64, "the step was taken");
    let [copy] = backups(&home).try_into().expect("one step, one copy");
    let copy = Connection::open(copy).expect("the copy is a database");
    let events: i64 = copy.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).expect("of the older form");
    assert_eq!(events, 4_000, "what the step destroyed is in the copy");
}

#[test]
fn a_step_that_fails_leaves_the_older_database_as_it_was() {
    let home = lived_in();
    let mut connection = connection::open_existing(&home.folder.database()).expect("it is there");
    let steps = [migrate::STEPS, &[M::up("DROP TABLE combo; SELECT nonsense FROM nowhere;")]].concat();
    migrate::bring_up_to_date(&mut connection, &steps, &home.folder, &home.clock).expect_err("it cannot work");
    drop(connection);
    assert_eq!(numbers(&reader(&home.store()), SessionId(1)).len(), 4_000, "the form of before still opens");
}

#[test]
fn only_the_newest_five_copies_stay() {
    let home = Home::new();
    drop(home.store());
    let mut steps = migrate::STEPS.to_vec();
    for day in 0..7 {
        home.clock.set_ms(NOON_MS + day * 86_400_000);
        steps.push(M::up("CREATE TABLE passing (x); DROP TABLE passing;"));
        let mut connection = connection::open_existing(&home.folder.database()).expect("it is there");
        migrate::bring_up_to_date(&mut connection, &steps, &home.folder, &home.clock).expect("a step that works");
    }
    let copies = backups(&home);
    let names: Vec<_> = copies.iter().map(|path| path.file_name().expect("a file").to_string_lossy()).collect();
    assert_eq!(names.len(), 5, "{names:?}: old copies would fill the disk");
    let went = names.iter().all(|name| !name.contains("20260112") && !name.contains("20260113"));
    assert!(went, "{names:?}: the two oldest went");
}

#[test]
fn a_newer_database_is_refused_in_a_sentence_and_left_alone() {
    let home = lived_in();
    let later = Connection::open(home.folder.database()).expect("a database");
    later.execute_batch("PRAGMA user_version = 99; DROP TABLE combo;").expect("from the future");
    drop(later);
    let before = fs::read(home.folder.database()).expect("readable");
    let lock = EngineLock::take(&home.folder).expect("no engine is running");
    let error = open(&home.folder, &home.clock, &lock).expect_err("nobody knows what it means");
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error} must say that it is newer");
    assert!(error.to_string().contains("newer Cuelight"), "{error}");
    let after = fs::read(home.folder.database()).expect("still there");
    assert!(after == before, "not a byte was changed");
}

/// Damages the database of a lived-in home, opens it, and checks that the story is told and nothing lost.
fn check_moved_aside(what: &str, damage: impl FnOnce(&Path)) {
    let home = lived_in();
    damage(&home.folder.database());
    let damaged = fs::read(home.folder.database()).expect("readable");

    let (store, story) = home.open();

    let [Reason::DatabaseDamaged { moved_to, .. }] = story.as_slice() else {
        panic!("{what}: the story must be told once, not {story:?}")
    };
    assert!(moved_to.ends_with("cuelight.damaged-20260112T120000Z.db"), "{what}: {moved_to} names the moment");
    let kept = fs::read(moved_to).expect("it is there");
    assert!(kept == damaged, "{what}: what could still be saved was changed");
    let mut journal = store.journal().expect("the new one can be written");
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    commit(&mut journal, session, &comments(1, 10));
    assert_eq!(numbers(&reader(&store), session).len(), 10, "{what}: the new one works");
}

fn overwrite(path: &Path, from: usize, bytes: usize) {
    let mut content = fs::read(path).expect("readable");
    content[from..from + bytes].fill(0xA5);
    fs::write(path, content).expect("writable");
}

#[test]
fn a_damaged_database_is_moved_aside_whole_and_the_story_told() {
    check_moved_aside("header overwritten", |path| overwrite(path, 0, 100));
    check_moved_aside("first page lost", |path| overwrite(path, 100, 3_900));
    check_moved_aside("a tenth of the middle overwritten", |path| {
        let size = fs::metadata(path).expect("there").len() as usize;
        overwrite(path, size / 2, size / 10);
    });
    check_moved_aside("second half cut off", |path| {
        let content = fs::read(path).expect("readable");
        fs::write(path, &content[..content.len() / 2]).expect("writable");
    });
    check_moved_aside("a text in its place", |path| fs::write(path, "dear diary, ".repeat(100)).expect("writable"));
    check_moved_aside("another program's database", |path| {
        fs::remove_file(path).expect("there");
        Connection::open(path).expect("a file").execute_batch("CREATE TABLE song (title)").expect("SQL");
    });
    check_moved_aside("tables missing", |path| {
        Connection::open(path).expect("a database").execute_batch("DROP TABLE event").expect("SQL");
    });
}

#[test]
fn the_log_of_a_damaged_database_goes_with_it() {
    let (home, crashed) = (lived_in(), Home::new());
    let (_store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS + 1).expect("it goes on").session;
    commit(&mut journal, session, &comments(4_001, 50));
    fs::copy(home.folder.database(), crashed.folder.database()).expect("copied");
    fs::copy(home.log(), crashed.log()).expect("a running journal has a log");
    let size = fs::metadata(crashed.folder.database()).expect("there").len() as usize;
    overwrite(&crashed.folder.database(), size / 2, size / 10);
    let log = fs::read(crashed.log()).expect("readable");

    let (store, story) = crashed.open();

    let [Reason::DatabaseDamaged { moved_to, .. }] = story.as_slice() else { panic!("told once, not {story:?}") };
    let kept = fs::read(format!("{moved_to}-wal")).expect("it was moved too");
    assert!(kept == log, "it may hold the newest events");
    let sessions = reader(&store).sessions().expect("readable");
    assert_eq!(sessions, [], "and was not taken for the log of the new one");
}

#[test]
fn a_damaged_database_is_not_moved_away_under_a_running_engine() {
    let home = lived_in();
    overwrite(&home.folder.database(), 0, 100);
    let engine = EngineLock::take(&home.folder).expect("nobody has it");
    let error = open_beside_engine(&home.folder, &home.clock).expect_err("it cannot be used as it is");
    assert!(matches!(error, StoreError::Locked(_)), "{error} must say that an engine is running");
    drop(engine);
    let (_, story) = open_beside_engine(&home.folder, &home.clock).expect("now it may be replaced");
    assert!(matches!(story.as_slice(), [Reason::DatabaseDamaged { .. }]), "{story:?}");
}

#[test]
fn a_sound_database_is_read_beside_a_running_engine() {
    let home = lived_in();
    let _engine = EngineLock::take(&home.folder).expect("nobody has it");
    let (store, story) = open_beside_engine(&home.folder, &home.clock).expect("reading needs no lock");
    assert_eq!((reader(&store).sessions().expect("readable").len(), story.len()), (1, 0), "and nothing is changed");
}

#[test]
fn a_folder_in_the_place_of_the_database_is_refused_and_not_moved() {
    let home = Home::new();
    fs::create_dir(home.folder.database()).expect("it can be made");
    let lock = EngineLock::take(&home.folder).expect("no engine is running");
    let error = open(&home.folder, &home.clock, &lock).expect_err("a folder is no database");
    assert!(error.to_string().contains("cuelight.db"), "{error} must name it");
    assert!(home.folder.database().is_dir(), "it is somebody's folder");
}

#[test]
fn the_full_check_finds_what_the_glance_does_not_read() {
    let home = lived_in();
    assert_eq!(
        reader(&home.store()).check_fully().expect("readable"),
        Vec::<String>::new(),
        "a sound one has no faults"
    );
    let place = home.folder.database();
    let content = fs::read(&place).expect("readable");
    // The header says how large a page is (SQLite's file format, bytes 16 and 17).
    let page_bytes = usize::from(u16::from_be_bytes([content[16], content[17]]));
    let page = content.windows(4).rposition(|it| it == "Hola".as_bytes()).expect("there are comments") / page_bytes;
    // One page of many: the kind of harm that only reading everything can meet for sure.
    overwrite(&place, page * page_bytes, 8);
    let reader = crate::store::Reader::open(&place).expect("the header is fine");
    assert!(!reader.check_fully().map_or(vec![String::new()], |findings| findings).is_empty(), "a page is broken");
}
