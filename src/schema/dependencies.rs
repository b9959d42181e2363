//! Who was asked may depend on other replies, but not in a circle.

use super::Question;
use super::question::Draft;
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// Reports conditions that depend on each other, each circle once.
///
/// A grid and its rows share one condition, so they count as one question here.
pub(super) fn check(drafts: &[Draft], mistakes: &mut Mistakes) {
    let needs: Vec<Vec<usize>> = drafts.iter().map(|draft| needs(drafts, draft)).collect();
    let mut state = vec![State::New; drafts.len()];
    for start in 0..drafts.len() {
        // Depth first with a path of our own: a schema may be deeper than the stack.
        let mut path: Vec<(usize, usize)> = Vec::new();
        if state[start] == State::New {
            state[start] = State::Open;
            path.push((start, 0));
        }
        while let Some((place, step)) = path.last_mut() {
            let Some(&next) = needs[*place].get(*step) else {
                state[*place] = State::Done;
                path.pop();
                continue;
            };
            *step += 1;
            match state[next] {
                State::New => {
                    state[next] = State::Open;
                    path.push((next, 0));
                }
                State::Open => {
                    let turn = path.iter().position(|(place, _)| *place == next).unwrap_or(0);
                    let circle: Vec<usize> = path[turn..].iter().map(|(place, _)| *place).collect();
                    report(drafts, &circle, mistakes);
                }
                State::Done => {}
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// The questions whose replies decide this one's, rows standing for their grid.
fn needs(drafts: &[Draft], draft: &Draft) -> Vec<usize> {
    let whole = |place: usize| drafts[place].question.grid.unwrap_or(place);
    let question: &Question = &draft.question;
    if question.grid.is_some() {
        return Vec::new();
    }
    let mut needs: Vec<usize> =
        question.asked_if.iter().flat_map(|condition| condition.questions()).map(whole).collect();
    needs.extend(question.origin.sources().into_iter().map(whole));
    needs
}

fn report(drafts: &[Draft], circle: &[usize], mistakes: &mut Mistakes) {
    // The message points at a condition: without one there is no circle.
    let condition = |place: usize| {
        let when = drafts[place].whens.first().map(|(_, typed)| typed);
        drafts[place].asked_if.as_ref().or(when)
    };
    let Some(first) = circle.iter().position(|place| condition(*place).is_some()) else { return };
    let turned: Vec<usize> = circle[first..].iter().chain(&circle[..first]).copied().collect();
    let Some(condition) = condition(turned[0]) else { return };
    let mut ids: Vec<String> = turned.iter().map(|place| quote(&drafts[*place].question.id)).collect();
    ids.push(ids[0].clone());
    let what = match drafts[turned[0]].asked_if {
        Some(_) => format!("whether {} is asked", ids[0]),
        None => ids[0].clone(),
    };
    let error = Diagnostic::error(format!("{what} depends on itself: {}", ids.join(" → ")));
    mistakes.error(&condition.span, error);
}
