//! A drawing before it is written: shapes and boxes of text at places, in pixels.

use super::palette::{Fill, GREY, Hatch, INK, PINK};
use super::text::width;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// A place.
pub type Point = (f64, f64);

/// Something drawn that is not text.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled rectangle: left, top, width, height.
    Rectangle([f64; 4], Colour),
    /// A filled area.
    Area(Vec<Point>, Colour),
    /// A line through points, of a colour and a width.
    Line(Vec<Point>, Colour, f64),
    /// A filled circle: centre, radius.
    Disc(Point, f64, Colour),
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Left.
    Start,
    /// Middle.
    Middle,
    /// Right.
    End,
}

/// A line of text and the box that it fills at most.
#[derive(Debug, Clone, PartialEq)]
pub struct TextBox {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width, a little generous.
    pub width: f64,
    /// Height: the em.
    pub height: f64,
    /// The words.
    pub text: String,
    /// Which end is fixed when a font is narrower than measured.
    pub anchor: Anchor,
    /// Colour.
    pub colour: Colour,
}

impl TextBox {
    /// A line whose anchor is at `x` and whose top is at `y`.
    pub fn new(text: &str, size: f64, (x, y): Point, anchor: Anchor, colour: Colour) -> TextBox {
        let wide = width(text, size);
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - wide / 2.0,
            Anchor::End => x - wide,
        };
        TextBox { x: left, y, width: wide, height: size, text: text.to_string(), anchor, colour }
    }

    /// Whether the box lies on a disc, or would but for a corner.
    pub fn covers(&self, (x, y): Point, radius: f64) -> bool {
        let across = x > self.x - radius && x < self.x + self.width + radius;
        across && y > self.y - radius && y < self.y + self.height + radius
    }

    /// Whether two boxes share a place.
    pub fn overlaps(&self, other: &TextBox) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scene {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Shapes, the first below the others.
    pub shapes: Vec<Shape>,
    /// Texts, above all shapes.
    pub texts: Vec<TextBox>,
}

impl Scene {
    /// The same with other colours for the one to look at and for everything beside it.
    pub fn highlighted(mut self, highlight: Colour, others: Colour) -> Scene {
        let of = |colour: &mut Colour| match *colour {
            PINK => *colour = highlight,
            GREY => *colour = others,
            _ => {}
        };
        for shape in &mut self.shapes {
            match shape {
                Shape::Rectangle(_, colour)
                | Shape::Area(_, colour)
                | Shape::Line(_, colour, _)
                | Shape::Disc(_, _, colour) => of(colour),
            }
        }
        self.texts.iter_mut().for_each(|text| of(&mut text.colour));
        self
    }

    /// Adds a filled rectangle on whole pixels, so that its edges are sharp; hatched where its fill is.
    pub(super) fn rectangle(&mut self, [x, y, wide, high]: [f64; 4], fill: Fill) {
        let (left, top, right, bottom) = (x.round(), y.round(), (x + wide).round(), (y + high).round());
        self.shapes.push(Shape::Rectangle([left, top, right - left, bottom - top], fill.colour));
        if let Some(hatch) = fill.hatch {
            self.hatch(&[(left, top), (right, top), (right, bottom), (left, bottom)], hatch);
        }
    }

    /// Adds a filled area.
    pub(super) fn area(&mut self, points: Vec<Point>, fill: Fill) {
        self.shapes.push(Shape::Area(points.clone(), fill.colour));
        if let Some(hatch) = fill.hatch {
            self.hatch(&points, hatch);
        }
    }

    pub(super) fn line(&mut self, points: &[Point], colour: Colour, wide: f64) {
        self.shapes.push(Shape::Line(points.to_vec(), colour, wide));
    }

    /// What is hidden: a pale box with lines.
    pub(super) fn hidden(&mut self, place: [f64; 4]) {
        self.rectangle(place, Fill { colour: Colour(0xF4, 0xF4, 0xF4), hatch: Some(Hatch::Rising) });
    }

    pub(super) fn text(&mut self, text: &str, size: f64, place: Point, anchor: Anchor, colour: Colour) {
        if !text.is_empty() {
            self.texts.push(TextBox::new(text, size, place, anchor, colour));
        }
    }

    /// Adds a text where it is on the canvas and overlaps no other; says whether it is.
    pub(super) fn try_text(
        &mut self,
        text: &str,
        size: f64,
        place: Point,
        anchor: Anchor,
        colour: Colour,
    ) -> bool {
        let added = TextBox::new(text, size, place, anchor, colour);
        let inside = added.x >= 0.0
            && added.y >= 0.0
            && added.x + added.width <= self.width
            && (self.height == 0.0 || added.y + added.height <= self.height);
        let free = inside && !self.texts.iter().any(|text| text.overlaps(&added));
        if free {
            self.texts.push(added);
        }
        free
    }

    /// Lines over an area, whatever its outline.
    fn hatch(&mut self, outline: &[Point], hatch: Hatch) {
        let directions: &[Point] = match hatch {
            Hatch::Rising => &[(1.0, -1.0)],
            Hatch::Falling => &[(1.0, 1.0)],
            Hatch::Level => &[(1.0, 0.0)],
            Hatch::Upright => &[(0.0, 1.0)],
            Hatch::Crossed => &[(1.0, -1.0), (1.0, 1.0)],
        };
        for &(dx, dy) in directions {
            // Across the lines: their distance from the origin along the normal.
            let across = |(x, y): Point| x * -dy + y * dx;
            let along = |(x, y): Point| x * dx + y * dy;
            let gap = 6.0 * (dx * dx + dy * dy).sqrt();
            let least = outline.iter().map(|&point| across(point)).fold(f64::INFINITY, f64::min);
            let most = outline.iter().map(|&point| across(point)).fold(f64::NEG_INFINITY, f64::max);
            let mut at = (least / gap).floor() * gap + gap / 2.0;
            while at < most {
                let mut cuts: Vec<Point> = Vec::new();
                for (place, &from) in outline.iter().enumerate() {
                    let to = outline[(place + 1) % outline.len()];
                    let (a, b) = (across(from) - at, across(to) - at);
                    if (a < 0.0) != (b < 0.0) {
                        let part = a / (a - b);
                        cuts.push((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
                    }
                }
                cuts.sort_by(|one, other| along(*one).total_cmp(&along(*other)));
                for pair in cuts.chunks_exact(2) {
                    self.line(pair, INK, 0.8);
                }
                at += gap;
            }
        }
    }
}
