//! Weighted value counts of a number, and what they tell: mean, deviation, quantiles.
//!
//! Value counts are the sufficient statistic for all of these at once: they add exactly, whatever
//! the order of respondents, chunks and threads, and quantiles cannot be had from moments.

use super::Ratio;

/// A decimal number: `scaled / 10^decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// The digits.
    pub scaled: i128,
    /// Decimal places.
    pub decimals: u32,
}

/// How often a value occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The value, scaled.
    pub value: i64,
    /// Occurrences.
    pub n: u64,
    /// Occurrences with a weight above zero.
    pub weighted: u64,
    /// Sum of weights, scaled.
    pub w: i128,
}

/// Value counts in ascending order of the value, no value twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    entries: Vec<Entry>,
}

impl Distribution {
    /// From entries in any order; equal values are added up.
    pub fn from_entries(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable_by_key(|entry| entry.value);
        entries.dedup_by(|next, kept| {
            let same = next.value == kept.value;
            if same {
                kept.n += next.n;
                kept.weighted += next.weighted;
                kept.w += next.w;
            }
            same
        });
        Distribution { entries }
    }

    /// The entries, ascending.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Both together.
    pub fn merge(&self, other: &Self) -> Self {
        Self::from_entries([self.entries.as_slice(), other.entries.as_slice()].concat())
    }

    /// What is left when a part of it is taken away.
    pub fn without(&self, part: &Self) -> Self {
        let taken = |value: i64| part.entries.binary_search_by_key(&value, |entry| entry.value).ok();
        let left = self.entries.iter().map(|entry| match taken(entry.value) {
            None => *entry,
            Some(place) => {
                let Entry { n, weighted, w, .. } = part.entries[place];
                Entry {
                    value: entry.value,
                    n: entry.n - n,
                    weighted: entry.weighted - weighted,
                    w: entry.w - w,
                }
            }
        });
        Distribution { entries: left.filter(|entry| entry.n > 0).collect() }
    }

    /// Every value and every weight times a positive factor; `None` on overflow.
    pub fn times(&self, value: i64, weight: i128) -> Option<Self> {
        let entries = self.entries.iter().map(|entry| {
            let (value, w) = (entry.value.checked_mul(value)?, entry.w.checked_mul(weight)?);
            Some(Entry { value, w, ..*entry })
        });
        Some(Distribution { entries: entries.collect::<Option<_>>()? })
    }

    /// Number of values.
    pub fn n(&self) -> u64 {
        self.entries.iter().map(|entry| entry.n).sum()
    }

    /// Sum of weights, scaled.
    pub fn w(&self) -> i128 {
        self.entries.iter().map(|entry| entry.w).sum()
    }

    /// Values with a weight above zero: the n of a weighted variance, as R `survey` counts it.
    fn n_weighted(&self) -> u64 {
        self.entries.iter().map(|entry| entry.weighted).sum()
    }

    /// Σwx in units of the scaled weight and scaled value; `None` on overflow.
    pub fn total(&self) -> Option<i128> {
        self.entries
            .iter()
            .try_fold(0_i128, |sum, entry| sum.checked_add(entry.w.checked_mul(i128::from(entry.value))?))
    }

    /// Σwx/Σw in scaled units, exact; `None` without weight.
    pub fn mean(&self) -> Option<Ratio> {
        Ratio::new(self.total()?, self.w())
    }

    /// Standard deviation in scaled units: `sqrt(n/(n−1) · Σw(x−m)²/Σw)`.
    ///
    /// Unweighted this is the sample standard deviation (n−1); weighted it is R `survey`'s
    /// `sqrt(svyvar)` for independent sampling. `n` counts values with a weight above zero.
    /// `None` for fewer than two of them.
    pub fn standard_deviation(&self) -> Option<f64> {
        let n = self.n_weighted();
        if n < 2 {
            return None;
        }
        let mean = self.mean()?;
        // x − m = (x·d − t)/d exactly, with m = t/d: only squares and their sum are rounded.
        let mut squares = Compensated::default();
        for entry in &self.entries {
            let scaled = i128::from(entry.value).checked_mul(mean.denominator())?;
            let centred = scaled.checked_sub(mean.numerator())? as f64 / mean.denominator() as f64;
            squares.add(entry.w as f64 * centred * centred);
        }
        let variance = squares.sum() / self.w() as f64 * (n as f64 / (n - 1) as f64);
        Some(variance.sqrt())
    }

    /// The smallest value with weight, the one at which half of the weight is reached, and the
    /// greatest: values that occur, for what has no mean (days).
    pub fn span(&self) -> Option<[i64; 3]> {
        let whole = self.w();
        let mut weighted = self.entries.iter().filter(|entry| entry.w > 0);
        let first = weighted.clone().next()?.value;
        let last = weighted.clone().next_back()?.value;
        let mut reached = 0_i128;
        let middle = weighted.find(|entry| {
            reached += entry.w;
            reached >= whole - reached
        })?;
        Some([first, middle.value, last])
    }

    /// Quantile in scaled units, exact: the smallest value at which the share of weight reaches
    /// `numerator/denominator`, averaged with the next one where it is reached exactly.
    ///
    /// That is R's `quantile(type = 2)`, SAS's default, and `svyquantile(qrule = "hf2")`.
    pub fn quantile(&self, numerator: i128, denominator: i128) -> Option<Ratio> {
        let target = self.w().checked_mul(numerator)?;
        let mut reached = 0_i128;
        let mut weighted = self.entries.iter().filter(|entry| entry.w > 0).peekable();
        while let Some(entry) = weighted.next() {
            reached += entry.w;
            let share = reached.checked_mul(denominator)?;
            if share > target {
                return Some(Ratio::whole(i128::from(entry.value)));
            }
            if share == target {
                let next = weighted.peek().map_or(entry.value, |next| next.value);
                return Ratio::new(i128::from(entry.value) + i128::from(next), 2);
            }
        }
        None
    }
}

/// Neumaier's compensated sum.
#[derive(Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost +=
            if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    fn sum(&self) -> f64 {
        self.sum + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[i64]) -> Distribution {
        Distribution::from_entries(
            values.iter().map(|&value| Entry { value, n: 1, weighted: 1, w: 1 }).collect(),
        )
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        let median = |v: &[i64]| values(v).quantile(1, 2).unwrap();
        assert_eq!(median(&[1, 2, 3, 10]), Ratio::new(5, 2).unwrap());
        assert_eq!(median(&[3, 1, 2]), Ratio::whole(2));
        assert_eq!(median(&[7]), Ratio::whole(7));
    }

    #[test]
    fn nothing_has_no_mean_and_one_value_no_deviation() {
        assert!(values(&[]).mean().is_none());
        assert!(values(&[]).quantile(1, 2).is_none());
        assert!(values(&[5]).standard_deviation().is_none());
    }

    #[test]
    fn zero_weights_count_for_nothing() {
        let mut entries = values(&[1, 2, 3]).entries().to_vec();
        entries.push(Entry { value: 100, n: 5, weighted: 0, w: 0 });
        entries.push(Entry { value: 2, n: 5, weighted: 0, w: 0 });
        let with_zero = Distribution::from_entries(entries);
        assert_eq!(with_zero.mean(), values(&[1, 2, 3]).mean());
        assert_eq!(with_zero.standard_deviation(), values(&[1, 2, 3]).standard_deviation());
        assert_eq!(with_zero.quantile(1, 1), values(&[1, 2, 3]).quantile(1, 1));
    }
}
