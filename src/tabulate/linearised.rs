//! Variances by linearisation, as R's `svyrecvar`: sampling units' totals of what each respondent adds to an
//! estimate, squared around their mean within each stratum.
//!
//! A ratio's linearised value of a unit is (A − rB)/Σw·d with A and B the unit's totals above and below the line;
//! shares and means are ratios. Whoever is outside a column or a base adds 0 and stays in the sample: units
//! without anybody of a column are counted by their number alone. Sums are Welford's, so that totals far from
//! zero lose no digits.

use super::deviation::{Estimates, Standing};
use super::membership::Membership;
use super::spread::Estimated;
use crate::design::{Pool, Stages};

pub(super) struct Linearised<'a> {
    sample: &'a Stages,
    standing: &'a Standing,
    membership: &'a Membership,
    estimates: &'a Estimates,
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
        sample: &'a Stages,
        standing: &'a Standing,
        membership: &'a Membership,
        estimates: &'a Estimates,
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
        };
        Linearised {
            sample,
            standing,
            membership,
            estimates,
            features,
            targets,
            base_of,
            totals: vec![0.0; columns * features],
            touched: Touched::new(columns),
            stages: sample.stages.iter().map(|_| stage()).collect(),
            first: vec![0.0; columns * targets],
            later: vec![0.0; columns * targets],
            people: vec![People::default(); columns * bases.len()],
            bases,
        }
    }

    /// The variances: `[column][target]`, in the table's units.
    pub(super) fn sum(mut self) -> Vec<Option<Estimated>> {
        for group in 0..self.sample.stages[0].groups.len() {
            self.group(0, group);
        }
        (0..self.standing.count * self.targets)
            .map(|place| {
                let (column, target) = (place / self.targets, place % self.targets);
                let people = self.people[column * self.bases.len() + self.base_of[target]];
                if self.estimates.divisors[place] == 0.0 {
                    return None;
                }
                let strata = people.strata as f64;
                let first = match self.sample.averaged {
                    true => self.first[place] * strata / people.known as f64,
                    false => self.first[place],
                };
                let df = people.units as f64 - strata;
                Some(Estimated { variance: first + self.later[place], df, n: people.respondents })
            })
            .collect()
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
        for &respondent in &self.sample.order[start..units[unit] as usize] {
            let respondent = respondent as usize;
            let columns = self.standing.columns(respondent);
            if columns.is_empty() {
                continue;
            }
            let weight = self.standing.weights[respondent];
            columns.iter().for_each(|&column| self.touched.add(usize::from(column)));
            let (totals, features) = (&mut self.totals, self.features);
            let (people, bases) = (&mut self.people, &self.bases);
            let (reached, quartiles) = (self.membership.reached, &self.estimates.quartiles);
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
        let sums = &mut self.stages[stage];
        for column in self.touched.take() {
            sums.touched.add(column);
            let totals = &mut self.totals[column * self.features..(column + 1) * self.features];
            let start = column * self.targets;
            for (at, target) in self.membership.targets.iter().enumerate() {
                let place = start + at;
                let divisor = self.estimates.divisors[place];
                let of = totals[target.of as usize];
                sums.unit[place] = match target.to {
                    _ if divisor == 0.0 => 0.0,
                    Some(to) => (of - self.estimates.values[place] * totals[to as usize]) / divisor,
                    None => of,
                };
            }
            totals.fill(0.0);
        }
    }

    /// Enters a unit into its group, and adds it to the unit of the stage before.
    fn enter(&mut self, stage: usize) {
        let targets = self.targets;
        let (before, rest) = self.stages.split_at_mut(stage);
        let sums = &mut rest[0];
        for column in sums.touched.take() {
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
        let variances = if stage == 0 { &mut self.first } else { &mut self.later };
        for column in sums.seen.take() {
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
