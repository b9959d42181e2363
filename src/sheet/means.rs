//! Summary tables of means, and indices: cells of numbers and scores of several questions.

use super::arrange::{heading, row_label};
use super::cross::{Item, base_cell, data, shows_intervals, unseen, weighted};
use super::footnote;
use super::interval::{self, Of, interval_cell};
use super::profile::Profile;
use super::ratio::{line_cells, lines_words};
use super::significance;
use super::{Cell, Content, Format, Role, Sheet, Value};
use crate::schema::Kind;
use crate::tabulate::{ColumnRole, NumberMeasure, RowRole, Shown, Table};

/// Whether each row has a base of its own, as in summary tables; rows of means may share one.
pub(super) fn has_row_bases(tables: &[&Table]) -> bool {
    let differ = |table: &&Table| {
        let columns = 0..table.columns.len();
        let bases = |row: usize| columns.clone().map(move |column| table.base(row, column));
        (1..table.stub.len()).any(|row| !bases(row).eq(bases(0)))
    };
    let means = tables[0].means.is_some();
    tables[0].has_row_bases() && (!means || tables.iter().any(differ))
}

/// What a summary table's cells are of their numbers.
pub(super) fn measure_words(measure: NumberMeasure, profile: &Profile) -> &'static str {
    let words = profile.language.words();
    match measure {
        NumberMeasure::Mean => words.mean,
        NumberMeasure::Deviation => words.deviation,
        NumberMeasure::Median => words.quartiles[1],
        NumberMeasure::Ratio => words.ratio,
    }
}

/// The cell of a summary table's row.
pub(super) fn measured(
    table: &Table,
    row: usize,
    column: usize,
    measure: NumberMeasure,
    profile: &Profile,
) -> Cell {
    let item = match measure {
        NumberMeasure::Mean => Item::Mean(row),
        NumberMeasure::Deviation => Item::Deviation(row),
        NumberMeasure::Median => Item::Quartile(row, 2),
        NumberMeasure::Ratio => Item::Ratio(row),
    };
    let mut cell = item.cell(table, column, profile);
    // One number of digits in the whole table, though some rows are scores and some are not.
    let scores = table.stub.iter().any(|row| row.role == RowRole::Score);
    let digits = (table.number_decimals + 1).max(if scores { 2 } else { 0 });
    if let (Content::Number(_, Format::Measure { decimals }), false) =
        (&mut cell.content, matches!(measure, NumberMeasure::Median | NumberMeasure::Ratio))
    {
        *decimals = digits;
    }
    // All of these are means: none stands out.
    Cell { role: Role::Data, ..cell }
}

/// The group's percentage, or mean, where the Total's is 100.
pub(super) fn index_cell(table: &Table, row: usize, column: usize, profile: &Profile) -> Cell {
    let measured = table.question.kind.is_measured() || table.question.kind == Kind::Ratio;
    let number = measured && table.stub[row].role == RowRole::Missing;
    if number || matches!(table.columns[column].role, ColumnRole::Total | ColumnRole::Missing) {
        return Cell::new(Content::Empty, Role::Data);
    }
    let content = match table.index(row, column) {
        Shown::Value(ratio) => {
            Content::Number(Value::Exact(ratio), Format::Index { decimals: profile.index.unwrap_or(0) })
        }
        other => unseen(other),
    };
    Cell::new(content, data(table, row))
}

/// Arranges a summary table of means without a banner: a row in a line, with its n.
pub(super) fn means_gt(table: &Table, measures: &[NumberMeasure], profile: &Profile) -> Sheet {
    let (title, above) = heading(table, profile);
    let mut header = vec![profile.language.choose("項目", "Item"), "n"];
    if table.weighted() {
        header.push(profile.language.words().weighted_base);
    }
    let ratios = measures.contains(&NumberMeasure::Ratio);
    if ratios {
        header.extend(lines_words(profile));
    }
    header.extend(measures.iter().map(|&measure| measure_words(measure, profile)));
    let heading = profile.interval.map_or(String::new(), |level| interval::heading(level, profile.language));
    let intervals = shows_intervals(&[table], profile)
        && measures.iter().any(|measure| matches!(measure, NumberMeasure::Mean | NumberMeasure::Ratio));
    header.extend(intervals.then_some(heading.as_str()));
    let header = header.into_iter().map(|text| Cell::text(text, Role::Header)).collect();
    let body: Vec<Vec<Cell>> = (0..table.stub.len())
        .map(|row| {
            let label = Cell::text(row_label(&table.stub[row], profile), Role::Label);
            let mut line = vec![label, base_cell(table, row, 0, profile)];
            if table.weighted() {
                line.push(match table.shown_base(row, 0) {
                    Shown::Value(base) => weighted(table, base.w, Role::Base),
                    other => Cell::new(unseen(other), Role::Base),
                });
            }
            if ratios {
                line.extend(line_cells(table, row));
            }
            line.extend(measures.iter().map(|&measure| measured(table, row, 0, measure, profile)));
            line.extend(intervals.then(|| interval_cell(table, row, 0, Of::Mean, profile)));
            line
        })
        .collect();
    let mut notes = significance::of_rows(table, profile);
    notes.extend(interval::notes(&[table], profile));
    notes.extend(footnote::notes(&[table], &body, profile));
    Sheet { title, above, header: vec![header], body, side: 1, notes }
}
