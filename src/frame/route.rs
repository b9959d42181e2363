//! Which questions a request touches, who was asked, and replies regrouped from others.

use super::condition::{not_asked_state, states};
use super::layout::stores_states;
use super::log::Noting;
use super::{
    Block, Codes, Dataset, Number, Overridden, Replies, comments, derived, holds, master, ratio, shown,
};
use crate::schema::{CodeFrame, Constant, Kind, Origin, Question, QuestionIndex, Survey};

/// The questions a request touches, each after those it depends on.
#[derive(Debug)]
pub(crate) struct Dependencies {
    order: Vec<QuestionIndex>,
    needed: Vec<bool>,
}

impl Dependencies {
    /// `needed` and all that their routing and regrouping needs.
    pub(crate) fn new(survey: &Survey, needed: &[QuestionIndex]) -> Dependencies {
        let mut dependencies =
            Dependencies { order: Vec::new(), needed: vec![false; survey.questions.len()] };
        for &question in needed {
            dependencies.add(survey, question);
        }
        dependencies
    }

    fn add(&mut self, survey: &Survey, index: QuestionIndex) {
        let Some(question) = survey.questions.get(index) else { return };
        if std::mem::replace(&mut self.needed[index], true) {
            return;
        }
        let mut others = question.origin.sources();
        match &question.origin {
            Origin::Rows(rows) => others.extend_from_slice(rows),
            Origin::Ranking { places, .. } => others.extend_from_slice(places),
            Origin::Place(rank) => others.push(*rank),
            _ => {}
        }
        others.extend(question.limited_to);
        if let Some(condition) = &question.asked_if {
            others.extend(condition.questions());
        }
        for other in others {
            self.add(survey, other);
        }
        self.order.push(index);
    }

    /// The code frames that the request touches, with the text question they are for.
    pub(crate) fn code_frames<'a>(
        &'a self,
        survey: &'a Survey,
    ) -> impl Iterator<Item = (QuestionIndex, &'a CodeFrame)> {
        self.order.iter().filter_map(|&index| match &survey.questions[index].origin {
            Origin::Comments { text, frame, .. } => Some((*text, frame)),
            _ => None,
        })
    }

    /// Whether the request touches the question.
    pub(crate) fn needs(&self, question: QuestionIndex) -> bool {
        self.needed[question]
    }
}

/// Turns replies of those who were not asked into "not asked" and makes the regrouped replies.
/// Gives, for each question, how many replies were given where it was not asked.
pub(crate) fn route(
    survey: &Survey,
    dependencies: &Dependencies,
    dataset: &Dataset,
    block: &mut Block,
    mut noted: Option<Noting<'_>>,
) -> Vec<(QuestionIndex, u64)> {
    let mut answered = Vec::new();
    for &index in &dependencies.order {
        let question = &survey.questions[index];
        if let Some(derived) = derive(survey, dataset, block, index) {
            block.replies[index] = Some(derived);
        }
        if let Some(condition) = &question.asked_if {
            let asked = holds(condition, survey, dataset, block);
            if let Some(noted) = noted.as_mut().filter(|noted| noted.questions.contains(&index)) {
                noted.overridden.extend(overridden(survey, dataset, block, (noted.block, index), &asked));
            }
            if let Some(replies) = &mut block.replies[index] {
                let overridden = leave_out(replies, question, &asked);
                if overridden > 0 {
                    answered.push((index, overridden));
                }
            }
        }
    }
    answered
}

/// Every answer of those who were not asked.
fn overridden(
    survey: &Survey,
    dataset: &Dataset,
    block: &Block,
    (place, question): (usize, QuestionIndex),
    asked: &[bool],
) -> Vec<Overridden> {
    let Some(replies) = &block.replies[question] else { return Vec::new() };
    let given = states(replies, &survey.questions[question], block.len);
    if survey.questions[question].origin.is_derived() {
        return Vec::new();
    }
    let rows = (0..block.len).filter(|&row| !asked[row] && given[row] == 0);
    let noted = rows.map(|row| Overridden {
        block: place,
        row,
        question,
        value: shown(survey, dataset, block, question, row),
        option: match replies {
            Replies::Multi { octets, .. } => {
                (0..octets.len() * 8).find(|option| octets[option / 8][row] >> (option % 8) & 1 == 1)
            }
            _ => None,
        },
    });
    noted.collect()
}

/// The replies to a question that nobody was asked.
fn nobody(question: &Question, len: usize) -> Replies {
    let states = vec![not_asked_state(question); len];
    match question.kind {
        Kind::Single | Kind::Scale | Kind::Grid => {
            let codes = question.options.len() + question.states();
            let code = u16::try_from(codes - 1).unwrap_or(u16::MAX);
            Replies::Single(narrowed(vec![code; len], codes))
        }
        Kind::Multi | Kind::Rank => {
            let octets = vec![vec![0; len]; question.options.len().div_ceil(8)];
            Replies::Multi { octets, states: Some(states) }
        }
        Kind::Number | Kind::Date | Kind::Ratio => Replies::Number(Number { values: vec![0; len], states }),
        Kind::Text => Replies::Text(states),
    }
}

