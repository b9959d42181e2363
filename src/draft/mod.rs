//! A first draft of a schema, and of a study, from a file of data.
//!
//! In: a file of data that no questionnaire describes. Out: the text of a schema that reads it, with a comment for
//! every guess and its reason. What a guess rests on is in `column`; `heading` reads the headers of services, `family`
//! puts columns together, `guess` says what the questions are (`single` of one column, `together` of several, `told`
//! where the file says it itself), `order` in which order answers stand, `words` knows the words of headers and values,
//! `write` makes TOML of it. Answers to questions that are no choice are never in a draft, and 無回答 is proposed, not
//! assumed.

mod column;
mod family;
mod guess;
mod heading;
mod order;
mod single;
mod together;
mod told;
mod words;
mod write;

use std::path::Path;

use crate::diag::{Diagnostic, Failure, Place, Warned};
use crate::frame::{ExportLayout, ReadOptions, describe, each_row};
use column::Column;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The schema, TOML.
    pub schema: String,
    /// Rows of the header; reading needs them where they are several and no layout is known.
    pub header_rows: usize,
    /// The service whose export it is.
    pub layout: Option<ExportLayout>,
    /// How many questions it has.
    pub questions: usize,
    /// How many records were looked at.
    pub records: u64,
}

/// Drafts the schema of a file.
///
/// # Errors
/// `Refused` when the file is no table with a header and records; `Io` when it cannot be read.
pub fn draft(path: &Path, options: &ReadOptions) -> Result<Warned<Drafted>, Failure> {
    let mut head: Vec<Vec<String>> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    let mut records = 0;
    let mut take = |row: &[String], columns: &mut Vec<Column>| {
        records += 1;
        for (place, column) in columns.iter_mut().enumerate() {
            column.take(row.get(place).map_or("", String::as_str));
        }
    };
    let mut rows_of_header = options.header_rows.max(1);
    let mut layout = None;
    let mut begin = |head: &[Vec<String>]| {
        let seen = || ExportLayout::shown_by(head).filter(|_| options.header_rows < 2);
        // The columns of panels and of readers of marked forms are read by their names.
        layout = options.layout.or_else(seen).filter(|layout| layout.has_own_headers());
        rows_of_header = match layout {
            Some(layout) => layout.header_rows(),
            None => rows_of_header.max(family::header_rows(head)),
        };
        rows_of_header = rows_of_header.min(head.len());
        header(&head[..rows_of_header])
    };
    let read = each_row(path, options, &mut |row| {
        if !columns.is_empty() {
            return take(row, &mut columns);
        }
        head.push(row.to_vec());
        if head.len() == family::ROWS_LOOKED_AT {
            columns = begin(&head);
            let first = columns.first().map_or(1, |column| column.header.len());
            head.drain(first..).for_each(|row| take(&row, &mut columns));
        }
    })?;
    if columns.is_empty() && !head.is_empty() {
        columns = begin(&head);
        let first = columns.first().map_or(1, |column| column.header.len());
        head.drain(first..).for_each(|row| take(&row, &mut columns));
    }
    let refused = |message: &str, hint: &str| {
        let error = Diagnostic::error(message).at(Place::File(read.name.clone()));
        Failure::Refused(vec![error.hint(hint)])
    };
    if records == 0 {
        return Err(refused("expected respondents, found only a header", "a draft is made from answers"));
    }
    if columns.iter().all(|column| column.name().is_empty() || column.name().parse::<f64>().is_ok()) {
        let hint = "where lines stand above the header, say `--skip`";
        return Err(refused("expected a header with names of columns, found none", hint));
    }
    let described = if path.is_file() { describe(path, options.encoding)? } else { None };
    let survey = guess::survey(&columns, rows_of_header, layout, described.as_ref());
    let schema = write::schema(&survey, &columns, &read, records, (rows_of_header, layout));
    let questions = survey.questions.len();
    let header_rows = if layout.is_some() { 1 } else { rows_of_header };
    let drafted = Drafted { schema, header_rows, layout, questions, records };
    Ok(Warned { value: drafted, warnings: read.warnings })
}

/// The columns under a header; blank cells of all rows but the last inherit from the left.
fn header(rows: &[Vec<String>]) -> Vec<Column> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut above = vec![String::new(); rows.len().saturating_sub(1)];
    let mut columns = Vec::with_capacity(width);
    for place in 0..width {
        let cell = |row: usize| rows[row].get(place).cloned().unwrap_or_default();
        let mut names = Vec::with_capacity(rows.len());
        for (row, inherited) in above.iter_mut().enumerate() {
            if !cell(row).is_empty() {
                *inherited = cell(row);
            }
            names.push(inherited.clone());
        }
        names.extend(rows.len().checked_sub(1).map(cell));
        columns.push(Column::new(names));
    }
    columns
}

/// The study that reads a file with a drafted schema.
pub fn study(schema: &str, data: &str, drafted: &Drafted, options: &ReadOptions) -> String {
    write::study(schema, data, drafted, options)
}
