//! Who is in a question's base, and why the others are not.

use super::table::Tally;

/// How the respondents of the file come to be in a question's base or out of it: together they are
/// everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The question.
    pub question: String,
    /// Those whom the filter leaves out.
    pub filtered_out: u64,
    /// 非該当
    pub not_asked: Tally,
    /// 無回答
    pub missing: Tally,
    /// Those who gave a reply.
    pub given: Tally,
    /// Of them, those whose answer has a score; `None` for questions without scores.
    pub scored: Option<Tally>,
}

impl Reach {
    /// Respondents in the file.
    pub fn respondents(&self) -> u64 {
        self.filtered_out + self.not_asked.n + self.missing.n + self.given.n
    }

    /// Other respondents of the same question.
    pub(super) fn add(&mut self, other: &Reach) {
        self.filtered_out += other.filtered_out;
        self.not_asked += other.not_asked;
        self.missing += other.missing;
        self.given += other.given;
        self.scored = self.scored.zip(other.scored).map(|(mine, added)| mine.merge(added));
    }
}
