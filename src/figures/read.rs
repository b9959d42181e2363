//! Reading a file of published figures: every mistake at once, each at its place.

mod cell;
mod comparison;
mod figure;

use std::sync::Arc;

use super::claim::{Figures, Group, Reference};
use super::phrase::Phrases;
use super::printed::{Printed, Rule};
use super::reference::reference;
use crate::diag::{Diagnostic, Place, Source, Warned, quote, suggestion};
use crate::schema::{Language, NoAnswer, QuestionIndex, Survey, parse_condition};
use crate::toml::{Document, Keys, Mistakes, Typed};

/// The words of `no_answer`.
const NO_ANSWER: [(&str, NoAnswer); 2] = [("include", NoAnswer::Include), ("exclude", NoAnswer::Exclude)];

/// The words of `rule`.
const RULES: [(&str, Rule); 3] =
    [("half-up", Rule::HalfUp), ("half-even", Rule::HalfEven), ("truncate", Rule::Truncate)];

/// The files of references that a file of figures names, relative to itself; mistakes are told by [`load`].
pub fn reference_files(name: &str, text: &str) -> Vec<String> {
    let source = Arc::new(Source { name: name.into(), text: text.into() });
    let Ok(document) = Document::parse(&source) else { return Vec::new() };
    files(&mut document.keys(), &mut Mistakes::new(Arc::clone(&source)))
}

fn files(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<String> {
    let listed = keys.list("references", mistakes).map_or_else(Vec::new, |list| list.value);
    listed.iter().filter_map(|value| Some(value.text(mistakes)?.value)).collect()
}

/// Reads a file of figures about a survey in the words of a language, with the references of other files.
///
/// # Errors
/// Every mistake of the file.
pub fn load(
    name: &str,
    text: &str,
    references: Vec<Reference>,
    (survey, language): (&Survey, Language),
    phrases: &Phrases,
) -> Result<Warned<Figures>, Vec<Diagnostic>> {
    let source = Arc::new(Source { name: name.into(), text: text.into() });
    let document = Document::parse(&source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let mut keys = document.keys();
    let mut reader = Reader {
        survey,
        language,
        phrases,
        source: Arc::clone(&source),
        references,
        filter: None,
        no_answer: None,
        rule: Rule::HalfUp,
    };
    let (mut title, mut from) = (None, None);
    // Their files were read before.
    files(&mut keys, &mut mistakes);
    if let Some(mut keys) = keys.table("figures", &mut mistakes) {
        title = keys.text("title", &mut mistakes).map(|typed| typed.value);
        from = keys.text("source", &mut mistakes).map(|typed| typed.value);
        // An empty filter is none, as in a figure.
        let filter = keys.text("filter", &mut mistakes).filter(|typed| !typed.value.trim().is_empty());
        reader.filter = filter.and_then(|typed| reader.group(&typed, &mut mistakes));
        reader.no_answer = keys.word("no_answer", &NO_ANSWER, &mut mistakes).map(|typed| typed.value);
        reader.rule = keys.word("rule", &RULES, &mut mistakes).map_or(Rule::HalfUp, |typed| typed.value);
        keys.finish(&mut mistakes);
    }
    for keys in keys.tables("reference", &mut mistakes) {
        let reference = reference(keys, &reader.references, &mut mistakes);
        reader.references.extend(reference);
    }
    let mut claims = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    let figures = keys.tables("figure", &mut mistakes);
    if figures.is_empty() && mistakes.count() == 0 && !keys.has("figure") {
        mistakes
            .error(&(0..0), Diagnostic::error("expected a figure, found none").hint("write `[[figure]]`"));
    }
    for keys in figures {
        claims.extend(reader.figure(keys, &mut ids, &mut mistakes));
    }
    keys.finish(&mut mistakes);
    let references = reader.references;
    let warnings = mistakes.finish()?;
    Ok(Warned { value: Figures { title, source: from, references, claims }, warnings })
}

/// What every figure of a file shares.
struct Reader<'a> {
    survey: &'a Survey,
    language: Language,
    phrases: &'a Phrases,
    source: Arc<Source>,
    references: Vec<Reference>,
    filter: Option<Group>,
    no_answer: Option<NoAnswer>,
    rule: Rule,
}

impl Reader<'_> {
    /// A condition and its words.
    fn group(&self, typed: &Typed<String>, mistakes: &mut Mistakes) -> Option<Group> {
        let condition = Arc::new(Source { name: self.source.name.clone(), text: typed.value.clone() });
        match parse_condition(self.survey, &condition) {
            Ok(condition) => {
                let label = condition.in_words(self.survey, self.language);
                Some(Group { condition, label })
            }
            Err(errors) => {
                // Where the file has the condition letter by letter, the mistake is shown inside it.
                let written = self.source.text.get(typed.span.start + 1..typed.span.end.saturating_sub(1));
                let inside = (written == Some(typed.value.as_str())).then_some(typed.span.start + 1);
                for error in errors {
                    let span = match (&error.place, inside) {
                        (Some(Place::Span { span, .. }), Some(start)) => start + span.start..start + span.end,
                        _ => typed.span.clone(),
                    };
                    mistakes.error(&span, error);
                }
                None
            }
        }
    }

    /// The question with this id.
    fn question(&self, typed: &Typed<String>, key: &str, mistakes: &mut Mistakes) -> Option<QuestionIndex> {
        let found = self.survey.find(&typed.value);
        if found.is_none() {
            let mut error = Diagnostic::error(format!("unknown question {} in `{key}`", quote(&typed.value)));
            let ids = self.survey.questions.iter().map(|question| question.id.as_str());
            if let Some(hint) = suggestion(&typed.value, ids) {
                error = error.hint(hint);
            }
            mistakes.error(&typed.span, error);
        }
        found
    }
}

/// A number in quotes, as printed.
fn printed(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Option<Typed<Printed>> {
    let value = keys.value(key)?;
    let Some(text) = value.as_text() else {
        let error = Diagnostic::error(format!("expected `{key}` in quotes, as printed"));
        mistakes.error(&value.span(), error.hint("`\"48.0\"` and `\"48\"` are different figures"));
        return None;
    };
    let read = Printed::read(text);
    if read.is_none() {
        let error =
            Diagnostic::error(format!("expected a printed number for `{key}`, found {}", quote(text)));
        mistakes.error(&value.span(), error.hint("digits with a point, such as `\"74.3\"`"));
    }
    Some(Typed { value: read?, span: value.span() })
}

/// A count of respondents.
pub(super) fn count(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Option<u64> {
    let typed = keys.integer(key, mistakes)?;
    let count = u64::try_from(typed.value).ok();
    if count.is_none() {
        let error = Diagnostic::error(format!("expected a count for `{key}`, found `{}`", typed.value));
        mistakes.error(&typed.span, error);
    }
    count
}
