//! Standard errors, design effects and intervals of a table's estimates.
//!
//! Shares and their errors are in percent. Formulas and where each comes from: `docs/design.md`.

use super::spread::{Estimated, Reached, Spread};
use super::table::{RowRole, Shown, Table, Tally};
use crate::design::About;
use crate::stats::{Distribution, beta_quantile, normal_quantile, t_quantile};

/// How the interval of a share is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Symmetric in log-odds.
    Logit,
    /// Wilson's, on the effective number of respondents.
    Wilson,
    /// Korn and Graubard's: beta, on the effective number of respondents.
    Beta,
    /// Symmetric in percent.
    Mean,
    /// ±2√((N−n)/(N−1)·P(100−P)/n), as Japanese reports print it.
    SamplingError,
}

impl IntervalMethod {
    /// Every method by its names; `xlogit` is `logit` under the name it has in R.
    pub const ALL: [(&'static str, IntervalMethod); 6] = [
        ("logit", IntervalMethod::Logit),
        ("wilson", IntervalMethod::Wilson),
        ("beta", IntervalMethod::Beta),
        ("xlogit", IntervalMethod::Logit),
        ("mean", IntervalMethod::Mean),
        ("sampling-error", IntervalMethod::SamplingError),
    ];
}

/// Which intervals are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// How often they hold, in hundredths of a percent.
    pub confidence: u32,
    /// Of shares; `None`: logit, and Wilson's where nothing is known of the sample.
    pub method: Option<IntervalMethod>,
    /// How many the sample is of, for the formula of sampling errors.
    pub population: Option<u64>,
}

impl Default for Level {
    fn default() -> Level {
        Level { confidence: 9500, method: None, population: None }
    }
}

impl Level {
    /// The probability below the upper end.
    fn upper(self) -> f64 {
        0.5 + f64::from(self.confidence) / 20_000.0
    }

    /// The method of shares, in a table of such a sample.
    pub fn method(self, spread: &Spread) -> IntervalMethod {
        self.method.unwrap_or(match spread.about {
            About::Undeclared => IntervalMethod::Wilson,
            About::Weights | About::Stages | About::Replicates => IntervalMethod::Logit,
        })
    }
}

/// An interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end; `None`: below what the sample can tell.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// The method that it was made by, for shares.
    pub method: IntervalMethod,
}

impl Table {
    /// The variance of the row's estimate: of a share as a part of 1, of a mean or a ratio as it is.
    pub fn estimated(&self, row: usize, column: usize) -> Shown<Estimated> {
        self.spreads(row, column).and_then(|spreads| match self.stub[row].role {
            RowRole::Option | RowRole::Missing | RowRole::Net => spreads.share,
            RowRole::Score | RowRole::Number | RowRole::Ratio => spreads.mean,
        })
    }

    /// How many a ratio row is for; 1 for others.
    fn per(&self, row: usize) -> f64 {
        self.stub[row].per.map_or(1.0, f64::from)
    }

    /// Degrees of freedom of the row's estimate.
    pub fn degrees_of_freedom(&self, row: usize, column: usize) -> Shown<f64> {
        self.estimated(row, column).and_then(|estimated| Some(estimated.df))
    }

    /// Standard error of a percentage, in points.
    pub fn share_error(&self, row: usize, column: usize) -> Shown<f64> {
        self.spreads(row, column).and_then(|spreads| error(spreads.share?, 100.0))
    }

    /// Standard error of a mean, of a rank question's points, or of a ratio.
    pub fn mean_error(&self, row: usize, column: usize) -> Shown<f64> {
        self.spreads(row, column).and_then(|spreads| error(spreads.mean?, self.per(row)))
    }

    /// Standard error of a total, or of a weighted count.
    pub fn total_error(&self, row: usize, column: usize) -> Shown<f64> {
        self.spreads(row, column).and_then(|spreads| error(spreads.total?, 1.0))
    }

