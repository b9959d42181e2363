//! A file of weights: the respondent's key and `weight`, joined to the data by key.

use std::collections::HashMap;
use std::path::Path;

use polars::prelude::{DataFrame, DataFrameJoinOps, NamedFrom, PolarsError, Series};

use super::Encoding;
use super::cells::{QuoteDefect, empty_line, record};
use super::defect::quote_fault;
use super::file::{Data, decode, unreadable};
use super::heading::{Declared, HeaderFault};
use super::number::Decimal;
use super::weights::weight;
use crate::diag::{Diagnostic, Failure, Place, plural, quote, suggestion};

/// How many records a message names.
const NAMED_RECORDS: usize = 5;
/// Bytes of a block of the file.
const BLOCK_BYTES: usize = 1 << 20;

/// Keys and weights as they stand in the file.
struct Entries {
    keys: Vec<String>,
    weights: Vec<Decimal>,
}

/// The weight of every respondent of the data, whose keys are given in file order.
///
/// # Errors
/// Anything amiss in the file, and keys that stand on one side only.
pub(crate) fn join(
    path: &Path,
    respondent: &str,
    data_name: &str,
    data_keys: &[&str],
) -> Result<Vec<Decimal>, Failure> {
    let mut data = Data::open(path, None)?;
    let columns = [respondent.to_string(), "weight".to_string()];
    data.find_records(None, &columns, Declared::default(), true)?;
    let entries = entries(&data, respondent)?;
    let places = left_join(data_keys, &entries.keys).map_err(|error| {
        let error = Diagnostic::error(format!("the weights could not be joined: {error}"));
        Failure::Refused(vec![error.at(Place::File(data.name.clone()))])
    })?;
    let mut errors = Vec::new();
    let without: Vec<usize> = (0..places.len()).filter(|&row| places[row].is_none()).collect();
    if !without.is_empty() {
        let message = format!(
            "{} in the data {} no weight in {}: {}",
            plural(without.len() as u64, "respondent"),
            if without.len() == 1 { "has" } else { "have" },
            quote(&data.name),
            records(&without)
        );
        errors.push(Diagnostic::error(message).at(Place::File(data_name.to_string())));
    }
    let mut used = vec![false; entries.keys.len()];
    places.iter().flatten().for_each(|&place| used[place] = true);
    let unused: Vec<usize> = (0..used.len()).filter(|&place| !used[place]).collect();
    if !unused.is_empty() {
        let message = format!(
            "{} {} to no respondent of {}: {}",
            plural(unused.len() as u64, "weight"),
            if unused.len() == 1 { "belongs" } else { "belong" },
            quote(data_name),
            records(&unused)
        );
        errors.push(Diagnostic::error(message).at(Place::File(data.name.clone())));
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    Ok(places.into_iter().flatten().map(|place| entries.weights[place]).collect())
}

/// `records 1, 2, 3, …` for rows counted from 0.
fn records(rows: &[usize]) -> String {
    let named: Vec<String> = rows.iter().take(NAMED_RECORDS).map(|row| (row + 1).to_string()).collect();
    let noun = if rows.len() == 1 { "record" } else { "records" };
    let more = if rows.len() > NAMED_RECORDS { ", …" } else { "" };
    format!("{noun} {}{more}", named.join(", "))
}

/// For each key of the data, its place among the keys of the file.
fn left_join(data_keys: &[&str], keys: &[String]) -> Result<Vec<Option<usize>>, PolarsError> {
    let count = |length: usize| -> Vec<i64> { (0..).take(length).collect() };
    let left = DataFrame::new_infer_height(vec![
        Series::new("key".into(), data_keys).into(),
        Series::new("row".into(), count(data_keys.len())).into(),
    ])?;
    let right = DataFrame::new_infer_height(vec![
        Series::new("key".into(), keys).into(),
        Series::new("place".into(), count(keys.len())).into(),
    ])?;
    let joined = left.left_join(&right, ["key"], ["key"])?;
    let rows = joined.column("row")?.as_materialized_series().i64()?.to_vec();
    let places = joined.column("place")?.as_materialized_series().i64()?.to_vec();
    let mut found = vec![None; data_keys.len()];
    // A join promises no order, so each line says which respondent it is.
    for (row, place) in rows.into_iter().zip(places) {
        if let Some(slot) = row.and_then(|row| found.get_mut(usize::try_from(row).ok()?)) {
            *slot = place.and_then(|place| usize::try_from(place).ok());
        }
    }
    Ok(found)
}

/// Reads and checks the file.
fn entries(data: &Data, respondent: &str) -> Result<Entries, Failure> {
    let failed = |error: &std::io::Error| unreadable(&data.name, error);
    let mut scanner = data.scanner(BLOCK_BYTES).map_err(|error| failed(&error))?;
    let place = |record: u64, line: u64, column: Option<&str>| Place::Record {
        file: data.name.clone(),
        record,
        line,
        column: column.map(str::to_string),
    };
    let refused = |error: Diagnostic| Failure::Refused(vec![error]);
    let header = match data.header(&mut scanner, data.encoding()).map_err(|error| failed(&error))? {
        Ok(header) => header,
        Err(HeaderFault::Nothing) => {
            let error = Diagnostic::error("expected a header and weights, found an empty file");
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
    let columns = (column(respondent, "the respondent's key"), column("weight", "the weight"));
    let (Some(key_column), Some(weight_column)) = columns else { return Err(Failure::Refused(errors)) };

    let mut entries = Entries { keys: Vec::new(), weights: Vec::new() };
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut line = header.lines;
    let (mut bytes, mut buffer) = (Vec::new(), String::new());
    while scanner.next(&mut bytes).map_err(|error| failed(&error))?.is_some() {
        // Keys and numbers are ASCII nearly always; a file that is not UTF-8 is CP932.
        let encoding = if str::from_utf8(&bytes).is_ok() { Encoding::Utf8 } else { Encoding::Cp932 };
        let Ok(text) = decode(&bytes, encoding, &mut buffer) else {
            let error = Diagnostic::error("expected UTF-8 or CP932, found other bytes");
            return Err(refused(error.at(place(entries.keys.len() as u64 + 1, line + 1, None))));
        };
        let mut at = 0;
        while at < text.len() {
            if let Some(length) = empty_line(text, at, data.grammar.line_end) {
                at += length;
                line += 1;
                continue;
            }
            let number = entries.keys.len() as u64 + 1;
            let here = |column: Option<&str>| place(number, line + 1, column);
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
            let written = text_of(weight_column);
            if key.is_empty() {
                errors.push(Diagnostic::error("the respondent's key is blank").at(here(Some(respondent))));
            } else if let Some(first) = seen.insert(key.clone(), number) {
                let message = format!("the respondent's key is the same as in record {first}");
                errors.push(Diagnostic::error(message).at(here(Some(respondent))));
            }
            let value = weight(written.as_bytes()).unwrap_or_else(|| {
                let found = if written.is_empty() { "a blank".to_string() } else { quote(&written) };
                let message = format!("expected a weight of zero or more, found {found}");
                errors.push(Diagnostic::error(message).at(here(Some("weight"))));
                Decimal { digits: 0, decimals: 0 }
            });
            entries.keys.push(key);
            entries.weights.push(value);
            line += memchr::memchr_iter(data.grammar.line_end, &text[at..next]).count() as u64;
            at = next;
            if errors.len() >= 10 {
                errors.push(Diagnostic::error("there may be more").at(Place::File(data.name.clone())));
                return Err(Failure::Refused(errors));
            }
        }
    }
    if errors.is_empty() { Ok(entries) } else { Err(Failure::Refused(errors)) }
}
