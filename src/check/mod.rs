//! The whole truth about a data file against its questionnaire: every finding, for whoever must mend it.
//!
//! In: a [`Survey`] and a [`Dataset`] that was read with its log. Out: [`Findings`] in file order, each with the
//! respondent, record, line, column and question. This room must not know tables, words or output.
//!
//! `replies` looks at each respondent, `whole` at all of them together: keys, identical records, numbers far from
//! all others, and who is absent.

mod replies;
mod whole;

use std::collections::HashMap;

use crate::frame::{Asked, Codes, Dataset, Log, Replies};
pub use crate::frame::{Fault, Hint, MOST_LOGGED, NotDate, RankFault};
pub use crate::schema::Gravity;
use crate::schema::{Origin, QuestionIndex, RankColumns, Rule, Scaled, Sent, Survey};

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// How bad it is.
    pub gravity: Gravity,
    /// Where; `None` for what there is no record of.
    pub place: Option<Place>,
    /// The respondent's key, where there is one.
    pub respondent: Option<String>,
    /// Header of the column.
    pub column: Option<String>,
    /// The question.
    pub question: Option<QuestionIndex>,
    /// The value as it stands; never words of the respondent's own.
    pub value: Option<String>,
    /// What may have happened.
    pub hint: Option<Hint>,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Place of the file in [`Findings::files`].
    pub file: usize,
    /// Record, from 1.
    pub record: u64,
    /// Line of the file, from 1.
    pub line: u64,
    /// Block and row of the dataset; `None` where the record is not in it.
    pub row: Option<(usize, usize)>,
}

/// Another record than the one that something was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Place of its file in [`Findings::files`].
    pub file: usize,
    /// Record, from 1.
    pub record: u64,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What reading could not read.
    Unread(Fault),
    /// The key of an earlier record.
    DuplicateKey {
        /// That record.
        first: Earlier,
    },
    /// A record that does not count, for another one of the same respondent does.
    Superseded {
        /// The record that counts.
        by: Earlier,
    },
    /// An option that excludes all others beside another.
    Exclusive,
    /// Options that were not chosen at the question which limits them.
    LimitedTo,
    /// An answer of somebody who was not asked.
    NotAsked,
    /// No answer of somebody who was.
    Blank,
    /// All answers are those of an earlier record.
    Identical {
        /// That record.
        first: Earlier,
    },
    /// One answer in every row of a grid.
    StraightLining {
        /// How many rows it has.
        rows: usize,
    },
    /// Answered in fewer seconds than these.
    Speeding {
        /// The least that the schema believes.
        fastest: u32,
    },
    /// A number that is not between these.
    SuspiciousNumber {
        /// The least that is not suspicious.
        least: Scaled,
        /// The greatest.
        greatest: Scaled,
    },
    /// A day or number before that of this question.
    OutOfOrder {
        /// The question in front of it.
        earlier: QuestionIndex,
    },
    /// Nobody of this municipality or group is in the data, or not this respondent.
    Absent,
}

impl Kind {
    /// Its name for programs.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Unread(fault) => match fault {
                Fault::Unknown => "unknown_code",
                Fault::SeveralAnswers(_) => "several_answers",
                Fault::NotNumber => "not_a_number",
                Fault::NotDate => "not_a_date",
                Fault::OutOfRange => "out_of_range",
                Fault::Weight => "weight",
                Fault::Count => "count",
                Fault::BlankKey => "blank_key",
                Fault::Furniture => "no_respondent",
                Fault::Fields { .. } => "fields",
                Fault::Unnamed => "unnamed_column",
                Fault::Mixed => "codes_and_labels",
                Fault::Rank(_) => "rank",
            },
            Kind::DuplicateKey { .. } => "duplicate_key",
            Kind::Superseded { .. } => "superseded",
            Kind::Exclusive => "exclusive",
            Kind::LimitedTo => "limited_to",
            Kind::NotAsked => "not_asked",
            Kind::Blank => "blank",
            Kind::Identical { .. } => "identical",
            Kind::StraightLining { .. } => "straight_lining",
            Kind::Speeding { .. } => "speeding",
            Kind::SuspiciousNumber { .. } => "suspicious_number",
            Kind::OutOfOrder { .. } => "out_of_order",
            Kind::Absent => "absent",
        }
    }
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Only findings of these questions, and of records; `None`: of all, and of the file as a whole.
    pub questions: Option<Vec<QuestionIndex>>,
    /// List every blank, not only how many there are.
    pub blanks: bool,
    /// Who was asked, to tell who is absent.
    pub sent: Option<&'a Sent>,
    /// The list of who was asked, to tell who did not reply.
    pub asked: Option<&'a Asked>,
}

