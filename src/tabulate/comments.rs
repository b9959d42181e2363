//! What respondents wrote at a text question, with the answers made of it.

use crate::diag::{Diagnostic, quote};
use crate::frame::{Block, Dataset, Replies, holds};
use crate::schema::{Condition, Origin, Question, QuestionIndex, Survey, matching_key};

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The respondent's key, where keys were kept.
    pub respondent: Option<String>,
    /// What was written.
    pub words: String,
    /// The answers made of it.
    pub answers: Vec<String>,
}

/// The question whose answers are made of this text's comments.
pub fn code_frame_of(survey: &Survey, text: QuestionIndex) -> Option<QuestionIndex> {
    survey.questions.iter().position(
        |question| matches!(&question.origin, Origin::Comments { text: from, into: None, .. } if *from == text),
    )
}

/// Every comment of those who were asked and pass the filter, in file order; the words must have been kept.
pub fn comments(
    survey: &Survey,
    dataset: &Dataset,
    filter: Option<&Condition>,
    question: QuestionIndex,
) -> Vec<Comment> {
    let frame = code_frame_of(survey, question);
    let mut all = Vec::new();
    for block in &dataset.blocks {
        let inside = filter.map(|filter| holds(filter, survey, dataset, block));
        let Some(Some(Replies::Text(states))) = block.replies.get(question) else { continue };
        let own = block.comments.iter().filter(|(text, _)| *text == question);
        for (row, words) in own.flat_map(|(_, comments)| comments) {
            let row = *row as usize;
            if states[row] == 0 && inside.as_ref().is_none_or(|inside| inside[row]) {
                let respondent = block.keys.get(row).map(ToString::to_string);
                let answers = frame.map_or_else(Vec::new, |frame| answers(survey, block, frame, row));
                all.push(Comment { respondent, words: words.to_string(), answers });
            }
        }
    }
    all
}

/// The answers made of a respondent's comment.
fn answers(survey: &Survey, block: &Block, frame: QuestionIndex, row: usize) -> Vec<String> {
    let Some(Some(Replies::Multi { octets, .. })) = block.replies.get(frame) else { return Vec::new() };
    let options = survey.questions[frame].options.iter().enumerate();
    let chosen = options.filter(|(option, _)| octets[option / 8][row] >> (option % 8) & 1 == 1);
    chosen.map(|(_, option)| option.label.clone()).collect()
}

/// The comments of these respondents, in the order of their keys as typed; `from` says where they were typed.
///
/// # Errors
/// For each key that wrote nothing, its place in `keys` and what to say.
pub fn comments_of(
    comments: &[Comment],
    keys: &[String],
    question: &Question,
    from: &str,
) -> Result<Vec<Comment>, Vec<(usize, Diagnostic)>> {
    let mut errors = Vec::new();
    let mut chosen = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let wanted = matching_key(key);
        let own = comments.iter().find(|comment| {
            comment.respondent.as_deref().is_some_and(|respondent| matching_key(respondent) == wanted)
        });
        match own {
            Some(comment) => chosen.push(comment.clone()),
            None => {
                let error = format!("respondent {} of {from} wrote nothing at `{}`", quote(key), question.id);
                let hint = "or is not in the data, or does not pass the filter";
                errors.push((place, Diagnostic::error(error).hint(hint)));
            }
        }
    }
    if errors.is_empty() { Ok(chosen) } else { Err(errors) }
}
