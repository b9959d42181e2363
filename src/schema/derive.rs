//! Derived questions: the options of another question, regrouped.

use super::codes::{self, Ledger};
use super::question::{Draft, check_question_id};
use super::typed::{TypedDerive, TypedGroup};
use super::{Kind, NoAnswer, Origin, Question, Values, nets};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::toml::{Mistakes, Typed};

/// Appends the derived questions, each after the question it is derived from.
pub(super) fn resolve(
    mut typed: Vec<TypedDerive>,
    no_answer: NoAnswer,
    drafts: &mut Vec<Draft>,
    mistakes: &mut Mistakes,
) {
    // The next one in file order that waits for no other; when all wait, there is a cycle.
    while !typed.is_empty() {
        let next = typed.iter().position(|derive| waits_for(derive, &typed).is_none());
        let next = next.unwrap_or_else(|| {
            let cycle = report_cycle(&typed, mistakes);
            // Without its `from`, the rest of the cycle resolves quietly.
            typed[cycle].from = None;
            typed[cycle].doubtful = true;
            cycle
        });
        let derive = typed.remove(next);
        drafts.push(draft(derive, no_answer, drafts, mistakes));
    }
}

/// The place of the derived question that this one is derived from.
fn waits_for(derive: &TypedDerive, all: &[TypedDerive]) -> Option<usize> {
    let from = derive.from.as_ref()?;
    all.iter().position(|other| other.id.as_ref().is_some_and(|id| id.value == from.value))
}

/// Reports the first cycle and returns the derived question in it that comes first in the file.
fn report_cycle(all: &[TypedDerive], mistakes: &mut Mistakes) -> usize {
    let mut path = vec![0];
    let cycle = loop {
        let Some(next) = path.last().and_then(|last| waits_for(&all[*last], all)) else { return 0 };
        if let Some(start) = path.iter().position(|place| *place == next) {
            break path.split_off(start);
        }
        path.push(next);
    };
    let first = cycle.iter().copied().min().unwrap_or(0);
    let turn = cycle.iter().position(|place| *place == first).unwrap_or(0);
    let id = |place: &usize| all[*place].id.as_ref().map(|id| quote(&id.value)).unwrap_or_default();
    let mut ids: Vec<String> = cycle[turn..].iter().chain(&cycle[..turn]).map(id).collect();
    ids.push(ids[0].clone());
    if let Some(from) = &all[first].from {
        let error = Diagnostic::error(format!("{} is derived from itself: {}", ids[0], ids.join(" from ")));
        mistakes.error(&from.span, error);
    }
    first
}

fn draft(derive: TypedDerive, no_answer: NoAnswer, drafts: &[Draft], mistakes: &mut Mistakes) -> Draft {
    if let Some(id) = &derive.id {
        check_question_id(id, mistakes);
    }
    let id = derive.id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
    let origin = derive.from.as_ref().and_then(|from| find_origin(from, drafts, mistakes));
    let doubtful = derive.doubtful || origin.is_none_or(|place| drafts[place].doubtful);
    let from = origin.map(|place| &drafts[place].question);
    let mut ledger = Ledger::new(&id);
    let (missing, not_asked) =
        from.map_or((Vec::new(), Vec::new()), |from| (from.missing.clone(), from.not_asked.clone()));
    ledger.inherit(&missing, &not_asked);
    let groups = derive.groups.map(|groups| groups.value).unwrap_or_default();
    let (options, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .map(|TypedGroup { span, option, of, rest, doubtful }| (option, Group { span, of, rest, doubtful }))
        .unzip();
    let options = ledger.options(&options, mistakes);
    let label = derive.label.map(|label| label.value).unwrap_or_default();
    let span = derive.id.as_ref().map_or(0..0, |id| id.span.clone());
    let mut question = Question {
        text: label,
        short: derive.short,
        kind: match from.map(|from| from.kind) {
            Some(Kind::Multi) => Kind::Multi,
            _ => Kind::Single,
        },
        options,
        missing,
        not_asked,
        asked_if: None,
        nets: Vec::new(),
        no_answer: derive.no_answer.or(from.map(|from| from.no_answer)).unwrap_or(no_answer),
        origin: Origin::Rows(Vec::new()),
        values: Values::Code,
        grid: None,
        assumed: from.is_some_and(|from| from.assumed),
        span: span.clone(),
        id,
    };
    question.nets = nets::resolve(&question, &derive.nets, doubtful, mistakes);
    let group_of = group(&question.id, from, &groups, doubtful, mistakes);
    if let Some(from) = origin {
        question.origin = Origin::Regrouped { from, group_of };
    }
    Draft { question, doubtful, asked_if: None, column_span: span }
}

/// The question named by `from`, which must be one that has options.
fn find_origin(from: &Typed<String>, drafts: &[Draft], mistakes: &mut Mistakes) -> Option<usize> {
    let Some(place) = drafts.iter().position(|draft| draft.question.id == from.value) else {
        // Where an id could not be read, the name may be that question's.
        if drafts.iter().all(|draft| !draft.question.id.is_empty()) {
            let mut error = Diagnostic::error(format!("unknown question {} in `from`", quote(&from.value)));
            if let Some(hint) = suggestion(&from.value, drafts.iter().map(|draft| draft.question.id.as_str()))
            {
                error = error.hint(hint);
            }
            mistakes.error(&from.span, error);
        }
        return None;
    };
    let (question, doubtful) = (&drafts[place].question, drafts[place].doubtful);
    match question.kind {
        _ if doubtful => {}
        Kind::Single | Kind::Scale | Kind::Multi => {}
        Kind::Grid => {
            let error =
                Diagnostic::error(format!("expected one row of the grid `{}` in `from`", question.id));
            mistakes
                .error(&from.span, error.hint(rows_hint(place, drafts.iter().map(|draft| &draft.question))));
            return None;
        }
        Kind::Number | Kind::Text => {
            let error = format!(
                "expected a question with options in `from`, found the {} question `{}`",
                question.kind.word(),
                question.id
            );
            mistakes.error(&from.span, Diagnostic::error(error));
            return None;
        }
    }
    Some(place)
}

/// "its rows are `q7.r1`, `q7.r2`".
pub(super) fn rows_hint<'a>(grid: usize, questions: impl Iterator<Item = &'a Question>) -> String {
    let mut rows: Vec<String> = questions
        .filter(|question| question.grid == Some(grid))
        .map(|row| format!("`{}`", row.id))
        .take(11)
        .collect();
    if rows.len() == 11 {
        rows[10] = "…".to_string();
    }
    format!("its rows are {}", rows.join(", "))
}

