//! `{group}` and the like: what whom a text is of fills in. It needs no figure to assert it.

use std::ops::Range;

use crate::diag::{Diagnostic, thousands};
use crate::report::not_shown;
use crate::sheet::Language;

/// Blanks of texts, and what stands in them or why nothing does.
pub(super) struct Blanks(Vec<(&'static str, Result<String, Diagnostic>)>);

/// Mistakes of a text, each with where in the text it is.
pub(super) type Misworded = Vec<(Range<usize>, Diagnostic)>;

impl Blanks {
    /// `{group}`, `{n}`, `{nation_n}`.
    pub(super) fn of(label: &str, n: Option<u64>, nation_n: Option<u64>, language: Language) -> Blanks {
        let number = |n: Option<u64>| Ok(n.map_or_else(|| not_shown(language).to_string(), thousands));
        Blanks(vec![("{group}", Ok(label.to_string())), ("{n}", number(n)), ("{nation_n}", number(nation_n))])
    }

    /// One more.
    pub(super) fn with(mut self, word: &'static str, value: Result<String, Diagnostic>) -> Blanks {
        self.0.push((word, value));
        self
    }

    /// Several that hidden numbers would fill.
    pub(super) fn hiding(self, words: &[&'static str], hidden: &str) -> Blanks {
        words.iter().fold(self, |blanks, word| blanks.with(word, Ok(hidden.to_string())))
    }

    /// The text with everything in it: `words` completes what is not a blank.
    ///
    /// # Errors
    /// Blanks that have nothing to stand in them, and what `words` finds.
    pub(super) fn complete(
        &self,
        text: &str,
        words: impl FnOnce(&str) -> Result<String, Misworded>,
    ) -> Result<String, Misworded> {
        let (mut masked, mut at, mut errors) = (String::new(), 0, Misworded::new());
        // Where in the masked text a blank ends, and how much longer the text is.
        let mut shifts = Vec::new();
        while let Some((start, place)) = self.first(text, at) {
            masked += &text[at..start];
            masked.push(sign(place));
            let (word, value) = &self.0[place];
            at = start + word.len();
            shifts.push((masked.len(), at - masked.len()));
            if let Err(error) = value {
                errors.push((start..at, error.clone()));
            }
        }
        masked += &text[at..];
        let before = |place: usize| {
            let shift = shifts.iter().rev().find(|(end, _)| *end <= place).map_or(0, |(_, shift)| *shift);
            place + shift
        };
        match words(&masked) {
            Ok(completed) if errors.is_empty() => {
                let values = self.0.iter().enumerate();
                Ok(values.fold(completed, |text, (place, (_, value))| match value {
                    Ok(value) => text.replace(sign(place), value),
                    Err(_) => text,
                }))
            }
            Ok(_) => Err(errors),
            Err(found) => {
                let placed =
                    |(span, error): (Range<usize>, Diagnostic)| (before(span.start)..before(span.end), error);
                errors.extend(found.into_iter().map(placed));
                Err(errors)
            }
        }
    }

    /// The next blank of a text, and which.
    fn first(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let found = self
            .0
            .iter()
            .enumerate()
            .filter_map(|(place, (word, _))| text[at..].find(word).map(|start| (at + start, place)));
        found.min()
    }
}

/// A character that no text has, in place of a blank while numbers are looked for.
fn sign(place: usize) -> char {
    char::from_u32(0xFDD0 + place as u32).unwrap_or('\u{FDEF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_stand_where_they_stand_in_the_text_that_has_blanks() {
        let blanks = Blanks::of("島根県", Some(19), Some(1_717), Language::Japanese)
            .with("{rank}", Err(Diagnostic::error("no rank")));
        let text = "{group}は{n}のうち3割、{rank}";
        let found = |masked: &str| {
            let start = masked.find("3割").expect("it is there");
            Err(vec![(start..start + 4, Diagnostic::error("who says so?"))])
        };
        let errors = blanks.complete(text, found).expect_err("two mistakes");
        let told: Vec<(&str, &str)> =
            errors.iter().map(|(span, error)| (&text[span.clone()], error.message.as_str())).collect();
        assert_eq!(told, [("{rank}", "no rank"), ("3割", "who says so?")]);
        let whole = blanks.complete("{group}は{n}（{nation_n}）", |masked| Ok(masked.to_string()));
        assert_eq!(whole.expect("no mistake"), "島根県は19（1,717）");
    }
}
