//! The tables that figures need: planned together, filled from one reading of the data.

use std::collections::BTreeSet;

use super::claim::{Answer, Assertion, Cell, Figures, Of, Operand, Scope};
use super::listed::{Listing, Wanted};
use crate::diag::Quiet;
use crate::frame::{Dataset, holds};
use crate::schema::{Condition, NoAnswer, QuestionIndex, Survey};
use crate::stats::Ratio;
use crate::tabulate::{Filter, JointNeeds, Request, RowRole, Shown, Stub, Table, Tally, fill};

/// Which questions are counted among whom.
#[derive(Debug, Default)]
pub struct Plan {
    groups: Vec<(Option<Condition>, BTreeSet<QuestionIndex>)>,
    listings: Vec<Wanted>,
}

impl Plan {
    /// What every figure needs, and what explaining it may need.
    pub fn of(figures: &Figures) -> Plan {
        let mut plan = Plan::default();
        for claim in &figures.claims {
            for assertion in &claim.assertions {
                plan.assertion(assertion);
            }
        }
        plan
    }

    fn assertion(&mut self, assertion: &Assertion) {
        match assertion {
            Assertion::Numbers { cell, .. } | Assertion::Mean { cell, .. } => self.explained(cell),
            Assertion::Named { cell, named } => {
                self.listings.push(Wanted { cell: cell.clone(), named: named.clone() });
            }
            _ => {}
        }
        for need in needs(assertion) {
            self.need(need.condition, need.question);
        }
    }

    /// The cell, and the same among more respondents: a dropped condition may explain a number.
    fn explained(&mut self, cell: &Cell) {
        for scope in wider(&cell.scope) {
            self.need(scope.condition(), cell.question);
        }
    }

    fn need(&mut self, condition: Option<Condition>, question: QuestionIndex) {
        match self.groups.iter_mut().find(|(known, _)| *known == condition) {
            Some((_, questions)) => _ = questions.insert(question),
            None => self.groups.push((condition, BTreeSet::from([question]))),
        }
    }

    /// Whether respondents' keys are needed.
    pub fn keys(&self) -> bool {
        !self.listings.is_empty()
    }

    /// Every question whose replies are needed.
    pub fn questions(&self, survey: &Survey) -> Vec<QuestionIndex> {
        let mut needed = BTreeSet::new();
        if self.keys() {
            needed.extend(super::listed::key_question(survey));
        }
        for (condition, questions) in &self.groups {
            needed.extend(questions);
            needed.extend(condition.iter().flat_map(Condition::questions));
        }
        needed.into_iter().collect()
    }

    /// Counts everything; `survey` has the words of the output's language.
    pub fn count<'a>(self, survey: &'a Survey, dataset: &Dataset, threads: usize) -> Counted<'a> {
        let listings = self.listings.into_iter().map(|wanted| wanted.find(survey, dataset)).collect();
        let groups = self.groups.into_iter().map(|(condition, questions)| {
            let request = Request {
                stubs: questions.iter().map(|&question| Stub::Question(question)).collect(),
                banners: Vec::new(),
                filter: condition.clone().map(|condition| Filter { condition, text: String::new() }),
                // Both bases can be read from a table that has 無回答.
                no_answer: Some(NoAnswer::Include),
                subtotals: false,
                banner_missing: false,
                joint: JointNeeds::default(),
            };
            let tables = fill(survey, &request, dataset, threads, &Quiet);
            let everybody = everybody(condition.as_ref(), survey, dataset);
            Group { condition, everybody, tables: questions.into_iter().zip(tables).collect() }
        });
        Counted {
            survey,
            groups: groups.collect(),
            listings,
            weighted: dataset.weight_name.is_some(),
            respondents: dataset.respondents,
        }
    }
}

/// A table that an assertion is judged by.
struct Need {
    condition: Option<Condition>,
    question: QuestionIndex,
    /// The one answer that it takes; `None`: the table as a whole.
    answer: Option<Answer>,
}

impl Need {
    fn of(cell: &Cell) -> Need {
        let alone = cell.of == Of::Respondents && cell.no_answer == NoAnswer::Include;
        Need {
            condition: cell.scope.condition(),
            question: cell.question,
            answer: cell.answer.filter(|_| alone),
        }
    }

    fn whole(condition: Option<Condition>, question: QuestionIndex) -> Need {
        Need { condition, question, answer: None }
    }
}

