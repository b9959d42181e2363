//! Variances from replicate weights, as R's `svrVar`: the estimate under each replicate, squared around the
//! mean of them all, or around the estimate itself.

use super::contrast::Contrasts;
use super::deviation::{Estimates, Standing};
use super::linearised::Summed;
use super::membership::Membership;
use super::spread::Estimated;
use crate::design::Replicates;

pub(super) struct Replicated<'a> {
    replicates: &'a Replicates,
    standing: &'a Standing,
    membership: &'a Membership,
    estimates: &'a Estimates,
    contrasts: &'a Contrasts,
    /// `[column][feature][replicate]`
    totals: Vec<f64>,
    /// `[column][feature]`: under the weight itself.
    whole: Vec<f64>,
    /// `[column][feature]`: respondents with a weight above zero.
    respondents: Vec<u64>,
}

impl<'a> Replicated<'a> {
    pub(super) fn new(
        replicates: &'a Replicates,
        standing: &'a Standing,
        membership: &'a Membership,
        estimates: &'a Estimates,
        contrasts: &'a Contrasts,
    ) -> Replicated<'a> {
        let sums = standing.count * membership.features;
        let (totals, respondents) = (vec![0.0; sums * replicates.count], vec![0; sums]);
        let whole = vec![0.0; sums];
        Replicated { replicates, standing, membership, estimates, contrasts, totals, whole, respondents }
    }

    pub(super) fn sum(mut self) -> Summed {
        for respondent in 0..self.standing.weights.len() {
            self.add(respondent);
        }
        let targets = self.membership.targets.len();
        let estimate = |place: usize| {
            let (column, target) = (place / targets, place % targets);
            let (values, whole) = self.estimate(column, target)?;
            let base = self.membership.targets[target].base as usize;
            let n = self.respondents[column * self.membership.features + base];
            Some(Estimated { variance: self.replicates.variance(&values, whole), df: self.replicates.df, n })
        };
        let difference = |place: usize| {
            let ((left, right), target) = (self.contrasts.pairs[place / targets], place % targets);
            let (mut values, mine) = self.estimate(left, target)?;
            let (others, theirs) = self.estimate(right, target)?;
            values.iter_mut().zip(others).for_each(|(value, other)| *value -= other);
            let variance = self.replicates.variance(&values, mine - theirs);
            let base = self.membership.targets[target].base as usize;
            let n = [left, right].map(|column| self.respondents[column * self.membership.features + base]);
            // One degree of freedom for each estimate.
            Some(Estimated { variance, df: self.replicates.df - 1.0, n: n[0] + n[1] })
        };
        Summed {
            estimates: (0..self.standing.count * targets).map(estimate).collect(),
            differences: (0..self.contrasts.pairs.len() * targets).map(difference).collect(),
        }
    }

    /// An estimate under each replicate, and under the weight itself.
    fn estimate(&self, column: usize, target: usize) -> Option<(Vec<f64>, f64)> {
        let targets = &self.membership.targets;
        if self.estimates.divisors[column * targets.len() + target] == 0.0 {
            return None;
        }
        let target = targets[target];
        let of = self.of(column, target.of);
        let whole = |feature: u32| self.whole[column * self.membership.features + feature as usize];
        Some(match target.to {
            Some(to) => {
                let values = of.iter().zip(self.of(column, to)).map(|(of, to)| of / to);
                (values.collect(), whole(target.of) / whole(to))
            }
            None => (of.to_vec(), whole(target.of)),
        })
    }

    fn of(&self, column: usize, feature: u32) -> &[f64] {
        let start = (column * self.membership.features + feature as usize) * self.replicates.count;
        &self.totals[start..start + self.replicates.count]
    }

    fn add(&mut self, respondent: usize) {
        let count = self.replicates.count;
        let weights = &self.replicates.weights[respondent * count..(respondent + 1) * count];
        let columns = self.standing.columns(respondent);
        let full = self.standing.weights[respondent];
        let features = self.membership.features;
        let (totals, respondents, whole) = (&mut self.totals, &mut self.respondents, &mut self.whole);
        let (reached, quartiles) = (self.membership.reached, &self.estimates.quartiles);
        self.membership.each(respondent, |part| {
            for &column in columns {
                let at = usize::from(column) * features + part.feature as usize;
                let mut sum = |at: usize, value: f64| {
                    let totals = &mut totals[at * count..(at + 1) * count];
                    totals.iter_mut().zip(weights).for_each(|(total, weight)| *total += weight * value);
                    whole[at] += full * value;
                };
                if Some(part.feature) == reached {
                    for (place, &quartile) in quartiles[usize::from(column)].iter().enumerate() {
                        if part.value <= quartile {
                            sum(at + place, 1.0);
                        }
                    }
                    continue;
                }
                sum(at, part.value);
                respondents[at] += u64::from(full > 0.0);
            }
        });
    }
}
