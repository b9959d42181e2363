//! A study with its data in memory: read once, counted for any group of a question.

use super::deck::DeckPlan;
use super::groups::Group;
use super::release::Release;
use super::report::ReportPlan;
use super::resolve::Study;
use super::standing::{Classes, Ranking, StandingPlan};
use crate::design::Sample;
use crate::diag::{Diagnostic, Failure, Place, Progress, Quiet, quote, suggestion};
use crate::disclosure::Suppressed;
use crate::figures::{Figures, Plan};
use crate::frame::{Dataset, ReadOptions, holds, read};
use crate::schema::{Condition, QuestionIndex, Survey};
use crate::tabulate::{Estimating, Filter, Request, RowRole, Table, fill_with_spread};

/// What is to be made of groups: only what that needs is read and counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Slides.
    pub deck: bool,
    /// The report.
    pub report: bool,
    /// The books of tables.
    pub books: bool,
}

/// A study with its data in memory.
pub struct Resident<'a> {
    pub(super) study: &'a Study,
    pub(super) wanted: Wanted,
    pub(super) dataset: Dataset,
    /// The sample behind the data, where tests go by it.
    sample: Option<Sample>,
    /// The question whose options are groups.
    pub(super) by: Option<QuestionIndex>,
    /// Everybody's tables: of each slide, of each chart.
    pub(super) nation: Vec<Vec<Vec<Table>>>,
    /// Respondents, all groups together.
    pub(super) respondents: u64,
    /// Replies of the last wave, where the study names one and anything asks for them.
    before: Option<Dataset>,
    pub(super) groups: Vec<Group>,
    pub(super) classes: Classes,
    /// All groups by the answer that each slide ranks them by.
    pub(super) slide_rankings: Vec<Option<Ranking>>,
    /// The same of the report's sections.
    pub(super) section_rankings: Vec<Option<Ranking>>,
    /// What was counted of all groups, where some of it is hidden.
    pub(super) release: Option<Release>,
    /// That figures of texts are of no group.
    of_everybody: Option<Diagnostic>,
}

impl Study {
    /// The question of the groups, and of them the one that is called so, where one is.
    ///
    /// # Errors
    /// A question or a group that there is not; a question whose options are no groups.
    pub fn grouping(
        &self,
        question: &str,
        group: Option<&str>,
    ) -> Result<(QuestionIndex, Option<usize>), Diagnostic> {
        let ids = || self.survey.questions.iter().map(|question| question.id.as_str());
        let Some(by) = self.survey.find(question) else {
            let error = Diagnostic::error(format!("unknown question {}", quote(question)));
            return Err(match suggestion(question, ids()) {
                Some(hint) => error.hint(hint),
                None => error.hint("groups are the options of a question of the schema: `pref`, `area`"),
            });
        };
        let asked = &self.survey.questions[by];
        if !asked.kind.takes_one_option() {
            let error =
                format!("expected a question with one answer each for groups, found {}", quote(question));
            return Err(Diagnostic::error(error).hint("a `[[derive]]` makes groups of others"));
        }
        let Some(name) = group else { return Ok((by, None)) };
        let called = |place: &usize| {
            let option = &asked.options[*place];
            let names = [Some(&option.label), option.short.as_ref(), option.label_en.as_ref()];
            option.code.to_string() == name
                || names.into_iter().flatten().any(|known| known == name)
                || option.spellings.iter().any(|known| known == name)
        };
        match (0..asked.options.len()).find(called) {
            Some(place) => Ok((by, Some(place))),
            None => {
                let error = Diagnostic::error(format!("{} has no group {}", quote(question), quote(name)));
                let labels = asked.options.iter().map(|option| option.label.as_str());
                Err(match suggestion(name, labels) {
                    Some(hint) => error.hint(hint),
                    None => error.hint("give the code or the label of one of its options"),
                })
            }
        }
    }

