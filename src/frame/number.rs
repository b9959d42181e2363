//! Decimal numbers read exactly: an integer and how many of its digits are decimals.

use crate::diag::thousands;
use crate::schema::{NumberRange, written};

/// `digits · 10^-decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    /// All digits, with the sign.
    pub(crate) digits: i64,
    /// How many of them stand after the point.
    pub(crate) decimals: u32,
}

/// Why a cell is not a number we can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDecimal {
    /// It is something else.
    Text,
    /// It has more digits than fit.
    TooLong,
}

/// Reads a whole trimmed cell: sign, digits, one point, thousands commas where they belong. No
/// exponent, no `NaN`: Excel writes the first when it has lost digits.
pub(crate) fn decimal(cell: &[u8]) -> Result<Decimal, NotDecimal> {
    let (negative, unsigned) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    let mut digits: i128 = 0;
    let mut decimals = None;
    let mut seen = 0u32;
    for &byte in unsigned {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                digits = digits
                    .checked_mul(10)
                    .and_then(|digits| digits.checked_add(i128::from(byte - b'0')))
                    .ok_or(NotDecimal::TooLong)?;
                decimals = decimals.map(|decimals: u32| decimals + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            b',' if decimals.is_none() => return with_commas(cell),
            _ => return Err(NotDecimal::Text),
        }
    }
    if seen == 0 {
        return Err(NotDecimal::Text);
    }
    let mut decimals = decimals.unwrap_or(0);
    while digits > i128::from(i64::MAX) && decimals > 0 && digits % 10 == 0 {
        digits /= 10;
        decimals -= 1;
    }
    let digits = i64::try_from(digits).map_err(|_| NotDecimal::TooLong)?;
    Ok(Decimal { digits: if negative { -digits } else { digits }, decimals })
}

/// [`decimal`], of full-width digits too.
pub(crate) fn folded(cell: &[u8]) -> Result<Decimal, NotDecimal> {
    decimal(cell).or_else(|_| {
        let text = str::from_utf8(cell).unwrap_or_default();
        decimal(crate::schema::matching_key(text).as_bytes())
    })
}

/// `1,234,567.8`: the commas must cut the integer part into threes.
fn with_commas(cell: &[u8]) -> Result<Decimal, NotDecimal> {
    let point = cell.iter().position(|&byte| byte == b'.').unwrap_or(cell.len());
    let sign = usize::from(matches!(cell.first(), Some(b'-' | b'+')));
    let mut groups = cell[sign..point].split(|&byte| byte == b',');
    let first = groups.next().map_or(0, <[u8]>::len);
    if !(1..=3).contains(&first) || groups.any(|group| group.len() != 3) {
        return Err(NotDecimal::Text);
    }
    let plain: Vec<u8> = cell.iter().copied().filter(|&byte| byte != b',').collect();
    if cell[point..].contains(&b',') { Err(NotDecimal::Text) } else { decimal(&plain) }
}

impl Decimal {
    /// The value, where it is a whole number (`3.0` is one).
    pub(crate) fn whole(self) -> Option<i64> {
        let unit = 10_i64.checked_pow(self.decimals)?;
        (self.digits % unit == 0).then(|| self.digits / unit)
    }

    /// The same value with so many decimals, which are at least its own; `None` on overflow.
    pub(crate) fn scaled(self, decimals: u32) -> Option<i64> {
        rescale(self.digits, decimals.checked_sub(self.decimals)?)
    }

    /// The value rounded, half away from zero, to so many significant digits.
    pub(crate) fn significant(self, count: u32) -> Decimal {
        let length = self.digits.unsigned_abs().checked_ilog10().map_or(1, |length| length + 1);
        let drop = length.saturating_sub(count).min(self.decimals);
        let mut rounded = Decimal { digits: divide(self.digits, drop), decimals: self.decimals - drop };
        while rounded.decimals > 0 && rounded.digits % 10 == 0 {
            rounded = Decimal { digits: rounded.digits / 10, decimals: rounded.decimals - 1 };
        }
        rounded
    }

    /// The integer this is, if it is one.
    pub(crate) fn integer(self) -> Option<i64> {
        let unit = 10i64.checked_pow(self.decimals)?;
        (self.digits % unit == 0).then_some(self.digits / unit)
    }
}

/// `value · 10^by`, `None` on overflow.
pub(crate) fn rescale(value: i64, by: u32) -> Option<i64> {
    if value == 0 {
        return Some(0);
    }
    value.checked_mul(10i64.checked_pow(by)?)
}

