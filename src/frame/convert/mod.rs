//! Replies on their way to other programs: which columns they make, what each cell holds.
//!
//! In: a [`Dataset`] and its [`Survey`]. Out: [`Columns`], which every format writes cell by cell, with what a reader
//! of the file must be told: labels, missing values, sets. Columns have the names that the schema reads, so that what is
//! written is read again by the same schema.

mod columns;
mod csv;
mod json;

use super::{Block, Dataset, DescribedSet, Holds, Measure, Replies};
use crate::calendar::Day;
use crate::diag::Diagnostic;
use crate::schema::{Code, Question, QuestionIndex, Survey};

pub use columns::columns;
pub use csv::{CsvStyle, Unmappable, csv, shown, substituted};
pub use json::json;

pub use super::parquet::parquet;
pub use super::sav::sav;
pub use super::triple_s::triple_s;

/// What stands for the words of a respondent that are left out: who answered is told, and not what.
pub const WRITTEN: &str = "（記入あり）";

/// What of a survey is converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Derived questions too.
    pub derived: bool,
    /// The words of text questions, and not only who wrote some.
    pub texts: bool,
    /// A column for each option, and each place, of what the schema has in one column: for files that
    /// have no lists.
    pub spread: bool,
}

/// The columns that a survey and its replies make.
#[derive(Debug)]
pub struct Columns<'a> {
    pub(crate) survey: &'a Survey,
    pub(crate) dataset: &'a Dataset,
    /// Columns in file order.
    pub columns: Vec<Column>,
    /// Columns that are one question together.
    pub sets: Vec<DescribedSet>,
    /// Place of the weight among the columns.
    pub weight: Option<usize>,
    /// What is left out, and what the reader of a file must know.
    pub notes: Vec<Diagnostic>,
}

/// A column to be written.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// Its words: the question, or the option of a multi.
    pub label: String,
    /// What its cells are, where they are not one of `coded`.
    pub holds: Holds,
    /// The values that have words: options, then missing codes, then the code of 非該当.
    pub coded: Vec<Coded>,
    /// How it is measured.
    pub measure: Measure,
    /// Its question; `None`: the respondent's key, or the weight.
    pub question: Option<QuestionIndex>,
    pub(crate) source: Source,
}

impl Column {
    /// The question and option that a column of a multi is of.
    pub(crate) fn option(&self) -> Option<(QuestionIndex, usize)> {
        match self.source {
            Source::Selected(question, option) => Some((question, option)),
            _ => None,
        }
    }
}

/// A value with words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// The stored value.
    pub code: Code,
    /// Its words; of what is not selected none.
    pub label: Option<String>,
    /// It is no answer: 無回答, わからない declared missing, 非該当.
    pub missing: bool,
}

/// Where the cells of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Key,
    Weight,
    Single(QuestionIndex),
    /// One option of a multi.
    Selected(QuestionIndex, usize),
    /// A multi in one cell.
    Packed(QuestionIndex),
    /// The place that an option of a rank question has.
    Placed(QuestionIndex, usize),
    /// The options of a rank question in order, in one cell.
    InOrder(QuestionIndex),
    /// A number or a day.
    Measured(QuestionIndex),
    Text(QuestionIndex),
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: 無回答 or 非該当 without a code.
    Blank,
    /// One of the column's coded values.
    Coded(usize),
    /// `digits · 10^-decimals`.
    Number(i64, u32),
    /// A day.
    Day(Day),
    /// Words.
    Words(std::borrow::Cow<'a, str>),
}

