//! Taking one cell after another from a block of records.
//!
//! The grammar is RFC 4180 without leniency: a quote opens a cell or stands doubled inside one,
//! and after the closing quote the cell ends. The csv crate accepts stray and unclosed quotes
//! silently, which can swallow respondents; where this grammar accepts, both read the same cells
//! (a property test holds them to it).

use std::borrow::Cow;

use memchr::{memchr, memchr3};

/// What stands between cells and after records in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Between two cells: a comma, tab, semicolon or what was declared; always ASCII.
    pub(crate) delimiter: u8,
    /// After a record: a newline, or in old Macintosh files a carriage return.
    pub(crate) line_end: u8,
}

/// A cell found in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Its bytes, without the quotes around them.
    pub(crate) start: usize,
    /// End of its bytes.
    pub(crate) end: usize,
    /// Where the next cell or record begins.
    pub(crate) next: usize,
    /// The record ends with it.
    pub(crate) last: bool,
    /// It contains doubled quotes.
    pub(crate) doubled: bool,
}

/// How quotes break the grammar; places are offsets in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuoteDefect {
    /// A quote inside a cell that does not begin with one.
    Stray {
        /// The quote.
        at: usize,
    },
    /// Text between the closing quote and the end of the cell.
    TextAfter {
        /// The opening quote.
        opened: usize,
    },
    /// A quote that is never closed.
    Unclosed {
        /// The opening quote.
        opened: usize,
    },
}

/// Takes the cell that begins at `at`.
#[inline]
pub(crate) fn take(bytes: &[u8], at: usize, grammar: Grammar) -> Result<Cell, QuoteDefect> {
    if bytes.get(at) == Some(&b'"') {
        take_quoted(bytes, at, grammar)
    } else {
        take_plain(bytes, at, grammar)
    }
}

#[inline]
fn take_plain(bytes: &[u8], at: usize, grammar: Grammar) -> Result<Cell, QuoteDefect> {
    let Grammar { delimiter, line_end } = grammar;
    // Most cells are short: a call into memchr costs more than looking at a few bytes.
    let mut end = None;
    let near = bytes.len().min(at + 8);
    for (place, &byte) in bytes[at.min(near)..near].iter().enumerate() {
        if byte == delimiter || byte == line_end || byte == b'"' {
            end = Some(at + place);
            break;
        }
    }
    let end = match end {
        Some(end) => end,
        None => memchr3(delimiter, line_end, b'"', &bytes[near..]).map_or(bytes.len(), |place| near + place),
    };
    match bytes.get(end) {
        Some(&byte) if byte == delimiter => {
            Ok(Cell { start: at, end, next: end + 1, last: false, doubled: false })
        }
        Some(b'"') => Err(QuoteDefect::Stray { at: end }),
        _ => {
            let cut = usize::from(line_end == b'\n' && end > at && bytes[end - 1] == b'\r');
            let next = bytes.len().min(end + 1);
            Ok(Cell { start: at, end: end - cut, next, last: true, doubled: false })
        }
    }
}

fn take_quoted(bytes: &[u8], at: usize, grammar: Grammar) -> Result<Cell, QuoteDefect> {
    let Grammar { delimiter, line_end } = grammar;
    let start = at + 1;
    let mut from = start;
    let mut doubled = false;
    let end = loop {
        let near = bytes.len().min(from + 4);
        let found = match bytes[from..near].iter().position(|&byte| byte == b'"') {
            Some(place) => Some(from + place),
            None => memchr(b'"', &bytes[near..]).map(|place| near + place),
        };
        let Some(quote) = found else { return Err(QuoteDefect::Unclosed { opened: at }) };
        if bytes.get(quote + 1) == Some(&b'"') {
            doubled = true;
            from = quote + 2;
        } else {
            break quote;
        }
    };
    let (next, last) = match bytes.get(end + 1) {
        None => (end + 1, true),
        Some(&byte) if byte == delimiter => (end + 2, false),
        Some(&byte) if byte == line_end => (end + 2, true),
        Some(b'\r') if bytes.get(end + 2).is_none_or(|&byte| byte == line_end) => {
            (bytes.len().min(end + 3), true)
        }
        Some(_) => return Err(QuoteDefect::TextAfter { opened: at }),
    };
    Ok(Cell { start, end, next, last, doubled })
}

