//! 100 % bands: one, a stack of them, and bands about the middle of a scale.

use super::{FAINT, LABEL, LEADING, Page, Rows, SMALL, Scale, figure, text_height};
use crate::chart::palette::{INK, PAPER, RULE, ink_on};
use crate::chart::scene::Anchor;
use crate::chart::spec::{Kind, Series};
use crate::chart::text::width;
use crate::tabulate::Shown;

/// A part of a band: series, from, to.
type Part = (usize, f64, f64);

pub fn bands(page: &mut Page) {
    let spec = page.spec;
    page.legend();
    let single = spec.kind == Kind::Band;
    let thick = if single { 44.0 } else { 24.0 };
    let gap = 8.0;
    let rows = match single {
        // The only band is of everybody, which its n in the caption says.
        true => Rows {
            labels: vec![vec![]],
            label_end: 0.0,
            n_end: None,
            plot: (page.left + 6.0, page.right - 16.0),
        },
        false => page.rows(16.0),
    };
    let height = |lines: usize| f64::max(thick, text_height(lines, LABEL) + (LEADING - 1.0) * LABEL);
    let bottom: f64 = rows.labels.iter().map(|lines| height(lines.len()) + gap).sum();
    let top = page.y + SMALL + 4.0;
    page.n_heading(&rows);
    let (from, to) = rows.plot;
    let scale = Scale::percent(if to - from > 360.0 { 10 } else { 20 });
    // Sides grow from where the longest of the other side ends.
    let (reach, whole) = if spec.kind == Kind::Likert { reach(page) } else { (0.0, 100.0) };
    let at = |value: f64| (from + (to - from) * (value + reach) / whole).clamp(from, to);
    if spec.kind == Kind::Likert {
        page.scene.line(&[(at(0.0), top), (at(0.0), top + bottom)], FAINT, 1.0);
    } else {
        page.axis(&scale, rows.plot, top + bottom);
    }
    page.y = top + gap / 2.0;
    for (place, lines) in rows.labels.iter().enumerate() {
        let high = height(lines.len());
        if !single {
            page.row_label(&rows, place, page.y + high / 2.0);
        }
        let y = page.y + (high - thick) / 2.0;
        let mut led = Vec::new();
        match parts(&spec.series, place, spec.kind == Kind::Likert) {
            Some(parts) => {
                for (index, start, end) in parts {
                    let (left, right) = (at(start).round(), at(end).round());
                    page.scene.rectangle([left, y, right - left, thick], page.fills[index]);
                    if !segment_label(page, index, place, (left, right), (y, thick)) && right > left {
                        led.push((index, (left + right) / 2.0));
                    }
                    // Neighbours are told apart by paper, not only by colour.
                    page.scene.line(&[(right, y), (right, y + thick)], PAPER, 1.0);
                }
            }
            None => {
                let words = unseen(&spec.series, place).map_or(String::new(), |shown| spec.printed(shown));
                if unseen(&spec.series, place) == Some(&Shown::Suppressed) {
                    page.scene.hidden([from, y, to - from, thick]);
                    let wide = width(&words, SMALL) + 8.0;
                    let middle = (from + to) / 2.0;
                    let paper = crate::chart::palette::Fill { colour: PAPER, hatch: None };
                    page.scene.rectangle([middle - wide / 2.0, y + 3.0, wide, thick - 6.0], paper);
                    let place = (middle, y + (thick - SMALL) / 2.0);
                    page.scene.text(&words, SMALL, place, Anchor::Middle, INK);
                } else {
                    page.scene.text(
                        &words,
                        SMALL,
                        (from + 4.0, y + (thick - SMALL) / 2.0),
                        Anchor::Start,
                        FAINT,
                    );
                }
            }
        }
        page.y += high + gap;
        if single {
            page.y = top + bottom;
            lead_out(page, place, &led, top + bottom - gap / 2.0);
        }
    }
    page.y = page.y.max(top + bottom);
}

