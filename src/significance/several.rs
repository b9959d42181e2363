//! A question of several answers against groups, or against another of several answers (Bilder and Loughin).

use super::NotRun;
use crate::stats::chi_squared_tail;
use crate::tabulate::{Patterns, Side};

/// Steps over patterns and pairs of cells; more are not taken.
const MOST_STEPS: usize = 300_000_000;

/// The test that each answer is independent of the groups, all together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeveralAnswers {
    /// X²_S: the sum of Pearson's statistics of each answer, given or not.
    pub statistic: f64,
    /// Corrected to the second order (Rao and Scott).
    pub scaled: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Probability of as much or more under independence.
    pub p: f64,
    /// The smallest p of one answer times their number.
    pub bonferroni: f64,
    /// The least count that independence expects in a cell.
    pub least_expected: f64,
}

/// Bilder and Loughin's X²_S, with p by Rao and Scott's second order: CRAN's MRCV, `MI.test(type = "rs2")`.
///
/// One question of several answers: Bilder, Loughin and Nettleton, Communications in Statistics – Simulation 29 (2000);
/// two: Bilder and Loughin, Biometrics 60 (2004), 241–248.
/// A cell without respondents counts 0.5 in Pearson's statistic, as there. Answers that nobody or everybody
/// gave are left out, and so are groups without respondents.
///
/// # Errors
/// Fewer than two groups or no answer is left; or there are too many patterns and answers.
pub fn bilder_loughin(patterns: &Patterns) -> Result<SeveralAnswers, NotRun> {
    let replies = || patterns.counts.iter().map(|(&(stub, banner), &n)| (stub, banner, n as f64));
    match (patterns.stub, patterns.banner) {
        (Side::Several(answers), Side::One(groups)) => {
            one_by_several(replies().map(|(stub, banner, n)| (banner, stub, n)), groups, answers)
        }
        (Side::One(groups), Side::Several(answers)) => one_by_several(replies(), groups, answers),
        (Side::Several(stub), Side::Several(banner)) => several_by_several(patterns, stub, banner),
        (Side::One(_), Side::One(_)) => Err(NotRun::OneAnswer),
    }
}

/// Pearson's statistic of groups by given or not, zero cells counted 0.5; and the least expected count of the
/// table as it is.
fn pearson(groups: &[(f64, f64)]) -> (f64, f64) {
    let sums = |groups: &[(f64, f64)]| {
        groups.iter().fold((0.0, 0.0), |(with, without), group| (with + group.0, without + group.1))
    };
    let (with, without) = sums(groups);
    let expected = |(a, b): &(f64, f64)| (a + b) * with.min(without) / (with + without);
    let least = groups.iter().map(expected).fold(f64::INFINITY, f64::min);
    let filled = |cell: f64| if cell == 0.0 { 0.5 } else { cell };
    let groups: Vec<(f64, f64)> = groups.iter().map(|&(a, b)| (filled(a), filled(b))).collect();
    let (with, without) = sums(&groups);
    let of_group = |&(a, b): &(f64, f64)| {
        let (ea, eb) = ((a + b) * with / (with + without), (a + b) * without / (with + without));
        (a - ea) * (a - ea) / ea + (b - eb) * (b - eb) / eb
    };
    (groups.iter().map(of_group).sum(), least)
}

/// From each cell's statistic and least expected count, and the sum of squared eigenvalues.
fn corrected(cells: &[(f64, f64)], df_each: usize, squares: f64) -> Result<SeveralAnswers, NotRun> {
    let statistic: f64 = cells.iter().map(|(statistic, _)| statistic).sum();
    let count = (cells.len() * df_each) as f64;
    let (scaled, df) = (count * statistic / squares, count * count / squares);
    let least = cells.iter().filter_map(|(statistic, _)| chi_squared_tail(*statistic, df_each as f64));
    Ok(SeveralAnswers {
        statistic,
        scaled,
        df,
        p: chi_squared_tail(scaled, df).ok_or(NotRun::Degenerate)?,
        bonferroni: (least.fold(1.0, f64::min) * cells.len() as f64).min(1.0),
        least_expected: cells.iter().map(|(_, least)| *least).fold(f64::INFINITY, f64::min),
    })
}

/// Which answers somebody gave and somebody did not.
fn divided(with: &[f64], n: f64) -> Vec<usize> {
    (0..with.len()).filter(|&answer| with[answer] > 0.0 && with[answer] < n).collect()
}

