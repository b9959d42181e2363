//! What a file of a statistics program says of its columns: labels, missing values, sets. That is no guess.

use std::collections::{HashMap, HashSet};

use super::column::Column;
use super::guess::{Answer, Code, Guess, Guessing, id};
use super::single::code_of;
use crate::frame::{Described, DescribedColumn, DescribedSet, Holds, SetHolds};
use crate::schema::{self, integer_of};

/// Values without words that may still be codes; with more it is a number some of whose values have words.
const MOST_WITHOUT_WORDS: usize = 40;
/// What stands between the text of a grid and that of its row.
const CUTS: [&str; 6] = ["／", " / ", "｜", " - ", "：", ": "];

/// A file's description, with the places of its columns.
pub(super) struct Told<'a> {
    described: &'a Described,
    places: HashMap<&'a str, usize>,
    columns: &'a [Column],
}

impl<'a> Told<'a> {
    pub(super) fn new(described: &'a Described, columns: &'a [Column]) -> Told<'a> {
        let places = columns.iter().enumerate().map(|(place, column)| (column.name(), place)).collect();
        Told { described, places, columns }
    }

    /// The column of the weight.
    pub(super) fn weight(&self) -> Option<usize> {
        self.places.get(self.described.weight.as_deref()?).copied()
    }

    /// The words of a column.
    pub(super) fn label(&self, place: usize) -> Option<&'a str> {
        let column = self.column(place)?;
        column.label.as_deref().map(str::trim).filter(|label| !label.is_empty())
    }

    fn column(&self, place: usize) -> Option<&'a DescribedColumn> {
        self.described.columns.iter().find(|column| column.name == self.columns[place].name())
    }

    /// The question that begins in this column, as far as the file tells it.
    pub(super) fn question(&self, place: usize, ids: &mut HashSet<String>) -> Option<Guess> {
        let name = self.columns[place].name();
        let set = self.described.sets.iter().find(|set| set.columns.first().is_some_and(|own| own == name));
        set.and_then(|set| self.set(set, ids))
            .or_else(|| self.grid(place, ids))
            .or_else(|| self.single(place, ids))
    }

    /// A set of columns: a multi question, or places of a rank question.
    fn set(&self, set: &DescribedSet, ids: &mut HashSet<String>) -> Option<Guess> {
        let places: Vec<usize> =
            set.columns.iter().map(|name| self.places.get(name.as_str()).copied()).collect::<Option<_>>()?;
        let own: Vec<&DescribedColumn> =
            places.iter().map(|&place| self.column(place)).collect::<Option<_>>()?;
        let (stem, codes) = common(&set.columns)?;
        let text = set.label.clone().unwrap_or_else(|| set.name.clone());
        let named = stem.trim_end_matches(['_', '-', '.']).to_string();
        let (kind, reason) = match &set.holds {
            SetHolds::Dichotomies { selected } => {
                let option = |(column, code): (&&DescribedColumn, &String)| Answer {
                    code: code_of(code),
                    label: column.label.clone().unwrap_or_else(|| code.clone()),
                    missing: None,
                };
                let selected = match selected {
                    schema::Code::Integer(1) => Vec::new(),
                    other => vec![schema::code_key(other)],
                };
                let template = format!("{stem}{{code}}");
                let options = own.iter().zip(&codes).map(option).collect();
                let kind = Guessing::Columns { template, options, selected, missing: Vec::new() };
                (kind, "the file tells a set of columns, one for each option")
            }
            SetHolds::Categories => {
                let in_order = codes.iter().enumerate().all(|(at, code)| *code == (at + 1).to_string());
                let (options, _) = self.answers(own[0], &[]);
                if !in_order || options.is_empty() {
                    return None;
                }
                let template = format!("{stem}{{place}}");
                let kind = Guessing::Rank { template, places: codes.len(), options };
                (kind, "the file tells a set of columns that hold options: the first place, the second, …")
            }
        };
        let id = id(&[&set.name, &named], places[0] + 1, ids);
        let mut guess = Guess::new(id, text, places, kind, vec![reason.to_string()]);
        guess.told_missing = self.missing(own[0]);
        Some(guess)
    }

    /// Columns side by side with the same values and one text in front of their own.
    fn grid(&self, place: usize, ids: &mut HashSet<String>) -> Option<Guess> {
        let first = self.column(place)?;
        let (text, separator) = CUTS
            .iter()
            .find_map(|cut| Some((first.label.as_deref()?.rsplit_once(cut)?.0.to_string(), *cut)))?;
        let mut rows = Vec::new();
        for next in place..self.columns.len() {
            let Some(column) = self.column(next) else { break };
            let row =
                column.label.as_deref().and_then(|label| label.strip_prefix(&text)?.strip_prefix(separator));
            let (Some(row), true) = (row, column.labels == first.labels && column.missing == first.missing)
            else {
                break;
            };
            rows.push((format!("r{}", rows.len() + 1), row.to_string(), next));
        }
        if rows.len() < 2 || first.labels.is_empty() {
            return None;
        }
        let places: Vec<usize> = rows.iter().map(|(_, _, place)| *place).collect();
        let (options, more) = self.answers(first, &places);
        if options.is_empty() {
            return None;
        }
        let names: Vec<String> = places.iter().map(|&place| self.columns[place].name().to_string()).collect();
        let stem = common(&names).map_or(names[0].clone(), |(stem, _)| stem);
        // q7_r1, q7_r2: `r` is of the rows.
        let stem = stem.strip_suffix(['r', 'R']).filter(|stem| stem.ends_with(['_', '.'])).unwrap_or(&stem);
        let id = id(&[stem.trim_end_matches(['_', '-', '.'])], place + 1, ids);
        let mut reasons = vec![format!("{} columns with the same values: a grid", rows.len())];
        reasons.extend(more);
        let mut guess = Guess::new(id, text, places, Guessing::Grid { rows, options }, reasons);
        guess.told_missing = self.missing(first);
        Some(guess)
    }

    /// A column whose values have words.
    fn single(&self, place: usize, ids: &mut HashSet<String>) -> Option<Guess> {
        let column = self.column(place)?;
        let told_missing = self.missing(column);
        let (options, more) = self.answers(column, &[place]);
        let name = self.columns[place].name();
        let text = self.label(place).unwrap_or(name).to_string();
        let kind = match (options.is_empty(), column.holds) {
            (false, _) => Guessing::Single(options),
            (true, _) if column.labels.is_empty() && told_missing.is_empty() => return None,
            (true, Holds::Days) => Guessing::Date,
            (true, Holds::Numbers { .. }) => Guessing::Number { words: Vec::new() },
            (true, _) => return None,
        };
        let mut reasons = vec!["the file tells its words and the words of its values".to_string()];
        reasons.extend(more);
        if let Guessing::Number { .. } = kind {
            let not_told =
                column.labels.iter().filter(|(code, _)| !column.missing.iter().any(|own| own.hold(code)));
            reasons.extend(not_told.map(|(code, label)| {
                let code = schema::code_key(code);
                format!("`{code}` is {label}: if that is no number, say missing = [ {{ code = {code}, label = \"{label}\" }} ]")
            }));
        }
        let mut guess = Guess::new(id(&[name], place + 1, ids), text, vec![place], kind, reasons);
        guess.told_missing = told_missing;
        Some(guess)
    }

    /// The answers that the file has words for, in its order, and the codes beside them that stand in these columns.
    fn answers(&self, column: &DescribedColumn, places: &[usize]) -> (Vec<Answer>, Option<String>) {
        let is_missing = |code: &schema::Code| column.missing.iter().any(|missing| missing.hold(code));
        let known: HashSet<String> = column.labels.iter().map(|(code, _)| schema::code_key(code)).collect();
        let mut answers: Vec<Answer> = column
            .labels
            .iter()
            .filter(|(code, _)| !is_missing(code))
            .map(|(code, label)| Answer { code: written(code), label: label.clone(), missing: None })
            .collect();
        let values = || places.iter().flat_map(|&place| self.columns[place].values());
        // Amounts, some of which have words.
        let is_amount = |value: &str| value.parse::<f64>().is_ok() && integer_of(value).is_none();
        if answers.is_empty() || values().any(|(value, _)| is_amount(value)) {
            return (Vec::new(), None);
        }
        let mut others: Vec<i64> = values().filter_map(|(value, _)| integer_of(value)).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|code| {
            let code = schema::Code::Integer(*code);
            !is_missing(&code) && !known.contains(&schema::code_key(&code))
        });
        if others.len() > MOST_WITHOUT_WORDS {
            return (Vec::new(), None);
        }
        let reason = (!others.is_empty())
            .then(|| format!("{} of its values have no words: write the labels", others.len()));
        if reason.is_some() {
            answers.extend(others.into_iter().map(|code| Answer {
                code: Code::Number(code),
                label: code.to_string(),
                missing: None,
            }));
            answers.sort_by_key(|answer| match answer.code {
                Code::Number(code) => code,
                Code::Text(_) => i64::MAX,
            });
        }
        (answers, reason)
    }

    /// Values that the file says are no answers, with their words.
    fn missing(&self, column: &DescribedColumn) -> Vec<Answer> {
        let mut told: Vec<Answer> = Vec::new();
        for missing in &column.missing {
            let labelled = column.labels.iter().filter(|(code, _)| missing.hold(code));
            told.extend(labelled.map(|(code, label)| Answer {
                code: written(code),
                label: label.clone(),
                missing: None,
            }));
            if let crate::frame::MissingValues::Value(code) = missing
                && !column.labels.iter().any(|(own, _)| own == code)
            {
                told.push(Answer { code: written(code), label: schema::code_key(code), missing: None });
            }
        }
        told.dedup_by(|one, other| one.code == other.code);
        told
    }
}