/// The parts of a band in pixels' percent, left to right; `None` where a part is hidden or undefined: what
/// is left of the band would tell the hidden one.
fn parts(series: &[Series], place: usize, likert: bool) -> Option<Vec<Part>> {
    let values: Option<Vec<f64>> =
        series.iter().map(|series| figure(&series.values[place]).map(|f| f.value.to_f64())).collect();
    let values = values?;
    if values.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let mut parts = Vec::new();
    let mut at = match likert {
        true => {
            let side = |side: i8| {
                let of = series.iter().zip(&values).filter(move |(series, _)| series.side == Some(side));
                of.map(|(_, value)| value).sum::<f64>()
            };
            // Left is the side that the options begin with.
            let left = series.iter().find_map(|series| series.side.filter(|&side| side != 0)).unwrap_or(1);
            -side(left) - side(0) / 2.0
        }
        false => 0.0,
    };
    for (index, value) in values.iter().enumerate() {
        if !likert || series[index].side.is_some() {
            parts.push((index, at, at + value));
            at += value;
        }
    }
    Some(parts)
}

/// What stands for a band that is not drawn.
fn unseen(series: &[Series], place: usize) -> Option<&Shown<crate::chart::spec::Figure>> {
    let mut shown = series.iter().map(|series| &series.values[place]);
    let hidden = shown.clone().find(|shown| **shown == Shown::Suppressed);
    hidden.or_else(|| shown.find(|shown| **shown == Shown::Undefined)).or(Some(&Shown::Undefined))
}

/// How far bands of a scale reach to the left, and over how much in all.
fn reach(page: &Page) -> (f64, f64) {
    let (mut left, mut right) = (1.0_f64, 1.0_f64);
    for place in 0..page.spec.categories.len() {
        for (_, start, end) in parts(&page.spec.series, place, true).into_iter().flatten() {
            left = left.max(-start);
            right = right.max(end);
        }
    }
    (left, left + right)
}

/// The figure within its part, where there is room.
fn segment_label(
    page: &mut Page,
    index: usize,
    place: usize,
    (left, right): (f64, f64),
    (y, thick): (f64, f64),
) -> bool {
    let words = page.spec.printed(&page.spec.series[index].values[place]);
    let size = if page.spec.kind == Kind::Band { LABEL } else { SMALL };
    let wide = width(&words, size);
    if wide + 6.0 > right - left {
        return false;
    }
    let middle = (left + right) / 2.0;
    let fill = page.fills[index];
    let colour = match fill.hatch {
        None => ink_on(fill.colour),
        Some(_) => {
            let high = size + 2.0;
            let paper = crate::chart::palette::Fill { colour: PAPER, hatch: None };
            page.scene
                .rectangle([middle - wide / 2.0 - 1.0, y + (thick - high) / 2.0, wide + 2.0, high], paper);
            INK
        }
    };
    page.scene.text(&words, size, (middle, y + (thick - size) / 2.0), Anchor::Middle, colour);
    true
}

/// Figures that do not fit into their parts, below the band with a line to each; `-` needs none.
fn lead_out(page: &mut Page, place: usize, led: &[(usize, f64)], bottom: f64) {
    if led.is_empty() {
        return;
    }
    let spec = page.spec;
    let words: Vec<String> =
        led.iter().map(|(index, _)| spec.printed(&spec.series[*index].values[place])).collect();
    let wide: Vec<f64> = words.iter().map(|words| width(words, SMALL)).collect();
    // As far left as they stand, pushed right where they would touch, and back from the end.
    let mut lefts: Vec<f64> = Vec::new();
    let mut free = page.left;
    for (place, (_, x)) in led.iter().enumerate() {
        let left = (x - wide[place] / 2.0).max(free);
        lefts.push(left);
        free = left + wide[place] + 5.0;
    }
    let mut end = page.right;
    for place in (0..led.len()).rev() {
        lefts[place] = lefts[place].min(end - wide[place]);
        end = lefts[place] - 5.0;
    }
    // More than fit in a line: the legend and the description have them.
    if lefts[0] < page.left {
        return;
    }
    for (place, (_, x)) in led.iter().enumerate() {
        let middle = lefts[place] + wide[place] / 2.0;
        page.scene.line(&[(*x, bottom - 2.0), (*x, bottom + 3.0), (middle, bottom + 9.0)], RULE, 1.0);
        page.scene.text(&words[place], SMALL, (lefts[place], bottom + 11.0), Anchor::Start, INK);
    }
    page.y += 11.0 + SMALL;
}
