//! JSON: the tables themselves, versioned, for programs that want more than lines.

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::significance::SignificanceShape;
use crate::calendar::Day;
use crate::schema::{Code, Kind, NoAnswer};
use crate::significance::Options;
use crate::stats::Distribution;
use crate::tabulate::{
    BannerColumn, ColumnRole, Level, Note, QuestionWords, RowRole, Shown, StubRow, Table, Tally,
};

/// Version of the shape below; raised when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// All tables. Tallies are `[n, w, w2]` with w and w2 as decimal texts in units of
/// `10^-weight_decimals` (they may exceed what a double holds); `null` where undefined,
/// `"suppressed"` where hidden.
pub fn json(tables: &[Table], significance: &Options, interval: Option<Level>) -> String {
    // One line for each table: short, and two runs can be compared line by line. Texts and numbers
    // always serialise.
    let lines: Vec<String> = tables
        .iter()
        .map(|table| {
            let significance = significance.any().then(|| SignificanceShape::of(table, significance));
            let spread = interval.filter(|_| table.spread().is_some());
            let spread =
                spread.map(|level| rows(table, |row, column| SpreadShape::of(table, row, column, level)));
            let table = TableShape { significance, spread, ..TableShape::of(table) };
            serde_json::to_string(&table).unwrap_or_default()
        })
        .collect();
    format!("{{\"schema_version\":{SCHEMA_VERSION},\"tables\":[\n{}\n]}}\n", lines.join(",\n"))
}

#[derive(Serialize)]
struct TableShape<'a> {
    question: QuestionShape<'a>,
    grid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wave: Option<WaveShape<'a>>,
    filter: Option<&'a str>,
    weight: Option<&'a str>,
    weight_decimals: u32,
    number_decimals: u32,
    routed: bool,
    no_answer: &'static str,
    /// Points of each place of a rank question.
    #[serde(skip_serializing_if = "<[i64]>::is_empty")]
    points: &'a [i64],
    stub: Vec<RowShape<'a>>,
    columns: Vec<ColumnShape<'a>>,
    banners: Vec<BannerShape<'a>>,
    cells: Rows<Seen<TallyShape>>,
    bases: Rows<Seen<TallyShape>>,
    /// The question's base by column, where rows have bases of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    question_bases: Option<Vec<Seen<TallyShape>>>,
    both: Rows<Seen<TallyShape>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<Rows<Seen<TallyShape>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_mentions: Option<Vec<Seen<TallyShape>>>,
    /// Value counts of number, score and ratio rows and of the options of a rank question, `[value, n, w]` ascending; the
    /// value in units of `10^-number_decimals`, of dates as text (`2016-11-10`).
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Rows<Seen<ValuesShape>>>,
    /// Value counts of what is below the line, for ratio rows, of which `values` has what is above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    denominators: Option<Rows<Seen<ValuesShape>>>,
    notes: Vec<NoteShape>,
    /// Standard errors and intervals, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<Rows<Seen<SpreadShape>>>,
    /// Tests and comparisons of columns, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    significance: Option<SignificanceShape>,
}

/// Of a row's estimate: a percentage, a mean or a ratio; of a total or weighted count.
#[derive(Serialize)]
struct SpreadShape {
    se: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    df: Option<f64>,
    deff: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_se: Option<f64>,
}

impl SpreadShape {
    fn of(table: &Table, row: usize, column: usize, level: Level) -> Seen<SpreadShape> {
        let mean = matches!(table.stub[row].role, RowRole::Score | RowRole::Number | RowRole::Ratio);
        let (se, interval) = match mean {
            true => (table.mean_error(row, column), table.mean_interval(row, column, level)),
            false => (table.share_error(row, column), table.share_interval(row, column, level)),
        };
        let interval = interval.value();
        // An estimate without a variance has neither; a hidden one is hidden.
        Seen(table.cell(row, column)).map(|_| SpreadShape {
            se: se.value(),
            low: interval.and_then(|interval| interval.low),
            high: interval.and_then(|interval| interval.high),
            df: table.degrees_of_freedom(row, column).value(),
            deff: table.design_effect(row, column).value(),
            total_se: table.total_error(row, column).value(),
        })
    }
}

#[derive(Serialize)]
struct WaveShape<'a> {
    id: &'a str,
    label: &'a str,
}

type Rows<T> = Vec<Vec<T>>;

