//! A study run: everything from one read of the data.

use super::counted::Counted;
use super::report::Maker;
use super::resident::{Resident, Wanted};
use super::resolve::Study;
use crate::diag::{Diagnostic, Failure, Progress};
use crate::disclosure::{Placed, Suppressed, Whom, suppress};
use crate::figures::{Figures, Judgement, Plan, judge};
use crate::frame::ReadOptions;
use crate::report::Document;
use crate::schema::Disclosure;
use crate::sheet::Profile;
use crate::tabulate::{Estimating, Request, Table, fill, fill_with_spread, sort_rows};

/// What a study found, of everybody or of a group.
pub struct Findings {
    /// What the group is called; `None`: everybody.
    pub group: Option<String>,
    /// The books' tables, in the order of the study.
    pub books: Vec<BookFindings>,
    /// The figures judged, where the study has any.
    pub judgement: Option<Judgement>,
    /// The report, where the study has one.
    pub document: Option<Document>,
    /// Respondents in the data, where that may be said.
    pub respondents: Option<u64>,
    /// What was hidden.
    pub suppressed: Suppressed,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
}

/// A book's tables.
#[derive(Debug)]
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
        let of_book =
            |request: &Request| fill_with_spread(&self.spoken, request, &dataset, sample, threads, counting);
        let mut books: Vec<Vec<Table>> = self.books.iter().map(|book| of_book(&book.request)).collect();
        let tables = |request: &Request| match request.joint.design() {
            true => of_book(request),
            false => fill(&self.spoken, request, &dataset, threads, counting),
        };
        let sections = self.report.iter().flat_map(|report| report.requests());
        let mut sections: Vec<Vec<Table>> =
            sections.map(|request| request.map_or_else(Vec::new, tables)).collect();
        // All that is published together, whatever is written of it this time.
        let asked = self.books.iter().map(|book| Some(&book.request));
        let asked = asked.chain(self.report.iter().flat_map(|report| report.requests()));
        let mut release: Vec<Placed<'_>> = Vec::new();
        for (request, tables) in asked.zip(books.iter_mut().chain(&mut sections)) {
            let whom = request.map(|request| Whom::of_request(&self.spoken, request));
            release.extend(whom.unwrap_or_default().place(tables));
        }
        let none = Figures::default();
        let figures = self.figures.as_ref().unwrap_or(&none);
        let mut counted = Plan::of(figures).count(&self.spoken, &dataset, threads);
        let judgement = judge(figures, &counted, self.language);
        let said = self.said_figures();
        for (condition, table) in counted.judged_by(&said) {
            release.extend(Whom::of(&self.spoken, condition).place([table]));
        }
        let suppressed = suppress(&self.spoken, &mut release);
        let names = self.spoken.disclosure.as_ref().is_none_or(Disclosure::may_name);
        let hidden = counted.hidden(&said, names);
        let respondents = dataset.respondents;
        let maker = Maker {
            study: self,
            dataset: &dataset,
            label: self.whole(),
            nation: Some(respondents),
            standings: &[],
            condition: None,
            respondents: Some(respondents),
            tables: &sections,
            figures,
            judgement: &judgement,
            hidden: &hidden,
        };
        let document = self.report.as_ref().map(|report| maker.document(report)).transpose();
        Ok(Findings {
            group: None,
            books: self.book_findings(books),
            document: document.map_err(Failure::Refused)?,
            judgement: self.figures.is_some().then_some(judgement),
            respondents: Some(respondents),
            suppressed,
            warnings: dataset.warnings.clone(),
        })
    }

    /// The figures that the report leans on.
    fn said_figures(&self) -> Figures {
        let ids = self.figure_ids(Wanted { report: true, ..Wanted::default() });
        let mut figures = self.figures.clone().unwrap_or_default();
        figures.claims.retain(|claim| self.survey.disclosure.is_some() && ids.contains(&claim.id.as_str()));
        figures
    }

    /// What everybody is called.
    fn whole(&self) -> &str {
        let own = self.deck.as_ref().map(|plan| plan.whole.as_str());
        own.unwrap_or_else(|| self.language.choose("全体", "All"))
    }

    /// The books with their tables, in both orders.
    fn book_findings(&self, tables: Vec<Vec<Table>>) -> Vec<BookFindings> {
        let books = self.books.iter().zip(tables).map(|(book, tables)| {
            let by_frequency = sort_rows(&tables);
            let (tables, reordered) = if book.sort { (by_frequency, tables) } else { (tables, by_frequency) };
            BookFindings {
                id: book.id.clone(),
                title: book.title.clone(),
                tables,
                reordered,
                sorted: book.sort,
                profile: book.profile.clone(),
            }
        });
        books.collect()
    }
}

impl Resident<'_> {
    /// The report and the books of what was counted, as far as they were wanted.
    ///
    /// # Errors
    /// Words that the group's figures do not bear out.
    pub fn findings(&self, counted: &Counted) -> Result<Findings, Vec<Diagnostic>> {
        let study = self.study;
        let group = counted.group.as_ref();
        let label = group.map_or(study.whole(), |group| group.label.as_str());
        let report = study.report.as_ref().filter(|_| self.wanted.report);
        let sections = counted.standings.iter().zip(&self.section_rankings).enumerate();
        let standings = sections.map(|(section, (standing, ranking))| {
            let report = report.filter(|report| report.shows_ranking(section));
            let chart = report.zip(ranking.as_ref());
            let chart = chart.map(|(report, ranking)| self.ranking_chart(ranking, group, report.profile()));
            (standing.clone(), chart)
        });
        let standings: Vec<_> = standings.collect();
        let maker = Maker {
            study,
            dataset: &self.dataset,
            label,
            nation: self.shown_respondents(),
            standings: &standings,
            condition: counted.condition.as_ref(),
            respondents: group.map_or(self.shown_respondents(), |group| Some(group.n)),
            tables: &counted.sections,
            figures: &counted.figures,
            judgement: &counted.judgement,
            hidden: &counted.hidden,
        };
        Ok(Findings {
            group: group.map(|group| group.label.clone()),
            books: study.book_findings(counted.books.clone()),
            judgement: None,
            document: report.map(|report| maker.document(report)).transpose()?,
            respondents: group.map_or(self.shown_respondents(), |group| Some(group.n)),
            suppressed: Suppressed::default(),
            warnings: Vec::new(),
        })
    }
}
