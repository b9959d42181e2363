//! What the header of a column says in the export of a service: the question, and the option or row of it.
//!
//! What is drafted from it is read by the service's layout, which finds questions by their ids and texts: no column has
//! to be named.

use crate::frame::ExportLayout;

use super::column::Column;

/// The header of a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Heading {
    /// The code of the question, where the service has codes.
    pub(super) id: String,
    /// Its words.
    pub(super) text: String,
    /// The option or the row that the column is of.
    pub(super) part: Option<Part>,
    /// The column holds the words of その他.
    pub(super) other: bool,
}

/// An option, or a row of a grid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Part {
    /// Its code or number; empty where the service has none.
    pub(super) code: String,
    pub(super) label: String,
}

/// What the header of a column says in an export of this layout.
pub(super) fn heading(layout: ExportLayout, column: &Column) -> Heading {
    let row = |row: usize| column.header.get(row).map_or("", |cell| cell.trim());
    let (first, second) = (row(0), row(1));
    match layout {
        ExportLayout::Google => match bracketed(first) {
            Some((text, label)) => part("", text, "", label),
            None => whole("", first),
        },
        ExportLayout::SurveyMonkey if is_answer(second) => whole("", first),
        ExportLayout::SurveyMonkey if specifies(second) => Heading { other: true, ..whole("", first) },
        ExportLayout::SurveyMonkey => part("", first, "", second),
        ExportLayout::Qualtrics => qualtrics(first, second),
        ExportLayout::LimeSurvey => limesurvey(first),
        _ => whole("", first),
    }
}

fn whole(id: &str, text: &str) -> Heading {
    Heading { id: id.to_string(), text: text.to_string(), ..Heading::default() }
}

fn part(id: &str, text: &str, code: &str, label: &str) -> Heading {
    let part = Part { code: code.to_string(), label: label.to_string() };
    Heading { part: Some(part), ..whole(id, text) }
}

/// `q7_1` over `規模によって… - 100床以下`; `q5_8_TEXT` over the words of その他.
fn qualtrics(code: &str, text: &str) -> Heading {
    if let Some(id) = code.strip_suffix("_TEXT") {
        let id = id.rsplit_once('_').map_or(id, |(id, _)| id);
        return Heading { other: true, ..whole(id, text) };
    }
    match (code.rsplit_once('_'), text.rsplit_once(" - ")) {
        (_, Some((text, label))) if is_answer(label) => whole(code, text.trim()),
        (Some((id, number)), Some((text, label))) if is_number(number) => {
            part(id, text.trim(), number, label.trim())
        }
        _ => whole(code, text),
    }
}

/// `q3[SQ4]. 行政に… [研修]`, `q3[SQ4]`, `行政に… [研修]`.
fn limesurvey(header: &str) -> Heading {
    let (code, text) = match header.split_once(". ") {
        Some((code, text)) if is_code(code) => (code, text),
        _ if is_code(header) => (header, header),
        _ => ("", header),
    };
    let (id, own) = bracketed(code).unwrap_or((code, ""));
    let (words, label) = bracketed(text).unwrap_or((text, ""));
    if ["other", "その他"].contains(&own) || (own.is_empty() && ["その他", "Other"].contains(&label)) {
        return Heading { other: true, ..whole(id, words) };
    }
    match (own, label) {
        ("", "") => whole(id, text),
        ("", label) if code.is_empty() => part("", words, "", label),
        ("", _) => whole(id, text),
        (own, "") => part(id, id, own, own),
        (own, label) => part(id, if words.is_empty() { id } else { words }, own, label),
    }
}

/// `question [part]`.
fn bracketed(header: &str) -> Option<(&str, &str)> {
    let (question, part) = header.trim().strip_suffix(']')?.rsplit_once('[')?;
    (!question.trim().is_empty()).then(|| (question.trim(), part.trim()))
}

/// Whether it is the code of a LimeSurvey question, of a part of it perhaps.
fn is_code(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_[]".contains(letter))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Words that stand where an option would, and mean the answer itself.
fn is_answer(words: &str) -> bool {
    let lower = words.trim().to_lowercase();
    let known =
        ["", "response", "selected choice", "response text", "回答", "選択した選択肢", "選択された選択肢"];
    known.contains(&lower.as_str())
        || lower.starts_with("open-ended")
        || lower.starts_with("自由回答")
        || lower.starts_with("自由記述")
        || lower.starts_with("選択済み")
}

/// `Other (please specify)`, `その他（具体的に）`.
fn specifies(words: &str) -> bool {
    let lower = words.trim().to_lowercase();
    (lower.starts_with("other") || lower.starts_with("その他")) && lower.contains(['(', '（'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(layout: ExportLayout, rows: &[&str]) -> String {
        let column = Column::new(rows.iter().map(ToString::to_string).collect());
        let Heading { id, text, part, other } = heading(layout, &column);
        let part = part.map_or(String::new(), |part| format!("|{}|{}", part.code, part.label));
        format!("{id}|{text}{part}{}", if other { "+" } else { "" })
    }

    #[test]
    fn headers_say_question_and_part() {
        use ExportLayout::*;
        assert_eq!(said(Google, &["規模は？ [100床以下]"]), "|規模は？||100床以下");
        assert_eq!(said(SurveyMonkey, &["方法", "Response"]), "|方法");
        assert_eq!(said(SurveyMonkey, &["期待", "研修"]), "|期待||研修");
        assert_eq!(said(SurveyMonkey, &["期待", "その他（具体的に）"]), "|期待+");
        assert_eq!(said(Qualtrics, &["q7_1", "規模 - 100床以下"]), "q7|規模|1|100床以下");
        assert_eq!(said(Qualtrics, &["q1", "満足 - Selected Choice"]), "q1|満足");
        assert_eq!(said(Qualtrics, &["q1_9_TEXT", "満足 - その他 - Text"]), "q1|満足 - その他 - Text+");
        assert_eq!(said(LimeSurvey, &["q3[SQ4]. 期待 [研修]"]), "q3|期待|SQ4|研修");
        assert_eq!(said(LimeSurvey, &["q3[other]. 期待 [その他]"]), "q3|期待+");
        assert_eq!(said(LimeSurvey, &["q3[SQ4]"]), "q3|q3|SQ4|SQ4");
        assert_eq!(said(LimeSurvey, &["期待 [研修]"]), "|期待||研修");
        assert_eq!(said(LimeSurvey, &["q1. 満足"]), "q1|満足");
    }
}
