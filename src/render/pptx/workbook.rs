//! The workbook in a chart: what "Edit data" opens. One sheet: categories down, series across.

use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::chart::{Chart, Kind, Mark, Point, Series};
use super::xml::legal;

/// The workbook's bytes.
pub(super) fn bytes(chart: &Chart) -> io::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    // Of all days one that is never the clock's.
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(io::Error::other)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet();
    fill(sheet, chart).map_err(io::Error::other)?;
    workbook.save_to_buffer().map_err(io::Error::other)
}

fn fill(sheet: &mut rust_xlsxwriter::Worksheet, chart: &Chart) -> Result<(), rust_xlsxwriter::XlsxError> {
    sheet.set_name("Sheet1")?;
    sheet.set_column_width(0, 40)?;
    for (category, name) in chart.categories.iter().enumerate() {
        sheet.write_string(row(category), 0, cell_text(name))?;
    }
    for (at, series) in chart.series.iter().enumerate() {
        let column = u16::try_from(at + 1).unwrap_or(u16::MAX);
        let format = Format::new().set_num_format(series.format());
        sheet.write_string(0, column, cell_text(&series.name))?;
        for category in 0..chart.categories.len() {
            let Some(point) = series.point(category) else { continue };
            if let Some(number) = point.number() {
                sheet.write_number_with_format(row(category), column, number, &format)?;
            } else if let Some(mark) = mark(chart, series, point) {
                sheet.write_string(row(category), column, cell_text(mark))?;
            }
        }
    }
    Ok(())
}

fn row(category: usize) -> u32 {
    u32::try_from(category + 1).unwrap_or(u32::MAX)
}

/// The mark that stands for a suppressed point.
///
/// PowerPoint draws no label at a blank cell, and a bar of no length for one with text in it, with its
/// label. On a line that would be a point at zero, and of a pie a part: there the cell is blank.
pub(super) fn mark<'a>(chart: &Chart, series: &Series, point: &'a Point) -> Option<&'a str> {
    let bars = matches!(chart.kind, Kind::Bar | Kind::Column) && series.mark == Mark::Bar;
    point.mark().filter(|_| bars)
}

/// The text as a cell holds it, and so the chart's cache too.
pub(super) fn cell_text(text: &str) -> String {
    // A cell holds 32,767 UTF-16 units.
    let mut units = 0;
    let mut text: String = text
        .chars()
        .filter(|c| *c != '\r')
        .map(legal)
        .take_while(|c| {
            units += c.len_utf16();
            units < 32_760
        })
        .collect();
    // rust_xlsxwriter takes this for ready-made XML and would write it as it stands.
    if text.starts_with("<r>") && text.ends_with("</r>") {
        text.insert(0, ' ');
    }
    text
}
