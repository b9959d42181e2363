//! Variances by linearisation, as R's `svyrecvar`: sampling units' totals of what each respondent adds to an
//! estimate, squared around their mean within each stratum.
//!
//! A ratio's linearised value of a unit is (A − rB)/Σw·d with A and B the unit's totals above and below the line;
//! shares and means are ratios. Whoever is outside a column or a base adds 0 and stays in the sample: units
//! without anybody of a column are counted by their number alone. Sums are Welford's, so that totals far from
//! zero lose no digits. Of weights that were made to reach margins, what the margins explain of a respondent is taken
//! off first ([`Calibration`]).

use super::contrast::{Contrasts, Shared};
use super::deviation::{Estimates, Standing};
use super::membership::Membership;
use super::spread::Estimated;
use crate::design::{Calibration, Pool, Stages};

pub(super) struct Linearised<'a> {
    sample: &'a Stages,
    standing: &'a Standing,
    membership: &'a Membership,
    estimates: &'a Estimates,
    contrasts: &'a Contrasts,
    calibration: Option<&'a Calibration>,
    /// `[category][column][target]`: what a category of the margins explains of a respondent in it.
    explained: Vec<f64>,
    /// Σw of the unit at hand in each category, and the categories where it is not zero.
    weights_in: Vec<f64>,
    categories: Touched,
    features: usize,
    targets: usize,
    /// Features that are bases, and where each target's is among them.
    bases: Vec<u32>,
    base_of: Vec<usize>,
    /// `[column][feature]`: totals of the unit of the last stage at hand.
    totals: Vec<f64>,
    touched: Touched,
    stages: Vec<StageSums>,
    /// `[column][target]`: variance of the first stage, and of the others.
    first: Vec<f64>,
    later: Vec<f64>,
    /// `[column][base]`
    people: Vec<People>,
    /// Of each contrast's two columns: covariances of the first stage, and of the others, `[contrast][target]`.
    first_together: Vec<f64>,
    later_together: Vec<f64>,
    /// `[contrast][base]`
    shared: Vec<Shared>,
}

/// Variances: `[column][target]` and, of differences, `[contrast][target]`, in the table's units.
pub(super) struct Summed {
    pub estimates: Vec<Option<Estimated>>,
    pub differences: Vec<Option<Estimated>>,
}

/// Columns with somebody in the unit at hand.
#[derive(Default)]
struct Touched {
    list: Vec<usize>,
    set: Vec<bool>,
}

impl Touched {
    fn new(columns: usize) -> Touched {
        Touched { list: Vec::new(), set: vec![false; columns] }
    }

    #[inline]
    fn add(&mut self, column: usize) {
        if !self.set[column] {
            self.set[column] = true;
            self.list.push(column);
        }
    }

    fn take(&mut self) -> Vec<usize> {
        let list = std::mem::take(&mut self.list);
        list.iter().for_each(|&column| self.set[column] = false);
        list
    }
}

/// The sums of one stage.
struct StageSums {
    /// `[column][target]`: the linearised total of the unit at hand.
    unit: Vec<f64>,
    touched: Touched,
    /// `[column]`: units of the group with somebody in the column.
    units: Vec<u32>,
    /// `[column][target]`
    mean: Vec<f64>,
    squares: Vec<f64>,
    seen: Touched,
    /// `[contrast][target]`: products of the units' totals in the contrast's two columns.
    products: Vec<f64>,
}

/// Sampling units and strata that have somebody of a base.
#[derive(Clone, Copy, Default)]
struct People {
    respondents: u64,
    units: u64,
    strata: u64,
    /// Strata of which a variance is known.
    known: u64,
    in_unit: bool,
    in_stratum: bool,
}

