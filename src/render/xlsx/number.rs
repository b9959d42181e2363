//! Numbers in cells of a workbook: the value and the format in which Excel shows it.
//!
//! What is seen must be what every other format prints: rounded half up, once, from the exact ratio.
//! Excel rounds half away from zero, too, but of a double with 15 significant digits. Where that could
//! give another digit (a tie whose double lies below it), the cell holds the rounded number instead.

use crate::sheet::{self, Days, Format, Value};
use crate::stats::Ratio;

/// The first day that Excel counts as everybody does: before 1 March 1900 it has a 29 February too many.
const FIRST_DAY: i128 = 61;
/// 9999-12-31, Excel's last.
const LAST_DAY: i128 = 2_958_465;
/// 1970-01-01 as Excel counts.
const DAY_ZERO: i128 = 25_569;

/// A number as a cell has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The value.
    pub value: f64,
    /// Its number format, for numbers above zero, below zero, and zero; one for all.
    sections: Vec<String>,
}

impl Written {
    /// The number format with words after the number, which stays a number.
    pub fn format(&self, suffix: &str) -> String {
        let sections: Vec<String> =
            self.sections.iter().map(|section| format!("{section}{suffix}")).collect();
        sections.join(";")
    }
}

/// The value and format that show the number as [`sheet::number`] prints it; `None` where only words can.
pub fn written(value: Value, format: Format) -> Option<Written> {
    let (decimals, pattern) = match format {
        Format::Count { decimals } | Format::Index { decimals } | Format::Measure { decimals } => {
            (decimals, places("#,##0", decimals))
        }
        Format::Percent { decimals } | Format::Points { decimals } => (decimals, places("0", decimals)),
        Format::Day(days) => return day(value, days),
    };
    let (raw, shown, none) = match value {
        Value::Exact(ratio) => (ratio.to_f64(), sheet::round(ratio, decimals), ratio.numerator() == 0),
        Value::Real(real) => (real, sheet::round_real(real, decimals)?, false),
    };
    let rounded: f64 = shown.parse().ok()?;
    let value = match format {
        // Below half the last digit there is no sign.
        Format::Points { .. } | Format::Index { .. } | Format::Measure { .. } if rounded == 0.0 => 0.0,
        _ if displays(raw, decimals).is_some_and(|displayed| displayed == shown) => raw,
        _ => rounded,
    };
    let sections = match format {
        // `-` is none; what was rounded to zero is somebody.
        Format::Count { .. } | Format::Percent { .. } if none || value != 0.0 => {
            vec![pattern.clone(), format!("-{pattern}"), "\"-\"".to_string()]
        }
        Format::Points { .. } => vec![format!("+{pattern}"), format!("-{pattern}"), pattern],
        _ => vec![pattern],
    };
    Some(Written { value, sections })
}

/// `0.0`
fn places(whole: &str, decimals: u32) -> String {
    match decimals {
        0 => whole.to_string(),
        decimals => format!("{whole}.{}", "0".repeat(decimals as usize)),
    }
}

/// What a double is shown as, when rounding its own value and rounding its first 15 digits agree.
fn displays(value: f64, decimals: u32) -> Option<String> {
    let digits = sheet::round(first_digits(value)?, decimals);
    (sheet::round(exact(value)?, decimals) == digits).then_some(digits)
}

/// The first 15 significant digits of a double.
fn first_digits(value: f64) -> Option<Ratio> {
    let shown = format!("{value:.14e}");
    let (digits, exponent) = shown.split_once('e')?;
    let digits: i128 = digits.replace('.', "").parse().ok()?;
    let places = exponent.parse::<i32>().ok()? - 14;
    let power = 10_i128.checked_pow(places.unsigned_abs())?;
    if places < 0 { Ratio::new(digits, power) } else { Some(Ratio::whole(digits.checked_mul(power)?)) }
}

/// A double as the ratio that it is; `None` where it is too large or too small for one.
fn exact(value: f64) -> Option<Ratio> {
    let bits = value.to_bits();
    let stored = (bits >> 52 & 0x7ff) as i32;
    if stored == 0 {
        return (value == 0.0).then_some(Ratio::whole(0));
    }
    let mantissa = i128::from(bits & ((1 << 52) - 1) | 1 << 52);
    let signed = if value < 0.0 { -mantissa } else { mantissa };
    match stored - 1075 {
        power @ 0..=70 => Some(Ratio::whole(signed << power)),
        power @ -126..=-1 => Ratio::new(signed, 1 << -power),
        _ => None,
    }
}

