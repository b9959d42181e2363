//! Targets of numbers: what was written of one, and what each respondent gave.

use std::ops::Range;

use super::targets::{Margin, Method, NumberOf, NumberTarget, Targets};
use crate::diag::{Diagnostic, plural, quote};
use crate::frame::{Dataset, Replies};
use crate::schema::{Kind, QuestionIndex, Survey};
use crate::toml::{Keys, Mistakes, Typed};

/// Whether a `[[target]]` is of a number.
pub(super) fn is_written(keys: &Keys<'_>) -> bool {
    keys.has("total") || keys.has("mean")
}

/// One `[[target]]` with `total` or `mean`.
pub(super) fn target(
    mut keys: Keys<'_>,
    survey: &Survey,
    find: impl Fn(&Typed<String>, &mut Mistakes) -> Option<QuestionIndex>,
    mistakes: &mut Mistakes,
) -> Option<NumberTarget> {
    let span = keys.span().clone();
    keys.require("question");
    let id = keys.text("question", mistakes);
    let real = |keys: &mut Keys<'_>, name, mistakes: &mut Mistakes| {
        keys.value(name).and_then(|value| value.real(mistakes))
    };
    let (total, mean) = (real(&mut keys, "total", mistakes), real(&mut keys, "mean", mistakes));
    let both = keys.has("total") && keys.has("mean");
    if both {
        let error = Diagnostic::error("expected `total` or `mean` in `[[target]]`, found both");
        mistakes.error(&span, error);
    }
    keys.finish(mistakes);
    let id = id?;
    let question = find(&id, mistakes)?;
    let kind = survey.questions[question].kind;
    if kind != Kind::Number {
        let error = Diagnostic::error(format!(
            "expected a question of kind `number` with `total` or `mean`, found {}, which is of kind `{}`",
            quote(&id.value),
            kind.word()
        ));
        mistakes.error(&id.span, error.hint("options have `shares` or `totals`"));
        return None;
    }
    if both {
        return None;
    }
    let (of, target) =
        total.map(|total| (NumberOf::Total, total)).or(mean.map(|mean| (NumberOf::Mean, mean)))?;
    Some(NumberTarget { question, target: target.value, of, span })
}

/// What targets of numbers must be to one another and to the rest.
pub(super) fn together(
    numbers: &[NumberTarget],
    margins: &[Margin],
    (method, total): (Method, Option<f64>),
    survey: &Survey,
    mistakes: &mut Mistakes,
) {
    for (place, number) in numbers.iter().enumerate() {
        let id = quote(&survey.questions[number.question].id);
        if numbers[..place].iter().any(|earlier| earlier.question == number.question) {
            mistakes.error(&number.span, Diagnostic::error(format!("{id} has a target already")));
        } else if method == Method::Cell {
            let error = format!("expected `method = \"rake\"` with a target of {id}, found `cell`");
            mistakes.error(&number.span, Diagnostic::error(error).hint("cells have no numbers"));
        } else if number.of == NumberOf::Total
            && total.is_none()
            && margins.iter().all(|margin| margin.shares)
        {
            let error = format!("how many have {id} together is not known: no target has `totals`");
            let hint = "say `total = …` under `[weight]`, what the weights add up to, or `mean = …` here";
            mistakes.error(&number.span, Diagnostic::error(error).hint(hint));
        }
    }
}

/// The values of a number, respondent by respondent in file order; 0 where none was given.
pub(super) struct Values {
    /// In units of `10^-decimals`.
    scaled: Vec<i64>,
    given: Vec<bool>,
    decimals: u32,
}

impl Values {
    pub(super) fn of(question: QuestionIndex, dataset: &Dataset) -> Values {
        let (mut scaled, mut given) = (Vec::new(), Vec::new());
        for block in &dataset.blocks {
            match block.replies.get(question).and_then(Option::as_ref) {
                Some(Replies::Number(numbers)) => {
                    scaled.extend_from_slice(&numbers.values);
                    given.extend(numbers.states.iter().map(|&state| state == 0));
                }
                // Targets are over numbers; reading refuses others.
                _ => {
                    scaled.resize(scaled.len() + block.len, 0);
                    given.resize(given.len() + block.len, false);
                }
            }
        }
        Values { scaled, given, decimals: dataset.decimals_of(question) }
    }

    /// How many of those who have a weight gave none.
    pub(super) fn missing(&self, base: &[u64]) -> u64 {
        self.given.iter().zip(base).filter(|(given, base)| !**given && **base > 0).count() as u64
    }

    /// The distinct values in order, and the place of each respondent's among them.
    pub(super) fn ranked(&self) -> (Vec<f64>, Vec<u32>) {
        let mut distinct = self.scaled.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let ranks =
            self.scaled.iter().map(|value| distinct.binary_search(value).unwrap_or(0) as u32).collect();
        let unit = 10_f64.powi(self.decimals as i32);
        (distinct.iter().map(|&value| value as f64 / unit).collect(), ranks)
    }
}

/// A number that some have not, which nobody can be weighted to.
pub(super) fn missing(id: &str, missing: u64, targets: &Targets, place: Range<usize>) -> Diagnostic {
    let error = format!(
        "expected a number for {} of every respondent, found {} without",
        quote(id),
        plural(missing, "respondent")
    );
    let hint = "fill them in with `--corrections`, leave the respondents out with a weight of 0, or target groups of \
                the number by a derived question, where `missing = \"own\"` lets them keep their share";
    Diagnostic::error(error).hint(hint).span(&targets.source, place)
}

/// The least and the greatest total that a number can have when each margin has its targets: everybody of a category the
/// lowest number in it, or the highest.
pub(super) fn reach(values: &[f64], categories: &[Vec<u32>], targets: &[Vec<f64>], total: f64) -> (f64, f64) {
    let everybody = (vec![0; values.len()], vec![total]);
    let margins = categories.iter().zip(targets).chain([(&everybody.0, &everybody.1)]);
    margins.fold((f64::NEG_INFINITY, f64::INFINITY), |(least, greatest), (categories, targets)| {
        let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); targets.len()];
        for (&category, &value) in categories.iter().zip(values) {
            let (low, high) = &mut ends[category as usize];
            (*low, *high) = (low.min(value), high.max(value));
        }
        let wanted = || ends.iter().zip(targets).filter(|(_, target)| **target > 0.0);
        let (low, high) = (
            wanted().map(|((low, _), target)| low * target).sum::<f64>(),
            wanted().map(|((_, high), target)| high * target).sum::<f64>(),
        );
        (least.max(low), greatest.min(high))
    })
}
