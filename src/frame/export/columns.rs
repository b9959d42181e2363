//! What each column of an export is of the questionnaire.

use std::collections::HashMap;

use super::ExportLayout;
use super::marks;
use super::words::{Words, words};
use crate::schema::{Kind, Origin, QuestionIndex, Survey, code_key, matching_key};

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// The column of this declared name.
    Named(String),
    /// The respondent's key.
    Key,
    /// All of a question.
    Question(QuestionIndex),
    /// An option of a multi question.
    Option(QuestionIndex, usize),
    /// The words of その他.
    Other(QuestionIndex),
    /// A part of a question that has no such part.
    NoPart(QuestionIndex, String),
    /// Nothing of the questionnaire.
    Ignored,
}

/// What every column is; `rows` are the rows of the header.
pub(super) fn columns(
    layout: ExportLayout,
    rows: &[Vec<String>],
    survey: &Survey,
    declared: &[String],
) -> Vec<Column> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut above: Vec<&str> = vec![""; rows.len()];
    let keyed = survey.respondent.is_some();
    let index = Index::of(survey);
    let names: HashMap<String, &String> = declared.iter().map(|name| (matching_key(name), name)).collect();
    let mut key_found = false;
    let mut found: Vec<Column> = (0..width)
        .map(|column| {
            for (row, inherited) in above.iter_mut().enumerate() {
                let cell = rows[row].get(column).map_or("", |cell| cell.trim());
                // Only headers over others reach to the right.
                if !cell.is_empty() || row + 1 == rows.len() || layout == ExportLayout::Qualtrics {
                    *inherited = cell;
                }
            }
            let first = above.first().copied().unwrap_or_default();
            if let Some(name) = names.get(&matching_key(first)) {
                return Column::Named((*name).clone());
            }
            if keyed && !key_found && marks::is_key(layout, first) {
                key_found = true;
                return Column::Key;
            }
            let mut best = Column::Ignored;
            for words in words(layout, &above) {
                match (column_of(survey, &index, &words), &best) {
                    (Column::Ignored, _) | (Column::NoPart(..), Column::NoPart(..)) => {}
                    (none @ Column::NoPart(..), _) => best = none,
                    (found, _) => return found,
                }
            }
            best
        })
        .collect();
    // The key by its own name is better than the service's.
    let named_key = survey.respondent.as_ref().map(|name| Column::Named(name.clone()));
    if named_key.is_some_and(|named| found.contains(&named)) {
        found.iter_mut().filter(|column| **column == Column::Key).for_each(|key| *key = Column::Ignored);
    }
    found
}

/// The question that words mean, or the part of it.
fn column_of(survey: &Survey, index: &Index, words: &Words) -> Column {
    let Some(question) = index.question(&words.question) else { return Column::Ignored };
    let own = &survey.questions[question];
    if words.other {
        let has_other = own.options.iter().any(|option| option.other);
        let texts = survey.questions.iter().any(|text| text.id.starts_with(&format!("{}.other", own.id)));
        return if has_other || texts { Column::Other(question) } else { Column::Ignored };
    }
    let Some(part) = &words.part else {
        return match own.origin {
            Origin::Column(_) | Origin::Packed { .. } | Origin::Columns { .. } => Column::Question(question),
            _ => Column::Ignored,
        };
    };
    let key = matching_key(part);
    if let Origin::Rows(rows) = &own.origin {
        let labels = rows.iter().position(|&row| {
            let row = &survey.questions[row];
            let id = row.id.rsplit_once('.').map_or("", |(_, id)| id);
            row.short.as_ref().is_some_and(|label| same(label, part))
                || id == part
                || numbered(id) == Some(&key)
                || numbered(part).is_some_and(|number| numbered(id) == Some(number))
        });
        let number = || key.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        return match labels.or_else(|| number().filter(|number| *number < rows.len())) {
            Some(place) => Column::Question(rows[place]),
            None => Column::NoPart(question, part.clone()),
        };
    }
    if own.kind != Kind::Multi || !matches!(own.origin, Origin::Columns { .. } | Origin::Packed { .. }) {
        return Column::NoPart(question, part.clone());
    }
    let option = own.options.iter().position(|option| {
        same(&option.label, part)
            || option.short.as_ref().is_some_and(|short| same(short, part))
            || code_key(&option.code) == key
            || numbered(part) == Some(code_key(&option.code).as_str())
    });
    option.map_or(Column::NoPart(question, part.clone()), |option| Column::Option(question, option))
}