/// Blanks of those who were asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blanks {
    /// The question.
    pub question: QuestionIndex,
    /// How many blanks.
    pub blank: u64,
    /// How many were asked.
    pub asked: u64,
}

/// All findings of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// In file order, those without a record last; at most [`MOST_LOGGED`].
    pub list: Vec<Finding>,
    /// There are more than are listed.
    pub cut: bool,
    /// Records looked at.
    pub records: u64,
    /// Questions with blanks, in questionnaire order.
    pub blanks: Vec<Blanks>,
    /// Names of the files looked at, in order.
    pub files: Vec<String>,
}

impl Findings {
    /// How many there are of a gravity.
    pub fn count(&self, gravity: Gravity) -> usize {
        self.list.iter().filter(|finding| finding.gravity == gravity).count()
    }
}

/// Whether a question's replies are looked at: it has columns of its own.
fn is_checked(survey: &Survey, question: QuestionIndex) -> bool {
    matches!(
        survey.questions[question].origin,
        Origin::Column(_) | Origin::Columns { .. } | Origin::Packed { .. } | Origin::Ranking { .. }
    )
}

/// The questions that must be read to look for all this.
pub fn questions(survey: &Survey, wanted: &Wanted<'_>) -> Vec<QuestionIndex> {
    let own = match &wanted.questions {
        Some(questions) => questions.clone(),
        None => (0..survey.questions.len()).filter(|&index| is_checked(survey, index)).collect(),
    };
    own.into_iter().chain(wanted.sent.and_then(|sent| sent.by)).collect()
}

/// What one look at a dataset needs.
struct Look<'a> {
    survey: &'a Survey,
    dataset: &'a Dataset,
    log: &'a Log,
    wanted: &'a Wanted<'a>,
    /// Columns by name, in each file.
    columns: Vec<HashMap<&'a str, usize>>,
    findings: Vec<(Order, Finding)>,
    /// There are more of some kind than are kept.
    cut: bool,
}

/// What findings are sorted by: file and record (none last), column, kind.
type Order = (usize, u64, usize, &'static str);

impl Look<'_> {
    fn wants(&self, question: QuestionIndex) -> bool {
        self.wanted.questions.as_ref().is_none_or(|questions| questions.contains(&question))
    }

    fn gravity(&self, rule: Rule) -> Gravity {
        self.survey.check.gravity(rule)
    }

    fn key(&self, block: usize, row: usize) -> Option<&str> {
        self.dataset.blocks[block].keys.get(row).map(AsRef::as_ref).filter(|key: &&str| !key.is_empty())
    }

    /// Whether the record could not be read as a whole.
    fn is_broken(&self, block: usize, row: usize) -> bool {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        self.log.blocks[block].broken.binary_search(&row).is_ok()
    }

    /// The column of an option, where it has one of its own.
    fn column_of(&self, file: usize, question: QuestionIndex, option: usize) -> Option<usize> {
        let Origin::Columns { columns, of, .. } = &self.survey.questions[question].origin else {
            return None;
        };
        let own = of.iter().position(|&own| own == option)?;
        self.columns[file].get(columns.get(own)?.as_str()).copied()
    }

    /// Adds a finding about a record.
    fn add(&mut self, kind: Kind, gravity: Gravity, (block, row): (usize, usize), about: About) {
        if gravity == Gravity::Off {
            return;
        }
        let (record, line) = self.log.place(block, row);
        let file = self.log.file_of(block);
        let column = about.column.or_else(|| {
            let question = &self.survey.questions[about.question?];
            self.columns[file].get(first_column(self.survey, question)?).copied()
        });
        let finding = Finding {
            kind,
            gravity,
            place: Some(Place { file, record, line, row: Some((block, row)) }),
            respondent: self.key(block, row).map(str::to_string),
            column: column.and_then(|column| self.log.files[file].headers.get(column).cloned()),
            question: about.question,
            value: about.value,
            hint: about.hint,
        };
        self.findings.push(((file, record, column.unwrap_or(0), kind.word()), finding));
    }
}

