//! Bands of a number or a date: from inclusive, to exclusive; a limit that is not written is none.

use std::cmp::Ordering;

use super::range::{Scaled, order};
use super::typed_derive::{TypedBand, TypedLimit};
use super::{Comparison, Condition, QuestionIndex};
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// The condition of each band on the number or date at `from`; `dates`: it is a date, where that is known.
pub(super) fn resolve(
    id: &str,
    from: Option<QuestionIndex>,
    dates: Option<bool>,
    bands: &[TypedBand],
    overlap: bool,
    mistakes: &mut Mistakes,
) -> Vec<Option<Condition>> {
    let mut sound: Vec<&TypedBand> = Vec::new();
    for band in bands {
        match (&band.from, &band.to) {
            _ if band.doubtful || is_foreign(id, dates, band, mistakes) => {}
            (None, None) => {
                let error = Diagnostic::error(format!("a band of `{id}` has neither `from` nor `to`"));
                mistakes.error(
                    &band.span,
                    error.hint("`from` is the first number in the band, `to` the first after it"),
                );
            }
            (Some(from), Some(to)) if order(scaled(from.value), scaled(to.value)).is_ge() => {
                let error = Diagnostic::error(format!("a band of `{id}` ends before it begins"));
                mistakes.error(
                    &to.span,
                    error.hint("`from` is in the band, `to` is not: 20 to 29 is `from = 20, to = 30`"),
                );
            }
            _ => sound.push(band),
        }
    }
    if sound.len() == bands.len() && !overlap {
        compare(id, dates == Some(true), &sound, mistakes);
    }
    let Some(question) = from else { return bands.iter().map(|_| None).collect() };
    let limit = |comparison, (value, decimals)| Condition::Number { question, comparison, value, decimals };
    let condition = |band: &TypedBand| {
        let from = band.from.iter().map(|from| limit(Comparison::GreaterOrEqual, scaled(from.value)));
        let to = band.to.iter().map(|to| limit(Comparison::Less, scaled(to.value)));
        Some(Condition::And(from.chain(to).collect()))
    };
    bands.iter().map(condition).collect()
}

/// Reports bands that share numbers, and warns of numbers between two bands.
fn compare(id: &str, dates: bool, bands: &[&TypedBand], mistakes: &mut Mistakes) {
    let (values, hint) = match dates {
        true => ("days", "`to` is not in the band: November is `from = 2016-11-01, to = 2016-12-01`"),
        false => ("numbers", "`to` is not in the band: 20 to 29 is `from = 20, to = 30`"),
    };
    let mut ordered = bands.to_vec();
    ordered.sort_by(|one, other| match (&one.from, &other.from) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(one), Some(other)) => order(scaled(one.value), scaled(other.value)),
    });
    for pair in ordered.windows(2) {
        let [first, second] = pair else { continue };
        let met = match (&first.to, &second.from) {
            (Some(to), Some(from)) => order(scaled(to.value), scaled(from.value)),
            _ => Ordering::Greater,
        };
        let label = |band: &TypedBand| {
            band.option.label.as_ref().map(|label| quote(&label.value)).unwrap_or_default()
        };
        match met {
            Ordering::Greater => {
                let error = Diagnostic::error(format!(
                    "bands {} and {} of `{id}` share {values}",
                    label(first),
                    label(second)
                ));
                let hint = "`to` is not in the band; say `overlap = true` if bands shall overlap (再掲)";
                mistakes.error(&second.span, error.hint(hint));
            }
            Ordering::Less => {
                let warning = Diagnostic::warning(format!(
                    "{values} between bands {} and {} are in no band of `{id}`",
                    label(first),
                    label(second)
                ));
                mistakes.warning(&second.span, warning.hint(hint));
            }
            Ordering::Equal => {}
        }
    }
}

/// Whether a limit is a date where the question is a number, or the other way round; reports it.
fn is_foreign(id: &str, dates: Option<bool>, band: &TypedBand, mistakes: &mut Mistakes) -> bool {
    let Some(dates) = dates else { return false };
    let limits = [&band.from, &band.to];
    let mut foreign =
        limits.into_iter().flatten().filter(|limit| matches!(limit.value, TypedLimit::Date(_)) != dates);
    let Some(limit) = foreign.next() else { return false };
    let error = match dates {
        true => "expected a date such as 2016-11-10 without quotes, found a number",
        false => "expected a number, found a date",
    };
    mistakes.error(&limit.span, Diagnostic::error(format!("{error} in a band of `{id}`")));
    true
}

/// A limit as digits and decimals; a day as a number of days.
fn scaled(limit: TypedLimit) -> Scaled {
    match limit {
        TypedLimit::Number(value, decimals) => (value, decimals),
        TypedLimit::Date(day) => (day.0, 0),
    }
}
