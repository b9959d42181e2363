//! Change between waves: of independent samples, or of the same respondents asked again.

use super::pairs::{Tested, tested};
use super::{Comparing, Preset, adjusted};
use crate::schema::Language;
use crate::stats::{normal_two_sided, t_two_sided};
use crate::tabulate::{RowRole, Table};

/// One wave: a column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The table.
    pub table: &'a Table,
    /// Its column.
    pub column: usize,
}

/// The replies of the same respondents at two times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Paired {
    /// An answer given or not.
    Answer {
        /// Respondents.
        n: u64,
        /// Those who gave it only later.
        gained: u64,
        /// Those who gave it only earlier.
        lost: u64,
    },
    /// A number or a score.
    Number {
        /// Respondents.
        n: u64,
        /// Σd of later less earlier.
        sum: f64,
        /// Σd².
        squares: f64,
    },
}

impl Paired {
    /// Respondents.
    pub fn n(self) -> u64 {
        match self {
            Paired::Answer { n, .. } | Paired::Number { n, .. } => n,
        }
    }

    /// The test that nothing changed.
    ///
    /// Of an answer z = d/se with d = (b−c)/n and se² = (b+c − (b−c)²/n)/n²: McNemar's χ² (R
    /// `mcnemar.test(correct = FALSE)`) is z²/(1 + z²/n), for its variance is that under no change. Of a number
    /// R's `t.test(paired = TRUE)`. `None` where there is no variance.
    pub fn test(self) -> Option<Tested> {
        match self {
            Paired::Answer { n, gained, lost } => {
                let (n, b, c) = (n as f64, gained as f64, lost as f64);
                let variance = b + c - (b - c) * (b - c) / n;
                let z = (b - c) / variance.sqrt();
                (variance > 0.0).then_some((z, None, normal_two_sided(z)?))
            }
            Paired::Number { n, sum, squares } => {
                let n = n as f64;
                let variance = (squares - sum * sum / n) / (n - 1.0);
                // What is left of equal differences is rounding.
                if n < 2.0 || variance <= 1e-12 * squares / n {
                    return None;
                }
                let (t, df) = (sum / n / (variance / n).sqrt(), n - 1.0);
                Some((t, Some(df), t_two_sided(t, df)?))
            }
        }
    }
}

/// What a step from one wave to the next is tested by.
#[derive(Debug, Clone, Copy)]
pub enum Compared<'a> {
    /// Two samples, the later one first.
    Samples(Occasion<'a>, Occasion<'a>),
    /// The same respondents.
    Panel(Paired),
    /// Nothing.
    Not(Untested),
}

/// A change that was tested.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Positive where the later one is larger.
    pub statistic: f64,
    /// Degrees of freedom; `None`: normal.
    pub df: Option<f64>,
    /// Two-sided.
    pub p: f64,
    /// Corrected within its family: all steps of one row.
    pub adjusted: f64,
}

/// Why a change was not tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untested {
    /// Nobody asked for tests.
    NotAsked,
    /// A census: there is nobody else to infer about.
    Census,
    /// Published percentages, without data.
    Published,
    /// Not available in one of the waves.
    NotAvailable,
    /// Fewer respondents than the preset compares.
    Small,
    /// Not compared by the preset, or without variance.
    Undefined,
    /// 無回答, ratios, days: not compared.
    NotCompared,
}

impl Untested {
    /// The reason in words; none where nothing was to be tested.
    pub fn words(self, language: Language) -> Option<&'static str> {
        let (japanese, english) = match self {
            Untested::NotAsked | Untested::NotAvailable | Untested::NotCompared => return None,
            Untested::Census => ("全数調査のため", "census"),
            Untested::Published => ("個票なし", "no data"),
            Untested::Small => ("n が小さいため", "base too small"),
            Untested::Undefined => {
                ("分散がないか、方式が比べないため", "no variance, or not compared by the preset")
            }
        };
        Some(match language {
            Language::Japanese => japanese,
            Language::English => english,
        })
    }
}

/// Tests the steps of one row, and corrects for their number.
pub fn changes(steps: &[Compared], row: usize, comparing: &Comparing) -> Vec<Result<Change, Untested>> {
    let mut changes: Vec<Result<Change, Untested>> = steps
        .iter()
        .map(|step| {
            let (statistic, df, p) = step.test(row, comparing.preset)?;
            Ok(Change { statistic, df, p, adjusted: p })
        })
        .collect();
    let p: Vec<f64> = changes.iter().flatten().map(|change| change.p).collect();
    for (change, p) in changes.iter_mut().flatten().zip(adjusted(&p, comparing.correction)) {
        change.adjusted = p;
    }
    changes
}

impl Compared<'_> {
    fn test(&self, row: usize, preset: Preset) -> Result<Tested, Untested> {
        match *self {
            Compared::Not(why) => Err(why),
            Compared::Panel(paired) if paired.n() < preset.least_base() => Err(Untested::Small),
            Compared::Panel(paired) => paired.test().ok_or(Untested::Undefined),
            Compared::Samples(later, earlier) => {
                let stub = &later.table.stub[row];
                let measured = later.table.question.kind.is_measured();
                if matches!(stub.role, RowRole::Missing | RowRole::Ratio)
                    || (measured && stub.role != RowRole::Number)
                {
                    return Err(Untested::NotCompared);
                }
                let waves = [later, earlier];
                let unseen = |wave: &Occasion| wave.table.cell(row, wave.column).value().is_none();
                if waves.iter().any(unseen) {
                    return Err(Untested::NotAvailable);
                }
                if waves.iter().any(|wave| wave.table.base(row, wave.column).n < preset.least_base()) {
                    return Err(Untested::Small);
                }
                tested(later, earlier, row, preset).ok_or(Untested::Undefined)
            }
        }
    }
}

impl Change {
    /// The place of the strictest level that it reaches.
    pub fn reaches(&self, comparing: &Comparing) -> Option<usize> {
        comparing.levels.iter().position(|level| self.adjusted < f64::from(*level) / 10_000.0)
    }
}
