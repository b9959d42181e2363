//! Cutting a file into blocks of whole records.
//!
//! A cut is a line end with an even number of quotes before it, so a quoted newline never splits a
//! record. Counting quotes is much cheaper than parsing; what the quotes mean is checked by the
//! parser of the block, and a file whose quotes are astray is refused anyway.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

/// A record longer than this is a quote that nobody closed: reading on would take all memory.
const LONGEST_RECORD: usize = 64 << 20;

/// Reads a file block by block, in file order.
pub(crate) struct Scanner<R> {
    reader: R,
    /// Bytes read and not yet given out.
    carry: Vec<u8>,
    /// Offset in the file of the first byte of `carry`.
    offset: u64,
    /// How many bytes a block should have.
    block_bytes: usize,
    line_end: u8,
    next_index: u32,
    reader_ended: bool,
    stopped: bool,
}

/// What a block is, beside its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    /// Place of the block in the file.
    pub(crate) index: u32,
    /// Offset in the file of its first byte.
    pub(crate) offset: u64,
    /// The record at its end is longer than we are ready to hold.
    pub(crate) overlong: bool,
}

impl<R: Read> Scanner<R> {
    /// A scanner that begins with `carry`, which stands at `offset` in the file.
    pub(crate) fn new(reader: R, carry: Vec<u8>, offset: u64, line_end: u8, block_bytes: usize) -> Self {
        Scanner {
            reader,
            carry,
            offset,
            block_bytes: block_bytes.max(1),
            line_end,
            next_index: 0,
            reader_ended: false,
            stopped: false,
        }
    }

    /// Puts the next block into `buffer`; `None` at the end of the file.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Ticket>> {
        buffer.clear();
        if self.stopped {
            return Ok(None);
        }
        buffer.append(&mut self.carry);
        let mut want = self.block_bytes.saturating_sub(buffer.len());
        let mut overlong = false;
        loop {
            if !self.reader_ended && want > 0 {
                let got = self.reader.by_ref().take(want as u64).read_to_end(buffer)?;
                self.reader_ended = got < want;
            }
            if self.reader_ended {
                self.stopped = true;
                break;
            }
            if let Some(cut) = last_cut(buffer, self.line_end) {
                self.carry.extend_from_slice(&buffer[cut..]);
                buffer.truncate(cut);
                break;
            }
            if buffer.len() > LONGEST_RECORD {
                overlong = true;
                self.stopped = true;
                break;
            }
            want = buffer.len().max(self.block_bytes);
        }
        if buffer.is_empty() {
            return Ok(None);
        }
        let ticket = Ticket { index: self.next_index, offset: self.offset, overlong };
        self.next_index += 1;
        self.offset += buffer.len() as u64;
        Ok(Some(ticket))
    }

    /// Gives out no further block.
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Offset in the file of the next block.
    pub(crate) fn position(&self) -> u64 {
        self.offset
    }

    /// Puts bytes of the last block back, to be given out again, and numbers blocks from 0.
    pub(crate) fn put_back(&mut self, bytes: &[u8]) {
        self.offset -= bytes.len() as u64;
        self.carry.splice(0..0, bytes.iter().copied());
        self.next_index = 0;
        self.stopped = false;
    }
}

/// Where the last record that ends in these bytes ends: after a line end outside quotes.
fn last_cut(bytes: &[u8], line_end: u8) -> Option<usize> {
    if memchr(b'"', bytes).is_none() {
        return memrchr(line_end, bytes).map(|at| at + 1);
    }
    let mut quotes = memchr_iter(b'"', bytes).count();
    let mut end = bytes.len();
    loop {
        let start = memrchr(b'"', &bytes[..end]).map_or(0, |at| at + 1);
        if quotes.is_multiple_of(2)
            && let Some(at) = memrchr(line_end, &bytes[start..end])
        {
            return Some(start + at + 1);
        }
        if start == 0 {
            return None;
        }
        end = start - 1;
        quotes -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &[u8], block_bytes: usize) -> Vec<Vec<u8>> {
        let mut scanner = Scanner::new(text, Vec::new(), 0, b'\n', block_bytes);
        let mut blocks = Vec::new();
        let mut buffer = Vec::new();
        while scanner.next(&mut buffer).unwrap().is_some() {
            blocks.push(buffer.clone());
        }
        blocks
    }

    #[test]
    fn blocks_joined_are_the_file() {
        let text = b"id,q\n1,\"a\nb\"\n2,\"say \"\"no\"\"\"\n\n3,c";
        for block_bytes in 1..40 {
            let blocks = blocks(text, block_bytes);
            assert_eq!(blocks.concat(), text);
        }
    }

    #[test]
    fn a_quoted_newline_is_never_a_cut() {
        for block_bytes in 1..20 {
            for block in blocks(b"1,\"a\nb\nc\"\n2,\"d\n\"\n", block_bytes) {
                assert_eq!(memchr_iter(b'"', &block).count() % 2, 0, "{block:?}");
            }
        }
    }

    #[test]
    fn an_unclosed_quote_stays_in_one_block_with_the_rest() {
        let blocks = blocks(b"1,a\n2,\"b\n3,c\n4,d\n", 5);
        assert_eq!(blocks.last().unwrap(), b"2,\"b\n3,c\n4,d\n");
    }
}
