//! What each question is: its kind, its answers, and why.

use std::collections::HashSet;

use super::column::Column;
use super::family::{Family, families};
use super::order::{of_bands, of_scale};
use super::words::{self, Purpose};
use crate::schema::{Spelling, integer_of, load, matching_key};

/// Options that a guessed question can have.
const MOST_OPTIONS: usize = 40;
/// Different whole numbers that may still be codes.
const MOST_CODES: usize = 15;

/// What is guessed of a file.
#[derive(Debug, Default)]
pub(super) struct Guessed {
    /// The column of respondents' keys.
    pub(super) key: Option<usize>,
    /// Columns that are no questions.
    pub(super) aside: Vec<(usize, Aside)>,
    pub(super) questions: Vec<Guess>,
}

/// Why a column is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    Purpose(Purpose),
    /// Days with times.
    Times,
    /// Nobody wrote anything.
    Empty,
    /// It has no name.
    Unnamed,
}

/// A guessed question.
#[derive(Debug)]
pub(super) struct Guess {
    pub(super) id: String,
    pub(super) text: String,
    /// Columns, in file order.
    pub(super) columns: Vec<usize>,
    pub(super) kind: Guessing,
    /// Why, and what to look at; comments of the draft.
    pub(super) reasons: Vec<String>,
}

/// What a question is.
#[derive(Debug)]
pub(super) enum Guessing {
    Single(Vec<Answer>),
    Prefectures,
    Municipalities,
    /// One column an option; tokens that mean selected, where they are not the usual one.
    Columns {
        template: String,
        options: Vec<Answer>,
        selected: Vec<String>,
        missing: Vec<String>,
    },
    Packed {
        separator: &'static str,
        options: Vec<Answer>,
    },
    Grid {
        rows: Vec<(String, usize)>,
        options: Vec<Answer>,
    },
    /// Words beside numbers, which mean 無回答.
    Number {
        words: Vec<String>,
    },
    Date,
    Text,
}

/// An answer on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// As TOML has it: a number, or text.
    pub(super) code: Code,
    pub(super) label: String,
    /// It looks like 無回答, and occurs so often.
    pub(super) missing: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    Number(i64),
    Text(String),
}

/// Guesses all of a file.
pub(super) fn survey(columns: &[Column], header_rows: usize) -> Guessed {
    let mut guessed = Guessed { key: key(columns), ..Guessed::default() };
    let families = families(columns, header_rows);
    let places = Places::new();
    let mut ids = HashSet::new();
    let mut place = 0;
    while place < columns.len() {
        let column = &columns[place];
        let family = families.iter().find(|family| family.members[0].0 == place);
        if guessed.key == Some(place) {
            place += 1;
            continue;
        }
        if let Some(guess) = family.and_then(|family| of_family(family, columns, &mut ids)) {
            place += guess.columns.len();
            guessed.questions.push(guess);
            continue;
        }
        match aside(column) {
            Some(aside) => guessed.aside.push((place, aside)),
            None => {
                let (kind, reasons) = of_column(column, &places);
                let id = id(column.name(), &column.header[0], guessed.questions.len() + 1, &mut ids);
                let text = text(column, header_rows);
                guessed.questions.push(Guess { id, text, columns: vec![place], kind, reasons });
            }
        }
        place += 1;
    }
    guessed
}

/// The column of respondents' keys: named so, or the first with another whole number in each record.
fn key(columns: &[Column]) -> Option<usize> {
    let named = columns.iter().position(|column| words::names_key(column.name()) && column.is_unique());
    let named = named.or_else(|| {
        columns
            .iter()
            .position(|column| column.header.iter().any(|name| words::names_key(name)) && column.is_unique())
    });
    named.or_else(|| {
        let first = columns.first()?;
        (first.is_unique()
            && first.are_integers()
            && first.given > 1
            && words::purpose(first.name()).is_none())
        .then_some(0)
    })
}

fn aside(column: &Column) -> Option<Aside> {
    if column.name().is_empty() {
        return Some(Aside::Unnamed);
    }
    let purpose = column.header.iter().find_map(|name| words::purpose(name));
    match purpose {
        Some(purpose) => Some(Aside::Purpose(purpose)),
        None if column.given == 0 => Some(Aside::Empty),
        None if column.are_times() => Some(Aside::Times),
        None => None,
    }
}

/// The words of a question: its header, without the code in front where there is more.
fn text(column: &Column, header_rows: usize) -> String {
    let text = match header_rows {
        2 | 3 => column.header.get(usize::from(header_rows == 3)).filter(|text| !text.is_empty()),
        _ => None,
    };
    text.map_or(column.name(), String::as_str).to_string()
}