/// The beginning that names have in common and what is left of each, which is a code.
fn common(names: &[String]) -> Option<(String, Vec<String>)> {
    let first = names.first()?;
    let alike = |length: usize| {
        names.iter().all(|name| name.as_bytes().get(..length) == Some(&first.as_bytes()[..length]))
    };
    let mut length =
        (0..=first.len()).rev().find(|&length| first.is_char_boundary(length) && alike(length))?;
    // q3_10 and q3_11 have q3_1 in common, and are 10 and 11.
    while first[..length].ends_with(|last: char| last.is_ascii_digit())
        && first[..length].contains(['_', '-', '.'])
    {
        length -= 1;
    }
    let codes: Vec<String> = names.iter().map(|name| name[length..].to_string()).collect();
    let fits = length > 0
        && codes.iter().all(|code| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    fits.then(|| (first[..length].to_string(), codes))
}

fn written(code: &schema::Code) -> Code {
    match code {
        schema::Code::Integer(code) => Code::Number(*code),
        schema::Code::Text(code) => Code::Text(code.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_where_they_differ() {
        let cut = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            common(&names).map(|(stem, codes)| format!("{stem} {}", codes.join(" ")))
        };
        assert_eq!(cut(&["q3_1", "q3_2", "q3_10"]).as_deref(), Some("q3_ 1 2 10"));
        assert_eq!(cut(&["q3_10", "q3_11"]).as_deref(), Some("q3_ 10 11"));
        assert_eq!(cut(&["q7_r1", "q7_r2"]).as_deref(), Some("q7_r 1 2"));
        assert_eq!(cut(&["本", "席"]), None);
        assert_eq!(cut(&["a", "ab"]), None);
    }
}