/// The reply that everybody in a file has.
fn everybody(question: &Question, constant: Constant, len: usize) -> Replies {
    match constant {
        Constant::Option(option) => {
            let codes = vec![u16::try_from(option).unwrap_or(u16::MAX); len];
            Replies::Single(narrowed(codes, question.options.len() + question.states()))
        }
        Constant::Number(value) => Replies::Number(Number { values: vec![value; len], states: vec![0; len] }),
    }
}

/// The replies of a derived question, made from those it depends on, which must be in the block.
///
/// `None` for questions that are asked, and where the source of a regrouped one is not there.
pub fn derive(survey: &Survey, dataset: &Dataset, block: &Block, index: QuestionIndex) -> Option<Replies> {
    let question = &survey.questions[index];
    match &question.origin {
        Origin::Regrouped { from, group_of } => {
            let source = block.replies.get(*from).and_then(Option::as_ref)?;
            regroup(source, &survey.questions[*from], question, group_of, block.len)
        }
        Origin::Conditions { groups, overlap, from } => {
            Some(derived::group(survey, dataset, block, question, groups, *overlap, *from))
        }
        Origin::Comments { text, into, frame } => {
            comments::coded(survey, block, question, *text, *into, frame)
        }
        Origin::NotAsked => Some(nobody(question, block.len)),
        Origin::Constant(constant) => Some(everybody(question, *constant, block.len)),
        Origin::Joined { master, .. } => master::joined(survey, dataset, block, index, *master),
        Origin::Count { sources } => Some(derived::count(survey, block, question, sources)),
        Origin::Ratio { of, to, when, .. } => {
            Some(ratio::replies(survey, dataset, block, question, *of, *to, when.as_ref()))
        }
        Origin::Column(_)
        | Origin::Columns { .. }
        | Origin::Packed { .. }
        | Origin::Rows(_)
        | Origin::Ranking { .. }
        | Origin::Place(_) => None,
    }
}

/// Makes the replies of those not asked "not asked"; gives how many were given.
fn leave_out(replies: &mut Replies, question: &Question, asked: &[bool]) -> u64 {
    let not_asked = not_asked_state(question);
    let mut overridden = 0;
    let out = || asked.iter().enumerate().filter(|(_, asked)| !**asked).map(|(row, _)| row);
    match replies {
        Replies::Single(Codes::U8(codes)) => {
            let options = question.options.len();
            let code = u8::try_from(options + question.states() - 1).unwrap_or(u8::MAX);
            for row in out() {
                overridden += u64::from(usize::from(codes[row]) < options);
                codes[row] = code;
            }
        }
        Replies::Single(Codes::U16(codes)) => {
            let options = question.options.len();
            let code = u16::try_from(options + question.states() - 1).unwrap_or(u16::MAX);
            for row in out() {
                overridden += u64::from(usize::from(codes[row]) < options);
                codes[row] = code;
            }
        }
        Replies::Multi { octets, states } => {
            let Some(states) = states else { return 0 };
            for row in out() {
                overridden += u64::from(states[row] == 0);
                states[row] = not_asked;
                octets.iter_mut().for_each(|octet| octet[row] = 0);
            }
        }
        Replies::Number(number) => {
            for row in out() {
                overridden += u64::from(number.states[row] == 0);
                number.states[row] = not_asked;
                number.values[row] = 0;
            }
        }
        Replies::Text(states) => {
            for row in out() {
                overridden += u64::from(states[row] == 0);
                states[row] = not_asked;
            }
        }
    }
    overridden
}

