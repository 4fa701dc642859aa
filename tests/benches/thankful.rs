//! A data folder whose rules thank for gifts, and do nothing else.

use std::path::Path;

use cuelight_core::defaults;
use cuelight_core::rule::Rule;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::Runtime;
use cuelight_runtime::store::Store;
use serde_json::json;
use system_tests::{GiftStep, viewer};

/// Where the rules' jobs go.
pub(crate) const SERVICE: &str = "basics";

/// Makes a data folder with so many rules that fire on every gift.
pub(crate) fn folder(place: &Path, rules: usize) {
    let folder = DataFolder::new(place);
    folder.create().expect("the data folder");
    let runtime = Runtime::open(&folder, Clock::system()).expect("a new database");
    fill(runtime.store(), rules);
}

/// Puts so many rules into a new database; starter rules and default actions are off, so that gifts alone cause anything.
pub(crate) fn fill(store: &Store, rules: usize) {
    let (mut services, starters) = (defaults::services(), defaults::starter_rules());
    store.seed(&services, &starters).expect("services and rules can be stored");
    for service in &mut services {
        service.events.values_mut().for_each(|config| config.default_action = None);
        store.set_service(service).expect("a service can be changed");
    }
    for starter in &starters {
        store.set_rule_enabled(&starter.id, false).expect("a rule can be switched off");
    }
    (1..=rules).for_each(|number| store.put_rule(&rule(number)).expect("there is room for a rule"));
}

/// One that fires at once, because it makes no combos.
pub(crate) fn gift() -> GiftStep {
    GiftStep { gift: viewer::COMET, group_id: 0, count: 1, is_end: true }
}

fn rule(number: usize) -> Rule {
    let thanks = json!({
        "id": format!("thanks-{number}"),
        "name": format!("Thanks {number}"),
        "when": { "on": "gift" },
        "do": [{ "action": "log_write", "service": SERVICE, "with": { "text": "Thank you {nickname} for {count} {giftname}!" } }],
    });
    serde_json::from_value(thanks).expect("a rule")
}
