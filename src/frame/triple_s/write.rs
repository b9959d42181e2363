//! Replies as a Triple-S 2.0 survey: a definition, and data as CSV.

use std::io::{self, Write};

use super::super::convert::{Cell, Coded, Column, Columns, shown};
use super::super::{Holds, SetHolds};
use super::escaped;
use crate::diag::{Diagnostic, plural};
use crate::schema::{Code, written};

/// A variable to be written, of one column or of several answers.
struct Variable<'a> {
    name: &'a str,
    label: &'a str,
    columns: std::ops::Range<usize>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Single,
    Quantity(u32),
    Day,
    Character,
    /// Answers whose codes are 1, 2, 3, …: a 0 or 1 for each.
    Flags,
    /// Answers with other codes: the codes chosen, each so many characters wide.
    Spread(usize),
}

/// Writes the definition and the data; what Triple-S cannot hold comes back.
///
/// # Errors
/// A place cannot be written.
pub fn triple_s(
    columns: &Columns<'_>,
    definition: &mut dyn Write,
    data: &mut dyn Write,
) -> io::Result<Vec<Diagnostic>> {
    let variables = variables(columns);
    let spans = spans(columns);
    define(columns, &variables, &spans, definition)?;
    let mut line = csv_line(variables.iter().map(|variable| variable.name.to_string()));
    data.write_all(&line)?;
    let mut lost = vec![0_u64; variables.len()];
    columns.each_record(|cells| {
        let fields =
            variables.iter().zip(&mut lost).map(|(variable, lost)| field(columns, variable, cells, lost));
        line = csv_line(fields);
        data.write_all(&line)
    })?;
    let mut told = Vec::new();
    let coded = variables.iter().filter(|variable| {
        let column = &columns.columns[variable.columns.start];
        matches!(variable.kind, Kind::Single | Kind::Quantity(_))
            && column.coded.iter().any(|coded| coded.missing)
    });
    let coded = coded.count() as u64;
    if coded > 0 {
        let note = format!(
            "Triple-S has no missing values: in {} they are values like others",
            plural(coded, "variable")
        );
        told.push(
            Diagnostic::warning(note)
                .hint("their labels are there; say to whoever reads the file which they are"),
        );
    }
    let (count, replies) =
        lost.iter().filter(|lost| **lost > 0).fold((0, 0), |(count, sum), lost| (count + 1, sum + lost));
    if count > 0 {
        let note = format!(
            "{} of {} were no answers with a code; Triple-S has no place for it, and they are blank",
            plural(replies, "reply").replace("replys", "replies"),
            plural(count, "variable")
        );
        told.push(Diagnostic::warning(note));
    }
    Ok(told)
}

fn variables<'a>(columns: &'a Columns<'_>) -> Vec<Variable<'a>> {
    let mut variables = Vec::new();
    let mut at = 0;
    while let Some(column) = columns.columns.get(at) {
        let set = columns.sets.iter().find(|set| {
            matches!(set.holds, SetHolds::Dichotomies { .. }) && set.columns.first() == Some(&column.name)
        });
        let together = |set: &&super::super::DescribedSet| {
            let own = columns.columns[at..].iter().take(set.columns.len()).map(|column| &column.name);
            own.eq(set.columns.iter())
        };
        if let Some(set) = set.filter(together) {
            let end = at + set.columns.len();
            let codes: Vec<Code> =
                (at..end).filter_map(|at| option(columns, at)).map(|(code, _)| code).collect();
            let ordered = codes.iter().zip(1..).all(|(code, number)| *code == Code::Integer(number));
            let width = codes.iter().map(|code| code.to_string().len()).max().unwrap_or(1);
            variables.push(Variable {
                name: &set.name,
                label: set.label.as_deref().unwrap_or_default(),
                columns: at..end,
                kind: if ordered { Kind::Flags } else { Kind::Spread(width) },
            });
            at = end;
            continue;
        }
        let kind = match column.holds {
            Holds::Days => Kind::Day,
            _ if column.coded.iter().any(|coded| !coded.missing) => Kind::Single,
            Holds::Numbers { decimals } if columns.is_number(column) => Kind::Quantity(decimals),
            _ if columns.is_whole(column) => Kind::Quantity(0),
            _ => Kind::Character,
        };
        variables.push(Variable { name: &column.name, label: &column.label, columns: at..at + 1, kind });
        at += 1;
    }
    variables
}

/// Code and words of the option that a column is of.
fn option(columns: &Columns<'_>, column: usize) -> Option<(Code, String)> {
    let column = &columns.columns[column];
    let (question, option) = column.option()?;
    let option = &columns.survey().questions[question].options[option];
    Some((option.code.clone(), option.label.clone()))
}

/// The least and greatest number of each column, and the longest text.
fn spans(columns: &Columns<'_>) -> Vec<(i64, i64, usize)> {
    let mut spans = vec![(i64::MAX, i64::MIN, 1); columns.columns.len()];
    _ = columns.each_record::<()>(|cells| {
        for (cell, (least, greatest, longest)) in cells.iter().zip(&mut spans) {
            let number = match cell {
                Cell::Number(digits, _) => Some(*digits),
                Cell::Words(words) => {
                    *longest = (*longest).max(words.chars().count());
                    words.parse().ok()
                }
                _ => None,
            };
            if let Some(number) = number {
                (*least, *greatest) = ((*least).min(number), (*greatest).max(number));
            }
        }
        Ok(())
    });
    spans
}