    /// Reads the data that this needs, once, and counts everybody; where the schema says so, all groups too, and hides what
    /// must not be published of any.
    ///
    /// # Errors
    /// A study without what is wanted; data that are refused.
    pub fn resident(
        &self,
        by: Option<QuestionIndex>,
        wanted: Wanted,
        threads: usize,
        reading: &dyn Progress,
        counting: &dyn Progress,
    ) -> Result<Resident<'_>, Failure> {
        let lacking = [
            (
                wanted.deck && self.deck.is_none(),
                "`[deck]`",
                "`[deck]` and `[[deck.slides]]` say what stands on slides",
            ),
            (
                wanted.report && self.report.is_none(),
                "`[report]`",
                "`[report]` and `[[report.sections]]` say what stands in a report",
            ),
            (
                wanted.books && self.books.is_empty(),
                "`[[tables]]`",
                "each `[[tables]]` is a book of tables: `id = \"gt\"`, `rows = \"all\"`",
            ),
        ];
        let errors = lacking.into_iter().filter(|(lacks, ..)| *lacks).map(|(_, what, hint)| {
            let error = Diagnostic::error(format!("the study has no {what}"));
            error.at(Place::File(self.source.name.clone())).hint(hint)
        });
        let errors: Vec<Diagnostic> = errors.collect();
        if !errors.is_empty() {
            return Err(Failure::Refused(errors));
        }
        let deck = self.deck.as_ref().filter(|_| wanted.deck);
        let report = self.report.as_ref().filter(|_| wanted.report);
        let mut questions: Vec<QuestionIndex> = by.into_iter().collect();
        questions.extend(deck.iter().flat_map(|plan| plan.questions(&self.survey)));
        questions.extend(report.iter().flat_map(|plan| plan.questions(&self.survey)));
        if wanted.books {
            questions.extend(self.books.iter().flat_map(|book| book.request.questions(&self.survey)));
        }
        questions.extend(self.class.iter().map(|class| class.value));
        questions.extend(self.filter.iter().flat_map(|filter| filter.condition.questions()));
        let used = self.figures.as_ref().map(|figures| {
            let ids = self.figure_ids(wanted);
            let claims = figures.claims.iter().filter(|claim| ids.contains(&claim.id.as_str())).cloned();
            Plan::of(&Figures { claims: claims.collect(), ..figures.clone() })
        });
        questions.extend(used.iter().flat_map(|used| used.questions(&self.survey)));
        questions.sort_unstable();
        questions.dedup();
        let words = report.map_or_else(Vec::new, |report| report.texts());
        let keys = deck.is_some_and(DeckPlan::names) || used.is_some_and(|used| used.keys());
        let keys = keys || !words.is_empty();
        let design = wanted.books && self.is_tested_under_design() && self.survey.design.is_some();
        let options = ReadOptions { keys, words, threads, design, ..self.options.clone() };
        let (dataset, calibration) = self.read(&questions, &options, reading)?;
        let sample = if wanted.books { self.sample(&dataset, calibration)? } else { None };
        let asks = deck.is_some_and(DeckPlan::looks_back) || report.is_some_and(ReportPlan::ranks);
        let before = self.last.as_ref().filter(|_| asks && by.is_some());
        let before = before.map(|last| {
            let options = ReadOptions { threads, ..last.options.clone() };
            read(&last.data, &last.survey, &questions, &options, reading)
        });
        let before = before.transpose()?;
        let counted = |filter: &Filter| -> u64 {
            let inside = |block| holds(&filter.condition, &self.survey, &dataset, block);
            let of_block = |block| inside(block).into_iter().filter(|inside| *inside).count() as u64;
            dataset.blocks.iter().map(of_block).sum()
        };
        let respondents = self.filter.as_ref().map_or(dataset.respondents, counted);
        let mut resident = Resident {
            study: self,
            wanted,
            dataset,
            sample,
            by,
            nation: Vec::new(),
            respondents,
            before,
            groups: Vec::new(),
            classes: Classes::default(),
            slide_rankings: Vec::new(),
            section_rankings: Vec::new(),
            release: None,
            of_everybody: by.and_then(|by| self.of_everybody(by, wanted)),
        };
        resident.groups = resident.found();
        resident.classes = resident.classes_of(&resident.groups).map_err(Failure::Refused)?;
        let ranking = |plan: Option<&StandingPlan>| {
            plan.and_then(|plan| resident.ranking(plan, &resident.groups, &resident.classes))
        };
        let slides: Vec<Option<Ranking>> =
            deck.iter().flat_map(|plan| &plan.slides).map(|slide| ranking(slide.rank.as_ref())).collect();
        let sections: Vec<Option<Ranking>> =
            report.iter().flat_map(|plan| plan.rankings()).map(ranking).collect();
        resident.slide_rankings = slides;
        resident.section_rankings = sections;
        if let Some(plan) = deck {
            let of_slide = |slide: &super::deck::SlidePlan| -> Vec<Vec<Table>> {
                slide.charts.iter().map(|chart| resident.fill_within(&chart.request, None, threads)).collect()
            };
            resident.nation = plan.slides.iter().map(of_slide).collect();
        }
        resident.protect(threads, counting);
        Ok(resident)
    }

    /// Says that texts of groups lean on figures of everybody only, or of another question's groups.
    fn of_everybody(&self, by: QuestionIndex, wanted: Wanted) -> Option<Diagnostic> {
        let (figures, ids) = (self.figures.as_ref()?, self.figure_ids(wanted));
        let id = &self.survey.questions[by].id;
        (!ids.is_empty() && !figures.is_of_groups(by, &ids)).then(|| {
            let words = format!("the figures that texts lean on are of no group of {}", quote(id));
            Diagnostic::warning(format!("{words}: each group is told the same"))
                .hint(format!("a figure with `within = \"{id} == …\"` is judged of each group"))
        })
    }

    /// The figures that texts of what is wanted lean on.
    pub(super) fn figure_ids(&self, wanted: Wanted) -> Vec<&str> {
        let deck = self.deck.as_ref().filter(|_| wanted.deck);
        let report = self.report.as_ref().filter(|_| wanted.report);
        let ids = deck.into_iter().flat_map(|plan| plan.figure_ids());
        ids.chain(report.into_iter().flat_map(|plan| plan.figure_ids())).collect()
    }
}

