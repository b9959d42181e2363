//! What each column of the file is for: the header matched with the questionnaire.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::coding::{Book, MOST_CODES};
use super::design::{self, DesignRole};
use super::export::Dialect;
use super::ledger::Ledger;
use super::lookup::{DateBook, NumberBook};
use super::packed::PackedBook;
use super::ranking::{Ranking, Written};
use super::route::Dependencies;
use super::{ReadOptions, WeightSource};
use crate::diag::{Diagnostic, Place, quote, suggestion};
use crate::schema::{Kind, NumberRange, Origin, Question, QuestionIndex, RankColumns, Spelling, Survey};

/// Something to be read from a column; a column may serve several.
#[derive(Debug)]
pub(crate) struct Task {
    /// Place of the column in the file.
    pub(crate) column: usize,
    /// The question, if it is one's.
    pub(crate) question: Option<QuestionIndex>,
    /// The request touches the question.
    pub(crate) needed: bool,
    /// What is read.
    pub(crate) role: Role,
}

/// What is read from a column.
#[derive(Debug)]
pub(crate) enum Role {
    /// The respondent's key.
    Key,
    /// The weight.
    Weight,
    /// How many respondents the record stands for.
    Count,
    /// A single question.
    Single(Book),
    /// One option of a multi question with a column for each.
    Selected(Book),
    /// A multi question packed into the column.
    Packed(PackedBook),
    /// One place of a rank question, holding an option.
    Place(Book),
    /// One option of a rank question, holding its place.
    Placed(Book),
    /// A rank question in one column.
    Ordered(PackedBook),
    /// A number question.
    Number(NumberBook),
    /// A date question.
    Date(DateBook),
    /// A column of the sampling design.
    Design(DesignRole),
    /// A text question; the spelling is of its missing codes.
    Text(Spelling),
    /// Nothing: the column has no name, and its cells must be blank.
    Unnamed,
}

/// A multi question with one column for each option.
#[derive(Debug)]
pub(crate) struct Columns {
    /// Option and task of each column.
    pub(crate) tasks: Vec<(usize, usize)>,
    /// How many options there are.
    pub(crate) options: usize,
    pub(crate) none_is_reply: bool,
    pub(crate) states: bool,
    /// Options that exclude all others.
    pub(crate) exclusive: Vec<usize>,
}

/// The plan of a file.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Headers as shown, in file order.
    pub(crate) headers: Vec<String>,
    pub(crate) tasks: Vec<Task>,
    /// The tasks of each column.
    pub(crate) columns: Vec<Vec<usize>>,
    /// Needed multi questions with a column for each option.
    pub(crate) multis: Vec<Columns>,
    pub(crate) rankings: Vec<Ranking>,
    /// Tasks of single questions, and of the columns in which alone their その他 is written.
    pub(crate) others: Vec<(usize, usize)>,
    /// Keys are kept, to join weights by.
    pub(crate) keeps_keys: bool,
    /// Keys are wanted by later rooms, or for what was decided by respondent.
    pub(crate) hands_on_keys: bool,
    /// Text questions whose words are kept.
    pub(crate) kept_words: Vec<QuestionIndex>,
    /// The questions of which every defect is kept, where any is.
    pub(crate) logs: Option<Vec<QuestionIndex>>,
    /// The task of the time that respondents took.
    pub(crate) duration: Option<usize>,
}

/// Whether the states of a multi question must be stored beside its bits.
pub(crate) fn stores_states(question: &Question) -> bool {
    let none_is_reply = matches!(question.origin, Origin::Columns { none_is_reply: true, .. });
    question.options.len() > 8
        || !question.missing.is_empty()
        || !question.not_asked.is_empty()
        || question.asked_if.is_some()
        || none_is_reply
        || matches!(question.origin, Origin::Conditions { .. } | Origin::Comments { into: None, .. })
}

/// Options of the question that exclude all others.
pub(crate) fn exclusive_options(question: &Question) -> Vec<usize> {
    (0..question.options.len()).filter(|&option| question.options[option].exclusive).collect()
}

