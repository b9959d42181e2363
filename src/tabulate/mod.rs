//! The heart: a request becomes a plan, a plan and a dataset become [`Table`]s in one pass.
//!
//! In: a [`crate::schema::Survey`], what was asked for, a [`crate::frame::Dataset`]. Out: tables of
//! sufficient statistics. This room must not know files, words of a language, rounding or output.
//!
//! `request` resolves names; `lanes` says where each respondent stands on a banner, `columns` which
//! lanes make a column; `count` walks the blocks; `assemble` sums lanes into columns and codes into rows, `summary` puts
//! rows of several questions together; `joint` is what tests need beyond cells (`battery`: rows of a
//! grid, `patterns`: several answers); `measure` computes. `returns` counts what came back of what was sent;
//! `comments` finds what was written.

mod assemble;
mod battery;
mod cell;
mod columns;
mod comments;
mod contrast;
mod count;
mod covariance;
mod deviation;
mod hidden;
mod interval;
mod joint;
mod lanes;
mod linearised;
mod measure;
mod membership;
mod order;
mod patterns;
mod piece;
mod reach;
mod replicated;
mod request;
mod returns;
mod spread;
mod summary;
mod table;

pub use assemble::{fill, fill_with_spread, is_absent};
pub use battery::Battery;
pub use comments::{Comment, code_frame_of, comments, comments_of};
pub use contrast::Opposite;
pub use covariance::{CellCovariance, MOST_CONTRASTS};
pub use deviation::Estimating;
pub use hidden::Hidden;
pub use interval::{Interval, IntervalMethod, Level, sampling_error};
pub use joint::{Joint, JointNeeds, Overlap};
pub use order::{join_missing, sort_rows, top_rows};
pub use patterns::{Patterns, Side};
pub use reach::Reach;
pub use request::{Answer, Filter, Request, Stub, grid_rows};
pub use returns::{Returned, Returns, returns, returns_questions};
pub use spread::{Estimated, Spread};
pub use summary::{Means, NumberMeasure, Score};
pub use table::{
    Banner, BannerColumn, ColumnRole, Grid, Note, QuestionWords, RowRole, Shown, StubRow, Table, Tally,
};
