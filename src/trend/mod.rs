//! The same questions over waves: values side by side, changes from wave to wave, and their tests.
//!
//! In: [`crate::tabulate::Table`]s of several waves, or of one whose columns are waves, and published
//! percentages without data. Out: a [`Trend`] for each question. This room must not know words of a
//! language, rounding or output.
//!
//! `panel` narrows datasets to the respondents of every wave and counts who changed.

mod panel;

pub use panel::{Panel, PanelStep, follows};

use std::sync::Arc;

use crate::schema::Kind;
use crate::significance::{Change, Compared, Comparing, Occasion, Untested, changes};
use crate::stats::Ratio;
use crate::tabulate::{ColumnRole, QuestionWords, RowRole, Shown, StubRow, Table};

/// A percentage as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedPercent {
    /// The number itself.
    pub value: Ratio,
    /// Decimal places printed.
    pub decimals: u32,
}

/// A wave known by its published percentages of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its id in the file.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Who published it; `None`: nobody, the values are assumed.
    pub source: Option<String>,
    /// Id of the question.
    pub question: String,
    /// The base, where it was published.
    pub base: Option<u64>,
    /// Percentages by the question's options, and by its nets; `None`: not published.
    pub options: Vec<Option<PublishedPercent>>,
    /// Of its nets.
    pub nets: Vec<Option<PublishedPercent>>,
}

/// One column of a trend.
#[derive(Debug, Clone)]
pub enum Wave {
    /// Counted from data.
    Counted {
        /// Its id.
        id: String,
        /// What it is called.
        label: String,
        /// The table.
        table: Arc<Table>,
        /// The table's column that is the wave.
        column: usize,
    },
    /// Published without data.
    Published(Published),
}

/// One question over waves.
#[derive(Debug, Clone)]
pub struct Trend {
    /// The question.
    pub question: QuestionWords,
    /// Columns, in order of time.
    pub waves: Vec<Wave>,
    /// Rows.
    pub rows: Vec<TrendRow>,
    /// Respondents of every wave only.
    pub panel: bool,
}

/// What a row's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Percentages of the base.
    Percent,
    /// Means of a number.
    Mean,
    /// Means of scores.
    Score,
    /// Ratios of sums; those for 100 have differences in points.
    Ratio,
}

/// One row over waves.
#[derive(Debug, Clone)]
pub struct TrendRow {
    /// Row of the tables.
    pub row: usize,
    /// What it is.
    pub stub: StubRow,
    /// What its values are.
    pub measure: Measure,
    /// By wave.
    pub values: Vec<TrendValue>,
    /// From each wave to the next.
    pub steps: Vec<Step>,
}

/// One wave's value in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendValue {
    /// The percentage or mean.
    pub value: Shown<Ratio>,
    /// Decimals printed, where it was published.
    pub printed: Option<u32>,
    /// Respondents of its base; `None` where they were not published, or nobody could have answered.
    pub base: Option<u64>,
}

/// The change from one wave to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Later less earlier, from raw; of a panel's numbers the mean change of those who gave both.
    pub difference: Shown<Ratio>,
    /// The test.
    pub test: Result<Change, Untested>,
    /// Respondents that were compared with themselves, in a panel.
    pub pairs: Option<u64>,
}

impl Wave {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Wave::Counted { id, .. } => id,
            Wave::Published(published) => &published.id,
        }
    }

    /// What it is called.
    pub fn label(&self) -> &str {
        match self {
            Wave::Counted { label, .. } => label,
            Wave::Published(published) => &published.label,
        }
    }

    /// Its column of data.
    pub fn occasion(&self) -> Option<Occasion<'_>> {
        match self {
            Wave::Counted { table, column, .. } => Some(Occasion { table, column: *column }),
            Wave::Published(_) => None,
        }
    }

    fn value(&self, row: usize, stub: &StubRow, place: Place, measure: Measure) -> TrendValue {
        match self {
            Wave::Counted { table, column, .. } => {
                let value = match measure {
                    Measure::Percent => table.column_percent(row, *column),
                    Measure::Mean | Measure::Score => table.mean(row, *column),
                    Measure::Ratio => table.ratio(row, *column),
                };
                let n = table.base(row, *column).n;
                let base = (n > 0 && table.is_offered(row, *column)).then_some(n);
                TrendValue { value, printed: None, base }
            }
            Wave::Published(published) => {
                let percent = match (stub.role, place) {
                    (RowRole::Option, Place::Option(place)) => published.options.get(place),
                    (RowRole::Net, Place::Net(place)) => published.nets.get(place),
                    _ => None,
                };
                let percent = percent.copied().flatten();
                let value = percent.map_or(Shown::Undefined, |percent| Shown::Value(percent.value));
                TrendValue {
                    value,
                    printed: percent.map(|percent| percent.decimals),
                    base: published.base.filter(|_| percent.is_some()),
                }
            }
        }
    }
}

/// Which option or net of the question a row is.
#[derive(Debug, Clone, Copy)]
enum Place {
    Option(usize),
    Net(usize),
    Other,
}

