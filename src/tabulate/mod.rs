//! The heart: a request becomes a plan, a plan and a dataset become [`Table`]s in one pass.
//!
//! In: a [`crate::schema::Survey`], what was asked for, a [`crate::frame::Dataset`]. Out: tables of
//! sufficient statistics. This room must not know files, words of a language, rounding or output.
//!
//! `request` resolves names; `lanes` says where each respondent stands on a banner, `columns` which
//! lanes make a column; `count` walks the blocks; `assemble` sums lanes into columns and codes into rows, `summary` puts
//! rows of several questions together; `measure` computes. `returns` counts what came back of what was sent.

mod assemble;
mod columns;
mod count;
mod lanes;
mod measure;
mod order;
mod reach;
mod request;
mod returns;
mod summary;
mod table;

pub use assemble::{fill, is_absent};
pub use order::{join_missing, sort_rows, top_rows};
pub use reach::Reach;
pub use request::{Answer, Filter, Request, Stub, grid_rows};
pub use returns::{Returned, Returns, returns, returns_questions};
pub use summary::{Means, NumberMeasure, Score};
pub use table::{
    Banner, BannerColumn, ColumnRole, Grid, Note, QuestionWords, RowRole, Shown, StubRow, Table, Tally,
};
