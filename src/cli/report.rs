//! `report`: one read of the data, every product of a study, a manifest.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::manifest::{hash, input_hashes, named};
use super::output::Output;
use super::products::{Made, Maker, PDF};
use super::progress::Bar;
use super::report_arguments::{Product, Report};
use super::tables::threads;
use super::typeface::typeface;
use crate::diag::{Diagnostic, Failure, Place, Severity, failure, plural};
use crate::figures::Verdict;
use crate::study::Study;

/// Makes everything, then writes it; warnings come back.
pub fn run(arguments: &Report) -> anyhow::Result<Vec<Diagnostic>> {
    let study = Study::load(&arguments.study)?;
    let mut warnings = study.warnings;
    let study = study.value;
    let findings = study.run(threads(arguments.threads), &Bar::new("reading"), &Bar::new("counting"))?;
    warnings.extend(findings.warnings.iter().cloned());
    warnings.extend(super::tables::told(findings.suppressed.clone()));
    // What is expected of the figures is part of the study: a report is not made beside it.
    if let Some(judgement) = findings.judgement.as_ref().filter(|judgement| !judgement.as_expected()) {
        let wrong = judgement.outcomes.iter().filter(|outcome| !outcome.as_expected());
        let errors = wrong.map(|outcome| {
            let what = crate::diag::quote(&outcome.id);
            let found = match outcome.verdict {
                Verdict::Reproduced | Verdict::Possible => "is right, and was expected not to be",
                Verdict::Differs => "is not what the data give",
                Verdict::Impossible => "is impossible",
            };
            let error = Diagnostic::error(format!("figure {what} {found}"));
            outcome.reasons.iter().take(3).fold(error, |error, reason| error.hint(reason.text.clone()))
        });
        return Err(Failure::Refused(errors.collect()).into());
    }
    let wanted = |product: Product| arguments.only.is_empty() || arguments.only.contains(&product);
    let document = findings.document.as_ref();
    let drawn =
        wanted(Product::Docx) && document.is_some_and(|document| document.pictures().next().is_some());
    let typeface = match drawn || (wanted(Product::Pdf) && document.is_some()) {
        true => typeface(arguments.font.as_deref())?,
        false => None,
    };
    let maker = Maker { study: &study, folder: &arguments.out, typeface: typeface.as_ref() };
    let mut made: Vec<Made> = Vec::new();
    for product in Product::value_variants().iter().copied().filter(|product| wanted(*product)) {
        let files = match maker.make(product, &findings, &mut warnings) {
            // Who asked for pages alone is not helped by a warning.
            Err(Failure::Refused(why)) if product == Product::Pdf && !arguments.only.contains(&product) => {
                let place = || Place::File(arguments.out.join(PDF).display().to_string());
                let warning = |why: Diagnostic| Diagnostic { severity: Severity::Warning, ..why }.at(place());
                warnings.extend(why.into_iter().map(warning));
                continue;
            }
            files => files?,
        };
        for file in files {
            // Markdown has charts, too.
            if made.iter().all(|known| known.name != file.name) {
                made.push(file);
            }
        }
    }
    let font = typeface.as_ref().map(|typeface| typeface.family.as_str());
    made.push(manifest(&study, &made, font)?);
    write(&arguments.out, &made, &study.files)?;
    let files = plural(made.len() as u64, "file");
    super::say(&format!("wrote {files} to {}\n", arguments.out.display()));
    Ok(warnings)
}

/// What was made of what: versions, the font of pages and pictures, and the SHA-256 of every file read and written.
fn manifest(study: &Study, made: &[Made], font: Option<&str>) -> Result<Made, Failure> {
    let mut manifest = serde_json::json!({
        "renkei": env!("CARGO_PKG_VERSION"),
        "survey": study.survey.id,
        "disclosure": crate::disclosure::stated(&study.survey, false),
        "inputs": named(input_hashes(study)?),
        "outputs": named(made.iter().map(|file| (file.name.clone(), hash(&file.bytes)))),
    });
    if let Some(font) = font {
        manifest["font"] = font.into();
    }
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    Ok(Made { name: "manifest.json".into(), bytes: text.into_bytes() })
}

/// Writes the files, each beside its place and renamed; the manifest last, so that it is of whole files.
fn write(folder: &Path, made: &[Made], inputs: &[PathBuf]) -> Result<(), Failure> {
    use std::io::Write;
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    for file in made {
        let path = folder.join(&file.name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| failure(parent, "could not be made", &error))?;
        let mut output = Output::open(Some(&path), &inputs)?.one_of_many();
        let written = output.write_all(&file.bytes);
        output.finish(written)?;
    }
    Ok(())
}
