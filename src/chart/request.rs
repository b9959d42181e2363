//! From tables and a request to charts: which of them stand in one, and of which kind it is.

use super::draft::{
    Draft, is_one_figure, line, map, named, of_bands, of_bars, pairs, parts_of_a_whole, scatter,
};
use super::histogram::bins;
use super::interval::intervals;
use super::spec::{ChartSpec, Kind};
use super::values::answers;
use super::words::{highlight, worded};
use crate::diag::{Diagnostic, Warned};
use crate::schema;
use crate::sheet::{Language, Profile};
use crate::tabulate::{NumberMeasure, Table, join_missing};

/// What is asked of charts, whatever they are of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartRequest {
    /// The kind; `None`: as the question is.
    pub kind: Option<Kind>,
    /// Codes or labels of answers, or labels or codes of groups, to stand out.
    pub highlight: Vec<String>,
    /// Codes of options or ids of nets, where a chart shows one answer of several.
    pub answers: Vec<String>,
    /// Where the data come from.
    pub source: Option<String>,
    /// A question that makes no chart is left out with a warning.
    pub lenient: bool,
}
/// Charts of tables: one for each, the rows of a grid without a banner in one.
///
/// # Errors
/// Every table that makes no chart of the kind, and names that nothing has.
pub fn charts(
    tables: &[Table],
    request: &ChartRequest,
    profile: &Profile,
) -> Result<Warned<Vec<ChartSpec>>, Vec<Diagnostic>> {
    let no_answer = [Language::Japanese, Language::English].map(|language| language.words().no_answer);
    let tables: Vec<Table> = tables.iter().map(|table| join_missing(table, &no_answer)).collect();
    let mut made = Warned::new(Vec::new());
    let mut errors = Vec::new();
    let mut start = 0;
    while start < tables.len() {
        let first = &tables[start];
        let together =
            |table: &&Table| first.columns.len() == 1 && first.grid.is_some() && table.grid == first.grid;
        let end = match (request.kind, first.columns.len()) {
            // Two measures, whatever the tables are rows of.
            (Some(Kind::Scatter), _) | (Some(Kind::Pairs | Kind::Combo), 1) => tables.len(),
            _ => start + 1 + tables[start + 1..].iter().take_while(together).count(),
        };
        let group: Vec<&Table> = tables[start..end].iter().collect();
        match draft(&group, request, profile) {
            Ok(draft) => made.value.push(worded(&group, draft, request, profile)),
            Err(error) if request.lenient && request.kind.is_none() => {
                made.warnings.push(Diagnostic { severity: crate::diag::Severity::Warning, ..error });
            }
            Err(error) => errors.push(error),
        }
        start = end;
    }
    errors.extend(highlight(&mut made.value, &request.highlight));
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}

fn draft(tables: &[&Table], request: &ChartRequest, profile: &Profile) -> Result<Draft, Diagnostic> {
    let table = tables[0];
    let name = named(tables);
    if table.question.kind == schema::Kind::Date {
        let error = Diagnostic::error(format!("{name} is a date, and no two answers need be alike"));
        return Err(error.hint("`by` in a `[[derive]]` groups days by month or year"));
    }
    let means = |measure: &NumberMeasure| matches!(measure, NumberMeasure::Mean | NumberMeasure::Ratio);
    if table.means.as_ref().is_some_and(|of| !of.measures.first().is_some_and(means)) {
        let error = Diagnostic::error(format!("{name} asks for a measure of which there is no chart"));
        return Err(error.hint("charts show means and ratios: `q8:mean`, `r1:ratio`"));
    }
    let banner = table.columns.len() > 1;
    let kind = request.kind.unwrap_or_else(|| usual(tables));
    match kind {
        Kind::Pie | Kind::Donut => parts_of_a_whole(tables, kind, profile),
        Kind::Band | Kind::Bands | Kind::Likert => of_bands(tables, kind, profile),
        Kind::Histogram if table.question.kind != schema::Kind::Number || table.means.is_some() => {
            let error = Diagnostic::error(format!("{name} is no number and has no histogram"));
            Err(error.hint("leave `--kind` away: the chart is then of the question's kind"))
        }
        Kind::Histogram if banner => {
            let error = Diagnostic::error("a histogram shows one group, found `--cols`");
            Err(error.hint("take one group with `--filter`, or `--kind bar` for the means of all"))
        }
        Kind::Histogram => Ok(bins(table, profile)),
        Kind::Interval => intervals(tables, request, profile),
        Kind::Pairs | Kind::Combo => pairs(tables, request, profile),
        Kind::Scatter => scatter(tables, request, profile),
        Kind::Line => line(tables, request, profile),
        Kind::Map => map(table, request, profile),
        Kind::Bar | Kind::Grouped | Kind::Heat => of_bars(tables, kind, request, profile),
    }
}

/// The kind that a question's kind makes.
fn usual(tables: &[&Table]) -> Kind {
    let table = tables[0];
    let banner = table.columns.len() > 1;
    let rows = answers(table).len();
    let several = |groups: usize| if groups <= 5 && rows * groups <= 48 { Kind::Grouped } else { Kind::Heat };
    match (table.question.kind, banner) {
        (schema::Kind::Number, false) if table.means.is_none() => Kind::Histogram,
        _ if is_one_figure(table) => Kind::Bar,
        _ if table.is_summary() && !banner => Kind::Bar,
        _ if table.is_summary() => several(table.columns.len()),
        (kind, false) if kind.takes_one_option() && tables.len() == 1 && table.grid.is_none() => {
            if rows <= 6 { Kind::Band } else { Kind::Bar }
        }
        (kind, _) if kind.takes_one_option() => Kind::Bands,
        (_, false) if tables.len() == 1 => Kind::Bar,
        (_, false) => several(tables.len()),
        (_, true) => several(table.columns.len()),
    }
}
