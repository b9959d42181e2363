//! Small data files, read in every way a test wants.

use std::path::{Path, PathBuf};

use renkei::diag::{Diagnostic, Failure, Quiet};
use renkei::frame::{Dataset, Encoding, ReadOptions, WeightSource, read_in_blocks};
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

/// A question for small files.
pub const SEX: &str = r#"[[question]]
id = "sex"
text = "性別"
kind = "single"
options = [ { code = 1, label = "男性" }, { code = 2, label = "女性" } ]
missing = [ { code = 9, label = "無回答" } ]
"#;
/// A question for small files.
pub const AREA: &str = r#"[[question]]
id = "area"
text = "地域"
kind = "single"
options = [ { code = "01", label = "北海道" }, { code = "02", label = "青森県" } ]
"#;
/// A question for small files.
pub const HELP: &str = r#"[[question]]
id = "help"
text = "相談先"
kind = "multi"
columns = "help_{code}"
options = [ { code = 1, label = "家族" }, { code = 2, label = "友人" }, { code = 3, label = "いない", exclusive = true } ]
"#;
/// A question for small files.
pub const AGE: &str = r#"[[question]]
id = "age"
text = "年齢"
kind = "number"
"#;
/// A question for small files.
pub const PETS: &str = r#"[[question]]
id = "pets"
text = "ペット"
kind = "multi"
packed = { column = "pets", separator = ";" }
options = [ { code = 1, label = "いぬ" }, { code = 2, label = "ねこ" }, { code = 3, label = "へびとかめれおんとう" } ]
"#;
/// A question for small files.
pub const NOTE: &str = r#"[[question]]
id = "note"
text = "自由回答"
kind = "text"
"#;
/// A question for small files.
pub const CHILDREN: &str = r#"[[question]]
id = "children"
text = "子の数"
kind = "single"
options = [ { code = 1, label = "0" }, { code = 2, label = "1" }, { code = 3, label = "2" }, { code = 4, label = "3" } ]
"#;

/// One thread, nothing declared.
pub fn plain() -> ReadOptions {
    ReadOptions { threads: 1, ..ReadOptions::default() }
}

/// The file's encoding is declared.
pub fn declared(encoding: Encoding) -> ReadOptions {
    ReadOptions { encoding: Some(encoding), ..plain() }
}

/// Weights in the column `w`.
pub fn weighted() -> ReadOptions {
    ReadOptions { weight: WeightSource::Column("w".to_string()), ..plain() }
}

/// Asserts what reading a data file says.
#[track_caller]
pub fn refuses(schema: &[&str], data: impl AsRef<[u8]>, options: &ReadOptions, expected: &str) {
    let found = refusal(&[&[SURVEY], schema].concat().concat(), data.as_ref(), options);
    assert_eq!(found, expected);
}
