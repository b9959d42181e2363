//! Lists of sources: which files a survey's data are in, and how each differs from what the schema says.
//!
//! ```toml
//! [[source]]
//! file = "matsue.csv"                    # beside the list
//! encoding = "cp932"
//! columns = { q1 = "Q01", id = "No" }    # question or column of the schema = column of this file
//! set = { office = "松江" }               # what everybody in this file says at a question
//! not_asked = ["q5"]                     # questions that this file's questionnaire did not have
//! key_prefix = "m-"                      # before the keys, where each file counts from 1
//! wave = "r1"                            # columns and codes as a `[[wave]]` of the schema had them
//! ```

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Encoding, ExportLayout, ReadOptions, Sheet, WeightSource, is_delimiter};
use crate::diag::{Diagnostic, Failure, Place, Source, quote, suggestion};
use crate::schema::{Code, Constant, Kind, Origin, QuestionIndex, RankColumns, Survey};
use crate::toml::{Document, Keys, Mistakes, Typed, Value, read_text};

/// A file, and how it is read.
pub(crate) struct Part<'a> {
    pub(crate) path: PathBuf,
    pub(crate) survey: Cow<'a, Survey>,
    pub(crate) options: ReadOptions,
    pub(crate) key_prefix: String,
}

/// Whether a path is a list of sources and no data.
pub fn is_list(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// The files behind these paths, each with the survey and the options it is read with.
pub(crate) fn parts<'a>(
    paths: &[PathBuf],
    survey: &'a Survey,
    options: &ReadOptions,
) -> Result<Vec<Part<'a>>, Failure> {
    let mut parts = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        if !is_list(path) {
            let (survey, options) = (Cow::Borrowed(survey), options.clone());
            parts.push(Part { path: path.clone(), survey, options, key_prefix: String::new() });
            continue;
        }
        let (source, listed, mut mistakes) = read_list(path)?;
        for typed in listed {
            let Some(file) = &typed.file else { continue };
            let path = beside(path, file);
            let part = typed.resolve(path, survey, options, &mut mistakes);
            parts.push(part);
        }
        if parts.is_empty() && mistakes.count() == 0 {
            let error = Diagnostic::error("the list has no sources").at(Place::File(source.name.clone()));
            mistakes.extend([error.hint("add a `[[source]]` with a `file`")]);
        }
        errors.extend(mistakes.finish().err().into_iter().flatten());
    }
    for (place, part) in parts.iter().enumerate() {
        if parts[..place].iter().any(|earlier| earlier.path == part.path && earlier.options == part.options) {
            let error = Diagnostic::error("the file is given twice");
            errors.push(error.at(Place::File(part.path.display().to_string())));
        }
    }
    if survey.corrections.is_some() {
        parts.iter_mut().filter(|part| !part.key_prefix.is_empty()).for_each(without_prefix);
    }
    if errors.is_empty() { Ok(parts) } else { Err(Failure::Refused(errors)) }
}

/// The corrections of a file's own respondents, by the keys that it has.
fn without_prefix(part: &mut Part<'_>) {
    let Some(corrections) = &mut part.survey.to_mut().corrections else { return };
    Arc::make_mut(corrections).list.retain_mut(|correction| {
        let key = &mut correction.written.respondent.value;
        let own = key.strip_prefix(part.key_prefix.as_str()).map(str::to_string);
        own.map(|own| *key = own).is_some()
    });
}

/// Every file behind these paths, lists included.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        files.push(path.clone());
        if is_list(path) {
            let (_, listed, mistakes) = read_list(path)?;
            let of_list = listed.iter().filter_map(|typed| typed.file.as_ref());
            files.extend(of_list.map(|file| beside(path, file)));
            mistakes.finish().map_err(Failure::Refused)?;
        }
    }
    Ok(files)
}

/// The files that a list of sources or a schema names, if it is one: no output may replace them.
pub fn named_files(path: &Path) -> Vec<PathBuf> {
    let read = || -> Option<Vec<PathBuf>> {
        let (name, text) = is_list(path).then(|| read_text(path, "").ok())??;
        let source = Arc::new(Source { name, text });
        let document = Document::parse(&source).ok()?;
        let mut mistakes = Mistakes::new(Arc::clone(&source));
        let mut keys = document.keys();
        let tables = [keys.tables("source", &mut mistakes), keys.tables("master", &mut mistakes)];
        let files = tables.into_iter().flatten().filter_map(|mut keys| keys.text("file", &mut mistakes));
        Some(files.map(|file| beside(path, &file)).collect())
    };
    read().unwrap_or_default()
}

