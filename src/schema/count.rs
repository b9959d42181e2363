//! Counts: how many of several questions have certain answers ("how many of eight").

use super::codes;
use super::derive::{derived, rows_hint};
use super::question::{self, Draft};
use super::typed_derive::{TypedCount, TypedDerive, TypedGroups};
use super::{Kind, NoAnswer, Origin, Question};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Mistakes, Typed};

/// The number question that a `count` makes.
pub(super) fn draft(
    id: String,
    derive: &TypedDerive,
    count: &TypedCount,
    no_answer: NoAnswer,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Draft {
    let span = derive.id.as_ref().map_or(0..0, |id| id.span.clone());
    for key in [derive.groups.as_ref().map(TypedGroups::span), derive.bands.as_ref().map(|bands| &bands.span)]
        .into_iter()
        .flatten()
    {
        let error = Diagnostic::error(format!("`{id}` is a count and has no groups of its own"));
        mistakes.error(
            key,
            error.hint(format!(
                "group the number in a second `[[derive]]` with `from = \"{id}\"` and `bands`"
            )),
        );
    }
    let sources = sources(&id, count, drafts, mistakes);
    let assumed = sources.iter().any(|(source, _)| drafts[*source].question.assumed);
    let plain = derived(derive, &id, Kind::Number, no_answer);
    let question = Question { assumed, origin: Origin::Count { sources }, ..plain };
    Draft::new(question, derive.doubtful, span)
}

/// The counted questions and which of their options count.
fn sources(
    id: &str,
    count: &TypedCount,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Vec<(usize, Vec<bool>)> {
    let named: Vec<(&Typed<String>, bool)> = match (&count.questions, &count.multi) {
        (Some(_), Some(multi)) => {
            let error = Diagnostic::error("a count has both `questions` and `multi`");
            mistakes.error(&multi.span, error.hint("keep one"));
            return Vec::new();
        }
        (Some(questions), None) => questions.value.iter().map(|question| (question, false)).collect(),
        (None, Some(multi)) => vec![(multi, true)],
        (None, None) => Vec::new(),
    };
    if named.is_empty() && !count.doubtful {
        let error = Diagnostic::error(format!("the count `{id}` names no question"));
        let hint = "write `questions = [\"q8.r1\", \"q8.r2\"]`, or `multi = \"q3\"`";
        mistakes.error(&count.span, error.hint(hint));
    }
    let mut sources: Vec<(usize, Vec<bool>)> = Vec::new();
    for (name, multi) in named {
        let Some(place) = find(name, multi, drafts, mistakes) else { continue };
        // A grid stands for all its rows.
        let rows: Vec<usize> = match &drafts[place].question.origin {
            Origin::Rows(rows) => rows.clone(),
            _ => vec![place],
        };
        let of = count.of.as_ref().map_or(&[][..], |of| &of.value);
        let question = &drafts[place].question;
        let places = codes::places(question, of, drafts[place].doubtful, "`of`", mistakes);
        let mut accepts = vec![false; question.options.len()];
        places.iter().for_each(|option| accepts[option.value] = true);
        for row in rows {
            if sources.iter().any(|(known, _)| *known == row) {
                let error =
                    Diagnostic::error(format!("{} is counted twice", quote(&drafts[row].question.id)));
                mistakes.error(&name.span, error);
            } else {
                sources.push((row, accepts.clone()));
            }
        }
    }
    sources
}

/// The question a count names, which must be of the kind that fits.
fn find(name: &Typed<String>, multi: bool, drafts: &[Draft], mistakes: &mut Mistakes) -> Option<usize> {
    let place = question::find(&name.value, &name.span, "`count`", drafts, mistakes)?;
    let question = &drafts[place].question;
    let id = &question.id;
    let several = match &question.origin {
        Origin::Rows(rows) => {
            rows.first().map(|&row| &drafts[row].question).filter(|row| row.kind == Kind::Multi)
        }
        _ => None,
    };
    let (expected, hint) = match (question.kind, multi) {
        _ if drafts[place].doubtful => return Some(place),
        (Kind::Multi | Kind::Rank, true) | (Kind::Single | Kind::Scale, false) => return Some(place),
        (Kind::Grid, false) => match several {
            None => return Some(place),
            Some(row) => (
                "questions of one answer in `questions`",
                Some(format!("count one of its rows: `multi = \"{}\"`", row.id)),
            ),
        },
        (Kind::Multi | Kind::Rank, false) => {
            ("questions of one answer in `questions`", Some(format!("write `multi = \"{id}\"`")))
        }
        (Kind::Single | Kind::Scale, true) => {
            ("a multi question in `multi`", Some(format!("write `questions = [\"{id}\"]`")))
        }
        (Kind::Grid, true) => (
            "a multi question in `multi`",
            Some(rows_hint(place, drafts.iter().map(|draft| &draft.question))),
        ),
        (Kind::Number | Kind::Date | Kind::Ratio | Kind::Text, true) => ("a multi question in `multi`", None),
        (Kind::Number | Kind::Date | Kind::Ratio | Kind::Text, false) => {
            ("questions of one answer in `questions`", None)
        }
    };
    let mut error =
        Diagnostic::error(format!("expected {expected}, found the {} question `{id}`", question.kind.word()));
    if let Some(hint) = hint {
        error = error.hint(hint);
    }
    mistakes.error(&name.span, error);
    None
}
