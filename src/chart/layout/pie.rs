//! Pies: the parts on the left, their names and figures on the right.

use std::f64::consts::TAU;

use super::{FAINT, INK, LABEL, LEADING, Page, SMALL, TITLE, figure, text_height};
use crate::chart::palette::{Fill, PAPER, fills, ink_on};
use crate::chart::scene::{Anchor, Point};
use crate::chart::spec::{ChartSpec, Kind, Series};
use crate::chart::text::{width, wrap};
use crate::tabulate::Shown;

pub fn pie(page: &mut Page) {
    let spec = page.spec;
    let colours = slice_fills(page);
    let values = &spec.series[0].values;
    let whole = page.right - page.left;
    let radius = (whole * 0.22).min(150.0);
    let list = page.left + 2.0 * radius + 30.0;
    let figures = values.iter().map(|shown| width(&spec.printed(shown), LABEL)).fold(0.0, f64::max);
    let room = page.right - list - 20.0 - figures - 10.0;
    let labels: Vec<Vec<String>> =
        spec.categories.iter().map(|category| wrap(&category.label, LABEL, room)).collect();
    let height = |lines: usize| text_height(lines, LABEL) + 10.0;
    let listed: f64 = labels.iter().map(|lines| height(lines.len())).sum();
    let high = listed.max(2.0 * radius);
    let centre = (page.left + radius, page.y + high / 2.0);

    let wide = labels.iter().flatten().map(|line| width(line, LABEL)).fold(0.0, f64::max);
    let mut y = page.y + (high - listed) / 2.0 + 5.0;
    for (place, lines) in labels.iter().enumerate() {
        page.scene.rectangle([list, y, LABEL, LABEL], colours[place]);
        for (line, words) in lines.iter().enumerate() {
            let at = (list + 20.0, y + line as f64 * LABEL * LEADING);
            page.scene.text(words, LABEL, at, Anchor::Start, INK);
        }
        let end = list + 20.0 + wide + 10.0 + figures;
        page.scene.text(&spec.printed(&values[place]), LABEL, (end, y), Anchor::End, INK);
        y += height(lines.len());
    }

    let shares: Option<Vec<f64>> =
        values.iter().map(|shown| figure(shown).map(|figure| figure.value.to_f64())).collect();
    let sum = shares.iter().flatten().sum::<f64>();
    let hole = if spec.kind == Kind::Donut { radius * 0.55 } else { 0.0 };
    match shares.filter(|_| sum > 0.0) {
        Some(shares) => {
            let mut at = 0.0;
            for (place, share) in shares.iter().enumerate() {
                let part = (at / sum * TAU, (at + share) / sum * TAU);
                at += share;
                if *share > 0.0 {
                    slice(page, centre, (hole, radius), part, colours[place]);
                    let words = spec.printed(&values[place]);
                    slice_label(page, &words, centre, (hole, radius), part, colours[place]);
                }
            }
        }
        // A hidden part is what the others leave, so that none is drawn.
        None => {
            let outline = arc(centre, radius, (0.0, TAU));
            let hatch = values.contains(&Shown::Suppressed).then_some(crate::chart::palette::Hatch::Rising);
            page.scene.area(outline, Fill { colour: crate::chart::palette::RULE, hatch });
        }
    }
    if spec.kind == Kind::Donut {
        let outline = arc(centre, hole, (0.0, TAU));
        page.scene.area(outline, Fill { colour: PAPER, hatch: None });
        if let Some(n) = spec.series[0].n {
            let words = format!("n={}", crate::diag::thousands(n));
            let size = if width(&words, TITLE) < hole * 1.8 { TITLE } else { SMALL };
            page.scene.try_text(&words, size, (centre.0, centre.1 - size / 2.0), Anchor::Middle, FAINT);
        }
    }
    page.y += high;
}

/// Categories coloured as the series of a band are.
fn slice_fills(page: &Page) -> Vec<Fill> {
    let of = |category: &crate::chart::spec::Category| Series {
        name: String::new(),
        code: None,
        n: None,
        low_base: false,
        role: category.role,
        highlight: category.highlight,
        side: None,
        values: Vec::new(),
    };
    let series = page.spec.categories.iter().map(of).collect();
    fills(&ChartSpec { series, ..page.spec.clone() }, page.style.palette, page.style.hatched)
}

/// Points of an arc, clockwise from the top.
fn arc((x, y): Point, radius: f64, (from, to): (f64, f64)) -> Vec<Point> {
    let steps = ((to - from) / TAU * 120.0).ceil().max(2.0);
    let angles = (0..=steps as usize).map(|step| from + (to - from) * step as f64 / steps);
    angles.map(|angle| (x + radius * angle.sin(), y - radius * angle.cos())).collect()
}

fn slice(page: &mut Page, centre: Point, (hole, radius): (f64, f64), part: (f64, f64), fill: Fill) {
    let mut outline = arc(centre, radius, part);
    match hole > 0.0 {
        true => outline.extend(arc(centre, hole, part).into_iter().rev()),
        false => outline.push(centre),
    }
    page.scene.area(outline, fill);
    for angle in [part.0, part.1] {
        let end = (centre.0 + radius * angle.sin(), centre.1 - radius * angle.cos());
        page.scene.line(&[centre, end], PAPER, 1.5);
    }
}

/// The figure within its slice, where there is room.
fn slice_label(
    page: &mut Page,
    words: &str,
    centre: Point,
    (hole, radius): (f64, f64),
    (from, to): (f64, f64),
    fill: Fill,
) {
    let (middle, at) = ((from + to) / 2.0, (radius + hole.max(radius * 0.35)) / 2.0);
    let (wide, high) = (width(words, LABEL), LABEL);
    // The chord at that distance, as far as it is one.
    let chord = if to - from >= TAU / 2.0 { 2.0 * at } else { 2.0 * at * ((to - from) / 2.0).sin() };
    if chord < (wide * wide + high * high).sqrt() + 8.0 || radius - hole < wide {
        return;
    }
    let (x, y) = (centre.0 + at * middle.sin(), centre.1 - at * middle.cos());
    let colour = match fill.hatch {
        None => ink_on(fill.colour),
        Some(_) => {
            let paper = Fill { colour: PAPER, hatch: None };
            page.scene.rectangle([x - wide / 2.0 - 2.0, y - high / 2.0 - 1.0, wide + 4.0, high + 2.0], paper);
            INK
        }
    };
    page.scene.text(words, LABEL, (x, y - high / 2.0), Anchor::Middle, colour);
}
