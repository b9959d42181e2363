//! What was counted of one group: all that its files say of the data.
//!
//! Counting and wording are two steps, and nothing after the first reads respondents: what must not be published is
//! taken out of a [`Counted`] between them, with all groups of the release at hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::deck::{ChartPlan, Compare, MessagePlan, SlidePlan};
use super::groups::Group;
use super::resident::Resident;
use super::standing::{Ranking, Standing};
use crate::diag::{Diagnostic, quote};
use crate::figures::{self, Figures, GroupOf, Judgement, Plan, judge, named_respondents};
use crate::schema::{Condition, QuestionIndex};
use crate::sheet::Language;
use crate::tabulate::{Request, Table};

/// What was counted of one group, or of everybody.
pub struct Counted {
    /// The group; `None`: everybody.
    pub group: Option<Group>,
    /// That a respondent is in it.
    pub(super) condition: Option<Condition>,
    /// Its respondents.
    pub respondents: u64,
    /// Tables of the slides, in order.
    pub(super) slides: Vec<SlideTables>,
    /// Tables of the report's sections, in order.
    pub(super) sections: Vec<Vec<Table>>,
    /// Where the group stands among all by what each section ranks.
    pub(super) standings: Vec<Option<Standing>>,
    /// Tables of the books, in order.
    pub(super) books: Vec<Vec<Table>>,
    /// The figures that texts lean on, as they are said of the group.
    pub(super) figures: Figures,
    /// What was found of them.
    pub(super) judgement: Judgement,
    /// Those that stand on hidden numbers.
    pub(super) hidden: BTreeSet<String>,
}

/// What was counted for a slide.
pub(super) struct SlideTables {
    /// Of each chart.
    pub charts: Vec<ChartTables>,
    /// Of each message that writes itself from rows of its own.
    pub said: Vec<Vec<Table>>,
    /// Who gave the answer that is listed.
    pub names: Vec<String>,
    /// Who gave each answer, where all are listed; `None`: that must not be told.
    pub named: Vec<(String, Option<Vec<String>>)>,
    /// Where the group stands among all.
    pub standing: Option<Standing>,
}

/// What was counted for the charts of one request.
pub(super) struct ChartTables {
    /// The group's.
    pub own: Vec<Table>,
    /// Of those beside whom it stands, where that is not everybody: outside it, of its class, in the last wave.
    pub others: Vec<Table>,
}

impl<'a> Resident<'a> {
    /// What was counted of a group, or of everybody, as far as it may be published.
    ///
    /// # Errors
    /// A group of which nothing may be.
    pub fn count(&self, group: Option<&Group>) -> Result<Arc<Counted>, Vec<Diagnostic>> {
        let place = group.and_then(|group| self.place_of(group));
        match &self.release {
            Some(release) => release.counted.get(&place).cloned().ok_or_else(|| {
                let label = group.map_or("", |group| group.label.as_str());
                vec![Diagnostic::error(format!("everything of {} is hidden", quote(label)))]
            }),
            None => {
                let (mut counted, _) = self.tally(group);
                self.complete(&mut counted, place);
                Ok(Arc::new(counted))
            }
        }
    }

    /// Which of the groups it is.
    pub(super) fn place_of(&self, group: &Group) -> Option<usize> {
        self.groups().iter().position(|known| known.options == group.options)
    }

    /// Counts a group, or everybody, and nothing is hidden yet: with what its figures were judged by.
    pub(super) fn tally(&self, group: Option<&Group>) -> (Counted, figures::Counted<'a>) {
        let study = self.study;
        let options = group.map_or(&[][..], |group| &group.options);
        let condition = group.and_then(|group| self.within(&group.options));
        let none = Figures::default();
        let figures = study.figures.as_ref().unwrap_or(&none);
        // Without a question of groups no figure is of one, so that any will do.
        let question = self.by.unwrap_or(usize::MAX);
        let of = group.map(|group| GroupOf { question, options, label: &group.label });
        let figures = figures.of_group(question, of, &study.figure_ids(self.wanted));
        let judged_by = Plan::of(&figures).count(&study.spoken, &self.dataset, 1);
        let judgement = judge(&figures, &judged_by, study.language);
        let within = condition.as_ref();
        let slides = study.deck.iter().filter(|_| self.wanted.deck).flat_map(|plan| &plan.slides);
        // Where it is among all groups.
        let place = group.and_then(|group| self.place_of(group));
        let slides = slides.map(|slide| self.slide_tables(slide, within, place)).collect();
        let sections = study.report.iter().filter(|_| self.wanted.report).flat_map(|plan| plan.requests());
        let fill = |request: &Request| self.fill_tested(request, within);
        let sections = sections.map(|request| request.map_or_else(Vec::new, fill)).collect();
        let books = study.books.iter().filter(|_| self.wanted.books);
        let books = books.map(|book| self.fill_tested(&book.request, within)).collect();
        let counted = Counted {
            group: group.cloned(),
            condition,
            respondents: group.map_or(self.respondents, |group| group.n),
            slides,
            sections,
            standings: Vec::new(),
            books,
            figures,
            judgement,
            hidden: BTreeSet::new(),
        };
        (counted, judged_by)
    }

