//! Simulated respondents as a CSV, in any layout that is read.

use super::order::is_key;
use super::population::{has, state};
use super::run::Simulation;
use super::targets::written;
use crate::calendar::Day;
use crate::diag::{Diagnostic, quote};
use crate::frame::{Encoding, Replies, encode};
use crate::schema::{Code, Kind, Origin, Question, QuestionIndex, RankColumns, Values};

/// How the file is written.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Labels instead of codes, where the schema leaves it open.
    pub labels: bool,
    /// Encoding of the file.
    pub encoding: Encoding,
    /// With a mark in front: UTF-8 for Excel; UTF-16 always has one.
    pub mark: bool,
    /// What stands between cells.
    pub delimiter: u8,
    /// CR LF instead of LF.
    pub crlf: bool,
}

impl Default for Layout {
    /// UTF-8 without a mark, commas, LF, codes.
    fn default() -> Layout {
        Layout { labels: false, encoding: Encoding::Utf8, mark: false, delimiter: b',', crlf: false }
    }
}

/// Makes the file: the key, the weight, and the columns in the order of the questionnaire.
///
/// # Errors
/// The first character that the encoding does not have.
pub fn csv(simulation: &Simulation<'_>, layout: Layout) -> Result<Vec<u8>, Diagnostic> {
    let population = &simulation.population;
    let survey = population.survey;
    let terminator = if layout.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer =
        csv::WriterBuilder::new().delimiter(layout.delimiter).terminator(terminator).from_writer(Vec::new());
    let columns: Vec<Column> = (0..survey.questions.len())
        .filter_map(|index| Column::new(simulation, index, layout.labels))
        .collect();
    // A question may be the key: which municipality answered.
    let key = survey.respondent.as_ref().filter(|_| !survey.questions.iter().any(|own| is_key(survey, own)));
    let mut header: Vec<&str> =
        key.into_iter().chain(&survey.count).chain(&survey.weight).map(String::as_str).collect();
    header.extend(columns.iter().flat_map(|column| column.names.iter().map(String::as_str)));
    // Writing into memory does not fail.
    _ = writer.write_record(&header);
    let (mut record, mut cell) = (csv::StringRecord::new(), String::new());
    for row in 0..population.len() {
        record.clear();
        if key.is_some() {
            record.push_field(&(row + 1).to_string());
        }
        if survey.count.is_some() {
            record.push_field("1");
        }
        if survey.weight.is_some() {
            record.push_field(&simulation.weights[row]);
        }
        for column in &columns {
            column.write(row, &mut record, &mut cell);
        }
        _ = writer.write_record(&record);
    }
    let text = String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default();
    let mark = matches!(layout.encoding, Encoding::Utf16Le | Encoding::Utf16Be)
        || (layout.mark && matches!(layout.encoding, Encoding::Utf8));
    let text = if mark { format!("\u{feff}{text}") } else { text };
    encode(&text, layout.encoding).map_err(|character| {
        let shown = quote(&character.to_string());
        let error = Diagnostic::error(format!("the character {shown} is not in CP932"));
        error.hint(
            "write UTF-8 (`--encoding utf-8-bom` for Excel), or take the character out of schema and targets",
        )
    })
}

/// A question with its cells made ready.
struct Column<'s> {
    names: Vec<String>,
    question: &'s Question,
    replies: &'s Replies,
    /// A rank question: how it is written, and the replies of its places.
    ranked: Option<(&'s RankColumns, Vec<&'s Replies>)>,
    /// Free text that tells respondents apart.
    is_key: bool,
    /// What a cell holds for each option, for each state of 無回答.
    options: Vec<String>,
    missing: Vec<String>,
    /// What stands where the question was not asked.
    not_asked: String,
    /// What stands in a column of an option that is not chosen.
    unselected: &'static str,
    separator: Option<&'s str>,
    decimals: u32,
    texts: Option<&'s (Vec<String>, Vec<u32>)>,
}

