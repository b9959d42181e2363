//! CSV for Excel: UTF-8 with BOM and CRLF, so that a Japanese Excel opens it right by double click.

use crate::diag::visible;
use crate::sheet::{Content, Mark, Sheet};

/// All sheets one under the other, a blank line between them.
///
/// Numbers are written as printed but without thousands separators, so that they are numbers in
/// Excel; only a base marked as small keeps its `*`. Text that a spreadsheet would take for a formula
/// gets an apostrophe.
pub fn csv(sheets: &[Sheet]) -> String {
    let mut writer = ::csv::WriterBuilder::new()
        .flexible(true)
        .terminator(::csv::Terminator::CRLF)
        .from_writer(vec![0xEF, 0xBB, 0xBF]);
    let mut write = |fields: Vec<String>| {
        // Writing into memory does not fail.
        let fields = if fields.is_empty() { vec![String::new()] } else { fields };
        _ = writer.write_record(fields);
    };
    for (place, sheet) in sheets.iter().enumerate() {
        if place > 0 {
            write(Vec::new());
        }
        for line in std::iter::once(&sheet.title).chain(&sheet.above) {
            write(vec![shown(line)]);
        }
        for row in sheet.header.iter().chain(&sheet.body) {
            write(
                row.iter()
                    .map(|cell| match &cell.content {
                        Content::Number(..) if cell.marks.contains(&Mark::LowBase) => {
                            cell.shown().replace(',', "") + cell.mark_text()
                        }
                        Content::Number(..) => cell.shown().replace(',', ""),
                        _ => shown(&cell.shown()),
                    })
                    .collect(),
            );
        }
        for note in &sheet.notes {
            write(vec![shown(&format!("※ {note}"))]);
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Text that does nothing to a terminal or a spreadsheet: characters that are not seen are written out.
fn shown(text: &str) -> String {
    let visible: Vec<String> = text.split('\n').map(visible).collect();
    harmless(&visible.join("\n"))
}

/// Text that no spreadsheet takes for a formula. A negative number (the code -1) is none and stays
/// as it is, for programs read it.
pub(super) fn harmless(text: &str) -> String {
    let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    if text.strip_prefix('-').is_some_and(|rest| rest.split('.').all(digits) && rest.matches('.').count() < 2)
    {
        return text.to_string();
    }
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_made_harmless() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
            assert!(harmless(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(harmless("推進されていると感じる"), "推進されていると感じる");
        assert_eq!((harmless("-5"), harmless("-0.5")), ("-5".into(), "-0.5".into()));
        assert!(["-", "-1.2.3", "-.5", "-1-1"].iter().all(|text| harmless(text).starts_with('\'')));
    }
}
