//! What each scenario promises, checked through the reader and the session that real lives go through.

use std::collections::{BTreeMap, BTreeSet};

use cuelight_core::event::{Body, Event, EventType};
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::session::{SessionOptions, SessionState};

use super::rates::MINUTE_MS;
use super::witness::Witness;
use super::*;

const START_MS: i64 = RECORDING_START_MS;

fn simulation(scenario: Scenario, seed: u64) -> Simulation {
    Simulation::new(scenario, seed, START_MS, ROOM_ID)
}

/// Events and faults of the first `minutes` of a live, each message read for itself, with the time of their frame.
fn watch(scenario: Scenario, seed: u64, minutes: i64) -> (Vec<(i64, Event)>, usize, SimulatedTotals) {
    let mut simulation = simulation(scenario, seed);
    let mut witness = Witness::new(STREAMER, ROOM_ID);
    let mut batch = witness.enter(START_MS);
    let (mut events, mut faults) = (Vec::new(), 0);
    loop {
        faults += batch.faults.len();
        let at_ms = batch.received_ms;
        events.extend(batch.events.drain(..).map(|event| (at_ms, event)));
        // The minute is planned with its first step, so none is lost by looking at the next.
        match simulation.next() {
            Some(step) if step.at_ms < START_MS + minutes * MINUTE_MS => batch = witness.see(step),
            Some(_) | None => return (events, faults, simulation.totals().clone()),
        }
    }
}

/// What a session makes of a whole live of a scenario that has an end.
fn live_through(scenario: Scenario, seed: u64) -> (SessionState, Vec<Event>, SimulatedTotals) {
    let (events, _, truth) = watch(scenario, seed, 1_000);
    let mut session = SessionState::new(SessionOptions::default());
    let mut catalogue = GiftCatalogue::default();
    let mut happened = Vec::new();
    let mut last_ms = START_MS;
    for (at_ms, event) in events {
        session.tick(at_ms, &mut happened);
        session.accept(event, at_ms, &mut catalogue, &mut happened);
        last_ms = at_ms;
    }
    session.finish(last_ms, &mut happened);
    (session, happened, truth)
}

#[test]
fn the_same_seed_and_start_give_the_same_bytes_and_another_seed_does_not() {
    for &scenario in Scenario::ALL {
        let steps = |seed| simulation(scenario, seed).take(80).collect::<Vec<_>>();
        assert!(steps(7) == steps(7), "{} must be repeatable", scenario.name());
        assert!(steps(7) != steps(8), "{} must differ by seed", scenario.name());
    }
}

#[test]
fn the_bytes_of_a_seed_are_those_of_this_version() {
    let mut checksum = libdeflater::Crc::new();
    for &scenario in Scenario::ALL {
        for step in simulation(scenario, 1).take(40) {
            if let Happening::Frame(frame) = step.happening {
                checksum.update(&frame);
            }
        }
    }
    // Whoever changes it changes recordings that people compare: it belongs into the change log.
    assert_eq!(checksum.sum(), 1_827_053_590, "the same seed must give the same bytes on every machine");
}

#[test]
fn every_name_leads_back_to_its_scenario() {
    for &scenario in Scenario::ALL {
        assert_eq!(Scenario::from_name(scenario.name()), Some(scenario), "people type the name");
    }
    assert_eq!(Scenario::from_name("Busy"), None, "and nothing else");
}

#[test]
fn simulated_time_never_goes_back() {
    for &scenario in Scenario::ALL {
        let times: Vec<i64> = simulation(scenario, 3).take(500).map(|step| step.at_ms).collect();
        assert!(times.is_sorted(), "{} must play in order", scenario.name());
    }
}

