//! Weights: exact integers in units of a power of ten.

use super::number::{Decimal, Scaled, decimal, divide, rescale};

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
    let value = decimal(cell).or_else(|_| {
        let text = str::from_utf8(cell).unwrap_or_default();
        decimal(crate::schema::matching_key(text).as_bytes())
    });
    let value = value.ok().filter(|value| value.digits >= 0)?;
    if value.decimals <= KEPT_DECIMALS {
        return Some(value);
    }
    let mut rounded = value.significant(SIGNIFICANT);
    if rounded.decimals > MOST_DECIMALS {
        let digits = divide(rounded.digits, rounded.decimals - MOST_DECIMALS);
        rounded = Decimal { digits, decimals: MOST_DECIMALS };
    }
    Some(rounded)
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
    fn blocks_get_one_unit() {
        let blocks =
            vec![Scaled { values: vec![5, 10], decimals: 1 }, Scaled { values: vec![125], decimals: 2 }];
        assert_eq!(unify(blocks), Some((vec![vec![50, 100], vec![125]], 2)));
    }
}
