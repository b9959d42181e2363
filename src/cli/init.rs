//! `init`: the first draft of a schema and a study.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use clap::Args;

use super::arguments::ReadingArguments;
use super::output::Output;
use super::say;
use super::tables::read_options;
use crate::diag::{Diagnostic, Failure, Place, Warned, failure, plural};
use crate::draft::{draft, study};

pub const EXAMPLES: &str = "\
Examples:
  A schema in the terminal:
    renkei init export.csv
  A folder with schema.toml and study.toml:
    renkei init export.csv --out survey
  From a sheet of a workbook, whose header stands on line 3:
    renkei init export.xlsx --sheet 回答 --skip 2 --out survey";

#[derive(Debug, Args)]
pub struct Init {
    /// The data: a CSV file in UTF-8, CP932 or UTF-16, or whatever else is read; `-` reads standard input.
    pub data: PathBuf,
    /// Write schema.toml and study.toml into this folder; files that are there stay as they are.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

/// Writes the draft; warnings come back.
pub fn run(arguments: &Init) -> anyhow::Result<Vec<Diagnostic>> {
    let options = read_options(&arguments.reading);
    let files = arguments.out.as_ref().map(|folder| (folder.join("schema.toml"), folder.join("study.toml")));
    if let Some((schema, study)) = &files {
        let there = [schema, study].into_iter().filter(|path| path.symlink_metadata().is_ok());
        let errors: Vec<Diagnostic> = there
            .map(|path| {
                let error = Diagnostic::error("the file is there already, and a draft replaces nothing");
                error
                    .at(Place::File(path.display().to_string()))
                    .hint("name another folder, or move the file away")
            })
            .collect();
        if !errors.is_empty() {
            return Err(Failure::Refused(errors).into());
        }
    }
    let Warned { value: drafted, warnings } = draft(&arguments.data, &options)?;
    let shown = |path: &Path| path.display().to_string();
    let data = shown(&arguments.data);
    let Some((schema_file, study_file)) = files else {
        let mut output = Output::open(None, &[])?;
        let written = output.write_all(drafted.schema.as_bytes());
        output.finish(written)?;
        say(&format!(
            "next: save it as schema.toml, look at every guess, then: renkei tab --schema schema.toml {data}\n"
        ));
        return Ok(warnings);
    };
    let folder = arguments.out.as_deref().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| failure(folder, "could not be written", &error))?;
    let study = study("schema.toml", &from_folder(folder, &arguments.data), &drafted, &options);
    for (path, text) in [(&schema_file, &drafted.schema), (&study_file, &study)] {
        let mut output = Output::open(Some(path), &[&arguments.data])?;
        let written = output.write_all(text.as_bytes());
        output.finish(written)?;
    }
    let rows = match drafted.header_rows {
        0 | 1 => String::new(),
        rows => format!(" --header-rows {rows}"),
    };
    say(&format!(
        "{} of {} drafted in {} and {}\n\
         next: look at every guess in the schema, then\n  \
         renkei tab --schema {} {data}{rows}\n  renkei check --schema {} {data}{rows}\n  renkei report {} --out report\n",
        plural(drafted.questions as u64, "question"),
        plural(drafted.records, "record"),
        shown(&schema_file),
        shown(&study_file),
        shown(&schema_file),
        shown(&schema_file),
        shown(&study_file),
    ));
    Ok(warnings)
}

/// The path of a file as seen from a folder.
fn from_folder(folder: &Path, file: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let (folder, file) = (real(folder), real(file));
    let common = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    if common < 2 {
        return file.display().to_string();
    }
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(file.components().skip(common)).collect();
    path.display().to_string()
}
