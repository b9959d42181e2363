//! Defects as the user reads them: each kind and value once, with a count, in file order.

use std::collections::BTreeMap;

use super::cells::QuoteDefect;
use super::date;
use super::design::DesignRole;
use super::layout::{Layout, Role, Task};
use super::ledger::{Class, Ledger, MOST_VALUES, Position, Sighting, TaskLedger};
use super::log::{Fault, Hint};
use super::number::{self, NotDecimal, decimal};
use super::ranking::RankFault;
use super::repeat;
use super::resubmission::Superseded;
use super::source::Cells;
use super::worker::CodedBlock;
use crate::diag::{Diagnostic, Place, Severity, nearest, plural, quote, suggestion, thousands};
use crate::schema::{
    Code, Origin, Question, Survey, code_key, matching_key, municipality_hint, municipality_meant,
};

/// Distinct values of a column that are told one by one.
const TOLD_VALUES: usize = 10;

/// Turns positions in blocks into records and lines of the file.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    /// The file, and how its places are named.
    file: (&'a str, &'a Cells),
    headers: &'a [String],
    /// Records and lines before each block.
    before: Vec<(u64, u64)>,
    /// Records that were not read, by block.
    left_out: BTreeMap<u32, Vec<u32>>,
}

impl<'a> Places<'a> {
    /// Places in a file with these columns, and with so many lines before the first block.
    pub(crate) fn new(
        file: (&'a str, &'a Cells),
        headers: &'a [String],
        header_lines: u64,
        blocks: &[CodedBlock],
    ) -> Places<'a> {
        let mut before = Vec::with_capacity(blocks.len() + 1);
        let (mut records, mut lines) = (0, header_lines);
        for block in blocks {
            before.push((records, lines));
            records += block.rows as u64;
            lines += block.lines as u64;
        }
        before.push((records, lines));
        Places { file, headers, before, left_out: BTreeMap::new() }
    }

    /// The file.
    pub(crate) fn file(&self) -> &str {
        self.file.0
    }

    /// The places when some records were not read.
    pub(crate) fn leaving_out(mut self, superseded: Option<&Superseded>) -> Places<'a> {
        let mut more = 0;
        for (block, before) in self.before.iter_mut().enumerate() {
            before.0 += more;
            let rows = superseded.map_or(&[][..], |own| own.rows(super::ledger::count32(block)));
            more += rows.len() as u64;
            if !rows.is_empty() {
                self.left_out.insert(super::ledger::count32(block), rows.to_vec());
            }
        }
        self
    }

    /// Records and lines before a block, and the records of it that were not read.
    pub(crate) fn block(&self, block: u32) -> ((u64, u64), Vec<u32>) {
        let before = self.before.get(block as usize).copied().unwrap_or_default();
        (before, self.left_out.get(&block).cloned().unwrap_or_default())
    }

    /// Record (from 1) and line (from 1).
    pub(crate) fn find(&self, position: Position) -> (u64, u64) {
        let (records, lines) = self.before.get(position.block as usize).copied().unwrap_or_default();
        let row = self.left_out.get(&position.block).map_or(position.row, |rows| in_file(position.row, rows));
        (records + u64::from(row) + 1, lines + u64::from(position.line) + 1)
    }

    /// The place of a record, or of its cell in a column.
    pub(crate) fn place(&self, position: Position, column: Option<usize>) -> Place {
        let (record, line) = self.find(position);
        let column = column.map(|column| (column, self.headers[column].as_str()));
        self.file.1.place(self.file.0, record, line, column)
    }

    /// A record, in words: `record 3 (line 4)`.
    pub(crate) fn words(&self, position: Position) -> String {
        let (record, line) = self.find(position);
        self.file.1.words(record, line)
    }
}

/// The place in the file of the `row`th record that was read, where `left_out` (ascending) were not.
pub(crate) fn in_file(mut row: u32, left_out: &[u32]) -> u32 {
    for &own in left_out {
        if own > row {
            break;
        }
        row += 1;
    }
    row
}

