//! A table of counts, answers by groups, and the tests of their independence.

use super::NotRun;
use super::matrix::Square;
use crate::stats::{chi_squared_tail, f_tail};
use crate::tabulate::{CellCovariance, MOST_CONTRASTS, Tally};

/// Respondents by answer and group, each in one cell; answers and groups without weight left out.
#[derive(Debug, Clone)]
pub struct Contingency {
    rows: usize,
    columns: usize,
    /// Which row of those given each row is.
    kept: Vec<usize>,
    /// Which column of those given each column is.
    groups: Vec<usize>,
    cells: Vec<Tally>,
    weighted: bool,
}

/// A statistic that is χ² on `df` degrees of freedom under independence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Probability of as much or more under independence.
    pub p: f64,
}

/// Pearson's statistic corrected for weights, to the first and second order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaoScott {
    /// First order: X² over the mean design effect.
    pub first: ChiSquared,
    /// Second order: F.
    pub f: f64,
    /// Its numerator's degrees of freedom.
    pub df1: f64,
    /// Its denominator's.
    pub df2: f64,
    /// Probability of as much or more under independence.
    pub p: f64,
}

impl Contingency {
    /// From rows of cells; weightless rows and columns are left out.
    ///
    /// # Errors
    /// Fewer than two rows or columns are left.
    pub fn new(cells: &[Vec<Tally>], weighted: bool) -> Result<Contingency, NotRun> {
        let width = cells.first().map_or(0, Vec::len);
        let kept: Vec<usize> = (0..cells.len()).filter(|&r| cells[r].iter().any(|cell| cell.w > 0)).collect();
        let groups: Vec<usize> = (0..width).filter(|&c| cells.iter().any(|row| row[c].w > 0)).collect();
        if kept.len() < 2 || groups.len() < 2 {
            return Err(NotRun::Degenerate);
        }
        let cells = kept.iter().flat_map(|&r| groups.iter().map(move |&c| cells[r][c])).collect();
        Ok(Contingency { rows: kept.len(), columns: groups.len(), kept, groups, cells, weighted })
    }

    /// Respondents.
    pub fn n(&self) -> u64 {
        self.cells.iter().map(|cell| cell.n).sum()
    }

    /// Counts; not of weighted tables.
    pub(super) fn counts(&self) -> Result<(usize, Vec<u64>), NotRun> {
        match self.weighted {
            true => Err(NotRun::Weights),
            false => Ok((self.columns, self.cells.iter().map(|cell| cell.n).collect())),
        }
    }

    /// Cells as shares of `whole`.
    fn scaled(&self, whole: f64) -> Vec<f64> {
        let w: i128 = self.cells.iter().map(|cell| cell.w).sum();
        self.cells.iter().map(|cell| cell.w as f64 / w as f64 * whole).collect()
    }

    fn margins(&self, cells: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let row = |r: usize| cells[r * self.columns..(r + 1) * self.columns].iter().sum();
        let column = |c: usize| (0..self.rows).map(|r| cells[r * self.columns + c]).sum();
        ((0..self.rows).map(row).collect(), (0..self.columns).map(column).collect())
    }

    /// Each cell and what independence expects in it.
    fn against_expected(&self, cells: &[f64]) -> Vec<(f64, f64)> {
        let (rows, columns) = self.margins(cells);
        let whole: f64 = rows.iter().sum();
        let expected = |place: usize| rows[place / self.columns] * columns[place % self.columns] / whole;
        cells.iter().enumerate().map(|(place, &cell)| (cell, expected(place))).collect()
    }

    fn df(&self) -> f64 {
        ((self.rows - 1) * (self.columns - 1)) as f64
    }

    /// Pearson's X² of the weighted table scaled to the number of respondents, without correction for
    /// continuity.
    fn statistic(&self) -> f64 {
        let pairs = self.against_expected(&self.scaled(self.n() as f64));
        pairs.iter().map(|(cell, expected)| (cell - expected) * (cell - expected) / expected).sum()
    }

    /// Pearson's test: R `chisq.test(correct = FALSE)`.
    ///
    /// # Errors
    /// With weights its p-value would not hold.
    pub fn pearson(&self) -> Result<ChiSquared, NotRun> {
        self.counts()?;
        chi_squared(self.statistic(), self.df())
    }