impl<'a> TableShape<'a> {
    fn of(table: &'a Table) -> Self {
        let numbers = table
            .stub
            .iter()
            .any(|row| matches!(row.role, RowRole::Number | RowRole::Score | RowRole::Ratio))
            || !table.points.is_empty();
        TableShape {
            question: QuestionShape::of(&table.question),
            grid: table.grid.as_deref(),
            wave: table.wave.as_ref().map(|(id, label)| WaveShape { id, label }),
            filter: table.filter.as_deref(),
            weight: table.weight.as_deref(),
            weight_decimals: table.weight_decimals,
            number_decimals: table.number_decimals,
            routed: table.routed,
            no_answer: match table.no_answer {
                NoAnswer::Include => "include",
                NoAnswer::Exclude => "exclude",
            },
            points: &table.points,
            stub: table.stub.iter().map(RowShape::of).collect(),
            columns: table.columns.iter().map(ColumnShape::of).collect(),
            banners: (0..table.banners.len()).map(|place| BannerShape::of(table, place)).collect(),
            cells: rows(table, |row, column| Seen(table.cell(row, column)).map(TallyShape)),
            bases: rows(table, |row, column| Seen(table.shown_base(row, column)).map(TallyShape)),
            question_bases: table.option_bases.then(|| {
                (0..table.columns.len())
                    .map(|column| Seen(table.shown_question_base(column)).map(TallyShape))
                    .collect()
            }),
            both: rows(table, |row, column| Seen(table.shown_both(row, column)).map(TallyShape)),
            mentions: table
                .has_mentions()
                .then(|| rows(table, |row, column| Seen(table.mentions(row, column)).map(TallyShape))),
            column_mentions: table.has_mentions().then(|| {
                (0..table.columns.len())
                    .map(|column| Seen(table.shown_column_mentions(column)).map(TallyShape))
                    .collect()
            }),
            values: numbers.then(|| {
                rows(table, |row, column| {
                    let dates = table.question.kind == Kind::Date;
                    Seen(table.numbers(row, column)).map(|values| ValuesShape { values, dates })
                })
            }),
            denominators: table.stub.iter().any(|row| row.role == RowRole::Ratio).then(|| {
                rows(table, |row, column| {
                    Seen(table.denominators(row, column)).map(|values| ValuesShape { values, dates: false })
                })
            }),
            notes: table.notes.iter().map(NoteShape::of).collect(),
            spread: None,
            significance: None,
        }
    }
}

fn rows<T>(table: &Table, cell: impl Fn(usize, usize) -> T) -> Rows<T> {
    let columns = table.columns.len();
    (0..table.stub.len()).map(|row| (0..columns).map(|column| cell(row, column)).collect()).collect()
}

#[derive(Serialize)]
struct QuestionShape<'a> {
    id: &'a str,
    text: &'a str,
    heading: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    kind: &'static str,
}

impl<'a> QuestionShape<'a> {
    fn of(question: &'a QuestionWords) -> Self {
        let QuestionWords { id, text, heading, section, kind } = question;
        let kind = match kind {
            Kind::Single => "single",
            Kind::Scale => "scale",
            Kind::Multi => "multi",
            Kind::Grid => "grid",
            Kind::Rank => "rank",
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Ratio => "ratio",
            Kind::Text => "text",
        };
        QuestionShape { id, text, heading, section: section.as_deref(), kind }
    }
}

#[derive(Serialize)]
struct RowShape<'a> {
    role: &'static str,
    question: &'a str,
    code: Option<CodeShape<'a>>,
    label: &'a str,
    of: Vec<CodeShape<'a>>,
    assumed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<i64>,
    /// How many a ratio is for: 100 is a percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    per: Option<u32>,
}

impl<'a> RowShape<'a> {
    fn of(row: &'a StubRow) -> Self {
        RowShape {
            role: super::row_role(row.role),
            question: &row.question,
            code: row.code.as_ref().map(CodeShape::of),
            label: &row.label,
            of: row.of.iter().map(CodeShape::of).collect(),
            assumed: row.assumed,
            score: row.score,
            per: row.per,
        }
    }
}

#[derive(Serialize)]
struct ColumnShape<'a> {
    /// Only where codes and banner do not tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    banner: Option<usize>,
    codes: Vec<CodeShape<'a>>,
    labels: &'a [String],
    letter: &'a str,
}

