//! What the targets ask of one question: numbers of respondents with certain answers in certain groups.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::population::{Population, sources};
use super::system::{System, Unsolved};
use super::targets::{Amount, Goal, Target, Targets, What, written};
use crate::calendar::Day;
use crate::diag::{Diagnostic, Source, plural, quote, thousands};
use crate::frame::{Number, Replies, narrowed};
use crate::schema::{Kind, NoAnswer, Origin, Question, QuestionIndex, Survey};

/// The answers to a question that a target can tell apart: options or numbers, then 無回答 by blank and code.
#[derive(Debug, Clone)]
pub(super) struct Domain {
    /// Options, or different numbers.
    pub(super) given: usize,
    /// 無回答 by blank and by each declared code.
    pub(super) states: usize,
    /// The least number, and the decimals of all; 0 for options.
    pub(super) least: i64,
    pub(super) decimals: u32,
}

impl Domain {
    /// All answers.
    pub(super) fn codes(&self) -> usize {
        self.given + self.states
    }
}

/// A number of respondents of a group who shall have one of some answers.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// Which of [`Wishes::groups`].
    pub(super) group: usize,
    /// For each answer: is it one? Empty: the mentions of a multi question.
    pub(super) answers: Vec<bool>,
    pub(super) low: i64,
    pub(super) high: i64,
    /// Where it stands in the targets file, if it is not an assumption of ours.
    pub(super) span: Option<Range<usize>>,
    /// Of how many.
    pub(super) base: i64,
}

/// A sum or mean of numbers that a group shall have.
#[derive(Debug, Clone)]
pub(super) struct Total {
    pub(super) group: usize,
    pub(super) goal: Goal,
}

/// All wishes of one question.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// Groups of respondents; the first is everybody asked.
    pub(super) groups: Vec<Vec<bool>>,
    pub(super) wishes: Vec<Wish>,
    pub(super) totals: Vec<Total>,
}

/// The question whose answers decide a derived one, if it is one question only.
///
/// A count is decided by several, but stands for itself.
pub(super) fn root(survey: &Survey, index: QuestionIndex) -> Option<QuestionIndex> {
    let mut roots = BTreeSet::new();
    let mut open = vec![index];
    while let Some(index) = open.pop() {
        let question = &survey.questions[index];
        match &question.origin {
            Origin::Regrouped { .. } | Origin::Conditions { .. } => open.extend(sources(question)),
            // Which words are coded so, which places make an order or which row of a master has it, nobody but
            // the user knows.
            Origin::Comments { .. } | Origin::Ranking { .. } | Origin::Joined { .. } => return None,
            _ => _ = roots.insert(index),
        }
    }
    let root = roots.pop_first().filter(|_| roots.is_empty())?;
    let over_multi = survey.questions[root].kind == Kind::Multi;
    // Conditions on a multi's options are no set of options.
    let regrouped = |mut index: QuestionIndex| loop {
        match &survey.questions[index].origin {
            Origin::Regrouped { from, .. } => index = *from,
            _ => return index == root,
        }
    };
    (!over_multi || regrouped(index)).then_some(root)
}

/// For each answer of the root the code of the derived question (the root's own where they are the same).
fn codes_of(survey: &Survey, root: QuestionIndex, domain: &Domain, index: QuestionIndex) -> Vec<usize> {
    if index == root {
        return (0..domain.codes()).collect();
    }
    let mut each = Population::new(survey, domain.codes());
    let question = &survey.questions[root];
    each.block.replies[root] = Some(match question.kind {
        Kind::Number | Kind::Date => {
            each.dataset.number_decimals.push((root, domain.decimals));
            let values = (0..domain.codes()).map(|code| domain.least + code as i64).collect();
            let states = (0..domain.codes())
                .map(|code| u8::try_from((code + 1).saturating_sub(domain.given)).unwrap_or(u8::MAX));
            Replies::Number(Number { values, states: states.collect() })
        }
        _ => {
            let codes = (0..domain.codes()).map(|code| u16::try_from(code).unwrap_or(u16::MAX));
            Replies::Single(narrowed(codes.collect(), domain.codes() + 1))
        }
    });
    each.know(index);
    match &each.block.replies[index] {
        Some(Replies::Single(codes)) => (0..domain.codes()).map(|row| codes.at(row)).collect(),
        _ => Vec::new(),
    }
}

