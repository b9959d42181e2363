//! Which respondents gave an answer, by their keys.

use std::collections::BTreeSet;

use super::claim::{Answer, Cell};
use crate::frame::{Codes, Dataset, Replies, holds};
use crate::schema::{Condition, QuestionIndex, State, Survey, code_key, matching_key};

/// The answer whose respondents are wanted, and the keys they are compared with.
#[derive(Debug)]
pub struct Wanted {
    pub cell: Cell,
    pub named: Vec<String>,
}

/// The respondents who gave an answer.
#[derive(Debug)]
pub struct Listing {
    pub cell: Cell,
    pub named: Vec<String>,
    /// Their keys, in the order of the key question's options or of the keys.
    pub keys: Vec<String>,
    /// Those named who are in the data, whatever they answered.
    pub known: BTreeSet<String>,
}

/// The question whose options respondents' keys are: municipalities, offices.
pub fn key_question(survey: &Survey) -> Option<QuestionIndex> {
    let question = survey.find(survey.respondent.as_deref()?)?;
    survey.questions[question].kind.takes_one_option().then_some(question)
}

impl Wanted {
    pub fn find(self, survey: &Survey, dataset: &Dataset) -> Listing {
        let parts = self.cell.scope.condition().into_iter().chain(answered(&self.cell, survey));
        let condition = Condition::And(parts.collect());
        let by = key_question(survey);
        let mut keys: Vec<(usize, String)> = Vec::new();
        let mut known = BTreeSet::new();
        for block in &dataset.blocks {
            let with_answer = holds(&condition, survey, dataset, block);
            for (row, with_answer) in with_answer.into_iter().enumerate() {
                // A key that is an answer is known by its code, however the cell spells it.
                let (place, key) = match by.map(|by| (by, &block.replies[by])) {
                    Some((by, Some(Replies::Single(codes)))) => match option(codes, row, survey, by) {
                        Some((place, code)) => (place, code),
                        None => continue,
                    },
                    _ => (0, matching_key(block.keys.get(row).map_or("", |key| key))),
                };
                if self.named.contains(&key) {
                    known.insert(key.clone());
                }
                if with_answer {
                    keys.push((place, key));
                }
            }
        }
        keys.sort();
        let keys = keys.into_iter().map(|(_, key)| key).collect();
        Listing { cell: self.cell, named: self.named, keys, known }
    }
}

/// The labels of those for whom a condition holds, in the order of the key question's options; `None` where
/// respondents are known by no question (municipalities, offices).
pub fn named_respondents(survey: &Survey, dataset: &Dataset, condition: &Condition) -> Option<Vec<String>> {
    let by = key_question(survey)?;
    let mut places = BTreeSet::new();
    for block in &dataset.blocks {
        let inside = holds(condition, survey, dataset, block);
        let Some(Replies::Single(codes)) = &block.replies[by] else { return None };
        places.extend((0..block.len).filter(|&row| inside[row]).map(|row| codes.at(row)));
    }
    let options = &survey.questions[by].options;
    Some(
        places
            .into_iter()
            .filter_map(|place| options.get(place))
            .map(|option| option.label.clone())
            .collect(),
    )
}

fn option(codes: &Codes, row: usize, survey: &Survey, question: QuestionIndex) -> Option<(usize, String)> {
    let place = codes.at(row);
    let option = survey.questions[question].options.get(place)?;
    Some((place, code_key(&option.code)))
}

/// That a respondent gave the cell's answer.
fn answered(cell: &Cell, survey: &Survey) -> Option<Condition> {
    let asked = &survey.questions[cell.question];
    let question = cell.question;
    let options = match cell.answer? {
        Answer::Option(option) => vec![option],
        Answer::Net(net) => asked.nets[net].of.clone(),
        Answer::Missing => return Some(Condition::State { question, state: State::Missing }),
    };
    Some(match asked.kind.takes_several_options() {
        true => Condition::Selected { question, any_of: options },
        false => {
            let accepts = (0..asked.options.len()).map(|place| options.contains(&place)).collect();
            Condition::Answer { question, accepts }
        }
    })
}
