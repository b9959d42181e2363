//! A question as meant: its kind, options and origin.

use std::ops::Range;

use super::codes::Ledger;
use super::typed::{Options, TypedOption, TypedQuestion, TypedRow};
use super::{
    English, Kind, NoAnswer, Origin, Question, QuestionIndex, Values, dates, municipalities, nets,
    prefectures, range, rank, scale,
};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::toml::{Mistakes, Typed, one_of};

/// A question on the way to what is meant.
pub(super) struct Draft {
    /// The question, as far as it is known.
    pub question: Question,
    /// Kind or codes are not known for sure, because of a mistake reported before; what refers to
    /// them is not judged.
    pub doubtful: bool,
    /// `asked_if` as typed; a grid's stands at the grid only.
    pub asked_if: Option<Typed<String>>,
    /// `limited_to` as typed.
    pub limited_to: Option<Typed<String>>,
    /// `master` as typed.
    pub master: Option<Typed<String>>,
    /// `when` of a derived question's groups, as typed.
    pub whens: Vec<(usize, Typed<String>)>,
    /// Where the columns come from: `column`, `columns`, or the id.
    pub column_span: Range<usize>,
}

impl Draft {
    /// A draft of which nothing is left to look up.
    pub(super) fn new(question: Question, doubtful: bool, column_span: Range<usize>) -> Draft {
        Draft {
            question,
            doubtful,
            asked_if: None,
            limited_to: None,
            master: None,
            whens: Vec::new(),
            column_span,
        }
    }
}

