//! What one column is: the words of its header, and whether its values come again.

use super::column::Column;
use super::guess::{Answer, Code, Guessing};
use super::order::{of_bands, of_scale};
use super::words;
use crate::schema::{Spelling, integer_of, load};

/// Options that a guessed question can have.
const MOST_OPTIONS: usize = 40;
/// Different whole numbers that may still be codes.
pub(super) const MOST_CODES: usize = 15;
/// With fewer cells than this an option may have been chosen once.
const FEW_CELLS: u64 = 50;
/// What LimeSurvey writes where その他 was chosen.
const LIMESURVEY_OTHER: &str = "-oth-";
/// Characters of a word that may be an option although it stands once.
const LONGEST_WORD: usize = 15;

/// The sets of places that renkei knows.
pub(super) struct Places {
    prefectures: Spelling,
    municipalities: Spelling,
}

impl Places {
    pub(super) fn new() -> Places {
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

/// What one column is; `free`: words that are no option are read as those of その他.
pub(super) fn of_column(column: &Column, places: &Places, free: bool) -> (Guessing, Vec<String>) {
    let values = column.values();
    let reads = |spelling: &Spelling, named: bool| {
        let as_code = values.iter().all(|(value, _)| spelling.code(value).is_some());
        let as_label = values.iter().all(|(value, _)| spelling.label(value).is_some());
        !column.overfull && ((named && as_code) || as_label)
    };
    let words_only = !column.are_numbers();
    let asks = |what: fn(&str) -> bool| column.header.iter().any(|name| what(name));
    if reads(&places.prefectures, asks(words::asks_prefecture)) && (words_only || column.values().len() > 2) {
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
    if asks(words::asks_own_words) && !column.are_numbers() {
        let mut reasons = vec!["the header asks for words of the respondent's own".to_string()];
        if choice(column, false).is_some() {
            let unsure = "its values come again and again: if they are answers on offer, say kind = \"single\" and write options";
            reasons.push(unsure.to_string());
        }
        return (Guessing::Text, reasons);
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
        let (again, once) = apart(&parts);
        // A list whose parts are the respondents' own is no list of answers.
        if (free && again.len() > 1) || are_options(column, &again, &once) {
            let own = free && !once.is_empty();
            let (mut options, order) = ordered(if own { again } else { parts });
            let list = format!(
                "cells hold several of {} answers, with `{}` between them",
                options.len(),
                separator.trim()
            );
            let mut reasons = vec![list, order];
            if own {
                reasons.extend(with_other(&mut options));
            }
            return (Guessing::Packed { separator, options }, reasons);
        }
    }
    if let Some((values, own)) = choice(column, free) {
        let reason = format!("{} different values in {} cells", column.values().len(), column.given);
        let (mut options, order) = ordered(values);
        let mut reasons = vec![reason, order];
        if own {
            reasons.extend(with_other(&mut options));
        }
        return (Guessing::Single(options), reasons);
    }
    let reason = match column.sentences {
        true => "cells are sentences".to_string(),
        false => {
            "values seldom come again, and may be somebody's own words: they are not written here".to_string()
        }
    };
    (Guessing::Text, vec![reason])
}

/// A value and how many cells have it.
type Counted = (String, u64);

/// Values that come again, and those that stand once.
fn apart(values: &[Counted]) -> (Vec<Counted>, Vec<Counted>) {
    values.iter().cloned().partition(|(_, count)| *count > 1)
}

/// Whether values that stand once are options that nearly nobody chose: hardly any, as short as words, in a small file.
/// Where many answered, an option has more than one of them, and what stands once is somebody's own.
fn are_options(column: &Column, again: &[(String, u64)], once: &[(String, u64)]) -> bool {
    let word = |(value, _): &(String, u64)| {
        value.chars().count() <= LONGEST_WORD
            && !value.contains(|sign: char| sign.is_whitespace() || sign == '、')
    };
    once.is_empty()
        || (column.given < FEW_CELLS && once.len() <= 1 + again.len() / 4 && once.iter().all(word))
}

/// The answers on offer, and whether there are words beside them that are not written.
///
/// Words are answers on offer where they come again and again. What stands once may be somebody's own words: it is
/// left out where the layout counts it as その他, and else makes the column a text, but for a few short words.
fn choice(column: &Column, free: bool) -> Option<(Vec<(String, u64)>, bool)> {
    let values = column.values();
    let (again, once) = apart(values);
    let often: u64 = again.iter().map(|(_, count)| count).sum();
    let plain = |(value, _): &(String, u64)| value.chars().count() <= 60 && !value.contains(['\n', '。']);
    let fits = !column.overfull
        && (2..=MOST_OPTIONS).contains(&values.len())
        && again.iter().all(plain)
        && often * 10 >= column.given * 8
        && column.given >= values.len() as u64 * 3;
    // Own words that differ from each other are many values, and the answers on offer are still few.
    let fits_free = free
        && !column.overfull
        && (2..=MOST_OPTIONS).contains(&again.len())
        && again.iter().all(plain)
        && often * 10 >= column.given * 8;
    match () {
        () if fits_free && !once.is_empty() && !(fits && are_options(column, &again, &once)) => {
            Some((again, true))
        }
        () if fits && are_options(column, &again, &once) => Some((values.to_vec(), false)),
        () => None,
    }
}

/// その他 at the end, for the words that are not written.
fn with_other(options: &mut Vec<Answer>) -> Vec<String> {
    if !options.iter().any(|option| words::is_other(&option.label)) {
        let numbers = options.iter().filter_map(|option| match option.code {
            Code::Number(code) => Some(code),
            Code::Text(_) => None,
        });
        let code = Code::Number(numbers.max().unwrap_or(0) + 1);
        options.push(Answer { code, label: "その他".to_string(), missing: None });
    }
    vec![
        "words that stand once are the respondents' own, count as その他, and are not written here"
            .to_string(),
    ]
}

/// Options of whole numbers that may be codes: few, small and close together, but for codes of 無回答.
pub(super) fn coded(codes: &[(i64, u64)], column: &Column) -> Option<(Vec<Answer>, Vec<String>)> {
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
pub(super) fn ordered(mut values: Vec<(String, u64)>) -> (Vec<Answer>, String) {
    for (value, _) in values.iter_mut().filter(|(value, _)| value == LIMESURVEY_OTHER) {
        *value = "その他".to_string();
    }
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

pub(super) fn code_of(code: &str) -> Code {
    let plain = integer_of(code).filter(|own| own.to_string() == code);
    plain.map_or_else(|| Code::Text(code.to_string()), Code::Number)
}
