//! The covariance of a table's cells under the sample's design: what Rao and Scott's tests are corrected by.
//!
//! Each respondent has weight in one cell, so units' totals are sparse: their covariance is summed as it is, and made
//! that of shares at last. As R's `svymean` of the cells' indicators over those in any of them.

use super::deviation::Standing;
use super::membership::Membership;
use crate::design::{Calibration, Method, Pool, Replicates, Sample, Stages};

/// More degrees of freedom than this a test of independence is not made of: its matrices are their square.
pub const MOST_CONTRASTS: usize = 600;

/// No cell.
const NOWHERE: u32 = u32::MAX;

/// The covariance of the shares of cells, answers by groups.
#[derive(Debug, Clone, PartialEq)]
pub struct CellCovariance {
    /// Rows of the table, ascending; of one answer alone its row, of which the second row of cells is who did not
    /// give it.
    pub rows: Vec<usize>,
    /// Columns of the table.
    pub columns: Vec<usize>,
    /// Of shares of the whole, `[cell][cell]`, row by row.
    matrix: Vec<f64>,
    /// Degrees of freedom of the sample: units with somebody in a cell, less their strata; of replicates their rank
    /// less one.
    pub df: f64,
}

impl CellCovariance {
    /// The covariance of two cells, by row and column of those here.
    pub fn at(&self, one: (usize, usize), other: (usize, usize)) -> f64 {
        let cells = self.matrix.len().isqrt();
        let place = |(row, column): (usize, usize)| row * self.columns.len() + column;
        self.matrix[place(one) * cells + place(other)]
    }

    /// With rows under the numbers they have now; nothing where one is left out.
    pub(super) fn select_rows(&self, place: &dyn Fn(usize) -> Option<usize>) -> Option<CellCovariance> {
        let mut rows: Vec<(usize, usize)> = Vec::new();
        for (before, &row) in self.rows.iter().enumerate() {
            rows.push((place(row)?, before));
        }
        rows.sort_unstable();
        let cells: Vec<(usize, usize)> = rows
            .iter()
            .flat_map(|&(_, before)| (0..self.columns.len()).map(move |column| (before, column)))
            .collect();
        let entries = cells.iter().flat_map(|&one| cells.iter().map(move |&other| self.at(one, other)));
        let matrix = entries.collect();
        Some(CellCovariance { rows: rows.iter().map(|(row, _)| *row).collect(), matrix, ..self.clone() })
    }
}

/// Whose cells.
pub(super) struct Cells<'a> {
    pub sample: &'a Sample,
    pub standing: &'a Standing,
    pub membership: &'a Membership,
}

/// The design's covariance of the totals of sparse features.
struct Totals {
    features: usize,
    /// Of the first stage, and of the others.
    first: Vec<f64>,
    later: Vec<f64>,
    units: u64,
    strata: u64,
    known: u64,
}