/// The question with an id that stands at `span`, in what `place` says (`` `from` ``); reports an unknown one.
pub(super) fn find(
    id: &str,
    span: &Range<usize>,
    place: &str,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Option<QuestionIndex> {
    let ids = || drafts.iter().map(|draft| draft.question.id.as_str());
    let found = ids().position(|known| known == id);
    // Where an id could not be read, the name may be that question's.
    if found.is_none() && ids().all(|known| !known.is_empty()) {
        let mut error = Diagnostic::error(format!("unknown question {} in {place}", quote(id)));
        if let Some(hint) = suggestion(id, ids()) {
            error = error.hint(hint);
        }
        mistakes.error(span, error);
    }
    found
}

/// Resolves one `[[question]]`, a grid with its rows, and appends it.
pub(super) fn resolve(
    typed: TypedQuestion,
    no_answer: NoAnswer,
    drafts: &mut Vec<Draft>,
    mistakes: &mut Mistakes,
) {
    let span = typed.id.as_ref().map_or(typed.span.clone(), |id| id.span.clone());
    if let Some(id) = &typed.id {
        check_question_id(id, mistakes);
    }
    let id = typed.id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
    if let Some(text) = typed.text.as_ref().filter(|text| text.value.trim().is_empty()) {
        mistakes.error(&text.span, Diagnostic::error(format!("the text of {} is empty", quote(&id))));
    }
    if let Some(kind) = &typed.kind {
        check_keys(&typed, kind, &id, mistakes);
    }
    // Without a kind, `single` holds the place; the draft is doubtful then.
    let kind = typed.kind.as_ref().map_or(Kind::Single, |kind| kind.value);
    let mut ledger = Ledger::new(&id);
    let options = match &typed.options {
        Options::List(list) => ledger.options(&list.value, mistakes),
        Options::Prefectures => {
            let options = prefectures::options();
            ledger.inherit_options(&options);
            options
        }
        Options::Municipalities => {
            let options = municipalities::options();
            ledger.inherit_options(&options);
            options
        }
        Options::Absent | Options::Master(_) => Vec::new(),
    };
    let missing = ledger.missing(&typed.missing, mistakes);
    let not_asked = ledger.not_asked(&typed.not_asked, mistakes);
    let mut question = Question {
        text: typed.text.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
        short: typed.short.clone(),
        section: typed.section.clone(),
        english: typed.english.clone(),
        kind,
        options,
        municipalities: matches!(typed.options, Options::Municipalities),
        missing,
        not_asked,
        asked_if: None,
        limited_to: None,
        option_bases: typed.base.as_ref().is_some_and(|base| base.value),
        points: Vec::new(),
        nets: Vec::new(),
        no_answer: typed.no_answer.unwrap_or(no_answer),
        origin: Origin::Column(id.clone()),
        values: typed.values.as_ref().map_or(Values::Auto, |values| values.value),
        dates: dates::resolve(&typed, mistakes),
        range: range::resolve(&typed, mistakes),
        stored: None,
        not_offered: Vec::new(),
        grid: None,
        assumed: typed.assumed,
        span: span.clone(),
        id,
    };
    let scored = scale::is_scored(&typed, kind);
    if scored {
        scale::score(&mut question, &typed, mistakes);
    }
    question.nets = nets::resolve(&question, &typed.nets, typed.doubtful, mistakes);
    scale::boxes(&mut question, &typed, scored, mistakes);
    let mut column_span = span;
    match kind {
        // No question is written as a ratio.
        Kind::Single | Kind::Scale | Kind::Number | Kind::Date | Kind::Ratio | Kind::Text => {
            if let Some(column) = &typed.column {
                question.origin = Origin::Column(column.value.clone());
                column_span = column.span.clone();
            }
        }
        Kind::Multi => {
            if let Some(key) = typed.columns.as_ref() {
                column_span = key.span.clone();
            } else if let Some(key) = &typed.packed {
                column_span = key.span.clone();
            }
            question.origin = multi_origin(&typed, &question, mistakes);
        }
        Kind::Rank => {
            let columns = typed.columns.as_ref().map(|columns| &columns.span);
            let key = columns.or(typed.packed.as_ref().map(|packed| &packed.span));
            column_span = key.cloned().unwrap_or(column_span);
        }
        Kind::Grid => {}
    }
    let (asked_if, doubtful) = (typed.asked_if.clone(), typed.doubtful);
    let limited_to = typed.limited_to.clone();
    let grid = drafts.len();
    let master = typed.master.clone();
    drafts.push(Draft { question, doubtful, asked_if, limited_to, master, whens: Vec::new(), column_span });
    other_texts(&typed, grid, drafts, mistakes);
    if kind == Kind::Grid {
        resolve_rows(&typed, grid, scored, drafts, mistakes);
    }
    if kind == Kind::Rank {
        rank::resolve(&typed, grid, drafts, mistakes);
    }
}

/// Appends the text questions of options with words of the respondent's own (その他).
fn other_texts(typed: &TypedQuestion, place: usize, drafts: &mut Vec<Draft>, mistakes: &mut Mistakes) {
    let Options::List(list) = &typed.options else { return };
    let texts: Vec<(&Typed<String>, &TypedOption)> =
        list.value.iter().filter_map(|option| Some((option.text.as_ref()?, option))).collect();
    for option in &list.value {
        if let (Some(text), Some(other)) = (&option.text, option.other.as_ref().filter(|other| !other.value))
        {
            let error =
                Diagnostic::error("an option with a `text` column is その他, but says `other = false`");
            mistakes.error(
                &other.span,
                error.hint(format!(
                    "leave out one of the two, or make {} a question of kind `text`",
                    quote(&text.value)
                )),
            );
        }
    }
    let question = drafts[place].question.clone();
    for (number, (text, option)) in texts.iter().enumerate() {
        if question.kind == Kind::Grid {
            let error = Diagnostic::error("an option of a grid has no `text` column");
            mistakes.error(&text.span, error.hint("declare the column as a question of kind `text`"));
            continue;
        }
        let number = if texts.len() == 1 { String::new() } else { (number + 1).to_string() };
        let own = Question {
            id: format!("{}.other{number}", question.id),
            short: option.label.as_ref().map(|label| label.value.clone()),
            english: English { short: option.label_en.clone(), ..question.english.clone() },
            kind: Kind::Text,
            options: Vec::new(),
            missing: Vec::new(),
            not_asked: Vec::new(),
            nets: Vec::new(),
            origin: Origin::Column(text.value.clone()),
            span: text.span.clone(),
            ..question.clone()
        };
        drafts.push(Draft::new(own, false, text.span.clone()));
    }
}

/// Which keys belong to which kinds; the others (`text`, `missing`, …) belong to all.
fn kinds_of(key: &str) -> &'static [Kind] {
    match key {
        "column" => &[Kind::Single, Kind::Scale, Kind::Number, Kind::Date, Kind::Text],
        "master" => &[Kind::Single, Kind::Scale, Kind::Multi, Kind::Number, Kind::Date],
        "order" => &[Kind::Date],
        "from" | "to" => &[Kind::Date, Kind::Number],
        "columns" | "packed" => &[Kind::Multi, Kind::Grid, Kind::Rank],
        "selected" | "none_selected" => &[Kind::Multi, Kind::Grid],
        "places" | "points" => &[Kind::Rank],
        "rows" | "each" => &[Kind::Grid],
        "boxes" => &[Kind::Scale, Kind::Grid],
        "scores" => &[Kind::Grid],
        "base" => &[Kind::Single, Kind::Scale, Kind::Multi],
        "limited_to" => &[Kind::Single, Kind::Scale, Kind::Multi, Kind::Rank],
        _ => &[Kind::Single, Kind::Scale, Kind::Multi, Kind::Grid, Kind::Rank],
    }
}

