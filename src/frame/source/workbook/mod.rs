//! Workbooks: one sheet of an xlsx, xlsm, xls or ods file as a spooled CSV whose lines are the sheet's rows.
//!
//! calamine reads the cells; it believes what a file says of its own size, so nothing reaches it that has not been
//! looked through before (`scan`).

mod old;
mod scan;
mod tags;
mod value;

use std::fs::File;
use std::io::{self, BufReader};

use calamine::{Data, DataRef, Ods, Reader, Sheet as Entry, SheetType, SheetVisible, Xls, Xlsx};

use super::{Cells, Sheet, Spool, Spooled, cell_of, letters};
use crate::diag::{Diagnostic, Failure, Place, plural, quote, suggestion};
use crate::frame::file::unreadable;
use crate::schema::matching_key;

/// The kinds of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Excel since 2007: xlsx, xlsm.
    Xlsx,
    /// Excel before: xls.
    Xls,
    /// OpenDocument: LibreOffice, Google Sheets.
    Ods,
    /// Any of them, encrypted.
    Protected,
}

/// The kind of workbook that a file begins as.
pub(crate) fn kind(head: &[u8]) -> Option<Kind> {
    let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    if head.starts_with(b"PK\x03\x04") {
        // Other packages (docx, pptx, a zip of anything) are told apart by the names in their first megabyte.
        return match () {
            () if has(b"opendocument.spreadsheet") => Some(Kind::Ods),
            () if has(b"xl/") || has(b"[Content_Types].xml") && !has(b"word/") && !has(b"ppt/") => {
                Some(Kind::Xlsx)
            }
            () => None,
        };
    }
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    match head.starts_with(b"\xD0\xCF\x11\xE0") {
        true if has(&wide("EncryptedPackage")) => Some(Kind::Protected),
        true if has(&wide("Workbook")) || has(&wide("Book")) => Some(Kind::Xls),
        _ => None,
    }
}

