//! Every defect of a file, for whoever must mend it: what reading otherwise tells once for each value.
//!
//! Kept only when asked for ([`super::ReadOptions::log`]). Each worker keeps the first [`MOST`] of the blocks it
//! reads, in file order; the first [`MOST`] of all are among them, whoever read which block.

use std::collections::HashMap;

use super::Number;
use super::date::NotDate;
use super::defect::{Places, classified, in_file, mixed};
use super::layout::{Layout, Role};
use super::ledger::{Ledger, MOST_VALUES};
use super::ranking::RankFault;
use super::resubmission::SupersededRecord;
use super::worker::CodedBlock;
use crate::schema::{QuestionIndex, Survey};

/// Defects that are kept.
pub const MOST: usize = 100_000;

/// What was noted while reading.
#[derive(Debug, Default)]
pub struct Log {
    /// The files, in order: the headers of each, and the first block of the dataset that is its.
    pub files: Vec<LoggedFile>,
    /// Records that do not count, for another one of the same respondent does: file and record.
    pub superseded: Vec<(usize, SupersededRecord)>,
    /// Defects in file order, at most [`MOST`].
    pub defects: Vec<CellDefect>,
    /// There were more defects than are kept.
    pub cut: bool,
    /// Where the records of each block stand in the file.
    pub blocks: Vec<Records>,
    /// Answers of those who were not asked, by block; where there are more than [`MOST`], at least the first so many.
    pub overridden: Vec<Overridden>,
}

/// A file of the dataset.
#[derive(Debug, Default)]
pub struct LoggedFile {
    /// As the user gave it.
    pub name: String,
    /// Headers of the columns, in file order.
    pub headers: Vec<String>,
    /// Its first block of the dataset.
    pub first_block: usize,
}

/// The records of a block in the file.
#[derive(Debug, Default)]
pub struct Records {
    /// Records before the block.
    before: u64,
    /// Lines before the block.
    lines_before: u64,
    /// The line of each record within the block; `None`: each record is one line.
    lines: Option<Vec<u32>>,
    /// Records of the block that were not read, ascending.
    left_out: Vec<u32>,
    /// Records that could not be read as a whole, ascending: nothing can be said of their answers.
    pub broken: Vec<u32>,
    /// How long each respondent took, with its decimals, where that is declared.
    pub durations: Option<(Number, u32)>,
    /// Of the words of each record's texts a hash, so that records can be compared without keeping them.
    pub words: Vec<u64>,
}

/// A cell, or a record, that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDefect {
    /// Block of the dataset.
    pub block: usize,
    /// Row of the block.
    pub row: usize,
    /// Place of the column, if it is a column's.
    pub column: Option<usize>,
    /// The question, if it is one's.
    pub question: Option<QuestionIndex>,
    /// What is wrong.
    pub fault: Fault,
    /// The cell as it stands, or the part of it that is wrong.
    pub value: Option<Box<str>>,
    /// What may have happened.
    pub hint: Option<Hint>,
}

/// What is wrong with a cell or a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No option, no mark of selected, or no place.
    Unknown,
    /// So many options where one is expected.
    SeveralAnswers(usize),
    /// No number.
    NotNumber,
    /// No date.
    NotDate,
    /// A number or a date outside the question's limits.
    OutOfRange,
    /// No weight.
    Weight,
    /// No count of respondents.
    Count,
    /// No key.
    BlankKey,
    /// The header again, or a line of totals.
    Furniture,
    /// Another number of fields.
    Fields {
        /// As many as the header has.
        expected: usize,
        /// As many as the record has.
        found: usize,
    },
    /// Something in a column without a name.
    Unnamed,
    /// Codes and labels in one column.
    Mixed,
    /// An order that cannot be.
    Rank(RankFault),
}

/// What may have happened to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// It looks like a word for 無回答 that is not declared.
    Undeclared,
    /// The check digit is wrong: name and right code of the municipality.
    CheckDigit(String, String),
    /// A leading zero was dropped.
    LostZero,
    /// Excel made a date of it; the option, where it is known.
    Dated(Option<String>),
    /// Excel wrote it with an exponent.
    Exponent,
    /// The label that is nearest.
    Nearest(String),
    /// The column's own name: exports were joined.
    Header,
    /// Why it is no date.
    Date(NotDate),
}

