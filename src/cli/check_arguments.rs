//! What can be typed to `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{LanguageChoice, ReadingArguments, SchemaArguments};

pub const CHECK_EXAMPLES: &str = "\
Examples:
  Everything that is wrong with a file, in the terminal:
    renkei check --schema survey.toml data.csv
  One line for each finding, for Excel; one file for each prefecture, to send back:
    renkei check --schema survey.toml data.csv --out findings.csv
    renkei check --schema survey.toml data.csv --by pref --out findings
  Who did not reply, from a list of the keys of those who were asked:
    renkei check --schema survey.toml data.csv --asked sent.csv
  Two questions only, with everybody who left them blank:
    renkei check --schema survey.toml data.csv --question q1,q2 --blanks --all

Errors are what other commands refuse, two records of one respondent, and options that `limited_to` does not
allow; they make the exit code 1. How bad the rest is, and from where on, the schema says:
    [survey.check]
    exclusive = \"error\"             # off, note, warning or error; so are limited_to, not_asked, blank,
    straight_lining = \"off\"         # identical, speeding, suspicious_number, out_of_order, absent
    straight_lining_rows = 6        # rows that a grid has at least (4)
    identical_questions = 8         # questions answered at least; without it five, and more than chance makes alike
    order = [[\"sent\", \"received\"]]  # dates or numbers: none before the one in front of it
    suspicious_distance = 20        # interquartile ranges from the median (10)
    duration = \"seconds\"            # column of how long a respondent took
    fastest = 90                    # seconds (60)";

#[derive(Debug, Args)]
pub struct Check {
    /// The data: a CSV file in UTF-8, CP932 or UTF-16; `-` reads standard input. Several files are one survey's; a
    /// list of sources (`.toml`) says how each differs.
    #[arg(required = true, value_name = "DATA")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    /// Only findings of these questions (a grid stands for its rows), and of keys and records.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub question: Vec<String>,
    /// List everybody who left a question blank, not only how many did.
    #[arg(long)]
    pub blanks: bool,
    /// List who did not reply of those who were asked: a file with a column of their keys, and with --by one of their
    /// groups, which has the question's name.
    #[arg(long, value_name = "FILE")]
    pub asked: Option<PathBuf>,
    /// Warnings make the exit code 1, too.
    #[arg(long)]
    pub strict: bool,
    /// Findings to list; default: 100 as text and Markdown, all as CSV, JSON and a page.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// List all findings.
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// One file for each group of this question, called by its code, in the folder --out.
    #[arg(long, value_name = "QUESTION", requires = "out")]
    pub by: Option<String>,
    /// Language of the words.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,
    /// Output format; default: by the name of --out, else text; CSV with --by.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<CheckFormat>,
    /// Write to this file instead of the terminal; with --by to this folder, which must be new or empty.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Columns of text output; default: the terminal's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Aligned text: a summary, then the findings
    Text,
    /// CSV that Excel opens right: one line for each finding
    Csv,
    /// For programs
    Json,
    /// Markdown
    Md,
    /// A page for a browser: no script, nothing from the network
    Html,
}
