//! From frames to decisions, on one thread, with few rules and with very many.

use std::hint::black_box;
use std::rc::Rc;
use std::time::Duration;

use cuelight_core::decide::{Decided, Occasion, RuleState, SessionFacts, decide};
use cuelight_core::event::{Event, EventType};
use cuelight_core::facts::Values;
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::SessionId;
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::Services;
use cuelight_core::session::{SessionOptions, SessionState};
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::Standing;
use cuelight_runtime::source::tiktok::frame::FrameDecoder;
use serde_json::{Value, json};

use crate::corpus::Corpus;
use crate::rounds::{Rounds, cpu_time};
use crate::table::{self, Wanted};
use crate::wire;

/// When every frame is said to have arrived, ms since 1970.
const RECEIVED_MS: i64 = 1_790_000_000_000;

/// Rules of somebody who has just begun, and of somebody who wrote one for every gift, word and viewer.
const FEW: usize = 10;
const MANY: usize = 1_000;

/// Events that are decided again and again.
const TOLD: usize = 1_500;

/// How often they are.
const TIMES: usize = 20;

pub(crate) fn measure() {
    let none = Services::default();
    let standard = Services::new(cuelight_core::defaults::services());
    let (few, many) = (rules(FEW, &none), rules(MANY, &none));
    for corpus in Corpus::all() {
        table::section(&format!("deciding, {}", corpus.describe()));
        let told = told(&corpus);
        let rounds = Rounds::of(
            corpus.messages,
            &mut [
                &mut || cpu_time(|| wire::scan(&corpus)),
                &mut || cpu_time(|| wire::decode(&corpus)),
                &mut || through(&corpus, &few, &none),
                &mut || through(&corpus, &many, &none),
                &mut || alone(&told, &few, &none),
                &mut || alone(&told, &many, &none),
                &mut || alone(&told, &few, &standard),
                &mut || {
                    cpu_time(|| follow(&corpus, |event, session| drop(black_box((session.standing(&event), event)))))
                },
            ],
        );
        let wanted = Wanted::AtMost { goal: 1.3, floor: 2.0 };
        let twice = Wanted::AtMost { goal: 2.0, floor: 3.0 };
        let ratio = |way| rounds.ratio_to_first(way);
        // What follows combos and adds up is measured by itself, in `wire`.
        let decoding_and = |way| ratio(way) - ratio(7) + ratio(1);
        table::figure("decoding and deciding, 10 rules, times the reference", wanted, decoding_and(2), "x");
        table::figure("decoding and deciding, 1000 rules", wanted, decoding_and(3), "x");
        table::figure("  frames to decisions, 10 rules, all of it", Wanted::Told, ratio(2), "x");
        table::figure("  frames to decisions, 1000 rules, all of it", Wanted::Told, ratio(3), "x");
        table::figure("  frames to events alone, times the reference", Wanted::Told, rounds.ratio_to_first(1), "x");
        table::figure(
            "  + what happened and by whom, times the reference",
            Wanted::Told,
            rounds.ratio_to_first(7),
            "x",
        );
        table::figure("  reference, CPU a message", Wanted::Told, rounds.cpu_us(0), "us");
        table::figure("frames to decisions, 1000 rules to 10", twice, rounds.ratio(3, 2), "x");
        table::figure("deciding alone, 1000 rules to 10", twice, rounds.ratio(5, 4), "x");
        let per_event = corpus.messages as f64 / (told.len() * TIMES) as f64 * 1000.0;
        table::figure("  10 rules, CPU an event", Wanted::Told, rounds.cpu_us(4) * per_event, "ns");
        table::figure("  1000 rules, CPU an event", Wanted::Told, rounds.cpu_us(5) * per_event, "ns");
        table::figure("  10 rules, default actions: CPU an event", Wanted::Told, rounds.cpu_us(6) * per_event, "ns");
        for (name, rules) in [("10", &few), ("1000", &many)] {
            let (decisions, effects) = outcome(&told, rules, &none);
            table::figure(&format!("  {name} rules: decisions"), Wanted::Told, decisions as f64, "");
            table::figure(&format!("  {name} rules: what is to be done"), Wanted::Told, effects as f64, "");
        }
    }
}

/// An event as the session told it, with what deciding asks about it.
struct Told {
    event: Event,
    standing: Standing,
    totals: Rc<SessionTotals>,
}

/// What happened, so that deciding can be timed by itself; so much of it as stays in the processor's caches, where an event
/// that was just decoded is, too.
fn told(corpus: &Corpus) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    follow(corpus, |event, session| {
        if told.len() < TOLD {
            // Of the sums, deciding asks for the followers only.
            let same = told.last().filter(|_| event.event_type() != EventType::Follow);
            let totals = same.map_or_else(|| Rc::new(session.totals().clone()), |last| Rc::clone(&last.totals));
            told.push(Told { standing: session.standing(&event), totals, event });
        }
    });
    told
}

/// What a session makes of the frames, with the session as it is at each event.
fn follow(corpus: &Corpus, mut tell: impl FnMut(Event, &SessionState)) {
    let mut decoder = FrameDecoder::new();
    let mut session = SessionState::new(SessionOptions::default());
    let mut catalogue = GiftCatalogue::default();
    let mut accepted = Vec::new();
    for frame in &corpus.frames {
        for event in decoder.read(frame, RECEIVED_MS).batch.events {
            session.accept(event, RECEIVED_MS, &mut catalogue, &mut accepted);
            accepted.drain(..).for_each(|event| tell(event, &session));
        }
    }
}

