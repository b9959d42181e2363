//! What can be typed about standard errors and intervals.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::sheets::SheetArguments;
use crate::diag::{Diagnostic, Failure};
use crate::schema::{Design, Sampling, Survey};
use crate::tabulate::{IntervalMethod, Level};

/// Intervals of tables.
#[derive(Debug, Clone, Args)]
pub struct IntervalArguments {
    /// Show intervals (信頼区間) under the sampling design; auto: logit, and Wilson's where nothing is known of
    /// the sample.
    #[arg(long, value_name = "METHOD", value_parser = methods())]
    pub interval: Option<String>,
    /// How often intervals hold, in percent.
    #[arg(long, value_name = "PERCENT", default_value = "95", value_parser = confidence)]
    pub confidence: u32,
    /// How many the sample is of, for `--interval sampling-error`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..))]
    pub population: Option<u64>,
}

fn methods() -> PossibleValuesParser {
    PossibleValuesParser::new(std::iter::once("auto").chain(IntervalMethod::ALL.map(|(name, _)| name)))
}

/// A confidence in percent, as hundredths.
fn confidence(typed: &str) -> Result<u32, String> {
    let hundredths = typed.trim().parse::<f64>().map_or(0.0, |percent| percent * 100.0);
    let whole = hundredths.round();
    match (hundredths - whole).abs() < 1e-6 && (5000.0..10_000.0).contains(&whole) {
        true => Ok(whole as u32),
        false => Err("expected a percentage from 50 to less than 100, such as `95`".to_string()),
    }
}

/// What is wanted of a run's variances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of intervals.
    pub level: Level,
    /// Whether there are variances: a census has them only where a method or a measure is named.
    pub spread: bool,
    /// Those of weighted counts too.
    pub totals: bool,
}

impl IntervalArguments {
    /// What is wanted, with measures asked for by name of which these are of variances.
    pub fn wanted(&self, measures: &[&str], survey: &Survey) -> Option<Wanted> {
        if self.interval.is_none() && measures.is_empty() {
            return None;
        }
        let typed = self.interval.as_deref();
        let method =
            IntervalMethod::ALL.iter().find(|(name, _)| Some(*name) == typed).map(|(_, method)| *method);
        let level = Level { confidence: self.confidence, method, population: self.population };
        let census = survey.sampling == Some(Sampling::Census);
        let named = method.is_some() || !measures.is_empty();
        Some(Wanted {
            level,
            spread: named || !census,
            totals: measures.iter().any(|name| name.starts_with("total_")),
        })
    }
}

/// Replicate weights that hold the weight belong to it and to no other.
pub fn check_replicates(survey: &Survey, other_weight: bool) -> Result<(), Failure> {
    match &survey.design {
        Some(Design::Replicates(replicates)) if replicates.combined && other_weight => {
            let message = "the replicate weights of the schema hold its weight, and another one is asked for";
            let hint = "leave `--weight`, `--weights`, `--no-weight` and `--targets` out, or give the replicates as factors (`combined = false`)";
            Err(Failure::Refused(vec![Diagnostic::error(message).hint(hint)]))
        }
        _ => Ok(()),
    }
}

pub const SAMPLING_ERROR_EXAMPLES: &str = "\
Examples:
  標本誤差早見表 of a sample of 1,000 and of its halves:
    renkei sampling-error --n 1000,500
  Of a sample in two stages from 12,000 households:
    renkei sampling-error --n 1000 --population 12000 --two-stage --out error.csv";

#[derive(Debug, Args)]
pub struct SamplingErrorArguments {
    /// Bases: numbers of respondents.
    #[arg(long, value_name = "LIST", required = true, value_delimiter = ',', value_parser = clap::value_parser!(u64).range(1..))]
    pub n: Vec<u64>,
    /// How many the sample is of; default: very many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..))]
    pub population: Option<u64>,
    /// The formula for samples drawn in two stages: the variance is twice as large.
    #[arg(long)]
    pub two_stage: bool,
    /// Decimal places.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=6))]
    pub decimals: u32,
    #[command(flatten)]
    pub shown: SheetArguments,
}
