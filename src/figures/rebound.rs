//! Figures of one group, asked of another: what was said of 島根県, judged within 富山県.

use super::claim::{Assertion, Cell, Claim, Figures, Group, Operand, Scope};
use crate::schema::{Condition, QuestionIndex};

/// A group of a question: some of its options.
#[derive(Debug, Clone, Copy)]
pub struct GroupOf<'a> {
    /// The question whose options are groups.
    pub question: QuestionIndex,
    /// The options of this group, by index.
    pub options: &'a [usize],
    /// What it is called.
    pub label: &'a str,
}

impl Figures {
    /// The figures with these ids as they are judged of a group: a figure within one group of the question
    /// (`within = "pref == 32"`) is judged within this one. What was published of another group cannot be compared
    /// with this one's replies: such a figure is left out, and with `group = None` every figure within a group.
    pub fn of_group(&self, question: QuestionIndex, group: Option<GroupOf<'_>>, ids: &[&str]) -> Figures {
        let claims = self.claims.iter().filter(|claim| ids.contains(&claim.id.as_str()));
        let claims = claims.filter_map(|claim| of_group(claim, question, group)).collect();
        Figures {
            title: self.title.clone(),
            source: self.source.clone(),
            references: self.references.clone(),
            claims,
        }
    }

    /// Whether any of these figures is of one group of the question.
    pub fn is_of_groups(&self, question: QuestionIndex, ids: &[&str]) -> bool {
        let claims = self.claims.iter().filter(|claim| ids.contains(&claim.id.as_str()));
        claims.cloned().any(|mut claim| !groups_of(&mut claim, question).is_empty())
    }
}

/// The groups of the question that a figure is within, one each.
fn groups_of(claim: &mut Claim, question: QuestionIndex) -> Vec<usize> {
    let groups = claim.assertions.iter_mut().flat_map(conditions);
    let conditions = groups.flat_map(|group| parts(&mut group.condition));
    conditions.filter_map(|condition| one_group(condition, question)).collect()
}

fn of_group(claim: &Claim, question: QuestionIndex, group: Option<GroupOf<'_>>) -> Option<Claim> {
    let mut claim = claim.clone();
    let before = groups_of(&mut claim, question);
    if before.is_empty() {
        return Some(claim);
    }
    let group = group?;
    let same = before.iter().all(|option| [*option] == group.options);
    if !same && claim.assertions.iter().any(has_reference) {
        return None;
    }
    for assertion in &mut claim.assertions {
        for named in conditions(assertion) {
            let mut changed = false;
            for condition in parts(&mut named.condition) {
                if one_group(condition, question).is_some()
                    && let Condition::Answer { accepts, .. } = condition
                {
                    let options = accepts.len();
                    *accepts = (0..options).map(|option| group.options.contains(&option)).collect();
                    changed = true;
                }
            }
            if changed {
                named.label = group.label.to_string();
            }
        }
    }
    Some(claim)
}

/// The option, where a condition is that a respondent is in one group of the question.
fn one_group(condition: &Condition, question: QuestionIndex) -> Option<usize> {
    let Condition::Answer { question: asked, accepts } = condition else { return None };
    let mut accepted = accepts.iter().enumerate().filter(|(_, accepts)| **accepts).map(|(option, _)| option);
    let first = accepted.next().filter(|_| *asked == question)?;
    accepted.next().is_none().then_some(first)
}

/// A condition and those it is made of.
fn parts(condition: &mut Condition) -> Vec<&mut Condition> {
    match condition {
        Condition::And(inner) | Condition::Or(inner) => inner.iter_mut().flat_map(parts).collect(),
        Condition::Not(inner) => parts(inner),
        one => vec![one],
    }
}

fn has_reference(assertion: &Assertion) -> bool {
    let is = |operand: &Operand| matches!(operand, Operand::Reference { .. });
    match assertion {
        Assertion::Phrase { subject, .. } | Assertion::Gap { subject, .. } => is(subject),
        Assertion::Compare { subject, other, .. }
        | Assertion::Near { subject, other, .. }
        | Assertion::Points { subject, other, .. }
        | Assertion::Change { subject, since: other, .. } => is(subject) || is(other),
        _ => false,
    }
}

/// The named conditions of an assertion.
fn conditions(assertion: &mut Assertion) -> Vec<&mut Group> {
    fn of_scope(scope: &mut Scope) -> Vec<&mut Group> {
        scope.filter.iter_mut().chain(&mut scope.within).collect()
    }
    fn of_cell(cell: &mut Cell) -> Vec<&mut Group> {
        of_scope(&mut cell.scope)
    }
    fn of_operand(operand: &mut Operand) -> Vec<&mut Group> {
        match operand {
            Operand::Cell(cell) => of_cell(cell),
            Operand::Reference { .. } => Vec::new(),
        }
    }
    match assertion {
        Assertion::Numbers { cell, .. }
        | Assertion::Mean { cell, .. }
        | Assertion::Distinct { cell, .. }
        | Assertion::Named { cell, .. } => of_cell(cell),
        Assertion::Phrase { subject, .. }
        | Assertion::Change { subject, .. }
        | Assertion::Gap { subject, .. } => of_operand(subject),
        Assertion::Compare { subject, other, .. }
        | Assertion::Near { subject, other, .. }
        | Assertion::Points { subject, other, .. } => {
            of_operand(subject).into_iter().chain(of_operand(other)).collect()
        }
        Assertion::Ranking { ranked: cells, .. } | Assertion::Trend { cells, .. } => {
            cells.iter_mut().flat_map(of_cell).collect()
        }
        Assertion::NoDifference { scope, .. } | Assertion::Ratio { scope, .. } => of_scope(scope),
        // Their groups are what they compare, not whom they are about.
        Assertion::SameTop { cell, .. } => of_cell(cell),
        Assertion::Correlation { cell, with, .. } => of_cell(cell).into_iter().chain(of_cell(with)).collect(),
        Assertion::Possible { .. } | Assertion::FieldPeriod { .. } | Assertion::Response { .. } => Vec::new(),
    }
}
