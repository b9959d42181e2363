//! What can be typed to `feasible`, `verify` and `say`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::LanguageChoice;
use crate::figures::Printed;

pub const FEASIBLE_EXAMPLES: &str = "\
Examples:
  Which counts of 604 print so, as parts of one question:
    renkei feasible 74.3 11.9 5.3 3.1 --n 604
  Can these stand on 75, or on one respondent less:
    renkei feasible 26 24 22 --n 74,75
  How many were sent, when 75 came back and the rate is 97.4:
    renkei feasible 97.4 --count 75";

#[derive(Debug, Args)]
pub struct Feasible {
    /// Percentages over one base, as printed: `48.0` is not `48`.
    #[arg(required = true, value_name = "PERCENT", value_parser = percent)]
    pub percents: Vec<Printed>,
    /// Bases to look at: `604`, `74,75` or `1..300`.
    #[arg(long, value_name = "BASES", value_delimiter = ',', value_parser = super::feasible::bases,
        required_unless_present = "count")]
    pub n: Vec<super::feasible::Bases>,
    /// The count behind each percentage, where it is known.
    #[arg(long, value_name = "COUNTS", value_delimiter = ',')]
    pub count: Vec<u64>,
    /// How the percentages were rounded.
    #[arg(long, value_name = "RULE", default_value = "half-up")]
    pub rule: RuleChoice,
    /// The percentages are all parts of one whole: their counts add up to the base.
    #[arg(long)]
    pub parts: bool,
    /// Output format; default: by the name of --out, else text.
    #[arg(long, value_name = "FORMAT", value_parser = report_format_without_markdown())]
    pub format: Option<ReportFormat>,
    /// Language of the words.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,
    /// Write to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A percentage as printed.
fn percent(typed: &str) -> Result<Printed, String> {
    Printed::read(typed)
        .filter(|printed| (0..=100 * 10_i128.pow(printed.decimals)).contains(&printed.units))
        .ok_or("expected a percentage from 0 to 100 as printed, such as `74.3`".to_string())
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RuleChoice {
    /// 四捨五入
    HalfUp,
    /// Half to the even digit
    HalfEven,
    /// 切り捨て
    Truncate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a person
    Text,
    /// For programs
    Json,
    /// Markdown
    Md,
}

/// Text and JSON.
fn report_format_without_markdown() -> impl clap::builder::TypedValueParser<Value = ReportFormat> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(["text", "json"]).map(|name| match name.as_str() {
        "json" => ReportFormat::Json,
        _ => ReportFormat::Text,
    })
}
