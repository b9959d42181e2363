//! Tables into sheets: which of them stand together, and in which layout.

use super::cross::{Line, cross};
use super::gt::gt;
use super::means::measure_words;
use super::profile::{Axis, CellChoice, Language, PercentBase, Profile};
use super::ranking::ranking;
use super::{Sheet, footnote};
use crate::schema::Kind;
use crate::tabulate::{Note, RowRole, Shown, StubRow, Table, join_missing};

/// A sheet, and what a reader of books must know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Arranged {
    /// Id of the question; for rows of a grid and places of a rank question, of the whole.
    pub question: String,
    /// What its percentages are, for whom draws them.
    pub shares: Shares,
    /// Where its answers stand.
    pub answers: Axis,
    /// The sheet.
    pub sheet: Sheet,
}

/// What the percentages of a group are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shares {
    /// Parts of a whole: together 100.
    Parts,
    /// Each of its own: several answers, or a choice of rows.
    Apart,
    /// No percentages of answers.
    None,
}

/// Arranges tables as sheets. The rows of a grid without a banner stand in one sheet, rows down the
/// side; everything else is a sheet of its own (two, when counts and percentages stand apart).
pub fn arrange(tables: &[Table], profile: &Profile) -> Vec<Sheet> {
    arranged(tables, profile).into_iter().map(|arranged| arranged.sheet).collect()
}

/// Arranges tables as [`arrange`] does, and says what each sheet is of.
pub fn arranged(tables: &[Table], profile: &Profile) -> Vec<Arranged> {
    let no_answer = [Language::Japanese, Language::English].map(|language| language.words().no_answer);
    let tables: Vec<Table> = tables.iter().map(|table| join_missing(table, &no_answer)).collect();
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut known: Vec<(String, Shares, Axis)> = Vec::new();
    let mut start = 0;
    let mut number = profile.number;
    while start < tables.len() {
        let first = &tables[start];
        let ranked = !first.points.is_empty();
        // The rows of a grid, or a rank question with its places.
        let together = |table: &&Table| match ranked {
            true => table.grid.as_ref() == Some(&first.question.id),
            false => first.grid.is_some() && table.grid == first.grid,
        };
        let end = start + 1 + tables[start + 1..].iter().take_while(together).count();
        let group = &tables[start..end];
        let banner = first.columns.len() > 1;
        let before = sheets.len();
        match (banner, first.grid.is_some()) {
            (false, false) if ranked => sheets.push(ranking(first, &group[1..], profile)),
            (false, false) => sheets.push(gt(first, profile)),
            (false, true) => {
                let lines: Vec<Line> = group
                    .iter()
                    .map(|table| Line {
                        table,
                        column: 0,
                        labels: vec![table.question.heading.clone()],
                        banner: None,
                    })
                    .collect();
                sheets
                    .extend(crosses(&lines, &Profile { axis: Axis::Side, hatch: false, ..profile.clone() }));
            }
            (true, _) => {
                for (place, table) in group.iter().enumerate() {
                    let lines: Vec<Line> =
                        (0..table.columns.len()).map(|column| Line::of(table, column, profile)).collect();
                    let row = sheets.len();
                    sheets.extend(crosses(&lines, profile));
                    // A grid has one number, whether its rows stand together or apart; so has a rank
                    // question, whose first place is 表3-1.
                    if let Some(number) = number.filter(|_| group.len() > 1) {
                        let number = match place + usize::from(!ranked) {
                            0 => number.to_string(),
                            place => format!("{number}-{place}"),
                        };
                        sheets[row..].iter_mut().for_each(|sheet| numbered(sheet, &number, profile));
                    }
                }
            }
        }
        if let Some(number) = number.as_mut() {
            if !banner || group.len() == 1 {
                sheets[before..].iter_mut().for_each(|sheet| numbered(sheet, &number.to_string(), profile));
            }
            *number = number.saturating_add(1);
        }
        let question =
            if ranked { &first.question.id } else { first.grid.as_ref().unwrap_or(&first.question.id) };
        let answers = match (banner, first.grid.is_some()) {
            (false, false) => Axis::Side,
            (false, true) => Axis::Top,
            (true, _) if profile.axis == Axis::Side => Axis::Top,
            (true, _) => Axis::Side,
        };
        let shares = if ranked && !banner { Shares::None } else { shares(first, profile) };
        known.resize(sheets.len(), (question.clone(), shares, answers));
        start = end;
    }
    let arranged = |(sheet, (question, shares, answers))| Arranged { question, shares, answers, sheet };
    sheets.into_iter().zip(known).map(arranged).collect()
}

