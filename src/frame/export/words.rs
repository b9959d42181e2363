//! A column's header cut into what it says: the question, the part of it, whether it holds その他's words.

use super::ExportLayout;

/// What the header of a column may say, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The question: its id, text or short text.
    pub(super) question: String,
    /// An option, or a row of a grid: its label, code or number.
    pub(super) part: Option<String>,
    /// The column holds the words of その他.
    pub(super) other: bool,
}

impl Words {
    fn whole(question: &str) -> Words {
        Words { question: question.trim().to_string(), part: None, other: false }
    }

    fn part(question: &str, part: &str) -> Words {
        Words { part: Some(part.trim().to_string()), ..Words::whole(question) }
    }

    fn other(question: &str) -> Words {
        Words { other: true, ..Words::whole(question) }
    }
}

/// What the header of a column may say; `rows` are its cells from above, blank ones of all rows but the last
/// inherited from the left.
pub(super) fn words(layout: ExportLayout, rows: &[&str]) -> Vec<Words> {
    let first = rows.first().copied().unwrap_or_default();
    let second = rows.get(1).copied().unwrap_or_default();
    match layout {
        ExportLayout::Google => {
            let mut found = vec![Words::whole(first)];
            found.extend(bracketed(first).map(|(question, part)| Words::part(question, part)));
            found
        }
        ExportLayout::Microsoft | ExportLayout::Plain => vec![Words::whole(first)],
        ExportLayout::SurveyMonkey if is_answer(second) => vec![Words::whole(first)],
        ExportLayout::SurveyMonkey => {
            let mut found = vec![Words::part(first, second)];
            found.extend(is_other(second).then(|| Words::other(first)));
            found
        }
        ExportLayout::Qualtrics => {
            let mut found = numbered(first);
            if let Some((question, part)) = second.rsplit_once(" - ") {
                match () {
                    () if is_answer(part) => found.push(Words::whole(question)),
                    () if ["テキスト", "Text"].contains(&part.trim()) => {
                        let question = question.rsplit_once(" - ").map_or(question, |(question, _)| question);
                        found.push(Words::other(question));
                    }
                    () => found.push(Words::part(question, part)),
                }
            }
            found.push(Words::whole(second));
            found
        }
        ExportLayout::LimeSurvey => {
            // Code and text: `q3[4]. 行政に… [関係者の研修]`.
            let code = first.split_once(". ").map(|(code, _)| code).filter(|code| is_code(code));
            let code = code.unwrap_or(first);
            let mut found = Vec::new();
            if let Some((question, part)) = bracketed(code) {
                match is_other(part) {
                    true => found.push(Words::other(question)),
                    false => found.push(Words::part(question, part)),
                }
            }
            found.extend(numbered(code));
            found
        }
        ExportLayout::Panel | ExportLayout::Omr => numbered(first),
    }
}

/// `question [part]`.
fn bracketed(header: &str) -> Option<(&str, &str)> {
    let (question, part) = header.trim().strip_suffix(']')?.rsplit_once('[')?;
    Some((question.trim_end(), part.trim()))
}

/// Whether it is the code of a LimeSurvey question, of a part of it perhaps.
fn is_code(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_[]".contains(letter))
}

/// Words that stand where an option would, and mean the answer itself.
fn is_answer(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "",
        "Response",
        "Open-Ended Response",
        "Selected Choice",
        "Response Text",
        "回答",
        "自由回答",
        "自由回答の内容",
        "自由記述の回答",
        "選択した選択肢",
        "選択された選択肢",
        "選択済みの選択肢",
    ];
    WORDS.contains(&text.trim())
}

/// Whether it heads the column of その他's words: `Other (please specify)`, `その他（具体的に）`, `other`.
fn is_other(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let specified = (lower.starts_with("other") || lower.starts_with("その他"))
        && (lower.contains('(') || lower.contains('（'));
    specified || ["other", "その他", "other text"].contains(&lower.as_str())
}

