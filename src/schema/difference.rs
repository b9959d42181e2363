//! What a `[[wave]]` says of the questions that differed: columns, codes, labels, what was asked and on offer.

use std::collections::HashMap;
use std::ops::Range;

use super::question::{self, Draft};
use super::typed_wave::{TypedInWave, TypedWave};
use super::wave::Stored;
use super::{Code, Kind, Origin, Question, QuestionIndex, code_key, codes, matching_key};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Mistakes, Typed};

/// How a question of a wave differs from the question of today.
#[derive(Debug, Clone, Default)]
pub(super) struct Difference {
    /// `false`: nobody was asked; `true`: everybody was.
    pub asked: Option<bool>,
    /// Where its replies come from.
    pub origin: Option<Origin>,
    /// What its cells hold.
    pub stored: Option<Stored>,
    /// Options of today that were not on offer.
    pub not_offered: Vec<usize>,
}

/// How the questions that a wave names differ from those of today.
pub(super) fn differences(
    wave: &TypedWave,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Vec<(QuestionIndex, Difference)> {
    let before = mistakes.count();
    let mut questions: Vec<(QuestionIndex, Difference)> = Vec::new();
    let mut spans: HashMap<QuestionIndex, Range<usize>> = HashMap::new();
    // Rows after grids: what is said of a row stands before what is said of all rows.
    let mut entries: Vec<(&TypedInWave, QuestionIndex)> = Vec::new();
    for entry in &wave.questions {
        let name = &entry.question;
        let place = question::find(&name.value, &name.span, "a wave", drafts, mistakes);
        let sound = |place: &usize| !drafts[*place].doubtful && !entry.doubtful;
        entries.extend(place.filter(sound).map(|place| (entry, place)));
    }
    entries.sort_by_key(|(_, place)| drafts[*place].question.grid.is_some());
    for (entry, place) in entries {
        let question = &drafts[place].question;
        let several = matches!(&question.origin, Origin::Rows(rows)
            if rows.iter().any(|row| drafts[*row].question.kind == Kind::Multi));
        if !keys_fit(entry, question, several, mistakes) {
            continue;
        }
        let Some(stored) = stored(entry, question, mistakes) else { continue };
        let rows = match &question.origin {
            Origin::Rows(rows) => rows.clone(),
            Origin::Ranking { places, .. } => places.clone(),
            _ => vec![place],
        };
        for row in rows.iter().copied().chain(Some(place).filter(|place| !rows.contains(place))) {
            let own = &drafts[row].question;
            let mut difference = difference(entry, question, own, &stored, mistakes);
            if let Some(known) = questions.iter().position(|(known, _)| *known == row) {
                let (_, known) = questions.remove(known);
                difference.asked = difference.asked.or(known.asked);
                difference.origin = difference.origin.or(known.origin);
                difference.stored = difference.stored.or(known.stored);
                if entry.not_offered.is_none() {
                    difference.not_offered = known.not_offered;
                }
            }
            spans.insert(row, entry.question.span.clone());
            questions.push((row, difference));
        }
    }
    if mistakes.count() == before {
        check_columns(&questions, &spans, drafts, mistakes);
        check_routing(wave, &questions, drafts, mistakes);
    }
    questions
}

/// Whether each key belongs to the question's kind; reports those that do not.
///
/// Of a rank question, and of a grid with `several` answers a row, only whether it was asked can be said.
fn keys_fit(entry: &TypedInWave, question: &Question, several: bool, mistakes: &mut Mistakes) -> bool {
    if question.origin.is_derived() {
        let error =
            Diagnostic::error(format!("the derived question `{}` has no wave of its own", question.id));
        mistakes.error(&entry.question.span, error.hint("say what differed at the questions it comes from"));
        return false;
    }
    let absent = entry.asked.as_ref().is_some_and(|asked| !asked.value);
    let row = question.grid.is_some();
    let only_asked = question.kind == Kind::Rank
        || matches!(question.origin, Origin::Place(_))
        || (question.kind == Kind::Grid && several)
        || (row && question.kind == Kind::Multi);
    let mut fit = true;
    for (key, span) in &entry.written {
        let belongs = match *key {
            "asked" => true,
            _ if only_asked => false,
            "column" => !matches!(question.kind, Kind::Multi | Kind::Grid),
            "columns" => matches!(question.kind, Kind::Multi | Kind::Grid),
            "packed" => question.kind == Kind::Multi,
            "codes" | "labels" | "not_offered" => !question.options.is_empty() && !row,
            _ => true,
        };
        let error = if *key != "asked" && absent {
            format!("`{key}` does not belong to a question that was not asked")
        } else if !belongs && only_asked {
            format!("`{key}` is not known for `{}`: of this kind only `asked` can differ", question.id)
        } else if !belongs && row {
            format!("`{key}` does not belong to a row of a grid: say it at the grid")
        } else if !belongs {
            format!("`{key}` does not belong to a {} question", question.kind.word())
        } else {
            continue;
        };
        mistakes.error(span, Diagnostic::error(error));
        fit = false;
    }
    fit
}

/// What the cells hold and which options were not on offer; `None` when something is wrong with it.
fn stored(
    entry: &TypedInWave,
    question: &Question,
    mistakes: &mut Mistakes,
) -> Option<(Option<Stored>, Vec<usize>)> {
    let before = mistakes.count();
    let id = &question.id;
    let absent = entry.not_offered.as_ref().map_or(&[][..], |list| &list.value);
    let absent = codes::places(question, absent, false, "`not_offered`", mistakes);
    let not_offered: Vec<usize> = absent.iter().map(|option| option.value).collect();
    if let Some(list) = entry.not_offered.as_ref().filter(|_| not_offered.len() == question.options.len()) {
        let error = Diagnostic::error(format!("`not_offered` has every option of `{id}`"));
        mistakes.error(&list.span, error.hint("if the wave did not ask the question, say `asked = false`"));
    }
    let mut pairs: Vec<(Code, usize)> = Vec::new();
    for (own, today) in entry.codes.iter().flat_map(|pairs| &pairs.value) {
        let (key, shown) = (code_key(&own.value), quote(&own.value.to_string()));
        if pairs.iter().any(|(known, _)| code_key(known) == key) {
            mistakes.error(
                &own.span,
                Diagnostic::error(format!("the wave's code {shown} of `{id}` is mapped twice")),
            );
        }
        match place_of(question, &today.value) {
            Ok(place) if not_offered.contains(&place) => {
                let shown = quote(&today.value.to_string());
                let error = format!("code {shown} of `{id}` is both mapped and `not_offered`");
                mistakes.error(&today.span, Diagnostic::error(error));
            }
            Ok(place) => pairs.push((own.value.clone(), place)),
            Err(error) => mistakes.error(&today.span, error),
        }
    }
    if let Some(codes) = &entry.codes {
        let mapped = |place: usize| pairs.iter().any(|(_, known)| *known == place);
        let all = (0..question.options.len()).filter(|place| !mapped(*place) && !not_offered.contains(place));
        let left: Vec<String> = all.map(|place| quote(&question.options[place].code.to_string())).collect();
        if !left.is_empty() && mistakes.count() == before {
            let error = Diagnostic::error(format!(
                "{} {} of `{id}` {} neither in `codes` nor in `not_offered`",
                if left.len() == 1 { "option" } else { "options" },
                left.join(", "),
                if left.len() == 1 { "is" } else { "are" },
            ));
            let hint =
                "on the right of `codes` are the options of today; list those that the wave did not have";
            mistakes.error(&codes.span, error.hint(hint));
        }
    } else {
        let offered = (0..question.options.len()).filter(|place| !not_offered.contains(place));
        pairs.extend(offered.map(|place| (question.options[place].code.clone(), place)));
    }
    // A missing code that is not mapped is that of today; it must not be an option's as well.
    for (place, missing) in question.missing.iter().enumerate() {
        let place = question.options.len() + place;
        if pairs.iter().any(|(_, known)| *known == place) {
            continue;
        }
        let key = code_key(&missing.code);
        if let Some((own, _)) =
            entry.codes.iter().flat_map(|pairs| &pairs.value).find(|(own, _)| code_key(&own.value) == key)
        {
            let shown = quote(&own.value.to_string());
            let error =
                Diagnostic::error(format!("the wave's code {shown} of `{id}` is also its missing code"));
            let hint = format!("if the wave had another code for it, map that one: `99 = {}`", missing.code);
            mistakes.error(&own.span, error.hint(hint));
        }
        pairs.push((missing.code.clone(), place));
    }
    let mut labels: Vec<(String, usize)> = Vec::new();
    for (own, label) in &entry.labels {
        let key = code_key(&own.value);
        let Some((_, place)) = pairs.iter().find(|(known, _)| code_key(known) == key) else {
            let shown = quote(&own.value.to_string());
            let error = Diagnostic::error(format!("`{id}` has no code {shown} in this wave"));
            mistakes
                .error(&own.span, error.hint("`labels` has the wave's codes on the left, as `codes` does"));
            continue;
        };
        let key = matching_key(&label.value);
        if labels.iter().any(|(known, other)| matching_key(known) == key && other != place) {
            let error = format!("label {} is used twice in `{id}`", quote(&label.value));
            mistakes.error(&label.span, Diagnostic::error(error));
        }
        labels.push((label.value.clone(), *place));
    }
    if mistakes.count() > before {
        return None;
    }
    let differs = entry.codes.is_some() || !labels.is_empty() || !not_offered.is_empty();
    Some((differs.then_some(Stored { codes: pairs, labels }), not_offered))
}

/// An option or a missing code of today.
fn place_of(question: &Question, code: &Code) -> Result<usize, Diagnostic> {
    let key = code_key(code);
    match question.missing.iter().position(|missing| code_key(&missing.code) == key) {
        Some(place) => Ok(question.options.len() + place),
        None => codes::find(question, code),
    }
}

/// The difference of a question, or of one row of a grid.
fn difference(
    entry: &TypedInWave,
    question: &Question,
    own: &Question,
    (stored, not_offered): &(Option<Stored>, Vec<usize>),
    mistakes: &mut Mistakes,
) -> Difference {
    let asked = entry.asked.as_ref().map(|asked| asked.value);
    let mut difference =
        Difference { asked, origin: None, stored: stored.clone(), not_offered: not_offered.clone() };
    difference.origin = match &own.origin {
        Origin::Rows(_) => None,
        _ if asked == Some(false) => Some(Origin::NotAsked),
        Origin::Columns { .. } | Origin::Packed { .. } => of_multi(entry, own, stored.as_ref(), mistakes),
        _ => match (&entry.column, &entry.columns) {
            (Some(column), _) => Some(Origin::Column(column.value.clone())),
            (None, Some(columns)) => {
                let row = own.id.strip_prefix(&format!("{}.", question.id)).unwrap_or(&own.id);
                if part(columns, "{row}", mistakes) {
                    Some(Origin::Column(columns.value.replace("{row}", row)))
                } else {
                    None
                }
            }
            (None, None) => None,
        },
    };
    difference
}

fn of_multi(
    entry: &TypedInWave,
    question: &Question,
    stored: Option<&Stored>,
    mistakes: &mut Mistakes,
) -> Option<Origin> {
    if let (Some(packed), columns) = (&entry.packed, &entry.columns) {
        if let Some(columns) = columns {
            let error = format!("`{}` has both `columns` and `packed`", question.id);
            mistakes.error(&columns.span, Diagnostic::error(error));
        }
        let text = |typed: &Option<Typed<String>>| {
            typed.as_ref().map(|typed| typed.value.clone()).unwrap_or_default()
        };
        return Some(Origin::Packed { column: text(&packed.column), separator: text(&packed.separator) });
    }
    let options = question.options.len();
    let own = || stored.into_iter().flat_map(|stored| &stored.codes).filter(|(_, place)| *place < options);
    let (selected, none_is_reply) = match &question.origin {
        Origin::Columns { selected, none_is_reply, .. } => (selected.clone(), *none_is_reply),
        _ => (vec!["1".to_string()], false),
    };
    if let Some(columns) = &entry.columns {
        if !part(columns, "{code}", mistakes) {
            return None;
        }
        let today: Vec<(Code, usize)> =
            question.options.iter().enumerate().map(|(place, option)| (option.code.clone(), place)).collect();
        let codes: Vec<(Code, usize)> = if stored.is_some() { own().cloned().collect() } else { today };
        return Some(Origin::Columns {
            columns: codes
                .iter()
                .map(|(code, _)| columns.value.replace("{code}", &code.to_string()))
                .collect(),
            of: codes.iter().map(|(_, place)| *place).collect(),
            selected,
            none_is_reply,
        });
    }
    let Origin::Columns { columns, of, .. } = &question.origin else { return None };
    if let Some(codes) = &entry.codes {
        let error = Diagnostic::error(format!("`codes` of `{}` needs `columns`", question.id));
        let hint = format!(
            "say what the wave's columns are called, such as `columns = \"{}_{{code}}\"`",
            question.id
        );
        mistakes.error(&codes.span, error.hint(hint));
        return None;
    }
    // Without an option there is no column of it.
    let kept = of
        .iter()
        .zip(columns)
        .filter(|(option, _)| stored.is_none() || own().any(|(_, place)| place == *option));
    let (of, columns) = kept.map(|(option, column)| (*option, column.clone())).unzip();
    Some(Origin::Columns { columns, of, selected, none_is_reply })
}

/// Whether a pattern of columns names what changes from column to column; reports it if not.
fn part(columns: &Typed<String>, part: &str, mistakes: &mut Mistakes) -> bool {
    if columns.value.contains(part) {
        return true;
    }
    let error = Diagnostic::error(format!("expected `{part}` in `columns`, found {}", quote(&columns.value)));
    mistakes.error(&columns.span, error.hint("without it all columns would have one name"));
    false
}

/// Reports columns that two questions of the wave read.
fn check_columns(
    questions: &[(QuestionIndex, Difference)],
    spans: &HashMap<QuestionIndex, Range<usize>>,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (place, draft) in drafts.iter().enumerate() {
        let own = questions.iter().find(|(question, _)| *question == place);
        let origin =
            own.and_then(|(_, difference)| difference.origin.as_ref()).unwrap_or(&draft.question.origin);
        for column in origin.columns() {
            let first = *known.entry(column).or_insert(place);
            let Some(span) = spans.get(&place).or(spans.get(&first)).filter(|_| first != place) else {
                continue;
            };
            let (one, other) = (&drafts[first].question.id, &draft.question.id);
            let error = format!("column {} is read by `{one}` and `{other}` in this wave", quote(column));
            mistakes.error(span, Diagnostic::error(error));
            break;
        }
    }
}

/// Reports questions that were asked of those who answered a question that was not asked.
fn check_routing(
    wave: &TypedWave,
    questions: &[(QuestionIndex, Difference)],
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) {
    let asked =
        |place: QuestionIndex| questions.iter().find(|(own, _)| *own == place).and_then(|(_, own)| own.asked);
    for (place, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.question.grid.is_none()) {
        // What is said of a question holds for the words of its その他.
        let words = drafts.iter().any(|of| of.question.option_with_words(&draft.question).is_some());
        let spoken_of = words || asked(place).is_some();
        let Some(condition) = draft.question.asked_if.as_ref().filter(|_| !spoken_of) else { continue };
        let Some(absent) = condition.questions().into_iter().find(|named| asked(*named) == Some(false))
        else {
            continue;
        };
        let Some(entry) =
            wave.questions.iter().find(|entry| entry.question.value == drafts[absent].question.id)
        else {
            continue;
        };
        let id = &draft.question.id;
        let error = Diagnostic::error(format!(
            "`{id}` is asked by the answer to `{}`, which this wave did not ask",
            drafts[absent].question.id
        ));
        let hint =
            format!("say `asked = true` for `{id}` if the wave asked everybody, `asked = false` if nobody");
        mistakes.error(&entry.question.span, error.hint(hint));
    }
}
