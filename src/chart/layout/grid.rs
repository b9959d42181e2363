//! Cells: a table coloured by its differences from the total, and prefectures as tiles.

use super::{FAINT, INK, LABEL, LEADING, MARGIN, Page, SMALL, figure, text_height};
use crate::chart::palette::{Fill, Hatch, PAPER, PINK, RULE, between, ink_on};
use crate::chart::scene::{Anchor, Colour};
use crate::chart::spec::{Figure, Role};
use crate::chart::text::{clean, width, wrap};
use crate::stats::Ratio;
use crate::tabulate::Shown;

/// ±10 and ±5 points from the total, as tables mark them.
const STEPS: [(i128, Colour, Option<Hatch>); 4] = [
    (10, Colour(0xF2, 0xA0, 0x5C), Some(Hatch::Crossed)),
    (5, Colour(0xFB, 0xDD, 0xBD), Some(Hatch::Rising)),
    (-5, Colour(0xCF, 0xE3, 0xF2), Some(Hatch::Falling)),
    (-10, Colour(0x7F, 0xB5, 0xDC), Some(Hatch::Upright)),
];

pub fn heat(page: &mut Page) {
    let spec = page.spec;
    let language = spec.language;
    let steps = [
        ("全体+10ポイント以上", "10 points or more above the total"),
        ("+5以上", "5 or more"),
        ("−5以下", "5 or more below"),
        ("−10以下", "10 or more below"),
    ];
    let mut x = page.left;
    for ((_, colour, hatch), (japanese, english)) in STEPS.iter().zip(steps) {
        let words = language.choose(japanese, english);
        if x > page.left && x + 17.0 + width(words, SMALL) > page.right {
            (x, page.y) = (page.left, page.y + SMALL * LEADING + 3.0);
        }
        let hatch = hatch.filter(|_| page.style.hatched);
        page.scene.rectangle([x, page.y, 12.0, 12.0], Fill { colour: *colour, hatch });
        page.scene.text(words, SMALL, (x + 17.0, page.y), Anchor::Start, FAINT);
        x += 17.0 + width(words, SMALL) + 14.0;
    }
    page.y += SMALL * LEADING + 10.0;

    let rows = page.rows(0.0);
    let count = spec.series.len().max(1) as f64;
    let figures = spec.series.iter().flat_map(|series| &series.values);
    let widest = figures.map(|shown| width(&spec.printed(shown), SMALL)).fold(2.0 * SMALL, f64::max);
    let base = |series: &crate::chart::spec::Series| {
        let mark = if series.low_base { "*" } else { "" };
        series.n.map_or(String::new(), |n| format!("{}{mark}", crate::diag::thousands(n)))
    };
    let widest = spec.series.iter().map(|series| width(&base(series), SMALL)).fold(widest, f64::max);
    let cell = f64::max((rows.plot.1 - rows.plot.0) / count, widest + 8.0).min(120.0);
    let left = rows.plot.0;
    page.right = f64::max(page.right, left + cell * count);
    page.scene.width = page.scene.width.max(page.right + MARGIN);
    let heads: Vec<Vec<String>> =
        spec.series.iter().map(|series| wrap(&series.name, SMALL, cell - 4.0)).collect();
    let lines = heads.iter().map(Vec::len).max().unwrap_or(1);
    let bottom = page.y + lines as f64 * SMALL * LEADING;
    for (index, head) in heads.iter().enumerate() {
        let x = left + cell * (index as f64 + 0.5);
        let colour = if spec.series[index].highlight { PINK } else { INK };
        for (line, words) in head.iter().enumerate() {
            let y = bottom - (head.len() - line) as f64 * SMALL * LEADING;
            page.scene.text(words, SMALL, (x, y), Anchor::Middle, colour);
        }
        page.scene.text(&base(&spec.series[index]), SMALL, (x, bottom + 1.0), Anchor::Middle, FAINT);
    }
    if spec.series.iter().any(|series| series.n.is_some()) {
        page.scene.text("n", SMALL, (rows.label_end, bottom + 1.0), Anchor::End, FAINT);
    }
    page.y = bottom + SMALL * LEADING + 2.0;
    for (place, lines) in rows.labels.iter().enumerate() {
        let high = f64::max(26.0, text_height(lines.len(), LABEL) + 8.0);
        page.row_label(&rows, place, page.y + high / 2.0);
        for (index, series) in spec.series.iter().enumerate() {
            let shown = &series.values[place];
            let x = left + cell * index as f64;
            let place = [x, page.y, cell - 1.0, high - 1.0];
            let mut colour = INK;
            match figure(shown) {
                Some(figure) => {
                    let marked = !series.low_base && series.role != Role::Total;
                    let step = STEPS.iter().find(|(points, ..)| marked && beyond(figure, *points));
                    // The far steps come first going up, and last going down.
                    let step = STEPS
                        .iter()
                        .rev()
                        .find(|(points, ..)| *points < 0 && marked && beyond(figure, *points))
                        .or(step);
                    let fill = step.map_or(Fill { colour: Colour(0xF7, 0xF7, 0xF7), hatch: None }, |step| {
                        Fill { colour: step.1, hatch: step.2.filter(|_| page.style.hatched) }
                    });
                    colour = ink_on(fill.colour);
                    page.scene.rectangle(place, fill);
                    if fill.hatch.is_some() {
                        label_ground(page, &figure.label, x + cell / 2.0, page.y + high / 2.0);
                    }
                }
                None if *shown == Shown::Suppressed => {
                    page.scene.hidden(place);
                    label_ground(page, &spec.printed(shown), x + cell / 2.0, page.y + high / 2.0);
                }
                None => {}
            }
            let at = (x + cell / 2.0, page.y + (high - SMALL) / 2.0);
            page.scene.text(&spec.printed(shown), SMALL, at, Anchor::Middle, colour);
        }
        page.y += high;
    }
}

