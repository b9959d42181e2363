//! Defects as they are found: each kind and value once, with a count and the first place.
//!
//! Workers keep ledgers of their own; merging takes sums and the earliest places, so the report
//! does not depend on who read which block.

use std::collections::{BTreeMap, HashMap, HashSet};

use memchr::memchr_iter;

use super::cells::{Grammar, QuoteDefect};
use super::corrections::Met;
use super::log::{Entry, Noted};
use super::ranking::RankFault;

/// Distinct values of one task that a ledger tells apart; beyond it only the total is told.
pub(crate) const MOST_VALUES: usize = 1_000;

/// A place in the file, ordered as the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) block: u32,
    /// Record within the block, from 0.
    pub(crate) row: u32,
    /// Line within the block, from 0.
    pub(crate) line: u32,
}

/// How often, and where first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(crate) count: u64,
    pub(crate) first: Position,
}

impl Sighting {
    fn merge(&mut self, other: Sighting) {
        self.count += other.count;
        self.first = self.first.min(other.first);
    }
}

/// The record being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) grammar: Grammar,
    pub(crate) block: u32,
    pub(crate) row: usize,
    /// Where the record begins.
    pub(crate) start: usize,
}

impl Here<'_> {
    /// Lines are counted only now, when there is something to tell.
    pub(crate) fn position(&self) -> Position {
        self.position_at(self.start)
    }

    /// The position of another byte of the record.
    pub(crate) fn position_at(&self, at: usize) -> Position {
        let line = memchr_iter(self.grammar.line_end, &self.bytes[..at.min(self.bytes.len())]).count();
        Position { block: self.block, row: count32(self.row), line: count32(line) }
    }
}

pub(crate) fn count32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How a column of values `auto` was read, with the first cell of each reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Code,
    Label,
    Either,
}

/// Defects of one task.
#[derive(Debug, Default)]
pub(crate) struct TaskLedger {
    /// Values that mean nothing here.
    pub(crate) values: HashMap<Box<str>, Sighting>,
    /// All cells with such values.
    pub(crate) total: Option<Sighting>,
    /// More than [`MOST_VALUES`] of them differ.
    pub(crate) overfull: bool,
    /// Blank cells where none may be.
    pub(crate) blank: Option<Sighting>,
    /// Keys that are no respondent's: the header again, a line of totals.
    pub(crate) furniture: Option<Sighting>,
    /// First cell of each reading: position and value.
    pub(crate) classes: BTreeMap<Class, (Position, Box<str>)>,
    /// Replies with an exclusive option beside another one.
    pub(crate) exclusive: Option<Sighting>,
    /// Orders that cannot be, at the first column of a rank question.
    pub(crate) faults: BTreeMap<RankFault, Sighting>,
    /// Cells of the column that were no words of the standard set (外字), each distinct one once.
    pub(crate) private: Option<Sighting>,
    /// Cells with words of the respondents' own.
    pub(crate) free: Option<Sighting>,
    /// Replies of a multi question that lenient reading made missing.
    pub(crate) made_missing: u64,
    /// Row and defect of the block at hand, where every one is kept.
    pub(crate) log: Option<Vec<(u32, Noted)>>,
}

/// A fault of quotes and where the cell concerned begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QuoteFault {
    pub(crate) defect: QuoteDefect,
    pub(crate) at: Position,
}

/// Bytes that are no text in the file's encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadBytes {
    pub(crate) at: Position,
    /// Offset in the file.
    pub(crate) offset: u64,
    /// Place in its line, from 1, in bytes.
    pub(crate) column: u64,
    pub(crate) byte: u8,
}

/// Everything found by one worker, or by all.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) tasks: Vec<TaskLedger>,
    /// Records with another number of fields, by the number found.
    pub(crate) ragged: BTreeMap<usize, Sighting>,
    /// Those records, by block: what stands in their cells belongs to nobody knows which column.
    pub(crate) broken: HashSet<(u32, u32)>,
    pub(crate) quote: Option<QuoteFault>,
    pub(crate) bad_bytes: Option<BadBytes>,
    pub(crate) nul: Option<Sighting>,
    /// Marks of the end with text after them.
    pub(crate) ctrl_z: Option<Sighting>,
    /// Characters of Japan's private range, which no two machines show alike (外字).
    pub(crate) private: Option<Sighting>,
    /// A record too long to hold.
    pub(crate) overlong: Option<Position>,
    /// Every defect of the blocks read, where that was asked for.
    pub(crate) log: Option<Vec<Entry>>,
    /// There were more than are kept.
    pub(crate) log_cut: bool,
    /// Corrections whose record was met.
    pub(crate) met: Vec<Met>,
}

/// As much of a value as is ever shown.
fn clipped(value: &str) -> Box<str> {
    let end = value.char_indices().nth(MOST_SHOWN).map_or(value.len(), |(at, _)| at);
    value[..end].into()
}

/// Characters of a value that a log keeps: labels are shorter, and enough of what is not one to know it by.
const MOST_SHOWN: usize = 200;

