//! What a figure compares: with another cell, a reference, a target, or between groups.

use super::cell::{Beside, TypedCell, code};
use super::figure::Parts;
use super::{Reader, count, printed};
use crate::diag::{Diagnostic, quote};
use crate::figures::claim::{Assertion, Change, Group, Operand};
use crate::figures::listed::key_question;
use crate::figures::printed::Printed;
use crate::schema::{Kind, Origin, QuestionIndex, matching_key};
use crate::tabulate::grid_rows;
use crate::toml::{Keys, Mistakes, Typed};

impl Reader<'_> {
    /// `higher_than`, `lower_than`, `since`, `target` and the points between.
    pub(super) fn comparisons(
        &self,
        keys: &mut Keys<'_>,
        parts: &Parts,
        into: &mut Vec<Assertion>,
        mistakes: &mut Mistakes,
    ) {
        let points = printed(keys, "points", mistakes);
        let shown = count(keys, "points_of_decimals", mistakes).map(|decimals| decimals.min(9) as u32);
        let mut against: Option<(Operand, Operand)> = None;
        for (key, higher) in [("higher_than", true), ("lower_than", false)] {
            let words = [("whole", Beside::Whole), ("others", Beside::Others)];
            let operand = if keys.value(key).is_some_and(|value| value.as_text().is_some()) {
                let typed =
                    keys.word(key, &words, mistakes).and_then(|which| parts.own.beside(&which, mistakes));
                typed.and_then(|typed| self.measured(&typed, keys, mistakes))
            } else {
                let Some(mut other) = keys.table(key, mistakes) else { continue };
                let typed = TypedCell::read(&mut other, mistakes).over(&parts.own);
                let operand = self.measured(&typed, &other, mistakes);
                other.finish(mistakes);
                operand
            };
            let subject = self.measured(&parts.own, keys, mistakes);
            if let (Some(subject), Some(other)) = (subject, operand) {
                let mean =
                    |operand: &Operand| matches!(operand, Operand::Cell(cell) if cell.answer.is_none());
                if mean(&subject) != mean(&other) || (mean(&subject) && points.is_some()) {
                    let error = Diagnostic::error("a mean is compared with a mean, and without `points`");
                    mistakes.error(keys.span(), error);
                    continue;
                }
                against = Some((subject.clone(), other.clone()));
                into.push(Assertion::Compare { subject, other, higher });
            }
        }
        if let Some(mut other) = keys.table("same_as", mistakes) {
            other.require("points");
            let apart = printed(&mut other, "points", mistakes);
            let typed = TypedCell::read(&mut other, mistakes).over(&parts.own);
            let operand = self.operand(&typed, &other, mistakes);
            other.finish(mistakes);
            let subject = self.operand(&parts.own, keys, mistakes);
            if let (Some(subject), Some(other), Some(points)) = (subject, operand, apart) {
                into.push(Assertion::Near { subject, other, points: points.value });
            }
        }
        let words = [("up", Change::Up), ("down", Change::Down), ("flat", Change::Flat)];
        let change = keys.word("change", &words, mistakes);
        let flat = printed(keys, "flat", mistakes);
        if let Some(since) = keys.text("since", mistakes) {
            let other = self.reference_value(&since, mistakes);
            let subject = self.operand(&parts.own, keys, mistakes);
            if change.is_none() && points.is_none() {
                let error = Diagnostic::error("missing key `change` or `points` beside `since`");
                mistakes.error(&since.span, error);
            }
            if let (Some(subject), Some(other)) = (subject, other) {
                against = Some((subject.clone(), other.clone()));
                if let Some(change) = &change {
                    if change.value == Change::Flat && flat.is_none() {
                        let error = Diagnostic::error("missing key `flat` beside `change = \"flat\"`");
                        mistakes
                            .error(&change.span, error.hint("points within which a change is none: `\"2\"`"));
                    }
                    let flat = flat.as_ref().map_or(Printed { units: 0, decimals: 0 }, |typed| typed.value);
                    into.push(Assertion::Change { subject, since: other, change: change.value, flat });
                }
            }
        } else if let Some(change) = &change {
            mistakes.error(&change.span, Diagnostic::error("missing key `since` beside `change`"));
        }
        if let Some(points) = &points {
            match against {
                Some((subject, other)) => {
                    into.push(Assertion::Points { subject, other, points: points.value, shown });
                }
                None if !["higher_than", "lower_than", "since"].iter().any(|key| keys.has(key)) => {
                    let error = Diagnostic::error("`points` is a difference, and nothing is compared");
                    mistakes.error(&points.span, error.hint("add `higher_than`, `lower_than` or `since`"));
                }
                None => {}
            }
        }
        let target = printed(keys, "target", mistakes);
        let gap = printed(keys, "gap", mistakes);
        match (target, gap) {
            (Some(target), Some(gap)) => {
                if let Some(subject) = self.operand(&parts.own, keys, mistakes) {
                    into.push(Assertion::Gap { subject, target: target.value, gap: gap.value });
                }
            }
            (None, None) => {}
            (target, gap) => {
                let typed = target.or(gap).map_or(0..0, |typed| typed.span);
                mistakes.error(&typed, Diagnostic::error("`target` and `gap` go together"));
            }
        }
    }

    /// `named`: respondents by their keys.
    pub(super) fn names(
        &self,
        keys: &mut Keys<'_>,
        parts: &Parts,
        into: &mut Vec<Assertion>,
        mistakes: &mut Mistakes,
    ) {
        let Some(list) = keys.list("named", mistakes) else { return };
        let typed: Vec<Typed<String>> = list.value.iter().filter_map(|value| code(value, mistakes)).collect();
        if self.survey.respondent.is_none() {
            let error = Diagnostic::error("respondents are known by their key, and the schema names none");
            mistakes.error(&list.span, error.hint("say `respondent = \"…\"` under `[survey]`"));
        }
        if let Some(question) = key_question(self.survey) {
            self.options(question, &typed, mistakes);
        }
        match self.operand(&parts.own, keys, mistakes) {
            Some(Operand::Cell(cell)) => {
                let named = typed.iter().map(|typed| matching_key(&typed.value)).collect();
                into.push(Assertion::Named { cell, named });
            }
            Some(Operand::Reference { .. }) => {
                mistakes.error(&list.span, Diagnostic::error("a reference has no respondents"));
            }
            None => {}
        }
    }

    /// `same_top` and `no_difference`: all groups of a question.
    pub(super) fn groups_compared(
        &self,
        keys: &mut Keys<'_>,
        parts: &Parts,
        into: &mut Vec<Assertion>,
        mistakes: &mut Mistakes,
    ) {
        if let Some(mut same) = keys.table("same_top", mistakes) {
            let groups = self.table_groups(&mut same, mistakes);
            same.finish(mistakes);
            if let (Some((_, groups)), Some(cell)) = (groups, self.counted_cell(&parts.own, keys, mistakes)) {
                into.push(Assertion::SameTop { cell, groups });
            }
        }
        self.correlated(keys, parts, into, mistakes);
        let Some(mut none) = keys.table("no_difference", mistakes) else { return };
        none.require("points");
        let points = printed(&mut none, "points", mistakes);
        let groups = self.table_groups(&mut none, mistakes);
        let listed = none.list("questions", mistakes);
        none.finish(mistakes);
        let (Some(points), Some((by, groups))) = (points, groups) else { return };
        let questions = match listed {
            Some(list) => {
                let typed: Vec<Typed<String>> =
                    list.value.iter().filter_map(|value| value.text(mistakes)).collect();
                let mut questions = Vec::new();
                for typed in &typed {
                    let Some(question) = self.question(typed, "questions", mistakes) else { continue };
                    if self.survey.questions[question].options.is_empty() {
                        let error = Diagnostic::error(format!("{} has no options", quote(&typed.value)));
                        mistakes.error(&typed.span, error.hint("answers are compared, not numbers or texts"));
                        continue;
                    }
                    questions.extend(self.with_rows(question));
                }
                questions
            }
            None => self.comparable(by),
        };
        if let Some(scope) = self.scope(&parts.own, mistakes) {
            let no_answer = self.no_answer;
            into.push(Assertion::NoDifference { groups, questions, points: points.value, scope, no_answer });
        }
    }

    /// `correlation`: means of two numbers over the groups of a question.
    fn correlated(
        &self,
        keys: &mut Keys<'_>,
        parts: &Parts,
        into: &mut Vec<Assertion>,
        mistakes: &mut Mistakes,
    ) {
        let Some(mut table) = keys.table("correlation", mistakes) else { return };
        table.require("with");
        table.require("direction");
        let with = table.text("with", mistakes);
        let words = [("positive", true), ("negative", false)];
        let direction = table.word("direction", &words, mistakes);
        let level = printed(&mut table, "level", mistakes);
        let level = level.map_or(Printed { units: 5, decimals: 0 }, |typed| typed.value);
        let groups = self.table_groups(&mut table, mistakes);
        table.finish(mistakes);
        let (Some(with), Some(direction)) = (with, direction) else { return };
        let other = parts.own.of_question(&with);
        let mut mean = |typed: &TypedCell, at: &Typed<String>| {
            let cell = self.counted_cell(typed, keys, mistakes)?;
            if matches!(self.survey.questions[cell.question].kind, Kind::Number | Kind::Scale) {
                return Some(cell);
            }
            let error = format!("expected a number or a scale for `correlation`, found {}", quote(&at.value));
            mistakes.error(&at.span, Diagnostic::error(error));
            None
        };
        let one = match &parts.own.question {
            Some(question) => mean(&parts.own, question),
            None => mean(&parts.own, &with),
        };
        let (Some(cell), Some(with), Some((_, groups))) = (one, mean(&other, &with), groups) else { return };
        into.push(Assertion::Correlation { cell, with, groups, positive: direction.value, level });
    }

    /// `groups` and `of` in a table.
    fn table_groups(
        &self,
        keys: &mut Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<(QuestionIndex, Vec<Group>)> {
        keys.require("groups");
        let by = keys.text("groups", mistakes);
        let of = keys.list("of", mistakes).map_or_else(Vec::new, |list| list.value);
        let of: Vec<Typed<String>> = of.iter().filter_map(|value| code(value, mistakes)).collect();
        let by = by?;
        let groups = self.groups(&by, &of, mistakes)?;
        if groups.len() < 2 {
            mistakes.error(&by.span, Diagnostic::error("expected two groups or more to compare"));
        }
        Some((self.survey.find(&by.value)?, groups))
    }

    fn with_rows(&self, question: QuestionIndex) -> Vec<QuestionIndex> {
        match self.survey.questions[question].kind {
            Kind::Grid => grid_rows(self.survey, question).collect(),
            _ => vec![question],
        }
    }

    /// Every question with options that is not what the groups are made of.
    fn comparable(&self, by: QuestionIndex) -> Vec<QuestionIndex> {
        let mut without = vec![by];
        while let Some(place) = without.last().copied() {
            match &self.survey.questions[place].origin {
                Origin::Regrouped { from, .. } if !without.contains(from) => without.push(*from),
                _ => break,
            }
        }
        let coded = |question: &QuestionIndex| {
            let kind = self.survey.questions[*question].kind;
            kind.takes_one_option() || kind.takes_several_options()
        };
        // What is derived from the groups' own source differs by definition, as the source does.
        let derived = |question: &QuestionIndex| {
            matches!(&self.survey.questions[*question].origin,
                Origin::Regrouped { from, .. } if without.contains(from))
        };
        let all = 0..self.survey.questions.len();
        all.filter(|question| coded(question) && !without.contains(question) && !derived(question)).collect()
    }
}
