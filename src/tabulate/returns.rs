//! 回収状況: how many of those who were sent a questionnaire returned it, and with answers.

use super::assemble::words;
use super::table::QuestionWords;
use crate::diag::{Diagnostic, plural, thousands};
use crate::frame::{Block, Codes, Dataset, Replies, states};
use crate::schema::{Kind, Origin, QuestionIndex, QuestionOption, Sent, Survey};

/// Sent and returned, of everybody or of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// Questionnaires sent; `None` for those whose group is not known.
    pub sent: Option<u64>,
    /// Records in the data.
    pub returned: u64,
    /// Of them, those with an answer to any question.
    pub valid: u64,
}

/// What came back of a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returns {
    /// The question of the groups.
    pub by: Option<QuestionWords>,
    /// Everybody.
    pub total: Returned,
    /// Its groups with their options, in the order of the questionnaire.
    pub groups: Vec<(QuestionOption, Returned)>,
    /// Those who are in no group.
    pub unplaced: Returned,
    /// Municipalities of which there is no record, in the order of their codes; `None` where the survey
    /// does not ask for the municipality.
    pub absent: Option<Vec<QuestionOption>>,
}

/// The questions that make a return valid: those with columns, but not what was known before: the
/// question of the groups and those that it is made of.
fn asked(survey: &Survey, sent: &Sent) -> Vec<QuestionIndex> {
    let mut known: Vec<QuestionIndex> = sent.by.into_iter().collect();
    while let Some(&last) = known.last() {
        match &survey.questions[last].origin {
            Origin::Regrouped { from, .. } if !known.contains(from) => known.push(*from),
            _ => break,
        }
    }
    let answered = |index: &QuestionIndex| {
        let question = &survey.questions[*index];
        let columns = matches!(
            question.origin,
            Origin::Column(_) | Origin::Columns { .. } | Origin::Packed { .. } | Origin::Ranking { .. }
        );
        columns && !known.contains(index) && question.kind != Kind::Grid
    };
    (0..survey.questions.len()).filter(answered).collect()
}

/// Every question whose replies [`returns`] needs.
pub fn returns_questions(survey: &Survey, sent: &Sent) -> Vec<QuestionIndex> {
    let municipalities = survey.questions.iter().position(|question| question.municipalities);
    asked(survey, sent).into_iter().chain(sent.by).chain(municipalities).collect()
}

/// Counts what came back.
///
/// # Errors
/// Groups of which more came back than was sent.
pub fn returns(survey: &Survey, sent: &Sent, dataset: &Dataset) -> Result<Returns, Vec<Diagnostic>> {
    let asked = asked(survey, sent);
    let municipality = survey.questions.iter().position(|question| question.municipalities);
    let mut total = Returned { sent: sent.total, ..Returned::default() };
    let mut unplaced = Returned::default();
    let mut groups: Vec<Returned> =
        sent.counts.iter().map(|(count, _)| Returned { sent: Some(*count), ..Returned::default() }).collect();
    let mut seen = vec![0_u64; municipality.map_or(0, |index| survey.questions[index].options.len())];
    for block in &dataset.blocks {
        let mut valid = vec![false; block.len];
        for &question in &asked {
            let Some(replies) = block.replies.get(question).and_then(Option::as_ref) else { continue };
            let states = states(replies, &survey.questions[question], block.len);
            valid.iter_mut().zip(states).for_each(|(valid, state)| *valid |= state == 0);
        }
        let group = sent.by.and_then(|by| codes(block, by));
        let place = municipality.and_then(|index| codes(block, index));
        for (row, &valid) in valid.iter().enumerate() {
            if let Some(count) = place.and_then(|codes| seen.get_mut(codes.at(row))) {
                *count += 1;
            }
            let own = group.and_then(|codes| groups.get_mut(codes.at(row)));
            for returned in [&mut total, own.unwrap_or(&mut unplaced)] {
                returned.returned += 1;
                returned.valid += u64::from(valid);
            }
        }
    }
    let options = |index: Option<QuestionIndex>| index.map(|index| &survey.questions[index].options);
    let groups: Vec<(QuestionOption, Returned)> =
        options(sent.by).into_iter().flatten().cloned().zip(groups).collect();
    let mut errors = Vec::new();
    let too_many = |words: String, returned: u64, sent: u64| {
        let (returned, sent) = (plural(returned, "record"), thousands(sent));
        Diagnostic::error(format!("{words} returned {returned}, more than the {sent} sent"))
    };
    for ((option, group), (count, place)) in groups.iter().zip(&sent.counts) {
        if group.returned > *count {
            let error = too_many(format!("`{}` {}", option.code, option.label), group.returned, *count);
            errors.push(error.at(place.clone()));
        }
    }
    if let (Some(all), true) = (sent.total.filter(|all| total.returned > *all), errors.is_empty()) {
        let error = too_many("the survey".to_string(), total.returned, all);
        errors.push(error.span(&survey.source, sent.span.clone()));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let absent = options(municipality).map(|options| {
        options
            .iter()
            .zip(&seen)
            .filter(|(_, count)| **count == 0)
            .map(|(option, _)| option.clone())
            .collect()
    });
    let by = sent.by.map(|by| words(&survey.questions[by]));
    Ok(Returns { by, total, groups, unplaced, absent })
}

fn codes(block: &Block, question: QuestionIndex) -> Option<&Codes> {
    match block.replies.get(question)?.as_ref()? {
        Replies::Single(codes) => Some(codes),
        _ => None,
    }
}
