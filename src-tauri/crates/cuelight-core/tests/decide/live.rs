//! A live with rules: events in, decisions out, as the tests of `decide` need it.

use std::collections::BTreeMap;

use cuelight_core::decide::{Decided, Occasion, RuleState, SessionFacts, decide};
use cuelight_core::decision::{Decision, Effect, Firing};
use cuelight_core::event::{Body, Comment, Event, Gift, GiftDetails};
use cuelight_core::facts::Values;
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::{GroupId, SessionId, UserId};
use cuelight_core::rule::{Rule, RuleGroup};
use cuelight_core::rule_set::RuleSet;
use cuelight_core::service::Services;
use cuelight_core::session::{SessionOptions, SessionState};
use cuelight_core::signal::Signal;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use cuelight_core::viewer::Past;
use serde_json::{Value, json};

pub(crate) const NOON_MS: i64 = 1_768_219_200_000;

pub(crate) struct Live {
    pub(crate) rules: RuleSet,
    pub(crate) services: Services,
    pub(crate) values: Values,
    pub(crate) state: RuleState,
    pub(crate) session: SessionState,
    pub(crate) catalogue: GiftCatalogue,
    pub(crate) now_ms: i64,
    pub(crate) number: u32,
    pub(crate) depth: u8,
    /// The rows of the rule state, as a database would hold them.
    rows: BTreeMap<String, String>,
}

impl Live {
    pub(crate) fn new(rules: Vec<Value>) -> Self {
        Self::with_groups(rules, Vec::new())
    }

    pub(crate) fn with_groups(rules: Vec<Value>, groups: Vec<Value>) -> Self {
        let services = Services::default();
        let rules = rules.into_iter().map(rule).collect();
        let groups: Vec<RuleGroup> =
            groups.into_iter().map(|it| serde_json::from_value(it).expect("a group")).collect();
        let (rules, faults) = RuleSet::new(1, rules, groups, &services);
        assert_eq!(faults, [], "the rules of these tests can be followed");
        Self {
            rules,
            services,
            values: Values::default(),
            state: RuleState::new(facts()),
            session: SessionState::new(SessionOptions::default()),
            catalogue: GiftCatalogue::default(),
            now_ms: NOON_MS,
            number: 0,
            depth: 0,
            rows: BTreeMap::new(),
        }
    }

    /// Takes one event of the source, as the pipeline does.
    pub(crate) fn accept(&mut self, event: Event) -> Decided {
        let mut told = Vec::new();
        self.session.accept(event, self.now_ms, &mut self.catalogue, &mut told);
        let mut decided = Decided::default();
        for event in &told {
            self.number += 1;
            let standing = self.session.standing(event);
            let totals = self.session.totals();
            let occasion = Occasion::Event { event, number: self.number, totals, depth: self.depth };
            decide(
                &self.rules,
                &self.services,
                &self.values,
                &mut self.state,
                &standing,
                occasion,
                self.now_ms,
                &mut decided,
            );
        }
        self.store();
        decided
    }

    pub(crate) fn happen(&mut self, body: Body) -> Decided {
        self.accept(Event::own(body, Timestamp::from_ms(self.now_ms)))
    }

    pub(crate) fn comment(&mut self, text: &str) -> Decided {
        self.happen(comment(mia(), text))
    }

    pub(crate) fn tick(&mut self) -> Decided {
        self.answer(Occasion::Tick)
    }

    pub(crate) fn signal(&mut self, signal: &Signal) -> Decided {
        self.answer(Occasion::Signal(signal))
    }

    pub(crate) fn answer(&mut self, occasion: Occasion<'_>) -> Decided {
        let mut decided = Decided::default();
        let standing = Default::default();
        decide(
            &self.rules,
            &self.services,
            &self.values,
            &mut self.state,
            &standing,
            occasion,
            self.now_ms,
            &mut decided,
        );
        self.store();
        decided
    }

