//! Variances of every estimate of a run's tables: what the sums over respondents have in common, and the
//! tables shared out among threads.

use super::assemble::{Assembly, Counts, stub};
use super::contrast::Contrasts;
use super::count::Inside;
use super::covariance::{CellCovariance, Cells};
use super::linearised::Linearised;
use super::membership::{Kind, Membership};
use super::replicated::Replicated;
use super::request::Stub;
use super::spread::{Estimated, Spread, Spreads};
use super::table::{ColumnRole, RowRole, Shown, Table};
use crate::design::{Method, Sample};

/// Which variances a run's tables get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimating {
    /// Only those that tests need.
    Tests,
    /// Those of every cell too.
    Cells,
    /// And those of weighted counts.
    Totals,
}

/// The columns in which each respondent stands, in file order; and their weights.
pub(super) struct Standing {
    ends: Vec<u32>,
    columns: Vec<u16>,
    /// In the dataset's unit.
    pub weights: Vec<f64>,
    /// How many columns there are.
    pub count: usize,
}

impl Standing {
    /// The columns of a respondent; none outside the filter.
    #[inline]
    pub fn columns(&self, respondent: usize) -> &[u16] {
        let start = respondent.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.columns[start..self.ends[respondent] as usize]
    }
}

/// What a variance is of, in every column: an estimate, and what it is divided by.
pub(super) struct Estimates {
    /// `[column][target]`
    pub values: Vec<f64>,
    /// `[column][target]`: what is divided by to get there; 0 where there is no estimate.
    pub divisors: Vec<f64>,
    /// `[column]`: the quartiles of a number.
    pub quartiles: Vec<[f64; 3]>,
}