/// For each option of a multi root the group of the regrouped question.
fn groups_of(survey: &Survey, root: QuestionIndex, index: QuestionIndex) -> Vec<Option<usize>> {
    match &survey.questions[index].origin {
        Origin::Regrouped { from, group_of } if index != root => {
            let inner = groups_of(survey, root, *from);
            inner.into_iter().map(|group| group.and_then(|group| group_of[group])).collect()
        }
        _ => (0..survey.questions[root].options.len()).map(Some).collect(),
    }
}

/// For each goal the answers of the root that it counts, and the answers that are in its base.
struct Meaning {
    /// For each answer of the root: the codes of the target's question it stands for.
    codes: Vec<Option<usize>>,
    outside: bool,
}

impl Meaning {
    fn new(survey: &Survey, root: QuestionIndex, domain: &Domain, index: QuestionIndex) -> Meaning {
        let question = &survey.questions[index];
        let not_asked = given_codes(question, domain) + question.states() - 1;
        let codes: Vec<Option<usize>> = if survey.questions[root].kind == Kind::Multi {
            let states = (0..domain.states).map(|state| Some(question.options.len() + state));
            groups_of(survey, root, index).into_iter().chain(states).collect()
        } else {
            let codes = codes_of(survey, root, domain, index);
            codes.into_iter().map(|code| (code != not_asked || index == root).then_some(code)).collect()
        };
        let multi = survey.questions[root].kind == Kind::Multi;
        let outside = !multi && codes.iter().any(Option::is_none);
        Meaning { codes, outside }
    }

    fn answers(&self, question: &Question, domain: &Domain, what: &What) -> Vec<bool> {
        let given = given_codes(question, domain);
        let wanted = |code: usize| match what {
            What::Option(option) => code == *option,
            What::Net(net) => question.nets[*net].of.contains(&code),
            What::MissingCode(place) => code == given + 1 + place,
            What::Missing | What::Given => code >= given,
            What::Value(digits, decimals) => {
                let scale = |by: u32| 10_i128.pow(by.min(12));
                let own = (i128::from(domain.least) + code as i128) * scale(*decimals);
                code < given && own == i128::from(*digits) * scale(domain.decimals)
            }
            What::Mentions | What::Sum(_) | What::Mean => false,
        };
        self.codes.iter().map(|code| code.is_some_and(wanted)).collect()
    }
}

/// Codes of given answers of a target's question.
fn given_codes(question: &Question, domain: &Domain) -> usize {
    if question.options.is_empty() { domain.given } else { question.options.len() }
}

