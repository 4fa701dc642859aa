//! What the rules of a file can do to somebody's computer, for the question before it is taken in.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::RulesFile;
use crate::action::Action;
use crate::action_kind::{FILE_WRITE, TOUCH_ONLY_CUELIGHT};
use crate::id::ActionKindId;
use crate::step::for_each_act;

/// One thing that the rules of a file can do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, ts_rs::TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Capability {
    /// Presses keys, types, or moves the mouse.
    ControlsInput {
        /// The kind of action.
        kind: String,
        /// What is pressed or typed, as the rules say it.
        what: String,
    },
    /// Runs a script in Chrome.
    RunsScript,
    /// Sends a command to a game or a server.
    SendsCommand {
        /// The kind of action.
        kind: String,
        /// The command, with its placeholders.
        command: String,
    },
    /// Calls or opens an address.
    CallsAddress {
        /// The address, with its placeholders.
        address: String,
    },
    /// Reads or writes a file.
    UsesFile {
        /// The kind of action.
        kind: String,
        /// The file, with its placeholders.
        file: String,
    },
    /// Gives a program of the user's own something to do.
    UsesProgram {
        /// The service that is this program.
        service: String,
    },
    /// Asks a service for something else.
    UsesAction {
        /// The kind of action.
        kind: String,
    },
}

impl Capability {
    /// The sentence for people.
    #[must_use]
    pub fn in_english(&self) -> String {
        match self {
            Self::ControlsInput { kind, what } if what.is_empty() => format!("Uses your keyboard or mouse ({kind})."),
            Self::ControlsInput { kind, what } => format!("Uses your keyboard or mouse ({kind}): {what}."),
            Self::RunsScript => "Runs scripts in the app's Chrome.".into(),
            Self::SendsCommand { kind, command } => format!("Sends a command ({kind}): {command}"),
            Self::CallsAddress { address } => format!("Calls {address}"),
            Self::UsesFile { kind, file } => format!("Uses the file {file} ({kind})."),
            Self::UsesProgram { service } => format!("Gives orders to your own program {service}."),
            Self::UsesAction { kind } => format!("Uses {kind}."),
        }
    }

    /// Whether it touches nothing but Cuelight itself, so that nobody need be asked. What is not known may do anything.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        match self {
            Self::UsesAction { kind } => TOUCH_ONLY_CUELIGHT.contains(&kind.as_str()),
            Self::ControlsInput { .. }
            | Self::RunsScript
            | Self::SendsCommand { .. }
            | Self::CallsAddress { .. }
            | Self::UsesFile { .. }
            | Self::UsesProgram { .. } => false,
        }
    }
}

/// What the rules of a file can do, those that are switched off included: each thing once, the weightiest first.
#[must_use]
pub fn capabilities(file: &RulesFile) -> Vec<Capability> {
    let mut found = BTreeSet::new();
    for rule in &file.rules {
        for_each_act(&rule.steps, "do", &mut |act, _| of_action(&act.action, &mut found));
    }
    found.into_iter().collect()
}

fn of_action(action: &Action, found: &mut BTreeSet<Capability>) {
    let kind = action.kind.to_string();
    let with = &action.parameters;
    found.insert(match action.kind.as_str() {
        "press_keys" | "type_text" | "move_mouse" | "browser_press_keys" | "browser_type" | "browser_click"
        | "obs_hotkey" => Capability::ControlsInput { kind, what: first_text(with, &["keys", "text", "hotkey"]) },
        "browser_run_script" => Capability::RunsScript,
        "minecraft_command" | "rcon_command" | "servertap_command" | "game_action" | "streamerbot_action" => {
            Capability::SendsCommand { kind, command: first_text(with, &["command", "commands", "action"]) }
        }
        FILE_WRITE => Capability::UsesFile { kind, file: file_with_folder(with) },
        _ => Capability::UsesAction { kind },
    });
    if let Some(service) = action.service.as_ref().filter(|service| service.as_str().starts_with("custom:")) {
        found.insert(Capability::UsesProgram { service: service.to_string() });
    }
    for (name, value) in with {
        look_into(&action.kind, name, value, found);
    }
}

/// Finds addresses in whatever parameter they stand, and files by the parameter's name, also of kinds that are not known.
fn look_into(kind: &ActionKindId, name: &str, value: &Value, found: &mut BTreeSet<Capability>) {
    match value {
        Value::String(text) if is_address(text) => {
            found.insert(Capability::CallsAddress { address: text.clone() });
        }
        Value::String(file) if kind.as_str() != FILE_WRITE && matches!(name, "file" | "files" | "path" | "folder") => {
            found.insert(Capability::UsesFile { kind: kind.to_string(), file: file.clone() });
        }
        Value::Array(items) => items.iter().for_each(|item| look_into(kind, name, item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| look_into(kind, name, value, found)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_address(text: &str) -> bool {
    let text = text.trim_start().to_ascii_lowercase();
    ["http://", "https://", "ws://", "wss://"].iter().any(|scheme| text.starts_with(scheme))
}

fn file_with_folder(with: &Map<String, Value>) -> String {
    let text = |name| first_text(with, &[name]);
    match (text("folder"), text("file")) {
        (folder, file) if folder.is_empty() => file,
        (folder, file) => format!("{folder}/{file}"),
    }
}

fn first_text(with: &Map<String, Value>, names: &[&str]) -> String {
    names.iter().find_map(|name| with.get(*name)).map_or_else(String::new, |value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}
