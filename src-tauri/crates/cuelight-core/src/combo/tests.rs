//! What is told of combos, message by message.

use super::*;
use crate::event::{Body, Event, GiftDetails, Recipient, Stamp};
use crate::id::{GroupId, UserId};
use crate::limits::{COMBO_IDLE_MS, COMBOS};
use crate::timestamp::Timestamp;
use crate::user::User;

/// A roomy time of day to count from.
const NOON_MS: i64 = 1_768_219_200_000;

/// One gift message of a table, and how it is told: `None` = not at all.
struct Row {
    at_ms: i64,
    count: u32,
    end: bool,
    /// `(repeat_count, delta_count, streaking)`
    told: Option<(u32, u32, bool)>,
}

fn step(at_ms: i64, count: u32, told: (u32, u32, bool)) -> Row {
    Row { at_ms, count, end: false, told: Some(told) }
}

fn end(at_ms: i64, count: u32, told: (u32, u32, bool)) -> Row {
    Row { at_ms, count, end: true, told: Some(told) }
}

fn dropped(row: Row) -> Row {
    Row { told: None, ..row }
}

fn gift(group: Option<&str>, count: u32, end: bool) -> Gift {
    Gift {
        user: User { user_id: UserId::new("1001"), ..User::default() },
        gift: GiftDetails {
            id: 5655,
            diamond_count: Some(3),
            streakable: true,
            gift_type: Some(1),
            ..GiftDetails::default()
        },
        repeat_count: count,
        streaking: !end,
        group_id: group.map(GroupId::new),
        ..Gift::default()
    }
}

/// One message as a session would tell it: the event, if there is one.
fn say(tracker: &mut ComboTracker, mut gift: Gift, created_ms: i64, now_ms: i64, out: &mut Vec<Event>) -> Verdict {
    let created = Timestamp::from_ms(NOON_MS + created_ms);
    let verdict = tracker.accept(&mut gift, created, now_ms, out);
    if verdict == Verdict::Told {
        out.push(Event::own(Body::Gift(Box::new(gift)), created));
    }
    verdict
}

fn counts(event: &Event) -> (u32, u32, bool) {
    match &event.body {
        Body::Gift(gift) => (gift.repeat_count, gift.delta_count.expect("always set"), gift.streaking),
        other => panic!("combos tell gifts only, not {other:?}"),
    }
}

fn check(group: Option<&str>, rows: &[Row]) -> ComboTracker {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    for (line, row) in rows.iter().enumerate() {
        let mut out = Vec::new();
        tracker.tick(NOON_MS + row.at_ms, &mut Vec::new());
        let verdict = say(&mut tracker, gift(group, row.count, row.end), row.at_ms, NOON_MS + row.at_ms, &mut out);
        let expected_verdict = if row.told.is_some() { Verdict::Told } else { Verdict::Repeated };
        assert_eq!(verdict, expected_verdict, "row {line}: a repetition is counted, everything else told");
        assert_eq!(
            out.iter().map(counts).collect::<Vec<_>>(),
            Vec::from_iter(row.told),
            "row {line}: count, delta, streaking"
        );
    }
    tracker
}

#[test]
fn a_combo_that_grows_is_told_by_what_each_step_adds() {
    check(Some("9"), &[step(0, 1, (1, 1, true)), step(400, 3, (3, 2, true)), end(900, 3, (3, 0, false))]);
}

#[test]
fn counts_out_of_order_never_go_down() {
    let told = [13, 15, 15, 17, 17, 18];
    let mut before = 0;
    let rows: Vec<Row> = [13, 15, 14, 17, 16, 18]
        .into_iter()
        .zip(told)
        .map(|(count, seen)| step(0, count, (seen, seen - std::mem::replace(&mut before, seen), true)))
        .collect();
    check(Some("9"), &rows);
}

#[test]
fn a_repeated_end_is_not_another_gift() {
    for group in [Some("9"), None] {
        check(group, &[step(0, 1, (1, 1, true)), end(5, 2, (2, 1, false)), dropped(end(8, 2, (2, 0, false)))]);
    }
}

#[test]
fn after_the_end_only_a_higher_count_is_told() {
    check(
        Some("9"),
        &[
            end(0, 5, (5, 5, false)),
            dropped(step(1, 4, (5, 0, true))),
            step(2, 7, (7, 2, false)),
            dropped(end(60_000, 6, (7, 0, false))),
            end(61_000, 8, (8, 1, false)),
        ],
    );
}

#[test]
fn without_a_combo_number_the_next_combo_of_the_same_gift_is_paid_too() {
    check(
        None,
        &[
            step(0, 1, (1, 1, true)),
            end(500, 1, (1, 0, false)),
            // The viewer taps again at once.
            step(900, 1, (1, 1, true)),
            end(1_400, 1, (1, 0, false)),
            // This time the first message got lost.
            end(9_000, 1, (1, 1, false)),
            // And now the first of several.
            step(20_000, 3, (3, 3, true)),
            end(20_500, 3, (3, 0, false)),
            end(21_500, 2, (2, 2, false)),
        ],
    );
}