impl Cells<'_> {
    /// The covariance of the cells of these rows by these columns; of one row given or not. Nothing where there are
    /// too many.
    pub(super) fn covariance(&self, rows: &[usize], columns: &[usize]) -> Option<CellCovariance> {
        let height = rows.len().max(2);
        if columns.is_empty() || rows.is_empty() || (height - 1) * (columns.len() - 1) > MOST_CONTRASTS {
            return None;
        }
        let cell = self.cells(rows, columns);
        let cells = height * columns.len();
        let found = match &self.sample.method {
            Method::Linearised(stages) => {
                self.linearised(stages, self.sample.calibration.as_ref(), &cell, cells)
            }
            Method::Replicated(replicates) => self.replicated(replicates, &cell, cells),
        };
        found.map(|(matrix, df)| CellCovariance {
            rows: rows.to_vec(),
            columns: columns.to_vec(),
            matrix,
            df,
        })
    }

    /// The cell of each respondent.
    fn cells(&self, rows: &[usize], columns: &[usize]) -> Vec<u32> {
        let mut group_of = vec![NOWHERE; self.standing.count];
        columns.iter().enumerate().for_each(|(place, &column)| group_of[column] = place as u32);
        let mut row_of = vec![NOWHERE; self.membership.features];
        rows.iter().enumerate().for_each(|(place, &row)| row_of[row] = place as u32);
        let width = columns.len() as u32;
        let cell = |respondent: usize| {
            let mut here =
                self.standing.columns(respondent).iter().map(|&column| group_of[usize::from(column)]);
            let Some(group) = here.find(|&group| group != NOWHERE) else { return NOWHERE };
            let (mut given, mut answer) = (false, NOWHERE);
            self.membership.each(respondent, |part| {
                given |= part.feature == self.membership.given;
                answer = answer.min(row_of[part.feature as usize]);
            });
            match answer {
                _ if !given => NOWHERE,
                NOWHERE if rows.len() == 1 => width + group,
                NOWHERE => NOWHERE,
                answer => answer * width + group,
            }
        };
        (0..self.standing.weights.len()).map(cell).collect()
    }

    fn linearised(
        &self,
        stages: &Stages,
        calibration: Option<&Calibration>,
        cell: &[u32],
        cells: usize,
    ) -> Option<(Vec<f64>, f64)> {
        let weights = &self.standing.weights;
        // Categories of the margins stand behind the cells.
        let features = cells + calibration.map_or(0, |calibration| calibration.categories);
        let mut totals = Totals {
            features,
            first: vec![0.0; features * features],
            later: vec![0.0; features * features],
            units: 0,
            strata: 0,
            known: 0,
        };
        let mut sums: Vec<Sums> = stages.stages.iter().map(|_| Sums::new(features)).collect();
        let each = |respondent: usize, add: &mut dyn FnMut(usize, f64)| {
            if cell[respondent] != NOWHERE {
                add(cell[respondent] as usize, weights[respondent]);
            }
            for (category, much) in calibration.iter().flat_map(|calibration| calibration.of(respondent)) {
                add(cells + category, weights[respondent] * much);
            }
        };
        for group in 0..stages.stages[0].groups.len() {
            walk(stages, 0, group, &mut sums, &mut totals, &each, cells);
        }
        let averaged = if stages.averaged { totals.strata as f64 / totals.known as f64 } else { 1.0 };
        let all: Vec<f64> =
            totals.first.iter().zip(&totals.later).map(|(first, later)| averaged * first + later).collect();
        let mut matrix = vec![0.0; cells * cells];
        let explained = calibration.map(|calibration| {
            let mut of = vec![0.0; calibration.categories * cells];
            for respondent in (0..cell.len()).filter(|&respondent| cell[respondent] != NOWHERE) {
                for (category, much) in calibration.of(respondent) {
                    of[category * cells + cell[respondent] as usize] +=
                        calibration.counts_as(respondent) * much;
                }
            }
            calibration.explained(&of, cells)
        });
        let at = |one: usize, other: usize| all[one * features + other];
        // H' S of the categories with every feature, then (A − H'm)(A − H'm)'.
        let categories = features - cells;
        let mut of_margins = vec![0.0; cells * features];
        if let Some(explained) = &explained {
            for category in 0..categories {
                for one in 0..cells {
                    let part = explained[category * cells + one];
                    let line = &mut of_margins[one * features..(one + 1) * features];
                    for (other, line) in line.iter_mut().enumerate() {
                        *line += part * at(cells + category, other);
                    }
                }
            }
        }
        for one in 0..cells {
            for other in 0..cells {
                let mut sum = at(one, other);
                if let Some(explained) = &explained {
                    sum -= of_margins[one * features + other] + of_margins[other * features + one];
                    for category in 0..categories {
                        sum += of_margins[one * features + cells + category]
                            * explained[category * cells + other];
                    }
                }
                matrix[one * cells + other] = sum;
            }
        }
        let mut share = vec![0.0; cells];
        for (respondent, &cell) in cell.iter().enumerate().filter(|(_, cell)| **cell != NOWHERE) {
            share[cell as usize] += weights[respondent];
        }
        let whole: f64 = share.iter().sum();
        if whole == 0.0 {
            return None;
        }
        share.iter_mut().for_each(|share| *share /= whole);
        // Of shares p = A/ΣA: (S − p r' − r p' + s p p')/(ΣA)², r = S1 and s = 1'S1.
        let rows: Vec<f64> = matrix.chunks(cells).map(|row| row.iter().sum()).collect();
        let sum: f64 = rows.iter().sum();
        for one in 0..cells {
            for other in 0..cells {
                let cell = &mut matrix[one * cells + other];
                let centre =
                    share[one] * rows[other] + share[other] * rows[one] - sum * share[one] * share[other];
                *cell = (*cell - centre) / (whole * whole);
            }
        }
        Some((matrix, totals.units as f64 - totals.strata as f64))
    }

    fn replicated(&self, replicates: &Replicates, cell: &[u32], cells: usize) -> Option<(Vec<f64>, f64)> {
        let count = replicates.count;
        // The weight itself stands behind the replicates.
        let mut totals = vec![0.0; cells * (count + 1)];
        for (respondent, &cell) in cell.iter().enumerate().filter(|(_, cell)| **cell != NOWHERE) {
            let line = &mut totals[cell as usize * (count + 1)..][..=count];
            let weights = &replicates.weights[respondent * count..(respondent + 1) * count];
            let own = self.standing.weights[respondent];
            line.iter_mut().zip(weights.iter().chain([&own])).for_each(|(total, weight)| *total += weight);
        }
        for replicate in 0..=count {
            let whole: f64 = (0..cells).map(|cell| totals[cell * (count + 1) + replicate]).sum();
            (0..cells).for_each(|cell| totals[cell * (count + 1) + replicate] /= whole);
        }
        let of = |cell: usize| totals[cell * (count + 1)..][..=count].split_at(count);
        let mut matrix = vec![0.0; cells * cells];
        for one in 0..cells {
            for other in 0..=one {
                let ((mine, own), (theirs, their)) = (of(one), of(other));
                let found = replicates.covariance([mine, theirs], [own[0], their[0]]);
                matrix[one * cells + other] = found;
                matrix[other * cells + one] = found;
            }
        }
        Some((matrix, replicates.df))
    }
}

