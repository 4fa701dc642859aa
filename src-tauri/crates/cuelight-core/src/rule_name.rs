//! What people call a rule, and the id that is made from it once.

use unicode_normalization::UnicodeNormalization as _;

use crate::clean::clean_to;
use crate::id::RuleId;
use crate::limits::{RULE_ID_CHARACTERS, RULE_NAME_CHARACTERS};

/// The id of a rule whose name has no letter that an id can hold.
const NAMELESS: &str = "rule";

/// Room for the number that is put behind an id that is taken.
const NUMBER_CHARACTERS: usize = 6;

/// Whether a rule or a group can be called so: 1 to [`RULE_NAME_CHARACTERS`] visible characters.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && clean_to(text, RULE_NAME_CHARACTERS) == text
}

/// The id of a new rule of that name: its letters without accents, a dash for everything else, and a number where that is
/// taken.
#[must_use]
pub fn id_for(name: &str, is_taken: impl Fn(&RuleId) -> bool) -> RuleId {
    let plain = plain(name);
    let stem = if plain.is_empty() { NAMELESS } else { &plain };
    let numbered = (2_u64..).map(|number| RuleId::new(format!("{stem}-{number}")));
    let mut ids = std::iter::once(RuleId::new(stem)).chain(numbered);
    ids.find(|id| !is_taken(id)).expect("numbers do not run out")
}

/// What the copy of a rule is called: the same with the next number that no other rule has.
#[must_use]
pub fn name_of_copy(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = match name.rsplit_once(' ') {
        Some((stem, number)) if !stem.is_empty() && number.parse::<u32>().is_ok() => stem,
        _ => name,
    };
    let stem = clean_to(stem, RULE_NAME_CHARACTERS - NUMBER_CHARACTERS);
    let names = (2_u64..).map(|number| format!("{} {number}", stem.trim_end()));
    names.into_iter().find(|name| !is_taken(name)).expect("numbers do not run out")
}

fn plain(name: &str) -> String {
    let mut plain = String::new();
    // Decomposed, an accent is a mark of its own behind its letter; the Vietnamese đ alone has none.
    for letter in name.to_lowercase().nfkd() {
        let letter = if letter == 'đ' { 'd' } else { letter };
        if letter.is_ascii_alphanumeric() {
            plain.push(letter);
        } else if !unicode_normalization::char::is_combining_mark(letter) && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let bounded: String = plain.trim_matches('-').chars().take(RULE_ID_CHARACTERS - NUMBER_CHARACTERS).collect();
    bounded.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_letters_of_the_name() {
        for (name, id) in [
            ("Thank you, Rose!", "thank-you-rose"),
            ("  ¡Gracias, Ñandú!  ", "gracias-nandu"),
            ("Đường về nhà", "duong-ve-nha"),
            ("🌹🌹", "rule"),
            ("Spin 2", "spin-2"),
        ] {
            assert_eq!(id_for(name, |_| false).as_str(), id, "for {name:?}");
        }
    }

    #[test]
    fn an_id_that_is_taken_gets_a_number_and_still_is_an_id() {
        let taken = ["rose", "rose-2"];
        assert_eq!(id_for("Rose", |id| taken.contains(&id.as_str())).as_str(), "rose-3", "the next free one");
        let long = "a".repeat(500);
        let first = id_for(&long, |_| false);
        let second = id_for(&long, |id| *id == first);
        assert!(second != first && second.as_str().len() <= RULE_ID_CHARACTERS, "{second} must fit");
    }

    #[test]
    fn a_copy_has_a_name_of_its_own() {
        let taken = ["Rose", "Rose 2"];
        for (name, copy) in [("Rose", "Rose 3"), ("Rose 2", "Rose 3"), ("2", "2 2"), ("Lion", "Lion 2")] {
            assert_eq!(name_of_copy(name, |name| taken.contains(&name)), copy, "of {name:?}");
        }
        assert!(is_name(&name_of_copy(&"x".repeat(RULE_NAME_CHARACTERS), |_| false)), "it is never too long");
    }

    #[test]
    fn a_name_can_be_seen_and_has_an_end() {
        assert!(is_name("Rose 🌹"), "a usual one");
        for bad in ["", "   ", "two\nlines", "\u{202e}turned"] {
            assert!(!is_name(bad), "{bad:?} is none");
        }
        assert!(!is_name(&"x".repeat(RULE_NAME_CHARACTERS + 1)), "too long");
    }
}