impl<'s> Column<'s> {
    fn new(simulation: &'s Simulation<'_>, index: QuestionIndex, labels: bool) -> Option<Column<'s>> {
        let population = &simulation.population;
        let question = &population.survey.questions[index];
        let replies = population.block.replies[index].as_ref()?;
        let labels = match question.values {
            Values::Code => false,
            Values::Label => true,
            // Codes of numbers and texts are words for 無回答 only.
            Values::Auto => labels && !question.options.is_empty(),
        };
        let shown = |code: &Code, label: &String| if labels { label.clone() } else { code.to_string() };
        let mut options: Vec<String> =
            question.options.iter().map(|option| shown(&option.code, &option.label)).collect();
        let codes = question.missing.iter().map(|missing| shown(&missing.code, &missing.label));
        let missing = std::iter::once(String::new()).chain(codes).collect();
        // A blank is 非該当 where the question was not asked, unless selecting nothing is an answer.
        let none_is_reply = matches!(question.origin, Origin::Columns { none_is_reply: true, .. });
        let not_asked = question.not_asked.first().filter(|_| none_is_reply);
        let not_asked = not_asked.map(ToString::to_string).unwrap_or_default();
        let (mut unselected, mut separator, mut ranked) = ("", None, None);
        let names = match &question.origin {
            Origin::Column(column) => vec![column.clone()],
            Origin::Packed { column, separator: between } => {
                separator = Some(between.as_str());
                vec![column.clone()]
            }
            Origin::Columns { columns, selected, .. } => {
                let token = selected.first().cloned().unwrap_or_else(|| "1".to_string());
                unselected = if token == "1" { "0" } else { "" };
                options = vec![token; columns.len()];
                columns.clone()
            }
            Origin::Ranking { columns, places, .. } => {
                let replies = |place: &QuestionIndex| population.block.replies[*place].as_ref();
                ranked = Some((columns, places.iter().filter_map(replies).collect()));
                columns.names().to_vec()
            }
            Origin::Rows(_)
            | Origin::Place(_)
            | Origin::NotAsked
            | Origin::Constant(_)
            | Origin::Joined { .. }
            | Origin::Regrouped { .. }
            | Origin::Conditions { .. }
            | Origin::Comments { .. }
            | Origin::Ratio { .. }
            | Origin::Count { .. } => return None,
        };
        Some(Column {
            names,
            question,
            replies,
            ranked,
            is_key: is_key(population.survey, question),
            options,
            missing,
            not_asked,
            unselected,
            separator,
            decimals: population.dataset.decimals_of(index),
            texts: population.texts.get(&index),
        })
    }

    fn write(&self, row: usize, record: &mut csv::StringRecord, cell: &mut String) {
        let state = state(self.replies, self.question, row);
        if state > 0 {
            let silent = self.missing.get(state - 1).unwrap_or(&self.not_asked);
            self.names.iter().for_each(|_| record.push_field(silent));
            return;
        }
        match self.replies {
            Replies::Single(codes) => record.push_field(&self.options[codes.at(row)]),
            Replies::Number(number) if self.question.kind == Kind::Date => {
                record.push_field(&Day(number.values[row]).civil().iso());
            }
            Replies::Number(number) => record.push_field(&written(number.values[row], self.decimals)),
            Replies::Text(_) if self.is_key => record.push_field(&(row + 1).to_string()),
            Replies::Text(_) => {
                let text = self.texts.map_or("", |(words, of)| words[of[row] as usize].as_str());
                record.push_field(&harmless(text));
            }
            Replies::Multi { .. } if self.ranked.is_some() => self.write_order(row, record, cell),
            Replies::Multi { .. } => {
                let chosen = |option: &usize| has(self.replies, *option, row);
                match self.separator {
                    Some(separator) => {
                        cell.clear();
                        for option in (0..self.options.len()).filter(chosen) {
                            if !cell.is_empty() {
                                cell.push_str(separator);
                            }
                            cell.push_str(&self.options[option]);
                        }
                        record.push_field(cell);
                    }
                    None => {
                        for (option, selected) in self.options.iter().enumerate() {
                            record.push_field(if chosen(&option) { selected } else { self.unselected });
                        }
                    }
                }
            }
        }
    }
}

impl Column<'_> {
    /// The options at the places of a rank question.
    fn write_order(&self, row: usize, record: &mut csv::StringRecord, cell: &mut String) {
        let Some((columns, places)) = &self.ranked else { return };
        let at = |replies: &&Replies| match replies {
            Replies::Single(codes) => Some(codes.at(row)).filter(|code| *code < self.options.len()),
            _ => None,
        };
        let order: Vec<usize> = places.iter().map_while(at).collect();
        match columns {
            RankColumns::ByPlace(names) => {
                let of = |place: usize| order.get(place).map_or("", |&option| self.options[option].as_str());
                (0..names.len()).for_each(|place| record.push_field(of(place)));
            }
            RankColumns::ByOption(names) => {
                for option in 0..names.len() {
                    let place = order.iter().position(|&ranked| ranked == option);
                    record.push_field(&place.map_or(String::new(), |place| (place + 1).to_string()));
                }
            }
            RankColumns::InOrder { separator, .. } => {
                let words: Vec<&str> = order.iter().map(|&option| self.options[option].as_str()).collect();
                *cell = words.join(separator);
                record.push_field(cell);
            }
        }
    }
}

/// Words that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_string() }
}
