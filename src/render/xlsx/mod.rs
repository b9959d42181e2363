//! Workbooks (xlsx): numbers that stay numbers, seen as every other format prints them.
//!
//! A book is a sheet of contents, what is known of the survey, and pages of tables. It has the same
//! bytes whenever it is made: rust_xlsxwriter would write the time of day into it.

mod chart;
mod data;
mod names;
mod number;
mod style;
mod table;
mod text;

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Url, Workbook, Worksheet, XlsxError};

pub use self::data::{DataBook, DataCell, DataRows, TooLarge, data_fits};
use self::names::Names;
use self::table::{Placed, ROW_PIXELS, widths, write_table};
use crate::sheet::{Arranged, Axis, Language, Shares, Sheet};

/// Paper of A4.
const A4: u8 = 9;
/// Headers of more rows are not held at the top: nothing else would be seen.
const MOST_FROZEN_ROWS: u32 = 16;
/// Nor labels that are wider, in narrow characters.
const MOST_FROZEN_WIDTH: usize = 70;

/// A table as wide as this has its chart under it, in narrow characters.
const WIDE_TABLE: usize = 100;
/// Widths of titles in the contents.
const NARROW_TITLE: usize = 40;
const WIDE_TITLE: usize = 120;

/// A workbook to be written.
#[derive(Debug)]
pub struct Book {
    /// Title, for its properties and its contents.
    pub title: String,
    /// Language of contents and links.
    pub language: Language,
    /// Its pages in order.
    pub pages: Vec<Page>,
    /// Whether charts stand beside the tables.
    pub charts: bool,
}

/// One sheet of a workbook, which tables share.
#[derive(Debug)]
pub struct Page {
    /// Name; made legal and unique when it is written.
    pub name: String,
    /// Tables from top to bottom.
    pub tables: Vec<Arranged>,
}

impl Page {
    /// A page of sheets that are not made of tables.
    pub fn of(name: impl Into<String>, sheets: Vec<Sheet>) -> Page {
        let tables = sheets.into_iter().map(|sheet| Arranged {
            question: String::new(),
            shares: Shares::None,
            answers: Axis::Side,
            sheet,
        });
        Page { name: name.into(), tables: tables.collect() }
    }
}

/// What a reader of a book must be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Texts too long for a cell, shortened.
    pub shortened: u64,
    /// Tables of percentages without the chart that was asked for.
    pub without_chart: u64,
}

/// What a book says of itself; it was made at no time, for its bytes are to be the same.
fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title(text::cell_text(title).0)
        .set_author("renkei")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?))
}

/// A table that the contents name.
struct Entry {
    title: String,
    row: u32,
}

impl Book {
    /// Writes the workbook, and says what is not in it.
    ///
    /// # Errors
    /// When `out` does.
    pub fn write(&self, out: &mut (impl Write + Send)) -> io::Result<Left> {
        let broken = |error| match error {
            XlsxError::IoError(error) => error,
            other => io::Error::other(other),
        };
        let (mut workbook, left) = self.workbook().map_err(broken)?;
        workbook.save_to_writer(out).map_err(broken)?;
        Ok(left)
    }

