//! What can be typed to `weight`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{LanguageChoice, ReadingArguments, SchemaArguments};

pub const WEIGHT_EXAMPLES: &str = "\
Examples:
  Weights to a file, what they reach to the terminal:
    renkei weight --schema survey.toml data.csv --targets targets.toml --out weights.csv
  The report as Markdown; then the tables, weighted:
    renkei weight --schema survey.toml data.csv --targets targets.toml --out weights.csv --report weights.md
    renkei tab --schema survey.toml data.csv --weights weights.csv
  The same tables without a file in between:
    renkei tab --schema survey.toml data.csv --targets targets.toml

A file of targets names questions, and for each category a share (they add up to 1 or 100, and weights to
the number of respondents) or a total (weights add up to it):
    [weight]
    method = \"rake\"                     # or \"cell\", for one target
    bounds = [0.3, 3]                   # weight / base weight; { absolute = [0.3, 3] }: weights themselves
    # trim = { to = [0.3, 3], how = \"spread\" }  # R's trimWeights; \"rerake\": cut and rake in turn
    # total = 6900                       # what weights add up to, beside shares; default: the respondents
    # tolerance = 1e-9; iterations = 1000; share_tolerance = 0.001 (points from 100)

    [[target]]
    question = \"sex\"
    shares = { 1 = 48.6, 2 = 51.4 }     # by code or label
    missing = \"own\"                     # the missing keep their share; default: an error

    [[target]]
    questions = [\"region\", \"age\"]       # cells
    shares = { \"1>1\" = 21.5, \"1>2\" = 30.2, \"2>1\" = 19.1, \"2>2\" = 29.2 }

    [[target]]
    question = \"q3\"                     # a multi question: any of a net or of some options, or none
    net = [1, 4]
    shares = { any = 45.2, none = 54.8 }

    [[target]]
    question = \"beds\"                   # a number, which everybody must have given: its mean, or its total
    mean = 74.2                         # `total = 512000` takes totals of another target, or `total = …` (of
                                        # how many) under [weight]";

#[derive(Debug, Args)]
pub struct Weight {
    /// The data: a CSV file in UTF-8, CP932 or UTF-16; `-` reads standard input. Several files are one survey's; a
    /// list of sources (`.toml`) says how each differs.
    #[arg(required = true, value_name = "DATA")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    /// What weights shall reach, in TOML.
    #[arg(long, value_name = "FILE")]
    pub targets: PathBuf,
    /// Base weights from this column instead of the schema's.
    #[arg(long, value_name = "COLUMN", group = "weighting")]
    pub weight: Option<String>,
    /// Base weights of one, whatever the schema says.
    #[arg(long, group = "weighting")]
    pub no_weight: bool,

    /// Write keys and weights to this file; default: to the terminal, and the report beside them.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the report to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Format of the report; default: by the name of --report, else text.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<WeightReportFormat>,
    /// Language of the report.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,
    /// Columns of text output; default: the terminal's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WeightReportFormat {
    /// Aligned text
    Text,
    /// CSV that Excel opens right
    Csv,
    /// Markdown
    Md,
    /// For programs, full precision
    Json,
}
