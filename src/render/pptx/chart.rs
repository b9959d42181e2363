//! What a chart is: categories, series, labels as printed, axes. `plot` writes it, `workbook` its numbers.

use super::presentation::Sizes;
use super::theme::Colour;

/// A native chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Bars, columns, lines, a pie, a doughnut.
    pub kind: Kind,
    /// How series of bars or columns stand to one another.
    pub grouping: Grouping,
    /// Title above it.
    pub title: Option<String>,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// Names of the categories, with n where it belongs to them: `松江市 (n=19)`.
    pub categories: Vec<String>,
    /// The series, each with a point for every category. Of a pie there is one.
    pub series: Vec<Series>,
    /// Axis of the values.
    pub axis: Axis,
    /// Axis of [`Mark::SecondLine`], at the other side.
    pub second_axis: Option<Axis>,
    /// Where the names of the series stand.
    pub legend: Legend,
    /// Space between bars in percent of a bar.
    pub gap: u16,
    /// How far bars of one category overlap, in percent; stacked ones do altogether.
    pub overlap: i8,
    /// Sizes of type of its words and labels; the largest with which the names of categories fit is taken.
    pub sizes: Sizes,
}

/// Kinds of charts. Columns with a series of [`Mark::Line`] show two measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Horizontal bars, the first category on top.
    Bar,
    /// Upright columns.
    Column,
    /// Lines.
    Line,
    /// A pie.
    Pie,
    /// A pie with a hole.
    Doughnut,
}

/// How series of bars or columns stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Side by side.
    Clustered,
    /// On one another.
    Stacked,
    /// On one another, all to the same length.
    Hundred,
}

/// A series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// How columns of a combination are drawn.
    pub mark: Mark,
    /// Its points, in the order of the categories.
    pub points: Vec<Point>,
    /// Decimal places of its numbers as printed.
    pub decimals: u32,
    /// What follows its numbers: `%`.
    pub suffix: String,
    /// Where its labels stand.
    pub labels: LabelPlace,
}

/// How a series of a chart of columns is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As the chart's kind says.
    Bar,
    /// As a line on the same axis.
    Line,
    /// As a line on the second axis.
    SecondLine,
}

/// A point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its value.
    pub value: Shown,
    /// Its label as printed; none has none.
    pub label: Option<String>,
    /// Its colour, where it is not the series'.
    pub colour: Option<Colour>,
    /// A line round it, for pieces of a stacked bar that stands out.
    pub outline: Option<Colour>,
}

/// What is known of a point.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A number.
    Value(f64),
    /// 秘匿. A bar has the mark, if one is given, as text in the workbook, and as its label.
    Suppressed(Option<String>),
    /// There is none.
    Missing,
}

/// Where labels of values stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelPlace {
    /// There are none.
    None,
    /// In the middle of the bar.
    Centre,
    /// Inside its end.
    InsideEnd,
    /// Beyond its end; inside where bars are stacked; above the points of a line.
    OutsideEnd,
}

/// An axis of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Where it begins.
    pub minimum: Option<f64>,
    /// Where it ends.
    pub maximum: Option<f64>,
    /// Distance of its lines.
    pub step: Option<f64>,
    /// Its title: the unit.
    pub title: Option<String>,
    /// What follows its numbers.
    pub suffix: String,
    /// Whether its numbers and lines are drawn.
    pub visible: bool,
}

/// Where the names of the series stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legend {
    /// Nowhere. The parts of a pie are named by their labels then, which short names bear.
    None,
    /// Above.
    Top,
    /// Below.
    Bottom,
    /// At the right.
    Right,
}

impl Axis {
    /// 0 to 100 percent, in steps of 20.
    pub fn percent() -> Axis {
        Axis {
            minimum: Some(0.0),
            maximum: Some(100.0),
            step: Some(20.0),
            title: None,
            suffix: "%".into(),
            visible: true,
        }
    }

