//! The one test binary: every further one would link polars again.

mod condition_errors;
mod data;
mod data_errors;
mod question_errors;
mod reading;
mod reference_errors;
mod refusal;
mod schema;
mod schema_errors;
