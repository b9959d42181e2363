//! Mistakes of a text that was written inside a string of the study file, at their place there.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, Place, Source};
use crate::toml::Typed;

/// The mistakes with places in the study file: a span of the string's text becomes one of the file.
pub(super) fn within(errors: Vec<Diagnostic>, typed: &Typed<String>, study: &Arc<Source>) -> Vec<Diagnostic> {
    errors.into_iter().map(|error| one(error, typed, study)).collect()
}

fn one(error: Diagnostic, typed: &Typed<String>, study: &Arc<Source>) -> Diagnostic {
    let inside = match &error.place {
        Some(Place::Span { source, span }) if source.text == typed.value => Some(span.clone()),
        _ => None,
    };
    let span = inside.map_or(typed.span.clone(), |inside| of_text(&inside, typed, study));
    error.span(study, span)
}

/// Where a part of the string's text stands in the file; the whole string, where it was written with escapes.
pub(super) fn of_text(inside: &Range<usize>, typed: &Typed<String>, study: &Arc<Source>) -> Range<usize> {
    let written = &study.text[typed.span.clone()];
    match written.find(typed.value.as_str()) {
        Some(start) if !typed.value.is_empty() => {
            typed.span.start + start + inside.start..typed.span.start + start + inside.end
        }
        _ => typed.span.clone(),
    }
}
