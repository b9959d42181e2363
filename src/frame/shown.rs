//! A coded reply as a cell would hold it: codes, numbers and days, never words.

use super::{Block, Dataset, Replies};
use crate::calendar::Day;
use crate::schema::{Kind, Question, QuestionIndex, Survey, Values, code_key, written};

/// The reply of one respondent: the code of an option (its label, where cells hold labels), several with `;`
/// between them, a number, or a day; `None` where it was not given and for texts.
pub fn shown(
    survey: &Survey,
    dataset: &Dataset,
    block: &Block,
    index: QuestionIndex,
    row: usize,
) -> Option<String> {
    let question = survey.questions.get(index)?;
    let replies = block.replies.get(index)?.as_ref()?;
    match replies {
        Replies::Single(codes) => {
            let code = codes.at(row);
            (code < question.options.len()).then(|| option_shown(question, code))
        }
        Replies::Multi { octets, .. } => {
            let chosen =
                (0..question.options.len()).filter(|option| octets[option / 8][row] >> (option % 8) & 1 == 1);
            let codes: Vec<String> = chosen.map(|option| option_shown(question, option)).collect();
            (!codes.is_empty()).then(|| codes.join(";"))
        }
        Replies::Number(number) if number.states[row] == 0 => Some(match question.kind {
            Kind::Date => Day(number.values[row]).civil().iso(),
            _ => written((number.values[row], dataset.decimals_of(index))),
        }),
        Replies::Number(_) | Replies::Text(_) => None,
    }
}

/// An option as cells have it.
pub fn option_shown(question: &Question, option: usize) -> String {
    let option = &question.options[option];
    match question.values {
        Values::Label => option.label.clone(),
        Values::Code | Values::Auto => code_key(&option.code),
    }
}
