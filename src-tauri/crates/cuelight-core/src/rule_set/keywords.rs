//! All words of all keyword rules, searched for in one pass over a comment.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::command::folded;

/// Words of so many bytes are searched for with the fastest automaton, which takes up to some hundred times their size.
const FAST_BYTES: usize = 64 * 1024;

/// The words of every keyword rule in one automaton.
#[derive(Debug, Clone)]
pub(crate) struct Keywords {
    automaton: AhoCorasick,
    /// The rules that wait for a word and the word as each of them writes it, by the automaton's number of the word.
    rules_by_word: Vec<Vec<(usize, String)>>,
}

impl Keywords {
    /// `None` where no rule has a keyword.
    pub(super) fn new(words: Vec<(usize, String)>) -> Option<Self> {
        if words.is_empty() {
            return None;
        }
        let mut by_word: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for (rule, word) in words {
            by_word.entry(folded(word.trim())).or_default().push((rule, word));
        }
        let (words, rules_by_word): (Vec<String>, Vec<_>) = by_word.into_iter().unzip();
        let size: usize = words.iter().map(String::len).sum();
        // A comment whose only capitals are ASCII needs no copy in lower case: the automaton takes it as it is.
        let automaton = AhoCorasickBuilder::new()
            .kind((size <= FAST_BYTES).then_some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(words)
            .expect("the words of rules that fit in memory have fewer than 2^31 states");
        Some(Self { automaton, rules_by_word })
    }

    /// Tells each rule one of whose words stands in the comment, with the word, in the order of the comment; each word once.
    /// `searched` is the comment in which no capitals but ASCII's are left.
    pub(crate) fn find<'k>(&'k self, searched: &str, mut found: impl FnMut(usize, &'k str)) {
        let mut told = Vec::new();
        for hit in self.automaton.find_overlapping_iter(searched) {
            let word = hit.pattern().as_usize();
            if is_whole(searched, hit.start(), hit.end()) && !told.contains(&word) {
                told.push(word);
                self.rules_by_word[word].iter().for_each(|(rule, word)| found(*rule, word));
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
