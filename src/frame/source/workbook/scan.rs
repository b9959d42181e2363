//! A look through an xlsx or ods package before calamine sees it: what it holds, and whether it tells the truth.

use std::collections::HashMap;
use std::io::{self, Read, Seek};

use zip::ZipArchive;

use super::tags::{Fault, Tags, attribute, is_empty, name, number, text};
use crate::diag::{Diagnostic, quote, thousands};

/// Parts of a package; a workbook has some dozens.
const MOST_PARTS: usize = 10_000;
/// Bytes of a sheet, which is read cell by cell.
const LARGEST_SHEET: u64 = 2 << 30;
/// Bytes of the strings that cells share, which are held in memory.
const LARGEST_STRINGS: u64 = 128 << 20;
/// Bytes of any other part.
const LARGEST_PART: u64 = 32 << 20;
/// A part that unpacks to more than so many times its bytes was made to do so.
const MOST_UNPACKED: u64 = 200;
/// What unpacks to less harms nobody.
const SMALL: u64 = 64 << 20;
/// Cells of an OpenDocument sheet: all are held in memory, repeated ones as often as they are.
const MOST_OPEN_CELLS: u64 = 4_000_000;
/// An area so large with next to nothing in it has a stray cell far away.
const VAST: u64 = 20_000_000;

/// What a sheet has.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Columns to the last that has anything.
    pub(super) columns: usize,
    /// Cells that hold anything.
    pub(super) filled: u64,
    /// Merged cells: the row of the first, from 1, and the area.
    pub(super) merged: Vec<(u64, String)>,
    /// Formulas without a result, and the first of them.
    pub(super) uncalculated: Option<(u64, String)>,
    /// Rows to the last that has anything.
    rows: u64,
    /// The cell in the last row, and in the last column, that has anything.
    corner: String,
}

/// The sheets of a package by their names.
pub(super) type Sheets = HashMap<String, Seen>;

/// Looks through an xlsx package.
pub(super) fn xlsx(file: impl Read + Seek) -> Result<Sheets, Diagnostic> {
    let mut package = open(file)?;
    let parts = parts(&package)?;
    if parts.iter().any(|part| part.ends_with("workbook.bin")) {
        let error = Diagnostic::error("expected an Excel workbook (xlsx), found a binary one (xlsb)");
        return Err(error.hint("open it and save it as xlsx, or save the sheet as CSV (UTF-8)"));
    }
    expect(&parts, "xl/workbook.xml")?;
    expect(&parts, "_rels/.rels")?;
    let mut targets: HashMap<String, String> = HashMap::new();
    let mut named: Vec<(String, String)> = Vec::new();
    let mut seen: HashMap<String, Seen> = HashMap::new();
    for part in parts.iter().filter(|part| part.ends_with(".xml") || part.ends_with(".rels")) {
        let lower = part.to_lowercase();
        let is_sheet = lower.contains("/worksheets/") && !lower.ends_with(".rels");
        let is_strings = lower.ends_with("sharedstrings.xml");
        let most = match (is_sheet, is_strings) {
            (true, _) => LARGEST_SHEET,
            (_, true) => LARGEST_STRINGS,
            _ => LARGEST_PART,
        };
        let entry = entry(&mut package, part, most)?;
        let mut tags = Tags::new(entry, most);
        let looked = match () {
            () if is_sheet => sheet(&mut tags).map(|found| {
                seen.insert(part.trim_start_matches('/').to_string(), found);
            }),
            () if is_strings => strings(&mut tags),
            () => relations(&mut tags, part, &mut targets, &mut named),
        };
        looked.map_err(|defect| defect.told(part, most))?;
    }
    let mut sheets = Sheets::new();
    for (name, id) in named {
        let Some(target) = targets.get(&id) else { continue };
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_string(),
            None => format!("xl/{target}"),
        };
        if let Some(found) = seen.remove(&path) {
            found.not_vast(&name)?;
            sheets.insert(name, found);
        }
    }
    Ok(sheets)
}

/// Looks through an OpenDocument package.
pub(super) fn ods(file: impl Read + Seek) -> Result<Sheets, Diagnostic> {
    let mut package = open(file)?;
    let mut sheets = Sheets::new();
    let parts = parts(&package)?;
    expect(&parts, "content.xml")?;
    for part in parts.iter().filter(|part| part.ends_with(".xml")) {
        let most = if part == "content.xml" { LARGEST_SHEET / 4 } else { LARGEST_PART };
        let encrypted = part == "META-INF/manifest.xml";
        let mut tags = Tags::new(entry(&mut package, part, most)?, most);
        let looked = match part == "content.xml" {
            true => tables(&mut tags).map(|found| sheets = found),
            false => rest(&mut tags, encrypted),
        };
        looked.map_err(|defect| defect.told(part, most))?;
    }
    Ok(sheets)
}