#[test]
fn without_a_combo_number_what_is_older_than_the_end_is_a_part_of_it() {
    let mut tracker = check(None, &[step(0, 17, (17, 17, true)), end(1_000, 18, (18, 1, false))]);
    let mut out = Vec::new();
    let verdict = say(&mut tracker, gift(None, 16, false), 500, NOON_MS + 1_200, &mut out);
    assert_eq!((verdict, out.len()), (Verdict::Repeated, 0), "a step that was overtaken by its end is no new combo");
}

#[test]
fn without_a_combo_number_our_own_recordings_hold_no_repeated_ends() {
    let mut tracker = check(None, &[end(0, 1, (1, 1, false))]);
    let mut recorded = gift(None, 1, true);
    recorded.delta_count = Some(0);
    let verdict = say(&mut tracker, recorded, 900, NOON_MS + 900, &mut Vec::new());
    assert_eq!(verdict, Verdict::Told, "a file of ends only must give all of its gifts");
}

#[test]
fn a_silent_combo_ends_by_itself_and_a_late_step_corrects_it() {
    let mut tracker = check(Some("9"), &[step(0, 1, (1, 1, true)), step(2_000, 4, (4, 3, true))]);
    let due_ms = NOON_MS + 2_000 + COMBO_IDLE_MS;
    let mut out = Vec::new();
    tracker.tick(due_ms - 1, &mut out);
    assert!(out.is_empty(), "it was not silent for long enough");
    assert_eq!(tracker.next_wake_ms(), Some(due_ms), "the shell must know when to come back");
    tracker.tick(due_ms + 300, &mut out);
    let told = out.pop().expect("the end");
    assert_eq!(counts(&told), (4, 0, false), "the highest count, nothing added");
    assert_eq!(
        told.stamp,
        Stamp { timestamp: Timestamp::from_ms(due_ms), ..Stamp::default() },
        "no message is behind it"
    );
    let Body::Gift(told) = told.body else { panic!("a gift") };
    assert!(told.inferred_end, "and it says so");
    assert_eq!(
        (told.total_diamonds, told.delta_diamonds),
        (Some(12), Some(0)),
        "3 diamonds each, all of them told before"
    );

    let mut out = Vec::new();
    let late = due_ms + 60_000;
    assert_eq!(say(&mut tracker, gift(Some("9"), 5, false), 3_000, late, &mut out), Verdict::Told);
    assert_eq!(counts(&out[0]), (5, 1, false), "a correction is final at once");
    assert_eq!(say(&mut tracker, gift(Some("9"), 5, true), 3_500, late, &mut out), Verdict::Repeated);
}

#[test]
fn ends_are_told_in_the_order_in_which_they_were_due_however_late_the_tick() {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    for (group, at_ms) in [("1", 0), ("2", 1_000), ("1", 2_000)] {
        let verdict = say(&mut tracker, gift(Some(group), 1, false), at_ms, NOON_MS + at_ms, &mut Vec::new());
        assert_eq!(verdict, Verdict::Told);
    }
    let mut out = Vec::new();
    tracker.tick(NOON_MS + 60_000, &mut out);
    let ended: Vec<i64> = out.iter().map(|told| told.stamp.timestamp.as_ms() - NOON_MS - COMBO_IDLE_MS).collect();
    assert_eq!(ended, [1_000, 2_000], "a replay that looks rarely must tell the same story");
}

#[test]
fn a_gift_that_is_no_combo_is_told_each_time() {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    let mut out = Vec::new();
    for _ in 0..2 {
        let mut single = gift(None, 4, false);
        single.gift.streakable = false;
        assert_eq!(say(&mut tracker, single, 0, NOON_MS, &mut out), Verdict::Told);
    }
    assert_eq!(out.iter().map(counts).collect::<Vec<_>>(), [(4, 4, false), (4, 4, false)], "both were paid");
    assert_eq!(tracker.next_wake_ms(), None, "nothing is left to wait for");
}

#[test]
fn one_viewers_combos_interleave_by_number_gift_and_recipient() {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    let mut to_guest = gift(Some("9"), 2, false);
    to_guest.to_user = Some(Recipient { user_id: UserId::new("2002"), ..Recipient::default() });
    let mut other_gift = gift(Some("9"), 3, false);
    other_gift.gift.id = 1;
    let mut out = Vec::new();
    for gift in [gift(Some("9"), 1, false), gift(Some("10"), 4, false), to_guest, other_gift] {
        assert_eq!(say(&mut tracker, gift, 0, NOON_MS, &mut out), Verdict::Told);
    }
    assert!(out.iter().all(|told| counts(told).0 == counts(told).1), "four combos, each new");
    assert_eq!(tracker.changed().len(), 4, "and each stored by itself");
}