    /// From zero to whatever there is.
    pub fn open() -> Axis {
        Axis { maximum: None, step: None, suffix: String::new(), ..Axis::percent() }
    }
}

impl Point {
    /// A number and its label as printed.
    pub fn new(value: f64, label: impl Into<String>) -> Point {
        Point { value: Shown::Value(value), label: Some(label.into()), colour: None, outline: None }
    }

    /// The number, where there is one that can be drawn.
    pub(super) fn number(&self) -> Option<f64> {
        match self.value {
            Shown::Value(value) if value.is_finite() => Some(value),
            _ => None,
        }
    }

    /// The mark of a suppressed point.
    pub(super) fn mark(&self) -> Option<&str> {
        match &self.value {
            Shown::Suppressed(mark) => mark.as_deref(),
            _ => None,
        }
    }
}

impl Series {
    /// The number format of its values: `0.0"%"`.
    pub(super) fn format(&self) -> String {
        number_format(self.decimals, &self.suffix)
    }

    /// Whether the number format prints the point exactly as its label reads.
    pub(super) fn prints(&self, point: &Point) -> bool {
        match (point.number(), &point.label) {
            (Some(value), Some(label)) => {
                // Quotes and backslashes of a suffix cannot be said in a number format.
                let plain = !self.suffix.contains(['"', '\\']) && !self.suffix.chars().any(char::is_control);
                plain && printed(value, self.decimals).is_some_and(|text| text + &self.suffix == *label)
            }
            _ => false,
        }
    }

    /// Its point in a category; none where the series is short.
    pub(super) fn point(&self, category: usize) -> Option<&Point> {
        self.points.get(category)
    }
}

/// A number format of so many places, and words after it.
pub(super) fn number_format(decimals: u32, suffix: &str) -> String {
    let suffix: String = suffix.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()).collect();
    let places = match decimals {
        0 => "0".into(),
        _ => format!("0.{}", "0".repeat(decimals.min(30) as usize)),
    };
    if suffix.is_empty() { places } else { format!("{places}\"{suffix}\"") }
}

/// A value as a number format prints it: from its first 15 decimal digits, half away from zero.
///
/// It only decides whether a format will do in place of a given label, so a value for which it has
/// no answer gets its label as text.
fn printed(value: f64, decimals: u32) -> Option<String> {
    let scientific = format!("{:.14e}", value.abs());
    let (digits, exponent) = scientific.split_once('e')?;
    let digits: i128 = digits.replace('.', "").parse().ok()?;
    // value = digits · 10^(exponent − 14); wanted are units of 10^−decimals.
    let shift = exponent.parse::<i32>().ok()? - 14 + i32::try_from(decimals).ok()?;
    let units = match shift {
        0..=15 => digits * 10_i128.pow(shift.unsigned_abs()),
        -30..=-1 => {
            let unit = 10_i128.pow(shift.unsigned_abs());
            (2 * digits + unit) / (2 * unit)
        }
        // Nothing is left of it but zero.
        ..-30 => 0,
        _ => return None,
    };
    let sign = if value < 0.0 && units != 0 { "-" } else { "" };
    let text = format!("{units:0>width$}", width = decimals as usize + 1);
    let (whole, part) = text.split_at(text.len() - decimals as usize);
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn a_number_format_rounds_the_decimal_number_half_up() {
        for (value, decimals, text) in [
            (28.75, 1, "28.8"),
            (12.5, 0, "13"),
            // Binary below the tie; a number format sees fifteen digits.
            (1.005, 2, "1.01"),
            (0.04, 1, "0.0"),
            (-0.04, 1, "0.0"),
            (-19.75, 1, "-19.8"),
            (100.0, 1, "100.0"),
            (0.0, 0, "0"),
            (1e-40, 2, "0.00"),
        ] {
            assert_eq!(printed(value, decimals).as_deref(), Some(text), "{value}");
        }
        assert_eq!(printed(1e300, 1), None);
    }
}
