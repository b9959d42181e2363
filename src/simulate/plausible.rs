//! What is assumed where no target says otherwise, declared in the README: no answer is as frequent as every
//! other, その他 is rare, and 無回答 has the share of `[simulate] missing`.

use super::random::Random;
use super::wish::Domain;
use crate::schema::{Kind, Limits, NumberRange, Origin, Question, Scaled, Survey};

/// A share so small that an answer is only used where targets leave no other.
pub(super) const NEVER: f64 = 1e-9;

/// Weights of the answers to a question of one answer: options 20 to 100, その他 8, in any order; a scale's
/// ends rarer than its middle.
pub(super) fn weights(
    question: &Question,
    domain: &Domain,
    missing_share: u32,
    random: &mut Random,
) -> Vec<f64> {
    let mut weights: Vec<f64> = match question.kind {
        Kind::Number => numbers(domain),
        Kind::Date => vec![1.0; domain.given],
        _ => question.options.iter().map(|option| if option.other { 8.0 } else { any(random) }).collect(),
    };
    if question.kind == Kind::Scale {
        let last = weights.len().saturating_sub(1).max(1) as f64;
        for (place, weight) in weights.iter_mut().enumerate() {
            let from_middle = (2.0 * place as f64 / last - 1.0).abs();
            *weight *= 1.5 - from_middle;
        }
    }
    weights.extend(states(weights.iter().sum(), domain.states, missing_share));
    weights
}

fn any(random: &mut Random) -> f64 {
    20.0 + random.below(81) as f64
}

/// Weights of the states of 無回答: all to the first declared code, to the blank where there is none.
pub(super) fn states(given: f64, states: usize, missing_share: u32) -> Vec<f64> {
    let share = f64::from(missing_share) / 100_000.0;
    let weight = (given * share / (1.0 - share)).max(NEVER);
    let first = usize::from(states > 1);
    (0..states).map(|state| if state == first { weight } else { NEVER }).collect()
}

/// Numbers thin out upwards: the greatest is a fifth as frequent as the least.
fn numbers(domain: &Domain) -> Vec<f64> {
    let last = domain.given.saturating_sub(1).max(1) as f64;
    (0..domain.given).map(|place| 5.0 - 4.0 * place as f64 / last).collect()
}

/// Shares of a multi question's options among those who chose any: 15 to 60 of 100, その他 5.
pub(super) fn rates(question: &Question, random: &mut Random) -> Vec<f64> {
    let rate = |random: &mut Random| 0.15 + 0.01 * random.below(46) as f64;
    let options = question.options.iter();
    options.map(|option| if option.other { 0.05 } else { rate(random) }).collect()
}

/// Share of an exclusive option (特にない), and of selecting nothing where that is an answer.
pub(super) const NOTHING: f64 = 0.08;

/// Share of respondents who write something.
pub(super) const WRITING: u32 = 10_000;

/// What they write.
pub(super) const WORDS: &str = "（模擬回答）";

/// Share of those who have ranked some options and rank no more.
pub(super) const STOPPING: f64 = 0.15;

/// The days of a date question: its own, a year where one end is open, and 2020 where both are.
fn days(limits: Limits) -> (i64, i64, u32) {
    const YEAR: i64 = 365;
    let (first, last) = match (limits.first, limits.last) {
        (Some(first), Some(last)) => (first.0, last.0),
        (Some(first), None) => (first.0, first.0 + YEAR),
        (None, Some(last)) => (last.0 - YEAR, last.0),
        (None, None) => (NEW_YEAR_2020, NEW_YEAR_2020 + YEAR),
    };
    (first, last, 0)
}

/// 2020-01-01, in days since 1970-01-01.
const NEW_YEAR_2020: i64 = 18_262;

/// The numbers of a number question: 0 to 100 where it says nothing, a hundred from an open end; of a wide
/// range the first hundred thousand.
fn within(range: NumberRange) -> (i64, i64, u32) {
    let decimals = [range.least, range.greatest].into_iter().flatten().map(|(_, own)| own).max().unwrap_or(0);
    let unit = 10_i64.saturating_pow(decimals);
    let scaled = |(digits, own): Scaled| digits.saturating_mul(10_i64.saturating_pow(decimals - own));
    let hundred = unit.saturating_mul(100);
    let (least, greatest) = match (range.least.map(scaled), range.greatest.map(scaled)) {
        (Some(least), Some(greatest)) => (least, greatest),
        (Some(least), None) => (least, least.saturating_add(hundred)),
        (None, Some(greatest)) if greatest >= 0 => (0.max(greatest.saturating_sub(hundred)), greatest),
        (None, Some(greatest)) => (greatest.saturating_sub(hundred), greatest),
        (None, None) => (0, hundred),
    };
    (least, greatest.min(least.saturating_add(super::targets::MOST_NUMBERS as i64 - 1)), decimals)
}

/// The answers to a question of one answer, or the numbers that a number may be.
pub(super) fn domain(survey: &Survey, index: usize, range: Option<(i64, i64, u32)>) -> Domain {
    let question = &survey.questions[index];
    let states = 1 + question.missing.len();
    let (least, greatest, decimals) = match (&question.origin, question.kind) {
        // How many of so many: of a multi's options, or of several questions.
        (Origin::Count { sources }, _) => {
            let most = match sources.as_slice() {
                [(source, accepts)] if survey.questions[*source].kind == Kind::Multi => {
                    accepts.iter().filter(|accepts| **accepts).count()
                }
                several => several.len(),
            };
            (0, most as i64, 0)
        }
        (_, Kind::Number) => range.unwrap_or_else(|| within(question.range)),
        (_, Kind::Date) => range.unwrap_or_else(|| days(question.dates.limits)),
        _ => (0, question.options.len() as i64 - 1, 0),
    };
    let given = usize::try_from(greatest - least + 1).unwrap_or(0);
    Domain { given, states, least, decimals }
}
