//! Where the parts of a chart stand: how much its names, labels and legend leave for the plot.

use super::chart::{Chart, Grouping, Kind, LabelPlace, Legend, Mark, Series};
use super::text::{Measure, largest, lines, millimetres};

/// Height of a line of names, in em; charts set them closer than paragraphs.
const LINE: f64 = 1.35;

/// The longest name, in em, that is read beside a part of a pie.
const PIE_NAME: f64 = 10.0;

/// Sizes and places found for a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Size of type of names and labels.
    pub(super) size: f64,
    /// The plot within its axes, as parts of the chart's width and height: left, top, width, height.
    pub(super) plot: [f64; 4],
    /// The legend at the right, as such parts; others find their place themselves.
    pub(super) legend: Option<[f64; 4]>,
    /// Width and height of the plot in millimetres.
    extent: (f64, f64),
}

/// Frames a chart on an area of this width and height; `Err` when its names fit in no size allowed.
pub(super) fn frame(chart: &Chart, width: f64, height: f64, measure: Measure) -> Result<Frame, Frame> {
    let found = largest(chart.sizes, |size| names_fit(chart, size, width, height, measure));
    let (Ok(size) | Err(size)) = found;
    let [left, top, wide, high] = plot(chart, size, width, height, measure);
    let side = legend_width(chart, size, width, measure);
    let under = if chart.title.is_some() { 2.4 * millimetres(size) } else { 0.0 };
    let legend = [1.0 - side / width, under / height, side / width, 1.0 - under / height];
    let frame = Frame {
        size,
        plot: [left / width, top / height, wide / width, high / height],
        legend: (side > 0.0).then_some(legend),
        extent: (wide, high),
    };
    found.map(|_| frame).map_err(|_| frame)
}

impl Frame {
    /// Whether a label has room in its piece of a stacked bar. One on top of the next is not read.
    pub(super) fn has_room(
        &self,
        chart: &Chart,
        category: usize,
        value: f64,
        label: &str,
        measure: Measure,
    ) -> bool {
        let at =
            |series: &Series| series.point(category).and_then(|point| point.number()).unwrap_or(0.0).abs();
        let of = |mark: Mark| chart.series.iter().filter(move |series| series.mark == mark);
        let sum = |category: usize| -> f64 {
            of(Mark::Bar).filter_map(|series| series.point(category)?.number()).map(f64::abs).sum()
        };
        let full = match (chart.grouping, chart.axis.maximum) {
            (Grouping::Hundred, _) => of(Mark::Bar).map(at).sum(),
            (_, Some(maximum)) => maximum - chart.axis.minimum.unwrap_or(0.0),
            (_, None) => (0..chart.categories.len()).map(sum).fold(0.0, f64::max),
        };
        let em = millimetres(self.size);
        let (long, need) = match chart.kind {
            Kind::Bar => (self.extent.0, measure(label) * em),
            _ => (self.extent.1, em),
        };
        full > 0.0 && value.abs() / full * long >= need
    }
}

fn names_fit(chart: &Chart, size: f64, width: f64, height: f64, measure: Measure) -> bool {
    let [_, _, wide, high] = plot(chart, size, width, height, measure);
    let em = millimetres(size);
    let count = chart.categories.len().max(1) as f64;
    match chart.kind {
        Kind::Bar => {
            let column = names_width(chart, size, width, measure) / em;
            let room = high / count;
            chart.categories.iter().all(|name| lines(name, column, measure) as f64 * LINE * em <= room)
        }
        Kind::Column | Kind::Line => {
            names_height(chart, size, wide, measure) <= height * 0.35 && high > height * 0.3
        }
        // Names round a pie are broken by programs that do not ask us.
        Kind::Pie | Kind::Doughnut => {
            chart.legend != Legend::None || chart.categories.iter().all(|name| measure(name) <= PIE_NAME)
        }
    }
}

