//! Targets, resolved against the questionnaire.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::Source;
use crate::schema::QuestionIndex;

/// What weights shall reach, and how.
#[derive(Debug, Clone)]
pub struct Targets {
    /// The margins, in the order written.
    pub margins: Vec<Margin>,
    /// The numbers, in the order written.
    pub numbers: Vec<NumberTarget>,
    /// What the weights shall add up to, where that was said by itself.
    pub total: Option<f64>,
    /// How they are reached.
    pub method: Method,
    /// Targets are reached when none is off by more than this part of itself.
    pub tolerance: f64,
    /// Passes over the margins, or steps of Newton's method, at most.
    pub iterations: u32,
    /// Limits within which the margins are to be reached.
    pub bounds: Option<Bounds>,
    /// How weights are cut.
    pub trim: Option<Trim>,
    /// The file, for diagnostics that point into it.
    pub source: Arc<Source>,
}

/// How targets are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Raking: one margin after another, until all hold.
    Rake,
    /// Cell weighting (post-stratification): one margin, whose categories are the cells.
    Cell,
}

/// Limits of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds {
    /// Of each weight as a multiple of its base weight, base weights having the sum of the weights.
    Ratio {
        /// Lowest.
        from: f64,
        /// Highest.
        to: f64,
    },
    /// Of the weights themselves.
    Absolute {
        /// Lowest.
        from: f64,
        /// Highest.
        to: f64,
    },
}

/// How weights outside their limits are cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Trim {
    /// Lowest weight.
    pub from: f64,
    /// Highest weight.
    pub to: f64,
    /// What becomes of what is cut off.
    pub by: TrimBy,
    /// Where it was written.
    pub span: Range<usize>,
}

/// What becomes of what is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrimBy {
    /// R survey's `trimWeights`: once, after raking, in equal shares to those not cut; margins are
    /// left behind.
    Spread {
        /// Repeated until no weight is outside.
        strict: bool,
    },
    /// Cut in every pass of raking, until margins and limits hold together.
    Rerake,
}

/// A margin: categories of respondents, and what each shall have.
#[derive(Debug, Clone)]
pub struct Margin {
    /// What is crossed; one, or several for cells.
    pub members: Vec<Member>,
    /// The target of each category, as written; the last member counts fastest.
    pub targets: Vec<Option<f64>>,
    /// Whether targets are shares of 1 or 100 (of as many as there are respondents, or as totals
    /// of other margins say), not totals.
    pub shares: bool,
    /// What is done about replies that are not given.
    pub missing: Missing,
    /// Where the margin begins in the file.
    pub span: Range<usize>,
}

/// A number of respondents (beds, staff, age), and what it shall be.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberTarget {
    /// The question.
    pub question: QuestionIndex,
    /// Its target, as written.
    pub target: f64,
    /// What that is of.
    pub of: NumberOf,
    /// Where it begins in the file.
    pub span: Range<usize>,
}

/// What the target of a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberOf {
    /// Its weighted total.
    Total,
    /// Its weighted mean.
    Mean,
}

/// One side of a margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    /// The options of a question.
    Options(QuestionIndex),
    /// Any of certain options, or none of them.
    Net {
        /// The question.
        question: QuestionIndex,
        /// Which of its options.
        of: Vec<bool>,
        /// The label.
        label: String,
    },
}

/// What is done about replies that are not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They are an error.
    Error,
    /// 無回答 and 非該当 are categories of their own that keep the share they have.
    Own,
}

impl Targets {
    /// The questions to read.
    pub fn questions(&self) -> Vec<QuestionIndex> {
        let mut questions: Vec<QuestionIndex> =
            self.margins.iter().flat_map(|margin| &margin.members).map(Member::question).collect();
        questions.extend(self.numbers.iter().map(|number| number.question));
        questions.sort_unstable();
        questions.dedup();
        questions
    }
}

impl NumberTarget {
    /// What its total shall be where the weights add up to so much.
    pub(super) fn total(&self, weights: f64) -> f64 {
        match self.of {
            NumberOf::Total => self.target,
            NumberOf::Mean => self.target * weights,
        }
    }
}

impl Member {
    /// The question.
    pub fn question(&self) -> QuestionIndex {
        match self {
            Member::Options(question) | Member::Net { question, .. } => *question,
        }
    }

    /// How many categories it has; a net has two, any and none.
    pub(super) fn categories(&self, survey: &crate::schema::Survey) -> usize {
        match self {
            Member::Options(question) => survey.questions[*question].options.len(),
            Member::Net { .. } => 2,
        }
    }
}

impl Margin {
    /// The category of those whose reply is missing; the next is of those not asked.
    pub(super) fn missing_category(&self) -> usize {
        self.targets.len()
    }
}
