//! Promises that hold for whatever happens, checked against the simplest model.

use cuelight_core::event::Body;
use cuelight_core::firing::derived;
use cuelight_core::rule::ComboMode;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::live::{Live, fired, rose, starts};

/// What a source may do with the combos of one viewer.
#[derive(Debug, Clone)]
enum Deed {
    Step { group: u64, count: u32, streaking: bool },
    Silence,
    Comment,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let step = (1..4_u64, 1..60_u32, prop::bool::weighted(0.7));
    let step = step.prop_map(|(group, count, streaking)| Deed::Step { group, count, streaking });
    prop::collection::vec(prop_oneof![8 => step, 1 => Just(Deed::Silence), 1 => Just(Deed::Comment)], 1..40)
}

fn modes() -> Vec<ComboMode> {
    vec![
        ComboMode::ComboEnd { repeat: false, max_repeat: Some(20) },
        ComboMode::ComboEnd { repeat: true, max_repeat: Some(20) },
        ComboMode::ComboEnd { repeat: true, max_repeat: None },
        ComboMode::ComboStart,
        ComboMode::WithCombo,
        ComboMode::EachGift { max_repeat: Some(20) },
        ComboMode::EachGift { max_repeat: None },
        ComboMode::EveryN { n: 7 },
    ]
}

fn rules() -> Vec<Value> {
    let rule = |(number, mode): (usize, ComboMode)| {
        let combo = serde_json::to_value(&mode).expect("a mode");
        json!({"id": format!("mode-{number}"), "when": {"on": "gift"}, "combo": combo})
    };
    modes().into_iter().enumerate().map(rule).collect()
}

/// Every decision and effect, in words, and how often each rule fired in all.
fn play(live: &mut Live, deeds: &[Deed], restarts: &[bool]) -> (Vec<String>, Vec<u32>) {
    let mut said = Vec::new();
    let mut totals = vec![0; modes().len()];
    for (place, deed) in deeds.iter().enumerate() {
        if restarts.get(place) == Some(&true) {
            live.restart();
        }
        live.now_ms += 500;
        let decided = match *deed {
            Deed::Step { group, count, streaking } => live.happen(rose(group, count, streaking)),
            Deed::Comment => live.comment("hi"),
            Deed::Silence => {
                live.now_ms += 20_000;
                live.comment("anybody?")
            }
        };
        for firing in starts(&decided) {
            let number = firing.origin.to_string().strip_prefix("mode-").and_then(|it| it.parse::<usize>().ok());
            if let Some(number) = number {
                totals[number] += 1;
            }
        }
        fired(&decided);
        said.push(format!("{decided:?}"));
    }
    (said, totals)
}

/// How far each combo came, as its messages told: the highest count, and whether it ended.
fn combos(deeds: &[Deed]) -> Vec<(u32, bool)> {
    let mut combos = [(0, false); 4];
    for deed in deeds {
        match *deed {
            Deed::Step { group, count, streaking } => {
                let (seen, is_ended) = &mut combos[group as usize];
                *seen = (*seen).max(count);
                *is_ended |= !streaking;
            }
            Deed::Silence => combos.iter_mut().filter(|(seen, _)| *seen > 0).for_each(|(_, is_ended)| *is_ended = true),
            Deed::Comment => {}
        }
    }
    combos.into_iter().filter(|(seen, _)| *seen > 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_mode_fires_exactly_what_is_derived(deeds in deeds(), restarts in prop::collection::vec(any::<bool>(), 40)) {
        let mut live = Live::new(rules());
        let (_, totals) = play(&mut live, &deeds, &restarts);
        let combos = combos(&deeds);
        for (mode, total) in modes().iter().zip(&totals) {
            let expected: u32 = combos.iter().map(|&(seen, is_ended)| derived(mode, seen, is_ended)).sum();
            prop_assert_eq!(*total, expected, "{:?} over {:?}", mode, &combos);
        }
        let units: u32 = combos.iter().map(|(seen, _)| seen).sum();
        prop_assert_eq!(totals[6], units, "one for each gift, without a cap, is what was given");
        prop_assert_eq!(u64::from(units), live.session.totals().gift_units, "and what the session counts");
    }

    #[test]
    fn a_restart_anywhere_changes_nothing(deeds in deeds(), restarts in prop::collection::vec(any::<bool>(), 40)) {
        let mut cooling = rules();
        for (number, rule) in cooling.iter_mut().enumerate() {
            rule["cooldown"] = json!({"seconds": number as f64 / 2.0, "per_viewer_seconds": 1.0});
        }
        let (straight, _) = play(&mut Live::new(cooling.clone()), &deeds, &[]);
        let (broken, _) = play(&mut Live::new(cooling), &deeds, &restarts);
        prop_assert_eq!(straight, broken, "what was stored is all that counts");
    }
}

#[test]
fn a_thousand_rules_that_do_not_concern_an_event_change_no_outcome() {
    let deeds = [
        Deed::Step { group: 1, count: 4, streaking: true },
        Deed::Comment,
        Deed::Step { group: 1, count: 9, streaking: false },
        Deed::Silence,
    ];
    let few = play(&mut Live::new(rules()), &deeds, &[]);
    let mut many = rules();
    for number in 0..250 {
        let when = [
            json!({"on": "keyword", "words": [format!("word{number}")]}),
            json!({"on": "command", "names": [format!("command{number}")]}),
            json!({"on": "gift", "gifts": [{"id": number}]}),
            json!({"on": "gift_value", "min_diamonds": number + 2}),
        ];
        for (kind, when) in when.into_iter().enumerate() {
            many.insert(0, json!({"id": format!("other-{number}-{kind}"), "when": when}));
        }
    }
    let mut live = Live::new(many);
    assert_eq!(play(&mut live, &deeds, &[]), few, "they are not even decided about");
    assert_eq!(fired(&live.happen(Body::Custom(Default::default()))), 0, "nor is an event that concerns nobody");
}
