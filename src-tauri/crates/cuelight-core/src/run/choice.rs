//! What *if … otherwise …* asks: two filled texts, compared as numbers where both are numbers.

use std::cmp::Ordering;

use crate::condition::Comparison;
use crate::facts::{Facts, Values};
use crate::step::Test;
use crate::template::{Target, fill};

/// Whether it holds for what is known now.
pub(super) fn holds(test: &Test, facts: &Facts, values: &Values) -> bool {
    let left = fill(&test.value, facts, values, Target::Plain);
    let right = fill(&test.than, facts, values, Target::Plain);
    match test.is {
        Comparison::Equal => order(&left, &right).is_eq(),
        Comparison::NotEqual => order(&left, &right).is_ne(),
        Comparison::Less => order(&left, &right).is_lt(),
        Comparison::AtMost => order(&left, &right).is_le(),
        Comparison::More => order(&left, &right).is_gt(),
        Comparison::AtLeast => order(&left, &right).is_ge(),
        Comparison::Contains => left.to_lowercase().contains(&right.to_lowercase()),
    }
}

/// Whole numbers are compared as such, because a user id has more digits than a float can tell apart.
fn order(left: &str, right: &str) -> Ordering {
    let whole = |text: &str| text.trim().parse::<i128>().ok();
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return left.cmp(&right);
    }
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return left.partial_cmp(&right).expect("finite numbers have an order");
    }
    left.to_lowercase().cmp(&right.to_lowercase())
}

/// Viewers may be called "nan" or "infinity", which a float would take for numbers.
fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_all_else_as_texts_without_case() {
        for (left, right, expected) in [
            ("9", "10", Ordering::Less),
            ("9 lives", "10 lives", Ordering::Greater),
            ("1.50", "1.5", Ordering::Equal),
            (" 7 ", "7.0", Ordering::Equal),
            ("-0", "0", Ordering::Equal),
            ("6789012345678901234", "6789012345678901235", Ordering::Less),
            ("Mia", "mIA", Ordering::Equal),
            ("NaN", "nan", Ordering::Equal),
            ("inf", "12", Ordering::Greater),
            ("", "0", Ordering::Less),
        ] {
            assert_eq!(order(left, right), expected, "{left:?} against {right:?}");
        }
    }
}
