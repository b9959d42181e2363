//! Text for a terminal: aligned under wide characters, cut into panels that fit its width.

use textwrap::{Options, WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthStr;

use crate::diag::visible;
use crate::sheet::{Cell, Mark, Role, Sheet};

/// Where the text will be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextStyle {
    /// Columns of the terminal; `None`: no limit.
    pub width: Option<usize>,
    /// Whether colours are understood.
    pub colour: bool,
}

/// How far headers and labels may be squeezed: about so many lines for a header, so wide a label.
/// The first with which the table fits in one panel is taken, else the last.
const SQUEEZES: [(usize, usize); 4] = [(2, 44), (3, 44), (4, 30), (4, 24)];
/// Widest a data column gets because of its header.
const HEADER_WIDTH: usize = 20;
/// Narrowest a label gets in a terminal that is too narrow: two wide characters.
const NARROWEST_LABEL: usize = 4;
/// Between two columns.
const GAP: usize = 2;

/// All sheets one under the other, a blank line between them.
pub fn text(sheets: &[Sheet], style: TextStyle) -> String {
    let mut out = String::new();
    for (place, sheet) in sheets.iter().enumerate() {
        if place > 0 {
            out.push('\n');
        }
        for line in wrapped(&visible(&sheet.title), style.width.unwrap_or(usize::MAX)) {
            out.push_str(&if style.colour { format!("\u{1b}[1m{line}\u{1b}[0m\n") } else { line + "\n" });
        }
        for line in &sheet.above {
            paragraph(&mut out, line, "", style);
        }
        let columns = Columns::fitting(sheet, style.width);
        for data in columns.panels(sheet.side, style.width) {
            columns.panel(&mut out, sheet, &data, style);
        }
        for note in &sheet.notes {
            paragraph(&mut out, note, "※ ", style);
        }
    }
    out
}

fn paragraph(out: &mut String, line: &str, mark: &str, style: TextStyle) {
    let line = format!("{mark}{}", visible(line));
    for part in wrapped(&line, style.width.unwrap_or(usize::MAX)) {
        out.push_str(&part);
        out.push('\n');
    }
}

/// Lines no wider than `width`, broken where Unicode's line breaking (UAX #14) allows: no line
/// begins with 、 。 or a closing bracket.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(true);
    textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
}

/// The widths of a sheet's columns.
struct Columns {
    /// Width of the text, marks included.
    widths: Vec<usize>,
    /// Width of the marks: digits stay aligned whether a number is marked or not.
    marks: Vec<usize>,
}

impl Columns {
    fn fitting(sheet: &Sheet, width: Option<usize>) -> Columns {
        let fits = |columns: &Columns| columns.panels(sheet.side, width).len() <= 1;
        let mut tried = SQUEEZES.map(|(lines, label)| Columns::of(sheet, lines, label)).into_iter();
        let last = tried.next_back();
        let mut columns =
            tried.find(fits).or(last).unwrap_or(Columns { widths: Vec::new(), marks: Vec::new() });
        if let Some(width) = width {
            columns.narrow_labels(sheet.side, width);
        }
        columns
    }

    /// Takes from the widest label until the widest data column stands beside the labels.
    fn narrow_labels(&mut self, side: usize, width: usize) {
        let (labels, data) = self.widths.split_at_mut(side);
        let widest = data.iter().copied().max().unwrap_or(0);
        while labels.iter().map(|label| label + GAP).sum::<usize>() + widest > width {
            match labels.iter_mut().max() {
                Some(label) if *label > NARROWEST_LABEL => *label -= 1,
                _ => break,
            }
        }
    }

    fn of(sheet: &Sheet, header_lines: usize, label_width: usize) -> Columns {
        let count = sheet.header.last().map_or(0, Vec::len);
        let (mut widths, mut marks) = (Vec::new(), Vec::new());
        for column in 0..count {
            let of = |row: &Vec<Cell>| {
                row[column].shown().split('\n').map(|line| visible(line).width()).max().unwrap_or(0)
            };
            let mark = sheet.body.iter().map(|row| row[column].mark_text().len()).max().unwrap_or(0);
            let body = sheet.body.iter().map(of).max().unwrap_or(0) + mark;
            let single = |row: &&Vec<Cell>| row[column].columns == 1;
            let header = sheet.header.iter().filter(single).map(of).max().unwrap_or(0);
            widths.push(if column < sheet.side {
                // A list of words alone takes the room there is.
                body.max(header).clamp(1, if sheet.side == count { usize::MAX } else { label_width })
            } else {
                body.max(
                    header.div_ceil(header_lines).next_multiple_of(2).max(8).min(header).min(HEADER_WIDTH),
                )
            });
            marks.push(mark);
        }
        Columns { widths, marks }
    }

