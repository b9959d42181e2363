//! How many questionnaires were sent, to everybody and by group: what response rates are of.

use std::ops::Range;
use std::sync::Arc;

use super::question::{self, Draft};
use super::{Kind, Origin, QuestionIndex, Sent};
use crate::diag::{Diagnostic, Place, quote, thousands};
use crate::toml::{Keys, Mistakes, Typed, Value};

/// `[survey.sent]`
pub(super) struct TypedSent {
    by: Option<Typed<String>>,
    counts: Option<TypedCounts>,
    file: Option<Typed<String>>,
}

/// A code and its count, if it could be read.
type TypedGroup = (Typed<String>, Option<Typed<u64>>);

/// `counts = …`
enum TypedCounts {
    /// A count for each code, as typed.
    List(Typed<Vec<TypedGroup>>),
    /// `"@municipalities"`, written here.
    Municipalities(Range<usize>),
}

/// Reads `[survey.sent]`.
pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedSent {
    keys.require("by");
    let file = keys.text("file", mistakes);
    if !keys.has("file") {
        keys.require("counts");
    } else if let Some(span) = keys.key_span("counts") {
        let error = Diagnostic::error("`sent` has both `counts` and `file`");
        mistakes.error(&span, error.hint("keep one"));
    }
    let by = keys.text("by", mistakes);
    let counts = keys.value("counts").and_then(|value| counts(&value, mistakes));
    keys.finish(mistakes);
    TypedSent { by, counts, file }
}

fn counts(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<TypedCounts> {
    if value.as_text() == Some("@municipalities") {
        return Some(TypedCounts::Municipalities(value.span()));
    }
    let span = value.span();
    let mut keys = value.table("counts", mistakes)?;
    let list = keys.others().into_iter().map(|(code, value)| {
        let count = count("counts", &value, mistakes);
        (code, count)
    });
    Some(TypedCounts::List(Typed { value: list.collect(), span }))
}

/// A count of what was sent.
pub(super) fn count(key: &str, value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<u64>> {
    let typed = value.integer(mistakes)?;
    match u64::try_from(typed.value) {
        Ok(count) => Some(Typed { value: count, span: typed.span }),
        Err(_) => {
            let error = format!("expected a count for `{key}`, found `{}`", typed.value);
            mistakes.error(&typed.span, Diagnostic::error(error));
            None
        }
    }
}

/// What was sent, with the groups looked up; `total` is that of `[survey.about]`.
pub(super) fn resolve(
    typed: Option<TypedSent>,
    total: Option<Typed<u64>>,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Option<Sent> {
    let Some(typed) = typed else {
        return total.map(|total| Sent {
            total: Some(total.value),
            span: total.span,
            by: None,
            counts: Vec::new(),
            file: None,
        });
    };
    let by = find(typed.by.as_ref()?, drafts, mistakes)?;
    if let Some(file) = typed.file {
        return Some(Sent {
            total: total.map(|total| total.value),
            span: file.span,
            by: Some(by),
            counts: Vec::new(),
            file: Some(file.value),
        });
    }
    let (span, counts) = match typed.counts? {
        TypedCounts::Municipalities(span) => {
            let counts = of_municipalities(by, drafts);
            if counts.is_none() && !drafts[by].doubtful {
                let error = format!(
                    "expected municipalities or their prefectures in `by`, found `{}`",
                    drafts[by].question.id
                );
                let hint = "`\"@municipalities\"` means that every municipality was asked once";
                mistakes.error(&span, Diagnostic::error(error).hint(hint));
            }
            let counts: Vec<(u64, Range<usize>)> =
                counts?.into_iter().map(|count| (count, span.clone())).collect();
            (span, counts)
        }
        TypedCounts::List(list) => {
            let counts = by_option(by, &list, drafts, mistakes)?;
            (list.span, counts)
        }
    };
    let sum = counts.iter().fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
    if let Some(total) = total.filter(|total| total.value != sum) {
        let error = Diagnostic::error(format!(
            "`sent` is {}, but the counts by group add up to {}",
            thousands(total.value),
            thousands(sum)
        ));
        mistakes.error(&total.span, error.hint("correct one, or leave `sent` out of `[survey.about]`"));
    }
    let source = mistakes.source();
    let place = |span| Place::Span { source: Arc::clone(source), span };
    let counts = counts.into_iter().map(|(count, span)| (count, place(span))).collect();
    Some(Sent { total: Some(sum), span, by: Some(by), counts, file: None })
}

/// The question of the groups, each respondent in one.
fn find(by: &Typed<String>, drafts: &[Draft], mistakes: &mut Mistakes) -> Option<QuestionIndex> {
    let place = question::find(&by.value, &by.span, "`[survey.sent]`", drafts, mistakes)?;
    let question = &drafts[place].question;
    if question.kind != Kind::Single && !drafts[place].doubtful {
        let error = format!(
            "expected a single question in `by`, found the {} question `{}`",
            question.kind.word(),
            question.id
        );
        mistakes.error(&by.span, Diagnostic::error(error).hint("each questionnaire went to one group"));
        return None;
    }
    Some(place)
}

/// One for each municipality; by prefecture as many as it has.
fn of_municipalities(by: QuestionIndex, drafts: &[Draft]) -> Option<Vec<u64>> {
    let question = &drafts[by].question;
    if question.municipalities {
        return Some(vec![1; question.options.len()]);
    }
    let Origin::Regrouped { from, group_of } = &question.origin else { return None };
    let mut counts = vec![0; question.options.len()];
    group_of.iter().flatten().for_each(|&group| counts[group] += 1);
    drafts[*from].question.municipalities.then_some(counts)
}

/// The count of each option, and where it was written.
fn by_option(
    by: QuestionIndex,
    list: &Typed<Vec<TypedGroup>>,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Option<Vec<(u64, Range<usize>)>> {
    let (question, doubtful) = (&drafts[by].question, drafts[by].doubtful);
    let mut counts: Vec<Option<(u64, Range<usize>)>> = vec![None; question.options.len()];
    let mut unread = doubtful;
    for (code, count) in &list.value {
        let place = question.options.iter().position(|option| option.code.to_string() == code.value);
        match (place, count) {
            (Some(place), Some(count)) => counts[place] = Some((count.value, count.span.clone())),
            (None, _) if !doubtful => {
                let error =
                    Diagnostic::error(format!("`{}` has no option {}", question.id, quote(&code.value)));
                mistakes.error(&code.span, error);
                unread = true;
            }
            _ => unread = true,
        }
    }
    let absent: Vec<String> = question
        .options
        .iter()
        .zip(&counts)
        .filter(|(_, count)| count.is_none())
        .map(|(option, _)| quote(&option.code.to_string()))
        .collect();
    if !absent.is_empty() && !unread {
        let error = format!("`counts` says nothing of {} of `{}`", absent.join(", "), question.id);
        mistakes.error(&list.span, Diagnostic::error(error).hint("write 0 where nothing was sent"));
    }
    counts.into_iter().collect()
}
