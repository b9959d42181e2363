//! `tab` and `crosstab`: one request, one read of the data, tables out.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::arguments::{
    AxisChoice, CellArgument, Crosstab, DifferenceChoice, EncodingChoice, Format, NoAnswerChoice,
    PercentChoice, Shared, Tab,
};
use super::output::{Output, failure};
use super::progress::Bar;
use crate::diag::{Diagnostic, Failure};
use crate::frame::{Encoding, ReadOptions, WeightSource};
use crate::render::{MEASURES, Measure, TextStyle};
use crate::schema::{NoAnswer, Survey};
use crate::sheet::{Axis, CellChoice, Difference, Language, PercentBase, Profile, arrange};
use crate::tabulate::{Request, Table, fill, sort_rows, top_rows};

/// A request for tables, whichever command it came by.
pub struct TableArguments {
    rows: String,
    cols: Option<String>,
    shared: Shared,
}

impl From<Tab> for TableArguments {
    fn from(tab: Tab) -> Self {
        TableArguments { rows: tab.rows, cols: None, shared: tab.shared }
    }
}

impl From<Crosstab> for TableArguments {
    fn from(crosstab: Crosstab) -> Self {
        TableArguments { rows: crosstab.rows, cols: Some(crosstab.cols), shared: crosstab.shared }
    }
}

/// Makes the tables and writes them; warnings come back.
pub fn run(arguments: TableArguments) -> anyhow::Result<Vec<Diagnostic>> {
    let shared = &arguments.shared;
    if shared.diff.is_some() && !matches!(shared.percent, PercentChoice::Banner) {
        return Err(Failure::Refused(vec![
            Diagnostic::error("expected `--percent banner` with `--diff`, found another base")
                .hint("a difference from the total compares percentages within the groups"),
        ])
        .into());
    }
    let (survey, mut warnings) = load_schema(&shared.schema, &shared.overlays)?;
    let request = Request::resolve(
        &survey,
        &arguments.rows,
        arguments.cols.as_deref(),
        shared.filter.as_deref(),
        shared.no_answer.map(|choice| match choice {
            NoAnswerChoice::Include => NoAnswer::Include,
            NoAnswerChoice::Exclude => NoAnswer::Exclude,
        }),
    )
    .map_err(Failure::Refused)?;
    let inputs: Vec<&Path> = [Some(&shared.data), Some(&shared.schema), shared.weights.as_ref()]
        .into_iter()
        .flatten()
        .chain(&shared.overlays)
        .map(|path| path.as_path())
        .collect();
    let mut output = Output::open(shared.out.as_deref(), &inputs)?;

    let dataset = crate::frame::read(
        &shared.data,
        &survey,
        &request.questions(&survey),
        &read_options(shared, &survey),
        &Bar::new("reading"),
    )?;
    // Cells hold the words of the questionnaire that was answered; tables have those asked for.
    let survey = survey.in_language(shared.lang.into());
    let mut tables = fill(&survey, &request, &dataset, threads(shared.threads), &Bar::new("counting"));
    warnings.extend(dataset.warnings.iter().cloned());
    drop(dataset);
    if shared.sort || shared.top.is_some() {
        tables = sort_rows(&tables);
    }
    if let Some(count) = shared.top {
        tables.iter_mut().for_each(|table| *table = top_rows(table, count as usize));
    }
    let written = write(&mut output, &tables, &arguments, &survey);
    output.finish(written)?;
    Ok(warnings)
}

/// Loads a schema file with files of additions; warnings come back.
pub fn load_schema(path: &Path, overlays: &[PathBuf]) -> Result<(Survey, Vec<Diagnostic>), Failure> {
    let (name, text) = read_toml(path, "the schema could not be read")?;
    let overlays = overlays.iter().map(|path| read_toml(path, "the additions could not be read"));
    let overlays = overlays.collect::<Result<Vec<_>, _>>()?;
    let survey = crate::schema::load_with(&name, &text, &overlays).map_err(Failure::Refused)?;
    Ok((survey.value, survey.warnings))
}

/// Name and text of a file in TOML.
pub fn read_toml(path: &Path, broken: &str) -> Result<(String, String), Failure> {
    let text = std::fs::read(path).map_err(|error| failure(path, broken, &error))?;
    let name = path.display().to_string();
    let text = String::from_utf8(text).map_err(|_| {
        Failure::Refused(vec![
            Diagnostic::error("expected a schema in UTF-8, found other bytes")
                .at(crate::diag::Place::File(name.clone()))
                .hint("save the schema as UTF-8; the data may be CP932"),
        ])
    })?;
    Ok((name, text))
}

