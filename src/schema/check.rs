//! `[survey.check]`: what `renkei check` looks for beyond what no command reads, and how bad that is.

use super::question::Draft;
use super::{Kind, QuestionIndex};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::toml::{Keys, Mistakes, Typed};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// It is not looked for.
    Off,
    /// It may be as it should be.
    Note,
    /// Somebody should look at it.
    Warning,
    /// It must be mended.
    Error,
}

/// What may be wrong with replies that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// An option that excludes all others beside another.
    Exclusive,
    /// An option that was not chosen at the question which limits it.
    LimitedTo,
    /// An answer of somebody who was not asked.
    NotAsked,
    /// No answer of somebody who was.
    Blank,
    /// All answers are those of an earlier record.
    Identical,
    /// One answer in every row of a grid.
    StraightLining,
    /// Answered faster than anybody can.
    Speeding,
    /// A number far from all others.
    SuspiciousNumber,
    /// A day or number before one that must not come after it.
    OutOfOrder,
    /// A municipality or group of which there is no record.
    Absent,
}

impl Rule {
    /// Every rule with its key and how bad it is unless the schema says otherwise.
    pub const ALL: [(Rule, &'static str, Gravity); 10] = [
        (Rule::Exclusive, "exclusive", Gravity::Warning),
        (Rule::LimitedTo, "limited_to", Gravity::Error),
        (Rule::NotAsked, "not_asked", Gravity::Warning),
        (Rule::Blank, "blank", Gravity::Note),
        (Rule::Identical, "identical", Gravity::Warning),
        (Rule::StraightLining, "straight_lining", Gravity::Note),
        (Rule::Speeding, "speeding", Gravity::Warning),
        (Rule::SuspiciousNumber, "suspicious_number", Gravity::Note),
        (Rule::OutOfOrder, "out_of_order", Gravity::Warning),
        (Rule::Absent, "absent", Gravity::Warning),
    ];
}

/// The rules of a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRules {
    /// How bad a finding of each rule is, in the order of [`Rule::ALL`].
    gravity: [Gravity; Rule::ALL.len()],
    /// Column of the seconds that a respondent took.
    pub duration: Option<String>,
    /// Seconds below which nobody can have read the questions.
    pub fastest: u32,
    /// Questions that must be answered before two records are called identical; `None`: [`FEWEST_IDENTICAL`], and so
    /// many that chance does not make two records alike.
    pub identical_questions: Option<usize>,
    /// Questions, days or numbers, of which none may be before the one in front of it.
    pub order: Vec<Vec<QuestionIndex>>,
    /// Rows that a grid must have before one answer in all of them is remarkable.
    pub straight_lining_rows: usize,
    /// How many interquartile ranges from the median a number is suspicious.
    pub suspicious_distance: u32,
}

impl Default for CheckRules {
    fn default() -> Self {
        CheckRules {
            gravity: Rule::ALL.map(|(_, _, gravity)| gravity),
            duration: None,
            fastest: 60,
            identical_questions: None,
            order: Vec::new(),
            straight_lining_rows: 4,
            suspicious_distance: 10,
        }
    }
}

impl CheckRules {
    /// How bad a finding of this rule is.
    pub fn gravity(&self, rule: Rule) -> Gravity {
        let place = Rule::ALL.iter().position(|(own, ..)| *own == rule);
        place.map_or(Gravity::Off, |place| self.gravity[place])
    }
}

/// Fewer answers than these are alike in many records.
pub const FEWEST_IDENTICAL: usize = 5;

/// The words of a gravity.
const GRAVITIES: [(&str, Gravity); 4] = [
    ("off", Gravity::Off),
    ("note", Gravity::Note),
    ("warning", Gravity::Warning),
    ("error", Gravity::Error),
];

/// `[survey.check]`
#[derive(Default)]
pub(super) struct TypedCheck {
    rules: CheckRules,
    order: Vec<Typed<Vec<Typed<String>>>>,
}

/// Finds the questions that `order` names.
pub(super) fn resolve(typed: TypedCheck, drafts: &[Draft], mistakes: &mut Mistakes) -> CheckRules {
    let mut order = Vec::new();
    for list in typed.order {
        let before = mistakes.count();
        let mut questions: Vec<QuestionIndex> = Vec::new();
        for name in list.value {
            let Some(index) = drafts.iter().position(|draft| draft.question.id == name.value) else {
                let error = Diagnostic::error(format!("unknown question {} in `order`", quote(&name.value)));
                let ids = drafts.iter().map(|draft| draft.question.id.as_str());
                mistakes.error(
                    &name.span,
                    match suggestion(&name.value, ids) {
                        Some(hint) => error.hint(hint),
                        None => error,
                    },
                );
                continue;
            };
            let kind = drafts[index].question.kind;
            let first = questions.first().map_or(kind, |&first| drafts[first].question.kind);
            if !matches!(kind, Kind::Date | Kind::Number) || kind != first {
                let error = format!(
                    "expected dates, or numbers, in `order`, found the {} question {}",
                    kind.word(),
                    quote(&name.value)
                );
                mistakes.error(&name.span, Diagnostic::error(error));
            }
            questions.push(index);
        }
        if questions.len() < 2 && mistakes.count() == before {
            mistakes.error(&list.span, Diagnostic::error("expected two questions or more in an order"));
        }
        order.push(questions);
    }
    CheckRules { order, ..typed.rules }
}

/// Reads `[survey.check]`.
pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedCheck {
    let mut rules = CheckRules::default();
    for (place, (_, key, _)) in Rule::ALL.iter().enumerate() {
        if let Some(word) = keys.word(key, &GRAVITIES, mistakes) {
            rules.gravity[place] = word.value;
        }
    }
    rules.duration = keys.text("duration", mistakes).map(|text| text.value);
    let fastest = whole(&mut keys, "fastest", 1, mistakes);
    if let (Some(_), None, Some(span)) = (&fastest, &rules.duration, keys.key_span("fastest")) {
        let error = Diagnostic::error("`fastest` needs the column of the seconds that respondents took");
        mistakes.error(&span, error.hint("say `duration = \"…\"`"));
    }
    rules.fastest = fastest.unwrap_or(rules.fastest);
    let at_least = |rule: usize, found: Option<u32>| found.map_or(rule, |found| found as usize);
    let identical = whole(&mut keys, "identical_questions", 1, mistakes);
    rules.identical_questions = identical.map(|questions| questions as usize);
    rules.straight_lining_rows =
        at_least(rules.straight_lining_rows, whole(&mut keys, "straight_lining_rows", 2, mistakes));
    rules.suspicious_distance =
        whole(&mut keys, "suspicious_distance", 1, mistakes).unwrap_or(rules.suspicious_distance);
    let mut order = Vec::new();
    for list in keys.list("order", mistakes).map(|list| list.value).unwrap_or_default() {
        let Some(list) = list.list(mistakes) else { continue };
        let names = list.value.iter().filter_map(|name| name.text(mistakes)).collect();
        order.push(Typed { value: names, span: list.span });
    }
    keys.finish(mistakes);
    TypedCheck { rules, order }
}

/// A whole number, at least so great.
fn whole(keys: &mut Keys<'_>, key: &'static str, least: u32, mistakes: &mut Mistakes) -> Option<u32> {
    let Typed { value, span } = keys.integer(key, mistakes)?;
    match u32::try_from(value) {
        Ok(value) if (least..=1_000_000).contains(&value) => Some(value),
        _ => {
            let found = quote(&value.to_string());
            let error = format!("expected {least} to 1,000,000 for `{key}`, found {found}");
            mistakes.error(&span, Diagnostic::error(error));
            None
        }
    }
}
