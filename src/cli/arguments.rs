//! What can be typed.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::chart_arguments::Chart;
use super::check_arguments::Check;
use super::figure_arguments::{Feasible, References, Say, Verify};
use super::interval_arguments::{IntervalArguments, SamplingErrorArguments};
use super::sheets::SheetArguments;
use super::trend_arguments::Trend;
use super::weight_arguments::Weight;
use super::workbook::WorkbookArguments;
use crate::frame::{Encoding, ExportLayout};
use crate::sheet::Language;
use crate::significance::{Against, Correction, Preset, SEED, Statistic, Test};

/// Turns survey exports into tables people can publish.
#[derive(Debug, Parser)]
#[command(name = "renkei", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// A first draft of a schema and a study from a file of data, with the reason of every guess.
    #[command(after_help = super::init::EXAMPLES)]
    Init(super::init::Init),
    /// GT tables: each question alone, all questions by default.
    #[command(after_help = TAB_EXAMPLES)]
    Tab(Tab),
    /// Cross tables: questions compared between the groups of a banner.
    #[command(after_help = CROSSTAB_EXAMPLES)]
    Crosstab(Crosstab),
    /// A study: its report, books of tables and judged figures, from one read of the data.
    #[command(after_help = super::report_arguments::REPORT_EXAMPLES)]
    Report(super::report_arguments::Report),
    /// Slides (PPTX) of a study: its `[deck]` on one group, such as a prefecture beside the nation.
    #[command(after_help = super::deck_arguments::DECK_EXAMPLES)]
    Deck(super::deck_arguments::DeckArguments),
    /// The slides of a study on every group of a question (47 prefectures), with an index; goes on where it was interrupted.
    #[command(after_help = super::deck_arguments::BATCH_EXAMPLES)]
    Batch(super::deck_arguments::Batch),
    /// Charts: bands, bars, pies, lines, maps … of questions, alone or between the groups of a banner.
    #[command(after_help = super::chart_arguments::CHART_EXAMPLES)]
    Chart(Chart),
    /// The questionnaire: wording, kind, who was asked, options with codes; with data their n and %.
    #[command(after_help = CODEBOOK_EXAMPLES)]
    Codebook(Codebook),
    /// Comments, listed: what respondents wrote at text questions, telephone numbers and the like replaced.
    #[command(after_help = COMMENTS_EXAMPLES)]
    Comments(CommentsArguments),
    /// What can be computed of the hidden numbers (秘匿) of published files, by whoever has only the files.
    #[command(after_help = super::audit::AUDIT_EXAMPLES)]
    Audit(super::audit::Audit),
    /// Which counts and bases printed percentages can have.
    #[command(after_help = super::figure_arguments::FEASIBLE_EXAMPLES)]
    Feasible(Feasible),
    /// Checks published figures and wordings against the data, and says why a number differs.
    #[command(after_help = super::figure_arguments::VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Published percentages without data, such as those of earlier waves, side by side.
    #[command(after_help = super::figure_arguments::REFERENCES_EXAMPLES)]
    References(References),
    /// Sentences that are true of a question: 最多, 次いで, and the wordings its shares allow.
    #[command(after_help = super::figure_arguments::SAY_EXAMPLES)]
    Say(Say),
    /// Returns (回収状況): sent, returned and valid questionnaires with their rates, in all and by group.
    #[command(after_help = RETURNS_EXAMPLES)]
    Returns(ReturnsArguments),
    /// Sampling errors at a glance (標本誤差早見表): what a printed percentage may be off by.
    #[command(after_help = super::interval_arguments::SAMPLING_ERROR_EXAMPLES)]
    SamplingError(SamplingErrorArguments),
    /// Everything that is wrong with a file of data, for whoever must mend it: by respondent, line and column.
    #[command(after_help = super::check_arguments::CHECK_EXAMPLES)]
    Check(Check),
    /// Data that nobody answered, with given counts and percentages, to test a report before fieldwork.
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(Simulate),
    /// Data for other programs: SPSS, Excel, Parquet, Triple-S, CSV or JSON, with labels and missing values.
    #[command(after_help = super::convert_arguments::CONVERT_EXAMPLES)]
    Convert(super::convert_arguments::Convert),
    /// Weights that give the sample the shares or totals of targets: raking and cells, with a report.
    #[command(after_help = super::weight_arguments::WEIGHT_EXAMPLES)]
    Weight(Weight),
    /// The same questions over waves: percentages side by side, changes and their tests.
    #[command(after_help = super::trend_arguments::TREND_EXAMPLES)]
    Trend(Trend),
    /// What a schema file may hold.
    #[command(subcommand)]
    Schema(SchemaCommand),
}

