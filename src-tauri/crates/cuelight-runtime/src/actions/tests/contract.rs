//! What every kind of action promises, whoever writes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cuelight_core::id::ActionKindId;
use cuelight_core::reason::Reason;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::{context, example, prepare, problem, run};
use crate::actions::{KindSchema, Registry, SUMMARY_CHARACTERS, schemas_json};

fn kinds() -> Vec<KindSchema> {
    let kinds: Vec<KindSchema> = Registry::built_in().kinds().collect();
    assert!(!kinds.is_empty(), "there are kinds to look at");
    kinds
}

fn properties(kind: &KindSchema) -> &Map<String, Value> {
    kind.parameters.get("properties").and_then(Value::as_object).expect("parameters are fields")
}

fn defaults(kind: &KindSchema) -> Map<String, Value> {
    let default = |(name, field): (&String, &Value)| {
        let value = field.get("default").unwrap_or_else(|| panic!("{}.{name} has a default", kind.id));
        (name.clone(), value.clone())
    };
    properties(kind).iter().map(default).collect()
}

#[test]
fn every_kind_is_named_like_its_file_and_every_file_is_registered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/actions/kinds");
    let names: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder of the kinds")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .filter(|name| name != "mod")
        .collect();
    let ids: BTreeSet<String> = kinds().iter().map(|kind| kind.id.to_owned()).collect();
    assert_eq!(ids, names, "one file a kind, one line a kind, and the id is the file's name");
    for id in &ids {
        let is_snake_case = id.chars().all(|it| it.is_ascii_lowercase() || it == '_');
        assert!(is_snake_case && id.contains('_'), "{id} is stored for ever and reads noun_verb");
    }
}

#[test]
fn every_kind_and_field_says_what_it_is_for() {
    for kind in kinds() {
        let first = kind.title.chars().next().expect("a title");
        assert!(first.is_uppercase() && !kind.title.ends_with('.'), "{:?} is a title, no sentence", kind.title);
        let about = kind.parameters.get("description").and_then(Value::as_str).unwrap_or_default();
        assert!(about.ends_with('.'), "{}'s Config has a doc comment of whole sentences", kind.id);
        for (name, field) in properties(&kind) {
            let about = field.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(about.ends_with('.'), "{}.{name} has a doc comment of whole sentences", kind.id);
        }
    }
}

#[test]
fn the_form_shows_every_field_once() {
    for kind in kinds() {
        let shown: BTreeSet<&String> = kind.fields.iter().collect();
        let described: BTreeSet<&String> = properties(&kind).keys().collect();
        assert_eq!(shown, described, "{}: a field without a place in the form could not be changed", kind.id);
        assert_eq!(shown.len(), kind.fields.len(), "{}: no field twice", kind.id);
    }
}

#[test]
fn a_new_step_can_be_prepared_or_says_which_field_is_missing() {
    for kind in kinds() {
        match prepare(kind.id, json!({})) {
            Ok(prepared) => assert!(prepared.time_limit_ms > 0, "{} gets time to run", kind.id),
            Err(Reason::BadParameters { error, .. }) => {
                let names_field = kind.fields.iter().any(|field| error.starts_with(&format!("`{field}`: ")));
                assert!(names_field, "{}: {error:?} must name the field", kind.id);
                assert!(!error.ends_with('.'), "{}: {error:?} becomes part of a sentence", kind.id);
            }
            Err(other) => panic!("{}: {other:?} is not about its parameters", kind.id),
        }
    }
}

#[test]
fn the_same_facts_give_the_same_job_and_it_comes_back_from_the_database_whole() {
    let place = tempfile::tempdir().expect("a temporary folder");
    for kind in kinds() {
        let parameters = example(&defaults(&kind));
        let first = prepare(kind.id, parameters.clone()).expect("an example can be prepared");
        let again = prepare(kind.id, parameters).expect("and again");
        assert_eq!(first, again, "{}: preparing must not depend on anything else", kind.id);
        let stored = serde_json::to_string(&first.parameters).expect("JSON");
        let read: Value = serde_json::from_str(&stored).expect("JSON");
        assert_eq!(read, first.parameters, "{}: a row says all there is", kind.id);
        let ended = run(kind.id, read, &context(place.path()));
        ended.unwrap_or_else(|error| panic!("{}: its stored job must run: {error}", kind.id));
    }
}

#[test]
fn every_kind_says_in_a_few_words_what_a_job_does() {
    let registry = Registry::built_in();
    for kind in kinds() {
        let job = prepare(kind.id, example(&defaults(&kind))).expect("an example can be prepared");
        let summary = registry.summary(&ActionKindId::new(kind.id), &job.parameters);
        let length = summary.chars().count();
        assert!((1..=SUMMARY_CHARACTERS).contains(&length), "{}: {summary:?} is one short line", kind.id);
        let of_another_version = registry.summary(&ActionKindId::new(kind.id), &json!("of long ago"));
        assert_eq!(of_another_version, "", "{}: what cannot be read says nothing", kind.id);
    }
    assert_eq!(registry.summary(&ActionKindId::new("no_such_kind"), &json!({})), "", "nor does an unknown kind");
}

#[test]
fn unknown_fields_are_refused_by_name() {
    for kind in kinds() {
        let error = problem(kind.id, json!({ "no_such_field": 1 }));
        assert!(error.contains("no_such_field"), "{}: {error:?} must name what nobody reads", kind.id);
    }
}

#[test]
fn a_field_of_the_wrong_type_is_refused_by_name() {
    for kind in kinds() {
        for field in &kind.fields {
            let error = problem(kind.id, json!({ field: [[1]] }));
            assert!(error.contains(field.as_str()), "{}: {error:?} must name {field}", kind.id);
        }
    }
}

#[test]
fn a_cancelled_job_ends_at_once_and_does_nothing() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let cancel = CancellationToken::new();
    cancel.cancel();
    let context = context(place.path()).stopped_by(cancel);
    for kind in kinds() {
        let job = prepare(kind.id, example(&defaults(&kind))).expect("an example can be prepared");
        let error = run(kind.id, job.parameters, &context).expect_err("it was stopped before it began");
        assert!(error.to_string().contains("stopped"), "{}: {error} must say so", kind.id);
    }
    let left = std::fs::read_dir(place.path()).expect("readable").count();
    assert_eq!(left, 0, "nothing was written");
}

#[test]
fn a_job_of_another_version_fails_with_words_instead_of_breaking() {
    let place = tempfile::tempdir().expect("a temporary folder");
    for kind in kinds() {
        let error = run(kind.id, json!("of long ago"), &context(place.path())).expect_err("it cannot be read");
        let first = error.what.chars().next().expect("words");
        assert!(first.is_lowercase() && !error.what.ends_with('.'), "{:?} becomes part of a sentence", error.what);
        assert!(error.advice.ends_with('.'), "{:?} is a whole sentence", error.advice);
    }
}

#[test]
fn the_published_schemas_are_those_of_this_version() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../docs/schemas/actions.json");
    let now = schemas_json(&Registry::built_in());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).expect("writable");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == now, "{} is stale: run this test with UPDATE=1", path.display());
}
