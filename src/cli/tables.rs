//! `tab` and `crosstab`: one request, one read of the data, tables out.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::arguments::{
    AxisChoice, CellArgument, Crosstab, DifferenceChoice, Format, NoAnswerChoice, PercentChoice,
    ReadingArguments, SchemaArguments, Shared, Source, Tab,
};
use super::interval_arguments::{Wanted, check_replicates};
use super::output::Output;
use super::progress::Bar;
use super::workbook::{Part, SheetsChoice, book, refuse_terminal};
use crate::design::Sample;
use crate::diag::{Diagnostic, Failure, quote, suggestion};
use crate::disclosure::{Placed, Suppressed, Whom, suppress};
use crate::frame::{Encoding, ReadOptions, Sheet, WeightSource};
use crate::render::{Left, MEASURES, Measure, TextStyle, TidyStyle};
use crate::schema::{NoAnswer, QuestionIndex, Survey};
use crate::sheet::{
    Axis, CellChoice, Difference, Explanation, Language, PercentBase, Profile, arrange, arranged,
    standing_notes,
};
use crate::significance::{Against, Comparing, Correction, Options, Preset, SEED, Statistic, Test};
use crate::tabulate::{Estimating, Request, Table, fill_with_spread, sort_rows, top_rows};
pub use crate::toml::read_text;

/// A request for tables, whichever command it came by.
pub struct TableArguments {
    rows: String,
    cols: Option<String>,
    subtotals: bool,
    banner_missing: bool,
    index: Option<u32>,
    range: bool,
    tests: Vec<Test>,
    comparison: Option<Comparing>,
    seed: u64,
    explain: bool,
    shared: Shared,
}

impl From<Tab> for TableArguments {
    fn from(tab: Tab) -> Self {
        TableArguments {
            rows: tab.rows,
            cols: None,
            subtotals: false,
            banner_missing: false,
            index: None,
            range: false,
            tests: tab.test.iter().filter_map(|name| named(&Test::ALL, name)).collect(),
            comparison: None,
            seed: SEED,
            explain: false,
            shared: tab.shared,
        }
    }
}

impl From<Crosstab> for TableArguments {
    fn from(crosstab: Crosstab) -> Self {
        let comparison = comparison(&crosstab);
        TableArguments {
            rows: crosstab.rows,
            cols: Some(crosstab.cols),
            subtotals: crosstab.subtotals,
            banner_missing: crosstab.banner_missing,
            index: crosstab.index,
            range: crosstab.range,
            tests: crosstab.test.iter().filter_map(|name| named(&Test::ALL, name)).collect(),
            comparison,
            seed: crosstab.seed,
            explain: crosstab.explain,
            shared: crosstab.shared,
        }
    }
}

