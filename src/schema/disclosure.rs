//! `[survey.disclosure]`: how few respondents are too few to be shown (秘匿処理).

use std::ops::Range;

use super::QuestionIndex;
use super::question::{self, Draft};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Keys, Mistakes, Typed, Value};

/// Who is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Respondents {
    /// People: the threshold is 10 unless another is written.
    Persons,
    /// Organisations, which have fewer secrets: 3 unless another is written.
    Organisations,
}

/// What becomes of cells and groups of too few respondents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Who is protected.
    pub respondents: Respondents,
    /// Fewer respondents than this are not shown.
    pub threshold: u64,
    /// Nobody (0) is shown as well; otherwise hidden like a small number.
    pub zero_shown: bool,
    /// Other cells are hidden too, so that the hidden ones cannot be computed. Without them nothing is
    /// protected: for tests of `renkei audit` only.
    pub complementary: bool,
    /// Thresholds by the population of a group.
    pub bands: Option<PopulationBands>,
}

impl Disclosure {
    /// Whether respondents may be named: organisations, never persons.
    pub fn may_name(&self) -> bool {
        self.respondents == Respondents::Organisations
    }
}

/// Thresholds by the population of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PopulationBands {
    /// The question of the groups.
    pub by: QuestionIndex,
    /// The population of each of its options.
    pub population: Vec<u64>,
    /// By ascending population.
    pub bands: Vec<PopulationBand>,
}

/// The threshold below a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PopulationBand {
    /// Groups of fewer inhabitants.
    pub below: u64,
    /// Their threshold; `None`: nothing of them is shown.
    pub threshold: Option<u64>,
}

/// `[survey.disclosure]` as typed.
pub(super) struct TypedDisclosure {
    respondents: Option<Respondents>,
    threshold: Option<u64>,
    zero_shown: bool,
    complementary: bool,
    by: Option<Typed<String>>,
    population: Vec<(Typed<String>, Option<u64>)>,
    bands: Option<Typed<Vec<PopulationBand>>>,
    population_span: Option<Range<usize>>,
}

/// Reads `[survey.disclosure]`.
pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedDisclosure {
    keys.require("respondents");
    let respondents = keys.word(
        "respondents",
        &[("persons", Respondents::Persons), ("organisations", Respondents::Organisations)],
        mistakes,
    );
    let zero = keys.word("zero", &[("show", true), ("hide", false)], mistakes);
    let threshold = keys.value("threshold").and_then(|value| threshold("threshold", &value, mistakes));
    let complementary = keys.flag("complementary", mistakes).is_none_or(|flag| flag.value);
    let by = keys.text("by", mistakes);
    let population_span = keys.key_span("population");
    let population = keys.table("population", mistakes).map_or(Vec::new(), |mut keys| {
        let read = |(code, value): (Typed<String>, Value<'_>)| {
            let count = super::sent::count("population", &value, mistakes).map(|count| count.value);
            (code, count)
        };
        keys.others().into_iter().map(read).collect()
    });
    let bands_span = keys.key_span("bands");
    let bands = keys.tables("bands", mistakes).into_iter().filter_map(|keys| band(keys, mistakes)).collect();
    for (key, span) in [("population", &population_span), ("bands", &bands_span)] {
        if let (Some(span), None) = (span, &by) {
            let error = Diagnostic::error(format!("missing key `by` beside `{key}`"));
            mistakes
                .error(span, error.hint("`by = \"city\"` names the question whose options have populations"));
        }
    }
    keys.finish(mistakes);
    TypedDisclosure {
        respondents: respondents.map(|word| word.value),
        threshold,
        zero_shown: zero.is_none_or(|word| word.value),
        complementary,
        by,
        population,
        bands: bands_span.map(|span| Typed { value: bands, span }),
        population_span,
    }
}

fn threshold(key: &str, value: &Value<'_>, mistakes: &mut Mistakes) -> Option<u64> {
    let typed = value.integer(mistakes)?;
    match u64::try_from(typed.value) {
        Ok(count @ 2..=1_000) => Some(count),
        _ => {
            let error = format!("expected 2 to 1,000 respondents for `{key}`, found `{}`", typed.value);
            mistakes.error(&typed.span, Diagnostic::error(error));
            None
        }
    }
}

/// `{ below = 25000, threshold = 20 }`; without a threshold nothing is shown.
fn band(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<PopulationBand> {
    keys.require("below");
    let below = keys.value("below").and_then(|value| super::sent::count("below", &value, mistakes));
    let threshold = keys.value("threshold").and_then(|value| threshold("threshold", &value, mistakes));
    keys.finish(mistakes);
    Some(PopulationBand { below: below?.value, threshold })
}

/// The rules, with the groups looked up.
pub(super) fn resolve(
    typed: Option<TypedDisclosure>,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Option<Disclosure> {
    let typed = typed?;
    let respondents = typed.respondents?;
    let usual = match respondents {
        Respondents::Persons => 10,
        Respondents::Organisations => 3,
    };
    Some(Disclosure {
        respondents,
        threshold: typed.threshold.unwrap_or(usual),
        zero_shown: typed.zero_shown,
        complementary: typed.complementary,
        bands: bands(&typed, drafts, mistakes),
    })
}

fn bands(typed: &TypedDisclosure, drafts: &[Draft], mistakes: &mut Mistakes) -> Option<PopulationBands> {
    let by = typed.by.as_ref()?;
    let place = question::find(&by.value, &by.span, "`[survey.disclosure]`", drafts, mistakes)?;
    let question = &drafts[place].question;
    if !question.kind.takes_one_option() && !drafts[place].doubtful {
        let error = format!(
            "expected a single question in `by`, found the {} question `{}`",
            question.kind.word(),
            question.id
        );
        mistakes.error(&by.span, Diagnostic::error(error).hint("its options are groups with a population"));
        return None;
    }
    let (Some(bands), Some(span)) = (&typed.bands, &typed.population_span) else {
        let error = Diagnostic::error("`by` needs `population` and `bands` in `[survey.disclosure]`");
        mistakes
            .error(&by.span, error.hint("`bands = [{ below = 2000 }, { below = 25000, threshold = 20 }]`"));
        return None;
    };
    if bands.value.windows(2).any(|pair| pair[0].below >= pair[1].below) {
        let error = Diagnostic::error("expected bands by ascending population");
        mistakes.error(&bands.span, error.hint("each `below` is more than the one before"));
    }
    let mut population: Vec<Option<u64>> = vec![None; question.options.len()];
    let mut unread = drafts[place].doubtful;
    for (code, count) in &typed.population {
        match question.options.iter().position(|option| option.code.to_string() == code.value) {
            Some(option) => {
                population[option] = *count;
                unread |= count.is_none();
            }
            None if drafts[place].doubtful => {}
            None => {
                let error = format!("`{}` has no option {}", question.id, quote(&code.value));
                mistakes.error(&code.span, Diagnostic::error(error));
                unread = true;
            }
        }
    }
    let of_options = question.options.iter().zip(&population);
    let absent: Vec<String> = of_options
        .filter(|(_, count)| count.is_none())
        .map(|(option, _)| quote(&option.code.to_string()))
        .collect();
    if !absent.is_empty() && !unread {
        let listed = absent[..absent.len().min(5)].join(", ");
        let error = format!("`population` says nothing of {listed} of `{}`", question.id);
        mistakes.error(span, Diagnostic::error(error).hint("without a population a group has no threshold"));
    }
    let population = population.into_iter().collect::<Option<Vec<u64>>>()?;
    Some(PopulationBands { by: place, population, bands: bands.value.clone() })
}
