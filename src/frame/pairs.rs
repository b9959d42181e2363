//! Small files of two columns beside the data: keys and values, such as weights.

use std::collections::HashMap;

use super::Encoding;
use super::cells::{empty_line, record};
use super::defect::quote_fault;
use super::file::{Data, decode, unreadable};
use super::heading::HeaderFault;
use crate::diag::{Diagnostic, Failure, Place, plural, quote, suggestion};

/// Bytes of a block of the file.
const BLOCK_BYTES: usize = 1 << 20;

/// The two columns, and what messages call them.
pub(crate) struct Named<'a> {
    /// What the file holds: `weights`.
    pub what: &'a str,
    /// Header of the keys.
    pub key: &'a str,
    /// What a key is.
    pub key_words: &'a str,
    /// Header of the values.
    pub value: &'a str,
    /// What a value is.
    pub value_words: &'a str,
    /// What is expected of a value.
    pub expected: &'a str,
}

/// A key and its value.
pub(crate) struct Pair<T> {
    /// The key, trimmed.
    pub key: String,
    /// The value.
    pub value: T,
    /// Where the value stands.
    pub place: Place,
}

/// Reads and checks the file; `parse` reads a value, or gives `None`.
pub(crate) fn pairs<T>(
    data: &Data,
    named: &Named,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<Pair<T>>, Failure> {
    let mut errors = Vec::new();
    let mut pairs = Vec::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let columns = [(named.key, named.key_words), (named.value, named.value_words)];
    each_record(data, named.what, columns, |record| {
        let [key, written] = record.cells;
        if key.is_empty() {
            let error = Diagnostic::error(format!("{} is blank", named.key_words));
            errors.push(error.at(record.place(0)));
        } else if let Some(first) = seen.insert(key.to_string(), record.number) {
            let message = format!("{} is the same as in record {first}", named.key_words);
            errors.push(Diagnostic::error(message).at(record.place(0)));
        }
        match parse(written) {
            Some(value) => pairs.push(Pair { key: key.to_string(), value, place: record.place(1) }),
            None => {
                let found = if written.is_empty() { "a blank".to_string() } else { quote(written) };
                let message = format!("expected {}, found {found}", named.expected);
                errors.push(Diagnostic::error(message).at(record.place(1)));
            }
        }
        few(&mut errors, data)
    })?;
    if errors.is_empty() { Ok(pairs) } else { Err(Failure::Refused(errors)) }
}

/// After so many the file is another one.
const MOST_ERRORS: usize = 10;

/// Goes on while little is amiss, and else refuses the file with what was found of it.
pub(crate) fn few(errors: &mut Vec<Diagnostic>, data: &Data) -> Result<(), Failure> {
    if errors.len() < MOST_ERRORS {
        return Ok(());
    }
    errors.push(Diagnostic::error("there may be more").at(Place::File(data.name.clone())));
    Err(Failure::Refused(std::mem::take(errors)))
}

/// A record of a small file.
pub(crate) struct SmallRecord<'a, const N: usize> {
    /// The cells of the columns asked for, trimmed.
    pub cells: [&'a str; N],
    /// From 1.
    pub number: u64,
    line: u64,
    data: &'a Data,
    /// Place and header of each column.
    columns: [(usize, &'a str); N],
}

impl<const N: usize> SmallRecord<'_, N> {
    /// Where one of its cells stands.
    pub(crate) fn place(&self, cell: usize) -> Place {
        self.data.cells.place(&self.data.name, self.number, self.line, self.columns.get(cell).copied())
    }
}

/// Reads a small file record by record: the columns with these headers, which are called so.
///
/// # Errors
/// What is amiss with the file, its header or a record, and what `visit` gives.
pub(crate) fn each_record<const N: usize>(
    data: &Data,
    what: &str,
    named: [(&str, &str); N],
    mut visit: impl FnMut(SmallRecord<'_, N>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| unreadable(&data.name, error);
    let mut scanner = data.scanner(BLOCK_BYTES).map_err(|error| failed(&error))?;
    let place = |record: u64, line: u64| data.cells.place(&data.name, record, line, None);
    let refused = |error: Diagnostic| Failure::Refused(vec![error]);
    let header = match data.header(&mut scanner, data.encoding()).map_err(|error| failed(&error))? {
        Ok(header) => header,
        Err(HeaderFault::Nothing) => {
            let error = Diagnostic::error(format!("expected a header and {what}, found an empty file"));
            return Err(refused(error.at(Place::File(data.name.clone()))));
        }
        Err(HeaderFault::Bytes(_)) => {
            let error = Diagnostic::error("expected UTF-8 or CP932, found other bytes");
            return Err(refused(error.at(data.at_header(data.header_line()))));
        }
        Err(HeaderFault::Quote(fault)) => {
            let line = u64::from(fault.at.line) + 1;
            return Err(refused(quote_fault(fault.defect).at(place(0, line))));
        }
    };
    let names = &header.rows[0];
    let mut errors = Vec::new();
    let columns = named.map(|(name, words)| {
        let found = names.iter().position(|own| own == name);
        if found.is_none() {
            let message = format!("expected a column {} for {words}, found none in the header", quote(name));
            let mut error = Diagnostic::error(message).at(data.at_header(data.header_line()));
            error.hints.extend(suggestion(name, names.iter().map(String::as_str)));
            errors.push(error);
        }
        (found.unwrap_or_default(), name)
    });
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    let mut number = 0;
    let mut line = header.lines;
    let (mut bytes, mut buffer) = (Vec::new(), String::new());
    while scanner.next(&mut bytes).map_err(|error| failed(&error))?.is_some() {
        // Keys and numbers are ASCII nearly always; a file that is not UTF-8 is CP932.
        let encoding = if str::from_utf8(&bytes).is_ok() { Encoding::Utf8 } else { Encoding::Cp932 };
        let Ok(text) = decode(&bytes, encoding, &mut buffer) else {
            let error = Diagnostic::error("expected UTF-8 or CP932, found other bytes");
            return Err(refused(error.at(place(number + 1, line + 1))));
        };
        let mut at = 0;
        while at < text.len() {
            if let Some(length) = empty_line(text, at, data.grammar.line_end) {
                at += length;
                line += 1;
                continue;
            }
            number += 1;
            let (cells, next) = record(text, at, data.grammar)
                .map_err(|defect| refused(quote_fault(defect).at(place(number, line + 1))))?;
            if cells.len() != names.len() {
                let (expected, found) = (plural(names.len() as u64, "field"), cells.len());
                let error = Diagnostic::error(format!("expected {expected}, found {found}"));
                return Err(refused(error.at(place(number, line + 1))));
            }
            let words = columns.map(|(column, _)| String::from_utf8_lossy(&cells[column]));
            let cells = std::array::from_fn(|column: usize| words[column].trim());
            visit(SmallRecord { cells, number, line: line + 1, data, columns })?;
            line += memchr::memchr_iter(data.grammar.line_end, &text[at..next]).count() as u64;
            at = next;
        }
    }
    Ok(())
}
