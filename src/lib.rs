//! renkei (連携) turns survey exports into numbers that people publish.
//!
//! The rooms, and who may use whom, are in `docs/architecture.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod calendar;
pub mod chart;
pub mod check;
pub mod cli;
pub mod design;
pub mod diag;
pub mod disclosure;
pub mod draft;
pub mod figures;
pub mod frame;
pub mod render;
pub mod report;
pub mod schema;
pub mod sheet;
pub mod significance;
pub mod simulate;
pub mod stats;
pub mod study;
pub mod tabulate;
pub mod toml;
pub mod trend;
pub mod weight;
