//! `deck`: one read of the data, the slides of one group.

use std::io::Write;
use std::path::Path;

use super::deck_arguments::DeckArguments;
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, threads};
use super::typeface::{no_font, typeface};
use crate::diag::{Diagnostic, Failure, Place, failure, plural, quote};
use crate::render::pptx::Template;
use crate::study::{Study, Wanted};

/// Makes the deck; warnings come back.
pub fn run(arguments: &DeckArguments) -> anyhow::Result<Vec<Diagnostic>> {
    let loaded = Study::load(&arguments.study)?;
    let (study, mut warnings) = (loaded.value, loaded.warnings);
    let grouping = arguments.group.as_ref().map(|(question, group)| study.grouping(question, Some(group)));
    let grouping = grouping.transpose().map_err(|error| Failure::Refused(vec![error.at(flag("--group"))]))?;
    let template = template(study.template.as_deref())?;
    let mut inputs: Vec<&Path> = study.files.iter().map(|path| path.as_path()).collect();
    inputs.extend(arguments.font.as_deref());
    let pages = extension(Some(&arguments.out)) == Some("pdf");
    let typeface = typeface(arguments.font.as_deref())?;
    if pages && typeface.is_none() {
        return Err(Failure::Refused(vec![no_font("a PDF")]).into());
    }
    let mut output = Output::open(Some(&arguments.out), &inputs)?;
    let by = grouping.map(|(by, _)| by);
    let wanted = Wanted { deck: true, ..Wanted::default() };
    let threads = threads(arguments.threads);
    let resident = study.resident(by, wanted, threads, &Bar::new("reading"), &Bar::new("counting"))?;
    warnings.extend(resident.warnings().cloned());
    warnings.extend(super::tables::told(resident.suppressed()));
    let option = grouping.and_then(|(_, option)| option);
    let groups = resident.groups();
    let group = option.and_then(|option| groups.get(option));
    if let Some(group) = group.filter(|group| group.hides_n) {
        let error = format!("how many respondents {} has is hidden: it has no deck", quote(&group.label));
        let error = Diagnostic::error(error)
            .hint("`[survey.disclosure]` of the schema says how few are hidden, and others with them");
        return Err(Failure::Refused(vec![error]).into());
    }
    if let Some(group) = group.filter(|group| group.n < study.smallest.max(1)) {
        let error = format!(
            "{} has {}, and a group of fewer than {} has no deck",
            quote(&group.label),
            plural(group.n, "respondent"),
            study.smallest.max(1)
        );
        let error = Diagnostic::error(error).hint("`smallest` under `[study]` says how few are enough");
        return Err(Failure::Refused(vec![error]).into());
    }
    let counted = resident.count(group).map_err(Failure::Refused)?;
    let deck = resident.deck(&counted).map_err(Failure::Refused)?;
    let Some(deck) = deck else { return Ok(warnings) };
    let (bytes, told) = match (pages, &typeface) {
        (true, Some(typeface)) => {
            (crate::render::deck_pdf(&deck, template, typeface).map_err(Failure::Refused)?, Vec::new())
        }
        _ => crate::render::pptx_deck(&deck, template, typeface.as_ref()).map_err(Failure::Refused)?,
    };
    warnings.extend(told);
    let written = output.write_all(&bytes);
    output.finish(written)?;
    Ok(warnings)
}

/// Where a name was typed.
pub fn flag(name: &str) -> Place {
    Place::File(name.to_string())
}

/// The user's own presentation.
pub fn template(path: Option<&Path>) -> Result<Option<Template>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let file =
        std::fs::File::open(path).map_err(|error| failure(path, "the template could not be read", &error))?;
    let name = path.display().to_string();
    let template = Template::read(&name, std::io::BufReader::new(file));
    template.map(Some).map_err(|error| Failure::Refused(vec![error]))
}