/// `value / 10^by`, rounded half away from zero.
pub(crate) fn divide(value: i64, by: u32) -> i64 {
    let Some(unit) = 10i64.checked_pow(by) else { return 0 };
    let (quotient, rest) = (value / unit, value % unit);
    if rest.unsigned_abs() * 2 >= unit.unsigned_abs() { quotient + value.signum() } else { quotient }
}

/// Scaled values of one column in one block; the scale grows with the decimals met.
#[derive(Debug, Default)]
pub(crate) struct Scaled {
    pub(crate) values: Vec<i64>,
    pub(crate) decimals: u32,
}

impl Scaled {
    /// Puts a value at a place; `false` when it does not fit.
    #[inline]
    pub(crate) fn put(&mut self, place: usize, value: Decimal) -> bool {
        if value.decimals > self.decimals && !self.rescale(value.decimals) {
            return false;
        }
        match value.scaled(self.decimals) {
            Some(scaled) => {
                self.values[place] = scaled;
                true
            }
            None => false,
        }
    }

    /// Gives all values so many decimals; `false` (and nothing changed) when one does not fit.
    pub(crate) fn rescale(&mut self, decimals: u32) -> bool {
        let by = decimals.saturating_sub(self.decimals);
        if by == 0 {
            return true;
        }
        if self.values.iter().any(|&value| rescale(value, by).is_none()) {
            return false;
        }
        for value in &mut self.values {
            *value = rescale(*value, by).unwrap_or(0);
        }
        self.decimals = decimals;
        true
    }
}

/// The reason as a message about a shown value.
pub(crate) fn explain(reason: NotDecimal, shown: &str) -> String {
    match reason {
        NotDecimal::Text => format!("expected a number, found {shown}"),
        NotDecimal::TooLong => {
            format!("expected a number of up to {} digits, found {shown}", thousands(18))
        }
    }
}

/// Which numbers a range allows.
pub(crate) fn allowed(range: NumberRange) -> String {
    match (range.least, range.greatest) {
        (Some(least), None) => format!("its least number is {}", written(least)),
        (None, Some(greatest)) => format!("its greatest number is {}", written(greatest)),
        (Some(least), Some(greatest)) => {
            format!("its numbers are {} to {}", written(least), written(greatest))
        }
        (None, None) => "it allows every number".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Result<(i64, u32), NotDecimal> {
        decimal(cell.as_bytes()).map(|decimal| (decimal.digits, decimal.decimals))
    }

    #[test]
    fn numbers_are_read_exactly_and_whole() {
        assert_eq!(read("36"), Ok((36, 0)));
        assert_eq!(read("-13.90"), Ok((-1390, 2)));
        assert_eq!(read("+.5"), Ok((5, 1)));
        assert_eq!(read("5."), Ok((5, 0)));
        assert_eq!(read("1,234"), Ok((1234, 0)));
        assert_eq!(read("-1,234,567.8"), Ok((-12_345_678, 1)));
        assert_eq!(read("9223372036854775807"), Ok((i64::MAX, 0)));
        assert_eq!(read("1.0000000000000000000000"), Ok((1_000_000_000_000_000_000, 18)));
        for cell in [
            "", "-", ".", "12歳", "1e3", "1E+05", "NaN", "inf", "1,23", "1,2345", "1.2.3", "1.5,000", ",123",
            "0x1",
        ] {
            assert_eq!(read(cell), Err(NotDecimal::Text), "{cell}");
        }
        assert_eq!(read("9223372036854775808"), Err(NotDecimal::TooLong));
    }

    #[test]
    fn rounding_to_significant_digits_is_half_away_from_zero() {
        let value = decimal(b"0.8405123456785").unwrap().significant(12);
        assert_eq!((value.digits, value.decimals), (840_512_345_679, 12));
        let value = decimal(b"-1.25").unwrap().significant(2);
        assert_eq!((value.digits, value.decimals), (-13, 1));
        let value = decimal(b"123456").unwrap().significant(3);
        assert_eq!((value.digits, value.decimals), (123_456, 0));
    }

    #[test]
    fn the_scale_of_a_block_grows_with_its_decimals() {
        let mut scaled = Scaled { values: vec![0; 3], decimals: 0 };
        assert!(scaled.put(0, decimal(b"7").unwrap()));
        assert!(scaled.put(1, decimal(b"7.25").unwrap()));
        assert!(scaled.put(2, decimal(b"7.5").unwrap()));
        assert_eq!((scaled.values, scaled.decimals), (vec![700, 725, 750], 2));
    }
}