/// Why a part is refused.
enum Defect {
    Fault(Fault, String),
    Told(Diagnostic),
}

impl From<Fault> for Defect {
    fn from(fault: Fault) -> Defect {
        Defect::Fault(fault, String::new())
    }
}

impl Defect {
    fn told(self, part: &str, most: u64) -> Diagnostic {
        let (fault, at) = match self {
            Defect::Told(error) => return error,
            Defect::Fault(fault, at) => (fault, at),
        };
        let part = quote(part);
        let at = if at.is_empty() { String::new() } else { format!(", after cell {at}") };
        match fault {
            Fault::Broken => Diagnostic::error(format!("the workbook is damaged in its part {part}{at}"))
                .hint("it may be cut short; download it again, or open it and save it anew"),
            Fault::Large => too_large(&part, most),
            Fault::Long => Diagnostic::error(format!(
                "a text in {part}{at} is longer than 1 MiB; Excel has room for 32,767 characters in a cell"
            ))
            .hint(HOSTILE),
            Fault::Entities => {
                Diagnostic::error(format!("{part} declares entities, which no workbook needs")).hint(HOSTILE)
            }
        }
    }
}

/// What to do with a file that lies.
const HOSTILE: &str = "no spreadsheet program writes such a file; if you trust it, open it and save it anew";

fn too_large(part: &str, most: u64) -> Diagnostic {
    let error = format!("{part} of the workbook is larger than {} MiB", thousands(most >> 20));
    Diagnostic::error(error).hint("save the sheet as CSV (UTF-8): of that any size is read")
}

fn open<R: Read + Seek>(file: R) -> Result<ZipArchive<R>, Diagnostic> {
    let package = ZipArchive::new(file).map_err(|_| {
        Diagnostic::error(
            "the workbook is cut short: the list of its parts, at the end of the file, is missing",
        )
        .hint("download it again, or open it and save it anew")
    })?;
    if package.len() > MOST_PARTS {
        let parts = thousands(package.len() as u64);
        let error =
            format!("the workbook has {parts} parts, expected at most {}", thousands(MOST_PARTS as u64));
        return Err(Diagnostic::error(error).hint(HOSTILE));
    }
    Ok(package)
}

/// The names of the parts.
fn parts<R: Read + Seek>(package: &ZipArchive<R>) -> Result<Vec<String>, Diagnostic> {
    let names = package.file_names().map(|name| name.map(std::borrow::Cow::into_owned));
    names.collect::<Result<_, _>>().map_err(|_| {
        let error = "the list of the workbook's parts has a name that is no text";
        Diagnostic::error(error).hint("it may be damaged; download it again, or open it and save it anew")
    })
}

/// Refuses a package without the part that makes it a workbook.
fn expect(parts: &[String], wanted: &str) -> Result<(), Diagnostic> {
    if parts.iter().any(|part| part.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let error = Diagnostic::error(format!("the workbook is damaged: it has no part {}", quote(wanted)));
    Err(error.hint("download it again, or open it and save it anew"))
}

/// A part, if it does not say itself that it is too large.
fn entry<'a, R: Read + Seek>(
    package: &'a mut ZipArchive<R>,
    part: &str,
    most: u64,
) -> Result<impl Read + 'a, Diagnostic> {
    let shown = quote(part);
    let entry = package.by_name(part).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(_) => {
            Diagnostic::error(format!("part {shown} of the workbook is packed in a way that is not read"))
                .hint("is it protected by a password? open it and save it without")
        }
        _ => Defect::from(Fault::Broken).told(part, most),
    })?;
    let (size, packed) = (entry.size(), entry.compressed_size());
    if size > most {
        return Err(too_large(&shown, most));
    }
    let most_unpacked = SMALL.max(packed.saturating_mul(MOST_UNPACKED));
    if size > most_unpacked {
        return Err(exploding(&shown, packed));
    }
    Ok(Measured { inner: entry, left: most_unpacked })
}

fn exploding(part: &str, packed: u64) -> Diagnostic {
    let times = thousands(MOST_UNPACKED);
    let packed = thousands(packed);
    let error = format!("{part} of the workbook unpacks to more than {times} times its {packed} bytes");
    Diagnostic::error(error).hint(HOSTILE)
}

/// A part whose bytes are counted, whatever size it said that it has.
struct Measured<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::InvalidData)?;
        Ok(read)
    }
}

