//! Estimates as points, and lines from one end of their intervals to the other.

use super::{FAINT, INK, LABEL, LEADING, Page, SMALL, Scale, figure, text_height};
use crate::chart::palette::{BLUE, GREY, PINK, Palette};
use crate::chart::scene::{Anchor, Shape};
use crate::chart::spec::{Measure, Range, Role};
use crate::chart::text::width;

const RADIUS: f64 = 4.5;
/// Half the height of the strokes at the ends of a line.
const CAP: f64 = 4.0;

pub fn intervals(page: &mut Page) {
    let spec = page.spec;
    let words = |place: usize| -> (String, String) {
        let shown = &spec.series[0].values[place];
        let range = figure(shown).and_then(|figure| figure.range.as_ref());
        (spec.printed(shown), range.map_or(String::new(), |range| format!("[{}]", range.label)))
    };
    let count = spec.categories.len();
    let widest = |text: &dyn Fn(usize) -> String| {
        (0..count).map(|place| width(&text(place), SMALL)).fold(0.0, f64::max)
    };
    // Figures and ends of intervals have columns of their own: no point hides them.
    let (figures, ranges) = (widest(&|place| words(place).0), widest(&|place| words(place).1));
    let rows = page.rows(figures + ranges + 24.0);
    let ends = spec.series[0].values.iter().filter_map(figure).flat_map(|figure| {
        let range = figure.range.as_ref();
        let ends = range.map_or([None, None], |range| [range.low, range.high]);
        std::iter::once(figure.value.to_f64()).chain(ends.into_iter().flatten())
    });
    let ends: Vec<f64> = ends.collect();
    let scale = match spec.measure {
        Measure::Percent => Scale::percent(20),
        Measure::Number => Scale::around(Measure::Number, ends.into_iter(), false),
    };
    let height = |lines: usize| text_height(lines, LABEL).max(2.0 * CAP) + (LEADING - 1.0) * LABEL + 8.0;
    let whole: f64 = rows.labels.iter().map(|lines| height(lines.len())).sum();
    let top = page.y + SMALL + 4.0;
    page.n_heading(&rows);
    page.axis(&scale, rows.plot, top + whole);
    page.y = top;
    let (from, to) = rows.plot;
    let at = |value: f64| from + (to - from) * scale.part(value);
    let highlighted = spec.categories.iter().any(|category| category.highlight);
    for place in 0..count {
        let high = height(rows.labels[place].len());
        let middle = page.y + high / 2.0;
        page.row_label(&rows, place, middle);
        let category = &spec.categories[place];
        let colour = match category.highlight {
            true => PINK,
            false if highlighted || category.role == Role::Total || page.style.palette == Palette::Grey => {
                GREY
            }
            false => BLUE,
        };
        if let Some(found) = figure(&spec.series[0].values[place]) {
            if let Some(range) = &found.range {
                whisker(page, range, middle, &at, (from, to), colour);
            }
            page.scene.shapes.push(Shape::Disc((at(found.value.to_f64()), middle), RADIUS, colour));
        }
        let (shown, range) = words(place);
        let y = middle - SMALL / 2.0;
        page.scene.text(&shown, SMALL, (to + 10.0 + figures, y), Anchor::End, INK);
        page.scene.text(&range, SMALL, (to + 18.0 + figures, y), Anchor::Start, FAINT);
        page.y += high;
    }
}

/// The line of an interval. An end that the sample cannot tell has no stroke: the line goes on to the edge.
fn whisker(
    page: &mut Page,
    range: &Range,
    middle: f64,
    at: &dyn Fn(f64) -> f64,
    (from, to): (f64, f64),
    colour: crate::chart::Colour,
) {
    let (low, high) = (range.low.map_or(from, at), range.high.map_or(to, at));
    page.scene.line(&[(low, middle), (high, middle)], colour, 2.0);
    for (end, x) in [(range.low, low), (range.high, high)] {
        if end.is_some() {
            page.scene.line(&[(x, middle - CAP), (x, middle + CAP)], colour, 2.0);
        }
    }
}
