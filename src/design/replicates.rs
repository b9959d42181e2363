//! Replicate weights, as R's `svrepdesign` understands them.

use super::rank::rank;
use crate::frame::{Dataset, DesignColumns};
use crate::schema::{ReplicateKind, Replicates as Declared};

/// Replicate weights.
#[derive(Debug, Clone)]
pub struct Replicates {
    /// How many there are.
    pub count: usize,
    /// Respondent by respondent in file order, in the unit of the dataset's weights.
    pub weights: Vec<f64>,
    /// Factor of each replicate's square.
    pub factors: Vec<f64>,
    /// Degrees of freedom: their rank less one.
    pub df: f64,
    /// How they were made, as the schema says it.
    pub kind: &'static str,
    /// Squares are around the estimate itself, not around the replicates' mean: R's `mse = TRUE`.
    pub around_estimate: bool,
}

impl Replicates {
    /// The replicate weights of a dataset.
    pub(super) fn of(declared: &Declared, columns: &DesignColumns, dataset: &Dataset) -> Replicates {
        let count = columns.replicates.len();
        let respondents = columns.replicates.first().map_or(0, Vec::len);
        let unit = 10_f64.powi(dataset.weight_decimals as i32);
        let mut weights = Vec::with_capacity(count * respondents);
        let full = dataset.blocks.iter().flat_map(|block| {
            (0..block.len).map(|row| block.weights.as_ref().map_or(1.0, |weights| weights[row] as f64))
        });
        for (respondent, full) in full.enumerate().take(respondents) {
            // Factors are of a weight in its unit; combined ones are in ones.
            let by = if declared.combined { unit } else { full };
            weights.extend(columns.replicates.iter().map(|replicate| replicate[respondent] * by));
        }
        let replicates = count as f64;
        let (kind, scale) = match declared.kind {
            ReplicateKind::Jackknife => ("JK1", (replicates - 1.0) / replicates),
            ReplicateKind::StratifiedJackknife => ("JKn", 1.0),
            ReplicateKind::Balanced => ("BRR", 1.0 / replicates),
            ReplicateKind::Fay(rho) => ("Fay", 1.0 / (replicates * (1.0 - rho) * (1.0 - rho))),
            ReplicateKind::Bootstrap => ("bootstrap", 1.0 / (replicates - 1.0)),
        };
        let scale = declared.scale.unwrap_or(scale);
        let factors = match declared.rscales.as_slice() {
            [] => vec![scale; count],
            [one] => vec![scale * one; count],
            each => each.iter().map(|factor| scale * factor).collect(),
        };
        let df = rank(&weights, count) as f64 - 1.0;
        Replicates { count, weights, factors, df, kind, around_estimate: declared.mse }
    }
    /// The variance of an estimate, from its values under the replicates and under the weight itself.
    ///
    /// Replicates without an estimate (nobody of the base has a weight in them) are left out, as in R.
    pub fn variance(&self, values: &[f64], whole: f64) -> f64 {
        self.covariance([values, values], [whole, whole])
    }

    /// The covariance of two estimates.
    pub fn covariance(&self, values: [&[f64]; 2], whole: [f64; 2]) -> f64 {
        let pairs = values[0].iter().zip(values[1]).zip(&self.factors);
        let known = || {
            pairs
                .clone()
                .filter(|((one, other), factor)| one.is_finite() && other.is_finite() && **factor > 0.0)
        };
        let middle = match self.around_estimate {
            true => whole,
            false => {
                let count = known().count() as f64;
                let sums =
                    known().fold([0.0, 0.0], |sums, ((one, other), _)| [sums[0] + one, sums[1] + other]);
                sums.map(|sum| sum / count)
            }
        };
        known().map(|((one, other), factor)| factor * (one - middle[0]) * (other - middle[1])).sum()
    }
}
