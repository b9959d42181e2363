//! What can be typed to `chart`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::arguments::{LanguageChoice, NoAnswerChoice, Source};
use super::interval_arguments::IntervalArguments;
use crate::chart::{Kind, MIN_WIDTH, Palette};

pub const CHART_EXAMPLES: &str = "\
Examples:
  One question, the kind of chart chosen by its kind:
    renkei chart --schema survey.toml data.csv --rows q1 --out q1.svg
  Every question, a file for each, as pictures for slides:
    renkei chart --schema survey.toml data.csv --rows all --out charts --format png --scale 2
  A question between groups; one answer stands out:
    renkei chart --schema survey.toml data.csv --rows q1 --cols area --highlight 1 --out q1-area.png
  A prefecture beside the nation:
    renkei chart --schema survey.toml data.csv --rows q3 --cols pref --kind pairs --highlight 島根県 --out q3.svg
  A grid's net over its ordered rows:
    renkei chart --schema survey.toml data.csv --rows q7:easy --kind line --out q7.svg
  Shares and their intervals, of groups those of one answer:
    renkei chart --schema survey.toml data.csv --rows q1 --cols area --answer 1 --kind interval --out q1.svg
  Two means of each group:
    renkei chart --schema survey.toml data.csv --rows x:mean,y:mean --cols area --kind scatter --out xy.svg

The kind of chart, unless --kind says otherwise: a single question is a band, or bars with more than six options;
a multi question bars; a grid bands; a number a histogram. With --cols: bands, grouped bars or, where these would
be too many, a heat table; means and ratios are bars.";

#[derive(Debug, Args)]
pub struct Chart {
    #[command(flatten)]
    pub source: Source,
    /// Questions: ids, `s*`, a grid's net `q7:easy`, means `q8+q9:mean`, ratios `r1+r2:ratio`, or `all`.
    #[arg(long, value_name = "LIST")]
    pub rows: String,
    /// Groups to compare: question ids; `a>b` nests.
    #[arg(long, value_name = "LIST")]
    pub cols: Option<String>,
    /// Count only respondents for whom this holds: `q1 == 2`.
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// 無回答 in or out of the base; default: as the schema says.
    #[arg(long, value_name = "WHICH")]
    pub no_answer: Option<NoAnswerChoice>,

    /// Kind of chart; default: by the question.
    #[arg(long, value_name = "KIND", value_parser = kind())]
    pub kind: Option<Kind>,
    /// Answers (codes or labels) or groups (labels or codes) that stand out, in pink against grey.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub highlight: Vec<String>,
    /// The options or nets of which a line, a map, a scatter or bars of groups are.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub answer: Vec<String>,
    #[command(flatten)]
    pub intervals: IntervalArguments,
    /// Colours; default: steps of one colour for scales, different colours for others.
    #[arg(long, value_name = "NAME", default_value = "auto", hide_default_value = true)]
    pub palette: PaletteChoice,
    /// Hatch areas, for print without colour.
    #[arg(long)]
    pub pattern: bool,
    /// Width in pixels.
    #[arg(long, value_name = "N", default_value_t = 800, value_parser = clap::value_parser!(u32).range(i64::from(MIN_WIDTH)..=4000))]
    pub width: u32,
    /// Decimal places of percentages.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=6))]
    pub decimals: u32,
    /// Mark bases below N respondents as indicative; 0: none.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub low_base: u64,
    /// Where the data come from (出典), below each chart.
    #[arg(long = "source", value_name = "TEXT")]
    pub origin: Option<String>,
    /// A note of your own below each chart (may be repeated).
    #[arg(long, value_name = "TEXT")]
    pub note: Vec<String>,
    /// Language of the words.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,

    /// Write to this file, or to files named after the questions in this folder.
    #[arg(long, value_name = "FILE|FOLDER")]
    pub out: Option<PathBuf>,
    /// Drawing or picture; default: by the name of --out, else svg.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ChartFormat>,
    /// Pixels of a PNG for each of the width.
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = scale)]
    pub scale: f32,
    /// The font of a PNG, a TTF, OTF or TTC file; default: a Japanese gothic of the system.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(|(name, _)| name))
        .map(|name| Kind::ALL.iter().find(|(known, _)| *known == name).map_or(Kind::Bar, |(_, kind)| *kind))
}

fn scale(typed: &str) -> Result<f32, String> {
    let scale = typed.parse().ok().filter(|scale| (0.1..=10.0).contains(scale));
    scale.ok_or("expected a number from 0.1 to 10".to_string())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChartFormat {
    /// Drawing, with text
    Svg,
    /// Picture
    Png,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaletteChoice {
    /// By the question
    Auto,
    /// Different colours that the colour-blind tell apart
    OkabeIto,
    /// Steps of blue
    Sequential,
    /// Steps of grey
    Grey,
}

impl From<PaletteChoice> for Palette {
    fn from(choice: PaletteChoice) -> Palette {
        match choice {
            PaletteChoice::Auto => Palette::Auto,
            PaletteChoice::OkabeIto => Palette::OkabeIto,
            PaletteChoice::Sequential => Palette::Sequential,
            PaletteChoice::Grey => Palette::Grey,
        }
    }
}
