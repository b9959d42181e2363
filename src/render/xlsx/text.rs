//! Words in cells of a workbook: nothing that a spreadsheet takes for something else.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::diag::visible;
use crate::render::csv::harmless;
use crate::render::text::wrapped;

/// What a cell holds, in the units that Excel counts (UTF-16).
const LONGEST: usize = 32_767;

/// Words as they stand in a cell, and whether something of them was left out.
///
/// Controls are shown as in other formats, for XML has no way to write them; line breaks stay.
pub fn cell_text(text: &str) -> (String, bool) {
    let lines: Vec<String> = text.replace("\r\n", "\n").split('\n').map(visible).collect();
    let mut shown = lines.join("\n");
    if shown.len() <= LONGEST || shown.encode_utf16().count() <= LONGEST {
        return (shown, false);
    }
    let mut units = 0;
    let end = shown.char_indices().find_map(|(place, c)| {
        units += c.len_utf16();
        (units > LONGEST - 1).then_some(place)
    });
    shown.truncate(end.unwrap_or(shown.len()));
    shown.push('…');
    (shown, true)
}

/// Writes words; true where something of them was left out.
pub fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<bool, XlsxError> {
    let (text, shortened) = cell_text(text);
    if text.is_empty() {
        sheet.write_blank(row, column, format)?;
        return Ok(false);
    }
    // Typed over, such words would become a formula but for the sign that they are text.
    let quoted = (harmless(&text) != text).then(|| format.clone().set_quote_prefix());
    let format = quoted.as_ref().unwrap_or(format);
    if text.starts_with("<r>") && text.ends_with("</r>") {
        // rust_xlsxwriter takes such a string for ready-made XML, and writes it as it is. As the only
        // part of a rich string it is escaped.
        sheet.write_rich_string_with_format(row, column, &[(&Format::default(), &text)], format)?;
    } else {
        sheet.write_string_with_format(row, column, &text, format)?;
    }
    Ok(shortened)
}

/// The lines that words take when they are wrapped at this many narrow characters.
pub fn lines(text: &str, width: usize) -> usize {
    text.split('\n').map(|line| wrapped(&visible(line), width.max(2)).len().max(1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_where_excel_stops_counting() {
        assert_eq!(cell_text("a\r\nb"), ("a\nb".to_string(), false));
        assert_eq!(cell_text("\u{1b}[31m\u{202e}"), ("\\u{1b}[31m\\u{202e}".to_string(), false));
        let fits = "あ".repeat(LONGEST);
        assert_eq!(cell_text(&fits), (fits.clone(), false));
        // A character outside the basic plane counts as two.
        for (long, kept) in
            [("あ".repeat(LONGEST + 1), LONGEST - 1), ("𠮷".repeat(LONGEST / 2 + 1), LONGEST / 2)]
        {
            let (cut, shortened) = cell_text(&long);
            assert!(shortened && cut.ends_with('…'));
            assert_eq!(cut.chars().count(), kept + 1);
            assert!(cut.encode_utf16().count() <= LONGEST);
        }
    }
}
