//! `verify` and `say`: published figures against the data, and what may be said of them.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::figure_arguments::{FigureSource, References, ReportFormat, Say, Verify, WidthChoice};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, inputs, load_schema, no_answer, read_text, source_options, threads};
use crate::diag::{Diagnostic, Failure, Warned};
use crate::figures::{
    Phrases, Plan, Reference, Saying, Width, judge, load, read_references, reference_files, reference_tables,
};
use crate::frame::{Dataset, ReadOptions};
use crate::render::Verdicts;
use crate::schema::{Language, QuestionIndex, Survey};
use crate::tabulate::{Request, fill};

/// Judges every figure of a file; one that is not as expected is exit code 1.
pub fn verify(arguments: &Verify) -> anyhow::Result<Vec<Diagnostic>> {
    let source = &arguments.source;
    let (survey, mut warnings) = load_schema(&source.data.schema)?;
    let phrases = phrases(source, &mut warnings)?;
    let (name, text) = read_text(&arguments.figures, "the figures could not be read")?;
    let language = source.lang.into();
    let spoken = survey.in_language(language);
    // Files of references stand beside the file that names them.
    let beside = arguments.figures.parent().unwrap_or(Path::new(""));
    let files: Vec<PathBuf> = reference_files(&name, &text).iter().map(|file| beside.join(file)).collect();
    let references = references(&files, &mut warnings)?;
    let figures = load(&name, &text, references, (&spoken, language), &phrases).map_err(Failure::Refused)?;
    warnings.extend(figures.warnings);
    let read_too = files.iter().chain([&arguments.figures]).map(PathBuf::as_path);
    let mut output = open(source, read_too)?;
    let plan = Plan::of(&figures.value);
    let dataset = read(source, &survey, &plan.questions(&survey), plan.keys())?;
    warnings.extend(dataset.warnings.iter().cloned());
    let counted = plan.count(&spoken, &dataset, threads(source.data.reading.threads));
    drop(dataset);
    let judgement = judge(&figures.value, &counted, language);
    let verdicts = Verdicts { judgement: &judgement, language, failed: arguments.failed };
    let format = arguments.format.unwrap_or(match extension(source.out.as_deref()) {
        Some("json") => ReportFormat::Json,
        Some("md") => ReportFormat::Md,
        _ => ReportFormat::Text,
    });
    let text = match format {
        ReportFormat::Text => verdicts.text(),
        ReportFormat::Md => verdicts.markdown(),
        ReportFormat::Json => verdicts.json(),
    };
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    if !judgement.as_expected() {
        // The output says which and why; warnings are still told.
        return Err(Failure::Refused(warnings).into());
    }
    Ok(warnings)
}

/// Says what is true of some questions.
pub fn say(arguments: &Say) -> anyhow::Result<Vec<Diagnostic>> {
    let source = &arguments.source;
    let (survey, mut warnings) = load_schema(&source.data.schema)?;
    let phrases = phrases(source, &mut warnings)?;
    let filter = arguments.filter.as_deref();
    let request = Request::resolve(&survey, &arguments.rows, None, filter, no_answer(arguments.no_answer))
        .map_err(Failure::Refused)?;
    let mut output = open(source, [])?;
    let dataset = read(source, &survey, &request.questions(&survey), false)?;
    warnings.extend(dataset.warnings.iter().cloned());
    let language = source.lang.into();
    let spoken = survey.in_language(language);
    let tables =
        fill(&spoken, &request, &dataset, threads(source.data.reading.threads), &Bar::new("counting"));
    let sign = if language == Language::English { Width::Half } else { Width::Full };
    let saying = Saying {
        survey: &spoken,
        language,
        decimals: arguments.decimals,
        top: arguments.top as usize,
        digits: arguments.digits.into(),
        percent_sign: arguments.percent_sign.map_or(sign, Width::from),
        phrases: arguments.with_phrases.then_some(&phrases),
    };
    let mut text = String::new();
    for (place, table) in tables.iter().enumerate() {
        if tables.len() > 1 {
            let gap = if place > 0 { "\n" } else { "" };
            text += &format!("{gap}{}　{}\n", table.question.id, table.question.heading);
        }
        for line in crate::figures::say(table, &saying) {
            text += &format!("{}\n", crate::diag::visible(&line));
        }
    }
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    Ok(warnings)
}

/// The built-in wordings, after the user's own.
fn phrases(source: &FigureSource, warnings: &mut Vec<Diagnostic>) -> Result<Phrases, Failure> {
    let own = match &source.phrase_file {
        Some(path) => Some(read_text(path, "the wordings could not be read")?),
        None => None,
    };
    let own = own.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let Warned { value, warnings: told } = Phrases::load(own).map_err(Failure::Refused)?;
    warnings.extend(told);
    Ok(value)
}

/// The references of some files.
pub fn references(files: &[PathBuf], warnings: &mut Vec<Diagnostic>) -> Result<Vec<Reference>, Failure> {
    let texts = files.iter().map(|path| read_text(path, "the references could not be read"));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let Warned { value, warnings: told } = read_references(&texts).map_err(Failure::Refused)?;
    warnings.extend(told);
    Ok(value)
}

/// Published percentages side by side, without data.
pub fn list_references(arguments: &References) -> anyhow::Result<Vec<Diagnostic>> {
    let mut warnings = Vec::new();
    let references = references(&arguments.files, &mut warnings)?;
    let read: Vec<&Path> = arguments.files.iter().map(PathBuf::as_path).collect();
    let output = arguments.shown.open(&read)?;
    let sheets = reference_tables(&references, arguments.shown.lang.into());
    warnings.extend(arguments.shown.write(output, &sheets)?);
    Ok(warnings)
}

fn open<'a>(source: &'a FigureSource, read: impl IntoIterator<Item = &'a Path>) -> Result<Output, Failure> {
    let mut read: Vec<&Path> = inputs(&source.data).into_iter().chain(read).collect();
    read.extend(source.phrase_file.as_deref());
    Output::open(source.out.as_deref(), &read)
}

fn read(
    source: &FigureSource,
    survey: &Survey,
    needed: &[QuestionIndex],
    keys: bool,
) -> Result<Dataset, Failure> {
    let options = ReadOptions { keys, ..source_options(&source.data, survey) };
    crate::frame::read_all(&source.data.data, survey, needed, &options, &Bar::new("reading"))
}

impl From<WidthChoice> for Width {
    fn from(choice: WidthChoice) -> Width {
        match choice {
            WidthChoice::Half => Width::Half,
            WidthChoice::Full => Width::Full,
        }
    }
}