impl<'a> Linearised<'a> {
    pub(super) fn new(
        (sample, calibration): (&'a Stages, Option<&'a Calibration>),
        standing: &'a Standing,
        membership: &'a Membership,
        estimates: &'a Estimates,
        contrasts: &'a Contrasts,
    ) -> Linearised<'a> {
        let (features, targets, columns) = (membership.features, membership.targets.len(), standing.count);
        let mut bases: Vec<u32> = membership.targets.iter().map(|target| target.base).collect();
        bases.sort_unstable();
        bases.dedup();
        let place = |base: u32| bases.binary_search(&base).unwrap_or(0);
        let base_of = membership.targets.iter().map(|target| place(target.base)).collect();
        let stage = || StageSums {
            unit: vec![0.0; columns * targets],
            touched: Touched::new(columns),
            units: vec![0; columns],
            mean: vec![0.0; columns * targets],
            squares: vec![0.0; columns * targets],
            seen: Touched::new(columns),
            products: vec![0.0; contrasts.pairs.len() * targets],
        };
        let categories = calibration.map_or(0, |calibration| calibration.categories);
        Linearised {
            sample,
            standing,
            membership,
            estimates,
            contrasts,
            calibration,
            explained: Vec::new(),
            weights_in: vec![0.0; categories],
            categories: Touched::new(categories),
            features,
            targets,
            base_of,
            totals: vec![0.0; columns * features],
            touched: Touched::new(columns),
            stages: sample.stages.iter().map(|_| stage()).collect(),
            first: vec![0.0; columns * targets],
            later: vec![0.0; columns * targets],
            people: vec![People::default(); columns * bases.len()],
            first_together: vec![0.0; contrasts.pairs.len() * targets],
            later_together: vec![0.0; contrasts.pairs.len() * targets],
            shared: vec![Shared::default(); contrasts.pairs.len() * bases.len()],
            bases,
        }
    }

    pub(super) fn sum(mut self) -> Summed {
        if let Some(calibration) = self.calibration {
            self.explained = self.explain(calibration);
        }
        for group in 0..self.sample.stages[0].groups.len() {
            self.group(0, group);
        }
        // Strata without a variance stand for as much as those with one.
        let averaged = |first: f64, strata: u64, known: u64| match self.sample.averaged {
            true => first * strata as f64 / known as f64,
            false => first,
        };
        let estimate = |place: usize| {
            let (column, target) = (place / self.targets, place % self.targets);
            let people = self.people[column * self.bases.len() + self.base_of[target]];
            let variance = averaged(self.first[place], people.strata, people.known) + self.later[place];
            let df = people.units as f64 - people.strata as f64;
            let found = Estimated { variance, df, n: people.respondents };
            (self.estimates.divisors[place] != 0.0).then_some(found)
        };
        // Of the difference of two columns: as of those in either, with one degree of freedom for each estimate.
        let difference = |place: usize| {
            let (contrast, target) = (place / self.targets, place % self.targets);
            let (left, right) = self.contrasts.pairs[contrast];
            let [one, other] = [left, right].map(|column| column * self.targets + target);
            if self.estimates.divisors[one] == 0.0 || self.estimates.divisors[other] == 0.0 {
                return None;
            }
            let base = self.base_of[target];
            let [mine, theirs] = [left, right].map(|column| self.people[column * self.bases.len() + base]);
            let shared = self.shared[contrast * self.bases.len() + base];
            let strata = mine.strata + theirs.strata - shared.strata;
            let known = mine.known + theirs.known - shared.known;
            let units = mine.units + theirs.units - shared.units;
            let together = |all: &[f64], both: &[f64]| all[one] + all[other] - 2.0 * both[place];
            let first = averaged(together(&self.first, &self.first_together), strata, known);
            let variance = first + together(&self.later, &self.later_together);
            let df = units as f64 - strata as f64 - 1.0;
            Some(Estimated { variance, df, n: mine.respondents + theirs.respondents })
        };
        Summed {
            estimates: (0..self.standing.count * self.targets).map(estimate).collect(),
            differences: (0..self.contrasts.pairs.len() * self.targets).map(difference).collect(),
        }
    }

    /// What each category of the margins explains of the linearised values of those in it.
    fn explain(&self, calibration: &Calibration) -> Vec<f64> {
        let (values, features) = (self.standing.count * self.targets, self.features);
        let mut sums = vec![0.0; calibration.categories * self.totals.len()];
        for respondent in 0..self.standing.weights.len() {
            let counts = calibration.counts_as(respondent);
            for (category, much) in calibration.of(respondent) {
                let sums = &mut sums[category * self.totals.len()..(category + 1) * self.totals.len()];
                self.parts(respondent, |column, feature, value| {
                    sums[column * features + feature] += counts * much * value;
                });
            }
        }
        let mut linear = vec![0.0; calibration.categories * values];
        for (category, linear) in linear.chunks_mut(values.max(1)).enumerate() {
            let sums = &sums[category * self.totals.len()..(category + 1) * self.totals.len()];
            for column in 0..self.standing.count {
                self.linear(
                    column,
                    &sums[column * features..(column + 1) * features],
                    &mut linear[column * self.targets..(column + 1) * self.targets],
                );
            }
        }
        calibration.explained(&linear, values)
    }

    /// Every part of a respondent in every column.
    #[inline]
    fn parts(&self, respondent: usize, mut part: impl FnMut(usize, usize, f64)) {
        let columns = self.standing.columns(respondent);
        let (reached, quartiles) = (self.membership.reached, &self.estimates.quartiles);
        self.membership.each(respondent, |found| {
            for &column in columns {
                let (column, feature) = (usize::from(column), found.feature as usize);
                if Some(found.feature) == reached {
                    for (place, &quartile) in quartiles[column].iter().enumerate() {
                        if found.value <= quartile {
                            part(column, feature + place, 1.0);
                        }
                    }
                } else {
                    part(column, feature, found.value);
                }
            }
        });
    }

    /// The linearised values of a column, from sums of its features.
    #[inline]
    fn linear(&self, column: usize, sums: &[f64], values: &mut [f64]) {
        let start = column * self.targets;
        for ((at, target), value) in self.membership.targets.iter().enumerate().zip(values) {
            let divisor = self.estimates.divisors[start + at];
            let of = sums[target.of as usize];
            *value = match target.to {
                _ if divisor == 0.0 => 0.0,
                Some(to) => (of - self.estimates.values[start + at] * sums[to as usize]) / divisor,
                None => of,
            };
        }
    }

    /// Goes through the units of a group and closes it.
    fn group(&mut self, stage: usize, group: usize) {
        let of_stage = &self.sample.stages[stage];
        let start = group.checked_sub(1).map_or(0, |before| of_stage.groups[before].end as usize);
        let end = of_stage.groups[group].end as usize;
        for unit in start..end {
            if stage + 1 < self.sample.stages.len() {
                self.group(stage + 1, unit);
            } else {
                self.respondents(unit);
                self.linearise(stage);
            }
            self.enter(stage);
        }
        self.close(stage, of_stage.groups[group].pool, end - start);
    }

    /// Adds up the respondents of a unit of the last stage.
    fn respondents(&mut self, unit: usize) {
        let units = &self.sample.stages[self.sample.stages.len() - 1].units;
        let start = unit.checked_sub(1).map_or(0, |before| units[before] as usize);
        for place in start..units[unit] as usize {
            let respondent = self.sample.order[place] as usize;
            let weight = self.standing.weights[respondent];
            for (category, much) in self.calibration.iter().flat_map(|calibration| calibration.of(respondent))
            {
                self.weights_in[category] += weight * much;
                self.categories.add(category);
            }
            let columns = self.standing.columns(respondent);
            if columns.is_empty() {
                continue;
            }
            columns.iter().for_each(|&column| self.touched.add(usize::from(column)));
            let (totals, features) = (&mut self.totals, self.features);
            let (people, bases) = (&mut self.people, &self.bases);
            let (reached, quartiles) = (self.membership.reached, &self.estimates.quartiles);
            // As `parts`, written out: this loop is what standard errors cost.
            self.membership.each(respondent, |part| {
                for &column in columns {
                    let column = usize::from(column);
                    let at = column * features + part.feature as usize;
                    if Some(part.feature) == reached {
                        for (place, &quartile) in quartiles[column].iter().enumerate() {
                            if part.value <= quartile {
                                totals[at + place] += weight;
                            }
                        }
                        continue;
                    }
                    totals[at] += weight * part.value;
                    if weight > 0.0
                        && let Ok(base) = bases.binary_search(&part.feature)
                    {
                        let people = &mut people[column * bases.len() + base];
                        people.respondents += 1;
                        people.in_unit = true;
                    }
                }
            });
        }
    }

    /// The linearised totals of a unit of the last stage.
    fn linearise(&mut self, stage: usize) {
        let (features, targets) = (self.features, self.targets);
        let mut unit = std::mem::take(&mut self.stages[stage].unit);
        let mut totals = std::mem::take(&mut self.totals);
        for column in self.touched.take() {
            self.stages[stage].touched.add(column);
            let totals = &mut totals[column * features..(column + 1) * features];
            self.linear(column, totals, &mut unit[column * targets..(column + 1) * targets]);
            totals.fill(0.0);
        }
        if self.calibration.is_some() {
            // Margins explain something of whoever is in no column too.
            (0..self.standing.count).for_each(|column| self.stages[stage].touched.add(column));
            for category in self.categories.take() {
                let weight = std::mem::take(&mut self.weights_in[category]);
                let explained = &self.explained[category * unit.len()..(category + 1) * unit.len()];
                unit.iter_mut().zip(explained).for_each(|(unit, explained)| *unit -= weight * explained);
            }
        }
        self.stages[stage].unit = unit;
        self.totals = totals;
    }

    /// Enters a unit into its group, and adds it to the unit of the stage before.
    fn enter(&mut self, stage: usize) {
        let targets = self.targets;
        let (before, rest) = self.stages.split_at_mut(stage);
        let sums = &mut rest[0];
        let touched = sums.touched.take();
        for contrast in self.contrasts.among(&touched) {
            let (left, right) = self.contrasts.pairs[contrast];
            for target in 0..targets {
                sums.products[contrast * targets + target] +=
                    sums.unit[left * targets + target] * sums.unit[right * targets + target];
            }
            if stage == 0 {
                for base in 0..self.bases.len() {
                    let [mine, theirs] =
                        [left, right].map(|column| self.people[column * self.bases.len() + base]);
                    self.shared[contrast * self.bases.len() + base].units +=
                        u64::from(mine.in_unit && theirs.in_unit);
                }
            }
        }
        for column in touched {
            sums.units[column] += 1;
            sums.seen.add(column);
            let part = 1.0 / f64::from(sums.units[column]);
            let range = column * targets..(column + 1) * targets;
            let (units, means) = (&mut sums.unit[range.clone()], &mut sums.mean[range.clone()]);
            for ((unit, mean), squares) in
                units.iter().zip(means.iter_mut()).zip(&mut sums.squares[range.clone()])
            {
                let off = unit - *mean;
                *mean += off * part;
                *squares += off * (unit - *mean);
            }
            if let Some(before) = before.last_mut() {
                before.touched.add(column);
                before.unit[range].iter_mut().zip(units.iter()).for_each(|(sum, unit)| *sum += unit);
            }
            units.fill(0.0);
            if stage == 0 {
                let bases = self.bases.len();
                for people in &mut self.people[column * bases..(column + 1) * bases] {
                    people.units += u64::from(people.in_unit);
                    people.in_stratum |= people.in_unit;
                    people.in_unit = false;
                }
            }
        }
    }

    /// Makes a variance of the units of a group, of which there are so many.
    fn close(&mut self, stage: usize, pool: Pool, units: usize) {
        let targets = self.targets;
        let sums = &mut self.stages[stage];
        let (variances, covariances) = match stage {
            0 => (&mut self.first, &mut self.first_together),
            _ => (&mut self.later, &mut self.later_together),
        };
        let all = sums.seen.take();
        for contrast in self.contrasts.among(&all) {
            let (left, right) = self.contrasts.pairs[contrast];
            let sum = |column: usize, target: usize| {
                sums.mean[column * targets + target] * f64::from(sums.units[column])
            };
            for target in 0..targets {
                let place = contrast * targets + target;
                let product = std::mem::take(&mut sums.products[place]);
                covariances[place] += match pool {
                    Pool::Centred(factor) => {
                        factor * (product - sum(left, target) * sum(right, target) / units as f64)
                    }
                    Pool::Uncentred(factor) => factor * product,
                    Pool::Nothing | Pool::Unknown => 0.0,
                };
            }
            if stage == 0 {
                for base in 0..self.bases.len() {
                    let [mine, theirs] =
                        [left, right].map(|column| self.people[column * self.bases.len() + base]);
                    let both = u64::from(mine.in_stratum && theirs.in_stratum);
                    let shared = &mut self.shared[contrast * self.bases.len() + base];
                    shared.strata += both;
                    shared.known += both * u64::from(pool != Pool::Unknown);
                }
            }
        }
        for column in all {
            let seen = f64::from(std::mem::take(&mut sums.units[column]));
            let range = column * targets..(column + 1) * targets;
            for place in range {
                let (mean, squares) =
                    (std::mem::take(&mut sums.mean[place]), std::mem::take(&mut sums.squares[place]));
                variances[place] += match pool {
                    // Units with nobody in the column have 0.
                    Pool::Centred(factor) => {
                        factor * (squares + mean * mean * seen * (units as f64 - seen) / units as f64)
                    }
                    Pool::Uncentred(factor) => factor * mean * mean,
                    Pool::Nothing | Pool::Unknown => 0.0,
                };
            }
            if stage == 0 {
                let bases = self.bases.len();
                for people in &mut self.people[column * bases..(column + 1) * bases] {
                    people.strata += u64::from(people.in_stratum);
                    people.known += u64::from(people.in_stratum && pool != Pool::Unknown);
                    people.in_stratum = false;
                }
            }
        }
    }
}
