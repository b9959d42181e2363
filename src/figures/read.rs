//! Reading a file of published figures: every mistake at once, each at its place.

mod cell;
mod comparison;
mod figure;

use std::sync::Arc;

use super::claim::{Figures, Group, Reference};
use super::phrase::Phrases;
use super::printed::{Printed, Rule};
use crate::diag::{Diagnostic, Place, Source, Warned, quote, suggestion};
use crate::schema::{NoAnswer, QuestionIndex, Survey, parse_condition};
use crate::toml::{Document, Keys, Mistakes, Typed};

/// The words of `no_answer`.
const NO_ANSWER: [(&str, NoAnswer); 2] = [("include", NoAnswer::Include), ("exclude", NoAnswer::Exclude)];

/// The words of `rule`.
const RULES: [(&str, Rule); 3] =
    [("half-up", Rule::HalfUp), ("half-even", Rule::HalfEven), ("truncate", Rule::Truncate)];

/// Reads a file of figures about a survey.
///
/// # Errors
/// Every mistake of the file.
pub fn load(
    name: &str,
    text: &str,
    survey: &Survey,
    phrases: &Phrases,
) -> Result<Warned<Figures>, Vec<Diagnostic>> {
    let source = Arc::new(Source { name: name.into(), text: text.into() });
    let document = Document::parse(&source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let mut keys = document.keys();
    let mut reader = Reader {
        survey,
        phrases,
        source: Arc::clone(&source),
        references: Vec::new(),
        filter: None,
        no_answer: None,
        rule: Rule::HalfUp,
    };
    let (mut title, mut from) = (None, None);
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
            Ok(condition) => Some(Group { condition, label: typed.value.trim().to_string() }),
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
fn count(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Option<u64> {
    let typed = keys.integer(key, mistakes)?;
    let count = u64::try_from(typed.value).ok();
    if count.is_none() {
        let error = Diagnostic::error(format!("expected a count for `{key}`, found `{}`", typed.value));
        mistakes.error(&typed.span, error);
    }
    count
}

/// Reads one `[[reference]]`.
fn reference(mut keys: Keys<'_>, known: &[Reference], mistakes: &mut Mistakes) -> Option<Reference> {
    keys.require("id");
    keys.require("values");
    let id = keys.text("id", mistakes);
    let label = keys.text("label", mistakes).map(|typed| typed.value);
    let source = keys.text("source", mistakes).map(|typed| typed.value);
    let assumed = keys.flag("assumed", mistakes).is_some_and(|typed| typed.value);
    if source.is_none() && !assumed {
        let span = keys.span().clone();
        let error =
            Diagnostic::error("expected `source` or `assumed = true` in `[[reference]]`, found neither");
        mistakes.error(&span, error.hint("say who published the numbers, or that nobody did"));
    }
    let mut values = Vec::new();
    if let Some(mut table) = keys.table("values", mistakes) {
        for (name, value) in table.others() {
            let Some(typed) = value.text(mistakes) else { continue };
            match Printed::read(&typed.value) {
                Some(printed) => values.push((name.value, printed)),
                None => {
                    let error = format!("expected a printed number, found {}", quote(&typed.value));
                    mistakes.error(&typed.span, Diagnostic::error(error));
                }
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
    Some(Reference { id: id.value, label, source, assumed, values })
}