struct Group {
    span: std::ops::Range<usize>,
    of: Option<Typed<Vec<Typed<super::Code>>>>,
    rest: Option<Typed<bool>>,
    doubtful: bool,
}

/// For each option of `from`, its group.
fn group(
    id: &str,
    from: Option<&Question>,
    groups: &[Group],
    doubtful: bool,
    mistakes: &mut Mistakes,
) -> Vec<Option<usize>> {
    let mut group_of: Vec<Option<usize>> = vec![None; from.map_or(0, |from| from.options.len())];
    let mut rest_group: Option<usize> = None;
    let any_doubt = doubtful || groups.iter().any(|group| group.doubtful);
    for (place, group) in groups.iter().enumerate() {
        let rest = group.rest.as_ref().filter(|rest| rest.value);
        match (&group.of, rest) {
            (Some(_), Some(rest)) => {
                let error = Diagnostic::error("a group has both `of` and `rest`")
                    .hint("`rest = true` takes the options that no other group has");
                mistakes.error(&rest.span, error);
            }
            (None, None) if !group.doubtful => {
                let error = Diagnostic::error(format!("a group of `{id}` has neither `of` nor `rest`"))
                    .hint("write `of = [1, 2]`, or `rest = true` for the remaining options");
                mistakes.error(&group.span, error);
            }
            (None, None) => {}
            (None, Some(rest)) => match rest_group {
                None => rest_group = Some(place),
                Some(_) => {
                    let error = Diagnostic::error(format!("`{id}` has two groups with `rest = true`"));
                    mistakes.error(&rest.span, error.hint("only one group can take the remaining options"));
                }
            },
            (Some(of), None) => {
                if of.value.is_empty() && !group.doubtful {
                    let error = Diagnostic::error(format!("a group of `{id}` is empty"));
                    mistakes
                        .error(&of.span, error.hint("list the codes of its options, such as `of = [1, 2]`"));
                }
                let Some(from) = from else { continue };
                for option in codes::places(from, &of.value, doubtful, "its group", mistakes) {
                    let Some(slot) = group_of.get_mut(option.value) else { continue };
                    if slot.is_some() {
                        let code = quote(&from.options[option.value].code.to_string());
                        let error = Diagnostic::error(format!("code {code} is in two groups of `{id}`"));
                        mistakes.error(&option.span, error);
                    } else {
                        *slot = Some(place);
                    }
                }
            }
        }
    }
    if rest_group.is_some() {
        for slot in group_of.iter_mut().filter(|slot| slot.is_none()) {
            *slot = rest_group;
        }
    }
    warn_ungrouped(id, from, groups, &group_of, any_doubt, mistakes);
    group_of
}

/// Options that fall into no group leave the base, which nobody may have meant.
fn warn_ungrouped(
    id: &str,
    from: Option<&Question>,
    groups: &[Group],
    group_of: &[Option<usize>],
    doubtful: bool,
    mistakes: &mut Mistakes,
) {
    let (Some(from), Some(group), false) = (from, groups.first(), doubtful) else { return };
    let ungrouped: Vec<String> = from
        .options
        .iter()
        .zip(group_of)
        .filter(|(_, group)| group.is_none())
        .map(|(option, _)| quote(&option.code.to_string()))
        .collect();
    if !ungrouped.is_empty() {
        let noun = if ungrouped.len() == 1 { "code" } else { "codes" };
        let warning = Diagnostic::warning(format!(
            "{noun} {} of `{}` are in no group of `{id}`",
            ungrouped.join(", "),
            from.id
        ))
        .hint("add a group with `rest = true` if they belong in the base");
        mistakes.warning(&group.span, warning);
    }
}
