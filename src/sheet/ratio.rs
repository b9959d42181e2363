//! Ratios of sums: their cells, and the words under them.

use super::cross::unseen;
use super::profile::{Language, Profile};
use super::{Cell, Content, Format, Role, Value, number};
use crate::diag::thousands;
use crate::schema::{Code, Kind};
use crate::stats::Ratio;
use crate::tabulate::{ColumnRole, RowRole, Shown, StubRow, Table};

/// Whether the table has a ratio.
pub(super) fn has_ratios(table: &Table) -> bool {
    table.stub.iter().any(|row| row.role == RowRole::Ratio)
}

/// 分子 and 分母.
pub(super) fn lines_words(profile: &Profile) -> [&'static str; 2] {
    [profile.language.choose("分子", "Numerator"), profile.language.choose("分母", "Denominator")]
}

/// `分子：退院調整を実施した件数`, for the row of one of the two numbers.
pub(super) fn line_label(row: &StubRow, profile: &Profile) -> String {
    let [numerator, denominator] = lines_words(profile);
    let above = row.code == Some(Code::Text("of".into()));
    let line = if above { numerator } else { denominator };
    format!("{line}{}{}", profile.language.choose("：", ": "), row.label)
}

/// 比率 with its unit.
pub(super) fn ratio_label(row: &StubRow, profile: &Profile) -> String {
    let word = profile.language.words().ratio;
    match (row.per, profile.language) {
        (Some(100), Language::Japanese) => format!("{word}（％）"),
        (Some(100), Language::English) => format!("{word} (%)"),
        (Some(per @ 2..), Language::Japanese) => format!("{word}（{}あたり）", thousands(per.into())),
        (Some(per @ 2..), Language::English) => format!("{word} (per {})", thousands(per.into())),
        _ => word.to_string(),
    }
}

/// How a ratio is shown: a plain one has a decimal more than percentages, for it may be below 1.
fn format(table: &Table, row: usize, profile: &Profile) -> Format {
    match table.stub[row].per {
        Some(100) => Format::Percent { decimals: profile.decimals },
        Some(1) => Format::Measure { decimals: profile.decimals + 1 },
        _ => Format::Measure { decimals: profile.decimals },
    }
}

/// The ratio.
pub(super) fn ratio_cell(table: &Table, row: usize, column: usize, profile: &Profile) -> Cell {
    let content = match table.ratio(row, column) {
        Shown::Value(ratio) => Content::Number(Value::Exact(ratio), format(table, row, profile)),
        other => unseen(other),
    };
    Cell::new(content, Role::Net)
}

/// The two totals of a summary table's row.
pub(super) fn line_cells(table: &Table, row: usize) -> [Cell; 2] {
    let format = Format::Measure { decimals: table.number_decimals };
    [table.total(row, 0), table.denominator(row, 0)].map(|shown| {
        let content = match shown {
            Shown::Value(total) => Content::Number(Value::Exact(total), format),
            other => unseen(other),
        };
        Cell::new(content, Role::Data)
    })
}

/// What the ratios of a table are, and their ranges where they are asked for.
pub(super) fn notes(table: &Table, profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let mut notes = Vec::new();
    let rows = || (0..table.stub.len()).filter(|&row| table.stub[row].role == RowRole::Ratio);
    // The rows of a summary table need not be for as many.
    let several = table.question.kind == Kind::Ratio && table.means.is_none();
    let one = rows().all(|row| Some(table.stub[row].per) == rows().next().map(|first| table.stub[first].per));
    for row in rows().take(if one { 1 } else { usize::MAX }) {
        let whose = if one || several { String::new() } else { format!("{}: ", table.stub[row].label) };
        let by = match table.stub[row].per {
            Some(1) | None => String::new(),
            Some(per) => format!(" × {}", thousands(per.into())),
        };
        notes.push(match language {
            Language::Japanese => format!("{whose}比率は分子の合計 ÷ 分母の合計{by}"),
            Language::English => {
                format!("{whose}ratio: sum of the numerator / sum of the denominator{by}")
            }
        });
    }
    if profile.range {
        notes.extend(rows().flat_map(|row| ranges(table, row, profile)));
    }
    notes
}

/// `「地域」の範囲 72.7〜96.3（差 23.6ポイント）`, for each banner.
fn ranges(table: &Table, row: usize, profile: &Profile) -> Vec<String> {
    let asked_for = table.banners.iter().enumerate().filter(|(_, banner)| banner.subtotal_of.is_none());
    let of = |(place, banner): (usize, &crate::tabulate::Banner)| {
        let group = |column: &usize| {
            let here = &table.columns[*column];
            here.role == ColumnRole::Group && here.banner == Some(place)
        };
        let ratios = || (0..table.columns.len()).filter(group).filter_map(|c| table.ratio(row, c).value());
        let (least, most): (Ratio, Ratio) = (ratios().min()?, ratios().max()?);
        let difference = most.minus(least)?;
        let [least, most, difference] = [least, most, difference].map(|ratio| {
            // In a range nothing is "-", which here would read as a sign.
            let format = match format(table, row, profile) {
                Format::Percent { decimals } => Format::Measure { decimals },
                other => other,
            };
            number(Value::Exact(ratio), format)
        });
        let points = match (table.stub[row].per, profile.language) {
            (Some(100), Language::Japanese) => "ポイント",
            (Some(100), Language::English) => " points",
            _ => "",
        };
        let name: Vec<&str> = banner.path.iter().map(|question| question.heading.as_str()).collect();
        let name = name.join(" > ");
        let whose = match table.means.is_some() {
            true => format!("{}: ", table.stub[row].label),
            false => String::new(),
        };
        Some(match profile.language {
            Language::Japanese => {
                format!("{whose}「{name}」の範囲 {least}〜{most}（差 {difference}{points}）")
            }
            Language::English => {
                format!("{whose}range over {name}: {least} to {most} (difference {difference}{points})")
            }
        })
    };
    asked_for.filter_map(of).collect()
}
