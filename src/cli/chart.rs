//! `chart`: one read of the data, a drawing or a picture for each question.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::chart_arguments::{Chart, ChartFormat};
use super::interval_arguments::{IntervalArguments, Wanted, check_replicates};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, inputs, load_schema, no_answer, release, source_options, threads};
use super::typeface::{no_font, typeface};
use crate::chart::{ChartRequest, ChartSpec, FAMILIES, Kind, Style, charts, draw, svg};
use crate::design::Sample;
use crate::diag::{Diagnostic, Failure, failure, plural, quote};
use crate::frame::ReadOptions;
use crate::render::Typeface;
use crate::schema::Survey;
use crate::sheet::{Profile, standing_notes};
use crate::tabulate::{Estimating, Request, fill_with_spread};

/// Where charts go.
enum Target {
    /// One chart to a file or the terminal.
    One(Box<Output>),
    /// A file for each into this folder; whether it was made for them.
    Folder(PathBuf, bool),
}

/// Draws the charts and writes them; warnings come back.
pub fn run(arguments: &Chart) -> anyhow::Result<Vec<Diagnostic>> {
    let format = format(arguments);
    let (survey, mut warnings) = load_schema(&arguments.source.schema)?;
    let resolved = Request::resolve(
        &survey,
        &arguments.rows,
        arguments.cols.as_deref(),
        arguments.filter.as_deref(),
        no_answer(arguments.no_answer),
    );
    let request = resolved.map_err(Failure::Refused)?;
    let interval = interval(arguments, &survey)?;
    let typeface = match format {
        ChartFormat::Png => {
            let found = typeface(arguments.font.as_deref())?;
            Some(found.ok_or_else(|| Failure::Refused(vec![no_font("a PNG")]))?)
        }
        ChartFormat::Svg => None,
    };
    let mut files = inputs(&arguments.source);
    files.extend(arguments.font.as_deref());
    let target = Target::open(arguments.out.as_deref(), &files)?;

    let mut drawn = || -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let design = interval.is_some_and(|wanted| wanted.spread);
        let options = ReadOptions { design, ..source_options(&arguments.source, &survey) };
        let questions = request.questions(&survey);
        let bar = Bar::new("reading");
        let dataset = crate::frame::read_all(&arguments.source.data, &survey, &questions, &options, &bar)?;
        let survey = survey.in_language(arguments.lang.into());
        let workers = threads(arguments.source.reading.threads);
        let sample = design.then(|| Sample::of(&survey, &dataset)).transpose().map_err(Failure::Refused)?;
        let spread = sample.as_ref().map(|sample| (sample, Estimating::Cells));
        let mut tables =
            fill_with_spread(&survey, &request, &dataset, spread, workers, &Bar::new("counting"));
        warnings.extend(release(&survey, &request, tables.iter_mut()));
        warnings.extend(dataset.warnings.iter().cloned());
        let profile = Profile {
            decimals: arguments.decimals,
            low_base: arguments.low_base,
            interval: interval.map(|wanted| wanted.level),
            notes: standing_notes(&survey, arguments.lang.into())
                .into_iter()
                .chain(arguments.note.clone())
                .collect(),
            ..Profile::plain(&survey, arguments.lang.into())
        };
        let asked = ChartRequest {
            kind: arguments.kind,
            highlight: arguments.highlight.clone(),
            answers: arguments.answer.clone(),
            source: arguments.origin.clone(),
            lenient: arguments.rows.split(',').any(|name| name.trim() == "all" || name.contains('*')),
        };
        let made = charts(&tables, &asked, &profile).map_err(Failure::Refused)?;
        warnings.extend(made.warnings);
        if let (Target::One(_), count @ (0 | 2..)) = (&target, made.value.len()) {
            let count = plural(count as u64, "chart");
            let error = Diagnostic::error(format!("expected one chart for one file, found {count}"));
            let error = error.hint("give a folder: `--out charts`");
            return Err(Failure::Refused(vec![error]).into());
        }
        Ok(pictures(&made.value, arguments, typeface.as_ref()).map_err(Failure::Refused)?)
    };
    match drawn() {
        Ok(files) => target.write(files, format)?,
        Err(error) => {
            target.abandon();
            return Err(error);
        }
    }
    Ok(warnings)
}

