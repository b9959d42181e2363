//! How far the estimates of a table may be from what they estimate: variances, cell by cell.

use super::covariance::CellCovariance;
use crate::design::{About, Method, Sample};

/// The variance of an estimate, and what intervals need beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimated {
    /// In the unit of the estimate, squared: shares are parts of 1, means and totals numbers as they are.
    pub variance: f64,
    /// Degrees of freedom: sampling units with somebody of the base, less their strata; of replicates their
    /// rank less one.
    pub df: f64,
    /// Respondents of the base with a weight above zero.
    pub n: u64,
}

/// A quantile's share as the sample has it, with its variance: what Woodruff's interval starts from.
pub type Reached = (f64, Estimated);

/// The estimates of one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spreads {
    /// Of the share of the base that gave the answer.
    pub share: Option<Estimated>,
    /// Of the mean; in ratio rows of the ratio of the two totals.
    pub mean: Option<Estimated>,
    /// Of the total, which in rows of answers is the weighted count.
    pub total: Option<Estimated>,
    /// Of the share at or below each quartile.
    pub quartiles: [Option<Reached>; 3],
}

/// Variances of a table's estimates.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// What is known of the sample.
    pub about: About,
    /// What it is linearised over: strata, clusters, finite populations.
    pub stages: Option<[bool; 3]>,
    /// Kind and number of replicates.
    pub replicates: Option<(&'static str, usize)>,
    /// Its weights were made in this run to reach margins; all variances but those of replicates know of it.
    pub calibrated: bool,
    /// Every cell has variances; otherwise only tests have what they need.
    pub(super) of_cells: bool,
    pub(super) columns: usize,
    pub(super) cells: Vec<Spreads>,
    /// For each missing row by code: what it and the row of blanks are together.
    pub(super) joined: Vec<(usize, Vec<Spreads>)>,
    /// Pairs of columns; the second is nothing for the rest.
    pub(super) contrasts: Vec<(usize, Option<usize>)>,
    /// Of the differences of these pairs, by row.
    pub(super) differences: Vec<Vec<Option<Estimated>>>,
    /// By banner, of the cells of all answers.
    pub(super) whole: Vec<Option<CellCovariance>>,
    /// By row and banner, of the cells of one answer, given or not.
    pub(super) each: Vec<Vec<Option<CellCovariance>>>,
}

impl Spread {
    pub(super) fn new(sample: &Sample, columns: usize, of_cells: bool) -> Spread {
        let (stages, replicates) = match &sample.method {
            Method::Linearised(stages) => (Some([stages.stratified, stages.clustered, stages.finite]), None),
            Method::Replicated(replicates) => (None, Some((replicates.kind, replicates.count))),
        };
        Spread {
            about: sample.about,
            stages,
            replicates,
            calibrated: sample.calibration.is_some(),
            of_cells,
            columns,
            cells: Vec::new(),
            joined: Vec::new(),
            contrasts: Vec::new(),
            differences: Vec::new(),
            whole: Vec::new(),
            each: Vec::new(),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        matches!(self.about, About::Stages | About::Replicates) || self.calibrated
    }

    pub(super) fn difference(&self, row: usize, left: usize, right: Option<usize>) -> Option<Estimated> {
        let place = self.contrasts.iter().position(|&pair| pair == (left, right))?;
        *self.differences.get(row)?.get(place)?
    }

    pub(super) fn at(&self, row: usize, column: usize) -> Spreads {
        self.cells.get(row * self.columns + column).copied().unwrap_or_default()
    }

    /// The rows in this order, others left out.
    pub(super) fn select_rows(&self, rows: &[usize]) -> Spread {
        let row = |row: usize| &self.cells[row * self.columns..(row + 1) * self.columns];
        let place = |old: usize| rows.iter().position(|&row| row == old);
        let every = |of: usize| rows.iter().filter(move |_| of > 0);
        Spread {
            cells: every(self.cells.len()).flat_map(|&kept| row(kept).iter().copied()).collect(),
            differences: every(self.differences.len()).map(|&row| self.differences[row].clone()).collect(),
            each: every(self.each.len()).map(|&row| self.each[row].clone()).collect(),
            whole: self.whole.iter().map(|whole| whole.as_ref()?.select_rows(&place)).collect(),
            joined: self
                .joined
                .iter()
                .filter_map(|(row, cells)| Some((place(*row)?, cells.clone())))
                .collect(),
            ..self.clone()
        }
    }

    /// One row becomes what it and another are together, where that is known.
    pub(super) fn join_rows(&mut self, row: usize, _added: usize) {
        if self.cells.is_empty() {
            return;
        }
        let known = self.joined.iter().find(|(coded, _)| *coded == row);
        let cells = known.map_or(vec![Spreads::default(); self.columns], |(_, cells)| cells.clone());
        self.cells[row * self.columns..(row + 1) * self.columns].copy_from_slice(&cells);
    }

    /// Rows of several tables under one another.
    pub(super) fn stacked<'a>(spreads: impl Iterator<Item = Option<&'a Spread>>) -> Option<Spread> {
        let mut stacked: Option<Spread> = None;
        for spread in spreads {
            let spread = spread?;
            match &mut stacked {
                None => stacked = Some(spread.clone()),
                Some(stacked) => {
                    stacked.cells.extend(&spread.cells);
                    stacked.differences.extend(spread.differences.iter().cloned());
                    stacked.each.extend(spread.each.iter().cloned());
                }
            }
        }
        if let Some(stacked) = &mut stacked {
            stacked.joined.clear();
            stacked.whole.clear();
        }
        stacked
    }
}
