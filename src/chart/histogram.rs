//! Bins of a number's values, of even and round width.

use super::draft::Draft;
use super::spec::{Category, Figure, Kind, Measure, Role, Series};
use crate::sheet::{Format, Language, Profile, Value, number, round};
use crate::stats::{Entry, Ratio};
use crate::tabulate::{RowRole, Shown, Table};

/// More bins than these are not told apart at a glance.
const MOST: i128 = 12;

/// The values of a number as shares of those who gave one.
pub fn bins(table: &Table, profile: &Profile) -> Draft {
    let row = table.stub.iter().position(|row| row.role == RowRole::Number);
    let shown = row.map_or(Shown::Undefined, |row| table.numbers(row, 0));
    let (mut categories, mut values) = (Vec::new(), Vec::new());
    let category = |label: String| Category {
        label,
        code: None,
        n: None,
        low_base: false,
        role: Role::Answer,
        highlight: false,
    };
    match shown {
        Shown::Value(ref numbers) if numbers.w() > 0 => {
            for (label, w) in counted(numbers.entries(), table.number_decimals, profile) {
                let share = Ratio::new(w, numbers.w()).and_then(|share| share.times(100));
                categories.push(category(label));
                values.push(share.map_or(Shown::Undefined, |value| {
                    let format = Format::Percent { decimals: profile.decimals };
                    let label = number(Value::Exact(value), format);
                    Shown::Value(Figure { value, label, difference: None, range: None })
                }));
            }
        }
        Shown::Suppressed => {
            categories.push(category("…".into()));
            values.push(Shown::Suppressed);
        }
        _ => {
            categories.push(category("…".into()));
            values.push(Shown::Undefined);
        }
    }
    let series = Series {
        name: table.question.heading.clone(),
        code: None,
        n: None,
        low_base: false,
        role: Role::Answer,
        highlight: false,
        side: None,
        values,
    };
    let of = row.and_then(|row| table.shown_base(row, 0).value()).map_or(0, |base| base.n);
    let notes = vec![match profile.language {
        Language::Japanese => format!("％は数値の回答者 {of}{} を100とする", profile.unit),
        Language::English => format!("% of the {of} who gave a number"),
    }];
    Draft {
        kind: Kind::Histogram,
        categories,
        series: vec![series],
        measure: Measure::Percent,
        ordered: true,
        notes,
    }
}

/// Label and weight of each bin.
fn counted(entries: &[Entry], decimals: u32, profile: &Profile) -> Vec<(String, i128)> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Vec::new() };
    let (least, most) = (i128::from(first.value), i128::from(last.value));
    // Widths of 1, 2 and 5 times a power of ten, in units of the last digit.
    let mut width = 1;
    let mut times = [2, 5, 10].into_iter().cycle();
    let mut power = 1;
    while most.div_euclid(width) - least.div_euclid(width) >= MOST {
        let next = times.next().unwrap_or(10);
        width = power * next;
        if next == 10 {
            power *= 10;
        }
    }
    let unit = 10_i128.pow(decimals);
    let shown = |value: i128| Ratio::new(value, unit).map_or(String::new(), |value| round(value, decimals));
    let bins = least.div_euclid(width)..=most.div_euclid(width);
    bins.map(|bin| {
        let (from, to) = (bin * width, (bin + 1) * width);
        let inside = entries.iter().filter(|entry| (from..to).contains(&i128::from(entry.value)));
        let label = match width {
            1 => shown(from),
            _ if decimals == 0 => {
                format!("{}{}{}", shown(from), profile.language.choose("〜", "–"), shown(to - 1))
            }
            _ => match profile.language {
                Language::Japanese => format!("{}以上 {}未満", shown(from), shown(to)),
                Language::English => format!("{} to < {}", shown(from), shown(to)),
            },
        };
        (label, inside.map(|entry| entry.w).sum())
    })
    .collect()
}
