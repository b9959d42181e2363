//! What columns that belong together are: a multi question, or a grid.

use std::collections::HashSet;

use super::column::Column;
use super::family::{Family, Member};
use super::guess::{Answer, Code, Guess, Guessing, id};
use super::single::{MOST_CODES, code_of, coded, ordered};
use super::words;
use crate::schema::{integer_of, matching_key};

/// Tokens that mean selected.
const SELECTED: [&str; 13] = ["1", "○", "◯", "✓", "✔", "レ", "x", "X", "TRUE", "true", "Yes", "Y", "はい"];
/// What stands for not selected beside each of them; 0 may stand beside any.
const OPPOSITES: [(&str, &str); 5] =
    [("Y", "N"), ("Yes", "No"), ("はい", "いいえ"), ("TRUE", "FALSE"), ("true", "false")];

/// What columns that belong together are; `None`: each is a question of its own.
///
/// `number` is the question's, where nothing tells it.
pub(super) fn of_family(
    family: &Family,
    columns: &[Column],
    number: usize,
    ids: &mut HashSet<String>,
) -> Option<Guess> {
    let own: Vec<&Column> = family.members.iter().map(|member| &columns[member.place]).collect();
    let places: Vec<usize> = family.members.iter().map(|member| member.place).collect();
    let (mut kind, reasons) =
        selected(family, &own).or_else(|| named(family, &own)).or_else(|| grid(family, &own))?;
    if let (Guessing::Columns { options, .. }, true) = (&mut kind, family.has_other) {
        let numbers: Vec<i64> = options.iter().filter_map(|option| number_of(&option.code)).collect();
        let free = (1..).find(|code| !numbers.contains(code)).unwrap_or(1);
        options.push(Answer { code: Code::Number(free), label: "その他".to_string(), missing: None });
        options.sort_by_key(|option| number_of(&option.code).unwrap_or(i64::MAX));
    }
    let named = [family.stem.as_str(), own[0].name()];
    let id = match (family.found, family.stem.is_empty()) {
        (true, true) => id(&[family.text.as_str()], number, ids),
        _ => id(&named, number, ids),
    };
    let guess = Guess::new(id, family.text.clone(), places, kind, reasons);
    Some(Guess { found: family.found, ..guess })
}

fn number_of(code: &Code) -> Option<i64> {
    match code {
        Code::Number(code) => Some(*code),
        Code::Text(_) => None,
    }
}

fn answers(family: &Family) -> Vec<Answer> {
    let answer = |(place, member): (i64, &Member)| Answer {
        // An export has the words of options; their numbers are those of its columns.
        code: match family.found && member.code == member.label {
            true => Code::Number(place),
            false => code_of(&member.code),
        },
        label: member.label.clone(),
        missing: None,
    };
    (1..).zip(&family.members).map(answer).collect()
}

/// Marks in a column for each option.
fn selected(family: &Family, columns: &[&Column]) -> Option<(Guessing, Vec<String>)> {
    let mut tokens: Vec<String> = Vec::new();
    for (value, _) in columns.iter().flat_map(|column| column.values()) {
        if !tokens.contains(value) {
            tokens.push(value.clone());
        }
    }
    if columns.iter().any(|column| column.overfull) || tokens.len() > 5 {
        return None;
    }
    let marks: Vec<String> =
        tokens.iter().filter(|token| SELECTED.contains(&token.as_str())).cloned().collect();
    let opposite = |token: &String| {
        token == "0" || marks.iter().any(|mark| OPPOSITES.contains(&(mark.as_str(), token.as_str())))
    };
    let rest: Vec<&String> =
        tokens.iter().filter(|token| !SELECTED.contains(&token.as_str()) && !opposite(token)).collect();
    // A code of 無回答 stands in every column of a record.
    let everywhere = |token: &&String| {
        let count = |column: &&Column| {
            column.values().iter().find(|(value, _)| value == *token).map_or(0, |(_, count)| *count)
        };
        let first = count(&columns[0]);
        first > 0 && columns.iter().all(|column| count(column) == first)
    };
    let zero = tokens.iter().find(|token| opposite(token));
    let blanks = columns.iter().any(|column| column.blank > 0);
    let odd = rest.iter().any(|token| !everywhere(token) || SELECTED.contains(&token.as_str()));
    if marks.len() != 1
        || odd
        || !(zero.is_some() || blanks)
        || (!family.found && family.stem.chars().all(|sign| sign.is_alphabetic()) && zero.is_none())
    {
        return None;
    }
    let mut reasons = vec![match zero {
        Some(zero) => format!(
            "{} columns of `{}` and `{zero}`: a multi question, a column for each option",
            columns.len(),
            marks[0]
        ),
        None => format!(
            "{} columns of `{}` and blanks: a multi question, a column for each option",
            columns.len(),
            marks[0]
        ),
    }];
    match family.members.iter().any(|member| member.code != member.label) || family.stem.is_empty() {
        true => reasons.push("in the order of the columns".to_string()),
        false => reasons.push("the file does not tell the options' words: write the labels".to_string()),
    }
    let missing: Vec<String> = rest.into_iter().cloned().collect();
    for token in &missing {
        reasons.push(format!(
            "`{token}` stands in all columns at once: 無回答, or not asked (then not_asked = [ {token} ])"
        ));
    }
    let known = marks[0] == "1" || (family.found && OPPOSITES.iter().any(|(yes, _)| *yes == marks[0]));
    let selected = if known { Vec::new() } else { marks };
    let template = family.template.clone();
    Some((Guessing::Columns { template, options: answers(family), selected, missing }, reasons))
}