impl<'a> ColumnShape<'a> {
    fn of(column: &'a BannerColumn) -> Self {
        ColumnShape {
            role: match column.role {
                ColumnRole::Total | ColumnRole::Group => None,
                ColumnRole::Subtotal => Some("subtotal"),
                ColumnRole::Missing => Some("missing"),
            },
            banner: column.banner,
            codes: column.codes.iter().map(CodeShape::of).collect(),
            labels: &column.labels,
            letter: &column.letter,
        }
    }
}

#[derive(Serialize)]
struct BannerShape<'a> {
    path: Vec<QuestionShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal_of: Option<usize>,
    overlapping: bool,
    answered: Vec<Seen<TallyShape>>,
    both: Vec<Seen<TallyShape>>,
    outside: Vec<Seen<TallyShape>>,
}

impl<'a> BannerShape<'a> {
    fn of(table: &'a Table, place: usize) -> Self {
        let (banner, seen) = (&table.banners[place], table.shows_banner(place));
        let tallies = |tallies: &[Tally]| -> Vec<Seen<TallyShape>> {
            let shown = |tally: &Tally| if seen { Shown::Value(*tally) } else { Shown::Suppressed };
            tallies.iter().map(|tally| Seen(shown(tally)).map(TallyShape)).collect()
        };
        BannerShape {
            path: banner.path.iter().map(QuestionShape::of).collect(),
            subtotal_of: banner.subtotal_of,
            overlapping: banner.overlapping,
            answered: tallies(&banner.answered),
            both: tallies(&banner.both),
            outside: tallies(&banner.outside),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum CodeShape<'a> {
    Integer(i64),
    Text(&'a str),
}

impl<'a> CodeShape<'a> {
    fn of(code: &'a Code) -> Self {
        match code {
            Code::Integer(code) => CodeShape::Integer(*code),
            Code::Text(code) => CodeShape::Text(code),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum NoteShape {
    NoAnswerExcluded(u64),
    AnsweredNotAsked(u64),
    MadeMissing(u64),
    NoDenominator(u64),
    NoNumerator(u64),
    Top(usize),
    PartlyAsked,
    Superseded(u64),
    NotInWave,
    NotOffered,
    ZeroWeights(u64),
}

impl NoteShape {
    fn of(note: &Note) -> Self {
        match *note {
            Note::NoAnswerExcluded(n) => NoteShape::NoAnswerExcluded(n),
            Note::AnsweredNotAsked(n) => NoteShape::AnsweredNotAsked(n),
            Note::MadeMissing(n) => NoteShape::MadeMissing(n),
            Note::NoDenominator(n) => NoteShape::NoDenominator(n),
            Note::NoNumerator(n) => NoteShape::NoNumerator(n),
            Note::Top(count) => NoteShape::Top(count),
            Note::PartlyAsked => NoteShape::PartlyAsked,
            Note::Superseded(n) => NoteShape::Superseded(n),
            Note::NotInWave => NoteShape::NotInWave,
            Note::NotOffered => NoteShape::NotOffered,
            Note::ZeroWeights(n) => NoteShape::ZeroWeights(n),
        }
    }
}

/// `[n, "w", "w2"]`
struct TallyShape(Tally);

impl Serialize for TallyShape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.0.n, self.0.w.to_string(), self.0.w2.to_string()).serialize(serializer)
    }
}

struct ValuesShape {
    values: Distribution,
    dates: bool,
}

impl Serialize for ValuesShape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_seq(Some(self.values.entries().len()))?;
        for entry in self.values.entries() {
            let (n, w) = (entry.n, entry.w.to_string());
            match self.dates {
                true => entries.serialize_element(&(Day(entry.value).civil().iso(), n, w))?,
                false => entries.serialize_element(&(entry.value, n, w))?,
            }
        }
        entries.end()
    }
}

/// What may be seen of a cell.
struct Seen<T>(Shown<T>);

impl<T> Seen<T> {
    fn map<U>(self, shape: impl FnOnce(T) -> U) -> Seen<U> {
        Seen(self.0.and_then(|value| Some(shape(value))))
    }
}

impl<T: Serialize> Serialize for Seen<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Shown::Value(value) => value.serialize(serializer),
            Shown::Suppressed => serializer.serialize_str("suppressed"),
            Shown::Undefined => serializer.serialize_none(),
        }
    }
}