/// Makes the wishes of a root, its answers and those asked from the targets for it and what is derived from it.
pub(super) fn wishes(
    population: &mut Population<'_>,
    (root, domain, asked): (QuestionIndex, &Domain, &[bool]),
    targets: &[&Target],
    file: &Targets,
    errors: &mut Vec<Diagnostic>,
) -> Wishes {
    let source = &file.source;
    let survey = population.survey;
    let mut wishes = Wishes { groups: vec![asked.to_vec()], ..Wishes::default() };
    for target in targets {
        let group = match &target.condition {
            None => 0,
            Some((condition, _)) => {
                let holds = population.holds(condition);
                let members: Vec<bool> =
                    holds.iter().zip(asked).map(|(holds, asked)| *holds && *asked).collect();
                let known = wishes.groups.iter().position(|group| *group == members);
                known.unwrap_or_else(|| {
                    wishes.groups.push(members);
                    wishes.groups.len() - 1
                })
            }
        };
        let question = &survey.questions[target.question];
        let meaning = Meaning::new(survey, root, domain, target.question);
        let asked = wishes.groups[group].iter().filter(|member| **member).count() as i64;
        let missing = meaning.answers(question, domain, &What::Missing);
        let mut push = |answers: Vec<bool>, (low, high): (i64, i64), span: Option<Range<usize>>| {
            wishes.wishes.push(Wish { group, answers, low, high, span, base: asked });
        };
        // 無回答 outside the base must be known before a percentage has one.
        let percent = |goal: &&Goal| matches!(goal.amount, Amount::Printed(..));
        let shares = target.goals.iter().filter(percent).any(|goal| !about_states(&goal.what));
        let mut base = asked;
        if question.no_answer == NoAnswer::Exclude && shares {
            let said = target.goals.iter().find(|goal| about_states(&goal.what));
            let without = match said.map(|goal| (&goal.what, goal.amount)) {
                Some((What::Missing, Amount::Count(count))) => count,
                Some((What::Given, Amount::Count(count))) => asked - count,
                _ => (asked * i64::from(file.missing) + 50_000) / 100_000,
            };
            push(missing.clone(), (without, without), None);
            base = asked - without;
        }
        for goal in &target.goals {
            let at = |error: Diagnostic| error.span(source, goal.span.clone());
            if let What::Sum(_) | What::Mean = goal.what {
                wishes.totals.push(Total { group, goal: goal.clone() });
                continue;
            }
            let mut answers = meaning.answers(question, domain, &goal.what);
            if goal.what == What::Mentions {
                answers.clear();
            } else if !answers.contains(&true) {
                errors.push(at(nobody_can(question, &goal.what, domain)));
                continue;
            }
            let of = if about_states(&goal.what) { asked } else { base };
            let limits = match goal.amount {
                Amount::Count(count) if goal.what != What::Mentions && count > of => {
                    let error = format!(
                        "expected at most {} of `{}`, found {}",
                        plural(of.unsigned_abs(), "respondent"),
                        question.id,
                        thousands(count.unsigned_abs())
                    );
                    let error = at(Diagnostic::error(error));
                    let who = if target.condition.is_some() { "asked, where that holds" } else { "asked" };
                    errors.push(error.label(format!("{} {who}", thousands(of.unsigned_abs()))));
                    continue;
                }
                Amount::Count(count) => (count, count),
                Amount::Printed(..) if meaning.outside => {
                    let error = "a percentage of a question whose base its own answers decide".to_string();
                    let error = Diagnostic::error(error);
                    errors.push(at(
                        error.hint(format!("some answers are in no group of `{}`: give counts", question.id))
                    ));
                    continue;
                }
                Amount::Printed(digits, decimals) => match prints_so(digits, decimals, of) {
                    Ok(limits) => limits,
                    Err(error) => {
                        errors.push(at(error));
                        continue;
                    }
                },
            };
            let limits = match goal.what {
                What::Given => (asked - limits.1, asked - limits.0),
                _ => limits,
            };
            push(answers, limits, Some(goal.span.clone()));
        }
    }
    wishes
}

fn about_states(what: &What) -> bool {
    matches!(what, What::Missing | What::Given | What::MissingCode(_))
}

/// A target for an answer that nobody can give.
fn nobody_can(question: &Question, what: &What, domain: &Domain) -> Diagnostic {
    let error = Diagnostic::error(format!("nobody can have this answer to `{}`", question.id));
    match what {
        What::Value(..) => {
            let last = domain.least + domain.given as i64 - 1;
            let (what, low, high) = match question.kind {
                Kind::Date => ("days", Day(domain.least).civil().iso(), Day(last).civil().iso()),
                _ => ("numbers", written(domain.least, domain.decimals), written(last, domain.decimals)),
            };
            error.hint(format!("its {what} are {low} to {high}; say `range = […]` for others"))
        }
        _ => error.hint("no reply of the questions it is made of leads there"),
    }
}

