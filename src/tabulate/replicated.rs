//! Variances from replicate weights, as R's `svrVar`: the estimate under each replicate, squared around the
//! mean of them all.

use super::deviation::{Estimates, Standing};
use super::membership::Membership;
use super::spread::Estimated;
use crate::design::Replicates;

pub(super) struct Replicated<'a> {
    replicates: &'a Replicates,
    standing: &'a Standing,
    membership: &'a Membership,
    estimates: &'a Estimates,
    /// `[column][feature][replicate]`
    totals: Vec<f64>,
    /// `[column][feature]`: respondents with a weight above zero.
    respondents: Vec<u64>,
}

impl<'a> Replicated<'a> {
    pub(super) fn new(
        replicates: &'a Replicates,
        standing: &'a Standing,
        membership: &'a Membership,
        estimates: &'a Estimates,
    ) -> Replicated<'a> {
        let sums = standing.count * membership.features;
        let (totals, respondents) = (vec![0.0; sums * replicates.count], vec![0; sums]);
        Replicated { replicates, standing, membership, estimates, totals, respondents }
    }

    /// The variances: `[column][target]`, in the table's units.
    pub(super) fn sum(mut self) -> Vec<Option<Estimated>> {
        for respondent in 0..self.standing.weights.len() {
            self.add(respondent);
        }
        let targets = self.membership.targets.len();
        (0..self.standing.count * targets)
            .map(|place| {
                let (column, target) = (place / targets, self.membership.targets[place % targets]);
                if self.estimates.divisors[place] == 0.0 {
                    return None;
                }
                let of = self.of(column, target.of);
                let values: Vec<f64> = match target.to {
                    Some(to) => of.iter().zip(self.of(column, to)).map(|(of, to)| of / to).collect(),
                    None => of.to_vec(),
                };
                let n = self.respondents[column * self.membership.features + target.base as usize];
                Some(Estimated {
                    variance: variance(&values, &self.replicates.factors),
                    df: self.replicates.df,
                    n,
                })
            })
            .collect()
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
        let (totals, respondents) = (&mut self.totals, &mut self.respondents);
        let (reached, quartiles) = (self.membership.reached, &self.estimates.quartiles);
        self.membership.each(respondent, |part| {
            for &column in columns {
                let at = usize::from(column) * features + part.feature as usize;
                let mut sum = |at: usize, value: f64| {
                    let totals = &mut totals[at * count..(at + 1) * count];
                    totals.iter_mut().zip(weights).for_each(|(total, weight)| *total += weight * value);
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

/// Replicates without an estimate (nobody of the base has a weight in them) are left out, as in R.
fn variance(values: &[f64], factors: &[f64]) -> f64 {
    let known = || values.iter().zip(factors).filter(|(value, factor)| value.is_finite() && **factor > 0.0);
    let mean = known().map(|(value, _)| value).sum::<f64>() / known().count() as f64;
    known().map(|(value, factor)| factor * (value - mean) * (value - mean)).sum()
}
