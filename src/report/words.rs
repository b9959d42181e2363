//! Words of a report: what only data can say is checked against figures, and `{figure}` becomes its number.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diag::{Diagnostic, quote, suggestion};
use crate::figures::{Figures, Judgement, Outcome, Verdict, full_width, said};
use crate::sheet::Language;

/// How numbers are written in sentences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordStyle {
    /// Digits in full width (７９．８％).
    pub full_width: bool,
}

/// What checks and completes the words of a report.
pub struct Words<'a> {
    /// The study's figures.
    pub figures: &'a Figures,
    /// What was found of them.
    pub judgement: &'a Judgement,
    /// Those that stand on hidden numbers: neither they nor words that lean on them are printed.
    pub hidden: &'a BTreeSet<String>,
    /// What a respondent is called.
    pub unit: &'a str,
    /// Language.
    pub language: Language,
    /// How numbers are written.
    pub style: WordStyle,
}

impl Words<'_> {
    /// The text with its numbers, or what is wrong with it and where in it. `backing`: the figures that the text
    /// leans on, by id. Of a text that says what only hidden numbers bear out nothing is left.
    ///
    /// # Errors
    /// A number or wording that none of the figures asserts; a figure that the data contradict; an unknown id.
    pub fn complete(
        &self,
        text: &str,
        backing: &[String],
    ) -> Result<String, Vec<(Range<usize>, Diagnostic)>> {
        let mut errors = Vec::new();
        for said in said(text, self.unit) {
            let holds = |outcome: &Outcome| {
                outcome.expect.is_none() && outcome.as_expected() && !self.hidden.contains(&outcome.id)
            };
            let asserting: Vec<&Outcome> = backing
                .iter()
                .filter(|id| {
                    let claim = self.figures.claims.iter().find(|claim| claim.id == **id);
                    claim.is_some_and(|claim| said.is_in(claim, self.unit))
                })
                .filter_map(|id| self.outcome(id))
                .collect();
            if asserting.iter().any(|outcome| holds(outcome)) {
                continue;
            }
            if asserting.iter().any(|outcome| self.hidden.contains(&outcome.id)) {
                return Ok(nothing_shown(self.language).into());
            }
            let words = quote(&text[said.span.clone()]);
            errors.push((
                said.span,
                match asserting.first() {
                    Some(outcome) => contradicted(&words, outcome),
                    None => {
                        Diagnostic::error(format!("{words} is asserted by no figure that the text names"))
                            .hint("name the figure in `figures`, or let `{id}` print its number")
                    }
                },
            ));
        }
        let completed = self.filled(text, &mut errors);
        if errors.is_empty() { Ok(completed) } else { Err(errors) }
    }

    fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.judgement.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// `{id}` as the figure's percentage, `{id.count}` and `{id.base}` as numbers.
    fn filled(&self, text: &str, errors: &mut Vec<(Range<usize>, Diagnostic)>) -> String {
        let (mut filled, mut at) = (String::new(), 0);
        while let Some(open) = text[at..].find('{').map(|open| at + open) {
            let Some(close) = text[open..].find('}').map(|close| open + close) else { break };
            filled += &text[at..open];
            match self.number(text[open + 1..close].trim()) {
                Ok(number) => filled += &number,
                Err(error) => errors.push((open..close + 1, error)),
            }
            at = close + 1;
        }
        filled + &text[at..]
    }

    fn number(&self, name: &str) -> Result<String, Diagnostic> {
        let (id, part) = match name.rsplit_once('.') {
            Some((id, part @ ("count" | "base"))) => (id, part),
            _ => (name, "percent"),
        };
        let claim = self.figures.claims.iter().find(|claim| claim.id == id);
        let (Some(claim), Some(outcome)) = (claim, self.outcome(id)) else {
            let error = Diagnostic::error(format!("unknown figure {}", quote(id)));
            let ids = self.figures.claims.iter().map(|claim| claim.id.as_str());
            return Err(match suggestion(id, ids) {
                Some(hint) => error.hint(hint),
                None => error.hint("a figure stands in the study's file of figures"),
            });
        };
        if self.hidden.contains(id) {
            return Ok(not_shown(self.language).into());
        }
        if outcome.expect.is_some() || !outcome.as_expected() {
            return Err(contradicted(&quote(id), outcome));
        }
        let nothing = || {
            let error = format!("figure {} has no {part} to print", quote(id));
            Diagnostic::error(error).hint("`{id}` prints a percentage, `{id.count}` and `{id.base}` numbers")
        };
        let fact = outcome.facts.first();
        let shown = match part {
            "count" => fact.and_then(|fact| fact.count).map(crate::diag::thousands),
            "base" => fact.and_then(|fact| fact.base).map(crate::diag::thousands),
            _ => claim
                .percent()
                .map(|percent| format!("{}{}", percent.shown(), self.language.choose("％", "%"))),
        };
        let shown = shown.ok_or_else(nothing)?;
        Ok(if self.style.full_width { full_width(&shown) } else { shown })
    }
}

/// What stands in a sentence for a hidden number.
pub fn not_shown(language: Language) -> &'static str {
    language.choose("秘匿", "x")
}

/// What stands for a sentence that hidden numbers would bear out.
pub fn nothing_shown(language: Language) -> &'static str {
    language.choose("秘匿した数値によるため、記載しない。", "Not shown: it stands on suppressed numbers.")
}

/// The data say something else than the figure, which says what.
fn contradicted(words: &str, outcome: &Outcome) -> Diagnostic {
    let found = match outcome.verdict {
        Verdict::Impossible => "is impossible",
        _ => "is not what the data give",
    };
    let mut error = Diagnostic::error(format!("{words} {found}, by figure {}", quote(&outcome.id)));
    for reason in outcome.reasons.iter().take(3) {
        error = error.hint(reason.text.clone());
    }
    error
}
