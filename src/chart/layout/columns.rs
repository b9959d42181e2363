//! What goes from left to right: lines over ordered categories, and histograms.

use super::{FAINT, INK, LABEL, LEADING, MARGIN, Page, SMALL, Scale, figure, shown_n, text_height};
use crate::chart::palette::{BLUE, Fill, GREY, PAPER, Palette, RULE, ink_like};
use crate::chart::scene::{Anchor, TextBox};
use crate::chart::spec::Measure;
use crate::chart::text::{width, wrap};
use crate::tabulate::Shown;

/// Of the points on a line.
const RADIUS: f64 = 4.0;

/// A plot over slots.
struct Slots {
    left: f64,
    wide: f64,
    top: f64,
    bottom: f64,
}

impl Slots {
    fn middle(&self, place: usize) -> f64 {
        self.left + self.wide * (place as f64 + 0.5)
    }
}

/// The axis at the left, room for the plot, and the labels below it.
fn slots(page: &mut Page, scale: &Scale, high: f64) -> Slots {
    let spec = page.spec;
    let axis = scale.ticks.iter().map(|(_, label)| width(label, SMALL)).fold(0.0, f64::max) + 8.0;
    let left = page.left + axis;
    let count = spec.categories.len().max(1) as f64;
    // Labels need room for two characters, and n for its digits: a canvas of many categories is wider.
    let base = |category| shown_n(category).map(|n| format!("n={n}"));
    let n_wide = spec.categories.iter().filter_map(base).map(|n| width(&n, SMALL)).fold(0.0, f64::max);
    let least = f64::max(2.0 * SMALL, n_wide) + 6.0;
    let wide = f64::max((page.right - left) / count, least);
    page.right = left + wide * count;
    page.scene.width = page.scene.width.max(page.right + MARGIN);
    let top = page.y + SMALL + 6.0;
    let slots = Slots { left, wide, top, bottom: top + high };
    for (value, label) in &scale.ticks {
        let y = (slots.bottom - high * scale.part(*value)).round();
        page.scene.line(&[(left, y), (page.right, y)], RULE, 1.0);
        page.scene.text(label, SMALL, (left - 6.0, y - SMALL / 2.0), Anchor::End, FAINT);
    }
    let mut lowest = 0.0_f64;
    for (place, category) in spec.categories.iter().enumerate() {
        let lines = wrap(&category.label, SMALL, wide - 6.0);
        let mut y = slots.bottom + 8.0;
        for line in &lines {
            page.scene.text(line, SMALL, (slots.middle(place), y), Anchor::Middle, INK);
            y += SMALL * LEADING;
        }
        if let Some(n) = base(category) {
            page.scene.text(&n, SMALL, (slots.middle(place), y), Anchor::Middle, FAINT);
            y += SMALL * LEADING;
        }
        lowest = lowest.max(y);
    }
    page.y = lowest;
    slots
}

pub fn line(page: &mut Page) {
    let spec = page.spec;
    if spec.series.len() > 1 {
        page.legend();
    }
    let scale = Scale::of(spec, false);
    let slots = slots(page, &scale, 260.0);
    let at = |value: f64| slots.bottom - (slots.bottom - slots.top) * scale.part(value);
    lines(page, &slots, &at, 0);
    for place in 0..spec.categories.len() {
        // A figure beside another series' point would be read as that one's: it stands above its own, or
        // below it, or nowhere.
        let known = spec.series.iter().filter_map(|series| figure(&series.values[place]));
        let mut points: Vec<(f64, &str)> =
            known.map(|figure| (at(figure.value.to_f64()), figure.label.as_str())).collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let x = slots.middle(place);
        for (index, &(y, label)) in points.iter().enumerate() {
            for top in [y - SMALL - 6.0, y + 7.0] {
                let words = TextBox::new(label, SMALL, (x, top), Anchor::Middle, INK);
                let taken = |(other, point): (usize, &(f64, &str))| {
                    // A point between the words and their own would be taken for theirs, too.
                    let between = (y.min(top)..=y.max(top + SMALL)).contains(&point.0);
                    other != index && (between || words.covers((x, point.0), RADIUS))
                };
                if !points.iter().enumerate().any(taken)
                    && page.scene.try_text(label, SMALL, (x, top), Anchor::Middle, INK)
                {
                    break;
                }
            }
        }
    }
}

/// The lines of the series from this one on.
fn lines(page: &mut Page, slots: &Slots, at: &dyn Fn(f64) -> f64, from: usize) {
    let spec = page.spec;
    for (index, series) in spec.series.iter().enumerate().skip(from) {
        let single = spec.series.len() == 1;
        let colour = match single && !series.highlight {
            true if page.style.palette == Palette::Grey => GREY,
            true => BLUE,
            false => page.fills[index].colour,
        };
        let mut run = Vec::new();
        for (place, shown) in series.values.iter().enumerate() {
            match figure(shown) {
                Some(figure) => run.push((slots.middle(place), at(figure.value.to_f64()))),
                // A line over what is not known would say something of it.
                None => {
                    trace(page, &mut run, colour);
                    let y = slots.bottom - SMALL - 4.0;
                    page.scene.try_text(
                        &spec.printed(shown),
                        SMALL,
                        (slots.middle(place), y),
                        Anchor::Middle,
                        FAINT,
                    );
                }
            }
        }
        trace(page, &mut run, colour);
    }
}

