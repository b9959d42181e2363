//! What was found of each figure, in words and numbers.

use super::claim::{Claim, Verdict};

/// All figures of a file, judged.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What was published.
    pub title: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// What is said of the data (模擬データ).
    pub notes: Vec<String>,
    /// In the order of the file.
    pub outcomes: Vec<Outcome>,
}

impl Judgement {
    /// Whether every figure is what it was expected to be.
    pub fn as_expected(&self) -> bool {
        self.outcomes.iter().all(Outcome::as_expected)
    }
}

/// What was found of one figure.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its id in the file.
    pub id: String,
    /// The words as printed.
    pub quote: Option<String>,
    /// Where they stand.
    pub at: Option<String>,
    /// The analyst's remark.
    pub remark: Option<String>,
    /// The worst of what its assertions are.
    pub verdict: Verdict,
    /// What was expected; `None`: that it is right.
    pub expect: Option<Verdict>,
    /// The numbers of the data.
    pub facts: Vec<Fact>,
    /// Why it is not reproduced.
    pub reasons: Vec<Reason>,
    /// What a reader must know although it is right.
    pub cautions: Vec<String>,
}

/// A number of the data.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Of what.
    pub what: String,
    /// As a person reads it.
    pub shown: String,
    /// Respondents with the answer.
    pub count: Option<u64>,
    /// The base.
    pub base: Option<u64>,
    /// Unrounded; percentages 0 to 100.
    pub value: Option<f64>,
}

/// Why a figure is not reproduced.
#[derive(Debug, Clone)]
pub struct Reason {
    /// For programs.
    pub kind: ReasonKind,
    /// For people.
    pub text: String,
}

/// What kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonKind {
    /// Printed and found differ.
    Differs,
    /// No count gives the percentage.
    Impossible,
    /// Bases that would give it.
    Bases,
    /// Another way of computing gives what was printed.
    Explanation,
    /// No known way does.
    Unexplained,
}

impl ReasonKind {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            ReasonKind::Differs => "differs",
            ReasonKind::Impossible => "impossible",
            ReasonKind::Bases => "bases",
            ReasonKind::Explanation => "explanation",
            ReasonKind::Unexplained => "unexplained",
        }
    }
}

impl Verdict {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::Possible => "possible",
            Verdict::Differs => "differs",
            Verdict::Impossible => "impossible",
        }
    }
}

impl Outcome {
    /// Nothing found yet.
    pub(super) fn new(claim: &Claim) -> Outcome {
        Outcome {
            id: claim.id.clone(),
            quote: claim.quote.clone(),
            at: claim.at.clone(),
            remark: claim.remark.clone(),
            verdict: Verdict::Reproduced,
            expect: claim.expect,
            facts: Vec::new(),
            reasons: Vec::new(),
            cautions: Vec::new(),
        }
    }

    /// Whether the figure is what it was expected to be.
    pub fn as_expected(&self) -> bool {
        match self.expect {
            None => self.verdict <= Verdict::Possible,
            Some(expected) => self.verdict == expected,
        }
    }

    pub(super) fn worsen(&mut self, verdict: Verdict) {
        self.verdict = self.verdict.max(verdict);
    }

    /// Adds a reason for which the figure differs.
    pub(super) fn differs(&mut self, text: String) {
        self.worsen(Verdict::Differs);
        self.reason(ReasonKind::Differs, text);
    }

    pub(super) fn reason(&mut self, kind: ReasonKind, text: String) {
        // Two assertions of a figure may stumble over the same thing.
        if !self.reasons.iter().any(|known| known.text == text) {
            self.reasons.push(Reason { kind, text });
        }
    }

    /// Adds a number, once.
    pub(super) fn fact(&mut self, fact: Fact) {
        if !self.facts.iter().any(|known| known.what == fact.what) {
            self.facts.push(fact);
        }
    }

    /// Adds a caution, once.
    pub(super) fn caution(&mut self, text: String) {
        if !self.cautions.contains(&text) {
            self.cautions.push(text);
        }
    }
}