/// What a name of a list stands for.
pub fn named<T: Copy>(known: &[(&str, T)], name: &str) -> Option<T> {
    known.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn comparison(crosstab: &Crosstab) -> Option<Comparing> {
    let preset = named(&Preset::ALL, crosstab.sig.as_deref()?)?;
    let correction = crosstab.correction.as_ref().and_then(|name| named(&Correction::ALL, name));
    Some(Comparing {
        preset,
        levels: crosstab.level.0.clone(),
        correction: correction.unwrap_or(preset.correction()),
        against: named(&Against::ALL, &crosstab.against).unwrap_or_default(),
    })
}

/// Makes the tables and writes them; warnings come back.
pub fn run(arguments: TableArguments) -> anyhow::Result<Vec<Diagnostic>> {
    let shared = &arguments.shared;
    if !matches!(shared.percent, PercentChoice::Banner) {
        let mut errors = Vec::new();
        if shared.diff.is_some() {
            errors.push(
                Diagnostic::error("expected `--percent banner` with `--diff`, found another base")
                    .hint("a difference from the total compares percentages within the groups"),
            );
        }
        if arguments.index.is_some() {
            errors.push(
                Diagnostic::error("expected `--percent banner` with `--index`, found another base")
                    .hint("an index compares percentages within the groups with the total's"),
            );
        }
        if arguments.comparison.is_some() {
            errors.push(
                Diagnostic::error("expected `--percent banner` with `--sig`, found another base")
                    .hint("letters compare percentages within the groups"),
            );
        }
        if shared.intervals.interval.is_some() {
            errors.push(
                Diagnostic::error("expected `--percent banner` with `--interval`, found another base")
                    .hint("intervals are of percentages within the groups"),
            );
        }
        if !errors.is_empty() {
            return Err(Failure::Refused(errors).into());
        }
    }
    if arguments.explain && !matches!(format(shared), Format::Text | Format::Md) {
        let error =
            Diagnostic::error("expected `--format text` or `md` with `--explain`, found another format");
        return Err(Failure::Refused(vec![error.hint("it prints sentences, no tables")]).into());
    }
    let (survey, mut warnings) = load_schema(&shared.source.schema)?;
    let request = Request::resolve(
        &survey,
        &arguments.rows,
        arguments.cols.as_deref(),
        shared.filter.as_deref(),
        no_answer(shared.no_answer),
    )
    .map_err(Failure::Refused)?;
    let (subtotals, banner_missing) = (arguments.subtotals, arguments.banner_missing);
    let joint = significance(&arguments, &survey).needs();
    let request = Request { subtotals, banner_missing, joint, ..request };
    let targets = match &shared.targets {
        Some(path) => {
            let targets = super::weight::load_targets(path, &survey)?;
            warnings.extend(targets.warnings);
            Some((path, targets.value))
        }
        None => None,
    };
    let mut files = inputs(&shared.source);
    files.extend(shared.targets.as_deref());
    let mut output = Output::open(shared.out.as_deref(), &files)?;
    let workbook = format(shared) == Format::Xlsx;
    if workbook {
        refuse_terminal(&output)?;
    }

    let mut questions = request.questions(&survey);
    questions.extend(targets.iter().flat_map(|(_, targets)| targets.questions()));
    let tested = joint.design() && (survey.design.is_some() || targets.is_some());
    let estimating = match wanted(shared, &survey).filter(|wanted| wanted.spread) {
        Some(wanted) if wanted.totals => Some(Estimating::Totals),
        Some(_) => Some(Estimating::Cells),
        None => tested.then_some(Estimating::Tests),
    };
    if estimating.is_some() {
        let source = &shared.source;
        let named = source.weight.is_some() && source.weight != survey.weight;
        let other = named || source.weights.is_some() || source.no_weight || targets.is_some();
        check_replicates(&survey, other)?;
    }
    let options = ReadOptions { design: estimating.is_some(), ..source_options(&shared.source, &survey) };
    let mut dataset =
        crate::frame::read_all(&shared.source.data, &survey, &questions, &options, &Bar::new("reading"))?;
    let calibration = match &targets {
        Some((path, targets)) => {
            let weighting = super::weight::reweigh(&mut dataset, targets, path, &survey, shared.lang.into())?;
            estimating.and_then(|_| super::weight::calibration(&weighting))
        }
        None => None,
    };
    // Cells hold the words of the questionnaire that was answered; tables have those asked for.
    let survey = survey.in_language(shared.lang.into());
    let sheets = sheets(&arguments);
    let parts = match workbook && sheets == SheetsChoice::Banner {
        true => of_banners(&request),
        false => vec![request.clone()],
    };
    let threads = threads(shared.source.reading.threads);
    let sample = estimating.map(|_| Sample::of(&survey, &dataset)).transpose().map_err(Failure::Refused)?;
    let sample = sample.map(|sample| Sample { calibration, ..sample });
    let spread = sample.as_ref().zip(estimating);
    let fill = |part| fill_with_spread(&survey, part, &dataset, spread, threads, &Bar::new("counting"));
    let mut tables: Vec<Vec<Table>> = parts.iter().map(fill).collect();
    drop(sample);
    // What is hidden is neither ranked nor cut off: it is gone before.
    warnings.extend(release(&survey, &request, tables.iter_mut().flatten()));
    let mut tables: Vec<Vec<Table>> = tables.into_iter().map(|tables| shown(tables, shared)).collect();
    warnings.extend(dataset.warnings.iter().cloned());
    let respondents = dataset.respondents;
    drop(dataset);
    if workbook {
        let profile = |several: bool| profile(&arguments, several, &request, &survey);
        let parts = tables.iter().zip(&parts).map(|(tables, part)| Part {
            banner: banner_ids(part, &survey),
            tables: arranged(tables, &profile(tables.len() > 1)),
        });
        let about = (&survey, respondents);
        let book = book(parts.collect(), sheets, shared.workbook.charts, about, shared.lang.into());
        let mut left = Left::default();
        let written = book.write(&mut output).map(|found| left = found);
        output.finish(written)?;
        warnings.extend(super::workbook::warnings(left, shared.out.as_deref()));
        return Ok(warnings);
    }
    let tables = tables.swap_remove(0);
    let written = write(&mut output, &tables, &arguments, &request, &survey);
    output.finish(written)?;
    Ok(warnings)
}

/// The sheets asked for: GT tables are read on, cross tables are looked up.
fn sheets(arguments: &TableArguments) -> SheetsChoice {
    let default = if arguments.cols.is_some() { SheetsChoice::Question } else { SheetsChoice::One };
    arguments.shared.workbook.sheets.unwrap_or(default)
}

/// `age>sex,area`: the banners of a request.
fn banner_ids(request: &Request, survey: &Survey) -> String {
    let path = |path: &Vec<QuestionIndex>| {
        let ids: Vec<&str> = path.iter().map(|&question| survey.questions[question].id.as_str()).collect();
        ids.join(">")
    };
    request.banners.iter().map(path).collect::<Vec<_>>().join(",")
}

/// A request for each banner alone.
fn of_banners(request: &Request) -> Vec<Request> {
    match request.banners.len() {
        0 => vec![request.clone()],
        _ => request
            .banners
            .iter()
            .map(|banner| Request { banners: vec![banner.clone()], ..request.clone() })
            .collect(),
    }
}

/// Hides in tables that are published together what must be hidden; warnings come back.
pub fn release<'a>(
    survey: &Survey,
    request: &Request,
    tables: impl Iterator<Item = &'a mut Table>,
) -> Vec<Diagnostic> {
    let mut placed: Vec<Placed<'_>> = Whom::of_request(survey, request).place(tables).collect();
    told(suppress(survey, &mut placed))
}

