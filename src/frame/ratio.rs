//! Replies that are two numbers, one set against the other.

use super::condition::{not_asked_state, states};
use super::route::Dependencies;
use super::{Block, Dataset, Number, Replies, holds};
use crate::diag::{Diagnostic, Place, plural, quote, thousands};
use crate::schema::{Condition, Origin, Question, QuestionIndex, Survey};

/// Who gave both numbers (with the value of the one above the line), who did not, and whom the ratio
/// is not about: those not asked for one of them, or outside its condition.
pub(crate) fn replies(
    survey: &Survey,
    dataset: &Dataset,
    block: &Block,
    ratio: &Question,
    of: QuestionIndex,
    to: QuestionIndex,
    when: Option<&Condition>,
) -> Replies {
    const BLANK: u8 = 1;
    let not_asked = not_asked_state(ratio);
    let mut state = vec![0; block.len];
    for source in [of, to] {
        let question = &survey.questions[source];
        let own_not_asked = not_asked_state(question);
        let own = block.replies.get(source).and_then(Option::as_ref);
        let own = own.map_or_else(|| vec![BLANK; block.len], |replies| states(replies, question, block.len));
        for (state, own) in state.iter_mut().zip(own) {
            if own == own_not_asked {
                *state = not_asked;
            } else if own != 0 && *state == 0 {
                *state = BLANK;
            }
        }
    }
    if let Some(when) = when {
        let inside = holds(when, survey, dataset, block);
        for (state, _) in state.iter_mut().zip(inside).filter(|(_, inside)| !inside) {
            *state = not_asked;
        }
    }
    let mut values = vec![0; block.len];
    if let Some(number) = number(block, of) {
        for row in (0..block.len).filter(|&row| state[row] == 0) {
            values[row] = number.values[row];
        }
    }
    Replies::Number(Number { values, states: state })
}

fn number(block: &Block, question: QuestionIndex) -> Option<&Number> {
    match block.replies.get(question)?.as_ref()? {
        Replies::Number(number) => Some(number),
        _ => None,
    }
}

/// Warnings of pairs of numbers that cannot be: something out of nothing, a part above its whole.
pub(crate) fn contradictions(
    survey: &Survey,
    dependencies: &Dependencies,
    dataset: &Dataset,
    blocks: &[Block],
    file: &str,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (index, question) in survey.questions.iter().enumerate() {
        let Origin::Ratio { of, to, part, .. } = question.origin else { continue };
        if !dependencies.needs(index) {
            continue;
        }
        let unit = |decimals: u32| 10_i128.pow(decimals);
        let (own, other) = (unit(dataset.decimals_of(of)), unit(dataset.decimals_of(to)));
        let (mut of_nothing, mut above_whole) = (Sightings::default(), Sightings::default());
        let mut before = 0;
        for block in blocks {
            if let (Some(ratio), Some(whole)) = (number(block, index), number(block, to)) {
                for row in (0..block.len).filter(|&row| ratio.states[row] == 0) {
                    let (of, to) = (i128::from(ratio.values[row]), i128::from(whole.values[row]));
                    if to == 0 && of != 0 {
                        of_nothing.add(before + row as u64 + 1);
                    } else if part && of * other > to * own {
                        above_whole.add(before + row as u64 + 1);
                    }
                }
            }
            before += block.len as u64;
        }
        let (of, to) = (quote(&survey.questions[of].id), quote(&survey.questions[to].id));
        // Aggregated records stand for many respondents, which have no number in the file.
        let numbered = survey.count.is_none();
        let told = [
            (of_nothing, format!("{to} is 0 where {of} is not"), "both count in the sums as they are"),
            (
                above_whole,
                format!("{of} is more than {to}, of which it is a part"),
                "correct the data, or drop `part = true`",
            ),
        ];
        for (found, what, hint) in told {
            if let Some(place) = found.told(numbered) {
                let warning = Diagnostic::warning(format!("ratio {}: {what} {place}", quote(&question.id)));
                warnings.push(warning.at(Place::File(file.to_string())).hint(hint));
            }
        }
    }
    warnings
}

/// How often something was seen, and where first.
#[derive(Default)]
struct Sightings {
    count: u64,
    first: Option<u64>,
}

impl Sightings {
    fn add(&mut self, record: u64) {
        self.count += 1;
        self.first.get_or_insert(record);
    }

    fn told(&self, numbered: bool) -> Option<String> {
        let first = self.first?;
        Some(match (self.count, numbered) {
            (1, true) => format!("in record {}", thousands(first)),
            (count, true) => format!("in {}, first in record {}", plural(count, "record"), thousands(first)),
            (count, false) => format!("for {}", plural(count, "respondent")),
        })
    }
}
