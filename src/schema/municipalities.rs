//! `options = "@municipalities"`: the 1,741 municipalities (市町村 and special wards) by their codes.
//!
//! `municipalities.csv` has code and name in the order of the codes: 全国地方公共団体コード, six digits
//! of which the last is a check digit and the first two the prefecture.

use std::collections::HashMap;

use super::{Code, QuestionOption, prefectures};

const MUNICIPALITIES: &str = include_str!("municipalities.csv");

/// Code and name of every municipality.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    MUNICIPALITIES.lines().filter_map(|line| line.split_once(','))
}

/// The options: text codes of six digits (a leading zero is part of a code), names with prefecture.
///
/// Cells may also hold the code without its check digit, and the name alone where no other
/// municipality has it. A code whose leading zero was lost is none: without it, it could be the
/// first five digits of another one.
pub(super) fn options() -> Vec<QuestionOption> {
    let prefectures = prefectures::options();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (_, name) in all() {
        *known.entry(name).or_default() += 1;
    }
    let option = |(code, name): (&str, &str)| {
        let prefecture = prefecture_of(code).and_then(|place| prefectures.get(place));
        let prefecture = prefecture.map_or("", |prefecture| prefecture.label.as_str());
        let mut spellings = vec![code[..5].to_string(), format!("{prefecture} {name}")];
        if known.get(name) == Some(&1) {
            spellings.push(name.to_string());
        }
        QuestionOption {
            short: Some(name.to_string()),
            spellings,
            ..QuestionOption::new(Code::Text(code.to_string()), format!("{prefecture}{name}"))
        }
    };
    all().map(option).collect()
}

/// The place of a municipality's prefecture among the 47.
pub(super) fn prefecture_of(code: &str) -> Option<usize> {
    code.get(..2)?.parse::<usize>().ok()?.checked_sub(1)
}

/// The check digit of five digits: 11 − (6a + 5b + 4c + 3d + 2e) mod 11, its last digit.
fn check_digit(digits: &str) -> Option<u32> {
    let digits: Vec<u32> = digits.chars().map(|digit| digit.to_digit(10)).collect::<Option<_>>()?;
    let sum: u32 = digits.iter().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    (digits.len() == 5).then(|| (11 - sum % 11) % 10)
}

/// What is wrong with a code of six digits that is none of a municipality.
///
/// `None` where nothing can be said: it is not six digits, or belongs to no municipality at all.
pub fn municipality_hint(typed: &str) -> Option<String> {
    let (name, right) = municipality_meant(typed)?;
    Some(format!("the check digit is wrong: {name} is `{right}`"))
}

/// Name and code of the municipality whose code this is but for the check digit.
pub fn municipality_meant(typed: &str) -> Option<(String, String)> {
    let digits = typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit());
    let body = typed.get(..5).filter(|_| digits)?;
    let check = check_digit(body)?;
    let right = format!("{body}{check}");
    let (_, name) = all().find(|(code, _)| *code == right)?;
    (right != typed).then(|| (name.to_string(), right.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_check_digit() {
        let wrong: Vec<&str> = all()
            .filter(|(code, _)| check_digit(&code[..5]) != code[5..].parse().ok())
            .map(|(code, _)| code)
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(all().count(), 1741);
    }

    #[test]
    fn no_spelling_belongs_to_two_municipalities() {
        let mut seen = HashMap::new();
        for option in options() {
            let own =
                option.spellings.iter().chain([&option.label]).cloned().chain([option.code.to_string()]);
            for spelling in own {
                assert!(seen.insert(spelling.clone(), option.code.clone()).is_none(), "{spelling}");
            }
        }
    }

    #[test]
    fn a_wrong_check_digit_is_told() {
        let hint = municipality_hint("131017").expect("a hint");
        assert_eq!(hint, "the check digit is wrong: 千代田区 is `131016`");
        assert_eq!(municipality_hint("131016"), None);
        assert_eq!(municipality_hint("999999"), None);
    }
}
