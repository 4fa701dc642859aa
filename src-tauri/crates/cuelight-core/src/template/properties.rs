use proptest::prelude::*;
use serde_json::json;

use super::tests::{full, saying, values};
use super::*;

/// What the escaping has to bear.
const NASTY: &str = "a\"b'c\\d\n{comment}%comment%&<é>/\u{202e}\u{0}/..";

fn any_template() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        ".{0,6}",
        Just("{nickname}".to_owned()),
        Just("%comment%".to_owned()),
        "[{}%|:'\"\\\\a-z]{0,6}",
        "\\{(comment|count|x)\\|(upper|max:[0-9]|or:.{0,3})\\}",
    ];
    proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

const EVERY_TARGET: [Target; 8] = [
    Target::Plain,
    Target::Json,
    Target::Url,
    Target::Html,
    Target::Minecraft,
    Target::Argument,
    Target::Speech,
    Target::FileName,
];

proptest! {
    #[test]
    fn any_template_with_any_value_fills_to_the_same_text_again(text in any_template(), comment in ".{0,40}") {
        for target in EVERY_TARGET {
            for said in [comment.as_str(), NASTY] {
                let typed = Template::parse(&text);
                let again = Template::parse(&text);
                let filled = typed.fill(&saying(said), &values(), target);
                prop_assert_eq!(filled, again.fill(&saying(said), &values(), target));
            }
        }
    }

    #[test]
    fn text_without_signs_is_unchanged(text in "[^{%]{0,60}") {
        for target in EVERY_TARGET {
            prop_assert_eq!(fill(&text, &full(), &values(), target), text.as_str());
        }
    }

    #[test]
    fn json_is_valid_and_says_what_was_said(comment in "\\PC{0,40}|.{0,40}") {
        for comment in [comment.as_str(), NASTY] {
            let filled = fill("{\"a\":\"{comment}\"}", &saying(comment), &values(), Target::Json);
            let read: serde_json::Value = serde_json::from_str(&filled).expect("valid JSON");
            prop_assert_eq!(read, json!({"a": comment}));
        }
    }

    #[test]
    fn urls_hold_only_what_a_component_may(comment in "(?s).{0,40}") {
        let filled = fill("{comment}", &saying(&comment), &values(), Target::Url);
        prop_assert!(filled.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{}", filled);
    }

    #[test]
    fn no_control_character_goes_out(comment in "(?s)[\u{0}-\u{2fff}]{0,40}") {
        for target in [Target::Minecraft, Target::Argument, Target::Speech, Target::FileName] {
            let filled = fill("{comment}", &saying(&comment), &values(), target);
            prop_assert!(!filled.chars().any(char::is_control), "{:?} for {:?}", filled, target);
        }
    }

    #[test]
    fn a_quoted_minecraft_string_ends_where_the_template_ends_it(comment in "[\"'\\\\a-c ]{0,20}") {
        let filled = fill("\"{comment}\"", &saying(&comment), &values(), Target::Minecraft);
        let read: String = serde_json::from_str(&filled).expect("one string");
        prop_assert_eq!(read, comment);
    }

    #[test]
    fn file_names_hold_no_folder_and_no_device(comment in "(?s)[./\\\\:a-zA-Z0-9 \u{0}-\u{30}]{0,60}|(con|nul|com1)[. a]{0,3}") {
        let name = fill("{comment}", &saying(&comment), &values(), Target::FileName);
        prop_assert!(!name.contains(['/', '\\', ':', '\0']) && !name.starts_with('.') && !name.ends_with(['.', ' ']), "{}", name);
        let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
        prop_assert!(!["CON", "NUL", "COM1"].contains(&stem.as_str()), "{}", name);
    }
}