/// Columns of the first series and a line of the second: two measures of the same answers.
pub fn combo(page: &mut Page) {
    let spec = page.spec;
    page.legend();
    let scale = Scale::of(spec, true);
    let slots = slots(page, &scale, 260.0);
    let at = |value: f64| slots.bottom - (slots.bottom - slots.top) * scale.part(value);
    let wide = slots.wide * 0.5;
    for (place, shown) in spec.series[0].values.iter().enumerate() {
        let left = slots.middle(place) - wide / 2.0;
        match (figure(shown), shown) {
            (Some(figure), _) => {
                let (top, zero) = (at(figure.value.to_f64()), at(0.0));
                let column = [left, top.min(zero), wide, (zero - top).abs()];
                page.scene.rectangle(column, page.fills[0]);
            }
            (None, Shown::Suppressed) => page.scene.hidden([left, slots.bottom - 20.0, wide, 20.0]),
            _ => {}
        }
    }
    lines(page, &slots, &at, 1);
    for place in 0..spec.categories.len() {
        let known = |series: usize| figure(&spec.series[series].values[place]);
        let end = |series: usize| known(series).map(|figure| at(figure.value.to_f64()));
        // Above a column or a point; of two that are close, one above the other, the smaller figure below.
        let above = |y: f64| y - SMALL - 6.0;
        let (column, line) = (end(0), end(1));
        let tops = match (column, line) {
            (Some(column), Some(line)) if (column - line).abs() < SMALL + 9.0 => {
                let (low, high) = (above(column.min(line)), above(column.min(line)) - SMALL - 3.0);
                if column > line { [Some(low), Some(high)] } else { [Some(high), Some(low)] }
            }
            _ => [column.map(above), line.map(above)],
        };
        for (series, top) in tops.into_iter().enumerate() {
            let (Some(figure), Some(top)) = (known(series), top) else { continue };
            let words = TextBox::new(&figure.label, SMALL, (slots.middle(place), top), Anchor::Middle, INK);
            let ground = [words.x, top - 1.0, words.width, SMALL + 2.0];
            // In its series' colour, on paper: a line may go through it, and a column be behind it.
            let ink = ink_like(page.fills[series].colour);
            if page.scene.try_text(&figure.label, SMALL, (slots.middle(place), top), Anchor::Middle, ink) {
                page.scene.rectangle(ground, Fill { colour: PAPER, hatch: None });
            }
        }
    }
    page.scene.line(&[(slots.left, slots.bottom), (page.right, slots.bottom)], FAINT, 1.0);
}

/// A line and its points.
fn trace(page: &mut Page, run: &mut Vec<(f64, f64)>, colour: crate::chart::scene::Colour) {
    if run.len() > 1 {
        page.scene.line(run, colour, 2.0);
    }
    for point in run.drain(..) {
        page.scene.shapes.push(crate::chart::scene::Shape::Disc(point, RADIUS, colour));
    }
}

pub fn histogram(page: &mut Page) {
    let spec = page.spec;
    let values = spec.series[0].values.iter().filter_map(figure).map(|figure| figure.value.to_f64());
    // Bars of many bins are all small: the axis ends where they do.
    let scale = Scale::around(Measure::Number, values, true);
    if spec.measure == Measure::Percent {
        page.scene.text("%", SMALL, (page.left, page.y), Anchor::Start, FAINT);
        page.y += text_height(1, SMALL);
    }
    let slots = slots(page, &scale, 240.0);
    let colour = if page.style.palette == Palette::Grey { GREY } else { BLUE };
    for (place, shown) in spec.series[0].values.iter().enumerate() {
        let (left, right) = (slots.middle(place) - slots.wide / 2.0, slots.middle(place) + slots.wide / 2.0);
        let high = match figure(shown) {
            Some(figure) => (slots.bottom - slots.top) * scale.part(figure.value.to_f64()),
            None => 0.0,
        };
        let bar = [left + 1.0, slots.bottom - high, right - left - 2.0, high];
        match shown {
            Shown::Suppressed => {
                page.scene.hidden([left + 1.0, slots.bottom - 20.0, right - left - 2.0, 20.0])
            }
            _ => page.scene.rectangle(bar, Fill { colour, hatch: None }),
        }
        let size = if width(&spec.printed(shown), SMALL) < slots.wide { SMALL } else { SMALL - 2.0 };
        let y = slots.bottom - if *shown == Shown::Suppressed { 20.0 } else { high } - size - 3.0;
        page.scene.try_text(&spec.printed(shown), size, (slots.middle(place), y), Anchor::Middle, INK);
    }
    page.scene.line(&[(slots.left, slots.bottom), (page.right, slots.bottom)], FAINT, 1.0);
    page.y = page.y.max(slots.bottom + LABEL);
}