/// Says how much was hidden; warnings come back.
pub fn told(suppressed: Suppressed) -> Vec<Diagnostic> {
    if let Some(words) = suppressed.in_words() {
        super::say(&words);
    }
    suppressed.warnings
}

/// The rows to show, in the order asked for.
fn shown(mut tables: Vec<Table>, shared: &Shared) -> Vec<Table> {
    if shared.sort || shared.top.is_some() {
        tables = sort_rows(&tables);
    }
    if let Some(count) = shared.top {
        tables.iter_mut().for_each(|table| *table = top_rows(table, count as usize));
    }
    tables
}

/// Whether 無回答 is in the base, when that was said.
pub fn no_answer(choice: Option<NoAnswerChoice>) -> Option<NoAnswer> {
    choice.map(|choice| match choice {
        NoAnswerChoice::Include => NoAnswer::Include,
        NoAnswerChoice::Exclude => NoAnswer::Exclude,
    })
}

/// The files that are read.
pub fn inputs(source: &Source) -> Vec<&Path> {
    let data = source.data.iter().chain(&source.weights).map(PathBuf::as_path);
    data.chain(source.schema.files()).collect()
}

/// Loads a schema file with files of additions, as its files of a wave are to be read; warnings come back.
pub fn load_schema(arguments: &SchemaArguments) -> Result<(Survey, Vec<Diagnostic>), Failure> {
    let (name, text) = read_text(&arguments.schema, "the schema could not be read")?;
    let overlays = arguments.overlays.iter().map(|path| read_text(path, "the additions could not be read"));
    let overlays = overlays.collect::<Result<Vec<_>, _>>()?;
    let survey = crate::schema::load_with(&name, &text, &overlays).map_err(Failure::Refused)?;
    let wave = arguments.wave.as_ref().map(|id| find_wave(&survey.value, id)).transpose()?;
    let in_wave = wave.map(|wave| survey.value.in_wave(wave)).unwrap_or(survey.value);
    let corrected = match &arguments.corrections {
        Some(path) => {
            let corrections = crate::frame::read_corrections(path, &in_wave)?;
            in_wave.corrected(corrections)
        }
        None => in_wave,
    };
    Ok((corrected, survey.warnings))
}

/// The wave with this id.
fn find_wave(survey: &Survey, id: &str) -> Result<usize, Failure> {
    let ids = || survey.waves.iter().map(|wave| wave.id.as_str());
    ids().position(|known| known == id).ok_or_else(|| {
        let error = Diagnostic::error(format!("unknown wave {} in `--wave`", quote(id)));
        let listed: Vec<String> = ids().map(quote).collect();
        Failure::Refused(vec![match (suggestion(id, ids()), listed.is_empty()) {
            (Some(hint), _) => error.hint(hint),
            (None, true) => error.hint("the schema has no `[[wave]]`"),
            (None, false) => error.hint(format!("the schema has {}", listed.join(", "))),
        }])
    })
}

/// How the data are to be read, with their weight.
pub fn source_options(source: &Source, survey: &Survey) -> ReadOptions {
    ReadOptions { weight: weight(source, survey), ..read_options(&source.reading) }
}

