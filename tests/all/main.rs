//! The one test binary: every further one would link polars again.

mod authority;
mod care_manager;
mod cli;
mod condition_errors;
mod corpus;
mod data;
mod data_errors;
mod docs;
mod families;
mod family_errors;
mod feasible;
mod laws;
mod layouts;
mod outside;
mod question_errors;
mod reading;
mod reference_errors;
mod refusal;
mod render;
mod review;
mod rooms;
mod rounding;
mod schema;
mod schema_errors;
mod shapes;
mod value_errors;
