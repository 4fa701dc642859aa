//! Whatever is edited in whatever order, undoing all of it leads back, and doing all of it again leads there.

use cuelight_core::defaults;
use cuelight_core::id::{RuleId, ServiceId};
use cuelight_core::rule::Rule;
use cuelight_core::rules_file::RulesFile;
use cuelight_core::service::{Service, ServiceKind};
use proptest::prelude::*;

use super::{Book, edit, group, home, redo, rule, undo};
use crate::store::{DeedKind, Edit, Store, StoreError, Undone};

/// One edit by chance; the numbers choose among what is there.
#[derive(Debug, Clone)]
enum Step {
    Add(u8),
    Rename(u8, u8),
    Switch(u8),
    Move(u8, u8),
    Bin(u8),
    Restore(u8),
    Group(u8, u8),
    ServiceSize(u8, u8),
    AddService(u8),
    RemoveService,
    Import(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let n = any::<u8>;
    prop_oneof![
        n().prop_map(Step::Add),
        (n(), n()).prop_map(|(rule, name)| Step::Rename(rule, name)),
        n().prop_map(Step::Switch),
        (n(), n()).prop_map(|(rule, before)| Step::Move(rule, before)),
        n().prop_map(Step::Bin),
        n().prop_map(Step::Restore),
        (n(), n()).prop_map(|(name, seconds)| Step::Group(name % 3, seconds)),
        (n(), n()).prop_map(|(service, size)| Step::ServiceSize(service, size)),
        n().prop_map(Step::AddService),
        Just(Step::RemoveService),
        n().prop_map(|rule| Step::Import(rule % 4)),
    ]
}

fn chosen<T>(all: &[T], number: u8) -> Option<&T> {
    all.get(usize::from(number).checked_rem(all.len())?)
}

/// Makes the edit as far as there is something to make it of.
fn make(store: &Store, step: &Step) {
    let book = Book::of(store);
    let chosen_rule = |number| chosen(&book.rules, number);
    let change = |edit: &Edit<'_>| -> Result<(), StoreError> {
        let is_free = |id: &RuleId| book.rules.iter().chain(&book.binned).all(|rule| rule.id != *id);
        match *step {
            Step::Add(number) => {
                let new = rule(&format!("rule-{number}"), "New");
                if is_free(&new.id) { edit.add_rule(&new) } else { Ok(()) }
            }
            Step::Rename(number, name) => chosen_rule(number)
                .map_or(Ok(()), |rule| edit.put_rule(&Rule { name: format!("Name {name}"), ..rule.clone() })),
            Step::Switch(number) => chosen_rule(number)
                .map_or(Ok(()), |rule| edit.put_rule(&Rule { enabled: !rule.enabled, ..rule.clone() })),
            Step::Move(number, before) => chosen_rule(number).map_or(Ok(()), |rule| {
                let before = if before == 0 { None } else { chosen_rule(before).map(|rule| &rule.id) };
                edit.move_rule(&rule.id, before)
            }),
            Step::Bin(number) => chosen_rule(number).map_or(Ok(()), |rule| edit.bin_rule(&rule.id)),
            Step::Restore(number) => chosen(&book.binned, number).map_or(Ok(()), |rule| edit.restore_rule(&rule.id)),
            Step::Group(name, seconds) => edit.put_group(&group(&format!("group {name}"), f64::from(seconds))),
            Step::ServiceSize(number, size) => chosen(&book.services, number).map_or(Ok(()), |service| {
                edit.put_service(&Service { max_queue_size: u32::from(size) + 1, ..service.clone() })
            }),
            Step::AddService(number) => {
                let id = ServiceId::new(format!("web-{number}"));
                let more = defaults::another_service(ServiceKind::Web, id.as_str(), "More");
                let is_there = book.services.iter().any(|service| service.id == id);
                if is_there { Ok(()) } else { edit.add_service(&more) }
            }
            Step::RemoveService => match book.services.last() {
                Some(last) if !defaults::comes_with_the_app(&last.id) => edit.remove_service(&last.id),
                _ => Ok(()),
            },
            Step::Import(number) => {
                let file = RulesFile::new(vec![group("group 1", 5.0)], vec![rule(&format!("rule-{number}"), "Theirs")]);
                edit.import(&file).map(drop)
            }
        }
    };
    edit(store, DeedKind::RuleChanged, change);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn undoing_all_gives_the_first_state_and_redoing_all_the_last(steps in prop::collection::vec(step(), 1..24)) {
        let (_home, store) = home();
        let mut books = vec![Book::of(&store)];
        for step in &steps {
            make(&store, step);
            let book = Book::of(&store);
            if books.last() != Some(&book) {
                books.push(book);
            }
        }
        for before in books.iter().rev().skip(1) {
            prop_assert!(matches!(undo(&store), Undone::Done(_)));
            prop_assert_eq!(&Book::of(&store), before);
        }
        prop_assert_eq!(undo(&store), Undone::Nothing);
        for after in &books[1..] {
            prop_assert!(matches!(redo(&store), Undone::Done(_)));
            prop_assert_eq!(&Book::of(&store), after);
        }
        prop_assert_eq!(redo(&store), Undone::Nothing);
    }
}
