//! Derived questions: the options of another question, regrouped.

use super::codes::{self, Ledger};
use super::question::{self, Draft, check_question_id};
use super::typed_derive::{TypedDerive, TypedGroup, TypedGroups};
use super::{
    Condition, Kind, NoAnswer, Origin, Question, Values, bands, comments, count, dates, municipalities, nets,
    prefectures, ratio,
};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Mistakes, Typed};

/// Appends the derived questions, each after the question it is derived from.
pub(super) fn resolve(
    mut typed: Vec<TypedDerive>,
    no_answer: NoAnswer,
    era: bool,
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
            typed[cycle].count = None;
            typed[cycle].ratio = None;
            typed[cycle].by = None;
            typed[cycle].doubtful = true;
            cycle
        });
        let derive = typed.remove(next);
        drafts.push(draft(derive, no_answer, era, drafts, mistakes));
    }
}

/// The place of a derived question that this one is derived from.
///
/// Conditions wait for nothing: they are read when all questions are known.
fn waits_for(derive: &TypedDerive, all: &[TypedDerive]) -> Option<usize> {
    sources(derive).find_map(|source| {
        all.iter().position(|other| other.id.as_ref().is_some_and(|id| id.value == source.value))
    })
}

/// The questions named by `from`, `count` and `ratio`.
fn sources(derive: &TypedDerive) -> impl Iterator<Item = &Typed<String>> {
    let count = derive.count.iter();
    let counted =
        count.flat_map(|count| count.questions.iter().flat_map(|list| &list.value).chain(&count.multi));
    let ratio = derive.ratio.iter().flat_map(|ratio| ratio.of.iter().chain(&ratio.to));
    derive.from.iter().chain(counted).chain(ratio)
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
    let derived = |source: &&Typed<String>| {
        all.iter().any(|other| other.id.as_ref().is_some_and(|id| id.value == source.value))
    };
    if let Some(from) = sources(&all[first]).find(derived) {
        let error = Diagnostic::error(format!("{} is derived from itself: {}", ids[0], ids.join(" from ")));
        mistakes.error(&from.span, error);
    }
    first
}

/// A derived question of which nothing is known yet but its words and what it says of 無回答.
pub(super) fn derived(derive: &TypedDerive, id: &str, kind: Kind, no_answer: NoAnswer) -> Question {
    Question {
        id: id.to_string(),
        text: derive.label.as_ref().map(|label| label.value.clone()).unwrap_or_default(),
        short: derive.short.clone(),
        section: derive.section.clone(),
        english: derive.english.clone(),
        kind,
        options: Vec::new(),
        municipalities: false,
        missing: Vec::new(),
        not_asked: Vec::new(),
        asked_if: None,
        limited_to: None,
        option_bases: false,
        points: Vec::new(),
        nets: Vec::new(),
        no_answer: derive.no_answer.unwrap_or(no_answer),
        origin: Origin::Rows(Vec::new()),
        values: Values::Code,
        dates: Default::default(),
        range: Default::default(),
        stored: None,
        not_offered: Vec::new(),
        grid: None,
        assumed: false,
        span: derive.id.as_ref().map_or(0..0, |id| id.span.clone()),
    }
}

