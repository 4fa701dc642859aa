//! What a new data folder holds is what `docs/queues.md` says, row by row.

use std::collections::BTreeSet;

use super::*;
use crate::service::Services;
use crate::step::Step;

#[test]
fn the_services_are_those_of_the_table() {
    let table = [
        ("basics", "Basics", Mode::Async, 500, 8),
        ("dinochrome", "DinoChrome", Mode::Sync, 50, 8),
        ("overlays", "Overlays", Mode::Async, 100, 8),
        ("voice", "Voice", Mode::Sync, 50, 8),
        ("sounds", "Sounds", Mode::Async, 50, 8),
        ("assistant", "Assistant", Mode::Async, 20, 2),
        ("games", "Games", Mode::Sync, 100, 8),
        ("studio", "Studio", Mode::Sync, 50, 8),
        ("web", "Web", Mode::Async, 100, 8),
    ];
    let services = services();
    assert_eq!(services.len(), table.len(), "one service of each kind, and none of the user's own");
    for (service, (id, name, mode, max_queue_size, max_parallel)) in services.iter().zip(table) {
        assert_eq!((service.id.as_str(), service.name.as_str()), (id, name), "order and names are what people see");
        assert_eq!(
            (service.active, service.max_queue_size, service.max_parallel),
            (true, max_queue_size, max_parallel),
            "the bounds of {id}"
        );
        let modes = service.events.values().chain([&service.others]).map(|config| config.mode);
        assert!(modes.into_iter().all(|each| each == mode), "{id} has one mode for all event types");
    }
}

#[test]
fn the_wishes_for_event_types_are_those_of_the_table() {
    // Event, priorities of dinochrome, overlays and the rest, whether it may be dropped, seconds until it is too late.
    let table = [
        ("gift", 10, 10, 10, false, None),
        ("subscribe", 9, 8, 9, false, None),
        ("follow", 8, 7, 8, false, None),
        ("share", 7, 6, 7, true, Some(120)),
        ("comment", 6, 5, 6, true, Some(60)),
        ("like", 3, 2, 3, true, Some(30)),
        ("join", 2, 1, 2, true, Some(30)),
        ("question", 5, 5, 5, true, Some(60)),
        ("live_start", 5, 5, 5, true, Some(60)),
    ];
    let with_own = services().into_iter().chain([custom_service("custom:lights", "Lights")]);
    for service in with_own {
        for (name, dinochrome, overlays, elsewhere, discardable, expires) in table {
            let event_type = EventType::from_name(name).expect("the table names event types");
            let priority = match service.id.as_str() {
                "dinochrome" => dinochrome,
                "overlays" => overlays,
                _ => elsewhere,
            };
            let config = service.event(Some(event_type));
            assert_eq!(
                (config.enabled, config.priority.get(), config.discardable, config.expires_after_seconds),
                (true, priority, discardable, expires),
                "{name} in {}",
                service.id
            );
        }
    }
}

#[test]
fn a_service_of_the_users_own_takes_one_job_after_the_other_until_it_is_told_otherwise() {
    let service = custom_service("custom:lights", "Lights");
    assert_eq!((service.kind, service.max_queue_size), (ServiceKind::Custom, 100), "as the table says");
    assert_eq!(service.others.mode, Mode::Sync, "a program may not be ready for two jobs at once");
    assert!(
        service.events.values().all(|config| config.default_action.is_none()),
        "it gets raw events only when it subscribes to them"
    );
}

#[test]
fn only_overlays_and_the_dinosaur_answer_events_by_themselves() {
    let answers = |id: &str| -> Vec<&str> {
        let services = Services::new(services());
        let service = services.get(&ServiceId::new(id)).expect("it comes with the app");
        assert_eq!(service.others.default_action, None, "{id} leaves all other events alone");
        let mut names = Vec::new();
        for (event_type, config) in &service.events {
            if let Some(default) = &config.default_action {
                assert!(default.enabled, "a default action is on at first");
                assert_eq!(default.action.service, Some(service.id.clone()), "it goes through its service's own queue");
                names.push(event_type.as_str());
            }
        }
        names.sort_unstable();
        names
    };
    assert_eq!(
        answers("overlays"),
        ["comment", "follow", "gift", "join", "like", "share", "subscribe"],
        "alerts, lines, counters"
    );
    assert_eq!(answers("dinochrome"), ["comment", "follow", "gift", "share", "subscribe"], "the comment, or thanks");
    for silent in ["basics", "voice", "sounds", "assistant", "games", "studio", "web"] {
        assert!(answers(silent).is_empty(), "{silent} does nothing without a rule");
    }
}

#[test]
fn four_starter_rules_are_on_and_four_are_off() {
    let rules = starter_rules();
    let ids = |enabled| -> Vec<&str> {
        rules.iter().filter(|rule| rule.enabled == enabled).map(|rule| rule.id.as_str()).collect()
    };
    assert_eq!(ids(true), ["rose", "subscribe", "jump", "likes"], "what works at once");
    assert_eq!(ids(false), ["share", "hello", "follow", "join"], "one example more for each event");
    let distinct: BTreeSet<_> = rules.iter().map(|rule| &rule.id).collect();
    assert_eq!(distinct.len(), rules.len(), "ids are distinct");
}

#[test]
fn a_rose_restarts_the_game_and_speaks_at_the_same_time_and_neither_needs_the_other() {
    let rules = starter_rules();
    let rose = &rules[0];
    let steps: Vec<_> = rose
        .steps
        .iter()
        .map(|step| match step {
            Step::Act(act) => (
                act.action.service.as_ref().expect("it names its service").as_str(),
                act.at_the_same_time,
                act.go_on_if_this_fails,
            ),
            Step::Choose(_) | Step::PickOne(_) | Step::Wait(_) => panic!("starter rules are plain"),
        })
        .collect();
    assert_eq!(steps, [("dinochrome", false, true), ("voice", true, true)], "two services, side by side");
}

#[test]
fn one_more_of_a_kind_is_like_the_first_and_does_nothing_by_itself() {
    for first in services() {
        let more = another_service(first.kind, "more-2", "More");
        assert!(!comes_with_the_app(&more.id) && comes_with_the_app(&first.id), "only the first one came with the app");
        assert!(more.events.values().all(|config| config.default_action.is_none()), "alerts would be shown twice");
        let bounds = |service: &Service| (service.kind, service.max_queue_size, service.max_parallel, service.active);
        assert_eq!(bounds(&more), bounds(&first), "its bounds are those of {}", first.id);
        assert_eq!(more.event(None).mode, first.event(None).mode, "and its mode");
    }
}
