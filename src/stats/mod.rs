//! Numbers only: exact ratios, and moments and quantiles of weighted value counts.
//!
//! In: integers and slices. Out: numbers. This room must not know any survey word, and rounds
//! nothing: rounding belongs to `sheet`.

mod distribution;
mod ratio;

pub use distribution::{Decimal, Distribution, Entry};
pub use ratio::Ratio;
