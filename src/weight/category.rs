//! In which category of a margin each respondent is.

use super::targets::{Margin, Member};
use crate::frame::{Block, Dataset, Replies};
use crate::schema::{Question, Survey};

/// The category of every respondent, in file order: a place in [`Margin::targets`], or after them
/// missing and not asked.
pub(super) fn categories(margin: &Margin, survey: &Survey, dataset: &Dataset) -> Vec<u32> {
    let missing = margin.missing_category() as u32;
    let mut all = Vec::with_capacity(usize::try_from(dataset.respondents).unwrap_or(0));
    for block in &dataset.blocks {
        let start = all.len();
        all.resize(start + block.len, 0);
        let own = &mut all[start..];
        for member in &margin.members {
            let count = member.categories(survey) as u32;
            let places = places(member, survey, block);
            for (category, place) in own.iter_mut().zip(places) {
                *category = match place {
                    // Whoever is missing on one side is in no cell; missing weighs more than not asked,
                    // for nobody can say where the respondent would be.
                    Place::Missing => missing,
                    Place::NotAsked if *category == missing => missing,
                    Place::NotAsked => missing + 1,
                    Place::Category(_) if *category >= missing => *category,
                    Place::Category(place) => *category * count + place,
                };
            }
        }
    }
    all
}

/// Where a respondent is on one side of a margin.
enum Place {
    Category(u32),
    Missing,
    NotAsked,
}

/// Where the respondents of a block are on one side.
fn places<'a>(
    member: &'a Member,
    survey: &'a Survey,
    block: &'a Block,
) -> impl Iterator<Item = Place> + use<'a> {
    let question = &survey.questions[member.question()];
    let replies = block.replies.get(member.question()).and_then(Option::as_ref);
    let options = question.options.len();
    let net = match member {
        Member::Net { of, .. } => Some(of),
        Member::Options(_) => None,
    };
    (0..block.len).map(move |row| match replies {
        Some(Replies::Single(codes)) => match (codes.at(row).checked_sub(options), net) {
            (Some(state), _) => not_given(question, state + 1),
            (None, Some(of)) => Place::Category(u32::from(!of[codes.at(row)])),
            (None, None) => Place::Category(codes.at(row) as u32),
        },
        Some(Replies::Multi { octets, states }) => {
            let chosen = |option: usize| octets[option / 8][row] >> (option % 8) & 1 == 1;
            let state = match states {
                Some(states) => usize::from(states[row]),
                None => usize::from(octets.iter().all(|octet| octet[row] == 0)),
            };
            match (state, net) {
                (0, Some(of)) => {
                    let any = of.iter().enumerate().any(|(option, &in_net)| in_net && chosen(option));
                    Place::Category(u32::from(!any))
                }
                // Targets of a multi are over nets; reading refuses others.
                (0, None) => Place::Missing,
                (state, _) => not_given(question, state),
            }
        }
        // Targets are over questions with options; reading refuses others.
        Some(Replies::Number(_) | Replies::Text(_)) | None => Place::Missing,
    })
}

/// A state other than given: 1 missing by blank, then missing codes, not asked at last.
fn not_given(question: &Question, state: usize) -> Place {
    if state == question.states() { Place::NotAsked } else { Place::Missing }
}