/// Errors and warnings, with what they are sorted by.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<(usize, Position, Diagnostic)>,
    warnings: Vec<(usize, Position, Diagnostic)>,
}

impl Report {
    /// All errors and all warnings, by column and record; structure first.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        self.errors.sort_by_key(|(column, position, _)| (*column, *position));
        self.warnings.sort_by_key(|(column, position, _)| (*column, *position));
        let only = |list: Vec<(usize, Position, Diagnostic)>| list.into_iter().map(|entry| entry.2).collect();
        (only(self.errors), only(self.warnings))
    }
}

/// Everything a ledger holds, as diagnostics; the file's quotes and bytes are in order.
pub(crate) fn report(
    ledger: &Ledger,
    layout: &Layout,
    survey: &Survey,
    places: &Places,
    lenient: bool,
) -> Report {
    let mut report = Report::default();
    structure(ledger, layout, places, &mut report);
    if layout.logs.is_some() {
        // Every other defect is in the log.
        return report;
    }
    for (index, task) in layout.tasks.iter().enumerate() {
        let own = &ledger.tasks[index];
        let header = &layout.headers[task.column];
        let mut errors = Vec::new();
        match (&task.role, task.question) {
            (Role::Key, _) => {
                let told = |sighting: Sighting, message: &str| {
                    let places = match sighting.count {
                        1 => String::new(),
                        count => format!(" in {}, first here", plural(count, "record")),
                    };
                    (sighting.first, Diagnostic::error(format!("{message}{places}")))
                };
                errors.extend(own.blank.map(|sighting| told(sighting, "the respondent's key is blank")));
                errors.extend(own.furniture.map(|sighting| {
                    let (first, error) =
                        told(sighting, "expected a respondent, found a header or total line");
                    (first, error.hint("remove such lines from the data: they would count as respondents"))
                }));
            }
            (Role::Weight, _) => errors.extend(weights(own)),
            (Role::Count, _) => errors.extend(counts(own)),
            (Role::Design(role), _) => errors.extend(design(own, *role)),
            (Role::Unnamed, _) => {
                // What stands there may be part of a free text: it is not quoted.
                if let Some(sighting) = own.total {
                    let error = Diagnostic::error(format!(
                        "column {} has no name, but something stands in it{}",
                        task.column + 1,
                        in_records(sighting)
                    ))
                    .hint("give the column a name, or put quotes around a cell that contains the delimiter")
                    .at(places.place(sighting.first, None));
                    report.errors.push((task.column + 1, sighting.first, error));
                }
            }
            (_, Some(question)) => {
                let question = &survey.questions[question];
                errors.extend(mixed(own, header));
                if !task.needed {
                    report.warnings.extend(untouched(own, task, question, places));
                } else if !lenient {
                    errors.extend(values(own, task, question, header));
                }
                if !(task.needed && lenient) {
                    errors.extend(rank_faults(own, question));
                }
                if let Some(sighting) = own.private.filter(|_| ledger.private.is_none()) {
                    let place = places.place(sighting.first, Some(task.column));
                    report.warnings.push((task.column + 1, sighting.first, private().at(place)));
                }
                if let Some(sighting) = own.free.filter(|_| task.needed) {
                    let other = question.options.iter().find(|option| option.other);
                    let cells = match sighting.count {
                        1 => "an answer".to_string(),
                        count => format!("{}, first here,", plural(count, "answer")),
                    };
                    let message = format!(
                        "{cells} to question {} {} words that are no option: counted as {}",
                        quote(&question.id),
                        if sighting.count == 1 { "has" } else { "have" },
                        quote(other.map_or("", |option| &option.label)),
                    );
                    let place = places.place(sighting.first, Some(task.column));
                    report.warnings.push((
                        task.column + 1,
                        sighting.first,
                        Diagnostic::note(message).at(place),
                    ));
                }
                if let Some(sighting) = own.exclusive {
                    let warning = Diagnostic::warning(format!(
                        "question {} has an option that excludes all others beside another one in {}, first here",
                        quote(&question.id),
                        plural(sighting.count, "record")
                    ));
                    let place = places.place(sighting.first, Some(task.column));
                    report.warnings.push((task.column + 1, sighting.first, warning.at(place)));
                }
            }
            _ => {}
        }
        for (position, error) in errors {
            let error = error.at(places.place(position, Some(task.column)));
            if task.needed {
                report.errors.push((task.column + 1, position, error));
            } else {
                let warning = Diagnostic { severity: Severity::Warning, ..error };
                report.warnings.push((task.column + 1, position, warning));
            }
        }
    }
    report
}