/// `q3`, `Q3_4`, `q3c4`, `q7s1`, `q7s1c2`, `q3_9t`, `Q3_9_TEXT`, `Q10FA`: an id, a row (s), an option (c), a text.
fn numbered(header: &str) -> Vec<Words> {
    let header = header.trim();
    let lower = header.to_lowercase();
    let mut found = vec![Words::whole(header)];
    for suffix in ["_text", "_fa", "fa", "_t", "t", "_other", "_oth"] {
        let Some(rest) = lower.strip_suffix(suffix).map(|rest| &header[..rest.len()]) else { continue };
        if rest.ends_with(|last: char| last.is_ascii_digit()) {
            // The option's number says no more than that it is その他.
            found.push(Words::whole(rest));
            let question = rest.rsplit_once(['_', 'c', 'C']).map_or(rest, |(question, _)| question);
            found.push(Words::other(question));
            found.push(Words::other(rest));
        }
    }
    // A row and an option, a row, an option; the letters may be left out.
    let trimmed = |text: &str| text.trim_end_matches(['_', '-']).to_string();
    let number = |text: &str| {
        let digits = text.len() - text.trim_end_matches(|last: char| last.is_ascii_digit()).len();
        (digits > 0 && digits < text.len())
            .then(|| (text[..text.len() - digits].to_string(), text[text.len() - digits..].to_string()))
    };
    if let Some((rest, last)) = number(header) {
        let marked = rest.ends_with(['s', 'S', 'c', 'C', '_', '-', 'r', 'R']);
        if marked && rest.len() > 1 {
            let mark = rest.chars().last().unwrap_or('_').to_ascii_lowercase();
            let before = trimmed(&rest[..rest.len() - 1]);
            // A row's option is the option of the row's own question.
            if (mark == 'c' || mark == '_')
                && let Some((question, row)) =
                    number(&before).filter(|(rest, _)| rest.ends_with(['s', 'S', '_']))
            {
                let question = trimmed(&question[..question.len() - 1]);
                found.push(Words::part(&format!("{question}.{row}"), &last));
            }
            found.push(Words::part(&before, &last));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(layout: ExportLayout, rows: &[&str]) -> Vec<String> {
        let shown = |words: &Words| match (&words.part, words.other) {
            (_, true) => format!("{}+", words.question),
            (Some(part), _) => format!("{}|{part}", words.question),
            (None, _) => words.question.clone(),
        };
        words(layout, rows).iter().map(shown).collect()
    }

    #[test]
    fn headers_say_question_and_part() {
        assert_eq!(said(ExportLayout::Google, &["規模 [100床以下]"]), ["規模 [100床以下]", "規模|100床以下"]);
        assert_eq!(said(ExportLayout::SurveyMonkey, &["方法", "Response"]), ["方法"]);
        assert_eq!(said(ExportLayout::SurveyMonkey, &["期待", "研修"]), ["期待|研修"]);
        assert_eq!(
            said(ExportLayout::SurveyMonkey, &["期待", "その他（具体的に）"]),
            ["期待|その他（具体的に）", "期待+"]
        );
        assert_eq!(said(ExportLayout::LimeSurvey, &["q3[4]. 期待 [研修]"]), ["q3|4", "q3[4]"]);
        assert_eq!(said(ExportLayout::LimeSurvey, &["期待 [その他]"]), ["期待+", "期待 [その他]"]);
    }

    #[test]
    fn numbers_of_panels_are_rows_options_and_texts() {
        assert_eq!(said(ExportLayout::Panel, &["q7s1"]), ["q7s1", "q7|1"]);
        assert_eq!(said(ExportLayout::Panel, &["q7s1c2"]), ["q7s1c2", "q7.1|2", "q7s1|2"]);
        assert_eq!(said(ExportLayout::Panel, &["Q3_4"]), ["Q3_4", "Q3|4"]);
        assert_eq!(said(ExportLayout::Panel, &["q3c9t"]), ["q3c9t", "q3c9", "q3+", "q3c9+"]);
        assert_eq!(said(ExportLayout::Panel, &["q10"]), ["q10"]);
    }
}
