//! Replies as CSV: codes or labels, in UTF-8 with its mark or in CP932.

use std::io::{self, Write};

use super::{Cell, Column, Columns};
use crate::diag::{Diagnostic, plural};
use crate::frame::{Encoding, encode};
use crate::schema::{code_key, written};

/// How a CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvStyle {
    /// Labels instead of codes.
    pub labels: bool,
    /// UTF-8 (with its mark) or CP932.
    pub encoding: Encoding,
    /// What becomes of characters that the encoding does not have.
    pub unmappable: Unmappable,
}

/// What becomes of a character that CP932 does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmappable {
    /// The file is refused, and the first one named.
    Refuse,
    /// 〓 (the printer's 下駄) stands in its place.
    Substitute,
}

/// The mark of what CP932 does not have.
const GETA: &str = "〓";

/// Writes all respondents; how many characters were substituted.
///
/// Free text that a spreadsheet would take for a formula gets an apostrophe, as in every CSV.
///
/// # Errors
/// A character that the encoding does not have; or the place cannot be written.
pub fn csv(
    columns: &Columns<'_>,
    style: CsvStyle,
    out: &mut dyn Write,
) -> io::Result<Result<u64, Diagnostic>> {
    let mut writer = Writer { style, line: String::new(), substituted: 0, out };
    if style.encoding == Encoding::Utf8 {
        writer.out.write_all(b"\xEF\xBB\xBF")?;
    }
    for (place, column) in columns.columns.iter().enumerate() {
        writer.cell(place, &column.name);
    }
    let mut record = 0;
    let at = |record: u64, columns: &[Column], place: usize, character: char| {
        let place = columns.get(place).map_or("", |column| column.name.as_str());
        let error = format!(
            "CP932 has no {} (U+{:04X}), which stands in record {record}, column {}",
            crate::diag::quote(&character.to_string()),
            u32::from(character),
            crate::diag::quote(place)
        );
        Diagnostic::error(error)
            .hint(format!("write UTF-8, or say `--substitute`: {GETA} stands for every such character then"))
    };
    if let Err((place, character)) = writer.end()? {
        return Ok(Err(at(0, &columns.columns, place, character)));
    }
    let mut failed = None;
    let written: Result<(), Option<io::Error>> = columns.each_record(|cells| {
        record += 1;
        for (place, (cell, column)) in cells.iter().zip(&columns.columns).enumerate() {
            writer.cell(place, &shown(cell, column, style.labels));
        }
        match writer.end() {
            Ok(Ok(())) => Ok(()),
            Ok(Err((place, character))) => {
                failed = Some(at(record, &columns.columns, place, character));
                Err(None)
            }
            Err(error) => Err(Some(error)),
        }
    });
    match (written, failed) {
        (Err(Some(error)), _) => Err(error),
        (_, Some(failed)) => Ok(Err(failed)),
        _ => Ok(Ok(writer.substituted)),
    }
}

/// A warning of what was substituted.
pub fn substituted(count: u64) -> Option<Diagnostic> {
    let words = format!("{} that CP932 does not have became {GETA}", plural(count, "character"));
    (count > 0).then(|| Diagnostic::warning(words))
}

/// A cell as text: codes or labels, numbers without separators, days as ISO has them.
pub fn shown<'a>(cell: &'a Cell<'_>, column: &'a Column, labels: bool) -> std::borrow::Cow<'a, str> {
    match cell {
        Cell::Blank => "".into(),
        Cell::Coded(place) => {
            let coded = &column.coded[*place];
            match (&coded.label, labels) {
                (Some(label), true) => label.as_str().into(),
                _ => code_key(&coded.code).into(),
            }
        }
        Cell::Number(digits, 0) => digits.to_string().into(),
        // Not every format keeps how many places a number was written with: the same number is the same text.
        Cell::Number(digits, decimals) => {
            written((*digits, *decimals)).trim_end_matches('0').trim_end_matches('.').to_string().into()
        }
        Cell::Day(day) => day.civil().iso().into(),
        Cell::Words(words) => words.as_ref().into(),
    }
}

struct Writer<'a> {
    style: CsvStyle,
    line: String,
    substituted: u64,
    out: &'a mut dyn Write,
}

impl Writer<'_> {
    fn cell(&mut self, place: usize, text: &str) {
        if place > 0 {
            self.line.push(',');
        }
        let harmful = text.starts_with(['=', '+', '@', '\t', '\r', '＝', '＋', '＠'])
            || (text.starts_with(['-', '－']) && text.parse::<f64>().is_err());
        let quoted = text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ');
        if quoted {
            self.line.push('"');
        }
        if harmful {
            self.line.push('\'');
        }
        match quoted {
            true => text.split('"').enumerate().for_each(|(number, part)| {
                self.line.push_str(if number > 0 { "\"\"" } else { "" });
                self.line.push_str(part);
            }),
            false => self.line.push_str(text),
        }
        if quoted {
            self.line.push('"');
        }
    }

    /// Writes the line; or the column and the character that cannot be.
    fn end(&mut self) -> io::Result<Result<(), (usize, char)>> {
        self.line.push_str("\r\n");
        let mut line = std::mem::take(&mut self.line);
        if self.style.encoding == Encoding::Utf8 {
            self.out.write_all(line.as_bytes())?;
        } else {
            loop {
                match encode(&line, self.style.encoding) {
                    Ok(bytes) => {
                        self.out.write_all(&bytes)?;
                        break;
                    }
                    Err(character) if self.style.unmappable == Unmappable::Substitute => {
                        self.substituted += line.matches(character).count() as u64;
                        line = line.replace(character, GETA);
                    }
                    Err(character) => return Ok(Err((column_of(&line, character), character))),
                }
            }
        }
        line.clear();
        self.line = line;
        Ok(Ok(()))
    }
}

/// The column in which a character first stands.
fn column_of(line: &str, character: char) -> usize {
    let (mut column, mut inside) = (0, false);
    for own in line.chars() {
        match own {
            own if own == character => break,
            '"' => inside = !inside,
            ',' if !inside => column += 1,
            _ => {}
        }
    }
    column
}
