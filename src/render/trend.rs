//! Trends as tidy lines and JSON, full precision, for programs.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::SCHEMA_VERSION;
use super::tidy::{COLUMNS, field};
use crate::schema::{Language, NoAnswer, Sampling};
use crate::sheet::{caveat, change_definition, panel_caveat};
use crate::significance::{Comparing, Untested};
use crate::stats::Ratio;
use crate::tabulate::{RowRole, Shown, Table};
use crate::trend::{Measure, Trend, TrendRow, Wave};

/// What is told of tests.
pub struct TrendStyle<'a> {
    /// How changes were compared; `None`: they were not.
    pub comparing: Option<&'a Comparing>,
    /// How respondents came into the survey.
    pub sampling: Option<Sampling>,
    /// Whether the questionnaire declares a sampling design.
    pub designed: bool,
    /// The number of respondents under which a line's note says so.
    pub low_base: u64,
}

impl TrendStyle<'_> {
    /// The definition of the test, with what it is worth.
    fn words(&self, trend: &Trend) -> Option<String> {
        let definition = change_definition(self.comparing?, trend, Language::English);
        let caveat = caveat(self.sampling, Language::English);
        let panel = panel_caveat(trend, self.designed, Language::English);
        Some([Some(definition.as_str()), caveat, panel].into_iter().flatten().collect::<Vec<_>>().join("; "))
    }
}

/// The name of a row's values.
fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Percent => "col_pct",
        Measure::Mean | Measure::Score => "mean",
        Measure::Ratio => "ratio",
    }
}

/// A line for each row, wave and measure, then for each change; the columns are those of other tables, `col` is
/// `wave` and the code of a change `r1>r3`.
pub fn trend_tidy(trends: &[Trend], style: &TrendStyle, language: Language) -> String {
    let mut out = COLUMNS.join(",") + "\n";
    for (number, trend) in trends.iter().enumerate() {
        let tables = trend.tables();
        let about = tables.first().map_or(String::new(), |table| about(table));
        for row in &trend.rows {
            let stub = &row.stub;
            let code = stub.code.as_ref().map(ToString::to_string).unwrap_or_default();
            let label = match (stub.role, &stub.code) {
                (RowRole::Missing, None) => language.words().no_answer,
                _ => &stub.label,
            };
            let before =
                format!("{},{},{},{},wave", number + 1, field(&stub.question), field(&code), field(label));
            let role = super::row_role(stub.role);
            let mut line =
                |names: [&str; 2], measure: &str, value: &str, note: &str, kind: &str, wave: &str| {
                    let names = names.map(field).join(",");
                    let (note, about) = (field(note), about.replace('\0', &field(wave)));
                    // Writing into a string does not fail.
                    _ = writeln!(out, "{before},{names},{measure},{value},{note},{role},{kind},,{about}");
                };
            for (place, wave) in trend.waves.iter().enumerate() {
                let names = [wave.id(), wave.label()];
                let seen = row.values[place];
                let kind = if wave.occasion().is_some() { "wave" } else { "published" };
                for (measure, value) in counts(wave, row) {
                    line(names, measure, &value, "", kind, wave.id());
                }
                let low = seen.base.is_some_and(|n| n < style.low_base);
                let (value, note) = match seen.value {
                    Shown::Value(ratio) => (shown(ratio), if low { "low_base" } else { "" }),
                    Shown::Suppressed => (String::new(), "suppressed"),
                    Shown::Undefined => (String::new(), "undefined"),
                };
                line(names, measure_name(row.measure), &value, note, kind, wave.id());
            }
            for (place, step) in row.steps.iter().enumerate() {
                let pair = [&trend.waves[place], &trend.waves[place + 1]];
                let (code, label) = (
                    format!("{}>{}", pair[0].id(), pair[1].id()),
                    format!("{} > {}", pair[0].label(), pair[1].label()),
                );
                let names = [code.as_str(), label.as_str()];
                if let Some(n) = step.pairs {
                    line(names, "panel_n", &n.to_string(), "", "change", "");
                }
                let (value, note) = match step.difference {
                    Shown::Value(ratio) => (shown(ratio), ""),
                    Shown::Suppressed => (String::new(), "suppressed"),
                    Shown::Undefined => (String::new(), "undefined"),
                };
                line(names, "diff", &value, note, "change", "");
                match &step.test {
                    Ok(change) => {
                        line(names, "change", &change.statistic.to_string(), "", "change", "");
                        if let Some(df) = change.df {
                            line(names, "change_df", &df.to_string(), "", "change", "");
                        }
                        line(names, "change_p", &change.p.to_string(), "", "change", "");
                        line(names, "change_adjusted_p", &change.adjusted.to_string(), "", "change", "");
                    }
                    Err(why) => {
                        let words = why.words(Language::English).filter(|_| *why != Untested::NotAsked);
                        if let Some(words) = words {
                            line(names, "change", "", &format!("not_run: {words}"), "change", "");
                        }
                    }
                }
            }
        }
    }
    out
}

