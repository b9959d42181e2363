//! Respondents who replied more than once: which record counts, by the survey's declared rule.
//!
//! Decided before any file is coded, over all files: a record that does not count is not read, so that nothing that
//! is wrong in it refuses the run.

use std::collections::{BTreeMap, HashMap};

use super::cells::{Grammar, empty_line, record};
use super::file::unreadable;
use super::heading::names;
use super::number;
use super::read::{Opened, open};
use super::source::Cells;
use super::sources::Part;
use super::{Encoding, file::decode};
use crate::diag::{Diagnostic, Failure, Place, plural, quote, suggestion};
use crate::schema::{Keep, Resubmission, Survey, matching_key};

/// The records of a file that do not count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Superseded {
    /// Records (from 0) by block, ascending.
    rows: BTreeMap<u32, Vec<u32>>,
    /// All of them.
    pub(crate) records: Vec<SupersededRecord>,
}

/// A record that does not count, for another one of the same respondent does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupersededRecord {
    /// The respondent's key.
    pub key: String,
    /// Record, from 1.
    pub record: u64,
    /// Line, from 1.
    pub line: u64,
    /// The record that counts, and its file.
    pub by: (u64, String),
}

impl Superseded {
    /// The records of a block that do not count.
    pub(crate) fn rows(&self, block: u32) -> &[u32] {
        self.rows.get(&block).map_or(&[], Vec::as_slice)
    }

    /// How many records do not count before the one that is the `record`th (from 1) of those that do.
    pub(crate) fn before(&self, record: u64) -> u64 {
        let mut left_out = 0;
        for own in &self.records {
            if own.record > record + left_out {
                break;
            }
            left_out += 1;
        }
        left_out
    }
}

/// The text of a block without the records that do not count: lines stay where they were.
pub(crate) fn without(bytes: &[u8], rows: &[u32], grammar: Grammar) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let (mut at, mut row) = (0, 0);
    let mut rows = rows.iter().peekable();
    while at < bytes.len() {
        if let Some(length) = empty_line(bytes, at, grammar.line_end) {
            kept.extend_from_slice(&bytes[at..at + length]);
            at += length;
            continue;
        }
        let start = at;
        // Quotes astray are told when the block is coded.
        at = record(bytes, at, grammar).map_or(bytes.len(), |(_, next)| next);
        if rows.next_if(|own| **own == row).is_some() {
            let lines = memchr::memchr_iter(grammar.line_end, &bytes[start..at]).count();
            kept.extend(std::iter::repeat_n(grammar.line_end, lines));
        } else {
            kept.extend_from_slice(&bytes[start..at]);
        }
        row += 1;
    }
    kept
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    file: usize,
    block: u32,
    row: u32,
    /// From 1.
    record: u64,
    /// From 1.
    line: u64,
}

/// When a reply was submitted: numbers as they are, times part by part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// In billionths.
    Number(i128),
    Time(Vec<i64>),
}

