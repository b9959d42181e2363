//! Replies to multi questions, folded from a column for each option or unpacked from one.

use super::Replies;
use super::coding::{FIRST_MISSING, SELECTED};
use super::packed::{PackedBook, PackedReading, PackedReply};

/// Folds the columns of one multi question, one after another.
pub(crate) struct Fold {
    octets: Vec<Vec<u8>>,
    /// For each reply the greatest code from [`FIRST_MISSING`] on; empty where none can be.
    special: Vec<u16>,
    /// Selecting nothing, whether cells are 0 or blank, is a reply.
    none_is_reply: bool,
    states: bool,
    rows: usize,
}

/// A folded multi question.
pub(crate) struct Folded {
    pub(crate) replies: Replies,
    /// Replies with a cell that means nothing.
    pub(crate) made_missing: u64,
    /// Replies with an exclusive option beside another: how many, and the first.
    pub(crate) exclusive: (u64, Option<usize>),
}

impl Fold {
    /// Room for a block; `dirty`: some cell may mean nothing.
    pub(crate) fn new(rows: usize, options: usize, states: bool, none_is_reply: bool, dirty: bool) -> Fold {
        Fold {
            octets: vec![vec![0; rows]; options.div_ceil(8)],
            special: vec![0; if states || dirty { rows } else { 0 }],
            none_is_reply,
            states,
            rows,
        }
    }

    /// Takes the codes of one option's column.
    pub(crate) fn column<T: Copy + Into<u16>>(&mut self, option: usize, codes: &[T]) {
        let bit = option % 8;
        for (octet, &code) in self.octets[option / 8].iter_mut().zip(codes) {
            *octet |= u8::from(code.into() == SELECTED) << bit;
        }
        for (special, &code) in self.special.iter_mut().zip(codes) {
            let code = code.into();
            *special = (*special).max(if code >= FIRST_MISSING { code } else { 0 });
        }
    }

    /// The replies; `unknown` is the code of cells that mean nothing.
    pub(crate) fn finish(mut self, unknown: u16, exclusive: &[usize]) -> Folded {
        let mut made_missing = 0;
        let mut states = vec![0u8; if self.states { self.rows } else { 0 }];
        for row in 0..self.special.len() {
            let special = self.special[row];
            if special != 0 {
                self.octets.iter_mut().for_each(|octet| octet[row] = 0);
            }
            made_missing += u64::from(special == unknown);
            if !self.states {
                continue;
            }
            states[row] = if special == unknown {
                1
            } else if special != 0 {
                u8::try_from(special - 1).unwrap_or(u8::MAX)
            } else if self.none_is_reply || self.octets.iter().any(|octet| octet[row] != 0) {
                0
            } else {
                1
            };
        }
        let exclusive = broken_exclusions(&self.octets, exclusive, self.rows);
        let states = self.states.then_some(states);
        Folded { replies: Replies::Multi { octets: self.octets, states }, made_missing, exclusive }
    }
}

/// How many replies have an exclusive option beside another, and the first.
fn broken_exclusions(octets: &[Vec<u8>], exclusive: &[usize], rows: usize) -> (u64, Option<usize>) {
    if exclusive.is_empty() {
        return (0, None);
    }
    let mut count = 0;
    let mut first = None;
    for row in 0..rows {
        let has = |option: &usize| octets[option / 8][row] >> (option % 8) & 1 == 1;
        let selected = || octets.iter().map(|octet| octet[row].count_ones()).sum::<u32>();
        if exclusive.iter().any(has) && selected() > 1 {
            count += 1;
            first = first.or(Some(row));
        }
    }
    (count, first)
}

/// The replies of a packed column; also as labels where the column may mean either, and how many
/// have an exclusive option beside another with the first of them.
pub(crate) fn unpack(
    book: &PackedBook,
    readings: &[PackedReading],
    places: &[u32],
) -> (Replies, Option<Replies>, (u64, Option<usize>)) {
    let (octets, states) = (book.octets(), book.states);
    let replies = unpack_as(readings, places, octets, states, false);
    let as_labels = book.ambiguous.then(|| unpack_as(readings, places, octets, states, true));
    let broken = |&(_, &place): &(usize, &u32)| {
        reply(readings, place, false).is_some_and(|reply| reply.exclusive_broken)
    };
    let count = places.iter().enumerate().filter(broken).count() as u64;
    let first = places.iter().enumerate().find(broken).map(|(row, _)| row);
    (replies, as_labels, (count, first))
}

fn reply(readings: &[PackedReading], place: u32, label: bool) -> Option<&PackedReply> {
    readings.get(usize::try_from(place).ok()?).and_then(|reading| reading.reply(label))
}

fn unpack_as(
    readings: &[PackedReading],
    places: &[u32],
    octets: usize,
    states: bool,
    label: bool,
) -> Replies {
    let mut unpacked = vec![vec![0u8; places.len()]; octets];
    let mut state = vec![1u8; if states { places.len() } else { 0 }];
    for (row, &place) in places.iter().enumerate() {
        let Some(reply) = reply(readings, place, label) else { continue };
        for (target, &octet) in unpacked.iter_mut().zip(&reply.octets) {
            target[row] = octet;
        }
        if states {
            state[row] = reply.state;
        }
    }
    Replies::Multi { octets: unpacked, states: states.then_some(state) }
}
