//! Which question is answered after which.

use std::collections::BTreeMap;

use super::population::sources;
use super::targets::{Target, Targets};
use super::wish::root;
use crate::diag::Diagnostic;
use crate::schema::{Condition, Kind, Origin, Question, QuestionIndex, Survey};

/// Questions that are answered together: one, or those that a count with targets adds up.
#[derive(Debug, Default)]
pub(super) struct Unit {
    pub(super) questions: Vec<QuestionIndex>,
    /// The count.
    pub(super) count: Option<QuestionIndex>,
}

/// The units in the order of answering, and the targets of each question.
#[derive(Debug)]
pub(super) struct Order<'t> {
    pub(super) units: Vec<Unit>,
    /// Targets by the question whose answers they are about; a count stands for itself.
    pub(super) targets: BTreeMap<QuestionIndex, Vec<&'t Target>>,
}

impl<'t> Order<'t> {
    /// Orders the questions; reports targets that concern several questions, and circles.
    pub(super) fn new(survey: &Survey, targets: &'t Targets, errors: &mut Vec<Diagnostic>) -> Order<'t> {
        let mut by_root: BTreeMap<QuestionIndex, Vec<&Target>> = BTreeMap::new();
        for target in &targets.targets {
            match root(survey, target.question) {
                Some(root) => by_root.entry(root).or_default().push(target),
                None => {
                    let error = no_root(survey, target.question);
                    errors.push(error.span(&targets.source, target.span.clone()));
                }
            }
        }
        let mut unit_of: Vec<Option<usize>> = vec![None; survey.questions.len()];
        let mut units: Vec<Unit> = Vec::new();
        for (&root, targets_of) in &by_root {
            let Origin::Count { sources } = &survey.questions[root].origin else { continue };
            if sources.iter().any(|(source, _)| unit_of[*source].is_some()) {
                let id = &survey.questions[root].id;
                let error = format!("two counts of the same questions have targets, the second is `{id}`");
                errors.push(Diagnostic::error(error).span(&targets.source, targets_of[0].span.clone()));
                continue;
            }
            sources.iter().for_each(|(source, _)| unit_of[*source] = Some(units.len()));
            let questions = sources.iter().map(|(source, _)| *source).collect();
            units.push(Unit { questions, count: Some(root) });
        }
        for (index, question) in survey.questions.iter().enumerate() {
            if question.origin.is_asked() && unit_of[index].is_none() {
                unit_of[index] = Some(units.len());
                units.push(Unit { questions: vec![index], count: None });
            }
        }
        let mut walk = Walk {
            survey,
            targets: &by_root,
            source: targets,
            unit_of: &unit_of,
            units: &units,
            state: vec![State::New; units.len()],
            order: Vec::new(),
            circle: false,
        };
        // In the order of the questionnaire, as far as nothing must come before; the respondents' keys first,
        // for comments may be coded by them.
        let key = survey.questions.iter().position(|question| is_key(survey, question));
        for unit in key.and_then(|key| unit_of[key]).iter().chain(unit_of.iter().flatten()) {
            walk.visit(*unit, errors);
        }
        let order = walk.order;
        let mut slots: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
        let units = order.into_iter().filter_map(|unit| slots[unit].take()).collect();
        Order { units, targets: by_root }
    }
}

/// A target for a question whose answers are those of several others, or come of words.
fn no_root(survey: &Survey, index: QuestionIndex) -> Diagnostic {
    let Question { id, origin, .. } = &survey.questions[index];
    let (why, hint) = match origin {
        Origin::Ranking { .. } => (
            "its places have them",
            format!("give targets for who puts an option at a place: `question = \"{id}.1\"`"),
        ),
        Origin::Comments { text, .. } => (
            "it is coded from comments",
            format!("give `texts` for `{}`, with the words that are coded so", survey.questions[*text].id),
        ),
        _ => (
            "it is made of several conditions",
            "give targets for the questions it is made of, with `where`".to_string(),
        ),
    };
    Diagnostic::error(format!("`{id}` cannot have targets: {why}")).hint(hint)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

struct Walk<'w> {
    survey: &'w Survey,
    targets: &'w BTreeMap<QuestionIndex, Vec<&'w Target>>,
    source: &'w Targets,
    unit_of: &'w [Option<usize>],
    units: &'w [Unit],
    state: Vec<State>,
    order: Vec<usize>,
    /// Something that must come before has not been answered yet: the `where` that led here is at fault,
    /// for the schema itself has no circles.
    circle: bool,
}

impl Walk<'_> {
    fn visit(&mut self, unit: usize, errors: &mut Vec<Diagnostic>) {
        if self.state[unit] != State::New {
            return;
        }
        self.state[unit] = State::Open;
        let before: Vec<QuestionIndex> = self.units[unit]
            .questions
            .iter()
            .flat_map(|&question| schema_needs(self.survey, question))
            .collect();
        for question in asked(self.survey, before) {
            let Some(other) = self.unit_of[question] else { continue };
            self.circle |= self.state[other] == State::Open && other != unit;
            self.visit(other, errors);
        }
        let roots = self.units[unit].questions.iter().copied().chain(self.units[unit].count);
        let targets: Vec<&Target> =
            roots.filter_map(|root| self.targets.get(&root)).flatten().copied().collect();
        for target in targets {
            let Some((condition, span)) = &target.condition else { continue };
            for question in asked(self.survey, condition.questions().into_iter().collect()) {
                let Some(other) = self.unit_of[question] else { continue };
                let open = self.state[other] == State::Open;
                self.visit(other, errors);
                if open || std::mem::take(&mut self.circle) {
                    let (id, named) =
                        (&self.survey.questions[target.question].id, &self.survey.questions[question].id);
                    let message = match unit == other {
                        true => format!("a target of `{id}` is about its own answers"),
                        false => format!("the targets of `{id}` and `{named}` wait for each other"),
                    };
                    let error = Diagnostic::error(message)
                        .hint("`where` names questions that are answered before, such as earlier ones");
                    errors.push(error.span(&self.source.source, span.clone()));
                }
            }
        }
        self.state[unit] = State::Done;
        self.order.push(unit);
    }
}