    fn workbook(&self) -> Result<(Workbook, Left), XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_default_format(&style::plain(), ROW_PIXELS, 64)?;
        workbook.set_properties(&properties(&self.title)?);
        let mut names = Names::default();
        let contents = (self.pages.iter().map(|page| page.tables.len()).sum::<usize>() > 1)
            .then(|| names.unique(self.language.choose("目次", "Contents")));
        let pages: Vec<String> = self.pages.iter().map(|page| names.unique(&page.name)).collect();
        if let Some(contents) = &contents {
            workbook.add_worksheet().set_name(contents)?;
        }
        let mut left = Left::default();
        let mut entries = Vec::new();
        for (page, name) in self.pages.iter().zip(&pages) {
            let sheet = workbook.add_worksheet().set_name(name)?;
            entries.push(self.page(sheet, page, name, contents.as_deref(), &mut left)?);
        }
        if contents.is_some() {
            left.shortened += self.contents(workbook.worksheet_from_index(0)?, &pages, &entries)?;
        }
        Ok((workbook, left))
    }

    /// A line for each table: the page, as a link, and the title.
    fn contents(
        &self,
        sheet: &mut Worksheet,
        pages: &[String],
        entries: &[Vec<Entry>],
    ) -> Result<u64, XlsxError> {
        let mut shortened = 0;
        shortened += u64::from(text::write_text(sheet, (0, 0), &self.title, &style::title())?);
        let headers = [self.language.choose("シート", "Sheet"), self.language.choose("表", "Table")];
        for (column, header) in (0..).zip(headers) {
            text::write_text(sheet, (1, column), header, &style::header(true))?;
        }
        let mut row = 2;
        let mut widest = [8, NARROW_TITLE];
        for (page, entries) in pages.iter().zip(entries) {
            for entry in entries {
                let place = format!("internal:{}!A{}", quoted(page), entry.row + 1);
                let link = Url::new(place).set_text(page);
                sheet.write_url_with_format(row, 0, link, &style::link())?;
                shortened += u64::from(text::write_text(sheet, (row, 1), &entry.title, &style::plain())?);
                let shown = [page.as_str(), entry.title.as_str()].map(unicode_width::UnicodeWidthStr::width);
                widest = [widest[0].max(shown[0]), widest[1].max(shown[1])];
                row += 1;
            }
        }
        sheet.set_column_width(0, (widest[0] + 2) as f64)?;
        sheet.set_column_width(1, widest[1].min(WIDE_TITLE) as f64)?;
        sheet.set_freeze_panes(2, 0)?;
        print_setup(sheet);
        sheet.set_repeat_rows(1, 1)?;
        Ok(shortened)
    }

    fn page(
        &self,
        sheet: &mut Worksheet,
        page: &Page,
        name: &str,
        contents: Option<&str>,
        left: &mut Left,
    ) -> Result<Vec<Entry>, XlsxError> {
        let mut columns: Vec<usize> = Vec::new();
        for table in &page.tables {
            let widths = widths(&table.sheet);
            columns.resize(columns.len().max(widths.len()), 0);
            columns.iter_mut().zip(widths).for_each(|(column, width)| *column = width.max(*column));
        }
        for (column, width) in (0..).zip(&columns) {
            sheet.set_column_width(column, *width as f64 + 1.5)?;
        }
        let mut row = 0;
        if let Some(contents) = contents {
            let back = self.language.choose("← 目次", "← Contents");
            let link = Url::new(format!("internal:{}!A1", quoted(contents))).set_text(back);
            sheet.write_url_with_format(0, 0, link, &style::link())?;
            row = 1;
        }
        let mut entries = Vec::new();
        let mut only: Option<Placed> = None;
        for table in &page.tables {
            let placed = write_table(sheet, row, &table.sheet, &columns)?;
            left.shortened += placed.shortened;
            row = placed.end + 1;
            if self.charts && table.shares != Shares::None {
                match chart::beside(table, name, &placed) {
                    // Beside a wide table it would make the printed page small.
                    Some(chart) if placed.width > WIDE_TABLE => {
                        sheet.insert_chart(row, 0, &chart.chart)?;
                        row += chart.pixels.div_ceil(ROW_PIXELS) + 1;
                    }
                    Some(chart) => {
                        sheet.insert_chart(placed.title, placed.right + 1, &chart.chart)?;
                        // The next table begins under the chart.
                        row += chart.pixels.saturating_sub(placed.pixels).div_ceil(ROW_PIXELS);
                    }
                    None => left.without_chart += 1,
                }
            }
            entries.push(Entry { title: table.sheet.title.clone(), row: placed.title });
            only = Some(placed);
        }
        let side = page.tables.iter().map(|table| table.sheet.side).min().unwrap_or(0);
        let fits = side < columns.len() && columns[..side].iter().sum::<usize>() <= MOST_FROZEN_WIDTH;
        let side = if fits { side as u16 } else { 0 };
        match only.filter(|_| page.tables.len() == 1) {
            Some(placed) if placed.body <= MOST_FROZEN_ROWS => {
                sheet.set_freeze_panes(placed.body, side)?;
                sheet.set_repeat_rows(placed.header, placed.body - 1)?;
            }
            _ => {
                sheet.set_freeze_panes(u32::from(contents.is_some()), side)?;
            }
        }
        print_setup(sheet);
        Ok(entries)
    }
}

/// A4 across, as many pages down as it takes.
fn print_setup(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L&A&R&P / &N");
}

/// A sheet's name as links have it.
fn quoted(name: &str) -> String {
    format!("'{name}'")
}
