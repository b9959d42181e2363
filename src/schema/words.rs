//! Conditions in words, for those who do not read expressions.

use super::{Comparison, Condition, Kind, Language, Question, QuestionIndex, State, Survey};
use crate::calendar::Day;

impl Condition {
    /// The condition as a phrase: `「利用頻度」が「月に1回以上」または「年に数回」`.
    pub fn in_words(&self, survey: &Survey, language: Language) -> String {
        let japanese = language == Language::Japanese;
        let heading = |index: &QuestionIndex| quoted(survey.questions[*index].heading(), japanese);
        match self {
            Condition::Answer { question, accepts } => {
                let chosen = accepts.iter().enumerate().filter(|(_, accepted)| **accepted);
                let answers = labels(&survey.questions[*question], chosen.map(|(place, _)| place), japanese);
                let name = heading(question);
                if japanese { format!("{name}が{answers}") } else { format!("{name} is {answers}") }
            }
            Condition::Selected { question, any_of } => {
                let answers = labels(&survey.questions[*question], any_of.iter().copied(), japanese);
                let name = heading(question);
                if japanese {
                    format!("{name}で{answers}を選択")
                } else {
                    format!("{name} has {answers}")
                }
            }
            Condition::Number { question, comparison, value, decimals } => {
                let name = heading(question);
                if survey.questions[*question].kind == Kind::Date {
                    return of_date(&name, *comparison, Day(*value), survey.era, japanese);
                }
                let number = decimal(*value, *decimals);
                if !japanese {
                    return format!("{name} {} {number}", comparison.sign());
                }
                match comparison {
                    Comparison::Equal => format!("{name}が{number}"),
                    Comparison::NotEqual => format!("{name}が{number}以外"),
                    Comparison::Less => format!("{name}が{number}未満"),
                    Comparison::LessOrEqual => format!("{name}が{number}以下"),
                    Comparison::Greater => format!("{name}が{number}より大きい"),
                    Comparison::GreaterOrEqual => format!("{name}が{number}以上"),
                }
            }
            Condition::State { question, state } => {
                let name = heading(question);
                match (state, japanese) {
                    (State::Given, true) => format!("{name}に回答"),
                    (State::Missing, true) => format!("{name}が無回答"),
                    (State::Asked, true) => format!("{name}の対象者"),
                    (State::Given, false) => format!("{name} is answered"),
                    (State::Missing, false) => format!("{name} is not answered"),
                    (State::Asked, false) => format!("{name} was asked"),
                }
            }
            Condition::And(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|part| part.in_brackets(survey, language)).collect();
                parts.join(if japanese { "、かつ" } else { " and " })
            }
            Condition::Or(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| part.in_words(survey, language)).collect();
                parts.join(if japanese { "、または" } else { " or " })
            }
            Condition::Not(part) => {
                let part = part.in_words(survey, language);
                if japanese { format!("（{part}）ではない") } else { format!("not ({part})") }
            }
        }
    }

    /// In brackets where `or` would be read apart.
    fn in_brackets(&self, survey: &Survey, language: Language) -> String {
        let words = self.in_words(survey, language);
        match (self, language) {
            (Condition::Or(parts), Language::Japanese) if parts.len() > 1 => format!("（{words}）"),
            (Condition::Or(parts), Language::English) if parts.len() > 1 => format!("({words})"),
            _ => words,
        }
    }
}

fn quoted(words: &str, japanese: bool) -> String {
    if japanese { format!("「{words}」") } else { format!("“{words}”") }
}

fn labels(question: &Question, places: impl Iterator<Item = usize>, japanese: bool) -> String {
    let labels: Vec<String> = places
        .filter_map(|place| question.options.get(place))
        .map(|option| quoted(&option.label, japanese))
        .collect();
    labels.join(if japanese { "または" } else { " or " })
}

/// `「回答日」が2016年11月10日以降`.
fn of_date(name: &str, comparison: Comparison, day: Day, era: bool, japanese: bool) -> String {
    let civil = day.civil();
    if !japanese {
        return format!("{name} {} {}", comparison.sign(), civil.iso());
    }
    let day = civil.japanese(era);
    match comparison {
        Comparison::Equal => format!("{name}が{day}"),
        Comparison::NotEqual => format!("{name}が{day}以外"),
        Comparison::Less => format!("{name}が{day}より前"),
        Comparison::LessOrEqual => format!("{name}が{day}以前"),
        Comparison::Greater => format!("{name}が{day}より後"),
        Comparison::GreaterOrEqual => format!("{name}が{day}以降"),
    }
}

/// 125 with 1 decimal as `12.5`.
pub(super) fn decimal(value: i64, decimals: u32) -> String {
    if decimals == 0 {
        return value.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let places = decimals as usize;
    let digits = format!("{:0width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}.{fraction}")
}
