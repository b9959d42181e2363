//! Corrections of a data file: what stands in a cell, what shall be read instead, and why.
//!
//! Raw data are never edited. A correction names a respondent, a question and the value that stands there; it is
//! applied while the file is read, and a file to which it does not fit is refused.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Kind, Origin, Question, QuestionIndex, Survey};
use crate::diag::{Diagnostic, Place, Source, plural, quote, suggestion, thousands};
use crate::toml::{Document, Keys, Mistakes, Value};

/// The corrections of a file, resolved against a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrections {
    /// In the order written.
    pub list: Vec<Correction>,
}

/// A correction, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// As it was written.
    pub written: WrittenCorrection,
    /// The question.
    pub question: QuestionIndex,
    /// The column of the data.
    pub column: String,
}

/// Words and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The words, trimmed.
    pub value: String,
    /// Where they stand in the file of corrections.
    pub place: Place,
}

/// A correction as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCorrection {
    /// The respondent's key.
    pub respondent: Placed,
    /// A question that has one column, or a column of a question.
    pub question: Placed,
    /// What stands there; blank where nothing does.
    pub old: Placed,
    /// What shall be read instead; blank for nothing.
    pub new: Placed,
    /// Why.
    pub reason: Placed,
}

/// The columns of a file of corrections, and the keys of a `[[correction]]`.
pub const CORRECTION_COLUMNS: [&str; 5] = ["respondent", "question", "old", "new", "reason"];

impl WrittenCorrection {
    /// Reads the `[[correction]]` tables of a file in TOML.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn read_toml(name: &str, text: &str) -> Result<Vec<WrittenCorrection>, Vec<Diagnostic>> {
        let source = Arc::new(Source { name: name.to_string(), text: text.to_string() });
        let mut mistakes = Mistakes::new(Arc::clone(&source));
        let document = Document::parse(&source).map_err(|error| vec![error])?;
        let mut keys = document.keys();
        let mut list = Vec::new();
        for table in keys.tables("correction", &mut mistakes) {
            list.extend(correction(table, &source, &mut mistakes));
        }
        keys.finish(&mut mistakes);
        mistakes.finish()?;
        Ok(list)
    }
}

fn correction(
    mut keys: Keys<'_>,
    source: &Arc<Source>,
    mistakes: &mut Mistakes,
) -> Option<WrittenCorrection> {
    let values = CORRECTION_COLUMNS.map(|key| {
        keys.require(key);
        keys.value(key).and_then(|value| words(&value, source, mistakes))
    });
    keys.finish(mistakes);
    let [respondent, question, old, new, reason] = values;
    Some(WrittenCorrection {
        respondent: respondent?,
        question: question?,
        old: old?,
        new: new?,
        reason: reason?,
    })
}

/// A string, or a number as it is written.
fn words(value: &Value<'_>, source: &Arc<Source>, mistakes: &mut Mistakes) -> Option<Placed> {
    let span = value.span();
    let text = match value.as_text() {
        Some(text) => text.trim().to_string(),
        None => value.decimal(mistakes).map(|_| source.text[span.clone()].to_string())?,
    };
    Some(Placed { value: text, place: Place::Span { source: Arc::clone(source), span } })
}

impl Corrections {
    /// Finds the questions and columns meant.
    ///
    /// # Errors
    /// Every correction that cannot be one, where it stands.
    pub fn resolve(written: Vec<WrittenCorrection>, survey: &Survey) -> Result<Corrections, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let mut seen: HashMap<(String, String), usize> = HashMap::new();
        let mut list = Vec::new();
        for (index, written) in written.into_iter().enumerate() {
            for (words, what) in
                [(&written.respondent, "the respondent's key"), (&written.reason, "the reason")]
            {
                if words.value.is_empty() {
                    errors.push(Diagnostic::error(format!("{what} is blank")).at(words.place.clone()));
                }
            }
            if written.new.value.contains(char::is_control) {
                let error = "expected a new value on one line, found a control character";
                errors.push(Diagnostic::error(error).at(written.new.place.clone()));
            }
            let (question, column) = match meant(survey, &written.question.value) {
                Ok(meant) => meant,
                Err(error) => {
                    errors.push(error.at(written.question.place.clone()));
                    continue;
                }
            };
            if written.old.value == written.new.value {
                let error = Diagnostic::error("the new value is the old one");
                errors.push(error.at(written.new.place.clone()));
            }
            let cell = (written.respondent.value.clone(), column.clone());
            if let Some(first) = seen.insert(cell, index) {
                let error = format!("the cell is corrected twice, first by correction {}", first + 1);
                errors.push(Diagnostic::error(error).at(written.question.place.clone()));
            }
            list.push(Correction { written, question, column });
        }
        match errors.is_empty() {
            true => Ok(Corrections { list }),
            false => Err(errors),
        }
    }
}

/// The question and the column that a name means.
fn meant(survey: &Survey, name: &str) -> Result<(QuestionIndex, String), Diagnostic> {
    if let Some(index) = survey.find(name)
        && let [column] = survey.questions[index].origin.columns()
    {
        return Ok((index, column.clone()));
    }
    let has = |question: &Question| question.origin.columns().iter().any(|column| column == name);
    if let Some(index) = survey.questions.iter().position(has) {
        return Ok((index, name.to_string()));
    }
    let Some(question) = survey.find(name).map(|index| &survey.questions[index]) else {
        let error = Diagnostic::error(format!("unknown question {}", quote(name)));
        let known = survey.questions.iter().flat_map(|question| {
            std::iter::once(question.id.as_str()).chain(question.origin.columns().iter().map(String::as_str))
        });
        return Err(match suggestion(name, known) {
            Some(hint) => error.hint(hint),
            None => error.hint("name a question, or one of its columns"),
        });
    };
    let columns = match &question.origin {
        Origin::Rows(rows) => rows.iter().map(|&row| survey.questions[row].id.clone()).collect(),
        origin => origin.columns().to_vec(),
    };
    let error = Diagnostic::error(format!(
        "expected a question with one column, found {} with {}",
        quote(name),
        plural(columns.len() as u64, "column")
    ));
    Err(match columns.first() {
        Some(first) => error.hint(format!("name one of them, such as {}", quote(first))),
        None => error.hint("it is made of other questions; correct those"),
    })
}

impl Correction {
    /// Whether its values may be shown: words of the respondent's own never are.
    pub fn may_be_shown(&self, survey: &Survey) -> bool {
        survey.questions[self.question].kind != Kind::Text
    }
}

impl Survey {
    /// The survey of a file that is read with these corrections; every output says how many there are.
    pub fn corrected(self, corrections: Corrections) -> Survey {
        let survey = self.noting_corrections(corrections.list.len() as u64);
        Survey { corrections: Some(Arc::new(corrections)), ..survey }
    }

    /// The survey of which every output says that so many answers were corrected.
    pub fn noting_corrections(mut self, count: u64) -> Survey {
        if count > 0 {
            if self.note_en.is_empty() {
                self.note_en.clone_from(&self.note);
            }
            self.note.push(format!("データの回答{}件を訂正して読んだ", thousands(count)));
            let were = if count == 1 { "was" } else { "were" };
            self.note_en.push(format!("{} of the data {were} corrected", plural(count, "answer")));
        }
        self
    }
}