/// Counts one more, keeping the first place.
pub(crate) fn count(slot: &mut Option<Sighting>, here: impl FnOnce() -> Position) {
    match slot {
        Some(sighting) => sighting.count += 1,
        None => *slot = Some(Sighting { count: 1, first: here() }),
    }
}

fn merge(slot: &mut Option<Sighting>, other: Option<Sighting>) {
    match (slot.as_mut(), other) {
        (Some(sighting), Some(other)) => sighting.merge(other),
        (None, other) => *slot = other,
        (Some(_), None) => {}
    }
}

impl TaskLedger {
    /// A value that means nothing here.
    pub(crate) fn value(&mut self, value: &str, here: Here<'_>) {
        self.note(here, || Noted::Value(clipped(value)));
        count(&mut self.total, || here.position());
        if let Some(sighting) = self.values.get_mut(value) {
            sighting.count += 1;
        } else if self.values.len() < MOST_VALUES {
            self.values.insert(value.into(), Sighting { count: 1, first: here.position() });
        } else {
            self.overfull = true;
        }
    }

    /// A blank where none may be.
    pub(crate) fn blank(&mut self, here: Here<'_>) {
        self.note(here, || Noted::Blank);
        count(&mut self.blank, || here.position());
    }

    /// A key that is no respondent's.
    pub(crate) fn furniture(&mut self, here: Here<'_>) {
        self.note(here, || Noted::Furniture);
        count(&mut self.furniture, || here.position());
    }

    /// Something in a column without a name.
    pub(crate) fn unnamed(&mut self, here: Here<'_>) {
        self.note(here, || Noted::Unnamed);
        count(&mut self.total, || here.position());
    }

    /// Nothing has been found, and how cells were read was never in doubt.
    pub(crate) fn tells_nothing(&self) -> bool {
        let counted = [self.total, self.blank, self.private, self.free];
        counted.iter().all(Option::is_none) && self.classes.is_empty()
    }

    fn note(&mut self, here: Here<'_>, noted: impl FnOnce() -> Noted) {
        if let Some(log) = &mut self.log {
            log.push((count32(here.row), noted()));
        }
    }

    /// The column was read so, here.
    pub(crate) fn class(&mut self, class: Class, value: &str, here: Here<'_>) {
        self.classes.entry(class).or_insert_with(|| (here.position(), value.into()));
    }

    fn absorb(&mut self, other: TaskLedger) {
        for (value, sighting) in other.values {
            match self.values.get_mut(&value) {
                Some(own) => own.merge(sighting),
                None => {
                    self.values.insert(value, sighting);
                }
            }
        }
        self.overfull |= other.overfull || self.values.len() > MOST_VALUES;
        merge(&mut self.total, other.total);
        merge(&mut self.blank, other.blank);
        merge(&mut self.furniture, other.furniture);
        merge(&mut self.exclusive, other.exclusive);
        merge(&mut self.private, other.private);
        merge(&mut self.free, other.free);
        for (fault, sighting) in other.faults {
            self.faults.entry(fault).and_modify(|own| own.merge(sighting)).or_insert(sighting);
        }
        self.made_missing += other.made_missing;
        for (class, first) in other.classes {
            let own = self.classes.entry(class).or_insert_with(|| first.clone());
            if first.0 < own.0 {
                *own = first;
            }
        }
    }
}

impl Ledger {
    /// An empty ledger for so many tasks.
    pub(crate) fn new(tasks: usize) -> Ledger {
        Ledger { tasks: (0..tasks).map(|_| TaskLedger::default()).collect(), ..Ledger::default() }
    }

    /// Leaves out values seen first in a broken record: a comma lost, and words of the respondent's own would be told
    /// as the value of another question. What else has them is told when the records are whole.
    pub(crate) fn forget_values_of_broken_records(&mut self) {
        let broken = &self.broken;
        let whole = |at: &Position| !broken.contains(&(at.block, at.row));
        for task in self.tasks.iter_mut().filter(|_| !broken.is_empty()) {
            task.values.retain(|_, sighting| whole(&sighting.first));
            task.classes.retain(|_, (at, _)| whole(at));
        }
    }

    /// Takes over what another worker found.
    pub(crate) fn absorb(&mut self, other: Ledger) {
        for (own, other) in self.tasks.iter_mut().zip(other.tasks) {
            own.absorb(other);
        }
        for (found, sighting) in other.ragged {
            self.ragged.entry(found).and_modify(|own| own.merge(sighting)).or_insert(sighting);
        }
        self.quote = self.quote.into_iter().chain(other.quote).min_by_key(|fault| fault.at);
        self.bad_bytes = self.bad_bytes.into_iter().chain(other.bad_bytes).min_by_key(|bad| bad.offset);
        merge(&mut self.nul, other.nul);
        merge(&mut self.ctrl_z, other.ctrl_z);
        merge(&mut self.private, other.private);
        self.overlong = self.overlong.into_iter().chain(other.overlong).min();
        self.log_cut |= other.log_cut;
        self.met.extend(other.met);
        self.broken.extend(other.broken);
        if let Some(log) = other.log {
            self.log.get_or_insert_default().extend(log);
        }
    }
}
