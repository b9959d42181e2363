//! Where a file's header is and what stands between its cells: looked for by the declared columns.
//!
//! A header is the line that has them. Exports put titles, `sep=` notes and a row of question texts
//! above it; none of that is guessed away in silence. What was declared (`--skip`,
//! `--header-rows`, `--delimiter`) is obeyed; else a file whose first line is not the header is
//! refused, saying where the header seems to be.

use std::collections::HashSet;
use std::io::{self, Read};

use super::Encoding;
use super::cells::{Grammar, QuoteDefect, empty_line, record};
use super::file::decode;
use super::ledger::{Here, QuoteFault, count32};
use super::scan::Scanner;
use crate::diag::{Diagnostic, thousands};
use crate::schema::matching_key;

/// Lines among which a header is looked for.
const NEAR_LINES: usize = 50;
/// Lines at which several header rows are looked for.
const NEAR_ROWS: usize = 10;
/// Delimiters that need not be declared, the usual one first.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// Where the header is and how it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heading {
    /// Bytes before the header.
    pub(crate) start: usize,
    /// Physical lines before the header.
    pub(crate) lines: u64,
    pub(crate) delimiter: u8,
    /// Rows of the header.
    pub(crate) rows: usize,
}

/// One of the first rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FirstRow {
    /// Where it begins.
    pub(crate) start: usize,
    /// Its line, from 1.
    pub(crate) line: u64,
    pub(crate) cells: Vec<String>,
}

/// The first rows after so many lines, at most so many; blank lines are none. The last may be cut short.
pub(crate) fn first_rows(
    bytes: &[u8],
    grammar: Grammar,
    encoding: Encoding,
    skip: usize,
    most: usize,
) -> Vec<FirstRow> {
    let mut at = 0;
    let mut line = 1;
    for _ in 0..skip {
        let Some(end) = memchr::memchr(grammar.line_end, &bytes[at..]) else { return Vec::new() };
        at += end + 1;
        line += 1;
    }
    let mut rows = Vec::new();
    while rows.len() < most && at < bytes.len() {
        let (mut cells, mut next) = (Vec::new(), at);
        match empty_line(bytes, at, grammar.line_end) {
            Some(length) => next += length,
            None => match record(bytes, at, grammar) {
                Ok(found) => (cells, next) = found,
                // Where a quote goes astray is told when the records are read.
                Err(_) => break,
            },
        }
        let text = |cell: std::borrow::Cow<'_, [u8]>| match encoding {
            Encoding::Cp932 => encoding_rs::SHIFT_JIS.decode_without_bom_handling(&cell).0.into_owned(),
            _ => String::from_utf8_lossy(&cell).into_owned(),
        };
        let cells: Vec<String> = cells.into_iter().map(text).collect();
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(FirstRow { start: at, line, cells });
        }
        line += memchr::memchr_iter(grammar.line_end, &bytes[at..next]).count() as u64;
        at = next;
    }
    rows
}

/// What was declared of the header.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Declared {
    pub(crate) delimiter: Option<u8>,
    /// Lines before the header.
    pub(crate) skip: u64,
    /// Rows of the header; 0 and 1 are one.
    pub(crate) rows: usize,
}

/// The first bytes of a file and what is known of them.
#[derive(Debug, Clone, Copy)]
struct Head<'a> {
    bytes: &'a [u8],
    line_end: u8,
    encoding: Encoding,
    columns: &'a HashSet<&'a str>,
}

