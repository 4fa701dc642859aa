//! The window's TypeScript is what the Rust types say: `make bindings` writes it, every test run compares it.

mod files;
mod layout;
mod syntax;

use std::path::PathBuf;

use self::files::{commands_file, lists_file, types_file};

/// Set, the files are written instead of compared.
const WRITE: &str = "CUELIGHT_WRITE_BINDINGS";

#[test]
fn the_window_knows_the_types_of_the_engine() {
    check("engine.ts", &types_file());
}

#[test]
fn the_window_knows_every_command_with_its_types() {
    check("commands.ts", &commands_file());
}

#[test]
fn the_window_knows_every_code_there_is() {
    check("lists.ts", &lists_file());
}

fn check(name: &str, generated: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/bindings").join(name);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, generated).expect("the bindings can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = generated.lines().zip(written.lines()).position(|(generated, written)| generated != written);
    let line = differs.unwrap_or_else(|| generated.lines().count().min(written.lines().count())) + 1;
    assert!(written == generated, "{name} is not what the Rust types say, first in line {line}: run `make bindings`");
}