fn through(corpus: &Corpus, rules: &RuleSet, services: &Services) -> Duration {
    cpu_time(|| {
        let mut lane = Lane::new(rules, services);
        follow(corpus, |event, session| {
            lane.decide(&event, &session.standing(&event), session.totals());
        });
    })
}

fn alone(told: &[Told], rules: &RuleSet, services: &Services) -> Duration {
    cpu_time(|| {
        for _ in 0..TIMES {
            outcome(told, rules, services);
        }
    })
}

/// How many decisions and effects there are in all.
fn outcome(told: &[Told], rules: &RuleSet, services: &Services) -> (usize, usize) {
    let mut lane = Lane::new(rules, services);
    for Told { event, standing, totals } in told {
        lane.decide(event, standing, totals);
    }
    (lane.decisions, lane.effects)
}

/// One session's deciding.
struct Lane<'a> {
    rules: &'a RuleSet,
    services: &'a Services,
    values: Values,
    state: RuleState,
    number: u32,
    decided: Decided,
    decisions: usize,
    effects: usize,
}

impl<'a> Lane<'a> {
    fn new(rules: &'a RuleSet, services: &'a Services) -> Self {
        let session = SessionFacts {
            id: SessionId(1),
            creator: "luna.plays".into(),
            started_ms: RECEIVED_MS,
            seed: 1,
            utc_offset_s: 0,
        };
        Self {
            rules,
            services,
            values: Values::default(),
            state: RuleState::new(session),
            number: 0,
            decided: Decided::default(),
            decisions: 0,
            effects: 0,
        }
    }

    fn decide(&mut self, event: &Event, standing: &Standing, totals: &SessionTotals) {
        self.number += 1;
        let occasion = Occasion::Event { event, number: self.number, totals, depth: 0 };
        let Self { rules, services, values, state, decided, .. } = self;
        decide(rules, services, values, state, standing, occasion, RECEIVED_MS, decided);
        self.decisions += decided.decisions.len();
        self.effects += decided.effects.len();
        black_box(&decided);
        decided.decisions.clear();
        decided.effects.clear();
        if self.number.is_multiple_of(u32::try_from(cuelight_core::limits::COMMIT_EVENTS).unwrap_or(u32::MAX)) {
            black_box(self.state.changed());
        }
    }
}

/// So many rules of all kinds: gifts, comments, likes, follows; each about something else.
fn rules(count: usize, services: &Services) -> RuleSet {
    let rules = (0..count).map(|number| {
        let mut rule = rule(number % 10, number / 10);
        rule["id"] = format!("rule-{number}").into();
        rule["name"] = format!("Rule {number}").into();
        rule["do"] = json!([{"action": "log_write", "with": {"text": "{nickname} ×{count}"}}]);
        serde_json::from_value(rule).expect("a rule in its file form")
    });
    let (set, faults) = RuleSet::new(1, rules.collect(), Vec::new(), services);
    assert!(faults.is_empty(), "{faults:?}");
    set
}

/// The rule of that kind that is about the thing of that number; what the simulated live is full of comes first.
fn rule(kind: usize, thing: usize) -> Value {
    let far = thing as u64;
    match kind {
        0 => {
            let gift = if thing == 0 { 5655 } else { 100_000 + far };
            json!({"when": {"on": "gift", "gifts": [{"id": gift}]}, "combo": {"fires": "each_gift"}})
        }
        1 => {
            let name = if thing == 0 { "Corgi".to_owned() } else { format!("Gift {thing}") };
            json!({"when": {"on": "gift", "names": [name]}})
        }
        2 => json!({
            "when": {"on": "gift_value", "min_diamonds": 400 + far * 400, "max_diamonds": 799 + far * 400},
            "cooldown": {"seconds": 5},
        }),
        3 => {
            let words: Vec<String> =
                WORDS.get(thing).map(|word| (*word).to_owned()).into_iter().chain([format!("word{thing}")]).collect();
            json!({"when": {"on": "keyword", "words": words}, "cooldown": {"per_viewer_seconds": 60}})
        }
        4 if thing.is_multiple_of(2) => {
            json!({"when": {"on": "regex", "pattern": format!(r"\bnumber ?{thing} (\w+)")}})
        }
        4 => json!({"when": {"on": "keyword", "words": [format!("phrase number {thing}"), format!("größe{thing}")]}}),
        5 => json!({"when": {"on": "command", "names": [format!("!do{thing}"), format!("!{thing}")]}}),
        6 => json!({"when": {"on": "every_likes", "every": 1000 + far * 5_000}}),
        7 if thing.is_multiple_of(10) => {
            let min = far;
            json!({
                "when": {"on": "event", "event": "follow"},
                "only_if": [{"if": "who", "any_of": ["subscriber", "moderator"]}, {"if": "team_level", "min": min}],
            })
        }
        7 => json!({"when": {"on": "like_streak", "count": 500 + far}}),
        8 => json!({"when": {"on": "custom", "name": format!("lamp {thing}")}}),
        _ if thing.is_multiple_of(50) => json!({
            "when": {"on": "comment"},
            "only_if": [
                {"if": "who", "any_of": ["moderator"]},
                {"if": "comment_contains", "text": format!("scene {thing}")},
            ],
        }),
        _ => json!({"when": {"on": "counter_reached", "counter": format!("counter {thing}"), "value": 10}}),
    }
}

/// Words of which the simulated live has some, and that others wait for.
const WORDS: &[&str] = &["song", "hola", "merhaba", "かわいい", "привет", "boa noite", "gg", "dino", "raid", "hype"];
