//! What the Rules screen lists, put together from the database.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cuelight_core::id::{ActionKindId, RuleId};
use cuelight_core::service::{Service, Services};
use cuelight_core::warning::{About, KnownKind, Warning, warnings};
use cuelight_runtime::actions::{KindSchema, Registry};
use cuelight_runtime::store::{self, Reader, StoreError, UndoState};

use crate::app::App;
use crate::dto::{Deed, DeedKind, Failure, ListedDefault, ListedRule, Rulebook, Undo};

/// Everything that there is to know of the kinds of action, for warnings.
pub type KnownKinds = BTreeMap<ActionKindId, KnownKind>;

/// What warnings need to know of the kinds in that registry.
#[must_use]
pub fn known_kinds(registry: &Registry) -> KnownKinds {
    let known = |kind: KindSchema| {
        let KindSchema { id, service, runs_in_any_service, fields, .. } = kind;
        (ActionKindId::new(id), KnownKind { service, runs_in_any_service, parameters: fields })
    };
    registry.kinds().map(known).collect()
}

/// The rulebook as it is now.
///
/// # Errors
/// The database cannot be read.
pub async fn rulebook(app: &App) -> Result<Rulebook, Failure> {
    let kinds = Arc::clone(&app.known_kinds);
    app.read(move |reader| read(reader, &kinds)).await
}

fn read(reader: &Reader, kinds: &KnownKinds) -> Result<Rulebook, StoreError> {
    // The number first: who saves on what was read after it is told of what changed meanwhile.
    let revision = reader.revisions()?.rules;
    let (rules, groups, services) = (reader.rules()?, reader.groups()?, Services::new(reader.services()?));
    let hotkeys = reader.settings()?.hotkeys;
    let mut warned: HashMap<RuleId, Vec<Warning>> = HashMap::new();
    for warning in warnings(&rules, &groups, &services, kinds, &hotkeys) {
        if let About::Rule(rule) = &warning.about {
            warned.entry(rule.clone()).or_default().push(warning);
        }
    }
    let fired = reader.fired()?;
    let count = |counts: &HashMap<RuleId, u32>, rule: &RuleId| counts.get(rule).copied().unwrap_or(0);
    let listed = rules.into_iter().map(|rule| ListedRule {
        warnings: warned.remove(&rule.id).unwrap_or_default(),
        fired_this_live: count(&fired.this_live, &rule.id),
        fired_last_live: fired.last_live.as_ref().map(|counts| count(counts, &rule.id)),
        rule,
    });
    Ok(Rulebook {
        revision,
        rules: listed.collect(),
        groups,
        defaults: services.iter().flat_map(defaults).collect(),
        binned: reader.binned_count()?,
        undo: reader.undo_state()?.into(),
    })
}

/// What a service does without any rule.
fn defaults(service: &Service) -> impl Iterator<Item = ListedDefault> {
    service.events.iter().filter_map(|(event_type, config)| {
        let default = config.default_action.as_ref()?;
        Some(ListedDefault {
            service: service.id.clone(),
            service_name: service.name.clone(),
            event_type: *event_type,
            enabled: default.enabled,
            action: default.action.clone(),
        })
    })
}

impl From<UndoState> for Undo {
    fn from(state: UndoState) -> Self {
        Self { undo: state.undo.map(Deed::from), redo: state.redo.map(Deed::from) }
    }
}

impl From<store::Deed> for Deed {
    fn from(deed: store::Deed) -> Self {
        let what = match deed.kind {
            store::DeedKind::RuleAdded => DeedKind::RuleAdded,
            store::DeedKind::RuleChanged => DeedKind::RuleChanged,
            store::DeedKind::RuleBinned => DeedKind::RuleBinned,
            store::DeedKind::RuleRestored => DeedKind::RuleRestored,
            store::DeedKind::RuleMoved => DeedKind::RuleMoved,
            store::DeedKind::RulesImported => DeedKind::RulesImported,
            store::DeedKind::GroupChanged => DeedKind::GroupChanged,
            store::DeedKind::ServiceChanged => DeedKind::ServiceChanged,
            store::DeedKind::ServiceAdded => DeedKind::ServiceAdded,
            store::DeedKind::ServiceRemoved => DeedKind::ServiceRemoved,
        };
        Self { what, name: deed.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Stage;

    #[tokio::test]
    async fn a_new_data_folder_has_no_warnings() {
        let stage = Stage::new();
        let book = rulebook(&stage.app).await.expect("readable");
        assert!(!book.rules.is_empty(), "there are starter rules");
        let warned: Vec<_> = book.rules.iter().filter(|listed| !listed.warnings.is_empty()).collect();
        assert!(warned.is_empty(), "nobody should be warned of what they did not write: {warned:?}");
    }
}
