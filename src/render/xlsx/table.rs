//! One table on a sheet of a workbook: title, header, body, notes.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::number::written;
use super::style::{self, Lines};
use super::text::{cell_text, lines, write_text};
use crate::sheet::{Cell, Content, Role, Sheet};

/// Widest label, in narrow characters.
const LABEL_WIDTH: usize = 40;
/// Widest column of a list of words.
const WORDS_WIDTH: usize = 60;
/// Widths of a data column, and the lines that a header may take before the column gets wider.
const DATA_WIDTH: std::ops::RangeInclusive<usize> = 7..=18;
const HEADER_LINES: usize = 3;
/// A header that is not wrapped.
const SHORT_HEADER: usize = 14;
/// Titles and notes have at least this width before they are wrapped.
const NOTE_WIDTH: usize = 64;
/// How many of a line's narrow characters a title has, whose letters are larger, and a note, whose are
/// smaller.
const TITLE_SHARE: f64 = 0.8;
const NOTE_SHARE: f64 = 1.1;
/// Width of a column of which nothing is said.
const DEFAULT_WIDTH: usize = 8;
/// A row of one line, and each further line, in pixels.
pub const ROW_PIXELS: u32 = 22;
const LINE_PIXELS: u32 = 18;
/// Excel's tallest row.
const TALLEST: u32 = 545;

/// Where a table stands.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// Row of the title.
    pub title: u32,
    /// First row of the header.
    pub header: u32,
    /// First row of the body.
    pub body: u32,
    /// The row after the last note.
    pub end: u32,
    /// The first column that is free at its right.
    pub right: u16,
    /// Its height in pixels.
    pub pixels: u32,
    /// Its width in narrow characters.
    pub width: usize,
    /// How many texts were too long for a cell.
    pub shortened: u64,
}

/// The widths that a table's columns ask for, in narrow characters.
pub fn widths(sheet: &Sheet) -> Vec<usize> {
    let count = sheet.header.last().map_or(0, Vec::len);
    let longest = |text: String| text.split('\n').map(|line| line.width()).max().unwrap_or(0);
    let of = |column: usize| {
        let shown = |row: &Vec<Cell>| longest(row[column].shown()) + row[column].mark_text().len();
        let body = sheet.body.iter().map(shown).max().unwrap_or(0);
        let single = |row: &&Vec<Cell>| row[column].columns == 1;
        let header = sheet.header.iter().filter(single).map(shown).max().unwrap_or(0);
        if column < sheet.side {
            return body.max(header).clamp(4, if sheet.side == count { WORDS_WIDTH } else { LABEL_WIDTH });
        }
        // Words among numbers wrap; numbers never do.
        let number = |cell: &Cell| matches!(cell.content, Content::Number(..));
        let numbers = sheet.body.iter().filter(|row| number(&row[column])).map(shown).max().unwrap_or(0);
        let header = match header {
            0..=SHORT_HEADER => header + 1,
            _ => header.div_ceil(HEADER_LINES).next_multiple_of(2) + 2,
        };
        let wanted = body.max(header);
        wanted.clamp(*DATA_WIDTH.start(), *DATA_WIDTH.end()).max(numbers + 1)
    };
    (0..count).map(of).collect()
}

/// Writes a table from this row down; `widths` are those of the sheet's columns.
pub fn write_table(
    page: &mut Worksheet,
    start: u32,
    sheet: &Sheet,
    widths: &[usize],
) -> Result<Placed, XlsxError> {
    let columns = sheet.header.last().map_or(0, Vec::len);
    let mut writer =
        Writer { page, widths, row: start, pixels: 0, shortened: 0, right: right(columns, widths) };
    writer.paragraph(&sheet.title, &style::title(), TITLE_SHARE)?;
    for line in &sheet.above {
        writer.paragraph(line, &style::note(), NOTE_SHARE)?;
    }
    let header = writer.row;
    for row in &sheet.header {
        writer.header(row, sheet.side)?;
    }
    let body = writer.row;
    let marks: Vec<String> = (0..columns).map(|column| widest_mark(sheet, column)).collect();
    for (place, row) in sheet.body.iter().enumerate() {
        writer.body(row, sheet.side, &marks, place + 1 == sheet.body.len())?;
    }
    for note in &sheet.notes {
        writer.paragraph(&format!("※ {note}"), &style::note(), NOTE_SHARE)?;
    }
    let Writer { row, pixels, shortened, right, .. } = writer;
    let width = width(widths, columns);
    Ok(Placed { title: start, header, body, end: row, right, pixels, width, shortened })
}

/// The column after those that titles and notes may take.
fn right(columns: usize, widths: &[usize]) -> u16 {
    let mut right = columns.max(1);
    while width(widths, right) < NOTE_WIDTH {
        right += 1;
    }
    right as u16
}

