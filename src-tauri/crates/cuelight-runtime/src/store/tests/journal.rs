//! What a commit promises, on a full disk as well.

use std::fs;

use cuelight_core::event::EventType;
use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::id::{SessionId, UserId};
use cuelight_core::limits::FAULTS;
use cuelight_core::reason::Reason;
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::{KnownRoles, ViewerFacts};

use super::{Arrival, Home, LUNA, NOON_MS, comments, commit, numbers, plain, reader, viewer_sums};
use crate::store::{ComboChange, Commit, EventRow, Fault, SessionStart, Shed, StoreError, ViewerFlush, gifts};

#[test]
fn a_commit_is_read_back_as_it_was_written() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let arrivals = comments(1, 3);
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let mut totals = SessionTotals::default();
    arrivals.iter().for_each(|arrival| totals.add(&arrival.event));
    let fault = Fault {
        received_ms: NOON_MS + 5,
        reason: Reason::MessageBroken { method: "WebcastChatMessage".to_owned() },
        raw: vec![1, 2, 3],
    };
    let shed =
        Shed { at_ms: NOON_MS + 9, reason: Reason::Shed { joins: 3, likes: 2, viewer_counts: 1, late_ms: 2_400 } };
    journal
        .commit(&Commit {
            faults: std::slice::from_ref(&fault),
            sheds: std::slice::from_ref(&shed),
            ..plain(session, &rows, &totals)
        })
        .expect("there is room");

    let reader = reader(&store);
    let events = reader.events_after(session, 1, 10).expect("readable");
    assert_eq!(events.iter().map(|event| event.number).collect::<Vec<_>>(), [2, 3], "events after number 1, in order");
    assert_eq!(events[0].to_event().expect("our own JSON"), arrivals[1].event, "an event comes back whole");
    assert_eq!((events[0].received_ms, events[0].counted), (arrivals[1].received_ms, true), "with its stamps");
    let stored = reader.session(session).expect("readable").expect("it began");
    assert_eq!((stored.totals, stored.last_number), (totals, 3), "the session's sums are of the same commit");
    assert_eq!(reader.faults(10).expect("readable")[0].fault, fault, "a fault is kept with its bytes");
    assert_eq!(reader.sheds(session).expect("readable"), [shed], "what was shed is told");
}

#[test]
fn a_crash_before_the_commit_leaves_nothing_of_it() {
    let (home, crashed) = (Home::new(), Home::new());
    let (_store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    commit(&mut journal, session, &comments(1, 5));
    let arrivals = comments(6, 3_000);
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let totals = SessionTotals::default();
    journal
        .transact("write to", |transaction| {
            crate::store::commit::write(transaction, &plain(session, &rows, &totals), &home.folder.database())?;
            // What a crash at this instant leaves: more rows than the cache holds, so some are in the log already.
            for file in ["cuelight.db", "cuelight.db-wal"] {
                fs::copy(home.folder.path().join(file), crashed.folder.path().join(file)).expect("copied");
            }
            Ok(())
        })
        .expect("this one survives");
    let survivor = crashed.store();
    assert_eq!(numbers(&reader(&survivor), session), [1, 2, 3, 4, 5], "only what was committed is there, once");
    assert_eq!(reader(&survivor).check_fully().expect("readable"), Vec::<String>::new(), "and the file is sound");
}

#[test]
fn a_full_disk_takes_nothing_of_a_commit_and_all_of_it_when_there_is_room_again() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    commit(&mut journal, session, &comments(1, 5));
    let pages: i64 =
        journal.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("every database has pages");
    let limit_pages = |journal: &crate::store::Journal, pages: i64| {
        journal
            .connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .expect("it may be set");
    };
    limit_pages(&journal, pages + 20);
    let arrivals = comments(6, 1_000);
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let totals = SessionTotals { journaled: 1_005, ..SessionTotals::default() };
    let change = ComboChange { key: "a combo", state: Some("{}") };
    let batch = Commit { combos: &[change], ..plain(session, &rows, &totals) };

    let error = journal.commit(&batch).expect_err("there is no room");
    assert!(error.is_disk_full(), "{error} must say that the disk is full");
    assert_eq!(numbers(&reader(&store), session), [1, 2, 3, 4, 5], "nothing half-written stays");
    let stored = reader(&store).session(session).expect("readable").expect("it began");
    assert_eq!(stored.totals.journaled, 5, "sums belong to the events that are there");

    limit_pages(&journal, 1_000_000);
    journal.commit(&batch).expect("now there is room");
    assert_eq!(numbers(&reader(&store), session).len(), 1_005, "the same batch goes in, once");
}

