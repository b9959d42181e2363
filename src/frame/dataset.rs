//! The coded replies of all respondents, in blocks of a few thousand in file order.

use std::sync::Arc;

use super::design::DesignColumns;
use super::master::MasterTable;
use super::{Comments, Log};
use crate::diag::{Diagnostic, Place};
use crate::schema::QuestionIndex;

/// Coded replies: one compact column for each question a plan needs.
#[derive(Debug, Default)]
pub struct Dataset {
    /// Number of respondents.
    pub respondents: u64,
    /// Respondents in file order, cut into blocks.
    pub blocks: Vec<Block>,
    /// Decimal places of the weights: a weight is `weights[i] / 10^weight_decimals`. 0 without weights.
    pub weight_decimals: u32,
    /// What the weight is called (column or file), when there is one.
    pub weight_name: Option<String>,
    /// The columns of the sampling design, where they were asked for.
    pub design: Option<DesignColumns>,
    /// Respondents with weight zero.
    pub zero_weights: u64,
    /// Decimal places of each number question: a value is `values[i] / 10^decimals`.
    pub number_decimals: Vec<(QuestionIndex, u32)>,
    /// Replies that `--lenient` turned into 無回答, by question.
    pub made_missing: Vec<(QuestionIndex, u64)>,
    /// Replies given where the question was not asked, by question; they count as 非該当.
    pub answered_not_asked: Vec<(QuestionIndex, u64)>,
    /// Warnings of reading (defects in columns the request does not touch, …).
    pub warnings: Vec<Diagnostic>,
    /// Records that do not count, for the respondent replied more than once.
    pub superseded: u64,
    /// Questions that some of the files did not ask.
    pub partly_asked: Vec<QuestionIndex>,
    /// The files, in order.
    pub files: Vec<FileSpan>,
    /// The rows of the survey's masters, where the request touches them.
    pub masters: Vec<Option<Arc<MasterTable>>>,
    /// Where the corrections stand whose records were met.
    pub(crate) corrected: Vec<Place>,
    /// Questions whose cells may be codes or labels, and whether they were read as labels.
    pub(crate) either: Vec<(QuestionIndex, bool)>,
    /// Every defect and where records stand, where that was asked for.
    pub log: Option<Log>,
}

/// A file of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSpan {
    /// As the user gave it.
    pub name: String,
    /// Its first block.
    pub first_block: usize,
}

impl Dataset {
    /// Decimal places of a number question's values; 0 for other questions.
    pub fn decimals_of(&self, question: QuestionIndex) -> u32 {
        self.number_decimals.iter().find(|(index, _)| *index == question).map_or(0, |(_, decimals)| *decimals)
    }
}

/// Some thousand respondents, column by column.
#[derive(Debug, Default)]
pub struct Block {
    /// Respondents in the block.
    pub len: usize,
    /// Replies by question index; `None` for questions that were not asked for.
    pub replies: Vec<Option<Replies>>,
    /// Weights in units of `10^-weight_decimals`; `None` without weights.
    pub weights: Option<Vec<u64>>,
    /// Respondents' keys, where they are kept; else empty.
    pub keys: Vec<Box<str>>,
    /// Words of text questions, where they are kept.
    pub comments: Vec<(QuestionIndex, Comments)>,
}

/// The replies of one question in one block.
///
/// States are numbered: 0 given, 1 missing by blank, 2.. each declared missing code in order,
/// last (`Question::states()`) not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replies {
    /// Single: the option's index, or `options.len() + state - 1` when not given.
    Single(Codes),
    /// Multi: option `i` is bit `i % 8` of `octets[i / 8]`.
    Multi {
        /// One byte for each respondent and eight options; 0 for replies not given.
        octets: Vec<Vec<u8>>,
        /// State of each reply. `None` means: no bit set is missing by blank, else given.
        states: Option<Vec<u8>>,
    },
    /// Number: value in units of `10^-decimals` (0 where not given) and state.
    Number(Number),
    /// Text: the state only; the words are not kept.
    Text(Vec<u8>),
}

/// Values of a number question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// Scaled values; 0 where not given.
    pub values: Vec<i64>,
    /// State of each reply.
    pub states: Vec<u8>,
}

/// Small integers, in the smallest type that holds the question's options and states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Up to 256 different ones.
    U8(Vec<u8>),
    /// Up to 65,536 different ones.
    U16(Vec<u16>),
}

impl Codes {
    /// The code in this row of the block.
    pub fn at(&self, row: usize) -> usize {
        match self {
            Codes::U8(codes) => usize::from(codes[row]),
            Codes::U16(codes) => usize::from(codes[row]),
        }
    }
}
