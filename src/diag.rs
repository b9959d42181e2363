//! What is told to the user: diagnostics with a place, what was expected and found, and a hint.
//!
//! In: facts found by any room. Out: values; only `cli` prints them. This room must not know
//! schemas, data or tables; it knows texts, spans and records.
//!
//! House rules for messages: lower case, no full stop for one sentence, backticks round anything
//! the user typed, "expected X, found Y". Free-text answers never enter a message.

use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A text a diagnostic can point into: a schema file, or an expression given on the command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user gave it, or the flag (`--filter`).
    pub name: String,
    /// The whole text; spans are byte ranges of it.
    pub text: String,
}

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A byte range of a source text; shown as file:line:column with the line and a caret.
    Span {
        /// The text pointed into.
        source: Arc<Source>,
        /// Bytes of `source.text`.
        span: Range<usize>,
    },
    /// A record of a data file (1 is the first after the header; 0 is the header itself).
    Record {
        /// The data file as the user gave it.
        file: String,
        /// Record number, as a respondent's place in the file.
        record: u64,
        /// Physical line on which the record begins; 0: the file has no lines.
        line: u64,
        /// Header of the column concerned, when there is one.
        column: Option<String>,
    },
    /// A cell of a sheet, or a row of it.
    Cell {
        /// The workbook as the user gave it.
        file: String,
        /// `Sheet1!B7`; `Sheet1!7:7` for a row.
        cell: String,
        /// Record number; 0 is the header.
        record: u64,
        /// Header of the column concerned, when there is one.
        column: Option<String>,
    },
    /// A file as a whole.
    File(String),
}

/// How bad it is: an error refuses the run, a warning and a note do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run goes on, and nothing is amiss.
    Note,
    /// The run goes on.
    Warning,
    /// The run is refused.
    Error,
}

/// One thing to tell the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// One sentence: what is wrong, expected and found.
    pub message: String,
    /// Where, when known.
    pub place: Option<Place>,
    /// A few words under the caret; only for [`Place::Span`].
    pub label: Option<String>,
    /// What to do about it.
    pub hints: Vec<String>,
}

/// Why a run stopped; `cli` turns it into an exit code.
#[derive(Debug)]
pub enum Failure {
    /// The schema, the data or the request is refused (exit code 1).
    Refused(Vec<Diagnostic>),
    /// A file could not be read or written (exit code 3).
    Io(Box<Diagnostic>),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Refused(errors) => errors.iter().try_for_each(|error| f.write_str(&error.render(false))),
            Failure::Io(error) => f.write_str(&error.render(false)),
        }
    }
}

impl std::error::Error for Failure {}

/// A failure of reading or writing a file, in words: `what` could not be done.
pub fn failure(path: &Path, what: &str, error: &io::Error) -> Failure {
    let reason = match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_string(),
        ErrorKind::PermissionDenied => "permission denied".to_string(),
        ErrorKind::IsADirectory => "it is a folder".to_string(),
        _ => error.to_string(),
    };
    let place = Place::File(path.display().to_string());
    Failure::Io(Box::new(Diagnostic::error(format!("{what}: {reason}")).at(place)))
}

/// A value and the warnings found on the way to it.
#[derive(Debug)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// Warnings, in the order found.
    pub warnings: Vec<Diagnostic>,
}