fn needs(assertion: &Assertion) -> Vec<Need> {
    let operands = |operands: &[&Operand]| -> Vec<Need> {
        let cells = operands.iter().filter_map(|operand| match operand {
            Operand::Cell(cell) => Some(Need::of(cell)),
            Operand::Reference { .. } => None,
        });
        cells.collect()
    };
    match assertion {
        Assertion::Numbers { cell, .. } => vec![Need::of(cell)],
        Assertion::Mean { cell, .. } | Assertion::Distinct { cell, .. } => {
            vec![Need::whole(cell.scope.condition(), cell.question)]
        }
        Assertion::Named { cell, .. } => vec![Need::of(cell)],
        // What is most frequent all answers say.
        Assertion::Phrase { subject, .. } => operands(&[subject])
            .into_iter()
            .map(|need| Need { answer: need.answer.filter(|_| !assertion.compares_all()), ..need })
            .collect(),
        Assertion::Compare { subject, other, .. }
        | Assertion::Near { subject, other, .. }
        | Assertion::Points { subject, other, .. } => operands(&[subject, other]),
        Assertion::Change { subject, .. } | Assertion::Gap { subject, .. } => operands(&[subject]),
        Assertion::Ranking { ranked: cells, .. } | Assertion::Trend { cells, .. } => {
            cells.iter().map(Need::of).collect()
        }
        Assertion::NoDifference { groups, questions, scope, .. } => {
            let of = |group| {
                let condition = scope.inside(group).condition();
                questions.iter().map(move |&question| Need::whole(condition.clone(), question))
            };
            groups.iter().flat_map(of).collect()
        }
        Assertion::SameTop { cell, groups } => {
            let of = |group| Need::whole(cell.scope.inside(group).condition(), cell.question);
            groups.iter().map(of).collect()
        }
        Assertion::Correlation { cell, with, groups, .. } => {
            let of = |group| {
                [cell, with].map(|cell| Need::whole(cell.scope.inside(group).condition(), cell.question))
            };
            groups.iter().flat_map(of).collect()
        }
        Assertion::Ratio { above, below, scope, .. } => {
            [above, below].map(|&question| Need::whole(scope.condition(), question)).into()
        }
        Assertion::Possible { .. } | Assertion::FieldPeriod { .. } | Assertion::Response { .. } => Vec::new(),
    }
}

/// The scope and those with fewer conditions.
pub fn wider(scope: &Scope) -> Vec<Scope> {
    let mut scopes = vec![scope.clone()];
    if scope.within.is_some() {
        scopes.push(Scope { filter: scope.filter.clone(), within: None });
    }
    if scope.filter.is_some() {
        scopes.push(Scope { filter: None, within: scope.within.clone() });
    }
    scopes
}

/// The respondents for whom a condition holds, asked or not.
fn everybody(condition: Option<&Condition>, survey: &Survey, dataset: &Dataset) -> Tally {
    let mut sum = Tally::default();
    for block in &dataset.blocks {
        let inside = condition.map(|condition| holds(condition, survey, dataset, block));
        for row in (0..block.len).filter(|&row| inside.as_ref().is_none_or(|inside| inside[row])) {
            let w = block.weights.as_ref().map_or(1, |weights| i128::from(weights[row]));
            sum += Tally { n: 1, w, w2: w * w };
        }
    }
    sum
}

/// The tables, filled.
#[derive(Debug)]
pub struct Counted<'a> {
    /// The questionnaire in the language of the output.
    pub survey: &'a Survey,
    /// Replies are weighted.
    pub weighted: bool,
    /// Respondents in the data.
    pub respondents: u64,
    groups: Vec<Group>,
    pub(super) listings: Vec<Listing>,
}

#[derive(Debug)]
struct Group {
    condition: Option<Condition>,
    everybody: Tally,
    tables: Vec<(QuestionIndex, Table)>,
}

/// Part and whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Respondents (or mentions) with the answer.
    pub part: Tally,
    /// The base.
    pub whole: Tally,
}

impl Share {
    /// In per cent, weighted if the data are; `None` when nobody is in the base.
    pub fn percent(self) -> Option<Ratio> {
        Ratio::new(self.part.w, self.whole.w)?.times(100)
    }

    /// In per cent of respondents, whatever they weigh.
    pub fn unweighted(self) -> Option<Ratio> {
        Ratio::new(i128::from(self.part.n), i128::from(self.whole.n))?.times(100)
    }
}

