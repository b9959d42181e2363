//! A group beside others: everybody, those outside it, or percentages that somebody published.
//!
//! Both are tables of their own, without a banner, so that a group's notes are of that group. Answers stand in the
//! order of the questionnaire, whatever their figures: charts of different groups then differ in figures only.

use super::draft::{Draft, measure, named, named_row, ordered};
use super::request::{ChartRequest, charts};
use super::spec::{Category, ChartSpec, Figure, Kind, Role, Series};
use super::values::{
    answers, column_base, column_series, figure, low, role_of_row, row_category, row_series,
};
use super::words::worded;
use crate::diag::{Diagnostic, quote};
use crate::sheet::{Language, Profile, base_line, shown_rows, table_notes};
use crate::tabulate::{Shown, Table, join_missing};

/// A group and what stands beside it.
#[derive(Debug, Clone)]
pub struct Beside<'a> {
    /// What the group is called.
    pub name: &'a str,
    /// Codes of options or ids of nets to show, in this order; empty: all options.
    pub answers: &'a [String],
    /// What it is compared with.
    pub other: Option<Other<'a>>,
    /// The kind of chart; `None`: bands for the rows of a grid, else bars.
    pub kind: Option<Kind>,
}

/// What a group is compared with.
#[derive(Debug, Clone)]
pub enum Other<'a> {
    /// Other respondents: what they are called, and tables of the same rows.
    Respondents(&'a str, &'a [Table]),
    /// Percentages without data: what they are called, their base, and the figure of each label.
    Published(&'a str, Option<u64>, Vec<(String, Option<Figure>)>),
}

/// Charts of a group's tables: one for each, the rows of a grid with one answer each in one.
///
/// # Errors
/// A table that makes no chart of the kind, and answers that it does not have.
pub fn beside(
    tables: &[Table],
    beside: &Beside<'_>,
    profile: &Profile,
) -> Result<Vec<ChartSpec>, Vec<Diagnostic>> {
    let own = |kind: Kind| !matches!(kind, Kind::Pairs | Kind::Combo | Kind::Bar | Kind::Bands);
    let measures = matches!(beside.kind, Some(Kind::Pairs | Kind::Combo));
    let lone_pairs = measures && beside.other.is_none();
    if let Some(kind) = beside.kind.filter(|kind| own(*kind)) {
        if beside.other.is_some() {
            let error = Diagnostic::error(format!("{} shows one group, beside nothing", kind.quoted()));
            return Err(vec![error.hint("`compare = \"none\"` leaves the group alone")]);
        }
        let request =
            ChartRequest { kind: Some(kind), answers: beside.answers.to_vec(), ..ChartRequest::default() };
        return charts(tables, &request, profile).map(|made| made.value);
    }
    let no_answer = [Language::Japanese, Language::English].map(|language| language.words().no_answer);
    let joined = |tables: &[Table]| -> Vec<Table> {
        tables.iter().map(|table| join_missing(table, &no_answer)).collect()
    };
    let tables = joined(tables);
    let others = match &beside.other {
        Some(Other::Respondents(_, others)) => joined(others),
        _ => Vec::new(),
    };
    let maker = Maker { beside, profile };
    let (mut made, mut errors, mut start) = (Vec::new(), Vec::new(), 0);
    while start < tables.len() {
        let first = &tables[start];
        let bands = first.question.kind.takes_one_option() && first.grid.is_some();
        let bands = beside.kind == Some(Kind::Bands) || (bands && beside.kind.is_none());
        let together = |table: &&Table| bands && first.grid.is_some() && table.grid == first.grid;
        let end = match lone_pairs {
            true => tables.len(),
            false => start + 1 + tables[start + 1..].iter().take_while(together).count(),
        };
        let one: Vec<&Table> = tables[start..end].iter().collect();
        let other: Vec<&Table> = others.get(start..end).map_or(Vec::new(), |others| others.iter().collect());
        let chart = match (lone_pairs, bands) {
            (true, _) => maker.measures(&one),
            (false, true) => maker.bands(&one, &other),
            (false, false) => maker.bars(one[0], other.first().copied()),
        };
        match chart {
            Ok(chart) => made.push(chart),
            Err(error) => errors.push(error),
        }
        start = end;
    }
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}

