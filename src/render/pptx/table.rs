//! Native tables: columns with widths, a filled head, lines, cells that span.

use super::package::DRAWING;
use super::presentation::{Align, Area, Paragraph, Sizes, emu};
use super::text::{self, INSET, Measure, largest};
use super::theme::{Colour, Palette};
use super::xml::Xml;

/// A native table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Widths of the columns, as parts of one another.
    pub columns: Vec<f64>,
    /// How many leading rows are the head, which is filled and repeated where a table is split.
    pub head: usize,
    /// Its rows. A cell that another one spans is there, and empty.
    pub rows: Vec<Vec<TableCell>>,
    /// Sizes of type; the largest with which the rows fit is taken.
    pub sizes: Sizes,
    /// What it shows, for those who do not see it.
    pub description: String,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct TableCell {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub align: Align,
    /// Whether bold; heads are.
    pub bold: bool,
    /// Its filling, where it is not its row's.
    pub fill: Option<Colour>,
    /// Columns it spans.
    pub columns: usize,
    /// Rows it spans.
    pub rows: usize,
}

/// Space above and below a cell's text, in millimetres.
const PAD: f64 = 0.6;

impl TableCell {
    /// A cell with text at the left.
    pub fn new(text: impl Into<String>) -> TableCell {
        TableCell { text: text.into(), align: Align::Left, bold: false, fill: None, columns: 1, rows: 1 }
    }

    /// A cell with a number, at the right.
    pub fn number(text: impl Into<String>) -> TableCell {
        TableCell { align: Align::Right, ..TableCell::new(text) }
    }

    /// The same, spanning columns and rows.
    pub fn spanning(mut self, columns: usize, rows: usize) -> TableCell {
        (self.columns, self.rows) = (columns.max(1), rows.max(1));
        self
    }
}

impl Table {
    /// The table on as many slides as it needs at its smallest size, each with the head.
    ///
    /// Rows that a cell spans stay together.
    pub fn split(&self, area: Area, measure: Measure) -> Vec<Table> {
        let heights = self.heights(area.width, self.sizes.smallest, measure);
        let head = self.head.min(self.rows.len());
        let room = area.height - heights[..head].iter().sum::<f64>();
        let mut parts = Vec::new();
        let (mut from, mut at, mut used) = (head, head, 0.0);
        while at < self.rows.len() {
            let end = self.bound(at);
            let high: f64 = heights[at..end].iter().sum();
            if at > from && used + high > room {
                parts.push(from..at);
                (from, used) = (at, 0.0);
            }
            used += high;
            at = end;
        }
        if at > from || parts.is_empty() {
            parts.push(from..at);
        }
        let rows = |part: std::ops::Range<usize>| [&self.rows[..head], &self.rows[part]].concat();
        parts.into_iter().map(|part| Table { rows: rows(part), ..self.clone() }).collect()
    }

    /// The first row after this one that no cell above reaches.
    fn bound(&self, row: usize) -> usize {
        let (mut at, mut end) = (row, row + 1);
        while at < end {
            let reach = self.rows[at].iter().map(|cell| at + cell.rows).max().unwrap_or(end);
            end = end.max(reach).min(self.rows.len());
            at += 1;
        }
        end
    }

    /// The size of type with which it fits; `Err` with the smallest.
    pub(super) fn size(&self, area: Area, measure: Measure) -> Result<f64, f64> {
        largest(self.sizes, |size| self.height(area.width, size, measure) <= area.height)
    }

    /// Its height at a size of type.
    pub(super) fn height(&self, width: f64, size: f64, measure: Measure) -> f64 {
        self.heights(width, size, measure).iter().sum()
    }

    fn widths(&self, width: f64) -> Vec<f64> {
        let parts: Vec<f64> = self.columns.iter().map(|part| if *part > 0.0 { *part } else { 1.0 }).collect();
        let sum: f64 = parts.iter().sum();
        parts.iter().map(|part| width * part / sum).collect()
    }

    /// Heights of the rows. A cell that spans rows asks nothing of the first: it has them all.
    fn heights(&self, width: f64, size: f64, measure: Measure) -> Vec<f64> {
        let widths = self.widths(width);
        let one = |row: &Vec<TableCell>| {
            let cells = row.iter().enumerate().filter(|(_, cell)| cell.rows == 1);
            let heights = cells.map(|(column, cell)| {
                let end = (column + cell.columns).min(widths.len());
                let wide: f64 = widths.get(column..end).unwrap_or(&[]).iter().sum();
                text::height(&[self.paragraph(cell, false)], wide, size, measure)
            });
            heights.fold(text::millimetres(size) * text::LINE, f64::max) + 2.0 * PAD
        };
        self.rows.iter().map(one).collect()
    }

    fn paragraph(&self, cell: &TableCell, head: bool) -> Paragraph {
        let mut paragraph = Paragraph::plain(&cell.text).aligned(cell.align);
        paragraph.runs[0].bold = cell.bold || head;
        paragraph
    }