fn beside(list: &Path, file: &Typed<String>) -> PathBuf {
    list.parent().unwrap_or(Path::new("")).join(&file.value)
}

/// `[[source]]` as typed.
struct TypedSource {
    file: Option<Typed<String>>,
    encoding: Option<Encoding>,
    sheet: Option<Sheet>,
    layout: Option<ExportLayout>,
    delimiter: Option<u8>,
    skip: Option<u64>,
    header_rows: Option<usize>,
    wave: Option<Typed<String>>,
    columns: Vec<(Typed<String>, Typed<String>)>,
    set: Vec<(Typed<String>, Typed<Code>)>,
    not_asked: Vec<Typed<String>>,
    key_prefix: Option<String>,
}

const ENCODINGS: [(&str, Encoding); 4] = [
    ("utf-8", Encoding::Utf8),
    ("cp932", Encoding::Cp932),
    ("utf-16le", Encoding::Utf16Le),
    ("utf-16be", Encoding::Utf16Be),
];

type List = (Arc<Source>, Vec<TypedSource>, Mistakes);

fn read_list(path: &Path) -> Result<List, Failure> {
    let (name, text) = read_text(path, "the list of sources could not be read")?;
    let source = Arc::new(Source { name, text });
    let document = Document::parse(&source).map_err(|error| Failure::Refused(vec![error]))?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let mut keys = document.keys();
    let listed = keys.tables("source", &mut mistakes).into_iter();
    let listed = listed.map(|keys| typed(keys, &mut mistakes)).collect();
    keys.finish(&mut mistakes);
    Ok((source, listed, mistakes))
}

fn typed(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedSource {
    keys.require("file");
    let file = keys.text("file", mistakes);
    let encoding = keys.word("encoding", &ENCODINGS, mistakes).map(|word| word.value);
    let sheet = keys.value("sheet").and_then(|value| code(&value, mistakes));
    let sheet = sheet.map(|sheet| Sheet::of(&sheet.value.to_string()));
    let layout = keys.word("layout", &ExportLayout::ALL, mistakes).map(|word| word.value);
    let delimiter = keys.text("delimiter", mistakes).and_then(|typed| delimiter(&typed, mistakes));
    let skip = whole(&mut keys, "skip", 0..=1_000_000, mistakes).and_then(|skip| u64::try_from(skip).ok());
    let header_rows =
        whole(&mut keys, "header_rows", 1..=9, mistakes).and_then(|rows| usize::try_from(rows).ok());
    let wave = keys.text("wave", mistakes);
    let columns = keys.table("columns", mistakes).map(|mut keys| keys.others()).unwrap_or_default();
    let columns =
        columns.into_iter().filter_map(|(name, value)| Some((name, value.text(mistakes)?))).collect();
    let set = keys.table("set", mistakes).map(|mut keys| keys.others()).unwrap_or_default();
    let set = set.into_iter().filter_map(|(name, value)| Some((name, code(&value, mistakes)?))).collect();
    let not_asked = keys.list("not_asked", mistakes).map(|list| list.value).unwrap_or_default();
    let not_asked = not_asked.iter().filter_map(|value| value.text(mistakes)).collect();
    let key_prefix = keys.text("key_prefix", mistakes).map(|text| text.value);
    keys.finish(mistakes);
    TypedSource {
        file,
        encoding,
        sheet,
        layout,
        delimiter,
        skip,
        header_rows,
        wave,
        columns,
        set,
        not_asked,
        key_prefix,
    }
}

fn delimiter(typed: &Typed<String>, mistakes: &mut Mistakes) -> Option<u8> {
    let found = match typed.value.as_str() {
        "comma" => Some(b','),
        "tab" => Some(b'\t'),
        "semicolon" => Some(b';'),
        other => match other.as_bytes() {
            [byte] if is_delimiter(*byte) => Some(*byte),
            _ => None,
        },
    };
    if found.is_none() {
        let shown = quote(&typed.value);
        let error = format!("expected comma, tab, semicolon or a character for `delimiter`, found {shown}");
        mistakes.error(&typed.span, Diagnostic::error(error));
    }
    found
}

fn whole(
    keys: &mut Keys<'_>,
    key: &'static str,
    within: std::ops::RangeInclusive<i64>,
    mistakes: &mut Mistakes,
) -> Option<i64> {
    let Typed { value, span } = keys.integer(key, mistakes)?;
    if within.contains(&value) {
        return Some(value);
    }
    let (from, to) = (within.start(), within.end());
    let found = quote(&value.to_string());
    mistakes.error(&span, Diagnostic::error(format!("expected {from} to {to} for `{key}`, found {found}")));
    None
}

fn code(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<Code>> {
    let span = value.span();
    if let Some(integer) = value.as_integer(mistakes) {
        return integer.map(|code| Typed { value: Code::Integer(code), span });
    }
    match value.as_text() {
        Some(text) => Some(Typed { value: Code::Text(text.to_string()), span }),
        None => value.unexpected("an integer or a string", mistakes),
    }
}

impl TypedSource {
    /// The file with the survey as it is to be read.
    fn resolve<'a>(
        self,
        path: PathBuf,
        survey: &'a Survey,
        options: &ReadOptions,
        mistakes: &mut Mistakes,
    ) -> Part<'a> {
        let mut options = ReadOptions {
            encoding: self.encoding.or(options.encoding),
            sheet: self.sheet.or(options.sheet.clone()),
            layout: self.layout.or(options.layout),
            delimiter: self.delimiter.or(options.delimiter),
            skip: self.skip.unwrap_or(options.skip),
            header_rows: self.header_rows.unwrap_or(options.header_rows),
            ..options.clone()
        };
        let key_prefix = self.key_prefix.unwrap_or_default();
        let mut own = Cow::Borrowed(survey);
        if let Some(wave) = &self.wave {
            match wave_of(survey, wave) {
                Ok(place) => own = Cow::Owned(survey.in_wave(place)),
                Err(error) => mistakes.error(&wave.span, error),
            }
        }
        if !self.columns.is_empty() {
            let names = renamed(&own, &options, &self.columns, mistakes);
            rename(own.to_mut(), &mut options, &names);
        }
        for (name, value) in &self.set {
            let Some(index) = question(survey, name, "set", mistakes) else { continue };
            if let Some(constant) = constant(survey, index, value, mistakes) {
                own.to_mut().questions[index].origin = Origin::Constant(constant);
            }
        }
        for name in &self.not_asked {
            let Some(index) = question(survey, name, "not_asked", mistakes) else { continue };
            if self.set.iter().any(|(set, _)| set.value == name.value) {
                let error = format!("question {} is set and not asked", quote(&name.value));
                mistakes.error(&name.span, Diagnostic::error(error));
            }
            not_asked(own.to_mut(), index);
        }
        Part { path, survey: own, options, key_prefix }
    }
}

