//! Replies that come from conditions and counts over other questions.

use super::condition::{TRUE, UNKNOWN, not_asked_state, states, truths};
use super::route::narrowed;
use super::{Block, Dataset, Number, Replies};
use crate::schema::{Condition, Question, QuestionIndex, Survey};

/// The state of a reply missing by blank.
const BLANK: u8 = 1;

/// The replies of a question whose groups are conditions.
///
/// In no group: who was not asked about anything that the conditions name is not asked; who would
/// be in a group if they had answered is missing; the others are the rest, or where there is none,
/// outside what the question asks about (a single: not asked; a multi: given, in no group).
pub(crate) fn group(
    survey: &Survey,
    dataset: &Dataset,
    block: &Block,
    derived: &Question,
    groups: &[Option<Condition>],
    overlap: bool,
    from: Option<QuestionIndex>,
) -> Replies {
    let not_asked = not_asked_state(derived);
    let mut member: Vec<Vec<bool>> = Vec::with_capacity(groups.len());
    let mut in_any = vec![false; block.len];
    for condition in groups {
        let Some(condition) = condition else {
            member.push(vec![false; block.len]);
            continue;
        };
        let truths = truths(condition, survey, dataset, block);
        let holds: Vec<bool> =
            truths.iter().zip(&in_any).map(|(&truth, &taken)| truth == TRUE && (overlap || !taken)).collect();
        in_any.iter_mut().zip(&holds).for_each(|(any, holds)| *any |= holds);
        member.push(holds);
    }
    let mut state = match from {
        Some(from) => states_of(survey, block, from),
        None => states_of_sources(survey, dataset, block, groups, not_asked),
    };
    let rest = groups.iter().position(Option::is_none);
    for row in 0..block.len {
        if in_any[row] {
            state[row] = 0;
        } else if state[row] == 0 {
            match rest {
                Some(rest) => member[rest][row] = true,
                None if overlap => {}
                None => state[row] = not_asked,
            }
        }
    }
    if overlap {
        let mut octets = vec![vec![0_u8; block.len]; groups.len().div_ceil(8)];
        for (group, member) in member.iter().enumerate() {
            let bits = octets[group / 8].iter_mut().zip(member);
            bits.for_each(|(bits, &member)| *bits |= u8::from(member) << (group % 8));
        }
        return Replies::Multi { octets, states: Some(state) };
    }
    let codes = (0..block.len).map(|row| {
        let group = member.iter().position(|member| member[row]);
        let code = group.unwrap_or(groups.len() + usize::from(state[row]).saturating_sub(1));
        u16::try_from(code).unwrap_or(u16::MAX)
    });
    Replies::Single(narrowed(codes.collect(), groups.len() + derived.states()))
}

fn states_of(survey: &Survey, block: &Block, question: QuestionIndex) -> Vec<u8> {
    match block.replies.get(question).and_then(Option::as_ref) {
        Some(replies) => states(replies, &survey.questions[question], block.len),
        None => vec![BLANK; block.len],
    }
}

/// For those in no group: not asked where no source was asked, missing where a condition is unknown
/// for want of a reply, else given.
fn states_of_sources(
    survey: &Survey,
    dataset: &Dataset,
    block: &Block,
    groups: &[Option<Condition>],
    not_asked: u8,
) -> Vec<u8> {
    let mut state = vec![0; block.len];
    let mut asked = vec![false; block.len];
    for condition in groups.iter().flatten() {
        let truths = truths(condition, survey, dataset, block);
        let mut wants_reply = vec![false; block.len];
        for source in condition.questions() {
            let own_not_asked = not_asked_state(&survey.questions[source]);
            for (row, &own) in states_of(survey, block, source).iter().enumerate() {
                asked[row] |= own != own_not_asked;
                wants_reply[row] |= own != 0 && own != own_not_asked;
            }
        }
        for (row, state) in state.iter_mut().enumerate() {
            if truths[row] == UNKNOWN && wants_reply[row] {
                *state = BLANK;
            }
        }
    }
    for (state, asked) in state.iter_mut().zip(asked) {
        if !asked {
            *state = not_asked;
        }
    }
    state
}

/// How many of the sources have an accepted option; for a multi how many accepted options.
///
/// Counted over the replies given: missing only where none is, not asked where no source was.
pub(crate) fn count(
    survey: &Survey,
    block: &Block,
    derived: &Question,
    sources: &[(QuestionIndex, Vec<bool>)],
) -> Replies {
    let mut values = vec![0_i64; block.len];
    let mut state = vec![not_asked_state(derived); block.len];
    for (source, accepts) in sources {
        let question = &survey.questions[*source];
        let own_not_asked = not_asked_state(question);
        let Some(replies) = block.replies.get(*source).and_then(Option::as_ref) else { continue };
        for (row, &own) in states(replies, question, block.len).iter().enumerate() {
            if own == 0 {
                state[row] = 0;
            } else if own != own_not_asked && state[row] != 0 {
                state[row] = BLANK;
            }
        }
        match replies {
            Replies::Single(codes) => {
                for (row, value) in values.iter_mut().enumerate() {
                    *value += i64::from(accepts.get(codes.at(row)).copied().unwrap_or(false));
                }
            }
            Replies::Multi { octets, .. } => {
                for option in (0..accepts.len()).filter(|&option| accepts[option]) {
                    let octet = &octets[option / 8];
                    for (value, bits) in values.iter_mut().zip(octet) {
                        *value += i64::from(bits >> (option % 8) & 1);
                    }
                }
            }
            Replies::Number(_) | Replies::Text(_) => {}
        }
    }
    for (value, &state) in values.iter_mut().zip(&state) {
        if state != 0 {
            *value = 0;
        }
    }
    Replies::Number(Number { values, states: state })
}

/// Every reply with an option that was not chosen at an earlier multi question, where that was answered, as
/// row and option, by row; options which the earlier question does not have are free.
pub fn outside_limit(
    survey: &Survey,
    block: &Block,
    index: QuestionIndex,
    earlier: QuestionIndex,
) -> Vec<(usize, usize)> {
    let (question, limit) = (&survey.questions[index], &survey.questions[earlier]);
    let replies = |index: usize| block.replies.get(index).and_then(Option::as_ref);
    let (Some(own), Some(chosen)) = (replies(index), replies(earlier)) else { return Vec::new() };
    let Replies::Multi { octets: chosen_octets, .. } = chosen else { return Vec::new() };
    let answered = states(chosen, limit, block.len);
    let given = states(own, question, block.len);
    let mut outside = Vec::new();
    for (option, place) in question.options.iter().enumerate() {
        let Some(place) = limit.option_of(&place.code) else { continue };
        for row in 0..block.len {
            let has = match own {
                Replies::Single(codes) => codes.at(row) == option,
                Replies::Multi { octets, .. } => octets[option / 8][row] >> (option % 8) & 1 == 1,
                Replies::Number(_) | Replies::Text(_) => false,
            };
            let free = chosen_octets[place / 8][row] >> (place % 8) & 1 == 1;
            if has && !free && given[row] == 0 && answered[row] == 0 {
                outside.push((row, option));
            }
        }
    }
    outside.sort_unstable();
    outside
}
