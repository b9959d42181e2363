//! Conditions evaluated over a block of respondents.

use super::{Block, Dataset};
use crate::schema::{Condition, Survey};

/// For each respondent of the block: does the condition hold? Unknown is `false`.
pub fn holds(_condition: &Condition, _survey: &Survey, _dataset: &Dataset, _block: &Block) -> Vec<bool> {
    unimplemented!()
}
