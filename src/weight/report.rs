//! What weights reach: target against achieved, and how unequal the weights are.

use super::targets::{Method, NumberOf, TrimBy};

/// Target against achieved, and the weights as a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How targets were to be reached.
    pub method: Method,
    /// Respondents who have a weight.
    pub respondents: u64,
    /// Respondents whose base weight is zero; they keep it and are in no other number here.
    pub zero: u64,
    /// What the weights add up to by the targets.
    pub total: f64,
    /// Whether that is a population's total, not the number of respondents.
    pub expanded: bool,
    /// The name of the base weight, where there is one.
    pub base: Option<String>,
    /// The margins, as written.
    pub margins: Vec<MarginReport>,
    /// The numbers, as written.
    pub numbers: Vec<NumberReport>,
    /// Passes over the margins, or steps of Newton's method; `None` where it did not come to that.
    pub iterations: Option<u32>,
    /// How far the worst category or number is from its target, as a part of it, before weights were cut.
    pub worst: Option<f64>,
    /// Respondents at the lowest and at the highest weight that limits allow; `None` without limits.
    pub at_limits: Option<(u64, u64)>,
    /// How weights were cut, how many were, and how many are outside the limits in the end.
    pub trimmed: Option<(TrimBy, u64, u64)>,
    /// The weights; `None` where there are none.
    pub weights: Option<Spread>,
}

/// One margin.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginReport {
    /// Ids, crossed with `>`.
    pub id: String,
    /// What it is of, in words.
    pub heading: String,
    /// Its categories: those with a target and those with respondents.
    pub rows: Vec<RowReport>,
}

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberReport {
    /// The question's id.
    pub id: String,
    /// What it is of, in words.
    pub heading: String,
    /// What the target is of.
    pub of: NumberOf,
    /// Respondents who gave it.
    pub respondents: u64,
    /// Their mean, without weights; `None` of nobody.
    pub sample: Option<f64>,
    /// What the weighted total shall be.
    pub target: f64,
    /// What it is; `None` where there are no weights.
    pub achieved: Option<f64>,
}

/// One category of a margin.
#[derive(Debug, Clone, PartialEq)]
pub struct RowReport {
    /// The code, or the codes of a cell.
    pub code: String,
    /// The label.
    pub label: RowLabel,
    /// Respondents.
    pub respondents: u64,
    /// What their weights shall add up to; `None` where the target says nothing.
    pub target: Option<f64>,
    /// What they add up to; `None` where there are no weights.
    pub achieved: Option<f64>,
}

/// What a category is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowLabel {
    /// Labels of the questionnaire.
    Words(String),
    /// None of a net's options.
    NoneOf,
    /// 無回答
    Missing,
    /// 非該当
    NotAsked,
}

/// The weights as a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Their sum.
    pub sum: f64,
    /// The smallest.
    pub smallest: f64,
    /// The largest.
    pub largest: f64,
    /// Quantiles (R's type 2) at these parts.
    pub quantiles: Vec<(f64, f64)>,
    /// Kish's effective base, (Σw)²/Σw².
    pub effective: f64,
    /// Respondents.
    pub respondents: u64,
    /// How many weights are between which limits.
    pub histogram: Vec<Bin>,
}

/// Weights from one limit to below another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// From here.
    pub from: f64,
    /// To below here.
    pub to: f64,
    /// So many.
    pub respondents: u64,
}

/// The parts at which quantiles are told.
const QUANTILES: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
/// Bins of a histogram at most.
const MOST_BINS: f64 = 12.0;

impl Spread {
    /// Of weights above zero.
    pub(super) fn of(mut weights: Vec<f64>) -> Option<Spread> {
        // In order, so that sums do not depend on the order of respondents.
        weights.sort_unstable_by(f64::total_cmp);
        let (&smallest, &largest) = (weights.first()?, weights.last()?);
        let sum: f64 = weights.iter().sum();
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        let count = weights.len();
        let quantile = |part: f64| {
            // The parts are hundredths, so the place is computed in integers.
            let hundredths = (part * 100.0).round() as usize * count;
            let at = hundredths.div_ceil(100).clamp(1, count);
            let low = weights[at - 1];
            if hundredths == at * 100 && at < count { f64::midpoint(low, weights[at]) } else { low }
        };
        Some(Spread {
            sum,
            smallest,
            largest,
            quantiles: QUANTILES.iter().map(|&part| (part, quantile(part))).collect(),
            effective: sum * sum / squares,
            respondents: count as u64,
            histogram: histogram(&weights),
        })
    }

    /// Kish's design effect, n·Σw²/(Σw)².
    pub fn design_effect(&self) -> f64 {
        self.respondents as f64 / self.effective
    }

    /// Weighting efficiency, the effective base as a part of the respondents.
    pub fn efficiency(&self) -> f64 {
        self.effective / self.respondents as f64
    }
}

/// Bins of a width that people read, over weights in order.
fn histogram(weights: &[f64]) -> Vec<Bin> {
    let (smallest, largest) = (weights[0], weights[weights.len() - 1]);
    // Weights that differ by no printed digit are one bar.
    let range = (largest - smallest).max(largest * 1e-6);
    let power = 10_f64.powf((range / MOST_BINS).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
    let step = step.into_iter().find(|step| range / step <= MOST_BINS - 1.0).unwrap_or(10.0 * power);
    let first = (smallest / step).floor();
    let mut bins = Vec::new();
    let mut before = 0;
    let mut place = 0.0;
    while before < weights.len() {
        let (from, to) = ((first + place) * step, (first + place + 1.0) * step);
        let until = weights.partition_point(|weight| *weight < to);
        bins.push(Bin { from, to, respondents: (until - before) as u64 });
        before = until;
        place += 1.0;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_type_2_and_efficiency_is_kish() {
        let spread = Spread::of(vec![1.0, 2.0, 3.0, 10.0]).unwrap();
        let at = |part: f64| spread.quantiles.iter().find(|(own, _)| *own == part).unwrap().1;
        assert_eq!((at(0.25), at(0.5), at(0.75), at(0.99)), (1.5, 2.5, 6.5, 10.0));
        assert!((spread.effective - 256.0 / 114.0).abs() < 1e-12);
        assert!((spread.efficiency() * spread.design_effect() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_histogram_has_every_weight_in_few_bins() {
        for weights in [vec![1.0], vec![0.2, 0.2, 5.1], vec![1_000.0, 1_000.1], vec![0.0, 1e-9]] {
            let bins = histogram(&weights);
            assert!(bins.len() <= 12, "{bins:?}");
            assert_eq!(bins.iter().map(|bin| bin.respondents).sum::<u64>(), weights.len() as u64);
        }
    }
}