/// Finds the header in the first bytes of a file, or says on which line what is amiss.
pub(crate) fn locate(
    bytes: &[u8],
    line_end: u8,
    encoding: Encoding,
    columns: &[String],
    declared: Declared,
) -> Result<Heading, (u64, Diagnostic)> {
    let columns: HashSet<&str> = columns.iter().map(String::as_str).collect();
    let head = Head { bytes, line_end, encoding, columns: &columns };
    let lines = head.lines();
    let skip = usize::try_from(declared.skip).unwrap_or(usize::MAX);
    let rows = declared.rows.max(1);
    let mut delimiter = declared.delimiter;
    let mut first = skip;
    // Excel's note says what it says, whether it was skipped or not.
    if let Some(note) = lines.first().and_then(|&(start, end)| note_to_excel(&bytes[start..end])) {
        delimiter = delimiter.or(note);
        first = first.max(1);
    }
    while lines.get(first).is_some_and(|&(start, end)| bytes[start..end].trim_ascii().is_empty()) {
        first += 1;
    }
    let Some(&(start, _)) = lines.get(first) else {
        let mut error = Diagnostic::error(match skip {
            0 => "expected a header and respondents, found an empty file".to_string(),
            _ => format!("expected a header after {}, found none", plural_lines(skip)),
        });
        if skip > 0 {
            error = error.hint("`--skip` counts the lines before the header");
        }
        return Err((lines.len().max(1) as u64, error));
    };
    let delimiter_said = delimiter;
    let candidates = delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let best = |at: usize, rows: usize| {
        let best = |best: (usize, usize, u8), delimiter: u8| {
            let (found, cells) = head.score(at, rows, delimiter);
            if (found, cells) > (best.0, best.1) { (found, cells, delimiter) } else { best }
        };
        candidates.iter().copied().fold((0, 0, candidates[0]), best)
    };
    let (found, _, delimiter) = best(start, rows);
    if found < columns.len() {
        let others = DELIMITERS.iter().map(|&other| (head.score(start, rows, other).0, other));
        let other = others.filter(|_| delimiter_said.is_some()).max_by_key(|&(more, _)| more);
        if let Some((more, other)) = other.filter(|&(more, _)| more > found) {
            return Err((first as u64 + 1, miscut(found, more, columns.len(), delimiter, other)));
        }
        let elsewhere = (0..lines.len().min(NEAR_LINES)).filter(|&line| line != first);
        let single = elsewhere.map(|line| (best(lines[line].0, rows).0, rows, line));
        let several = (1..=3).filter(|&other| other != rows).flat_map(|rows| {
            let lines = &lines;
            (0..lines.len().min(NEAR_ROWS)).map(move |line| (best(lines[line].0, rows).0, rows, line))
        });
        // The most columns, then the fewest rows, then the first line.
        let better = single
            .chain(several)
            .filter(|(better, ..)| *better > found)
            .min_by_key(|&(better, rows, line)| (usize::MAX - better, rows, line));
        if let Some((better, better_rows, line)) = better {
            return Err((first as u64 + 1, misplaced(found, better, columns.len(), line, better_rows, rows)));
        }
    }
    Ok(Heading { start, lines: first as u64, delimiter, rows })
}

/// The header is not where it was looked for.
fn misplaced(found: usize, better: usize, all: usize, line: usize, rows: usize, asked: usize) -> Diagnostic {
    let (which, pronoun) = match rows {
        1 => (format!("on line {}", line + 1), "it has"),
        _ => (format!("on lines {} to {}", line + 1, line + rows), "together they have"),
    };
    let here = match found {
        0 => "none".to_string(),
        found => thousands(found as u64),
    };
    let looked = match asked {
        1 => "this line has".to_string(),
        rows => format!("{rows} rows from here have"),
    };
    let columns = if all == 1 { "column" } else { "columns" };
    let error = Diagnostic::error(format!(
        "the header seems to be {which}: {pronoun} {} of the {} declared {columns}, {looked} {here}",
        thousands(better as u64),
        thousands(all as u64),
    ));
    error.hint(match (line, rows == asked) {
        (0, true) => "`--skip` counts the lines before the header: leave it out".to_string(),
        (line, true) => format!("say `--skip {line}`"),
        (0, false) => format!("say `--header-rows {rows}`"),
        (line, false) => format!("say `--skip {line} --header-rows {rows}`"),
    })
}

/// The header is cut better by another delimiter than the one that was declared or noted.
fn miscut(found: usize, more: usize, all: usize, said: u8, other: u8) -> Diagnostic {
    let name = |byte: u8| match byte {
        b',' => "comma".to_string(),
        b'\t' => "tab".to_string(),
        b';' => "semicolon".to_string(),
        byte => format!("`{}`", char::from(byte)),
    };
    let (said, other) = (name(said), name(other));
    let none = if found == 0 { "none".to_string() } else { thousands(found as u64) };
    Diagnostic::error(format!(
        "the delimiter seems to be {other}: {} of the {} declared columns are found with it, {none} with {said}",
        thousands(more as u64),
        thousands(all as u64),
    ))
    .hint(format!("say `--delimiter {other}`"))
}

fn plural_lines(lines: usize) -> String {
    crate::diag::plural(lines as u64, "line")
}

/// Excel's `sep=;` on the first line: the delimiter it names, if it names one.
fn note_to_excel(line: &[u8]) -> Option<Option<u8>> {
    let line: Vec<u8> = line.iter().copied().filter(|byte| !b"\"\r\n".contains(byte)).collect();
    let (word, rest) = line.split_at_checked(4)?;
    if !word.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    match rest {
        [] => Some(None),
        // Saved again by Excel, the note has a cell for each column.
        [first, more @ ..] if more.iter().all(|byte| b",;\t".contains(byte)) => {
            Some(is_delimiter(*first).then_some(*first))
        }
        _ => None,
    }
}

