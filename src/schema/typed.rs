//! The schema file as typed: every key with its place, nothing looked up yet.
//!
//! `None` for a required value means that the mistake has been reported.

use std::ops::Range;

use super::master::{TypedMaster, master};
use super::survey::{self, TypedSurvey};
use super::typed_derive::{TypedDerive, derive};
use super::typed_wave::{self, TypedWave};
use super::{Code, DayOrder, English, Kind, NoAnswer, Scaled, Values, dates};
use crate::calendar::Day;
use crate::diag::{Diagnostic, quote};
use crate::toml::{Document, Keys, Mistakes, Typed, Value};

/// A whole schema file.
pub(super) struct TypedSchema {
    pub survey: TypedSurvey,
    pub questions: Vec<TypedQuestion>,
    pub derives: Vec<TypedDerive>,
    pub banners: Vec<TypedBanner>,
    pub waves: Vec<TypedWave>,
    pub masters: Vec<TypedMaster>,
    /// There are questions, or something that was meant to be one.
    pub has_questions: bool,
}

impl TypedQuestion {
    /// Whether it is a grid whose rows take several answers.
    pub fn is_multi_grid(&self) -> bool {
        let grid = self.kind.as_ref().is_some_and(|kind| kind.value == Kind::Grid);
        grid && self.each.as_ref().is_some_and(|each| each.value == Kind::Multi)
    }
}

/// `[[banner]]`
pub(super) struct TypedBanner {
    pub id: Option<Typed<String>>,
    pub questions: Option<Typed<Vec<Typed<String>>>>,
}

/// A file of additions to a schema (`--with`).
pub(super) struct TypedOverlay {
    pub derives: Vec<TypedDerive>,
    pub nets: Vec<TypedExtraNet>,
    pub banners: Vec<TypedBanner>,
}

/// `[[net]]` of an overlay.
pub(super) struct TypedExtraNet {
    pub question: Option<Typed<String>>,
    pub net: TypedNet,
}