/// Names of sheets and where their parts are.
fn relations<R: Read>(
    tags: &mut Tags<R>,
    part: &str,
    targets: &mut HashMap<String, String>,
    named: &mut Vec<(String, String)>,
) -> Result<(), Defect> {
    let (of_book, book) = (part.ends_with("xl/_rels/workbook.xml.rels"), part.ends_with("xl/workbook.xml"));
    while let Some(tag) = tags.next()? {
        match name(tag) {
            (false, b"Relationship") if of_book => {
                if let (Some(id), Some(target)) = (text(tag, b"Id"), text(tag, b"Target")) {
                    targets.insert(id, target);
                }
            }
            (false, b"sheet") if book => {
                if let (Some(sheet), Some(id)) = (text(tag, b"name"), text(tag, b"r:id")) {
                    named.push((sheet, id));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The strings that cells share: as many as are said.
fn strings<R: Read>(tags: &mut Tags<R>) -> Result<(), Defect> {
    let (mut said, mut found) = (0, 0);
    while let Some(tag) = tags.next()? {
        match name(tag) {
            (false, b"sst") => said = number(tag, b"uniqueCount").unwrap_or(0),
            (false, b"si") => found += 1,
            _ => {}
        }
    }
    // Some programs count otherwise; memory for a million more is nothing.
    if said > found + 1_000_000 {
        let (said, found) = (thousands(said), thousands(found));
        let error = format!("the workbook says that it has {said} strings, and has {found}");
        return Err(Defect::Told(Diagnostic::error(error).hint(HOSTILE)));
    }
    Ok(())
}

/// Row and column, from 0, of `B7`.
fn place(cell: &[u8]) -> Option<(u64, usize)> {
    let digits = cell.iter().position(u8::is_ascii_digit)?;
    let (letters, digits) = cell.split_at(digits);
    let mut column = 0_usize;
    for letter in letters {
        let letter = letter.to_ascii_uppercase();
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + usize::from(letter - b'A') + 1;
        if column > 16_384 {
            return None;
        }
    }
    let row: u64 = str::from_utf8(digits).ok()?.parse().ok()?;
    (column > 0 && (1..=1_048_576).contains(&row)).then(|| (row - 1, column - 1))
}

fn shown(row: u64, column: usize) -> String {
    format!("{}{}", super::letters(column), row + 1)
}

/// The cells of a sheet, in order.
fn sheet<R: Read>(tags: &mut Tags<R>) -> Result<Seen, Defect> {
    let mut seen = Seen::default();
    // The next row and column that may come.
    let (mut row, mut column) = (0_u64, 0_usize);
    let mut begun = false;
    let (mut formula, mut value) = (false, false);
    let mut last = String::new();
    loop {
        let tag = match tags.next() {
            Ok(Some(tag)) => tag,
            Ok(None) => break,
            Err(fault) => return Err(Defect::Fault(fault, last)),
        };
        match name(tag) {
            (false, b"row") => {
                let said = number(tag, b"r");
                let here = said.unwrap_or(row + 1);
                if here == 0 || here > 1_048_576 || (here <= row && said.is_some()) {
                    return Err(Defect::Told(disorder(&format!("row {here} after row {row}"))));
                }
                (row, column) = (here, 0);
            }
            (false, b"c") => {
                let here = match attribute(tag, b"r") {
                    Some(written) => match place(written) {
                        Some(place) => place,
                        None => {
                            let written = quote(&String::from_utf8_lossy(written));
                            let error = format!("the workbook has a cell {written}, which no sheet has");
                            return Err(Defect::Told(Diagnostic::error(error).hint(HOSTILE)));
                        }
                    },
                    None => (row.max(1) - 1, column),
                };
                if here.0 + 1 != row.max(1) || here.1 < column {
                    let cell = shown(here.0, here.1);
                    let after = if last.is_empty() { "where another is due" } else { "after" };
                    let error = disorder(format!("cell {cell} {after} {last}").trim_end());
                    return Err(Defect::Told(error));
                }
                column = here.1 + 1;
                (formula, value, begun) = (false, false, !is_empty(tag));
                last = shown(here.0, here.1);
            }
            (false, b"f") if begun => formula = true,
            (false, b"v" | b"is") if begun => value = true,
            (true, b"c") if begun => {
                begun = false;
                if value {
                    seen.filled += 1;
                    seen.rows = row;
                    if column > seen.columns {
                        (seen.columns, seen.corner) = (column, last.clone());
                    }
                } else if formula {
                    let entry = seen.uncalculated.get_or_insert_with(|| (0, last.clone()));
                    entry.0 += 1;
                }
            }
            (false, b"mergeCell") => {
                let area = attribute(tag, b"ref").map(String::from_utf8_lossy);
                let first = area.as_ref().and_then(|area| place(area.split(':').next()?.as_bytes()));
                if let (Some(area), Some((row, _)), true) = (area, first, seen.merged.len() < 10_000) {
                    seen.merged.push((row + 1, area.into_owned()));
                }
            }
            _ => {}
        }
    }
    Ok(seen)
}

fn disorder(what: &str) -> Diagnostic {
    Diagnostic::error(format!("the cells of the sheet are out of order: {what}")).hint(HOSTILE)
}

impl Seen {
    /// Refuses an area with next to nothing in it: a stray cell far from the others.
    fn not_vast(&self, sheet: &str) -> Result<(), Diagnostic> {
        let area = self.rows.saturating_mul(self.columns as u64);
        if area < VAST || self.filled.saturating_mul(1000) > area {
            return Ok(());
        }
        let (rows, columns) = (thousands(self.rows), thousands(self.columns as u64));
        let filled = thousands(self.filled);
        let error = format!(
            "sheet {} reaches over {rows} rows and {columns} columns, but only {filled} of its cells hold anything",
            quote(sheet)
        );
        let hint = format!("delete what stands far away from the answers (cell {}?)", self.corner);
        Err(Diagnostic::error(error).hint(hint))
    }
}

/// The tables of an OpenDocument sheet.
fn tables<R: Read>(tags: &mut Tags<R>) -> Result<Sheets, Defect> {
    let mut sheets = Sheets::new();
    let mut table: Option<(String, Seen)> = None;
    // Row at hand, how often it stands, columns so far.
    let (mut row, mut times, mut column) = (0_u64, 1_u64, 0_u64);
    let mut total = 0_u64;
    let mut row_filled = false;
    while let Some(tag) = tags.next()? {
        let (closing, name) = name(tag);
        match (closing, name) {
            (false, b"table") => {
                table = Some((text(tag, b"table:name").unwrap_or_default(), Seen::default()));
                (row, column) = (0, 0);
            }
            (true, b"table") => {
                if let Some((name, seen)) = table.take() {
                    total = total.saturating_add(seen.rows.saturating_mul(seen.columns as u64));
                    if total > MOST_OPEN_CELLS {
                        seen.not_vast(&name).map_err(Defect::Told)?;
                        let error = format!(
                            "the sheets up to {} have {} cells, expected at most {}",
                            quote(&name),
                            thousands(total),
                            thousands(MOST_OPEN_CELLS)
                        );
                        let hint = "save it as xlsx, or the sheet as CSV (UTF-8): of those any size is read";
                        return Err(Defect::Told(Diagnostic::error(error).hint(hint)));
                    }
                    sheets.insert(name, seen);
                }
            }
            (false, b"table-row") => {
                times = number(tag, b"table:number-rows-repeated").unwrap_or(1);
                (column, row_filled) = (0, false);
                if is_empty(tag) {
                    row = row.saturating_add(times);
                }
            }
            (true, b"table-row") => {
                row = row.saturating_add(times);
                if let (Some((_, seen)), true) = (&mut table, row_filled) {
                    seen.rows = row;
                }
            }
            (false, b"table-cell" | b"covered-table-cell") => {
                let repeated = number(tag, b"table:number-columns-repeated").unwrap_or(1);
                let filled = attribute(tag, b"office:value-type").is_some()
                    || attribute(tag, b"table:formula").is_some();
                if let Some((_, seen)) = &mut table {
                    let spans = |name| number(tag, name).unwrap_or(1);
                    let (down, across) =
                        (spans(b"table:number-rows-spanned"), spans(b"table:number-columns-spanned"));
                    if down > 1 || across > 1 {
                        let last = |from: u64, count: u64| from.saturating_add(count).saturating_sub(1);
                        let (from, to) = (
                            shown(row, column as usize),
                            shown(last(row, down), last(column, across).min(16_383) as usize),
                        );
                        if seen.merged.len() < 10_000 {
                            seen.merged.push((row + 1, format!("{from}:{to}")));
                        }
                    }
                    column = column.saturating_add(repeated);
                    if filled {
                        row_filled = true;
                        let columns = usize::try_from(column.min(1 << 20)).unwrap_or(0);
                        if columns > seen.columns {
                            (seen.columns, seen.corner) = (columns, shown(row, columns - 1));
                        }
                        seen.filled = seen.filled.saturating_add(repeated.saturating_mul(times));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(sheets)
}

/// A part of which nothing is wanted but that it is harmless.
fn rest<R: Read>(tags: &mut Tags<R>, manifest: bool) -> Result<(), Defect> {
    while let Some(tag) = tags.next()? {
        if manifest && name(tag) == (false, b"encryption-data") {
            return Err(Defect::Told(super::protected()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_places() {
        assert_eq!(place(b"A1"), Some((0, 0)));
        assert_eq!(place(b"XFD1048576"), Some((1_048_575, 16_383)));
        for no in [&b"XFE1"[..], b"A0", b"A1048577", b"1", b"A", b"AAAAAAAAAAAA1", b"A1B", b"-1"] {
            assert_eq!(place(no), None, "{no:?}");
        }
    }
}
