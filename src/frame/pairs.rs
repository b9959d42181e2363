//! Small files of two columns beside the data: keys and values, such as weights.

use std::collections::HashMap;

use super::Encoding;
use super::cells::{QuoteDefect, empty_line, record};
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
    let failed = |error: &std::io::Error| unreadable(&data.name, error);
    let mut scanner = data.scanner(BLOCK_BYTES).map_err(|error| failed(&error))?;
    let place = |record: u64, line: u64, column: Option<(usize, &str)>| {
        data.cells.place(&data.name, record, line, column)
    };
    let refused = |error: Diagnostic| Failure::Refused(vec![error]);
    let header = match data.header(&mut scanner, data.encoding()).map_err(|error| failed(&error))? {
        Ok(header) => header,
        Err(HeaderFault::Nothing) => {
            let error =
                Diagnostic::error(format!("expected a header and {}, found an empty file", named.what));
            return Err(refused(error.at(Place::File(data.name.clone()))));
        }
        Err(HeaderFault::Bytes(_)) => {
            let error = Diagnostic::error("expected UTF-8 or CP932, found other bytes");
            return Err(refused(error.at(data.at_header(data.header_line()))));
        }
        Err(HeaderFault::Quote(fault)) => {
            let line = u64::from(fault.at.line) + 1;
            return Err(refused(quote_fault(fault.defect).at(place(0, line, None))));
        }
    };
    let names = &header.rows[0];
    let mut errors = Vec::new();
    let mut column = |name: &str, what: &str| {
        let found = names.iter().position(|own| own == name);
        if found.is_none() {
            let message = format!("expected a column {} for {what}, found none in the header", quote(name));
            let mut error = Diagnostic::error(message).at(data.at_header(data.header_line()));
            error.hints.extend(suggestion(name, names.iter().map(String::as_str)));
            errors.push(error);
        }
        found
    };
    let columns = (column(named.key, named.key_words), column(named.value, named.value_words));
    let (Some(key_column), Some(value_column)) = columns else { return Err(Failure::Refused(errors)) };

    let mut pairs = Vec::new();
    let mut records = 0;
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut line = header.lines;
    let (mut bytes, mut buffer) = (Vec::new(), String::new());
    while scanner.next(&mut bytes).map_err(|error| failed(&error))?.is_some() {
        // Keys and numbers are ASCII nearly always; a file that is not UTF-8 is CP932.
        let encoding = if str::from_utf8(&bytes).is_ok() { Encoding::Utf8 } else { Encoding::Cp932 };
        let Ok(text) = decode(&bytes, encoding, &mut buffer) else {
            let error = Diagnostic::error("expected UTF-8 or CP932, found other bytes");
            return Err(refused(error.at(place(records + 1, line + 1, None))));
        };
        let mut at = 0;
        while at < text.len() {
            if let Some(length) = empty_line(text, at, data.grammar.line_end) {
                at += length;
                line += 1;
                continue;
            }
            let number = records + 1;
            let here = |column: Option<(usize, &str)>| place(number, line + 1, column);
            let (cells, next) = match record(text, at, data.grammar) {
                Ok(record) => record,
                Err(defect @ (QuoteDefect::Stray { .. } | QuoteDefect::TextAfter { .. }))
                | Err(defect @ QuoteDefect::Unclosed { .. }) => {
                    return Err(refused(quote_fault(defect).at(here(None))));
                }
            };
            if cells.len() != names.len() {
                let (expected, found) = (plural(names.len() as u64, "field"), cells.len());
                let error = Diagnostic::error(format!("expected {expected}, found {found}"));
                return Err(refused(error.at(here(None))));
            }
            let text_of = |cell: usize| String::from_utf8_lossy(&cells[cell]).trim().to_string();
            let key = text_of(key_column);
            let written = text_of(value_column);
            if key.is_empty() {
                errors.push(
                    Diagnostic::error(format!("{} is blank", named.key_words))
                        .at(here(Some((key_column, named.key)))),
                );
            } else if let Some(first) = seen.insert(key.clone(), number) {
                let message = format!("{} is the same as in record {first}", named.key_words);
                errors.push(Diagnostic::error(message).at(here(Some((key_column, named.key)))));
            }
            match parse(&written) {
                Some(value) => {
                    pairs.push(Pair { key, value, place: here(Some((value_column, named.value))) })
                }
                None => {
                    let found = if written.is_empty() { "a blank".to_string() } else { quote(&written) };
                    let message = format!("expected {}, found {found}", named.expected);
                    errors.push(Diagnostic::error(message).at(here(Some((value_column, named.value)))));
                }
            }
            records += 1;
            line += memchr::memchr_iter(data.grammar.line_end, &text[at..next]).count() as u64;
            at = next;
            if errors.len() >= 10 {
                errors.push(Diagnostic::error("there may be more").at(Place::File(data.name.clone())));
                return Err(Failure::Refused(errors));
            }
        }
    }
    if errors.is_empty() { Ok(pairs) } else { Err(Failure::Refused(errors)) }
}
