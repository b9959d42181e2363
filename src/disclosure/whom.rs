//! Those whom a table of a release is of.

use crate::schema::{Condition, QuestionIndex, Survey};
use crate::tabulate::{Request, Table};

/// Those whom a table is of, apart from others of the release; by default everybody.
///
/// Two tables whose counts are of the same people must say so in the same way: a number that is hidden in one is
/// hidden in the other then.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whom {
    /// Those who gave one of these options of a question, of each.
    pub(super) within: Vec<(QuestionIndex, Vec<usize>)>,
    /// What else is true of them, in words.
    pub(super) words: Option<String>,
    /// The wave, where the release has several.
    pub(super) wave: Option<String>,
}

impl Whom {
    /// Those for whom these conditions hold: what is said of options is known by them, the rest by its words.
    pub fn of<'c>(survey: &Survey, conditions: impl IntoIterator<Item = &'c Condition>) -> Whom {
        let (mut within, mut words) = (Vec::new(), Vec::new());
        let mut parts: Vec<&Condition> = conditions.into_iter().collect();
        while let Some(part) = parts.pop() {
            match part {
                Condition::And(inner) => parts.extend(inner),
                Condition::Answer { question, accepts }
                    if survey.questions[*question].kind.takes_one_option() =>
                {
                    let options = (0..accepts.len()).filter(|&option| accepts[option]);
                    within.push((*question, options.collect()));
                }
                other => words.push(format!("{other:?}")),
            }
        }
        within.sort();
        within.dedup();
        words.sort();
        words.dedup();
        Whom { within, words: (!words.is_empty()).then(|| words.join("; ")), wave: None }
    }

    /// Those whom a request asks for.
    pub fn of_request(survey: &Survey, request: &Request) -> Whom {
        Whom::of(survey, request.filter.iter().map(|filter| &filter.condition))
    }

    /// The same in one of several waves.
    pub fn in_wave(self, wave: impl Into<String>) -> Whom {
        Whom { wave: Some(wave.into()), ..self }
    }

    /// Tables of them.
    pub fn place<'t>(
        &self,
        tables: impl IntoIterator<Item = &'t mut Table>,
    ) -> impl Iterator<Item = Placed<'t>> {
        tables.into_iter().map(|table| Placed { table, whom: self.clone() })
    }
}

/// A table of a release.
#[derive(Debug)]
pub struct Placed<'a> {
    /// The table.
    pub table: &'a mut Table,
    /// Whom it is of.
    pub whom: Whom,
}
