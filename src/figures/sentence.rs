//! Sentences that are true of a table: 最多, 次いで, and the wordings a share allows.

use super::phrase::Phrases;
use super::wording::{Width, full_width};
use crate::schema::{NoAnswer, Survey};
use crate::sheet::{Language, round};
use crate::stats::Ratio;
use crate::tabulate::{RowRole, Table};

/// How sentences are written.
#[derive(Debug, Clone)]
pub struct Saying<'a> {
    /// The questionnaire in that language: what a respondent is called, what is assumed, its note.
    pub survey: &'a Survey,
    /// Language of the words.
    pub language: Language,
    /// Decimal places of percentages.
    pub decimals: u32,
    /// At least so many answers, more where the last one ties.
    pub top: usize,
    /// Digits.
    pub digits: Width,
    /// The sign ％.
    pub percent_sign: Width,
    /// The wordings that each share allows, when asked for.
    pub phrases: Option<&'a Phrases>,
}

/// An answer with its exact percentage.
#[derive(Clone, Copy)]
struct Ranked<'a> {
    label: &'a str,
    percent: Ratio,
    assumed: bool,
}

/// Lines to read about a table; the first is the sentence.
pub fn say(table: &Table, saying: &Saying<'_>) -> Vec<String> {
    let language = saying.language;
    let choose = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let mut lines = Vec::new();
    let number = table.stub.iter().position(|row| matches!(row.role, RowRole::Number | RowRole::Score));
    if let Some(row) = number
        && let Some((mean, values)) = table.mean(row, 0).with(table.numbers(row, 0)).value()
    {
        let shown = saying.digits(&round(mean, saying.decimals));
        let heading = &table.question.heading;
        lines.push(match language {
            Language::Japanese => format!("「{heading}」の平均は{shown}であった（n={}）。", values.n()),
            Language::English => format!("The mean of “{heading}” is {shown} (n={}).", values.n()),
        });
    }
    let groups = ranking(table, saying);
    if groups.is_empty() {
        if lines.is_empty() {
            lines.push(choose(
                "回答者がいないため、いえることはない。",
                "Nobody answered: there is nothing to say.",
            ));
        }
        return lines;
    }
    lines.push(sentence(&groups, table.is_summary(), saying));
    if let Some(phrases) = saying.phrases {
        lines.extend(wordings(&groups, table.is_summary(), phrases, saying));
    }
    let bases: Vec<u64> = (0..table.stub.len()).map(|row| table.base(row, 0).n).collect();
    if let (Some(least), Some(most)) = (bases.iter().min(), bases.iter().max()) {
        let n = match table.is_summary() && least != most {
            true => format!("n={least}〜{most}"),
            false => format!("n={}", bases[0]),
        };
        let mut parts = vec![n];
        if table.no_answer == NoAnswer::Exclude {
            parts.push(choose("無回答を除く", "no answer excluded"));
        }
        parts.extend(table.filter.clone());
        parts.extend(table.weight.clone());
        lines.push(format!("※ {}", parts.join(language.choose("、", ", "))));
    }
    let assumed: Vec<String> = groups
        .iter()
        .flatten()
        .filter(|answer| answer.assumed)
        .map(|answer| format!("「{}」", answer.label))
        .collect();
    if !assumed.is_empty() {
        let labels = assumed.concat();
        lines.push(match language {
            Language::Japanese => format!("※ {labels}の文言は公表されていない（仮定）"),
            Language::English => format!("※ the wording of {labels} was not published (assumed)"),
        });
    }
    lines.extend(saying.survey.note.iter().map(|note| format!("※ {note}")));
    lines
}

/// Answers from the most frequent on, equal ones together; その他, 特にない and answers of nobody are
/// not ranked.
fn ranking<'t>(table: &'t Table, saying: &Saying<'_>) -> Vec<Vec<Ranked<'t>>> {
    let summary = table.is_summary();
    let ranked =
        |row: &usize| summary || (table.stub[*row].role == RowRole::Option && !table.stub[*row].last);
    let mut answers: Vec<Ranked> = (0..table.stub.len())
        .filter(ranked)
        .filter_map(|row| {
            let percent = table.column_percent(row, 0).value()?;
            let words = &table.stub[row];
            // A grid's row has a question of its own, whose label may be assumed.
            let question = saying.survey.find(&words.question).filter(|_| summary);
            let row_assumed = question.is_some_and(|question| saying.survey.questions[question].assumed);
            (percent > Ratio::whole(0)).then_some(Ranked {
                label: &words.label,
                percent,
                assumed: words.assumed || row_assumed,
            })
        })
        .collect();
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.percent));
    let mut groups: Vec<Vec<Ranked>> = Vec::new();
    for (said, answer) in answers.into_iter().enumerate() {
        match groups.last_mut() {
            Some(last) if last[0].percent == answer.percent => last.push(answer),
            _ if said >= saying.top => break,
            _ => groups.push(vec![answer]),
        }
    }
    groups
}

