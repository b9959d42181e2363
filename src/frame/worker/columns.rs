//! A block that comes column by column: places in a dictionary become codes without being words in between.

use super::super::cells::Cell;
use super::super::ledger::Here;
use super::super::parquet::{Batch, NOTHING};
use super::{CodedBlock, LOOK_UP, Role, Worker};

/// The code of each entry of a column's dictionary, as far as it is known; one for each row group.
#[derive(Debug, Default)]
pub(crate) struct Table {
    codes: Vec<u8>,
}

impl Worker<'_> {
    /// Begins a block of so many records.
    pub(crate) fn begin(&mut self, rows: usize) {
        self.prepare(rows);
    }

    /// Codes one column of the block that was begun.
    pub(crate) fn code_column(
        &mut self,
        index: u32,
        column: usize,
        batch: &Batch,
        dictionary: &[Box<[u8]>],
        table: &mut Table,
    ) {
        if self.lanes[column].skipped {
            return;
        }
        let narrow = self.lanes[column].narrow;
        table.codes.resize(dictionary.len(), LOOK_UP);
        // A blank is a code of its own where there are options; a key or a weight must be there.
        let blanks_matter = self.layout.columns[column].iter().any(|&task| {
            matches!(self.layout.tasks[task].role, Role::Key | Role::Weight | Role::Count | Role::Design(_))
        });
        for (row, &place) in batch.at.iter().enumerate() {
            if narrow
                && let Some(&code) = table.codes.get(place as usize)
                && code != LOOK_UP
            {
                self.lanes[column].codes[row] = code;
                continue;
            }
            if place == NOTHING && !blanks_matter {
                continue;
            }
            let bytes = batch.cell(place, dictionary);
            let cell = Cell { start: 0, end: bytes.len(), next: bytes.len(), last: true, doubled: false };
            let here = Here { bytes, grammar: self.grammar, block: index, row, start: 0 };
            let defects = self.defects(column);
            self.slow(column, cell, here);
            if narrow
                && defects == self.defects(column)
                && let Some(code) = table.codes.get_mut(place as usize)
            {
                *code = self.lanes[column].codes[row];
            }
        }
    }

    /// Ends the block.
    pub(crate) fn end(&mut self, index: u32, rows: usize) -> CodedBlock {
        self.finish(Here { bytes: &[], grammar: self.grammar, block: index, row: rows, start: 0 }, 0)
    }

    /// Defects of a column so far, which are told one by one.
    fn defects(&self, column: usize) -> u64 {
        let tasks = self.layout.columns[column].iter();
        tasks.map(|&task| self.ledger.tasks[task].total.map_or(0, |total| total.count)).sum()
    }
}