fn structure(ledger: &Ledger, layout: &Layout, places: &Places, report: &mut Report) {
    let mut add = |position: Position, error: Diagnostic| {
        let error = error.at(places.place(position, None));
        report.errors.push((0, position, error));
    };
    if let Some(sighting) = ledger.nul {
        let error = Diagnostic::error("expected text, found a NUL byte");
        add(sighting.first, error.hint("the file is damaged or not in UTF-8 or CP932; export it again"));
    }
    if let Some(sighting) = ledger.ctrl_z {
        let error = Diagnostic::error("a mark of the end (Ctrl-Z) stands here, and text follows it");
        add(sighting.first, error.hint("are these two files joined? remove the mark"));
    }
    let expected = layout.headers.len();
    let ragged = ledger.ragged.iter().filter(|_| layout.logs.is_none());
    for (found, sighting) in ragged {
        let error = Diagnostic::error(format!(
            "expected {}, found {}{}",
            plural(expected as u64, "field"),
            thousands(*found as u64),
            in_records(*sighting)
        ));
        add(
            sighting.first,
            match found > &expected {
                true => error.hint("does a cell contain a comma without quotes around the cell?"),
                false => error.hint("is the record cut short, or a line break not quoted?"),
            },
        );
    }
    if let Some(sighting) = ledger.private {
        report.warnings.push((0, sighting.first, private().at(places.place(sighting.first, None))));
    }
}

fn private() -> Diagnostic {
    Diagnostic::warning(
        "characters outside the standard set (外字) begin here; each machine may show them differently",
    )
}

/// A fault of quotes as an error without a place.
pub(crate) fn quote_fault(defect: QuoteDefect) -> Diagnostic {
    match defect {
        QuoteDefect::Stray { .. } => {
            Diagnostic::error("a cell that does not begin with a quote contains one")
                .hint("put quotes around the cell and write the quote in it twice")
        }
        QuoteDefect::TextAfter { .. } => {
            Diagnostic::error("a quote opens here, and text follows the quote that closes it")
                .hint("is a quote missing, or a quote inside the cell not written twice?")
        }
        QuoteDefect::Unclosed { .. } => Diagnostic::error("a quote opens here and is never closed")
            .hint("close the quote, or write a quote that belongs to the text twice within quotes"),
    }
}

/// ` in 12 records, first here`; nothing for a single record.
fn in_records(sighting: Sighting) -> String {
    match sighting.count {
        1 => String::new(),
        count => format!(" in {}, first here", plural(count, "record")),
    }
}

/// Defects of a weight column.
fn weights(ledger: &TaskLedger) -> Vec<(Position, Diagnostic)> {
    let mut errors: Vec<(Position, Diagnostic)> = Vec::new();
    if let Some(sighting) = ledger.blank {
        let message = format!("expected a weight, found a blank{}", in_records(sighting));
        errors.push((
            sighting.first,
            Diagnostic::error(message).hint("write 0 for a respondent who must not count"),
        ));
    }
    for (value, sighting) in first_values(ledger) {
        let shown = quote(value);
        let told = in_records(*sighting);
        let message = match decimal(matching_key(value).as_bytes()) {
            Ok(value) if value.digits < 0 => {
                format!("expected a weight of zero or more, found {shown}{told}")
            }
            Ok(_) | Err(NotDecimal::TooLong) => {
                format!("expected a weight of fewer digits, found {shown}{told}")
            }
            Err(NotDecimal::Text) => format!("expected a weight, found {shown}{told}"),
        };
        errors.push((sighting.first, Diagnostic::error(message)));
    }
    errors.extend(rest(ledger));
    errors
}

