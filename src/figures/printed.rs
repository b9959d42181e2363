//! A number as it was printed, and which counts could have given it.

use crate::schema::matching_key;
use crate::stats::Ratio;

/// How a number was cut to its printed decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// 四捨五入: half away from zero.
    HalfUp,
    /// Half to the even digit, as some programs do.
    HalfEven,
    /// 切り捨て
    Truncate,
}

/// A number as printed: `48.0` is 480 units of a tenth, and not `48`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// The number in units of `10^-decimals`.
    pub units: i128,
    /// Decimal places printed.
    pub decimals: u32,
}

/// More digits before the point than anybody prints.
const MOST_DIGITS: usize = 9;
/// More decimals than anybody prints; with both, the arithmetic below stays inside 128 bits.
const MOST_DECIMALS: usize = 9;

impl Printed {
    /// Reads a number in half or full width, with or without ％ and sign (−, △, ▲).
    pub fn read(text: &str) -> Option<Printed> {
        let key = matching_key(text);
        let key = key.strip_suffix('%').map_or(key.as_str(), str::trim_end);
        let (sign, digits) = match key.strip_prefix(['-', '△', '▲']) {
            Some(rest) => (-1, rest),
            None => (1, key.strip_prefix('+').unwrap_or(key)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let complete = !whole.is_empty() && digits.ends_with(|last: char| last.is_ascii_digit());
        if !complete || !number(whole) || !number(fraction) || whole.len() > MOST_DIGITS {
            return None;
        }
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        (fraction.len() <= MOST_DECIMALS)
            .then_some(Printed { units: sign * units, decimals: fraction.len() as u32 })
    }

    /// An exact value as the rule prints it; `None` when it is too large to be one of a survey.
    pub fn of(value: Ratio, decimals: u32, rule: Rule) -> Option<Printed> {
        let scaled = value.times(10_i128.checked_pow(decimals)?)?;
        let (size, denominator) = (scaled.numerator().checked_abs()?, scaled.denominator());
        let (whole, rest) = (size / denominator, size % denominator);
        let up = match rule {
            Rule::HalfUp => rest >= denominator - rest,
            Rule::HalfEven => rest > denominator - rest || (rest == denominator - rest && whole % 2 == 1),
            Rule::Truncate => false,
        };
        let units = (whole + i128::from(up)) * scaled.numerator().signum();
        Some(Printed { units, decimals })
    }

    /// The number itself.
    pub fn value(self) -> Ratio {
        Ratio::new(self.units, 10_i128.pow(self.decimals)).unwrap_or(Ratio::whole(self.units))
    }

    /// The digits, without a sign of percent.
    pub fn shown(self) -> String {
        crate::sheet::round(self.value(), self.decimals)
    }

    /// The smallest and the largest count of `base` respondents whose percentage is printed so;
    /// `None`: no count is.
    pub fn counts(self, base: u64, rule: Rule) -> Option<(u64, u64)> {
        if self.units < 0 || base == 0 {
            return None;
        }
        let n = i128::from(base);
        // Borders of the percentage in halves of a unit, and of the count in `halves` parts of n.
        let halves = 200 * 10_i128.pow(self.decimals);
        let (below, above) = match rule {
            Rule::HalfUp | Rule::HalfEven => (2 * self.units - 1, 2 * self.units + 1),
            Rule::Truncate => (2 * self.units, 2 * self.units + 2),
        };
        let even = rule == Rule::HalfEven && self.units % 2 == 0;
        let odd = rule == Rule::HalfEven && self.units % 2 != 0;
        let floor = |border: i128| (border * n).div_euclid(halves);
        let ceiling = |border: i128| -(-border * n).div_euclid(halves);
        let least = if odd { floor(below) + 1 } else { ceiling(below) };
        let most = if even { floor(above) } else { ceiling(above) - 1 };
        let (least, most) = (least.max(0), most.min(n));
        (least <= most).then_some((least as u64, most as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_number_keeps_its_precision() {
        assert_eq!(Printed::read("48.0"), Some(Printed { units: 480, decimals: 1 }));
        assert_eq!(Printed::read("７９．８％"), Some(Printed { units: 798, decimals: 1 }));
        assert_eq!(Printed::read("△1.2"), Some(Printed { units: -12, decimals: 1 }));
        for none in ["", "%", ".5", "5.", "1e3", "four", "1,234", "--1"] {
            assert_eq!(Printed::read(none), None, "{none}");
        }
    }

    #[test]
    fn half_up_is_what_tables_print() {
        for n in 1..=160_i128 {
            for k in -n..=n {
                let percent = Ratio::new(100 * k, n).expect("n > 0");
                for decimals in 0..=2 {
                    let printed = Printed::of(percent, decimals, Rule::HalfUp).expect("small");
                    assert_eq!(printed.shown(), crate::sheet::round(percent, decimals), "{k}/{n}");
                    assert_eq!(Printed::read(&printed.shown()), Some(printed));
                }
            }
        }
    }

    /// The largest numbers that can be read and the largest base do not overflow.
    #[test]
    fn the_largest_numbers_fit() {
        let printed = Printed::read("999999999.999999999").expect("it is read");
        for rule in [Rule::HalfUp, Rule::HalfEven, Rule::Truncate] {
            assert_eq!(printed.counts(i64::MAX as u64, rule), None);
        }
        assert!(printed.neighbours(i64::MAX as u64).is_empty());
    }

    /// Every k of every small n under every rule: the counts are those that print so, no others.
    #[test]
    fn counts_are_exactly_those_that_print_so() {
        for rule in [Rule::HalfUp, Rule::HalfEven, Rule::Truncate] {
            for n in 1..=210_u64 {
                for decimals in [0, 1] {
                    let printed: Vec<Printed> = (0..=n)
                        .map(|k| {
                            let percent = Ratio::new(100 * i128::from(k), i128::from(n)).expect("n > 0");
                            Printed::of(percent, decimals, rule).expect("small")
                        })
                        .collect();
                    for units in 0..=100 * 10_i128.pow(decimals) {
                        let wanted = Printed { units, decimals };
                        let fitting: Vec<u64> = (0..=n).filter(|&k| printed[k as usize] == wanted).collect();
                        let ends = fitting.first().copied().zip(fitting.last().copied());
                        assert_eq!(wanted.counts(n, rule), ends, "{wanted:?} of {n}, {rule:?}");
                    }
                }
            }
        }
    }
}
