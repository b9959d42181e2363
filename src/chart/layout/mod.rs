//! Where everything stands: a page from top to bottom, as high as its words and figures need.
//!
//! Text is measured, broken and given its place before anything else, so that nothing overlaps or is cut,
//! however long labels are; the plot takes what is left of the width.

mod bands;
mod bars;
mod columns;
mod grid;
mod interval;
mod pie;
mod points;

use super::palette::{FAINT, Fill, INK, Palette, RULE, fills};
use super::scene::{Anchor, Scene};
use super::spec::{Category, ChartSpec, Kind, Measure};
use super::text::{clean, width, wrap};
use crate::diag::thousands;

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Width of the canvas in pixels, at least [`MIN_WIDTH`].
    pub width: u32,
    /// Colours.
    pub palette: Palette,
    /// Hatches over the colours, for print.
    pub hatched: bool,
}

/// Narrower canvases have no room for labels of one character and a plot.
pub const MIN_WIDTH: u32 = 400;

const MARGIN: f64 = 20.0;
/// Sizes of text.
const TITLE: f64 = 18.0;
const LABEL: f64 = 13.0;
const SMALL: f64 = 11.0;
/// From line to line, in ems.
const LEADING: f64 = 1.4;

/// Draws a chart.
pub fn draw(spec: &ChartSpec, style: &Style) -> Scene {
    let mut page = Page::new(spec, style);
    match spec.kind {
        Kind::Band | Kind::Bands | Kind::Likert => bands::bands(&mut page),
        Kind::Bar | Kind::Grouped | Kind::Pairs => bars::bars(&mut page),
        Kind::Pie | Kind::Donut => pie::pie(&mut page),
        Kind::Line => columns::line(&mut page),
        Kind::Combo => columns::combo(&mut page),
        Kind::Histogram => columns::histogram(&mut page),
        Kind::Interval => interval::intervals(&mut page),
        Kind::Heat => grid::heat(&mut page),
        Kind::Map => grid::map(&mut page),
        Kind::Scatter => points::scatter(&mut page),
    }
    page.finish()
}

/// A page in the making: everything above `y` is done.
struct Page<'a> {
    spec: &'a ChartSpec,
    style: &'a Style,
    scene: Scene,
    fills: Vec<Fill>,
    /// The whole width between the margins.
    left: f64,
    right: f64,
    y: f64,
}

/// Where the plot stands beside the labels of its rows.
struct Rows {
    /// Lines of each category's label.
    labels: Vec<Vec<String>>,
    /// Right end of the labels.
    label_end: f64,
    /// Right end of the column of n; `None`: categories have no n of their own.
    n_end: Option<f64>,
    /// Left and right end of the plot.
    plot: (f64, f64),
}

