//! Cases on their way into an SPSS file: packed byte by byte, and in zlib blocks.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::cases::{AS_IT_IS, NO_VALUE, NOTHING, SPACES};
use super::dictionary::ELEMENT;
use super::write::push_i32;

/// What SPSS adds to small numbers.
pub(super) const BIAS: f64 = 100.0;
/// Bytes before packing in a block of a .zsav.
pub(super) const BLOCK: usize = 0x3f_f000;

/// Packs elements: one byte for a small whole number.
#[derive(Debug, Default)]
pub(super) struct Cases {
    codes: [u8; ELEMENT],
    filled: usize,
    literals: Vec<[u8; ELEMENT]>,
    /// What is packed.
    pub(super) bytes: Vec<u8>,
}

impl Cases {
    /// The next element of a case.
    pub(super) fn put(&mut self, element: [u8; ELEMENT]) {
        let value = f64::from_le_bytes(element);
        let code = value + BIAS;
        let code = if element == *b"        " {
            SPACES
        } else if value == -f64::MAX {
            NO_VALUE
        } else if (1.0..=251.0).contains(&code)
            && code.fract() == 0.0
            && element == (code - BIAS).to_le_bytes()
        {
            code as u8
        } else {
            self.literals.push(element);
            AS_IT_IS
        };
        self.codes[self.filled] = code;
        self.filled += 1;
        if self.filled == ELEMENT {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.bytes.extend_from_slice(&self.codes);
        self.bytes.extend_from_slice(self.literals.as_flattened());
        self.codes = [NOTHING; ELEMENT];
        self.literals.clear();
        self.filled = 0;
    }

    /// Ends the last group.
    pub(super) fn end(&mut self) {
        if self.filled > 0 {
            self.codes[self.filled..].fill(NOTHING);
            self.flush();
        }
    }
}

/// The zlib blocks of a .zsav.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    packed: Vec<u8>,
    /// Unpacked and packed size of each.
    sizes: Vec<(usize, usize)>,
}

impl Blocks {
    /// Packs the next block.
    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let before = self.packed.len();
        let mut encoder = ZlibEncoder::new(&mut self.packed, Compression::default());
        encoder.write_all(bytes)?;
        encoder.finish()?;
        self.sizes.push((bytes.len(), self.packed.len() - before));
        Ok(())
    }

    /// The header of the packed data, the blocks, and their list.
    pub(super) fn write(&self, start: u64, out: &mut dyn Write) -> io::Result<()> {
        let trailer = start + 24 + self.packed.len() as u64;
        let length = 24 + 24 * self.sizes.len() as u64;
        for number in [start, trailer, length] {
            out.write_all(&number.to_le_bytes())?;
        }
        out.write_all(&self.packed)?;
        let mut list = Vec::new();
        list.extend_from_slice(&(-(BIAS as i64)).to_le_bytes());
        list.extend_from_slice(&0_i64.to_le_bytes());
        push_i32(&mut list, BLOCK);
        push_i32(&mut list, self.sizes.len());
        let (mut unpacked_at, mut packed_at) = (start, start + 24);
        for &(unpacked, packed) in &self.sizes {
            list.extend_from_slice(&unpacked_at.to_le_bytes());
            list.extend_from_slice(&packed_at.to_le_bytes());
            push_i32(&mut list, unpacked);
            push_i32(&mut list, packed);
            unpacked_at += unpacked as u64;
            packed_at += packed as u64;
        }
        out.write_all(&list)
    }
}
