//! What the values of a Parquet column are, and how they are written in cells.

use std::io::Write;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::ColumnDescriptor;

use crate::calendar::Day;
use crate::frame::Holds;
use crate::schema::written;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::frame) enum Shape {
    Flag,
    Integer {
        unsigned: bool,
    },
    /// Whole numbers with so many decimals.
    Scaled(u32),
    Real,
    Day,
    /// A moment, in so many parts of a second.
    Moment(i64),
    /// A time of day, in so many parts of a second.
    Time(i64),
    Words,
    /// What a questionnaire has no use for.
    Other(&'static str),
}

impl Shape {
    /// Of a column.
    pub(in crate::frame) fn of(column: &ColumnDescriptor) -> Shape {
        if column.max_rep_level() > 0 {
            return Shape::Other("lists");
        }
        if column.path().parts().len() > 1 || column.max_def_level() > 1 {
            return Shape::Other("records");
        }
        let unit = |unit: TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        let decimals = |scale: i32| u32::try_from(scale).unwrap_or(0);
        match (column.physical_type(), column.logical_type_ref(), column.converted_type()) {
            (Physical::BOOLEAN, ..) => Shape::Flag,
            (Physical::INT32, Some(LogicalType::Date), _) | (Physical::INT32, None, ConvertedType::DATE) => {
                Shape::Day
            }
            (Physical::INT64, Some(LogicalType::Timestamp(own)), _) => Shape::Moment(unit(own.unit)),
            (Physical::INT64, None, ConvertedType::TIMESTAMP_MILLIS) => Shape::Moment(1_000),
            (Physical::INT64, None, ConvertedType::TIMESTAMP_MICROS) => Shape::Moment(1_000_000),
            (Physical::INT32 | Physical::INT64, Some(LogicalType::Time(own)), _) => {
                Shape::Time(unit(own.unit))
            }
            (Physical::INT32, None, ConvertedType::TIME_MILLIS) => Shape::Time(1_000),
            (Physical::INT64, None, ConvertedType::TIME_MICROS) => Shape::Time(1_000_000),
            (Physical::INT32 | Physical::INT64, Some(LogicalType::Decimal(own)), _) => {
                Shape::Scaled(decimals(own.scale))
            }
            (Physical::INT32 | Physical::INT64, None, ConvertedType::DECIMAL) => {
                Shape::Scaled(decimals(column.type_scale()))
            }
            (Physical::INT32 | Physical::INT64, Some(LogicalType::Integer(own)), _) => {
                Shape::Integer { unsigned: !own.is_signed }
            }
            (Physical::INT32 | Physical::INT64, _, own) => Shape::Integer {
                unsigned: matches!(
                    own,
                    ConvertedType::UINT_8
                        | ConvertedType::UINT_16
                        | ConvertedType::UINT_32
                        | ConvertedType::UINT_64
                ),
            },
            (Physical::FLOAT | Physical::DOUBLE, ..) => Shape::Real,
            (Physical::BYTE_ARRAY, Some(LogicalType::Decimal(_)), _) => {
                Shape::Other("decimals of many bytes")
            }
            (Physical::BYTE_ARRAY, ..) => Shape::Words,
            (Physical::INT96, ..) => Shape::Other("moments of an old kind (INT96)"),
            (Physical::FIXED_LEN_BYTE_ARRAY, ..) => Shape::Other("bytes of a fixed number"),
        }
    }

    /// As a description has it.
    pub(in crate::frame) fn holds(self) -> Holds {
        match self {
            Shape::Flag => Holds::Flags,
            Shape::Integer { .. } => Holds::Numbers { decimals: 0 },
            Shape::Scaled(decimals) => Holds::Numbers { decimals },
            Shape::Real => Holds::Numbers { decimals: 2 },
            Shape::Day | Shape::Moment(_) => Holds::Days,
            Shape::Time(_) => Holds::Times,
            Shape::Words | Shape::Other(_) => Holds::Words,
        }
    }

    /// Writes an integer of four bytes as a cell.
    pub(in crate::frame) fn narrow(self, value: i32, out: &mut Vec<u8>) {
        match self {
            Shape::Integer { unsigned: true } => integer(i64::from(value as u32), out),
            _ => self.wide(i64::from(value), out),
        }
    }

    /// Writes an integer of eight bytes as a cell.
    pub(in crate::frame) fn wide(self, value: i64, out: &mut Vec<u8>) {
        match self {
            Shape::Integer { unsigned: true } => _ = write!(out, "{}", value as u64),
            Shape::Scaled(decimals) => out.extend_from_slice(written((value, decimals)).as_bytes()),
            Shape::Day => day(value, out),
            Shape::Moment(parts) => {
                let seconds = value.div_euclid(parts);
                day(seconds.div_euclid(DAY), out);
                let rest = seconds.rem_euclid(DAY);
                if rest != 0 {
                    out.push(b' ');
                    time(rest, out);
                }
            }
            Shape::Time(parts) => time(value.div_euclid(parts), out),
            _ => integer(value, out),
        }
    }

    /// Writes a real number as a cell: as short as can be without being another.
    pub(in crate::frame) fn real(value: f64, out: &mut Vec<u8>) {
        match decimal(value) {
            Some((digits, 0)) => integer(digits, out),
            Some((digits, decimals)) => {
                if digits < 0 {
                    out.push(b'-');
                }
                let power = POWERS[decimals] as u64;
                integer((digits.unsigned_abs() / power) as i64, out);
                out.push(b'.');
                let start = out.len();
                integer((digits.unsigned_abs() % power) as i64, out);
                let zeros = decimals - (out.len() - start);
                out.splice(start..start, std::iter::repeat_n(b'0', zeros));
            }
            None => _ = write!(out, "{value}"),
        }
    }
}

/// Powers of ten, all of them exact.
const POWERS: [f64; 7] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/// The digits and decimals of a number that has at most fifteen digits, six of them decimals.
///
/// Any two such decimals are different numbers, and a quotient of two whole numbers is rounded once: whatever gives the
/// number back is what it is at its shortest.
#[inline]
pub(in crate::frame) fn decimal(value: f64) -> Option<(i64, usize)> {
    (0..POWERS.len()).find_map(|decimals| Some((digits(value, decimals)?, decimals)))
}

/// The same for a column of numbers which mostly have as many decimals as the one before, `usual`.
#[inline]
pub(in crate::frame) fn decimal_as_usual(value: f64, usual: &mut usize) -> Option<(i64, usize)> {
    match digits(value, *usual) {
        // With a digit fewer it would be another number.
        Some(digits) if digits % 10 != 0 => Some((digits, *usual)),
        _ => {
            let found = decimal(value)?;
            *usual = found.1;
            Some(found)
        }
    }
}

/// The digits of a number that has at most so many decimals.
#[inline]
fn digits(value: f64, decimals: usize) -> Option<i64> {
    let digits = (value * POWERS[decimals]).round();
    let same = digits.abs() < 1e15 && digits / POWERS[decimals] == value;
    (same && (digits != 0.0 || value.is_sign_positive())).then_some(digits as i64)
}

/// Writes a whole number: `write!` takes three times as long, and every respondent has a key.
fn integer(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let start = out.len();
    let mut rest = value.unsigned_abs();
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out[start..].reverse();
}

fn day(day: i64, out: &mut Vec<u8>) {
    // The years 0 to 9999.
    if (-719_528..2_932_897).contains(&day) {
        out.extend_from_slice(Day(day).civil().iso().as_bytes());
    } else {
        integer(day, out);
    }
}

fn time(seconds: i64, out: &mut Vec<u8>) {
    _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn whole_numbers_are_written_as_they_are() {
        for value in [0, 7, 10, -1, 604, i64::MAX, i64::MIN] {
            assert_eq!(cell(|out| integer(value, out)), value.to_string());
        }
    }

    #[test]
    fn what_is_usual_changes_no_number() {
        let values = [1.25, 3.0, 0.1, 0.25, -0.125, 100.0, 1.5, 0.0, -0.0, 1e300, 2.5, 1.0 / 3.0, 7.25];
        for first in 0..POWERS.len() {
            let mut usual = first;
            for value in values {
                assert_eq!(decimal_as_usual(value, &mut usual), decimal(value), "{value} after {usual}");
            }
        }
    }

    #[test]
    fn real_numbers_are_as_short_as_can_be() {
        let mut values =
            vec![0.1, -0.05, 1.0, -12.5, 0.000_001, 1e-7, 123_456_789.123_456, 1e300, 2e15, 9.007e15];
        values.extend([f64::NAN, f64::INFINITY, 1.0 / 3.0, 0.1 + 0.2, 999_999_999.999_999_9, 5e-324]);
        // A walk over decimals of every size, as weights are.
        let mut state = 1_u64;
        for place in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (state >> 11) as f64;
            values.push(digits / [1e3, 1e6, 1e9, 1e12, 1e15, 1e18][place % 6]);
            values.push((digits / 1e12).round() / [1.0, 1e1, 1e2, 1e4, 1e5, 1e6][place % 6]);
        }
        for value in values {
            assert_eq!(cell(|out| Shape::real(value, out)), value.to_string(), "{value:?}");
        }
    }
}
