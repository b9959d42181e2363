//! A look through an old workbook (xls) before calamine sees it: its sectors, its records, the size of its sheets.
//!
//! The container is Microsoft's compound file ([MS-CFB]), the stream in it BIFF ([MS-XLS]).

use std::io::Read;

use crate::diag::{Diagnostic, quote, thousands};

/// Bytes of a file: Excel's largest old sheets have some tens of MiB.
const LARGEST: u64 = 128 << 20;
/// Cells of all sheets: all are held in memory, blank ones among them.
const MOST_CELLS: u64 = 4_000_000;
/// A sector that is none.
const NO_SECTOR: u32 = 0xFFFF_FFFA;

/// Looks through the file.
pub(super) fn scan(file: impl Read) -> Result<(), Diagnostic> {
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() as u64 > LARGEST {
        let error = format!("the workbook (xls) is larger than {} MiB", LARGEST >> 20);
        return Err(Diagnostic::error(error).hint("save it as xlsx, or the sheet as CSV (UTF-8)"));
    }
    let container = Container::of(&bytes).ok_or_else(damaged)?;
    let stream = container.stream(&["Workbook", "Book"]).ok_or_else(damaged)?;
    records(&stream)
}

fn damaged() -> Diagnostic {
    Diagnostic::error("the workbook (xls) is damaged or cut short: its sectors do not hold together")
        .hint("download it again, or open it and save it anew")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A compound file.
struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For each sector the one that follows it.
    next: Vec<u32>,
    directory: Vec<u8>,
}

impl<'a> Container<'a> {
    fn of(bytes: &'a [u8]) -> Option<Container<'a>> {
        let sector =
            1_usize.checked_shl(u16_at(bytes, 30)?.into()).filter(|size| [512, 4096].contains(size))?;
        let mut container = Container { bytes, sector, next: Vec::new(), directory: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|place| u32_at(bytes, 76 + place * 4)).collect();
        // More tables of sectors are listed in sectors of their own.
        let mut more = u32_at(bytes, 68)?;
        let mut left = container.sectors() + 1;
        while more < NO_SECTOR {
            left = left.checked_sub(1)?;
            let listed = container.at(more)?;
            let entries: Vec<u32> = (0..sector / 4).filter_map(|place| u32_at(listed, place * 4)).collect();
            let (last, entries) = entries.split_last()?;
            tables.extend(entries);
            more = *last;
        }
        for table in tables.into_iter().filter(|table| *table < NO_SECTOR) {
            if container.next.len() > container.sectors() + sector {
                return None;
            }
            let entries = container.at(table)?;
            container.next.extend((0..sector / 4).filter_map(|place| u32_at(entries, place * 4)));
        }
        container.directory = container.chain(u32_at(bytes, 48)?)?;
        Some(container)
    }

    /// Sectors that the file has.
    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    /// A sector; the last one of a file may be cut.
    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (sector as usize + 1).checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        Some(&rest[..rest.len().min(self.sector)]).filter(|bytes| !bytes.is_empty())
    }

    /// All sectors of a chain, one after another.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let (mut sector, mut bytes) = (first, Vec::new());
        while sector < NO_SECTOR {
            if bytes.len() > self.bytes.len() {
                // It runs in a circle.
                return None;
            }
            bytes.extend_from_slice(self.at(sector)?);
            sector = *self.next.get(sector as usize)?;
        }
        Some(bytes)
    }

    /// The stream with one of these names.
    fn stream(&self, names: &[&str]) -> Option<Vec<u8>> {
        let entries = || self.directory.chunks_exact(128);
        let named = |entry: &&[u8]| {
            let length = usize::from(u16_at(entry, 64).unwrap_or(0)).saturating_sub(2).min(62);
            let units = (0..length / 2).filter_map(|place| u16_at(entry, place * 2));
            let name = String::from_utf16_lossy(&units.collect::<Vec<u16>>());
            names.iter().any(|wanted| wanted.eq_ignore_ascii_case(&name))
        };
        let entry = entries().find(named)?;
        let (first, size) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
        if size >= 4096 {
            let stream = self.chain(first)?;
            return (stream.len() >= size).then(|| stream[..size].to_vec());
        }
        // Small streams stand in the root's, in sectors of 64 bytes.
        let small = self.chain(u32_at(self.directory.get(..128)?, 116)?)?;
        let table = self.chain(u32_at(self.bytes, 60)?)?;
        let (mut sector, mut bytes) = (first, Vec::new());
        while sector < NO_SECTOR && bytes.len() < size {
            let start = sector as usize * 64;
            bytes.extend_from_slice(small.get(start..start + 64)?);
            sector = u32_at(&table, sector as usize * 4)?;
        }
        bytes.truncate(size);
        (bytes.len() == size).then_some(bytes)
    }
}

