//! A block that comes column by column: places in a dictionary become codes without being words in between.

use super::super::cells::Cell;
use super::super::ledger::{Here, TaskLedger};
use super::super::lookup::plain_number;
use super::super::number::Decimal;
use super::super::parquet::{Batch, Meanings, NO_PLACE, NOTHING};
use super::super::weights;
use super::{CodedBlock, Dictionary, LOOK_UP, Role, Scaled, Sink, Worker, day, look_up, number, trimmed};
use crate::schema::written;

/// The code of each entry of a column's dictionary, as far as it is known; one for each row group.
#[derive(Debug, Default)]
pub(crate) struct Table {
    codes: Vec<u8>,
    /// Entries that are not known.
    unknown: usize,
    /// The codes of places of a byte, once all entries are known.
    meanings: Option<Meanings>,
}

impl Table {
    /// Makes room for a dictionary; the place that is none is a blank.
    fn begin(&mut self, entries: usize, blank: u8) {
        let none = usize::from(NO_PLACE);
        if self.codes.is_empty() {
            self.codes.resize(entries.max(none + 1), LOOK_UP);
            self.unknown = entries;
            if entries <= none {
                self.codes[none] = blank;
            }
        }
    }
}

impl Worker<'_> {
    /// Begins a block of so many records.
    pub(crate) fn begin(&mut self, rows: usize) {
        self.prepare(rows);
    }

    /// Whether nobody wants the column.
    pub(crate) fn skips(&self, column: usize) -> bool {
        self.lanes[column].skipped
    }

    /// Whether nobody needs the replies in the column, which are only looked through for defects.
    pub(crate) fn only_checks(&self, column: usize) -> bool {
        let is_checked = |role: &Role| {
            matches!(role, Role::Single(_) | Role::Selected(_) | Role::Number(_) | Role::Date(_))
        };
        let mut tasks = self.layout.columns[column].iter().map(|&task| &self.layout.tasks[task]);
        self.watch.is_none() && tasks.all(|task| !task.needed && is_checked(&task.role))
    }

    /// Whether there is nothing to tell of any of these cells of the column.
    pub(crate) fn has_no_defect(&self, column: usize, cells: &[Box<[u8]>]) -> bool {
        self.layout.columns[column].iter().all(|&task| {
            let (mut ledger, mut known) = (TaskLedger::default(), Dictionary::default());
            let mut scaled = Scaled { values: vec![0; cells.len()], decimals: 0 };
            let mut states = vec![0; cells.len()];
            cells.iter().enumerate().all(|(row, cell)| {
                let here = Here { bytes: cell, grammar: self.grammar, block: 0, row, start: 0 };
                let cell = trimmed(cell);
                match &self.layout.tasks[task].role {
                    Role::Single(book) | Role::Selected(book) => {
                        look_up(cell, &mut known, book, &mut ledger, here);
                    }
                    Role::Number(book) => number(cell, &mut scaled, &mut states, book, &mut ledger, here),
                    Role::Date(book) => day(cell, &mut scaled, &mut states, book, &mut ledger, here),
                    _ => return false,
                }
                ledger.tells_nothing()
            })
        })
    }

    /// Whether places in a small dictionary are all that the column's cells need to be.
    pub(crate) fn takes_places(&self, column: usize) -> bool {
        self.lanes[column].narrow
    }

    /// Where the codes of a column's rows go, from the row `first` on, and what places in its dictionary mean, if nothing
    /// is left to be told of any of them.
    pub(crate) fn known<'t>(
        &mut self,
        (column, first, count): (usize, usize, usize),
        table: &'t mut Table,
    ) -> Option<(&mut [u8], (&'t mut Meanings, u8))> {
        let all = table.unknown == 0 && table.codes.len() == 256;
        let known = table.codes.first_chunk::<256>().filter(|_| all)?;
        let meanings = table.meanings.get_or_insert_with(|| {
            let mut one = *known;
            // The place that is none stands for a blank elsewhere.
            one[usize::from(NO_PLACE)] = Meanings::NONE;
            Meanings::new(one)
        });
        let lane = &mut self.lanes[column];
        Some((&mut lane.codes[first..first + count], (meanings, lane.blank)))
    }

    /// Codes rows of one column of the block that was begun, from the row `first` on, whose values are places of a byte.
    ///
    /// Cells become codes one by one until each entry of the dictionary has been met, and then all at once.
    pub(crate) fn code_places(
        &mut self,
        (index, column, first): (u32, usize, usize),
        places: &[u8],
        dictionary: &[Box<[u8]>],
        table: &mut Table,
    ) {
        table.begin(dictionary.len(), self.lanes[column].blank);
        let mut walked = 0;
        while table.unknown > 0 && walked < places.len() {
            let place = usize::from(places[walked]);
            match table.codes[place] {
                LOOK_UP => self.code_entry((index, column, first + walked), &dictionary[place], place, table),
                code => self.lanes[column].codes[first + walked] = code,
            }
            walked += 1;
        }
        let codes = &mut self.lanes[column].codes[first + walked..first + places.len()];
        if let Some(known) = table.codes.first_chunk::<256>() {
            for (code, &place) in codes.iter_mut().zip(&places[walked..]) {
                *code = known[usize::from(place)];
            }
        }
    }

    /// Codes rows of one column of the block that was begun, from the row `first` on.
    pub(crate) fn code_column(
        &mut self,
        (index, column, first): (u32, usize, usize),
        batch: &Batch,
        dictionary: &[Box<[u8]>],
        table: &mut Table,
    ) {
        let narrow = self.lanes[column].narrow;
        table.begin(dictionary.len(), self.lanes[column].blank);
        // A blank is a code of its own where there are options; a key or a weight must be there.
        let blanks_matter = self.layout.columns[column].iter().any(|&task| {
            matches!(self.layout.tasks[task].role, Role::Key | Role::Weight | Role::Count | Role::Design(_))
        });
        for (row, &place) in batch.at.iter().enumerate() {
            let row = first + row;
            if place == NOTHING {
                if blanks_matter {
                    self.code_cell((index, column, row), b"");
                }
                continue;
            }
            let cell = batch.cell(place, dictionary);
            let entry = (place as usize) < dictionary.len() && narrow;
            match table.codes.get(place as usize).filter(|_| entry) {
                Some(&LOOK_UP) => self.code_entry((index, column, row), cell, place as usize, table),
                Some(&code) => self.lanes[column].codes[row] = code,
                None => self.code_cell((index, column, row), cell),
            }
        }
    }

    /// Whether a number in the column need not be a cell.
    pub(crate) fn takes_numbers(&self, column: usize) -> bool {
        match self.layout.columns[column][..] {
            [task] => matches!(self.layout.tasks[task].role, Role::Key | Role::Weight | Role::Number(_)),
            _ => false,
        }
    }

    /// Codes rows of one column of the block that was begun, from the row `first` on, which have these numbers.
    pub(crate) fn code_numbers(&mut self, (index, column, first): (u32, usize, usize), numbers: &[Decimal]) {
        let task = self.layout.columns[column][0];
        let keeps = self.layout.keeps_keys;
        for (row, &value) in numbers.iter().enumerate() {
            let row = first + row;
            let is_taken = match (&mut self.sinks[task], &self.layout.tasks[task].role) {
                (Sink::Key(keys), _) => match u64::try_from(value.digits) {
                    Ok(key) if value.decimals == 0 => {
                        keys.push_number(key, keeps);
                        true
                    }
                    _ => false,
                },
                (Sink::Weight(scaled), _) => weights::is_plain(value) && scaled.put(row, value),
                (Sink::Number(scaled, states), Role::Number(book)) => {
                    plain_number(value, scaled, states, book, row)
                }
                _ => false,
            };
            if !is_taken {
                self.code_cell((index, column, row), written((value.digits, value.decimals)).as_bytes());
            }
        }
    }

    /// Codes a cell of the dictionary; what is a defect is told for each row.
    fn code_entry(&mut self, at: (u32, usize, usize), cell: &[u8], place: usize, table: &mut Table) {
        let (_, column, row) = at;
        let defects = self.defects(column);
        self.code_cell(at, cell);
        if defects == self.defects(column) {
            table.codes[place] = self.lanes[column].codes[row];
            table.unknown -= 1;
        }
    }

    fn code_cell(&mut self, (index, column, row): (u32, usize, usize), bytes: &[u8]) {
        let cell = Cell { start: 0, end: bytes.len(), next: bytes.len(), last: true, doubled: false };
        self.slow(column, cell, Here { bytes, grammar: self.grammar, block: index, row, start: 0 });
    }

    /// Ends the block.
    pub(crate) fn end(&mut self, index: u32, rows: usize) -> CodedBlock {
        self.finish(Here { bytes: &[], grammar: self.grammar, block: index, row: rows, start: 0 }, 0)
    }

    /// Cells of a column so far that are counted one by one: defects, and words of the respondents' own.
    fn defects(&self, column: usize) -> u64 {
        let tasks = self.layout.columns[column].iter().map(|&task| &self.ledger.tasks[task]);
        let counted = tasks.flat_map(|task| [task.total, task.free]);
        counted.flatten().map(|sighting| sighting.count).sum()
    }
}