impl<T> Warned<T> {
    /// A value without warnings.
    pub fn new(value: T) -> Self {
        Warned { value, warnings: Vec::new() }
    }
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            place: None,
            label: None,
            hints: Vec::new(),
        }
    }

    /// A warning without a place.
    pub fn warning(message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(message) }
    }

    /// Something to know, without a place.
    pub fn note(message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(message) }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Points into a source text.
    pub fn span(self, source: &Arc<Source>, span: Range<usize>) -> Self {
        self.at(Place::Span { source: Arc::clone(source), span })
    }

    /// Puts a few words under the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The diagnostic as the user reads it, with a newline at the end; colour only when asked.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Note => Level::NOTE,
            Severity::Warning => Level::WARNING,
        };
        let mut message = self.message.clone();
        if let Some(place) = &self.place {
            match place {
                Place::Record { file, record, line, column } => {
                    let line = if *line == 0 { String::new() } else { format!(":{line}") };
                    message =
                        format!("{}{line}: {}: {message}", visible(file), record_words(*record, column));
                }
                Place::Cell { file, cell, record, column } => {
                    message =
                        format!("{}:{cell}: {}: {message}", visible(file), record_words(*record, column));
                }
                Place::File(file) => message = format!("{}: {message}", visible(file)),
                Place::Span { .. } => {}
            }
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let title = level.primary_title(message);
        let Some(Place::Span { source, span }) = &self.place else {
            // No source line to stand beside: the hints go under the message.
            let mut text = renderer.render(&[Group::with_title(title)]) + "\n";
            for hint in &self.hints {
                text += &format!("  hint: {hint}\n");
            }
            return text;
        };
        let end = span.end.min(source.text.len());
        let start = span.start.min(end);
        let annotation = AnnotationKind::Primary.span(start..end).label(self.label.as_deref());
        let snippet = Snippet::source(&source.text).path(&source.name).annotation(annotation);
        let hints = self.hints.iter().map(|hint| Level::HELP.with_name("hint").message(hint.as_str()));
        let group = hints.fold(title.element(snippet), Group::element);
        renderer.render(&[group]) + "\n"
    }
}

/// `record 3, column `q1``; record 0 is the header.
fn record_words(record: u64, column: &Option<String>) -> String {
    let column = column.as_ref().map_or(String::new(), |column| format!(", column `{}`", visible(column)));
    match record {
        0 => format!("header{column}"),
        record => format!("record {record}{column}"),
    }
}

/// A value in backticks, safe for a terminal and at most 40 characters long.
///
/// Use it for values of coded columns and names only, never for free text.
pub fn quote(value: &str) -> String {
    let mut shown: String = value.chars().take(40).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    format!("`{}`", visible(&shown))
}

/// The text with control, bidirectional and zero-width characters written as `\u{…}`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(
            c,
            '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{2069}'
                | '\u{FEFF}'
                | '\u{061C}'
                | '\u{00AD}'
        );
        if c.is_control() || hidden {
            shown.push_str(&c.escape_unicode().to_string());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// `1 record`, `2 records`.
pub fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(count)) }
}

/// A few names of a list, and how many more there are.
pub fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    const NAMED: usize = 5;
    let more = names.len().saturating_sub(NAMED);
    let named: Vec<String> = names.take(NAMED).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// 1234567 as `1,234,567`.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// "did you mean `q3`?" for the nearest of the names, when one is near: alike on the whole, or one
/// slip of the finger away.
pub fn suggestion<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, names).map(|name| format!("did you mean `{}`?", visible(name)))
}

/// The name that is nearest to what was typed, if any is near.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed_key = typed.to_lowercase();
    let nearness = |name: &str| {
        let name = name.to_lowercase();
        let slip = typed_key.chars().count() > 1 && strsim::osa_distance(&typed_key, &name) == 1;
        strsim::jaro_winkler(&typed_key, &name).max(if slip { 0.78 } else { 0.0 })
    };
    names
        .into_iter()
        .map(|name| (nearness(name), name))
        .filter(|(near, _)| *near >= 0.78)
        .fold(None::<(f64, &str)>, |best, candidate| match best {
            Some(b) if b.0 >= candidate.0 => Some(b),
            _ => Some(candidate),
        })
        .map(|(_, name)| name)
}

/// Who wants to know how far a long piece of work is; `cli` draws it.
pub trait Progress: Sync {
    /// `done` of `total` units (bytes, tables) are done.
    fn advance(&self, done: u64, total: u64);

    /// What is being worked on.
    fn name(&self, _what: &str) {}
}

/// Nobody wants to know.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Progress for Quiet {
    fn advance(&self, _done: u64, _total: u64) {}
}