    /// The variance over that of a simple random sample of as many respondents, drawn with replacement; of
    /// a share or a mean.
    pub fn design_effect(&self, row: usize, column: usize) -> Shown<f64> {
        self.estimated(row, column).and_then(|estimated| {
            let n = estimated.n as f64;
            let simple = match self.stub[row].role {
                RowRole::Ratio => return None,
                RowRole::Score | RowRole::Number => self.standard_deviation(row, column).value()?.powi(2) / n,
                _ => {
                    let p = self.share(row, column)?;
                    p * (1.0 - p) / (n - 1.0)
                }
            };
            Some(estimated.variance / simple).filter(|effect| effect.is_finite())
        })
    }

    fn share(&self, row: usize, column: usize) -> Option<f64> {
        Some(self.column_percent(row, column).value()?.to_f64() / 100.0)
    }

    /// The interval of a percentage.
    pub fn share_interval(&self, row: usize, column: usize, level: Level) -> Shown<Interval> {
        let spread = self.spread();
        self.spreads(row, column).and_then(|spreads| {
            let (spread, estimated) = (spread?, spreads.share?);
            let p = self.share(row, column)?;
            let base = self.base(row, column);
            let found = of_share(p, estimated, base, spread.about, level.method(spread), level)?;
            Some(Interval { low: found.low.map(|p| 100.0 * p), high: found.high.map(|p| 100.0 * p), ..found })
        })
    }

    /// The interval of a mean or of a ratio, by Student's t.
    pub fn mean_interval(&self, row: usize, column: usize, level: Level) -> Shown<Interval> {
        self.spreads(row, column).and_then(|spreads| {
            let estimated = spreads.mean?;
            let mean = match self.stub[row].role {
                RowRole::Ratio => self.ratio(row, column),
                _ => self.mean(row, column),
            };
            let half = t_quantile(level.upper(), estimated.df)? * error(estimated, self.per(row))?;
            let mean = mean.value()?.to_f64();
            Some(symmetric(mean, half))
        })
    }

    /// The interval of a total or of a weighted count, by Student's t.
    pub fn total_interval(&self, row: usize, column: usize, level: Level) -> Shown<Interval> {
        self.spreads(row, column).and_then(|spreads| {
            let estimated = spreads.total?;
            let half = t_quantile(level.upper(), estimated.df)? * error(estimated, 1.0)?;
            let total = match self.stub[row].role {
                RowRole::Ratio => return None,
                RowRole::Score | RowRole::Number => self.total(row, column).value()?,
                _ => self.weight_sum(self.cell(row, column).value()?.w),
            };
            Some(symmetric(total.to_f64(), half))
        })
    }

    /// The interval of a quartile (1 to 3), by Woodruff: the quantiles at the ends of the interval of the
    /// share at or below it. An end beyond 0 or 100 % is not known.
    pub fn quartile_interval(
        &self,
        row: usize,
        column: usize,
        quartile: usize,
        level: Level,
    ) -> Shown<Interval> {
        let unit = 10_f64.powi(self.number_decimals as i32);
        self.spreads(row, column).with(self.numbers(row, column)).and_then(|(spreads, values)| {
            let (share, estimated): Reached = spreads.quartiles[quartile - 1]?;
            let half = t_quantile(level.upper(), estimated.df)? * error(estimated, 1.0)?;
            let end = |share: f64| Some(quantile_at(&values, share)? / unit);
            Some(Interval {
                low: Some(share - half).filter(|share| *share >= 0.0).and_then(end),
                high: Some(share + half).filter(|share| *share <= 1.0).and_then(end),
                method: IntervalMethod::Mean,
            })
        })
    }
}

fn error(estimated: Estimated, unit: f64) -> Option<f64> {
    Some(estimated.variance.sqrt() * unit).filter(|error| error.is_finite())
}

fn symmetric(middle: f64, half: f64) -> Interval {
    Interval { low: Some(middle - half), high: Some(middle + half), method: IntervalMethod::Mean }
}

