//! Chat commands: `!spin` and `/spin`, by any of their names.

use ahash::AHashMap;

use crate::trigger::CommandPlace;

/// What may stand before a command's name.
const PREFIXES: [char; 2] = ['!', '/'];

/// The commands of all rules, by their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Commands {
    by_name: AHashMap<String, Vec<(CommandPlace, usize)>>,
    /// A rule takes its command at any place, so the whole comment has to be looked through.
    anywhere: bool,
}

impl Commands {
    pub(super) fn add(&mut self, names: &[String], place: CommandPlace, rule: usize) {
        self.anywhere |= place == CommandPlace::Anywhere;
        for name in names {
            self.by_name.entry(name_of(name)).or_default().push((place, rule));
        }
    }

    /// Tells each rule whose command stands in the comment, with what follows the command; the first one of each rule.
    pub(crate) fn find<'c>(&self, comment: &'c str, mut found: impl FnMut(usize, &'c str)) {
        if self.by_name.is_empty() {
            return;
        }
        let comment = comment.trim();
        let may_hold_one = if self.anywhere { comment.contains(PREFIXES) } else { comment.starts_with(PREFIXES) };
        if !may_hold_one {
            return;
        }
        let mut rest = comment;
        while !rest.is_empty() {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let is_first = rest.len() == comment.len();
            rest = after.trim_start();
            if let Some(rules) = word.strip_prefix(PREFIXES).and_then(|name| self.by_name.get(&folded(name))) {
                for &(place, rule) in rules {
                    let fits = match place {
                        CommandPlace::Start => is_first,
                        CommandPlace::Exact => is_first && rest.is_empty(),
                        CommandPlace::Anywhere => true,
                    };
                    if fits {
                        found(rule, rest);
                    }
                }
            }
            if !self.anywhere {
                return;
            }
        }
    }
}

/// The name as commands are compared: without its prefix and without regard to case.
#[must_use]
pub fn name_of(name: &str) -> String {
    let name = name.trim();
    folded(name.strip_prefix(PREFIXES).unwrap_or(name))
}

/// Whether the comment begins with the command of one of these names, as [`name_of`] makes them.
pub(crate) fn begins_with(comment: &str, names: &[String]) -> bool {
    let name = comment.split_whitespace().next().and_then(|word| word.strip_prefix(PREFIXES)).map(folded);
    name.is_some_and(|name| names.contains(&name))
}

/// The text as it is compared without regard to case.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// Whether folding the text changes nothing but letters of ASCII.
pub(crate) fn has_no_capitals_beyond_ascii(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|it| it.is_ascii() || has_no_case(it) || it.to_lowercase().eq([it]))
}

/// Characters of scripts and signs that know no capitals, told by their places, which is faster than asking for each.
fn has_no_case(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{109f}'         // Hebrew to Burmese
        | '\u{1100}'..='\u{139f}'      // Korean letters, Ethiopic
        | '\u{2000}'..='\u{20ff}'      // Punctuation, joiners
        | '\u{2190}'..='\u{245f}'      // Arrows, signs
        | '\u{2500}'..='\u{2bff}'      // Shapes, hearts
        | '\u{2e80}'..='\u{a63f}'      // Chinese, Japanese
        | '\u{ac00}'..='\u{faff}'      // Korean, Chinese
        | '\u{fe00}'..='\u{fe0f}'      // Variants
        | '\u{1f000}'..='\u{3ffff}'    // Emoji, Chinese
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_case_is_not_changed_by_folding() {
        for character in ('\u{80}'..=char::MAX).filter(|it| has_no_case(*it)) {
            assert!(character.to_lowercase().eq([character]), "{character:?} has a small letter");
        }
        for (text, expected) in [("Hi", true), ("😂 Hi", true), ("größe", true), ("GRÖSSE", false), ("ΟΔΟΣ", false)]
        {
            assert_eq!(has_no_capitals_beyond_ascii(text), expected, "{text}");
        }
    }
}
