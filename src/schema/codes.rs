//! Options, missing codes and codes of 非該当 of one question: no two may be confused.

use std::collections::HashMap;
use std::ops::Range;

use super::typed::TypedOption;
use super::{
    Code, MissingCode, Question, QuestionOption, code_key, integer_of, matching_key, municipality_hint,
};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::toml::{Mistakes, Typed};

/// What a code or label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Option,
    Missing,
    NotAsked,
}

impl Role {
    fn words(self) -> &'static str {
        match self {
            Role::Option => "an option",
            Role::Missing => "a missing code",
            Role::NotAsked => "a code of `not_asked`",
        }
    }
}

/// The codes and labels of one question met so far.
pub(super) struct Ledger<'a> {
    question: &'a str,
    codes: HashMap<String, (Role, usize)>,
    labels: HashMap<String, (Role, usize, String)>,
}

impl<'a> Ledger<'a> {
    /// Nothing met yet; `question` is the id for messages.
    pub(super) fn new(question: &'a str) -> Self {
        Ledger { question, codes: HashMap::new(), labels: HashMap::new() }
    }

    /// Takes over missing codes and codes of 非該当 that were checked elsewhere.
    pub(super) fn inherit(&mut self, missing: &[MissingCode], not_asked: &[Code]) {
        for (place, missing) in missing.iter().enumerate() {
            self.codes.insert(code_key(&missing.code), (Role::Missing, place));
            let label = (Role::Missing, place, missing.label.clone());
            self.labels.insert(matching_key(&missing.label), label);
        }
        for (place, code) in not_asked.iter().enumerate() {
            self.codes.insert(code_key(code), (Role::NotAsked, place));
        }
    }

    /// Takes over options that need no check.
    pub(super) fn inherit_options(&mut self, options: &[QuestionOption]) {
        for (place, option) in options.iter().enumerate() {
            self.codes.insert(code_key(&option.code), (Role::Option, place));
            let label = (Role::Option, place, option.label.clone());
            self.labels.insert(matching_key(&option.label), label);
        }
    }

    /// Adds options, and returns them as meant.
    pub(super) fn options(&mut self, typed: &[TypedOption], mistakes: &mut Mistakes) -> Vec<QuestionOption> {
        let mut options = Vec::new();
        for (place, option) in typed.iter().enumerate() {
            self.pair(Role::Option, place, option, mistakes);
            let label = option.label.as_ref().map(|label| label.value.clone()).unwrap_or_default();
            let key = matching_key(&label);
            options.push(QuestionOption {
                short: option.short.clone(),
                label_en: option.label_en.clone(),
                spellings: option.spellings.iter().map(|spelling| spelling.value.clone()).collect(),
                exclusive: option.exclusive.as_ref().is_some_and(|exclusive| exclusive.value),
                other: option.other.as_ref().map(|other| other.value).unwrap_or(
                    option.text.is_some() || key.starts_with("その他") || key.starts_with("Other"),
                ),
                assumed: option.assumed,
                ..QuestionOption::new(
                    option.code.as_ref().map_or(Code::Text(String::new()), |code| code.value.clone()),
                    label,
                )
            });
        }
        for (place, option) in typed.iter().enumerate() {
            for spelling in &option.spellings {
                if integer_of(&spelling.value).is_some() {
                    let code = Code::Text(spelling.value.clone());
                    self.code(
                        Role::Option,
                        place,
                        &Typed { value: code, span: spelling.span.clone() },
                        mistakes,
                    );
                } else {
                    self.label(Role::Option, place, spelling, mistakes);
                }
            }
        }
        options
    }

    /// Adds missing codes, and returns them as meant.
    pub(super) fn missing(&mut self, typed: &[TypedOption], mistakes: &mut Mistakes) -> Vec<MissingCode> {
        let mut codes = Vec::new();
        for (place, missing) in typed.iter().enumerate() {
            self.pair(Role::Missing, place, missing, mistakes);
            if let (Some(code), Some(label)) = (&missing.code, &missing.label) {
                codes.push(MissingCode {
                    code: code.value.clone(),
                    label: label.value.clone(),
                    label_en: missing.label_en.clone(),
                });
            }
        }
        codes
    }

    /// Adds codes of 非該当, which may be labels as well.
    pub(super) fn not_asked(&mut self, typed: &[Typed<Code>], mistakes: &mut Mistakes) -> Vec<Code> {
        for (place, code) in typed.iter().enumerate() {
            let before = mistakes.count();
            self.code(Role::NotAsked, place, code, mistakes);
            if let (Code::Text(label), true) = (&code.value, mistakes.count() == before) {
                let label = Typed { value: label.clone(), span: code.span.clone() };
                self.label(Role::NotAsked, place, &label, mistakes);
            }
        }
        typed.iter().map(|code| code.value.clone()).collect()
    }

