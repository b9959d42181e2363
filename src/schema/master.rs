//! `[[master]]`: a file beside the schema with a row for each municipality, office or respondent, whose columns
//! become questions (`master = "…"` of a question).

use std::path::Path;

use super::question::{Draft, find};
use super::typed::{Options, TypedOption, TypedQuestion};
use super::{Code, Gravity, Kind, Origin, QuestionIndex, integer_of, matching_key};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::toml::{Keys, Mistakes, Typed};

/// A file of rows that respondents belong to.
#[derive(Debug, Clone)]
pub struct Master {
    /// What questions call it.
    pub id: String,
    /// The file, relative to the schema.
    pub file: String,
    /// Its column of keys.
    pub key: String,
    /// The question whose replies are the keys; `None`: the respondent's key is.
    pub of: Option<QuestionIndex>,
    /// How bad a respondent without a row is.
    pub unmatched: Gravity,
    /// How bad a row without a respondent is.
    pub unused: Gravity,
}

/// `[[master]]` as typed.
pub(super) struct TypedMaster {
    pub id: Option<Typed<String>>,
    pub file: Option<Typed<String>>,
    pub key: Option<Typed<String>>,
    pub of: Option<Typed<String>>,
    pub unmatched: Option<Gravity>,
    pub unused: Option<Gravity>,
}

/// Reads `[[master]]`.
pub(super) fn master(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedMaster {
    for key in ["id", "file", "key"] {
        keys.require(key);
    }
    let hard = [("error", Gravity::Error), ("warning", Gravity::Warning)];
    let any = [("error", Gravity::Error), ("warning", Gravity::Warning), ("off", Gravity::Off)];
    let typed = TypedMaster {
        id: keys.text("id", mistakes),
        file: keys.text("file", mistakes),
        key: keys.text("key", mistakes),
        of: keys.text("of", mistakes),
        unmatched: keys.word("unmatched", &hard, mistakes).map(|word| word.value),
        unused: keys.word("unused", &any, mistakes).map(|word| word.value),
    };
    keys.finish(mistakes);
    typed
}

/// Gives questions with `options = "@master"` the values of their column as options, in the order of the file.
///
/// Here and not where data are read, because conditions and groups name options before any data are read. A master
/// in another encoding than UTF-8 needs its options listed.
pub(super) fn options(
    masters: &[TypedMaster],
    folder: &Path,
    questions: &mut [TypedQuestion],
    mistakes: &mut Mistakes,
) {
    for question in questions {
        let Options::Master(span) = &question.options else { continue };
        let span = span.clone();
        let Some(name) = &question.master else {
            let error = Diagnostic::error("`options = \"@master\"` needs the master that the question is of");
            mistakes.error(&span, error.hint("say `master = \"…\"`, the id of a `[[master]]`"));
            (question.options, question.doubtful) = (Options::Absent, true);
            continue;
        };
        let named = masters.iter().find(|own| own.id.as_ref().is_some_and(|id| id.value == name.value));
        let column = question.column.as_ref().or(question.id.as_ref()).map(|column| column.value.clone());
        let file = named.and_then(|master| master.file.as_ref());
        let (Some(file), Some(column)) = (file, column) else {
            // The mistake is told where the master is looked up, or where the id is missing.
            (question.options, question.doubtful) = (Options::Absent, true);
            continue;
        };
        match values(&folder.join(&file.value), &column) {
            Ok(values) => {
                let options = values.into_iter().map(|value| TypedOption::named(value, &span)).collect();
                question.options = Options::List(Typed { value: options, span });
            }
            Err((error, of_column)) => {
                let at = if of_column { &span } else { &file.span };
                mistakes.error(at, error);
                (question.options, question.doubtful) = (Options::Absent, true);
            }
        }
    }
}

/// The distinct values of a column that are not blank; an error says whether it is the column's.
fn values(path: &Path, column: &str) -> Result<Vec<String>, (Diagnostic, bool)> {
    let shown = quote(&path.display().to_string());
    let bytes = std::fs::read(path).map_err(|error| {
        (Diagnostic::error(format!("the master {shown} could not be read: {error}")), false)
    })?;
    let text = str::from_utf8(&bytes).map_err(|_| {
        let error = Diagnostic::error(format!("expected the master {shown} in UTF-8, found other bytes"));
        (error.hint("save it as CSV UTF-8, or list the options in the schema"), false)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b'\t', b';'].into_iter().max_by_key(|&byte| {
        (head.split(char::from(byte)).any(|cell| cell.trim_matches('"').trim() == column), byte == b',')
    });
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).from_reader(text.as_bytes());
    let broken = |error: csv::Error| {
        (Diagnostic::error(format!("the master {shown} could not be read: {error}")), false)
    };
    let headers = reader.headers().map_err(broken)?.clone();
    let Some(place) = headers.iter().position(|header| header.trim() == column) else {
        let error = Diagnostic::error(format!("the master {shown} has no column {}", quote(column)));
        let hint = suggestion(column, headers.iter().map(str::trim));
        return Err((hint.into_iter().fold(error, Diagnostic::hint), true));
    };
    let mut seen = std::collections::HashSet::new();
    let mut values = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let value = record.get(place).unwrap_or_default().trim();
        if !value.is_empty() && seen.insert(matching_key(value)) {
            values.push(value.to_string());
        }
    }
    Ok(values)
}