    /// How often rules fire at a viewer's first comment, where the store told of the viewer before they are asked.
    pub(crate) fn first_comment(&mut self, user: &User, past: Option<Past>) -> u32 {
        let event = Event::own(comment(user.clone(), "hi"), Timestamp::from_ms(self.now_ms));
        let mut told = Vec::new();
        self.session.accept(event, self.now_ms, &mut self.catalogue, &mut told);
        assert_eq!(self.session.wants_past(&told[0]), Some(&user.user_id), "nothing is known yet");
        if let Some(past) = past {
            self.session.note_past(&user.user_id, past);
            assert_eq!(self.session.wants_past(&told[0]), None, "asked once");
        }
        let standing = self.session.standing(&told[0]);
        let totals = self.session.totals();
        let occasion = Occasion::Event { event: &told[0], number: 1, totals, depth: 0 };
        let mut decided = Decided::default();
        decide(
            &self.rules,
            &self.services,
            &self.values,
            &mut self.state,
            &standing,
            occasion,
            self.now_ms,
            &mut decided,
        );
        fired(&decided)
    }

    /// Goes on with nothing but what was stored.
    pub(crate) fn restart(&mut self) {
        self.state = RuleState::new(facts());
        self.state.restore(self.rows.clone().into_iter().collect());
    }

    fn store(&mut self) {
        for (key, row) in self.state.changed() {
            match row {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }
}

pub(crate) fn facts() -> SessionFacts {
    SessionFacts { id: SessionId(1), creator: "luna.plays".into(), started_ms: NOON_MS, seed: 7, utc_offset_s: 3600 }
}

/// A rule with one step; `id` is taken from the value if it is there.
pub(crate) fn rule(mut value: Value) -> Rule {
    let fields = value.as_object_mut().expect("a rule is an object");
    for (name, default) in [
        ("id", json!("rule")),
        ("name", json!("Rule")),
        ("do", json!([{"action": "log_write", "with": {"text": "hi"}}])),
    ] {
        fields.entry(name).or_insert(default);
    }
    serde_json::from_value(value).expect("a rule in its file form")
}

pub(crate) fn mia() -> User {
    User { user_id: UserId::new("1001"), unique_id: "mia".into(), nickname: "Mia".into(), ..User::default() }
}

pub(crate) fn ben() -> User {
    User { user_id: UserId::new("1002"), unique_id: "ben".into(), ..User::default() }
}

pub(crate) fn comment(user: User, text: &str) -> Body {
    Body::Comment(Comment { user, comment: text.to_owned(), ..Comment::default() })
}

/// A rose of mia's combo of that number; 0 is a gift that comes in no combos.
pub(crate) fn rose(group: u64, count: u32, streaking: bool) -> Body {
    Body::Gift(Box::new(Gift {
        user: mia(),
        gift: GiftDetails {
            id: 5655,
            name: Some("Rose".into()),
            diamond_count: Some(1),
            gift_type: Some(if group == 0 { 2 } else { 1 }),
            ..GiftDetails::default()
        },
        repeat_count: count,
        streaking,
        group_id: GroupId::from_number(group),
        ..Gift::default()
    }))
}

pub(crate) fn starts(decided: &Decided) -> Vec<&Firing> {
    let mut starts = Vec::new();
    for effect in &decided.effects {
        if let Effect::Start(firing) = effect {
            starts.push(&**firing);
        }
    }
    starts
}

/// How often each rule fired, and the code of why not more often.
pub(crate) fn outcome(decided: &Decided) -> Vec<(String, u32, Option<String>)> {
    let code = |reason: &_| serde_json::to_value(reason).expect("a reason")["code"].as_str().map(str::to_owned);
    let outcome = |it: &Decision| (it.rule.to_string(), it.fired, it.because.as_ref().and_then(code));
    decided.decisions.iter().map(outcome).collect()
}

/// The firings of all rules together.
pub(crate) fn fired(decided: &Decided) -> u32 {
    let fired = decided.decisions.iter().map(|it| it.fired).sum();
    assert_eq!(starts(decided).len() as u32, fired, "each firing is a run that starts");
    fired
}