    /// Which data columns stand in each panel.
    fn panels(&self, side: usize, width: Option<usize>) -> Vec<Vec<usize>> {
        let labels: usize = self.widths[..side].iter().map(|width| width + GAP).sum();
        let mut panels: Vec<Vec<usize>> = Vec::new();
        let mut used = usize::MAX;
        for column in side..self.widths.len() {
            let wide = self.widths[column] + GAP;
            let fits = width.is_none_or(|limit| used.saturating_add(wide) <= limit + GAP);
            match panels.last_mut() {
                Some(panel) if fits => {
                    panel.push(column);
                    used += wide;
                }
                _ => {
                    panels.push(vec![column]);
                    used = labels + wide;
                }
            }
        }
        if panels.is_empty() {
            panels.push(Vec::new());
        }
        panels
    }

    fn panel(&self, out: &mut String, sheet: &Sheet, data: &[usize], style: TextStyle) {
        let columns: Vec<usize> = (0..sheet.side).chain(data.iter().copied()).collect();
        let total = columns.iter().map(|&column| self.widths[column] + GAP).sum::<usize>() - GAP;
        let rule = "-".repeat(total) + "\n";
        out.push_str(&rule);
        for row in &sheet.header {
            self.header(out, row, &columns, sheet.side);
        }
        out.push_str(&rule);
        for row in &sheet.body {
            self.body(out, row, &columns, sheet.side, style);
        }
        out.push_str(&rule);
    }

    /// A header row: names wrapped in their columns, aligned at the bottom; spans as far as the
    /// panel shows them.
    fn header(&self, out: &mut String, row: &[Cell], columns: &[usize], side: usize) {
        let mut boxes: Vec<(usize, Vec<String>, bool)> = Vec::new();
        let mut place = 0;
        while place < columns.len() {
            let column = columns[place];
            let owner = (0..=column).rev().find(|&at| at + row[at].columns > column).unwrap_or(column);
            let end = owner + row[owner].columns;
            let spanned = columns[place..].iter().take_while(|&&column| column < end).count().max(1);
            let here = &columns[place..place + spanned];
            let width = here.iter().map(|&column| self.widths[column] + GAP).sum::<usize>() - GAP;
            let left = column < side || spanned > 1;
            boxes.push((width, wrapped(&visible(&row[owner].shown()), width), left));
            place += spanned;
        }
        let height = boxes.iter().map(|(_, lines, _)| lines.len()).max().unwrap_or(0);
        for line in 0..height {
            let fields = boxes.iter().map(|(width, lines, left)| {
                let text = (line + lines.len()).checked_sub(height).map_or("", |at| lines[at].as_str());
                padded(text, *width, *left)
            });
            end_line(out, fields);
        }
    }

    fn body(&self, out: &mut String, row: &[Cell], columns: &[usize], side: usize, style: TextStyle) {
        let labels: Vec<Vec<String>> = columns
            .iter()
            .filter(|&&column| column < side)
            .map(|&column| {
                let shown = row[column].shown();
                shown.split('\n').flat_map(|line| wrapped(&visible(line), self.widths[column])).collect()
            })
            .collect();
        let height = labels.iter().map(Vec::len).max().unwrap_or(1).max(1);
        for line in 0..height {
            let fields = columns.iter().map(|&column| {
                if column < side {
                    let text = labels[column].get(line).map_or("", String::as_str);
                    return padded(text, self.widths[column], true);
                }
                if line > 0 {
                    return " ".repeat(self.widths[column]);
                }
                let cell = &row[column];
                let marks = self.marks[column];
                let shown = format!("{}{:<marks$}", visible(&cell.shown()), cell.mark_text());
                coloured(padded(&shown, self.widths[column], false), cell, style)
            });
            end_line(out, fields);
        }
    }
}

fn end_line(out: &mut String, fields: impl Iterator<Item = String>) {
    let line = fields.collect::<Vec<_>>().join(&" ".repeat(GAP));
    out.push_str(line.trim_end());
    out.push('\n');
}

fn padded(text: &str, width: usize, left: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if left { format!("{text}{space}") } else { format!("{space}{text}") }
}

fn coloured(text: String, cell: &Cell, style: TextStyle) -> String {
    let code = match (cell.marks.first(), cell.role) {
        _ if !style.colour => None,
        (Some(Mark::FarAbove), _) => Some("30;46"),
        (Some(Mark::Above), _) => Some("36"),
        (Some(Mark::FarBelow), _) => Some("30;45"),
        (Some(Mark::Below), _) => Some("35"),
        (Some(Mark::LowBase), _) => Some("33"),
        (None, Role::Net) => Some("1"),
        (None, _) => None,
    };
    match code {
        Some(code) => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        None => text,
    }
}