/// The interval of a share as a part of 1.
fn of_share(
    p: f64,
    estimated: Estimated,
    base: Tally,
    about: About,
    method: IntervalMethod,
    level: Level,
) -> Option<Interval> {
    let (variance, df) = (estimated.variance, estimated.df);
    if !variance.is_finite() {
        return None;
    }
    let t = t_quantile(level.upper(), df);
    let extreme = p <= 0.0 || p >= 1.0;
    let between = |low: f64, high: f64, method| Interval { low: Some(low), high: Some(high), method };
    Some(match method {
        IntervalMethod::Mean => symmetric(p, t? * variance.sqrt()),
        IntervalMethod::SamplingError => {
            let half = sampling_error(p, base.n, level.population, 1.0)?;
            between(p - half, p + half, method)
        }
        // Nothing is known of the sample: the textbook's, on n and the normal distribution.
        IntervalMethod::Wilson if about == About::Undeclared => {
            let (low, high) = wilson(p, base.n as f64, normal_quantile(level.upper())?);
            between(low, high, method)
        }
        IntervalMethod::Beta => beta(p, estimated, base, level)?,
        _ if extreme => beta(p, estimated, base, level)?,
        _ if variance == 0.0 => between(p, p, method),
        IntervalMethod::Wilson => {
            let (low, high) = wilson(p, p * (1.0 - p) / variance, t?);
            between(low, high, method)
        }
        IntervalMethod::Logit => {
            let (odds, half) = ((p / (1.0 - p)).ln(), t? * variance.sqrt() / (p * (1.0 - p)));
            let back = |odds: f64| 1.0 / (1.0 + (-odds).exp());
            between(back(odds - half), back(odds + half), method)
        }
    })
}

fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let square = z * z / n;
    let half = z * (p * (1.0 - p) / n + square / (4.0 * n)).sqrt();
    let ends = [-half, half].map(|half| (p + square / 2.0 + half) / (1.0 + square));
    (ends[0].max(0.0), ends[1].min(1.0))
}

/// Korn and Graubard's. Where nobody or everybody gave the answer the sample tells no effective number, and
/// Kish's stands for it.
fn beta(p: f64, estimated: Estimated, base: Tally, level: Level) -> Option<Interval> {
    let extreme = p <= 0.0 || p >= 1.0;
    let method = IntervalMethod::Beta;
    if !extreme && estimated.variance == 0.0 {
        return Some(Interval { low: Some(p), high: Some(p), method });
    }
    let effective = match extreme {
        true => base.effective()?.to_f64(),
        false => p * (1.0 - p) / estimated.variance,
    };
    let narrower = match base.n {
        0 => return None,
        // A single respondent has no degrees of freedom to compare with.
        1 => 1.0,
        n => t_quantile(level.upper(), (n - 1) as f64)? / t_quantile(level.upper(), estimated.df)?,
    };
    let n = effective * narrower * narrower;
    let (upper, lower) = (level.upper(), 1.0 - level.upper());
    let low = if p <= 0.0 { 0.0 } else { beta_quantile(lower, n * p, n * (1.0 - p) + 1.0)? };
    let high = if p >= 1.0 { 1.0 } else { beta_quantile(upper, n * p + 1.0, n * (1.0 - p))? };
    Some(Interval { low: Some(low), high: Some(high), method })
}

/// 標本誤差: ±2√(k·(N−n)/(N−1)·p(1−p)/n) of a share; k is 1, or 2 for samples in two stages. Without N the
/// population is taken to be large.
pub fn sampling_error(p: f64, n: u64, population: Option<u64>, stages: f64) -> Option<f64> {
    let left = match population {
        Some(population) if population < n || population < 2 => return None,
        Some(population) => (population - n) as f64 / (population - 1) as f64,
        None => 1.0,
    };
    (n > 0).then(|| 2.0 * (stages * left * p * (1.0 - p) / n as f64).sqrt())
}

/// The quantile at any share, in scaled units; R's `hf2`.
fn quantile_at(values: &Distribution, share: f64) -> Option<f64> {
    let target = share * values.w() as f64;
    let mut reached = 0_i128;
    let mut weighted = values.entries().iter().filter(|entry| entry.w > 0).peekable();
    while let Some(entry) = weighted.next() {
        reached += entry.w;
        if reached as f64 > target {
            return Some(entry.value as f64);
        }
        if reached as f64 == target {
            let next = weighted.peek().map_or(entry.value, |next| next.value);
            return Some((entry.value as f64 + next as f64) / 2.0);
        }
    }
    None
}