fn wave_of(survey: &Survey, wave: &Typed<String>) -> Result<usize, Diagnostic> {
    let ids = || survey.waves.iter().map(|own| own.id.as_str());
    if survey.wave.is_some() {
        return Err(Diagnostic::error("the sources have waves of their own").hint("leave `--wave` out"));
    }
    ids().position(|own| own == wave.value).ok_or_else(|| {
        let error = Diagnostic::error(format!("unknown wave {} in `wave`", quote(&wave.value)));
        let hint = suggestion(&wave.value, ids());
        hint.into_iter().fold(error, Diagnostic::hint)
    })
}

fn question(
    survey: &Survey,
    name: &Typed<String>,
    key: &str,
    mistakes: &mut Mistakes,
) -> Option<QuestionIndex> {
    let ids = || survey.questions.iter().map(|question| question.id.as_str());
    let found = ids().position(|id| id == name.value);
    match found {
        None => {
            let error = Diagnostic::error(format!("unknown question {} in `{key}`", quote(&name.value)));
            let hint = suggestion(&name.value, ids());
            mistakes.error(&name.span, hint.into_iter().fold(error, Diagnostic::hint));
        }
        Some(index) if survey.questions[index].origin.is_derived() => {
            let error = Diagnostic::error(format!(
                "question {} is made of others and has no column in any file",
                quote(&name.value)
            ));
            mistakes.error(&name.span, error);
            return None;
        }
        Some(_) => {}
    }
    found
}

/// Makes a question, and the parts it has, one that nobody was asked.
fn not_asked(survey: &mut Survey, index: QuestionIndex) {
    match survey.questions[index].origin.clone() {
        Origin::Rows(rows) => rows.into_iter().for_each(|row| not_asked(survey, row)),
        Origin::Ranking { places, .. } => {
            for place in places.into_iter().chain([index]) {
                survey.questions[place].origin = Origin::NotAsked;
            }
        }
        _ => survey.questions[index].origin = Origin::NotAsked,
    }
}

