//! `codebook` and `schema`: the questionnaire itself, and what a schema file may hold.

use std::io::Write;
use std::path::Path;

use super::arguments::{Codebook, CodebookFormat};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, load_schema, text_style, threads};
use crate::diag::{Diagnostic, Failure};
use crate::frame::ReadOptions;
use crate::sheet::{Axis, CellChoice, Language, PercentBase, Profile, codebook, codebook_list};
use crate::tabulate::{Request, fill};

/// Writes the questionnaire; warnings come back.
pub fn run(arguments: &Codebook) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) =
        load_schema(&arguments.schema, &arguments.overlays, arguments.wave.as_deref())?;
    let inputs: Vec<&Path> = arguments
        .data
        .iter()
        .chain([&arguments.schema])
        .chain(&arguments.overlays)
        .map(|path| path.as_path())
        .collect();
    let mut output = Output::open(arguments.out.as_deref(), &inputs)?;
    let language = Language::from(arguments.lang);
    let spoken = survey.in_language(language);
    let mut tables = None;
    if let Some(data) = &arguments.data {
        let request = Request::resolve(&survey, "all", None, None, None).map_err(Failure::Refused)?;
        // A codebook describes the file: respondents as they are, without weights.
        let options = ReadOptions::default();
        let needed = request.questions(&survey);
        let dataset = crate::frame::read(data, &survey, &needed, &options, &Bar::new("reading"))?;
        warnings.extend(dataset.warnings.iter().cloned());
        tables = Some(fill(&spoken, &request, &dataset, threads(0), &Bar::new("counting")));
    }
    let profile = Profile {
        language,
        axis: Axis::Side,
        cell: CellChoice::Both,
        percent: Some(PercentBase::Banner),
        decimals: 1,
        difference: None,
        index: None,
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
    let text = match format {
        CodebookFormat::Text => {
            let style = text_style(&output, arguments.width);
            crate::render::text(&codebook(&spoken, tables, &profile), style)
        }
        CodebookFormat::Md => crate::render::markdown(&codebook(&spoken, tables, &profile)),
        CodebookFormat::Csv => crate::render::csv(&[codebook_list(&spoken, tables, &profile)]),
    };
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    Ok(warnings)
}

/// Writes the JSON Schema of schema files.
pub fn schema_json() -> anyhow::Result<Vec<Diagnostic>> {
    let mut output = Output::open(None, &[])?;
    let written = output.write_all(crate::schema::JSON_SCHEMA.as_bytes());
    output.finish(written)?;
    Ok(Vec::new())
}
