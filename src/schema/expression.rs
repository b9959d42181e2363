//! Conditions: who was asked, who is in a filter.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::derive::rows_hint;
use super::syntax::{self, Complaint, Expression, Literal};
use super::words::decimal;
use super::{Code, Kind, Question, QuestionIndex, Survey, code_key, codes};
use crate::diag::{Diagnostic, Source, quote, suggestion};
use crate::toml::Typed;

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
    /// A number compares so with `value · 10^-decimals`; a date with `value` days since 1970-01-01.
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

impl Condition {
    /// Every question whose reply the condition looks at.
    pub fn questions(&self) -> BTreeSet<QuestionIndex> {
        let mut questions = BTreeSet::new();
        self.collect(&mut questions);
        questions
    }

    fn collect(&self, questions: &mut BTreeSet<QuestionIndex>) {
        match self {
            Condition::Answer { question, .. }
            | Condition::Selected { question, .. }
            | Condition::Number { question, .. }
            | Condition::State { question, .. } => {
                questions.insert(*question);
            }
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| part.collect(questions));
            }
            Condition::Not(part) => part.collect(questions),
        }
    }
}

impl Comparison {
    /// Whether `left` stands so to `right`.
    pub fn holds<T: Ord>(self, left: T, right: T) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }

    /// The sign as written.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

/// Reads a condition; the whole of `source.text` is the expression.
///
/// # Errors
/// Every mistake found, each with its place in the expression.
pub fn parse_condition(survey: &Survey, source: &Arc<Source>) -> Result<Condition, Vec<Diagnostic>> {
    let names = Names { questions: survey.questions.iter().collect(), doubtful: Vec::new() };
    read(&names, &source.text)
        .map_err(|errors| errors.into_iter().map(|error| error.value.span(source, error.span)).collect())
}

/// The questions an expression can name.
pub(super) struct Names<'a> {
    /// All questions; one without an id has a name we could not read.
    pub questions: Vec<&'a Question>,
    /// Whether kind or codes are in doubt; questions beyond the end are not.
    pub doubtful: Vec<bool>,
}

/// Reads a condition; places are bytes of `text`.
pub(super) fn read(names: &Names<'_>, text: &str) -> Result<Condition, Vec<Complaint>> {
    let expression = syntax::parse(text).map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    match names.resolve(&expression, &mut errors) {
        Some(condition) if errors.is_empty() => Ok(condition),
        _ => Err(errors),
    }
}

/// Notes a mistake; `None` stands for the condition that cannot be known.
fn complain<T>(errors: &mut Vec<Complaint>, span: &Range<usize>, error: Diagnostic) -> Option<T> {
    errors.push(Typed { value: error, span: span.clone() });
    None
}

