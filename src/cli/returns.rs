//! `returns`: how many questionnaires came back, and who did not answer.

use std::path::{Path, PathBuf};

use super::arguments::ReturnsArguments;
use super::progress::Bar;
use super::tables::{load_schema, read_options};
use crate::diag::{Diagnostic, Failure};
use crate::sheet::{Language, Profile, absent_sheet, returns_sheet};
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
        arguments.data.iter().map(PathBuf::as_path).chain(arguments.schema.files()).collect();
    let folder = arguments.schema.schema.parent().unwrap_or(Path::new(""));
    let sent = &crate::frame::read_sent(sent, &survey, folder)?;
    let output = arguments.shown.open(&inputs)?;
    // Questionnaires are counted, not the people they stand for: no weights.
    let options = read_options(&arguments.reading);
    let needed = returns_questions(&survey, sent);
    let dataset = crate::frame::read_all(&arguments.data, &survey, &needed, &options, &Bar::new("reading"))?;
    warnings.extend(dataset.warnings.iter().cloned());
    let language = Language::from(arguments.shown.lang);
    let spoken = survey.in_language(language);
    let returns = returns(&spoken, sent, &dataset).map_err(Failure::Refused)?;
    let profile =
        Profile { percent: None, decimals: arguments.decimals, ..Profile::plain(&spoken, language) };
    let sheet = match arguments.missing {
        true => absent_sheet(&returns, &profile),
        false => Some(returns_sheet(&spoken, &returns, &profile)),
    };
    let sheets: Vec<_> = sheet.into_iter().collect();
    warnings.extend(arguments.shown.write(output, &sheets)?);
    Ok(warnings)
}
