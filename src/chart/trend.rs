//! Questions over waves: bars of each wave beside one another, or lines from wave to wave.

use super::spec::{Category, ChartSpec, Figure, Kind, Measure, Role, Series};
use super::values::role_of;
use crate::diag::{Diagnostic, quote};
use crate::sheet::{Content, Language, Profile, Value, base_line, row_label, trend_cell, trend_rows};
use crate::tabulate::{RowRole, Shown};
use crate::trend::{self, Trend, TrendRow, Wave};

/// Lines that can be told apart.
const LINES: usize = 8;

/// The chart of a trend; of two or three waves bars, of more lines, unless a kind is asked for.
///
/// # Errors
/// More lines than can be told apart.
pub fn trend_chart(
    trend: &Trend,
    kind: Option<Kind>,
    source: Option<&str>,
    profile: &Profile,
) -> Result<ChartSpec, Diagnostic> {
    let language = profile.language;
    let percent = |row: &&TrendRow| row.measure == trend::Measure::Percent;
    let shown = trend_rows(trend);
    // Percentages and the mean of their scores have no axis in common.
    let of_answers = shown.iter().any(percent);
    let summary = trend.tables().iter().any(|table| table.is_summary());
    let mut rows: Vec<&TrendRow> = shown.into_iter().filter(|row| percent(row) == of_answers).collect();
    let usual = if trend.waves.len() > 3 || rows.len() == 1 { Kind::Line } else { Kind::Grouped };
    let kind = kind.unwrap_or(usual);
    let net = |row: &&TrendRow| row.stub.role == RowRole::Net;
    match (kind, summary) {
        (_, true) => {}
        // A net is no part beside the parts that it is of, and of lines the one to look at.
        (Kind::Line, false) if rows.iter().any(net) => rows.retain(net),
        (Kind::Line, false) => rows.retain(|row| row.stub.role != RowRole::Missing),
        _ => rows.retain(|row| !net(row)),
    }
    if kind == Kind::Line && rows.len() > LINES {
        let (id, count) = (quote(&trend.question.id), rows.len());
        let error =
            Diagnostic::error(format!("{id} would have {count} lines, and {LINES} can be told apart"));
        return Err(error.hint("`--kind grouped` shows bars of each wave"));
    }
    let mean = |row: &TrendRow| match row.measure {
        trend::Measure::Mean | trend::Measure::Score if !summary => language.words().mean.to_string(),
        _ => row_label(&row.stub, profile),
    };
    let figures =
        |row: &TrendRow| (0..trend.waves.len()).map(|wave| figure(trend, row, wave, profile)).collect();
    let of_rows = rows.iter().map(|row| Series {
        name: mean(row),
        code: row.stub.code.as_ref().map(ToString::to_string),
        n: None,
        low_base: false,
        role: role_of(&row.stub),
        highlight: false,
        side: None,
        values: figures(row),
    });
    let of_rows: Vec<Series> = of_rows.collect();
    let waves: Vec<Category> =
        (0..trend.waves.len()).map(|wave| self::wave(trend, wave, &rows, profile)).collect();
    let (categories, series) = match kind {
        Kind::Line => (waves, of_rows),
        _ => super::draft::turned(waves, of_rows),
    };
    let small = categories.iter().any(|one| one.low_base) || series.iter().any(|one| one.low_base);
    let mut caption: Vec<String> =
        trend.tables().first().map(|table| base_line(table, profile)).into_iter().collect();
    caption.extend(small.then(|| super::words::small_base(profile)));
    caption.extend(sources(trend, language));
    caption.extend(profile.notes.iter().cloned());
    let question = &trend.question;
    let per_hundred = |row: &&TrendRow| row.stub.per == Some(100);
    let heading = if question.heading.is_empty() { &question.text } else { &question.heading };
    Ok(ChartSpec {
        id: super::words::file_name(&format!("{}_trend", question.id)),
        kind,
        title: format!("{heading}{}", language.choose("：推移", ": trend")),
        question: (question.text != *heading).then(|| question.text.clone()),
        categories,
        series,
        measure: if of_answers || rows.iter().all(per_hundred) { Measure::Percent } else { Measure::Number },
        ordered: false,
        caption,
        source: source.map(str::to_string),
        language,
    })
}

fn figure(trend: &Trend, row: &TrendRow, wave: usize, profile: &Profile) -> Shown<Figure> {
    let cell = trend_cell(trend, row, wave, profile);
    match cell.content {
        Content::Number(Value::Exact(value), _) => {
            Shown::Value(Figure { value, label: cell.shown(), difference: None, range: None })
        }
        Content::Suppressed => Shown::Suppressed,
        _ => Shown::Undefined,
    }
}

/// A wave with its base, where the rows shown have one in common.
fn wave(trend: &Trend, wave: usize, rows: &[&TrendRow], profile: &Profile) -> Category {
    let mut bases = rows.iter().filter_map(|row| row.values[wave].base);
    let first = bases.next();
    let n = first.filter(|first| bases.all(|base| base == *first));
    Category {
        label: trend.waves[wave].label().to_string(),
        code: Some(trend.waves[wave].id().to_string()),
        n,
        low_base: n.is_some_and(|n| super::values::low(n, profile)),
        role: Role::Group,
        highlight: false,
    }
}

/// Who published the waves without data.
fn sources(trend: &Trend, language: Language) -> Vec<String> {
    let published = trend.waves.iter().filter_map(|wave| match wave {
        Wave::Published(published) => Some((&published.label, published.source.as_ref()?)),
        Wave::Counted { .. } => None,
    });
    published.map(|(label, source)| format!("{label}{} {source}", language.choose("：", ":"))).collect()
}
