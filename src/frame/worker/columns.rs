//! A block that comes column by column: places in a dictionary become codes without being words in between.

use super::super::cells::Cell;
use super::super::ledger::Here;
use super::super::parquet::{Batch, NO_PLACE, NOTHING};
use super::{CodedBlock, LOOK_UP, Role, Worker};

/// The code of each entry of a column's dictionary, as far as it is known; one for each row group.
#[derive(Debug, Default)]
pub(crate) struct Table {
    codes: Vec<u8>,
    /// Entries that are not known.
    unknown: usize,
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

    /// Whether places in a small dictionary are all that the column's cells need to be.
    pub(crate) fn takes_places(&self, column: usize) -> bool {
        self.lanes[column].narrow
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