/// Defects of a column of counts.
fn counts(ledger: &TaskLedger) -> Vec<(Position, Diagnostic)> {
    let mut errors: Vec<(Position, Diagnostic)> = Vec::new();
    if let Some(sighting) = ledger.blank {
        let message = format!("expected a count of respondents, found a blank{}", in_records(sighting));
        let hint = "write 0 where a record stands for nobody";
        errors.push((sighting.first, Diagnostic::error(message).hint(hint)));
    }
    for (value, sighting) in first_values(ledger) {
        let (shown, told) = (quote(value), in_records(*sighting));
        let error = Diagnostic::error(format!("expected a count of respondents, found {shown}{told}"));
        let hint = format!("a count is a whole number from 0 to {}", thousands(u64::from(repeat::LARGEST)));
        errors.push((sighting.first, error.hint(hint)));
    }
    errors.extend(rest(ledger));
    errors
}

/// Defects of a column of the sampling design.
fn design(ledger: &TaskLedger, role: DesignRole) -> Vec<(Position, Diagnostic)> {
    let mut errors: Vec<(Position, Diagnostic)> = Vec::new();
    let expected = role.words();
    if let Some(sighting) = ledger.blank {
        let message = format!("expected {expected}, found a blank{}", in_records(sighting));
        let hint = "every respondent has a place in the sampling design";
        errors.push((sighting.first, Diagnostic::error(message).hint(hint)));
    }
    for (value, sighting) in first_values(ledger) {
        let message = format!("expected {expected}, found {}{}", quote(value), in_records(*sighting));
        errors.push((sighting.first, Diagnostic::error(message)));
    }
    errors.extend(rest(ledger));
    errors
}

/// The values to tell one by one, in file order.
fn first_values(ledger: &TaskLedger) -> Vec<(&str, &Sighting)> {
    let mut values: Vec<(&str, &Sighting)> =
        ledger.values.iter().map(|(value, sighting)| (value.as_ref(), sighting)).collect();
    values.sort_by_key(|(value, sighting)| (sighting.first, *value));
    values.truncate(if ledger.overfull { 1 } else { TOLD_VALUES });
    // Which further values a worker counted depends on the others; their counts would as well.
    values
}

/// What is left when the first values have been told.
fn rest(ledger: &TaskLedger) -> Option<(Position, Diagnostic)> {
    let total = ledger.total?;
    if ledger.overfull {
        let message = format!(
            "and more than {} other values like it, in {} together",
            thousands(MOST_VALUES as u64 - 1),
            plural(total.count, "cell")
        );
        return Some((total.first, Diagnostic::error(message).hint("is this the right column?")));
    }
    let told = first_values(ledger);
    let more = ledger.values.len().checked_sub(told.len()).filter(|more| *more > 0)?;
    let told_count: u64 = told.iter().map(|(_, sighting)| sighting.count).sum();
    let last = told.last()?.1.first;
    let message = format!(
        "and {} like these in {}",
        plural(more as u64, "other value"),
        plural(total.count - told_count, "cell")
    );
    Some((last, Diagnostic::error(message)))
}

/// Orders that cannot be.
fn rank_faults(ledger: &TaskLedger, question: &Question) -> Vec<(Position, Diagnostic)> {
    let places = match &question.origin {
        Origin::Ranking { places, .. } => places.len(),
        _ => 0,
    };
    let told = |(fault, sighting): (&RankFault, &Sighting)| {
        let what = match fault {
            RankFault::Twice => "one option at two places".to_string(),
            RankFault::Shared => "two options at one place".to_string(),
            RankFault::Gap => "a place left out before a later one".to_string(),
            RankFault::Beyond => format!("more than {}", plural(places as u64, "place")),
        };
        let message = format!("question {} has {what}{}", quote(&question.id), in_records(*sighting));
        (sighting.first, Diagnostic::error(message))
    };
    ledger.faults.iter().map(told).collect()
}

