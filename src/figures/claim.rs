//! A published figure as it is meant: what it says about which cells, all names resolved.

use super::phrase::Phrase;
use super::printed::{Printed, Rule};
use super::wording::Numbers;
use crate::calendar::Day;
use crate::diag::Place;
use crate::schema::{Condition, NoAnswer, QuestionIndex};

/// A file of published figures, resolved against a questionnaire.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// What was published.
    pub title: Option<String>,
    /// Who published it and when.
    pub source: Option<String>,
    /// Percentages of other waves or surveys, without their data.
    pub references: Vec<Reference>,
    /// The figures, in the order of the file.
    pub claims: Vec<Claim>,
}

/// Percentages without data.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its id in the file.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Who published it.
    pub source: Option<String>,
    /// Nobody published it.
    pub assumed: bool,
    /// What its percentages are of: the title of its table.
    pub about: Option<String>,
    /// The base, where it was published.
    pub base: Option<u64>,
    /// The question of a questionnaire that its percentages are of, and where that is said.
    pub question: Option<(String, Place)>,
    /// Its percentages, in the order of the file.
    pub values: Vec<ReferenceValue>,
}

/// One percentage of a reference.
#[derive(Debug, Clone)]
pub struct ReferenceValue {
    /// Its name in the file.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// What it is called, when that was written.
    pub label: Option<String>,
    /// As printed; `None`: not published, `-`.
    pub percent: Option<Printed>,
}

impl ReferenceValue {
    /// What it is called.
    pub fn heading(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }
}

/// One published figure: a quotation and what it asserts.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Its id in the file.
    pub id: String,
    /// The words as printed.
    pub quote: Option<String>,
    /// Where they stand.
    pub at: Option<String>,
    /// What the analyst has to say about it.
    pub remark: Option<String>,
    /// What the analyst found before: `None` is a figure that is right.
    pub expect: Option<Verdict>,
    /// Nobody printed what the figure is of: the reading is the analyst's.
    pub assumed: bool,
    /// How its numbers were rounded.
    pub rule: Rule,
    /// What must hold.
    pub assertions: Vec<Assertion>,
}

impl Claim {
    /// The percentage that the figure prints, when it prints one.
    pub fn percent(&self) -> Option<Printed> {
        self.assertions.iter().find_map(|assertion| match assertion {
            Assertion::Numbers { percent, .. } => *percent,
            Assertion::Possible { percent, .. }
            | Assertion::Ratio { percent, .. }
            | Assertion::Response { percent, .. } => Some(*percent),
            _ => None,
        })
    }
}

/// What is found of a figure, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The data give it.
    Reproduced,
    /// No data, but a count gives it.
    Possible,
    /// The data give something else.
    Differs,
    /// No count gives it on this base.
    Impossible,
}

/// A share of respondents, or a percentage without data.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A cell of a table of the data.
    Cell(Cell),
    /// A percentage of a reference, by indices.
    Reference {
        /// Index into [`Figures::references`].
        reference: usize,
        /// Index into its values.
        value: usize,
    },
}

/// A row of a question's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The question.
    pub question: QuestionIndex,
    /// Its row; `None`: the question as a whole.
    pub answer: Option<Answer>,
    /// Among whom.
    pub scope: Scope,
    /// What a percentage is of.
    pub of: Of,
    /// Whether 無回答 is in the base.
    pub no_answer: NoAnswer,
}

/// A row of a question's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An option, by index.
    Option(usize),
    /// A net, by index.
    Net(usize),
    /// 無回答
    Missing,
}

/// What a percentage is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Respondents who could have answered.
    Respondents,
    /// Mentions.
    Mentions,
    /// All respondents of the scope, asked or not.
    All,
}

/// Who is counted: two conditions, so that either can be dropped when a number needs explaining.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The file's or the figure's filter.
    pub filter: Option<Group>,
    /// The group the figure is about.
    pub within: Option<Group>,
}

/// A condition and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Who is in it.
    pub condition: Condition,
    /// In words, or the label of a banner's group.
    pub label: String,
}

impl Scope {
    /// Both conditions as one.
    pub fn condition(&self) -> Option<Condition> {
        let parts = [&self.filter, &self.within].into_iter().flatten();
        let mut parts: Vec<Condition> = parts.map(|group| group.condition.clone()).collect();
        if parts.len() > 1 { Some(Condition::And(parts)) } else { parts.pop() }
    }

    /// The same scope within a further group.
    pub fn inside(&self, group: &Group) -> Scope {
        let condition = match &self.within {
            Some(within) => Condition::And(vec![within.condition.clone(), group.condition.clone()]),
            None => group.condition.clone(),
        };
        let within = Group { condition, label: group.label.clone() };
        Scope { filter: self.filter.clone(), within: Some(within) }
    }
}