impl<'a> Page<'a> {
    fn new(spec: &'a ChartSpec, style: &'a Style) -> Page<'a> {
        let canvas = f64::from(style.width.max(MIN_WIDTH));
        let scene = Scene { width: canvas, ..Scene::default() };
        let fills = fills(spec, style.palette, style.hatched);
        let mut page = Page { spec, style, scene, fills, left: MARGIN, right: canvas - MARGIN, y: MARGIN };
        // Where the title stands elsewhere, on a slide, the chart has none.
        if !spec.title.is_empty() {
            page.paragraph(&spec.title, TITLE, INK);
        }
        if let Some(question) = &spec.question {
            page.y += 2.0;
            page.paragraph(question, SMALL + 1.0, FAINT);
        }
        if page.y > MARGIN {
            page.y += 10.0;
        }
        page
    }

    /// Lines of text over the whole width.
    fn paragraph(&mut self, text: &str, size: f64, colour: super::Colour) {
        for line in wrap(text, size, self.right - self.left) {
            self.scene.text(&line, size, (self.left, self.y), Anchor::Start, colour);
            self.y += size * LEADING;
        }
    }

    /// The series by their colours, in as many lines as they take.
    fn legend(&mut self) {
        let swatch = 17.0;
        let entries: Vec<(Vec<String>, Fill)> = self
            .spec
            .series
            .iter()
            .zip(&self.fills)
            .map(|(series, fill)| {
                let n = match series.n {
                    Some(n) => format!("（n={}{}）", thousands(n), if series.low_base { "*" } else { "" }),
                    None => String::new(),
                };
                (wrap(&format!("{}{n}", series.name), 12.0, self.right - self.left - swatch), *fill)
            })
            .collect();
        let (mut x, mut height) = (self.left, 0.0);
        for (lines, fill) in entries {
            let wide = swatch + lines.iter().map(|line| width(line, 12.0)).fold(0.0, f64::max);
            if x > self.left && x + wide > self.right {
                self.y += height + 3.0;
                (x, height) = (self.left, 0.0);
            }
            self.scene.rectangle([x, self.y, 12.0, 12.0], fill);
            for (place, line) in lines.iter().enumerate() {
                let y = self.y + place as f64 * 12.0 * LEADING;
                self.scene.text(line, 12.0, (x + swatch, y), Anchor::Start, INK);
            }
            x += wide + 16.0;
            height = f64::max(height, lines.len() as f64 * 12.0 * LEADING);
        }
        self.y += height + 8.0;
    }

    /// Room for the labels of rows, their n, the plot and what stands right of it.
    fn rows(&self, beyond: f64) -> Rows {
        let whole = self.right - self.left;
        let natural = |category: &Category| width(&clean(&category.label), LABEL);
        let widest = self.spec.categories.iter().map(natural).fold(0.0, f64::max);
        let room = widest.min(whole * 0.36).max(LABEL * 2.0);
        let label = |category: &Category| wrap(&category.label, LABEL, room);
        let labels: Vec<Vec<String>> = self.spec.categories.iter().map(label).collect();
        // Broken lines are shorter than the room for them.
        let wide = labels.iter().flatten().map(|line| width(line, LABEL)).fold(0.0, f64::max);
        let label_end = self.left + wide;
        let n_wide = self.spec.categories.iter().filter_map(shown_n).map(|n| width(&n, SMALL));
        let n_end = n_wide.fold(None, |widest: Option<f64>, n| Some(widest.unwrap_or(0.0).max(n)));
        let n_end = n_end.map(|n| label_end + 8.0 + n.max(width("n", SMALL)));
        let start = n_end.unwrap_or(label_end) + 10.0;
        Rows { labels, label_end, n_end, plot: (start, self.right - beyond) }
    }

    /// A row's label and n, about a middle line.
    fn row_label(&mut self, rows: &Rows, place: usize, middle: f64) {
        let category = &self.spec.categories[place];
        let lines = &rows.labels[place];
        let top = middle - text_height(lines.len(), LABEL) / 2.0;
        let colour = if category.highlight { super::palette::PINK } else { INK };
        for (line, words) in lines.iter().enumerate() {
            let y = top + line as f64 * LABEL * LEADING;
            self.scene.text(words, LABEL, (rows.label_end, y), Anchor::End, colour);
        }
        if let (Some(end), Some(n)) = (rows.n_end, shown_n(category)) {
            self.scene.text(&n, SMALL, (end, middle - SMALL / 2.0), Anchor::End, FAINT);
        }
    }

    /// The heading over the column of n.
    fn n_heading(&mut self, rows: &Rows) {
        if let Some(end) = rows.n_end {
            self.scene.text("n", SMALL, (end, self.y), Anchor::End, FAINT);
        }
    }

    /// Figures along the upper end of a plot, and lines of a grid down to `bottom`.
    fn axis(&mut self, scale: &Scale, (from, to): (f64, f64), bottom: f64) {
        let top = self.y + SMALL + 4.0;
        let mut lines = Vec::new();
        for (value, label) in &scale.ticks {
            let x = (from + (to - from) * scale.part(*value)).round();
            // Nothing else stands in this line; of ticks that would touch, the later one is silent.
            self.scene.try_text(label, SMALL, (x, self.y), Anchor::Middle, FAINT);
            lines.push(x);
        }
        for x in lines {
            self.scene.line(&[(x, top), (x, bottom)], RULE, 1.0);
        }
    }

    /// Caption and source, and the height of the whole.
    fn finish(mut self) -> Scene {
        self.y += 10.0;
        for line in &self.spec.caption {
            self.paragraph(line, SMALL, FAINT);
        }
        if let Some(source) = &self.spec.source {
            let words = self.spec.language.choose("出典：", "Source: ");
            self.paragraph(&format!("{words}{source}"), SMALL, FAINT);
        }
        self.scene.height = (self.y + MARGIN - SMALL * (LEADING - 1.0)).ceil();
        self.scene
    }
}