/// The counts of a base that print as this percentage, rounded half up.
fn prints_so(digits: i64, decimals: u32, base: i64) -> Result<(i64, i64), Diagnostic> {
    let unit = 100 * 10_i128.pow(decimals);
    let (digits, wide) = (i128::from(digits), i128::from(base));
    // digits − ½ ≤ count · unit / base < digits + ½
    let low = (wide * (2 * digits - 1)).div_euclid(2 * unit)
        + i128::from((wide * (2 * digits - 1)).rem_euclid(2 * unit) > 0);
    let high = (wide * (2 * digits + 1) - 1).div_euclid(2 * unit);
    let (low, high) = (low.max(0), high.min(wide));
    if low <= high && base > 0 {
        // Both are between 0 and the base.
        return Ok((i64::try_from(low).unwrap_or(0), i64::try_from(high).unwrap_or(base)));
    }
    let shown = written(i64::try_from(digits).unwrap_or(0), decimals);
    let error = Diagnostic::error(format!(
        "no count of {} prints as {shown}%",
        plural(base.unsigned_abs(), "respondent")
    ));
    if base == 0 {
        return Err(error.hint("nobody is asked, or the condition holds for nobody"));
    }
    let below = (wide * digits).div_euclid(unit).clamp(0, wide);
    let near = [below, (below + 1).min(wide)].map(|count| {
        let tenfold = (2 * count * unit + wide).div_euclid(2 * wide);
        format!("{count} ({}%)", written(i64::try_from(tenfold).unwrap_or(0), decimals))
    });
    Err(error.hint(match near[0] == near[1] {
        true => format!("the nearest is {}", near[0]),
        false => format!("the nearest are {} and {}", near[0], near[1]),
    }))
}

/// Why a system has no solution, as diagnostics: the fewest wishes that contradict each other.
///
/// `rows` are the places of the wishes' rows in the system.
pub(super) fn contradiction(
    id: &str,
    count: Option<&str>,
    system: &System,
    rows: &[(usize, &Wish)],
    verdict: Unsolved,
    source: &Arc<Source>,
) -> Diagnostic {
    let located = |error: Diagnostic, wish: Option<&Wish>| match wish.and_then(|wish| wish.span.clone()) {
        Some(span) => error.span(source, span),
        None => error,
    };
    if verdict == Unsolved::TooHard {
        let error = Diagnostic::error(format!("the targets of `{id}` are more than can be solved together"));
        let last = rows.last().map(|(_, wish)| *wish);
        return located(error.hint("leave some of them out, or make fewer groups with `where`"), last);
    }
    let fault = fewest(system, rows);
    let last = fault.iter().rev().find(|wish| wish.span.is_some()).copied();
    let shown = |wish: &Wish| {
        let text = wish.span.as_ref().and_then(|span| source.text.get(span.clone()));
        let line = wish.span.as_ref().map_or(0, |span| source.text[..span.start].matches('\n').count() + 1);
        format!("line {line}: {} of {}", quote(text.unwrap_or("無回答")), thousands(wish.base.unsigned_abs()))
    };
    let others: Vec<&Wish> = fault
        .iter()
        .filter(|wish| wish.span.is_some() && wish.span != last.and_then(|last| last.span.clone()))
        .copied()
        .collect();
    let message = match others.is_empty() {
        true => format!("no replies to `{id}` have this"),
        false => format!("targets of `{id}` contradict each other: {}", reason(&fault)),
    };
    let mut error = located(Diagnostic::error(message), last);
    for other in others.iter().take(6) {
        error = error.hint(shown(other));
    }
    if others.len() > 6 {
        error = error.hint(format!("and {} more", others.len() - 6));
    }
    match count {
        Some(count) => error.hint(format!("`{count}` counts these answers and has targets too")),
        None if others.is_empty() => {
            error.hint("who is asked, exclusive options and limited options leave too few or too many")
        }
        None => error,
    }
}