/// One thing a figure asserts.
#[derive(Debug, Clone)]
pub enum Assertion {
    /// Percentage, count and base of a cell, those that were printed.
    Numbers {
        /// The cell.
        cell: Cell,
        /// As printed.
        percent: Option<Printed>,
        /// Respondents with the answer.
        count: Option<u64>,
        /// The base.
        base: Option<u64>,
    },
    /// A percentage over a base without data: is there any count?
    Possible {
        /// As printed.
        percent: Printed,
        /// The count, when printed.
        count: Option<u64>,
        /// The base.
        base: u64,
    },
    /// The mean of a number or a scale.
    Mean {
        /// The question.
        cell: Cell,
        /// As printed.
        mean: Printed,
    },
    /// A wording.
    Phrase {
        /// Of what.
        subject: Operand,
        /// As printed.
        words: String,
        /// Its meaning.
        phrase: Box<Phrase>,
        /// Its numbers.
        numbers: Numbers,
    },
    /// One share or mean is above another (ほど, の方が) or below it (まで減少).
    Compare {
        /// The one.
        subject: Operand,
        /// The other.
        other: Operand,
        /// The one is above.
        higher: bool,
    },
    /// Two shares that differ by some points at most (ほぼ同じくらいに).
    Near {
        /// The one.
        subject: Operand,
        /// The other.
        other: Operand,
        /// Points at most.
        points: Printed,
    },
    /// So many different answers were given (24事業所).
    Distinct {
        /// The question, and among whom.
        cell: Cell,
        /// How many, as printed.
        distinct: u64,
    },
    /// A difference in points as printed.
    Points {
        /// The one.
        subject: Operand,
        /// What is subtracted.
        other: Operand,
        /// As printed.
        points: Printed,
        /// Decimals of the percentages it is a difference of; `None`: of raw percentages.
        shown: Option<u32>,
    },
    /// A change since a reference: growing, falling, or flat within some points.
    Change {
        /// Now.
        subject: Operand,
        /// Then.
        since: Operand,
        /// Which way.
        change: Change,
        /// Points within which a change is none.
        flat: Printed,
    },
    /// These answers (or rows of a grid) are the first, in this order.
    Ranking {
        /// Everything ranked.
        ranked: Vec<Cell>,
        /// Indices into `ranked`, first to last.
        order: Vec<usize>,
        /// From the least frequent.
        from_bottom: bool,
        /// Neighbours in the order may be equal.
        ties: bool,
    },
    /// Monotone over ordered rows or groups (につれて).
    Trend {
        /// In order.
        cells: Vec<Cell>,
        /// It rises.
        rising: bool,
    },
    /// No answer of some questions differs between groups by more than some points (大差なし).
    NoDifference {
        /// The groups.
        groups: Vec<Group>,
        /// The questions.
        questions: Vec<QuestionIndex>,
        /// The criterion.
        points: Printed,
        /// Among whom.
        scope: Scope,
        /// Whether 無回答 is in the base, unless the question says.
        no_answer: Option<NoAnswer>,
    },
    /// The most frequent answer is the same in each group (共通して).
    SameTop {
        /// The question; its answer, when the figure names it.
        cell: Cell,
        /// The groups.
        groups: Vec<Group>,
    },
    /// Where the mean of one number or scale is high, that of another is high too, or low: over groups, each
    /// a pair of means (充実した支援を実施している都道府県においては…取組数が多い).
    Correlation {
        /// The one.
        cell: Cell,
        /// The other.
        with: Cell,
        /// The groups.
        groups: Vec<Group>,
        /// High goes with high.
        positive: bool,
        /// The largest p, in per cent, at which the two are said to go together.
        level: Printed,
    },
    /// These respondents are among those who gave an answer (松江市、出雲市など).
    Named {
        /// The answer, and among whom.
        cell: Cell,
        /// Their keys.
        named: Vec<String>,
    },
    /// A ratio of sums of two numbers, over those who gave both.
    Ratio {
        /// What is summed above.
        above: QuestionIndex,
        /// What is summed below.
        below: QuestionIndex,
        /// Among whom, both given.
        scope: Scope,
        /// As printed, in per cent.
        percent: Printed,
    },
    /// Points to a target.
    Gap {
        /// The share.
        subject: Operand,
        /// The target in per cent.
        target: Printed,
        /// As printed.
        gap: Printed,
    },
    /// The field period ends before a day, or begins on a day or after it.
    FieldPeriod {
        /// The day.
        day: Day,
        /// Ends before it; otherwise it begins on it or after.
        before: bool,
    },
    /// A response rate.
    Response {
        /// How many were sent.
        sent: u64,
        /// How many came back; `None`: the respondents in the data.
        returned: Option<u64>,
        /// As printed.
        percent: Printed,
    },
}

impl Assertion {
    /// Whether it is said of an answer against all others of its question (最多).
    pub fn compares_all(&self) -> bool {
        match self {
            Assertion::Phrase { phrase, .. } => {
                matches!(phrase.meaning, super::phrase::Meaning::Shares { first: true, .. })
            }
            _ => false,
        }
    }
}

/// Which way a share went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// 伸びてきています
    Up,
    /// 減少
    Down,
    /// 伸び悩んでいます
    Flat,
}