/// The sheet that was asked for, or the only one, as a spooled CSV.
pub(crate) fn spooled(
    kind: Kind,
    file: &dyn Fn() -> io::Result<File>,
    name: &str,
    sheet: Option<&Sheet>,
) -> Result<Spooled, Failure> {
    let failed = |error: &io::Error| unreadable(name, error);
    let broken = |error: &dyn std::fmt::Display| {
        let error = Diagnostic::error(format!("the workbook cannot be read: {error}"))
            .hint("it may be damaged or cut short; download it again, or open it and save it anew");
        Failure::Refused(vec![error.at(Place::File(name.to_string()))])
    };
    let refused = |error: Diagnostic| Failure::Refused(vec![error.at(Place::File(name.to_string()))]);
    let open = || file().map(BufReader::new).map_err(|error| failed(&error));
    let mut seen = match kind {
        Kind::Xlsx => scan::xlsx(open()?).map_err(refused)?,
        Kind::Ods => scan::ods(open()?).map_err(refused)?,
        Kind::Xls => old::scan(open()?).map(|()| scan::Sheets::new()).map_err(refused)?,
        Kind::Protected => return Err(refused(protected())),
    };
    let reader = open()?;
    let mut taking = Taking::new().map_err(|error| failed(&error))?;
    let chosen = match kind {
        Kind::Xlsx => {
            let mut book = Xlsx::new(reader).map_err(|error| broken(&error))?;
            let chosen = choose(book.sheets_metadata(), sheet, name)?;
            let Some(found) = seen.get(&chosen.name) else {
                let error = format!("sheet {} is not where a workbook has its sheets", quote(&chosen.name));
                return Err(refused(Diagnostic::error(error).hint("open the workbook and save it anew")));
            };
            taking.width = found.columns;
            let mut cells = book.worksheet_cells_reader(&chosen.name).map_err(|error| broken(&error))?;
            while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
                let (row, column) = cell.get_position();
                taking.take((row, column), cell.get_value()).map_err(|error| failed(&error))?;
            }
            chosen
        }
        Kind::Xls => {
            let mut book = Xls::new(reader).map_err(|error| broken(&error))?;
            let chosen = choose(book.sheets_metadata(), sheet, name)?;
            let range = book.worksheet_range(&chosen.name).map_err(|error| broken(&error))?;
            taking.range(&range).map_err(|error| failed(&error))?;
            chosen
        }
        Kind::Ods | Kind::Protected => {
            let mut book = Ods::new(reader).map_err(|error| broken(&error))?;
            let chosen = choose(book.sheets_metadata(), sheet, name)?;
            let range = book.worksheet_range(&chosen.name).map_err(|error| broken(&error))?;
            taking.range(&range).map_err(|error| failed(&error))?;
            chosen
        }
    };
    let seen = seen.remove(&chosen.name).unwrap_or_default();
    if let Some((count, first)) = &seen.uncalculated {
        let place = named(name, &chosen.name, first);
        let error = match count {
            1 => "the formula here has no result".to_string(),
            count => format!("{} have no result, first here", plural(*count, "formula")),
        };
        let hint = "the program that wrote the file did not calculate it: open it in Excel and save it";
        return Err(Failure::Refused(vec![Diagnostic::error(error).at(place).hint(hint)]));
    }
    let at_file = |warning: Diagnostic| warning.at(Place::File(name.to_string()));
    let mut warnings: Vec<Diagnostic> = chosen.warning.into_iter().map(at_file).collect();
    if let Some((row, column)) = taking.first_error {
        let cells = match taking.errors {
            1 => "a cell holds an error such as #N/A".to_string(),
            count => format!("{} hold an error such as #N/A, first here", plural(count, "cell")),
        };
        let place = named(name, &chosen.name, &format!("{}{}", letters(column as usize), row + 1));
        warnings.push(Diagnostic::warning(cells).at(place).hint("mend the formula, or clear the cell"));
    }
    let merged = seen.merged.into_iter().map(|(row, area)| (row, cell_of(&chosen.name, &area))).collect();
    let (file, size) = taking.finish().map_err(|error| failed(&error))?;
    let cells = Cells::Sheet { name: chosen.name, before: 0 };
    Ok(Spooled { file, size, cells, warnings, merged })
}

/// A cell of a sheet, or an area of it, as a place of the file.
fn named(file: &str, sheet: &str, cell: &str) -> Place {
    Place::File(format!("{file}:{}", cell_of(sheet, cell)))
}

/// A workbook that nobody can read without its password.
fn protected() -> Diagnostic {
    Diagnostic::error("the workbook is protected by a password")
        .hint("open it with its password and save it without one, or save the sheet as CSV (UTF-8)")
}

/// The cells of a sheet on their way to the spool, row by row.
struct Taking {
    spool: Spool,
    /// Cells of the row at hand, to its last that is not blank.
    row: Vec<String>,
    /// Number of the row at hand.
    at: u32,
    /// Columns of the sheet: a record has a field for each.
    width: usize,
    errors: u64,
    first_error: Option<(u32, u32)>,
}

impl Taking {
    fn new() -> io::Result<Taking> {
        Ok(Taking { spool: Spool::new()?, row: Vec::new(), at: 0, width: 0, errors: 0, first_error: None })
    }

    fn take(&mut self, (row, column): (u32, u32), value: &DataRef<'_>) -> io::Result<()> {
        while self.at < row {
            self.end_row()?;
        }
        if let DataRef::Error(_) = value {
            self.errors += 1;
            self.first_error.get_or_insert((row, column));
        }
        let column = column as usize;
        if let Some(text) = value::text(value).filter(|text| !text.is_empty()) {
            if self.row.len() <= column {
                self.row.resize(column + 1, String::new());
            }
            self.row[column] = text;
        }
        Ok(())
    }

