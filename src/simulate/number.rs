//! Numbers moved until their sums and means are those asked for.

use std::sync::Arc;

use super::random::Random;
use super::single::{NOT_ASKED, Part};
use super::targets::{Amount, What, written};
use crate::diag::{Diagnostic, Source};

/// Moves answers so that each total is met; answers stay where the counts of the targets have put them.
///
/// The totals of smaller groups come first, and their respondents are not moved again.
pub(super) fn meet(
    part: &Part,
    answers: &mut [u32],
    id: &str,
    random: &mut Random,
    source: &Arc<Source>,
    errors: &mut Vec<Diagnostic>,
) {
    let size = |group: usize| part.wishes.groups[group].iter().filter(|member| **member).count();
    let mut totals: Vec<_> = part.wishes.totals.iter().collect();
    totals.sort_by_key(|total| size(total.group));
    let mut settled = vec![false; answers.len()];
    for total in totals {
        let group = &part.wishes.groups[total.group];
        let given = |row: &usize| {
            group[*row] && answers[*row] != NOT_ASKED && (answers[*row] as usize) < part.domain.given
        };
        let members: Vec<usize> = (0..answers.len()).filter(given).collect();
        let movable: Vec<usize> = members.iter().copied().filter(|&row| !settled[row]).collect();
        let (low, high) = limits(part, &total.goal.what, total.goal.amount, members.len() as i128);
        let value = |code: u32| i128::from(part.domain.least) + i128::from(code);
        let sum: i128 = members.iter().map(|&row| value(answers[row])).sum();
        let wanted = sum.clamp(low.min(high), high.max(low));
        let left = if low > high { 1 } else { shift(part, answers, movable.clone(), wanted - sum, random) };
        if left != 0 {
            let error = Diagnostic::error(format!("the numbers of `{id}` cannot have this sum or mean"));
            let last = part.domain.least + part.domain.given as i64 - 1;
            let error = error.hint(format!(
                "{} numbers from {} to {}, in the bands of the other targets",
                members.len(),
                written(part.domain.least, part.domain.decimals),
                written(last, part.domain.decimals)
            ));
            errors.push(error.span(source, total.goal.span.clone()));
        }
        movable.iter().for_each(|&row| settled[row] = true);
    }
}

/// The least and the greatest sum, in the units of the domain.
fn limits(part: &Part, what: &What, amount: Amount, members: i128) -> (i128, i128) {
    let own = 10_i128.pow(part.domain.decimals);
    match (what, amount) {
        (What::Mean, Amount::Printed(digits, decimals)) => {
            // digits − ½ ≤ unit · sum / (own · n) < digits + ½
            let (unit, digits) = (2 * 10_i128.pow(decimals), i128::from(digits));
            let low = -((-(2 * digits - 1) * members * own).div_euclid(unit));
            (low, ((2 * digits + 1) * members * own - 1).div_euclid(unit))
        }
        (_, Amount::Printed(digits, decimals)) => {
            let scaled = i128::from(digits) * own;
            let unit = 10_i128.pow(decimals);
            // A sum that no numbers of so few decimals have: nothing is between.
            (-((-scaled).div_euclid(unit)), scaled.div_euclid(unit))
        }
        (_, Amount::Count(sum)) => (i128::from(sum) * own, i128::from(sum) * own),
    }
}

/// Moves the sum by so much; gives what is left over.
fn shift(part: &Part, answers: &mut [u32], mut rows: Vec<usize>, mut by: i128, random: &mut Random) -> i128 {
    let same = |one: usize, other: usize| {
        !part.except.contains(&other)
            && part.wishes.wishes.iter().all(|wish| wish.answers.get(one) == wish.answers.get(other))
    };
    // First everybody a little, then as far as it goes.
    for pass in [8, 4, 2, 1, 1] {
        random.shuffle(&mut rows);
        let fair = by.abs() / rows.len().max(1) as i128 * 2 + 1;
        for &row in &rows {
            let up = by > 0;
            let most = if pass == 1 { by.abs() } else { fair.min(by.abs()) };
            let code = answers[row] as usize;
            let mut to = code;
            while by != 0 && (to.abs_diff(code) as i128) < most {
                let next = if up { to + 1 } else { to.wrapping_sub(1) };
                if next >= part.domain.given || !same(code, next) {
                    break;
                }
                to = next;
            }
            answers[row] = to as u32;
            by -= to as i128 - code as i128;
        }
        if by == 0 {
            break;
        }
    }
    by
}
