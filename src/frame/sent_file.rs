//! A file of how many questionnaires were sent to each group: `code` and `sent`.

use std::path::Path;

use super::file::Data;
use super::heading::Declared;
use super::pairs::{Named, pairs};
use super::source::Opening;
use crate::diag::{Diagnostic, Failure, Place, quote, thousands};
use crate::schema::{Sent, Survey};

/// What was sent, with the counts of the file that the schema names; `folder` is the schema's.
///
/// # Errors
/// Anything amiss in the file, codes that are none, groups without a count.
pub fn read_sent(sent: &Sent, survey: &Survey, folder: &Path) -> Result<Sent, Failure> {
    let (Some(file), Some(by)) = (&sent.file, sent.by) else { return Ok(sent.clone()) };
    let question = &survey.questions[by];
    let mut data = Data::open(&folder.join(file), Opening::default())?;
    data.find_records(None, &["code".to_string(), "sent".to_string()], Declared::default(), true)?;
    let named = Named {
        what: "counts",
        key: "code",
        key_words: "the code",
        value: "sent",
        value_words: "how many were sent",
        expected: "a count",
    };
    let mut counts: Vec<Option<(u64, Place)>> = vec![None; question.options.len()];
    let mut errors = Vec::new();
    for pair in pairs(&data, &named, |written| written.parse::<u64>().ok())? {
        let place = question.options.iter().position(|option| {
            let code = option.code.to_string();
            code == pair.key || option.label == pair.key || option.spellings.contains(&pair.key)
        });
        match place.map(|place| &mut counts[place]) {
            None => {
                let error = format!("`{}` has no option {}", question.id, quote(&pair.key));
                errors.push(Diagnostic::error(error).at(pair.place));
            }
            Some(Some(_)) => {
                let error = format!("option {} of `{}` has two counts", quote(&pair.key), question.id);
                errors.push(Diagnostic::error(error).at(pair.place));
            }
            Some(count) => *count = Some((pair.value, pair.place)),
        }
    }
    let absent = question.options.iter().zip(&counts).filter(|(_, count)| count.is_none());
    let absent: Vec<String> = absent.map(|(option, _)| quote(&option.code.to_string())).collect();
    let whole = || Place::File(data.name.clone());
    if !absent.is_empty() && errors.is_empty() {
        let error = format!("the file says nothing of {} of `{}`", absent.join(", "), question.id);
        errors.push(Diagnostic::error(error).at(whole()).hint("write 0 where nothing was sent"));
    }
    let counts: Vec<(u64, Place)> = counts.into_iter().flatten().collect();
    let sum = counts.iter().fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
    if let (Some(total), true) = (sent.total.filter(|total| *total != sum), errors.is_empty()) {
        let (total, sum) = (thousands(total), thousands(sum));
        let error = format!("`sent` of `[survey.about]` is {total}, but the counts add up to {sum}");
        errors.push(Diagnostic::error(error).at(whole()));
    }
    match errors.is_empty() {
        true => Ok(Sent { total: Some(sum), counts, ..sent.clone() }),
        false => Err(Failure::Refused(errors)),
    }
}