/// `[[question]]`
pub(super) struct TypedQuestion {
    /// The table's header.
    pub span: Range<usize>,
    pub id: Option<Typed<String>>,
    pub text: Option<Typed<String>>,
    pub short: Option<String>,
    pub section: Option<String>,
    pub english: English,
    pub limited_to: Option<Typed<String>>,
    /// `base = "option"`: whether options have bases of their own.
    pub base: Option<Typed<bool>>,
    pub kind: Option<Typed<Kind>>,
    /// What each row of a grid is.
    pub each: Option<Typed<Kind>>,
    pub options: Options,
    pub missing: Vec<TypedOption>,
    pub not_asked: Vec<Typed<Code>>,
    pub asked_if: Option<Typed<String>>,
    pub nets: Vec<TypedNet>,
    pub no_answer: Option<NoAnswer>,
    pub column: Option<Typed<String>>,
    /// The master whose column it is.
    pub master: Option<Typed<String>>,
    pub columns: Option<Typed<String>>,
    pub packed: Option<TypedPacked>,
    pub selected: Option<Typed<Vec<String>>>,
    pub none_selected: Option<Typed<bool>>,
    pub values: Option<Typed<Values>>,
    pub rows: Option<Typed<Vec<TypedRow>>>,
    pub boxes: Option<Typed<i64>>,
    pub scores: Option<Typed<bool>>,
    pub places: Option<Typed<i64>>,
    /// An integer that could not be read holds its place.
    pub points: Option<Typed<Vec<Option<i64>>>>,
    pub order: Option<DayOrder>,
    pub from: Option<Typed<Day>>,
    pub to: Option<Typed<Day>>,
    /// `from` and `to` of a number question.
    pub least: Option<Typed<Scaled>>,
    pub greatest: Option<Typed<Scaled>>,
    pub assumed: bool,
    /// Keys written, with their places: which keys a kind may have is decided later.
    pub written: Vec<(&'static str, Range<usize>)>,
    /// A code could not be read: references to codes cannot be judged.
    pub doubtful: bool,
    /// Keys that were meant but mistyped.
    pub meant: Vec<&'static str>,
}

/// `options = …`
pub(super) enum Options {
    /// Not written.
    Absent,
    /// A list.
    List(Typed<Vec<TypedOption>>),
    /// `"@prefectures"`
    Prefectures,
    /// `"@municipalities"`
    Municipalities,
    /// `"@master"`: the values of the question's column, where they have not been looked up yet.
    Master(Range<usize>),
}

/// An option or a missing code.
#[derive(Clone)]
pub(super) struct TypedOption {
    pub code: Option<Typed<Code>>,
    pub label: Option<Typed<String>>,
    pub label_en: Option<String>,
    pub short: Option<String>,
    pub exclusive: Option<Typed<bool>>,
    pub other: Option<Typed<bool>>,
    /// The column of the respondent's own words.
    pub text: Option<Typed<String>>,
    pub assumed: bool,
    pub spellings: Vec<Typed<String>>,
    /// `score = 5`, or `score = false`: `None` inside.
    pub score: Option<Typed<Option<i64>>>,
}

/// A net.
pub(super) struct TypedNet {
    pub id: Option<Typed<String>>,
    pub label: Option<Typed<String>>,
    pub label_en: Option<String>,
    pub of: Option<Typed<Vec<Typed<Code>>>>,
}

/// `packed = { column, separator }`
pub(super) struct TypedPacked {
    pub span: Range<usize>,
    pub column: Option<Typed<String>>,
    pub separator: Option<Typed<String>>,
}

/// A row of a grid.
pub(super) struct TypedRow {
    pub id: Option<Typed<String>>,
    pub label: Option<Typed<String>>,
    pub label_en: Option<String>,
    pub column: Option<Typed<String>>,
    pub assumed: bool,
}

pub(super) const NO_ANSWER: [(&str, NoAnswer); 2] =
    [("include", NoAnswer::Include), ("exclude", NoAnswer::Exclude)];
const KINDS: [(&str, Kind); 8] = [
    ("single", Kind::Single),
    ("multi", Kind::Multi),
    ("scale", Kind::Scale),
    ("grid", Kind::Grid),
    ("rank", Kind::Rank),
    ("number", Kind::Number),
    ("date", Kind::Date),
    ("text", Kind::Text),
];

/// Reads a whole schema file.
pub(super) fn read(document: &Document<'_>, mistakes: &mut Mistakes) -> TypedSchema {
    let mut keys = document.keys();
    keys.require("survey");
    let survey = keys.table("survey", mistakes).map(|keys| survey::read(keys, mistakes)).unwrap_or_default();
    let questions: Vec<_> =
        keys.tables("question", mistakes).into_iter().map(|keys| question(keys, mistakes)).collect();
    let derives = keys.tables("derive", mistakes).into_iter().map(|keys| derive(keys, mistakes)).collect();
    let banners = banners(&mut keys, mistakes);
    let waves = keys.tables("wave", mistakes).into_iter();
    let waves = waves.map(|keys| typed_wave::wave(keys, mistakes)).collect();
    let masters = keys.tables("master", mistakes).into_iter().map(|keys| master(keys, mistakes)).collect();
    let has_questions = keys.has("question");
    let meant = keys.finish(mistakes);
    let has_questions = has_questions || meant.contains(&"question");
    TypedSchema { survey, questions, derives, banners, waves, masters, has_questions }
}

/// Reads a file of additions.
pub(super) fn read_overlay(document: &Document<'_>, mistakes: &mut Mistakes) -> TypedOverlay {
    let mut keys = document.keys();
    let derives = keys.tables("derive", mistakes).into_iter().map(|keys| derive(keys, mistakes)).collect();
    let nets = keys.tables("net", mistakes).into_iter().map(|keys| extra_net(keys, mistakes)).collect();
    let banners = banners(&mut keys, mistakes);
    for key in ["survey", "question"] {
        if let Some(span) = keys.key_span(key) {
            _ = keys.value(key);
            let error = Diagnostic::error(format!("`{key}` does not belong in a file of additions"));
            let hint = "it has `[[derive]]`, `[[net]]` and `[[banner]]`; the rest is the schema's";
            mistakes.error(&span, error.hint(hint));
        }
    }
    keys.finish(mistakes);
    TypedOverlay { derives, nets, banners }
}

fn banners(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<TypedBanner> {
    let mut banners = Vec::new();
    for mut keys in keys.tables("banner", mistakes) {
        keys.require("id");
        keys.require("questions");
        let id = keys.text("id", mistakes);
        let questions = keys
            .list("questions", mistakes)
            .map(|list| list.map(|values| values.iter().filter_map(|value| value.text(mistakes)).collect()));
        keys.finish(mistakes);
        banners.push(TypedBanner { id, questions });
    }
    banners
}

fn extra_net(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedExtraNet {
    keys.require("question");
    let question = keys.text("question", mistakes);
    TypedExtraNet { question, net: net(keys, mistakes) }
}

fn question(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedQuestion {
    for key in ["id", "text", "kind"] {
        keys.require(key);
    }
    let id = keys.text("id", mistakes);
    let text = keys.text("text", mistakes);
    let short = keys.text("short", mistakes).map(|text| text.value);
    let section = words(&mut keys, "section", mistakes);
    let english = English {
        text: words(&mut keys, "text_en", mistakes),
        short: words(&mut keys, "short_en", mistakes),
        section: words(&mut keys, "section_en", mistakes),
    };
    let kind = keys.word("kind", &KINDS, mistakes);
    let each = keys.word("each", &[("single", Kind::Single), ("multi", Kind::Multi)], mistakes);
    let before = mistakes.count();
    let options = options(&mut keys, mistakes);
    let unreadable = match &options {
        Options::Absent => keys.has("options"),
        Options::List(list) => {
            list.value.iter().any(|option| option.code.is_none())
                || (list.value.is_empty() && mistakes.count() > before)
        }
        Options::Prefectures | Options::Municipalities | Options::Master(_) => false,
    };
    let missing = option_list(&mut keys, "missing", mistakes).map(|list| list.value).unwrap_or_default();
    let not_asked = codes(&mut keys, "not_asked", mistakes).map(|list| list.value).unwrap_or_default();
    let asked_if = keys.text("asked_if", mistakes);
    let nets = nets(&mut keys, mistakes);
    let no_answer = keys.word("no_answer", &NO_ANSWER, mistakes).map(|word| word.value);
    let column = keys.text("column", mistakes);
    let master = keys.text("master", mistakes);
    let columns = keys.text("columns", mistakes);
    let packed = keys.table("packed", mistakes).map(|keys| packed(keys, mistakes));
    let selected = selected(&mut keys, mistakes);
    let none_selected = keys.word("none_selected", &[("missing", false), ("reply", true)], mistakes);
    let values = keys.word(
        "values",
        &[("code", Values::Code), ("label", Values::Label), ("auto", Values::Auto)],
        mistakes,
    );
    let rows = keys.list("rows", mistakes).map(|list| {
        // A row that is no table keeps its place, so that the grid does not seem to have none.
        list.map(|values| values.iter().map(|value| row(value.table("rows", mistakes), mistakes)).collect())
    });
    let assumed = keys.flag("assumed", mistakes).is_some_and(|flag| flag.value);
    let limited_to = keys.text("limited_to", mistakes);
    let base = keys.word("base", &[("question", false), ("option", true)], mistakes);
    let boxes = keys.integer("boxes", mistakes);
    let scores = keys.flag("scores", mistakes);
    let places = keys.integer("places", mistakes);
    let points = keys.list("points", mistakes).map(|list| {
        list.map(|values| values.iter().map(|value| Some(value.integer(mistakes)?.value)).collect())
    });
    let order = keys.word("order", &dates::ORDERS, mistakes).map(|word| word.value);
    let (from, to) = (keys.value("from"), keys.value("to"));
    let number = kind.as_ref().is_some_and(|kind| kind.value == Kind::Number);
    let mut least_and_greatest =
        [&from, &to].map(|limit| limit.as_ref().filter(|_| number)?.decimal(mistakes));
    let (least, greatest) = (least_and_greatest[0].take(), least_and_greatest[1].take());
    let mut first_and_last =
        [&from, &to].map(|limit| dates::typed(limit.as_ref().filter(|_| !number)?, mistakes));
    let (from, to) = (first_and_last[0].take(), first_and_last[1].take());
    const SOMETIMES: [&str; 20] = [
        "master",
        "base",
        "places",
        "points",
        "each",
        "options",
        "nets",
        "column",
        "columns",
        "packed",
        "selected",
        "none_selected",
        "values",
        "rows",
        "boxes",
        "scores",
        "limited_to",
        "order",
        "from",
        "to",
    ];
    let written = SOMETIMES.iter().filter_map(|key| Some((*key, keys.key_span(key)?))).collect();
    let span = keys.span().clone();
    let meant = keys.finish(mistakes);
    let doubtful = kind.is_none()
        || unreadable
        || meant.contains(&"options")
        || missing.iter().any(|missing| missing.code.is_none());
    TypedQuestion {
        span,
        id,
        text,
        short,
        section,
        english,
        limited_to,
        base,
        kind,
        each,
        options,
        missing,
        not_asked,
        asked_if,
        nets,
        no_answer,
        column,
        master,
        columns,
        packed,
        selected,
        none_selected,
        values,
        rows,
        boxes,
        scores,
        places,
        points,
        order,
        from,
        to,
        least,
        greatest,
        assumed,
        written,
        doubtful,
        meant,
    }
}

fn options(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Options {
    const SETS: [&str; 3] = ["@prefectures", "@municipalities", "@master"];
    let Some(value) = keys.value("options") else { return Options::Absent };
    match value.as_text() {
        Some("@prefectures") => Options::Prefectures,
        Some("@municipalities") => Options::Municipalities,
        Some("@master") => Options::Master(value.span()),
        Some(other) => {
            let mut error = Diagnostic::error(format!(
                "expected a list, `@prefectures`, `@municipalities` or `@master` for `options`, found {}",
                quote(other)
            ));
            if let Some(hint) = crate::diag::suggestion(other, SETS) {
                error = error.hint(hint);
            }
            mistakes.error(&value.span(), error);
            Options::Absent
        }
        None => match option_list(keys, "options", mistakes) {
            Some(list) => Options::List(list),
            None => Options::Absent,
        },
    }
}

fn option_list(
    keys: &mut Keys<'_>,
    key: &'static str,
    mistakes: &mut Mistakes,
) -> Option<Typed<Vec<TypedOption>>> {
    let list = keys.list(key, mistakes)?;
    Some(list.map(|values| {
        let mut options = Vec::new();
        for value in values {
            match value.table(key, mistakes) {
                Some(mut keys) => {
                    let role = if key == "missing" { Role::Missing } else { Role::Option };
                    let option = option(&mut keys, role, mistakes);
                    keys.finish(mistakes);
                    options.push(option);
                }
                // Holds the place, so that codes count as not fully known.
                None => options.push(TypedOption::unreadable()),
            }
        }
        options
    }))
}

impl TypedOption {
    pub(super) fn unreadable() -> Self {
        TypedOption {
            code: None,
            label: None,
            label_en: None,
            short: None,
            exclusive: None,
            other: None,
            text: None,
            assumed: false,
            spellings: Vec::new(),
            score: None,
        }
    }
}

/// What a table with a code and a label stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Option,
    Missing,
    Group,
}

pub(super) fn option(keys: &mut Keys<'_>, role: Role, mistakes: &mut Mistakes) -> TypedOption {
    keys.require("code");
    keys.require("label");
    let mut option = TypedOption::unreadable();
    option.code = keys.value("code").and_then(|value| code(&value, mistakes));
    option.label = keys.text("label", mistakes);
    option.label_en = words(keys, "label_en", mistakes);
    if role == Role::Missing {
        return option;
    }
    option.short = keys.text("short", mistakes).map(|text| text.value);
    option.other = keys.flag("other", mistakes);
    option.assumed = keys.flag("assumed", mistakes).is_some_and(|flag| flag.value);
    if role == Role::Group {
        return option;
    }
    option.exclusive = keys.flag("exclusive", mistakes);
    option.text = keys.text("text", mistakes);
    option.score = keys.value("score").map(|value| score(&value, mistakes));
    let spellings = keys.list("spellings", mistakes).map(|list| list.value).unwrap_or_default();
    option.spellings = spellings.iter().filter_map(|value| value.text(mistakes)).collect();
    option
}

/// Words without a place: nothing can be wrong with them but their type.
pub(super) fn words(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Option<String> {
    keys.text(key, mistakes).map(|text| text.value)
}

/// A score: an integer, or `false` for an option that has none.
///
/// One that could not be read counts as none, so that it is not also called missing.
fn score(value: &Value<'_>, mistakes: &mut Mistakes) -> Typed<Option<i64>> {
    let score = match (value.as_flag(), value.as_integer(mistakes)) {
        (Some(false), _) => None,
        (_, Some(score)) => score,
        _ => value.unexpected("an integer or `false`", mistakes),
    };
    Typed { value: score, span: value.span() }
}

/// A code: an integer or a string.
pub(super) fn code(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<Code>> {
    let span = value.span();
    if let Some(integer) = value.as_integer(mistakes) {
        return integer.map(|code| Typed { value: Code::Integer(code), span });
    }
    match value.as_text() {
        Some(text) if super::matching_key(text).is_empty() => {
            let error = Diagnostic::error("a code is empty").hint("a blank cell is 無回答 and needs no code");
            mistakes.error(&span, error);
            None
        }
        Some(text) => Some(Typed { value: Code::Text(text.to_string()), span }),
        None => value.unexpected("an integer or a string", mistakes),
    }
}

pub(super) fn codes(
    keys: &mut Keys<'_>,
    key: &'static str,
    mistakes: &mut Mistakes,
) -> Option<Typed<Vec<Typed<Code>>>> {
    let list = keys.list(key, mistakes)?;
    Some(list.map(|values| values.iter().filter_map(|value| code(value, mistakes)).collect()))
}

pub(super) fn nets(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<TypedNet> {
    let list = keys.list("nets", mistakes).map(|list| list.value).unwrap_or_default();
    let tables: Vec<_> = list.iter().filter_map(|value| value.table("nets", mistakes)).collect();
    tables.into_iter().map(|keys| net(keys, mistakes)).collect()
}

fn net(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedNet {
    for key in ["id", "label", "of"] {
        keys.require(key);
    }
    let id = keys.text("id", mistakes);
    let label = keys.text("label", mistakes);
    let label_en = words(&mut keys, "label_en", mistakes);
    let before = mistakes.count();
    let of = codes(&mut keys, "of", mistakes).filter(|_| mistakes.count() == before);
    keys.finish(mistakes);
    TypedNet { id, label, label_en, of }
}

pub(super) fn packed(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedPacked {
    keys.require("column");
    keys.require("separator");
    let column = keys.text("column", mistakes);
    let separator = keys.text("separator", mistakes);
    if let Some(separator) = separator.as_ref().filter(|separator| separator.value.is_empty()) {
        let error = Diagnostic::error("the separator is empty");
        mistakes.error(&separator.span, error.hint("write what stands between two answers, such as `;`"));
    }
    let span = keys.span().clone();
    keys.finish(mistakes);
    TypedPacked { span, column, separator }
}

/// `selected = ["1", "○"]`; an integer is taken as its digits.
fn selected(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Option<Typed<Vec<String>>> {
    let list = keys.list("selected", mistakes)?;
    Some(list.map(|values| {
        let codes: Vec<_> = values.iter().filter_map(|value| code(value, mistakes)).collect();
        codes.into_iter().map(|code| code.value.to_string()).collect()
    }))
}

fn row(keys: Option<Keys<'_>>, mistakes: &mut Mistakes) -> TypedRow {
    let Some(mut keys) = keys else {
        return TypedRow { id: None, label: None, label_en: None, column: None, assumed: false };
    };
    keys.require("id");
    keys.require("label");
    let row = TypedRow {
        id: keys.text("id", mistakes),
        label: keys.text("label", mistakes),
        label_en: words(&mut keys, "label_en", mistakes),
        column: keys.text("column", mistakes),
        assumed: keys.flag("assumed", mistakes).is_some_and(|flag| flag.value),
    };
    keys.finish(mistakes);
    row
}