/// Length of the empty line at `at`, if one is there.
#[inline]
pub(crate) fn empty_line(bytes: &[u8], at: usize, line_end: u8) -> Option<usize> {
    match bytes.get(at) {
        Some(&byte) if byte == line_end => Some(1),
        Some(b'\r') => match bytes.get(at + 1) {
            None => Some(1),
            Some(&byte) if byte == line_end => Some(2),
            _ => None,
        },
        _ => None,
    }
}

impl Cell {
    /// The cell's bytes, doubled quotes made single.
    #[inline]
    pub(crate) fn content<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let raw = &bytes[self.start..self.end];
        if !self.doubled {
            return Cow::Borrowed(raw);
        }
        let mut content = Vec::with_capacity(raw.len());
        let mut quoted = false;
        for &byte in raw {
            quoted = byte == b'"' && !quoted;
            if !quoted {
                content.push(byte);
            }
        }
        Cow::Owned(content)
    }
}

/// A record's cells and where the next record begins.
type Record<'a> = (Vec<Cow<'a, [u8]>>, usize);

/// The record that begins at `at`, and where the next one begins; for headers and small files.
pub(crate) fn record(bytes: &[u8], mut at: usize, grammar: Grammar) -> Result<Record<'_>, QuoteDefect> {
    let mut cells = Vec::new();
    loop {
        let cell = take(bytes, at, grammar)?;
        cells.push(cell.content(bytes));
        at = cell.next;
        if cell.last {
            return Ok((cells, at));
        }
    }
}

/// How many records begin before `until`.
pub(crate) fn records_before(bytes: &[u8], until: usize, grammar: Grammar) -> usize {
    let mut at = 0;
    let mut count = 0;
    while at < until.min(bytes.len()) {
        if let Some(length) = empty_line(bytes, at, grammar.line_end) {
            at += length;
            continue;
        }
        count += 1;
        loop {
            let Ok(cell) = take(bytes, at, grammar) else { return count };
            at = cell.next;
            if cell.last {
                break;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMAS: Grammar = Grammar { delimiter: b',', line_end: b'\n' };

    fn all(text: &[u8]) -> Result<Vec<Vec<Vec<u8>>>, QuoteDefect> {
        let mut records = Vec::new();
        let mut at = 0;
        while at < text.len() {
            if let Some(length) = empty_line(text, at, b'\n') {
                at += length;
                continue;
            }
            let (cells, next) = record(text, at, COMMAS)?;
            records.push(cells.iter().map(|cell| cell.to_vec()).collect());
            at = next;
        }
        Ok(records)
    }

    #[test]
    fn quotes_out_of_place_are_named() {
        assert_eq!(all(b"a,b\"c\n"), Err(QuoteDefect::Stray { at: 3 }));
        assert_eq!(all(b"a,\"b\"c\n"), Err(QuoteDefect::TextAfter { opened: 2 }));
        assert_eq!(all(b"a,\"b\nc,d\n"), Err(QuoteDefect::Unclosed { opened: 2 }));
    }

    proptest! {
        #[test]
        fn a_table_written_by_csv_is_read_back(
            table in (1usize..5).prop_flat_map(|width| prop::collection::vec(
                prop::collection::vec("[a\"\r\n,あ ]{0,6}", width), 1..6)),
            crlf in any::<bool>(),
        ) {
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
            for record in &table {
                writer.write_record(record).unwrap();
            }
            let text = writer.into_inner().unwrap();
            let read = all(&text).unwrap();
            let written: Vec<Vec<Vec<u8>>> =
                table.iter().map(|record| record.iter().map(|cell| cell.clone().into_bytes()).collect()).collect();
            prop_assert_eq!(read, written);
        }

        #[test]
        fn what_is_accepted_is_what_the_csv_crate_reads(text in "[a\",\n]{0,40}") {
            if let Ok(read) = all(text.as_bytes()) {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                let expected: Vec<Vec<Vec<u8>>> = reader
                    .byte_records()
                    .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
                    .collect();
                prop_assert_eq!(read, expected);
            }
        }
    }
}