/// The end of a line: `base_kind,wave,filter,weight`, the wave left open.
fn about(table: &Table) -> String {
    let base = match table.no_answer {
        NoAnswer::Include => "include",
        NoAnswer::Exclude => "exclude",
    };
    let text = |text: &Option<String>| field(text.as_deref().unwrap_or(""));
    format!("{base},\0,{},{}", text(&table.filter), text(&table.weight))
}

/// The shortest text that reads back as the same double; whole numbers without a point.
fn shown(ratio: Ratio) -> String {
    match ratio.denominator() {
        1 => ratio.numerator().to_string(),
        _ => ratio.to_f64().to_string(),
    }
}

/// Respondents and bases of a row in a wave.
fn counts(wave: &Wave, row: &TrendRow) -> Vec<(&'static str, String)> {
    match wave {
        Wave::Counted { table, column, .. } => {
            let base = table.shown_base(row.row, *column).value();
            let cell = table.cell(row.row, *column).value();
            let mut counts: Vec<(&'static str, String)> = Vec::new();
            counts.extend(cell.map(|cell| ("n", cell.n.to_string())));
            counts.extend(base.map(|base| ("base", base.n.to_string())));
            if table.weighted() {
                counts.extend(cell.map(|cell| ("wn", shown(table.weight_sum(cell.w)))));
                counts.extend(base.map(|base| ("wbase", shown(table.weight_sum(base.w)))));
                let effective = base.and_then(|base| base.effective());
                counts.extend(effective.map(|effective| ("ebase", shown(effective))));
            }
            counts
        }
        Wave::Published(_) => row_base(row, wave),
    }
}

fn row_base(row: &TrendRow, wave: &Wave) -> Vec<(&'static str, String)> {
    let Wave::Published(published) = wave else { return Vec::new() };
    let options = matches!(row.stub.role, RowRole::Option | RowRole::Net);
    published.base.filter(|_| options).map(|base| ("base", base.to_string())).into_iter().collect()
}

/// All trends, versioned.
pub fn trend_json(trends: &[Trend], style: &TrendStyle) -> String {
    let lines: Vec<String> = trends
        .iter()
        .map(|trend| serde_json::to_string(&TrendShape::of(trend, style)).unwrap_or_default())
        .collect();
    format!("{{\"schema_version\":{SCHEMA_VERSION},\"trends\":[\n{}\n]}}\n", lines.join(",\n"))
}

#[derive(Serialize)]
struct TrendShape<'a> {
    question: &'a str,
    heading: &'a str,
    panel: bool,
    filter: Option<&'a str>,
    weight: Option<&'a str>,
    /// How changes were tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    waves: Vec<WaveShape<'a>>,
    rows: Vec<RowShape<'a>>,
}

#[derive(Serialize)]
struct WaveShape<'a> {
    id: &'a str,
    label: &'a str,
    published: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct RowShape<'a> {
    question: &'a str,
    role: &'static str,
    code: Option<String>,
    label: &'a str,
    measure: &'static str,
    /// By wave; `null` where not available.
    values: Vec<Option<f64>>,
    /// By wave: respondents.
    bases: Vec<Option<u64>>,
    changes: Vec<ChangeShape>,
}

#[derive(Serialize)]
struct ChangeShape {
    /// Index of the earlier wave; the later one follows it.
    from: usize,
    difference: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    panel_n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    df: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjusted_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_run: Option<&'static str>,
}

impl<'a> TrendShape<'a> {
    fn of(trend: &'a Trend, style: &TrendStyle) -> Self {
        let table = trend.waves.iter().find_map(|wave| wave.occasion().map(|occasion| occasion.table));
        let waves = trend.waves.iter().map(|wave| WaveShape {
            id: wave.id(),
            label: wave.label(),
            published: wave.occasion().is_none(),
            source: match wave {
                Wave::Published(published) => published.source.as_deref(),
                Wave::Counted { .. } => None,
            },
        });
        let rows = trend.rows.iter().map(|row| RowShape {
            question: &row.stub.question,
            role: super::row_role(row.stub.role),
            code: row.stub.code.as_ref().map(ToString::to_string),
            label: &row.stub.label,
            measure: measure_name(row.measure),
            values: row.values.iter().map(|seen| seen.value.value().map(Ratio::to_f64)).collect(),
            bases: row.values.iter().map(|seen| seen.base).collect(),
            changes: row.steps.iter().enumerate().map(ChangeShape::of).collect(),
        });
        TrendShape {
            question: &trend.question.id,
            heading: &trend.question.heading,
            panel: trend.panel,
            filter: table.and_then(|table| table.filter.as_deref()),
            weight: table.and_then(|table| table.weight.as_deref()),
            test: style.words(trend),
            waves: waves.collect(),
            rows: rows.collect(),
        }
    }
}

impl ChangeShape {
    fn of((from, step): (usize, &crate::trend::Step)) -> ChangeShape {
        let change = step.test.as_ref().ok();
        ChangeShape {
            from,
            difference: step.difference.value().map(Ratio::to_f64),
            panel_n: step.pairs,
            statistic: change.map(|change| change.statistic),
            df: change.and_then(|change| change.df),
            p: change.map(|change| change.p),
            adjusted_p: change.map(|change| change.adjusted),
            not_run: step.test.as_ref().err().and_then(|why| why.words(Language::English)),
        }
    }
}
