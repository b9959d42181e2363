//! What can be typed to `convert`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::Source;

pub const CONVERT_EXAMPLES: &str = "\
Examples:
  For SPSS, with labels, missing values and sets of multiple answers:
    renkei convert --schema survey.toml data.csv --out data.sav
  For a Japanese Excel, with labels instead of codes:
    renkei convert --schema survey.toml data.sav --labels --out-encoding cp932 --out data.csv
  A workbook of data and codebook, with derived variables and the weights of targets:
    renkei convert --schema survey.toml data.csv --derived --targets targets.toml --out data.xlsx
  For Triple-S: data.sss, and data.csv beside it:
    renkei convert --schema survey.toml data.csv --out data.sss";

#[derive(Debug, Args)]
pub struct Convert {
    #[command(flatten)]
    pub source: Source,
    /// Weight to these targets, as `renkei weight` does, from the weights otherwise used.
    #[arg(long, value_name = "FILE", conflicts_with = "weights")]
    pub targets: Option<PathBuf>,
    /// Write to this file; its name says the format: .csv, .xlsx, .sav, .zsav, .parquet, .sss or .json.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Format, where the name does not say it.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<DataFormat>,
    /// Derived questions too.
    #[arg(long)]
    pub derived: bool,
    /// The words of text questions, and not only who wrote some: read them before you hand them on.
    #[arg(long)]
    pub texts: bool,
    /// Labels instead of codes, in CSV and xlsx.
    #[arg(long)]
    pub labels: bool,
    /// Encoding of a CSV: utf-8 (with the mark that Excel wants) or cp932.
    #[arg(long, value_name = "NAME", default_value = "utf-8")]
    pub out_encoding: OutEncoding,
    /// Put 〓 where CP932 has no character, instead of refusing.
    #[arg(long)]
    pub substitute: bool,
}

/// The formats of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DataFormat {
    /// CSV that Excel opens right
    Csv,
    /// A workbook of data and codebook
    Xlsx,
    /// SPSS
    Sav,
    /// SPSS, packed
    Zsav,
    /// Parquet
    Parquet,
    /// Triple-S: a definition in XML, and its data as CSV
    TripleS,
    /// For programs
    Json,
}

/// Encodings of a CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutEncoding {
    /// UTF-8 with its mark
    #[value(name = "utf-8")]
    Utf8,
    /// What old Japanese programs read
    Cp932,
}
