//! Horizontal bars: of one series, of groups beside one another, of pairs.

use super::{FAINT, LABEL, LEADING, Page, SMALL, Scale, figure, text_height};
use crate::chart::palette::{BLUE, Fill, GREY, INK, PINK, Palette};
use crate::chart::scene::Anchor;
use crate::chart::spec::Role;
use crate::chart::text::width;
use crate::tabulate::Shown;

pub fn bars(page: &mut Page) {
    let spec = page.spec;
    let single = spec.series.len() == 1;
    if !single {
        page.legend();
    }
    let figures = spec.series.iter().flat_map(|series| &series.values);
    let beyond = figures.map(|shown| width(&spec.printed(shown), SMALL)).fold(30.0, f64::max) + 8.0;
    let rows = page.rows(beyond);
    let scale = Scale::of(spec, true);
    let thick = if single { 18.0 } else { SMALL + 3.0 };
    let of_bars = thick * spec.series.len() as f64;
    let gap = if single { 9.0 } else { 12.0 };
    let height = |lines: usize| f64::max(of_bars, text_height(lines, LABEL) + (LEADING - 1.0) * LABEL);
    let bottom = rows.labels.iter().map(|lines| height(lines.len()) + gap).sum::<f64>();
    let top = page.y + SMALL + 4.0;
    page.n_heading(&rows);
    page.axis(&scale, rows.plot, top + bottom);
    page.y = top + gap / 2.0;
    let (from, to) = rows.plot;
    let at = |value: f64| from + (to - from) * scale.part(value);
    let zero = at(0.0);
    for place in 0..spec.categories.len() {
        let high = height(rows.labels[place].len());
        page.row_label(&rows, place, page.y + high / 2.0);
        let first = page.y + (high - of_bars) / 2.0;
        for index in 0..spec.series.len() {
            let y = first + thick * index as f64;
            let shown = &spec.series[index].values[place];
            let (space, middle) = (if single { 0.0 } else { 1.0 }, y + (thick - SMALL) / 2.0);
            let bar = |x: f64, wide: f64| [x, y + space, wide, thick - 2.0 * space];
            let end = match (figure(shown), shown) {
                (Some(figure), _) => {
                    let end = at(figure.value.to_f64());
                    let fill = if single { alone(page, place) } else { page.fills[index] };
                    page.scene.rectangle(bar(zero.min(end), (end - zero).abs()), fill);
                    zero.max(end)
                }
                (None, Shown::Suppressed) => {
                    page.scene.hidden(bar(zero, 24.0));
                    zero + 24.0
                }
                _ => zero,
            };
            let colour = if single && spec.categories[place].highlight { PINK } else { INK };
            page.scene.text(&spec.printed(shown), SMALL, (end + 5.0, middle), Anchor::Start, colour);
        }
        page.y += high + gap;
    }
    page.scene.line(&[(zero, top), (zero, top + bottom)], FAINT, 1.0);
    page.y = top + bottom;
}

/// The fill of a bar that has no others beside it.
fn alone(page: &Page, place: usize) -> Fill {
    let categories = &page.spec.categories;
    let category = &categories[place];
    let highlighted = categories.iter().any(|category| category.highlight);
    let colour = match category.role {
        _ if category.highlight => PINK,
        Role::Other | Role::Missing => {
            crate::chart::palette::between(GREY, crate::chart::palette::PAPER, 0.3)
        }
        _ if highlighted || page.style.palette == Palette::Grey => GREY,
        Role::Total => GREY,
        _ => BLUE,
    };
    // Bars of one series need no hatch to be told apart, but the one to look at does in print.
    let hatch = (page.style.hatched && category.highlight).then_some(crate::chart::palette::Hatch::Rising);
    Fill { colour, hatch }
}