/// What a table's percentages are to each other.
fn shares(table: &Table, profile: &Profile) -> Shares {
    let of_groups = profile.percent == Some(PercentBase::Banner) || table.columns.len() == 1;
    let top = table.notes.iter().any(|note| matches!(note, Note::Top(_)));
    match table.question.kind {
        _ if profile.percent.is_none() || table.means.is_some() => Shares::None,
        Kind::Number | Kind::Date | Kind::Ratio | Kind::Text => Shares::None,
        Kind::Single | Kind::Scale if of_groups && !top && !table.has_row_bases() => Shares::Parts,
        _ => Shares::Apart,
    }
}

/// 表3 before the title.
fn numbered(sheet: &mut Sheet, number: &str, profile: &Profile) {
    sheet.title = match profile.language {
        Language::Japanese => format!("表{number}　{}", sheet.title),
        Language::English => format!("Table {number}. {}", sheet.title),
    };
}

fn crosses(lines: &[Line], profile: &Profile) -> Vec<Sheet> {
    match profile.cell {
        CellChoice::Apart if lines[0].table.means.is_none() => [CellChoice::Count, CellChoice::Percent]
            .map(|cell| cross(lines, &Profile { cell, ..profile.clone() }))
            .into(),
        _ => vec![cross(lines, profile)],
    }
}

/// `（令和元年度）`
pub(super) fn in_brackets(wave: &str, language: Language) -> String {
    match language {
        Language::Japanese => format!("（{wave}）"),
        Language::English => format!(" ({wave})"),
    }
}

/// The label of a stub row in the profile's language.
pub fn row_label(row: &StubRow, profile: &Profile) -> String {
    match row.role {
        RowRole::Missing if row.code.is_none() => profile.language.words().no_answer.to_string(),
        _ => row.label.clone(),
    }
}

/// The rows worth showing: 無回答 only where somebody did not answer.
pub fn shown_rows(tables: &[&Table]) -> Vec<usize> {
    let rows = tables.iter().map(|table| table.stub.len()).min().unwrap_or(0);
    (0..rows)
        .filter(|&row| {
            let nobody = |table: &Table| {
                (0..table.columns.len()).all(|column| match table.cell(row, column) {
                    Shown::Value(tally) => tally.n == 0,
                    Shown::Undefined => true,
                    Shown::Suppressed => false,
                })
            };
            let missing = |table: &Table| table.stub[row].role == RowRole::Missing;
            !tables.iter().all(|table| missing(table) && nobody(table))
        })
        .collect()
}

/// Title and the lines under it.
pub(super) fn heading(table: &Table, profile: &Profile) -> (String, Vec<String>) {
    let language = profile.language;
    // The rows of a grid without a banner stand together under the grid's id and wording.
    let grid = table.grid.as_deref().filter(|_| table.columns.len() == 1);
    let mut title = match grid {
        Some(grid) => format!("{grid} {}", table.question.text),
        None => format!("{} {}", table.question.id, table.question.heading),
    };
    if let Some(means) = &table.means {
        let measures = means.measures.iter().map(|&measure| measure_words(measure, profile));
        let measures = measures.collect::<Vec<_>>().join(language.choose("・", ", "));
        title = format!("{}{}{measures}", title.trim_end(), language.choose("：", ": "));
    }
    if let Some((_, wave)) = &table.wave {
        title.push_str(&in_brackets(wave, language));
    }
    let asked_for = table.banners.iter().filter(|banner| banner.subtotal_of.is_none());
    for (place, banner) in asked_for.enumerate() {
        title.push_str(if place == 0 { " × " } else { language.choose("、", ", ") });
        let path: Vec<&str> = banner.path.iter().map(|question| question.heading.as_str()).collect();
        title.push_str(&path.join(" > "));
    }
    let mut above = Vec::new();
    if let Some(section) = &table.question.section {
        above.push(format!("{}{section}", language.choose("区分: ", "Section: ")));
    }
    if grid.is_none() && table.question.text != table.question.heading {
        above.push(table.question.text.clone());
    }
    above.push(footnote::base_line(table, profile));
    if let Some(filter) = &table.filter {
        above.push(format!("{}{filter}", language.choose("条件: ", "Filter: ")));
    }
    (title, above)
}
