//! What cells look like: fonts, fills and lines that stay apart in grey.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::sheet::{Cell, Mark, Role};

/// The gothic that Japanese Excel writes with.
pub const FONT: &str = "Yu Gothic";
/// Its size in points.
pub const SIZE: u32 = 10;
/// Fill of headers.
const HEADER: u32 = 0xE4EAF2;
/// Lines between cells.
const LINE: u32 = 0xBFBFBF;
/// Words beside the numbers.
const QUIET: u32 = 0x404040;

/// Words without lines round them.
pub fn plain() -> Format {
    Format::new().set_font_name(FONT).set_font_size(SIZE).set_align(FormatAlign::Top)
}

/// A title.
pub fn title() -> Format {
    plain().set_bold().set_font_size(SIZE + 2)
}

/// Lines above and notes under a table.
pub fn note() -> Format {
    plain().set_font_color(Color::RGB(QUIET)).set_font_size(SIZE - 1)
}

/// A link to another sheet.
pub fn link() -> Format {
    plain().set_font_color(Color::RGB(0x0563C1)).set_underline(rust_xlsxwriter::FormatUnderline::Single)
}

/// A header.
pub fn header(label: bool) -> Format {
    let align = if label { FormatAlign::Left } else { FormatAlign::Center };
    plain()
        .set_background_color(Color::RGB(HEADER))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(LINE))
        .set_text_wrap()
        .set_align(align)
        .set_align(FormatAlign::VerticalCenter)
}

/// Which lines a cell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// Above it.
    pub top: bool,
    /// Under it.
    pub bottom: bool,
}

/// A cell of the body.
pub fn body(cell: &Cell, words: bool, lines: Lines) -> Format {
    let colour = Color::RGB(LINE);
    let mut format = plain()
        .set_align(FormatAlign::VerticalCenter)
        .set_border_left(FormatBorder::Thin)
        .set_border_left_color(colour)
        .set_border_right(FormatBorder::Thin)
        .set_border_right_color(colour);
    if lines.top {
        format = format.set_border_top(FormatBorder::Thin).set_border_top_color(colour);
    }
    if lines.bottom {
        format = format.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(colour);
    }
    format = if words { format.set_text_wrap() } else { format.set_align(FormatAlign::Right) };
    if cell.role == Role::Net {
        format = format.set_bold();
    }
    match cell.marks.first().and_then(|mark| fill(*mark)) {
        Some(fill) => format.set_background_color(Color::RGB(fill)),
        None => format,
    }
}

/// The fill of a marked cell: darker further from the total. Above and below have colours that the
/// colour-blind tell apart; in print without colours the marks do.
fn fill(mark: Mark) -> Option<u32> {
    match mark {
        Mark::FarAbove => Some(0x9ECAE1),
        Mark::Above => Some(0xDCEAF6),
        Mark::Below => Some(0xFDE6CF),
        Mark::FarBelow => Some(0xFDB97F),
        Mark::LowBase => None,
    }
}
