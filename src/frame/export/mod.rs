//! How form services and panels lay their exports out: recognised by what a service puts into every file, or named.
//!
//! In: the first rows of a file and the questionnaire. Out: an [`Arrangement`]: how many rows the header has, which
//! declared column each column is, and the questionnaire as the export has it (several answers in one cell or in
//! columns). The records themselves are read as those of any file.

mod columns;
mod fault;
mod marks;
mod words;

use std::collections::HashSet;

use super::file::Data;
use super::heading::{FirstRow, Heading, names};
use super::packed::{PackedBook, PackedReading};
use super::source::Cells;
use super::{Encoding, ReadOptions, WeightSource};
use crate::diag::{Diagnostic, Failure, Place, quote};
use crate::schema::{Kind, Origin, QuestionIndex, Survey, matching_key};
use columns::{Column, columns};

/// The layout of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportLayout {
    /// Google Forms: a timestamp, the questions' texts, several answers in one cell.
    Google,
    /// Microsoft Forms: columns about the response, the questions' texts, several answers ended by `;`.
    Microsoft,
    /// SurveyMonkey: questions over options, a column for each.
    SurveyMonkey,
    /// Qualtrics: three rows of header, codes, texts and ids.
    Qualtrics,
    /// LimeSurvey: codes, texts or both.
    LimeSurvey,
    /// Panels such as Questant, Surveroid and Freeasy: option numbers, 1/0/blank, `q1_s2_c3`.
    Panel,
    /// Readers of marked forms: -1 is 無回答, -9999 無効.
    Omr,
    /// The columns that the questionnaire declares, and nothing else is looked for.
    Plain,
}

impl ExportLayout {
    /// Every layout and its word.
    pub const ALL: [(&'static str, ExportLayout); 8] = [
        ("google", ExportLayout::Google),
        ("microsoft", ExportLayout::Microsoft),
        ("surveymonkey", ExportLayout::SurveyMonkey),
        ("qualtrics", ExportLayout::Qualtrics),
        ("limesurvey", ExportLayout::LimeSurvey),
        ("panel", ExportLayout::Panel),
        ("omr", ExportLayout::Omr),
        ("plain", ExportLayout::Plain),
    ];

    /// The layout that the first rows of a file show.
    pub fn shown_by(rows: &[Vec<String>]) -> Option<ExportLayout> {
        marks::shown(rows).map(|(layout, _)| layout)
    }

    /// Rows of its header.
    pub fn header_rows(self) -> usize {
        marks::header_rows(self)
    }

    /// What the service is called.
    pub fn service(self) -> &'static str {
        marks::name(self)
    }

    /// Whether headers are words or codes of the service's own, and no names that a questionnaire would declare.
    pub fn has_own_headers(self) -> bool {
        !matches!(self, ExportLayout::Panel | ExportLayout::Omr | ExportLayout::Plain)
    }

    /// Whether words that are no option are read as the respondent's own, of その他.
    pub fn takes_own_words(self) -> bool {
        self.dialect().free
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        ExportLayout::ALL.iter().find(|(_, layout)| *layout == self).map_or("plain", |(word, _)| word)
    }

    /// What cells mean in it beyond what the questionnaire declares.
    fn dialect(self) -> Dialect {
        match self {
            ExportLayout::Google | ExportLayout::Microsoft => Dialect { free: true, ..Dialect::default() },
            ExportLayout::SurveyMonkey => Dialect { other_words: true, ..Dialect::default() },
            ExportLayout::LimeSurvey => Dialect { yes_no: true, other_words: true, ..Dialect::default() },
            ExportLayout::Omr => Dialect { blanks: &[-1, -9999], ..Dialect::default() },
            _ => Dialect::default(),
        }
    }
}

/// What cells of an export mean beyond what the questionnaire declares.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dialect {
    /// Words that are no option are the respondent's own, of その他.
    pub(crate) free: bool,
    /// Y and N mark options.
    pub(crate) yes_no: bool,
    /// The column of その他 of several answers holds words in place of a mark.
    pub(crate) other_words: bool,
    /// Single questions, and the columns in which alone their その他 is written.
    pub(crate) others: Vec<(QuestionIndex, String)>,
    /// Numbers that mean a blank where no question declares them.
    pub(crate) blanks: &'static [i64],
}