/// In each column nothing but the words of its own option.
fn named(family: &Family, columns: &[&Column]) -> Option<(Guessing, Vec<String>)> {
    let single = columns.iter().all(|column| column.values().len() <= 1 && column.longest <= 60);
    let alike = columns.iter().zip(&family.members).filter(|(column, member)| {
        column.values().first().is_some_and(|(value, _)| matching_key(value) == matching_key(&member.label))
    });
    if !single || alike.count() == 0 {
        return None;
    }
    let reasons = vec![
        format!("{} columns, each with the words of its option or blank: a multi question", columns.len()),
        "in the order of the columns".to_string(),
    ];
    let template = family.template.clone();
    let (selected, missing) = (Vec::new(), Vec::new());
    Some((Guessing::Columns { template, options: answers(family), selected, missing }, reasons))
}

/// One set of few answers in every column.
pub(super) fn grid(family: &Family, columns: &[&Column]) -> Option<(Guessing, Vec<String>)> {
    if columns.iter().any(|column| column.overfull || words::asks_number(column.name()) || column.are_times())
    {
        return None;
    }
    let mut values: Vec<(String, u64)> = Vec::new();
    for (value, count) in columns.iter().flat_map(|column| column.values()) {
        match values.iter_mut().find(|(own, _)| matching_key(own) == matching_key(value)) {
            Some((_, own)) => *own += count,
            None => values.push((value.clone(), *count)),
        }
        if values.len() > MOST_CODES + 2 {
            return None;
        }
    }
    let columns_with = |value: &str| {
        let key = matching_key(value);
        columns
            .iter()
            .filter(|column| column.values().iter().any(|(own, _)| matching_key(own) == key))
            .count()
    };
    let shared = values.iter().filter(|(value, _)| columns_with(value) > 1);
    if values.len() < 2 || shared.count() < 2 {
        return None;
    }
    // Words under one row alone may be somebody's own.
    let own = |(value, count): &(String, u64)| {
        integer_of(value).is_none() && columns_with(value) == 1 && (*count < 3 || value.chars().count() > 15)
    };
    if values.iter().any(own) {
        return None;
    }
    // The layout finds a row by the number in its id.
    let id = |number: usize, member: &Member| match integer_of(&member.code).filter(|_| family.found) {
        Some(code) => format!("r{code}"),
        None => format!("r{number}"),
    };
    let row = |(number, member): (usize, &Member)| (id(number, member), member.label.clone(), member.place);
    let rows = (1..).zip(&family.members).map(row).collect();
    let all_codes: Option<Vec<(i64, u64)>> =
        values.iter().map(|(value, count)| Some((integer_of(value)?, *count))).collect();
    let reason = format!("{} columns with the same answers: a grid", columns.len());
    if let Some(mut codes) = all_codes {
        codes.sort_unstable();
        let (options, reasons) = coded(&codes, columns[0])?;
        return Some((Guessing::Grid { rows, options }, [vec![reason], reasons].concat()));
    }
    let sentences = columns.iter().any(|column| column.sentences || column.longest > 60);
    let given: u64 = values.iter().map(|(_, count)| count).sum();
    if sentences || given < values.len() as u64 * 3 {
        return None;
    }
    let (options, order) = ordered(values);
    Some((Guessing::Grid { rows, options }, vec![reason, order]))
}