    /// Writes it as it stands in a frame.
    pub(super) fn write(&self, xml: &mut Xml, area: Area, size: f64, palette: &Palette, measure: Measure) {
        let heights = self.heights(area.width, size, measure);
        let uri = DRAWING.replace("/main", "/table");
        xml.element("a:graphic", &[], |xml| {
            xml.element("a:graphicData", &[("uri", &uri)], |xml| {
                xml.element("a:tbl", &[], |xml| {
                    xml.empty("a:tblPr", &[("firstRow", &u8::from(self.head > 0))]);
                    xml.element("a:tblGrid", &[], |xml| {
                        for width in self.widths(area.width) {
                            xml.empty("a:gridCol", &[("w", &emu(width))]);
                        }
                    });
                    for (at, high) in heights.into_iter().enumerate() {
                        xml.element("a:tr", &[("h", &emu(high))], |xml| self.row(xml, at, size, palette));
                    }
                });
            });
        });
    }

    fn row(&self, xml: &mut Xml, row: usize, size: f64, palette: &Palette) {
        let nothing = TableCell::new("");
        for column in 0..self.columns.len() {
            let cell = self.rows[row].get(column).unwrap_or(&nothing);
            // A span that reaches beyond the table would make a file that is repaired.
            let columns = cell.columns.min(self.columns.len() - column);
            let rows = cell.rows.min(self.rows.len() - row);
            let (beside, above) = self.covered(row, column);
            let mut attributes: Vec<(&str, &dyn std::fmt::Display)> = Vec::new();
            if beside || above {
                if beside {
                    attributes.push(("hMerge", &1));
                }
                if above {
                    attributes.push(("vMerge", &1));
                }
            } else {
                if rows > 1 {
                    attributes.push(("rowSpan", &rows));
                }
                if columns > 1 {
                    attributes.push(("gridSpan", &columns));
                }
            }
            let shown = if beside || above { &nothing } else { cell };
            xml.element("a:tc", &attributes, |xml| self.cell(xml, shown, row, size, palette));
        }
    }

    /// Whether a cell further left, or further up, spans this place.
    fn covered(&self, row: usize, column: usize) -> (bool, bool) {
        let spans = |r: usize, c: usize| {
            let cell = self.rows[r].get(c)?;
            (r + cell.rows > row && c + cell.columns > column && (r, c) != (row, column))
                .then_some((c < column, r < row))
        };
        let places = (0..=row).flat_map(|r| (0..=column).map(move |c| (r, c)));
        places.filter_map(|(r, c)| spans(r, c)).next().unwrap_or((false, false))
    }

    fn cell(&self, xml: &mut Xml, cell: &TableCell, row: usize, size: f64, palette: &Palette) {
        let head = row < self.head;
        let fill = cell.fill.unwrap_or(if head { Colour::SecondDark } else { Colour::Light });
        let mut paragraph = self.paragraph(cell, head);
        paragraph.runs[0].colour =
            Some(if head || cell.fill.is_some() { fill.ink(palette) } else { Colour::Dark });
        xml.element("a:txBody", &[], |xml| {
            xml.empty("a:bodyPr", &[]);
            xml.empty("a:lstStyle", &[]);
            text::paragraphs(xml, &[paragraph], size);
        });
        let (side, pad) = (emu(INSET), emu(PAD));
        let attributes: super::xml::Attributes =
            &[("marL", &side), ("marR", &side), ("marT", &pad), ("marB", &pad), ("anchor", &"ctr")];
        xml.element("a:tcPr", attributes, |xml| {
            for line in ["a:lnL", "a:lnR", "a:lnT", "a:lnB"] {
                Colour::Rgb(super::theme::Rgb(0xBF, 0xBF, 0xBF)).line(xml, line, 0.75);
            }
            fill.fill(xml);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: usize) -> Table {
        let row = |at: usize| vec![TableCell::new(format!("市町村{at}")), TableCell::number(at.to_string())];
        Table {
            columns: vec![3.0, 1.0],
            head: 1,
            rows: (0..rows).map(row).collect(),
            sizes: Sizes { largest: 14.0, smallest: 10.0 },
            description: String::new(),
        }
    }

    #[test]
    fn a_long_table_is_split_and_keeps_its_head() {
        let area = Area { left: 0.0, top: 0.0, width: 200.0, height: 60.0 };
        let parts = table(30).split(area, &text::em_width);
        assert_eq!(parts.iter().map(|part| part.rows.len() - 1).sum::<usize>(), 29);
        for part in &parts {
            assert_eq!(part.rows[0], table(1).rows[0]);
            assert!(part.size(area, &text::em_width).is_ok());
        }
        assert_eq!(table(1).split(area, &text::em_width), [table(1)], "a head alone is a table");
    }

    #[test]
    fn rows_under_one_label_stay_together() {
        let mut table = table(12);
        table.rows[5][0].rows = 3;
        table.rows[7][1].rows = 2;
        assert_eq!((table.bound(4), table.bound(5), table.bound(11)), (5, 9, 12));
        let covered = |row, column| table.covered(row, column);
        assert_eq!(
            (covered(6, 0), covered(8, 1), covered(8, 0)),
            ((false, true), (false, true), (false, false))
        );
    }
}