#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// Prints a JSON Schema of schema files, with which editors complete and check.
    Json {
        /// Of files of published figures instead.
        #[arg(long)]
        figures: bool,
    },
}

/// The questionnaire that a command goes by.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The questionnaire, in TOML.
    #[arg(long, value_name = "FILE")]
    pub schema: PathBuf,
    /// A file of your own `[[derive]]`, `[[net]]` and `[[banner]]`, added to the schema (may be repeated).
    #[arg(long = "with", value_name = "FILE")]
    pub overlays: Vec<PathBuf>,
    /// Go by the questionnaire of this wave; the data are of it, with its columns and codes.
    #[arg(long, value_name = "WAVE")]
    pub wave: Option<String>,
    /// Corrections of the data, CSV or TOML: respondent, question, old, new, reason; the data file stays as it is.
    #[arg(long, value_name = "FILE")]
    pub corrections: Option<PathBuf>,
}

impl SchemaArguments {
    /// The files that are read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        std::iter::once(&self.schema).chain(&self.overlays).chain(&self.corrections).map(PathBuf::as_path)
    }
}

/// How a file of data is read.
#[derive(Debug, Args)]
pub struct ReadingArguments {
    /// Encoding of the data; default: found out, with proof.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<EncodingChoice>,
    /// Sheet of a workbook, by name or number; default: the only one that is not hidden.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// How the service that made the file lays it out: google, microsoft, surveymonkey, qualtrics, limesurvey,
    /// panel, omr or plain; default: found out, and said.
    #[arg(long, value_name = "WHICH", value_parser = layout, hide_possible_values = true)]
    pub layout: Option<ExportLayout>,
    /// What stands between cells: comma, tab, semicolon or a character; default: found out.
    #[arg(long, value_name = "WHICH", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// Lines above the header that are not data: titles, notes.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub skip: u64,
    /// Rows of the header; a column is found by its last name, or by all joined: `Q1 / Yes`.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = header_rows, hide_default_value = true)]
    pub header_rows: usize,
    /// Count answers that cannot be read as 無回答 instead of refusing the file.
    #[arg(long)]
    pub lenient: bool,
    /// Threads to work with; default: as many as the machine has.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(..=256))]
    pub threads: u16,
}

const CODEBOOK_EXAMPLES: &str = "\
Examples:
  The questionnaire, in the terminal:
    renkei codebook --schema survey.toml
  With the number of respondents for each code, for Excel:
    renkei codebook --schema survey.toml data.csv --out codebook.csv";

