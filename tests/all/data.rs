//! Small data files, read in every way a test wants.

use std::path::{Path, PathBuf};

use renkei::diag::{Diagnostic, Failure, Quiet};
use renkei::frame::{Dataset, ReadOptions, read_in_blocks};
use renkei::schema::{QuestionIndex, Survey, load};

/// A survey with the key in `id`.
pub const SURVEY: &str = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"id\"\n";

/// The questionnaire of a schema that must be sound.
#[track_caller]
pub fn survey(schema: &str) -> Survey {
    match load("schema.toml", schema) {
        Ok(loaded) => loaded.value,
        Err(errors) => panic!("{}", rendered(&errors, Path::new("schema.toml"))),
    }
}

/// All questions of a survey.
pub fn all(survey: &Survey) -> Vec<QuestionIndex> {
    (0..survey.questions.len()).collect()
}

/// Writes a data file into a folder of its own.
pub fn write(data: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("data.csv");
    std::fs::write(&path, data).expect("the data file is written");
    (folder, path)
}

/// Diagnostics as the user reads them, with the file called `data.csv`.
pub fn rendered(diagnostics: &[Diagnostic], path: &Path) -> String {
    let folder = path.parent().map(|folder| format!("{}/", folder.display())).unwrap_or_default();
    let shown: String = diagnostics.iter().map(|diagnostic| diagnostic.render(false)).collect();
    if folder.len() > 1 { shown.replace(&folder, "") } else { shown }
}

/// Reads all questions of a data file, in blocks of so many bytes.
pub fn read_text(
    survey: &Survey,
    needed: &[QuestionIndex],
    data: &[u8],
    options: &ReadOptions,
    block_bytes: usize,
) -> Result<Dataset, String> {
    let (_folder, path) = write(data);
    read_in_blocks(&path, survey, needed, options, &Quiet, block_bytes).map_err(|failure| match failure {
        Failure::Refused(errors) => rendered(&errors, &path),
        Failure::Io(error) => rendered(&[*error], &path),
    })
}

/// What reading all questions of a data file says when it refuses.
#[track_caller]
pub fn refusal(schema: &str, data: &[u8], options: &ReadOptions) -> String {
    let survey = survey(schema);
    match read_text(&survey, &all(&survey), data, options, 1 << 20) {
        Ok(_) => panic!("the data is accepted"),
        Err(errors) => errors,
    }
}
