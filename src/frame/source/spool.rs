//! A table of cells on its way to be read: a temporary CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use crate::frame::cells::Grammar;

/// The grammar of spooled tables: the usual comma, and rows that end with ASCII's record separator, so that a line
/// break within a cell is no line and lines are rows of the sheet.
pub(crate) const SPOOLED: Grammar = Grammar { delimiter: b',', line_end: 0x1E };

/// Writes the cells of a table, row by row.
pub(crate) struct Spool {
    out: BufWriter<File>,
    size: u64,
    /// Cells of the row at hand.
    cells: usize,
    /// Bytes of the row at hand.
    bytes: usize,
}

impl Spool {
    /// An empty one; its file vanishes with it.
    pub(crate) fn new() -> io::Result<Spool> {
        Ok(Spool {
            out: BufWriter::with_capacity(1 << 16, tempfile::tempfile()?),
            size: 0,
            cells: 0,
            bytes: 0,
        })
    }

    /// The next cell of the row at hand.
    pub(crate) fn cell(&mut self, text: &str) -> io::Result<()> {
        if self.cells > 0 {
            self.put(&[SPOOLED.delimiter])?;
        }
        self.cells += 1;
        let bytes = text.as_bytes();
        let special = |&byte: &u8| [b'"', SPOOLED.delimiter, SPOOLED.line_end, b'\r'].contains(&byte);
        if !bytes.iter().any(special) {
            return self.put(bytes);
        }
        self.put(b"\"")?;
        for (place, part) in bytes.split(|&byte| byte == b'"').enumerate() {
            if place > 0 {
                self.put(b"\"\"")?;
            }
            self.put(part)?;
        }
        self.put(b"\"")
    }

    /// Ends the row at hand; one without cells is a blank line, which is no record.
    pub(crate) fn end_row(&mut self) -> io::Result<()> {
        if self.cells == 1 && self.bytes == 0 {
            // One blank cell is a record all the same.
            self.put(b"\"\"")?;
        }
        self.put(&[SPOOLED.line_end])?;
        (self.cells, self.bytes) = (0, 0);
        Ok(())
    }

    /// Cells of the row at hand.
    pub(crate) fn cells(&self) -> usize {
        self.cells
    }

    /// The file and its size.
    pub(crate) fn finish(self) -> io::Result<(File, u64)> {
        let size = self.size;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((file, size))
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.bytes += bytes.len();
        self.out.write_all(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use super::*;
    use crate::frame::cells::{empty_line, record};

    #[test]
    fn what_is_spooled_is_read_again() {
        let rows: [&[&str]; 5] = [&["id", "q,1"], &[], &["1", "a\n\"b\"\r"], &["", ""], &["\u{1e}", "\""]];
        let mut spool = Spool::new().unwrap();
        for row in rows {
            row.iter().for_each(|cell| spool.cell(cell).unwrap());
            spool.end_row().unwrap();
        }
        let (mut file, size) = spool.finish().unwrap();
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, size);
        let (mut at, mut read) = (0, Vec::new());
        while at < bytes.len() {
            if let Some(length) = empty_line(&bytes, at, SPOOLED.line_end) {
                at += length;
                read.push(Vec::new());
                continue;
            }
            let (cells, next) = record(&bytes, at, SPOOLED).unwrap();
            at = next;
            read.push(cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
        }
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(read, rows);
    }

    #[test]
    fn one_blank_cell_is_a_record() {
        let mut spool = Spool::new().unwrap();
        spool.cell("").unwrap();
        spool.end_row().unwrap();
        assert_eq!(spool.finish().unwrap().1, 3);
    }
}
