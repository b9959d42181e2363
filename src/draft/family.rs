//! Columns that belong together: `q3_1` to `q3_10`, `q3[SQ001]`, options under one question text.

use super::column::Column;
use super::heading::{Heading, Part};
use super::words;

/// Rows that are looked at to know how many of them are a header.
pub(super) const ROWS_LOOKED_AT: usize = 4;

/// How many rows of a file are its header: Qualtrics has three, SurveyMonkey two.
pub(super) fn header_rows(rows: &[Vec<String>]) -> usize {
    if rows.get(2).is_some_and(|row| row.iter().any(|cell| cell.starts_with("{\"ImportId\""))) {
        return 3;
    }
    let Some([first, second]) = rows.get(..2) else { return 1 };
    // Options stand under a text that is written once, over the first of them.
    let under = (1..second.len().max(first.len()))
        .filter(|&place| {
            first.get(place).is_none_or(String::is_empty)
                && second.get(place).is_some_and(|cell| !cell.is_empty())
        })
        .count();
    let response = second
        .iter()
        .any(|cell| ["Response", "Open-Ended Response", "回答", "自由回答"].contains(&cell.as_str()));
    let numbers = second.iter().any(|cell| cell.parse::<f64>().is_ok());
    let blanks = first.iter().filter(|cell| cell.is_empty()).count();
    if !numbers && (response || (under >= 2 && blanks >= 2)) { 2 } else { 1 }
}

/// Columns side by side whose names differ in one part.
#[derive(Debug, Default)]
pub(super) struct Family {
    /// What their names have in common.
    pub(super) stem: String,
    /// The words of the question.
    pub(super) text: String,
    /// The name with `{code}` in place of what differs.
    pub(super) template: String,
    pub(super) members: Vec<Member>,
    /// The layout finds the columns by the question's id or words.
    pub(super) found: bool,
    /// A column with the words of その他 belongs to them.
    pub(super) has_other: bool,
}

/// A column of a family.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) place: usize,
    pub(super) code: String,
    /// Its words, or its code.
    pub(super) label: String,
}

/// The name of a column cut into stem, template and code.
fn cut(name: &str) -> Option<(String, String, String)> {
    // LimeSurvey: q3[SQ001], q7[SQ001_SQ002].
    if let Some((stem, rest)) = name.split_once('[')
        && let Some(code) = rest.strip_suffix(']')
        && !stem.is_empty()
        && !code.is_empty()
    {
        return Some((stem.to_string(), format!("{stem}[{{code}}]"), code.to_string()));
    }
    // Panels: q3c1, q7s1.
    let digits = name.trim_end_matches(|sign: char| sign.is_ascii_digit());
    if let (Some(stem), code) = (digits.strip_suffix(['c', 'C', 's', 'S']), &name[digits.len()..])
        && stem.ends_with(|sign: char| sign.is_ascii_digit())
        && stem.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && (1..=3).contains(&code.len())
    {
        return Some((stem.to_string(), format!("{digits}{{code}}"), code.to_string()));
    }
    let at = name.rfind(['_', '-', '.'])?;
    let (stem, tail) = (&name[..at], &name[at + 1..]);
    let Some(digits) = tail.find(|sign: char| sign.is_ascii_digit()) else {
        // q5_card: a word is a code where the question is numbered.
        let word = (1..=12).contains(&tail.len()) && tail.chars().all(|sign| sign.is_ascii_alphabetic());
        let numbered = stem.ends_with(|sign: char| sign.is_ascii_digit());
        let sign = &name[at..=at];
        return (word && numbered)
            .then(|| (stem.to_string(), format!("{stem}{sign}{{code}}"), tail.to_string()));
    };
    let (letters, code) = tail.split_at(digits);
    let fits = !stem.is_empty()
        && letters.len() <= 3
        && letters.chars().all(|sign| sign.is_ascii_alphabetic())
        && code.len() <= 4
        && code.chars().all(|sign| sign.is_ascii_digit());
    let sign = &name[at..at + 1];
    fits.then(|| (stem.to_string(), format!("{stem}{sign}{letters}{{code}}"), code.to_string()))
}

fn is_number(code: &str) -> bool {
    code.chars().all(|sign| sign.is_ascii_digit())
}

