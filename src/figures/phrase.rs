//! Wordings of reports (4割以上, 約半数, 最多) and when they are true: a file, not code.

use std::sync::Arc;

use super::wording::{Numbers, Wording};
use crate::diag::{Diagnostic, Source, Warned, quote};
use crate::stats::Ratio;
use crate::toml::{Document, Keys, Mistakes, Typed};

/// The built-in wordings.
const BUILT_IN: &str = include_str!("phrases.toml");

/// The wordings that can be judged and said, the user's before the built-in ones.
#[derive(Debug, Clone)]
pub struct Phrases {
    /// In the order in which they are tried.
    pub phrases: Vec<Phrase>,
}

/// One wording.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// The words, with places for numbers.
    pub wording: Wording,
    /// What it means.
    pub meaning: Meaning,
    /// It can stand before a noun with の: 3割程度の市町村.
    pub noun: bool,
    /// It is judged, and not proposed for a sentence: another wording says the same.
    pub judged_only: bool,
    /// Nobody published this reading.
    pub assumed: bool,
}

/// What a wording means.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// It is true of some shares.
    Shares {
        /// Of which it is true.
        truth: Interval,
        /// Of which one would say it; `None`: it is never chosen for a sentence.
        sayable: Option<Interval>,
        /// The answer must be the most frequent one.
        first: bool,
        /// Points by which it must lead the second.
        lead: Option<i64>,
    },
    /// It is read too differently to be judged.
    Undefined(String),
}

/// An interval of shares in per cent, whose ends may depend on a wording's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    low: End,
    high: End,
}

/// One end: `factor · letter + plus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    factor: i64,
    letter: Option<char>,
    plus: i64,
    /// The end belongs to the interval.
    closed: bool,
}

impl End {
    fn read(text: &str, closed: bool) -> Option<End> {
        let text = text.trim();
        let Some(place) = text.find(['N', 'M']) else {
            return Some(End { factor: 0, letter: None, plus: text.parse().ok()?, closed });
        };
        let letter = text[place..].chars().next();
        let factor = text[..place].parse().ok()?;
        let rest = text[place + 1..].replace(' ', "");
        let plus = if rest.is_empty() { 0 } else { rest.parse().ok()? };
        (rest.is_empty() || rest.starts_with(['+', '-'])).then_some(End { factor, letter, plus, closed })
    }

    fn at(self, numbers: Numbers) -> i64 {
        let number = match self.letter {
            Some('M') => numbers.second,
            Some(_) => numbers.first,
            None => 0,
        };
        self.factor * number + self.plus
    }
}

impl Interval {
    /// Reads `[10N, 10N+10)`.
    pub fn read(text: &str) -> Option<Interval> {
        let text = text.trim();
        let low_closed = text.starts_with('[');
        let high_closed = text.ends_with(']');
        let inner = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
        let (low, high) = inner.split_once(',')?;
        Some(Interval { low: End::read(low, low_closed)?, high: End::read(high, high_closed)? })
    }

    /// Whether a share is in it: exact, from raw.
    pub fn holds(self, share: Ratio, numbers: Numbers) -> bool {
        let [low, high] = [self.low, self.high].map(|end| Ratio::whole(i128::from(end.at(numbers))));
        (if self.low.closed { share >= low } else { share > low })
            && (if self.high.closed { share <= high } else { share < high })
    }

    /// As mathematicians write it, with the wording's numbers put in.
    pub fn shown(self, numbers: Numbers) -> String {
        let open = if self.low.closed { '[' } else { '(' };
        let close = if self.high.closed { ']' } else { ')' };
        format!("{open}{}, {}{close}", self.low.at(numbers), self.high.at(numbers))
    }
}

impl Phrases {
    /// The built-in wordings, after those of a user's file (its name and text).
    ///
    /// # Errors
    /// Every mistake of the user's file.
    pub fn load(own: Option<(&str, &str)>) -> Result<Warned<Phrases>, Vec<Diagnostic>> {
        let mut phrases = Vec::new();
        let mut warnings = Vec::new();
        for (name, text) in own.into_iter().chain([("phrases.toml", BUILT_IN)]) {
            let source = Arc::new(Source { name: name.into(), text: text.into() });
            let mut mistakes = Mistakes::new(Arc::clone(&source));
            let document = Document::parse(&source).map_err(|error| vec![error])?;
            let mut keys = document.keys();
            let read: Vec<Phrase> = keys
                .tables("phrase", &mut mistakes)
                .into_iter()
                .filter_map(|keys| phrase(keys, &mut mistakes))
                .collect();
            keys.finish(&mut mistakes);
            warnings.extend(mistakes.finish()?);
            phrases.extend(read);
        }
        Ok(Warned { value: Phrases { phrases }, warnings })
    }

