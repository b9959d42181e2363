//! Conditions: who was asked, who is in a filter.

use std::sync::Arc;

use super::{QuestionIndex, Survey};
use crate::diag::{Diagnostic, Source};

/// A condition on one respondent's replies, three-valued (Kleene): a comparison with a reply that
/// is missing or not asked is unknown; unknown at the top counts as false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A single's option is one of these (by option index).
    Answer {
        /// The question.
        question: QuestionIndex,
        /// For each option: does it satisfy the comparison?
        accepts: Vec<bool>,
    },
    /// A multi has any of these options.
    Selected {
        /// The question.
        question: QuestionIndex,
        /// Option indices.
        any_of: Vec<usize>,
    },
    /// A number compares so with `value · 10^-decimals`.
    Number {
        /// The question.
        question: QuestionIndex,
        /// How they are compared.
        comparison: Comparison,
        /// Scaled value.
        value: i64,
        /// Decimal places of `value`.
        decimals: u32,
    },
    /// The reply is in this state (never unknown).
    State {
        /// The question.
        question: QuestionIndex,
        /// The state asked for.
        state: State,
    },
    /// All hold.
    And(Vec<Condition>),
    /// Any holds.
    Or(Vec<Condition>),
    /// It does not hold; unknown stays unknown.
    Not(Box<Condition>),
}

/// Comparison with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The state of a reply, as expressions name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// `q1 is given`
    Given,
    /// `q1 is missing`
    Missing,
    /// `q1 is asked`: given or missing.
    Asked,
}

/// Reads a condition; the whole of `source.text` is the expression.
///
/// # Errors
/// Every mistake found, each with its place in the expression.
pub fn parse_condition(_survey: &Survey, _source: &Arc<Source>) -> Result<Condition, Vec<Diagnostic>> {
    unimplemented!()
}
impl Condition {
    /// Every question the condition asks about.
    pub fn questions(&self) -> std::collections::BTreeSet<QuestionIndex> {
        unimplemented!()
    }
}
