//! `weight`: targets and replies into a file of weights, and a report of what they reach.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, load_schema, read_text, text_style};
use super::weight_arguments::{Weight, WeightReportFormat};
use crate::design::Calibration;
use crate::diag::{Diagnostic, Failure, Warned};
use crate::frame::{Dataset, ReadOptions, WeightSource};
use crate::render::{TextStyle, weighting_json, weights_csv};
use crate::schema::Survey;
use crate::sheet::{Language, weighting};
use crate::weight::{Report, Targets, Weighting, weigh};

/// Writes weights and report; warnings come back.
pub fn run(arguments: &Weight) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) = load_schema(&arguments.schema)?;
    let respondent = respondent(&survey)?;
    let targets = load_targets(&arguments.targets, &survey)?;
    warnings.extend(targets.warnings);
    let targets = targets.value;
    let inputs: Vec<&Path> = arguments
        .data
        .iter()
        .chain([&arguments.targets])
        .map(PathBuf::as_path)
        .chain(arguments.schema.files())
        .collect();
    let mut output = Output::open(arguments.out.as_deref(), &inputs)?;
    let mut report_file = match &arguments.report {
        Some(path) => Some(Output::open(Some(path), &inputs)?),
        None => None,
    };
    let mut dataset = crate::frame::read_all(
        &arguments.data,
        &survey,
        &targets.questions(),
        &weighted_options(arguments, &survey),
        &Bar::new("reading"),
    )?;
    warnings.extend(dataset.warnings.iter().cloned());
    let language = Language::from(arguments.lang);
    let report = reweigh(&mut dataset, &targets, &arguments.targets, &survey, language)?.report;

    let written = weights_csv(&mut output, respondent, dataset.weight_decimals, weights(&dataset));
    let format = arguments.format.unwrap_or(match extension(arguments.report.as_deref()) {
        Some("csv") => WeightReportFormat::Csv,
        Some("md") => WeightReportFormat::Md,
        Some("json") => WeightReportFormat::Json,
        _ => WeightReportFormat::Text,
    });
    match &mut report_file {
        Some(file) => {
            let text = rendered(&report, format, language, text_style(file, arguments.width));
            let reported = file.write_all(text.as_bytes());
            output.finish(written)?;
            if let Some(file) = report_file {
                file.finish(reported)?;
            }
        }
        // Weights have the terminal for themselves; the report is words.
        None if arguments.out.is_none() => {
            let style = TextStyle { colour: false, ..text_style(&output, arguments.width) };
            output.finish(written)?;
            super::say(&rendered(&report, format, language, style));
        }
        None => {
            output.finish(written)?;
            let mut terminal = Output::open(None, &[])?;
            let text = rendered(&report, format, language, text_style(&terminal, arguments.width));
            let written = terminal.write_all(text.as_bytes());
            terminal.finish(written)?;
        }
    }
    Ok(warnings)
}

/// Reads a file of targets.
pub fn load_targets(path: &Path, survey: &Survey) -> Result<Warned<Targets>, Failure> {
    let (name, text) = read_text(path, "the targets could not be read")?;
    crate::weight::load(&name, &text, survey).map_err(Failure::Refused)
}

/// Gives the data the weights that reach the targets. Where there are none, target against achieved
/// is told beside the errors.
pub fn reweigh(
    dataset: &mut Dataset,
    targets: &Targets,
    path: &Path,
    survey: &Survey,
    language: Language,
) -> Result<Weighting, Failure> {
    let spoken = survey.in_language(language);
    let weighting = weigh(targets, &spoken, dataset).map_err(|refusal| {
        let style = TextStyle { width: None, colour: false };
        super::say(&rendered(&refusal.report, WeightReportFormat::Text, language, style));
        super::say("\n");
        Failure::Refused(refusal.errors)
    })?;
    dataset
        .reweigh(&weighting.weights, &path.display().to_string())
        .map_err(|error| Failure::Refused(vec![error]))?;
    Ok(weighting)
}

/// What the variances under weights need of how they were made.
pub fn calibration(made: &Weighting) -> Option<Calibration> {
    let reached = made.reached()?;
    Some(Calibration::new(&reached.margins, &reached.numbers, &reached.weighted, reached.base))
}

/// The column of respondents' keys, by which weights are joined to the data.
fn respondent(survey: &Survey) -> Result<&str, Failure> {
    let refused = |error: Diagnostic| Failure::Refused(vec![error]);
    let Some(respondent) = &survey.respondent else {
        let error =
            Diagnostic::error("weights are joined by the respondent's key, and the schema names none");
        return Err(refused(error.hint("say `respondent = \"\u{2026}\"` under `[survey]`")));
    };
    if survey.count.is_some() {
        let error =
            Diagnostic::error("a record of these data stands for several respondents, who have no keys");
        return Err(refused(error.hint("weight tables without a file: `renkei tab --targets \u{2026}`")));
    }
    Ok(respondent)
}

/// Key and weight of each respondent.
fn weights(dataset: &Dataset) -> impl Iterator<Item = (&str, u64)> {
    dataset.blocks.iter().flat_map(|block| {
        let weights = block.weights.iter().flatten().copied();
        block.keys.iter().map(AsRef::as_ref).zip(weights)
    })
}

fn rendered(report: &Report, format: WeightReportFormat, language: Language, style: TextStyle) -> String {
    match format {
        WeightReportFormat::Text => crate::render::text(&weighting(report, language), style),
        WeightReportFormat::Csv => crate::render::csv(&weighting(report, language)),
        WeightReportFormat::Md => crate::render::markdown(&weighting(report, language)),
        WeightReportFormat::Json => weighting_json(report),
    }
}

fn weighted_options(arguments: &Weight, survey: &Survey) -> ReadOptions {
    let weight = match (&arguments.weight, &survey.weight) {
        _ if arguments.no_weight => WeightSource::None,
        (Some(column), _) | (None, Some(column)) => WeightSource::Column(column.clone()),
        (None, None) => WeightSource::None,
    };
    ReadOptions { weight, keys: true, ..super::tables::read_options(&arguments.reading) }
}
