//! Charts beside tables: Excel's own, of the table's own cells.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartRange, ChartSeries, ChartSolidFill, ChartType, Color,
};

use super::style::FONT;
use super::table::Placed;
use crate::sheet::{Arranged, Axis, Cell, Content, Format, Role, Shares, Sheet};

/// More options than this are bars, for a band of so many is not read.
const MOST_IN_BAND: usize = 6;
/// More groups side by side are not read.
const MOST_GROUPS: usize = 6;
/// Colours from dark to light, each apart from its neighbours in grey as well.
const COLOURS: [u32; 8] = [0x08519C, 0x9ECAE1, 0xE6842A, 0xFDD0A2, 0x5B5B5B, 0xD9D9D9, 0x2E8B57, 0xB7E1CD];
/// Colour of a single series.
const BAR: u32 = 0x2F6CA3;
/// Pixels.
const WIDTH: u32 = 620;
const FRAME: u32 = 110;
const BAR_HEIGHT: u32 = 30;
/// Less than Excel's 8,192 characters of a formula.
const LONGEST_REFERENCE: usize = 8_000;

/// A chart and its height.
pub struct Beside {
    /// The chart.
    pub chart: Chart,
    /// Its height in pixels.
    pub pixels: u32,
}

/// Row and column of a cell.
type Place = (u32, u16);

/// What is drawn: series of values, each with the cell of its name, over categories.
struct Drawn {
    series: Vec<(Option<Place>, Vec<Place>)>,
    categories: Vec<Place>,
    stacked: bool,
}

/// Cells as charts refer to them: one range where they stand together, else each by itself. `None` where
/// they are more than Excel takes.
fn reference(page: &str, places: &[Place]) -> Option<ChartRange> {
    let (first, last) = (*places.first()?, *places.last()?);
    let together = places.windows(2).all(|pair| {
        let [one, next] = [pair[0], pair[1]];
        (next == (one.0 + 1, one.1) && first.1 == last.1) || (next == (one.0, one.1 + 1) && first.0 == last.0)
    });
    if together {
        return Some(ChartRange::new_from_range(page, first.0, first.1, last.0, last.1));
    }
    let cells = places.iter().map(|&(row, column)| {
        let column = rust_xlsxwriter::utility::column_number_to_name(column);
        format!("'{page}'!${column}${}", row + 1)
    });
    let cells = cells.collect::<Vec<_>>().join(",");
    (cells.len() <= LONGEST_REFERENCE).then(|| ChartRange::new_from_string(&format!("=({cells})")))
}

/// The chart of a table's percentages; `None` where they do not stand together.
pub fn beside(table: &Arranged, page: &str, placed: &Placed) -> Option<Beside> {
    let drawn = match table.answers {
        Axis::Side => answers_down(table, placed)?,
        Axis::Top => answers_across(table, placed)?,
    };
    let kind = if drawn.stacked { ChartType::BarStacked } else { ChartType::Bar };
    let mut chart = Chart::new(kind);
    let one = drawn.series.len() == 1;
    let decimals = decimals(table);
    for (place, (name, values)) in drawn.series.iter().enumerate() {
        let colour = if one { BAR } else { COLOURS[place % COLOURS.len()] };
        let mut series = ChartSeries::new();
        series.set_values(&reference(page, values)?);
        if !drawn.categories.is_empty() {
            series.set_categories(&reference(page, &drawn.categories)?);
        }
        if let Some((row, column)) = name {
            series.set_name((page, *row, *column));
        }
        let line = ChartLine::new().set_color(Color::White).set_width(0.75).clone();
        let fill = ChartSolidFill::new().set_color(Color::RGB(colour)).clone();
        series.set_format(ChartFormat::new().set_solid_fill(&fill).set_border(&line));
        let mut font = font();
        if drawn.stacked {
            font.set_color(if dark(colour) { Color::White } else { Color::Black });
        }
        // Zero is none, and `x` is no number: neither has a label.
        series.set_data_label(
            ChartDataLabel::new().show_value().set_num_format(format!("{decimals};;")).set_font(&font),
        );
        series.set_gap(if drawn.stacked || one { 45 } else { 60 });
        series.set_overlap(if drawn.stacked { 100 } else { 0 });
        chart.push_series(&series);
    }
    let categories = drawn.categories.len().max(1);
    let bars = if drawn.stacked || one { categories } else { categories * drawn.series.len() * 2 / 3 };
    let legend = if one { 0 } else { 26 * (drawn.series.len() as u32).div_ceil(3) };
    let pixels = FRAME + legend + BAR_HEIGHT * bars as u32;
    chart.title().set_name((page, placed.title, 0)).set_font(font().set_size(11).set_bold());
    // The first category stands at the top, as in the table; the axis of values, which would go there
    // with it, has its numbers below.
    chart.y_axis().set_reverse().set_label_interval(1).set_font(&font());
    let values = chart.x_axis().set_min(0).set_font(&font()).set_num_format("0");
    values.set_label_position(ChartAxisLabelPosition::High).set_major_gridlines(true);
    values.set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xD9D9D9)));
    if drawn.stacked {
        // Percentages as they are: what is hidden stays a gap.
        values.set_max(100).set_major_unit(20);
    }
    match one {
        true => chart.legend().set_hidden(),
        false => chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font()),
    };
    chart.set_width(WIDTH).set_height(pixels).set_alt_text(alt_text(&table.sheet.title));
    Some(Beside { chart, pixels: pixels + 20 })
}

