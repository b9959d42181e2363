//! Corrections of a data file: read from a file of their own, and put in place of what stands in a cell while
//! blocks are read, so that everything after it sees the corrected file, whatever the question's kind and layout.

use std::collections::HashMap;
use std::path::Path;

use super::cells::{Cell, Grammar, empty_line, take};
use super::defect::Places;
use super::file::Data;
use super::heading::Declared;
use super::layout::{Layout, Role};
use super::ledger::{Here, Position};
use super::pairs::each_record;
use super::source::Opening;
use super::worker::Worker;
use crate::diag::{Diagnostic, Failure, Place, plural, quote};
use crate::schema::{
    CORRECTION_COLUMNS, Correction, Corrections, Placed, Survey, WrittenCorrection, matching_key,
};
use crate::toml::read_text;

/// Reads a file of corrections, CSV or TOML by its name.
///
/// # Errors
/// Anything amiss in the file, and every correction that cannot be one of this questionnaire's.
pub fn read_corrections(path: &Path, survey: &Survey) -> Result<Corrections, Failure> {
    if survey.respondent.is_none() {
        let error = "corrections find their record by the respondent's key, and the schema names none";
        let hint = "say `respondent = \"…\"` under `[survey]`";
        return Err(Failure::Refused(vec![Diagnostic::error(error).hint(hint)]));
    }
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let written = if is_toml {
        let (name, text) = read_text(path, "the corrections could not be read")?;
        WrittenCorrection::read_toml(&name, &text).map_err(Failure::Refused)?
    } else {
        from_csv(path)?
    };
    Corrections::resolve(written, survey).map_err(Failure::Refused)
}

fn from_csv(path: &Path) -> Result<Vec<WrittenCorrection>, Failure> {
    let mut data = Data::open(path, Opening::default())?;
    data.find_records(None, &CORRECTION_COLUMNS.map(str::to_string), Declared::default(), true)?;
    let named = CORRECTION_COLUMNS.map(|name| (name, "corrections"));
    let mut list = Vec::new();
    each_record(&data, "corrections", named, |record| {
        let placed =
            |column: usize| Placed { value: record.cells[column].to_string(), place: record.place(column) };
        let [respondent, question, old, new, reason] = std::array::from_fn(placed);
        list.push(WrittenCorrection { respondent, question, old, new, reason });
        Ok(())
    })?;
    Ok(list)
}

/// A correction whose record was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Met {
    /// Which.
    pub(crate) correction: usize,
    /// The record.
    pub(crate) at: Position,
    /// What stands there, where that is not the old value.
    pub(crate) found: Option<Box<str>>,
}

/// The corrections of a file with this header.
pub(crate) struct Correcting<'a> {
    corrections: &'a [Correction],
    /// The column of the respondent's key.
    key: usize,
    /// The column of each correction.
    columns: Vec<usize>,
    /// Those of each respondent, from left to right.
    by_respondent: HashMap<&'a [u8], Vec<usize>>,
}

