//! Reading a data file.

use std::path::{Path, PathBuf};

use super::Dataset;
use crate::diag::{Failure, Progress};
use crate::schema::{QuestionIndex, Survey};

/// The encodings a file can be declared to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without BOM.
    Utf8,
    /// CP932 (Windows-31J), what Japanese Excel writes.
    Cp932,
}

/// Where weights come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightSource {
    /// Unweighted.
    None,
    /// A column of the data.
    Column(String),
    /// A CSV of respondent's key and `weight`.
    File(PathBuf),
}

/// How to read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Declared encoding; `None`: detected with proof.
    pub encoding: Option<Encoding>,
    /// Value defects become 無回答 and are counted.
    pub lenient: bool,
    /// Threads to parse with; 0: as many as the machine has.
    pub threads: usize,
    /// Where weights come from.
    pub weight: WeightSource,
}

/// Reads a data file: the replies to `needed` (and to what their routing and regrouping needs).
///
/// # Errors
/// `Refused` with every defect grouped; `Io` when the file cannot be read.
pub fn read(
    _path: &Path,
    _survey: &Survey,
    _needed: &[QuestionIndex],
    _options: &ReadOptions,
    _progress: &dyn Progress,
) -> Result<Dataset, Failure> {
    unimplemented!()
}
