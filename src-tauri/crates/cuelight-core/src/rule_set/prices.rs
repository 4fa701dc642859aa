//! Rules for gifts between two prices, found without looking at all of them.

/// The ranges in the order of their least prices, read as a balanced tree: the middle one is the root of those around it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PriceRanges {
    ranges: Vec<Range>,
}

#[derive(Debug, Clone)]
struct Range {
    min: u32,
    max: u32,
    rule: usize,
    /// The highest price of this range and of those below it in the tree.
    highest: u32,
}

impl PriceRanges {
    /// Least price, highest price, rule.
    pub(super) fn new(ranges: Vec<(u32, u32, usize)>) -> Self {
        let range = |(min, max, rule)| Range { min, max, rule, highest: max };
        let mut ranges: Vec<Range> = ranges.into_iter().map(range).collect();
        ranges.sort_by_key(|range| range.min);
        note_highest(&mut ranges);
        Self { ranges }
    }

    /// Tells each rule in whose range the price lies.
    pub(crate) fn find(&self, price: u32, mut found: impl FnMut(usize)) {
        find(&self.ranges, price, &mut found);
    }
}

fn note_highest(ranges: &mut [Range]) -> u32 {
    let middle = ranges.len() / 2;
    let (before, rest) = ranges.split_at_mut(middle);
    let Some((root, after)) = rest.split_first_mut() else { return 0 };
    root.highest = root.max.max(note_highest(before)).max(note_highest(after));
    root.highest
}

fn find(ranges: &[Range], price: u32, found: &mut impl FnMut(usize)) {
    let (before, rest) = ranges.split_at(ranges.len() / 2);
    let Some((root, after)) = rest.split_first() else { return };
    if root.highest < price {
        return;
    }
    find(before, price, found);
    if root.min <= price {
        if price <= root.max {
            found(root.rule);
        }
        find(after, price, found);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_range_around_a_price_is_found_and_no_other(
            ranges in prop::collection::vec((0..50_u32, 0..50_u32), 0..40),
            price in 0..60_u32,
        ) {
            let ranges: Vec<_> = ranges.into_iter().zip(0..).map(|((min, max), rule)| (min, max, rule)).collect();
            let mut found = Vec::new();
            PriceRanges::new(ranges.clone()).find(price, |rule| found.push(rule));
            found.sort_unstable();
            let around = ranges.into_iter().filter(|(min, max, _)| (*min..=*max).contains(&price));
            prop_assert_eq!(found, around.map(|(_, _, rule)| rule).collect::<Vec<_>>(), "as one by one");
        }
    }
}