/// The number of `SQ004`, `A4`, `r4`, `c4`.
fn numbered(part: &str) -> Option<&str> {
    let digits = part.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let digits = digits.trim_start_matches('0');
    let letters = part.len() - digits.len();
    (letters > 0 && letters <= 4 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(digits)
}

/// Questions by what a header may call them; `None`: several have the words.
type ByWords = HashMap<String, Option<QuestionIndex>>;

/// What headers may call questions.
#[derive(Default)]
struct Index {
    ids: ByWords,
    columns: ByWords,
    /// Texts, then the same without a number before them.
    texts: [ByWords; 2],
    /// Short texts, and labels of rows.
    shorts: [ByWords; 2],
}

impl Index {
    fn of(survey: &Survey) -> Index {
        let mut index = Index::default();
        let add = |map: &mut ByWords, key: String, question| {
            map.entry(key).and_modify(|known| *known = None).or_insert(Some(question));
        };
        let asked = survey.questions.iter().enumerate().filter(|(_, own)| !own.origin.is_derived());
        for (question, own) in asked {
            add(&mut index.ids, own.id.to_lowercase(), question);
            // A row `r1` is also row 1.
            if let Some((grid, row)) = own.id.rsplit_once('.').filter(|_| own.grid.is_some())
                && let Some(number) = numbered(row)
            {
                add(&mut index.ids, format!("{}.{number}", grid.to_lowercase()), question);
            }
            if let Origin::Column(column) | Origin::Packed { column, .. } = &own.origin {
                add(&mut index.columns, matching_key(column), question);
            }
            // Rows of a grid carry the text of the grid: only the grid itself is meant by it.
            if own.grid.is_none() && !own.text.is_empty() {
                let text = bare(&own.text);
                add(&mut index.texts[1], unnumbered(&text).to_string(), question);
                add(&mut index.texts[0], text, question);
            }
            if let Some(short) = &own.short {
                let short = bare(short);
                add(&mut index.shorts[1], unnumbered(&short).to_string(), question);
                add(&mut index.shorts[0], short, question);
            }
        }
        index
    }

    /// The question with these words: by its id, its column, its text, its short text, or a row by its label.
    fn question(&self, words: &str) -> Option<QuestionIndex> {
        if words.is_empty() {
            return None;
        }
        let get = |map: &ByWords, key: &str| map.get(key).copied().flatten();
        let text = bare(words);
        let either = |maps: &[ByWords; 2]| get(&maps[0], &text).or_else(|| get(&maps[1], unnumbered(&text)));
        get(&self.ids, &words.to_lowercase())
            .or_else(|| get(&self.columns, &matching_key(words)))
            .or_else(|| either(&self.texts))
            .or_else(|| either(&self.shorts))
    }
}

/// The matching key without a mark of required questions.
fn bare(text: &str) -> String {
    matching_key(text).trim_end_matches(['*', ' ']).to_string()
}

/// Whether two texts are the same but for widths, spaces, a mark of required questions and a number before.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (bare(one), bare(other));
    one == other || unnumbered(&one) == unnumbered(&other) && !unnumbered(&one).is_empty()
}

/// The text without `Q1.`, `問1`, `1.` before it.
fn unnumbered(text: &str) -> &str {
    let rest = ["設問", "問", "Q", "q"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    if after.len() == rest.len() {
        return text;
    }
    let bare = after.trim_start_matches(['.', ':', '、', ')', ' ', '。']);
    // `100床以下` is no numbered text: a number is followed by a sign.
    if bare.len() == after.len() { text } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_but_for_what_services_add() {
        assert!(same("ご意見", "Q10. ご意見 *"));
        assert!(same("ご意見", "問１：ご意見"));
        assert!(same("100床以下", "１００床以下"));
        assert!(!same("100床以下", "床以下"));
        assert!(!same("1", "2"));
        assert_eq!(numbered("SQ004"), Some("4"));
        assert_eq!(numbered("r1"), Some("1"));
        assert_eq!(numbered("4"), None);
    }
}
