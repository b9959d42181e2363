//! Runs of small integers as Parquet packs them: repeated ones, and bits side by side.

use bytes::Bytes;

use super::Damage;

/// Reads the integers of a page one after another (RLE and bit-packing, hybrid).
#[derive(Debug)]
pub(super) struct Hybrid {
    bytes: Bytes,
    at: usize,
    /// Bits of an integer.
    width: usize,
    /// Integers of the run at hand that are still to come.
    left: usize,
    run: Run,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Repeated(u32),
    /// How many of the packed integers are taken.
    Packed(usize),
}

impl Hybrid {
    /// Integers of so many bits.
    pub(super) fn new(bytes: Bytes, width: usize) -> Result<Hybrid, Damage> {
        if width > 32 {
            return Err(Damage::bad(format!("expected integers of at most 32 bits, found {width}")));
        }
        Ok(Hybrid { bytes, at: 0, width, left: 0, run: Run::Repeated(0) })
    }

    /// The next integers.
    pub(super) fn take(&mut self, out: &mut [u32]) -> Result<(), Damage> {
        let mut filled = 0;
        while filled < out.len() {
            if self.left == 0 {
                self.begin()?;
            }
            let count = self.left.min(out.len() - filled);
            let target = &mut out[filled..filled + count];
            match &mut self.run {
                Run::Repeated(value) => target.fill(*value),
                Run::Packed(taken) => {
                    unpack(&self.bytes[self.at..], self.width, *taken, target);
                    *taken += count;
                }
            }
            self.left -= count;
            filled += count;
            if let (0, Run::Packed(taken)) = (self.left, self.run) {
                self.at = self.bytes.len().min(self.at + (taken * self.width).div_ceil(8));
            }
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Damage> {
        let short = || Damage::bad("a page ends before its values");
        let mut header = 0_u64;
        for shift in (0..).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or_else(short)?;
            self.at += 1;
            header |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            if shift >= 28 {
                return Err(Damage::bad("a run of values is longer than a page"));
            }
        }
        let count = usize::try_from(header >> 1).unwrap_or(usize::MAX);
        if header & 1 == 1 {
            let there = (self.bytes.len() - self.at) * 8 / self.width.max(1);
            // The last eight may be cut where nobody needs them.
            self.left = (count * 8).min(if self.width == 0 { count * 8 } else { there });
            self.run = Run::Packed(0);
        } else {
            let bytes = self.width.div_ceil(8);
            let value = self.bytes.get(self.at..self.at + bytes).ok_or_else(short)?;
            let value = value.iter().rev().fold(0_u32, |value, &byte| value << 8 | u32::from(byte));
            self.at += bytes;
            self.left = count;
            self.run = Run::Repeated(value);
        }
        if self.left == 0 { Err(short()) } else { Ok(()) }
    }
}

/// Integers of `width` bits from the `first` on; that many are there.
fn unpack(bytes: &[u8], width: usize, first: usize, out: &mut [u32]) {
    let mask = if width == 32 { u64::from(u32::MAX) } else { (1 << width) - 1 };
    let mut bit = first * width;
    let mut at = 0;
    // Eight integers of up to eight bits fill `width` bytes.
    if width <= 8 {
        while at < out.len() && !bit.is_multiple_of(8) {
            out[at] = (window(bytes, bit) & mask) as u32;
            (at, bit) = (at + 1, bit + width);
        }
        while at + 8 <= out.len() {
            let mut values = window(bytes, bit);
            for target in &mut out[at..at + 8] {
                *target = (values & mask) as u32;
                values >>= width;
            }
            (at, bit) = (at + 8, bit + 8 * width);
        }
    }
    for target in &mut out[at..] {
        *target = (window(bytes, bit) & mask) as u32;
        bit += width;
    }
}

/// Eight bytes from this bit on; at least 57 bits of them count.
#[inline]
fn window(bytes: &[u8], bit: usize) -> u64 {
    let start = bit / 8;
    let value = match bytes.get(start..).and_then(|rest| rest.first_chunk()) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => {
            let mut eight = [0; 8];
            let rest = bytes.get(start..).unwrap_or_default();
            eight[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(eight)
        }
    };
    value >> (bit % 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8], width: usize, counts: &[usize]) -> Vec<u32> {
        let mut hybrid = Hybrid::new(Bytes::copy_from_slice(bytes), width).unwrap();
        let mut all = Vec::new();
        for &count in counts {
            let mut out = vec![0; count];
            hybrid.take(&mut out).unwrap();
            all.extend(out);
        }
        all
    }

    #[test]
    fn runs_are_read_whatever_the_steps() {
        // The specification's example: 0 to 7 in three bits, then five times 4.
        let bytes = [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010, 0b1010, 4];
        let expected = [0, 1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 4, 4];
        for counts in [vec![13], vec![1; 13], vec![3, 10], vec![9, 4]] {
            assert_eq!(taken(&bytes, 3, &counts), expected);
        }
    }

    #[test]
    fn wide_integers_cross_bytes() {
        let values: Vec<u32> = (0..16).map(|number| number * 4097 % 131_072).collect();
        let (mut bits, mut packed, mut held) = (0_u64, vec![0b101], 0);
        for value in &values {
            bits |= u64::from(*value) << held;
            held += 17;
            while held >= 8 {
                packed.push(bits as u8);
                bits >>= 8;
                held -= 8;
            }
        }
        assert_eq!(taken(&packed, 17, &[5, 11]), values);
    }

    #[test]
    fn what_ends_too_early_is_refused() {
        for bytes in [&[][..], &[0b11], &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80], &[4], &[0]] {
            let mut hybrid = Hybrid::new(Bytes::copy_from_slice(bytes), 3).unwrap();
            assert!(hybrid.take(&mut [0; 20]).is_err(), "{bytes:?}");
        }
    }
}
