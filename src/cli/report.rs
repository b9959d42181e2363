//! `report`: one read of the data, every product of a study, a manifest.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::output::Output;
use super::progress::Bar;
use super::report_arguments::{Product, Report};
use super::tables::threads;
use crate::diag::{Diagnostic, Failure, failure};
use crate::render::{TablesBook, TablesPage, Verdicts};
use crate::sheet::{Profile, about, arrange};
use crate::study::{Findings, Study};

/// A file to write: its name in the folder, and what is in it.
struct Made {
    name: String,
    bytes: Vec<u8>,
}

/// Makes everything, then writes it; warnings come back.
pub fn run(arguments: &Report) -> anyhow::Result<Vec<Diagnostic>> {
    let study = Study::load(&arguments.study)?;
    let mut warnings = study.warnings;
    let study = study.value;
    let findings = study.run(threads(arguments.threads), &Bar::new("reading"), &Bar::new("counting"))?;
    warnings.extend(findings.warnings.iter().cloned());
    // What is expected of the figures is part of the study: a report is not made beside it.
    if let Some(judgement) = findings.judgement.as_ref().filter(|judgement| !judgement.as_expected()) {
        let wrong = judgement.outcomes.iter().filter(|outcome| !outcome.as_expected());
        let errors = wrong.map(|outcome| {
            let what = crate::diag::quote(&outcome.id);
            let error = Diagnostic::error(format!("figure {what} is {}", outcome.verdict.word()));
            outcome.reasons.iter().take(3).fold(error, |error, reason| error.hint(reason.text.clone()))
        });
        return Err(Failure::Refused(errors.collect()).into());
    }
    let wanted = |product: Product| arguments.only.is_empty() || arguments.only.contains(&product);
    let mut made = products(&study, &findings, &wanted);
    made.push(manifest(&study, &made)?);
    write(&arguments.out, &made, &study.files)?;
    Ok(warnings)
}

fn products(study: &Study, findings: &Findings, wanted: &dyn Fn(Product) -> bool) -> Vec<Made> {
    let mut made = Vec::new();
    let mut add = |name: String, text: String| made.push(Made { name, bytes: text.into_bytes() });
    if let Some(document) = &findings.document {
        if wanted(Product::Html) {
            add("report.html".into(), crate::render::document_html(document));
        }
        if wanted(Product::Md) {
            add("report.md".into(), crate::render::document_markdown(document));
        }
    }
    if wanted(Product::Tables) && !findings.books.is_empty() {
        add("tables.html".into(), tables_page(study, findings));
    }
    for book in &findings.books {
        if wanted(Product::Csv) {
            // A mark would make a number text; only small bases are marked.
            let profile = Profile { hatch: false, ..book.profile.clone() };
            add(format!("tables-{}.csv", book.id), crate::render::csv(&arrange(&book.tables, &profile)));
        }
        if wanted(Product::Json) {
            let json = crate::render::json(&book.tables, &book.profile.significance, None);
            add(format!("tables-{}.json", book.id), json);
        }
    }
    if let Some(judgement) = findings.judgement.as_ref().filter(|_| wanted(Product::Figures)) {
        let verdicts = Verdicts { judgement, language: study.language, failed: false };
        add("figures.md".into(), verdicts.markdown());
    }
    made
}

/// The page of all books.
fn tables_page(study: &Study, findings: &Findings) -> String {
    let books = findings.books.iter().map(|book| TablesBook {
        id: &book.id,
        title: &book.title,
        tables: &book.tables,
        reordered: &book.reordered,
        sorted: book.sorted,
        profile: &book.profile,
    });
    let survey = &study.spoken;
    let page = TablesPage {
        title: &survey.title,
        language: study.language,
        about: about(survey, Some(findings.respondents), study.language),
        notes: survey.note.as_slice(),
        books: books.collect(),
    };
    page.html()
}

/// What was made of what: versions, and the SHA-256 of every file read and written.
fn manifest(study: &Study, made: &[Made]) -> Result<Made, Failure> {
    let hash = |bytes: &[u8]| {
        let digest = Sha256::digest(bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let mut inputs = serde_json::Map::new();
    for path in &study.files {
        let bytes = fs::read(path).map_err(|error| failure(path, "could not be read", &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        inputs.insert(name, hash(&bytes).into());
    }
    let outputs: serde_json::Map<String, serde_json::Value> =
        made.iter().map(|file| (file.name.clone(), hash(&file.bytes).into())).collect();
    let manifest = serde_json::json!({
        "renkei": env!("CARGO_PKG_VERSION"),
        "survey": study.survey.id,
        "inputs": inputs,
        "outputs": outputs,
    });
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
        let mut output = Output::open(Some(&path), &inputs)?;
        let written = output.write_all(&file.bytes);
        output.finish(written)?;
    }
    Ok(())
}