#[test]
fn a_typical_minute_keeps_within_its_ranges() {
    const MINUTES: i64 = 3;
    let ranges = [
        (EventType::Comment, 10..=50),
        (EventType::Like, 50..=200),
        (EventType::Gift, 5..=20),
        (EventType::Join, 20..=100),
        (EventType::Follow, 1..=10),
        (EventType::Share, 1..=5),
    ];
    let mut seen = BTreeSet::new();
    for seed in 0..20 {
        let (events, _, _) = watch(Scenario::Typical, seed, MINUTES);
        let mut counts: BTreeMap<(i64, EventType), usize> = BTreeMap::new();
        let mut gifts_done: BTreeMap<i64, usize> = BTreeMap::new();
        for (at_ms, event) in events.iter().filter(|(_, event)| !event.stamp.history) {
            let minute = (at_ms - START_MS) / MINUTE_MS;
            *counts.entry((minute, event.event_type())).or_default() += 1;
            if matches!(&event.body, Body::Gift(gift) if !gift.streaking) {
                *gifts_done.entry(minute).or_default() += 1;
            }
        }
        for minute in 0..MINUTES {
            for (event_type, range) in &ranges {
                let count = counts.get(&(minute, *event_type)).copied().unwrap_or(0);
                assert!(range.contains(&count), "seed {seed}, minute {minute}: {count} × {event_type}, not {range:?}");
            }
            let done = gifts_done.get(&minute).copied().unwrap_or(0);
            assert!((5..=20).contains(&done), "seed {seed}, minute {minute}: {done} gifts counted at their end");
            seen.insert(counts.get(&(minute, EventType::Comment)).copied());
        }
    }
    assert!(seen.len() > 10, "minutes must differ, these are {seen:?}");
}

#[test]
fn a_busy_live_brings_250_messages_a_second_in_20_frames() {
    let mut simulation = simulation(Scenario::Busy, 1);
    let frames = simulation.by_ref().take_while(|step| step.at_ms < START_MS + MINUTE_MS).count();
    let messages = simulation.messages_sent();
    assert!((1_080..=1_320).contains(&frames), "{frames} frames in a minute");
    assert!((13_500..=16_500).contains(&messages), "{messages} messages in a minute");
}

#[test]
fn everything_brings_each_event_type() {
    let (events, faults, _) = watch(Scenario::Everything, 1, 1_000);
    let seen: BTreeSet<EventType> = events.iter().map(|(_, event)| event.event_type()).collect();
    let missing: Vec<_> = EventType::ALL.iter().filter(|event_type| !seen.contains(event_type)).collect();
    assert!(missing.is_empty(), "a type that nobody can try out: {missing:?}");
    assert!(faults >= 1, "the broken comment must be kept for inspection");
    assert_eq!(events.last().map(|(_, event)| event.event_type()), Some(EventType::LiveEnd), "it ends with the live");
}

#[test]
fn ordinary_lives_are_read_without_a_fault() {
    for &scenario in Scenario::ALL.iter().filter(|&&scenario| scenario != Scenario::Everything) {
        let (events, faults, _) = watch(scenario, 5, 1);
        assert_eq!(faults, 0, "{} is made of sound messages", scenario.name());
        assert!(!events.iter().any(|(_, event)| event.stamp.damaged), "{} too", scenario.name());
    }
}

#[test]
fn what_a_session_counts_is_what_was_given() {
    let scenarios = [Scenario::MissingEnds, Scenario::ReconnectInCombo, Scenario::BattleFinish, Scenario::Everything];
    for scenario in scenarios {
        for seed in 0..10 {
            let (session, happened, truth) = live_through(scenario, seed);
            let name = scenario.name();
            let totals = session.totals();
            assert_eq!(totals.gift_units, truth.gift_units, "{name}, seed {seed}: units");
            assert_eq!(totals.diamonds, truth.diamonds, "{name}, seed {seed}: diamonds");
            assert_eq!(
                totals.of_type(EventType::Gift),
                truth.gifts,
                "{name}, seed {seed}: gifts, each once at its end"
            );
            assert_eq!(totals.of_type(EventType::Follow), truth.follows, "{name}, seed {seed}: follows");
            assert_eq!(totals.likes, truth.likes, "{name}, seed {seed}: hearts");
            let by_user = diamonds_by_user(&happened);
            let expected: BTreeMap<_, _> = truth.diamonds_by_user.into_iter().filter(|(_, sum)| *sum > 0).collect();
            assert_eq!(by_user, expected, "{name}, seed {seed}: diamonds by giver");
        }
    }
}

