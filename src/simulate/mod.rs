//! Respondents that nobody asked: data for any questionnaire that have given numbers exactly.
//!
//! In: a [`crate::schema::Survey`], a file of targets, how many respondents, and a seed. Out: replies that
//! obey routing, exclusions and limits and meet every target, or the targets that cannot be met and why;
//! and a CSV of them. This room must not know tables: that tables of the data show the targets is for
//! tests to find out.
//!
//! The way of a question: `targets` is what was typed; `order` says which question comes after which;
//! `wish` makes of the targets how many of which group shall have which answers; `single` and `multi` make
//! a `system` of sums of it, which is solved in whole numbers, and hand the answers out by chance
//! (`random`, `spread`); `number` moves numbers to their sums; `plausible` is what is assumed where nothing
//! is said. `population` holds the replies so far, as `frame` would have read them, so that conditions and
//! derived questions mean here what they mean in tables. `write` makes the CSV.

mod multi;
mod number;
mod order;
mod plausible;
mod population;
mod random;
mod run;
mod single;
mod spread;
mod system;
mod targets;
mod wish;
mod write;

pub use run::{Simulation, simulate};
pub use targets::{Targets, read_targets};
pub use write::{Layout, csv};
