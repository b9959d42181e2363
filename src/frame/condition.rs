//! Conditions evaluated over a block of respondents.
//!
//! Truth values are ordered false < unknown < true, so that Kleene's `and` is the smaller, `or`
//! the greater and `not` the mirror image.

use std::cmp::Ordering;

use super::{Block, Codes, Dataset, Replies};
use crate::schema::{Comparison, Condition, Question, QuestionIndex, State, Survey};

const FALSE: u8 = 0;
/// Nobody can say.
pub(crate) const UNKNOWN: u8 = 1;
/// It holds.
pub(crate) const TRUE: u8 = 2;

/// For each respondent of the block: does the condition hold? Unknown is `false`.
///
/// A question whose replies were not read makes its comparisons unknown.
pub fn holds(condition: &Condition, survey: &Survey, dataset: &Dataset, block: &Block) -> Vec<bool> {
    truths(condition, survey, dataset, block).into_iter().map(|truth| truth == TRUE).collect()
}

/// The truth value for each respondent of the block.
pub(crate) fn truths(condition: &Condition, survey: &Survey, dataset: &Dataset, block: &Block) -> Vec<u8> {
    match condition {
        Condition::And(parts) => {
            merge(parts.iter().map(|part| truths(part, survey, dataset, block)), TRUE, block.len, u8::min)
        }
        Condition::Or(parts) => {
            merge(parts.iter().map(|part| truths(part, survey, dataset, block)), FALSE, block.len, u8::max)
        }
        Condition::Not(part) => {
            let mut truths = truths(part, survey, dataset, block);
            truths.iter_mut().for_each(|truth| *truth = TRUE - *truth);
            truths
        }
        Condition::Answer { question, accepts } => match replies(block, *question) {
            Some(Replies::Single(Codes::U8(codes))) => {
                // Asked of every respondent for every group of a batch: looked up, not decided.
                let of_code: [u8; 256] = std::array::from_fn(|code| answer(accepts, code));
                codes.iter().map(|&code| of_code[usize::from(code)]).collect()
            }
            Some(Replies::Single(Codes::U16(codes))) => {
                codes.iter().map(|&code| answer(accepts, usize::from(code))).collect()
            }
            _ => vec![UNKNOWN; block.len],
        },
        Condition::Selected { question, any_of } => match replies(block, *question) {
            Some(Replies::Multi { octets, states }) => selected(octets, states.as_deref(), any_of, block.len),
            _ => vec![UNKNOWN; block.len],
        },
        Condition::Number { question, comparison, value, decimals } => match replies(block, *question) {
            Some(Replies::Number(number)) => {
                let own = dataset.decimals_of(*question);
                let threshold = i128::from(*value) * ten(own.saturating_sub(*decimals));
                let scale = ten(decimals.saturating_sub(own));
                let replies = number.values.iter().zip(&number.states);
                replies
                    .map(|(&reply, &state)| match state {
                        0 => truth(compares(*comparison, (i128::from(reply) * scale).cmp(&threshold))),
                        _ => UNKNOWN,
                    })
                    .collect()
            }
            _ => vec![UNKNOWN; block.len],
        },
        Condition::State { question, state } => {
            let Some(replies) = replies(block, *question) else { return vec![UNKNOWN; block.len] };
            let asked_about = &survey.questions[*question];
            let not_asked = not_asked_state(asked_about);
            states(replies, asked_about, block.len)
                .into_iter()
                .map(|reply| {
                    truth(match state {
                        State::Given => reply == 0,
                        State::Missing => reply != 0 && reply != not_asked,
                        State::Asked => reply != not_asked,
                    })
                })
                .collect()
        }
    }
}

/// The state of "not asked" for a question, in the numbering of [`Replies`].
pub(crate) fn not_asked_state(question: &Question) -> u8 {
    u8::try_from(question.states()).unwrap_or(u8::MAX)
}

/// The state of every reply, whatever the question's kind, in the numbering of [`Replies`].
pub fn states(replies: &Replies, question: &Question, len: usize) -> Vec<u8> {
    let options = question.options.len();
    let of_code = |code: usize| u8::try_from((code + 1).saturating_sub(options)).unwrap_or(u8::MAX);
    match replies {
        Replies::Single(Codes::U8(codes)) => codes.iter().map(|&code| of_code(code.into())).collect(),
        Replies::Single(Codes::U16(codes)) => codes.iter().map(|&code| of_code(code.into())).collect(),
        Replies::Multi { states: Some(states), .. } | Replies::Text(states) => states.clone(),
        Replies::Multi { octets, states: None } => {
            (0..len).map(|row| u8::from(octets.iter().all(|octet| octet[row] == 0))).collect()
        }
        Replies::Number(number) => number.states.clone(),
    }
}

fn replies(block: &Block, question: QuestionIndex) -> Option<&Replies> {
    block.replies.get(question)?.as_ref()
}