    /// The likelihood ratio test, G²: R `loglin(t, list(1, 2))$lrt`.
    ///
    /// # Errors
    /// With weights its p-value would not hold.
    pub fn likelihood_ratio(&self) -> Result<ChiSquared, NotRun> {
        self.counts()?;
        let pairs = self.against_expected(&self.scaled(self.n() as f64));
        let filled = pairs.iter().filter(|(cell, _)| *cell > 0.0);
        let sum: f64 = filled.map(|(cell, expected)| cell * (cell / expected).ln()).sum();
        chi_squared((2.0 * sum).max(0.0), self.df())
    }

    /// Cramér's V, of the weighted table.
    pub fn cramers_v(&self) -> f64 {
        let least = (self.rows.min(self.columns) - 1) as f64;
        (self.statistic() / (self.n() as f64 * least)).sqrt()
    }

    /// The smallest count that independence expects in a cell, at the number of respondents.
    pub fn least_expected(&self) -> f64 {
        let pairs = self.against_expected(&self.scaled(self.n() as f64));
        pairs.iter().map(|(_, expected)| *expected).fold(f64::INFINITY, f64::min)
    }

    /// Whether χ² is a poor approximation: an expected count under 1, or a fifth of them under 5 (Cochran).
    pub fn is_sparse(&self) -> bool {
        let pairs = self.against_expected(&self.scaled(self.n() as f64));
        let under_5 = pairs.iter().filter(|(_, expected)| *expected < 5.0).count();
        self.least_expected() < 1.0 || under_5 * 5 > pairs.len()
    }

    /// Adjusted standardised residuals (Haberman), of the table scaled to Kish's effective number, as
    /// (row given, column given, z): R `chisq.test()$stdres` without weights.
    pub fn residuals(&self) -> Vec<(usize, usize, f64)> {
        let whole: Tally = self.cells.iter().copied().sum();
        let effective = whole.effective().map_or(0.0, |ratio| ratio.to_f64());
        let cells = self.scaled(effective);
        let (rows, columns) = self.margins(&cells);
        let of = |(place, (cell, expected)): (usize, &(f64, f64))| {
            let (r, c) = (place / self.columns, place % self.columns);
            let rest = (1.0 - rows[r] / effective) * (1.0 - columns[c] / effective);
            (self.kept[r], self.groups[c], (cell - expected) / (expected * rest).sqrt())
        };
        self.against_expected(&cells).iter().enumerate().map(of).collect()
    }