impl Kind {
    /// The word for it in schemas and messages.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Single => "single",
            Kind::Scale => "scale",
            Kind::Multi => "multi",
            Kind::Grid => "grid",
            Kind::Rank => "rank",
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Ratio => "ratio",
            Kind::Text => "text",
        }
    }
}

/// Reports keys that the kind cannot have and keys that it must have.
fn check_keys(typed: &TypedQuestion, kind: &Typed<Kind>, id: &str, mistakes: &mut Mistakes) {
    let word = kind.value.word();
    for (key, span) in &typed.written {
        let kinds = kinds_of(key);
        if !kinds.contains(&kind.value) {
            let words: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.word())).collect();
            let error = Diagnostic::error(format!("`{key}` does not belong to a {word} question"))
                .hint(format!("it belongs to questions of kind {}", one_of(&words)));
            mistakes.error(span, error);
        }
    }
    let written =
        |key: &str| typed.meant.contains(&key) || typed.written.iter().any(|(name, _)| *name == key);
    if kinds_of("options").contains(&kind.value) {
        let empty = match &typed.options {
            Options::List(list) if list.value.is_empty() => Some(&list.span),
            Options::Absent if !written("options") => Some(&kind.span),
            _ => None,
        };
        if let Some(span) = empty {
            let error = Diagnostic::error(format!("{word} question {} has no options", quote(id)))
                .hint("write `options = [ { code = 1, label = \"…\" }, … ]`");
            mistakes.error(span, error);
        }
    }
    if kind.value == Kind::Grid {
        let empty = match &typed.rows {
            Some(rows) if rows.value.is_empty() => Some(&rows.span),
            None if !written("rows") => Some(&kind.span),
            _ => None,
        };
        if let Some(span) = empty {
            let error = Diagnostic::error(format!("grid {} has no rows", quote(id)))
                .hint("write `rows = [ { id = \"r1\", label = \"…\" }, … ]`");
            mistakes.error(span, error);
        }
    }
    let each_unknown = typed.each.is_none()
        && (typed.meant.contains(&"each") || typed.written.iter().any(|(name, _)| *name == "each"));
    if kind.value == Kind::Grid && !each_unknown {
        check_grid_keys(typed, mistakes);
    }
    if let Some(base) = typed.base.as_ref().filter(|_| kinds_of("base").contains(&kind.value))
        && !written("limited_to")
    {
        let error = Diagnostic::error(format!(
            "`base` is for options that are limited, and {} has no `limited_to`",
            quote(id)
        ));
        let hint = "say `limited_to = \"…\"`, or leave `base` out: everybody was offered every option";
        mistakes.error(&base.span, error.hint(hint));
    }
    let several = kind.value == Kind::Multi || typed.is_multi_grid();
    if let (Options::List(list), false) = (&typed.options, several) {
        for exclusive in list.value.iter().filter_map(|option| option.exclusive.as_ref()) {
            if exclusive.value {
                let error = Diagnostic::error(format!("`exclusive` does not belong to a {word} question"))
                    .hint("only a multi question can have several options that exclude each other");
                mistakes.error(&exclusive.span, error);
            }
        }
    }
    if let (Some(packed), Some(columns)) = (&typed.packed, &typed.columns) {
        if several || kind.value == Kind::Rank {
            let error = Diagnostic::error(format!("{} has both `columns` and `packed`", quote(id))).hint(
                "`columns` is for one column an option, `packed` for all answers in one column; keep one",
            );
            let span = if packed.span.start > columns.span.start { &packed.span } else { &columns.span };
            mistakes.error(span, error);
        }
    } else if typed.packed.is_some() {
        for key in ["selected", "none_selected"] {
            if let Some((_, span)) = typed.written.iter().find(|(name, _)| *name == key) {
                let error = Diagnostic::error(format!("`{key}` does not belong to a packed column"))
                    .hint("it belongs to a multi question with one column an option");
                mistakes.error(span, error);
            }
        }
    }
}

