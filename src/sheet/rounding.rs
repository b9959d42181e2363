//! The one rounding rule: half away from zero, once, from the raw value.

use crate::stats::Ratio;

/// An exact ratio at so many decimals: `Ratio 1/8` at 2 is `0.13`, −1/8 is `-0.13`.
///
/// Integers only: a binary float would turn ties down or up at random (23/80 is 28.75 %, and prints
/// as 28.8, but the double nearest to 100·23/80/… need not).
pub fn round(value: Ratio, decimals: u32) -> String {
    let (numerator, denominator) = (value.numerator().unsigned_abs(), value.denominator().unsigned_abs());
    // Long division keeps every intermediate below ten times the denominator, so nothing overflows
    // that the ratio itself does not.
    let mut digits = vec![numerator / denominator];
    let mut rest = numerator % denominator;
    for _ in 0..decimals {
        let (digit, left) = next_digit(rest, denominator);
        digits.push(digit);
        rest = left;
    }
    if rest >= denominator - rest {
        let mut place = digits.len();
        loop {
            place -= 1;
            digits[place] += 1;
            if place == 0 || digits[place] < 10 {
                break;
            }
            digits[place] = 0;
        }
    }
    let negative = value.numerator() < 0 && digits.iter().any(|&digit| digit > 0);
    let mut text = format!("{}{}", if negative { "-" } else { "" }, digits[0]);
    if decimals > 0 {
        text.push('.');
        text.extend(digits[1..].iter().map(|digit| char::from(b'0' + *digit as u8)));
    }
    text
}

/// Ten times `rest` divided by `denominator`, without overflow for any denominator.
fn next_digit(rest: u128, denominator: u128) -> (u128, u128) {
    if let Some(ten) = rest.checked_mul(10) {
        return (ten / denominator, ten % denominator);
    }
    let mut digit = 0;
    let mut left = 0;
    for _ in 0..10 {
        // left < denominator and rest < denominator, so compare before adding.
        if left >= denominator - rest {
            left -= denominator - rest;
            digit += 1;
        } else {
            left += rest;
        }
    }
    (digit, left)
}

/// A computed number (a standard deviation) at so many decimals, half away from zero; a tie is
/// detected at 13 significant digits. `None` for a number that is not finite.
pub fn round_real(value: f64, decimals: u32) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    // 13 significant digits, as digits and an exponent.
    let shown = format!("{value:.12e}");
    let (digits, exponent) = shown.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let scaled: i128 = digits.replace('.', "").parse().ok()?;
    let places = exponent - 12;
    let ratio = if places >= 0 {
        Ratio::whole(scaled.checked_mul(10_i128.checked_pow(places as u32)?)?)
    } else if places < -37 {
        Ratio::whole(0)
    } else {
        Ratio::new(scaled, 10_i128.pow(places.unsigned_abs()))?
    };
    Some(round(ratio, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(k: i128, n: i128, decimals: u32) -> String {
        round(Ratio::new(k, n).unwrap().times(100).unwrap(), decimals)
    }

    #[test]
    fn published_percentages_come_out_to_the_digit() {
        for (k, n, decimals, shown) in [
            (32, 604, 1, "5.3"),
            (117, 604, 1, "19.4"),
            (23, 80, 1, "28.8"),
            (1, 8, 0, "13"),
            (49, 75, 0, "65"),
            (25, 74, 0, "34"),
            (1, 3000, 1, "0.0"),
            (2999, 3000, 1, "100.0"),
        ] {
            assert_eq!(percent(k, n, decimals), shown, "{k}/{n}");
        }
    }

    #[test]
    fn halves_go_away_from_zero_on_both_sides() {
        assert_eq!(round(Ratio::new(-1, 8).unwrap(), 2), "-0.13");
        assert_eq!(round(Ratio::new(-1, 80).unwrap(), 1), "0.0");
        assert_eq!(round(Ratio::new(199, 200).unwrap(), 1), "1.0");
    }

    #[test]
    fn huge_ratios_do_not_overflow() {
        let big = Ratio::new(i128::MAX - 1, i128::MAX).unwrap();
        assert_eq!(round(big, 3), "1.000");
        assert_eq!(round(Ratio::new(1, i128::MAX).unwrap(), 3), "0.000");
        assert_eq!(round(Ratio::new(i128::MAX / 3, i128::MAX).unwrap(), 5), "0.33333");
        // 0.95 less a unit of the 39th digit.
        let (part, whole) = (95 * 10_i128.pow(36) + 18, 10_i128.pow(38) + 19);
        assert_eq!(round(Ratio::new(part, whole).unwrap(), 1), "0.9");
        assert_eq!(round(Ratio::new(part + 1, whole).unwrap(), 1), "1.0");
    }

    #[test]
    fn computed_ties_are_ties_at_thirteen_digits() {
        assert_eq!(round_real(0.15, 1).unwrap(), "0.2");
        assert_eq!(round_real(2.675, 2).unwrap(), "2.68");
        assert_eq!(round_real(12.249999, 1).unwrap(), "12.2");
        assert_eq!(round_real(1e300, 1), None);
        assert_eq!(round_real(f64::NAN, 1), None);
    }
}
