//! Waves: the questionnaire as an earlier wave had it, whose files have other columns and codes.

use super::difference::{Difference, differences};
use super::question::Draft;
use super::survey::FIELD_PERIOD;
use super::typed_wave::TypedWave;
use super::{Code, Condition, FieldPeriod, Origin, Question, QuestionIndex, Survey};
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// An earlier wave of the survey.
#[derive(Debug, Clone)]
pub struct Wave {
    /// Identifier.
    pub id: String,
    /// Words (`令和元年度`).
    pub label: String,
    /// Words in English, where there are any.
    pub label_en: Option<String>,
    /// 調査期間, when declared.
    pub field_period: Option<FieldPeriod>,
    /// What differs.
    questions: Vec<(QuestionIndex, Difference)>,
}

/// What the cells of a question hold in a wave; places as in [`super::Spelling`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Codes and the places they stand for; several may stand for one.
    pub codes: Vec<(Code, usize)>,
    /// Words of the wave's own, before those of today.
    pub labels: Vec<(String, usize)>,
}

impl Survey {
    /// The survey as a wave's files are to be read: columns, codes, what was asked and on offer.
    ///
    /// Options stay those of today, so that tables of all waves have one shape.
    pub fn in_wave(&self, wave: usize) -> Survey {
        let mut survey = self.clone();
        let Some(wave) = self.waves.get(wave) else { return survey };
        for (index, difference) in &wave.questions {
            let question = &mut survey.questions[*index];
            if let Some(origin) = &difference.origin {
                question.origin = origin.clone();
            }
            if difference.asked == Some(true) {
                question.asked_if = None;
            }
            question.stored.clone_from(&difference.stored);
            question.not_offered.clone_from(&difference.not_offered);
            if difference.asked == Some(false) {
                question.not_offered = (0..question.options.len()).collect();
            }
        }
        // Who was asked for the words of その他; nobody wrote those of an option that was not there.
        for index in 0..survey.questions.len() {
            let of = survey
                .questions
                .iter()
                .find_map(|question| Some((question, question.option_with_words(&survey.questions[index])?)));
            let spoken_of = wave.questions.iter().any(|(own, _)| *own == index);
            let Some((question, option)) = of.filter(|_| !spoken_of) else { continue };
            let (asked_if, offered) = (question.asked_if.clone(), !question.not_offered.contains(&option));
            let text = &mut survey.questions[index];
            text.asked_if = asked_if;
            if !offered {
                text.origin = Origin::NotAsked;
            }
        }
        for index in 0..survey.questions.len() {
            let not_asked =
                |question: QuestionIndex| matches!(survey.questions[question].origin, Origin::NotAsked);
            if survey.questions[index].limited_to.is_some_and(not_asked) {
                survey.questions[index].limited_to = None;
            }
        }
        // Conditions may name questions further on: again, until nothing is found.
        loop {
            let empty: Vec<Vec<usize>> =
                survey.questions.iter().map(|question| empty_groups(&survey, question)).collect();
            let mut found = false;
            for (question, empty) in survey.questions.iter_mut().zip(empty) {
                found |= !empty.is_empty();
                question.not_offered.extend(empty);
            }
            if !found {
                break;
            }
        }
        if let Some(period) = wave.field_period {
            survey.about.retain(|(label, _)| label != FIELD_PERIOD);
            survey.about.push((FIELD_PERIOD.to_string(), period.in_words(survey.era)));
            survey.field_period = Some(period);
        }
        survey.wave = Some(wave.clone());
        survey
    }
}

/// Groups of a derived question that hold nothing but options not on offer, and are not known yet.
fn empty_groups(survey: &Survey, question: &Question) -> Vec<usize> {
    let offered = |place: usize, option: usize| !survey.questions[place].not_offered.contains(&option);
    let groups = (0..question.options.len()).filter(|group| !question.not_offered.contains(group));
    match &question.origin {
        Origin::Regrouped { from, group_of } => groups
            .filter(|group| {
                let mut members =
                    group_of.iter().enumerate().filter(|(_, own)| **own == Some(*group)).peekable();
                members.peek().is_some() && members.all(|(option, _)| !offered(*from, option))
            })
            .collect(),
        Origin::Conditions { groups: conditions, .. } => groups
            .filter(|group| {
                conditions[*group].as_ref().is_some_and(|condition| cannot_hold(survey, condition))
            })
            .collect(),
        Origin::Comments { text, into, frame } => {
            let absent = |place: usize| matches!(survey.questions[place].origin, Origin::NotAsked);
            groups
                .filter(|group| match into {
                    // Comments may make an answer that was not among the options.
                    Some((from, _)) => absent(*from) || (!offered(*from, *group) && !frame.makes(*group)),
                    None => absent(*text),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a condition needs an answer that was not on offer.
fn cannot_hold(survey: &Survey, condition: &Condition) -> bool {
    let none_offered = |question: QuestionIndex, options: &[usize]| {
        let not_offered = &survey.questions[question].not_offered;
        !options.is_empty() && options.iter().all(|option| not_offered.contains(option))
    };
    match condition {
        Condition::Answer { question, accepts } => {
            let options: Vec<usize> = (0..accepts.len()).filter(|option| accepts[*option]).collect();
            none_offered(*question, &options)
        }
        Condition::Selected { question, any_of } => none_offered(*question, any_of),
        Condition::And(parts) => parts.iter().any(|part| cannot_hold(survey, part)),
        Condition::Or(parts) => !parts.is_empty() && parts.iter().all(|part| cannot_hold(survey, part)),
        Condition::Number { question, .. } => {
            matches!(survey.questions[*question].origin, Origin::NotAsked)
        }
        Condition::State { .. } | Condition::Not(_) => false,
    }
}

/// Resolves every `[[wave]]`.
pub(super) fn resolve(typed: Vec<TypedWave>, drafts: &[Draft], mistakes: &mut Mistakes) -> Vec<Wave> {
    let mut waves: Vec<Wave> = Vec::new();
    for typed in typed {
        if let Some(id) = &typed.id
            && (waves.iter().any(|wave| wave.id == id.value) || id.value.trim().is_empty())
        {
            let what = if id.value.trim().is_empty() { "is empty" } else { "is used twice" };
            mistakes.error(&id.span, Diagnostic::error(format!("the wave's id {} {what}", quote(&id.value))));
        }
        let questions = differences(&typed, drafts, mistakes);
        waves.push(Wave {
            id: typed.id.map(|id| id.value).unwrap_or_default(),
            label: typed.label.map(|label| label.value).unwrap_or_default(),
            label_en: typed.label_en,
            field_period: typed.field_period,
            questions,
        });
    }
    waves
}
