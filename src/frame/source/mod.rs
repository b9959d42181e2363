//! What a data file is, and how one that is no CSV becomes records.
//!
//! A table of cells (a sheet of a workbook) is written once, cell by cell, into a temporary CSV of a grammar of our
//! own ([`Spool`]), with [`Cells`] to tell how messages name its places. Every later step stays as it is. Each kind
//! of file has a module here that gives a [`Spooled`]; [`spooled`] chooses it by the first bytes of the file.

mod spool;
mod statistical;
mod workbook;

use std::fs::File;
use std::path::Path;

pub(crate) use spool::{SPOOLED, Spool};

use super::Encoding;
use crate::diag::{Diagnostic, Failure, Place, quote, visible};

/// Which sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    /// By its place, from 1, hidden ones counted.
    Number(usize),
    /// By its name.
    Name(String),
}

impl Sheet {
    /// A number is a place, anything else a name.
    pub fn of(typed: &str) -> Sheet {
        match typed.parse() {
            Ok(number) if number > 0 => Sheet::Number(number),
            _ => Sheet::Name(typed.to_string()),
        }
    }

    /// It, in words: `sheet 2`.
    pub(crate) fn words(&self) -> String {
        match self {
            Sheet::Number(number) => format!("a sheet {number}"),
            Sheet::Name(name) => format!("a sheet {}", quote(name)),
        }
    }
}

/// What was declared of a file before it is opened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Opening<'a> {
    /// Encoding of a text.
    pub(crate) encoding: Option<Encoding>,
    /// Sheet of a workbook.
    pub(crate) sheet: Option<&'a Sheet>,
}

/// A table of cells, spooled as CSV.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) file: File,
    pub(crate) size: u64,
    /// How messages name its places.
    pub(crate) cells: Cells,
    /// What was found on the way and is no reason to refuse the file.
    pub(crate) warnings: Vec<Diagnostic>,
    /// Cells that were merged: the row of the first (from 1), and the name of them all.
    pub(crate) merged: Vec<(u64, String)>,
}

/// How messages name the places of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cells {
    /// By lines: it is a text.
    Lines,
    /// By the cells of a sheet, A1; lines of the spooled CSV are its rows.
    Sheet {
        /// Its name.
        name: String,
        /// Columns of the sheet before the first that is read.
        before: usize,
    },
    /// By records alone: the file has neither lines nor cells that anybody sees.
    Records,
}

impl Cells {
    /// A place of the file; `column` is its number from 0 and its name. Record 0 is the header.
    pub(crate) fn place(&self, file: &str, record: u64, line: u64, column: Option<(usize, &str)>) -> Place {
        let named = column.map(|(_, name)| name.to_string());
        match self {
            Cells::Lines => Place::Record { file: file.to_string(), record, line, column: named },
            Cells::Records => Place::Record { file: file.to_string(), record, line: 0, column: named },
            Cells::Sheet { name, before } => {
                let cell = match column {
                    Some((number, _)) => format!("{}{line}", letters(before + number)),
                    // A whole row, as formulas write it.
                    None => format!("{line}:{line}"),
                };
                let cell = cell_of(name, &cell);
                Place::Cell { file: file.to_string(), cell, record, column: named }
            }
        }
    }

    /// Another record, in words: `record 3 (line 4)`.
    pub(crate) fn words(&self, record: u64, line: u64) -> String {
        match self {
            Cells::Lines => format!("record {record} (line {line})"),
            Cells::Records => format!("record {record}"),
            Cells::Sheet { .. } => format!("record {record} (row {line})"),
        }
    }
}

/// The letters of a column, from 0: A, B, … Z, AA.
pub(crate) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest - 1) % 26]);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

/// A cell of a sheet, or an area of it, as formulas write it: the sheet's name in quotes where it has more than
/// letters and digits.
fn cell_of(sheet: &str, cell: &str) -> String {
    match sheet.chars().all(|character| character.is_alphanumeric() || character == '_') {
        true => format!("{sheet}!{cell}"),
        false => format!("'{}'!{cell}", visible(sheet).replace('\'', "''")),
    }
}

/// The file as a spooled CSV, where it is a table of cells; `None` where it is a text.
pub(crate) fn spooled(
    head: &[u8],
    file: &dyn Fn() -> std::io::Result<File>,
    path: &Path,
    name: &str,
    opening: Opening<'_>,
) -> Option<Result<Spooled, Failure>> {
    if let Some(kind) = workbook::kind(head) {
        return Some(workbook::spooled(kind, file, name, opening.sheet));
    }
    statistical::spooled(head, file, path, name, opening)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_sheet() {
        let named: Vec<String> = [0, 25, 26, 51, 52, 701, 702, 16_383].into_iter().map(letters).collect();
        assert_eq!(named, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn places_are_named_as_the_file_shows_them() {
        let sheet = Cells::Sheet { name: "回答 1".to_string(), before: 1 };
        let shown = |cells: &Cells, column| {
            crate::diag::Diagnostic::error("x").at(cells.place("a.xlsx", 6, 7, column)).render(false)
        };
        assert_eq!(shown(&sheet, Some((0, "q1"))), "error: a.xlsx:'回答 1'!B7: record 6, column `q1`: x\n");
        assert_eq!(shown(&sheet, None), "error: a.xlsx:'回答 1'!7:7: record 6: x\n");
        assert_eq!(shown(&Cells::Lines, None), "error: a.xlsx:7: record 6: x\n");
        assert_eq!(shown(&Cells::Records, None), "error: a.xlsx: record 6: x\n");
    }
}
