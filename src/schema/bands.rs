//! Bands of a number: from inclusive, to exclusive; a limit that is not written is none.

use std::cmp::Ordering;

use super::typed_derive::TypedBand;
use super::{Comparison, Condition, QuestionIndex};
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// A limit as digits and decimal places.
type Limit = (i64, u32);

/// The condition of each band on the number at `from`.
pub(super) fn resolve(
    id: &str,
    from: Option<QuestionIndex>,
    bands: &[TypedBand],
    overlap: bool,
    mistakes: &mut Mistakes,
) -> Vec<Option<Condition>> {
    let mut sound: Vec<&TypedBand> = Vec::new();
    for band in bands {
        match (&band.from, &band.to) {
            _ if band.doubtful => {}
            (None, None) => {
                let error = Diagnostic::error(format!("a band of `{id}` has neither `from` nor `to`"));
                mistakes.error(
                    &band.span,
                    error.hint("`from` is the first number in the band, `to` the first after it"),
                );
            }
            (Some(from), Some(to)) if order(from.value, to.value).is_ge() => {
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
        compare(id, &sound, mistakes);
    }
    let Some(question) = from else { return bands.iter().map(|_| None).collect() };
    let limit = |comparison, (value, decimals)| Condition::Number { question, comparison, value, decimals };
    let condition = |band: &TypedBand| {
        let from = band.from.iter().map(|from| limit(Comparison::GreaterOrEqual, from.value));
        let to = band.to.iter().map(|to| limit(Comparison::Less, to.value));
        Some(Condition::And(from.chain(to).collect()))
    };
    bands.iter().map(condition).collect()
}

/// Reports bands that share numbers, and warns of numbers between two bands.
fn compare(id: &str, bands: &[&TypedBand], mistakes: &mut Mistakes) {
    let mut ordered = bands.to_vec();
    ordered.sort_by(|one, other| match (&one.from, &other.from) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(one), Some(other)) => order(one.value, other.value),
    });
    for pair in ordered.windows(2) {
        let [first, second] = pair else { continue };
        let met = match (&first.to, &second.from) {
            (Some(to), Some(from)) => order(to.value, from.value),
            _ => Ordering::Greater,
        };
        let label = |band: &TypedBand| {
            band.option.label.as_ref().map(|label| quote(&label.value)).unwrap_or_default()
        };
        match met {
            Ordering::Greater => {
                let error = Diagnostic::error(format!(
                    "bands {} and {} of `{id}` share numbers",
                    label(first),
                    label(second)
                ));
                let hint = "`to` is not in the band; say `overlap = true` if bands shall overlap (再掲)";
                mistakes.error(&second.span, error.hint(hint));
            }
            Ordering::Less => {
                let warning = Diagnostic::warning(format!(
                    "numbers between bands {} and {} are in no band of `{id}`",
                    label(first),
                    label(second)
                ));
                let hint = "`to` is not in the band: 20 to 29 is `from = 20, to = 30`";
                mistakes.warning(&second.span, warning.hint(hint));
            }
            Ordering::Equal => {}
        }
    }
}

/// Which of two limits is greater; at most 9 decimals, so the products fit.
fn order((one, one_decimals): Limit, (other, other_decimals): Limit) -> Ordering {
    let scaled = |value: i64, by: u32| i128::from(value) * 10_i128.pow(by);
    scaled(one, other_decimals).cmp(&scaled(other, one_decimals))
}