/// The sums of one stage.
struct Sums {
    /// Totals of the unit at hand, and the features that it has.
    unit: Vec<f64>,
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    /// Totals of the group at hand, and the features that it has.
    group: Vec<f64>,
    seen: Vec<usize>,
    is_seen: Vec<bool>,
    /// Somebody with a weight is in a cell: of the unit, of the group.
    in_unit: bool,
    in_group: bool,
}

impl Sums {
    fn new(features: usize) -> Sums {
        Sums {
            unit: vec![0.0; features],
            touched: Vec::new(),
            is_touched: vec![false; features],
            group: vec![0.0; features],
            seen: Vec::new(),
            is_seen: vec![false; features],
            in_unit: false,
            in_group: false,
        }
    }

    fn add(&mut self, feature: usize, value: f64) {
        if value != 0.0 {
            if !self.is_touched[feature] {
                self.is_touched[feature] = true;
                self.touched.push(feature);
            }
            self.unit[feature] += value;
        }
    }
}

/// What a respondent adds to each feature, told one by one.
type Adding<'a> = dyn Fn(usize, &mut dyn FnMut(usize, f64)) + 'a;

/// Goes through the units of a group and closes it.
fn walk(
    sample: &Stages,
    stage: usize,
    group: usize,
    sums: &mut [Sums],
    totals: &mut Totals,
    each: &Adding<'_>,
    cells: usize,
) {
    let of_stage = &sample.stages[stage];
    let start = group.checked_sub(1).map_or(0, |before| of_stage.groups[before].end as usize);
    let (end, pool) = (of_stage.groups[group].end as usize, of_stage.groups[group].pool);
    let (factor, centred) = match pool {
        Pool::Centred(factor) => (factor, true),
        Pool::Uncentred(factor) => (factor, false),
        Pool::Nothing | Pool::Unknown => (0.0, false),
    };
    for unit in start..end {
        if stage + 1 < sample.stages.len() {
            walk(sample, stage + 1, unit, sums, totals, each, cells);
        } else {
            let begin = unit.checked_sub(1).map_or(0, |before| of_stage.units[before] as usize);
            for &respondent in &sample.order[begin..of_stage.units[unit] as usize] {
                each(respondent as usize, &mut |feature, value| sums[stage].add(feature, value));
            }
        }
        let (before, rest) = sums.split_at_mut(stage);
        let here = &mut rest[0];
        let covariance = if stage == 0 { &mut totals.first } else { &mut totals.later };
        let touched = std::mem::take(&mut here.touched);
        for &one in &touched {
            here.in_unit |= one < cells;
            let own = here.unit[one];
            for &other in touched.iter().filter(|_| factor != 0.0) {
                covariance[one * totals.features + other] += factor * own * here.unit[other];
            }
            if !here.is_seen[one] {
                here.is_seen[one] = true;
                here.seen.push(one);
            }
            here.group[one] += own;
        }
        if stage == 0 {
            totals.units += u64::from(here.in_unit);
        }
        here.in_group |= std::mem::take(&mut here.in_unit);
        for &one in &touched {
            let own = std::mem::take(&mut here.unit[one]);
            here.is_touched[one] = false;
            if let Some(before) = before.last_mut() {
                before.add(one, own);
            }
        }
    }
    let here = &mut sums[stage];
    let covariance = if stage == 0 { &mut totals.first } else { &mut totals.later };
    let seen = std::mem::take(&mut here.seen);
    for &one in &seen {
        here.is_seen[one] = false;
        for &other in seen.iter().filter(|_| centred) {
            covariance[one * totals.features + other] -=
                factor * here.group[one] * here.group[other] / (end - start) as f64;
        }
    }
    seen.iter().for_each(|&one| here.group[one] = 0.0);
    if stage == 0 {
        let present = u64::from(std::mem::take(&mut here.in_group));
        totals.strata += present;
        totals.known += present * u64::from(pool != Pool::Unknown);
    }
    here.in_group = false;
}
