//! What can be typed to `feasible`, `verify` and `say`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{LanguageChoice, NoAnswerChoice, Source};
use super::sheets::SheetArguments;
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

pub const VERIFY_EXAMPLES: &str = "\
Examples:
  Every published figure against the data; the exit code is 0 only when all are as expected:
    renkei verify --schema survey.toml data.csv --figures figures.toml
  The same for a report, in Markdown:
    renkei verify --schema survey.toml data.csv --figures figures.toml --out figures.md

A file of figures names a cell and what was printed of it:
    [[figure]]
    id = \"family\"
    quote = \"「家族や親族から聞く」が 7割超（74.3％）\"
    question = \"q9\"
    option = 1
    percent = \"74.3\"
    phrase = \"7割超\"
    higher_than = { option = 2 }";

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    pub source: FigureSource,
    /// The published figures, in TOML.
    #[arg(long, value_name = "FILE")]
    pub figures: PathBuf,
    /// Output format; default: by the name of --out, else text.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ReportFormat>,
    /// Only figures that are not as expected.
    #[arg(long)]
    pub failed: bool,
}

pub const REFERENCES_EXAMPLES: &str = "\
Examples:
  Published percentages without data, three years side by side:
    renkei references r1.toml r3.toml r4.toml
  For Excel:
    renkei references r1.toml r3.toml r4.toml --out waves.csv

A file of references:
    [[reference]]
    id = \"r3\"
    label = \"2021年度\"
    about = \"事業を実施していく中での課題\"
    source = \"who published it\"
    base = 1717
    values = { nouhau = \"72.8\", jinzai = \"69.7\", shigen = \"-\" }
    labels = { nouhau = \"ノウハウ不足\" }";

#[derive(Debug, Args)]
pub struct References {
    /// Files of `[[reference]]`.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub shown: SheetArguments,
}

pub const SAY_EXAMPLES: &str = "\
Examples:
  The ranking of a question as a sentence:
    renkei say --schema survey.toml data.csv --rows q9
  With full-width digits, and the wordings each share allows:
    renkei say --schema survey.toml data.csv --rows q9 --digits full --phrases";

#[derive(Debug, Args)]
pub struct Say {
    #[command(flatten)]
    pub source: FigureSource,
    /// Questions: ids, `s*`, or a grid's net `q7:easy`.
    #[arg(long, value_name = "LIST")]
    pub rows: String,
    /// Count only respondents for whom this holds.
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// 無回答 in or out of the base; default: as the schema says.
    #[arg(long, value_name = "WHICH")]
    pub no_answer: Option<NoAnswerChoice>,
    /// Decimal places of percentages.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=6))]
    pub decimals: u32,
    /// Only the first N answers.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    pub top: u32,
    /// Digits in half or full width.
    #[arg(long, value_name = "WIDTH", default_value = "half")]
    pub digits: WidthChoice,
    /// The sign ％ in full or half width; default: full in Japanese, half in English.
    #[arg(long, value_name = "WIDTH")]
    pub percent_sign: Option<WidthChoice>,
    /// For each answer, the wordings that its share allows (4割以上, 約8割).
    #[arg(long = "phrases")]
    pub with_phrases: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WidthChoice {
    /// 4割, 74.3%
    Half,
    /// ４割, ７４．３％
    Full,
}

/// The data, and the wordings figures are judged by.
#[derive(Debug, Args)]
pub struct FigureSource {
    #[command(flatten)]
    pub data: Source,
    /// A file of your own `[[phrase]]`: wordings and when they are true; they go before the built-in ones.
    #[arg(long = "phrase-file", value_name = "FILE")]
    pub phrase_file: Option<PathBuf>,
    /// Language of the words around the numbers.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,
    /// Write to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