#[test]
fn ended_combos_are_forgotten_in_time_and_the_store_is_told() {
    let mut tracker = check(Some("9"), &[end(0, 1, (1, 1, false))]);
    assert_eq!(tracker.changed().len(), 1, "handed out to be stored");
    tracker.tick(NOON_MS + COMBO_MEMORY_MS - 1, &mut Vec::new());
    assert_eq!(tracker.changed(), [], "still remembered");
    tracker.tick(NOON_MS + COMBO_MEMORY_MS, &mut Vec::new());
    let changed = tracker.changed();
    assert!(matches!(&changed[..], [(_, None)]), "to be deleted: {changed:?}");
    assert_eq!(tracker.next_wake_ms(), None, "nothing is left to wait for");
}

#[test]
fn a_combo_that_was_never_stored_leaves_nothing_to_delete() {
    let mut tracker = check(Some("9"), &[end(0, 1, (1, 1, false))]);
    tracker.tick(NOON_MS + COMBO_MEMORY_MS, &mut Vec::new());
    assert_eq!(tracker.changed(), [], "a caller without a store must not make this grow");
}

#[test]
fn a_clock_that_is_set_back_does_not_keep_combos_open() {
    let mut tracker = check(Some("9"), &[step(0, 2, (2, 2, true))]);
    let hour_ago = NOON_MS - 3_600_000;
    let mut out = Vec::new();
    tracker.tick(hour_ago, &mut out);
    assert_eq!(tracker.next_wake_ms(), Some(hour_ago + COMBO_IDLE_MS), "the wait is counted by the new time");
    tracker.tick(hour_ago + COMBO_IDLE_MS, &mut out);
    assert_eq!(out.len(), 1, "so the end comes in seconds, not in an hour");
}

#[test]
fn beyond_the_bound_the_oldest_ended_combos_go_and_open_ones_stay() {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    let mut out = Vec::new();
    let mut accept = |tracker: &mut ComboTracker, number: usize, end| {
        let mut gift = gift(Some(&number.to_string()), 1, end);
        gift.user.user_id = UserId::new(number.to_string());
        let _told = say(tracker, gift, 0, NOON_MS + (number / 100) as i64, &mut out);
    };
    accept(&mut tracker, 0, false);
    for number in 1..=COMBOS {
        accept(&mut tracker, number, true);
    }
    assert_eq!(out.len(), COMBOS + 1, "no end was inferred: there was room enough among the ended ones");
    let remembered = tracker.changed();
    assert!(remembered.len() <= COMBOS, "the bound holds");
    let groups = |(key, _): &(ComboKey, Option<Combo>)| key.group_id.as_ref().and_then(GroupId::to_number);
    let remembered: Vec<u64> = remembered.iter().filter_map(groups).collect();
    assert!(remembered.contains(&0), "the open one is still followed");
    assert!(remembered.contains(&(COMBOS as u64)) && !remembered.contains(&1), "the oldest went");
}

#[test]
fn when_all_are_open_the_stalest_are_ended_before_they_go() {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    let mut out = Vec::new();
    for number in 0..=COMBOS {
        let gift = gift(Some(&number.to_string()), 1, false);
        let _told = say(&mut tracker, gift, 0, NOON_MS + (number / 100) as i64, &mut out);
    }
    let ended = out.iter().filter(|told| !counts(told).2).count();
    assert!(ended > 0 && tracker.changed().len() + ended == COMBOS + 1, "who is let go of is told first");
}

#[test]
fn keys_lead_back_from_their_text_whatever_the_ids_hold() {
    for (user, group, recipient) in
        [("1001", Some("9"), None), ("a\"b/é", None, Some("\n2002")), ("", Some(""), Some(""))]
    {
        let key = ComboKey {
            user_id: UserId::new(user),
            gift_id: -5655,
            group_id: group.map(GroupId::new),
            recipient_id: recipient.map(UserId::new),
        };
        assert_eq!(key.to_string().parse::<ComboKey>().expect("own text"), key, "a table's key must be exact");
    }
    let error = "none".parse::<ComboKey>().expect_err("no key").to_string();
    assert!(error.starts_with("could not read combo key \"none\": "), "{error}");
}

#[test]
fn an_inferred_end_that_our_own_recording_repeats_is_not_another_gift() {
    let mut tracker = ComboTracker::new(COMBO_IDLE_MS);
    let mut told = Vec::new();
    let first = say(&mut tracker, gift(None, 5, false), 0, NOON_MS, &mut told);
    assert_eq!(first, Verdict::Told, "a step is told");
    tracker.tick(NOON_MS + COMBO_IDLE_MS, &mut told);
    let recorded = Gift { inferred_end: true, delta_count: Some(0), ..gift(None, 5, true) };
    let verdict = say(&mut tracker, recorded, COMBO_IDLE_MS, NOON_MS + COMBO_IDLE_MS, &mut told);
    assert_eq!(verdict, Verdict::Repeated, "it was inferred once already, by us");
    let given: u32 = told.iter().map(|event| counts(event).1).sum();
    assert_eq!(given, 5, "five were given, not ten");
}
