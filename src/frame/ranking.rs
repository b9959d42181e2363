//! Rank questions: who stands at which place, folded from a column a place, a column an option, or
//! one column with the options in order.

use super::Replies;
use super::packed::PackedReading;
use super::route::narrowed;
use crate::schema::QuestionIndex;

/// How the places of a rank question are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// A column a place, holding the option.
    ByPlace,
    /// A column an option, holding the place.
    ByOption,
    /// One column, holding the options in order.
    InOrder,
}

/// A rank question in a file.
#[derive(Debug)]
pub(crate) struct Ranking {
    pub(crate) question: QuestionIndex,
    /// The question of each place.
    pub(crate) places: Vec<QuestionIndex>,
    /// The task of each column.
    pub(crate) tasks: Vec<usize>,
    pub(crate) written: Written,
    pub(crate) options: usize,
    /// Declared missing codes.
    pub(crate) missing: usize,
    pub(crate) needed: bool,
}

/// What cannot be in an order; each kind is told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RankFault {
    /// One option at two places.
    Twice,
    /// Two options at one place.
    Shared,
    /// A place left out before a later one.
    Gap,
    /// More options than places.
    Beyond,
}

/// The folded replies of a block.
pub(crate) struct Ranked {
    pub(crate) replies: Vec<(QuestionIndex, Replies)>,
    /// Faults with the record of each, in order.
    pub(crate) faults: Vec<(RankFault, usize)>,
    /// Replies with a fault, or with a cell that means nothing.
    pub(crate) broken: u64,
}

/// One reply: its state, and the code at each place (the option, or that of a state).
type Row = (u8, Vec<u16>);

impl Ranking {
    /// Code of a blank at a place; declared missing codes and "not asked" follow it.
    fn blank(&self) -> u16 {
        small(self.options)
    }

    /// Folds the codes of the columns.
    pub(crate) fn fold(&self, rows: usize, code: &dyn Fn(usize, usize) -> u16) -> Ranked {
        self.collect(rows, &|row| {
            let codes: Vec<u16> = (0..self.tasks.len()).map(|column| code(column, row)).collect();
            match self.written {
                Written::ByOption => self.by_option(&codes),
                Written::ByPlace | Written::InOrder => self.by_place(codes),
            }
        })
    }

    /// Folds the readings of one column in order.
    pub(crate) fn fold_in_order(&self, readings: &[PackedReading], replies: &[u32]) -> Ranked {
        self.collect(replies.len(), &|row| {
            if replies[row] == u32::MAX {
                return Ok(self.silent(1));
            }
            let reading = usize::try_from(replies[row]).ok().and_then(|place| readings.get(place));
            let Some(reply) = reading.and_then(|reading| reading.reply(false)) else { return Err(None) };
            if reply.state != 0 {
                return Ok(self.silent(reply.state));
            }
            match () {
                () if reply.gap => Err(Some(RankFault::Gap)),
                () if reply.order.len() > self.places.len() => Err(Some(RankFault::Beyond)),
                () => {
                    let mut codes = reply.order.clone();
                    codes.resize(self.places.len(), self.blank());
                    self.by_place(codes)
                }
            }
        })
    }

    /// The option at each place.
    fn by_place(&self, codes: Vec<u16>) -> Result<Row, Option<RankFault>> {
        let unknown = self.blank() + small(self.missing) + 2;
        let given = |code: &u16| *code < self.blank();
        if codes.iter().any(|code| *code >= unknown) {
            return Err(None);
        }
        let ranked = codes.iter().filter(|code| given(code)).count();
        if ranked == 0 {
            // The greatest: a code says more than a blank.
            let state = codes.iter().max().map_or(1, |code| code - self.blank() + 1);
            return Ok(self.silent(u8::try_from(state).unwrap_or(u8::MAX)));
        }
        if !codes[..ranked].iter().all(given) {
            return Err(Some(RankFault::Gap));
        }
        if (1..ranked).any(|place| codes[..place].contains(&codes[place])) {
            return Err(Some(RankFault::Twice));
        }
        Ok((0, codes))
    }

    /// The place of each option.
    fn by_option(&self, codes: &[u16]) -> Result<Row, Option<RankFault>> {
        let blank = small(self.places.len());
        if codes.iter().any(|code| *code >= blank + small(self.missing) + 2) {
            return Err(None);
        }
        if let Some(state) = codes.iter().filter(|code| **code > blank).max() {
            return Ok(self.silent(u8::try_from(state - blank + 1).unwrap_or(u8::MAX)));
        }
        let mut places = vec![self.blank(); self.places.len()];
        for (option, &place) in codes.iter().enumerate().filter(|(_, place)| **place < blank) {
            let slot = &mut places[usize::from(place)];
            if *slot != self.blank() {
                return Err(Some(RankFault::Shared));
            }
            *slot = small(option);
        }
        self.by_place(places)
    }

    /// A reply with nothing at any place: each place has the question's state.
    fn silent(&self, state: u8) -> Row {
        (state, vec![self.blank() + u16::from(state) - 1; self.places.len()])
    }

    fn collect(&self, rows: usize, reply: &dyn Fn(usize) -> Result<Row, Option<RankFault>>) -> Ranked {
        let mut octets = vec![vec![0_u8; rows]; self.options.div_ceil(8)];
        let mut states = vec![0_u8; rows];
        let mut places = vec![vec![0_u16; rows]; self.places.len()];
        let (mut faults, mut broken) = (Vec::new(), 0);
        for row in 0..rows {
            let (state, codes) = reply(row).unwrap_or_else(|fault| {
                broken += 1;
                faults.extend(fault.map(|fault| (fault, row)));
                self.silent(1)
            });
            states[row] = state;
            for (place, code) in places.iter_mut().zip(codes) {
                place[row] = code;
                if code < self.blank() {
                    octets[usize::from(code) / 8][row] |= 1 << (code % 8);
                }
            }
        }
        let codes = self.options + self.missing + 2;
        let singles = places.into_iter().map(|place| Replies::Single(narrowed(place, codes)));
        let mut replies: Vec<(QuestionIndex, Replies)> = self.places.iter().copied().zip(singles).collect();
        replies.push((self.question, Replies::Multi { octets, states: Some(states) }));
        Ranked { replies, faults, broken }
    }
}

fn small(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
