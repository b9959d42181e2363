//! `audit`: attacks a set of published files as an outsider would.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Output;
use super::tables::load_schema;
use crate::diag::{Diagnostic, Failure, Place, failure, plural, thousands};
use crate::disclosure::{Audit as Found, Evidence, Line, Recovered, audit};

pub const AUDIT_EXAMPLES: &str = "\
Examples:
  What can be computed of what is hidden in a folder of tables (tidy, JSON) and slides:
    renkei audit out
  With another threshold than 10:
    renkei audit out --threshold 5";

#[derive(Debug, Args)]
pub struct Audit {
    /// The files, or a folder of them: tables as `--format tidy` and `json`, slides.
    #[arg(required = true, value_name = "OUTDIR")]
    pub files: Vec<PathBuf>,
    /// A hidden number known within less than this is recovered; default: that of the schema, else 10.
    #[arg(long, value_name = "RESPONDENTS")]
    pub threshold: Option<u32>,
    /// Questionnaire, for its threshold; nothing else of it is used.
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
}

/// Attacks the files; anything recovered is exit code 1.
pub fn run(arguments: &Audit) -> anyhow::Result<Vec<Diagnostic>> {
    let mut warnings = Vec::new();
    let mut threshold = arguments.threshold.map(u64::from);
    if let (Some(schema), None) = (&arguments.schema, threshold) {
        let of_schema = super::arguments::SchemaArguments {
            schema: schema.clone(),
            overlays: Vec::new(),
            corrections: None,
            wave: None,
        };
        let (survey, told) = load_schema(&of_schema)?;
        warnings.extend(told);
        threshold = survey.disclosure.map(|rules| rules.threshold);
    }
    let threshold = threshold.unwrap_or(10);
    let mut files = Vec::new();
    for path in &arguments.files {
        list(path, &mut files)?;
    }
    files.sort();
    let mut evidence = Evidence::default();
    let mut errors = Vec::new();
    for path in &files {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| failure(path, "could not be read", &error))?;
        if let Err(why) = evidence.read(&name, &bytes) {
            errors.push(Diagnostic::error(format!("could not be read: {why}")).at(Place::File(name)));
        }
    }
    if evidence.files.is_empty() && errors.is_empty() {
        let error = Diagnostic::error("found no tables (`--format tidy`, `json`) and no slides");
        errors.push(error.hint("the audit reads what an outsider has: give the folder that is published"));
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors).into());
    }
    let found = audit(&evidence, threshold as f64);
    let mut output = Output::open(None, &[])?;
    let written = output.write_all(words(&found, &evidence, threshold).as_bytes());
    output.finish(written)?;
    match found.recovered.is_empty() && found.contradictions == 0 {
        true => Ok(warnings),
        // The output says what; warnings are still told.
        false => Err(Failure::Refused(warnings).into()),
    }
}

/// The files of a folder and of the folders in it.
fn list(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let unreadable = |error: std::io::Error| failure(path, "could not be read", &error);
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        list(&entry.map_err(unreadable)?.path(), files)?;
    }
    Ok(())
}

fn words(found: &Found, evidence: &Evidence, threshold: u64) -> String {
    let count = |n: usize| thousands(n as u64);
    let mut text = format!(
        "read {}: {} numbers of respondents shown, {} hidden\n",
        plural(evidence.files.len() as u64, "file"),
        count(found.shown),
        count(found.hidden)
    );
    if !found.small.is_empty() {
        text += &format!("shown though fewer than {threshold}: {}\n", count(found.small.len()));
        text += &found.small.iter().take(5).map(line).collect::<String>();
    }
    match found.recovered.len() {
        0 => text += &format!("recovered nothing: no hidden number is known within less than {threshold}\n"),
        n => {
            text +=
                &format!("recovered {} within less than {threshold}:\n", plural(n as u64, "hidden number"));
            text += &found.recovered.iter().take(50).map(line).collect::<String>();
            if n > 50 {
                text += &format!("  and {} more\n", count(n - 50));
            }
        }
    }
    if found.contradictions > 0 {
        text += &format!(
            "{} of the files contradict themselves, so that nothing was computed of them\n",
            plural(found.contradictions as u64, "part")
        );
    }
    text
}

fn line(recovered: &Recovered) -> String {
    let Recovered { subject, range } = recovered;
    let what = match subject.line {
        Line::Base => "n".to_string(),
        Line::Mentions => "mentions".to_string(),
        Line::Part | Line::Net => format!("= {}", subject.answer),
    };
    let group = match subject.by.is_empty() {
        true => "everybody".to_string(),
        false => format!("{} {}", subject.by, subject.group.trim_end_matches('#')),
    };
    let question = subject.question.trim_end_matches('|');
    let value = match range.high - range.low < 0.5 {
        true => format!("{:.0}", range.low),
        false => format!("{:.1} to {:.1}", range.low, range.high),
    };
    format!("  {question} {what}, {group}: {value}\n")
}