struct Maker<'a> {
    beside: &'a Beside<'a>,
    profile: &'a Profile,
}

impl Maker<'_> {
    /// The rows to show: those asked for, or all answers that anybody of either gave or could have given.
    fn rows(&self, tables: &[&Table]) -> Result<Vec<usize>, Diagnostic> {
        let table = tables[0];
        if self.beside.answers.is_empty() {
            let shown = shown_rows(tables);
            let all = answers(table);
            let part = |row: &usize| all.contains(row) || role_of_row(table, *row) == Role::Missing;
            return Ok(shown.into_iter().filter(part).collect());
        }
        self.beside.answers.iter().map(|answer| named_row(table, answer)).collect()
    }

    /// The group's bars beside those of others.
    fn bars(&self, table: &Table, other: Option<&Table>) -> Result<ChartSpec, Diagnostic> {
        if table.question.kind.is_measured() && !table.is_summary() {
            let error = format!("{} is a number, which has no bars of answers", quote(&table.question.id));
            return Err(
                Diagnostic::error(error).hint("`kind = \"histogram\"` and `compare = \"none\"` show it")
            );
        }
        let tables: Vec<&Table> = std::iter::once(table).chain(other).collect();
        let rows = self.rows(&tables)?;
        let mut series = vec![Series { highlight: true, ..self.series(table, self.beside.name, &rows) }];
        match (&self.beside.other, other) {
            (Some(Other::Respondents(name, _)), Some(other)) => series.push(self.series(other, name, &rows)),
            (Some(Other::Published(name, n, values)), _) => {
                let value = |row: &usize| {
                    let label = &table.stub[*row].label;
                    let found = values.iter().find(|(known, _)| known == label);
                    let figure = found.and_then(|(_, figure)| figure.clone());
                    figure.map_or(Shown::Undefined, Shown::Value)
                };
                let values = rows.iter().map(value).collect();
                series.push(Series { name: name.to_string(), n: *n, low_base: false, values, ..bare() });
            }
            _ => {}
        }
        let kind = match (series.len(), self.beside.kind) {
            (0 | 1, _) => Kind::Bar,
            (_, Some(Kind::Combo)) => Kind::Combo,
            _ => Kind::Pairs,
        };
        let categories = rows.iter().map(|&row| {
            let own = row_category(table, row, self.profile);
            // Where a group stands beside others, each has a base of its own, told with its name.
            if series[0].n.is_some() { Category { n: None, low_base: false, ..own } } else { own }
        });
        let categories = categories.collect();
        let measure = measure(table, &rows);
        let draft = Draft { kind, categories, series, measure, ordered: false, notes: Vec::new() };
        Ok(self.worded(&tables, draft))
    }

    fn series(&self, table: &Table, name: &str, rows: &[usize]) -> Series {
        let bases: Vec<u64> =
            rows.iter().filter_map(|&row| Some(table.shown_base(row, 0).value()?.n)).collect();
        // Rows of a grid have one base where all were asked all of them.
        let one = bases.first().copied().filter(|first| bases.iter().all(|base| base == first));
        Series {
            name: name.to_string(),
            n: one,
            low_base: bases.iter().any(|&base| low(base, self.profile)),
            ..column_series(table, 0, rows, self.profile)
        }
    }

    /// Bands of answers, the group's and the others' under one another for each question.
    fn bands(&self, tables: &[&Table], others: &[&Table]) -> Result<ChartSpec, Diagnostic> {
        let all: Vec<&Table> = tables.iter().chain(others).copied().collect();
        if tables.iter().any(|table| !table.question.kind.takes_one_option() || table.is_summary()) {
            let error =
                Diagnostic::error(format!("{} has no parts that make 100 %: no `bands`", named(tables)));
            return Err(error.hint("leave `kind` away: bars show several answers"));
        }
        if let Some(Other::Published(..)) = self.beside.other {
            let error = Diagnostic::error("published percentages stand beside bars, found `bands`");
            return Err(error.hint("`kind = \"bar\"` makes bars"));
        }
        let rows = self.rows(&all)?;
        let (mut categories, mut order) = (Vec::new(), Vec::new());
        for (place, table) in tables.iter().enumerate() {
            let heading = table.grid.as_ref().map(|_| table.question.heading.as_str());
            categories.push(self.band(table, heading, self.beside.name, !others.is_empty()));
            order.push(*table);
            if let (Some(other), Some(Other::Respondents(name, _))) = (others.get(place), &self.beside.other)
            {
                categories.push(self.band(other, heading, name, false));
                order.push(other);
            }
        }
        let series = rows.iter().map(|&row| Series {
            values: order.iter().map(|table| figure(table, row, 0, self.profile)).collect(),
            ..row_series(tables[0], row, &[], self.profile)
        });
        let series = series.collect();
        let ordered = ordered(tables[0]) || tables[0].grid.is_some();
        let measure = measure(tables[0], &rows);
        let draft = Draft { kind: Kind::Bands, categories, series, measure, ordered, notes: Vec::new() };
        Ok(self.worded(&all, draft))
    }

    fn band(&self, table: &Table, heading: Option<&str>, name: &str, highlight: bool) -> Category {
        let n = column_base(table, 0, None);
        Category {
            label: heading.map_or(name.to_string(), |heading| format!("{heading}｜{name}")),
            code: Some(table.question.id.clone()),
            n,
            low_base: n.is_some_and(|n| low(n, self.profile)),
            role: Role::Group,
            highlight,
        }
    }

    /// Two measures of the same answers, both the group's.
    fn measures(&self, tables: &[&Table]) -> Result<ChartSpec, Diagnostic> {
        let [one, other] = tables else {
            let error = Diagnostic::error(format!(
                "expected two questions for `pairs` beside nothing, found {}",
                tables.len()
            ));
            return Err(error.hint("name two with the same answers: `rows = \"q22,q23\"`"));
        };
        let rows = self.rows(&[*one, *other])?;
        let alike =
            rows.iter().all(|&row| other.stub.get(row).is_some_and(|stub| stub.label == one.stub[row].label));
        if !alike {
            let error = Diagnostic::error(format!(
                "{} and {} have different options and make no pairs",
                quote(&one.question.id),
                quote(&other.question.id)
            ));
            return Err(error.hint("`answers` chooses those that both have"));
        }
        let categories = rows.iter().map(|&row| Category {
            n: None,
            low_base: false,
            ..row_category(one, row, self.profile)
        });
        let categories = categories.collect();
        let mut series: Vec<Series> =
            tables.iter().map(|table| self.series(table, &table.question.heading, &rows)).collect();
        series[0].highlight = true;
        let kind = self.beside.kind.unwrap_or(Kind::Pairs);
        let measure = measure(one, &rows);
        let draft = Draft { kind, categories, series, measure, ordered: false, notes: Vec::new() };
        Ok(self.worded(tables, draft))
    }

    /// The words: of the group's table, with the notes of all.
    fn worded(&self, tables: &[&Table], draft: Draft) -> ChartSpec {
        let language = self.profile.language;
        let small = draft.categories.iter().any(|category| category.low_base)
            || draft.series.iter().any(|series| series.low_base);
        let mut of = base_line(tables[0], self.profile);
        if tables[0].has_mentions() {
            of.push_str(language.choose("　複数回答", "; several answers allowed"));
        }
        let mut caption = vec![of];
        if let Some(filter) = &tables[0].filter {
            caption.push(format!("{}{filter}", language.choose("条件: ", "Filter: ")));
        }
        if small {
            caption.push(match language {
                Language::Japanese => format!("* は n が {} 未満のため参考値", self.profile.low_base),
                Language::English => format!("* base under {}: indicative only", self.profile.low_base),
            });
        }
        let notes = tables.iter().flat_map(|table| table_notes(table, self.profile));
        for note in notes.chain(self.profile.notes.iter().cloned()) {
            if !caption.contains(&note) {
                caption.push(note);
            }
        }
        let own = match draft.kind {
            // Both tables of a pair are of one question, but for two measures.
            Kind::Pairs | Kind::Combo | Kind::Bar if self.beside.other.is_some() => &tables[..1],
            _ => tables,
        };
        ChartSpec { caption, ..worded(own, draft, &ChartRequest::default(), self.profile) }
    }
}

/// A series of nothing yet.
fn bare() -> Series {
    Series {
        name: String::new(),
        code: None,
        n: None,
        low_base: false,
        role: Role::Group,
        highlight: false,
        side: None,
        values: Vec::new(),
    }
}
