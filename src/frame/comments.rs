//! Comments as they are read, and the answers that a code frame makes of them.

use std::collections::HashSet;

use super::condition::{not_asked_state, states};
use super::route::Dependencies;
use super::{Block, Codes, Replies};
use crate::diag::{Diagnostic, Place, plural, quote};
use crate::schema::{CodeFrame, Origin, Question, QuestionIndex, Survey, matching_key};

/// The words of one text question in one block: row and comment, in file order.
pub type Comments = Vec<(u32, Box<str>)>;

/// The replies that a code frame makes of comments: a multi of its answers; with `into`, that
/// question's replies, in which words of その他 are put back among the options.
pub(crate) fn coded(
    survey: &Survey,
    block: &Block,
    derived: &Question,
    text: QuestionIndex,
    into: Option<(QuestionIndex, usize)>,
    frame: &CodeFrame,
) -> Option<Replies> {
    let comments = block.comments.iter().find(|(question, _)| *question == text);
    let comments = comments.map_or(&[][..], |(_, comments)| comments);
    let key = |row: usize| block.keys.get(row).map(|key| &**key);
    let given = states(block.replies.get(text)?.as_ref()?, &survey.questions[text], block.len);
    let made = comments.iter().filter_map(|(row, comment)| {
        let row = *row as usize;
        (given[row] == 0).then(|| (row, frame.options(comment, key(row))))
    });
    let Some((question, other)) = into else {
        let mut octets = vec![vec![0_u8; block.len]; derived.options.len().div_ceil(8)];
        for (row, options) in made {
            options.iter().for_each(|option| octets[option / 8][row] |= 1 << (option % 8));
        }
        return Some(Replies::Multi { octets, states: Some(given) });
    };
    let source = block.replies.get(question)?.as_ref()?;
    let mut replies = source.clone();
    for (row, options) in made {
        let Some(&first) = options.first() else { continue };
        match &mut replies {
            Replies::Single(Codes::U8(codes)) if usize::from(codes[row]) == other => {
                codes[row] = u8::try_from(first).unwrap_or(u8::MAX);
            }
            Replies::Single(Codes::U16(codes)) if usize::from(codes[row]) == other => {
                codes[row] = u16::try_from(first).unwrap_or(u16::MAX);
            }
            Replies::Multi { octets, .. } if octets[other / 8][row] >> (other % 8) & 1 == 1 => {
                octets[other / 8][row] &= !(1 << (other % 8));
                options.iter().for_each(|option| octets[option / 8][row] |= 1 << (option % 8));
            }
            _ => {}
        }
    }
    // What was not asked there is not asked here: both have as many states.
    debug_assert_eq!(not_asked_state(derived), not_asked_state(&survey.questions[question]));
    Some(replies)
}

/// A warning for each question with answers decided for respondents who are not in the data.
pub(crate) fn unknown_respondents(
    survey: &Survey,
    dependencies: &Dependencies,
    blocks: &[Block],
    file: &str,
) -> Vec<Diagnostic> {
    let decided =
        survey.questions.iter().enumerate().filter_map(|(index, question)| match &question.origin {
            Origin::Comments { frame, .. }
                if dependencies.needs(index) && !frame.by_respondent.is_empty() =>
            {
                Some((question, frame))
            }
            _ => None,
        });
    let unknown = decided.filter_map(|(question, frame)| {
        let keys = blocks.iter().flat_map(|block| &block.keys).map(|key| matching_key(key));
        let known: HashSet<String> = keys.filter(|key| frame.by_respondent.contains_key(key)).collect();
        let count = frame.by_respondent.len() - known.len();
        let warning = Diagnostic::warning(format!(
            "{} of `by_respondent` of question {} not in the data",
            plural(count as u64, "respondent"),
            match count {
                1 => format!("{} is", quote(&question.id)),
                _ => format!("{} are", quote(&question.id)),
            }
        ));
        (count > 0).then(|| warning.at(Place::File(file.to_string())))
    });
    unknown.collect()
}
