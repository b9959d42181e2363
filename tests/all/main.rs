//! The one test binary: every further one would link polars again.

mod care_manager;
mod cli;
mod condition_errors;
mod data;
mod data_errors;
mod docs;
mod layouts;
mod question_errors;
mod reading;
mod reference_errors;
mod refusal;
mod render;
mod rooms;
mod schema;
mod schema_errors;
mod value_errors;
