//! A list of who was asked: one respondent's key a record, and the group where groups are told apart.

use std::collections::HashMap;
use std::path::Path;

use super::file::Data;
use super::heading::Declared;
use super::pairs::{each_record, few};
use super::source::Opening;
use crate::diag::{Diagnostic, Failure, Place, quote};
use crate::schema::{QuestionIndex, Survey};

/// Who was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Keys in the order of the file, each with the option of its group.
    pub respondents: Vec<(String, Option<usize>)>,
}

/// Reads a list of respondents' keys, under the header that the key has in the data; with `by` also a column of
/// that question's codes or labels.
///
/// # Errors
/// A schema without a key; anything amiss in the file; keys that are blank or stand twice, groups that are none.
pub fn read_asked(path: &Path, survey: &Survey, by: Option<QuestionIndex>) -> Result<Asked, Failure> {
    let Some(key) = &survey.respondent else {
        let error = "a list of who was asked has the respondents' keys, and the schema names none";
        let hint = "say `respondent = \"…\"` under `[survey]`";
        return Err(Failure::Refused(vec![Diagnostic::error(error).hint(hint)]));
    };
    let question = by.map(|by| &survey.questions[by]);
    let headers = std::iter::once(key).chain(question.map(|question| &question.id)).cloned();
    let mut data = Data::open(path, Opening::default())?;
    data.find_records(None, &headers.collect::<Vec<_>>(), Declared::default(), true)?;
    let mut asked = Asked::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut errors: Vec<Diagnostic> = Vec::new();
    let mut visit = |number: u64, cells: &[&str], place: &dyn Fn(usize) -> Place| {
        let mut amiss = |error: String, cell: usize| errors.push(Diagnostic::error(error).at(place(cell)));
        let key = cells.first().copied().unwrap_or_default();
        if key.is_empty() {
            amiss("the key is blank".into(), 0);
        } else if let Some(first) = seen.insert(key.to_string(), number) {
            amiss(format!("the key is the same as in record {first}"), 0);
        }
        let option = question.zip(cells.get(1)).and_then(|(question, written)| {
            let found = question.options.iter().position(|option| {
                let code = option.code.to_string();
                code == *written
                    || option.label == *written
                    || option.spellings.iter().any(|own| own == written)
            });
            if found.is_none() {
                amiss(format!("`{}` has no option {}", question.id, quote(written)), 1);
            }
            found
        });
        asked.respondents.push((key.to_string(), option));
        few(&mut errors, &data)
    };
    let (what, keys) = ("keys of those who were asked", (key.as_str(), "the respondents' keys"));
    match question {
        None => each_record(&data, what, [keys], |record| {
            visit(record.number, &record.cells, &|cell| record.place(cell))
        })?,
        Some(question) => each_record(&data, what, [keys, (&question.id, "their groups")], |record| {
            visit(record.number, &record.cells, &|cell| record.place(cell))
        })?,
    }
    if errors.is_empty() { Ok(asked) } else { Err(Failure::Refused(errors)) }
}