impl Assembly<'_> {
    /// The variances of the questions' tables, in their order.
    pub(super) fn spreads(
        &self,
        counts: &[Counts],
        sample: &Sample,
        inside: &Inside,
        estimating: Estimating,
        threads: usize,
    ) -> Vec<Spread> {
        let opposite = self.request.joint.differences.filter(|_| sample.is_known());
        let contrasts = Contrasts::of(self.columns, opposite);
        let standing = self.standing(inside, &contrasts);
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(counts) = counts.get(place) else { break done };
                done.push((place, self.spread(counts, sample, &standing, &contrasts, estimating)));
            }
        };
        let mut found: Vec<(usize, Spread)> = std::thread::scope(|scope| {
            let others: Vec<_> =
                (1..threads.clamp(1, counts.len().max(1))).map(|_| scope.spawn(work)).collect();
            let mut found = work();
            for other in others {
                // A worker's panic is a bug: let it be seen as one.
                found.extend(other.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)));
            }
            found
        });
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, spread)| spread).collect()
    }

    fn standing(&self, inside: &Inside, contrasts: &Contrasts) -> Standing {
        let mut columns_of = self.columns.of_lanes();
        let shown = self.columns.words.len();
        for (place, (set, lanes)) in contrasts.rests.iter().enumerate() {
            lanes.iter().for_each(|&lane| columns_of[*set][lane].push((shown + place) as u16));
        }
        let mut standing = Standing {
            ends: Vec::new(),
            columns: Vec::new(),
            weights: Vec::new(),
            count: shown + contrasts.rests.len(),
        };
        let mut lanes: Vec<Vec<u16>> = self.columns.sets.iter().map(|_| Vec::new()).collect();
        for block in &self.dataset.blocks {
            let inside = inside(block);
            for (set, lanes) in self.columns.sets.iter().zip(&mut lanes) {
                set.write(block, inside.as_deref(), lanes);
            }
            for row in 0..block.len {
                for (lanes, columns) in lanes.iter().zip(&columns_of) {
                    standing.columns.extend_from_slice(&columns[usize::from(lanes[row])]);
                }
                standing.ends.push(standing.columns.len() as u32);
                standing.weights.push(block.weights.as_ref().map_or(1.0, |weights| weights[row] as f64));
            }
        }
        standing
    }

    fn spread(
        &self,
        counts: &Counts,
        sample: &Sample,
        standing: &Standing,
        contrasts: &Contrasts,
        estimating: Estimating,
    ) -> Spread {
        let question = &self.survey.questions[counts.question];
        let no_answer = self.request.no_answer.unwrap_or(question.no_answer);
        let (_, sources) = stub(self.survey, question, no_answer);
        let table = self.table_with(counts, &contrasts.rests);
        let membership = self.membership(counts, question, &sources, no_answer, estimating);
        let columns = table.columns.len();
        let rows = table.stub.len();
        let mut spread = Spread::new(sample, columns, estimating != Estimating::Tests);
        if self.request.joint.independence && sample.is_known() {
            let cells = Cells { sample, standing, membership: &membership };
            self.independence(counts, &table, &cells, &mut spread);
        }
        if estimating == Estimating::Tests && contrasts.pairs.is_empty() {
            return spread;
        }
        let estimates = estimates(&table, &membership, standing.count);
        let found = match &sample.method {
            Method::Linearised(stages) => {
                let sample = (stages, sample.calibration.as_ref());
                Linearised::new(sample, standing, &membership, &estimates, contrasts).sum()
            }
            Method::Replicated(replicates) => {
                Replicated::new(replicates, standing, &membership, &estimates, contrasts).sum()
            }
        };
        spread.cells = vec![Spreads::default(); rows * columns];
        spread.contrasts.clone_from(&contrasts.named);
        spread.differences = vec![vec![None; contrasts.pairs.len()]; rows];
        spread.joined =
            membership.joined.iter().map(|&row| (row, vec![Spreads::default(); columns])).collect();
        let weight_unit = 10_f64.powi(self.dataset.weight_decimals as i32);
        let weight_unit = if table.weighted() { weight_unit } else { 1.0 };
        let number_unit = 10_f64.powi(table.number_decimals as i32);
        for (at, target) in membership.targets.iter().enumerate() {
            // Ratios have no unit: both numbers are in the same.
            let ratio =
                target.to.is_some() && table.stub.get(target.row).is_some_and(|row| row.per.is_some());
            let unit = match target.kind {
                Kind::Share | Kind::Reached(_) => 1.0,
                Kind::Mean if ratio => 1.0,
                Kind::Mean if table.has_points(target.row.min(rows - 1)) => 1.0,
                Kind::Mean => number_unit,
                Kind::Total if table.stub[target.row].role == RowRole::Number => weight_unit * number_unit,
                Kind::Total => weight_unit,
            };
            let compared = match table.stub.get(target.row).map(|row| row.role) {
                Some(RowRole::Option | RowRole::Net) => target.kind == Kind::Share,
                Some(RowRole::Score | RowRole::Number) => target.kind == Kind::Mean,
                Some(RowRole::Missing | RowRole::Ratio) | None => false,
            };
            for contrast in (0..contrasts.pairs.len()).filter(|_| compared) {
                let found = found.differences[contrast * membership.targets.len() + at];
                spread.differences[target.row][contrast] =
                    found.map(|found| Estimated { variance: found.variance / (unit * unit), ..found });
            }
            for column in 0..columns {
                let place = column * membership.targets.len() + at;
                let Some(found) = found.estimates[place] else { continue };
                let found = Estimated { variance: found.variance / (unit * unit), ..found };
                let spreads = match target.row.checked_sub(rows) {
                    None => &mut spread.cells[target.row * columns + column],
                    Some(joined) => &mut spread.joined[joined].1[column],
                };
                match target.kind {
                    Kind::Share => spreads.share = Some(found),
                    Kind::Mean => spreads.mean = Some(found),
                    Kind::Total => spreads.total = Some(found),
                    Kind::Reached(quartile) => {
                        spreads.quartiles[quartile] = Some((estimates.values[place], found));
                    }
                }
            }
        }
        spread
    }

    /// Covariances of the cells, for tests of independence: of the whole table, or of each answer given or not.
    fn independence(&self, counts: &Counts, table: &Table, cells: &Cells<'_>, spread: &mut Spread) {
        let takes_one = table.question.kind.takes_one_option();
        let asked = |stub: &Stub| matches!(stub, Stub::Question(question) if *question == counts.question);
        let whole = takes_one && self.request.stubs.iter().any(asked);
        let each = !takes_one || self.request.stubs.iter().any(|stub| !asked(stub));
        let with = |roles: &[RowRole]| -> Vec<usize> {
            (0..table.stub.len()).filter(|&row| roles.contains(&table.stub[row].role)).collect()
        };
        let options = with(&[RowRole::Option]);
        let alone = if each { with(&[RowRole::Option, RowRole::Net]) } else { Vec::new() };
        spread.each = vec![Vec::new(); table.stub.len()];
        for (place, banner) in table.banners.iter().enumerate() {
            let of_banner = |&column: &usize| {
                let here = &table.columns[column];
                here.role == ColumnRole::Group && here.banner == Some(place)
            };
            let columns: Vec<usize> = (0..table.columns.len()).filter(of_banner).collect();
            let tested = !banner.overlapping && banner.subtotal_of.is_none() && !table.option_bases;
            let found = |rows: &[usize]| -> Option<CellCovariance> {
                if tested { cells.covariance(rows, &columns) } else { None }
            };
            spread.whole.push(if whole { found(&options) } else { None });
            for &row in &alone {
                spread.each[row].push(found(&[row]));
            }
        }
    }
}

