//! Which cell a figure is of: question, row, scope and base, as typed and as meant.

use super::{NO_ANSWER, Reader};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::figures::claim::{Answer, Cell, Group, Of, Operand, Scope};
use crate::schema::{Condition, Kind, NoAnswer, Question, QuestionIndex, code_key};
use crate::tabulate::grid_rows;
use crate::toml::{Keys, Mistakes, Typed};

/// The keys of a cell as typed.
#[derive(Clone, Default)]
pub(super) struct TypedCell {
    value: Option<Typed<String>>,
    pub question: Option<Typed<String>>,
    row: Option<TypedRow>,
    filter: Option<Typed<String>>,
    within: Option<Typed<String>>,
    of: Option<Of>,
    no_answer: Option<NoAnswer>,
}

/// Whom a group is compared with.
#[derive(Clone, Copy)]
pub(super) enum Beside {
    /// Everybody, the group among them.
    Whole,
    /// Those who are not in the group.
    Others,
}

/// Which row of the question's table, as typed.
#[derive(Clone)]
enum TypedRow {
    Option(Typed<String>),
    Net(Typed<String>),
    Missing,
}

impl TypedCell {
    /// Reads the keys.
    pub fn read(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> TypedCell {
        let option = keys.value("option").and_then(|value| code(&value, mistakes)).map(TypedRow::Option);
        let net = keys.text("net", mistakes).map(TypedRow::Net);
        let missing = keys.flag("missing", mistakes).filter(|typed| typed.value).map(|_| TypedRow::Missing);
        let rows = [option, net, missing];
        if rows.iter().flatten().count() > 1 {
            let span = keys.span().clone();
            mistakes
                .error(&span, Diagnostic::error("expected one of `option`, `net` and `missing`, found more"));
        }
        let of = [("respondents", Of::Respondents), ("mentions", Of::Mentions), ("all", Of::All)];
        TypedCell {
            value: keys.text("value", mistakes),
            question: keys.text("question", mistakes),
            row: rows.into_iter().flatten().next(),
            filter: keys.text("filter", mistakes),
            within: keys.text("within", mistakes),
            of: keys.word("of", &of, mistakes).map(|typed| typed.value),
            no_answer: keys.word("no_answer", &NO_ANSWER, mistakes).map(|typed| typed.value),
        }
    }

    /// What is typed here, and for the rest what the figure has.
    pub fn over(self, figure: &TypedCell) -> TypedCell {
        let figure = figure.clone();
        // Another question or reference leaves the figure's own behind.
        let value = match self.question.is_some() || self.row.is_some() {
            true => self.value,
            false => self.value.or(figure.value),
        };
        TypedCell {
            value,
            question: self.question.or(figure.question),
            row: self.row.or(figure.row),
            filter: self.filter.or(figure.filter),
            within: self.within.or(figure.within),
            of: self.of.or(figure.of),
            no_answer: self.no_answer.or(figure.no_answer),
        }
    }

    /// The same of the whole that the figure's group is part of, or of those outside the group.
    pub fn beside(&self, which: &Typed<Beside>, mistakes: &mut Mistakes) -> Option<TypedCell> {
        let mut typed = self.clone();
        let Some(within) = typed.within.as_mut().filter(|within| !within.value.trim().is_empty()) else {
            let error = Diagnostic::error("missing key `within`: there is no group to be left");
            mistakes.error(&which.span, error);
            return None;
        };
        within.value = match which.value {
            Beside::Whole => String::new(),
            Beside::Others => format!("not ({})", within.value),
        };
        Some(typed)
    }

    /// The same among the same respondents, of another question as a whole.
    pub fn of_question(&self, question: &Typed<String>) -> TypedCell {
        TypedCell { value: None, row: None, question: Some(question.clone()), ..self.clone() }
    }

    /// Whether the figure is about something.
    pub fn is_written(&self) -> bool {
        self.value.is_some() || self.question.is_some()
    }
}

/// A code as typed: an integer or a text.
pub(super) fn code(value: &crate::toml::Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<String>> {
    if let Some(integer) = value.as_integer(mistakes) {
        return Some(Typed { value: integer?.to_string(), span: value.span() });
    }
    value.text(mistakes)
}

impl Reader<'_> {
    /// A share: a cell with a row, or a percentage of a reference.
    pub(super) fn operand(
        &self,
        typed: &TypedCell,
        keys: &Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Operand> {
        if let Some(value) = &typed.value {
            return self.reference_value(value, mistakes);
        }
        let cell = self.counted_cell(typed, keys, mistakes)?;
        if cell.answer.is_none() {
            let error = Diagnostic::error("expected `option`, `net` or `missing` for a share, found none");
            let question = &self.survey.questions[cell.question];
            mistakes.error(keys.span(), error.hint(format!("`{}` has {}", question.id, answers(question))));
            return None;
        }
        Some(Operand::Cell(cell))
    }

    /// A share, or the mean of a number or a scale.
    pub(super) fn measured(
        &self,
        typed: &TypedCell,
        keys: &Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Operand> {
        if typed.value.is_none() && typed.row.is_none() && typed.question.is_some() {
            let cell = self.counted_cell(typed, keys, mistakes)?;
            if matches!(self.survey.questions[cell.question].kind, Kind::Number | Kind::Scale) {
                return Some(Operand::Cell(cell));
            }
        }
        self.operand(typed, keys, mistakes)
    }

    /// `id.name` of a `[[reference]]`.
    pub(super) fn reference_value(&self, typed: &Typed<String>, mistakes: &mut Mistakes) -> Option<Operand> {
        for (place, reference) in self.references.iter().enumerate() {
            let Some(name) = typed.value.strip_prefix(&format!("{}.", reference.id)) else { continue };
            if let Some(value) = reference.values.iter().position(|known| known.name == name) {
                return Some(Operand::Reference { reference: place, value });
            }
        }
        let known: Vec<String> = self
            .references
            .iter()
            .flat_map(|reference| {
                reference.values.iter().map(move |value| format!("{}.{}", reference.id, value.name))
            })
            .collect();
        let mut error = Diagnostic::error(format!("unknown value {}", quote(&typed.value)));
        error = match suggestion(&typed.value, known.iter().map(String::as_str)) {
            Some(hint) => error.hint(hint),
            None => error.hint("a value is written `id.name` and stands in a `[[reference]]`"),
        };
        mistakes.error(&typed.span, error);
        None
    }

    /// Among whom.
    pub(super) fn scope(&self, typed: &TypedCell, mistakes: &mut Mistakes) -> Option<Scope> {
        let everybody = |typed: &Typed<String>| typed.value.trim().is_empty();
        let read = |typed: &Option<Typed<String>>, other: &Option<Group>, mistakes: &mut Mistakes| match typed
        {
            // An empty text undoes what would be inherited.
            Some(typed) if everybody(typed) => Some(None),
            Some(typed) => self.group(typed, mistakes).map(Some),
            None => Some(other.clone()),
        };
        let filter = read(&typed.filter, &self.filter, mistakes);
        let within = read(&typed.within, &None, mistakes);
        Some(Scope { filter: filter?, within: within? })
    }

    /// A cell of a question that has a table of its own, which a grid has not.
    pub(super) fn counted_cell(
        &self,
        typed: &TypedCell,
        keys: &Keys<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Cell> {
        let cell = self.cell(typed, keys, mistakes)?;
        let question = &self.survey.questions[cell.question];
        if question.kind != Kind::Grid {
            return Some(cell);
        }
        let row = grid_rows(self.survey, cell.question).next();
        let row = row.map_or("its rows", |row| self.survey.questions[row].id.as_str());
        let error =
            Diagnostic::error(format!("{} is a grid, and a figure is of one row", quote(&question.id)));
        let span = typed.question.as_ref().map_or(keys.span(), |typed| &typed.span);
        mistakes.error(span, error.hint(format!("such as {}", quote(row))));
        None
    }

    /// The cell; its row may be left out.
    pub(super) fn cell(&self, typed: &TypedCell, keys: &Keys<'_>, mistakes: &mut Mistakes) -> Option<Cell> {
        let Some(id) = &typed.question else {
            mistakes.error(keys.span(), Diagnostic::error("missing key `question` in `[[figure]]`"));
            return None;
        };
        let index = self.question(id, "question", mistakes);
        let scope = self.scope(typed, mistakes);
        let (index, scope) = (index?, scope?);
        let question = &self.survey.questions[index];
        if question.kind == Kind::Text {
            let error = Diagnostic::error(format!("{} is free text and has no figures", quote(&id.value)));
            mistakes.error(&id.span, error);
            return None;
        }
        let answer = match &typed.row {
            Some(row) => Some(self.answer(question, row, mistakes)?),
            None => None,
        };
        let of = typed.of.unwrap_or(Of::Respondents);
        if of == Of::Mentions && !question.kind.takes_several_options() {
            let error = Diagnostic::error(format!("{} has no mentions", quote(&id.value)));
            mistakes.error(keys.span(), error.hint("only a multi question has; leave out `of`"));
        }
        let no_answer = typed.no_answer.or(self.no_answer).unwrap_or(question.no_answer);
        Some(Cell { question: index, answer, scope, of, no_answer })
    }

    fn answer(&self, question: &Question, row: &TypedRow, mistakes: &mut Mistakes) -> Option<Answer> {
        let (what, typed, found) = match row {
            TypedRow::Missing => return Some(Answer::Missing),
            TypedRow::Option(typed) => ("option", typed, option(question, &typed.value).map(Answer::Option)),
            TypedRow::Net(typed) => {
                let net = question.nets.iter().position(|net| net.id == typed.value);
                ("net", typed, net.map(Answer::Net))
            }
        };
        if found.is_none() {
            let error = Diagnostic::error(format!("`{}` has no {what} {}", question.id, quote(&typed.value)));
            mistakes.error(&typed.span, error.hint(format!("it has {}", answers(question))));
        }
        found
    }

    /// The groups of a question: each option a condition; only those with the codes asked for.
    pub(super) fn groups(
        &self,
        typed: &Typed<String>,
        of: &[Typed<String>],
        mistakes: &mut Mistakes,
    ) -> Option<Vec<Group>> {
        let index = self.question(typed, "groups", mistakes)?;
        let question = &self.survey.questions[index];
        if !(question.kind.takes_one_option() || question.kind.takes_several_options()) {
            let error = Diagnostic::error(format!("{} has no options and no groups", quote(&typed.value)));
            mistakes.error(&typed.span, error);
            return None;
        }
        let mut options: Vec<usize> = (0..question.options.len()).collect();
        if !of.is_empty() {
            options = self.options(index, of, mistakes)?;
        }
        let group = |place: usize| {
            let condition = match question.kind {
                kind if kind.takes_several_options() => {
                    Condition::Selected { question: index, any_of: vec![place] }
                }
                _ => {
                    let accepts = (0..question.options.len()).map(|option| option == place).collect();
                    Condition::Answer { question: index, accepts }
                }
            };
            Group { condition, label: question.options[place].label.clone() }
        };
        Some(options.into_iter().map(group).collect())
    }

    /// Options by their codes.
    pub(super) fn options(
        &self,
        index: QuestionIndex,
        codes: &[Typed<String>],
        mistakes: &mut Mistakes,
    ) -> Option<Vec<usize>> {
        let question = &self.survey.questions[index];
        let found: Vec<Option<usize>> = codes
            .iter()
            .map(|typed| {
                let found = option(question, &typed.value);
                if found.is_none() {
                    let error =
                        Diagnostic::error(format!("`{}` has no option {}", question.id, quote(&typed.value)));
                    mistakes.error(&typed.span, error.hint(format!("it has {}", answers(question))));
                }
                found
            })
            .collect();
        found.into_iter().collect()
    }
}

/// The option with a code as typed.
fn option(question: &Question, typed: &str) -> Option<usize> {
    question.options.iter().position(|option| code_key(&option.code) == typed)
}

/// The codes and nets of a question, for a hint.
fn answers(question: &Question) -> String {
    let mut names: Vec<String> =
        question.options.iter().take(12).map(|option| quote(&option.code.to_string())).collect();
    if question.options.len() > 12 {
        names.push("…".into());
    }
    names.extend(question.nets.iter().map(|net| quote(&net.id)));
    if names.is_empty() { "no options".into() } else { names.join(", ") }
}