#[test]
fn a_folder_that_vanished_is_told_and_not_written_to() {
    let home = Home::new();
    let (_store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let away = home.folder.path().with_extension("away");
    fs::rename(home.folder.path(), &away).expect("the disk goes");
    let totals = SessionTotals::default();
    let error = journal.commit(&plain(session, &[], &totals)).expect_err("who would ever find it there");
    assert!(error.is_disk_full(), "{error}: the batch must be kept until the disk is back");
    fs::rename(&away, home.folder.path()).expect("the disk comes back");
    journal.commit(&plain(session, &[], &totals)).expect("and all goes on");
}

#[test]
fn a_commit_to_a_session_that_was_deleted_says_so() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let totals = SessionTotals::default();
    let arrivals = comments(1, 1);
    let rows = [arrivals[0].row()];
    let error = journal.commit(&plain(SessionId(9), &rows, &totals)).expect_err("there is no session 9");
    assert!(matches!(error, StoreError::NoSession(SessionId(9))), "{error}");
    assert_eq!(numbers(&reader(&store), SessionId(9)), [0; 0], "events without a session would be found by nobody");
}

#[test]
fn an_event_number_is_never_written_twice() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    commit(&mut journal, session, &comments(1, 3));
    let arrivals = comments(3, 2);
    let rows: Vec<EventRow<'_>> = arrivals.iter().map(Arrival::row).collect();
    let error = journal.commit(&plain(session, &rows, &SessionTotals::default())).expect_err("3 is taken");
    assert!(!error.is_disk_full(), "{error}: trying again would not help");
    assert_eq!(numbers(&reader(&store), session), [1, 2, 3], "and nothing of that commit is there");
}

#[test]
fn of_all_faults_the_newest_are_kept() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let reason = Reason::FrameBroken { error: "no gzip".to_owned() };
    let newest = Fault { received_ms: 0, reason, raw: vec![7] };
    let mut faults = vec![Fault { raw: Vec::new(), ..newest.clone() }; FAULTS + 4];
    faults.push(newest);
    let totals = SessionTotals::default();
    journal.commit(&Commit { faults: &faults, ..plain(session, &[], &totals) }).expect("there is room");
    let kept = reader(&store).faults(u32::MAX).expect("readable");
    assert_eq!(kept.len(), FAULTS, "a broken source must not fill the disk");
    assert_eq!(kept[0].fault.raw, [7], "the newest is there");
}

fn facts(user_id: &str, gift_units: u64, comments: u64) -> ViewerFacts {
    ViewerFacts {
        user_id: UserId::new(user_id),
        unique_id: user_id.into(),
        nickname: "Mira".into(),
        first_seen_ms: NOON_MS + 1,
        last_seen_ms: NOON_MS + 2,
        gift_units,
        diamonds: gift_units * 5,
        comments,
        likes: 3,
        roles: KnownRoles { is_subscriber: Some(gift_units > 0), ..KnownRoles::default() },
    }
}

#[test]
fn flushing_viewers_twice_counts_nothing_twice() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let totals = SessionTotals::default();
    let mut flush = |session, facts: &[ViewerFacts]| {
        let viewers = Some(ViewerFlush { through_number: 1, facts });
        journal.commit(&Commit { viewers, ..plain(session, &[], &totals) }).expect("there is room");
    };
    let sums = || viewer_sums(&home, "mira").expect("she was there");
    let mut sessions = store.journal().expect("for the sessions");
    let first = sessions.open_session(&LUNA, NOON_MS).expect("it begins").session;
    flush(first, &[facts("mira", 2, 1)]);
    flush(first, &[facts("mira", 3, 1)]);
    flush(first, &[facts("mira", 3, 1)]);
    assert_eq!(sums(), (3, 15, 1, 3), "a flush states the sums of the session, it does not add them");

    sessions.end_session(first, NOON_MS).expect("it ends");
    let second = sessions.open_session(&LUNA, NOON_MS + 60_000).expect("it begins").session;
    flush(second, &[facts("mira", 1, 0)]);
    flush(second, &[facts("mira", 4, 2)]);
    assert_eq!(sums(), (7, 35, 3, 6), "all time is the earlier sessions and the newest statement of this one");
}