/// The replies of a derived question.
fn regroup(
    replies: &Replies,
    from: &Question,
    derived: &Question,
    group_of: &[Option<usize>],
    len: usize,
) -> Option<Replies> {
    let groups = derived.options.len();
    // States are inherited: blank stays blank, a declared missing code stays in its place where
    // the derived question declares as many, not asked stays not asked.
    let state_of = |state: u8| -> u8 {
        if state == not_asked_state(from) {
            not_asked_state(derived)
        } else if usize::from(state) > derived.missing.len() + 1 {
            1
        } else {
            state
        }
    };
    match replies {
        Replies::Single(codes) => {
            let table: Vec<u16> = (0..from.options.len() + from.states())
                .map(|code| {
                    let state = match code.checked_sub(from.options.len()) {
                        None => match group_of.get(code).copied().flatten() {
                            Some(group) => return u16::try_from(group).unwrap_or(u16::MAX),
                            // An option in no group: outside what the derived question asks about.
                            None => not_asked_state(derived),
                        },
                        Some(place) => state_of(u8::try_from(place + 1).unwrap_or(u8::MAX)),
                    };
                    u16::try_from(groups).unwrap_or(u16::MAX).saturating_add(u16::from(state) - 1)
                })
                .collect();
            let codes: Vec<u16> = match codes {
                Codes::U8(codes) => codes.iter().map(|&code| table[usize::from(code)]).collect(),
                Codes::U16(codes) => codes.iter().map(|&code| table[usize::from(code)]).collect(),
            };
            Some(Replies::Single(narrowed(codes, groups + derived.states())))
        }
        Replies::Multi { octets, states: stored } => {
            let mut grouped = vec![vec![0u8; len]; groups.div_ceil(8)];
            for (option, group) in group_of.iter().enumerate() {
                let Some(group) = group else { continue };
                let source = octets.get(option / 8)?;
                let target = grouped.get_mut(group / 8)?;
                for (bits, &selected) in target.iter_mut().zip(source) {
                    *bits |= (selected >> (option % 8) & 1) << (group % 8);
                }
            }
            let mut states = states(replies, from, len);
            states.iter_mut().for_each(|state| *state = state_of(*state));
            // A reply may have options in no group only: given, with nothing selected.
            let plain =
                !stores_states(derived) && !stores_states(from) && group_of.iter().all(Option::is_some);
            // A file that did not ask stores what its question need not.
            let plain = plain && stored.is_none();
            Some(Replies::Multi { octets: grouped, states: (!plain).then_some(states) })
        }
        Replies::Number(_) | Replies::Text(_) => None,
    }
}

/// Codes in the smallest type that holds so many different ones.
pub fn narrowed(codes: Vec<u16>, count: usize) -> Codes {
    if count > 256 {
        return Codes::U16(codes);
    }
    Codes::U8(codes.into_iter().map(|code| u8::try_from(code).unwrap_or(u8::MAX)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture;
    use crate::schema::Condition;

    #[test]
    fn an_answer_where_the_question_was_not_asked_is_counted_and_becomes_not_asked() {
        let mut follow_up = fixture::single("q1", &[(1, "a"), (2, "b")]);
        follow_up.asked_if = Some(Condition::Answer { question: 0, accepts: vec![true, false] });
        let survey = fixture::survey(vec![fixture::single("q0", &[(1, "a"), (2, "b")]), follow_up]);
        let dependencies = Dependencies::new(&survey, &[1]);
        assert!(dependencies.needs(0));
        let mut block = Block {
            len: 4,
            replies: vec![
                Some(Replies::Single(Codes::U8(vec![0, 1, 2, 0]))),
                Some(Replies::Single(Codes::U8(vec![1, 1, 2, 2]))),
            ],
            weights: None,
            ..Block::default()
        };
        let answered = route(&survey, &dependencies, &Dataset::default(), &mut block, None);
        assert_eq!(answered, [(1, 1)]);
        assert_eq!(block.replies[1], Some(Replies::Single(Codes::U8(vec![1, 3, 3, 2]))));
    }

    #[test]
    fn regrouping_carries_states_over() {
        let survey = fixture::survey(vec![
            fixture::single("q0", &[(1, "a"), (2, "b"), (3, "c")]),
            fixture::regrouped("d", &[(1, "x"), (2, "y")], 0, Kind::Single, &[Some(0), Some(1), Some(1)]),
        ]);
        let mut block = Block {
            len: 5,
            replies: vec![Some(Replies::Single(Codes::U8(vec![0, 1, 2, 3, 4]))), None],
            weights: None,
            ..Block::default()
        };
        route(&survey, &Dependencies::new(&survey, &[1]), &Dataset::default(), &mut block, None);
        assert_eq!(block.replies[1], Some(Replies::Single(Codes::U8(vec![0, 1, 1, 2, 3]))));
    }

    #[test]
    fn a_group_of_a_multi_is_any_of_its_options() {
        let survey = fixture::survey(vec![
            fixture::multi("q0", &[(1, "a"), (2, "b"), (3, "c")]),
            fixture::regrouped("d", &[(1, "x"), (2, "y")], 0, Kind::Multi, &[Some(1), Some(1), Some(0)]),
        ]);
        let mut block = Block {
            len: 4,
            replies: vec![
                Some(Replies::Multi { octets: vec![vec![0b011, 0b100, 0, 0b111]], states: None }),
                None,
            ],
            weights: None,
            ..Block::default()
        };
        route(&survey, &Dependencies::new(&survey, &[1]), &Dataset::default(), &mut block, None);
        let expected = Replies::Multi { octets: vec![vec![0b10, 0b01, 0, 0b11]], states: None };
        assert_eq!(block.replies[1], Some(expected));
    }
}
