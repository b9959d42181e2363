//! Weights: exact integers in units of a power of ten.

use super::Dataset;
use super::number::{self, Decimal, Scaled, divide, rescale};
use crate::diag::Diagnostic;

/// Decimals that are kept as they are written.
const KEPT_DECIMALS: u32 = 9;
/// Significant digits of weights with more decimals: those are computed ones.
const SIGNIFICANT: u32 = 12;
/// Decimals a weight can have at most.
const MOST_DECIMALS: u32 = 15;
/// Weights in their units stay below this, so that sums of squares fit 128 bits.
const LARGEST: i64 = 1_000_000_000_000_000;

/// Reads a weight: a number that is not negative.
pub(crate) fn weight(cell: &[u8]) -> Option<Decimal> {
    let value = number::folded(cell);
    let value = value.ok().filter(|value| value.digits >= 0)?;
    if is_plain(value) {
        return Some(value);
    }
    let mut rounded = value.significant(SIGNIFICANT);
    if rounded.decimals > MOST_DECIMALS {
        let digits = divide(rounded.digits, rounded.decimals - MOST_DECIMALS);
        rounded = Decimal { digits, decimals: MOST_DECIMALS };
    }
    Some(rounded)
}

/// Whether a number is a weight as it is.
#[inline]
pub(crate) fn is_plain(value: Decimal) -> bool {
    value.digits >= 0 && value.decimals <= KEPT_DECIMALS
}

/// A computed weight at [`SIGNIFICANT`] digits: what a file of weights would hold of it.
fn computed(value: f64) -> Option<Decimal> {
    if !value.is_finite() || value < 0.0 {
        return None;
    }
    // As many decimals as give the digits wanted; a weight has no more than the most.
    let most = 10_f64.powi(SIGNIFICANT as i32);
    let fits = |decimals: &u32| value * 10_f64.powi(*decimals as i32) < most;
    let decimals = (0..=MOST_DECIMALS).rev().find(fits).unwrap_or(0);
    let digits = (value * 10_f64.powi(decimals as i32)).round();
    // 2^63, the first whole number that is too large.
    if digits >= 9_223_372_036_854_775_808.0 {
        return None;
    }
    let (mut digits, mut decimals) = (digits as i64, decimals);
    while decimals > 0 && digits % 10 == 0 {
        (digits, decimals) = (digits / 10, decimals - 1);
    }
    Some(Decimal { digits, decimals })
}

impl Dataset {
    /// Takes computed weights, one for each respondent in file order, as from a file of them: at 12
    /// significant digits, exact from then on. `name` is what tables call the weight.
    ///
    /// # Errors
    /// When the weights need more digits together than can be added exactly.
    pub fn reweigh(&mut self, weights: &[f64], name: &str) -> Result<(), Diagnostic> {
        let too_long = || {
            let message = "the weights need more digits together than can be added exactly";
            Diagnostic::error(message).hint("the largest is more than a million times the smallest")
        };
        let mut scaled = Vec::with_capacity(self.blocks.len());
        let mut rest = weights.iter();
        for block in &self.blocks {
            let mut values = Scaled { values: vec![0; block.len], decimals: 0 };
            for (row, &weight) in rest.by_ref().take(block.len).enumerate() {
                let fits = computed(weight).is_some_and(|weight| values.put(row, weight));
                if !fits {
                    return Err(too_long());
                }
            }
            scaled.push(values);
        }
        let (weights, decimals) = unify(scaled).ok_or_else(too_long)?;
        self.zero_weights = weights.iter().flatten().filter(|&&weight| weight == 0).count() as u64;
        self.weight_decimals = decimals;
        self.weight_name = Some(name.to_string());
        for (block, weights) in self.blocks.iter_mut().zip(weights) {
            block.weights = Some(weights);
        }
        Ok(())
    }
}

/// Brings the weights of all blocks to one unit; gives the decimals of the unit, or nothing when
/// they do not fit.
pub(crate) fn unify(blocks: Vec<Scaled>) -> Option<(Vec<Vec<u64>>, u32)> {
    let mut decimals = blocks.iter().map(|block| block.decimals).max().unwrap_or(0);
    let fits = |decimals: u32| {
        blocks.iter().all(|block| {
            let largest = block.values.iter().copied().max().unwrap_or(0);
            let scaled = match decimals.checked_sub(block.decimals) {
                Some(by) => rescale(largest, by),
                None => Some(divide(largest, block.decimals - decimals)),
            };
            scaled.is_some_and(|largest| largest <= LARGEST)
        })
    };
    while !fits(decimals) {
        if decimals <= KEPT_DECIMALS {
            return None;
        }
        decimals -= 1;
    }
    let mut unified = Vec::with_capacity(blocks.len());
    for block in blocks {
        let scaled = |value: i64| {
            let scaled = match decimals.checked_sub(block.decimals) {
                Some(by) => rescale(value, by),
                None => Some(divide(value, block.decimals - decimals)),
            };
            scaled.and_then(|value| u64::try_from(value).ok())
        };
        unified.push(block.values.iter().map(|&value| scaled(value)).collect::<Option<Vec<u64>>>()?);
    }
    Some((unified, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_nine_decimals_are_exact_and_more_are_rounded_to_twelve_digits() {
        let read = |cell: &str| weight(cell.as_bytes()).map(|weight| (weight.digits, weight.decimals));
        assert_eq!(read("0.8405"), Some((8405, 4)));
        assert_eq!(read("1.123456789"), Some((1_123_456_789, 9)));
        assert_eq!(read("1.12345678901234"), Some((112_345_678_901, 11)));
        assert_eq!(read("-0.5"), None);
        assert_eq!(read("NaN"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_computed_weight_is_what_its_twelve_digits_read_as() {
        for (value, text) in [
            (0.840_512_345_678_5, "0.840512345679"),
            (1.0 / 3.0, "0.333333333333"),
            (2.0, "2"),
            (123_456.789_012_345, "123456.789012"),
            (0.001_234_567_890_123_4, "0.00123456789012"),
            (999_999.999_999_999, "1000000"),
            (1e-20, "0"),
            (0.0, "0"),
        ] {
            assert_eq!(computed(value), weight(text.as_bytes()), "{value}");
        }
        assert_eq!(computed(f64::NAN), None);
        assert_eq!(computed(-1.0), None);
        assert_eq!(computed(1e300), None);
    }

    #[test]
    fn blocks_get_one_unit() {
        let blocks =
            vec![Scaled { values: vec![5, 10], decimals: 1 }, Scaled { values: vec![125], decimals: 2 }];
        assert_eq!(unify(blocks), Some((vec![vec![50, 100], vec![125]], 2)));
    }
}