/// Reports keys that a grid can only have with several answers a row, or only with one.
fn check_grid_keys(typed: &TypedQuestion, mistakes: &mut Mistakes) {
    let (keys, rows, hint): (&[&str], _, _) = match typed.is_multi_grid() {
        true => (&["scores", "boxes"], "several answers", "scores are for rows of one answer"),
        false => {
            (&["packed", "selected", "none_selected"], "one answer", "say `each = \"multi\"` for the grid")
        }
    };
    for (key, span) in typed.written.iter().filter(|(key, _)| keys.contains(key)) {
        let error = Diagnostic::error(format!("`{key}` does not belong to a grid with {rows} a row"));
        mistakes.error(span, error.hint(hint));
    }
}

fn multi_origin(typed: &TypedQuestion, question: &Question, mistakes: &mut Mistakes) -> Origin {
    if let (Some(packed), None) = (&typed.packed, &typed.columns) {
        return Origin::Packed { column: words(&packed.column), separator: words(&packed.separator) };
    }
    let default = format!("{}_{{code}}", question.id);
    let pattern = typed.columns.as_ref().filter(|columns| has_part(columns, "columns", "{code}", mistakes));
    columns_of(typed, question, pattern.map_or(&default, |pattern| &pattern.value))
}

/// A multi question with one column an option, called by this pattern.
fn columns_of(typed: &TypedQuestion, question: &Question, pattern: &str) -> Origin {
    Origin::Columns {
        columns: question
            .options
            .iter()
            .map(|option| pattern.replace("{code}", &option.code.to_string()))
            .collect(),
        of: (0..question.options.len()).collect(),
        selected: typed.selected.as_ref().map_or(vec!["1".to_string()], |selected| selected.value.clone()),
        none_is_reply: typed.none_selected.as_ref().is_some_and(|word| word.value),
    }
}

pub(super) fn words(typed: &Option<Typed<String>>) -> String {
    typed.as_ref().map(|typed| typed.value.clone()).unwrap_or_default()
}

/// Whether a name of columns says what changes from column to column; reports it if not.
pub(super) fn has_part(columns: &Typed<String>, key: &str, part: &str, mistakes: &mut Mistakes) -> bool {
    if columns.value.contains(part) {
        return true;
    }
    let error = Diagnostic::error(format!("expected `{part}` in `{key}`, found {}", quote(&columns.value)));
    mistakes.error(&columns.span, error.hint("without it all columns would have one name"));
    false
}