/// Paper behind a figure on lines.
fn label_ground(page: &mut Page, words: &str, x: f64, y: f64) {
    let wide = width(words, SMALL) + 4.0;
    let paper = Fill { colour: PAPER, hatch: None };
    page.scene.rectangle([x - wide / 2.0, y - SMALL / 2.0 - 1.0, wide, SMALL + 2.0], paper);
}

/// Whether a figure is so many points or more from the total.
fn beyond(figure: &Figure, points: i128) -> bool {
    figure.difference.is_some_and(|difference| match points > 0 {
        true => difference >= Ratio::whole(points),
        false => difference <= Ratio::whole(points),
    })
}

/// Column and row of each prefecture, 北海道 to 沖縄県: neighbours are near one another.
const TILES: [(u8, u8); 47] = [
    (12, 0),
    (12, 1),
    (12, 2),
    (12, 3),
    (11, 2),
    (11, 3),
    (12, 4),
    (13, 5),
    (12, 5),
    (11, 5),
    (11, 6),
    (13, 6),
    (12, 6),
    (12, 7),
    (11, 4),
    (10, 4),
    (9, 4),
    (8, 5),
    (10, 6),
    (10, 5),
    (9, 5),
    (10, 7),
    (9, 6),
    (9, 7),
    (8, 6),
    (7, 6),
    (7, 7),
    (6, 6),
    (8, 7),
    (8, 8),
    (5, 6),
    (4, 6),
    (5, 7),
    (4, 7),
    (3, 7),
    (5, 10),
    (5, 9),
    (4, 9),
    (4, 10),
    (1, 8),
    (0, 8),
    (0, 9),
    (1, 9),
    (2, 8),
    (2, 9),
    (1, 10),
    (0, 11),
];

