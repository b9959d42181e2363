//! Numbers only: exact ratios, moments and quantiles of weighted value counts, correlation, normal
//! equations, tails of distributions (cdflib).
//!
//! In: integers and slices. Out: numbers. This room must not know any survey word, and rounds
//! nothing: rounding belongs to `sheet`.

mod correlation;
mod distribution;
mod exchange;
mod normal;
mod programme;
mod ratio;
mod tails;

pub use correlation::{Correlation, correlation};
pub use distribution::{Decimal, Distribution, Entry};
pub use exchange::{Exchange, Room};
pub use normal::NormalEquations;
pub use programme::Programme;
pub use ratio::Ratio;
pub use tails::{
    beta_quantile, chi_squared_tail, f_tail, normal_quantile, normal_two_sided, t_quantile, t_two_sided,
};
