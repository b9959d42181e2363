//! The cases of an SPSS file as records of cells, written the way a CSV has them.

use std::fmt::Write;

use super::super::source::Spool;
use super::describe::{is_day, is_moment, is_time};
use super::dictionary::{ELEMENT, number, trimmed};
use super::wire::Damage;
use super::{Sav, Variable};
use crate::calendar::Day;

/// Days from the day SPSS counts from (1582-10-14) to 1970-01-01.
pub(super) const DAYS_BEFORE: i64 = 141_428;
/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;
/// Bytes of a very long text in each of its records.
const REAL_CHUNK: usize = 255;

/// How the values of a variable become cells.
enum Cells {
    Numbers,
    Days,
    Moments,
    Times,
    Words,
}

impl Sav {
    /// Writes a header and all respondents.
    pub(crate) fn write_records(&self, spool: &mut Spool) -> Result<u64, Damage> {
        self.variables.iter().try_for_each(|variable| spool.cell(&variable.name))?;
        spool.end_row()?;
        let no_value = self.no_value();
        let big_endian = self.dictionary.big_endian;
        let cells: Vec<Cells> = self.variables.iter().map(|variable| self.cells(variable)).collect();
        let mut case = vec![[0; ELEMENT]; self.dictionary.elements];
        let mut source = self.cases()?;
        let (mut written, mut bytes, mut cell) = (0u64, Vec::new(), String::new());
        while self.dictionary.cases.is_none_or(|cases| written < cases) && source.next(&mut case)? {
            written += 1;
            for (variable, cells) in self.variables.iter().zip(&cells) {
                let record = &self.dictionary.variables[variable.records[0]];
                let element = case[record.element];
                let value = || number(element, big_endian);
                cell.clear();
                match cells {
                    Cells::Words => {
                        self.text(variable, &case, &mut bytes);
                        self.words(&bytes, written, variable, &mut cell)?;
                    }
                    _ if element == no_value => {}
                    Cells::Numbers => push_number(value(), &mut cell),
                    // What is declared to be no day is a code.
                    _ if record.missing.contains(&element) => push_number(value(), &mut cell),
                    Cells::Days => push_day(value(), &mut cell),
                    Cells::Moments => push_moment(value(), &mut cell),
                    Cells::Times => push_time(value(), &mut cell),
                }
                spool.cell(&cell)?;
            }
            spool.end_row()?;
        }
        if let Some(cases) = self.dictionary.cases {
            if written < cases {
                return Err(Damage::bad(format!(
                    "the file says it has {cases} respondents, but ends after {written}"
                )));
            }
            if source.next(&mut case)? {
                return Err(Damage::bad(format!(
                    "the file says it has {cases} respondents, but more follow"
                )));
            }
        }
        Ok(written)
    }

    fn cells(&self, variable: &Variable) -> Cells {
        let format = self.dictionary.variables[variable.records[0]].format;
        match variable.width {
            1.. => Cells::Words,
            0 if is_day(format) => Cells::Days,
            0 if is_moment(format) => Cells::Moments,
            0 if is_time(format) => Cells::Times,
            0 => Cells::Numbers,
        }
    }

    /// The bytes of a text in a case.
    fn text(&self, variable: &Variable, case: &[[u8; ELEMENT]], bytes: &mut Vec<u8>) {
        bytes.clear();
        let mut left = variable.width;
        for &record in &variable.records {
            let record = &self.dictionary.variables[record];
            let held = case[record.element..].as_flattened();
            let own = if variable.records.len() == 1 { record.width } else { left.min(REAL_CHUNK) };
            bytes.extend_from_slice(&held[..own.min(held.len())]);
            left -= own.min(left);
        }
    }

    fn words(&self, bytes: &[u8], case: u64, variable: &Variable, cell: &mut String) -> Result<(), Damage> {
        let bytes = trimmed(bytes);
        if bytes.is_empty() {
            return Ok(());
        }
        let (words, broken) = self.table.decode_without_bom_handling(bytes);
        if broken {
            let words = format!(
                "the text of {} in record {case} is no {}",
                crate::diag::quote(&variable.name),
                self.table.name()
            );
            return Err(Damage::Bad(
                words,
                "say `--encoding cp932` or `--encoding utf-8`: the file may name a wrong one",
            ));
        }
        // A NUL inside would be taken for UTF-16.
        cell.extend(words.chars().map(|own| if matches!(own, '\0' | '\u{1A}') { ' ' } else { own }));
        Ok(())
    }
}

/// A number, as short as it can be without being another.
fn push_number(value: f64, cell: &mut String) {
    let small = value as i64;
    if (0..10).contains(&small) && small as f64 == value {
        cell.push(char::from(b'0' + small as u8));
    } else if small as f64 == value && small.unsigned_abs() < 1 << 53 {
        _ = write!(cell, "{small}");
    } else {
        _ = write!(cell, "{value}");
    }
}

fn push_day(seconds: f64, cell: &mut String) {
    match day_of(seconds) {
        Some(day) => _ = write!(cell, "{}", day.civil().iso()),
        None => push_number(seconds, cell),
    }
}

fn day_of(seconds: f64) -> Option<Day> {
    let days = (seconds / DAY).floor();
    // Up to the year 9999.
    (0.0..3_100_000.0).contains(&days).then(|| Day(days as i64 - DAYS_BEFORE))
}

fn push_moment(seconds: f64, cell: &mut String) {
    push_day(seconds, cell);
    let rest = seconds.rem_euclid(DAY);
    if day_of(seconds).is_some() && rest != 0.0 {
        cell.push(' ');
        push_time(rest, cell);
    }
}

fn push_time(seconds: f64, cell: &mut String) {
    if !(0.0..1e12).contains(&seconds) {
        return push_number(seconds, cell);
    }
    let whole = seconds.floor() as u64;
    _ = write!(cell, "{:02}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}