impl Layout {
    /// Matches headers with the questionnaire, or says everything that does not fit.
    pub(crate) fn new(
        at_header: Place,
        headers: Vec<String>,
        survey: &Survey,
        (dependencies, options, dialect): (&Dependencies, &ReadOptions, &Dialect),
    ) -> Result<Layout, Vec<Diagnostic>> {
        let mut errors = duplicates(&at_header, &headers);
        let mut places = HashMap::new();
        for (place, header) in headers.iter().enumerate() {
            places.entry(header.as_str()).or_insert(place);
        }
        let mut missing: Vec<(String, String)> = Vec::new();
        let mut tasks: Vec<Task> = Vec::new();
        let mut duration = None;
        let (mut multis, mut rankings, mut others) = (Vec::new(), Vec::new(), Vec::new());
        {
            let mut add = |header: &str, whose: String, question, needed, role| match places.get(header) {
                Some(&column) => {
                    tasks.push(Task { column, question, needed, role });
                    tasks.len() - 1
                }
                None => {
                    missing.push((header.to_string(), whose));
                    0
                }
            };
            if let Some(respondent) = &survey.respondent {
                add(respondent, "the respondent's key".to_string(), None, true, Role::Key);
            }
            if let WeightSource::Column(weight) = &options.weight {
                add(weight, "the weight".to_string(), None, true, Role::Weight);
            }
            if let Some(count) = &survey.count {
                add(count, "the count of respondents".to_string(), None, true, Role::Count);
            }
            if let Some(design) = survey.design.as_ref().filter(|_| options.design) {
                let place = Place::Span { source: Arc::clone(&survey.source), span: design.span().clone() };
                match design::columns(design, &headers) {
                    Ok(columns) => columns.into_iter().for_each(|(header, role)| {
                        add(&header, "the sampling design".to_string(), None, true, Role::Design(role));
                    }),
                    Err(error) => errors.push(error.at(place)),
                }
            }
            if let Some(column) = survey.check.duration.as_ref().filter(|_| options.log.is_some()) {
                let book = NumberBook::new(Spelling::default(), NumberRange::default());
                let whose = "the duration in `[survey.check]`".to_string();
                duration = Some(add(column, whose, None, true, Role::Number(book)));
            }
            for (question, column) in
                dialect.others.iter().filter(|(question, _)| dependencies.needs(*question))
            {
                let whose = format!("the words of question {}", quote(&survey.questions[*question].id));
                let task = add(column, whose, None, true, Role::Text(Spelling::default()));
                others.push((*question, task));
            }
            for (index, question) in survey.questions.iter().enumerate() {
                if question.options.len() + question.missing.len() > MOST_CODES {
                    errors.push(Diagnostic::error(format!(
                        "question `{}` has more options than fit (expected at most {MOST_CODES})",
                        question.id
                    )));
                    continue;
                }
                let needed = dependencies.needs(index);
                let whose = || format!("question {}", quote(&question.id));
                match &question.origin {
                    Origin::Column(column) => {
                        let role = match question.kind {
                            Kind::Number => {
                                let book = NumberBook::new(question.spellings(), question.range);
                                Role::Number(book.with(dialect))
                            }
                            Kind::Date => Role::Date(DateBook::new(question)),
                            Kind::Text => Role::Text(question.spellings()),
                            _ => Role::Single(Book::single(question).with(dialect, question)),
                        };
                        add(column, whose(), Some(index), needed, role);
                    }
                    Origin::Columns { columns, of, selected, none_is_reply } => {
                        let mut own = Vec::with_capacity(columns.len());
                        for (&option, column) in of.iter().zip(columns) {
                            let book = Book::selected(question, option, selected, dialect);
                            let role = Role::Selected(book.with(dialect, question));
                            own.push((option, add(column, whose(), Some(index), needed, role)));
                        }
                        if needed {
                            multis.push(Columns {
                                tasks: own,
                                options: question.options.len(),
                                none_is_reply: *none_is_reply,
                                states: stores_states(question),
                                exclusive: exclusive_options(question),
                            });
                        }
                    }
                    Origin::Packed { column, separator } => {
                        let role = Role::Packed(PackedBook::new(question, separator).with(dialect, question));
                        add(column, whose(), Some(index), needed, role);
                    }
                    Origin::Ranking { columns, places, .. } => {
                        let column = || match columns {
                            RankColumns::ByPlace(_) => Role::Place(Book::place(question)),
                            RankColumns::ByOption(_) => Role::Placed(Book::placed(question, places.len())),
                            RankColumns::InOrder { separator, .. } => {
                                Role::Ordered(PackedBook::new(question, separator))
                            }
                        };
                        let names = columns.names().iter();
                        let mut own = |name: &String| add(name, whose(), Some(index), needed, column());
                        rankings.push(Ranking {
                            question: index,
                            places: places.clone(),
                            tasks: names.map(&mut own).collect(),
                            written: match columns {
                                RankColumns::ByPlace(_) => Written::ByPlace,
                                RankColumns::ByOption(_) => Written::ByOption,
                                RankColumns::InOrder { .. } => Written::InOrder,
                            },
                            options: question.options.len(),
                            missing: question.missing.len(),
                            needed,
                        });
                    }
                    Origin::Rows(_)
                    | Origin::Place(_)
                    | Origin::NotAsked
                    | Origin::Constant(_)
                    | Origin::Joined { .. }
                    | Origin::Regrouped { .. }
                    | Origin::Conditions { .. }
                    | Origin::Comments { .. }
                    | Origin::Count { .. }
                    | Origin::Ratio { .. } => {}
                }
            }
        }
        // The first column may be a row number that some programs write without a name. Any other
        // may hold what a delimiter too many has pushed to the right.
        for (column, _) in headers.iter().enumerate().skip(1).filter(|(_, header)| header.is_empty()) {
            tasks.push(Task { column, question: None, needed: true, role: Role::Unnamed });
        }
        errors.extend(absences(&at_header, &headers, &missing));
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut columns = vec![Vec::new(); headers.len()];
        for (index, task) in tasks.iter().enumerate() {
            columns[task.column].push(index);
        }
        let others = others.into_iter().filter_map(|(question, words): (QuestionIndex, usize)| {
            let own = |task: &Task| task.question == Some(question) && matches!(task.role, Role::Single(_));
            Some((tasks.iter().position(own)?, words))
        });
        let others = others.collect();
        let frames = || dependencies.code_frames(survey);
        let by_respondent = frames().any(|(_, frame)| !frame.by_respondent.is_empty());
        let hands_on_keys = by_respondent || options.keys;
        let keeps_keys = hands_on_keys || matches!(options.weight, WeightSource::File(_));
        let kept_words = frames().map(|(text, _)| text).chain(options.words.iter().copied()).collect();
        Ok(Layout {
            headers,
            tasks,
            columns,
            multis,
            rankings,
            others,
            keeps_keys,
            hands_on_keys,
            kept_words,
            logs: options.log.clone(),
            duration,
        })
    }
}