    /// What depends on all groups: where this one stands among them; and whom tables are of that leave its files.
    pub(super) fn complete(&self, counted: &mut Counted, place: Option<usize>) {
        let standing = |ranking: &Option<Ranking>| ranking.as_ref()?.standing(place?, &self.classes);
        for (slide, ranking) in counted.slides.iter_mut().zip(&self.slide_rankings) {
            slide.standing = standing(ranking);
        }
        counted.standings = self.section_rankings.iter().map(standing).collect();
        if let Some(group) = &counted.group {
            let tables = counted.sections.iter_mut().chain(&mut counted.books).flatten();
            tables.for_each(|table| table.filter = Some(self.told(group, table)));
        }
    }

    /// A group as the condition of a table that may leave its report.
    fn told(&self, group: &Group, table: &Table) -> String {
        let by = self.by.map(|by| &self.study.spoken.questions[by]);
        let name = by.map_or(String::new(), |by| format!("{}: ", by.short.as_ref().unwrap_or(&by.text)));
        let own = format!("{name}{}", group.label);
        match (&table.filter, self.study.language) {
            (None, _) => own,
            (Some(filter), Language::Japanese) => format!("{own}、{filter}"),
            (Some(filter), Language::English) => format!("{own}; {filter}"),
        }
    }

    fn slide_tables(
        &self,
        slide: &SlidePlan,
        within: Option<&Condition>,
        place: Option<usize>,
    ) -> SlideTables {
        let chart = |chart: &ChartPlan| {
            let others = match (chart.compare, within) {
                (Compare::Others, Some(within)) => {
                    let outside = Condition::Not(Box::new(within.clone()));
                    Some(self.fill_within(&chart.request, Some(&outside), 1))
                }
                (Compare::Class, Some(_)) => place
                    .and_then(|place| self.in_class(place))
                    .map(|class| self.fill_within(&chart.request, Some(&class), 1)),
                (Compare::Last, within) => self.fill_before(&chart.request, within),
                _ => None,
            };
            ChartTables {
                own: self.fill_within(&chart.request, within, 1),
                others: others.unwrap_or_default(),
            }
        };
        let said = slide.messages.iter().filter_map(|message| match message {
            MessagePlan::Say(request) => Some(self.fill_within(request, within, 1)),
            _ => None,
        });
        let listed = slide.list.as_ref();
        let names = listed.map_or_else(Vec::new, |list| self.names(list.question, &list.options, within));
        let named = slide.names.map_or_else(Vec::new, |question| {
            let options = self.study.spoken.questions[question].options.iter().enumerate();
            let named = |place| self.names(question, &[place], within);
            options.map(|(place, option)| (option.label.clone(), Some(named(place)))).collect()
        });
        SlideTables {
            charts: slide.charts.iter().map(chart).collect(),
            said: said.collect(),
            names,
            named,
            standing: None,
        }
    }

    /// That a respondent is of the class of a group.
    fn in_class(&self, group: usize) -> Option<Condition> {
        let (question, class) = (self.classes.question?, self.classes.of.get(group).copied().flatten()?);
        Some(self.classes.condition(question, class))
    }

    /// The class of a group.
    pub(super) fn class(&self, group: &Group) -> Option<usize> {
        self.place_of(group).and_then(|place| self.classes.of.get(place).copied().flatten())
    }

    /// 松江市, 出雲市: who gave any of these answers, in the order of their codes.
    fn names(&self, question: QuestionIndex, options: &[usize], within: Option<&Condition>) -> Vec<String> {
        let study = self.study;
        if !study.deck.as_ref().is_some_and(|plan| plan.lists) {
            return Vec::new();
        }
        let asked = &study.survey.questions[question];
        let answered = match asked.kind.takes_several_options() {
            true => Condition::Selected { question, any_of: options.to_vec() },
            false => {
                let accepts = (0..asked.options.len()).map(|place| options.contains(&place)).collect();
                Condition::Answer { question, accepts }
            }
        };
        let filter = study.filter.as_ref().map(|filter| filter.condition.clone());
        let condition = Condition::And(within.cloned().into_iter().chain(filter).chain([answered]).collect());
        named_respondents(&study.spoken, &self.dataset, &condition).unwrap_or_default()
    }
}