impl<'a> Correcting<'a> {
    /// Where there is something to correct.
    pub(crate) fn new(survey: &'a Survey, layout: &Layout) -> Option<Correcting<'a>> {
        let corrections = survey.corrections.as_ref()?.list.as_slice();
        let key = layout.tasks.iter().find(|task| matches!(task.role, Role::Key))?.column;
        let place = |correction: &Correction| {
            layout.headers.iter().position(|header| *header == correction.column).unwrap_or(usize::MAX)
        };
        let columns: Vec<usize> = corrections.iter().map(place).collect();
        let mut by_respondent: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (index, correction) in corrections.iter().enumerate() {
            by_respondent.entry(correction.written.respondent.value.as_bytes()).or_default().push(index);
        }
        by_respondent.values_mut().for_each(|own| own.sort_by_key(|&index| columns[index]));
        Some(Correcting { corrections, key, columns, by_respondent })
    }

    /// The block as it shall be read; `None`: as it stands.
    pub(crate) fn apply(
        &self,
        bytes: &[u8],
        grammar: Grammar,
        block: u32,
        met: &mut Vec<Met>,
    ) -> Option<Vec<u8>> {
        let mut corrected = Vec::new();
        let (mut copied, mut at, mut row) = (0, 0, 0);
        let mut cells: Vec<(usize, Cell)> = Vec::new();
        while at < bytes.len() {
            if let Some(length) = empty_line(bytes, at, grammar.line_end) {
                at += length;
                continue;
            }
            let start = at;
            cells.clear();
            loop {
                // What is broken is told when it is read.
                let Ok(cell) = take(bytes, at, grammar) else { return finished(corrected, copied, bytes) };
                cells.push((at, cell));
                at = cell.next;
                if cell.last {
                    break;
                }
            }
            let own = cells.get(self.key).and_then(|(_, cell)| {
                let key = cell.content(bytes);
                self.by_respondent.get(key.trim_ascii())
            });
            for &index in own.into_iter().flatten() {
                let Some(&(from, cell)) = cells.get(self.columns[index]) else { continue };
                let written = &self.corrections[index].written;
                let content = cell.content(bytes);
                let stands = String::from_utf8_lossy(content.trim_ascii());
                let fits = matching_key(&stands) == matching_key(&written.old.value);
                let at = Here { bytes, grammar, block, row, start }.position();
                met.push(Met { correction: index, at, found: (!fits).then(|| stands.as_ref().into()) });
                if !fits {
                    continue;
                }
                // The quotes around a cell are not part of it.
                let until = cell.end + usize::from(bytes.get(from) == Some(&b'"'));
                corrected.extend_from_slice(&bytes[copied..from]);
                corrected.push(b'"');
                for &byte in written.new.value.as_bytes() {
                    corrected.push(byte);
                    if byte == b'"' {
                        corrected.push(b'"');
                    }
                }
                // Lines keep their numbers; spaces around an answer are none of it.
                let lines = memchr::memchr_iter(grammar.line_end, &bytes[from..until]);
                corrected.extend(lines.map(|_| grammar.line_end));
                corrected.push(b'"');
                copied = until;
            }
            row += 1;
        }
        finished(corrected, copied, bytes)
    }

    /// An error for each new value that its column cannot have: it is read as a file of its own would be.
    pub(crate) fn impossible(&self, layout: &Layout, survey: &Survey) -> Vec<Diagnostic> {
        let grammar = Grammar { delimiter: b',', line_end: b'\n' };
        let mut worker = Worker::new(layout, grammar);
        let mut errors = Vec::new();
        for (index, correction) in self.corrections.iter().enumerate() {
            let own = self.columns[index];
            let Some(tasks) = layout.columns.get(own) else { continue };
            let cell = |column: usize| match column {
                _ if column == own => quoted(&correction.written.new.value),
                _ if column == self.key => "key".to_string(),
                _ => String::new(),
            };
            let record: Vec<String> = (0..layout.headers.len()).map(cell).collect();
            worker.code(0, format!("{}\n", record.join(",")).as_bytes());
            let unread = tasks.iter().any(|&task| worker.ledger.tasks[task].total.take().is_some());
            if unread {
                let question = &survey.questions[correction.question];
                let (new, id) = (quote(&correction.written.new.value), quote(&question.id));
                let error = format!("expected a new value that question {id} can have, found {new}");
                errors.push(Diagnostic::error(error).at(correction.written.new.place.clone()));
            }
        }
        errors
    }

    /// Where the corrections stand whose records were met.
    pub(crate) fn places_of(&self, met: &[Met]) -> Vec<Place> {
        met.iter().map(|met| self.corrections[met.correction].written.question.place.clone()).collect()
    }

    /// An error for each correction that did not fit the data; of several files others may have what this has not.
    pub(crate) fn unfit(
        &self,
        met: &[Met],
        places: &Places,
        data: &Data,
        survey: &Survey,
        several: bool,
    ) -> Vec<Diagnostic> {
        let mut by_correction: Vec<Vec<&Met>> = vec![Vec::new(); self.corrections.len()];
        met.iter().for_each(|met| by_correction[met.correction].push(met));
        let file = quote(&data.name);
        let mut errors = Vec::new();
        for (correction, met) in self.corrections.iter().zip(by_correction) {
            let written = &correction.written;
            match met[..] {
                // Another file may have it.
                [] if several => {}
                [] => {
                    let error = Diagnostic::error(format!("no record of {file} has this respondent's key"));
                    errors.push(error.at(written.respondent.place.clone()));
                }
                [only] => {
                    let Some(found) = &only.found else { continue };
                    let (record, line) = places.find(only.at);
                    let at = format!("{} of {file}", data.cells.words(record, line));
                    let done = matching_key(found) == matching_key(&written.new.value);
                    let error = match correction.may_be_shown(survey) {
                        true => {
                            format!("expected {} in {at}, found {}", shown(&written.old.value), shown(found))
                        }
                        false => format!("the words in {at} are not the old ones"),
                    };
                    let error = Diagnostic::error(error).at(written.old.place.clone());
                    errors.push(match done {
                        true => error.hint("the new value stands there: leave the correction out"),
                        false => error.hint("the data have changed, or another answer was meant"),
                    });
                }
                _ => {
                    let count = plural(met.len() as u64, "record");
                    let error = Diagnostic::error(format!("{count} of {file} have this respondent's key"));
                    let error = error.at(written.respondent.place.clone());
                    errors.push(error.hint("a correction is of one record"));
                }
            }
        }
        errors
    }
}

fn finished(mut corrected: Vec<u8>, copied: usize, bytes: &[u8]) -> Option<Vec<u8>> {
    if copied == 0 {
        return None;
    }
    corrected.extend_from_slice(&bytes[copied..]);
    Some(corrected)
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

fn shown(value: &str) -> String {
    if value.is_empty() { "a blank".to_string() } else { quote(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMAS: Grammar = Grammar { delimiter: b',', line_end: b'\n' };

    fn placed(value: &str) -> Placed {
        Placed { value: value.to_string(), place: Place::File("corrections.csv".to_string()) }
    }

    fn correction(respondent: &str, old: &str, new: &str) -> Correction {
        let written = WrittenCorrection {
            respondent: placed(respondent),
            question: placed("q1"),
            old: placed(old),
            new: placed(new),
            reason: placed("telephone"),
        };
        Correction { written, question: 0, column: "q1".to_string() }
    }

    #[test]
    fn a_correction_replaces_one_cell_and_no_line() {
        let list = [correction("2", "a\nb", "x\"y"), correction("3", "", "5")];
        let by_respondent = HashMap::from([(b"2".as_slice(), vec![0]), (b"3".as_slice(), vec![1])]);
        let correcting = Correcting { corrections: &list, key: 0, columns: vec![1, 1], by_respondent };
        let mut met = Vec::new();
        let block = b"1,a\n\n 2 ,\"a\nb\",z\n3,\n";
        let corrected = correcting.apply(block, COMMAS, 0, &mut met).unwrap();
        assert_eq!(String::from_utf8_lossy(&corrected), "1,a\n\n 2 ,\"x\"\"y\n\",z\n3,\"5\"\n");
        assert_eq!(met.len(), 2);
        assert!(met.iter().all(|met| met.found.is_none()));
        assert_eq!(correcting.apply(b"9,1\n", COMMAS, 0, &mut met), None, "nothing to correct");
    }
}
