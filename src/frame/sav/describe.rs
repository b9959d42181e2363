//! What an SPSS file's dictionary means: names, labels, missing values, sets, measures.

use std::collections::HashMap;

use encoding_rs::Encoding as Table;

use super::super::{Described, DescribedColumn, DescribedSet, Holds, Measure, MissingValues, SetHolds};
use super::Variable;
use super::dictionary::{Dictionary, ELEMENT, RawVariable, number, trimmed};
use super::text::words;
use super::wire::Damage;
use crate::schema::Code;

/// Bytes of a very long text that each of its records stands for in the dictionary.
const CHUNK: usize = 252;

/// The variables as meant: long names, and the records of very long texts put together.
pub(super) fn variables(dictionary: &Dictionary, table: &'static Table) -> Result<Vec<Variable>, Damage> {
    let records = &dictionary.variables;
    let mut long: HashMap<Vec<u8>, String> = HashMap::new();
    for entry in dictionary.extensions.long_names.split(|&byte| byte == b'\t') {
        let mut parts = entry.splitn(2, |&byte| byte == b'=');
        if let (Some(short), Some(name)) = (parts.next(), parts.next()) {
            long.insert(short.to_ascii_uppercase(), words(name, table));
        }
    }
    let widths: HashMap<&[u8], usize> =
        dictionary.extensions.very_long.iter().map(|(name, width)| (name.as_slice(), *width)).collect();
    let mut variables = Vec::new();
    let mut at = 0;
    while let Some(record) = records.get(at) {
        let width = widths.get(record.short.as_slice()).copied().filter(|width| *width > 255);
        let count = width.map_or(1, |width| width.div_ceil(CHUNK));
        let own: Vec<usize> = (at..at + count).collect();
        if own.len() > records.len() - at || (count > 1 && own.iter().any(|&own| records[own].width == 0)) {
            return Err(Damage::bad(format!(
                "expected {count} records for the long text {}",
                crate::diag::quote(&words(&record.short, table))
            )));
        }
        let name = long.get(&record.short.to_ascii_uppercase()).cloned();
        let name = name.unwrap_or_else(|| words(&record.short, table));
        variables.push(Variable { name, records: own, width: width.unwrap_or(record.width) });
        at += count;
    }
    Ok(variables)
}

/// The dictionary as any file's description.
pub(super) fn describe(dictionary: &Dictionary, variables: &[Variable], table: &'static Table) -> Described {
    let mut by_record = HashMap::new();
    for (place, variable) in variables.iter().enumerate() {
        by_record.insert(variable.records[0], place);
    }
    let columns = variables.iter().map(|variable| column(dictionary, variable, table)).collect();
    let title = words(&dictionary.title, table);
    Described {
        title: Some(title.trim().to_string()).filter(|title| !title.is_empty()),
        columns,
        sets: sets(dictionary, variables, table),
        weight: dictionary
            .weight
            .and_then(|weight| by_record.get(&weight))
            .map(|&place| variables[place].name.clone()),
        records: dictionary.cases,
    }
}

fn column(dictionary: &Dictionary, variable: &Variable, table: &'static Table) -> DescribedColumn {
    let record = &dictionary.variables[variable.records[0]];
    let extensions = &dictionary.extensions;
    let code = |value: &[u8]| match variable.width {
        0 => number_code(number(value.try_into().unwrap_or([0; ELEMENT]), dictionary.big_endian)),
        _ => Code::Text(words(value, table)),
    };
    let mut labels: Vec<(Code, String)> =
        record.labels.iter().map(|(value, label)| (code(value), words(label, table))).collect();
    let by_name = |name: &Vec<u8>| words(name, table) == variable.name || *name == record.short;
    for (_, long) in extensions.long_labels.iter().filter(|(name, _)| by_name(name)) {
        labels.extend(long.iter().map(|(value, label)| (code(value), words(label, table))));
    }
    let mut missing = missing(record, dictionary.big_endian, &code);
    for (_, values) in extensions.long_missing.iter().filter(|(name, _)| by_name(name)) {
        missing.extend(values.iter().map(|value| MissingValues::Value(code(value))));
    }
    DescribedColumn {
        name: variable.name.clone(),
        label: record
            .label
            .as_ref()
            .map(|label| words(label, table))
            .filter(|label| !label.trim().is_empty()),
        holds: holds(record, variable.width),
        labels,
        missing,
        measure: match extensions.measures.get(variable.records[0]) {
            Some(1) => Some(Measure::Nominal),
            Some(2) => Some(Measure::Ordinal),
            Some(3) => Some(Measure::Scale),
            _ => None,
        },
    }
}