fn day(value: Value, days: Days) -> Option<Written> {
    let Value::Exact(number) = value else { return None };
    let serial = number.numerator() + DAY_ZERO;
    if !(FIRST_DAY..=LAST_DAY).contains(&serial) {
        return None;
    }
    let format = match days {
        Days::Iso => "yyyy\\-mm\\-dd",
        Days::Western => "yyyy\"年\"m\"月\"d\"日\"",
        // Excel's own first year is 1; ours is 元.
        Days::Era if sheet::number(value, Format::Day(days)).contains("元年") => {
            "[$-411]ggg\"元年\"m\"月\"d\"日\""
        }
        Days::Era => "[$-411]ggge\"年\"m\"月\"d\"日\"",
    };
    Some(Written { value: serial as f64, sections: vec![format.to_string()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Excel shows of a value by a number format of ours, its value rounded as `round` does.
    fn shown(written: &Written, round: &dyn Fn(f64, u32) -> String) -> String {
        let format = written.format("");
        let sections: Vec<&str> = format.split(';').collect();
        let section = match (sections.len(), written.value) {
            (3, value) if value < 0.0 => sections[1],
            (3, 0.0) => sections[2],
            _ => sections[0],
        };
        if section == "\"-\"" {
            return "-".to_string();
        }
        let decimals = section.split_once('.').map_or(0, |(_, places)| places.len() as u32);
        let unsigned = if sections.len() == 3 { written.value.abs() } else { written.value };
        let digits = round(unsigned, decimals);
        let sign = section.find(['0', '#']).map_or("", |start| &section[..start]);
        // The thousands of our own printing, of a number that needs no further rounding.
        let digits = match section.contains('#') {
            true => sheet::number(Value::Real(digits.parse().unwrap()), Format::Measure { decimals }),
            false => digits,
        };
        format!("{sign}{digits}")
    }

    /// Half away from zero, of the first 15 digits and of the double's own value.
    fn roundings() -> [Box<dyn Fn(f64, u32) -> String>; 2] {
        [
            Box::new(|value, decimals| sheet::round(first_digits(value).unwrap(), decimals)),
            Box::new(|value, decimals| sheet::round(exact(value).unwrap(), decimals)),
        ]
    }

    fn same(value: Value, format: Format) {
        let cell = written(value, format).unwrap();
        for round in roundings() {
            assert_eq!(shown(&cell, &round), sheet::number(value, format), "{value:?} {format:?} {cell:?}");
        }
    }

    #[test]
    fn every_percentage_is_seen_as_it_is_printed() {
        for base in 1..=300 {
            for count in 0..=base {
                let percent = Ratio::new(100 * count, base).unwrap();
                for decimals in 0..=2 {
                    same(Value::Exact(percent), Format::Percent { decimals });
                }
            }
        }
    }

    #[test]
    fn ties_that_a_double_loses_are_seen_half_up() {
        let cell = |numerator, denominator, decimals| {
            written(Value::Exact(Ratio::new(numerator, denominator).unwrap()), Format::Percent { decimals })
                .unwrap()
        };
        // 12.5 is a double: Excel rounds it up by itself.
        assert_eq!(cell(100, 8, 0).value, 12.5);
        assert_eq!(cell(2300, 80, 1).value, 28.75);
        // 1.005 is not; its double lies below.
        assert_eq!(cell(201, 200, 2).value, 1.01);
        // One third stays one third.
        assert_eq!(cell(100, 3, 1).value, 100.0 / 3.0);
    }

    #[test]
    fn signs_thousands_and_nothing_are_seen_as_they_are_printed() {
        let formats = |decimals| {
            [
                Format::Count { decimals },
                Format::Points { decimals },
                Format::Index { decimals },
                Format::Measure { decimals },
            ]
        };
        for decimals in 0..=3 {
            for format in formats(decimals) {
                for numerator in -2100..=2100 {
                    // Counts and percentages are never negative.
                    if numerator >= 0 || !matches!(format, Format::Count { .. }) {
                        same(Value::Exact(Ratio::new(numerator, 16).unwrap()), format);
                        same(Value::Exact(Ratio::new(numerator, 3).unwrap()), format);
                    }
                    same(Value::Exact(Ratio::whole(numerator.abs() * 99_991)), format);
                }
                same(Value::Exact(Ratio::new(4, 100_000).unwrap()), format);
            }
        }
    }

    #[test]
    fn somebody_so_few_that_zero_is_printed_is_not_nobody() {
        let few = Value::Exact(Ratio::new(499_999_999_999_999_999, 10_000_000_000_000_000_000).unwrap());
        same(few, Format::Percent { decimals: 1 });
        let cell = written(few, Format::Percent { decimals: 1 }).unwrap();
        assert_eq!((cell.value, cell.format("")), (0.0, "0.0".to_string()));
    }

    #[test]
    fn days_are_numbers_but_for_those_that_excel_counts_otherwise() {
        let cell = |day: i128, days| written(Value::Exact(Ratio::whole(day)), Format::Day(days));
        // 2016-11-10
        let day = cell(17_115, Days::Western).unwrap();
        assert_eq!((day.value, day.format("")), (42_684.0, "yyyy\"年\"m\"月\"d\"日\"".to_string()));
        assert_eq!(cell(17_115, Days::Era).unwrap().format(""), "[$-411]ggge\"年\"m\"月\"d\"日\"");
        // 2019-05-01, 令和元年
        assert_eq!(cell(18_017, Days::Era).unwrap().format(""), "[$-411]ggg\"元年\"m\"月\"d\"日\"");
        // 1900-03-01 and the day before
        assert_eq!(cell(-25_508, Days::Iso).unwrap().value, 61.0);
        assert_eq!(cell(-25_509, Days::Iso), None);
    }

    #[test]
    fn words_after_a_number_leave_it_one() {
        let cell = written(Value::Exact(Ratio::whole(5)), Format::Count { decimals: 0 }).unwrap();
        assert_eq!(cell.format("\"*\""), "#,##0\"*\";-#,##0\"*\";\"-\"\"*\"");
    }
}