    /// The first wording that a text is, and its numbers.
    pub fn find(&self, text: &str) -> Option<(&Phrase, Numbers)> {
        self.phrases.iter().find_map(|phrase| Some((phrase, phrase.wording.numbers(text)?)))
    }

    /// What may be said of a share: each wording once, with the numbers for which one would say it.
    /// `lead` is the answer's lead over the next one, when it is the most frequent.
    pub fn sayable(&self, share: Ratio, lead: Option<Ratio>) -> Vec<(&Phrase, Numbers)> {
        let fits = |phrase: &&Phrase, numbers: Numbers| match &phrase.meaning {
            Meaning::Shares { truth, sayable: Some(sayable), first, lead: least } => {
                let ahead = match (lead, least) {
                    (Some(lead), Some(least)) => lead >= Ratio::whole(i128::from(*least)),
                    (Some(_), None) => true,
                    (None, _) => !first,
                };
                ahead && truth.holds(share, numbers) && sayable.holds(share, numbers)
            }
            _ => false,
        };
        let mut said = Vec::new();
        for phrase in self.phrases.iter().filter(|phrase| !phrase.judged_only) {
            let tried = phrase.wording.all_numbers();
            // Of two tenths that are equally near the larger is said, as in rounding.
            said.extend(tried.into_iter().rev().find(|&numbers| fits(&phrase, numbers)).map(|n| (phrase, n)));
        }
        said
    }
}

/// Reads one `[[phrase]]`.
fn phrase(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<Phrase> {
    keys.require("say");
    let say = keys.text("say", mistakes);
    let undefined = keys.text("undefined", mistakes);
    if undefined.is_none() {
        keys.require("true");
    }
    let truth = keys.text("true", mistakes).and_then(|typed| interval(&typed, "true", mistakes));
    let sayable = keys.text("sayable", mistakes).and_then(|typed| interval(&typed, "sayable", mistakes));
    let first = keys.flag("first", mistakes).is_some_and(|typed| typed.value);
    let lead = keys.integer("lead", mistakes).map(|typed| typed.value);
    let noun = keys.flag("noun", mistakes).is_some_and(|typed| typed.value);
    let judged_only = keys.flag("judged_only", mistakes).is_some_and(|typed| typed.value);
    let evidence = keys.text("evidence", mistakes);
    let assumed = keys.flag("assumed", mistakes).is_some_and(|typed| typed.value);
    if evidence.is_none() && !assumed && undefined.is_none() {
        let span = keys.span().clone();
        let error =
            Diagnostic::error("expected `evidence` or `assumed = true` in `[[phrase]]`, found neither");
        mistakes.error(&span, error.hint("say where the reading was seen, or that nobody published it"));
    }
    keys.finish(mistakes);
    let say = say?;
    let Some(wording) = Wording::read(&say.value) else {
        let error = Diagnostic::error(format!("expected a wording, found {}", quote(&say.value)));
        mistakes.error(&say.span, error.hint("words with `{N}`, or `{N}` and `{M}`, such as `{N}割以上`"));
        return None;
    };
    let meaning = match undefined {
        Some(why) => Meaning::Undefined(why.value),
        None => Meaning::Shares { truth: truth?, sayable, first, lead },
    };
    Some(Phrase { wording, meaning, noun, judged_only, assumed })
}

fn interval(typed: &Typed<String>, key: &str, mistakes: &mut Mistakes) -> Option<Interval> {
    let read = Interval::read(&typed.value);
    if read.is_none() {
        let error =
            Diagnostic::error(format!("expected an interval for `{key}`, found {}", quote(&typed.value)));
        mistakes.error(&typed.span, error.hint("such as `[10N, 10N+10)`: `[` belongs to it, `(` does not"));
    }
    read
}