fn weight(source: &Source, survey: &Survey) -> WeightSource {
    match (&source.weight, &source.weights, &survey.weight) {
        _ if source.no_weight => WeightSource::None,
        (Some(column), _, _) => WeightSource::Column(column.clone()),
        (None, Some(file), _) => WeightSource::File(file.clone()),
        (None, None, Some(column)) => WeightSource::Column(column.clone()),
        (None, None, None) => WeightSource::None,
    }
}

/// How to read a file of data, without weights.
pub fn read_options(reading: &ReadingArguments) -> ReadOptions {
    ReadOptions {
        encoding: reading.encoding.map(Encoding::from),
        sheet: reading.sheet.as_deref().map(Sheet::of),
        layout: reading.layout,
        delimiter: reading.delimiter,
        skip: reading.skip,
        header_rows: reading.header_rows,
        lenient: reading.lenient,
        threads: usize::from(reading.threads),
        ..ReadOptions::default()
    }
}

fn write(
    output: &mut Output,
    tables: &[Table],
    arguments: &TableArguments,
    request: &Request,
    survey: &Survey,
) -> io::Result<()> {
    let wanted = wanted(&arguments.shared, survey);
    let interval = wanted.map(|wanted| wanted.level);
    let profile = Profile { interval, ..profile(arguments, tables.len() > 1, request, survey) };
    let shared = &arguments.shared;
    if arguments.explain {
        let sections = crate::sheet::methods(tables, &profile);
        let text = match format(shared) {
            Format::Md => crate::render::methods_markdown(&sections),
            _ => crate::render::methods_text(&sections),
        };
        return output.write_all(text.as_bytes());
    }
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
        Format::Json => {
            output.write_all(crate::render::json(tables, &profile.significance, interval).as_bytes())
        }
        Format::Tidy => {
            let asked = |measure: &(Measure, &str)| {
                let named = shared.measures.iter().any(|name| name == measure.1);
                match measure.0 {
                    measure if measure.is_of_variance() => {
                        named || (shared.measures.is_empty() && interval.is_some())
                    }
                    Measure::Index => named || (shared.measures.is_empty() && arguments.index.is_some()),
                    _ => named || shared.measures.is_empty(),
                }
            };
            let measures: Vec<Measure> =
                MEASURES.iter().filter(|measure| asked(measure)).map(|(measure, _)| *measure).collect();
            let statistics: Vec<&str> = Statistic::ALL
                .into_iter()
                .filter(|name| shared.measures.is_empty() || shared.measures.iter().any(|m| m == name))
                .collect();
            let style = TidyStyle { measures: &measures, statistics: &statistics, profile: &profile };
            crate::render::tidy(output, tables, &style)
        }
        // Workbooks have a way of their own.
        Format::Xlsx => Ok(()),
    }
}

/// Standard errors and intervals asked for, by flag or by name of a measure.
fn wanted(shared: &Shared, survey: &Survey) -> Option<Wanted> {
    let of_variance = MEASURES.iter().filter(|(measure, _)| measure.is_of_variance()).map(|(_, name)| *name);
    let named = of_variance.filter(|name| shared.measures.iter().any(|measure| measure == name));
    shared.intervals.wanted(&named.collect::<Vec<_>>(), survey)
}

/// The format asked for, or the one the name of the output tells.
fn format(shared: &Shared) -> Format {
    shared.format.unwrap_or(match extension(shared.out.as_deref()) {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("md") => Format::Md,
        Some("xlsx") => Format::Xlsx,
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

/// The tests and comparisons asked for.
fn significance(arguments: &TableArguments, survey: &Survey) -> Options {
    Options {
        tests: arguments.tests.clone(),
        comparison: arguments.comparison.clone(),
        sampling: survey.sampling,
        designed: survey.design.is_some(),
        seed: arguments.seed,
    }
}

fn profile(arguments: &TableArguments, several: bool, request: &Request, survey: &Survey) -> Profile {
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
        index: arguments.index,
        range: arguments.range,
        number: match shared.number {
            _ if shared.no_number => None,
            // A book of everything is referred to by number; a few tables are not.
            None => (several && arguments.rows.split(',').any(|name| name.trim() == "all")).then_some(1),
            number => number,
        },
        explanation: shared.explain_base.then(|| {
            let filter = request.filter.as_ref().map(|filter| &filter.condition);
            Explanation::of(survey, filter, language)
        }),
        interval: None,
        significance: significance(arguments, survey),
        low_base: shared.low_base,
        hatch: !shared.no_hatch,
        era: survey.era,
        unit: survey.unit.clone(),
        notes: standing_notes(survey, language).into_iter().chain(shared.note.clone()).collect(),
    }
}