impl TypedOption {
    /// An option whose code and label are one value.
    fn named(value: String, span: &std::ops::Range<usize>) -> TypedOption {
        let plain = integer_of(&value).filter(|code| code.to_string() == value);
        let code = plain.map_or_else(|| Code::Text(value.clone()), Code::Integer);
        TypedOption {
            code: Some(Typed { value: code, span: span.clone() }),
            label: Some(Typed { value, span: span.clone() }),
            ..TypedOption::unreadable()
        }
    }
}

/// Resolves every `[[master]]`, and makes its questions come from it.
pub(super) fn resolve(
    typed: Vec<TypedMaster>,
    keyed: bool,
    drafts: &mut [Draft],
    mistakes: &mut Mistakes,
) -> Vec<Master> {
    let mut masters: Vec<Master> = Vec::new();
    let doubtful = typed.iter().any(|master| master.id.is_none());
    for typed in typed {
        if let Some(id) = &typed.id
            && (id.value.trim().is_empty() || masters.iter().any(|master| master.id == id.value))
        {
            let what = if id.value.trim().is_empty() { "is empty" } else { "is used twice" };
            mistakes
                .error(&id.span, Diagnostic::error(format!("the master's id {} {what}", quote(&id.value))));
        }
        let of = typed.of.as_ref().and_then(|of| {
            let place = find(&of.value, &of.span, "`of` of a master", drafts, mistakes)?;
            let draft = &drafts[place];
            let kind = draft.question.kind;
            if !matches!(kind, Kind::Single | Kind::Scale | Kind::Text) && !draft.doubtful {
                let error = Diagnostic::error(format!(
                    "expected a single or text question for `of`, found the {} question {}",
                    kind.word(),
                    quote(&of.value)
                ));
                mistakes.error(&of.span, error.hint("its replies are the keys of the master"));
                return None;
            }
            Some(place)
        });
        if let (None, Some(id), false) = (&typed.of, &typed.id, keyed) {
            let error = Diagnostic::error(format!(
                "nothing says who belongs to which row of master {}",
                quote(&id.value)
            ));
            let hint =
                "say `of = \"…\"`, the question whose replies are its keys, or `respondent` under `[survey]`";
            mistakes.error(&id.span, error.hint(hint));
        }
        let text = |typed: Option<Typed<String>>| typed.map(|typed| typed.value).unwrap_or_default();
        masters.push(Master {
            id: text(typed.id),
            file: text(typed.file),
            key: text(typed.key),
            of,
            unmatched: typed.unmatched.unwrap_or(Gravity::Error),
            unused: typed.unused.unwrap_or(Gravity::Warning),
        });
    }
    for (index, draft) in drafts.iter_mut().enumerate() {
        let Some(name) = draft.master.clone() else { continue };
        let Some(place) = masters.iter().position(|master| master.id == name.value) else {
            if !doubtful {
                let error = Diagnostic::error(format!("unknown master {}", quote(&name.value)));
                let hint = suggestion(&name.value, masters.iter().map(|master| master.id.as_str()));
                let hint =
                    hint.or_else(|| masters.is_empty().then(|| "the schema has no `[[master]]`".to_string()));
                mistakes.error(&name.span, hint.into_iter().fold(error, Diagnostic::hint));
            }
            continue;
        };
        if masters[place].of == Some(index) {
            let error = Diagnostic::error(format!(
                "question {} is the key of master {} and cannot come from it",
                quote(&draft.question.id),
                quote(&name.value)
            ));
            mistakes.error(&name.span, error);
            continue;
        }
        let question = &mut draft.question;
        let own = Box::new(question.origin.clone());
        question.origin = Origin::Joined { master: place, of: masters[place].of, own };
    }
    masters
}