/// Value defects of a needed question.
fn values(
    ledger: &TaskLedger,
    task: &Task,
    question: &Question,
    header: &str,
) -> Vec<(Position, Diagnostic)> {
    let mut errors: Vec<(Position, Diagnostic)> = first_values(ledger)
        .into_iter()
        .map(|(value, sighting)| {
            let told = if ledger.overfull { String::new() } else { in_records(*sighting) };
            if value == header {
                let error = Diagnostic::error(format!("the column's own name stands in a record{told}"));
                return (
                    sighting.first,
                    error.hint("are several exports joined here, each with its header?"),
                );
            }
            (sighting.first, value_error(value, &told, task, question))
        })
        .collect();
    errors.extend(rest(ledger));
    errors
}

fn value_error(value: &str, told: &str, task: &Task, question: &Question) -> Diagnostic {
    let id = quote(&question.id);
    let shown = quote(value);
    let key = matching_key(value);
    let mut error = match &task.role {
        Role::Number(_) => {
            let error = Diagnostic::error(match decimal(key.as_bytes()) {
                Err(reason) => format!("{} for question {id}{told}", number::explain(reason, &shown)),
                Ok(value) if !question.range.holds((value.digits, value.decimals)) => {
                    format!("the number {shown} is out of range for question {id}{told}")
                }
                Ok(_) => format!(
                    "{shown} and the other numbers of question {id} need more than 18 digits together"
                ),
            });
            let outside = decimal(key.as_bytes())
                .is_ok_and(|value| !question.range.holds((value.digits, value.decimals)));
            if outside {
                error.hint(number::allowed(question.range))
            } else if is_exponent(&key) {
                error.hint("Excel writes large numbers so and loses digits; format the column as a number")
            } else if looks_like_date(&key) {
                error.hint("did Excel make a date of a number such as 3-1?")
            } else {
                error
            }
        }
        Role::Date(_) => date::defect(value, &shown, question, told),
        Role::Selected(_) => {
            Diagnostic::error(format!("expected a mark of selected, 0 or a blank, found {shown}{told}"))
                .hint(format!("which marks mean selected is said by `selected` of question {id}"))
        }
        Role::Placed(_) => {
            let places = match &question.origin {
                Origin::Ranking { places, .. } => places.len(),
                _ => 0,
            };
            let expected = match places {
                1 => "expected 1".to_string(),
                places => format!("expected a place from 1 to {places}"),
            };
            Diagnostic::error(format!("{expected}, 0 or a blank for question {id}, found {shown}{told}"))
        }
        Role::Single(_) if let Some(answers) = answers(value, question) => Diagnostic::error(format!(
            "{shown} gives {answers} answers to the single-answer question {id}{told}"
        ))
        .hint("if it takes several answers, declare it `multi` with `packed`"),
        _ => Diagnostic::error(format!("{shown} is no option of question {id}{told}")),
    };
    if let Some(hint) = missing_hint(&key) {
        return error.hint(hint);
    }
    if matches!(task.role, Role::Single(_) | Role::Packed(_) | Role::Place(_) | Role::Ordered(_)) {
        let labels = question.options.iter().map(|option| option.label.as_str());
        if let Some(hint) = municipality_hint(&key).filter(|_| question.municipalities) {
            error = error.hint(hint);
        } else if lost_zero(&key, question) {
            error = error.hint("did Excel drop a leading zero?");
        } else if looks_like_date(&key) {
            error = error.hint(match dated(&key, question) {
                Some(option) => format!("did Excel make a date of {}?", quote(&option)),
                None => "did Excel make a date of a code or label such as 3-1?".to_string(),
            });
        } else if is_exponent(&key) {
            error = error.hint("Excel writes long codes so and loses digits; format the column as text");
        } else if key.parse::<f64>().is_err()
            && let Some(suggestion) = suggestion(value, labels)
        {
            error = error.hint(suggestion);
        }
    }
    error
}

