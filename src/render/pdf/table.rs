//! Sheets as strips: a row each, with its fills and lines; columns as wide as their numbers, labels as there is room.

use std::rc::Rc;

use super::flow::Strip;
use super::leaf::{BOX, INK, LINE, Line, Mark as Drawn, SOFT};
use crate::chart::{Anchor, Colour, width, wrap};
use crate::diag::visible;
use crate::sheet::{Cell, Content, Mark, Role, Sheet};

/// Between a cell's line and its text.
const PAD: f64 = 2.5;
/// From line to line, in ems.
const LEADING: f64 = 1.3;
/// Sizes of type: the first with which all columns stand side by side, or the last, and the columns one part
/// below the other.
const SIZES: [f64; 6] = [8.5, 8.0, 7.5, 7.0, 6.5, 6.0];

/// The rows of a sheet, its head above each part of it.
pub(super) fn rows(sheet: &Sheet, room: f64) -> Vec<Strip> {
    let columns = sheet.header.first().or(sheet.body.first()).map_or(0, Vec::len);
    let side = sheet.side.min(columns);
    let needs =
        |size: f64| -> Vec<f64> { (0..columns).map(|column| need(sheet, column, room, size)).collect() };
    let fits = SIZES.into_iter().find(|size| needs(*size).iter().sum::<f64>() <= room);
    let size = fits.unwrap_or(SIZES[SIZES.len() - 1]);
    let widths = needs(size);
    let mut strips = Vec::new();
    for part in parts(&widths, side, room) {
        let shown: Vec<usize> = (0..side).chain(part).collect();
        let widths = stretched(sheet, &shown, &widths, room, size);
        let grid = Grid { sheet, columns: shown, widths, size };
        let first = strips.len();
        strips.extend(grid.strips());
        if first > 0
            && let Some(strip) = strips.get_mut(first)
        {
            strip.gap = 8.0;
        }
    }
    strips
}

/// The least width of a column: its numbers are not broken, its words may be.
fn need(sheet: &Sheet, column: usize, room: f64, size: f64) -> f64 {
    let side = column < sheet.side;
    let own = |cell: &Cell| cell.columns <= 1;
    let cells = sheet.body.iter().filter_map(|row| row.get(column)).filter(|cell| own(cell));
    let widest = cells.map(|cell| width(&text(cell), size)).fold(0.0, f64::max) + 2.0 * PAD;
    match side {
        true => widest.min(room * 0.42 / sheet.side as f64).max(size * 3.0),
        false => widest.max(size * 3.2 + 2.0 * PAD).min(room * 0.5),
    }
}

/// Columns that stand side by side: all, or as many as there is room for beside the labels.
fn parts(widths: &[f64], side: usize, room: f64) -> Vec<std::ops::Range<usize>> {
    let labels: f64 = widths[..side].iter().sum();
    let mut parts = Vec::new();
    let (mut from, mut used) = (side, labels);
    for (column, width) in widths.iter().enumerate().skip(side) {
        if used + width > room + 0.01 && column > from {
            parts.push(from..column);
            (from, used) = (column, labels);
        }
        used += width;
    }
    parts.push(from..widths.len());
    parts
}

/// What is left of the room goes to columns whose heads would be in fewer lines.
fn stretched(sheet: &Sheet, shown: &[usize], widths: &[f64], room: f64, size: f64) -> Vec<f64> {
    let mut own: Vec<f64> = shown.iter().map(|column| widths[*column]).collect();
    let left = room - own.iter().sum::<f64>();
    let wish = |column: usize| {
        let heads = sheet.header.iter().filter_map(|row| row.get(column)).filter(|cell| cell.columns <= 1);
        let body = sheet.body.iter().filter_map(|row| row.get(column)).filter(|cell| cell.columns <= 1);
        let most = if column < sheet.side { room * 0.5 } else { size * 8.0 };
        let widest = heads.chain(body).map(|cell| width(&text(cell), size)).fold(0.0, f64::max);
        (widest.min(most) + 2.0 * PAD - widths[column]).max(0.0)
    };
    let wishes: Vec<f64> = shown.iter().map(|column| wish(*column)).collect();
    let wished: f64 = wishes.iter().sum();
    if wished > 0.0 && left > 0.0 {
        let part = (left / wished).min(1.0);
        own.iter_mut().zip(&wishes).for_each(|(own, wish)| *own += wish * part);
    }
    own
}

fn text(cell: &Cell) -> String {
    visible(&cell.shown()) + cell.mark_text()
}

/// Columns of a sheet that stand side by side.
struct Grid<'a> {
    sheet: &'a Sheet,
    /// Columns of the sheet.
    columns: Vec<usize>,
    widths: Vec<f64>,
    size: f64,
}