    fn pair(&mut self, role: Role, place: usize, typed: &TypedOption, mistakes: &mut Mistakes) {
        if let Some(code) = &typed.code {
            self.code(role, place, code, mistakes);
        }
        if let Some(label) = &typed.label {
            self.label(role, place, label, mistakes);
        }
    }

    fn code(&mut self, role: Role, place: usize, code: &Typed<Code>, mistakes: &mut Mistakes) {
        let shown = quote(&code.value.to_string());
        let Some(&(other, other_place)) = self.codes.get(&code_key(&code.value)) else {
            self.codes.insert(code_key(&code.value), (role, place));
            return;
        };
        if (other, other_place) == (role, place) {
            return;
        }
        let error = match other == role {
            true => format!("code {shown} is used twice in `{}`", self.question),
            false => {
                format!(
                    "code {shown} of `{}` stands for both {} and {}",
                    self.question,
                    other.words(),
                    role.words()
                )
            }
        };
        mistakes.error(&code.span, Diagnostic::error(error));
    }

    fn label(&mut self, role: Role, place: usize, label: &Typed<String>, mistakes: &mut Mistakes) {
        let key = matching_key(&label.value);
        let shown = quote(&label.value);
        if key.is_empty() {
            mistakes
                .error(&label.span, Diagnostic::error(format!("a label of `{}` is empty", self.question)));
            return;
        }
        let Some((other, other_place, first)) = self.labels.get(&key) else {
            self.labels.insert(key, (role, place, label.value.clone()));
            return;
        };
        if (*other, *other_place) == (role, place) {
            return;
        }
        let mut error = Diagnostic::error(match *other == role {
            true => format!("label {shown} is used twice in `{}`", self.question),
            false => {
                format!(
                    "label {shown} of `{}` stands for both {} and {}",
                    self.question,
                    other.words(),
                    role.words()
                )
            }
        });
        if *first != label.value {
            let hint = format!(
                "it reads the same as {}: widths, spaces and kinds of dashes do not matter",
                quote(first)
            );
            error = error.hint(hint);
        }
        mistakes.error(&label.span, error);
    }
}

/// The place of an option with this code, or what to say about a code that is none.
pub(super) fn find(question: &Question, code: &Code) -> Result<usize, Diagnostic> {
    let key = code_key(code);
    let id = &question.id;
    let shown = quote(&code.to_string());
    if let Some(place) = question.option_of(code) {
        return Ok(place);
    }
    if question.missing.iter().any(|missing| code_key(&missing.code) == key) {
        return Err(Diagnostic::error(format!("code {shown} of `{id}` is a missing code, not an option")));
    }
    if question.not_asked.iter().any(|not_asked| code_key(not_asked) == key) {
        return Err(Diagnostic::error(format!("code {shown} of `{id}` means 非該当, it is not an option")));
    }
    let error = Diagnostic::error(format!("`{id}` has no option with code {shown}"));
    if let Some(option) = question.options.iter().find(|option| matching_key(&option.label) == key) {
        return Err(error.hint(format!("codes are used here, not labels: write {}", written(&option.code))));
    }
    if let Some(hint) = municipality_hint(&key).filter(|_| question.municipalities) {
        return Err(error.hint(hint));
    }
    // A number is not near another number because they share a digit.
    if let Code::Text(typed) = code {
        let texts = question.options.iter().filter_map(|option| match &option.code {
            Code::Text(text) => Some(text.as_str()),
            Code::Integer(_) => None,
        });
        if let Some(hint) = suggestion(typed, texts) {
            return Err(error.hint(hint));
        }
    }
    let codes: Vec<String> = question.options.iter().take(10).map(|option| written(&option.code)).collect();
    let more = if question.options.len() > codes.len() { ", …" } else { "" };
    Err(if codes.is_empty() {
        error
    } else {
        error.hint(format!("its codes are {}{more}", codes.join(", ")))
    })
}

/// A code as it is written in a schema or an expression.
fn written(code: &Code) -> String {
    match code {
        Code::Integer(code) => format!("`{code}`"),
        Code::Text(text) => quote(&format!("\"{text}\"")),
    }
}

/// Looks up codes of options, reporting unknown and repeated ones.
pub(super) fn places(
    question: &Question,
    codes: &[Typed<Code>],
    doubtful: bool,
    list: &str,
    mistakes: &mut Mistakes,
) -> Vec<Typed<usize>> {
    let mut places: Vec<Typed<usize>> = Vec::new();
    for code in codes {
        let span: &Range<usize> = &code.span;
        match find(question, &code.value) {
            Ok(place) if places.iter().any(|known| known.value == place) => {
                let shown = quote(&code.value.to_string());
                mistakes.error(span, Diagnostic::error(format!("code {shown} is repeated in {list}")));
            }
            Ok(place) => places.push(Typed { value: place, span: span.clone() }),
            Err(_) if doubtful => {}
            Err(error) => mistakes.error(span, error),
        }
    }
    places
}