/// The estimates of the table, in its own units; in so many columns, of which it may show the first only.
fn estimates(table: &Table, membership: &Membership, columns: usize) -> Estimates {
    let count = membership.targets.len();
    let mut estimates = Estimates {
        values: vec![0.0; columns * count],
        divisors: vec![0.0; columns * count],
        quartiles: vec![[f64::NAN; 3]; columns],
    };
    for (at, target) in membership.targets.iter().enumerate() {
        for column in 0..columns {
            let place = column * count + at;
            let rows = table.stub.len();
            let joined = target.row.checked_sub(rows).map(|place| membership.joined[place]);
            let row = joined.unwrap_or(target.row);
            let base = table.base(row, column).w;
            if base <= 0 {
                continue;
            }
            let (value, divisor) = match target.kind {
                Kind::Share => {
                    let mut w = table.cells[(row, column)].w;
                    if joined.is_some() {
                        // The row of blanks is the first missing one.
                        let blank = table.stub.iter().position(|row| row.role == RowRole::Missing);
                        w += blank.map_or(0, |blank| table.cells[(blank, column)].w);
                    }
                    (w as f64 / base as f64, base as f64)
                }
                Kind::Total => (0.0, 1.0),
                Kind::Mean => {
                    let of = &table.numbers[(row, column)];
                    let to = match table.stub[row].role {
                        RowRole::Ratio => table.denominators[(row, column)].total(),
                        _ => Some(of.w()),
                    };
                    match (of.total(), to.filter(|to| *to > 0)) {
                        (Some(of), Some(to)) => (of as f64 / to as f64, to as f64),
                        _ => continue,
                    }
                }
                Kind::Reached(quartile) => {
                    let values = &table.numbers[(row, column)];
                    let Some(quantile) = values.quantile(quartile as i128 + 1, 4) else { continue };
                    let quantile = quantile.to_f64();
                    estimates.quartiles[column][quartile] = quantile;
                    let reached: i128 = values
                        .entries()
                        .iter()
                        .filter(|entry| entry.value as f64 <= quantile)
                        .map(|entry| entry.w)
                        .sum();
                    (reached as f64 / values.w() as f64, values.w() as f64)
                }
            };
            estimates.values[place] = value;
            estimates.divisors[place] = divisor;
        }
    }
    estimates
}

/// Whether a cell may be seen, for what is computed from its variance.
impl Table {
    pub(super) fn spreads(&self, row: usize, column: usize) -> Shown<Spreads> {
        let spread = self.spread();
        self.cell(row, column).and_then(|_| Some(spread?.at(row, column)))
    }

    /// What is known of the sample behind its variances, where every cell has one.
    pub fn spread(&self) -> Option<&Spread> {
        self.spread.as_ref().filter(|spread| spread.of_cells)
    }

    /// What is known of the sample, where tests go by it: a design, or margins that the weights were made to reach.
    pub fn sample(&self) -> Option<&Spread> {
        self.spread.as_ref().filter(|spread| spread.is_known())
    }

    /// The variance of the difference of two columns' shares or means in a row, under the design; `right` is a column, or
    /// nothing for everybody else who is given on the banner.
    pub fn variance_of_difference(&self, row: usize, left: usize, right: Option<usize>) -> Option<Estimated> {
        self.spread.as_ref()?.difference(row, left, right)
    }

    /// The covariance of the cells of answers by the groups of a banner, under the design.
    pub fn cell_covariance(&self, row: Option<usize>, banner: usize) -> Option<&CellCovariance> {
        let spread = self.spread.as_ref()?;
        match row {
            None => spread.whole.get(banner)?.as_ref(),
            Some(row) => spread.each.get(row)?.get(banner)?.as_ref(),
        }
    }
}