impl Resident<'_> {
    /// What the user should know of the data.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_data = self.before.iter().flat_map(|before| &before.warnings);
        self.dataset.warnings.iter().chain(of_data).chain(&self.of_everybody)
    }

    /// What was hidden in all files of the release.
    pub fn suppressed(&self) -> Suppressed {
        self.release.as_ref().map_or_else(Suppressed::default, |release| release.suppressed.clone())
    }

    /// Respondents, all groups together, where that may be said.
    pub(super) fn shown_respondents(&self) -> Option<u64> {
        let hides = self.release.as_ref().is_some_and(|release| release.hides_all);
        (!hides).then_some(self.respondents)
    }

    /// The groups, in the order of the question's options; those made of small ones last.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The respondents of each option.
    pub(super) fn counts(&self, by: QuestionIndex) -> Vec<u64> {
        let request = Request::of_question(by, self.study.filter.clone());
        let tables = self.fill_within(&request, None, 1);
        let of_table = |table: &Table| -> Vec<u64> {
            let options = (0..table.stub.len()).filter(|&row| table.stub[row].role == RowRole::Option);
            options.map(|row| table.cell(row, 0).value().map_or(0, |tally| tally.n)).collect()
        };
        tables.first().map_or(Vec::new(), of_table)
    }

    /// That a respondent is in one of these options' groups.
    pub(super) fn within(&self, options: &[usize]) -> Option<Condition> {
        let question = self.by?;
        let count = self.study.survey.questions[question].options.len();
        let accepts = (0..count).map(|option| options.contains(&option)).collect();
        Some(Condition::Answer { question, accepts })
    }

    /// Tables of a request among those for whom a condition holds too.
    pub(super) fn fill_within(
        &self,
        request: &Request,
        condition: Option<&Condition>,
        threads: usize,
    ) -> Vec<Table> {
        self.fill_of(&self.study.spoken, &self.dataset, request, condition, None, threads)
    }

    /// Tables of a request among those for whom a condition holds too, with what its tests need.
    pub(super) fn fill_tested(&self, request: &Request, condition: Option<&Condition>) -> Vec<Table> {
        let sample = self.sample.as_ref().filter(|_| request.joint.design());
        self.fill_of(&self.study.spoken, &self.dataset, request, condition, sample, 1)
    }

    /// The same of the last wave, where there is one.
    pub(super) fn fill_before(&self, request: &Request, condition: Option<&Condition>) -> Option<Vec<Table>> {
        let (last, before) = (self.study.last.as_ref()?, self.before.as_ref()?);
        Some(self.fill_of(&last.spoken, before, request, condition, None, 1))
    }

    fn fill_of(
        &self,
        survey: &Survey,
        dataset: &Dataset,
        request: &Request,
        condition: Option<&Condition>,
        sample: Option<&Sample>,
        threads: usize,
    ) -> Vec<Table> {
        let filter = request.filter.as_ref();
        let parts: Vec<Condition> =
            condition.cloned().into_iter().chain(filter.map(|filter| filter.condition.clone())).collect();
        let text = filter.map(|filter| filter.text.clone());
        let both = (!parts.is_empty())
            .then(|| Filter { condition: Condition::And(parts), text: text.clone().unwrap_or_default() });
        let request = Request { filter: both, ..request.clone() };
        let sample = sample.map(|sample| (sample, Estimating::Tests));
        let mut tables = fill_with_spread(survey, &request, dataset, sample, threads, &Quiet);
        // Whom a group's files are of is said by its names, not as a condition.
        tables.iter_mut().for_each(|table| table.filter.clone_from(&text));
        tables
    }
}
