//! A study run: everything from one read of the data.

use super::report::Maker;
use super::resolve::Study;
use crate::diag::{Diagnostic, Failure, Progress};
use crate::disclosure::{Placed, Suppressed, suppress};
use crate::figures::{Figures, Judgement, Plan, judge};
use crate::frame::ReadOptions;
use crate::report::Document;
use crate::sheet::Profile;
use crate::tabulate::{Estimating, Table, fill, fill_with_spread, sort_rows};

/// What a study found.
pub struct Findings {
    /// The books' tables, in the order of the study.
    pub books: Vec<BookFindings>,
    /// The figures judged, where the study has any.
    pub judgement: Option<Judgement>,
    /// The report, where the study has one.
    pub document: Option<Document>,
    /// Respondents in the data.
    pub respondents: u64,
    /// What was hidden.
    pub suppressed: Suppressed,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
}

/// A book's tables.
pub struct BookFindings {
    /// Part of file names.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its tables.
    pub tables: Vec<Table>,
    /// The same in the other order: by frequency, or as asked when `sorted`.
    pub reordered: Vec<Table>,
    /// Whether most frequent answers come first.
    pub sorted: bool,
    /// How they are presented.
    pub profile: Profile,
}

impl Study {
    /// Reads the data once and makes everything of it.
    ///
    /// # Errors
    /// Data that are refused; a report whose words the data do not bear out.
    pub fn run(
        &self,
        threads: usize,
        reading: &dyn Progress,
        counting: &dyn Progress,
    ) -> Result<Findings, Failure> {
        let (questions, keys) = self.needs();
        let words = self.report.as_ref().map_or_else(Vec::new, |report| report.texts());
        let design = self.is_tested_under_design() && self.survey.design.is_some();
        let options = ReadOptions { keys, words, threads, design, ..self.options.clone() };
        let (dataset, calibration) = self.read(&questions, &options, reading)?;
        let sample = self.sample(&dataset, calibration)?;
        let sample = sample.as_ref().map(|sample| (sample, Estimating::Tests));
        let of_book = |request| fill_with_spread(&self.spoken, request, &dataset, sample, threads, counting);
        let mut filled: Vec<Vec<Table>> = self.books.iter().map(|book| of_book(&book.request)).collect();
        let tables = |request| fill(&self.spoken, request, &dataset, threads, counting);
        let sections = self.report.iter().flat_map(|report| report.requests());
        let mut sections: Vec<Vec<Table>> =
            sections.map(|request| request.map_or_else(Vec::new, tables)).collect();
        // All that is published together, whatever is written of it this time.
        let release = filled.iter_mut().chain(&mut sections).flatten();
        let suppressed = suppress(&self.spoken, &mut release.map(Placed::of_all).collect::<Vec<_>>());
        let mut books = Vec::new();
        for (book, tables) in self.books.iter().zip(filled) {
            let by_frequency = sort_rows(&tables);
            let (tables, reordered) = if book.sort { (by_frequency, tables) } else { (tables, by_frequency) };
            books.push(BookFindings {
                id: book.id.clone(),
                title: book.title.clone(),
                tables,
                reordered,
                sorted: book.sort,
                profile: book.profile.clone(),
            });
        }
        let none = Figures { title: None, source: None, references: Vec::new(), claims: Vec::new() };
        let figures = self.figures.as_ref().unwrap_or(&none);
        let counted = Plan::of(figures).count(&self.spoken, &dataset, threads);
        let judgement = judge(figures, &counted, self.language);
        let maker = Maker { study: self, dataset: &dataset, judgement: &judgement, tables: &sections };
        let document = self.report.as_ref().map(|report| maker.document(report, figures)).transpose()?;
        Ok(Findings {
            books,
            document,
            judgement: self.figures.is_some().then_some(judgement),
            respondents: dataset.respondents,
            suppressed,
            warnings: dataset.warnings.clone(),
        })
    }
}
