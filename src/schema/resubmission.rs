//! `[survey.resubmission]`: which reply counts of a respondent who replied more than once.

use super::survey::TypedSurvey;
use crate::diag::Diagnostic;
use crate::toml::{Keys, Mistakes, Typed};

/// Which of several replies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The first.
    First,
    /// The last.
    Last,
}

/// The rule for respondents who replied more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resubmission {
    /// Which reply counts.
    pub keep: Keep,
    /// The column of when a reply was submitted; `None`: the order of the files.
    pub by: Option<String>,
}

/// Reads `[survey.resubmission]`.
pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<Typed<Resubmission>> {
    keys.require("keep");
    let keep = keys.word("keep", &[("first", Keep::First), ("last", Keep::Last)], mistakes);
    let by = keys.text("by", mistakes).map(|text| text.value);
    let span = keys.span().clone();
    keys.finish(mistakes);
    Some(Typed { value: Resubmission { keep: keep?.value, by }, span })
}

/// Replies of one respondent are known by the key; aggregated records have no respondents.
pub(super) fn check(survey: &TypedSurvey, mistakes: &mut Mistakes) {
    let Some(rule) = &survey.resubmission else { return };
    if survey.respondent.is_none() {
        let error = Diagnostic::error(
            "who replied twice is known by the respondent's key, and the schema names none",
        );
        mistakes.error(&rule.span, error.hint("say `respondent = \"…\"` under `[survey]`"));
    } else if survey.count.is_some() {
        let error = Diagnostic::error("aggregated records (`count`) have no re-submissions");
        mistakes.error(&rule.span, error.hint("leave out `count` or `[survey.resubmission]`"));
    }
}
