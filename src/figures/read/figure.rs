//! One `[[figure]]`: which of its keys assert what.

use super::cell::{TypedCell, code};
use super::{RULES, Reader, count, printed};
use crate::diag::{Diagnostic, quote};
use crate::figures::claim::{Answer, Assertion, Cell, Claim, Group, Operand, Scope, Verdict};
use crate::figures::phrase::Meaning;
use crate::figures::printed::Printed;
use crate::figures::wording::folded;
use crate::schema::{Condition, Kind, QuestionIndex, State, typed_day};
use crate::tabulate::grid_rows;
use crate::toml::{Keys, Mistakes, Typed};

/// The parts of a figure that its assertions share.
pub(super) struct Parts {
    pub own: TypedCell,
    pub percent: Option<Typed<Printed>>,
    /// A number of the figure is taken by another assertion than its cell's.
    pub taken: bool,
}

impl Reader<'_> {
    /// Reads one figure; `None` when it has a mistake.
    pub(super) fn figure(
        &self,
        mut keys: Keys<'_>,
        known: &mut Vec<String>,
        mistakes: &mut Mistakes,
    ) -> Option<Claim> {
        let before = mistakes.count();
        keys.require("id");
        let id = keys.text("id", mistakes);
        if let Some(id) = id.as_ref().filter(|id| known.contains(&id.value)) {
            mistakes.error(&id.span, Diagnostic::error(format!("id {} is used twice", quote(&id.value))));
        }
        known.extend(id.iter().map(|id| id.value.clone()));
        let quotation = keys.text("quote", mistakes);
        let at = keys.text("at", mistakes).map(|typed| typed.value);
        let remark = keys.text("remark", mistakes).map(|typed| typed.value);
        let expect = [("differs", Verdict::Differs), ("impossible", Verdict::Impossible)];
        let expect = keys.word("expect", &expect, mistakes).map(|typed| typed.value);
        let assumed = keys.flag("assumed", mistakes).is_some_and(|typed| typed.value);
        let rule = keys.word("rule", &RULES, mistakes).map_or(self.rule, |typed| typed.value);
        let own = TypedCell::read(&mut keys, mistakes);
        let percent = printed(&mut keys, "percent", mistakes);
        let mut parts = Parts { own, percent, taken: false };

        let mut assertions = Vec::new();
        self.sums(&mut keys, &mut parts, &mut assertions, mistakes);
        self.comparisons(&mut keys, &parts, &mut assertions, mistakes);
        self.orders(&mut keys, &parts, &mut assertions, mistakes);
        self.groups_compared(&mut keys, &parts, &mut assertions, mistakes);
        self.names(&mut keys, &parts, &mut assertions, mistakes);
        let words = keys.text("phrase", mistakes);
        if let Some(words) = &words {
            assertions.extend(self.phrase(words, &parts.own, &keys, mistakes));
        }
        for (key, before) in [("field_period_before", true), ("field_period_after", false)] {
            let Some(day) = keys.value(key) else { continue };
            if self.survey.field_period.is_none() {
                let error = Diagnostic::error("the schema has no field period to compare with");
                mistakes.error(&day.span(), error.hint("`field_period` stands in `[survey.about]`"));
            }
            let day = typed_day(&day, mistakes).map(|typed| typed.value);
            assertions.extend(day.map(|day| Assertion::FieldPeriod { day, before }));
        }
        self.numbers(&mut keys, &parts, &mut assertions, mistakes);

        let span = keys.span().clone();
        keys.finish(mistakes);
        if assertions.is_empty() && mistakes.count() == before {
            let error = Diagnostic::error("the figure asserts nothing");
            mistakes.error(
                &span,
                error.hint("give `percent`, `count`, `mean`, `phrase`, `ranking`, `higher_than` …"),
            );
        }
        if let Some(quotation) = &quotation {
            let printed = parts.percent.as_ref().map(|typed| (typed.value.shown(), typed.span.clone()));
            let words = words.map(|typed| (typed.value, typed.span));
            for (text, span) in printed.into_iter().chain(words) {
                if !folded(&quotation.value).contains(&folded(&text)) {
                    let error = format!("{} does not stand in the quotation", quote(&text));
                    mistakes.error(&span, Diagnostic::error(error).hint("quote the words that print it"));
                }
            }
        }
        let claim = Claim {
            id: id.map(|typed| typed.value).unwrap_or_default(),
            quote: quotation.map(|typed| typed.value),
            at,
            remark,
            expect,
            assumed,
            rule,
            assertions,
        };
        (mistakes.count() == before).then_some(claim)
    }

    /// `percent`, `count`, `base` and `mean` of the figure's own cell.
    fn numbers(
        &self,
        keys: &mut Keys<'_>,
        parts: &Parts,
        into: &mut Vec<Assertion>,
        mistakes: &mut Mistakes,
    ) {
        let (count, base) = (count(keys, "count", mistakes), count(keys, "base", mistakes));
        if let Some(mean) = printed(keys, "mean", mistakes)
            && let Some(cell) = self.counted_cell(&parts.own, keys, mistakes)
        {
            if matches!(self.survey.questions[cell.question].kind, Kind::Number | Kind::Scale) {
                into.push(Assertion::Mean { cell, mean: mean.value });
            } else {
                let error = Diagnostic::error("expected a number or a scale for `mean`");
                mistakes.error(&mean.span, error);
            }
        }
        if let Some(distinct) = super::count(keys, "distinct", mistakes)
            && let Some(cell) = self.counted_cell(&parts.own, keys, mistakes)
        {
            if self.survey.questions[cell.question].options.is_empty() {
                let error = Diagnostic::error("expected a question with options for `distinct`");
                mistakes.error(keys.span(), error);
            } else {
                into.push(Assertion::Distinct { cell, distinct });
            }
        }
        let percent = parts.percent.as_ref().filter(|_| !parts.taken);
        if percent.is_none() && count.is_none() && base.is_none() {
            return;
        }
        if !parts.own.is_written() {
            match (percent, base) {
                (Some(percent), Some(base)) => {
                    into.push(Assertion::Possible { percent: percent.value, count, base });
                }
                _ => mistakes.error(
                    keys.span(),
                    Diagnostic::error("expected `question`, or `percent` and `base`, found neither")
                        .hint("without data only a percentage of a base can be judged"),
                ),
            }
            return;
        }
        let percent = percent.map(|typed| typed.value);
        let cell = match (percent, count) {
            // A base alone needs no row.
            (None, None) => self.counted_cell(&parts.own, keys, mistakes),
            _ => match self.operand(&parts.own, keys, mistakes) {
                Some(Operand::Cell(cell)) => Some(cell),
                Some(Operand::Reference { .. }) => {
                    let error =
                        Diagnostic::error("a reference has its percentage, and nothing to check it by");
                    mistakes.error(keys.span(), error);
                    None
                }
                None => None,
            },
        };
        into.extend(cell.map(|cell| Assertion::Numbers { cell, percent, count, base }));
    }

    /// `ratio`, `sent` and `target`, which take the figure's `percent`.
    fn sums(
        &self,
        keys: &mut Keys<'_>,
        parts: &mut Parts,
        into: &mut Vec<Assertion>,
        mistakes: &mut Mistakes,
    ) {
        let span = keys.span().clone();
        let needs_percent = |what: &str, mistakes: &mut Mistakes| {
            let error = Diagnostic::error(format!("missing key `percent` beside `{what}`"));
            mistakes.error(&span, error);
        };
        if let Some(mut ratio) = keys.table("ratio", mistakes) {
            ratio.require("above");
            ratio.require("below");
            let above = ratio.text("above", mistakes).and_then(|typed| self.number(&typed, mistakes));
            let below = ratio.text("below", mistakes).and_then(|typed| self.number(&typed, mistakes));
            ratio.finish(mistakes);
            let scope = self.scope(&parts.own, mistakes);
            parts.taken = true;
            match (&parts.percent, above, below, scope) {
                (None, ..) => needs_percent("ratio", mistakes),
                (Some(percent), Some(above), Some(below), Some(scope)) => {
                    let given = |question| Condition::State { question, state: State::Given };
                    let both = Condition::And(vec![given(above), given(below)]);
                    let label = [above, below].map(|place| self.survey.questions[place].heading());
                    let scope = scope.inside(&Group { condition: both, label: label.join("・") });
                    into.push(Assertion::Ratio { above, below, scope, percent: percent.value });
                }
                _ => {}
            }
        }
        let sent = count(keys, "sent", mistakes);
        let returned = count(keys, "returned", mistakes);
        if let Some(sent) = sent {
            parts.taken = true;
            match &parts.percent {
                None => needs_percent("sent", mistakes),
                Some(_) if sent == 0 => {
                    mistakes.error(&span, Diagnostic::error("expected a count above 0 for `sent`"));
                }
                Some(percent) => {
                    into.push(Assertion::Response { sent, returned, percent: percent.value });
                }
            }
        } else if returned.is_some() {
            mistakes.error(&span, Diagnostic::error("missing key `sent` beside `returned`"));
        }
    }

    fn number(&self, typed: &Typed<String>, mistakes: &mut Mistakes) -> Option<QuestionIndex> {
        let index = self.question(typed, "ratio", mistakes)?;
        if self.survey.questions[index].kind != Kind::Number {
            let error =
                Diagnostic::error(format!("expected a number question, found {}", quote(&typed.value)));
            mistakes.error(&typed.span, error);
            return None;
        }
        Some(index)
    }

    /// `ranking` and `trend`.
    fn orders(&self, keys: &mut Keys<'_>, parts: &Parts, into: &mut Vec<Assertion>, mistakes: &mut Mistakes) {
        let from_bottom = keys.flag("from_bottom", mistakes).is_some_and(|typed| typed.value);
        let ties = keys.flag("ties", mistakes).is_some_and(|typed| typed.value);
        if let Some(list) = keys.list("ranking", mistakes) {
            let codes: Vec<Typed<String>> =
                list.value.iter().filter_map(|value| code(value, mistakes)).collect();
            if codes.is_empty() {
                mistakes.error(&list.span, Diagnostic::error("expected the codes of answers, found none"));
            }
            if let Some((ranked, order)) = self.ranked(&codes, parts, keys, mistakes) {
                into.push(Assertion::Ranking { ranked, order, from_bottom, ties });
            }
        }
        let words = [("rising", true), ("falling", false)];
        let trend = keys.word("trend", &words, mistakes);
        let groups = keys.text("groups", mistakes);
        if let Some(groups) = groups.as_ref().filter(|_| !keys.has("trend")) {
            let error = Diagnostic::error("missing key `trend` beside `groups`");
            mistakes.error(&groups.span, error.hint("`same_top` and `no_difference` have their own"));
        }
        if let Some(trend) = trend
            && let Some(cells) = self.ordered(groups.as_ref(), parts, keys, mistakes)
        {
            into.push(Assertion::Trend { cells, rising: trend.value });
        }
    }

    /// The options of a question, or the rows of a grid, and which of them are named.
    fn ranked(
        &self,
        codes: &[Typed<String>],
        parts: &Parts,
        keys: &Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<(Vec<Cell>, Vec<usize>)> {
        let cell = self.cell(&parts.own, keys, mistakes)?;
        let question = &self.survey.questions[cell.question];
        if question.kind == Kind::Grid {
            let cells = self.rows(&cell, keys, mistakes)?;
            let places = codes.iter().map(|typed| {
                let id = format!("{}.{}", question.id, typed.value);
                let place = cells.iter().position(|row| self.survey.questions[row.question].id == id);
                if place.is_none() {
                    let error =
                        Diagnostic::error(format!("`{}` has no row {}", question.id, quote(&typed.value)));
                    mistakes.error(&typed.span, error);
                }
                place
            });
            let places: Vec<Option<usize>> = places.collect();
            let order = places.into_iter().collect::<Option<Vec<usize>>>()?;
            return Some((cells, order));
        }
        let named = self.options(cell.question, codes, mistakes)?;
        // その他 and 特にない are not ranked, unless they are named.
        let options: Vec<usize> = (0..question.options.len())
            .filter(|place| {
                let option = &question.options[*place];
                named.contains(place) || !(option.other || option.exclusive)
            })
            .collect();
        let cells = options
            .iter()
            .map(|&option| Cell { answer: Some(Answer::Option(option)), ..cell.clone() })
            .collect();
        let order = named.iter().filter_map(|option| options.iter().position(|place| place == option));
        Some((cells, order.collect()))
    }

    /// The rows of a grid, with the answer the figure names.
    fn rows(&self, cell: &Cell, keys: &Keys<'_>, mistakes: &mut Mistakes) -> Option<Vec<Cell>> {
        if cell.answer.is_none() {
            let error = Diagnostic::error("expected `option` or `net` for the rows of a grid, found none");
            mistakes.error(keys.span(), error);
            return None;
        }
        let rows = grid_rows(self.survey, cell.question);
        Some(rows.map(|question| Cell { question, ..cell.clone() }).collect())
    }

    /// The cells of a trend: a grid's rows, or one cell in each group.
    fn ordered(
        &self,
        groups: Option<&Typed<String>>,
        parts: &Parts,
        keys: &Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Vec<Cell>> {
        let cell = self.cell(&parts.own, keys, mistakes)?;
        match groups {
            None if self.survey.questions[cell.question].kind == Kind::Grid => {
                self.rows(&cell, keys, mistakes)
            }
            None => {
                let error = Diagnostic::error("a trend needs a grid, or `groups`");
                mistakes
                    .error(keys.span(), error.hint("`groups = \"age\"` takes the options of `age` in order"));
                None
            }
            Some(typed) => {
                self.measured(&parts.own, keys, mistakes)?;
                let groups = self.groups(typed, &[], mistakes)?;
                let inside = |group: &Group| Cell { scope: cell.scope.inside(group), ..cell.clone() };
                Some(groups.iter().map(inside).collect())
            }
        }
    }

    fn phrase(
        &self,
        words: &Typed<String>,
        own: &TypedCell,
        keys: &Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Assertion> {
        let Some((phrase, numbers)) = self.phrases.find(&words.value) else {
            let error = Diagnostic::error(format!("the wording {} is not known", quote(&words.value)));
            let hint = "say when it is true in a `[[phrase]]` of your own, and give it with `--phrase-file`";
            mistakes.error(&words.span, error.hint(hint));
            return None;
        };
        if let Meaning::Undefined(why) = &phrase.meaning {
            let error = Diagnostic::error(format!("{} has no agreed meaning", quote(&words.value)));
            let hint = why.replace("{N}", &numbers.first.to_string());
            mistakes.error(&words.span, error.hint(hint));
            return None;
        }
        let subject = self.operand(own, keys, mistakes)?;
        let phrase = Box::new(phrase.clone());
        Some(Assertion::Phrase { subject, words: words.value.clone(), phrase, numbers })
    }
}

impl Scope {
    /// The conditions' words.
    pub(in crate::figures) fn label(&self) -> Option<String> {
        let labels: Vec<&str> =
            [&self.within, &self.filter].into_iter().flatten().map(|group| group.label.as_str()).collect();
        (!labels.is_empty()).then(|| labels.join("、"))
    }
}