impl Counted<'_> {
    fn group(&self, scope: &Scope) -> Option<&Group> {
        let condition = scope.condition();
        self.groups.iter().find(|group| group.condition == condition)
    }

    /// The table of a question among a scope; it was planned.
    pub fn table(&self, scope: &Scope, question: QuestionIndex) -> Option<&Table> {
        let group = self.group(scope)?;
        group.tables.iter().find(|(known, _)| *known == question).map(|(_, table)| table)
    }

    /// A cell's part and whole; `None` where it was not planned or has no row.
    pub fn share(&self, cell: &Cell) -> Option<Share> {
        let table = self.table(&cell.scope, cell.question)?;
        let rows = rows(table, cell.answer?);
        let first = *rows.first()?;
        let part = match cell.of {
            Of::Mentions => rows.iter().filter_map(|&row| table.mentions(row, 0).value()).sum(),
            Of::Respondents | Of::All => rows.iter().filter_map(|&row| table.cell(row, 0).value()).sum(),
        };
        let whole = match (cell.of, cell.no_answer) {
            (Of::Mentions, _) => table.column_mentions(0),
            (Of::All, _) => self.group(&cell.scope)?.everybody,
            (Of::Respondents, NoAnswer::Include) => table.base(first, 0),
            (Of::Respondents, NoAnswer::Exclude) => table.both(first, 0),
        };
        Some(Share { part, whole })
    }

    /// The mean of a number or a scale, and over how many respondents.
    pub fn mean(&self, cell: &Cell) -> Option<(Ratio, u64)> {
        let table = self.table(&cell.scope, cell.question)?;
        let of_numbers = |role| matches!(role, RowRole::Number | RowRole::Score);
        let row = table.stub.iter().position(|row| of_numbers(row.role))?;
        Some((table.mean(row, 0).value()?, table.numbers(row, 0).value()?.n()))
    }

    /// The tables that these figures are judged by, and the condition of each, to be hidden in part with all that
    /// is published.
    pub fn judged_by(&mut self, figures: &Figures) -> impl Iterator<Item = (Option<&Condition>, &mut Table)> {
        let needs: Vec<Need> =
            figures.claims.iter().flat_map(|claim| &claim.assertions).flat_map(needs).collect();
        self.groups.iter_mut().flat_map(move |group| {
            let condition = group.condition.as_ref();
            let needed: BTreeSet<QuestionIndex> = needs
                .iter()
                .filter(|need| need.condition.as_ref() == condition)
                .map(|need| need.question)
                .collect();
            let tables = group.tables.iter_mut();
            tables
                .filter(move |(question, _)| needed.contains(question))
                .map(move |(_, table)| (condition, table))
        })
    }

    /// The figures that stand on something hidden: of these nothing may be said, neither that they hold nor that they
    /// do not. A figure that names respondents is one where nobody may be named.
    pub fn hidden(&self, figures: &Figures, names: bool) -> BTreeSet<String> {
        let stands = |need: &Need| {
            let group = self.groups.iter().find(|group| group.condition == need.condition);
            let table =
                group.and_then(|group| group.tables.iter().find(|(known, _)| *known == need.question));
            table.is_some_and(|(_, table)| match need.answer {
                None => table.hides(),
                Some(answer) => {
                    let hidden = |&row: &usize| {
                        table.cell(row, 0) == Shown::Suppressed
                            || table.shown_base(row, 0) == Shown::Suppressed
                    };
                    rows(table, answer).iter().any(hidden)
                }
            })
        };
        let of_claim = |assertion: &Assertion| {
            let named = matches!(assertion, Assertion::Named { .. });
            (named && !names) || needs(assertion).iter().any(stands)
        };
        let hidden = figures.claims.iter().filter(|claim| claim.assertions.iter().any(of_claim));
        hidden.map(|claim| claim.id.clone()).collect()
    }

    /// The base of a question as a whole.
    pub fn base(&self, cell: &Cell) -> Option<Tally> {
        let answer = cell.answer.unwrap_or(Answer::Missing);
        Some(self.share(&Cell { answer: Some(answer), ..cell.clone() })?.whole)
    }
}

/// The rows of an answer: 無回答 has one for blanks and one for each code.
fn rows(table: &Table, answer: Answer) -> Vec<usize> {
    let (role, place) = match answer {
        Answer::Option(place) => (RowRole::Option, Some(place)),
        Answer::Net(place) => (RowRole::Net, Some(place)),
        Answer::Missing => (RowRole::Missing, None),
    };
    let of_role: Vec<usize> = (0..table.stub.len()).filter(|&row| table.stub[row].role == role).collect();
    match place {
        Some(place) => of_role.get(place).copied().into_iter().collect(),
        None => of_role,
    }
}