#[derive(Debug, Args)]
pub struct Codebook {
    /// The data, for n and %: a CSV file in UTF-8, CP932 or UTF-16; `-` reads standard input.
    #[arg(value_name = "DATA")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    #[command(flatten)]
    pub shown: SheetArguments,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

const COMMENTS_EXAMPLES: &str = "\
Examples:
  What was written at q10, in an order that does not tell who wrote it:
    renkei comments --schema survey.toml data.csv --rows q10
  Eight excerpts for a report, in this order and word for word:
    renkei comments --schema survey.toml data.csv --rows q10 --only 12,40,7,88,3,51,9,60 --as-written
  To be coded by hand, with keys, for Excel:
    renkei comments --schema survey.toml data.csv --rows q3.other --keys --out other.csv";

#[derive(Debug, Args)]
pub struct CommentsArguments {
    /// The data: a CSV file in UTF-8, CP932 or UTF-16; `-` reads standard input. Several files are one survey's; a
    /// list of sources (`.toml`) says how each differs.
    #[arg(required = true, value_name = "DATA")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    /// Text questions to list: ids, or `all`; the words of その他 are `q3.other`.
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub rows: String,
    /// List only respondents for whom this holds: `q1 == 2`.
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// Only these respondents' comments, in this order; default: all, in the order of their words.
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Show respondents' keys.
    #[arg(long)]
    pub keys: bool,
    /// Word for word: replace nothing.
    #[arg(long)]
    pub as_written: bool,
    #[command(flatten)]
    pub shown: SheetArguments,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

const RETURNS_EXAMPLES: &str = "\
Examples:
  Response rates, in all and by the groups that the schema's `[survey.sent]` names:
    renkei returns --schema survey.toml data.csv
  The municipalities that have not answered, for a reminder:
    renkei returns --schema survey.toml data.csv --missing --out missing.csv";

#[derive(Debug, Args)]
pub struct ReturnsArguments {
    /// The data: a CSV file in UTF-8, CP932 or UTF-16; `-` reads standard input. Several files are one survey's; a
    /// list of sources (`.toml`) says how each differs.
    #[arg(required = true, value_name = "DATA")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    /// List the municipalities without a record, in the order of their codes.
    #[arg(long)]
    pub missing: bool,
    /// Decimal places of rates.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=6))]
    pub decimals: u32,
    #[command(flatten)]
    pub shown: SheetArguments,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

const SIMULATE_EXAMPLES: &str = "\
Examples:
  A hundred respondents of any questionnaire:
    renkei simulate --schema survey.toml --respondents 100 --out data.csv
  Data that have the figures of a publication:
    renkei simulate --schema survey.toml --targets targets.toml --respondents 604 --out data.csv
  As Japanese Excel would have saved it, with words in the cells:
    renkei simulate --schema survey.toml --respondents 100 --values label --encoding cp932 \\
        --line-ending crlf --out data.csv

A file of targets:
  [simulate]
  missing = \"2%\"                          # 無回答 where no target says otherwise
  [[target]]
  question = \"q1\"
  counts = { 1 = 290, 2 = 274 }             # options, nets and missing codes
  [[target]]
  question = \"q2\"
  where = \"q1 == 2\"
  percent = { 2 = \"94\" }                  # any count that prints so
  missing = 3
Other targets: `given`, `mentions` (multi), `mean`, `sum`, `range` (number), `texts` (text),
`unique = true` and `except` (options of which nobody shares one).";

#[derive(Debug, Args)]
pub struct Simulate {
    /// The questionnaire, in TOML.
    #[arg(long, value_name = "FILE")]
    pub schema: PathBuf,
    /// A file of your own `[[derive]]`, `[[net]]` and `[[banner]]`, added to the schema (may be repeated).
    #[arg(long = "with", value_name = "FILE")]
    pub overlays: Vec<PathBuf>,
    /// The figures that the data shall have, in TOML.
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// How many respondents.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub respondents: u32,
    /// Chance: the same seed gives the same file, on every machine.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What cells hold where the schema leaves it open.
    #[arg(long, value_name = "WHAT", default_value = "code")]
    pub values: ValuesChoice,
    /// Encoding of the file.
    #[arg(long, value_name = "NAME", default_value = "utf-8")]
    pub encoding: WrittenEncoding,
    /// What stands between cells: comma, tab, semicolon or a character.
    #[arg(long, value_name = "WHICH", value_parser = delimiter, default_value = "comma")]
    pub delimiter: u8,
    /// How lines end.
    #[arg(long, value_name = "WHICH", default_value = "lf")]
    pub line_ending: LineEnding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ValuesChoice {
    /// Codes of options
    Code,
    /// Labels of options
    Label,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WrittenEncoding {
    /// UTF-8 without a mark
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// UTF-8 with the mark by which Excel knows it
    #[value(name = "utf-8-bom", alias = "utf8-bom")]
    Utf8Mark,
    /// Windows-31J, as Japanese Excel writes it
    #[value(name = "cp932", aliases = ["shift_jis", "sjis", "windows-31j"])]
    Cp932,
    /// UTF-16 with its mark, Excel's Unicode text
    #[value(name = "utf-16le", aliases = ["utf16le", "utf-16"])]
    Utf16Le,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LineEnding {
    /// LF
    Lf,
    /// CR LF, as on Windows
    Crlf,
}

const TAB_EXAMPLES: &str = "\
Examples:
  Every question, in the terminal:
    renkei tab --schema survey.toml data.csv
  One question with its options sorted, for Excel:
    renkei tab --schema survey.toml data.csv --rows q3 --sort --out q3.csv
  A workbook of all questions with Excel's charts:
    renkei tab --schema survey.toml data.csv --charts --out gt.xlsx
  A grid as one summary table: its top-2 net for each row:
    renkei tab --schema survey.toml data.csv --rows q7:easy
  The means of a grid's rows in one table, and means and deviations of several questions:
    renkei tab --schema survey.toml data.csv --rows q8:mean,q10+q11+q12:mean+sd
  Who is in each base, for a reader who asks:
    renkei tab --schema survey.toml data.csv --rows q2 --explain-base
  An export with two lines of title and a header of two rows:
    renkei tab --schema survey.toml export.csv --skip 2 --header-rows 2
  Tab-separated answers from another program:
    gunzip -c answers.tsv.gz | renkei tab --schema survey.toml - --delimiter tab";

const CROSSTAB_EXAMPLES: &str = "\
Examples:
  One question against another, banner down the side:
    renkei crosstab --schema survey.toml data.csv --rows q1 --cols q4
  All questions by area and by sex within age, counts over percentages:
    renkei crosstab --schema survey.toml data.csv --rows all --cols 'area,age>sex' --cell both
  A workbook with contents and a sheet for each question:
    renkei crosstab --schema survey.toml data.csv --rows all --cols area,sex --out cross.xlsx
  Sex within age with each age as a whole, and indices with the total as 100:
    renkei crosstab --schema survey.toml data.csv --rows q1 --cols 'age>sex' --subtotals --index
  With a test of independence and letters for groups that differ (docs/significance.md):
    renkei crosstab --schema survey.toml data.csv --rows q1 --cols area --test auto --sig renkei
  Only respondents of Tokyo, numbers for a program:
    renkei crosstab --schema survey.toml data.csv --rows 'q*' --cols sex \\
        --filter 'pref == 13' --format tidy --measures n,col_pct";

#[derive(Debug, Args)]
pub struct Tab {
    /// Questions to count: ids, `s*`, a grid's net `q7:easy`, means `q8+q9:mean` (sd, median),
    /// ratios `r1+r2:ratio`, or `all`.
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub rows: String,
    /// Tests over the rows of a grid's summary table (`q7:easy`), which have the same respondents.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = names(&Test::OF_ROWS))]
    pub test: Vec<String>,
    #[command(flatten)]
    pub shared: Shared,
}

#[derive(Debug, Args)]
pub struct Crosstab {
    /// Questions to count: ids, `s*`, a grid's net `q7:easy`, means `q8+q9:mean` (sd, median),
    /// ratios `r1+r2:ratio`, or `all`.
    #[arg(long, value_name = "LIST")]
    pub rows: String,
    /// Banners: questions whose groups are compared, or named banners; `a>b` nests b in a.
    #[arg(long, value_name = "LIST")]
    pub cols: String,
    /// Before the inner groups of a nested banner, a column (計) for their outer group as a whole.
    #[arg(long)]
    pub subtotals: bool,
    /// After the groups of each banner, a column for those whose answer on it is missing (無回答).
    #[arg(long)]
    pub banner_missing: bool,
    /// Show indices (指数): percentages and means where the total's is 100; `--index=1` with a decimal.
    #[arg(long, value_name = "DECIMALS", num_args = 0..=1, require_equals = true, default_missing_value = "0", value_parser = clap::value_parser!(u32).range(0..=6))]
    pub index: Option<u32>,
    /// Say the lowest and the highest ratio among the groups of each banner (範囲), and their difference.
    #[arg(long)]
    pub range: bool,
    /// Tests of the whole table: `auto`, or names; of those given on both questions.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = names(&Test::ALL))]
    pub test: Vec<String>,
    /// Letters for columns of a banner that differ, by this definition.
    #[arg(long, value_name = "PRESET", value_parser = names(&Preset::ALL))]
    pub sig: Option<String>,
    /// Level of the letters in percent; `1,5`: upper-case at 1 %, lower-case at 5 %.
    #[arg(long, value_name = "PERCENT", default_value = "5", value_parser = levels)]
    pub level: Levels,
    /// For many comparisons, over all pairs of a row; default: as the preset has it.
    #[arg(long, value_name = "WHICH", requires = "sig", value_parser = PossibleValuesParser::new(Correction::ALL.map(|(name, _)| name)))]
    pub correction: Option<String>,
    /// What each column is compared with: the other columns, the rest of the respondents, or the total.
    #[arg(long, value_name = "WHAT", requires = "sig", default_value = "columns", value_parser = PossibleValuesParser::new(Against::ALL.map(|(name, _)| name)))]
    pub against: String,
    /// Seed of Fisher's test where there are too many tables to enumerate and some are drawn.
    #[arg(long, value_name = "N", default_value_t = SEED, value_parser = clap::value_parser!(u64).range(..9_007_199_254_740_992))]
    pub seed: u64,
    /// Instead of tables say how they are made, for a methods section: estimators, bases, weights, tests and
    /// which were chosen, comparisons, rounding (text or md).
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub shared: Shared,
}

/// The data, what they mean, and how to read them.
#[derive(Debug, Args)]
pub struct Source {
    /// The data: a CSV file in UTF-8, CP932 or UTF-16; `-` reads standard input. Several files are one survey's; a
    /// list of sources (`.toml`) says how each differs.
    #[arg(required = true, value_name = "DATA")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub schema: SchemaArguments,
    /// Weight by this column instead of the schema's.
    #[arg(long, value_name = "COLUMN", group = "weighting")]
    pub weight: Option<String>,
    /// Weight by a CSV of the respondent's key and `weight`.
    #[arg(long, value_name = "FILE", group = "weighting")]
    pub weights: Option<PathBuf>,
    /// Count every respondent as one, whatever the schema says.
    #[arg(long, group = "weighting")]
    pub no_weight: bool,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

#[derive(Debug, Args)]
pub struct Shared {
    #[command(flatten)]
    pub source: Source,
    /// Weight to these targets, as `renkei weight` does, from the weights otherwise used.
    #[arg(long, value_name = "FILE", conflicts_with = "weights")]
    pub targets: Option<PathBuf>,

    /// Count only respondents for whom this holds: `q1 == 2 and q3 has any [1, 4]`.
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// 無回答 in or out of the base; default: as the schema says.
    #[arg(long, value_name = "WHICH")]
    pub no_answer: Option<NoAnswerChoice>,

    #[command(flatten)]
    pub intervals: IntervalArguments,

    /// What percentages are parts of.
    #[arg(long, value_name = "WHAT", default_value = "banner")]
    pub percent: PercentChoice,
    /// What stands in a cell; default: both in GT tables, percentages in cross tables.
    #[arg(long, value_name = "WHAT")]
    pub cell: Option<CellArgument>,
    /// Decimal places of percentages.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=6))]
    pub decimals: u32,
    /// Show differences from the total in points: of raw percentages, or of the printed ones.
    #[arg(long, value_name = "WHICH", num_args = 0..=1, default_missing_value = "raw")]
    pub diff: Option<DifferenceChoice>,
    /// Most frequent answers first; その他 and 特にない stay last.
    #[arg(long)]
    pub sort: bool,
    /// Only the first N answers, most frequent first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
    /// Banner down the side or on top; default: side in Japanese, top in English.
    #[arg(long, value_name = "WHERE")]
    pub axis: Option<AxisChoice>,
    /// Mark bases below N respondents as indicative; 0: none.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub low_base: u64,
    /// Do not mark cells 5 and 10 points from the total.
    #[arg(long)]
    pub no_hatch: bool,
    /// Number tables from here on (表1, 表2 …; a grid is one table); default: from 1 with `--rows all`.
    #[arg(long, value_name = "FIRST", num_args = 0..=1, require_equals = true, default_missing_value = "1", value_parser = clap::value_parser!(u64).range(1..))]
    pub number: Option<u64>,
    /// Do not number tables.
    #[arg(long, conflicts_with = "number")]
    pub no_number: bool,
    /// Say under each table who is in the base and who is not, in words and numbers that add up.
    #[arg(long)]
    pub explain_base: bool,
    /// A note of your own under every table (may be repeated).
    #[arg(long, value_name = "TEXT")]
    pub note: Vec<String>,
    /// Language of the words around the numbers.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,

    /// Output format; default: by the name of --out, else text.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Measures of the tidy format; default: all that apply.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = PossibleValuesParser::new(
        crate::render::MEASURES.iter().map(|(_, name)| *name).chain(Statistic::ALL)))]
    pub measures: Vec<String>,
    /// Write to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Columns of text output; default: the terminal's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    pub width: Option<u16>,
    #[command(flatten)]
    pub workbook: WorkbookArguments,
}

/// Names of a list, and `none`.
pub fn names<T>(known: &[(&'static str, T)]) -> PossibleValuesParser {
    PossibleValuesParser::new(known.iter().map(|(name, _)| *name).chain(["none"]))
}

/// Levels in hundredths of a percent, the stricter first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels(pub Vec<u32>);

/// One level or two, in percent.
pub fn levels(typed: &str) -> Result<Levels, String> {
    let level = |text: &str| {
        let hundredths = text.trim().parse::<f64>().ok()? * 100.0;
        let whole = hundredths.round();
        ((hundredths - whole).abs() < 1e-6 && (1.0..5000.0).contains(&whole)).then_some(whole as u32)
    };
    let levels: Option<Vec<u32>> = typed.split(',').map(level).collect();
    match levels.as_deref() {
        Some([one]) => Ok(Levels(vec![*one])),
        Some([one, other]) if one < other => Ok(Levels(vec![*one, *other])),
        Some([_, _]) => Err("expected the stricter level first: `1,5`".to_string()),
        _ => Err("expected one or two levels in percent, such as `5` or `1,5`".to_string()),
    }
}

/// A delimiter by name or as it stands in the file.
pub fn delimiter(typed: &str) -> Result<u8, String> {
    match typed {
        "comma" => Ok(b','),
        "tab" | "\\t" => Ok(b'\t'),
        "semicolon" => Ok(b';'),
        _ => match typed.as_bytes() {
            &[byte] if crate::frame::is_delimiter(byte) => Ok(byte),
            _ => Err("expected `comma`, `tab`, `semicolon`, or one sign such as `|`".to_string()),
        },
    }
}

/// The layout with this word.
pub fn layout(typed: &str) -> Result<ExportLayout, String> {
    let found = ExportLayout::ALL.iter().find(|(word, _)| *word == typed);
    let words = || ExportLayout::ALL.map(|(word, _)| word.to_string());
    found.map(|(_, layout)| *layout).ok_or_else(|| format!("expected {}", crate::toml::one_of(&words())))
}

/// As many header rows as anybody has.
pub fn header_rows(typed: &str) -> Result<usize, String> {
    typed.parse().ok().filter(|rows| (1..=9).contains(rows)).ok_or("expected 1 to 9".to_string())
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum NoAnswerChoice {
    /// 無回答 is in the base and has its row
    Include,
    /// 無回答 is out of the base
    Exclude,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PercentChoice {
    /// Of the banner group
    Banner,
    /// Of those who gave the answer
    Stub,
    /// Of all respondents in the table
    Total,
    /// Of the group's mentions (multi questions)
    Mention,
    /// No percentages
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CellArgument {
    /// 実数
    Count,
    /// ％
    Percent,
    /// 実数 over ％
    Both,
    /// One table of 実数 and one of ％
    Apart,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DifferenceChoice {
    /// Of raw percentages, rounded once
    Raw,
    /// Of the percentages as printed
    Shown,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AxisChoice {
    /// Banner down the side
    Side,
    /// Banner on top
    Top,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LanguageChoice {
    /// 日本語
    Ja,
    /// English
    En,
}

impl From<LanguageChoice> for Language {
    fn from(choice: LanguageChoice) -> Language {
        match choice {
            LanguageChoice::Ja => Language::Japanese,
            LanguageChoice::En => Language::English,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum EncodingChoice {
    /// UTF-8, with or without BOM
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// Windows-31J, as Japanese Excel writes it
    #[value(name = "cp932", aliases = ["shift_jis", "sjis", "windows-31j"])]
    Cp932,
    /// UTF-16, Excel's Unicode text
    #[value(name = "utf-16le", aliases = ["utf16le", "utf-16"])]
    Utf16Le,
    /// UTF-16 with big ends first
    #[value(name = "utf-16be", alias = "utf16be")]
    Utf16Be,
}

impl From<EncodingChoice> for Encoding {
    fn from(choice: EncodingChoice) -> Encoding {
        match choice {
            EncodingChoice::Utf8 => Encoding::Utf8,
            EncodingChoice::Cp932 => Encoding::Cp932,
            EncodingChoice::Utf16Le => Encoding::Utf16Le,
            EncodingChoice::Utf16Be => Encoding::Utf16Be,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned text
    Text,
    /// CSV that Excel opens right
    Csv,
    /// One line for each cell and measure, full precision
    Tidy,
    /// The tables themselves, versioned
    Json,
    /// Markdown
    Md,
    /// A workbook: numbers, links, print set-up; charts with --charts
    Xlsx,
}