/// An answer of somebody who was not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overridden {
    /// Block of the dataset.
    pub block: usize,
    /// Row of the block.
    pub row: usize,
    /// The question.
    pub question: QuestionIndex,
    /// The answer, where it is no words.
    pub value: Option<String>,
    /// The first option of an answer of several.
    pub option: Option<usize>,
}

/// Where answers of those who were not asked are noted.
pub(crate) struct Noting<'a> {
    /// Block of the dataset.
    pub(crate) block: usize,
    /// The questions of which they are.
    pub(crate) questions: &'a [QuestionIndex],
    pub(crate) overridden: &'a mut Vec<Overridden>,
}

/// A defect as a worker notes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) block: u32,
    pub(crate) row: u32,
    pub(crate) task: Option<usize>,
    pub(crate) column: usize,
    pub(crate) noted: Noted,
}

/// What was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Noted {
    Value(Box<str>),
    Blank,
    Furniture,
    Unnamed,
    Fields(usize),
    Rank(RankFault),
}

impl Log {
    /// Record and line, both from 1, of a row of the dataset.
    pub fn place(&self, block: usize, row: usize) -> (u64, u64) {
        let Some(records) = self.blocks.get(block) else { return (0, 0) };
        let line =
            records.lines.as_ref().and_then(|lines| lines.get(row)).map_or(row as u64, |&line| line.into());
        let row = in_file(super::ledger::count32(row), &records.left_out);
        (records.before + u64::from(row) + 1, records.lines_before + line + 1)
    }

    /// The file that a block of the dataset is of.
    pub fn file_of(&self, block: usize) -> usize {
        self.files.partition_point(|file| file.first_block <= block).saturating_sub(1)
    }

    /// Puts the log of another file behind, whose blocks stand after so many.
    pub(crate) fn append(&mut self, mut other: Log, blocks: usize) {
        let files = self.files.len();
        for file in &mut other.files {
            file.first_block += blocks;
        }
        other.defects.iter_mut().for_each(|defect| defect.block += blocks);
        other.overridden.iter_mut().for_each(|own| own.block += blocks);
        self.files.append(&mut other.files);
        self.superseded.extend(other.superseded.into_iter().map(|(file, record)| (file + files, record)));
        self.defects.append(&mut other.defects);
        self.overridden.append(&mut other.overridden);
        self.blocks.append(&mut other.blocks);
        self.cut |= other.cut || self.defects.len() > MOST;
        self.defects.truncate(MOST);
    }
}

impl Ledger {
    /// Takes over the defects of a block, in file order, as long as there is room.
    pub(crate) fn log_block(&mut self, mut entries: Vec<Entry>) {
        let Some(log) = &mut self.log else { return };
        entries.sort_by_key(|entry| (entry.row, entry.column));
        self.log_cut |= log.len() + entries.len() > MOST;
        entries.truncate(MOST - log.len().min(MOST));
        log.append(&mut entries);
    }
}