/// The families of a file's columns, of two members or more, in file order.
pub(super) fn families(columns: &[Column], header_rows: usize, headings: Option<&[Heading]>) -> Vec<Family> {
    if let Some(headings) = headings {
        return of_headings(headings);
    }
    let mut families: Vec<Family> = Vec::new();
    let mut between = 0;
    for (place, column) in columns.iter().enumerate() {
        let found = match header_rows {
            2 => {
                let text = column.header[0].clone();
                let under = &column.header[1];
                let plain = text.is_empty()
                    || under.is_empty()
                    || under.contains("Response")
                    || words::asks_words(under);
                (!plain).then(|| (text.clone(), format!("{text} / {{code}}"), under.clone()))
            }
            _ => cut(column.name()),
        };
        let Some((stem, template, code)) = found else {
            // q3c9, q3c9t, q3c10: the words of その他 stand beside their option.
            between = if words::asks_words(column.name()) { between + 1 } else { 2 };
            continue;
        };
        let member = Member { place, label: code.clone(), code };
        match families.last_mut() {
            Some(last)
                if last.template == template
                    && last.members.last().is_some_and(|before| {
                        // q1_4 and q1_other: the words of その他 are no option.
                        between < 2
                            && before.place + 1 + between == place
                            && (header_rows == 2 || is_number(&before.code) == is_number(&member.code))
                    }) =>
            {
                last.members.push(member);
            }
            _ => families.push(Family {
                text: stem.clone(),
                stem,
                template,
                members: vec![member],
                ..Family::default()
            }),
        }
        between = 0;
    }
    families.retain(|family| family.members.len() > 1);
    families
}

/// The families of an export whose layout says what is a part of what.
fn of_headings(headings: &[Heading]) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    let mut last: Option<(&str, &str)> = None;
    for (place, heading) in headings.iter().enumerate() {
        let own = (heading.id.as_str(), heading.text.as_str());
        if heading.part.is_none() && !heading.other {
            last = None;
            continue;
        }
        let same = last == Some(own) || (last.is_some_and(|(id, _)| !id.is_empty() && id == own.0));
        match &heading.part {
            None if same => {
                if let Some(family) = families.last_mut() {
                    family.has_other = true;
                }
            }
            None => {}
            Some(Part { code, label }) => {
                // SQ4 is 4; an option without a code has its words.
                let digits = code.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
                let digits = digits.trim_start_matches('0');
                let code = if is_number(digits) && !digits.is_empty() { digits } else { code.as_str() };
                let code = if code.is_empty() { label } else { code }.to_string();
                let member = Member { place, code, label: label.clone() };
                match families.last_mut().filter(|_| same) {
                    Some(family) => family.members.push(member),
                    None => {
                        families.push(Family {
                            stem: heading.id.clone(),
                            text: heading.text.clone(),
                            members: vec![member],
                            found: true,
                            ..Family::default()
                        });
                    }
                }
                last = Some(own);
            }
        }
    }
    families.retain(|family| family.members.len() > 1);
    families
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn rows_of_headers_are_known_by_what_services_write() {
        assert_eq!(header_rows(&rows(&[&["id", "q1"], &["1", "2"]])), 1);
        assert_eq!(
            header_rows(&rows(&[
                &["id", "理由", "", ""],
                &["", "遠い", "高い", "その他"],
                &["1", "遠い", "", ""]
            ])),
            2
        );
        assert_eq!(header_rows(&rows(&[&["Respondent ID", "満足度"], &["", "Response"], &["1", "満足"]])), 2);
        assert_eq!(header_rows(&rows(&[&["Q1"], &["満足度"], &["{\"ImportId\":\"QID1\"}"]])), 3);
        assert_eq!(header_rows(&rows(&[&["id", "満足度", "", ""], &["1", "満足", "", ""]])), 1);
    }

    #[test]
    fn families_are_neighbours_that_differ_in_a_code() {
        let names = [
            "id", "q1", "q2", "q3_1", "q3_2", "q3_10", "q7_r1", "q7_r2", "m[SQ001]", "m[SQ002]", "q9_1",
            "q5_card", "q5_phone", "q6_1", "q6_2", "q6_other", "q8c1", "q8c2", "q8c2t", "q8c3", "q10s1",
            "q10s2", "q10FA",
        ];
        let columns: Vec<Column> = names.iter().map(|name| Column::new(vec![name.to_string()])).collect();
        let found: Vec<(String, usize)> = families(&columns, 1, None)
            .into_iter()
            .map(|family| (family.template, family.members.len()))
            .collect();
        let expected = [
            ("q3_{code}", 3),
            ("q7_r{code}", 2),
            ("m[{code}]", 2),
            ("q5_{code}", 2),
            ("q6_{code}", 2),
            ("q8c{code}", 3),
            ("q10s{code}", 2),
        ];
        assert_eq!(found, expected.map(|(template, count)| (template.to_string(), count)));
    }
}
