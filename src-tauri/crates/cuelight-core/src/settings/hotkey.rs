//! Key combinations such as `Ctrl+Shift+M`, read from whatever people type and written in one form.

use std::fmt;
use std::str::FromStr;

/// Modifiers, in the order in which they are written: the name, and what else they are called.
const MODIFIERS: [(&str, &[&str]); 4] = [
    ("Ctrl", &["ctrl", "control"]),
    ("Alt", &["alt", "option"]),
    ("Shift", &["shift"]),
    ("Super", &["super", "meta", "cmd", "command", "win"]),
];

/// Keys that have a name, as browsers call them (`KeyboardEvent.code`); letters, digits and F1 to F24 come beside them.
const NAMED: [&str; 57] = [
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "AudioVolumeDown",
    "AudioVolumeMute",
    "AudioVolumeUp",
    "Backquote",
    "Backslash",
    "Backspace",
    "BracketLeft",
    "BracketRight",
    "CapsLock",
    "Comma",
    "Delete",
    "End",
    "Enter",
    "Equal",
    "Escape",
    "Home",
    "Insert",
    "MediaPause",
    "MediaPlay",
    "MediaPlayPause",
    "MediaStop",
    "MediaTrackNext",
    "MediaTrackPrevious",
    "Minus",
    "NumLock",
    "Numpad0",
    "Numpad1",
    "Numpad2",
    "Numpad3",
    "Numpad4",
    "Numpad5",
    "Numpad6",
    "Numpad7",
    "Numpad8",
    "Numpad9",
    "NumpadAdd",
    "NumpadDecimal",
    "NumpadDivide",
    "NumpadEnter",
    "NumpadEqual",
    "NumpadMultiply",
    "NumpadSubtract",
    "PageDown",
    "PageUp",
    "Pause",
    "Period",
    "PrintScreen",
    "Quote",
    "ScrollLock",
    "Semicolon",
    "Slash",
    "Space",
    "Tab",
];

/// A key with the modifiers that are held with it. Two that mean the same are equal, however they were typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hotkey {
    held: [bool; MODIFIERS.len()],
    key: String,
}

/// A text that is no key combination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no key combination: it is one key behind what is held with it, such as Ctrl+Shift+M or F9")]
pub struct NoHotkey(String);

impl FromStr for Hotkey {
    type Err = NoHotkey;

    fn from_str(text: &str) -> Result<Self, NoHotkey> {
        let mut held = [false; MODIFIERS.len()];
        let mut parts: Vec<&str> = text.split('+').map(str::trim).collect();
        let key = parts.pop().and_then(key);
        for part in parts {
            let part = part.to_ascii_lowercase();
            let place = MODIFIERS.iter().position(|(_, names)| names.contains(&part.as_str()));
            match place {
                Some(place) if !held[place] => held[place] = true,
                Some(_) | None => return Err(NoHotkey(text.to_owned())),
            }
        }
        let hotkey = key.map(|key| Self { held, key }).filter(Self::leaves_typing_alone);
        hotkey.ok_or_else(|| NoHotkey(text.to_owned()))
    }
}

impl Hotkey {
    /// A letter or digit without Ctrl, Alt or Super would be taken away from whoever writes.
    fn leaves_typing_alone(&self) -> bool {
        let [ctrl, alt, _, super_key] = self.held;
        ctrl || alt || super_key || self.writes_nothing()
    }

    fn writes_nothing(&self) -> bool {
        let is_function_key = self.key.len() > 1 && self.key[1..].bytes().all(|byte| byte.is_ascii_digit());
        let is_media_key = self.key.starts_with("Media") || self.key.starts_with("AudioVolume");
        is_function_key || is_media_key || matches!(self.key.as_str(), "Pause" | "ScrollLock" | "PrintScreen")
    }
}

impl fmt::Display for Hotkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = MODIFIERS.iter().zip(self.held).filter(|(_, is_held)| *is_held);
        for ((name, _), _) in held {
            write!(f, "{name}+")?;
        }
        f.write_str(&self.key)
    }
}

/// The key in the form in which it is written.
fn key(text: &str) -> Option<String> {
    let bare = ["Key", "Digit"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let upper = bare.to_ascii_uppercase();
    if upper.len() == 1 && upper.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(upper);
    }
    let number = upper.strip_prefix('F').and_then(|number| number.parse::<u8>().ok());
    if number.is_some_and(|number| (1..=24).contains(&number) && upper == format!("F{number}")) {
        return Some(upper);
    }
    NAMED.iter().find(|known| known.eq_ignore_ascii_case(text)).map(|known| (*known).to_owned())
}