/// The records of the stream: passwords, the areas that sheets say they have, and those that they have.
fn records(stream: &[u8]) -> Result<(), Diagnostic> {
    let mut at = 0;
    let mut total = 0_u64;
    // Rows and columns of the sheet at hand.
    let mut area = (0_u64, 0_u64);
    let mut add = |area: &mut (u64, u64)| {
        total = total.saturating_add(area.0.saturating_mul(area.1));
        *area = (0, 0);
        if total > MOST_CELLS {
            let (total, most) = (thousands(total), thousands(MOST_CELLS));
            let error =
                format!("the sheets of the workbook (xls) reach over {total} cells, expected at most {most}");
            let hint = "delete what stands far away from the answers, or save it as xlsx";
            return Err(Diagnostic::error(error).hint(hint));
        }
        Ok(())
    };
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let Some(data) = stream.get(at + 4..at + 4 + usize::from(length)) else { return Err(damaged()) };
        at += 4 + usize::from(length);
        let word = |at: usize| u64::from(u16_at(data, at).unwrap_or(0));
        match kind {
            // A sheet begins.
            0x0809 => add(&mut area)?,
            0x002F if word(0) != 0 || length > 2 => return Err(super::protected()),
            0x0200 => {
                let long = length >= 14;
                let whole = |at: usize| u64::from(u32_at(data, at).unwrap_or(0));
                let rows = if long { (whole(0), whole(4)) } else { (word(0), word(2)) };
                let columns = if long { (word(8), word(10)) } else { (word(4), word(6)) };
                if rows.0 > rows.1 || columns.0 > columns.1 || rows.1 > 65_536 || columns.1 > 256 {
                    let said = quote(&format!("{}–{}, {}–{}", rows.0, rows.1, columns.0, columns.1));
                    let error = format!("a sheet of the workbook says that it has rows and columns {said}");
                    return Err(Diagnostic::error(error).hint("it is damaged; open it and save it anew"));
                }
                area = (area.0.max(rows.1), area.1.max(columns.1));
            }
            // Cells of every kind; the last column of several stands at the end.
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x0006 => {
                area = (area.0.max(word(0) + 1), area.1.max(word(2) + 1));
            }
            0x00BD if length >= 6 => {
                area = (area.0.max(word(0) + 1), area.1.max(word(usize::from(length) - 2) + 1));
            }
            _ => {}
        }
    }
    add(&mut area)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    }

    fn said(stream: &[Vec<u8>]) -> String {
        records(&stream.concat()).map_or_else(|error| error.message, |()| String::new())
    }

    fn dimensions(rows: [u32; 2], columns: [u16; 2]) -> Vec<u8> {
        let rows: Vec<u8> = rows.iter().flat_map(|row| row.to_le_bytes()).collect();
        let columns: Vec<u8> = columns.iter().flat_map(|column| column.to_le_bytes()).collect();
        record(0x0200, &[rows, columns, vec![0, 0]].concat())
    }

    #[test]
    fn records_tell_what_a_workbook_holds() {
        let begin = || record(0x0809, &[0; 16]);
        let number = |row: u16, column: u16| {
            record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
        };
        assert_eq!(said(&[begin(), dimensions([0, 604], [0, 25]), number(603, 24)]), "");
        assert_eq!(
            said(&[begin(), record(0x002F, &[1, 0, 1, 0])]),
            "the workbook is protected by a password"
        );
        assert_eq!(
            said(&[begin(), dimensions([0, 4_000_000_000], [0, 256])]),
            "a sheet of the workbook says that it has rows and columns `0–4000000000, 0–256`"
        );
        assert_eq!(
            said(&[begin(), number(0, 0), number(65_535, 255)]),
            "the sheets of the workbook (xls) reach over 16,777,216 cells, expected at most 4,000,000"
        );
        let cut = number(0, 0);
        assert_eq!(
            said(&[cut[..8].to_vec()]),
            "the workbook (xls) is damaged or cut short: its sectors do not hold together"
        );
    }

    #[test]
    fn a_chain_of_sectors_that_runs_in_a_circle_is_damage() {
        let mut bytes = vec![0; 512 * 3];
        bytes[30..32].copy_from_slice(&9_u16.to_le_bytes());
        bytes[68..72].copy_from_slice(&u32::MAX.to_le_bytes());
        bytes[76..512].fill(0xFF);
        bytes[76..80].copy_from_slice(&0_u32.to_le_bytes());
        // Sector 1, the directory, is followed by itself.
        bytes[48..52].copy_from_slice(&1_u32.to_le_bytes());
        bytes[516..520].copy_from_slice(&1_u32.to_le_bytes());
        assert!(scan(bytes.as_slice()).is_err());
        assert!(scan(&bytes[..100]).is_err());
    }
}