/// The records that do not count, for each file; nothing where the survey has no rule.
pub(crate) fn find(
    parts: &[Part<'_>],
    survey: &Survey,
    block_bytes: usize,
) -> Result<Vec<Superseded>, Failure> {
    let Some(rule) = &survey.resubmission else { return Ok(Vec::new()) };
    let mut records: HashMap<String, Vec<(At, String)>> = HashMap::new();
    let mut files = Vec::new();
    for (file, part) in parts.iter().enumerate() {
        let by = part.survey.resubmission.as_ref().and_then(|rule| rule.by.as_deref());
        let key = part.survey.respondent.as_deref().unwrap_or_default();
        let columns: Vec<&str> = std::iter::once(key).chain(by).collect();
        let walked = walk(part, &columns, block_bytes, &mut |cells, mut at| {
            at.file = file;
            let key = format!("{}{}", part.key_prefix, cells[0]);
            if !cells[0].is_empty() {
                records.entry(key).or_default().push((at, cells.get(1).cloned().unwrap_or_default()));
            }
            true
        })?;
        files.push(walked);
    }
    let mut superseded = vec![Superseded::default(); parts.len()];
    let mut errors: Vec<(At, Diagnostic)> = Vec::new();
    for (key, records) in records.into_iter().filter(|(_, records)| records.len() > 1) {
        let kept = match kept(rule, &records, &files) {
            Ok(kept) => kept,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let (own, _) = records[kept];
        for (at, _) in records.iter().map(|(at, when)| (*at, when)).filter(|(at, _)| *at != own) {
            superseded[at.file].rows.entry(at.block).or_default().push(at.row);
            let by = (own.record, files[own.file].name.clone());
            let record = SupersededRecord { key: key.clone(), record: at.record, line: at.line, by };
            superseded[at.file].records.push(record);
        }
    }
    for own in &mut superseded {
        own.rows.values_mut().for_each(|rows| rows.sort_unstable());
        own.records.sort_by_key(|record| record.record);
    }
    errors.sort_by_key(|(at, _)| *at);
    match errors.is_empty() {
        true => Ok(superseded),
        false => Err(Failure::Refused(told(errors))),
    }
}

/// The first errors, and how many more there are.
fn told(errors: Vec<(At, Diagnostic)>) -> Vec<Diagnostic> {
    const TOLD: usize = 10;
    let more = errors.len().saturating_sub(TOLD);
    let mut told: Vec<Diagnostic> = errors.into_iter().take(TOLD).map(|(_, error)| error).collect();
    if more > 0 {
        told.push(Diagnostic::error(format!("{} more like these", plural(more as u64, "re-submission"))));
    }
    told
}

/// Which of a respondent's records counts.
fn kept(rule: &Resubmission, records: &[(At, String)], files: &[Walked]) -> Result<usize, (At, Diagnostic)> {
    if rule.by.is_none() {
        return Ok(match rule.keep {
            Keep::First => 0,
            Keep::Last => records.len() - 1,
        });
    }
    let place = |at: At| files[at.file].place(at.record, at.line, 1);
    let mut moments = Vec::with_capacity(records.len());
    for (at, written) in records {
        let alike = |moment: &Moment| moments.first().is_none_or(|first: &Moment| first.is_like(moment));
        match moment(written).filter(alike) {
            Some(moment) => moments.push(moment),
            None => {
                let found = if written.is_empty() { "a blank".to_string() } else { quote(written) };
                let error = Diagnostic::error(format!(
                    "expected when this reply was submitted, for the respondent replied {} times; found {found}",
                    records.len()
                ));
                let hint = "a date with or without a time, or a number, all written alike";
                return Err((*at, error.at(place(*at)).hint(hint)));
            }
        }
    }
    let best = match rule.keep {
        Keep::First => moments.iter().min(),
        Keep::Last => moments.iter().max(),
    };
    let mut tied = (0..records.len()).filter(|&own| Some(&moments[own]) == best);
    let (kept, other) = (tied.next().unwrap_or(0), tied.next());
    let Some(other) = other else { return Ok(kept) };
    let (first, second) = (records[kept].0, records[other].0);
    let of = match first.file == second.file {
        true => String::new(),
        false => format!(" of {}", quote(&files[first.file].name)),
    };
    let error = Diagnostic::error(format!(
        "the reply was submitted at the same time as that of {}{of} of the same respondent",
        files[first.file].words(first)
    ));
    Err((second, error.at(place(second)).hint("take one of the two out of the data")))
}

impl Moment {
    fn is_like(&self, other: &Moment) -> bool {
        match (self, other) {
            (Moment::Number(_), Moment::Number(_)) => true,
            (Moment::Time(one), Moment::Time(other)) => one.len() == other.len(),
            _ => false,
        }
    }
}

/// Reads when a reply was submitted: `2026/11/28 9:05:00`, `2026-11-28T09:05:00+09:00`, `2026年11月28日 午後1:05`, or a number.
fn moment(written: &str) -> Option<Moment> {
    let key = matching_key(written);
    if let Ok(number) = number::folded(key.as_bytes()) {
        let scale = 9_u32.checked_sub(number.decimals)?;
        return Some(Moment::Number(i128::from(number.digits) * 10_i128.pow(scale)));
    }
    // A zone at the end is one for the whole file.
    let time = key.find(" GMT").or_else(|| key.find(" JST")).map_or(key.as_str(), |zone| &key[..zone]);
    let time = match time.rfind(['+', 'Z']) {
        Some(zone) if zone > 10 => &time[..zone],
        _ => time,
    };
    let afternoon = ["PM", "pm", "午後"].iter().any(|word| time.contains(word));
    let morning = ["AM", "am", "午前"].iter().any(|word| time.contains(word));
    let parts = time.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut parts: Vec<i64> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    // Day and month first are turned round only by a year that says where it is.
    if parts.len() >= 3 && parts[0] <= 31 && parts[2] >= 1900 {
        parts.swap(0, 2);
        parts.swap(1, 2);
    }
    let plausible = parts.len() >= 3
        && (1900..=2999).contains(&parts[0])
        && (1..=12).contains(&parts[1])
        && (1..=31).contains(&parts[2]);
    if !plausible || parts.len() > 7 {
        return None;
    }
    if let Some(hour) = parts.get_mut(3) {
        match (afternoon, morning) {
            (true, _) if *hour < 12 => *hour += 12,
            (_, true) if *hour == 12 => *hour = 0,
            _ => {}
        }
    }
    // Without seconds is as on the minute.
    if parts.len() == 5 {
        parts.push(0);
    }
    Some(Moment::Time(parts))
}

/// A file whose records were walked over: how messages name its places.
pub(crate) struct Walked {
    name: String,
    cells: Cells,
    /// Place and name of each column that was looked at.
    columns: Vec<(usize, String)>,
}

impl Walked {
    /// The place of a record's cell in one of the columns.
    fn place(&self, record: u64, line: u64, column: usize) -> Place {
        let column = self.columns.get(column).map(|(place, name)| (*place, name.as_str()));
        self.cells.place(&self.name, record, line, column)
    }

    /// A record, in words.
    fn words(&self, at: At) -> String {
        self.cells.words(at.record, at.line)
    }
}

/// Where the key of a record (from 1) stands, and the record in words.
pub(crate) fn record_place(
    part: &Part<'_>,
    record: u64,
    block_bytes: usize,
) -> Result<(Place, String), Failure> {
    let mut line = 0;
    let key = part.survey.respondent.as_deref().unwrap_or_default();
    let walked = walk(part, &[key], block_bytes, &mut |_, at| {
        line = at.line;
        at.record < record
    })?;
    Ok((walked.place(record, line, 0), walked.cells.words(record, line)))
}

/// Walks over the records of a file with their cells in some columns, until `visit` says no.
fn walk(
    part: &Part<'_>,
    columns: &[&str],
    block_bytes: usize,
    visit: &mut dyn FnMut(&[String], At) -> bool,
) -> Result<Walked, Failure> {
    let opened = open(&part.path, &part.survey, &part.options)?;
    let first = opened.encoding.unwrap_or(Encoding::Utf8);
    let detect = opened.encoding.is_none() && !opened.data.marked && !opened.data.narrowed;
    // Whether the text is UTF-8 is known before anything is told of it.
    let mut encoding = first;
    if detect && walk_in(&opened, first, columns, block_bytes, &mut |_, _| true)?.is_none() {
        encoding = Encoding::Cp932;
    }
    let places = walk_in(&opened, encoding, columns, block_bytes, visit)?;
    let columns =
        places.unwrap_or_default().into_iter().zip(columns.iter().map(ToString::to_string)).collect();
    Ok(Walked { name: opened.data.name.clone(), cells: opened.data.cells.clone(), columns })
}

/// [`walk`] in an encoding; gives the places of the columns, `None`: the text is not in it. What is wrong with the
/// structure is told when the file is coded.
fn walk_in(
    opened: &Opened,
    encoding: Encoding,
    columns: &[&str],
    block_bytes: usize,
    visit: &mut dyn FnMut(&[String], At) -> bool,
) -> Result<Option<Vec<usize>>, Failure> {
    let data = &opened.data;
    let failed = |error: std::io::Error| unreadable(&data.name, &error);
    let mut scanner = data.scanner(block_bytes).map_err(failed)?;
    let Ok(header) = data.header(&mut scanner, encoding).map_err(failed)? else { return Ok(None) };
    let headers = match &data.names {
        Some(names) => names.clone(),
        None => names(&header.rows, &opened.columns.iter().map(String::as_str).collect()),
    };
    let mut errors = Vec::new();
    let mut places = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        match headers.iter().position(|header| header == column) {
            Some(place) => places.push(place),
            None => {
                let whose = if at == 0 { "the respondent's key" } else { "when a reply was submitted" };
                let error =
                    format!("expected a column {} for {whose}, found none in the header", quote(column));
                let error = Diagnostic::error(error).at(data.at_header(data.header_line()));
                let hint = suggestion(column, headers.iter().map(String::as_str));
                errors.push(hint.into_iter().fold(error, Diagnostic::hint));
            }
        }
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    let grammar = data.grammar;
    let (mut bytes, mut buffer) = (Vec::new(), String::new());
    let (mut records, mut lines) = (0, header.lines);
    while let Some(ticket) = scanner.next(&mut bytes).map_err(failed)? {
        let Ok(text) = decode(&bytes, encoding, &mut buffer) else { return Ok(None) };
        let (mut at, mut row, mut counted) = (0, 0, 0);
        while at < text.len() {
            if let Some(length) = empty_line(text, at, grammar.line_end) {
                at += length;
                continue;
            }
            let Ok((cells, next)) = record(text, at, grammar) else { return Ok(Some(places)) };
            lines += memchr::memchr_iter(grammar.line_end, &text[counted..at]).count() as u64;
            counted = at;
            records += 1;
            let place = At { file: 0, block: ticket.index, row, record: records, line: lines + 1 };
            let cell = |place: &usize| {
                cells
                    .get(*place)
                    .map_or_else(String::new, |cell| String::from_utf8_lossy(cell).trim().to_string())
            };
            if !visit(&places.iter().map(cell).collect::<Vec<_>>(), place) {
                return Ok(Some(places));
            }
            row += 1;
            at = next;
        }
        lines += memchr::memchr_iter(grammar.line_end, &text[counted..]).count() as u64;
    }
    Ok(Some(places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_services_write_them() {
        let later = |one: &str, other: &str| moment(one).zip(moment(other)).map(|(one, other)| one < other);
        for (one, other) in [
            ("2026/11/28 9:05:00", "2026/11/28 10:00:00"),
            ("2026/11/28 11:59:00 午前 GMT+9", "2026/11/28 0:10:00 午後 GMT+9"),
            ("2026-11-28T09:05:00+09:00", "2026-11-28T09:05:01+09:00"),
            ("11/28/2026 9:05:00", "12/01/2026 8:00:00"),
            ("2026年11月28日 午前12:05", "2026年11月28日 午前1:05"),
            ("2026-11-28", "2026-11-29"),
            ("9", "10"),
        ] {
            assert_eq!(later(one, other), Some(true), "{one} {other}");
        }
        for none in ["", "yesterday", "2026/13/01", "28"].iter().take(3) {
            assert_eq!(moment(none), None, "{none}");
        }
    }

    #[test]
    fn records_that_do_not_count_leave_their_lines() {
        let grammar = Grammar { delimiter: b',', line_end: b'\n' };
        let text = b"1,a\n2,\"b\nc\"\n\n3,d\n";
        assert_eq!(without(text, &[1], grammar), b"1,a\n\n\n\n3,d\n");
        assert_eq!(without(text, &[0, 2], grammar), b"\n2,\"b\nc\"\n\n\n");
    }
}