/// Appends a grid's rows, each a single (or a scale, or a multi) with the grid's options.
fn resolve_rows(
    typed: &TypedQuestion,
    grid: usize,
    scored: bool,
    drafts: &mut Vec<Draft>,
    mistakes: &mut Mistakes,
) {
    let shared = drafts[grid].question.clone();
    let multi = typed.is_multi_grid();
    let parts: &[&str] = if multi { &["{row}", "{code}"] } else { &["{row}"] };
    let whole = |columns: &&Typed<String>| {
        let complete = parts.iter().map(|part| has_part(columns, "columns", part, mistakes));
        // Not `all`: each part that is not there is a mistake of its own.
        complete.filter(|complete| !complete).count() == 0
    };
    let written = typed.columns.as_ref().filter(whole).map(|columns| columns.value.clone());
    let pattern = written.unwrap_or_else(|| format!("{}_{}", shared.id, parts.join("_")));
    let packed = typed.packed.as_ref().filter(|_| multi && typed.columns.is_none());
    if let Some(column) = packed.and_then(|packed| packed.column.as_ref()) {
        has_part(column, "column", "{row}", mistakes);
    }
    let mut places = Vec::new();
    for row in typed.rows.iter().flat_map(|rows| &rows.value) {
        let Some(id) = row_id(row, mistakes) else {
            // Its name is unknown, so no name can be called unknown.
            let nameless = Question { id: String::new(), grid: Some(grid), ..shared.clone() };
            drafts.push(Draft::new(nameless, true, 0..0));
            continue;
        };
        let pattern = packed.map_or(pattern.clone(), |packed| words(&packed.column));
        let (column, column_span) = match &row.column {
            Some(column) => (column.value.clone(), column.span.clone()),
            None => (pattern.replace("{row}", &id.value), id.span.clone()),
        };
        let origin = match packed {
            Some(packed) => Origin::Packed { column, separator: words(&packed.separator) },
            None if multi => {
                if let Some(own) = &row.column {
                    has_part(own, "column", "{code}", mistakes);
                }
                columns_of(typed, &shared, &column)
            }
            None => Origin::Column(column),
        };
        places.push(drafts.len());
        let question = Question {
            id: format!("{}.{}", shared.id, id.value),
            short: row.label.as_ref().map(|label| label.value.clone()),
            english: English { short: row.label_en.clone(), ..shared.english.clone() },
            kind: match scored {
                _ if multi => Kind::Multi,
                true => Kind::Scale,
                false => Kind::Single,
            },
            origin,
            grid: Some(grid),
            assumed: shared.assumed || row.assumed,
            span: id.span.clone(),
            ..shared.clone()
        };
        let doubtful = typed.doubtful;
        drafts.push(Draft::new(question, doubtful, column_span));
    }
    drafts[grid].question.origin = Origin::Rows(places);
}

fn row_id(row: &TypedRow, mistakes: &mut Mistakes) -> Option<Typed<String>> {
    if let Some(label) = row.label.as_ref().filter(|label| label.value.trim().is_empty()) {
        mistakes.error(&label.span, Diagnostic::error("the label of a row is empty"));
    }
    let id = row.id.clone()?;
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
    if id.value.is_empty() || !letters(&id.value) {
        let error = Diagnostic::error(format!(
            "expected letters, digits, `_` and `.` for a row's id, found {}",
            quote(&id.value)
        ));
        mistakes.error(&id.span, error);
        return None;
    }
    Some(id)
}

/// Whether the id is made as ids are; reports it if not.
pub(super) fn check_id(id: &Typed<String>, mistakes: &mut Mistakes) -> bool {
    let shown = quote(&id.value);
    let mut bytes = id.value.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if !first || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.') {
        let error = Diagnostic::error(format!("expected an id, found {shown}")).hint(
            "an id has the letters A to Z, digits, `_` and `.`, and does not begin with a digit or `.`",
        );
        mistakes.error(&id.span, error);
        return false;
    }
    true
}

/// Whether the id is one and not a word of the language; reports it if not.
pub(super) fn check_question_id(id: &Typed<String>, mistakes: &mut Mistakes) {
    if !check_id(id, mistakes) {
        return;
    }
    if ["and", "or", "not", "in", "has", "is", "all"].contains(&id.value.as_str()) {
        let error = Diagnostic::error(format!("`{}` cannot be an id", id.value));
        mistakes.error(&id.span, error.hint("it is a word of expressions and requests"));
    }
}
