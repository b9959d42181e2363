//! What is wrong with the header of an export, in words.

use std::collections::HashMap;

use super::columns::Column;
use super::{ExportLayout, absent, marks};
use crate::diag::{Diagnostic, Place, nearest, quote, visible};
use crate::frame::file::Data;
use crate::frame::heading::FirstRow;
use crate::schema::{QuestionIndex, Survey, matching_key};

/// A layout that was named, and whose mark is not there.
pub(super) fn no_mark(layout: ExportLayout, rows: &[FirstRow], data: &Data, place: Place) -> Diagnostic {
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
    if let Some(error) = missing_rows(layout, rows, data) {
        return error;
    }
    let first = cells.first().and_then(|row| row.first()).map(String::as_str).unwrap_or_default();
    let found = if first.is_empty() { "a blank".to_string() } else { quote(first) };
    let error = Diagnostic::error(format!(
        "expected an export of {}, with {}; found {found} in its first cell",
        marks::name(layout),
        marks::expected(layout)
    ))
    .at(place);
    let looks_like = marks::shown(&cells);
    error.hint(match looks_like {
        Some((other, _)) => {
            let (name, word) = (marks::name(other), other.word());
            format!("it looks like one of {name}: say `--layout {word}`, or leave `--layout` out")
        }
        None => "was the header row deleted? if it is no such export, leave `--layout` out".to_string(),
    })
}

/// The header begins as it should, but lacks its further rows.
fn missing_rows(layout: ExportLayout, rows: &[FirstRow], data: &Data) -> Option<Diagnostic> {
    if layout != ExportLayout::Qualtrics {
        return None;
    }
    let first = rows.first()?;
    let begins =
        first.cells.iter().any(|cell| ["ResponseId", "StartDate", "RecordedDate"].contains(&cell.trim()));
    begins.then(|| {
        let line = rows.get(2).or(rows.last()).map_or(1, |row| row.line);
        Diagnostic::error("expected the third header row of Qualtrics, with ImportIds, found a record")
            .at(data.at_header(line))
            .hint("its exports have three header rows: were some deleted? export again, or say `--layout plain`")
    })
}

/// A header of fewer rows than the layout has.
pub(super) fn short_header(
    layout: ExportLayout,
    header_rows: usize,
    rows: &[FirstRow],
    data: &Data,
) -> Option<Diagnostic> {
    if header_rows < 2 {
        return None;
    }
    let line = rows.last().map_or(1, |row| row.line);
    if rows.len() < header_rows {
        let error = format!("expected {header_rows} header rows, found {}", rows.len());
        return Some(Diagnostic::error(error).at(data.at_header(line)));
    }
    // The second row of SurveyMonkey has nothing under the columns about the response.
    let second = &rows[1];
    let filled = second.cells.first().is_some_and(|cell| !cell.trim().is_empty());
    (layout == ExportLayout::SurveyMonkey && filled).then(|| {
        Diagnostic::error("expected the second header row of SurveyMonkey, with options, found a record")
            .at(data.at_header(second.line))
            .hint("its exports have two header rows: was the second deleted? export again")
    })
}

/// Everything that is wrong with the columns.
pub(super) fn all(
    layout: ExportLayout,
    found: &[Column],
    rows: &[FirstRow],
    survey: &Survey,
    data: &Data,
) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let header = |column: usize| {
        let cell = |row: &FirstRow| {
            row.cells.get(column).map(|cell| cell.trim().to_string()).filter(|cell| !cell.is_empty())
        };
        rows.iter().find_map(cell).unwrap_or_default()
    };
    let place = |column: usize, row: usize| {
        let line = rows.get(row).map_or(1, |row| row.line);
        let name = visible(&header(column)).chars().take(40).collect::<String>();
        data.cells.place(&data.name, 0, line, Some((column, &name)))
    };
    // A part under the wrong question: the text over it was lost or moved.
    for (column, found) in found.iter().enumerate() {
        let Column::NoPart(question, part) = found else { continue };
        let own = &survey.questions[*question];
        let error =
            format!("{} is no part of question {}, under which it stands", quote(part), quote(&own.id));
        let row = rows.len().min(2) - 1;
        let error = Diagnostic::error(error).at(place(column, row));
        errors.push(error.hint(match whose(survey, part) {
            Some(other) => {
                let other = quote(&survey.questions[other].id);
                format!(
                    "it is one of {other}: did the header lose the text that stood over it (a merged cell)?"
                )
            }
            None => {
                let labels = own.options.iter().map(|option| option.label.as_str());
                match nearest(part, labels) {
                    Some(label) => {
                        format!("did you mean {}? give the option this label or this spelling", quote(label))
                    }
                    None => "add it to the question's options, or correct the header".to_string(),
                }
            }
        }));
    }
    // Two columns for one thing.
    let mut first: HashMap<String, usize> = HashMap::new();
    for (column, found) in found.iter().enumerate() {
        let key = match found {
            Column::Ignored | Column::NoPart(..) | Column::Other(_) => continue,
            other => format!("{other:?}"),
        };
        if let Some(earlier) = first.insert(key, column) {
            let error = format!("columns {} and {} are of the same question", earlier + 1, column + 1);
            let hint = "delete one, or give one another name";
            errors.push(Diagnostic::error(error).at(place(column, 0)).hint(hint));
        }
    }
    let unread: Vec<String> =
        (0..found.len()).filter(|&column| found[column] == Column::Ignored).map(header).collect();
    for question in absent(survey, found) {
        errors.push(no_column(layout, survey, question, &unread, data, rows));
    }
    errors
}

/// A question that the export has no column of.
fn no_column(
    layout: ExportLayout,
    survey: &Survey,
    question: QuestionIndex,
    unread: &[String],
    data: &Data,
    rows: &[FirstRow],
) -> Diagnostic {
    let own = &survey.questions[question];
    let row = own.short.as_ref().filter(|_| own.grid.is_some());
    let text = row.map_or(own.text.clone(), |row| format!("{} [{row}]", own.text));
    let error = format!("expected a column of question {} ({}), found none", quote(&own.id), quote(&text));
    let error = Diagnostic::error(error).at(data.at_header(rows.first().map_or(1, |row| row.line)));
    let headers = || unread.iter().map(String::as_str).filter(|header| !header.is_empty());
    let near = nearest(&text, headers()).or_else(|| nearest(&own.id, headers()));
    error.hint(match near {
        Some(near) => {
            let near = quote(near);
            format!("column {near} is near: correct the header, or `text` or `short` of the question")
        }
        None if layout == ExportLayout::Panel || layout == ExportLayout::Omr => {
            "columns are known by the question's id, such as `q3`, `q3_4`, `q7s1`".to_string()
        }
        None => "columns are known by the question's id, `text` or `short`".to_string(),
    })
}

/// The question that has such an option or row.
fn whose(survey: &Survey, part: &str) -> Option<QuestionIndex> {
    let key = matching_key(part);
    survey.questions.iter().position(|own| {
        let row = own.grid.is_some() && own.short.as_ref().is_some_and(|label| matching_key(label) == key);
        row || (own.grid.is_none() && own.options.iter().any(|option| matching_key(&option.label) == key))
    })
}