/// `replies`: group, answers as bits, respondents.
fn one_by_several(
    replies: impl Iterator<Item = (u64, u64, f64)>,
    groups: usize,
    answers: usize,
) -> Result<SeveralAnswers, NotRun> {
    // Respondents of each group with both of two answers; on the diagonal with one.
    let mut both = vec![vec![vec![0.0; answers]; answers]; groups];
    let mut sizes = vec![0.0; groups];
    for (group, given, n) in replies {
        let group = group as usize;
        sizes[group] += n;
        let given: Vec<usize> = (0..answers).filter(|answer| given >> answer & 1 == 1).collect();
        for &one in &given {
            given.iter().for_each(|&other| both[group][one][other] += n);
        }
    }
    let kept: Vec<usize> = (0..groups).filter(|&group| sizes[group] > 0.0).collect();
    let n: f64 = sizes.iter().sum();
    let with: Vec<f64> =
        (0..answers).map(|answer| kept.iter().map(|&g| both[g][answer][answer]).sum()).collect();
    let used = divided(&with, n);
    if kept.len() < 2 || used.is_empty() {
        return Err(NotRun::Degenerate);
    }
    let cells: Vec<(f64, f64)> = used
        .iter()
        .map(|&j| {
            let given = |&g: &usize| (both[g][j][j], sizes[g] - both[g][j][j]);
            pearson(&kept.iter().map(given).collect::<Vec<_>>())
        })
        .collect();
    // H(⊕ S_i/a_i)H' in blocks of groups: δ S_i/a_i − S_i − S_k + Σ a S, S_i the covariance in group i.
    let covariance = |g: usize, j: usize, m: usize| {
        both[g][j][m] / sizes[g] - both[g][j][j] / sizes[g] * both[g][m][m] / sizes[g]
    };
    let mut squares = 0.0;
    for &j in &used {
        for &m in &used {
            let of_groups: Vec<f64> = kept.iter().map(|&g| covariance(g, j, m)).collect();
            let shares: Vec<f64> = kept.iter().map(|&g| sizes[g] / n).collect();
            let mean: f64 = shares.iter().zip(&of_groups).map(|(share, s)| share * s).sum();
            let variance = |answer: usize| with[answer] / n * (1.0 - with[answer] / n);
            for (i, (&share, &mine)) in shares.iter().zip(&of_groups).enumerate() {
                for (k, (&other, &theirs)) in shares.iter().zip(&of_groups).enumerate() {
                    let own = if i == k { mine / share } else { 0.0 };
                    let entry = own - mine - theirs + mean;
                    squares += entry * entry * share * other / (variance(j) * variance(m));
                }
            }
        }
    }
    corrected(&cells, kept.len() - 1, squares)
}

fn several_by_several(patterns: &Patterns, stub: usize, banner: usize) -> Result<SeveralAnswers, NotRun> {
    let bit = |reply: u64, answer: usize| f64::from((reply >> answer & 1) as u8);
    let n: f64 = patterns.counts.values().map(|&n| n as f64).sum();
    let with = |answers: usize, of: &dyn Fn(&(u64, u64)) -> u64| -> Vec<f64> {
        let given =
            |answer| patterns.counts.iter().map(|(replies, &n)| bit(of(replies), answer) * n as f64).sum();
        (0..answers).map(given).collect()
    };
    let of_stub = with(stub, &|replies| replies.0);
    let of_banner = with(banner, &|replies| replies.1);
    let (rows, columns) = (divided(&of_stub, n), divided(&of_banner, n));
    if rows.is_empty() || columns.is_empty() {
        return Err(NotRun::Degenerate);
    }
    let pairs: Vec<(usize, usize)> =
        columns.iter().flat_map(|&column| rows.iter().map(move |&row| (row, column))).collect();
    let steps = pairs.len().saturating_mul(pairs.len()).saturating_mul(patterns.counts.len());
    if steps > MOST_STEPS {
        return Err(NotRun::TooLarge);
    }
    let cells: Vec<(f64, f64)> = pairs
        .iter()
        .map(|&(row, column)| {
            let both: f64 = patterns
                .counts
                .iter()
                .map(|(replies, &n)| bit(replies.0, row) * bit(replies.1, column) * n as f64)
                .sum();
            let only = [of_stub[row] - both, of_banner[column] - both];
            pearson(&[(both, only[1]), (only[0], n - both - only[0] - only[1])])
        })
        .collect();
    // Covariance of (w − π_w)(y − π_y) over respondents, F(diag τ − ττ')F'.
    let mut sum = vec![0.0; pairs.len()];
    let mut products = vec![0.0; pairs.len() * pairs.len()];
    for (replies, &count) in &patterns.counts {
        let centred: Vec<f64> = pairs
            .iter()
            .map(|&(row, column)| {
                (bit(replies.0, row) - of_stub[row] / n) * (bit(replies.1, column) - of_banner[column] / n)
            })
            .collect();
        for (place, &one) in centred.iter().enumerate() {
            let weighted = one * count as f64 / n;
            sum[place] += weighted;
            let line = &mut products[place * pairs.len()..(place + 1) * pairs.len()];
            line.iter_mut().zip(&centred).for_each(|(cell, other)| *cell += weighted * other);
        }
    }
    let variance = |&(row, column): &(usize, usize)| {
        let (y, w) = (of_stub[row] / n, of_banner[column] / n);
        y * (1.0 - y) * w * (1.0 - w)
    };
    let variances: Vec<f64> = pairs.iter().map(variance).collect();
    let mut squares = 0.0;
    for (a, &one) in variances.iter().enumerate() {
        for (b, &other) in variances.iter().enumerate() {
            let entry = products[a * pairs.len() + b] - sum[a] * sum[b];
            squares += entry * entry / (one * other);
        }
    }
    corrected(&cells, 1, squares)
}
