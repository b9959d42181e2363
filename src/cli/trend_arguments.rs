//! What can be typed after `renkei trend`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::arguments::{
    DifferenceChoice, Format, LanguageChoice, Levels, NoAnswerChoice, ReadingArguments, levels, names,
};
use crate::significance::{Correction, Preset};

pub const TREND_EXAMPLES: &str = "\
Examples:
  Two waves, each read by its own questionnaire (`[[wave]]` of the schema), and tests of change:
    renkei trend --schema survey.toml --wave r1=r1.csv --wave r3=r3.csv --rows q1,q2
  The same respondents asked twice:
    renkei trend --schema survey.toml --wave r1=r1.csv --wave r3=r3.csv --rows q1 --panel
  After an earlier wave of which only percentages were published:
    renkei trend --schema survey.toml --reference h28.toml --wave r1=r1.csv --wave r3=r3.csv --rows q1
  One question as a chart, bars of each wave:
    renkei trend --schema survey.toml --wave r1=r1.csv --wave r3=r3.csv --rows q1 --out q1.svg
  Each wave weighted to the population of its year:
    renkei trend --schema survey.toml --wave r1=r1.csv --wave r3=r3.csv --rows q1 --targets r1=t1.toml --targets r3=t3.toml
  One file in which a question tells the wave:
    renkei trend --schema survey.toml all.csv --by year --rows q1

A file of published percentages:
  [[reference]]
  id = \"h28\"
  label = \"平成28年度\"
  source = \"who published it\"
  question = \"q1\"
  base = 1717
  values = { 1 = \"72.8\", 2 = \"-\", easy = \"80.1\" }   # codes of options, ids of nets; `-`: not published";

#[derive(Debug, Args)]
pub struct Trend {
    /// One file of several waves, which `--by` tells apart: CSV in UTF-8, CP932 or UTF-16.
    #[arg(required_unless_present = "waves", requires = "by", conflicts_with = "waves")]
    pub data: Option<PathBuf>,
    /// The questionnaire, in TOML.
    #[arg(long, value_name = "FILE")]
    pub schema: PathBuf,
    /// A file of your own `[[derive]]`, `[[net]]` and `[[banner]]`, added to the schema (may be repeated).
    #[arg(long = "with", value_name = "FILE")]
    pub overlays: Vec<PathBuf>,
    /// A wave and its file, in order of time; the schema's `[[wave]]` of this id says how it is read, any other
    /// id is a wave of today's questionnaire.
    #[arg(long = "wave", value_name = "WAVE=FILE", value_parser = wave_file)]
    pub waves: Vec<WaveFile>,
    /// Corrections of a wave's data, CSV or TOML: respondent, question, old, new, reason (may be repeated); of one
    /// file of several waves without `WAVE=`.
    #[arg(long, value_name = "[WAVE=]FILE", value_parser = corrections_file)]
    pub corrections: Vec<WaveFile>,
    /// The question with one answer that tells the wave.
    #[arg(long, value_name = "QUESTION", requires = "data")]
    pub by: Option<String>,
    /// Published percentages without data, as waves before the others (may be repeated).
    #[arg(long, value_name = "FILE")]
    pub reference: Vec<PathBuf>,
    /// Questions to follow: ids, `s*`, a grid's net `q7:easy`, means `q8+q9:mean`, or `all`.
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub rows: String,
    /// Count only those who are in every wave, by their keys, and test the change of the same respondents.
    #[arg(long, conflicts_with = "by")]
    pub panel: bool,
    /// Whether changes are tested; default: they are, but not those of a census.
    #[arg(long, value_name = "WHICH", value_parser = PossibleValuesParser::new(["none", "change"]))]
    pub test: Option<String>,
    /// Whose test of two independent samples.
    #[arg(long, value_name = "PRESET", default_value = "renkei", value_parser = PossibleValuesParser::new(Preset::ALL.map(|(name, _)| name)))]
    pub sig: String,
    /// Level in percent; `1,5`: two arrows at 1 %, one at 5 %.
    #[arg(long, value_name = "PERCENT", default_value = "5", value_parser = levels)]
    pub level: Levels,
    /// For the changes of a row; default: as the preset has it.
    #[arg(long, value_name = "WHICH", value_parser = names(&Correction::ALL[1..]))]
    pub correction: Option<String>,
    /// Weight by this column instead of the schema's.
    #[arg(long, value_name = "COLUMN", group = "weighting")]
    pub weight: Option<String>,
    /// Weight by a CSV of the respondent's key and `weight`: a file for each wave (may be repeated), or without
    /// `WAVE=` one for all.
    #[arg(long, value_name = "WAVE=FILE", conflicts_with_all = ["weight", "no_weight"])]
    pub weights: Vec<PathBuf>,
    /// Weight each wave to targets (see `renkei weight --help`): a file for each wave (may be repeated), or without
    /// `WAVE=` one for all.
    #[arg(long, value_name = "WAVE=FILE")]
    pub targets: Vec<PathBuf>,
    /// Count every respondent as one, whatever the schema says.
    #[arg(long, group = "weighting")]
    pub no_weight: bool,
    /// Count only respondents for whom this holds; in a panel, in every wave.
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// 無回答 in or out of the base; default: as the schema says.
    #[arg(long, value_name = "WHICH")]
    pub no_answer: Option<NoAnswerChoice>,
    /// Decimal places of percentages.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=6))]
    pub decimals: u32,
    /// Differences of raw percentages, or of the printed ones.
    #[arg(long, visible_alias = "diff", value_name = "WHICH", default_value = "raw")]
    pub difference: DifferenceChoice,
    /// Mark bases below N respondents as indicative; 0: none.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub low_base: u64,
    /// A note of your own under every table (may be repeated).
    #[arg(long, value_name = "TEXT")]
    pub note: Vec<String>,
    /// Language of the words around the numbers.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,
    /// The chart of `--out q1.svg`: bars of each wave, or lines; default: lines of more than three waves.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(["grouped", "line"]))]
    pub kind: Option<String>,
    /// Where the data come from (出典), below a chart.
    #[arg(long = "source", value_name = "TEXT")]
    pub origin: Option<String>,
    /// Output format; default: by the name of --out (.svg is a chart), else text.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Columns of text output; default: the terminal's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

/// A wave's id and its file.
#[derive(Debug, Clone)]
pub struct WaveFile {
    pub id: String,
    pub path: PathBuf,
}

fn corrections_file(typed: &str) -> Result<WaveFile, String> {
    let of_all = || WaveFile { id: String::new(), path: PathBuf::from(typed) };
    Ok(wave_file(typed).unwrap_or_else(|_| of_all()))
}

fn wave_file(typed: &str) -> Result<WaveFile, String> {
    match typed.split_once('=') {
        Some((id, path)) if !id.trim().is_empty() && !path.is_empty() => {
            Ok(WaveFile { id: id.trim().to_string(), path: PathBuf::from(path) })
        }
        _ => Err("expected a wave and its file, such as `r1=r1.csv`".to_string()),
    }
}