/// An id: the header where it can be one, else the number that it begins with, else the question's place.
fn id(name: &str, first: &str, place: usize, ids: &mut HashSet<String>) -> String {
    let fits = |id: &str| {
        id.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
            && id.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
    };
    let numbered = |name: &str| {
        let key = matching_key(name);
        let rest = key.trim_start_matches(['Q', 'q', '問', '設', '.', ' ']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (rest.len() < key.len() && !digits.is_empty()).then(|| format!("q{digits}"))
    };
    let candidates = [
        fits(first).then(|| first.to_string()),
        fits(name).then(|| name.to_string()),
        numbered(first),
        numbered(name),
    ];
    let own = candidates.into_iter().flatten().find(|id| !ids.contains(id));
    let id = own.unwrap_or_else(|| {
        let free = |number: &usize| !ids.contains(&format!("q{number}"));
        format!("q{}", (place..).find(free).unwrap_or(place))
    });
    ids.insert(id.clone());
    id
}

/// The sets of places that renkei knows.
struct Places {
    prefectures: Spelling,
    municipalities: Spelling,
}

impl Places {
    fn new() -> Places {
        let spelling = |set: &str| {
            let schema = format!(
                "[survey]\nid = \"s\"\ntitle = \"s\"\n[[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"single\"\noptions = \"{set}\"\n"
            );
            let survey = load("", &schema).map(|survey| survey.value).ok();
            survey
                .and_then(|survey| survey.questions.first().map(|question| question.spellings()))
                .unwrap_or_default()
        };
        Places { prefectures: spelling("@prefectures"), municipalities: spelling("@municipalities") }
    }
}

/// What one column is.
fn of_column(column: &Column, places: &Places) -> (Guessing, Vec<String>) {
    let values = column.values();
    let reads = |spelling: &Spelling, named: bool| {
        let as_code = values.iter().all(|(value, _)| spelling.code(value).is_some());
        let as_label = values.iter().all(|(value, _)| spelling.label(value).is_some());
        !column.overfull && ((named && as_code) || as_label)
    };
    let words_only = !column.are_numbers();
    if reads(&places.prefectures, words::asks_prefecture(column.name()))
        && (words_only || column.values().len() > 2)
    {
        return (Guessing::Prefectures, vec!["every value is one of the 47 prefectures".to_string()]);
    }
    let long_codes = values.iter().all(|(value, _)| value.len() >= 5);
    if reads(&places.municipalities, long_codes) && !values.is_empty() {
        return (
            Guessing::Municipalities,
            vec!["every value is a code or a name of a municipality".to_string()],
        );
    }
    if column.are_dates() {
        return (Guessing::Date, vec!["every value is a day".to_string()]);
    }
    if words::asks_words(column.name()) && !column.are_numbers() {
        return (Guessing::Text, vec!["the header asks for words of the respondent's own".to_string()]);
    }
    if column.are_integers() && !words::asks_number(column.name()) && !column.overfull {
        let mut codes: Vec<(i64, u64)> =
            values.iter().filter_map(|(value, count)| Some((integer_of(value)?, *count))).collect();
        codes.sort_unstable();
        if let Some((options, reasons)) = coded(&codes, column) {
            return (Guessing::Single(options), reasons);
        }
    }
    if column.are_numbers() {
        return number(column);
    }
    if let Some((separator, parts)) = column.packed() {
        let options = ordered(parts);
        let reasons = vec![
            format!(
                "cells hold several of {} answers, with `{}` between them",
                options.0.len(),
                separator.trim()
            ),
            options.1,
        ];
        return (Guessing::Packed { separator, options: options.0 }, reasons);
    }
    if is_choice(values, column) {
        let (options, order) = ordered(values.to_vec());
        let reason = format!("{} different values in {} cells", values.len(), column.given);
        return (Guessing::Single(options), vec![reason, order]);
    }
    let reason = match column.sentences {
        true => "cells are sentences".to_string(),
        false => "values seldom come again".to_string(),
    };
    (Guessing::Text, vec![reason])
}

/// Words are answers on offer where they come again and again; anything else may be somebody's own words.
fn is_choice(values: &[(String, u64)], column: &Column) -> bool {
    let again: u64 = values.iter().filter(|(_, count)| *count > 1).map(|(_, count)| count).sum();
    !column.overfull
        && (2..=MOST_OPTIONS).contains(&values.len())
        && !column.sentences
        && column.longest <= 60
        && again * 10 >= column.given * 8
        && column.given >= values.len() as u64 * 3
}

/// Options of whole numbers that may be codes: few, small and close together, but for codes of 無回答.
fn coded(codes: &[(i64, u64)], column: &Column) -> Option<(Vec<Answer>, Vec<String>)> {
    let usual: Vec<i64> = codes
        .iter()
        .map(|(code, _)| *code)
        .filter(|code| (0..=MOST_CODES as i64 + 5).contains(code))
        .collect();
    let greatest = greatest_option(&usual);
    let fits = codes
        .iter()
        .all(|(code, _)| (0..=greatest).contains(code) || words::may_mean_missing(*code, greatest));
    let (few, least) =
        (codes.len() <= MOST_CODES + 2 && usual.len() >= 2, usual.first().copied().unwrap_or(0));
    let dense = (greatest - least + 1) <= usual.len() as i64 * 2 + 3;
    if !fits || !few || !dense {
        return None;
    }
    let options = codes.iter().map(|&(code, count)| Answer {
        code: Code::Number(code),
        label: code.to_string(),
        missing: words::may_mean_missing(code, greatest).then_some(count),
    });
    let mut options: Vec<Answer> = options.collect();
    for (word, count) in &column.words {
        options.push(Answer { code: Code::Text(word.clone()), label: word.clone(), missing: Some(*count) });
    }
    let reasons = vec![
        format!("few small whole numbers ({} to {greatest}): codes, in their order", least),
        "the file does not tell their words: write the labels; options that nobody chose are not here"
            .to_string(),
    ];
    Some((options, reasons))
}

/// The greatest code of an option: a 9 that stands apart is perhaps 無回答.
fn greatest_option(usual: &[i64]) -> i64 {
    match usual {
        [.., before, 9] if *before < 8 => *before,
        [.., last] => *last,
        [] => 0,
    }
}

fn number(column: &Column) -> (Guessing, Vec<String>) {
    let words: Vec<String> = column.words.iter().map(|(word, _)| word.clone()).collect();
    let mut reasons = Vec::new();
    if let Some(((_, least), (_, greatest))) = &column.bounds {
        reasons.push(format!(
            "numbers from {least} to {greatest}; what is possible is said with `from` and `to`"
        ));
    }
    let odd = column.values().iter().filter_map(|(value, count)| {
        let value = integer_of(value)?;
        let apart = column
            .values()
            .iter()
            .filter_map(|(value, _)| integer_of(value))
            .filter(|other| *other != value)
            .max();
        words::may_mean_missing(value, apart.unwrap_or(0)).then_some((value, *count))
    });
    for (value, count) in odd.take(3) {
        reasons.push(missing_proposal(&value.to_string(), count));
    }
    if !words.is_empty() {
        reasons.push("the words beside the numbers must be declared for the column to be read".to_string());
    }
    (Guessing::Number { words }, reasons)
}

/// What is proposed of a value that looks like 無回答.
pub(super) fn missing_proposal(value: &str, count: u64) -> String {
    let times = if count == 1 { "once".to_string() } else { format!("{count} times") };
    let code = if integer_of(value).is_some_and(|code| code.to_string() == value) {
        value.to_string()
    } else {
        format!("\"{value}\"")
    };
    format!(
        "`{value}` ({times}) may be 無回答: then say missing = [ {{ code = {code}, label = \"無回答\" }} ]"
    )
}

/// Answers in words, in the order that their words tell, else by frequency; and which of the two.
fn ordered(mut values: Vec<(String, u64)>) -> (Vec<Answer>, String) {
    let labels: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
    let scale = of_scale(&labels);
    let (places, reason) = match (scale, of_bands(&labels)) {
        (Some(places), _) => {
            (Some(places), "a scale, in its order; for means say kind = \"scale\" and give scores")
        }
        (None, Some(places)) => (Some(places), "in the order of their numbers"),
        (None, None) => {
            (None, "the file does not tell their order: by frequency; put them as the questionnaire has them")
        }
    };
    match places {
        Some(places) => values = places.into_iter().map(|place| values[place].clone()).collect(),
        // その他 and 無回答 stand last in questionnaires.
        None => values.sort_by_key(|(value, count)| {
            (words::means_missing(value), words::is_other(value), std::cmp::Reverse(*count), value.clone())
        }),
    }
    // A code that is another answer's word would be read as either.
    let coded = values.iter().any(|(value, _)| integer_of(value).is_some());
    if coded {
        values.sort_by_key(|(value, _)| integer_of(value).unwrap_or(i64::MAX));
    }
    let answer = |(place, (value, count)): (i64, (String, u64))| Answer {
        code: if coded { code_of(&value) } else { Code::Number(place) },
        missing: words::means_missing(&value).then_some(count),
        label: value,
    };
    ((1..).zip(values).map(answer).collect(), reason.to_string())
}

/// Tokens that mean selected.
const SELECTED: [&str; 12] = ["1", "○", "◯", "✓", "✔", "レ", "x", "X", "TRUE", "true", "Yes", "Y"];
const NOT_SELECTED: [&str; 1] = ["0"];

/// What columns that belong together are; `None`: each is a question of its own.
fn of_family(family: &Family, columns: &[Column], ids: &mut HashSet<String>) -> Option<Guess> {
    let own: Vec<&Column> = family.members.iter().map(|(place, _)| &columns[*place]).collect();
    let places: Vec<usize> = family.members.iter().map(|(place, _)| *place).collect();
    let (kind, reasons) =
        selected(family, &own).or_else(|| named(family, &own)).or_else(|| grid(family, &own))?;
    let fits = family.stem.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    let name = if fits { family.stem.as_str() } else { own[0].name() };
    let id = id(name, &family.stem, places[0] + 1, ids);
    Some(Guess { id, text: family.stem.clone(), columns: places, kind, reasons })
}

fn code_of(code: &str) -> Code {
    let plain = integer_of(code).filter(|own| own.to_string() == code);
    plain.map_or_else(|| Code::Text(code.to_string()), Code::Number)
}

fn answers(family: &Family) -> Vec<Answer> {
    let answer =
        |(_, code): &(usize, String)| Answer { code: code_of(code), label: code.clone(), missing: None };
    family.members.iter().map(answer).collect()
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
    let rest: Vec<&String> = tokens
        .iter()
        .filter(|token| !SELECTED.contains(&token.as_str()) && !NOT_SELECTED.contains(&token.as_str()))
        .collect();
    // A code of 無回答 stands in every column of a record.
    let everywhere = |token: &&String| {
        let count = |column: &&Column| {
            column.values().iter().find(|(value, _)| value == *token).map_or(0, |(_, count)| *count)
        };
        let first = count(&columns[0]);
        first > 0 && columns.iter().all(|column| count(column) == first)
    };
    let zero = tokens.iter().any(|token| token == "0");
    let blanks = columns.iter().any(|column| column.blank > 0);
    let odd = rest.iter().any(|token| !everywhere(token) || SELECTED.contains(&token.as_str()));
    if marks.len() != 1
        || odd
        || !(zero || blanks)
        || (family.stem.chars().all(|sign| sign.is_alphabetic()) && !zero)
    {
        return None;
    }
    let mut reasons = vec![match zero {
        true => format!(
            "{} columns of `{}` and `0`: a multi question, a column for each option",
            columns.len(),
            marks[0]
        ),
        false => format!(
            "{} columns of `{}` and blanks: a multi question, a column for each option",
            columns.len(),
            marks[0]
        ),
    }];
    reasons.push("the file does not tell the options' words: write the labels".to_string());
    let missing: Vec<String> = rest.into_iter().cloned().collect();
    for token in &missing {
        reasons.push(format!(
            "`{token}` stands in all columns at once: 無回答, or not asked (then not_asked = [ {token} ])"
        ));
    }
    let selected = if marks[0] == "1" { Vec::new() } else { marks };
    let template = family.template.clone();
    Some((Guessing::Columns { template, options: answers(family), selected, missing }, reasons))
}

/// In each column nothing but the words of its own option.
fn named(family: &Family, columns: &[&Column]) -> Option<(Guessing, Vec<String>)> {
    let single = columns.iter().all(|column| column.values().len() <= 1 && column.longest <= 60);
    let alike = columns.iter().zip(&family.members).filter(|(column, (_, code))| {
        column.values().first().is_some_and(|(value, _)| matching_key(value) == matching_key(code))
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
fn grid(family: &Family, columns: &[&Column]) -> Option<(Guessing, Vec<String>)> {
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
    let shared = values.iter().filter(|(value, _)| {
        columns.iter().filter(|column| column.values().iter().any(|(own, _)| own == value)).count() > 1
    });
    if values.len() < 2 || shared.count() < 2 {
        return None;
    }
    let rows = family.members.iter().map(|(place, code)| (code.clone(), *place)).collect();
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
