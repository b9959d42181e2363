//! Labels of a chart's points: by the number format where it prints what was given, as text where not.

use super::chart::{Grouping, Kind, LabelPlace, Legend, Mark, Point, Series};
use super::plot::Plot;
use super::theme::Colour;
use super::workbook::mark;
use super::xml::Xml;

/// What a label says. All six must be written, or programs add names of categories and series.
const FLAGS: [&str; 6] =
    ["c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize"];

/// Writes the labels of a series.
pub(super) fn labels(plot: &Plot, xml: &mut Xml, series: &Series) {
    let shown = series.labels != LabelPlace::None;
    xml.element("c:dLbls", &[], |xml| {
        for (at, point) in series.points.iter().take(plot.chart.categories.len()).enumerate() {
            one(plot, xml, at, series, point);
        }
        xml.empty("c:numFmt", &[("formatCode", &series.format()), ("sourceLinked", &0)]);
        no_box(xml);
        plot.words(xml, ink(plot, series, series.colour), plot.frame.size, 0);
        if let Some(place) = plot.place(series) {
            xml.val("c:dLblPos", place);
        }
        flags(plot, xml, shown);
    });
}

/// Writes a point's label where it is not what the series' would be.
fn one(plot: &Plot, xml: &mut Xml, at: usize, series: &Series, point: &Point) {
    let text = match mark(plot.chart, series, point) {
        Some(mark) => Some(mark),
        None => point.number().and(point.label.as_deref()),
    };
    let shown =
        series.labels != LabelPlace::None && text.is_some_and(|text| room(plot, at, series, point, text));
    let ground = plot.ground(at, series, point);
    let pie = matches!(plot.chart.kind, Kind::Pie | Kind::Doughnut);
    // Blank points have no label anyway.
    let plain = series.prints(point) && (ground == series.colour || !inside(plot, series)) && !pie;
    let blank = point.number().is_none() && text.is_none();
    let plain = plain && place(plot, at, series, point) == plot.place(series);
    if (shown && plain) || series.labels == LabelPlace::None || blank {
        return;
    }
    let Some(text) = text.filter(|_| shown) else {
        xml.element("c:dLbl", &[], |xml| {
            xml.val("c:idx", at);
            xml.val("c:delete", 1);
        });
        return;
    };
    // A mark stands where there is no bar to stand on.
    let ink = if point.number().is_none() { Colour::Dark } else { ink(plot, series, ground) };
    xml.element("c:dLbl", &[], |xml| {
        xml.val("c:idx", at);
        if !series.prints(point) {
            let named = match (names_it(plot), plot.chart.categories.get(at)) {
                (true, Some(name)) => format!("{name}\n{text}"),
                _ => text.to_string(),
            };
            xml.element("c:tx", &[], |xml| plot.rich(xml, &named, plot.frame.size, 0, ink));
        }
        xml.empty("c:numFmt", &[("formatCode", &series.format()), ("sourceLinked", &0)]);
        no_box(xml);
        plot.words(xml, ink, plot.frame.size, 0);
        if let Some(place) = place(plot, at, series, point) {
            xml.val("c:dLblPos", place);
        }
        flags(plot, xml, true);
    });
}

/// Where a point's label stands. Of lines that meet, the lower one has its label below.
fn place(plot: &Plot, at: usize, series: &Series, point: &Point) -> Option<&'static str> {
    let usual = plot.place(series)?;
    let Some(number) = point.number() else {
        // A mark stands where there is no bar to stand in.
        return Some(if plot.chart.grouping == Grouping::Clustered { "outEnd" } else { "inBase" });
    };
    let number_of = |other: &Series| other.point(at).and_then(Point::number);
    let higher = plot.chart.series.iter().filter_map(number_of).any(|other| other > number);
    Some(if plot.chart.kind == Kind::Line && usual == "t" && higher { "b" } else { usual })
}

fn room(plot: &Plot, at: usize, series: &Series, point: &Point, text: &str) -> bool {
    let stacked = plot.chart.grouping != Grouping::Clustered;
    let piece = stacked && matches!(plot.chart.kind, Kind::Bar | Kind::Column) && series.mark == Mark::Bar;
    match point.number() {
        Some(number) if piece => plot.frame.has_room(plot.chart, at, number, text, plot.measure),
        _ => true,
    }
}

/// Whether labels stand on what they label.
fn inside(plot: &Plot, series: &Series) -> bool {
    matches!(plot.place(series), Some("ctr" | "inEnd"))
        && plot.chart.kind != Kind::Line
        && series.mark == Mark::Bar
        || plot.chart.kind == Kind::Doughnut
}

fn ink(plot: &Plot, series: &Series, ground: Colour) -> Colour {
    if inside(plot, series) { ground.ink(plot.palette) } else { Colour::Dark }
}

/// Whether labels name the category: those of a pie without a legend.
fn names_it(plot: &Plot) -> bool {
    matches!(plot.chart.kind, Kind::Pie | Kind::Doughnut) && plot.chart.legend == Legend::None
}

fn no_box(xml: &mut Xml) {
    xml.element("c:spPr", &[], |xml| {
        xml.empty("a:noFill", &[]);
        xml.element("a:ln", &[], |xml| xml.empty("a:noFill", &[]));
    });
}

fn flags(plot: &Plot, xml: &mut Xml, shown: bool) {
    for flag in FLAGS {
        let on = flag == "c:showVal" || (flag == "c:showCatName" && names_it(plot));
        xml.val(flag, u8::from(shown && on));
    }
    if names_it(plot) {
        xml.leaf("c:separator", &[], "\n");
    }
}
