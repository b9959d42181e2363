//! Percentages without data: reading `[[reference]]`, in a file of figures or one of their own.

use std::ops::Range;
use std::sync::Arc;

use super::claim::{Reference, ReferenceValue};
use super::printed::Printed;
use crate::diag::{Diagnostic, Place, Source, Warned, quote, suggestion};
use crate::toml::{Document, Keys, Mistakes, Typed};

/// How a percentage that was not published is written.
const NOT_PUBLISHED: &str = "-";

/// Reads files of references, each with its name and text.
///
/// # Errors
/// Every mistake of every file.
pub fn read_references(files: &[(String, String)]) -> Result<Warned<Vec<Reference>>, Vec<Diagnostic>> {
    let mut read = Warned::new(Vec::new());
    let mut errors = Vec::new();
    for (name, text) in files {
        let source = Arc::new(Source { name: name.clone(), text: text.clone() });
        let document = match Document::parse(&source) {
            Ok(document) => document,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let mut mistakes = Mistakes::new(Arc::clone(&source));
        let mut keys = document.keys();
        let references = keys.tables("reference", &mut mistakes);
        if references.is_empty() && !keys.has("reference") {
            let error = Diagnostic::error("expected a reference, found none");
            mistakes.error(&(0..0), error.hint("write `[[reference]]`"));
        }
        for keys in references {
            let found = reference(keys, &read.value, &mut mistakes);
            read.value.extend(found);
        }
        keys.finish(&mut mistakes);
        match mistakes.finish() {
            Ok(warnings) => read.warnings.extend(warnings),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

/// Reads one `[[reference]]`.
pub(super) fn reference(
    mut keys: Keys<'_>,
    known: &[Reference],
    mistakes: &mut Mistakes,
) -> Option<Reference> {
    keys.require("id");
    keys.require("values");
    let id = keys.text("id", mistakes);
    let label = keys.text("label", mistakes).map(|typed| typed.value);
    let source = keys.text("source", mistakes).map(|typed| typed.value);
    let assumed = keys.flag("assumed", mistakes).is_some_and(|typed| typed.value);
    let place =
        |span: Range<usize>, mistakes: &Mistakes| Place::Span { source: Arc::clone(mistakes.source()), span };
    let question = keys.text("question", mistakes).map(|typed| (typed.value, place(typed.span, mistakes)));
    let about = keys.text("about", mistakes).map(|typed| typed.value);
    let base = super::read::count(&mut keys, "base", mistakes);
    if source.is_none() && !assumed {
        let span = keys.span().clone();
        let error =
            Diagnostic::error("expected `source` or `assumed = true` in `[[reference]]`, found neither");
        mistakes.error(&span, error.hint("say who published the numbers, or that nobody did"));
    }
    let mut values: Vec<ReferenceValue> = Vec::new();
    if let Some(mut table) = keys.table("values", mistakes) {
        for (name, value) in table.others() {
            let Some(typed) = value.text(mistakes) else { continue };
            let percent = Printed::read(&typed.value);
            if percent.is_none() && typed.value != NOT_PUBLISHED {
                let error = format!("expected a printed number, found {}", quote(&typed.value));
                mistakes.error(&typed.span, Diagnostic::error(error));
            }
            let place = place(name.span, mistakes);
            values.push(ReferenceValue { name: name.value, place, label: None, percent });
        }
    }
    if let Some(mut table) = keys.table("labels", mistakes) {
        for (name, value) in table.others() {
            let Some(label) = value.text(mistakes) else { continue };
            match values.iter_mut().find(|value| value.name == name.value) {
                Some(value) => value.label = Some(label.value),
                None => unknown_label(&name, &values, mistakes),
            }
        }
    }
    keys.finish(mistakes);
    let id = id?;
    if known.iter().any(|reference| reference.id == id.value) {
        mistakes
            .error(&id.span, Diagnostic::error(format!("reference {} is declared twice", quote(&id.value))));
    }
    let label = label.unwrap_or_else(|| id.value.clone());
    Some(Reference { id: id.value, label, source, assumed, about, base, question, values })
}

fn unknown_label(name: &Typed<String>, values: &[ReferenceValue], mistakes: &mut Mistakes) {
    let error = Diagnostic::error(format!("label for {}, which is not in `values`", quote(&name.value)));
    let near = suggestion(&name.value, values.iter().map(|value| value.name.as_str()));
    mistakes.error(&name.span, near.map_or(error.clone(), |hint| error.hint(hint)));
}