fn sentence(groups: &[Vec<Ranked<'_>>], summary: bool, saying: &Saying<'_>) -> String {
    let percent = |group: &[Ranked]| saying.percent(group[0].percent);
    let labels = |group: &[Ranked], and: &str, open: &str, close: &str| {
        let labels: Vec<String> =
            group.iter().map(|answer| format!("{open}{}{close}", answer.label)).collect();
        labels.join(and)
    };
    let (first, rest) = (&groups[0], &groups[1..]);
    match saying.language {
        Language::Japanese => {
            // The answers of a question are answers; the rows of a grid are not.
            let answer = if summary { "" } else { "との回答" };
            let one = |group: &[Ranked]| match group.len() {
                1 => format!("{}{}", labels(group, "", "「", "」"), percent(group)),
                _ => format!("{}がともに{}", labels(group, "と", "「", "」"), percent(group)),
            };
            let mut text = match first.len() {
                1 => format!("{}{answer}が{}で最多となった。", labels(first, "", "「", "」"), percent(first)),
                _ => format!("{}で最多となった。", one(first)),
            };
            if !rest.is_empty() {
                let rest: Vec<String> = rest.iter().map(|group| one(group)).collect();
                text += &format!("次いで{}だった。", rest.join("、"));
            }
            text
        }
        Language::English => {
            let how = if first.len() > 1 { "tie for first with" } else { "came first with" };
            let mut text = format!("{} {how} {}", labels(first, " and ", "“", "”"), percent(first));
            if !rest.is_empty() {
                let rest: Vec<String> = rest
                    .iter()
                    .map(|group| format!("{} ({})", labels(group, " and ", "“", "”"), percent(group)))
                    .collect();
                text += &format!(", followed by {}", rest.join(", "));
            }
            text + "."
        }
    }
}

/// For each answer a sentence with the first wording that can stand before a noun, and the others.
fn wordings(
    groups: &[Vec<Ranked<'_>>],
    summary: bool,
    phrases: &Phrases,
    saying: &Saying<'_>,
) -> Vec<String> {
    // A counter (名, 人) is no noun.
    let who = match saying.survey.unit.as_str() {
        "名" | "人" | "" => "回答者",
        unit => unit,
    };
    let mut lines = Vec::new();
    let mut assumed = false;
    for (rank, group) in groups.iter().enumerate() {
        // The lead over the next one; a tie has none, and of a single answer it is the share itself.
        let lead = (rank == 0 && group.len() == 1).then(|| {
            groups.get(1).map_or(Some(group[0].percent), |next| group[0].percent.minus(next[0].percent))
        });
        for answer in group {
            let sayable = phrases.sayable(answer.percent, lead.flatten());
            let shown = |place: usize| {
                let (phrase, numbers) = &sayable[place];
                let mark = if phrase.assumed { "*" } else { "" };
                format!("{}{mark}", phrase.wording.say(*numbers, saying.digits))
            };
            assumed |= sayable.iter().any(|(phrase, _)| phrase.assumed);
            let japanese = saying.language == Language::Japanese;
            let main = sayable.iter().position(|(phrase, _)| phrase.noun && japanese && !summary);
            let others: Vec<String> =
                (0..sayable.len()).filter(|place| Some(*place) != main).map(shown).collect();
            if sayable.is_empty() {
                continue;
            }
            let percent = saying.percent(answer.percent);
            let label = answer.label;
            let others = others.join("、");
            let line = match main {
                Some(main) if others.is_empty() => {
                    format!("{}の{who}が「{label}」を選んだ（{percent}）。", shown(main))
                }
                Some(main) => {
                    format!(
                        "{}の{who}が「{label}」を選んだ（{percent}）。ほかの言い方: {others}",
                        shown(main)
                    )
                }
                None if japanese => format!("「{label}」（{percent}）の言い方: {others}"),
                None => format!("“{label}” ({percent}) in Japanese: {others}"),
            };
            lines.push(line);
        }
    }
    if assumed {
        lines.push(
            saying.language.choose("※ * の言い方の読みは仮定", "※ * the reading is assumed").to_string(),
        );
    }
    lines
}

impl Saying<'_> {
    fn digits(&self, text: &str) -> String {
        match self.digits {
            Width::Half => text.to_string(),
            Width::Full => full_width(text),
        }
    }

    fn percent(&self, percent: Ratio) -> String {
        let sign = match self.percent_sign {
            Width::Half => '%',
            Width::Full => '％',
        };
        format!("{}{sign}", self.digits(&round(percent, self.decimals)))
    }
}