fn draft(
    derive: TypedDerive,
    no_answer: NoAnswer,
    era: bool,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Draft {
    if let Some(id) = &derive.id {
        check_question_id(id, mistakes);
    }
    let id = derive.id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
    if let Some(ratio) = &derive.ratio {
        return ratio::draft(id, &derive, ratio, no_answer, drafts, mistakes);
    }
    if let Some(count) = &derive.count {
        return count::draft(id, &derive, count, no_answer, drafts, mistakes);
    }
    if let Some(frame) = &derive.frame {
        return comments::draft(id, &derive, frame, no_answer, drafts, mistakes);
    }
    let conditional = is_conditional(&derive);
    if let (true, Some(from)) = (conditional, &derive.from) {
        let error = Diagnostic::error("`from` does not belong beside `when`");
        mistakes.error(&from.span, error.hint("a condition names its questions itself"));
    }
    let of_number = derive.bands.is_some();
    let wanted = match (&derive.by, of_number) {
        (Some(_), _) => Wanted::Date,
        (None, true) => Wanted::Measured,
        (None, false) => Wanted::Options,
    };
    let origin = match conditional {
        true => None,
        false => derive.from.as_ref().and_then(|from| find_origin(from, wanted, drafts, mistakes)),
    };
    let doubtful = derive.doubtful || (!conditional && origin.is_none_or(|place| drafts[place].doubtful));
    let from = origin.map(|place| &drafts[place].question);
    let kind = match from.map(|from| from.kind) {
        _ if derive.overlap => Kind::Multi,
        Some(Kind::Multi | Kind::Rank) => Kind::Multi,
        _ => Kind::Single,
    };
    let plain = derived(&derive, &id, kind, from.map_or(no_answer, |from| from.no_answer));
    let by_prefecture_span = match &derive.groups {
        Some(TypedGroups::Prefectures(span)) => Some(span.clone()),
        _ => None,
    };
    let by_prefecture = by_prefecture_span.is_some();
    let mut ledger = Ledger::new(&id);
    let (missing, not_asked) =
        from.map_or((Vec::new(), Vec::new()), |from| (from.missing.clone(), from.not_asked.clone()));
    ledger.inherit(&missing, &not_asked);
    let groups = match derive.groups {
        Some(TypedGroups::List(groups)) => groups.value,
        Some(TypedGroups::Prefectures(_)) | None => Vec::new(),
    };
    if let (true, Some(span), Some(from)) = (by_prefecture && !doubtful, by_prefecture_span, from)
        && !from.municipalities
    {
        let error = Diagnostic::error("`groups = \"@prefectures\"` groups municipalities");
        let hint = format!("`{}` has options of its own; list the groups", from.id);
        mistakes.error(&span, error.hint(hint));
    }
    let bands = derive.bands.as_ref().map_or(&[][..], |bands| &bands.value);
    let (mut options, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .map(|TypedGroup { span, option, of, rest, when, doubtful }| {
            (option, Group { span, of, rest, when, doubtful })
        })
        .unzip();
    if of_number {
        if let Some(group) = groups.first() {
            let error = Diagnostic::error(format!("`{id}` has both `groups` and `bands`"));
            mistakes
                .error(&group.span, error.hint("`groups` is for options, `bands` for a number; keep one"));
        }
        options = bands.iter().map(|band| band.option.clone()).collect();
    }
    if let Some(by) = &derive.by
        && (of_number || !groups.is_empty() || by_prefecture)
    {
        let other = if of_number { "bands" } else { "groups" };
        let error = Diagnostic::error(format!("`{id}` has both `{other}` and `by`"));
        mistakes.error(&by.span, error.hint("`by` makes the groups itself; keep one"));
    }
    let (periods, in_periods) = match (&derive.by, origin) {
        (Some(by), Some(place)) if !doubtful => {
            dates::periods(&id, &drafts[place].question, place, by, era, mistakes)
        }
        _ => (Vec::new(), Vec::new()),
    };
    let options = match by_prefecture {
        _ if derive.by.is_some() => {
            ledger.inherit_options(&periods);
            periods
        }
        true => {
            let options = prefectures::options();
            ledger.inherit_options(&options);
            options
        }
        false => ledger.options(&options, mistakes),
    };
    let mut question =
        Question { options, missing, not_asked, assumed: from.is_some_and(|from| from.assumed), ..plain };
    question.nets = nets::resolve(&question, &derive.nets, doubtful, mistakes);
    let mut whens = Vec::new();
    if derive.by.is_some() {
        question.origin = Origin::Conditions { groups: in_periods, overlap: false, from: origin };
    } else if of_number {
        let dates = from.filter(|_| !doubtful).map(|from| from.kind == Kind::Date);
        let groups = bands::resolve(&question.id, origin, dates, bands, derive.overlap, mistakes);
        question.origin = Origin::Conditions { groups, overlap: derive.overlap, from: origin };
    } else if conditional {
        whens = conditions(&question.id, &groups, mistakes);
        // Held by nobody until the conditions are read.
        let nobody = |group: &Group| group.rest.is_none().then(|| Condition::Or(Vec::new()));
        let groups = groups.iter().map(nobody).collect();
        question.origin = Origin::Conditions { groups, overlap: derive.overlap, from: None };
    } else if let (true, Some(from)) = (derive.overlap, origin) {
        let groups = overlapping(&question.id, from, &drafts[from].question, &groups, doubtful, mistakes);
        question.origin = Origin::Conditions { groups, overlap: true, from: Some(from) };
    } else if let (true, Some(place)) = (by_prefecture, origin) {
        let options = &drafts[place].question.options;
        let group_of = options.iter().map(|option| municipalities::prefecture_of(&option.code.to_string()));
        question.origin = Origin::Regrouped { from: place, group_of: group_of.collect() };
    } else {
        let group_of = group(&question.id, from, &groups, doubtful, mistakes);
        if let Some(from) = origin {
            question.origin = Origin::Regrouped { from, group_of };
        }
    }
    let span = question.span.clone();
    Draft { whens, ..Draft::new(question, doubtful, span) }
}

/// Whether the groups are said by conditions.
fn is_conditional(derive: &TypedDerive) -> bool {
    match &derive.groups {
        Some(TypedGroups::List(groups)) => groups.value.iter().any(|group| group.when.is_some()),
        Some(TypedGroups::Prefectures(_)) | None => false,
    }
}

/// The conditions of groups as typed; each group has one or is the rest.
fn conditions(id: &str, groups: &[Group], mistakes: &mut Mistakes) -> Vec<(usize, Typed<String>)> {
    let mut whens = Vec::new();
    let mut rest_seen = false;
    for (place, group) in groups.iter().enumerate() {
        let rest = group.rest.as_ref().filter(|rest| rest.value);
        match (&group.when, rest, &group.of) {
            (_, _, Some(of)) => {
                let error = Diagnostic::error(format!("`{id}` has groups with `of` and with `when`"));
                mistakes
                    .error(&of.span, error.hint("write the list as a condition: `when = \"q1 in [1, 2]\"`"));
            }
            (Some(_), Some(rest), None) => {
                let error = Diagnostic::error("a group has both `when` and `rest`");
                mistakes.error(&rest.span, error.hint("`rest = true` takes those for whom no `when` holds"));
            }
            (Some(when), None, None) => whens.push((place, when.clone())),
            (None, Some(rest), None) if rest_seen => {
                let error = Diagnostic::error(format!("`{id}` has two groups with `rest = true`"));
                mistakes.error(&rest.span, error.hint("only one group can take the remaining respondents"));
            }
            (None, Some(_), None) => rest_seen = true,
            (None, None, None) if group.doubtful => {}
            (None, None, None) => {
                let error = Diagnostic::error(format!("a group of `{id}` has neither `when` nor `rest`"))
                    .hint("write `when = \"q1 == 1\"`, or `rest = true` for the remaining respondents");
                mistakes.error(&group.span, error);
            }
        }
    }
    whens
}

/// Groups of options that may share options, as conditions.
fn overlapping(
    id: &str,
    place: usize,
    from: &Question,
    groups: &[Group],
    doubtful: bool,
    mistakes: &mut Mistakes,
) -> Vec<Option<Condition>> {
    let mut conditions = Vec::new();
    for group in groups {
        let of: &[_] = match (&group.of, group.rest.as_ref().filter(|rest| rest.value)) {
            (Some(of), None) => &of.value,
            (None, Some(_)) => {
                conditions.push(None);
                continue;
            }
            _ => {
                if !group.doubtful {
                    let error = Diagnostic::error(format!("a group of `{id}` has neither `of` nor `rest`"))
                        .hint("write `of = [1, 2]`, or `rest = true` for the remaining options");
                    mistakes.error(&group.span, error);
                }
                &[]
            }
        };
        let places = codes::places(from, of, doubtful, "its group", mistakes);
        let any_of: Vec<usize> = places.into_iter().map(|place| place.value).collect();
        conditions.push(Some(match from.kind {
            Kind::Multi | Kind::Rank => Condition::Selected { question: place, any_of },
            _ => {
                let accepts = (0..from.options.len()).map(|option| any_of.contains(&option)).collect();
                Condition::Answer { question: place, accepts }
            }
        }));
    }
    conditions
}

/// What a derived question can be made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Options, for groups.
    Options,
    /// A number or a date, for bands.
    Measured,
    /// A date, for periods.
    Date,
}

/// The question named by `from`, which must be what is wanted.
fn find_origin(
    from: &Typed<String>,
    wanted: Wanted,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Option<usize> {
    let place = question::find(&from.value, &from.span, "`from`", drafts, mistakes)?;
    let (question, doubtful) = (&drafts[place].question, drafts[place].doubtful);
    match question.kind {
        _ if doubtful => {}
        Kind::Number if wanted == Wanted::Measured => {}
        Kind::Date if wanted != Wanted::Options => {}
        kind if wanted != Wanted::Options => {
            let (key, needs) = match wanted {
                Wanted::Date => ("by", "a date"),
                Wanted::Measured | Wanted::Options => ("bands", "a number or a date"),
            };
            let error = format!(
                "`{key}` needs {needs} in `from`, found the {} question `{}`",
                kind.word(),
                question.id
            );
            let error = Diagnostic::error(error);
            let hint =
                if kind == Kind::Number { "group a number by `bands`" } else { "group options by `groups`" };
            mistakes.error(&from.span, error.hint(hint));
            return None;
        }
        Kind::Single | Kind::Scale | Kind::Multi | Kind::Rank => {}
        Kind::Grid => {
            let error =
                Diagnostic::error(format!("expected one row of the grid `{}` in `from`", question.id));
            mistakes
                .error(&from.span, error.hint(rows_hint(place, drafts.iter().map(|draft| &draft.question))));
            return None;
        }
        Kind::Number | Kind::Date | Kind::Ratio | Kind::Text => {
            let error = format!(
                "expected a question with options in `from`, found the {} question `{}`",
                question.kind.word(),
                question.id
            );
            let mut error = Diagnostic::error(error);
            if question.kind == Kind::Number {
                error = error.hint("group a number by `bands`");
            } else if question.kind == Kind::Date {
                error = error.hint("group a date by `bands` or `by`");
            } else if question.kind == Kind::Ratio {
                error = error.hint("a ratio is of sums; respondents have none to be grouped by");
            } else {
                error = error.hint("code comments by `comments`");
            }
            mistakes.error(&from.span, error);
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
    when: Option<Typed<String>>,
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
