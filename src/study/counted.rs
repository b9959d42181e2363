//! What was counted of one group: all that its files say of the data.
//!
//! Counting and wording are two steps, and nothing after the first reads respondents: what must not be published is
//! taken out of a [`Counted`] between them, with all groups of the release at hand.

use super::deck::{ChartPlan, Compare, MessagePlan, SlidePlan};
use super::groups::Group;
use super::resident::Resident;
use super::standing::{Ranking, Standing};
use crate::figures::{Figures, GroupOf, Judgement, Plan, judge, named_respondents};
use crate::schema::{Condition, QuestionIndex};
use crate::sheet::Language;
use crate::tabulate::{Request, Table};

/// What was counted of one group, or of everybody.
pub struct Counted<'a> {
    /// The group; `None`: everybody.
    pub group: Option<&'a Group>,
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
}

/// What was counted for a slide.
pub(super) struct SlideTables {
    /// Of each chart.
    pub charts: Vec<ChartTables>,
    /// Of each message that writes itself from rows of its own.
    pub said: Vec<Vec<Table>>,
    /// Who gave the answer that is listed.
    pub names: Vec<String>,
    /// Who gave each answer, where all are listed.
    pub named: Vec<(String, Vec<String>)>,
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

impl Resident<'_> {
    /// Counts a group, or everybody.
    pub fn count<'g>(&self, group: Option<&'g Group>) -> Counted<'g> {
        let study = self.study;
        let options = group.map_or(&[][..], |group| &group.options);
        let condition = group.and_then(|group| self.within(&group.options));
        let none = Figures { title: None, source: None, references: Vec::new(), claims: Vec::new() };
        let figures = study.figures.as_ref().unwrap_or(&none);
        // Without a question of groups no figure is of one, so that any will do.
        let question = self.by.unwrap_or(usize::MAX);
        let of = group.map(|group| GroupOf { question, options, label: &group.label });
        let figures = figures.of_group(question, of, &study.figure_ids(self.wanted));
        let counted = Plan::of(&figures).count(&study.spoken, &self.dataset, 1);
        let judgement = judge(&figures, &counted, study.language);
        let within = condition.as_ref();
        let slides = study.deck.iter().filter(|_| self.wanted.deck).flat_map(|plan| &plan.slides);
        // Where it is among all groups.
        let place = group.and_then(|group| self.groups().iter().position(|known| known == group));
        let standing = |ranking: &Option<Ranking>| ranking.as_ref()?.standing(place?, &self.classes);
        let slides = slides.zip(&self.slide_rankings).map(|(slide, ranking)| SlideTables {
            standing: standing(ranking),
            ..self.slide_tables(slide, within, place)
        });
        let slides = slides.collect();
        let standings = self.section_rankings.iter().map(standing).collect();
        let sections = study.report.iter().filter(|_| self.wanted.report).flat_map(|plan| plan.requests());
        let told = |mut tables: Vec<Table>| {
            if let Some(group) = group {
                tables.iter_mut().for_each(|table| table.filter = Some(self.told(group, table)));
            }
            tables
        };
        let fill = |request: &Request| told(self.fill_tested(request, within));
        let sections = sections.map(|request| request.map_or_else(Vec::new, fill)).collect();
        let books = study.books.iter().filter(|_| self.wanted.books);
        let books = books.map(|book| told(self.fill_tested(&book.request, within))).collect();
        let respondents = group.map_or(self.respondents, |group| group.n);
        Counted { group, condition, respondents, slides, sections, standings, books, figures, judgement }
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
            options.map(|(place, option)| (option.label.clone(), named(place))).collect()
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
        let accepts = (0..self.classes.labels.len()).map(|option| option == class).collect();
        Some(Condition::Answer { question, accepts })
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