impl Columns<'_> {
    /// The questionnaire they are of.
    pub fn survey(&self) -> &Survey {
        self.survey
    }

    /// How many respondents there are.
    pub fn respondents(&self) -> u64 {
        self.dataset.respondents
    }

    /// Calls `visit` with the cells of each respondent, in file order; the first failure ends it.
    ///
    /// # Errors
    /// What `visit` gives.
    pub fn each_record<E>(&self, mut visit: impl FnMut(&[Cell<'_>]) -> Result<(), E>) -> Result<(), E> {
        for block in &self.dataset.blocks {
            let readers: Vec<Reader<'_>> =
                self.columns.iter().map(|column| self.reader(block, column)).collect();
            let mut cells = Vec::with_capacity(readers.len());
            for row in 0..block.len {
                cells.clear();
                cells.extend(readers.iter().map(|reader| reader.cell(row)));
                visit(&cells)?;
            }
        }
        Ok(())
    }

    /// Respondents of each block, in file order.
    pub(crate) fn blocks(&self) -> Vec<usize> {
        self.dataset.blocks.iter().map(|block| block.len).collect()
    }

    /// Calls `visit` with the cells of one column in some blocks.
    pub(crate) fn each_cell(
        &self,
        column: usize,
        blocks: std::ops::Range<usize>,
        mut visit: impl FnMut(Cell<'_>),
    ) {
        for block in &self.dataset.blocks[blocks] {
            let reader = self.reader(block, &self.columns[column]);
            (0..block.len).for_each(|row| visit(reader.cell(row)));
        }
    }

    /// Whether a column's cells are whole numbers, written as integers have to be.
    pub fn is_whole(&self, column: &Column) -> bool {
        let integers = column.coded.iter().all(|coded| matches!(coded.code, Code::Integer(_)));
        match column.source {
            Source::Key => self.keys_are_numbers(),
            Source::Weight => self.dataset.weight_decimals == 0,
            Source::Measured(question) => {
                let number = matches!(column.holds, Holds::Numbers { .. });
                number && integers && self.dataset.decimals_of(question) == 0
            }
            Source::Single(_) | Source::Selected(..) | Source::Placed(..) => integers,
            Source::Packed(_) | Source::InOrder(_) | Source::Text(_) => false,
        }
    }

    /// Whether the cells of a column are numbers, so that a file of numbers can hold them.
    pub fn is_number(&self, column: &Column) -> bool {
        let integers = column.coded.iter().all(|coded| matches!(coded.code, Code::Integer(_)));
        let number = matches!(column.holds, Holds::Numbers { .. }) && integers;
        self.is_whole(column) || (number && matches!(column.source, Source::Weight | Source::Measured(_)))
    }

    /// Keys that lose nothing when they become numbers.
    fn keys_are_numbers(&self) -> bool {
        let plain = |key: &str| {
            let digits = !key.is_empty() && key.len() <= 15 && key.bytes().all(|byte| byte.is_ascii_digit());
            digits && (key == "0" || !key.starts_with('0'))
        };
        self.dataset.blocks.iter().flat_map(|block| &block.keys).all(|key| plain(key))
    }

    fn reader<'b>(&'b self, block: &'b Block, column: &'b Column) -> Reader<'b> {
        let index = match column.source {
            Source::Key | Source::Weight => None,
            Source::Single(question)
            | Source::Selected(question, _)
            | Source::Packed(question)
            | Source::Placed(question, _)
            | Source::InOrder(question)
            | Source::Measured(question)
            | Source::Text(question) => Some(question),
        };
        let question = index.map(|index| &self.survey.questions[index]);
        let replies = index.and_then(|index| block.replies.get(index)?.as_ref());
        let states = match (question, replies) {
            (Some(question), Some(replies)) => super::states(replies, question, block.len),
            _ => Vec::new(),
        };
        let places = match question.map(|question| &question.origin) {
            Some(crate::schema::Origin::Ranking { places, .. }) => {
                places.iter().filter_map(|&place| block.replies.get(place)?.as_ref()).collect()
            }
            _ => Vec::new(),
        };
        let comments = index.and_then(|index| block.comments.iter().find(|(own, _)| *own == index));
        Reader {
            column,
            question,
            replies,
            states,
            places,
            comments: comments.map_or(&[], |(_, comments)| comments.as_slice()),
            decimals: match column.source {
                Source::Weight => self.dataset.weight_decimals,
                _ => index.map_or(0, |index| self.dataset.decimals_of(index)),
            },
            block,
        }
    }
}

/// Reads the cells of a column in one block.
struct Reader<'a> {
    column: &'a Column,
    question: Option<&'a Question>,
    replies: Option<&'a Replies>,
    /// The state of each reply, 0 where it was given.
    states: Vec<u8>,
    /// Of a rank question: the replies at each place.
    places: Vec<&'a Replies>,
    comments: &'a [(u32, Box<str>)],
    decimals: u32,
    block: &'a Block,
}