fn missing(record: &RawVariable, big_endian: bool, code: &impl Fn(&[u8]) -> Code) -> Vec<MissingValues> {
    let mut values = record.missing.as_slice();
    let mut missing = Vec::new();
    if let (true, [from, to, rest @ ..]) = (record.range, values) {
        missing.push(MissingValues::Range { from: number(*from, big_endian), to: number(*to, big_endian) });
        values = rest;
    }
    missing.extend(values.iter().map(|value| MissingValues::Value(code(value))));
    missing
}

fn holds(record: &RawVariable, width: usize) -> Holds {
    match (width, record.format) {
        (1.., _) => Holds::Words,
        (_, format) if is_day(format) || is_moment(format) => Holds::Days,
        (_, format) if is_time(format) => Holds::Times,
        _ => Holds::Numbers { decimals: u32::from(record.decimals) },
    }
}

/// DATE, ADATE, JDATE, MOYR, QYR, WKYR, EDATE, SDATE.
pub(super) fn is_day(format: u8) -> bool {
    matches!(format, 20 | 23 | 24 | 28 | 29 | 30 | 38 | 39)
}

/// DATETIME, YMDHMS.
pub(super) fn is_moment(format: u8) -> bool {
    matches!(format, 22 | 41)
}

/// TIME, DTIME, MTIME.
pub(super) fn is_time(format: u8) -> bool {
    matches!(format, 21 | 25 | 40)
}

/// A value as a code: whole numbers are integers.
pub(super) fn number_code(value: f64) -> Code {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Code::Integer(value as i64)
    } else {
        Code::Text(value.to_string())
    }
}

/// `$name=D1 1 5 label q1 q2`, one a line.
fn sets(dictionary: &Dictionary, variables: &[Variable], table: &'static Table) -> Vec<DescribedSet> {
    let mut names: HashMap<String, usize> = HashMap::new();
    for (place, variable) in variables.iter().enumerate() {
        let short = words(&dictionary.variables[variable.records[0]].short, table);
        names.insert(short.to_lowercase(), place);
    }
    for (place, variable) in variables.iter().enumerate() {
        names.entry(variable.name.to_lowercase()).or_insert(place);
    }
    let lines = dictionary.extensions.sets.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    // A set that cannot be read is left out: the variables are there all the same.
    lines.filter_map(|line| set(line, table, &names, variables)).collect()
}

fn set(
    line: &[u8],
    table: &'static Table,
    names: &HashMap<String, usize>,
    variables: &[Variable],
) -> Option<DescribedSet> {
    let equals = line.iter().position(|&byte| byte == b'=')?;
    let name = words(&line[..equals], table);
    let (kind, mut rest) = line[equals + 1..].split_first()?;
    let selected = match kind {
        b'C' => {
            rest = rest.strip_prefix(b" ")?;
            None
        }
        b'D' => Some(counted(&mut rest)?),
        b'E' => {
            rest = rest.strip_prefix(b" ")?;
            let space = rest.iter().position(|&byte| byte == b' ')?;
            rest = &rest[space + 1..];
            Some(counted(&mut rest)?)
        }
        _ => return None,
    };
    let label = words(counted(&mut rest)?, table);
    let columns: Vec<usize> = words(rest, table)
        .split([' ', '\t'])
        .filter(|name| !name.is_empty())
        .map(|name| names.get(&name.to_lowercase()).copied())
        .collect::<Option<_>>()?;
    let texts = columns.iter().any(|&column| variables[column].width > 0);
    let holds = match selected {
        None => SetHolds::Categories,
        Some(value) => {
            let value = words(trimmed(value), table);
            let integer = value.trim().parse().ok().filter(|_| !texts);
            SetHolds::Dichotomies { selected: integer.map_or(Code::Text(value), Code::Integer) }
        }
    };
    if columns.is_empty() {
        return None;
    }
    Some(DescribedSet {
        name: name.trim_start_matches('$').to_string(),
        label: Some(label).filter(|label| !label.trim().is_empty()),
        columns: columns.iter().map(|&column| variables[column].name.clone()).collect(),
        holds,
    })
}

/// `5 label `: a length, a space, so many bytes, and the space after them.
fn counted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let space = rest.iter().position(|&byte| byte == b' ')?;
    let length: usize = str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
    let (text, after) = rest[space + 1..].split_at_checked(length)?;
    *rest = after.strip_prefix(b" ").unwrap_or(after);
    Some(text)
}
