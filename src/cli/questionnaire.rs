//! `codebook` and `schema`: the questionnaire itself, and what a schema file may hold.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::arguments::Codebook;
use super::output::Output;
use super::progress::Bar;
use super::sheets::SheetFormat;
use super::tables::{load_schema, read_options, threads};
use super::workbook::about_page;
use crate::diag::{Diagnostic, Failure};
use crate::render::{Book, Page};
use crate::sheet::{Language, Profile, codebook, codebook_list, in_brief};
use crate::tabulate::{Request, fill};

/// Writes the questionnaire; warnings come back.
pub fn run(arguments: &Codebook) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) = load_schema(&arguments.schema)?;
    let inputs: Vec<&Path> =
        arguments.data.iter().map(PathBuf::as_path).chain(arguments.schema.files()).collect();
    let output = arguments.shown.open(&inputs)?;
    let language = Language::from(arguments.shown.lang);
    let spoken = survey.in_language(language);
    let (mut tables, mut respondents) = (None, None);
    if !arguments.data.is_empty() {
        let request = Request::resolve(&survey, "all", None, None, None).map_err(Failure::Refused)?;
        // A codebook describes the file: respondents as they are, without weights.
        let options = read_options(&arguments.reading);
        let needed = request.questions(&survey);
        let dataset =
            crate::frame::read_all(&arguments.data, &survey, &needed, &options, &Bar::new("reading"))?;
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
    // The note stands with the 調査概要, not under every question.
    let profile = Profile { notes: Vec::new(), ..Profile::plain(&spoken, language) };
    let tables = tables.as_deref();
    let sheets = match arguments.shown.format() {
        SheetFormat::Xlsx => {
            let list = codebook_list(&spoken, tables, &profile);
            let mut pages = Vec::from_iter(about_page(&spoken, respondents, language));
            pages.push(Page::of(language.choose("設問一覧", "Questions"), vec![list]));
            let book = Book { title: spoken.title.clone(), language, pages, charts: false };
            warnings.extend(arguments.shown.write_book(output, &book)?);
            return Ok(warnings);
        }
        SheetFormat::Csv => vec![codebook_list(&spoken, tables, &profile)],
        SheetFormat::Text | SheetFormat::Md => {
            let mut sheets = Vec::from_iter(in_brief(&spoken, respondents, language));
            sheets.extend(codebook(&spoken, tables, &profile));
            sheets
        }
    };
    warnings.extend(arguments.shown.write(output, &sheets)?);
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
