//! Ratios of sums: one number of all respondents to another (退院調整を実施した件数 ÷ 退院した件数).

use super::derive::derived;
use super::question::{self, Draft};
use super::typed_derive::{TypedDerive, TypedGroups, TypedRatio};
use super::{Kind, NoAnswer, Origin, Question};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Mistakes, Typed};

/// What a ratio may be for: itself, a percentage, and rates of rare things.
const PER: [u32; 5] = [1, 100, 1_000, 10_000, 100_000];

/// The question that a `ratio` makes.
pub(super) fn draft(
    id: String,
    derive: &TypedDerive,
    ratio: &TypedRatio,
    no_answer: NoAnswer,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Draft {
    let span = derive.id.as_ref().map_or(0..0, |id| id.span.clone());
    let others = [
        derive.groups.as_ref().map(TypedGroups::span),
        derive.bands.as_ref().map(|bands| &bands.span),
        derive.from.as_ref().map(|from| &from.span),
        derive.by.as_ref().map(|by| &by.span),
        derive.count.as_ref().map(|count| &count.span),
    ];
    for key in others.into_iter().flatten() {
        let error = Diagnostic::error(format!("`{id}` is a ratio and nothing else"));
        mistakes.error(key, error.hint("keep one key; a ratio's numbers are named by `of` and `to`"));
    }
    let of = ratio.of.as_ref().and_then(|of| number(of, "of", drafts, mistakes));
    let to = ratio.to.as_ref().and_then(|to| number(to, "to", drafts, mistakes));
    if let (Some(of), Some(to), Some(typed)) = (of, to, &ratio.to)
        && of == to
    {
        let error = Diagnostic::error(format!("{} is set against itself in `ratio`", quote(&typed.value)));
        mistakes.error(&typed.span, error.hint("`of` is the part or the count, `to` what it is out of"));
    }
    let per = ratio.per.as_ref().map_or(Some(100), |typed| {
        let per = u32::try_from(typed.value).ok().filter(|per| PER.contains(per));
        if per.is_none() {
            let error = format!("expected 1, 100, 1000, 10000 or 100000 for `per`, found `{}`", typed.value);
            let hint = "100 makes a percentage, 1 the plain ratio, 100000 a rate for each 100,000";
            mistakes.error(&typed.span, Diagnostic::error(error).hint(hint));
        }
        per
    });
    let assumed = [of, to].into_iter().flatten().any(|place| drafts[place].question.assumed);
    let origin = match (of, to) {
        (Some(of), Some(to)) => {
            Origin::Ratio { of, to, part: ratio.part, per: per.unwrap_or(100), when: None }
        }
        // The mistake has been reported.
        _ => Origin::Rows(Vec::new()),
    };
    let question = Question { assumed, origin, ..derived(derive, &id, Kind::Ratio, no_answer) };
    // The condition of a ratio is that of its only group.
    let whens = ratio.when.iter().map(|when| (0, when.clone())).collect();
    Draft { whens, ..Draft::new(question, derive.doubtful || ratio.doubtful, span) }
}

/// The number question that a ratio names.
fn number(name: &Typed<String>, key: &str, drafts: &[Draft], mistakes: &mut Mistakes) -> Option<usize> {
    let place = question::find(&name.value, &name.span, &format!("`{key}` of a ratio"), drafts, mistakes)?;
    let question = &drafts[place].question;
    if question.kind != Kind::Number && !drafts[place].doubtful {
        let error = format!(
            "expected a number question in `{key}` of a ratio, found the {} question `{}`",
            question.kind.word(),
            question.id
        );
        let error = Diagnostic::error(error);
        mistakes.error(&name.span, error.hint("a `count` in a `[[derive]]` makes a number of answers"));
        return None;
    }
    Some(place)
}
