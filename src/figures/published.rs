//! References as waves of a trend: which percentage is of which answer.

use super::claim::{Reference, ReferenceValue};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::schema::{Kind, Question, Survey, matching_key};
use crate::trend::{Published, PublishedPercent};

/// The references that name a question of the survey, as waves.
///
/// # Errors
/// Questions, and answers of them, that there are not; no reference that names a question.
pub fn published(references: &[Reference], survey: &Survey) -> Result<Vec<Published>, Vec<Diagnostic>> {
    let (mut waves, mut errors) = (Vec::new(), Vec::new());
    if !references.is_empty() && references.iter().all(|reference| reference.question.is_none()) {
        let error = Diagnostic::error("no `[[reference]]` names the question that it is of");
        return Err(vec![
            error.hint("write `question = \"q1\"`, and codes of its options as names of `values`"),
        ]);
    }
    for reference in references {
        let Some((id, place)) = &reference.question else { continue };
        let Some(index) = survey.find(id) else {
            let mut error = Diagnostic::error(format!("unknown question {}", quote(id))).at(place.clone());
            error.hints.extend(suggestion(id, survey.questions.iter().map(|question| question.id.as_str())));
            errors.push(error);
            continue;
        };
        let question = &survey.questions[index];
        if !question.kind.takes_one_option() && !question.kind.takes_several_options() {
            let what = if question.kind == Kind::Grid { "is a grid" } else { "has no options" };
            let mut error = Diagnostic::error(format!("{} {what}: percentages are of answers", quote(id)))
                .at(place.clone());
            error.hints.extend((question.kind == Kind::Grid).then(|| "name one of its rows".to_string()));
            errors.push(error);
            continue;
        }
        let mut wave = Published {
            id: reference.id.clone(),
            label: reference.label.clone(),
            source: reference.source.clone().filter(|_| !reference.assumed),
            question: id.clone(),
            base: reference.base,
            options: vec![None; question.options.len()],
            nets: vec![None; question.nets.len()],
        };
        for value in &reference.values {
            let percent = value
                .percent
                .map(|printed| PublishedPercent { value: printed.value(), decimals: printed.decimals });
            match answer(question, value) {
                Some(Answer::Option(place)) => wave.options[place] = percent,
                Some(Answer::Net(place)) => wave.nets[place] = percent,
                Some(Answer::Missing) => {}
                None => errors.push(unknown(question, value)),
            }
        }
        waves.push(wave);
    }
    if errors.is_empty() { Ok(waves) } else { Err(errors) }
}

enum Answer {
    Option(usize),
    Net(usize),
    /// 無回答, which is not followed over published waves: it is seldom on the same base.
    Missing,
}

/// The answer with the value's name as its code or id, or else with its label.
fn answer(question: &Question, value: &ReferenceValue) -> Option<Answer> {
    let name = &value.name;
    let option = question.options.iter().position(|option| option.code.to_string() == *name);
    let net = question.nets.iter().position(|net| net.id == *name);
    let missing = question.missing.iter().any(|missing| missing.code.to_string() == *name);
    if option.is_some() || net.is_some() || missing {
        return option.map(Answer::Option).or(net.map(Answer::Net)).or(Some(Answer::Missing));
    }
    let key = matching_key(value.heading());
    let is = |label: &str| matching_key(label) == key;
    let option = question.options.iter().position(|option| is(&option.label));
    let net = question.nets.iter().position(|net| is(&net.label));
    let missing = question.missing.iter().any(|missing| is(&missing.label));
    option.map(Answer::Option).or(net.map(Answer::Net)).or(missing.then_some(Answer::Missing))
}

fn unknown(question: &Question, value: &ReferenceValue) -> Diagnostic {
    let codes = question.options.iter().map(|option| option.code.to_string());
    let names: Vec<String> = codes.chain(question.nets.iter().map(|net| net.id.clone())).collect();
    let listed: Vec<String> = names.iter().take(12).map(|name| quote(name)).collect();
    let error = format!("{} is no answer of {}", quote(&value.name), quote(&question.id));
    let error = Diagnostic::error(error).at(value.place.clone());
    let hint = format!("names are its codes and nets, or have the labels of them: {}", listed.join(", "));
    error.hint(hint)
}
