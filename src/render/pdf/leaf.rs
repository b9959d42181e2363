//! One page: filled boxes, lines, text and drawings at places, in points; and its SVG.

use std::fmt::Write;

use crate::chart::{Anchor, Colour, Point};
use crate::render::picture;

/// Text.
pub(super) const INK: Colour = Colour(0x1B, 0x1B, 0x1B);
/// Captions, notes.
pub(super) const SOFT: Colour = Colour(0x50, 0x50, 0x50);
/// Lines of tables and boxes.
pub(super) const LINE: Colour = Colour(0xB9, 0xBE, 0xC6);
/// Boxes and labels of tables.
pub(super) const BOX: Colour = Colour(0xF3, 0xF5, 0xF8);
/// Headings.
pub(super) const ACCENT: Colour = Colour(0x0B, 0x53, 0x94);

/// Something on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A filled rectangle: left, top, width, height.
    Filled([f64; 4], Colour),
    /// A line.
    Rule(Point, Point, Colour, f64),
    /// A line of text.
    Text(Line),
    /// A drawing of a chart in a rectangle of its proportions.
    Drawing([f64; 4], String),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Where its anchor is, and the top of its em.
    pub(super) at: Point,
    /// Which end is there.
    pub(super) anchor: Anchor,
    /// Size in points.
    pub(super) size: f64,
    /// Colour.
    pub(super) colour: Colour,
    /// Thickened: one font has one weight.
    pub(super) bold: bool,
    /// The words.
    pub(super) text: String,
}

impl Mark {
    /// The same at another place.
    pub(super) fn moved(&self, (dx, dy): Point) -> Mark {
        match self {
            Mark::Filled([x, y, wide, high], colour) => Mark::Filled([x + dx, y + dy, *wide, *high], *colour),
            Mark::Rule(from, to, colour, thick) => {
                Mark::Rule((from.0 + dx, from.1 + dy), (to.0 + dx, to.1 + dy), *colour, *thick)
            }
            Mark::Text(line) => Mark::Text(Line { at: (line.at.0 + dx, line.at.1 + dy), ..line.clone() }),
            Mark::Drawing([x, y, wide, high], svg) => {
                Mark::Drawing([x + dx, y + dy, *wide, *high], svg.clone())
            }
        }
    }
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Leaf {
    /// What is on it, the first below the others.
    pub(super) marks: Vec<Mark>,
}

impl Leaf {
    /// The page as SVG.
    pub(super) fn svg(&self, (width, height): Point) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n"
        );
        for mark in &self.marks {
            // Writing to a text cannot fail.
            _ = match mark {
                Mark::Filled([x, y, wide, high], colour) => writeln!(
                    svg,
                    "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{wide:.2}\" height=\"{high:.2}\" fill=\"{}\"/>",
                    hex(*colour)
                ),
                Mark::Rule((x1, y1), (x2, y2), colour, thick) => writeln!(
                    svg,
                    "<line x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\" stroke=\"{}\" \
                     stroke-width=\"{thick}\"/>",
                    hex(*colour)
                ),
                Mark::Text(line) => write_line(&mut svg, line),
                Mark::Drawing([x, y, wide, high], drawing) => {
                    let (own_wide, own_high) = picture::size(drawing);
                    // What follows the drawing's own outermost tag.
                    let inner = drawing.split_once('>').map_or("", |(_, rest)| rest);
                    writeln!(
                        svg,
                        "<svg x=\"{x:.2}\" y=\"{y:.2}\" width=\"{wide:.2}\" height=\"{high:.2}\" \
                         viewBox=\"0 0 {own_wide} {own_high}\">{inner}"
                    )
                }
            };
        }
        svg + "</svg>\n"
    }
}

fn write_line(svg: &mut String, line: &Line) -> std::fmt::Result {
    let anchor = match line.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let colour = hex(line.colour);
    let thick = match line.bold {
        true => format!(" stroke=\"{colour}\" stroke-width=\"{:.3}\"", line.size * 0.03),
        false => String::new(),
    };
    // The em box of a Japanese font begins 0.88 above the base line.
    let (x, base) = (line.at.0, line.at.1 + 0.88 * line.size);
    writeln!(
        svg,
        "<text x=\"{x:.2}\" y=\"{base:.2}\" font-size=\"{:.2}\" text-anchor=\"{anchor}\" \
         fill=\"{colour}\"{thick}>{}</text>",
        line.size,
        maud::html!((line.text)).into_string(),
    )
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