/// Fewest wishes that contradict each other: what can be left out without making the rest possible is left
/// out, first many at a time, in the end each by itself.
fn fewest<'w>(system: &System, rows: &[(usize, &'w Wish)]) -> Vec<&'w Wish> {
    let mut open = system.clone();
    let mut kept = rows.to_vec();
    let mut size = kept.len();
    while size > 0 {
        let mut start = 0;
        while start < kept.len() {
            let end = (start + size).min(kept.len());
            let limits: Vec<_> = kept[start..end]
                .iter()
                .map(|(row, _)| (*row, open.rows[*row].low.take(), open.rows[*row].high.take()))
                .collect();
            if open.any() == Err(Unsolved::Impossible) {
                kept.drain(start..end);
                continue;
            }
            for (row, low, high) in limits {
                (open.rows[row].low, open.rows[row].high) = (low, high);
            }
            start = end;
        }
        size /= 2;
    }
    kept.into_iter().map(|(_, wish)| wish).collect()
}

/// In words, what is wrong with wishes that contradict each other.
fn reason(fault: &[&Wish]) -> String {
    let inside = |one: &Wish, other: &Wish| {
        // Every group is within everybody, the first.
        (one.group == other.group || other.group == 0)
            && one.answers.len() == other.answers.len()
            && one.answers.iter().zip(&other.answers).all(|(one, other)| !one || *other)
    };
    for one in fault {
        for other in fault {
            if !std::ptr::eq(*one, *other) && inside(one, other) && one.low > other.high {
                return "a part is greater than the whole".to_string();
            }
        }
    }
    let one_group = fault.windows(2).all(|pair| pair[0].group == pair[1].group);
    let apart = |code: usize| fault.iter().filter(|wish| wish.answers.get(code) == Some(&true)).count() <= 1;
    let codes = fault.iter().map(|wish| wish.answers.len()).max().unwrap_or(0);
    if one_group && (0..codes).all(apart) && fault.iter().all(|wish| !wish.answers.is_empty()) {
        let low: i64 = fault.iter().map(|wish| wish.low).sum();
        let high: i64 = fault.iter().map(|wish| wish.high).sum();
        let base = fault[0].base;
        if low > base {
            return format!("they make {low} of {base} respondents");
        }
        if high < base {
            return format!("they make {high} of {base} respondents, and no answer is left for the others");
        }
    }
    "no replies satisfy all of them".to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_stands_for_the_counts_that_print_so() {
        assert_eq!(prints_so(743, 1, 604).ok(), Some((449, 449)));
        assert_eq!(prints_so(48, 0, 604).ok(), Some((287, 292)));
        assert_eq!(prints_so(798, 1, 1741).ok(), Some((1389, 1390)));
        assert_eq!(prints_so(0, 1, 604).ok(), Some((0, 0)));
        assert_eq!(prints_so(100, 0, 604).ok(), Some((601, 604)));
        // Half up: one of eight is 13 %.
        assert_eq!(prints_so(13, 0, 8).ok(), Some((1, 1)));
        assert!(prints_so(12, 0, 8).is_err());
        let error = prints_so(26, 0, 75).expect_err("19 is 25 %, 20 is 27 %");
        assert_eq!(error.message, "no count of 75 respondents prints as 26%");
        assert_eq!(error.hints, ["the nearest are 19 (25%) and 20 (27%)"]);
    }

    #[test]
    fn what_is_too_hard_is_said_to_be() {
        let source = Arc::new(Source { name: "t.toml".to_string(), text: "counts = { 1 = 2 }".to_string() });
        let wish = Wish { group: 0, answers: vec![true], low: 2, high: 2, span: Some(11..16), base: 9 };
        let mut system = System::default();
        system.exactly(Vec::new(), 2);
        let error = contradiction("q1", None, &system, &[(0, &wish)], Unsolved::TooHard, &source);
        assert_eq!(
            error.render(false),
            "error: the targets of `q1` are more than can be solved together\n --> t.toml:1:12\n  |\n\
             1 | counts = { 1 = 2 }\n  |            ^^^^^\n  |\n  \
             = hint: leave some of them out, or make fewer groups with `where`\n"
        );
    }
}