/// What a finding is about, beside its record.
#[derive(Default)]
struct About {
    column: Option<usize>,
    question: Option<QuestionIndex>,
    value: Option<String>,
    hint: Option<Hint>,
}

/// The first column of a question; of a grid the first of its rows, of a place its own.
fn first_column<'a>(survey: &'a Survey, question: &'a crate::schema::Question) -> Option<&'a str> {
    match &question.origin {
        Origin::Rows(rows) => survey.questions[*rows.first()?].origin.columns().first(),
        Origin::Place(rank) => match &survey.questions[*rank].origin {
            Origin::Ranking { columns: RankColumns::ByPlace(columns), places } => {
                let own = places.iter().position(|&place| survey.questions[place].id == question.id)?;
                columns.get(own)
            }
            origin => origin.columns().first(),
        },
        origin => origin.columns().first(),
    }
    .map(String::as_str)
}

/// Looks for everything that is wanted. The dataset must have its log.
pub fn check<'a>(survey: &'a Survey, dataset: &'a Dataset, wanted: &'a Wanted<'_>) -> Findings {
    let Some(log) = &dataset.log else { return Findings::default() };
    let places = |headers: &'a [String]| {
        headers.iter().enumerate().map(|(place, header)| (header.as_str(), place)).collect()
    };
    let columns = log.files.iter().map(|file| places(&file.headers)).collect();
    let cut = log.cut || log.overridden.len() > MOST_LOGGED;
    let mut look = Look { survey, dataset, log, wanted, columns, findings: Vec::new(), cut };
    for defect in &log.defects {
        if defect.question.is_some_and(|question| !look.wants(question)) {
            continue;
        }
        let about = About {
            column: defect.column,
            question: defect.question,
            value: defect.value.as_deref().map(str::to_string),
            hint: defect.hint.clone(),
        };
        look.add(Kind::Unread(defect.fault), Gravity::Error, (defect.block, defect.row), about);
    }
    let blanks = look.replies();
    look.whole();
    let mut findings = look.findings;
    findings.sort_by_key(|finding| finding.0);
    let cut = look.cut || findings.len() > MOST_LOGGED;
    findings.truncate(MOST_LOGGED);
    Findings {
        list: findings.into_iter().map(|(_, finding)| finding).collect(),
        cut,
        records: dataset.blocks.iter().map(|block| block.len as u64).sum(),
        blanks,
        files: log.files.iter().map(|file| file.name.clone()).collect(),
    }
}

/// The option that each finding's respondent has at a single question, for who did not reply the one in the list
/// of who was asked; `None` for those who gave none and for other findings without a record.
pub fn groups(
    dataset: &Dataset,
    by: QuestionIndex,
    asked: Option<&Asked>,
    findings: &[Finding],
) -> Vec<Option<usize>> {
    let asked = asked.map_or(&[][..], |asked| &asked.respondents);
    let asked: HashMap<&str, Option<usize>> =
        asked.iter().map(|(key, group)| (key.as_str(), *group)).collect();
    let option = |finding: &Finding| {
        let Some(place) = finding.place else {
            return asked.get(finding.respondent.as_deref()?).copied().flatten();
        };
        let (block, row) = place.row?;
        let replies = dataset.blocks.get(block)?.replies.get(by)?.as_ref()?;
        match replies {
            Replies::Single(codes @ (Codes::U8(_) | Codes::U16(_))) => Some(codes.at(row)),
            _ => None,
        }
    };
    findings.iter().map(option).collect()
}
