use proptest::prelude::*;

use super::*;

fn check(cases: &[(&str, &str)]) {
    for (sent, cleaned) in cases {
        assert_eq!(clean(sent), *cleaned, "of {sent:?} ({})", sent.escape_unicode());
    }
}

#[test]
fn clean_texts_stay_as_they_are_and_are_not_copied() {
    for text in ["", "hello world", "Grüße, 妹妹 ☺️", "مرحبا بالعالم", "ลูน่าที่รัก", "လျှို့ဝှက်", "e\u{301}", "𝓛𝓾𝓷𝓪 🅻🆄🅽🅰"]
    {
        assert!(matches!(clean(text), Cow::Borrowed(same) if same == text), "{text:?} has nothing to clean");
    }
}

#[test]
fn control_and_invisible_characters_go() {
    check(&[
        ("a\u{1b}[31mred\u{7}", "a[31mred"),
        ("a\u{200b}d\u{2060}m\u{ad}i\u{feff}n", "admin"),
        ("\u{3164}\u{115f}\u{2800}\u{ffa0}", ""),
        ("Per\u{200c}sian\u{200d}", "Persian"),
        ("i\u{fe0f}x\u{e0100}", "ix"),
        ("a\u{ffff}\u{1fffe}b", "ab"),
    ]);
}

#[test]
fn nothing_turns_the_direction_of_writing() {
    check(&[
        ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
        ("\u{2066}a\u{2067}b\u{2068}c\u{2069}\u{200e}\u{200f}\u{61c}", "abc"),
    ]);
}

#[test]
fn line_breaks_become_spaces() {
    check(&[("a\nb\r\nc\td\u{2028}e\u{85}f", "a b c d e f")]);
}

#[test]
fn emoji_keep_what_builds_them_and_nothing_else_does() {
    check(&[
        ("👩‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👩🏽‍⚕️", "👩‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👩🏽‍⚕️"),
        ("1️⃣ #️⃣ ©️ ☺︎", "1️⃣ #️⃣ ©️ ☺︎"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇻🇳", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇻🇳"),
        ("❤\u{200d}x ❤\u{fe0f}\u{fe0f} 1\u{fe0f}2", "❤x ❤\u{fe0f} 12"),
        // Tags hide text where they build no flag.
        ("🏴\u{e0067}\u{e0062}", "🏴"),
        ("a\u{e0068}\u{e0069}\u{e007f}", "a"),
    ]);
}

#[test]
fn runs_of_combining_marks_are_cut() {
    let sent = format!("Z{}a\u{301}", "\u{335}".repeat(60));
    assert_eq!(
        clean(&sent),
        format!("Z{}a\u{301}", "\u{335}".repeat(CLEAN_MARKS_PER_CHARACTER)),
        "each character by itself"
    );
    assert_eq!(clean("\u{301}a"), "a", "a mark on nothing would sit on what is printed before it");
    let hidden = "Z\u{335}\u{200b}".repeat(3) + &"\u{335}\u{200b}".repeat(60);
    assert!(
        clean(&hidden).matches('\u{335}').count() <= 2 + CLEAN_MARKS_PER_CHARACTER,
        "hidden characters do not restart the run"
    );
}

#[test]
fn length_is_counted_as_people_count() {
    assert_eq!(clean_to("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2), "👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "a family is one character");
    assert_eq!(clean_to("e\u{301}e\u{301}", 1), "e\u{301}", "so is a letter with its mark");
    assert_eq!(clean_to("abc", 0), "", "nothing may be asked for");
    let endless = format!("a{}b", "👩\u{200d}".repeat(5_000) + "👩");
    assert_eq!(clean(&endless), "a\u{fffd}b", "an endless character is none");
}

fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\u{200d}",
        "\u{fe0f}",
        "\u{fe0e}",
        "\u{20e3}",
        "\u{301}",
        "\u{335}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\r",
        "\n",
        "\t",
        "\u{0}",
        "\u{1b}",
        "👩",
        "❤",
        "🏴",
        "🏽",
        "\u{e0067}",
        "\u{e007f}",
        "1",
        "#",
        "a",
        " ",
        ".",
        "/",
        ":",
        "\u{3164}",
        "\u{e47}",
        "ก",
        "🇻",
        "क",
        "\u{94d}",
        "\u{1100}",
        "\u{1161}",
        "\u{600}",
    ]);
    prop::collection::vec(prop_oneof![4 => odd.prop_map(str::to_owned), 1 => any::<String>()], 0..40)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing_more(text in odd_text(), max in 0_usize..50) {
        let once = clean_to(&text, max).into_owned();
        prop_assert!(matches!(clean_to(&once, max), Cow::Borrowed(same) if same == once), "{} of {}", once.escape_unicode(), text.escape_unicode());
    }

    #[test]
    fn cleaning_never_makes_longer_and_leaves_nothing_forbidden(text in odd_text(), max in 0_usize..50) {
        let cleaned = clean_to(&text, max);
        prop_assert!(cleaned.len() <= text.len(), "longer than what was sent");
        prop_assert!(cleaned.graphemes(true).count() <= max, "longer than asked for");
        let forbidden = |code_point: char| {
            code_point.is_control()
                || matches!(code_point, '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}')
        };
        prop_assert!(!cleaned.contains(forbidden), "{}", cleaned.escape_unicode());
        let mut marks = 0;
        for code_point in cleaned.chars().filter(|it| *it != JOINER && !is_variation_selector(*it)) {
            marks = if is_combining_mark(code_point) { marks + 1 } else { 0 };
            prop_assert!(marks <= CLEAN_MARKS_PER_CHARACTER, "{}", cleaned.escape_unicode());
        }
    }
}
