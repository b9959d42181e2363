//! Exact ratios of integers.

use std::cmp::Ordering;

/// `numerator / denominator`, exact; the denominator is positive.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// `None` when the denominator is not positive.
    pub fn new(numerator: i128, denominator: i128) -> Option<Ratio> {
        (denominator > 0).then_some(Ratio { numerator, denominator })
    }

    /// A whole number.
    pub fn whole(value: i128) -> Ratio {
        Ratio { numerator: value, denominator: 1 }
    }

    /// Numerator as given.
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// Denominator as given.
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// `factor · self`; `None` on overflow.
    pub fn times(self, factor: i128) -> Option<Ratio> {
        Some(Ratio { numerator: self.numerator.checked_mul(factor)?, denominator: self.denominator })
    }

    /// `self − other`; exact, or to 18 decimals where the common denominator does not fit. `None`
    /// when even that overflows.
    pub fn minus(self, other: Ratio) -> Option<Ratio> {
        if self.denominator == other.denominator {
            let numerator = self.numerator.checked_sub(other.numerator)?;
            return Some(Ratio { numerator, denominator: self.denominator });
        }
        let (a, b) = (self.reduced(), other.reduced());
        let exact = || {
            let left = a.numerator.checked_mul(b.denominator)?;
            let right = b.numerator.checked_mul(a.denominator)?;
            let denominator = a.denominator.checked_mul(b.denominator)?;
            Some(Ratio { numerator: left.checked_sub(right)?, denominator })
        };
        exact().or_else(|| {
            let numerator = a.scaled(18)?.checked_sub(b.scaled(18)?)?;
            Some(Ratio { numerator, denominator: 10_i128.pow(18) })
        })
    }

    /// `self / other`; exact, or of both to 18 decimals where the products do not fit. `None` where
    /// `other` is not above zero.
    pub fn over(self, other: Ratio) -> Option<Ratio> {
        let (a, b) = (self.reduced(), other.reduced());
        // Cross factors first: then products are as small as they get.
        let top = Ratio { numerator: a.numerator, denominator: b.numerator.max(0) }.reduced();
        let low = Ratio { numerator: b.denominator, denominator: a.denominator }.reduced();
        let exact = || {
            let numerator = top.numerator.checked_mul(low.numerator)?;
            Ratio::new(numerator, top.denominator.checked_mul(low.denominator)?)
        };
        if b.numerator <= 0 { None } else { exact().or_else(|| Ratio::new(a.scaled(18)?, b.scaled(18)?)) }
    }

    /// `10^decimals · self`, rounded down; `None` on overflow.
    fn scaled(self, decimals: u32) -> Option<i128> {
        let mut scaled = self.numerator.div_euclid(self.denominator);
        let mut rest = self.numerator.rem_euclid(self.denominator);
        for _ in 0..decimals {
            rest = rest.checked_mul(10)?;
            scaled = scaled.checked_mul(10)?.checked_add(rest / self.denominator)?;
            rest %= self.denominator;
        }
        Some(scaled)
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        let small = 1_i128 << 53;
        if self.numerator.abs() <= small && self.denominator <= small {
            // Both are exact doubles, so the quotient is rounded once.
            return self.numerator as f64 / self.denominator as f64;
        }
        let reduced = self.reduced();
        reduced.numerator as f64 / reduced.denominator as f64
    }

    fn reduced(self) -> Ratio {
        let divisor = greatest_common_divisor(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        // The divisor divides a positive i128, so it fits.
        let divisor = divisor as i128;
        Ratio { numerator: self.numerator / divisor, denominator: self.denominator / divisor }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    /// Exact: by continued fractions, so that no product can overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = ((self.numerator, self.denominator), (other.numerator, other.denominator));
        let mut flipped = false;
        loop {
            let (whole_a, whole_b) = (a.0.div_euclid(a.1), b.0.div_euclid(b.1));
            let (rest_a, rest_b) = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
            let order = match whole_a.cmp(&whole_b) {
                Ordering::Equal => match (rest_a, rest_b) {
                    (0, 0) => return Ordering::Equal,
                    (0, _) => Ordering::Less,
                    (_, 0) => Ordering::Greater,
                    _ => {
                        // x < y between 0 and 1 exactly when 1/y < 1/x.
                        (a, b) = ((a.1, rest_a), (b.1, rest_b));
                        flipped = !flipped;
                        continue;
                    }
                },
                order => order,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_compare_exactly_even_when_products_overflow() {
        let big = i128::MAX / 3;
        let a = Ratio::new(big, big - 1).unwrap();
        let b = Ratio::new(big - 1, big - 2).unwrap();
        assert!(a < b);
        assert_eq!(Ratio::new(1, 3).unwrap(), Ratio::new(2, 6).unwrap());
        assert!(Ratio::new(-1, 3).unwrap() < Ratio::new(1, 4).unwrap());
        assert!(Ratio::new(-2, 3).unwrap() < Ratio::new(-1, 2).unwrap());
    }

    #[test]
    fn a_difference_of_percentages_is_exact() {
        let p = Ratio::new(117, 604).unwrap().times(100).unwrap();
        let q = Ratio::new(237, 604).unwrap().times(100).unwrap();
        assert_eq!(p.minus(q).unwrap(), Ratio::new(-12000, 604).unwrap());
    }

    #[test]
    fn a_quotient_is_exact_and_needs_something_to_divide_by() {
        let (half, third) = (Ratio::new(1, 2).unwrap(), Ratio::new(1, 3).unwrap());
        assert_eq!(half.over(third), Ratio::new(3, 2));
        assert_eq!(Ratio::new(-1, 2).unwrap().over(third), Ratio::new(-3, 2));
        assert_eq!(half.over(Ratio::whole(0)), None);
        assert_eq!(half.over(Ratio::new(-1, 3).unwrap()), None);
        let long = Ratio::new(400_000_000_000_000_000_001, 1_000_000_000_000_000_000_007).unwrap();
        let other = Ratio::new(200_000_000_000_000_000_003, 1_000_000_000_000_000_000_009).unwrap();
        assert!((long.over(other).unwrap().to_f64() - 2.0).abs() < 1e-15);
    }

    /// Percentages of sums of a million weights with 15 decimals.
    #[test]
    fn a_difference_of_percentages_of_long_weights_is_defined() {
        let p = Ratio::new(100 * 400_000_000_000_000_000_001, 1_000_000_000_000_000_000_007).unwrap();
        let q = Ratio::new(100 * 300_000_000_000_000_000_001, 1_000_000_000_000_000_000_009).unwrap();
        assert!((p.minus(q).unwrap().to_f64() - 10.0).abs() < 1e-15);
        assert!((q.minus(p).unwrap().to_f64() + 10.0).abs() < 1e-15);
    }
}