impl Layout {
    /// An empty ledger, with a log for each task whose every defect is kept.
    pub(crate) fn ledger(&self) -> Ledger {
        let mut ledger = Ledger::new(self.tasks.len());
        let Some(logs) = &self.logs else { return ledger };
        ledger.log = Some(Vec::new());
        for (own, task) in ledger.tasks.iter_mut().zip(&self.tasks) {
            if task.question.is_none_or(|question| logs.contains(&question)) {
                own.log = Some(Vec::new());
            }
        }
        ledger
    }
}

/// The columns that the questionnaire and the request declare, each once.
pub(crate) fn declared_columns(survey: &Survey, options: &ReadOptions) -> Vec<String> {
    let mut columns: Vec<String> = survey.respondent.iter().cloned().collect();
    if let WeightSource::Column(weight) = &options.weight {
        columns.push(weight.clone());
    }
    columns.extend(survey.count.iter().cloned());
    columns.extend(survey.resubmission.iter().filter_map(|rule| rule.by.clone()));
    columns.extend(survey.check.duration.iter().filter(|_| options.log.is_some()).cloned());
    for question in &survey.questions {
        columns.extend(question.origin.columns().iter().cloned());
    }
    let mut seen = HashSet::new();
    columns.retain(|column| seen.insert(column.clone()));
    columns
}

fn duplicates(at_header: &Place, headers: &[String]) -> Vec<Diagnostic> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut errors = Vec::new();
    for (place, header) in headers.iter().enumerate().filter(|(_, header)| !header.is_empty()) {
        if let Some(first) = seen.get(header.as_str()) {
            errors.push(
                Diagnostic::error(format!(
                    "column {} stands in the header twice, as columns {} and {}",
                    quote(header),
                    first + 1,
                    place + 1
                ))
                .at(at_header.clone())
                .hint("give each column a name of its own"),
            );
        } else {
            seen.insert(header, place);
        }
    }
    errors
}

/// One error for each declared column that the file does not have.
fn absences(at_header: &Place, headers: &[String], missing: &[(String, String)]) -> Vec<Diagnostic> {
    if let Some((message, hint)) = shape(headers).filter(|_| !missing.is_empty()) {
        return vec![Diagnostic::error(message).at(at_header.clone()).hint(hint)];
    }
    let mut said = HashSet::new();
    let mut errors: Vec<Diagnostic> = Vec::new();
    for (column, whose) in missing.iter().filter(|(column, _)| said.insert(column.clone())) {
        let error = Diagnostic::error(format!(
            "expected a column {} for {whose}, found none in the header",
            quote(column)
        ))
        .at(at_header.clone());
        errors.push(match suggestion(column, headers.iter().map(String::as_str)) {
            Some(suggestion) => error.hint(suggestion),
            None => error,
        });
    }
    errors
}

/// Why a header has nothing that was declared, and what to do.
fn shape(headers: &[String]) -> Option<(&'static str, &'static str)> {
    let first = headers.first()?;
    let lone = headers.iter().filter(|header| !header.is_empty()).count() == 1;
    // Tabs, semicolons and notes to Excel have been seen to when the header was looked for.
    if lone && first.contains('|') {
        Some(("expected columns separated by commas, found `|` between words", "say `--delimiter '|'`"))
    } else {
        None
    }
}
