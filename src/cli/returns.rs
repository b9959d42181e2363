//! `returns`: how many questionnaires came back, and who did not answer.

use std::io::Write;
use std::path::Path;

use super::arguments::{CodebookFormat, ReturnsArguments};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, load_schema, read_options, text_style};
use crate::diag::{Diagnostic, Failure};
use crate::sheet::{Axis, CellChoice, Language, Profile, absent_sheet, returns_sheet};
use crate::tabulate::{returns, returns_questions};

/// Writes 回収状況表; warnings come back.
pub fn run(arguments: &ReturnsArguments) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) = load_schema(&arguments.schema)?;
    let refused = |error: Diagnostic| Failure::Refused(vec![error]);
    let Some(sent) = &survey.sent else {
        let error = Diagnostic::error("the schema does not say how many questionnaires were sent");
        let hint = "say `sent = 77` under `[survey.about]`, or `[survey.sent]` with `by` and `counts`";
        return Err(refused(error.hint(hint)).into());
    };
    if arguments.missing && !survey.questions.iter().any(|question| question.municipalities) {
        let error =
            Diagnostic::error("`--missing` lists municipalities, and the schema does not ask for any");
        let hint = "a question with `options = \"@municipalities\"` tells who was asked";
        return Err(refused(error.hint(hint)).into());
    }
    let inputs: Vec<&Path> =
        std::iter::once(arguments.data.as_path()).chain(arguments.schema.files()).collect();
    let folder = arguments.schema.schema.parent().unwrap_or(Path::new(""));
    let sent = &crate::frame::read_sent(sent, &survey, folder)?;
    let mut output = Output::open(arguments.out.as_deref(), &inputs)?;
    // Questionnaires are counted, not the people they stand for: no weights.
    let options = read_options(&arguments.reading);
    let needed = returns_questions(&survey, sent);
    let dataset = crate::frame::read(&arguments.data, &survey, &needed, &options, &Bar::new("reading"))?;
    warnings.extend(dataset.warnings.iter().cloned());
    let language = Language::from(arguments.lang);
    let spoken = survey.in_language(language);
    let returns = returns(&spoken, sent, &dataset).map_err(Failure::Refused)?;
    let profile = Profile {
        language,
        axis: Axis::Side,
        cell: CellChoice::Both,
        percent: None,
        decimals: arguments.decimals,
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
        notes: spoken.note.iter().cloned().collect(),
    };
    let sheet = match arguments.missing {
        true => absent_sheet(&returns, &profile),
        false => Some(returns_sheet(&spoken, &returns, &profile)),
    };
    let sheets: Vec<_> = sheet.into_iter().collect();
    let format = arguments.format.unwrap_or(match extension(arguments.out.as_deref()) {
        Some("csv") => CodebookFormat::Csv,
        Some("md") => CodebookFormat::Md,
        _ => CodebookFormat::Text,
    });
    let text = match format {
        CodebookFormat::Csv => crate::render::csv(&sheets),
        CodebookFormat::Md => crate::render::markdown(&sheets),
        CodebookFormat::Text => crate::render::text(&sheets, text_style(&output, arguments.width)),
    };
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    Ok(warnings)
}
