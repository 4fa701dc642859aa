//! The lines of ARCHITECTURE.md that the compiler does not keep.

use std::path::{Path, PathBuf};

/// The source files below a folder of the repository.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).expect("source is UTF-8");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    collect(&system_tests::program::repository(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds sources");
    found
}

const RUNTIME: &str = "src-tauri/crates/cuelight-runtime/src";

#[test]
fn only_the_store_speaks_sql() {
    for (path, text) in sources("src-tauri/crates") {
        let is_store = path.components().any(|it| it.as_os_str() == "store");
        assert!(is_store || !text.contains("rusqlite"), "{} must ask the store", path.display());
    }
}

#[test]
fn modules_of_the_runtime_import_only_what_they_may() {
    // What a module may name of its siblings; tests may name more.
    let allowed: [(&str, &[&str]); 25] = [
        ("lib", &[]),
        ("clock", &[]),
        ("paths", &[]),
        ("locks", &["paths"]),
        ("store", &["clock", "locks", "paths"]),
        ("disk", &["store"]),
        ("tls", &[]),
        ("redis_stream", &[]),
        ("source", &["clock", "redis_stream", "tls"]),
        ("report", &["source"]),
        ("feed", &["store"]),
        ("publish", &["clock", "feed", "redis_stream", "store"]),
        ("actions", &["clock", "paths"]),
        ("logs", &[]),
        ("secrets", &[]),
        ("rulebook", &["store"]),
        ("worker", &["actions", "clock", "disk", "locks", "paths", "store"]),
        ("pipeline", &["actions", "clock", "disk", "feed", "rulebook", "source", "store", "worker"]),
        ("engine", &["actions", "clock", "pipeline", "rulebook", "store", "worker"]),
        ("replay", &["actions", "clock", "source", "store"]),
        ("wipe", &["locks", "paths", "store"]),
        ("decode", &["source"]),
        ("equipped", &["secrets", "source", "store"]),
        ("doctor", &["clock", "disk", "equipped", "locks", "paths", "report", "secrets", "source", "store"]),
        ("runtime", &["clock", "disk", "feed", "locks", "paths", "pipeline", "publish", "source", "store"]),
    ];
    for (path, text) in sources(RUNTIME) {
        let below = path.strip_prefix(system_tests::program::repository(RUNTIME)).expect("below the runtime");
        let module = below.components().next().map(|it| it.as_os_str().to_string_lossy().replace(".rs", ""));
        let module = module.unwrap_or_default();
        let may = allowed.iter().find_map(|(name, may)| (*name == module).then_some(may));
        let may = may.unwrap_or_else(|| panic!("{} is in no line of this table and ARCHITECTURE.md", below.display()));
        let is_test = below.to_string_lossy().contains("tests");
        for named in text.split("crate::").skip(1) {
            let name: String = named.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            let is_fine = is_test || name == module || may.contains(&name.as_str());
            assert!(is_fine, "{} names crate::{name}, which {module} may not know", below.display());
        }
    }
}

#[test]
fn nothing_but_the_program_writes_to_the_console() {
    for folder in [RUNTIME, "src-tauri/crates/cuelight-core/src", "proto/src"] {
        for (path, text) in sources(folder) {
            let prints = text.contains("println!") || text.contains("eprintln!");
            let is_test = path.to_string_lossy().contains("tests");
            assert!(is_test || !prints, "{} must report or log instead", path.display());
        }
    }
}

#[test]
fn the_architecture_names_only_files_that_exist() {
    let text = std::fs::read_to_string(system_tests::program::repository("ARCHITECTURE.md")).expect("it is there");
    let names = text.split('`').skip(1).step_by(2).filter(|it| it.starts_with("cuelight-") && it.contains('/'));
    let mut checked = 0;
    for name in names {
        let path = system_tests::program::repository("src-tauri/crates").join(name);
        assert!(path.exists(), "ARCHITECTURE.md speaks of {name}, which is not there");
        checked += 1;
    }
    assert!(checked >= 5, "the table of files was not found");
}