    fn range(&mut self, range: &calamine::Range<Data>) -> io::Result<()> {
        let Some((first_row, first_column)) = range.start() else { return Ok(()) };
        self.width = range.end().map_or(0, |(_, column)| column as usize + 1);
        for (row, column, value) in range.used_cells() {
            let place = (first_row + row as u32, first_column + column as u32);
            self.take(place, &value::borrowed(value))?;
        }
        Ok(())
    }

    fn end_row(&mut self) -> io::Result<()> {
        if !self.row.is_empty() {
            for cell in &self.row {
                self.spool.cell(cell)?;
            }
            while self.spool.cells() < self.width {
                self.spool.cell("")?;
            }
            self.row.clear();
        }
        self.at += 1;
        self.spool.end_row()
    }

    fn finish(mut self) -> io::Result<(File, u64)> {
        self.end_row()?;
        self.spool.finish()
    }
}

/// The sheet to be read.
struct Chosen {
    name: String,
    /// Others are hidden.
    warning: Option<Diagnostic>,
}

/// The sheet that was asked for, or the only one that anybody sees.
fn choose(sheets: &[Entry], asked: Option<&Sheet>, file: &str) -> Result<Chosen, Failure> {
    let refused = |error: Diagnostic| Failure::Refused(vec![error.at(Place::File(file.to_string()))]);
    let sheets: Vec<&Entry> = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    let listed = || -> String { sheets.iter().map(|sheet| shown(sheet)).collect::<Vec<_>>().join(", ") };
    match asked {
        Some(Sheet::Number(number)) => match sheets.get(number - 1) {
            Some(sheet) => Ok(Chosen { name: sheet.name.clone(), warning: None }),
            None => {
                let count = plural(sheets.len() as u64, "sheet");
                let error =
                    Diagnostic::error(format!("expected sheet {number}, found {count}: {}", listed()));
                Err(refused(error))
            }
        },
        Some(Sheet::Name(asked)) => {
            let key = matching_key(asked);
            let exact = sheets.iter().find(|sheet| sheet.name == *asked);
            match exact.or_else(|| sheets.iter().find(|sheet| matching_key(&sheet.name) == key)) {
                Some(sheet) => Ok(Chosen { name: sheet.name.clone(), warning: None }),
                None => {
                    let error = Diagnostic::error(format!("the workbook has no sheet {}", quote(asked)));
                    let near = suggestion(asked, sheets.iter().map(|sheet| sheet.name.as_str()));
                    Err(refused(error.hint(near.unwrap_or_else(|| format!("it has {}", listed())))))
                }
            }
        }
        None => {
            let visible = |sheet: &&&Entry| sheet.visible == SheetVisible::Visible;
            let seen: Vec<&&Entry> = sheets.iter().filter(visible).collect();
            match seen[..] {
                [only] => {
                    let hidden: Vec<String> =
                        sheets.iter().filter(|sheet| !visible(sheet)).map(|sheet| shown(sheet)).collect();
                    let warning = (!hidden.is_empty()).then(|| {
                        let (read, hidden) = (quote(&only.name), hidden.join(", "));
                        Diagnostic::warning(format!("sheet {read} is read; the workbook also has {hidden}"))
                    });
                    Ok(Chosen { name: only.name.clone(), warning })
                }
                _ => {
                    let count = plural(sheets.len() as u64, "sheet");
                    let error = Diagnostic::error(format!("the workbook has {count}: {}", listed()));
                    Err(refused(error.hint("say which one holds the answers: `--sheet NAME`, or its number")))
                }
            }
        }
    }
}

/// A sheet's name, and whether anybody sees it.
fn shown(sheet: &Entry) -> String {
    let name = quote(&sheet.name);
    match sheet.visible {
        SheetVisible::Visible => name,
        SheetVisible::Hidden => format!("{name} (hidden)"),
        SheetVisible::VeryHidden => format!("{name} (very hidden)"),
    }
}
