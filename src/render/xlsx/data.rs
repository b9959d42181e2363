//! A workbook of data: a record a row, and beside it what the columns mean. Memory does not grow with the rows.

use std::io::Write;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::text::write_text;
use super::{Left, ROW_PIXELS, properties};

/// Rows of a sheet.
const MOST_ROWS: u64 = 1_048_576;
/// Columns of a sheet.
const MOST_COLUMNS: usize = 16_384;

/// A cell of data.
#[derive(Debug, Clone, PartialEq)]
pub enum DataCell<'a> {
    /// Nothing.
    Blank,
    /// A number.
    Number(f64),
    /// Words, which no spreadsheet takes for a formula.
    Words(&'a str),
}

/// A workbook of data that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLarge {
    /// A sheet has no room for so many rows.
    Rows,
    /// A sheet has no room for so many columns.
    Columns,
}

/// Whether a sheet holds so many records and columns.
///
/// # Errors
/// Excel's limits: 1,048,576 rows of 16,384 columns.
pub fn data_fits(records: u64, columns: usize) -> Result<(), TooLarge> {
    match (records < MOST_ROWS, columns <= MOST_COLUMNS) {
        (false, _) => Err(TooLarge::Rows),
        (_, false) => Err(TooLarge::Columns),
        _ => Ok(()),
    }
}

/// The sheets of a workbook of data, written row by row.
pub struct DataBook {
    workbook: Workbook,
    plain: Format,
    bold: Format,
    left: Left,
}

impl std::fmt::Debug for DataBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataBook").field("left", &self.left).finish_non_exhaustive()
    }
}

/// Rows of one sheet, the first of which is its header.
pub struct DataRows<'a> {
    sheet: &'a mut Worksheet,
    plain: &'a Format,
    bold: &'a Format,
    left: &'a mut Left,
    row: u32,
}

impl std::fmt::Debug for DataRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataRows").field("row", &self.row).finish_non_exhaustive()
    }
}

impl DataBook {
    /// A book with this title.
    ///
    /// # Errors
    /// rust_xlsxwriter.
    pub fn new(title: &str) -> std::io::Result<DataBook> {
        let mut workbook = Workbook::new();
        let plain = super::style::plain();
        workbook.set_default_format(&plain, ROW_PIXELS, 64).map_err(other)?;
        workbook.set_properties(&properties(title).map_err(other)?);
        let bold = plain.clone().set_bold();
        Ok(DataBook { workbook, plain, bold, left: Left::default() })
    }

    /// Adds a sheet; `fill` gives its rows.
    ///
    /// # Errors
    /// What `fill` gives; or rust_xlsxwriter.
    pub fn sheet(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut DataRows<'_>) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(other)?;
        let named = sheet.set_name(name).map(|_| ());
        let frozen = sheet.set_freeze_panes(1, 1).map(|_| ());
        named.and(frozen).map_err(other)?;
        let mut rows = DataRows { sheet, plain: &self.plain, bold: &self.bold, left: &mut self.left, row: 0 };
        fill(&mut rows)
    }

    /// Writes the book; what did not fit comes back.
    ///
    /// # Errors
    /// The place cannot be written.
    pub fn write(mut self, out: &mut (impl Write + Send)) -> std::io::Result<Left> {
        self.workbook.save_to_writer(out).map_err(other)?;
        Ok(self.left)
    }
}

impl DataRows<'_> {
    /// The next row.
    ///
    /// # Errors
    /// rust_xlsxwriter.
    pub fn row<'c>(&mut self, cells: impl Iterator<Item = DataCell<'c>>) -> std::io::Result<()> {
        let format = if self.row == 0 { self.bold } else { self.plain };
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                DataCell::Blank => {}
                DataCell::Number(number) => {
                    self.sheet.write_number_with_format(self.row, column, number, format).map_err(other)?;
                }
                DataCell::Words(words) => {
                    let shortened =
                        write_text(self.sheet, (self.row, column), words, format).map_err(other)?;
                    self.left.shortened += u64::from(shortened);
                }
            }
        }
        self.row += 1;
        Ok(())
    }
}

fn other(error: XlsxError) -> std::io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => std::io::Error::other(error),
    }
}