/// What is wrong with a value of a question, and, if that is asked, what may have happened to it.
pub(crate) fn classified(
    value: &str,
    task: &Task,
    question: &Question,
    header: &str,
    hinted: bool,
) -> (Fault, Option<Hint>) {
    let key = matching_key(value);
    let mut hint = None;
    let fault = match &task.role {
        Role::Number(_) => match decimal(key.as_bytes()) {
            Ok(value) if !question.range.holds((value.digits, value.decimals)) => Fault::OutOfRange,
            _ => Fault::NotNumber,
        },
        Role::Date(_) => match date::date(value, question.dates.order, question.dates.limits) {
            Err(date::NotDate::Outside(_)) => Fault::OutOfRange,
            Err(reason) => {
                hint = Some(Hint::Date(reason));
                Fault::NotDate
            }
            Ok(_) => Fault::NotDate,
        },
        Role::Single(_) if let Some(answers) = answers(value, question) => Fault::SeveralAnswers(answers),
        _ => Fault::Unknown,
    };
    if !hinted {
        return (fault, None);
    }
    let coded = matches!(task.role, Role::Single(_) | Role::Packed(_) | Role::Place(_) | Role::Ordered(_));
    let hint = match fault {
        _ if value == header => Some(Hint::Header),
        _ if missing_hint(&key).is_some() => Some(Hint::Undeclared),
        Fault::NotNumber if is_exponent(&key) => Some(Hint::Exponent),
        Fault::NotNumber if looks_like_date(&key) => Some(Hint::Dated(None)),
        Fault::Unknown if coded => {
            let labels = || question.options.iter().map(|option| option.label.as_str());
            if let Some((name, right)) = municipality_meant(&key).filter(|_| question.municipalities) {
                Some(Hint::CheckDigit(name, right))
            } else if lost_zero(&key, question) {
                Some(Hint::LostZero)
            } else if looks_like_date(&key) {
                Some(Hint::Dated(dated(&key, question)))
            } else if is_exponent(&key) {
                Some(Hint::Exponent)
            } else if key.parse::<f64>().is_err() {
                nearest(value, labels()).map(|label| Hint::Nearest(label.to_string()))
            } else {
                None
            }
        }
        _ => hint,
    };
    (fault, hint)
}

/// Words that people use for a missing reply without declaring them.
fn missing_hint(key: &str) -> Option<&'static str> {
    let lower = key.to_lowercase();
    let token = matches!(
        lower.as_str(),
        "-" | "--"
            | "."
            | ".."
            | "n/a"
            | "na"
            | "#n/a"
            | "null"
            | "none"
            | "nan"
            | "nil"
            | "無回答"
            | "不明"
            | "欠損"
    );
    token.then_some("if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`")
}

/// Whether leading zeros would make it a code.
fn lost_zero(key: &str, question: &Question) -> bool {
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_digit())
        && question.options.iter().any(|option| {
            matches!(option.code, Code::Text(_)) && code_key(&option.code).trim_start_matches('0') == key
        })
}

/// `1E+05`, as Excel shows long numbers.
fn is_exponent(key: &str) -> bool {
    let digits = key.bytes().any(|byte| byte.is_ascii_digit());
    digits && key.contains(['e', 'E']) && key.parse::<f64>().is_ok_and(f64::is_finite)
}

