//! Workbooks: which tables stand on which sheet.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::output::Output;
use crate::diag::{Diagnostic, Failure, Place, plural};
use crate::render::{Book, Left, Page};
use crate::schema::{Language, Survey};
use crate::sheet::{Arranged, Sheet, about};

/// How a workbook is laid out.
#[derive(Debug, Args)]
pub struct WorkbookArguments {
    /// Sheets of a workbook (xlsx); default: one for GT tables, one a question for cross tables.
    #[arg(long, value_name = "WHICH")]
    pub sheets: Option<SheetsChoice>,
    /// Excel's own charts of percentages beside the tables of a workbook (xlsx).
    #[arg(long)]
    pub charts: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetsChoice {
    /// One for each question; a grid is one
    Question,
    /// One for each banner, which then stands alone beside the total
    Banner,
    /// One for all tables
    One,
}

/// Tables of one request, or of one banner of it.
pub struct Part {
    /// Ids of the banner's questions.
    pub banner: String,
    /// The tables.
    pub tables: Vec<Arranged>,
}

/// A book of tables, with what is known of the survey before them.
pub fn book(
    parts: Vec<Part>,
    choice: SheetsChoice,
    charts: bool,
    (survey, respondents): (&Survey, u64),
    language: Language,
) -> Book {
    let mut pages = Vec::from_iter(about_page(survey, Some(respondents), language));
    for Part { banner, tables } in parts {
        match choice {
            SheetsChoice::Banner => pages.push(Page { name: banner, tables }),
            SheetsChoice::One => {
                let name = match banner.is_empty() {
                    true => language.choose("GT表", "GT tables"),
                    false => language.choose("クロス表", "Cross tables"),
                };
                pages.push(Page { name: name.to_string(), tables });
            }
            SheetsChoice::Question => {
                for table in tables {
                    match pages.last_mut() {
                        Some(page) if page.tables[0].question == table.question => page.tables.push(table),
                        _ => pages.push(Page { name: table.question.clone(), tables: vec![table] }),
                    }
                }
            }
        }
    }
    Book { title: survey.title.clone(), language, pages, charts }
}

/// A sheet of what is known of the survey.
pub fn about_page(survey: &Survey, respondents: Option<u64>, language: Language) -> Option<Page> {
    // That there are respondents alone is nothing to tell.
    let sheet = about(survey, respondents, language).filter(|_| !survey.about.is_empty())?;
    Some(Page::of(language.choose("調査概要", "About"), vec![sheet]))
}

/// A book of sheets with words, all on one sheet.
pub fn book_of(sheets: &[Sheet], language: Language) -> Book {
    let title = sheets.first().map_or(String::new(), |sheet| sheet.title.clone());
    let pages = vec![Page::of(language.choose("表", "Tables"), sheets.to_vec())];
    Book { title, language, pages, charts: false }
}

/// A workbook is no text: a terminal would show it as noise. A pipe takes it, as it takes any bytes.
pub fn refuse_terminal(output: &Output) -> Result<(), Failure> {
    match output.is_terminal() {
        true => Err(Failure::Refused(vec![
            Diagnostic::error("a workbook is not written to a terminal").hint("give `--out book.xlsx`"),
        ])),
        false => Ok(()),
    }
}

/// What is not in the book, as warnings.
pub fn warnings(left: Left, out: Option<&Path>) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let at = |warning: Diagnostic| match out {
        Some(path) => warning.at(Place::File(path.display().to_string())),
        None => warning,
    };
    if left.shortened > 0 {
        let texts = plural(left.shortened, "text");
        warnings.push(at(Diagnostic::warning(format!(
            "shortened {texts} to the 32,767 characters that a cell holds"
        ))));
    }
    if left.without_chart > 0 {
        let tables = plural(left.without_chart, "table");
        let warning = at(Diagnostic::warning(format!("{tables} without a chart")));
        warnings.push(warning.hint("of several answers, six groups are compared in a chart at most"));
    }
    warnings
}
