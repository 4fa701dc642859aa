//! What *if … otherwise …* asks: two filled texts, compared as numbers where both are numbers.

use crate::facts::{Facts, Values};
use crate::step::Test;
use crate::template::{Target, fill};

/// Whether it holds for what is known now.
pub(super) fn holds(test: &Test, facts: &Facts, values: &Values) -> bool {
    let left = fill(&test.value, facts, values, Target::Plain);
    let right = fill(&test.than, facts, values, Target::Plain);
    test.is.holds(&left, &right)
}
