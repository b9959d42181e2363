//! Reading a file that is stored column by column: only the columns that are asked for, straight to codes.
//!
//! What a text goes through block by block (`read`), row groups go through here: threads take them in turn, and every column
//! of a block is coded by the same books as a text's cells (`worker::columns`).

use std::io;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::cells::Grammar;
use super::keys::{self, Repeated};
use super::layout::Layout;
use super::ledger::{Ledger, Position, count32};
use super::parquet::{Batch, Cursor, Parquet, Places, Reader};
use super::sav::Damage;
use super::threads::shared;
use super::worker::{CodedBlock, Table, Worker};
use crate::diag::Progress;

/// Rows of a block: a few of them fit into a cache, and there are enough of them for every thread.
const ROWS: usize = 8_192;
/// No text stands between cells; what a worker is told is never used.
const NONE: Grammar = Grammar { delimiter: b',', line_end: b'\n' };

/// Reads and codes all row groups, in file order at the end.
pub(crate) fn blocks(
    parquet: &Parquet,
    layout: &Layout,
    threads: usize,
    progress: &dyn Progress,
) -> Result<(Vec<CodedBlock>, Ledger), Damage> {
    // The number of the first block of each row group.
    let mut first = 0_usize;
    let groups: Vec<usize> = parquet
        .groups
        .iter()
        .map(|&rows| {
            first += rows.div_ceil(ROWS);
            first - rows.div_ceil(ROWS)
        })
        .collect();
    let columns: Vec<usize> =
        (0..layout.headers.len()).filter(|&column| !layout.columns[column].is_empty()).collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(0_u64);
    let work = || -> Result<(Vec<CodedBlock>, Ledger), Damage> {
        let mut worker = Worker::new(layout, NONE);
        let mut blocks = Vec::new();
        let mut reader = None;
        loop {
            let group = next.fetch_add(1, Ordering::Relaxed);
            let Some(&rows) = parquet.groups.get(group) else { break };
            if reader.is_none() {
                reader = Some(parquet.reader()?);
            }
            if let Some(reader) = &reader {
                let place = (group, groups[group], rows);
                row_group(parquet, reader, place, &columns, &mut worker, &mut blocks)?;
            }
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            *done += rows as u64;
            progress.advance(*done, parquet.rows());
        }
        Ok((blocks, worker.ledger))
    };
    let mut blocks = Vec::new();
    let mut ledger = layout.ledger();
    for (coded, found) in shared(threads, groups.len(), work)? {
        blocks.extend(coded);
        ledger.absorb(found);
    }
    blocks.sort_by_key(|block| block.index);
    Ok((blocks, ledger))
}

/// Codes one row group, block by block.
fn row_group(
    parquet: &Parquet,
    reader: &Reader,
    (group, first, rows): (usize, usize, usize),
    columns: &[usize],
    worker: &mut Worker<'_>,
    blocks: &mut Vec<CodedBlock>,
) -> Result<(), Damage> {
    let mut cursors: Vec<(usize, Cursor, Table)> = Vec::with_capacity(columns.len());
    for &column in columns.iter().filter(|&&column| !worker.skips(column)) {
        // Of a column that nobody needs, its distinct cells tell whether there is a defect to look for.
        if worker.only_checks(column)
            && let Some(cells) = parquet.cursor(reader, group, column)?.distinct()?
            && worker.has_no_defect(column, &cells)
        {
            continue;
        }
        cursors.push((column, parquet.cursor(reader, group, column)?, Table::default()));
    }
    let (mut batch, mut places, mut numbers) = (Batch::default(), Places::default(), Vec::new());
    for (block, start) in (0..rows).step_by(ROWS).enumerate() {
        let index = count32(first + block);
        let count = ROWS.min(rows - start);
        worker.begin(count);
        for (column, cursor, table) in &mut cursors {
            let mut row = 0;
            while row < count && worker.takes_places(*column) {
                let rows = match worker.known((*column, row, count - row), table) {
                    Some((codes, meanings)) => cursor.codes(codes, meanings, &mut places)?,
                    None => {
                        let rows = cursor.places(count - row, &mut places)?;
                        if rows > 0 {
                            let at = (index, *column, row);
                            worker.code_places(at, &places.at, &cursor.dictionary, table);
                        }
                        rows
                    }
                };
                if rows == 0 {
                    break;
                }
                row += rows;
            }
            while row < count && worker.takes_numbers(*column) {
                let rows = cursor.numbers(count - row, &mut numbers)?;
                if rows == 0 {
                    break;
                }
                worker.code_numbers((index, *column, row), &numbers);
                row += rows;
            }
            if row < count {
                cursor.next(count - row, &mut batch)?;
                worker.code_column((index, *column, row), &batch, &cursor.dictionary, table);
            }
        }
        blocks.push(worker.end(index, count));
    }
    Ok(())
}

/// Looks for keys that stand in more than one record.
pub(crate) fn repeated(parquet: &Parquet, column: usize) -> Result<Option<Repeated>, Damage> {
    let mut damage = None;
    let repeated = keys::repeated(|visit| {
        let mut walk = || -> Result<(), Damage> {
            let reader = parquet.reader()?;
            let (mut batch, mut block) = (Batch::default(), 0);
            for (group, &rows) in parquet.groups.iter().enumerate() {
                let mut cursor = parquet.cursor(&reader, group, column)?;
                for start in (0..rows).step_by(ROWS) {
                    cursor.next(ROWS.min(rows - start), &mut batch)?;
                    for (row, &place) in batch.at.iter().enumerate() {
                        let position = Position { block, row: count32(row), line: 0 };
                        visit(batch.cell(place, &cursor.dictionary).trim_ascii(), &|| position);
                    }
                    block += 1;
                }
            }
            Ok(())
        };
        walk().map_err(|found| {
            damage = Some(found);
            io::Error::other("damaged")
        })
    });
    match (repeated, damage) {
        (_, Some(damage)) => Err(damage),
        (repeated, None) => repeated.map_err(Damage::Io),
    }
}

/// Gives a header and all records, cell by cell, as a text has them.
pub(crate) fn each_record(
    parquet: &Parquet,
    visit: &mut dyn FnMut(&[&str]) -> io::Result<()>,
) -> Result<(), Damage> {
    let header: Vec<&str> = parquet.columns.iter().map(String::as_str).collect();
    visit(&header)?;
    let columns: Vec<usize> = (0..header.len()).filter(|&column| parquet.has_cells(column)).collect();
    let reader = parquet.reader()?;
    for (group, &rows) in parquet.groups.iter().enumerate() {
        let mut cursors = Vec::with_capacity(columns.len());
        for &column in &columns {
            cursors.push((column, parquet.cursor(&reader, group, column)?, Batch::default()));
        }
        for start in (0..rows).step_by(ROWS) {
            let count = ROWS.min(rows - start);
            for (_, cursor, batch) in &mut cursors {
                cursor.next(count, batch)?;
            }
            for row in 0..count {
                let mut cells = vec![""; header.len()];
                for (column, cursor, batch) in &cursors {
                    cells[*column] =
                        str::from_utf8(batch.cell(batch.at[row], &cursor.dictionary)).unwrap_or_default();
                }
                visit(&cells)?;
            }
        }
    }
    Ok(())
}