/// The plot within its axes, in millimetres.
fn plot(chart: &Chart, size: f64, width: f64, height: f64, measure: Measure) -> [f64; 4] {
    let em = millimetres(size);
    let legend = match chart.legend {
        Legend::Top | Legend::Bottom => legend_rows(chart, size, width, measure) * 1.7 * em,
        Legend::None | Legend::Right => 0.0,
    };
    let side = legend_width(chart, size, width, measure);
    let title = if chart.title.is_some() { 2.4 * em } else { 0.0 };
    let top = title + if chart.legend == Legend::Top { legend } else { 0.0 } + 0.4 * em;
    let bottom = if chart.legend == Legend::Bottom { legend } else { 0.0 } + 0.4 * em;
    let number = |shown: bool| if shown { 1.7 * em } else { 0.0 };
    let unit = if chart.axis.title.is_some() { 1.7 * em } else { 0.0 };
    let most = |place: LabelPlace| {
        let labels = chart.series.iter().filter(|series| series.labels == place);
        let labels = labels.flat_map(|series| &series.points).filter_map(|point| point.label.as_deref());
        labels.map(measure).fold(0.0, f64::max) * em
    };
    match chart.kind {
        Kind::Bar => {
            let left = names_width(chart, size, width, measure) + 0.7 * em;
            // The longest bar may reach the end of the axis, and its label stand beyond it.
            let beyond = (most(LabelPlace::OutsideEnd) + em).min(width * 0.2);
            let bottom = bottom + number(chart.axis.visible) + unit;
            [left, top, (width - left - beyond - side).max(1.0), (height - top - bottom).max(1.0)]
        }
        Kind::Column | Kind::Line => {
            let numbers = |axis: &super::chart::Axis| {
                let shown = if axis.visible { (3.5 + measure(&axis.suffix)) * em } else { 0.5 * em };
                shown + if axis.title.is_some() { 1.7 * em } else { 0.0 }
            };
            let left = numbers(&chart.axis);
            let right = chart.second_axis.as_ref().map_or(0.5 * em, numbers) + side;
            let wide = (width - left - right).max(1.0);
            let top = top + 1.2 * em;
            let names = names_height(chart, size, wide, measure) + 0.7 * em;
            [left, top, wide, (height - top - bottom - names).max(1.0)]
        }
        Kind::Pie | Kind::Doughnut => {
            let (wide, high) = ((width - side).max(1.0), (height - top - bottom).max(1.0));
            // Labels stand round a pie and in a doughnut.
            let part = if chart.kind == Kind::Pie { 0.66 } else { 0.9 };
            let across = wide.min(high) * part;
            [(wide - across) / 2.0, top + (high - across) / 2.0, across, across]
        }
    }
}

/// Width of the names beside bars: that of the longest, up to two fifths of the chart.
fn names_width(chart: &Chart, size: f64, width: f64, measure: Measure) -> f64 {
    let longest = chart.categories.iter().map(|name| measure(name)).fold(0.0, f64::max);
    (longest * millimetres(size)).min(width * 0.4)
}

/// Height of the names under columns.
fn names_height(chart: &Chart, size: f64, wide: f64, measure: Measure) -> f64 {
    let em = millimetres(size);
    let room = wide / chart.categories.len().max(1) as f64 / em - 0.5;
    let most = chart.categories.iter().map(|name| lines(name, room.max(1.0), measure)).max().unwrap_or(0);
    most as f64 * LINE * em
}

/// Width of a legend at the right: that of its longest name, up to a third of the chart.
fn legend_width(chart: &Chart, size: f64, width: f64, measure: Measure) -> f64 {
    if chart.legend != Legend::Right {
        return 0.0;
    }
    let longest = legend_names(chart).map(|name| measure(name)).fold(0.0, f64::max);
    ((longest + 3.0) * millimetres(size)).min(width / 3.0)
}

fn legend_names(chart: &Chart) -> Box<dyn Iterator<Item = &String> + '_> {
    match chart.kind {
        Kind::Pie | Kind::Doughnut => Box::new(chart.categories.iter()),
        _ => Box::new(chart.series.iter().map(|series| &series.name)),
    }
}

fn legend_rows(chart: &Chart, size: f64, width: f64, measure: Measure) -> f64 {
    let wide: f64 = legend_names(chart).map(|name| measure(name) + 2.5).sum::<f64>() * millimetres(size);
    (wide / (width * 0.9)).ceil().max(1.0)
}
