//! Aggregated data: a record that stands for several respondents becomes that many.
//!
//! Each of them is a respondent like any other from here on, so bases, tests and weights need not know
//! that the data came aggregated. The price is a few bytes for each respondent.

use super::number;
use super::worker::CodedBlock;
use super::{Block, Codes, Number, Replies};

/// Respondents one record can stand for.
pub(crate) const LARGEST: u32 = 10_000_000;
/// Respondents a file can stand for.
pub(crate) const MOST: u64 = 100_000_000;

/// Reads a count: a whole number, not negative.
pub(crate) fn count(cell: &[u8]) -> Option<u32> {
    let whole = number::folded(cell).ok()?.whole()?;
    u32::try_from(whole).ok().filter(|&count| count <= LARGEST)
}

impl CodedBlock {
    /// How many respondents the block's records stand for.
    pub(crate) fn respondents(&self) -> u64 {
        match &self.counts {
            Some(counts) => counts.iter().map(|&count| u64::from(count)).sum(),
            None => self.rows as u64,
        }
    }
}

/// The block with each record as often as it counts.
pub(crate) fn repeated(block: Block, counts: &[u32]) -> Block {
    let respondents = counts.iter().map(|&count| count as usize).sum();
    let replies = block.replies.into_iter().map(|replies| {
        Some(match replies? {
            Replies::Single(Codes::U8(codes)) => Replies::Single(Codes::U8(each(&codes, counts))),
            Replies::Single(Codes::U16(codes)) => Replies::Single(Codes::U16(each(&codes, counts))),
            Replies::Multi { octets, states } => Replies::Multi {
                octets: octets.iter().map(|octet| each(octet, counts)).collect(),
                states: states.map(|states| each(&states, counts)),
            },
            Replies::Number(Number { values, states }) => {
                Replies::Number(Number { values: each(&values, counts), states: each(&states, counts) })
            }
            Replies::Text(states) => Replies::Text(each(&states, counts)),
        })
    });
    let replies = replies.collect();
    let weights = block.weights.map(|weights| each(&weights, counts));
    let keys = block.keys.iter().zip(counts);
    let keys = keys.flat_map(|(key, &count)| std::iter::repeat_n(key.clone(), count as usize)).collect();
    let mut firsts = Vec::with_capacity(counts.len());
    let mut first = 0;
    for &count in counts {
        firsts.push(first);
        first += count;
    }
    let comments = block.comments.into_iter().map(|(question, comments)| {
        let each = comments.into_iter().flat_map(|(row, comment)| {
            let (first, count) = (firsts[row as usize], counts[row as usize]);
            (first..first + count).map(move |row| (row, comment.clone()))
        });
        (question, each.collect())
    });
    Block { len: respondents, replies, weights, keys, comments: comments.collect() }
}

fn each<T: Copy>(values: &[T], counts: &[u32]) -> Vec<T> {
    values
        .iter()
        .zip(counts)
        .flat_map(|(&value, &count)| std::iter::repeat_n(value, count as usize))
        .collect()
}
