//! From what was typed to what is meant.

use super::Survey;
use crate::diag::{Diagnostic, Warned};

/// Loads a schema: `name` is the path as the user gave it, `text` its content.
///
/// # Errors
/// All mistakes of the file at once.
pub fn load(_name: &str, _text: &str) -> Result<Warned<Survey>, Vec<Diagnostic>> {
    unimplemented!()
}