fn define(
    columns: &Columns<'_>,
    variables: &[Variable<'_>],
    spans: &[(i64, i64, usize)],
    out: &mut dyn Write,
) -> io::Result<()> {
    let survey = columns.survey();
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sss version=\"2.0\">\n<origin>renkei</origin>\n<survey>"
    )?;
    element(out, "name", &survey.id)?;
    element(out, "title", &survey.title)?;
    writeln!(out, "<record ident=\"A\" format=\"csv\" skip=\"1\">")?;
    for (number, variable) in (1..).zip(variables) {
        let first = &columns.columns[variable.columns.start];
        let kind = match variable.kind {
            Kind::Single => "single",
            Kind::Quantity(_) => "quantity",
            Kind::Day => "date",
            Kind::Character => "character",
            Kind::Flags | Kind::Spread(_) => "multiple",
        };
        let role = match first.question {
            _ if columns.weight == Some(variable.columns.start) => " use=\"weight\"",
            None => " use=\"serial\"",
            Some(_) => "",
        };
        let literal = match variable.kind {
            Kind::Single if first.coded.iter().any(|coded| matches!(coded.code, Code::Text(_))) => {
                " format=\"literal\""
            }
            Kind::Spread(_)
                if variable
                    .columns
                    .clone()
                    .filter_map(|at| option(columns, at))
                    .any(|(code, _)| matches!(code, Code::Text(_))) =>
            {
                " format=\"literal\""
            }
            _ => "",
        };
        writeln!(out, "<variable ident=\"{number}\" type=\"{kind}\"{role}{literal}>")?;
        element(out, "name", variable.name)?;
        element(out, "label", variable.label)?;
        writeln!(out, "<position start=\"{number}\"/>")?;
        if let Kind::Spread(width) = variable.kind {
            writeln!(out, "<spread subfields=\"{}\" width=\"{width}\"/>", variable.columns.len())?;
        }
        let (least, greatest, longest) = spans[variable.columns.start];
        match variable.kind {
            Kind::Single => {
                values(out, None, first.coded.iter().map(|coded| (coded.code.clone(), words(coded))))?
            }
            Kind::Quantity(decimals) => {
                let number = |digits: i64| written((digits, decimals));
                let range =
                    if least > greatest { (number(0), number(0)) } else { (number(least), number(greatest)) };
                values(out, Some(range), first.coded.iter().map(|coded| (coded.code.clone(), words(coded))))?;
            }
            Kind::Flags | Kind::Spread(_) => {
                values(out, None, variable.columns.clone().filter_map(|at| option(columns, at)))?;
            }
            Kind::Character => writeln!(out, "<size>{longest}</size>")?,
            Kind::Day => {}
        }
        writeln!(out, "</variable>")?;
    }
    writeln!(out, "</record>\n</survey>\n</sss>")
}

fn words(coded: &Coded) -> String {
    coded.label.clone().unwrap_or_default()
}

fn element(out: &mut dyn Write, name: &str, words: &str) -> io::Result<()> {
    write!(out, "<{name}>")?;
    escaped(words, out)?;
    writeln!(out, "</{name}>")
}

fn values(
    out: &mut dyn Write,
    range: Option<(String, String)>,
    values: impl Iterator<Item = (Code, String)>,
) -> io::Result<()> {
    writeln!(out, "<values>")?;
    if let Some((from, to)) = range {
        writeln!(out, "<range from=\"{from}\" to=\"{to}\"/>")?;
    }
    for (code, words) in values {
        write!(out, "<value code=\"")?;
        escaped(&code.to_string(), out)?;
        write!(out, "\">")?;
        escaped(&words, out)?;
        writeln!(out, "</value>")?;
    }
    writeln!(out, "</values>")
}

/// The field of a variable.
fn field(columns: &Columns<'_>, variable: &Variable<'_>, cells: &[Cell<'_>], lost: &mut u64) -> String {
    let own = &cells[variable.columns.clone()];
    let column = |at: usize| -> &Column { &columns.columns[variable.columns.start + at] };
    match variable.kind {
        Kind::Flags | Kind::Spread(_) => {
            if own.iter().any(|cell| matches!(cell, Cell::Coded(2..))) {
                *lost += 1;
                return String::new();
            }
            if own.contains(&Cell::Blank) {
                return String::new();
            }
            let chosen = |cell: &Cell<'_>| *cell == Cell::Coded(1);
            match variable.kind {
                Kind::Spread(width) => own
                    .iter()
                    .enumerate()
                    .filter(|(_, cell)| chosen(cell))
                    .filter_map(|(at, _)| option(columns, variable.columns.start + at))
                    .map(|(code, _)| format!("{:>width$}", code.to_string()))
                    .collect(),
                _ => own.iter().map(|cell| if chosen(cell) { '1' } else { '0' }).collect(),
            }
        }
        Kind::Day => match &own[0] {
            Cell::Day(day) => day.civil().iso().replace('-', ""),
            Cell::Blank => String::new(),
            _ => {
                *lost += 1;
                String::new()
            }
        },
        _ => shown(&own[0], column(0), false).into_owned(),
    }
}

fn csv_line(fields: impl Iterator<Item = String>) -> Vec<u8> {
    let mut line = Vec::new();
    for (place, field) in fields.enumerate() {
        if place > 0 {
            line.push(b',');
        }
        // A field of zeros and ones is no number to be shortened by a spreadsheet.
        if field.contains([',', '"', '\n', '\r', ' ']) || (field.len() > 1 && field.starts_with('0')) {
            line.push(b'"');
            line.extend_from_slice(field.replace('"', "\"\"").as_bytes());
            line.push(b'"');
        } else {
            line.extend_from_slice(field.as_bytes());
        }
    }
    line.extend_from_slice(b"\r\n");
    line
}
