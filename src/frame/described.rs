//! What a file says of its own columns: labels, missing values, sets. A draft of a questionnaire comes from it.

use std::path::Path;

use super::{Encoding, arrow, parquet, sav, triple_s};
use crate::diag::Failure;
use crate::schema::Code;

/// A file's own description of what it holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Described {
    /// What the file calls itself.
    pub title: Option<String>,
    /// Its columns in file order.
    pub columns: Vec<DescribedColumn>,
    /// Columns that are one question together.
    pub sets: Vec<DescribedSet>,
    /// The column of the weight.
    pub weight: Option<String>,
    /// How many records it says it has.
    pub records: Option<u64>,
}

/// A column as its file describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedColumn {
    /// Its name, as a schema says it.
    pub name: String,
    /// Its words: the question, or in a set the option.
    pub label: Option<String>,
    /// What its cells are.
    pub holds: Holds,
    /// The words of its values, in file order.
    pub labels: Vec<(Code, String)>,
    /// Values that are no answer.
    pub missing: Vec<MissingValues>,
    /// How it is measured, where the file says it.
    pub measure: Option<Measure>,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Numbers, shown with so many decimals.
    Numbers {
        /// Decimals shown.
        decimals: u32,
    },
    /// Words.
    Words,
    /// Days, with or without a time.
    Days,
    /// Times of day or spans of time.
    Times,
    /// Yes or no.
    Flags,
}

/// Values that a file declares to be no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum MissingValues {
    /// One value.
    Value(Code),
    /// All numbers from one to another, both included.
    Range {
        /// The smallest.
        from: f64,
        /// The largest.
        to: f64,
    },
}

impl MissingValues {
    /// Whether this value is one of them.
    pub fn hold(&self, code: &Code) -> bool {
        match (self, code) {
            (MissingValues::Value(value), code) => value == code,
            (MissingValues::Range { from, to }, Code::Integer(code)) => {
                (*from..=*to).contains(&(*code as f64))
            }
            (MissingValues::Range { .. }, Code::Text(_)) => false,
        }
    }
}

/// How a column is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Its values are names.
    Nominal,
    /// Its values have an order.
    Ordinal,
    /// Its values are amounts.
    Scale,
}

/// Columns that are one question together (a multiple response set).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedSet {
    /// Its name, without a sign in front.
    pub name: String,
    /// Its words: the question.
    pub label: Option<String>,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// What the columns hold.
    pub holds: SetHolds,
}

/// What the columns of a set hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetHolds {
    /// Each column is an option, selected where it has this value.
    Dichotomies {
        /// The value of what is selected.
        selected: Code,
    },
    /// Each column holds an option.
    Categories,
}

/// What a file says of its own columns; nothing where its kind says nothing (CSV).
///
/// # Errors
/// `Refused` when the file is damaged; `Io` when it cannot be read.
pub fn describe(path: &Path, encoding: Option<Encoding>) -> Result<Option<Described>, Failure> {
    if let Some(sav) = sav::open(path, encoding)? {
        return Ok(Some(sav.describe()));
    }
    if let Some(parquet) = parquet::open(path)? {
        return Ok(Some(parquet.describe()));
    }
    if let Some(arrow) = arrow::open(path)? {
        return Ok(Some(arrow.describe()));
    }
    Ok(triple_s::open(path)?.map(|survey| survey.describe()))
}