/// Height of lines of text without the space below the last.
fn text_height(lines: usize, size: f64) -> f64 {
    size + (lines.max(1) - 1) as f64 * size * LEADING
}

fn shown_n(category: &Category) -> Option<String> {
    let mark = if category.low_base { "*" } else { "" };
    category.n.map(|n| format!("{}{mark}", thousands(n)))
}

/// An axis: from, to, and where its figures stand.
struct Scale {
    from: f64,
    to: f64,
    ticks: Vec<(f64, String)>,
}

impl Scale {
    /// 0 to 100 %.
    fn percent(every: u32) -> Scale {
        let ticks = (0..=100).step_by(every as usize).map(|tick| (f64::from(tick), tick.to_string()));
        let mut ticks: Vec<(f64, String)> = ticks.collect();
        if let Some(last) = ticks.last_mut() {
            last.1.push('%');
        }
        Scale { from: 0.0, to: 100.0, ticks }
    }

    /// Around the figures of a chart, from 0 where they are bars.
    fn of(spec: &ChartSpec, zero: bool) -> Scale {
        let values = spec.series.iter().flat_map(|series| &series.values);
        Scale::around(spec.measure, values.filter_map(|shown| figure(shown).map(|f| f.value.to_f64())), zero)
    }

    /// Around these values.
    fn around(measure: Measure, values: impl Iterator<Item = f64>, zero: bool) -> Scale {
        let values: Vec<f64> = values.collect();
        // A ratio for a hundred may be more than a hundred.
        if measure == Measure::Percent && values.iter().all(|value| (0.0..=100.0).contains(value)) {
            return Scale::percent(20);
        }
        let limits = values.into_iter().fold(None, |limits: Option<(f64, f64)>, value| {
            let (least, most) = limits.unwrap_or((value, value));
            Some((least.min(value), most.max(value)))
        });
        let (mut least, mut most) = limits.unwrap_or((0.0, 1.0));
        if zero {
            (least, most) = (least.min(0.0), most.max(0.0));
        }
        if least == most {
            most = least + 1.0;
        }
        let step = nice((most - least) / 5.0);
        let (first, last) = ((least / step).floor(), (most / step).ceil());
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        let ticks = (0..=(last - first) as i64).map(|tick| {
            let value = (first + tick as f64) * step;
            (value, format!("{value:.decimals$}"))
        });
        Scale { from: first * step, to: last * step, ticks: ticks.collect() }
    }

    /// Where a value stands, 0 to 1.
    fn part(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

/// 1, 2 or 5 times a power of ten, at least as large.
fn nice(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let times = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= step * 0.999_999);
    times.unwrap_or(10.0) * power
}

/// The figure, where there is one to see.
fn figure(shown: &crate::tabulate::Shown<super::spec::Figure>) -> Option<&super::spec::Figure> {
    match shown {
        crate::tabulate::Shown::Value(figure) => Some(figure),
        crate::tabulate::Shown::Suppressed | crate::tabulate::Shown::Undefined => None,
    }
}
