//! The rows of a file as they stand, before any questionnaire says what they mean.

use std::path::Path;

use super::cells::{empty_line, record};
use super::defect::quote_fault;
use super::file::{Data, decode, unreadable};
use super::heading::Declared;
use super::source::Opening;
use super::{Encoding, ReadOptions};
use crate::diag::{Diagnostic, Failure, Place};

/// Bytes of a block.
const BLOCK_BYTES: usize = 1 << 20;

/// What was found of a file whose rows were read.
#[derive(Debug)]
pub struct Rows {
    /// As the user gave it.
    pub name: String,
    /// The encoding it has.
    pub encoding: Encoding,
    /// What stands between its cells.
    pub delimiter: u8,
    /// What was found when it was opened.
    pub warnings: Vec<Diagnostic>,
}

/// Gives every row that is not blank to `visit`, the header first, cells trimmed.
///
/// # Errors
/// `Refused` when quotes or bytes go astray; `Io` when the file cannot be read.
pub fn each_row(
    path: &Path,
    options: &ReadOptions,
    visit: &mut dyn FnMut(&[String]),
) -> Result<Rows, Failure> {
    let opening = Opening { encoding: options.encoding, sheet: options.sheet.as_ref() };
    let mut data = Data::open(path, opening)?;
    let declared = Declared { delimiter: options.delimiter, skip: options.skip, rows: 1 };
    let encoding = options.encoding.filter(|_| !data.narrowed);
    let mut warnings = std::mem::take(&mut data.warnings);
    warnings.extend(data.find_records(encoding, &[], declared, true)?);
    let first = encoding.unwrap_or(Encoding::Utf8);
    let detect = encoding.is_none() && !data.marked && !data.narrowed;
    let mut encoding = first;
    if detect && !rows_in(&data, first, &mut |_| {})? {
        encoding = Encoding::Cp932;
    }
    if !rows_in(&data, encoding, visit)? {
        let error = Diagnostic::error("expected text in UTF-8 or CP932, found other bytes");
        return Err(Failure::Refused(vec![
            error.at(Place::File(data.name.clone())).hint("say `--encoding`"),
        ]));
    }
    Ok(Rows { name: data.name.clone(), encoding, delimiter: data.grammar.delimiter, warnings })
}

/// [`each_row`] in an encoding; `false`: the text is not in it.
fn rows_in(data: &Data, encoding: Encoding, visit: &mut dyn FnMut(&[String])) -> Result<bool, Failure> {
    let failed = |error: std::io::Error| unreadable(&data.name, &error);
    let grammar = data.grammar;
    let mut scanner = data.scanner(BLOCK_BYTES).map_err(failed)?;
    let (mut bytes, mut buffer) = (Vec::new(), String::new());
    let mut lines = data.header_line() - 1;
    let mut row: Vec<String> = Vec::new();
    while scanner.next(&mut bytes).map_err(failed)?.is_some() {
        let Ok(text) = decode(&bytes, encoding, &mut buffer) else { return Ok(false) };
        let mut at = 0;
        while at < text.len() {
            if let Some(length) = empty_line(text, at, grammar.line_end) {
                at += length;
                continue;
            }
            let (cells, next) = record(text, at, grammar).map_err(|defect| {
                let line = lines + memchr::memchr_iter(grammar.line_end, &text[..at]).count() as u64 + 1;
                Failure::Refused(vec![quote_fault(defect).at(data.at_header(line))])
            })?;
            row.clear();
            row.extend(cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_string()));
            if row.iter().any(|cell| !cell.is_empty()) {
                visit(&row);
            }
            at = next;
        }
        lines += memchr::memchr_iter(grammar.line_end, text).count() as u64;
    }
    Ok(true)
}
