//! Targets into weights: cells and raking, bounds, trimming, and what the weights reach.
//!
//! In: a file of targets, a [`crate::schema::Survey`], a [`crate::frame::Dataset`] with base weights.
//! Out: a [`Weighting`]: a weight for each respondent and a [`Report`] of target against achieved, or
//! a [`Refusal`] with the same report. This room must not know tables, rounding or output.
//!
//! `read` makes [`Targets`] of TOML; `category` says in which category of a target each respondent
//! is, `number` which number they gave, `cells` puts those together who are the same everywhere, `rake` (and `newton`,
//! where numbers have targets) finds the factors of cells and knows slices only, `trim` cuts weights, `weigh` calls
//! them in order, `mismatch` says where targets and replies do not meet and `report` what came of it.

mod category;
mod cells;
mod mismatch;
mod newton;
mod number;
mod rake;
mod read;
mod report;
mod targets;
mod trim;
mod weigh;

pub use read::load;
pub use report::{Bin, MarginReport, NumberReport, Report, RowLabel, RowReport, Spread};
pub use targets::{Bounds, Margin, Member, Method, Missing, NumberOf, NumberTarget, Targets, Trim, TrimBy};
pub use weigh::{Reached, Refusal, Weighting, weigh};