#[test]
fn what_messages_say_of_a_gift_wins_over_what_the_app_brings_along() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let totals = SessionTotals::default();
    let learned = [
        KnownGift { id: 5655, name: Some("Rosa".into()), ..KnownGift::default() },
        KnownGift { id: 999_999, name: Some("New one".into()), diamond_count: Some(7), ..KnownGift::default() },
    ];
    journal.commit(&Commit { gifts: &learned, ..plain(session, &[], &totals) }).expect("there is room");
    // A newer app brings its catalogue again.
    journal.connection.execute_batch("DELETE FROM seed; UPDATE gift SET name = 'stale' WHERE id = 5269;").expect("SQL");
    gifts::top_up(&mut journal.connection).expect("there is room");

    let gifts = reader(&store).gifts().expect("readable");
    let find = |id| gifts.iter().find(|gift| gift.id == id).expect("it is known");
    assert_eq!(find(5655).name.as_deref(), Some("Rosa"), "the message spoke the language of the room");
    assert_eq!(find(5655).diamond_count, Some(1), "what it left out stayed");
    assert_eq!(find(999_999).diamond_count, Some(7), "a gift unknown to the app is kept");
    assert_eq!(find(5269).name.as_deref(), Some("TikTok"), "of the others the newer catalogue knows better");
    assert_eq!(*find(5655).names, ["Rosa", "Rose"], "both names are remembered");
}

#[test]
fn what_was_received_is_added_up_over_the_lives_of_the_last_creator() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    let totals = SessionTotals::default();
    let rehearsed = SessionStart { source: "simulator:busy", ..LUNA };
    let of_another = SessionStart { creator: "noor", room_id: "9", ..LUNA };
    let mut received = |start: &SessionStart<'_>, received: &[(i64, u64)]| {
        let session = journal.begin_session(start, NOON_MS).expect("it begins").session;
        for _ in 0..2 {
            journal.commit(&Commit { received, ..plain(session, &[], &totals) }).expect("there is room");
        }
        session
    };
    received(&of_another, &[(5655, 100)]);
    let first = received(&LUNA, &[(5655, 3), (6064, 1)]);
    received(&SessionStart { source: "tikfinity", room_id: "tikfinity", ..LUNA }, &[(5655, 4)]);
    received(&rehearsed, &[(5655, 1_000)]);
    let told = || reader(&store).gifts_received().expect("readable");
    assert_eq!(told(), [(5655, 14), (6064, 2)].into(), "every commit adds, and what was rehearsed was given to nobody");
    journal.delete_session(first).expect("there is room");
    assert_eq!(told(), [(5655, 8)].into(), "a session that was deleted is forgotten here too");
}

#[test]
fn a_gift_list_is_asked_for_once_a_day_and_room() {
    let home = Home::new();
    let (store, _journal) = home.journal();
    let asks = [("71", 20_000), ("71", 20_000), ("72", 20_000), ("71", 20_001), ("71", 20_001), ("72", 20_001)];
    let answers = asks.map(|(room, day)| store.note_gift_list_asked(room, day).expect("there is room"));
    assert_eq!(answers, [true, false, true, true, false, true], "each room once on each day");
}

#[test]
fn the_log_is_moved_into_the_database_while_the_journal_is_open() {
    let home = Home::new();
    let (store, mut journal) = home.journal();
    // Another connection stays open, so that closing the journal alone does not move the log.
    let _reader = reader(&store);
    let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
    let before = fs::metadata(home.folder.database()).expect("there").len();
    commit(&mut journal, session, &comments(1, 1_000));
    journal.tidy_log();
    drop(journal);
    let after = fs::metadata(home.folder.database()).expect("there").len();
    assert!(after > before + 300_000, "{before} -> {after} bytes: the log would grow for ever");
    assert_eq!(count(&store, session), 1_000, "and everything is still there");
}

fn count(store: &crate::store::Store, session: SessionId) -> u64 {
    super::count_of(&reader(store), session, EventType::Comment)
}