fn font() -> ChartFont {
    ChartFont::new().set_name(FONT).set_size(9).clone()
}

/// The title, as long as Excel takes it.
fn alt_text(title: &str) -> String {
    super::text::cell_text(title).0.chars().take(200).collect()
}

/// Whether white letters are read on it.
fn dark(colour: u32) -> bool {
    let [_, red, green, blue] = colour.to_be_bytes().map(u32::from);
    299 * red + 587 * green + 114 * blue < 140_000
}

fn decimals(table: &Arranged) -> String {
    let decimals = table.sheet.body.iter().flatten().find_map(|cell| match cell.content {
        Content::Number(_, Format::Percent { decimals }) => Some(decimals as usize),
        _ => None,
    });
    match decimals.unwrap_or(0) {
        0 => "0".to_string(),
        decimals => format!("0.{}", "0".repeat(decimals)),
    }
}

/// A percentage of an answer: nets would show respondents twice.
fn is_share(cell: &Cell) -> bool {
    cell.role == Role::Data && matches!(cell.content, Content::Number(_, Format::Percent { .. }))
}

/// Rows and columns of a sheet's body with percentages of answers.
fn shares(sheet: &Sheet) -> (Vec<usize>, Vec<usize>) {
    let columns = sheet.header.last().map_or(0, Vec::len);
    let rows: Vec<usize> =
        (0..sheet.body.len()).filter(|&row| sheet.body[row][sheet.side..].iter().any(is_share)).collect();
    let any = |column: &usize| rows.iter().any(|&row| is_share(&sheet.body[row][*column]));
    let columns = (sheet.side..columns).filter(any).collect();
    (rows, columns)
}

/// The label of a row: the innermost; of a cell's further lines that of its first.
fn labelled(sheet: &Sheet, placed: &Placed, row: usize) -> Option<Place> {
    let label =
        |row: usize| (0..sheet.side).rev().find(|&column| !sheet.body[row][column].shown().is_empty());
    let (row, column) = (0..=row).rev().find_map(|row| label(row).map(|column| (row, column)))?;
    Some((placed.body + row as u32, column as u16))
}

/// Answers down the side: a GT table, or groups on top.
fn answers_down(table: &Arranged, placed: &Placed) -> Option<Drawn> {
    let sheet = &table.sheet;
    let (answers, mut groups) = shares(sheet);
    // A GT table has a column for each measure, of which the first percentage is of respondents.
    let gt = sheet.header.len() == 1;
    groups.truncate(if gt { 1 } else { groups.len() });
    let at = |row: usize, column: usize| (placed.body + row as u32, column as u16);
    let header = |column: usize| (placed.body - 1, column as u16);
    if table.shares == Shares::Parts && (answers.len() <= MOST_IN_BAND || !gt) {
        let of = |&row: &usize| {
            let values = groups.iter().map(|&column| at(row, column)).collect();
            (labelled(sheet, placed, row), values)
        };
        let categories = if gt { Vec::new() } else { groups.iter().map(|&column| header(column)).collect() };
        return Some(Drawn { series: answers.iter().map(of).collect(), categories, stacked: true });
    }
    let of = |&column: &usize| {
        let values = answers.iter().map(|&row| at(row, column)).collect();
        (Some(header(column)), values)
    };
    let categories = answers.iter().filter_map(|&row| labelled(sheet, placed, row)).collect();
    let drawn = Drawn { series: groups.iter().map(of).collect(), categories, stacked: false };
    (groups.len() <= MOST_GROUPS).then_some(drawn)
}

/// Answers on top: groups, or the rows of a grid, down the side.
fn answers_across(table: &Arranged, placed: &Placed) -> Option<Drawn> {
    let sheet = &table.sheet;
    let (groups, answers) = shares(sheet);
    let at = |row: usize, column: usize| (placed.body + row as u32, column as u16);
    let header = |column: usize| (placed.body - 1, column as u16);
    if table.shares == Shares::Parts {
        let of = |&column: &usize| {
            let values = groups.iter().map(|&row| at(row, column)).collect();
            (Some(header(column)), values)
        };
        let categories = groups.iter().filter_map(|&row| labelled(sheet, placed, row)).collect();
        return Some(Drawn { series: answers.iter().map(of).collect(), categories, stacked: true });
    }
    let of = |&row: &usize| {
        let values = answers.iter().map(|&column| at(row, column)).collect();
        (labelled(sheet, placed, row), values)
    };
    let categories = answers.iter().map(|&column| header(column)).collect();
    let drawn = Drawn { series: groups.iter().map(of).collect(), categories, stacked: false };
    (groups.len() <= MOST_GROUPS).then_some(drawn)
}
