//! All words of all keyword rules, searched for in one pass over a comment.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::command::folded;

/// The words of every keyword rule in one automaton.
#[derive(Debug, Clone)]
pub(crate) struct Keywords {
    automaton: AhoCorasick,
    /// The rule and the word as written, by the automaton's number of it.
    words: Vec<(usize, String)>,
}

impl Keywords {
    /// `None` where no rule has a keyword.
    pub(super) fn new(words: Vec<(usize, String)>) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        // A comment of ASCII needs no copy in lower case: the automaton takes it as it is.
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(words.iter().map(|(_, word)| folded(word.trim())))
            .expect("the words of rules that fit in memory have fewer than 2^31 states");
        Some(Self { automaton, words })
    }

    /// Tells each rule one of whose words stands in the comment, with the word, in the order of the comment; a rule may be
    /// told more than once. `lowered` is the comment in lower case, or as it is where it has only ASCII.
    pub(crate) fn find<'k>(&'k self, lowered: &str, mut found: impl FnMut(usize, &'k str)) {
        for hit in self.automaton.find_overlapping_iter(lowered) {
            if is_whole(lowered, hit.start(), hit.end()) {
                let (rule, word) = &self.words[hit.pattern().as_usize()];
                found(*rule, word);
            }
        }
    }
}

/// Whether neither end of the range lies within a word.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let (before, hit, after) = (&text[..start], &text[start..end], &text[end..]);
    let joined = |left: Option<char>, right: Option<char>| {
        left.is_some_and(is_of_a_spaced_word) && right.is_some_and(is_of_a_spaced_word)
    };
    !joined(before.chars().next_back(), hit.chars().next()) && !joined(hit.chars().next_back(), after.chars().next())
}

/// Letters and digits of scripts that put spaces between words; in the others every place is a border.
fn is_of_a_spaced_word(character: char) -> bool {
    let is_unspaced = matches!(character,
        '\u{e00}'..='\u{eff}'            // Thai, Lao
        | '\u{1000}'..='\u{109f}'        // Burmese
        | '\u{1780}'..='\u{17ff}'        // Khmer
        | '\u{3040}'..='\u{30ff}'        // Hiragana, Katakana
        | '\u{3400}'..='\u{9fff}'        // Han
        | '\u{f900}'..='\u{faff}'        // Han, compatible forms
        | '\u{20000}'..='\u{3ffff}'      // Han, further ones
    );
    (character.is_alphanumeric() || character == '_') && !is_unspaced
}
