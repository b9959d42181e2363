//! Targets into weights: cells and raking, bounds, trimming, and what the weights reach.
//!
//! In: a file of targets, a [`crate::schema::Survey`], a [`crate::frame::Dataset`] with base weights.
//! Out: a [`Weighting`]: a weight for each respondent and a [`Report`] of target against achieved, or
//! a [`Refusal`] with the same report. This room must not know tables, rounding or output.
//!
//! `read` makes [`Targets`] of TOML; `category` says in which category of a target each respondent
//! is, `cells` puts those together who are in the same categories everywhere, `rake` finds the
//! factors of cells and knows slices only, `trim` cuts weights, `weigh` calls them in order and
//! `report` says what came of it.

mod category;
mod cells;
mod rake;
mod read;
mod report;
mod targets;
mod trim;
mod weigh;

pub use read::load;
pub use report::{Bin, MarginReport, Report, RowLabel, RowReport, Spread};
pub use targets::{Bounds, Margin, Member, Method, Missing, Targets, Trim, TrimBy};
pub use weigh::{Reached, Refusal, Weighting, weigh};