/// The questions that decide who is asked and what is on offer.
fn schema_needs(survey: &Survey, index: QuestionIndex) -> Vec<QuestionIndex> {
    let question = &survey.questions[index];
    let mut needs: Vec<QuestionIndex> =
        question.asked_if.iter().flat_map(Condition::questions).chain(limits(survey, index)).collect();
    needs.extend(place_before(survey, index));
    needs.extend(other_of(survey, index).map(|(base, _)| base));
    needs
}

/// Whether the question's column is that of the respondent's key.
pub(super) fn is_key(survey: &Survey, question: &Question) -> bool {
    matches!(&question.origin, Origin::Column(column) if survey.respondent.as_ref() == Some(column))
}

/// The question whose chosen options are the only ones on offer; a place has that of its rank question.
pub(super) fn limits(survey: &Survey, index: QuestionIndex) -> Option<QuestionIndex> {
    match survey.questions[index].origin {
        Origin::Place(rank) => survey.questions[rank].limited_to,
        _ => survey.questions[index].limited_to,
    }
}

/// The places of a rank question up to this one.
pub(super) fn places_before(survey: &Survey, index: QuestionIndex) -> &[QuestionIndex] {
    let Origin::Place(rank) = survey.questions[index].origin else { return &[] };
    let Origin::Ranking { places, .. } = &survey.questions[rank].origin else { return &[] };
    let own = places.iter().position(|&place| place == index);
    own.map_or(&[], |own| &places[..own])
}

/// The place that must be filled before this one.
pub(super) fn place_before(survey: &Survey, index: QuestionIndex) -> Option<QuestionIndex> {
    places_before(survey, index).last().copied()
}

/// For the column of one's own words to その他: the question and the option.
pub(super) fn other_of(survey: &Survey, index: QuestionIndex) -> Option<(QuestionIndex, usize)> {
    let question = &survey.questions[index];
    let (base, _) = question.id.rsplit_once(".other").filter(|_| question.kind == Kind::Text)?;
    let base = survey.find(base).filter(|&base| base < index)?;
    let label = question.short.as_ref()?;
    let option = survey.questions[base].options.iter().position(|option| option.label == *label)?;
    Some((base, option))
}

/// The asked questions behind some that may be derived, or grids.
fn asked(survey: &Survey, mut open: Vec<QuestionIndex>) -> Vec<QuestionIndex> {
    let mut asked = Vec::new();
    while let Some(index) = open.pop() {
        let question = &survey.questions[index];
        match &question.origin {
            Origin::Rows(rows) => open.extend(rows),
            Origin::Regrouped { .. }
            | Origin::Conditions { .. }
            | Origin::Count { .. }
            | Origin::Ratio { .. }
            | Origin::Comments { .. }
            | Origin::Joined { .. }
            | Origin::Ranking { .. } => open.extend(sources(question)),
            Origin::Column(_) | Origin::Columns { .. } | Origin::Packed { .. } | Origin::Place(_) => {
                asked.push(index);
            }
            Origin::NotAsked | Origin::Constant(_) => {}
        }
    }
    asked.sort_unstable();
    asked.dedup();
    asked
}
