//! Texts as people search for them: without regard to case, accents and how letters are put together.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The text as it is searched: `Hoa Hồng` and `hoa hong` are the same.
#[must_use]
pub fn searchable(text: &str) -> String {
    let plain = text.nfkd().filter(|character| !is_combining_mark(*character));
    plain.flat_map(char::to_lowercase).map(without_stroke).collect()
}

/// Letters with a stroke through them, which are letters of their own and not a letter with a mark.
fn without_stroke(letter: char) -> char {
    match letter {
        'đ' => 'd',
        'ł' => 'l',
        'ø' => 'o',
        'ı' => 'i',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_widths_do_not_matter() {
        for (text, expected) in [
            ("Hoa Hồng", "hoa hong"),
            ("Đôi GIÀY", "doi giay"),
            ("Corazón", "corazon"),
            ("ＲＯＳＥ", "rose"),
            ("Łódź İstanbul", "lodz istanbul"),
            ("バラ", "ハラ"),
            ("🌹 5", "🌹 5"),
        ] {
            assert_eq!(searchable(text), expected, "{text}");
        }
    }
}