/// The log of a file; `coded` are its blocks in file order, of which the empty ones make no block of the dataset.
pub(crate) fn log(
    ledger: &mut Ledger,
    layout: &Layout,
    survey: &Survey,
    places: &Places,
    coded: &mut [CodedBlock],
) -> Log {
    let mut entries = ledger.log.take().unwrap_or_default();
    entries.sort_by_key(|entry| (entry.block, entry.row, entry.column));
    let cut = ledger.log_cut || entries.len() > MOST;
    entries.truncate(MOST);
    let mut block_of: HashMap<u32, usize> = HashMap::new();
    let mut blocks = Vec::new();
    for block in coded.iter_mut().filter(|block| block.rows > 0) {
        block_of.insert(block.index, blocks.len());
        let mut records = std::mem::take(&mut block.records);
        ((records.before, records.lines_before), records.left_out) = places.block(block.index);
        blocks.push(records);
    }
    // Each distinct value is judged once; hints are looked for as long as there are not too many.
    let mut judged: HashMap<(usize, Box<str>), (Fault, Option<Hint>)> = HashMap::new();
    let mut defects: Vec<CellDefect> = entries
        .into_iter()
        .filter_map(|entry| {
            let task = entry.task.map(|task| &layout.tasks[task]);
            let question = task.and_then(|task| task.question);
            let block = *block_of.get(&entry.block)?;
            let mut hint = None;
            let mut value = None;
            let fault = match (entry.noted, task.map(|task| &task.role)) {
                (Noted::Blank, Some(Role::Weight)) => Fault::Weight,
                (Noted::Blank, Some(Role::Count)) => Fault::Count,
                (Noted::Blank, _) => Fault::BlankKey,
                (Noted::Furniture, _) => Fault::Furniture,
                (Noted::Unnamed, _) => Fault::Unnamed,
                (Noted::Fields(found), _) => Fault::Fields { expected: layout.headers.len(), found },
                (Noted::Rank(fault), _) => Fault::Rank(fault),
                (Noted::Value(cell), role) => {
                    let fault = match (role, question, task) {
                        (Some(Role::Weight), ..) => Fault::Weight,
                        (Some(Role::Count), ..) => Fault::Count,
                        (_, Some(question), Some(task)) => {
                            let key = (entry.task.unwrap_or_default(), cell.clone());
                            let hinted = judged.len() < MOST_VALUES * 10;
                            let header = &layout.headers[task.column];
                            let own = &survey.questions[question];
                            let (fault, found) = judged
                                .entry(key)
                                .or_insert_with(|| classified(&cell, task, own, header, hinted));
                            hint = found.clone();
                            *fault
                        }
                        _ => Fault::NotNumber,
                    };
                    value = Some(cell);
                    fault
                }
            };
            let column = (!matches!(fault, Fault::Fields { .. })).then_some(entry.column);
            Some(CellDefect { block, row: entry.row as usize, column, question, fault, value, hint })
        })
        .collect();
    for (index, task) in layout.tasks.iter().enumerate() {
        let own = &ledger.tasks[index];
        let Some(question) = task.question.filter(|_| own.log.is_some()) else { continue };
        let Some((at, _)) = mixed(own, &layout.headers[task.column]) else { continue };
        let Some(&block) = block_of.get(&at.block) else { continue };
        defects.push(CellDefect {
            block,
            row: at.row as usize,
            column: Some(task.column),
            question: Some(question),
            fault: Fault::Mixed,
            value: None,
            hint: None,
        });
    }
    defects.sort_by_key(|defect| (defect.block, defect.row, defect.column));
    let file =
        LoggedFile { name: places.file().to_string(), headers: layout.headers.clone(), first_block: 0 };
    Log { files: vec![file], superseded: Vec::new(), defects, cut, blocks, overridden: Vec::new() }
}

/// What a worker notes of the records of the block at hand.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// The line of each record.
    lines: Vec<u32>,
    /// Where lines were counted up to, and how many.
    counted: (usize, u32),
    pub(crate) broken: Vec<u32>,
    pub(crate) fields: Vec<(u32, usize)>,
    pub(crate) words: Vec<u64>,
}

impl Watch {
    /// A record begins here.
    pub(crate) fn begin(&mut self, bytes: &[u8], line_end: u8, start: usize) {
        let (from, lines) = self.counted;
        let more = memchr::memchr_iter(line_end, &bytes[from..start]).count();
        self.counted = (start, lines + super::ledger::count32(more));
        self.lines.push(self.counted.1);
        self.words.push(0);
    }

    /// The words of a text of the record at hand.
    pub(crate) fn words(&mut self, column: usize, words: &[u8]) {
        use std::hash::BuildHasher;
        let Some(hash) = self.words.last_mut() else { return };
        // Fixed seeds: two workers must agree.
        *hash = foldhash::fast::FixedState::default().hash_one((*hash, column, words));
    }

    /// What is kept of the block.
    pub(crate) fn finish(&mut self) -> Records {
        let watch = std::mem::take(self);
        let plain = watch.lines.iter().enumerate().all(|(row, &line)| row == line as usize);
        let wrote = watch.words.iter().any(|&hash| hash != 0);
        Records {
            lines: (!plain).then_some(watch.lines),
            broken: watch.broken,
            words: if wrote { watch.words } else { Vec::new() },
            ..Records::default()
        }
    }
}
