//! The least and the greatest number that a number question allows.

use std::cmp::Ordering;

use super::Kind;
use super::typed::TypedQuestion;
use crate::diag::Diagnostic;
use crate::toml::Mistakes;

/// A number as digits and how many of them are decimals.
pub type Scaled = (i64, u32);

/// The numbers that are allowed; both ends are within.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberRange {
    /// The least number.
    pub least: Option<Scaled>,
    /// The greatest number.
    pub greatest: Option<Scaled>,
}

impl NumberRange {
    /// Whether the number is within.
    pub fn holds(self, number: Scaled) -> bool {
        self.least.is_none_or(|least| order(least, number).is_le())
            && self.greatest.is_none_or(|greatest| order(number, greatest).is_le())
    }

    /// Whether every number is within.
    pub fn is_open(self) -> bool {
        self.least.is_none() && self.greatest.is_none()
    }
}

/// Which of two numbers is greater; at most 18 decimals, so the products fit.
pub(super) fn order((one, one_decimals): Scaled, (other, other_decimals): Scaled) -> Ordering {
    let scaled = |value: i64, by: u32| i128::from(value) * 10_i128.pow(by.min(18));
    scaled(one, other_decimals).cmp(&scaled(other, one_decimals))
}

/// A number as people write it.
pub fn written((digits, decimals): Scaled) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let (size, places) = (digits.unsigned_abs().to_string(), decimals as usize);
    let padded = format!("{size:0>width$}", width = places + 1);
    match padded.split_at(padded.len() - places) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

/// What a number question says of its numbers.
pub(super) fn resolve(question: &TypedQuestion, mistakes: &mut Mistakes) -> NumberRange {
    let (least, greatest) = (&question.least, &question.greatest);
    let number = question.kind.as_ref().is_some_and(|kind| kind.value == Kind::Number);
    if let (Some(least), Some(greatest), true) = (least, greatest, number)
        && order(least.value, greatest.value).is_gt()
    {
        let error = Diagnostic::error("the greatest number is less than the least");
        let hint = "`from` is the least number that is allowed, `to` the greatest";
        mistakes.error(&greatest.span, error.hint(hint));
    }
    NumberRange {
        least: least.as_ref().map(|least| least.value),
        greatest: greatest.as_ref().map(|greatest| greatest.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_within_whatever_the_decimals() {
        let range = NumberRange { least: Some((0, 0)), greatest: Some((25, 1)) };
        for inside in [(0, 0), (0, 3), (25, 1), (2500, 3), (2, 0)] {
            assert!(range.holds(inside), "{inside:?}");
        }
        for outside in [(-1, 0), (26, 1), (2501, 3), (3, 0), (i64::MIN, 18)] {
            assert!(!range.holds(outside), "{outside:?}");
        }
        assert!(NumberRange::default().holds((i64::MAX, 0)));
    }

    #[test]
    fn numbers_are_written_with_their_decimals() {
        assert_eq!(written((-5, 2)), "-0.05");
        assert_eq!(written((120, 0)), "120");
        assert_eq!(written((i64::MIN, 18)), "-9.223372036854775808");
    }
}
