//! `codebook` and `schema`: the questionnaire itself, and what a schema file may hold.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::arguments::{Codebook, CodebookFormat};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, load_schema, read_options, text_style, threads};
use crate::diag::{Diagnostic, Failure};
use crate::sheet::{Axis, CellChoice, Language, PercentBase, Profile, about, codebook, codebook_list};
use crate::tabulate::{Request, fill};

/// Writes the questionnaire; warnings come back.
pub fn run(arguments: &Codebook) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) = load_schema(&arguments.schema)?;
    let inputs: Vec<&Path> =
        arguments.data.iter().map(PathBuf::as_path).chain(arguments.schema.files()).collect();
    let mut output = Output::open(arguments.out.as_deref(), &inputs)?;
    let language = Language::from(arguments.lang);
    let spoken = survey.in_language(language);
    let (mut tables, mut respondents) = (None, None);
    if let Some(data) = &arguments.data {
        let request = Request::resolve(&survey, "all", None, None, None).map_err(Failure::Refused)?;
        // A codebook describes the file: respondents as they are, without weights.
        let options = read_options(&arguments.reading);
        let needed = request.questions(&survey);
        let dataset = crate::frame::read(data, &survey, &needed, &options, &Bar::new("reading"))?;
        warnings.extend(dataset.warnings.iter().cloned());
        respondents = Some(dataset.respondents);
        tables = Some(fill(
            &spoken,
            &request,
            &dataset,
            threads(arguments.reading.threads),
            &Bar::new("counting"),
        ));
    }
    let profile = Profile {
        language,
        axis: Axis::Side,
        cell: CellChoice::Both,
        percent: Some(PercentBase::Banner),
        decimals: 1,
        difference: None,
        index: None,
        range: false,
        number: None,
        explanation: None,
        significance: Default::default(),
        low_base: 0,
        hatch: false,
        era: spoken.era,
        unit: spoken.unit.clone(),
        notes: Vec::new(),
    };
    let tables = tables.as_deref();
    let format = arguments.format.unwrap_or(match extension(arguments.out.as_deref()) {
        Some("csv") => CodebookFormat::Csv,
        Some("md") => CodebookFormat::Md,
        _ => CodebookFormat::Text,
    });
    let book = || {
        let mut sheets = Vec::from_iter(about(&spoken, respondents, language));
        sheets.extend(codebook(&spoken, tables, &profile));
        sheets
    };
    let text = match format {
        CodebookFormat::Text => crate::render::text(&book(), text_style(&output, arguments.width)),
        CodebookFormat::Md => crate::render::markdown(&book()),
        CodebookFormat::Csv => crate::render::csv(&[codebook_list(&spoken, tables, &profile)]),
    };
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    Ok(warnings)
}

/// Writes the JSON Schema of schema files, or of files of figures.
pub fn schema_json(figures: bool) -> anyhow::Result<Vec<Diagnostic>> {
    let mut output = Output::open(None, &[])?;
    let schema = if figures { crate::figures::JSON_SCHEMA } else { crate::schema::JSON_SCHEMA };
    let written = output.write_all(schema.as_bytes());
    output.finish(written)?;
    Ok(Vec::new())
}
