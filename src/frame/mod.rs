//! Files into coded replies. polars and encoding_rs live only here.
//!
//! In: a data file's bytes and a [`crate::schema::Survey`]. Out: a [`Dataset`] of small-integer
//! columns, or every defect found, each with record, physical line, column and value. This room
//! must not know tables, percentages or output.
//!
//! The way of a file: `file` opens it (`source` makes a CSV of a workbook's sheet, `kind` says what it is when it
//! cannot be read, `wide` makes UTF-16 UTF-8), `export` knows how form services lay their answers out, `heading` finds its header and delimiter, `tail` where its records end, `scan` cuts it into blocks of whole records,
//! `layout` matches the header with the questionnaire, `worker` codes a block cell by cell
//! (`cells`, `coding`, `lookup`, `packed`, `multi`, `number`; `ranking` folds the places of rank questions), `ledger` notes defects and `defect` tells
//! them (`corrections` are put in first; `log` keeps every one, for `check`), `assemble` puts the blocks together, `route` says who was asked and regroups (`derived`, `ratio`).
//!
//! Several files are one dataset: `sources` says which and how each differs, `resubmission` which records do not
//! count, `master` gives respondents the replies of the row they belong to, and `stack` puts the files together.

mod arrow;
mod asked_file;
mod assemble;
mod cells;
mod coding;
mod columnwise;
mod comments;
mod condition;
pub mod convert;
mod corrections;
mod dataset;
mod date;
mod defect;
mod derived;
mod described;
mod design;
mod encode;
mod exchange;
mod export;
mod file;
#[cfg(test)]
mod fixture;
mod heading;
mod keys;
mod kind;
mod layout;
mod ledger;
mod log;
mod lookup;
mod master;
mod multi;
mod named_records;
mod number;
mod packed;
mod pairs;
mod parquet;
mod ranking;
mod ratio;
mod read;
mod repeat;
mod resubmission;
mod route;
mod rows;
mod sav;
mod scan;
mod sent_file;
mod shown;
mod source;
mod sources;
mod stack;
mod tail;
mod threads;
mod triple_s;
mod weight_file;
mod weights;
mod wide;
mod worker;

pub use asked_file::{Asked, read_asked};
pub use comments::Comments;
pub use condition::{holds, states};
pub use corrections::read_corrections;
pub use dataset::{Block, Codes, Dataset, FileSpan, Number, Replies};
pub use date::NotDate;
pub use derived::outside_limit;
pub use described::{
    Described, DescribedColumn, DescribedSet, Holds, Measure, MissingValues, SetHolds, describe,
};
pub use design::{DesignColumns, Units};
pub use encode::encode;
pub use export::ExportLayout;
pub use heading::is_delimiter;
pub use log::{CellDefect, Fault, Hint, Log, LoggedFile, MOST as MOST_LOGGED, Overridden, Records};
pub use master::MasterTable;
pub use ranking::RankFault;
pub use read::{Encoding, ReadOptions, WeightSource, read, read_all, read_in_blocks};
pub use resubmission::SupersededRecord;
pub use route::{derive, narrowed};
pub use rows::{Rows, each_row};
pub use sent_file::read_sent;
pub use shown::{option_shown, shown};
pub use source::Sheet;
pub use sources::{is_list, named_files};
pub use stack::files_read;