/// What is wanted of intervals, which one kind of chart shows.
fn interval(arguments: &Chart, survey: &Survey) -> Result<Option<Wanted>, Failure> {
    if arguments.kind != Some(Kind::Interval) {
        return match arguments.intervals.interval {
            None => Ok(None),
            Some(_) => {
                let error =
                    Diagnostic::error("expected `--kind interval` with `--interval`, found another kind");
                Err(Failure::Refused(vec![error.hint("that kind shows estimates and their intervals")]))
            }
        };
    }
    let source = &arguments.source;
    let named = source.weight.is_some() && source.weight != survey.weight;
    check_replicates(survey, named || source.weights.is_some() || source.no_weight)?;
    let auto = IntervalArguments { interval: Some("auto".into()), ..arguments.intervals.clone() };
    let typed = arguments.intervals.interval.is_some();
    Ok(if typed { &arguments.intervals } else { &auto }.wanted(&[], survey))
}

/// The format asked for, or the one that the name of the output tells.
fn format(arguments: &Chart) -> ChartFormat {
    arguments.format.unwrap_or(match extension(arguments.out.as_deref()) {
        Some("png") => ChartFormat::Png,
        _ => ChartFormat::Svg,
    })
}

/// Name and content of each file; every chart that cannot be drawn is told.
fn pictures(
    charts: &[ChartSpec],
    arguments: &Chart,
    typeface: Option<&Typeface>,
) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let style =
        Style { width: arguments.width, palette: arguments.palette.into(), hatched: arguments.pattern };
    let mut errors = Vec::new();
    let mut files = Vec::new();
    // Names differ in more than case, which some systems do not tell apart.
    let mut taken = HashSet::new();
    for chart in charts {
        let drawing = svg(chart, &draw(chart, &style), &FAMILIES);
        let content = match typeface {
            None => Ok(drawing.into_bytes()),
            Some(typeface) => {
                let what = format!("the chart {}", quote(&chart.id));
                let drawn = typeface.png(&drawing, arguments.scale);
                drawn.map_err(|why| why.told(&what, typeface, "write an SVG"))
            }
        };
        let mut name = chart.id.clone();
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{}-{number}", chart.id);
            number += 1;
        }
        match content {
            Ok(content) => files.push((name, content)),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

impl Target {
    /// Opens the file, or makes the folder, before any work.
    fn open(out: Option<&Path>, inputs: &[&Path]) -> Result<Target, Failure> {
        let folder = out.filter(|path| path.is_dir() || !path.exists() && extension(out).is_none());
        let Some(path) = folder else {
            return Ok(Target::One(Box::new(Output::open(out, inputs)?)));
        };
        let new = !path.exists();
        if new {
            std::fs::create_dir(path).map_err(|error| failure(path, "could not be made", &error))?;
        }
        Ok(Target::Folder(path.to_path_buf(), new))
    }

    fn write(self, files: Vec<(String, Vec<u8>)>, format: ChartFormat) -> Result<(), Failure> {
        match self {
            Target::One(mut output) => {
                let written = files.iter().try_for_each(|(_, content)| output.write_all(content));
                output.finish(written)
            }
            Target::Folder(folder, _) => {
                let ending = match format {
                    ChartFormat::Svg => "svg",
                    ChartFormat::Png => "png",
                };
                for (name, content) in files {
                    let path = folder.join(format!("{name}.{ending}"));
                    let mut output = Output::open(Some(&path), &[])?.one_of_many();
                    let written = output.write_all(&content);
                    output.finish(written)?;
                }
                Ok(())
            }
        }
    }

    /// Leaves nothing behind.
    fn abandon(self) {
        if let Target::Folder(folder, true) = self {
            _ = std::fs::remove_dir(folder);
        }
    }
}