impl<'a> Reader<'a> {
    fn cell(&self, row: usize) -> Cell<'a> {
        match self.column.source {
            Source::Key => self.block.keys.get(row).map_or(Cell::Blank, |key| Cell::Words((&**key).into())),
            Source::Weight => match &self.block.weights {
                Some(weights) => Cell::Number(i64::try_from(weights[row]).unwrap_or(i64::MAX), self.decimals),
                None => Cell::Blank,
            },
            _ if self.states.get(row).is_none_or(|state| *state != 0) => self.state(row),
            Source::Single(_) => match self.replies {
                Some(Replies::Single(codes)) => Cell::Coded(codes.at(row)),
                _ => Cell::Blank,
            },
            // 0 is not selected, 1 selected.
            Source::Selected(_, option) => Cell::Coded(usize::from(self.has(option, row))),
            Source::Packed(_) => {
                let options = 0..self.question.map_or(0, |question| question.options.len());
                let chosen: Vec<usize> = options.filter(|&option| self.has(option, row)).collect();
                self.joined(&chosen)
            }
            Source::Placed(_, option) => match self.order(row).iter().position(|own| *own == Some(option)) {
                Some(place) => Cell::Coded(place),
                None => Cell::Blank,
            },
            Source::InOrder(_) => {
                let order: Vec<usize> = self.order(row).into_iter().flatten().collect();
                self.joined(&order)
            }
            Source::Measured(_) => match (self.replies, self.column.holds) {
                (Some(Replies::Number(number)), Holds::Days) => Cell::Day(Day(number.values[row])),
                (Some(Replies::Number(number)), _) => Cell::Number(number.values[row], self.decimals),
                _ => Cell::Blank,
            },
            Source::Text(_) => match self.comments.binary_search_by_key(&row, |(own, _)| *own as usize) {
                Ok(place) => Cell::Words((&*self.comments[place].1).into()),
                Err(_) => Cell::Words(WRITTEN.into()),
            },
        }
    }

    /// A reply that was not given: a missing code, the code of 非該当, or nothing.
    fn state(&self, row: usize) -> Cell<'a> {
        let (Some(question), Some(&state)) = (self.question, self.states.get(row)) else {
            return Cell::Blank;
        };
        let state = usize::from(state);
        // 1 is blank, 2 and on the missing codes, the last 非該当.
        let place = match state {
            1 => None,
            state if state == question.states() => {
                (!question.not_asked.is_empty()).then_some(question.missing.len())
            }
            state => Some(state - 2),
        };
        let before = self.column.coded.len() - coded_states(question);
        match (place, self.column.source) {
            (None, _) => Cell::Blank,
            (Some(place), Source::Packed(_) | Source::InOrder(_)) => {
                Cell::Words(self.column.coded[before + place].code.to_string().into())
            }
            (Some(place), _) => Cell::Coded(before + place),
        }
    }

    fn has(&self, option: usize, row: usize) -> bool {
        match self.replies {
            Some(Replies::Multi { octets, .. }) => octets[option / 8][row] >> (option % 8) & 1 == 1,
            _ => false,
        }
    }

    /// The option at each place of a rank question.
    fn order(&self, row: usize) -> Vec<Option<usize>> {
        let options = self.question.map_or(0, |question| question.options.len());
        let at = |replies: &&Replies| match replies {
            Replies::Single(codes) => Some(codes.at(row)).filter(|code| *code < options),
            _ => None,
        };
        self.places.iter().map(at).collect()
    }

    fn joined(&self, options: &[usize]) -> Cell<'a> {
        let Some(question) = self.question else { return Cell::Blank };
        let separator = columns::separator(question);
        let codes: Vec<String> =
            options.iter().map(|&option| super::option_shown(question, option)).collect();
        Cell::Words(codes.join(separator).into())
    }
}

/// How many coded values of a question's column are no answers.
fn coded_states(question: &Question) -> usize {
    question.missing.len() + usize::from(!question.not_asked.is_empty())
}
