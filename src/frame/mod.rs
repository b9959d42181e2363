//! Files into coded replies. polars, csv and encoding_rs live only here.
//!
//! In: a data file's bytes and a [`crate::schema::Survey`]. Out: a [`Dataset`] of small-integer
//! columns, or every defect found, each with record, physical line, column and value. This room
//! must not know tables, percentages or output.

mod condition;
mod dataset;
mod read;

pub use condition::holds;
pub use dataset::{Block, Codes, Dataset, Number, Replies};
pub use read::{Encoding, ReadOptions, WeightSource, read};
