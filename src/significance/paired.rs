//! Paired answers: two questions with the same options answered by the same respondents, and the rows of a
//! grid.

use super::matrix::Square;
use super::{ChiSquared, NotRun};
use crate::stats::{chi_squared_tail, t_two_sided};
use crate::tabulate::Battery;

/// With fewer respondents than this whose answers differ, McNemar's test is exact as well.
const EXACT_UNDER: u64 = 25;

/// A test of symmetry, and its exact p where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Symmetry {
    /// McNemar's χ² without correction for continuity; of more than two answers Bowker's.
    pub chi_squared: ChiSquared,
    /// Two-sided binomial p of McNemar's test, where fewer than 25 changed.
    pub exact: Option<f64>,
}

/// McNemar's test of a square table of counts, Bowker's of more than two answers: R `mcnemar.test(correct =
/// FALSE)`. Pairs of answers between which nobody changed say nothing and have no degree of freedom.
///
/// # Errors
/// Nobody's answers differ.
pub fn symmetry(counts: &[Vec<u64>]) -> Result<Symmetry, NotRun> {
    let size = counts.len();
    let pairs = (0..size).flat_map(|i| (0..i).map(move |j| (counts[i][j], counts[j][i])));
    let changed: Vec<(u64, u64)> = pairs.filter(|(there, back)| there + back > 0).collect();
    let statistic = |&(there, back): &(u64, u64)| {
        let difference = there.abs_diff(back) as f64;
        difference * difference / (there + back) as f64
    };
    if changed.is_empty() {
        return Err(NotRun::NoChange);
    }
    let chi_squared = of_statistic(changed.iter().map(statistic).sum(), changed.len())?;
    let exact = match (size, changed.as_slice()) {
        (2, [(there, back)]) if there + back < EXACT_UNDER => Some(binomial_half(*there, *back)),
        _ => None,
    };
    Ok(Symmetry { chi_squared, exact })
}

/// Two-sided p of so many and so many of two equally likely outcomes: R `binom.test`.
fn binomial_half(one: u64, other: u64) -> f64 {
    let all = one + other;
    // Fewer than 25: the coefficients are whole numbers below 2^53.
    let (mut coefficient, mut ways) = (1_u64, 0_u64);
    for k in 0..=one.min(other) {
        ways += coefficient;
        coefficient = coefficient * (all - k) / (k + 1);
    }
    (2.0 * ways as f64 / (1_u64 << all) as f64).min(1.0)
}

/// Stuart and Maxwell's test that both questions have the same distribution: d' S⁻¹ d, with d the differences
/// of the margins and S their covariance. Answers that nobody gave or all gave twice are left out; where the
/// changes fall into groups of answers that nobody left, each group has one degree of freedom less.
///
/// # Errors
/// Nobody's answers differ.
pub fn marginal_homogeneity(counts: &[Vec<u64>]) -> Result<ChiSquared, NotRun> {
    let size = counts.len();
    let change = |i: usize, j: usize| (counts[i][j] + counts[j][i]) as f64;
    let out = |i: usize| (0..size).filter(|&j| j != i).map(|j| counts[i][j] as f64).sum::<f64>();
    let into = |i: usize| (0..size).filter(|&j| j != i).map(|j| counts[j][i] as f64).sum::<f64>();
    let (mut statistic, mut df) = (0.0, 0);
    let mut seen = vec![false; size];
    for start in 0..size {
        // Answers reached from this one by somebody's change, which have a covariance of their own.
        let (mut group, mut waiting) = (Vec::new(), vec![start]);
        while let Some(answer) = waiting.pop() {
            if !std::mem::replace(&mut seen[answer], true) {
                group.push(answer);
                waiting.extend((0..size).filter(|&other| other != answer && change(answer, other) > 0.0));
            }
        }
        group.pop();
        if group.is_empty() {
            continue;
        }
        let differences: Vec<f64> = group.iter().map(|&i| out(i) - into(i)).collect();
        let covariance = Square::of(group.len(), |a, b| match a == b {
            true => out(group[a]) + into(group[a]),
            false => -change(group[a], group[b]),
        });
        statistic += covariance.quadratic_of_inverse(&differences).ok_or(NotRun::EmptyCells)?;
        df += group.len();
    }
    if df == 0 { Err(NotRun::NoChange) } else { of_statistic(statistic, df) }
}

/// Cochran's Q: whether the answer is as frequent in every row of a grid, of those given on all rows.
///
/// # Errors
/// Nobody differs between the rows.
pub fn cochran(battery: &Battery) -> Result<ChiSquared, NotRun> {
    let k = battery.with.len() as f64;
    let squares: f64 = battery.with.iter().map(|&with| (with as f64) * (with as f64)).sum();
    let answers = battery.answers as f64;
    let within = k * answers - battery.answers_squared as f64;
    if within <= 0.0 {
        return Err(NotRun::NoChange);
    }
    of_statistic((k - 1.0) * (k * squares - answers * answers) / within, battery.with.len() - 1)
}

/// The paired linear contrast over the rows in their order, as (t, degrees of freedom, p): the t test that the
/// mean of Σ (place − middle)·answer over respondents is zero.
///
/// # Errors
/// All respondents have the same contrast.
pub fn contrast(battery: &Battery) -> Result<(f64, f64, f64), NotRun> {
    let n = battery.n as f64;
    let (sum, squares) = (battery.contrast as f64, battery.contrast_squared as f64);
    let variance = (squares - sum * sum / n) / (n - 1.0);
    if battery.n < 2 || variance <= 0.0 {
        return Err(NotRun::NoChange);
    }
    let (t, df) = (sum / n / (variance / n).sqrt(), n - 1.0);
    Ok((t, df, t_two_sided(t, df).ok_or(NotRun::Degenerate)?))
}

fn of_statistic(statistic: f64, df: usize) -> Result<ChiSquared, NotRun> {
    let df = df as f64;
    let p = chi_squared_tail(statistic, df).ok_or(NotRun::Degenerate)?;
    Ok(ChiSquared { statistic, df, p })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_fall_apart_are_tested_apart() {
        // Two tables of two answers side by side, between which nobody changed.
        let apart = [vec![9, 12, 0, 0], vec![3, 8, 0, 0], vec![0, 0, 5, 7], vec![0, 0, 2, 6]];
        let found = marginal_homogeneity(&apart).expect("a test");
        assert!((found.statistic - (81.0 / 15.0 + 25.0 / 9.0)).abs() < 1e-12 && found.df == 2.0, "{found:?}");
        assert_eq!(marginal_homogeneity(&[vec![4, 0], vec![0, 5]]), Err(NotRun::NoChange));
        assert_eq!(symmetry(&[vec![4, 0], vec![0, 5]]), Err(NotRun::NoChange));
    }
}