fn merge(mut parts: impl Iterator<Item = Vec<u8>>, start: u8, len: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
    let Some(mut truths) = parts.next() else { return vec![start; len] };
    for part in parts {
        for (truth, other) in truths.iter_mut().zip(part) {
            *truth = pick(*truth, other);
        }
    }
    truths
}

fn answer(accepts: &[bool], code: usize) -> u8 {
    accepts.get(code).map_or(UNKNOWN, |&accepted| truth(accepted))
}

fn selected(octets: &[Vec<u8>], states: Option<&[u8]>, any_of: &[usize], len: usize) -> Vec<u8> {
    let mut masks = vec![0u8; octets.len()];
    for &option in any_of.iter().filter(|&&option| option / 8 < octets.len()) {
        masks[option / 8] |= 1 << (option % 8);
    }
    let mut truths = vec![FALSE; len];
    for (octet, mask) in octets.iter().zip(masks).filter(|(_, mask)| *mask != 0) {
        for (truth, &bits) in truths.iter_mut().zip(octet) {
            *truth |= u8::from(bits & mask != 0) * TRUE;
        }
    }
    for (row, truth) in truths.iter_mut().enumerate() {
        let given = match states {
            Some(states) => states[row] == 0,
            None => octets.iter().any(|octet| octet[row] != 0),
        };
        if !given {
            *truth = UNKNOWN;
        }
    }
    truths
}

fn compares(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

fn truth(holds: bool) -> u8 {
    if holds { TRUE } else { FALSE }
}

fn ten(power: u32) -> i128 {
    10i128.pow(power.min(19))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Number, fixture};

    /// Single q0 (options 0, 1; blank, not asked), number q1 with one decimal, multi q2.
    fn block() -> (Survey, Dataset, Block) {
        let survey = fixture::survey(vec![
            fixture::single("q0", &[(1, "a"), (2, "b")]),
            fixture::number("q1"),
            fixture::multi("q2", &[(1, "a"), (2, "b"), (3, "c")]),
        ]);
        let block = Block {
            len: 4,
            replies: vec![
                Some(Replies::Single(Codes::U8(vec![0, 1, 2, 3]))),
                Some(Replies::Number(Number { values: vec![15, 20, 0, 0], states: vec![0, 0, 1, 2] })),
                Some(Replies::Multi { octets: vec![vec![0b001, 0b110, 0, 0b100]], states: None }),
            ],
            weights: None,
            ..Block::default()
        };
        let dataset = Dataset { number_decimals: vec![(1, 1)], ..Dataset::default() };
        (survey, dataset, block)
    }

    fn kleene(condition: &Condition) -> Vec<u8> {
        let (survey, dataset, block) = block();
        truths(condition, &survey, &dataset, &block)
    }

    fn first() -> Condition {
        Condition::Answer { question: 0, accepts: vec![true, false] }
    }

    #[test]
    fn a_comparison_with_a_reply_not_given_is_unknown_and_so_is_its_negation() {
        assert_eq!(kleene(&first()), [TRUE, FALSE, UNKNOWN, UNKNOWN]);
        assert_eq!(kleene(&Condition::Not(Box::new(first()))), [FALSE, TRUE, UNKNOWN, UNKNOWN]);
        let any = Condition::Selected { question: 2, any_of: vec![1, 2] };
        assert_eq!(kleene(&any), [FALSE, TRUE, UNKNOWN, TRUE]);
    }

    #[test]
    fn numbers_compare_exactly_across_scales() {
        let less = |value, decimals| Condition::Number {
            question: 1,
            comparison: Comparison::Less,
            value,
            decimals,
        };
        assert_eq!(kleene(&less(2, 0)), [TRUE, FALSE, UNKNOWN, UNKNOWN]);
        assert_eq!(kleene(&less(151, 2)), [TRUE, FALSE, UNKNOWN, UNKNOWN]);
        assert_eq!(kleene(&less(150, 2)), [FALSE, FALSE, UNKNOWN, UNKNOWN]);
    }

    #[test]
    fn states_are_never_unknown() {
        let state = |question, state| kleene(&Condition::State { question, state });
        assert_eq!(state(0, State::Given), [TRUE, TRUE, FALSE, FALSE]);
        assert_eq!(state(0, State::Missing), [FALSE, FALSE, TRUE, FALSE]);
        assert_eq!(state(0, State::Asked), [TRUE, TRUE, TRUE, FALSE]);
        assert_eq!(state(2, State::Given), [TRUE, TRUE, FALSE, TRUE]);
        assert_eq!(state(1, State::Asked), [TRUE, TRUE, TRUE, FALSE]);
    }

    #[test]
    fn true_or_unknown_is_true_and_false_and_unknown_is_false() {
        let given = Condition::State { question: 0, state: State::Missing };
        assert_eq!(kleene(&Condition::Or(vec![first(), given.clone()])), [TRUE, FALSE, TRUE, UNKNOWN]);
        assert_eq!(kleene(&Condition::And(vec![first(), given])), [FALSE, FALSE, UNKNOWN, FALSE]);
    }
}