/// What a row is worth in a trend; `None`: nothing that is compared over waves.
fn measure(table: &Table, stub: &StubRow) -> Option<Measure> {
    let numbers = table.question.kind.is_measured() || table.question.kind == Kind::Ratio;
    match stub.role {
        RowRole::Score => Some(Measure::Score),
        RowRole::Ratio => Some(Measure::Ratio),
        RowRole::Number if table.question.kind == Kind::Ratio && table.means.is_none() => None,
        RowRole::Number => Some(Measure::Mean),
        RowRole::Missing if numbers => None,
        RowRole::Option | RowRole::Missing | RowRole::Net => Some(Measure::Percent),
    }
}

impl Trend {
    /// The trend of one question: its waves, the published ones too, in order of time.
    ///
    /// All tables have the rows of today's questionnaire. `None` without a table.
    pub fn of(waves: Vec<Wave>, panel: Option<&Panel>, test: Result<&Comparing, Untested>) -> Option<Trend> {
        let table = waves.iter().find_map(|wave| wave.occasion().map(|occasion| occasion.table))?;
        let question = table.question.clone();
        let (mut options, mut nets) = (0.., 0..);
        let mut rows = Vec::new();
        for (row, stub) in table.stub.iter().enumerate() {
            let next = |places: &mut std::ops::RangeFrom<usize>| places.next().unwrap_or(0);
            let place = match stub.role {
                _ if table.is_summary() => Place::Other,
                RowRole::Option => Place::Option(next(&mut options)),
                RowRole::Net => Place::Net(next(&mut nets)),
                _ => Place::Other,
            };
            let Some(measure) = measure(table, stub) else { continue };
            let values: Vec<TrendValue> =
                waves.iter().map(|wave| wave.value(row, stub, place, measure)).collect();
            let steps = steps(&waves, row, stub, measure, &values, panel, test);
            rows.push(TrendRow { row, stub: stub.clone(), measure, values, steps });
        }
        Some(Trend { question, waves, rows, panel: panel.is_some() })
    }

    /// The tables, each once.
    pub fn tables(&self) -> Vec<&Table> {
        let mut tables: Vec<&Table> = Vec::new();
        for occasion in self.waves.iter().filter_map(Wave::occasion) {
            if !tables.iter().any(|table| std::ptr::eq(*table, occasion.table)) {
                tables.push(occasion.table);
            }
        }
        tables
    }

    /// Whether a wave's questionnaire had the question for anybody.
    pub fn is_asked(&self, wave: usize) -> bool {
        match &self.waves[wave] {
            Wave::Counted { table, .. } => !table.notes.contains(&crate::tabulate::Note::NotInWave),
            Wave::Published(_) => true,
        }
    }
}

fn steps(
    waves: &[Wave],
    row: usize,
    stub: &StubRow,
    measure: Measure,
    values: &[TrendValue],
    panel: Option<&Panel>,
    test: Result<&Comparing, Untested>,
) -> Vec<Step> {
    let points = measure != Measure::Ratio || stub.per == Some(100);
    let paired = |step: usize| panel.and_then(|panel| panel.step(stub, step));
    let difference = |step: usize| -> Shown<Ratio> {
        // Of a panel's numbers those who gave both; of its answers these are all.
        if let (Some(found), Measure::Mean | Measure::Score) = (paired(step), measure) {
            return found.difference.map_or(Shown::Undefined, Shown::Value);
        }
        if !points {
            return Shown::Undefined;
        }
        values[step + 1].value.with(values[step].value).and_then(|(later, earlier)| later.minus(earlier))
    };
    let compared = |step: usize| -> Compared<'_> {
        let (earlier, later) = (waves[step].occasion(), waves[step + 1].occasion());
        let shown = |value: &TrendValue| value.value.value().is_some();
        match (test, earlier, later) {
            (Err(why), ..) => Compared::Not(why),
            _ if measure == Measure::Ratio || stub.role == RowRole::Missing => {
                Compared::Not(Untested::NotCompared)
            }
            _ if !values[step..=step + 1].iter().all(shown) => Compared::Not(Untested::NotAvailable),
            (_, Some(earlier), Some(later)) => match (panel, paired(step)) {
                (None, _) => Compared::Samples(later, earlier),
                (Some(_), Some(found)) => Compared::Panel(found.paired),
                (Some(_), None) => Compared::Not(Untested::NotAvailable),
            },
            _ => Compared::Not(Untested::Published),
        }
    };
    let all: Vec<Compared> = (0..waves.len().saturating_sub(1)).map(compared).collect();
    let tests = match test {
        Ok(comparing) => changes(&all, row, comparing),
        Err(why) => vec![Err(why); all.len()],
    };
    let step = |(step, test)| Step {
        difference: difference(step),
        test,
        pairs: paired(step).map(|found| found.paired.n()),
    };
    tests.into_iter().enumerate().map(step).collect()
}

/// The columns of a table whose banner is the waves.
pub fn waves_of_banner(table: Table) -> Vec<Wave> {
    let table = Arc::new(table);
    let groups = (0..table.columns.len()).filter(|&column| table.columns[column].role == ColumnRole::Group);
    groups
        .map(|column| Wave::Counted {
            id: table.columns[column].codes.iter().map(ToString::to_string).collect(),
            label: table.columns[column].labels.concat(),
            table: Arc::clone(&table),
            column,
        })
        .collect()
}