    /// Linear trend over the groups in their order, scores 1, 2, …: of two answers Cochran–Armitage
    /// (R `prop.trend.test`), of more the linear-by-linear association (n−1)r².
    ///
    /// # Errors
    /// With weights its p-value would not hold.
    pub fn trend(&self) -> Result<ChiSquared, NotRun> {
        self.counts()?;
        let n = self.n() as f64;
        let (mut x, mut y, mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (place, cell) in self.cells.iter().enumerate() {
            // Scores are those of the answers and groups as given: a group without respondents keeps its place.
            let (r, c) = (self.kept[place / self.columns] as f64, self.groups[place % self.columns] as f64);
            let count = cell.n as f64;
            x += count * c;
            y += count * r;
            xx += count * c * c;
            yy += count * r * r;
            xy += count * c * r;
        }
        let covariance = n * xy - x * y;
        let r2 = covariance * covariance / ((n * xx - x * x) * (n * yy - y * y));
        let factor = if self.rows == 2 { n } else { n - 1.0 };
        chi_squared(factor * r2, 1.0)
    }

    /// Rao and Scott's corrections: R survey's `svychisq` with statistic `"Chisq"` and `"F"`, with the cells' covariance
    /// under a design, or for `svydesign(ids = ~1, weights = ~w)`. Proportions in D are the observed ones, as
    /// there.
    ///
    /// # Errors
    /// The table is too large, or too many of its cells are empty; or the sample has no degrees of freedom.
    pub fn rao_scott(&self, under: Option<&CellCovariance>) -> Result<RaoScott, NotRun> {
        let contrasts = (self.rows - 1) * (self.columns - 1);
        if contrasts > MOST_CONTRASTS {
            return Err(NotRun::TooLarge);
        }
        let n = self.n() as f64;
        let w: i128 = self.cells.iter().map(|cell| cell.w).sum();
        let w = w as f64;
        let p = self.scaled(1.0);
        // With u = D⁻¹C: V = n/(n−1) · (diag s − s pᵀ − p sᵀ + Σs · p pᵀ), s = Σw² of each cell over (Σw)².
        let s: Vec<f64> = self.cells.iter().map(|cell| cell.w2 as f64 / (w * w) * n / (n - 1.0)).collect();
        let all: f64 = s.iter().sum();
        let (left, right) = (contrasts_of(self.rows), contrasts_of(self.columns));
        let row = |place: usize| -> Vec<f64> {
            let (a, b) = (&left[place / self.columns], &right[place % self.columns]);
            a.iter().flat_map(|a| b.iter().map(move |b| a * b)).collect()
        };
        let c: Vec<Vec<f64>> = (0..p.len()).map(row).collect();
        let inverse: Vec<f64> = p.iter().map(|&p| if p > 0.0 { 1.0 / p } else { 0.0 }).collect();
        let denominator = Square::gram(&c, &inverse.iter().map(|d| d / n).collect::<Vec<_>>());
        let mut numerator = match under {
            Some(covariance) => {
                let scaled: Vec<Vec<f64>> =
                    c.iter().zip(&inverse).map(|(row, d)| row.iter().map(|c| c * d).collect()).collect();
                let cell =
                    |place: usize| (self.kept[place / self.columns], self.groups[place % self.columns]);
                let entry = |one: usize, other: usize| covariance.at(cell(one), cell(other));
                Square::between(&scaled, entry)
            }
            None => {
                let diagonal: Vec<f64> = inverse.iter().zip(&s).map(|(d, s)| d * d * s).collect();
                Square::gram(&c, &diagonal)
            }
        };
        // CᵀD⁻¹p and CᵀD⁻¹s.
        let along = |vector: &[f64]| -> Vec<f64> {
            let mut sum = vec![0.0; contrasts];
            for ((row, d), v) in c.iter().zip(&inverse).zip(vector) {
                sum.iter_mut().zip(row).for_each(|(sum, c)| *sum += d * v * c);
            }
            sum
        };
        if under.is_none() {
            let (cp, cs) = (along(&p), along(&s));
            numerator.add_outer(&cs, &cp, -1.0);
            numerator.add_outer(&cp, &cp, all / 2.0);
        }
        let (trace, of_square) = denominator.traces_of_quotient(numerator).ok_or(NotRun::EmptyCells)?;
        // A mean design effect of nothing is rounding.
        if trace <= 1e-9 * contrasts as f64 {
            return Err(NotRun::NoVariance);
        }
        let statistic = self.statistic();
        let df1 = trace * trace / of_square;
        let df2 = df1 * under.map_or(n - 1.0, |covariance| covariance.df);
        let f = statistic / trace;
        Ok(RaoScott {
            first: chi_squared(statistic / (trace / contrasts as f64), contrasts as f64)?,
            f,
            df1,
            df2,
            p: f_tail(f, df1, df2).ok_or(NotRun::Degenerate)?,
        })
    }
}

fn chi_squared(statistic: f64, df: f64) -> Result<ChiSquared, NotRun> {
    let p = chi_squared_tail(statistic, df).ok_or(NotRun::Degenerate)?;
    Ok(ChiSquared { statistic, df, p })
}

/// Orthonormal contrasts (Helmert's) of so many levels: `[level][contrast]`. Traces do not depend on
/// which basis of the contrasts is taken.
fn contrasts_of(levels: usize) -> Vec<Vec<f64>> {
    let entry = |level: usize, contrast: usize| {
        let k = (contrast + 1) as f64;
        let length = (k * (k + 1.0)).sqrt();
        match level.cmp(&(contrast + 1)) {
            std::cmp::Ordering::Less => 1.0 / length,
            std::cmp::Ordering::Equal => -k / length,
            std::cmp::Ordering::Greater => 0.0,
        }
    };
    (0..levels).map(|level| (0..levels - 1).map(|contrast| entry(level, contrast)).collect()).collect()
}