impl Names<'_> {
    fn resolve(&self, expression: &Expression, errors: &mut Vec<Complaint>) -> Option<Condition> {
        match expression {
            Expression::And(parts) => self.resolve_all(parts, errors).map(Condition::And),
            Expression::Or(parts) => self.resolve_all(parts, errors).map(Condition::Or),
            Expression::Not(part) => self.resolve(part, errors).map(|part| Condition::Not(Box::new(part))),
            Expression::Is { question, state } => {
                let question = self.find(question, errors)?;
                Some(Condition::State { question, state: *state })
            }
            Expression::Compare { question, comparison, value } => {
                let index = self.find(question, errors)?;
                self.compare(index, comparison, value, errors)
            }
            Expression::In { question, word, values } => {
                let index = self.find(question, errors)?;
                self.is_in(index, word, values, errors)
            }
            Expression::Has { question, word, values } => {
                let index = self.find(question, errors)?;
                self.has(index, word, values, errors)
            }
        }
    }

    fn resolve_all(&self, parts: &[Expression], errors: &mut Vec<Complaint>) -> Option<Vec<Condition>> {
        // Not `collect` into an `Option` at once: it would stop at the first mistake.
        let parts: Vec<_> = parts.iter().map(|part| self.resolve(part, errors)).collect();
        parts.into_iter().collect()
    }

    /// The question with this id, which must have replies of its own and be free of doubt.
    fn find(&self, id: &Typed<String>, errors: &mut Vec<Complaint>) -> Option<QuestionIndex> {
        let Some(index) = self.questions.iter().position(|question| question.id == id.value) else {
            // Where an id could not be read, the name may be that question's.
            if self.questions.iter().any(|question| question.id.is_empty()) {
                return None;
            }
            let mut error = Diagnostic::error(format!("unknown question {}", quote(&id.value)));
            if let Some(hint) =
                suggestion(&id.value, self.questions.iter().map(|question| question.id.as_str()))
            {
                error = error.hint(hint);
            }
            return complain(errors, &id.span, error);
        };
        if self.doubtful.get(index).is_some_and(|doubtful| *doubtful) {
            return None;
        }
        if self.questions[index].kind == Kind::Grid {
            let error = Diagnostic::error(format!("expected one row of the grid `{}`", id.value));
            let hint = rows_hint(index, self.questions.iter().copied());
            return complain(errors, &id.span, error.hint(hint));
        }
        Some(index)
    }

    fn compare(
        &self,
        index: QuestionIndex,
        comparison: &Typed<Comparison>,
        value: &Typed<Literal>,
        errors: &mut Vec<Complaint>,
    ) -> Option<Condition> {
        let question = self.questions[index];
        let (id, sign) = (&question.id, comparison.value.sign());
        match question.kind {
            Kind::Multi | Kind::Rank | Kind::Ratio | Kind::Text | Kind::Grid => {
                let error = wrong_kind(question, &format!("`{sign}` compares"));
                complain(errors, &comparison.span, error)
            }
            Kind::Number | Kind::Date => number(question, index, comparison.value, value, errors),
            Kind::Single | Kind::Scale
                if matches!(comparison.value, Comparison::Equal | Comparison::NotEqual) =>
            {
                let place = code(question, value, errors)?;
                let equal = comparison.value == Comparison::Equal;
                let accepts = (0..question.options.len()).map(|option| (option == place) == equal).collect();
                Some(Condition::Answer { question: index, accepts })
            }
            Kind::Single | Kind::Scale => {
                if question.options.iter().any(|option| matches!(option.code, Code::Text(_))) {
                    let error =
                        Diagnostic::error(format!("`{sign}` compares numbers, but codes of `{id}` are text"));
                    return complain(errors, &comparison.span, error.hint(format!("write `{id} in […]`")));
                }
                let Literal::Number { value: digits, decimals } = value.value else {
                    let found = if matches!(value.value, Literal::Date(_)) { "a date" } else { "text" };
                    let error = Diagnostic::error(format!("`{sign}` compares numbers, found {found}"));
                    return complain(errors, &value.span, error);
                };
                check_state(question, value, errors)?;
                let accepts = question.options.iter().map(|option| match option.code {
                    Code::Integer(code) => {
                        // At most 18 decimals and 64 bits: the product fits 128 bits.
                        let scaled = i128::from(code) * 10_i128.pow(decimals);
                        comparison.value.holds(scaled, i128::from(digits))
                    }
                    Code::Text(_) => false,
                });
                Some(Condition::Answer { question: index, accepts: accepts.collect() })
            }
        }
    }

    fn is_in(
        &self,
        index: QuestionIndex,
        word: &Range<usize>,
        values: &[Typed<Literal>],
        errors: &mut Vec<Complaint>,
    ) -> Option<Condition> {
        let question = self.questions[index];
        match question.kind {
            Kind::Multi | Kind::Rank | Kind::Ratio | Kind::Text | Kind::Grid => {
                complain(errors, word, wrong_kind(question, "`in` compares"))
            }
            Kind::Number | Kind::Date => {
                let parts: Vec<_> = values
                    .iter()
                    .map(|value| number(question, index, Comparison::Equal, value, errors))
                    .collect();
                parts.into_iter().collect::<Option<Vec<_>>>().map(Condition::Or)
            }
            Kind::Single | Kind::Scale => {
                let mut accepts = vec![false; question.options.len()];
                let places: Vec<_> = values.iter().map(|value| code(question, value, errors)).collect();
                for place in places {
                    *accepts.get_mut(place?)? = true;
                }
                Some(Condition::Answer { question: index, accepts })
            }
        }
    }

    fn has(
        &self,
        index: QuestionIndex,
        word: &Range<usize>,
        values: &[Typed<Literal>],
        errors: &mut Vec<Complaint>,
    ) -> Option<Condition> {
        let question = self.questions[index];
        if !question.kind.takes_several_options() {
            let id = &question.id;
            let error = Diagnostic::error(format!(
                "`has` is for multi questions, but `{id}` is a {} question",
                question.kind.word()
            ));
            let hint = match question.kind {
                Kind::Single | Kind::Scale => format!("write `{id} == …` or `{id} in […]`"),
                Kind::Number | Kind::Date => format!("write `{id} == …`"),
                _ => format!("write `{id} is given`"),
            };
            return complain(errors, word, error.hint(hint));
        }
        let places: Vec<_> = values.iter().map(|value| code(question, value, errors)).collect();
        let mut any_of = places.into_iter().collect::<Option<Vec<usize>>>()?;
        any_of.sort_unstable();
        any_of.dedup();
        Some(Condition::Selected { question: index, any_of })
    }
}