pub fn map(page: &mut Page) {
    let spec = page.spec;
    let tile = f64::max((page.right - page.left) / 14.0, 46.0).min(56.0).floor();
    page.right = f64::max(page.right, page.left + 14.0 * tile);
    page.scene.width = page.scene.width.max(page.right + MARGIN);
    let values = &spec.series[0].values;
    let numbers = || values.iter().filter_map(figure).map(|figure| figure.value.to_f64());
    let least = numbers().fold(f64::INFINITY, f64::min);
    let most = numbers().fold(f64::NEG_INFINITY, f64::max);
    let (light, dark) = (Colour(0xE3, 0xEE, 0xF8), Colour(0x0B, 0x3C, 0x6F));
    let colour =
        |value: f64| between(light, dark, if most > least { (value - least) / (most - least) } else { 0.5 });
    for (place, category) in spec.categories.iter().enumerate() {
        let Some(code) = category.code.as_ref().and_then(|code| code.parse::<usize>().ok()) else { continue };
        let Some(&(column, row)) = code.checked_sub(1).and_then(|code| TILES.get(code)) else { continue };
        let (x, y) = (page.left + tile * f64::from(column), page.y + tile * f64::from(row));
        let shown = &values[place];
        let ink = match (figure(shown), shown) {
            (Some(figure), _) => {
                let colour = colour(figure.value.to_f64());
                page.scene.rectangle([x, y, tile - 2.0, tile - 2.0], Fill { colour, hatch: None });
                ink_on(colour)
            }
            (None, Shown::Suppressed) => {
                page.scene.hidden([x, y, tile - 2.0, tile - 2.0]);
                let ground = Fill { colour: PAPER, hatch: None };
                page.scene.rectangle([x + 3.0, y + tile * 0.18, tile - 8.0, tile * 0.62], ground);
                INK
            }
            _ => {
                page.scene.rectangle(
                    [x, y, tile - 2.0, tile - 2.0],
                    Fill { colour: Colour(0xF3, 0xF3, 0xF3), hatch: None },
                );
                FAINT
            }
        };
        if category.highlight {
            let (right, bottom) = (x + tile - 2.0, y + tile - 2.0);
            page.scene.line(&[(x, y), (right, y), (right, bottom), (x, bottom), (x, y)], PINK, 3.0);
        }
        let middle = x + tile / 2.0 - 1.0;
        let label = clean(&category.label);
        let short = match label.as_str() {
            "北海道" => "北海道",
            name => name.strip_suffix(['都', '府', '県']).unwrap_or(name),
        };
        let name = if width(short, SMALL) <= tile - 6.0 { short.to_string() } else { format!("{code:02}") };
        page.scene.text(&name, SMALL, (middle, y + tile * 0.22), Anchor::Middle, ink);
        let mark = if category.low_base { "*" } else { "" };
        let words = format!("{}{mark}", spec.printed(shown));
        if width(&words, SMALL) <= tile - 4.0 {
            page.scene.text(&words, SMALL, (middle, y + tile * 0.56), Anchor::Middle, ink);
        }
    }
    // The north-west is sea: the scale stands there.
    if most.is_finite() {
        let (wide, y) = (tile * 4.0, page.y + 2.0 * SMALL);
        for step in 0..20 {
            let value = least + (most - least) * f64::from(step) / 19.0;
            let x = page.left + wide * f64::from(step) / 20.0;
            page.scene.rectangle([x, y, wide / 20.0, 10.0], Fill { colour: colour(value), hatch: None });
        }
        let end = |limit: f64| {
            let of = values.iter().filter_map(figure).find(|figure| figure.value.to_f64() == limit);
            of.map_or(String::new(), |figure| figure.label.clone())
        };
        page.scene.text(&end(least), SMALL, (page.left, y + 14.0), Anchor::Start, FAINT);
        if most > least {
            page.scene.try_text(&end(most), SMALL, (page.left + wide, y + 14.0), Anchor::End, FAINT);
        }
        page.scene.line(&[(page.left, y + 10.0), (page.left + wide, y + 10.0)], RULE, 1.0);
    }
    page.y += 12.0 * tile;
}
