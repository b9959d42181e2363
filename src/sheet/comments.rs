//! Comments as they are listed.

use super::arrange::in_brackets;
use super::{Cell, Language, Role, Sheet};
use crate::tabulate::Comment;

/// What a list of comments is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentList {
    /// Identifier and heading of the question.
    pub title: String,
    /// Words of the wave, when it is not that of today.
    pub wave: Option<String>,
    /// Wording, where the heading is not the wording.
    pub text: Option<String>,
    /// Respondents who wrote something.
    pub written: u64,
    /// Their unit (`名`).
    pub unit: String,
    /// Heading of the answers, where they are shown.
    pub answers: Option<String>,
    /// The comments, in the order to list.
    pub comments: Vec<Comment>,
    /// Notes under it.
    pub notes: Vec<String>,
}

/// A sheet of numbered comments.
pub fn comment_list(list: &CommentList, language: Language) -> Sheet {
    let shown = list.comments.len() as u64;
    let number = crate::diag::thousands(list.written);
    let unit = language.choose(list.unit.as_str(), "respondents");
    let selected = match (shown == list.written, language) {
        (true, _) => String::new(),
        (false, Language::Japanese) => format!("　うち {shown}件を抜粋"),
        (false, Language::English) => format!(", {shown} selected"),
    };
    let above = match language {
        Language::Japanese => format!("記入のあった回答者: {number}{unit}{selected}"),
        Language::English => format!("Wrote something: {number} {unit}{selected}"),
    };
    let wave = list.wave.as_ref().map(|wave| in_brackets(wave, language)).unwrap_or_default();
    let with_keys = list.comments.iter().any(|comment| comment.respondent.is_some());
    let mut header = vec![language.choose("番号", "No.").to_string()];
    if with_keys {
        header.push(language.choose("回答者", "Respondent").to_string());
    }
    header.push(language.choose("記入内容", "Comment").to_string());
    header.extend(list.answers.clone());
    let line = |(place, comment): (usize, &Comment)| {
        let mut line = vec![(place + 1).to_string()];
        if with_keys {
            line.push(comment.respondent.clone().unwrap_or_default());
        }
        line.push(comment.words.clone());
        if list.answers.is_some() {
            line.push(comment.answers.join(language.choose("、", ", ")));
        }
        line.into_iter().map(|text| Cell::text(text, Role::Label)).collect()
    };
    Sheet {
        title: list.title.clone() + &wave,
        above: list.text.iter().cloned().chain([above]).collect(),
        side: header.len(),
        header: vec![header.into_iter().map(|text| Cell::text(text, Role::Header)).collect()],
        body: list.comments.iter().enumerate().map(line).collect(),
        notes: list.notes.clone(),
    }
}