/// How many answers a cell gives, when it gives several and each is an option.
fn answers(value: &str, question: &Question) -> Option<usize> {
    let spelling = question.spellings();
    let key = matching_key(value);
    [';', ',', '、', '/', '|', '・', ' '].into_iter().find_map(|separator| {
        let pieces: Vec<&str> =
            key.split(separator).map(str::trim).filter(|piece| !piece.is_empty()).collect();
        let known = |piece: &&str| spelling.code(piece).or_else(|| spelling.label(piece)).is_some();
        (pieces.len() > 1 && pieces.iter().all(known)).then_some(pieces.len())
    })
}

/// The code or label that Excel took for a day: `3-1` for `3月1日`, `1-Mar` or `2016/3/1`.
fn dated(key: &str, question: &Question) -> Option<String> {
    let lower = key.to_lowercase();
    let numbers: Vec<u32> = lower
        .split(|character: char| !character.is_alphanumeric() || "年月日".contains(character))
        .filter_map(|part| {
            let named = MONTHS.iter().position(|month| part.starts_with(&month.to_lowercase()));
            named.map(|month| month as u32 + 1).or_else(|| part.parse().ok())
        })
        .collect();
    // A year is Excel's addition, wherever it stands.
    let small: Vec<u32> = numbers.iter().copied().filter(|&number| number <= 31).collect();
    let &[one, other] = small.as_slice() else { return None };
    let names = question.options.iter().flat_map(|option| [code_key(&option.code), option.label.clone()]);
    let pairs: Vec<String> = ["-", "/"]
        .iter()
        .flat_map(|sign| [(one, other), (other, one)].map(|(one, other)| format!("{one}{sign}{other}")))
        .collect();
    names.into_iter().find(|name| pairs.contains(&matching_key(name)))
}

/// Months as Excel abbreviates them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `1月3日`, `3-Jan`, `2024/3/1`.
fn looks_like_date(key: &str) -> bool {
    let japanese = key.contains('月') && key.ends_with('日');
    let english = key.contains('-') && MONTHS.iter().any(|month| key.contains(month));
    let written = |sign: char| {
        key.split(sign).count() == 3
            && key.chars().all(|character| character.is_ascii_digit() || character == sign)
    };
    let slashed = written('/') || (written('-') && key.len() >= 8);
    let digits = key.bytes().any(|byte| byte.is_ascii_digit());
    digits && (japanese || english || slashed)
}

/// One warning for a question that the request does not touch.
fn untouched(
    ledger: &TaskLedger,
    task: &Task,
    question: &Question,
    places: &Places,
) -> Option<(usize, Position, Diagnostic)> {
    let total = ledger.total?;
    let first = first_values(ledger).first().map(|(value, _)| quote(value)).unwrap_or_default();
    let what = match task.role {
        Role::Number(_) => "number",
        Role::Date(_) => "date",
        _ => "option",
    };
    let message = format!(
        "{} of question {}, which this request does not touch, {} no {what}: {first} here{}",
        plural(total.count, "cell"),
        quote(&question.id),
        if total.count == 1 { "is" } else { "are" },
        if total.count == 1 { "" } else { " first" },
    );
    let warning = Diagnostic::warning(message).at(places.place(total.first, Some(task.column)));
    Some((task.column + 1, total.first, warning))
}

/// A column whose cells cannot all be read the same way.
pub(crate) fn mixed(ledger: &TaskLedger, header: &str) -> Option<(Position, Diagnostic)> {
    let class = |class| ledger.classes.get(&class);
    let hint =
        format!("say how column {} is read: `values = \"code\"` or `values = \"label\"`", quote(header));
    match (class(Class::Code), class(Class::Label), class(Class::Either)) {
        (Some((code_at, code)), Some((label_at, label)), _) => {
            let message =
                format!("codes and labels stand in one column: {} and {}", quote(code), quote(label));
            Some((*code_at.max(label_at), Diagnostic::error(message).hint(hint)))
        }
        (None, None, Some((at, value))) => {
            let message = format!(
                "{} is the code of one option and the label of another, and no other cell tells which is meant",
                quote(value)
            );
            Some((*at, Diagnostic::error(message).hint(hint)))
        }
        _ => None,
    }
}
