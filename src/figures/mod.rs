//! Published figures: which counts a printed percentage can have.
//!
//! In: numbers as they were printed. Out: the counts and bases they can have, exactly. This room must
//! not know files or terminals.

mod feasible;
mod printed;

pub use feasible::{AtBase, LARGEST_BASE, Published};
pub use printed::{Printed, Rule};
