//! Variances of every estimate of a run's tables: what the sums over respondents have in common, and the
//! tables shared out among threads.

use super::assemble::{Assembly, Counts, stub};
use super::count::Inside;
use super::linearised::Linearised;
use super::membership::{Kind, Membership};
use super::replicated::Replicated;
use super::spread::{Estimated, Spread, Spreads};
use super::table::{Shown, Table};
use crate::design::{Method, Sample};

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
        totals: bool,
        threads: usize,
    ) -> Vec<Spread> {
        let standing = self.standing(inside);
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(counts) = counts.get(place) else { break done };
                done.push((place, self.spread(counts, sample, &standing, totals)));
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

    fn standing(&self, inside: &Inside) -> Standing {
        // For each lane of each set, the columns it is part of.
        let mut columns_of: Vec<Vec<Vec<u16>>> =
            self.columns.sets.iter().map(|set| vec![Vec::new(); set.size + 1]).collect();
        for column in 0..self.columns.words.len() {
            let (set, lanes) = self.columns.lanes(column);
            for &lane in lanes {
                columns_of[set][lane].push(column as u16);
            }
        }
        let mut standing = Standing {
            ends: Vec::new(),
            columns: Vec::new(),
            weights: Vec::new(),
            count: self.columns.words.len(),
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

    fn spread(&self, counts: &Counts, sample: &Sample, standing: &Standing, totals: bool) -> Spread {
        let question = &self.survey.questions[counts.question];
        let no_answer = self.request.no_answer.unwrap_or(question.no_answer);
        let (_, sources) = stub(self.survey, question, no_answer);
        let table = self.table(counts);
        let membership = self.membership(counts, question, &sources, no_answer, totals);
        let estimates = estimates(&table, &membership);
        let found = match &sample.method {
            Method::Linearised(stages) => Linearised::new(stages, standing, &membership, &estimates).sum(),
            Method::Replicated(replicates) => {
                Replicated::new(replicates, standing, &membership, &estimates).sum()
            }
        };
        let columns = table.columns.len();
        let rows = table.stub.len();
        let mut spread = Spread::new(sample, columns);
        spread.cells = vec![Spreads::default(); rows * columns];
        spread.joined =
            membership.joined.iter().map(|&row| (row, vec![Spreads::default(); columns])).collect();
        let weight_unit = 10_f64.powi(self.dataset.weight_decimals as i32);
        let weight_unit = if table.weighted() { weight_unit } else { 1.0 };
        let number_unit = 10_f64.powi(table.number_decimals as i32);
        for (at, target) in membership.targets.iter().enumerate() {
            for column in 0..columns {
                let place = column * membership.targets.len() + at;
                let Some(found) = found[place] else { continue };
                // Ratios have no unit: both numbers are in the same.
                let ratio =
                    target.to.is_some() && table.stub.get(target.row).is_some_and(|row| row.per.is_some());
                let unit = match target.kind {
                    Kind::Share | Kind::Reached(_) => 1.0,
                    Kind::Mean if ratio => 1.0,
                    Kind::Mean if table.has_points(target.row.min(rows - 1)) => 1.0,
                    Kind::Mean => number_unit,
                    Kind::Total if table.stub[target.row].role == super::table::RowRole::Number => {
                        weight_unit * number_unit
                    }
                    Kind::Total => weight_unit,
                };
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
}

/// The estimates of the table, in its own units.
fn estimates(table: &Table, membership: &Membership) -> Estimates {
    let columns = table.columns.len();
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
                        let blank =
                            table.stub.iter().position(|row| row.role == super::table::RowRole::Missing);
                        w += blank.map_or(0, |blank| table.cells[(blank, column)].w);
                    }
                    (w as f64 / base as f64, base as f64)
                }
                Kind::Total => (0.0, 1.0),
                Kind::Mean => {
                    let of = &table.numbers[(row, column)];
                    let to = match table.stub[row].role {
                        super::table::RowRole::Ratio => table.denominators[(row, column)].total(),
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
        let spread = self.spread.as_ref();
        self.cell(row, column).and_then(|_| Some(spread?.at(row, column)))
    }

    /// What is known of the sample behind its variances, where it has any.
    pub fn spread(&self) -> Option<&Spread> {
        self.spread.as_ref()
    }
}