impl Grid<'_> {
    fn strips(&self) -> Vec<Strip> {
        let header: Vec<Strip> = self.sheet.header.iter().map(|row| self.row(row, true)).collect();
        let mut head = Strip { keep: true, ..Strip::default() };
        for strip in header {
            head.marks.extend(strip.marks.iter().map(|mark| mark.moved((0.0, head.height))));
            head.height += strip.height;
        }
        let again = (!self.sheet.header.is_empty()).then(|| Rc::new(head.clone()));
        let mut strips = vec![head];
        strips
            .extend(self.sheet.body.iter().map(|row| Strip { head: again.clone(), ..self.row(row, false) }));
        strips
    }

    fn row(&self, row: &[Cell], header: bool) -> Strip {
        let mut cells: Vec<(f64, f64, &Cell, Vec<String>)> = Vec::new();
        let mut left = 0.0;
        let mut at = 0;
        while at < self.columns.len() {
            let column = self.columns[at];
            // A cell that spans columns is shown over those of them that stand here, one after another.
            let start = (0..=column).rev().find(|place| covers_not(row, *place)).unwrap_or(column);
            let Some(cell) = row.get(start) else { break };
            let end = start + cell.columns.max(1);
            let count = self.columns[at..].iter().take_while(|column| (start..end).contains(*column)).count();
            let wide: f64 = self.widths[at..at + count.max(1)].iter().sum();
            let lines = wrap(&text(cell), self.size, wide - 2.0 * PAD);
            cells.push((left, wide, cell, lines));
            left += wide;
            at += count.max(1);
        }
        let lines = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(1);
        let height = self.size + (lines.max(1) - 1) as f64 * self.size * LEADING + 2.0 * PAD + 1.0;
        let mut strip = Strip { height, ..Strip::default() };
        let mut place = 0;
        for (left, wide, cell, lines) in &cells {
            let side = self.columns.get(place).is_some_and(|column| *column < self.sheet.side);
            let label = header || (side && matches!(cell.content, Content::Text(_) | Content::Empty));
            if let Some(fill) = fill(cell, label) {
                strip.marks.push(Drawn::Filled([*left, 0.0, *wide, height], fill));
            }
            self.words(&mut strip, (*left, *wide), cell, lines, header);
            place += cell.columns.max(1);
        }
        strip.marks.extend(outline(&cells, height));
        strip
    }

    fn words(
        &self,
        strip: &mut Strip,
        (left, wide): (f64, f64),
        cell: &Cell,
        lines: &[String],
        header: bool,
    ) {
        let (anchor, x) = match (header || cell.role == Role::Header, &cell.content) {
            (true, _) => (Anchor::Middle, left + wide / 2.0),
            (false, Content::Text(_) | Content::Empty) => (Anchor::Start, left + PAD),
            (false, _) => (Anchor::End, left + wide - PAD),
        };
        // Heads stand above their columns, numbers beside the middle of their label.
        let high = self.size + (lines.len().max(1) - 1) as f64 * self.size * LEADING;
        let top = (strip.height - high) / 2.0;
        for (number, line) in lines.iter().enumerate() {
            strip.marks.push(Drawn::Text(Line {
                at: (x, top + number as f64 * self.size * LEADING),
                anchor,
                size: self.size,
                colour: INK,
                bold: cell.role == Role::Net && !header,
                text: line.clone(),
            }));
        }
    }
}

fn covers_not(row: &[Cell], place: usize) -> bool {
    row.get(place).is_some_and(|cell| cell.content != Content::Covered)
}

fn fill(cell: &Cell, label: bool) -> Option<Colour> {
    let of = |mark: &Mark| match mark {
        Mark::FarAbove => Some(Colour(0xF4, 0xB1, 0x83)),
        Mark::Above => Some(Colour(0xFB, 0xE5, 0xD6)),
        Mark::Below => Some(Colour(0xDE, 0xEB, 0xF7)),
        Mark::FarBelow => Some(Colour(0x9D, 0xC3, 0xE6)),
        Mark::LowBase => None,
    };
    cell.marks.iter().find_map(of).or(label.then_some(BOX))
}

fn outline(cells: &[(f64, f64, &Cell, Vec<String>)], height: f64) -> Vec<Drawn> {
    let right = cells.last().map_or(0.0, |(left, wide, ..)| left + wide);
    let rule = |from, to| Drawn::Rule(from, to, LINE, 0.5);
    let mut rules = vec![rule((0.0, 0.0), (right, 0.0)), rule((0.0, height), (right, height))];
    rules.extend(cells.iter().map(|(left, ..)| rule((*left, 0.0), (*left, height))));
    rules.push(rule((right, 0.0), (right, height)));
    rules
}

/// A list of things and what is known of them (調査概要), at a size of type.
pub(super) fn list(sheet: &Sheet, room: f64, size: f64) -> Vec<Strip> {
    let cell = |row: &[Cell], at: usize| row.get(at).map_or(String::new(), |cell| visible(&cell.shown()));
    let names = sheet.body.iter().map(|row| width(&cell(row, 0), size));
    let names = names.fold(0.0, f64::max).min(room * 0.3) + size;
    let mut strips = Vec::new();
    for row in &sheet.body {
        let name = wrap(&cell(row, 0), size, names - size);
        let words = wrap(&cell(row, 1), size, room - names);
        let lines = name.len().max(words.len()).max(1);
        let mut strip = Strip { height: lines as f64 * size * 1.55, ..Strip::default() };
        for (left, colour, lines) in [(0.0, SOFT, name), (names, INK, words)] {
            for (number, text) in lines.into_iter().enumerate() {
                let at = (left, (number as f64 * 1.55 + 0.27) * size);
                strip.marks.push(Drawn::Text(Line {
                    at,
                    anchor: Anchor::Start,
                    size,
                    colour,
                    bold: false,
                    text,
                }));
            }
        }
        strips.push(strip);
    }
    strips
}
