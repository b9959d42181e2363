//! Random conditions: as a user types them, and as the design understands them.

use super::survey::{Draws, Kind, Question, Reply, State};

/// A condition on a respondent's replies.
#[derive(Debug, Clone)]
pub enum Expression {
    In(usize, Vec<usize>),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Has(usize, Vec<usize>),
    AtLeast(usize, i64),
    Is(usize, &'static str),
}

impl Expression {
    /// Kleene's truth; `None` is unknown.
    pub fn truth(&self, questions: &[Question], replies: &[Reply]) -> Option<bool> {
        let given = |question: usize| replies[question].state == State::Given;
        match self {
            Expression::In(question, options) | Expression::Has(question, options) => {
                given(*question).then(|| options.iter().any(|&option| replies[*question].options[option]))
            }
            Expression::AtLeast(question, whole) => given(*question).then(|| {
                let Kind::Number { decimals } = questions[*question].kind else { panic!() };
                replies[*question].number >= whole * 10_i64.pow(decimals)
            }),
            Expression::Is(question, state) => Some(match *state {
                "given" => given(*question),
                "missing" => matches!(replies[*question].state, State::Blank | State::Coded(_)),
                _ => replies[*question].state != State::NotAsked,
            }),
            Expression::Not(part) => part.truth(questions, replies).map(|truth| !truth),
            Expression::And(one, other) => {
                match (one.truth(questions, replies), other.truth(questions, replies)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
            Expression::Or(one, other) => {
                match (one.truth(questions, replies), other.truth(questions, replies)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            }
        }
    }

    /// The questions that it names.
    pub fn questions(&self) -> Vec<usize> {
        match self {
            Expression::In(question, _)
            | Expression::Has(question, _)
            | Expression::AtLeast(question, _)
            | Expression::Is(question, _) => vec![*question],
            Expression::Not(part) => part.questions(),
            Expression::And(one, other) | Expression::Or(one, other) => {
                [one.questions(), other.questions()].concat()
            }
        }
    }

    /// The expression as a user would type it.
    pub fn text(&self, questions: &[Question]) -> String {
        let codes = |question: usize, options: &[usize]| {
            let codes = options.iter().map(|&option| questions[question].options[option].to_string());
            codes.collect::<Vec<_>>().join(", ")
        };
        match self {
            Expression::In(question, options) if options.len() == 1 => {
                format!("{} == {}", questions[*question].id, codes(*question, options))
            }
            Expression::In(question, options) => {
                format!("{} in [{}]", questions[*question].id, codes(*question, options))
            }
            Expression::Has(question, options) if options.len() == 1 => {
                format!("{} has {}", questions[*question].id, codes(*question, options))
            }
            Expression::Has(question, options) => {
                format!("{} has any [{}]", questions[*question].id, codes(*question, options))
            }
            Expression::AtLeast(question, whole) => format!("{} >= {whole}", questions[*question].id),
            Expression::Is(question, state) => format!("{} is {state}", questions[*question].id),
            Expression::Not(part) => format!("not ({})", part.text(questions)),
            Expression::And(one, other) => {
                format!("({}) and ({})", one.text(questions), other.text(questions))
            }
            Expression::Or(one, other) => format!("({}) or ({})", one.text(questions), other.text(questions)),
        }
    }

    /// An expression over these questions.
    pub fn draw(draws: &mut Draws, questions: &[Question], depth: usize) -> Expression {
        let part = |draws: &mut Draws| Box::new(Expression::draw(draws, questions, depth - 1));
        match draws.below(if depth == 0 { 5 } else { 9 }) {
            5 => Expression::Not(part(draws)),
            6 => Expression::And(part(draws), part(draws)),
            7 | 8 => Expression::Or(part(draws), part(draws)),
            kind => {
                let place = draws.below(questions.len());
                let question = &questions[place];
                if kind == 4 {
                    return Expression::Is(place, ["given", "missing", "asked"][draws.below(3)]);
                }
                if matches!(question.kind, Kind::Number { .. }) {
                    return Expression::AtLeast(place, draws.below(60) as i64 - 30);
                }
                let mut options: Vec<usize> =
                    (0..question.options.len()).filter(|_| draws.chance(2)).collect();
                if options.is_empty() {
                    options.push(draws.below(question.options.len()));
                }
                match question.kind {
                    Kind::Single | Kind::Scale => Expression::In(place, options),
                    _ => Expression::Has(place, options),
                }
            }
        }
    }
}
