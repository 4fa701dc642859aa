//! Key combinations such as `Ctrl+Shift+M`, read from whatever people type and written in one form.

use std::fmt;
use std::str::FromStr;

/// Modifiers, in the order in which they are written: the name, and what else they are called.
const MODIFIERS: [(&str, &[&str]); 4] = [
    ("Ctrl", &["ctrl", "control"]),
    ("Alt", &["alt", "option"]),
    ("Shift", &["shift"]),
    ("Super", &["super", "meta", "cmd", "command", "win", "windows"]),
];

/// The places of the two that menus go by.
const CTRL: usize = 0;
const SUPER: usize = 3;

/// What programs for several systems call the modifier of their menus: Command on a Mac, Ctrl elsewhere.
const OF_MENUS: [&str; 4] = ["commandorcontrol", "commandorctrl", "cmdorcontrol", "cmdorctrl"];

/// The place of that modifier.
const OF_MENUS_HERE: usize = if cfg!(target_os = "macos") { SUPER } else { CTRL };

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

/// What else keys are called: by what stands on them, and by the short names that other programs write.
const ALSO: [(&str, &str); 24] = [
    ("`", "Backquote"),
    ("\\", "Backslash"),
    ("[", "BracketLeft"),
    ("]", "BracketRight"),
    (",", "Comma"),
    ("=", "Equal"),
    ("-", "Minus"),
    (".", "Period"),
    ("'", "Quote"),
    (";", "Semicolon"),
    ("/", "Slash"),
    ("del", "Delete"),
    ("down", "ArrowDown"),
    ("esc", "Escape"),
    ("left", "ArrowLeft"),
    ("mediatrackprev", "MediaTrackPrevious"),
    ("numpadplus", "NumpadAdd"),
    ("pausebreak", "Pause"),
    ("return", "Enter"),
    ("right", "ArrowRight"),
    ("up", "ArrowUp"),
    ("volumedown", "AudioVolumeDown"),
    ("volumemute", "AudioVolumeMute"),
    ("volumeup", "AudioVolumeUp"),
];

/// A key with the modifiers that are held with it. Two that mean the same are equal, however they were typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyCombination {
    held: [bool; MODIFIERS.len()],
    key: String,
}

/// A text that is no key combination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no key combination: it is one key behind what is held with it, such as Ctrl+Shift+M or F9")]
pub struct NoKeyCombination(String);

impl FromStr for KeyCombination {
    type Err = NoKeyCombination;

    fn from_str(text: &str) -> Result<Self, NoKeyCombination> {
        let refused = || NoKeyCombination(text.to_owned());
        let bare: String = text.split_whitespace().collect::<String>().to_lowercase();
        let mut parts: Vec<&str> = bare.split('+').collect();
        let key = parts.pop().and_then(key).ok_or_else(refused)?;
        let mut held = [false; MODIFIERS.len()];
        for part in parts {
            let place = modifier(part).filter(|place| !held[*place]).ok_or_else(refused)?;
            held[place] = true;
        }
        Some(Self { held, key }).filter(Self::leaves_typing_alone).ok_or_else(refused)
    }
}

impl KeyCombination {
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

impl fmt::Display for KeyCombination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = MODIFIERS.iter().zip(self.held).filter(|(_, is_held)| *is_held);
        for ((name, _), _) in held {
            write!(f, "{name}+")?;
        }
        f.write_str(&self.key)
    }
}

/// The place of a modifier, of which the name is given in lower case.
fn modifier(name: &str) -> Option<usize> {
    let place = MODIFIERS.iter().position(|(_, names)| names.contains(&name));
    place.or_else(|| OF_MENUS.contains(&name).then_some(OF_MENUS_HERE))
}

/// The key in the form in which it is written; given in lower case.
fn key(name: &str) -> Option<String> {
    let character = ["key", "digit"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    if character.len() == 1 && character.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(character.to_ascii_uppercase());
    }
    let number = name.strip_prefix('f').and_then(|number| number.parse::<u8>().ok());
    if let Some(number @ 1..=24) = number
        && name == format!("f{number}")
    {
        return Some(format!("F{number}"));
    }
    // "Num5" is Numpad5, but "NumLock" is a key of its own.
    let of_numpad =
        name.strip_prefix("num").filter(|rest| !rest.starts_with("pad")).map(|rest| format!("numpad{rest}"));
    [Some(name), of_numpad.as_deref()].into_iter().flatten().find_map(named)
}

fn named(name: &str) -> Option<String> {
    let also = ALSO.iter().find(|(also, _)| *also == name).map(|(_, known)| *known);
    also.or_else(|| NAMED.into_iter().find(|known| known.eq_ignore_ascii_case(name))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Option<&str>) {
        let read = typed.parse::<KeyCombination>().ok().map(|keys| keys.to_string());
        assert_eq!(read.as_deref(), expected, "{typed:?}");
        if let Some(written) = &read {
            assert_eq!(written.parse(), typed.parse::<KeyCombination>(), "what is written reads as the same");
        }
    }

    #[test]
    fn key_combinations_are_written_in_one_form_however_they_were_typed() {
        check("Ctrl+Shift+M", Some("Ctrl+Shift+M"));
        check(" shift + CONTROL + keym ", Some("Ctrl+Shift+M"));
        check(" shift + CONTROL + m ", Some("Ctrl+Shift+M"));
        check("Ctrl+KeyM", Some("Ctrl+M"));
        check("Alt+Digit1", Some("Alt+1"));
        check("meta+bracketleft", Some("Super+BracketLeft"));
        check("Option+[", Some("Alt+BracketLeft"));
        check("F9", Some("F9"));
        check("Shift+F24", Some("Shift+F24"));
        check("MediaPlayPause", Some("MediaPlayPause"));
        check("Volume Up", Some("AudioVolumeUp"));
        check("ctrl + page down", Some("Ctrl+PageDown"));
        check("Ctrl+Up", Some("Ctrl+ArrowUp"));
        check("Ctrl+Esc", Some("Ctrl+Escape"));
        check("Ctrl+Num5", Some("Ctrl+Numpad5"));
        check("Ctrl+NumPlus", Some("Ctrl+NumpadAdd"));
        check("Ctrl+NumLock", Some("Ctrl+NumLock"));
    }

    #[test]
    fn the_modifier_of_menus_is_the_systems_own() {
        let here = if cfg!(target_os = "macos") { "Super+R" } else { "Ctrl+R" };
        for typed in ["CmdOrCtrl+R", "CommandOrControl+R", "cmdorcontrol + r", "CommandOrCtrl+KeyR"] {
            check(typed, Some(here));
        }
    }

    #[test]
    fn every_key_that_has_a_name_is_known_by_it() {
        for name in NAMED.into_iter().chain(ALSO.map(|(_, known)| known)) {
            check(&format!("ctrl+{name}"), Some(&format!("Ctrl+{name}")));
        }
    }

    #[test]
    fn what_is_no_key_combination_is_none() {
        for typed in [
            "",
            "+",
            "Ctrl",
            "Ctrl+",
            "Ctrl+Shift",
            "M+Ctrl",
            "Ctrl+Ctrl+M",
            "Ctrl+Control+M",
            "Ctrl+MM",
            "Ctrl+Key",
            "Ctrl+ß",
            "Hyper+M",
            "F0",
            "F25",
            "F01",
            "Ctrl+F1+F2",
        ] {
            check(typed, None);
        }
        for typed in ["M", "Shift+M", "Enter", "Space", "Shift+Slash", "Numpad1", "Escape"] {
            check(typed, None);
        }
    }
}