/// A comparison that this kind of question does not allow.
fn wrong_kind(question: &Question, what: &str) -> Diagnostic {
    let id = &question.id;
    let kind = question.kind.word();
    let error = Diagnostic::error(format!("{what} one reply, but `{id}` is a {kind} question"));
    match question.kind {
        Kind::Multi | Kind::Rank => error.hint(format!("write `{id} has …` or `{id} has any […]`")),
        _ => error.hint(format!("write `{id} is given` or `{id} is missing`")),
    }
}

/// The option an expression names by its code.
fn code(question: &Question, value: &Typed<Literal>, errors: &mut Vec<Complaint>) -> Option<usize> {
    check_state(question, value, errors)?;
    codes::find(question, &as_code(&value.value))
        .map_or_else(|error| complain(errors, &value.span, error), Some)
}

/// A literal as a code; `1.5` is none, but is shown as one in the message that no option has it.
fn as_code(literal: &Literal) -> Code {
    match literal {
        Literal::Number { value, decimals: 0 } => Code::Integer(*value),
        Literal::Number { value, decimals } => Code::Text(decimal(*value, *decimals)),
        Literal::Text(text) => Code::Text(text.clone()),
        Literal::Date(day) => Code::Text(day.civil().iso()),
    }
}

/// A missing code or a code of 非該当 is a state, not an answer: comparing with it never holds.
fn check_state(question: &Question, value: &Typed<Literal>, errors: &mut Vec<Complaint>) -> Option<()> {
    let typed = as_code(&value.value);
    let (key, id, shown) = (code_key(&typed), &question.id, quote(&typed.to_string()));
    if question.missing.iter().any(|missing| code_key(&missing.code) == key) {
        let error = Diagnostic::error(format!("code {shown} of `{id}` is a missing code, not an answer"));
        return complain(errors, &value.span, error.hint(format!("use `{id} is missing`")));
    }
    if question.not_asked.iter().any(|not_asked| code_key(not_asked) == key) {
        let error = Diagnostic::error(format!("code {shown} of `{id}` means 非該当, it is not an answer"));
        return complain(errors, &value.span, error.hint(format!("use `not {id} is asked`")));
    }
    Some(())
}

fn number(
    question: &Question,
    index: QuestionIndex,
    comparison: Comparison,
    value: &Typed<Literal>,
    errors: &mut Vec<Complaint>,
) -> Option<Condition> {
    check_state(question, value, errors)?;
    let of_dates = question.kind == Kind::Date;
    let found = match &value.value {
        Literal::Number { value, decimals } if !of_dates => {
            return Some(Condition::Number {
                question: index,
                comparison,
                value: *value,
                decimals: *decimals,
            });
        }
        Literal::Date(day) if of_dates => {
            return Some(Condition::Number { question: index, comparison, value: day.0, decimals: 0 });
        }
        Literal::Number { value, decimals } => format!("the number `{}`", decimal(*value, *decimals)),
        Literal::Date(day) => format!("the date `{}`", day.civil().iso()),
        Literal::Text(text) => format!("text {}", quote(text)),
    };
    let expected = if of_dates { "a date such as `2016-11-10`" } else { "a number" };
    let error = Diagnostic::error(format!("expected {expected} for `{}`, found {found}", question.id));
    complain(errors, &value.span, error)
}