/// Whether a byte may stand between cells: a tab or an ASCII sign, but no quote.
pub fn is_delimiter(byte: u8) -> bool {
    byte == b'\t' || (byte.is_ascii_graphic() && !byte.is_ascii_alphanumeric() && byte != b'"')
}

impl Head<'_> {
    /// Where each of the first physical lines begins and ends.
    fn lines(&self) -> Vec<(usize, usize)> {
        let mut lines = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(self.line_end, self.bytes) {
            lines.push((start, end));
            start = end + 1;
        }
        if start < self.bytes.len() {
            lines.push((start, self.bytes.len()));
        }
        lines
    }

    /// How many declared columns a header at `at` would have, and how many cells.
    fn score(&self, at: usize, rows: usize, delimiter: u8) -> (usize, usize) {
        let grammar = Grammar { delimiter, line_end: self.line_end };
        let mut cells = Vec::with_capacity(rows);
        let mut at = at;
        for _ in 0..rows {
            let line =
                memchr::memchr(self.line_end, &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end);
            // A stray quote must not hide a header: its place in the line is told later.
            let row: Vec<Vec<u8>> = match record(self.bytes, at, grammar) {
                Ok((row, next)) => {
                    at = next;
                    row.into_iter().map(std::borrow::Cow::into_owned).collect()
                }
                Err(_) => {
                    let row = self.bytes[at..line].split(|&byte| byte == delimiter).map(<[u8]>::to_vec);
                    at = self.bytes.len().min(line + 1);
                    row.collect()
                }
            };
            let decode = |cell: Vec<u8>| match self.encoding {
                Encoding::Cp932 => encoding_rs::SHIFT_JIS.decode_without_bom_handling(&cell).0.into_owned(),
                _ => String::from_utf8_lossy(&cell).into_owned(),
            };
            cells.push(row.into_iter().map(decode).collect());
        }
        let names = names(&cells, self.columns);
        let found: HashSet<&str> =
            names.iter().map(String::as_str).filter(|name| self.columns.contains(name)).collect();
        (found.len(), names.len())
    }
}

/// The columns' names, of one row or of several joined.
///
/// In several rows a name is the last cell of its column that is not blank, or all of them with
/// ` / ` between; blank cells of all rows but the last inherit from the left, as merged ones do.
/// Of the two names the declared one counts.
pub(crate) fn names(rows: &[Vec<String>], declared: &HashSet<&str>) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: usize, column: usize| rows[row].get(column).map_or("", |cell| cell.trim());
    let mut above = vec![""; rows.len().saturating_sub(1)];
    let mut names = Vec::with_capacity(width);
    for column in 0..width {
        for (row, inherited) in above.iter_mut().enumerate() {
            if !cell(row, column).is_empty() {
                *inherited = cell(row, column);
            }
        }
        let last = (0..rows.len()).rev().map(|row| cell(row, column)).find(|cell| !cell.is_empty());
        let bottom = rows.len().checked_sub(1).map_or("", |row| cell(row, column));
        let name = match last {
            None => String::new(),
            Some(last) if bottom.is_empty() || above.is_empty() => last.to_string(),
            Some(last) => {
                let parts: Vec<&str> =
                    above.iter().copied().filter(|part| !part.is_empty()).chain([bottom]).collect();
                let joined = parts.join(" / ");
                if declared.contains(last) && !declared.contains(joined.as_str()) {
                    last.to_string()
                } else {
                    joined
                }
            }
        };
        names.push(name);
    }
    // Names that differ only as matching keys do not, such as a Mac's decomposed ガ.
    let missing: Vec<&str> =
        declared.iter().copied().filter(|column| !names.iter().any(|name| name == column)).collect();
    for column in missing {
        let key = matching_key(column);
        let alike = |name: &&mut String| !declared.contains(name.as_str()) && matching_key(name) == key;
        if let Some(name) = names.iter_mut().find(alike) {
            *name = column.to_string();
        }
    }
    names
}

/// The header of a file as it stands there.
#[derive(Debug)]
pub(crate) struct Header {
    /// Its rows, each a list of cells.
    pub(crate) rows: Vec<Vec<String>>,
    /// Physical lines up to its end.
    pub(crate) lines: u64,
}

/// Why a header cannot be read.
#[derive(Debug)]
pub(crate) enum HeaderFault {
    /// There is none.
    Nothing,
    /// Quotes are astray.
    Quote(QuoteFault),
    /// A byte is no text.
    Bytes(u8),
}

