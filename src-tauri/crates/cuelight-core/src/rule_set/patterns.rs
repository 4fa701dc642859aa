//! All expressions of all rules: which of them a comment may match, found in one pass over it.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};

/// A shorter beginning stands in so many comments that looking for it spares nothing.
const SHORTEST_BYTES: usize = 2;

/// Rules with an expression. An expression is tried only on comments that hold what every match of it begins or ends with,
/// so that hundreds of them cost what the few cost that may match.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    /// Finds what matches begin or end with.
    literals: Option<AhoCorasick>,
    /// The rules by the automaton's number of their literal.
    rules_by_literal: Vec<Vec<usize>>,
    /// Rules whose matches may begin and end with anything.
    always: Vec<usize>,
}

impl Patterns {
    /// Rules with their expressions, which can be compiled.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = (usize, &'p str)>) -> Self {
        let mut always = Vec::new();
        let mut by_literal: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        for (rule, pattern) in patterns {
            let Some(literals) = literals(pattern) else {
                always.push(rule);
                continue;
            };
            for literal in literals {
                by_literal.entry(literal).or_default().push(rule);
            }
        }
        let (literals, rules_by_literal): (Vec<Vec<u8>>, Vec<_>) = by_literal.into_iter().unzip();
        let automaton = || {
            AhoCorasickBuilder::new()
                .ascii_case_insensitive(true)
                .build(literals)
                .expect("a few short literals for each rule have fewer than 2^31 states")
        };
        Self { literals: (!rules_by_literal.is_empty()).then(automaton), rules_by_literal, always }
    }

    /// Tells each rule whose expression the comment may match, once for each of its literals that stands in the comment.
    pub(crate) fn find(&self, comment: &str, mut found: impl FnMut(usize)) {
        self.always.iter().for_each(|&rule| found(rule));
        let mut told = Vec::new();
        for hit in self.literals.iter().flat_map(|literals| literals.find_overlapping_iter(comment)) {
            let literal = hit.pattern().as_usize();
            if !told.contains(&literal) {
                told.push(literal);
                self.rules_by_literal[literal].iter().for_each(|&rule| found(rule));
            }
        }
    }
}

/// What every match of the expression begins or ends with, in lower case as far as it is ASCII, each once; `None` where that
/// may be anything or hardly anything.
fn literals(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let parsed = ParserBuilder::new().case_insensitive(true).build().parse(pattern).ok()?;
    let of_kind = |kind| usable(&Extractor::new().kind(kind).extract(&parsed), &parsed);
    of_kind(ExtractKind::Prefix).or_else(|| of_kind(ExtractKind::Suffix))
}

fn usable(literals: &Seq, parsed: &Hir) -> Option<Vec<Vec<u8>>> {
    // An expression that matches nothing at all has no literals, and need not be tried.
    let literals = literals.literals()?;
    let is_long_enough = literals.iter().all(|literal| literal.len() >= SHORTEST_BYTES);
    if !is_long_enough || parsed.properties().minimum_len() == Some(0) {
        return None;
    }
    let mut literals: Vec<Vec<u8>> = literals.iter().map(|literal| literal.as_bytes().to_ascii_lowercase()).collect();
    literals.sort_unstable();
    literals.dedup();
    Some(literals)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rule_set::pattern::compile;

    const PATTERNS: [&str; 14] = [
        r"song (\w+)",
        r"\bhi\b",
        r"^(hello|hallo|grüße)",
        r"(\w+) bye$",
        r"^\d+$",
        r"straße|ſos",
        r"a|bcd",
        r".*",
        r"(?-i)Kit",
        r"[aä]b+c?",
        r"(x{2,3}|yy)z",
        r"[^\x00-\x{10FFFF}]",
        r"σας|ΟΔΟΣ",
        r"🔥🔥?",
    ];

    /// Whether the comment's matches are all among the expressions that are tried.
    fn check(comment: &str) {
        let patterns = Patterns::new((0..).zip(PATTERNS));
        let mut tried = Vec::new();
        patterns.find(comment, |rule| tried.push(rule));
        for (rule, pattern) in PATTERNS.into_iter().enumerate() {
            let matches = compile(pattern).expect("an expression").is_match(comment);
            assert!(!matches || tried.contains(&rule), "{pattern} matches {comment:?} and is not tried");
        }
    }

    #[test]
    fn what_matches_is_tried_in_any_case_and_script() {
        for comment in [
            "SONG one",
            "Hi!",
            "HALLO",
            "GRÜSSE",
            "GRÜßE",
            "ok BYE",
            "42",
            "STRAßE",
            "SOS",
            "ſOſ",
            "KIT Kit \u{212a}it",
        ] {
            check(comment);
        }
        for comment in ["ÄBC", "xxz", "YYZ", "ΣΑΣ σασ σας", "οδος", "🔥", "", "a", "BCD"] {
            check(comment);
        }
    }

    #[test]
    fn what_cannot_match_is_not_tried() {
        let patterns = Patterns::new([(0, r"song (\w+)"), (1, r"\w+ bye$"), (2, r"^\d+$")].into_iter());
        let mut tried = Vec::new();
        patterns.find("hello there", |rule| tried.push(rule));
        assert_eq!(tried, [2], "only the one whose matches may begin with any digit");
    }

    proptest! {
        #[test]
        fn nothing_that_matches_is_missed(comment in "(song |Hi|GRÜẞE|x{1,3}|yYz|[ -~]{0,4}|\\PC{0,4}){0,6}") {
            check(&comment);
        }
    }
}
