//! Points of two measures.

use super::{FAINT, INK, LEADING, Page, SMALL, Scale, figure};
use crate::chart::palette::{BLUE, GREY, PINK, Palette, RULE};
use crate::chart::scene::{Anchor, Point, Shape, TextBox};
use crate::chart::spec::Measure;
use crate::chart::text::{clean, width, wrap};

const RADIUS: f64 = 5.0;

pub fn scatter(page: &mut Page) {
    let spec = page.spec;
    let [across, up] = [0, 1].map(|index| {
        let series = &spec.series[index];
        let values = series.values.iter().filter_map(figure).map(|figure| figure.value.to_f64());
        // Groups that lie near one another are told apart: the axes end where they do.
        Scale::around(Measure::Number, values, false)
    });
    let axis = up.ticks.iter().map(|(_, label)| width(label, SMALL)).fold(0.0, f64::max) + 8.0;
    // The name of the upright axis stands above it, where it needs no turning of the head.
    let unit = match spec.measure {
        Measure::Percent => spec.language.choose("（％）", " (%)"),
        Measure::Number => "",
    };
    page.paragraph(&format!("↑ {}{unit}", spec.series[1].name), SMALL, INK);
    page.y += SMALL;
    let (left, right) = (page.left + axis, page.right - 20.0);
    let (top, bottom) = (page.y, page.y + 380.0);
    let place = |place: usize| {
        let (x, y) = (figure(&spec.series[0].values[place])?, figure(&spec.series[1].values[place])?);
        let x = left + (right - left) * across.part(x.value.to_f64());
        Some((x, bottom - (bottom - top) * up.part(y.value.to_f64())))
    };
    for (value, label) in &up.ticks {
        let y = (bottom - (bottom - top) * up.part(*value)).round();
        page.scene.line(&[(left, y), (right, y)], RULE, 1.0);
        page.scene.text(label, SMALL, (left - 6.0, y - SMALL / 2.0), Anchor::End, FAINT);
    }
    for (value, label) in &across.ticks {
        let x = (left + (right - left) * across.part(*value)).round();
        page.scene.line(&[(x, top), (x, bottom)], RULE, 1.0);
        page.scene.try_text(label, SMALL, (x, bottom + 8.0), Anchor::Middle, FAINT);
    }
    let highlighted = spec.categories.iter().any(|category| category.highlight);
    let points: Vec<Point> = (0..spec.categories.len()).filter_map(place).collect();
    let mut unlabelled = 0;
    // The one to look at has the first choice of a place for its name, and lies on top.
    let mut order: Vec<usize> = (0..spec.categories.len()).collect();
    order.sort_by_key(|&index| !spec.categories[index].highlight);
    for &index in &order {
        let Some((x, y)) = place(index) else { continue };
        let mark = if spec.categories[index].low_base { "*" } else { "" };
        let label = format!("{}{mark}", clean(&spec.categories[index].label));
        let colour = if spec.categories[index].highlight { PINK } else { INK };
        // Beside its point, above or below it, and over no other.
        let places = [
            ((x + 8.0, y - SMALL / 2.0), Anchor::Start),
            ((x - 8.0, y - SMALL / 2.0), Anchor::End),
            ((x, y - SMALL - 7.0), Anchor::Middle),
            ((x, y + 7.0), Anchor::Middle),
        ];
        let put = places.into_iter().any(|(at, anchor)| {
            let words = TextBox::new(&label, SMALL, at, anchor, colour);
            let free = !points.iter().any(|&point| words.covers(point, RADIUS));
            free && page.scene.try_text(&label, SMALL, at, anchor, colour)
        });
        unlabelled += usize::from(!put);
    }
    for &index in order.iter().rev() {
        let Some(point) = place(index) else { continue };
        let colour = match spec.categories[index].highlight {
            true => PINK,
            false if highlighted || page.style.palette == Palette::Grey => GREY,
            false => BLUE,
        };
        page.scene.shapes.push(Shape::Disc(point, RADIUS, colour));
    }
    page.y = bottom + 8.0 + SMALL * LEADING;
    for line in wrap(&format!("{}{unit} →", spec.series[0].name), SMALL, right - left) {
        page.scene.text(&line, SMALL, (right, page.y), Anchor::End, INK);
        page.y += SMALL * LEADING;
    }
    let unseen = (0..spec.categories.len()).filter(|&index| place(index).is_none()).count();
    let language = spec.language;
    for (count, japanese, english) in [
        (unlabelled, "点の名前を書ききれないもの", "points without room for their name"),
        (unseen, "値がなく点のないもの", "without a value and a point"),
    ] {
        if count > 0 {
            page.paragraph(&format!("{}: {count}", language.choose(japanese, english)), SMALL, FAINT);
        }
    }
}