/// Of the first columns together.
fn width(widths: &[usize], columns: usize) -> usize {
    (0..columns).map(|column| widths.get(column).copied().unwrap_or(DEFAULT_WIDTH)).sum()
}

/// The longest mark in a column: numbers without one keep its room free, so that digits stay aligned.
fn widest_mark(sheet: &Sheet, column: usize) -> String {
    let marks = sheet.body.iter().map(|row| row[column].mark_text());
    marks.max_by_key(|mark| mark.len()).unwrap_or_default().to_string()
}

/// What stands behind a number: its mark, and the room of a longer one.
fn suffix(mark: &str, widest: &str) -> String {
    let room = widest.chars().skip(mark.chars().count()).map(|c| format!("_{c}")).collect::<String>();
    if mark.is_empty() { room } else { format!("\"{mark}\"{room}") }
}

struct Writer<'a> {
    page: &'a mut Worksheet,
    widths: &'a [usize],
    row: u32,
    pixels: u32,
    shortened: u64,
    right: u16,
}

impl Writer<'_> {
    fn text(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.shortened += u64::from(write_text(self.page, (self.row, column), text, format)?);
        Ok(())
    }

    /// Ends a row of so many lines.
    fn end_row(&mut self, lines: usize) -> Result<(), XlsxError> {
        let extra = u32::try_from(lines.saturating_sub(1)).unwrap_or(u32::MAX);
        let pixels = extra.saturating_mul(LINE_PIXELS).saturating_add(ROW_PIXELS).min(TALLEST);
        if pixels != ROW_PIXELS {
            self.page.set_row_height_pixels(self.row, pixels)?;
        }
        self.pixels += pixels;
        self.row += 1;
        Ok(())
    }

    /// A line of words; a long one is wrapped over the columns of the table.
    fn paragraph(&mut self, text: &str, format: &Format, share: f64) -> Result<(), XlsxError> {
        let room = (width(self.widths, usize::from(self.right)) as f64 * share) as usize;
        let lines = lines(&cell_text(text).0, room);
        if lines > 1 {
            let format = format.clone().set_text_wrap();
            self.page.merge_range(self.row, 0, self.row, self.right - 1, "", &format)?;
            self.text(0, text, &format)?;
        } else {
            self.text(0, text, format)?;
        }
        self.end_row(lines)
    }

    fn header(&mut self, row: &[Cell], side: usize) -> Result<(), XlsxError> {
        let mut tallest = 1;
        for (column, cell) in row.iter().enumerate() {
            if cell.content == Content::Covered {
                continue;
            }
            let format = style::header(column < side);
            let shown = cell.shown();
            let (first, last) = (column as u16, (column + cell.columns - 1) as u16);
            if last > first {
                self.page.merge_range(self.row, first, self.row, last, "", &format)?;
            }
            self.text(first, &shown, &format)?;
            let room: usize = self.widths[column..column + cell.columns].iter().sum();
            tallest = tallest.max(lines(&cell_text(&shown).0, room));
        }
        self.end_row(tallest)
    }

    fn body(&mut self, row: &[Cell], side: usize, marks: &[String], last: bool) -> Result<(), XlsxError> {
        let mut tallest = 1;
        // A line above where something begins: not between the lines of one cell.
        let mut begins = false;
        for (place, cell) in row.iter().enumerate() {
            let column = place as u16;
            begins |= place < side && cell.content != Content::Empty && !cell.shown().is_empty();
            let lines_round = Lines { top: begins || side == 0, bottom: last };
            let words = cell.role == Role::Label || (place < side);
            let format = style::body(cell, words, lines_round);
            let number = match cell.content {
                Content::Number(value, kind) => written(value, kind),
                _ => None,
            };
            match number {
                Some(number) => {
                    let format =
                        format.set_num_format(number.format(&suffix(cell.mark_text(), &marks[place])));
                    self.page.write_number_with_format(self.row, column, number.value, &format)?;
                }
                None => {
                    let shown = cell.shown() + cell.mark_text();
                    if words {
                        tallest = tallest.max(lines(&cell_text(&shown).0, self.widths[place]));
                    }
                    self.text(column, &shown, &format)?;
                }
            }
        }
        self.end_row(tallest)
    }
}

#[cfg(test)]
mod tests {
    use super::suffix;

    #[test]
    fn digits_stay_aligned_beside_marks() {
        assert_eq!(suffix("", ""), "");
        assert_eq!(suffix("*", "*"), "\"*\"");
        assert_eq!(suffix("", "*"), "_*");
        assert_eq!(suffix(" +", " ++"), "\" +\"_+");
    }
}
