//! Which counts and bases printed percentages can have: exact, one look at each base.

use std::ops::RangeInclusive;

use super::printed::{Printed, Rule};
use crate::stats::Ratio;

/// Bases are looked at up to here when only counts are known.
pub const LARGEST_BASE: u64 = 1_000_000;

/// Percentages that were printed over one base.
#[derive(Debug, Clone)]
pub struct Published {
    /// As printed.
    pub percents: Vec<Printed>,
    /// For each percentage its count, when known.
    pub counts: Option<Vec<u64>>,
    /// How they were rounded.
    pub rule: Rule,
    /// They are all parts of one whole: their counts add up to the base.
    pub parts: bool,
}

/// What a base says of the percentages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtBase {
    /// The base.
    pub base: u64,
    /// For each percentage the smallest and largest count, or nothing.
    pub counts: Vec<Option<(u64, u64)>>,
    /// Whether all fit together.
    pub fits: bool,
    /// With `parts`: in how many ways the counts add up to the base, when they can be counted.
    pub ways: Option<u128>,
}

impl Published {
    /// Whether every percentage (and count) is possible on this base.
    pub fn fits(&self, base: u64) -> bool {
        let (mut least, mut most) = (0, 0);
        for place in 0..self.percents.len() {
            let Some((low, high)) = self.counts_of(place, base) else { return false };
            (least, most) = (least + low, most + high);
        }
        !self.parts || (least..=most).contains(&base)
    }

    /// The counts of one percentage on a base.
    fn counts_of(&self, place: usize, base: u64) -> Option<(u64, u64)> {
        let (least, most) = self.percents[place].counts(base, self.rule)?;
        match &self.counts {
            Some(counts) => (least..=most).contains(&counts[place]).then_some((counts[place], counts[place])),
            None => Some((least, most)),
        }
    }

    /// All a base says; with `parts` the counts are narrowed by one another.
    pub fn at(&self, base: u64) -> AtBase {
        let mut counts: Vec<Option<(u64, u64)>> =
            (0..self.percents.len()).map(|place| self.counts_of(place, base)).collect();
        let fits = self.fits(base);
        let mut ways = None;
        if let (true, true, Some(all)) =
            (self.parts, fits, counts.iter().copied().collect::<Option<Vec<_>>>())
        {
            let least: u64 = all.iter().map(|(low, _)| low).sum();
            let most: u64 = all.iter().map(|(_, high)| high).sum();
            // A part has what the others, at their largest and smallest, leave of the base.
            counts = all
                .iter()
                .map(|&(low, high)| {
                    Some((low.max((base + high).saturating_sub(most)), high.min(base - (least - low))))
                })
                .collect();
            ways = ways_to_add(&all, base - least);
        }
        AtBase { base, counts, fits, ways }
    }

    /// The bases of some ranges that fit, as ranges.
    pub fn bases(&self, within: &[RangeInclusive<u64>]) -> Vec<RangeInclusive<u64>> {
        let mut found: Vec<RangeInclusive<u64>> = Vec::new();
        for base in within.iter().cloned().flatten().filter(|&base| self.fits(base)) {
            match found.last_mut() {
                Some(last) if *last.end() + 1 == base => *last = *last.start()..=base,
                _ => found.push(base..=base),
            }
        }
        found
    }
}

impl Printed {
    /// The counts next to an impossible percentage on a base, with their percentages.
    pub fn neighbours(self, base: u64) -> Vec<(u64, Ratio)> {
        let Some(exact) = self.value().times(i128::from(base)) else { return Vec::new() };
        let below = exact.numerator().div_euclid(100 * exact.denominator());
        [below, below + 1]
            .into_iter()
            .filter(|count| (0..=i128::from(base)).contains(count))
            .filter_map(|count| Some((count as u64, Ratio::new(100 * count, i128::from(base))?)))
            .collect()
    }
}

/// In how many ways numbers from these ranges exceed their smallest by `rest` together; `None` when
/// there are too many to count.
fn ways_to_add(ranges: &[(u64, u64)], rest: u64) -> Option<u128> {
    const MOST: u64 = 100_000;
    if rest > MOST {
        return None;
    }
    let rest = rest as usize;
    let mut ways = vec![0_u128; rest + 1];
    ways[0] = 1;
    for (low, high) in ranges {
        let width = usize::try_from(high - low).ok()?;
        let mut next = vec![0_u128; rest + 1];
        let mut window = 0_u128;
        for sum in 0..=rest {
            window = window.checked_add(ways[sum])?;
            if sum > width {
                window -= ways[sum - width - 1];
            }
            next[sum] = window;
        }
        ways = next;
    }
    Some(ways[rest])
}
