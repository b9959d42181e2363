//! From what was typed to what is meant.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::question::Draft;
use super::{
    Kind, NamedBanner, NoAnswer, Origin, Survey, check as check_rules, dependencies, derive, disclosure,
    expression, master, named_banner, nets, question, sent, typed, wave,
};
use crate::diag::{Diagnostic, Place, Source, Warned, quote, suggestion};
use crate::toml::{Document, Mistakes, Typed};

/// Loads a schema: `name` is the path as the user gave it, `text` its content.
///
/// # Errors
/// All mistakes of the file at once, in the order of the text.
pub fn load(name: &str, text: &str) -> Result<Warned<Survey>, Vec<Diagnostic>> {
    load_with(name, text, &[])
}

/// [`load`] with files of additions: derived questions, nets and named banners.
///
/// # Errors
/// All mistakes of the first file that has any; additions are read when the schema is sound.
pub fn load_with(
    name: &str,
    text: &str,
    overlays: &[(String, String)],
) -> Result<Warned<Survey>, Vec<Diagnostic>> {
    let source = Arc::new(Source { name: name.to_string(), text: text.to_string() });
    let document = Document::parse(&source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let mut schema = typed::read(&document, &mut mistakes);
    if !schema.has_questions {
        let error = Diagnostic::error("the schema has no questions").at(Place::File(name.to_string()));
        mistakes.extend([error.hint("add a `[[question]]`")]);
    }
    let no_answer = schema.survey.no_answer.unwrap_or(NoAnswer::Include);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut banners = Vec::new();
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    master::options(&schema.masters, folder, &mut schema.questions, &mut mistakes);
    for question in schema.questions {
        question::resolve(question, no_answer, &mut drafts, &mut mistakes);
    }
    let masters =
        master::resolve(schema.masters, schema.survey.respondent.is_some(), &mut drafts, &mut mistakes);
    derive::resolve(schema.derives, no_answer, schema.survey.era, &mut drafts, &mut mistakes);
    check(&mut drafts, 0, &mut mistakes);
    check_keys(&drafts, schema.survey.respondent.is_some(), &mut mistakes);
    named_banner::resolve(&schema.banners, &drafts, &mut banners, &mut mistakes);
    let waves = wave::resolve(schema.waves, &drafts, &mut mistakes);
    let disclosure = disclosure::resolve(schema.survey.disclosure, &drafts, &mut mistakes);
    let sent = sent::resolve(schema.survey.sent, schema.survey.sent_to_all, &drafts, &mut mistakes);
    let rules = check_rules::resolve(schema.survey.check, &drafts, &mut mistakes);
    let mut warnings = mistakes.finish()?;
    for (name, text) in overlays {
        let whole = Whole { keyed: schema.survey.respondent.is_some(), era: schema.survey.era };
        warnings.extend(overlay(name, text, no_answer, whole, &mut drafts, &mut banners)?);
    }
    let text = |typed: Option<Typed<String>>| typed.map(|typed| typed.value);
    let survey = Survey {
        id: text(schema.survey.id).unwrap_or_default(),
        title: text(schema.survey.title).unwrap_or_default(),
        era: schema.survey.era,
        respondent: text(schema.survey.respondent),
        weight: text(schema.survey.weight),
        count: text(schema.survey.count),
        resubmission: schema.survey.resubmission.map(|typed| typed.value),
        unit: schema.survey.unit.unwrap_or_else(|| "名".to_string()),
        sampling: schema.survey.sampling,
        design: schema.survey.design,
        about: schema.survey.about,
        field_period: schema.survey.field_period,
        sent,
        check: rules,
        disclosure,
        note: schema.survey.note.into_iter().collect(),
        title_en: schema.survey.title_en,
        note_en: schema.survey.note_en.into_iter().collect(),
        corrections: None,
        questions: drafts.into_iter().map(|draft| draft.question).collect(),
        banners,
        waves,
        masters,
        wave: None,
        source,
    };
    Ok(Warned { value: survey, warnings })
}

/// What additions need to know of the survey they are for.
#[derive(Clone, Copy)]
struct Whole {
    /// Respondents have keys.
    keyed: bool,
    /// Days are printed in eras.
    era: bool,
}

/// Adds what one file of additions has; returns its warnings.
fn overlay(
    name: &str,
    text: &str,
    no_answer: NoAnswer,
    whole: Whole,
    drafts: &mut Vec<Draft>,
    banners: &mut Vec<NamedBanner>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let source = Arc::new(Source { name: name.to_string(), text: text.to_string() });
    let document = Document::parse(&source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let typed = typed::read_overlay(&document, &mut mistakes);
    let known = drafts.len();
    derive::resolve(typed.derives, no_answer, whole.era, drafts, &mut mistakes);
    for extra in typed.nets {
        add_net(extra, drafts, &mut mistakes);
    }
    check(drafts, known, &mut mistakes);
    check_keys(&drafts[known..], whole.keyed, &mut mistakes);
    named_banner::resolve(&typed.banners, drafts, banners, &mut mistakes);
    // A question of a later file may have the name of an earlier banner.
    for draft in &drafts[known..] {
        if banners.iter().any(|banner| banner.id == draft.question.id)
            && !typed
                .banners
                .iter()
                .any(|own| own.id.as_ref().is_some_and(|id| id.value == draft.question.id))
        {
            let shown = quote(&draft.question.id);
            mistakes.error(&draft.question.span, Diagnostic::error(format!("id {shown} is also a banner's")));
        }
    }
    mistakes.finish()
}

/// What was decided by respondent needs their keys.
fn check_keys(drafts: &[Draft], keyed: bool, mistakes: &mut Mistakes) {
    for draft in drafts.iter().filter(|_| !keyed) {
        if let Origin::Comments { frame, .. } = &draft.question.origin
            && !frame.by_respondent.is_empty()
        {
            let error =
                Diagnostic::error("`by_respondent` needs the respondent's key, and the schema names none");
            mistakes.error(&draft.question.span, error.hint("say `respondent = \"…\"` under `[survey]`"));
        }
    }
}

/// Adds a net to a question; to the rows as well when it is a grid.
fn add_net(extra: typed::TypedExtraNet, drafts: &mut [Draft], mistakes: &mut Mistakes) {
    let Some(name) = &extra.question else { return };
    let Some(place) = drafts.iter().position(|draft| draft.question.id == name.value) else {
        let mut error = Diagnostic::error(format!("unknown question {} in a net", quote(&name.value)));
        let ids = drafts.iter().map(|draft| draft.question.id.as_str());
        if let Some(hint) = suggestion(&name.value, ids) {
            error = error.hint(hint);
        }
        mistakes.error(&name.span, error);
        return;
    };
    let question = &drafts[place].question;
    if question.options.is_empty() {
        let kind = question.kind.word();
        let error = Diagnostic::error(format!("the {kind} question {} has no nets", quote(&name.value)));
        mistakes.error(&name.span, error);
        return;
    }
    let doubtful = drafts[place].doubtful;
    let nets = nets::resolve(question, std::slice::from_ref(&extra.net), doubtful, mistakes);
    for (row, draft) in drafts.iter_mut().enumerate() {
        if row == place || draft.question.grid == Some(place) {
            draft.question.nets.extend(nets.iter().cloned());
        }
    }
}

/// Checks what concerns several questions, of which those from `first` on are new.
fn check(drafts: &mut [Draft], first: usize, mistakes: &mut Mistakes) {
    for place in check_ids(drafts, first, mistakes) {
        drafts[place].doubtful = true;
    }
    if first == 0 {
        check_columns(drafts, mistakes);
    }
    resolve_conditions(drafts, first, mistakes);
    if first == 0 {
        resolve_limits(drafts, mistakes);
    }
    dependencies::check(drafts, mistakes);
}

/// Reports ids that two questions share, and returns who; rows of grids have ids too.
fn check_ids(drafts: &[Draft], new: usize, mistakes: &mut Mistakes) -> Vec<usize> {
    let mut shared = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (place, draft) in drafts.iter().enumerate() {
        let question = &draft.question;
        if question.id.is_empty() {
            continue;
        }
        let Some(&first) = known.get(question.id.as_str()) else {
            known.insert(&question.id, place);
            continue;
        };
        if place < new {
            continue;
        }
        shared.extend([first, place]);
        let shown = quote(&question.id);
        let other = &drafts[first].question;
        let (message, span) = match (question.grid, other.grid) {
            (None, None) => (format!("id {shown} is used twice"), &question.span),
            (Some(grid), Some(first)) if grid == first => {
                (format!("row {shown} is declared twice"), &question.span)
            }
            // The rows of a grid whose id is used twice: said at the grid.
            (Some(grid), Some(first)) if drafts[grid].question.id == drafts[first].question.id => continue,
            (Some(_), Some(_)) => (format!("row {shown} is also a row of another grid"), &question.span),
            (Some(grid), None) => (clash(&shown, &drafts[grid]), &other.span),
            (None, Some(grid)) => (clash(&shown, &drafts[grid]), &question.span),
        };
        mistakes.error(span, Diagnostic::error(message));
    }
    shared
}

fn clash(shown: &str, grid: &Draft) -> String {
    let what =
        if grid.question.kind == Kind::Rank { "place of the rank question" } else { "row of the grid" };
    format!("id {shown} is also a {what} `{}`", grid.question.id)
}

/// Reports columns that two questions read.
fn check_columns(drafts: &[Draft], mistakes: &mut Mistakes) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (place, draft) in drafts.iter().enumerate() {
        let question = &draft.question;
        // The default column is made of the id and the codes.
        if draft.doubtful || question.id.is_empty() {
            continue;
        }
        let columns = question.origin.columns();
        for column in columns {
            let first = *known.entry(column).or_insert(place);
            if first != place {
                let error = Diagnostic::error(format!(
                    "column {} is read by `{}` and `{}`",
                    quote(column),
                    drafts[first].question.id,
                    question.id
                ));
                mistakes.error(&draft.column_span, error);
                break;
            }
        }
    }
}

/// Reads every `asked_if` and `when`, now that all questions are known.
fn resolve_conditions(drafts: &mut [Draft], new: usize, mistakes: &mut Mistakes) {
    let names = expression::Names {
        questions: drafts.iter().map(|draft| &draft.question).collect(),
        doubtful: drafts.iter().map(|draft| draft.doubtful).collect(),
    };
    let mut conditions = Vec::new();
    for (place, draft) in drafts.iter().enumerate().skip(new) {
        let asked_if = draft.asked_if.iter().map(|typed| (None, typed));
        let whens = draft.whens.iter().map(|(group, typed)| (Some(*group), typed));
        for (group, typed) in asked_if.chain(whens) {
            match expression::read(&names, &typed.value) {
                Ok(condition) => conditions.push((place, group, condition)),
                Err(errors) => {
                    let inside = inside(mistakes.source(), typed);
                    for error in errors {
                        let span = inside.map_or(typed.span.clone(), |start| {
                            start + error.span.start..start + error.span.end
                        });
                        mistakes.error(&span, error.value);
                    }
                }
            }
        }
    }
    for (place, group, condition) in conditions {
        if let Some(group) = group {
            match &mut drafts[place].question.origin {
                Origin::Conditions { groups, .. } => groups[group] = Some(condition),
                Origin::Ratio { when, .. } => *when = Some(condition),
                _ => {}
            }
            continue;
        }
        // Rows and places, and the words of その他, are asked of whom the question is asked.
        let question = drafts[place].question.clone();
        let part =
            |own: &super::Question| own.grid == Some(place) || question.option_with_words(own).is_some();
        for draft in drafts.iter_mut().filter(|draft| part(&draft.question)) {
            draft.question.asked_if = Some(condition.clone());
        }
        drafts[place].question.asked_if = Some(condition);
    }
}

/// Looks up every `limited_to`: a multi question with some of the same codes.
fn resolve_limits(drafts: &mut [Draft], mistakes: &mut Mistakes) {
    for place in 0..drafts.len() {
        let Some(typed) = drafts[place].limited_to.clone() else { continue };
        let Some(target) = question::find(&typed.value, &typed.span, "`limited_to`", drafts, mistakes) else {
            continue;
        };
        let (own, other) = (&drafts[place].question, &drafts[target].question);
        if drafts[place].doubtful || drafts[target].doubtful {
            continue;
        }
        if target == place || !other.kind.takes_several_options() {
            let found = if target == place { "the question itself" } else { other.kind.word() };
            let error =
                Diagnostic::error(format!("expected a multi question in `limited_to`, found {found}"));
            mistakes.error(&typed.span, error);
            continue;
        }
        if !own.options.iter().any(|option| other.option_of(&option.code).is_some()) {
            let error = Diagnostic::error(format!("`{}` and `{}` have no code in common", own.id, other.id));
            mistakes.error(&typed.span, error.hint("options are matched by code"));
            continue;
        }
        drafts[place].question.limited_to = Some(target);
    }
}

/// Where the text of a string begins in the file, when the file has it letter by letter.
fn inside(source: &Source, typed: &Typed<String>) -> Option<usize> {
    let Range { start, end } = typed.span;
    let written = source.text.get(start + 1..end.checked_sub(1)?)?;
    (written == typed.value).then_some(start + 1)
}