/// How an export is read.
#[derive(Debug)]
pub(crate) struct Arrangement {
    /// Where its header is.
    pub(crate) heading: Heading,
    /// The columns' names, as the questionnaire declares them.
    pub(crate) names: Vec<String>,
    /// The questionnaire as the export has it.
    pub(crate) survey: Survey,
    /// What cells mean.
    pub(crate) dialect: Dialect,
    /// Which layout it is and why, unless it was named.
    pub(crate) notes: Vec<Diagnostic>,
}

/// Whether rows of a header have every declared column between them.
fn names_all(rows: &[Vec<String>], declared: &[String]) -> bool {
    let declared: HashSet<&str> = declared.iter().map(String::as_str).collect();
    let found = names(rows, &declared);
    declared.iter().all(|name| found.iter().any(|known| known == name))
}

/// Finds out how a file is laid out; `None`: as the questionnaire declares it.
///
/// # Errors
/// A layout that was named and is not there, questions that no column has, headers that are broken.
pub(crate) fn arrange(
    data: &Data,
    encoding: Encoding,
    survey: &Survey,
    declared: &[String],
    options: &ReadOptions,
) -> Result<Option<Arrangement>, Failure> {
    let said = options.layout;
    if said == Some(ExportLayout::Plain) || (said.is_none() && options.header_rows > 1) {
        return Ok(None);
    }
    let skip = usize::try_from(options.skip).unwrap_or(usize::MAX);
    let candidates = match (&data.cells, options.delimiter) {
        (Cells::Lines, Some(delimiter)) => vec![delimiter],
        (Cells::Lines, None) => vec![b',', b'\t', b';'],
        _ => vec![b','],
    };
    let rows_by = |delimiter: u8| data.first_rows(encoding, delimiter, skip, 4);
    let of_widest = || {
        let of = candidates.iter().map(|&delimiter| (delimiter, rows_by(delimiter)));
        of.max_by_key(|(_, rows)| rows.first().map_or(0, |row| row.cells.len()))
    };
    let Some((delimiter, rows)) = of_widest() else { return Ok(None) };
    let Some(first) = rows.first() else { return Ok(None) };
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
    let named: HashSet<&str> = first.cells.iter().map(|cell| cell.trim()).collect();
    let lacking: Vec<&String> = declared.iter().filter(|name| !named.contains(name.as_str())).collect();
    let plain = lacking.is_empty() || {
        let keys: HashSet<String> = first.cells.iter().map(|cell| matching_key(cell)).collect();
        lacking.iter().all(|name| keys.contains(&matching_key(name)))
    };
    let (layout, why) = match said {
        Some(layout) => {
            let known = marks::expected(layout) == "nothing";
            if !known && marks::mark(layout, &cells).is_none() {
                let place = data.at_header(first.line);
                return Err(Failure::Refused(vec![fault::no_mark(layout, &rows, data, place)]));
            }
            (layout, None)
        }
        None if plain => match data.has_invalid_marks(delimiter) {
            true => (ExportLayout::Omr, Some("it has cells of -9999".to_string())),
            false => return Ok(None),
        },
        // The declared columns over several rows: the file is told which option says so.
        None if (2..=cells.len()).any(|rows| names_all(&cells[..rows], declared)) => return Ok(None),
        None => match marks::shown(&cells) {
            Some((layout, why)) => (layout, Some(why)),
            None => {
                // Numbered columns are a layout only where they are every column of the questionnaire.
                let found = columns(ExportLayout::Panel, &cells[..1], survey, declared);
                match absent(survey, &found).is_empty()
                    && found.iter().any(|c| matches!(c, Column::Question(_) | Column::Option(..)))
                {
                    true => (
                        ExportLayout::Panel,
                        Some("its columns are numbered as panels number them".to_string()),
                    ),
                    false => return Ok(None),
                }
            }
        },
    };
    let header_rows = marks::header_rows(layout);
    if let Some(error) = fault::short_header(layout, header_rows, &rows, data) {
        return Err(Failure::Refused(vec![error]));
    }
    let found = columns(layout, &cells[..header_rows.min(cells.len())], survey, declared);
    let errors = fault::all(layout, &found, &rows[..header_rows.min(rows.len())], survey, data);
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    let heading = Heading { start: first.start, lines: first.line - 1, delimiter, rows: header_rows };
    let sample = data.first_rows(encoding, delimiter, skip, header_rows + 200);
    let sample = sample.get(header_rows..).unwrap_or_default();
    let mut notes = Vec::new();
    if let Some(why) = why {
        let hint = format!(
            "say `--layout {}` to have no such note, or `--layout plain` to read it as it is",
            layout.word()
        );
        let note = format!("read as an export of {}: {why}", marks::name(layout));
        let note = match layout {
            ExportLayout::Omr => {
                format!("{note}; -1 and -9999 (無効) count as 無回答 unless the schema declares them")
            }
            _ => note,
        };
        notes.push(Diagnostic::note(note).hint(hint).at(Place::File(data.name.clone())));
    }
    let respondent = survey.respondent.as_deref();
    let (mut survey, names) = as_exported(survey, &found, &cells[..header_rows.min(cells.len())], sample);
    let by_key = survey.corrections.is_some() || matches!(options.weight, WeightSource::File(_));
    if let Some(key) = respondent.filter(|_| by_key && survey.respondent.is_none()) {
        let error =
            format!("corrections and files of weights go by the key {}, and the export has none", quote(key));
        let hint = format!("add a column {} with each respondent's key to the export", quote(key));
        let error = Diagnostic::error(error).at(data.at_header(first.line)).hint(hint);
        return Err(Failure::Refused(vec![error]));
    }
    let mut dialect = layout.dialect();
    for (place, column) in found.iter().enumerate() {
        if let Column::Other(index) = *column
            && dialect.other_words
            && matches!(survey.questions[index].origin, Origin::Column(_))
        {
            dialect.others.push((index, names[place].clone()));
        }
    }
    if layout == ExportLayout::LimeSurvey {
        let options = survey.questions.iter_mut().flat_map(|own| &mut own.options);
        options.filter(|option| option.other).for_each(|other| other.spellings.push("-oth-".to_string()));
    }
    Ok(Some(Arrangement { heading, names, survey, dialect, notes }))
}

