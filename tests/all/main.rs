//! The one test binary: every further one would link polars again.

mod schema;
mod schema_errors;
