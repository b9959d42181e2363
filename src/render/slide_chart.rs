//! A chart's specification as a native chart of a slide. Labels are those of the specification: nothing is rounded.

use super::pptx::{
    Axis, Chart, Colour, Grouping, Kind, LabelPlace, Legend, Mark, Point, Rgb, Series, Shown, Sizes,
};
use crate::chart::{self, ChartSpec, Figure, Measure, Role, series_colours};
use crate::diag::thousands;
use crate::report::Deck;
use crate::tabulate;

/// Accents of the parts of a pie, after which they begin again.
const ACCENTS: usize = 6;

/// Bars of one series under one another; more stand upright beside one another.
const MOST_BARS: usize = 24;

/// The chart; `None` for kinds that PowerPoint does not have. `count`: how many stand on its slide; several have titles.
pub(super) fn native(spec: &ChartSpec, deck: &Deck, count: usize) -> Option<Chart> {
    use chart::Kind as Of;
    let (kind, grouping) = match spec.kind {
        Of::Band | Of::Bands => (Kind::Bar, Grouping::Stacked),
        // Of so many bars none would have the height of a line.
        Of::Bar if spec.categories.len() > MOST_BARS && spec.series.len() == 1 => {
            (Kind::Column, Grouping::Clustered)
        }
        Of::Bar | Of::Grouped | Of::Pairs => (Kind::Bar, Grouping::Clustered),
        Of::Combo => (Kind::Column, Grouping::Clustered),
        Of::Line => (Kind::Line, Grouping::Clustered),
        Of::Histogram => (Kind::Column, Grouping::Clustered),
        Of::Pie => (Kind::Pie, Grouping::Clustered),
        Of::Donut => (Kind::Doughnut, Grouping::Clustered),
        Of::Interval | Of::Likert | Of::Heat | Of::Scatter | Of::Map => return None,
    };
    let mark = Some(deck.language.choose("秘匿", "x"));
    let crowded = kind == Kind::Column && spec.categories.len() > MOST_BARS;
    let pie = matches!(kind, Kind::Pie | Kind::Doughnut);
    let group = Colour::Rgb(Rgb(deck.group_colour.0, deck.group_colour.1, deck.group_colour.2));
    let other = Colour::Rgb(Rgb(deck.other_colour.0, deck.other_colour.1, deck.other_colour.2));
    let named = |label: &str, n: Option<u64>, low: bool| match n {
        Some(n) => format!("{label} (n={}{})", thousands(n), if low { "*" } else { "" }),
        None => label.to_string(),
    };
    let part = |place: usize, role: Role| match role {
        Role::Other => Colour::Rgb(Rgb(0xBD, 0xBD, 0xBD)),
        Role::Missing => Colour::Rgb(Rgb(0xE3, 0xE3, 0xE3)),
        _ => Colour::Accent((place % ACCENTS) as u8 + 1),
    };
    let place = match (grouping, pie) {
        (Grouping::Stacked, _) => LabelPlace::Centre,
        _ => LabelPlace::OutsideEnd,
    };
    let series_of = |name: String, colour: Colour, points: Vec<Point>| Series {
        name,
        colour,
        mark: Mark::Bar,
        decimals: decimals(&points),
        points,
        suffix: String::new(),
        labels: place,
    };
    // One bar of a series stands out against the others, as one series does against another.
    let of_bars =
        spec.categories.iter().any(|category| category.highlight) && grouping == Grouping::Clustered;
    let of_groups = of_bars
        || (spec.series.len() == 1
            && grouping == Grouping::Clustered
            && spec.categories.iter().all(|category| category.role == Role::Group));
    let highlighted = of_bars || spec.series.iter().any(|series| series.highlight);
    let colours = series_colours(spec);
    let series: Vec<Series> = spec
        .series
        .iter()
        .zip(colours)
        .enumerate()
        .map(|(at, (series, own))| {
            let colour = match (series.highlight, highlighted) {
                (true, _) => group,
                (false, true) => other,
                (false, false) => Colour::Rgb(Rgb(own.0, own.1, own.2)),
            };
            let mut points: Vec<Point> = series.values.iter().map(|figure| point(figure, mark)).collect();
            if grouping == Grouping::Stacked {
                let hidden = (0..points.len()).filter(|&category| hides_part(spec, category));
                hidden.for_each(|category| points[category] = hidden_part(mark.filter(|_| at == 0)));
            }
            for (at, (point, category)) in points.iter_mut().zip(&spec.categories).enumerate() {
                if pie {
                    point.colour = Some(part(at, category.role));
                } else if category.highlight && grouping == Grouping::Clustered {
                    point.colour = Some(group);
                } else if category.highlight {
                    // The colours of a band are its answers': the group's has a line of its own round it.
                    point.outline = Some(group).filter(|_| !hides_part(spec, at));
                }
            }
            series_of(named(&series.name, series.n, series.low_base), colour, points)
        })
        .collect();
    let mut series = series;
    if spec.kind == Of::Combo {
        series.iter_mut().skip(1).for_each(|series| series.mark = Mark::Line);
    }
    let categories = spec.categories.iter();
    let categories =
        categories.map(|category| named(&category.label, category.n, category.low_base)).collect();
    let long = series.iter().any(|series| series.name.chars().count() > 20);
    Some(Chart {
        kind,
        grouping,
        // Bars of groups have no legend that would say what they are of.
        title: (count > 1 || of_groups).then(|| spec.title.clone()),
        description: spec.described(),
        legend: match (pie, series.len()) {
            (true, _) => Legend::Right,
            (false, 0 | 1) if !highlighted || of_bars => Legend::None,
            // Long names above one another would reach into the plot.
            (false, _) if grouping == Grouping::Stacked && long => Legend::Right,
            // Some programs set a legend on top of the plot where there is a title, too.
            (false, _) if count > 1 => Legend::Bottom,
            (false, _) => Legend::Top,
        },
        categories,
        series,
        axis: match spec.measure {
            Measure::Percent if count > 2 => Axis { step: Some(50.0), ..Axis::percent() },
            Measure::Percent => Axis::percent(),
            Measure::Number => Axis::open(),
        },
        second_axis: None,
        gap: match (grouping, kind) {
            (Grouping::Stacked, _) | (_, Kind::Column) => 35,
            _ => 50,
        },
        overlap: 0,
        // Labels of so many columns would stand on one another.
        sizes: Sizes { largest: if crowded { 8.0 } else { 13.0 }, smallest: 7.0 },
    })
}

fn point(figure: &tabulate::Shown<Figure>, mark: Option<&str>) -> Point {
    match figure {
        tabulate::Shown::Value(figure) => Point::new(figure.value.to_f64(), figure.label.clone()),
        tabulate::Shown::Suppressed => hidden_part(mark),
        tabulate::Shown::Undefined => {
            Point { value: Shown::Missing, label: None, colour: None, outline: None }
        }
    }
}

/// Whether any part of a band is hidden: the others would stand where they do not belong.
fn hides_part(spec: &ChartSpec, category: usize) -> bool {
    spec.series.iter().any(|series| series.values[category] == tabulate::Shown::Suppressed)
}

/// A part of a band of which a part is hidden; one mark is enough for all.
fn hidden_part(mark: Option<&str>) -> Point {
    let value = Shown::Suppressed(mark.map(str::to_string));
    Point { value, label: None, colour: None, outline: None }
}

/// Decimal places of the labels, so that a number format prints them.
fn decimals(points: &[Point]) -> u32 {
    let places = |label: &str| label.split_once('.').map_or(0, |(_, places)| places.len());
    points.iter().filter_map(|point| point.label.as_deref()).map(places).max().unwrap_or(0) as u32
}