fn read_options(shared: &Shared, survey: &Survey) -> ReadOptions {
    let weight = match (&shared.weight, &shared.weights, &survey.weight) {
        _ if shared.no_weight => WeightSource::None,
        (Some(column), _, _) => WeightSource::Column(column.clone()),
        (None, Some(file), _) => WeightSource::File(file.clone()),
        (None, None, Some(column)) => WeightSource::Column(column.clone()),
        (None, None, None) => WeightSource::None,
    };
    ReadOptions {
        encoding: shared.encoding.map(|encoding| match encoding {
            EncodingChoice::Utf8 => Encoding::Utf8,
            EncodingChoice::Cp932 => Encoding::Cp932,
            EncodingChoice::Utf16Le => Encoding::Utf16Le,
            EncodingChoice::Utf16Be => Encoding::Utf16Be,
        }),
        delimiter: shared.delimiter,
        skip: shared.skip,
        header_rows: shared.header_rows,
        lenient: shared.lenient,
        threads: usize::from(shared.threads),
        weight,
    }
}

fn write(
    output: &mut Output,
    tables: &[Table],
    arguments: &TableArguments,
    survey: &Survey,
) -> io::Result<()> {
    let profile = profile(arguments, survey);
    let shared = &arguments.shared;
    match format(shared) {
        Format::Text => {
            let style = text_style(output, shared.width);
            output.write_all(crate::render::text(&arrange(tables, &profile), style).as_bytes())
        }
        Format::Csv => {
            // A mark would make a number text; only small bases are marked.
            let profile = Profile { hatch: false, ..profile };
            output.write_all(crate::render::csv(&arrange(tables, &profile)).as_bytes())
        }
        Format::Md => output.write_all(crate::render::markdown(&arrange(tables, &profile)).as_bytes()),
        Format::Json => output.write_all(crate::render::json(tables).as_bytes()),
        Format::Tidy => {
            let asked = |measure: &(Measure, &str)| {
                shared.measures.is_empty() || shared.measures.iter().any(|name| name == measure.1)
            };
            let measures: Vec<Measure> =
                MEASURES.iter().filter(|measure| asked(measure)).map(|(measure, _)| *measure).collect();
            crate::render::tidy(output, tables, &measures, profile.low_base, profile.language)
        }
    }
}

/// The format asked for, or the one the name of the output tells.
fn format(shared: &Shared) -> Format {
    shared.format.unwrap_or(match extension(shared.out.as_deref()) {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("md") => Format::Md,
        _ => Format::Text,
    })
}

/// The ending of the output's name.
pub fn extension(out: Option<&Path>) -> Option<&str> {
    out?.extension()?.to_str()
}

/// As wide as asked for or as the terminal that reads along, and in its colours.
pub fn text_style(output: &Output, width: Option<u16>) -> TextStyle {
    let terminal = || output.is_terminal().then(terminal_size::terminal_size).flatten();
    let width = width.or_else(|| terminal().map(|(width, _)| width.0));
    TextStyle { width: width.map(usize::from), colour: super::colour(output.is_terminal()) }
}

/// As many threads as asked for; 0: as many as the machine has.
pub fn threads(asked: u16) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        asked => usize::from(asked),
    }
}

fn profile(arguments: &TableArguments, survey: &Survey) -> Profile {
    let shared = &arguments.shared;
    let language = Language::from(shared.lang);
    let default_cell = if arguments.cols.is_some() { CellChoice::Percent } else { CellChoice::Both };
    Profile {
        language,
        axis: match (shared.axis, language) {
            (Some(AxisChoice::Side), _) | (None, Language::Japanese) => Axis::Side,
            (Some(AxisChoice::Top), _) | (None, Language::English) => Axis::Top,
        },
        cell: shared.cell.map_or(default_cell, |cell| match cell {
            CellArgument::Count => CellChoice::Count,
            CellArgument::Percent => CellChoice::Percent,
            CellArgument::Both => CellChoice::Both,
            CellArgument::Apart => CellChoice::Apart,
        }),
        percent: match shared.percent {
            PercentChoice::Banner => Some(PercentBase::Banner),
            PercentChoice::Stub => Some(PercentBase::Stub),
            PercentChoice::Total => Some(PercentBase::Total),
            PercentChoice::Mention => Some(PercentBase::Mention),
            PercentChoice::None => None,
        },
        decimals: shared.decimals,
        difference: shared.diff.map(|choice| match choice {
            DifferenceChoice::Raw => Difference::Raw,
            DifferenceChoice::Shown => Difference::Shown,
        }),
        low_base: shared.low_base,
        hatch: !shared.no_hatch,
        unit: survey.unit.clone(),
        notes: survey.note.iter().chain(&shared.note).cloned().collect(),
    }
}
