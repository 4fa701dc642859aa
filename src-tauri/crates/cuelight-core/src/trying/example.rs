//! A text that a regular expression matches, for made-up comments.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Longest example, in bytes; an expression may ask for a thousand letters.
const EXAMPLE_BYTES: usize = 200;

/// Characters that are taken first where an expression lets one choose.
const PREFERRED: [char; 4] = ['a', '1', 'A', ' '];

/// A short text that the expression probably matches; what it asks of word borders and line ends is not looked at.
pub(super) fn of_pattern(pattern: &str) -> String {
    let mut example = String::new();
    if let Ok(parsed) = ParserBuilder::new().build().parse(pattern) {
        write(&parsed, &mut example);
    }
    example
}

fn write(part: &Hir, example: &mut String) {
    if example.len() >= EXAMPLE_BYTES {
        return;
    }
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => example.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => example.extend(one_of(class)),
        HirKind::Repetition(repetition) => {
            let wanted = repetition.min.max(1).min(repetition.max.unwrap_or(u32::MAX));
            // The bound ends what asks for more.
            (0..wanted.min(EXAMPLE_BYTES as u32)).for_each(|_| write(&repetition.sub, example));
        }
        HirKind::Capture(capture) => write(&capture.sub, example),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, example)),
        HirKind::Alternation(ways) => ways.iter().take(1).for_each(|way| write(way, example)),
    }
}

fn one_of(class: &Class) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            let holds = |it: &char| class.iter().any(|range| (range.start()..=range.end()).contains(it));
            PREFERRED.into_iter().find(holds).or_else(|| class.iter().next().map(|range| range.start()))
        }
        Class::Bytes(class) => class.iter().next().map(|range| char::from(range.start())),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn an_example_matches_its_expression() {
        for pattern in [r"song (\w+)", r"^\d{3}-?[xyz]+$", r"(hello|hi) there", r"\bgo\b", r".*", r"[^\s]{2,}!", r"🔥+"]
        {
            let example = of_pattern(pattern);
            assert!(Regex::new(pattern).expect("an expression").is_match(&example), "{pattern} gave {example:?}");
        }
        assert_eq!(of_pattern("("), "", "what cannot be read has no example");
        assert!(of_pattern("a{5000}").len() <= EXAMPLE_BYTES, "examples stay short");
    }
}