/// What everybody in a file says.
fn constant(
    survey: &Survey,
    index: QuestionIndex,
    value: &Typed<Code>,
    mistakes: &mut Mistakes,
) -> Option<Constant> {
    let question = &survey.questions[index];
    let (id, found) = (quote(&question.id), quote(&value.value.to_string()));
    let error = match question.kind {
        Kind::Single | Kind::Scale => {
            let spelling = question.spellings();
            let text = value.value.to_string();
            let place = spelling.code(&text).or_else(|| spelling.label(&text));
            if let Some(option) = place.filter(|&place| place < question.options.len()) {
                return Some(Constant::Option(option));
            }
            let labels = question.options.iter().map(|option| option.label.as_str());
            let error = Diagnostic::error(format!("expected an option of question {id}, found {found}"));
            suggestion(&text, labels).into_iter().fold(error, Diagnostic::hint)
        }
        Kind::Number => match &value.value {
            Code::Integer(number) => return Some(Constant::Number(*number)),
            Code::Text(_) => {
                Diagnostic::error(format!("expected a whole number for question {id}, found {found}"))
            }
        },
        kind => Diagnostic::error(format!(
            "expected a single or number question in `set`, found the {} question {id}",
            kind.word()
        )),
    };
    mistakes.error(&value.span, error);
    None
}

/// What each column of the schema is called in a file.
fn renamed(
    survey: &Survey,
    options: &ReadOptions,
    columns: &[(Typed<String>, Typed<String>)],
    mistakes: &mut Mistakes,
) -> HashMap<String, String> {
    let declared =
        super::layout::declared_columns(survey, &ReadOptions { log: Some(Vec::new()), ..options.clone() });
    let mut names = HashMap::new();
    for (name, own) in columns {
        let question = survey.questions.iter().find(|question| question.id == name.value);
        match question.map(|question| (question, question.origin.columns())) {
            Some((_, [column])) => _ = names.insert(column.clone(), own.value.clone()),
            Some((question, columns @ [_, ..])) => {
                let Some((before, after)) = own.value.split_once("{code}") else {
                    let error = Diagnostic::error(format!(
                        "expected `{{code}}` in the columns of {}, found {}",
                        quote(&name.value),
                        quote(&own.value)
                    ));
                    let hint = "write where the option's code stands, as in `Q3_{code}`, or name the columns one by one";
                    mistakes.error(&own.span, error.hint(hint));
                    continue;
                };
                let place = |column: usize| match &question.origin {
                    Origin::Columns { of, .. } => question.options[of[column]].code.to_string(),
                    Origin::Ranking { columns: RankColumns::ByOption(_), .. } => {
                        question.options[column].code.to_string()
                    }
                    _ => (column + 1).to_string(),
                };
                names.extend(
                    columns
                        .iter()
                        .enumerate()
                        .map(|(at, column)| (column.clone(), format!("{before}{}{after}", place(at)))),
                );
            }
            _ if declared.contains(&name.value) => _ = names.insert(name.value.clone(), own.value.clone()),
            _ => {
                let error = Diagnostic::error(format!(
                    "expected a question or a column of the schema in `columns`, found {}",
                    quote(&name.value)
                ));
                let ids = survey.questions.iter().map(|question| question.id.as_str());
                let hint = suggestion(&name.value, ids.chain(declared.iter().map(String::as_str)));
                mistakes.error(&name.span, hint.into_iter().fold(error, Diagnostic::hint));
            }
        }
    }
    names
}

/// Reads the survey's columns under the names that they have in a file.
fn rename(survey: &mut Survey, options: &mut ReadOptions, names: &HashMap<String, String>) {
    let change = |column: &mut String| {
        if let Some(name) = names.get(column) {
            column.clone_from(name);
        }
    };
    survey.respondent.iter_mut().for_each(change);
    survey.count.iter_mut().for_each(change);
    survey.check.duration.iter_mut().for_each(change);
    let corrections = survey.corrections.iter_mut().flat_map(|own| &mut Arc::make_mut(own).list);
    corrections.for_each(|correction| change(&mut correction.column));
    if let Some(rule) = &mut survey.resubmission {
        rule.by.iter_mut().for_each(change);
    }
    if let WeightSource::Column(column) = &mut options.weight {
        change(column);
    }
    for question in &mut survey.questions {
        match &mut question.origin {
            Origin::Column(column) | Origin::Packed { column, .. } => change(column),
            Origin::Columns { columns, .. }
            | Origin::Ranking {
                columns: RankColumns::ByPlace(columns) | RankColumns::ByOption(columns),
                ..
            } => {
                columns.iter_mut().for_each(change);
            }
            Origin::Ranking { columns: RankColumns::InOrder { column, .. }, .. } => change(column),
            _ => {}
        }
    }
}