fn diamonds_by_user(happened: &[Event]) -> BTreeMap<i64, u64> {
    let mut sums = BTreeMap::new();
    for event in happened.iter().filter(|event| !event.stamp.history) {
        if let Body::Gift(gift) = &event.body {
            let user_id = gift.user.user_id.as_str().parse().expect("simulated ids are numbers");
            *sums.entry(user_id).or_default() += gift.delta_diamonds.unwrap_or(0);
        }
    }
    sums.retain(|_, sum| *sum > 0);
    sums
}

#[test]
fn a_reconnect_repeats_messages_and_none_counts_twice() {
    let (session, happened, truth) = live_through(Scenario::ReconnectInCombo, 1);
    assert!(truth.repeats > 3, "comments and a gift step come again, {} did", truth.repeats);
    assert_eq!(
        session.totals().of_type(EventType::Comment),
        truth.comments,
        "comments of the history were there before"
    );
    let types: Vec<EventType> = happened.iter().map(Event::event_type).collect();
    let at = |event_type| types.iter().position(|it| *it == event_type).expect("it happens");
    assert!(at(EventType::Disconnect) < at(EventType::Gap), "first the break, then the way back");
    let gap = happened.iter().find_map(|event| match &event.body {
        Body::Gap(gap) => Some(gap.seconds),
        _ => None,
    });
    assert!(
        gap.is_some_and(|seconds| (8.0..12.0).contains(&seconds)),
        "away for eight seconds or a little more: {gap:?}"
    );
}

#[test]
fn half_of_the_combos_of_missing_ends_never_end() {
    let (_, happened, truth) = live_through(Scenario::MissingEnds, 2);
    let inferred =
        happened.iter().filter(|event| matches!(&event.body, Body::Gift(gift) if gift.inferred_end)).count() as u64;
    assert!(inferred * 3 > truth.gifts, "{inferred} of {} gifts ended by silence", truth.gifts);
}

#[test]
fn a_raid_brings_roses_of_hundreds_at_once() {
    let (events, _, _) = watch(Scenario::RaidOfRoses, 1, 1);
    let givers: BTreeSet<_> = events
        .iter()
        .filter(|(_, event)| matches!(&event.body, Body::Gift(gift) if gift.gift.id == 5655))
        .filter_map(|(_, event)| event.user().map(|user| user.unique_id.clone()))
        .collect();
    assert!(givers.len() > 200, "{} people gave a rose", givers.len());
}

#[test]
fn gifts_pour_in_before_a_match_ends() {
    let (events, _, _) = watch(Scenario::BattleFinish, 1, 1_000);
    let gifts_between = |from_s: i64, to_s: i64| {
        let window = START_MS + from_s * 1000..START_MS + to_s * 1000;
        events.iter().filter(|(at_ms, event)| window.contains(at_ms) && event.event_type() == EventType::Gift).count()
    };
    let (before, rush) = (gifts_between(10, 58), gifts_between(58, 70));
    assert!(rush * 48 > before * 12 * 2, "the last seconds bring far more: {rush} after {before}");
    let points = events.iter().rev().find_map(|(_, event)| match &event.body {
        Body::Battle(battle) => Some(battle.sides.iter().map(|side| side.points).sum::<u64>()),
        _ => None,
    });
    assert!(points.is_some_and(|points| points > 1000), "the match ends with points: {points:?}");
}

#[tokio::test]
async fn a_recording_stops_where_it_is_told_to() {
    for format in [RecordingFormat::Frames, RecordingFormat::Events] {
        let plan = RecordingPlan { scenario: Scenario::Typical, seed: 1, length: Some(101), speed: Speed::MAX, format };
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let size = write_recording(&plan, &mut first).await.expect("memory takes it");
        assert_eq!(size.length, 101, "{format:?}: neither more nor less");
        write_recording(&plan, &mut second).await.expect("memory takes it");
        assert_eq!(first, second, "{format:?}: the same seed gives the same bytes");
        if format == RecordingFormat::Events {
            assert_eq!(first.iter().filter(|&&byte| byte == b'\n').count(), 101, "one event a line");
        }
    }
}