/// Takes the header off the scanner; blocks are numbered from 0 after it.
pub(crate) fn header<R: Read>(
    scanner: &mut Scanner<R>,
    grammar: Grammar,
    heading: Heading,
    encoding: Encoding,
) -> io::Result<Result<Header, HeaderFault>> {
    let line_end = grammar.line_end;
    let mut buffer = Vec::new();
    let mut text = String::new();
    let mut lines = heading.lines as usize;
    let mut rows = Vec::with_capacity(heading.rows);
    while scanner.next(&mut buffer)?.is_some() {
        let mut at = 0;
        while rows.len() < heading.rows {
            while let Some(length) = empty_line(&buffer, at, line_end) {
                at += length;
            }
            if at == buffer.len() {
                break;
            }
            let next = match record(&buffer, at, grammar) {
                Ok((_, next)) => next,
                Err(defect) => {
                    let opened = match defect {
                        QuoteDefect::Stray { at } => at,
                        QuoteDefect::TextAfter { opened } | QuoteDefect::Unclosed { opened } => opened,
                    };
                    let here = Here { bytes: &buffer, grammar, block: 0, row: 0, start: at };
                    let mut at = here.position_at(opened);
                    at.line += count32(lines);
                    return Ok(Err(HeaderFault::Quote(QuoteFault { defect, at })));
                }
            };
            // Cut once more when decoded: a second byte of CP932 may look like a delimiter such as `|`.
            let bytes = match decode(&buffer[at..next], encoding, &mut text) {
                Ok(text) => text,
                Err(bad) => return Ok(Err(HeaderFault::Bytes(buffer[at..next][bad]))),
            };
            let cells = record(bytes, 0, grammar).map(|(cells, _)| cells).unwrap_or_default();
            rows.push(cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_string()).collect());
            at = next;
        }
        lines += memchr::memchr_iter(line_end, &buffer[..at]).count();
        if rows.len() == heading.rows {
            scanner.put_back(&buffer[at..]);
            return Ok(Ok(Header { rows, lines: lines as u64 }));
        }
    }
    Ok(Err(HeaderFault::Nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, columns: &[&str], declared: Declared) -> Result<(u64, u8), String> {
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        locate(text.as_bytes(), b'\n', Encoding::Utf8, &columns, declared)
            .map(|heading| (heading.lines, heading.delimiter))
            .map_err(|(line, error)| format!("{line}: {} {}", error.message, error.hints.join(" ")))
    }

    #[test]
    fn the_delimiter_is_the_one_that_finds_the_declared_columns() {
        let plain = Declared::default();
        assert_eq!(at("id,a;b\n", &["id", "a;b"], plain), Ok((0, b',')));
        assert_eq!(at("id;a,b\n", &["id", "a,b"], plain), Ok((0, b';')));
        assert_eq!(at("id\ta\n", &["id", "a"], plain), Ok((0, b'\t')));
        assert_eq!(at("x;y;z\n", &["id"], plain), Ok((0, b';')));
        assert_eq!(at("id\n", &["id"], plain), Ok((0, b',')));
    }

    #[test]
    fn a_note_to_excel_is_obeyed_and_a_declared_delimiter_more_so() {
        let plain = Declared::default();
        assert_eq!(at("sep=;\nid;a\n", &["id", "a"], plain), Ok((1, b';')));
        assert_eq!(at("\"sep=|\"\nid|a\n", &["id", "a"], plain), Ok((1, b'|')));
        assert_eq!(at("sep=,,,\nid,a\n", &["id", "a"], plain), Ok((1, b',')));
        let tab = Declared { delimiter: Some(b'\t'), ..plain };
        assert_eq!(at("sep=;\nid\ta\n", &["id", "a"], tab), Ok((1, b'\t')));
    }

    #[test]
    fn names_of_several_rows_inherit_from_the_left() {
        let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<String>>();
        let rows = [row(&["id", "Q1", "", "Q2", ""]), row(&["", "a", "b", "a", ""])];
        let named = names(&rows, &["b"].into());
        assert_eq!(named, ["id", "Q1 / a", "b", "Q2 / a", ""]);
    }

    #[test]
    fn a_decomposed_name_is_found_where_no_column_has_the_name_itself() {
        let row = |cells: &[&str]| vec![cells.iter().map(ToString::to_string).collect::<Vec<String>>()];
        let twin = "カ\u{3099}";
        assert_eq!(names(&row(&["id", twin]), &["ガ"].into()), ["id", "ガ"]);
        assert_eq!(names(&row(&["ガ", twin]), &["ガ"].into()), ["ガ", twin]);
    }
}
