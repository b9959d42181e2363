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

    /// The next integers, as `made` holds them.
    pub(super) fn take<T: Copy>(
        &mut self,
        out: &mut [T],
        made: impl Fn(u32) -> T + Copy,
    ) -> Result<(), Damage> {
        self.fill(out, made, |bytes, width, taken, target| unpack(bytes, width, taken, target, made))
    }

    /// Codes of the next integers.
    pub(super) fn take_codes(&mut self, out: &mut [u8], meanings: &mut Meanings) -> Result<(), Damage> {
        meanings.fit(self.width);
        let meanings = &*meanings;
        self.fill(
            out,
            |value| meanings.of(value),
            |bytes, width, taken, target| unpack_codes(bytes, width, taken, target, meanings),
        )
    }

    /// Run by run: `made` makes what is repeated, `unpacked` what is packed in some bytes, so many bits each, so many taken.
    fn fill<T: Copy>(
        &mut self,
        out: &mut [T],
        made: impl Fn(u32) -> T,
        unpacked: impl Fn(&[u8], usize, usize, &mut [T]),
    ) -> Result<(), Damage> {
        let mut filled = 0;
        while filled < out.len() {
            if self.left == 0 {
                self.begin()?;
            }
            let count = self.left.min(out.len() - filled);
            let target = &mut out[filled..filled + count];
            match self.run {
                Run::Repeated(value) => target.fill(made(value)),
                Run::Packed(taken) => unpacked(&self.bytes[self.at..], self.width, taken, target),
            }
            self.pass(count);
            filled += count;
        }
        Ok(())
    }

    /// Passes as many of the next flags as are set, and at most so many; gives how many those were.
    ///
    /// A column hardly ever lacks a value, and this is an eighth of the work of looking at each flag.
    pub(super) fn pass_set(&mut self, most: usize) -> Result<usize, Damage> {
        let mut passed = 0;
        while passed < most {
            if self.left == 0 {
                self.begin()?;
            }
            let count = self.left.min(most - passed);
            let set = match self.run {
                Run::Repeated(value) => {
                    if value & 1 == 1 {
                        count
                    } else {
                        0
                    }
                }
                Run::Packed(taken) => set_flags(&self.bytes[self.at..], taken, count),
            };
            self.pass(set);
            passed += set;
            if set < count {
                break;
            }
        }
        Ok(passed)
    }

    fn pass(&mut self, count: usize) {
        if let Run::Packed(taken) = &mut self.run {
            *taken += count;
        }
        self.left -= count;
        if let (0, Run::Packed(taken)) = (self.left, self.run) {
            self.at = self.bytes.len().min(self.at + (taken * self.width).div_ceil(8));
        }
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

/// The codes of small integers; of several at a time where those have few bits.
#[derive(Debug)]
pub(crate) struct Meanings {
    one: [u8; 256],
    width: usize,
    /// For the bits of as many integers as fit a byte: their codes.
    several: Vec<[u8; 8]>,
}

/// How many integers of so many bits are looked up at once.
const fn at_once(width: usize) -> usize {
    match width {
        1 => 8,
        2 => 4,
        3 | 4 => 2,
        _ => 1,
    }
}

impl Meanings {
    /// By integer; [`Meanings::NONE`] is no code.
    pub(crate) fn new(one: [u8; 256]) -> Meanings {
        Meanings { one, width: 0, several: Vec::new() }
    }

    /// What integers that mean nothing become.
    pub(crate) const NONE: u8 = u8::MAX;

    fn of(&self, value: u32) -> u8 {
        self.one.get(value as usize).copied().unwrap_or(Meanings::NONE)
    }

    /// Gets ready for integers of so many bits.
    fn fit(&mut self, width: usize) {
        if std::mem::replace(&mut self.width, width) == width {
            return;
        }
        let count = at_once(width);
        let bits = if count == 1 { 0 } else { width * count };
        let codes = |all: usize| {
            std::array::from_fn(|place| match place < count {
                true => self.one[all >> (place * width) & ((1 << width) - 1)],
                false => Meanings::NONE,
            })
        };
        self.several = if count == 1 { Vec::new() } else { (0..1 << bits).map(codes).collect() };
    }
}

/// Codes of integers of `width` bits from the `first` on; that many are there, and `meanings` fit them.
fn unpack_codes(bytes: &[u8], width: usize, first: usize, out: &mut [u8], meanings: &Meanings) {
    if !(1..=4).contains(&width) {
        return unpack(bytes, width, first, out, |value| meanings.of(value));
    }
    // Eight integers fill `width` bytes; those before and after them come one by one.
    let before = ((8 - first % 8) % 8).min(out.len());
    let (start, rest) = out.split_at_mut(before);
    unpack(bytes, width, first, start, |value| meanings.of(value));
    let (eights, end) = rest.as_chunks_mut();
    let from = bytes.get((first + before) * width / 8..).unwrap_or_default();
    match width {
        1 => unpack_several::<1, 8>(from, eights, &meanings.several),
        2 => unpack_several::<2, 4>(from, eights, &meanings.several),
        3 => unpack_several::<3, 2>(from, eights, &meanings.several),
        _ => unpack_several::<4, 2>(from, eights, &meanings.several),
    }
    let passed = first + before + 8 * eights.len();
    unpack(bytes, width, passed, end, |value| meanings.of(value));
}

/// `COUNT` codes of `WIDTH` bits each from one look.
fn unpack_several<const WIDTH: usize, const COUNT: usize>(
    bytes: &[u8],
    out: &mut [[u8; 8]],
    several: &[[u8; 8]],
) {
    let mask = (1 << (WIDTH * COUNT)) - 1;
    for (group, target) in out.iter_mut().enumerate() {
        let values = window(bytes, group * WIDTH * 8);
        for (look, target) in target.chunks_exact_mut(COUNT).enumerate() {
            let bits = (values >> (look * COUNT * WIDTH)) as usize & mask;
            target.copy_from_slice(&several[bits][..COUNT]);
        }
    }
}

/// How many flags from the `first` on are set, without a gap; `count` are there.
fn set_flags(bytes: &[u8], first: usize, count: usize) -> usize {
    let mut set = 0;
    while set < count {
        let step = (count - set).min(56);
        let own = (!window(bytes, first + set)).trailing_zeros() as usize;
        set += own.min(step);
        if own < step {
            break;
        }
    }
    set
}

/// Integers of `width` bits from the `first` on; that many are there.
fn unpack<T: Copy>(bytes: &[u8], width: usize, first: usize, out: &mut [T], made: impl Fn(u32) -> T + Copy) {
    let mask = if width == 32 { u64::from(u32::MAX) } else { (1 << width) - 1 };
    let mut bit = first * width;
    let mut at = 0;
    // Eight integers of up to eight bits fill `width` bytes.
    if (1..=8).contains(&width) {
        while at < out.len() && !bit.is_multiple_of(8) {
            out[at] = made((window(bytes, bit) & mask) as u32);
            (at, bit) = (at + 1, bit + width);
        }
        let (eights, _) = out[at..].as_chunks_mut();
        let bytes = bytes.get(bit / 8..).unwrap_or_default();
        match width {
            1 => unpack_eights::<1, T>(bytes, eights, made),
            2 => unpack_eights::<2, T>(bytes, eights, made),
            3 => unpack_eights::<3, T>(bytes, eights, made),
            4 => unpack_eights::<4, T>(bytes, eights, made),
            5 => unpack_eights::<5, T>(bytes, eights, made),
            6 => unpack_eights::<6, T>(bytes, eights, made),
            7 => unpack_eights::<7, T>(bytes, eights, made),
            _ => unpack_eights::<8, T>(bytes, eights, made),
        }
        (at, bit) = (at + 8 * eights.len(), bit + 8 * width * eights.len());
    }
    for target in &mut out[at..] {
        *target = made((window(bytes, bit) & mask) as u32);
        bit += width;
    }
}

/// Eight integers of `WIDTH` bits a time, from the first bit on; a width that is known unpacks twice as fast.
fn unpack_eights<const WIDTH: usize, T: Copy>(
    bytes: &[u8],
    out: &mut [[T; 8]],
    made: impl Fn(u32) -> T + Copy,
) {
    for (group, target) in out.iter_mut().enumerate() {
        let values = window(bytes, group * WIDTH * 8);
        for (place, target) in target.iter_mut().enumerate() {
            *target = made((values >> (place * WIDTH)) as u32 & ((1 << WIDTH) - 1));
        }
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
            hybrid.take(&mut out, |value| value).unwrap();
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
    fn codes_are_those_of_the_integers_of_every_width() {
        let mut turn: u64 = 1;
        let mut random = || {
            turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (turn >> 56) as u8
        };
        let one: [u8; 256] = std::array::from_fn(|value| (value as u8).wrapping_mul(37) ^ 5);
        for width in 1..=8 {
            // Five groups of eight, a repeated one, and three groups more.
            let mut bytes = vec![0b1011];
            bytes.extend((0..5 * width).map(|_| random()));
            bytes.extend([26, 1, 0b111]);
            bytes.extend((0..3 * width).map(|_| random()));
            for counts in [vec![77], vec![1; 77], vec![3, 37, 13, 24], vec![42, 35]] {
                let expected: Vec<u8> =
                    taken(&bytes, width, &counts).iter().map(|&value| one[value as usize]).collect();
                let (mut hybrid, mut meanings) =
                    (Hybrid::new(Bytes::copy_from_slice(&bytes), width).unwrap(), Meanings::new(one));
                let mut codes = Vec::new();
                for &count in &counts {
                    let mut out = vec![0; count];
                    hybrid.take_codes(&mut out, &mut meanings).unwrap();
                    codes.extend(out);
                }
                assert_eq!(codes, expected, "{width} bits, {counts:?}");
            }
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
    fn flags_are_passed_as_far_as_they_are_set() {
        // Nine repeated ones; then a hundred and four bits, of which the last but one is not set.
        let mut bytes = vec![18, 1, 27];
        bytes.extend([0xFF; 12]);
        bytes.push(0b1011_1111);
        for steps in [vec![200], vec![9, 1, 63, 200], vec![60, 52, 1]] {
            let mut hybrid = Hybrid::new(Bytes::copy_from_slice(&bytes), 1).unwrap();
            let passed: usize = steps.iter().map(|&most| hybrid.pass_set(most).unwrap()).sum();
            assert_eq!(passed, 9 + 102);
            let mut rest = [7_u8; 2];
            hybrid.take(&mut rest, |value| value as u8).unwrap();
            assert_eq!(rest, [0, 1]);
            assert!(hybrid.pass_set(1).is_err());
        }
    }

    #[test]
    fn what_ends_too_early_is_refused() {
        for bytes in [&[][..], &[0b11], &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80], &[4], &[0]] {
            let mut hybrid = Hybrid::new(Bytes::copy_from_slice(bytes), 3).unwrap();
            assert!(hybrid.take(&mut [0; 20], |value| value).is_err(), "{bytes:?}");
        }
    }
}
