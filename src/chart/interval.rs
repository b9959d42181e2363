//! Estimates and their intervals: of answers, or of one figure of each group.

use super::draft::{Draft, is_one_figure, measure, named, one_row};
use super::request::ChartRequest;
use super::spec::{Category, Kind, Range, Series};
use super::values::{answers, column_category, column_series, row_category, row_series};
use crate::diag::Diagnostic;
use crate::sheet::{Profile, figure_interval};
use crate::tabulate::{Shown, Table};

/// The draft of a table's intervals.
pub(super) fn intervals(
    tables: &[&Table],
    request: &ChartRequest,
    profile: &Profile,
) -> Result<Draft, Diagnostic> {
    let (table, name) = (tables[0], named(tables));
    if tables.len() > 1 {
        let error = Diagnostic::error(format!("{name} has several questions: no `interval` of all in one"));
        return Err(error.hint("a grid's net (`--rows q7:easy`) or one of its rows (`q7.r1`) has intervals"));
    }
    if profile.interval.is_none() || table.spread().is_none() {
        let error =
            Diagnostic::error(format!("no variances of {name} were counted, and `interval` shows them"));
        return Err(error
            .hint("`renkei chart --kind interval` counts them, of a census with `--interval wilson` only"));
    }
    let banner = table.columns.len() > 1;
    let (cells, categories, series): (Vec<(usize, usize)>, Vec<Category>, Series) =
        match banner || is_one_figure(table) {
            true => {
                let row = one_row(table, request)?;
                let base = (is_one_figure(table) || table.has_row_bases()).then_some(row);
                let columns: Vec<usize> = (0..table.columns.len()).collect();
                let category = |&column: &usize| column_category(table, column, base, profile);
                let categories = columns.iter().map(category).collect();
                let series = row_series(table, row, &columns, profile);
                (columns.into_iter().map(|column| (row, column)).collect(), categories, series)
            }
            false => {
                let rows = answers(table);
                let categories = rows.iter().map(|&row| row_category(table, row, profile)).collect();
                let series = Series { n: None, ..column_series(table, 0, &rows, profile) };
                (rows.into_iter().map(|row| (row, 0)).collect(), categories, series)
            }
        };
    let mut series = series;
    for (&(row, column), shown) in cells.iter().zip(&mut series.values) {
        if let (Shown::Value(figure), Some((found, label))) =
            (shown, figure_interval(table, row, column, profile))
        {
            figure.range = Some(Range { low: found.low, high: found.high, label });
        }
    }
    let rows: Vec<usize> = cells.iter().map(|(row, _)| *row).collect();
    let measure = measure(table, &rows);
    let notes = match banner && !is_one_figure(table) {
        true => vec![super::words::share_of(&series.name, profile.language)],
        false => Vec::new(),
    };
    Ok(Draft { kind: Kind::Interval, categories, series: vec![series], measure, ordered: false, notes })
}