/// Questions that no column is of: with columns of their own, and no mere words of その他.
fn absent(survey: &Survey, found: &[Column]) -> Vec<QuestionIndex> {
    let is_there = |index: QuestionIndex| {
        let own = &survey.questions[index];
        let named = |name: &String| found.contains(&Column::Named(name.clone()));
        let options = found.iter().any(|column| matches!(column, Column::Option(q, _) if *q == index));
        found.contains(&Column::Question(index)) || options || own.origin.columns().iter().any(named)
    };
    (0..survey.questions.len())
        .filter(|&index| !survey.questions[index].origin.columns().is_empty())
        .filter(|&index| !is_other_words(survey, index) && !is_there(index))
        .collect()
}

/// Whether a question is the words of another's その他.
fn is_other_words(survey: &Survey, index: QuestionIndex) -> bool {
    let own = &survey.questions[index];
    own.kind == Kind::Text && own.id.rsplit_once('.').is_some_and(|(_, last)| last.starts_with("other"))
}

/// The questionnaire as the export has it, and the names of its columns.
fn as_exported(
    survey: &Survey,
    found: &[Column],
    header: &[Vec<String>],
    sample: &[FirstRow],
) -> (Survey, Vec<String>) {
    let mut exported = survey.clone();
    for (place, column) in found.iter().enumerate() {
        match *column {
            Column::Question(index) if survey.questions[index].kind == Kind::Multi => {
                let own = &mut exported.questions[index];
                if matches!(own.origin, Origin::Columns { .. }) {
                    let cells: Vec<&str> =
                        sample.iter().filter_map(|row| row.cells.get(place)).map(String::as_str).collect();
                    let separator = separator(own, &cells).to_string();
                    own.origin = Origin::Packed { column: own.id.clone(), separator };
                } else if let Origin::Packed { column, .. } = &own.origin {
                    let cells: Vec<&str> =
                        sample.iter().filter_map(|row| row.cells.get(place)).map(String::as_str).collect();
                    let separator = separator(own, &cells).to_string();
                    own.origin = Origin::Packed { column: column.clone(), separator };
                }
            }
            Column::Option(index, _) => {
                let own = &mut exported.questions[index];
                if let Origin::Packed { .. } = own.origin {
                    let columns = own.options.iter().map(|option| format!("{}_{}", own.id, option.code));
                    own.origin = Origin::Columns {
                        columns: columns.collect(),
                        of: (0..own.options.len()).collect(),
                        selected: vec!["1".to_string()],
                        none_is_reply: false,
                    };
                }
            }
            _ => {}
        }
    }
    // A column of その他's words stands for the option where the export has no other column for it.
    let mut names: Vec<Option<String>> = found.iter().map(|column| name_of(&exported, column)).collect();
    for (place, column) in found.iter().enumerate() {
        let Column::Other(index) = *column else { continue };
        let own = &exported.questions[index];
        let text = exported.questions.iter().find(|text| text.id.starts_with(&format!("{}.other", own.id)));
        let text = text.and_then(|text| text.origin.columns().first());
        let option = match &own.origin {
            Origin::Columns { columns, of, .. } => {
                let other = own.options.iter().position(|option| option.other);
                other.and_then(|other| of.iter().position(|&own| own == other)).map(|place| &columns[place])
            }
            _ => None,
        };
        let free = |name: &&String| !names.iter().flatten().any(|own| own == *name);
        names[place] = option.filter(free).or(text.filter(free)).cloned();
    }
    // Options that the export has no column for were not chosen by anybody; words that it does not have were not asked.
    for index in 0..exported.questions.len() {
        let lacks = |name: &String| !names.iter().flatten().any(|own| own == name);
        let is_words = is_other_words(survey, index);
        let own = &mut exported.questions[index];
        if is_words && own.origin.columns().iter().any(lacks) {
            own.origin = Origin::NotAsked;
        }
    }
    if let Some(respondent) = &survey.respondent
        && !names.iter().flatten().any(|name| name == respondent)
    {
        exported.respondent = None;
    }
    let seen: HashSet<String> = names.iter().flatten().cloned().collect();
    let mut ignored = HashSet::new();
    let named = names.into_iter().enumerate().map(|(place, name)| {
        name.unwrap_or_else(|| {
            let own = header.first().and_then(|row| row.get(place)).map_or("", |cell| cell.trim());
            match !own.is_empty() && !seen.contains(own) && ignored.insert(own.to_string()) {
                true => own.to_string(),
                false => format!("column {}", place + 1),
            }
        })
    });
    let named = named.collect();
    (exported, named)
}

/// The declared name of a column.
fn name_of(survey: &Survey, column: &Column) -> Option<String> {
    match column {
        Column::Named(name) => Some(name.clone()),
        Column::Key => survey.respondent.clone(),
        Column::Question(index) => survey.questions[*index].origin.columns().first().cloned(),
        Column::Option(index, option) => match &survey.questions[*index].origin {
            Origin::Columns { columns, of, .. } => {
                of.iter().position(|own| own == option).map(|place| columns[place].clone())
            }
            _ => None,
        },
        Column::Other(_) | Column::NoPart(..) | Column::Ignored => None,
    }
}

/// What stands between the answers of packed cells: `;`, or a comma where more cells are read with it.
fn separator(question: &crate::schema::Question, cells: &[&str]) -> &'static str {
    let read = |separator: &str| {
        let book = PackedBook::new(question, separator);
        let known =
            |cell: &&&str| !cell.trim().is_empty() && !matches!(book.read(cell), PackedReading::Unknown(_));
        cells.iter().filter(known).count()
    };
    if read(",") > read(";") { "," } else { ";" }
}
