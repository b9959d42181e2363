//! All that is published of a study's groups, hidden together (秘匿) before any of it is worded.
//!
//! A release is everything that the wanted files of *all* groups say, also where only some of them are made: a number is
//! hidden in its group's file, in those of other groups and beside them in the nation's, or nowhere.

use std::collections::HashMap;
use std::sync::Arc;

use super::counted::{ChartTables, Counted, SlideTables};
use super::deck::{ChartPlan, Compare, MessagePlan, SlidePlan};
use super::each::each;
use super::groups::{Group, GroupRule};
use super::resident::Resident;
use super::standing::Ranking;
use crate::diag::Progress;
use crate::disclosure::{Placed, Suppressed, Whom, suppress};
use crate::figures::{self, Reason, ReasonKind};
use crate::schema::{Condition, QuestionIndex};
use crate::tabulate::{Request, RowRole, Shown, Table};

/// What was counted of each group, with what must not be published taken out; of everybody under `None`.
pub(super) struct Release {
    pub counted: HashMap<Option<usize>, Arc<Counted>>,
    pub suppressed: Suppressed,
    /// How many respondents there are in all must not be said.
    pub hides_all: bool,
}

/// One group counted, and what its figures were judged by.
type Tallied<'s> = (Option<usize>, Counted, figures::Counted<'s>);

impl<'a> Resident<'a> {
    /// Counts all groups, or everybody where there are none, and hides what must not be published of them.
    pub(super) fn protect(&mut self, threads: usize, counting: &dyn Progress) {
        let study = self.study;
        let Some(rules) = &study.spoken.disclosure else { return };
        let made = (0..self.groups.len()).filter(|&place| self.groups[place].rule.is_made());
        let wanted: Vec<Option<usize>> =
            if self.by.is_some() { made.map(Some).collect() } else { vec![None] };
        let name =
            |place: &Option<usize>| place.map_or(String::new(), |place| self.groups[place].label.clone());
        let tally = |place: &Option<usize>| -> Tallied<'a> {
            let (counted, figures) = self.tally(place.map(|place| &self.groups[place]));
            (*place, counted, figures)
        };
        let mut tallied = each(&wanted, threads, counting, &name, &tally);
        let of_groups = self.by.map(|by| Request::of_question(by, study.filter.clone()));
        let mut sizes = of_groups.as_ref().map_or_else(Vec::new, |request| self.sizes(request));
        let mut nation = std::mem::take(&mut self.nation);
        let mut rankings =
            [std::mem::take(&mut self.slide_rankings), std::mem::take(&mut self.section_rankings)];
        let mut release = Vec::new();
        for (condition, tables) in &mut sizes {
            release.extend(self.whom(of_groups.as_ref(), condition.as_ref()).place(tables));
        }
        for (slide, charts) in self.slide_plans().zip(&mut nation) {
            for (chart, tables) in slide.charts.iter().zip(charts) {
                release.extend(self.whom(Some(&chart.request), None).place(tables));
            }
        }
        for ranking in rankings.iter_mut().flatten().flatten() {
            self.place_ranking(ranking, &mut release);
        }
        for (_, counted, figures) in &mut tallied {
            self.place(counted, figures, &mut release);
        }
        let suppressed = suppress(&study.spoken, &mut release);
        release.iter_mut().for_each(|placed| hide_small(placed.table, rules.threshold));
        let names = rules.may_name();
        for (_, counted, figures) in &mut tallied {
            counted.hidden = figures.hidden(&counted.figures, names);
            // What would explain a figure may be hidden where the figure is not.
            let plain = |reason: &Reason| matches!(reason.kind, ReasonKind::Differs | ReasonKind::Impossible);
            counted.judgement.outcomes.iter_mut().for_each(|outcome| outcome.reasons.retain(plain));
            for ((slide, nation), tables) in self.slide_plans().zip(&nation).zip(&mut counted.slides) {
                for ((chart, nation), tables) in slide.charts.iter().zip(nation).zip(&mut tables.charts) {
                    if chart.compare == Compare::Others {
                        hide_difference(tables, nation, rules.threshold);
                    }
                }
                self.hide_names(slide, tables, names);
            }
        }
        self.hide_groups(&sizes);
        let hides_all = match sizes.first() {
            Some((_, tables)) => tables.iter().any(|table| table.shown_question_base(0) == Shown::Suppressed),
            None => (1..rules.threshold).contains(&self.respondents),
        };
        self.nation = nation;
        [self.slide_rankings, self.section_rankings] = rankings;
        let mut release = Release { counted: HashMap::new(), suppressed, hides_all };
        let shown = |place: &Option<usize>| place.is_none_or(|place| self.groups[place].rule.is_made());
        for (place, mut counted, _) in tallied.into_iter().filter(|(place, ..)| shown(place)) {
            counted.group = place.map(|place| self.groups[place].clone());
            self.complete(&mut counted, place);
            release.counted.insert(place, Arc::new(counted));
        }
        self.release = Some(release);
    }

    fn slide_plans(&self) -> impl Iterator<Item = &'a SlidePlan> {
        self.study.deck.iter().filter(|_| self.wanted.deck).flat_map(|plan| &plan.slides)
    }

    /// How many respondents each group has; again of the small ones that have files together; and of each that has no
    /// files by itself, for where it alone is hidden others must be hidden as groups, not as answers.
    fn sizes(&self, request: &Request) -> Vec<(Option<Condition>, Vec<Table>)> {
        let merged = self.groups.iter().filter(|group| group.options.len() > 1);
        let conditions = std::iter::once(None).chain(merged.map(|group| self.within(&group.options)));
        // Who is in no group is not told, and stands in no way of what groups add up to.
        let of_options = |table: &Table, only: Option<usize>| {
            let options = (0..table.stub.len()).filter(|&row| table.stub[row].role == RowRole::Option);
            let options = options.enumerate().filter(|(place, _)| only.is_none_or(|only| only == *place));
            table.select_rows(&options.map(|(_, row)| row).collect::<Vec<_>>())
        };
        let filled = |(condition, only): (Option<Condition>, Option<usize>)| {
            let mut tables = self.fill_within(request, condition.as_ref(), 1);
            tables.iter_mut().for_each(|table| *table = of_options(table, only));
            (condition, tables)
        };
        let lone = self.groups.iter().filter(|group| !group.rule.is_made() && group.options.len() == 1);
        let lone = lone.map(|group| (self.within(&group.options), group.options.first().copied()));
        conditions.map(|condition| (condition, None)).chain(lone).map(filled).collect()
    }

    fn whom(&self, request: Option<&Request>, condition: Option<&Condition>) -> Whom {
        // Figures have conditions of their own, and no request.
        let filter = request.and_then(|request| request.filter.as_ref());
        Whom::of(&self.study.spoken, filter.map(|filter| &filter.condition).into_iter().chain(condition))
    }

    fn before(&self, request: &Request, condition: Option<&Condition>) -> Whom {
        self.whom(Some(request), condition).in_wave("before")
    }

    /// Those of a class: its groups, where it has nobody else.
    fn of_class(&self, class: usize, question: QuestionIndex) -> Condition {
        let groups = self.groups.iter().zip(&self.classes.of);
        let own: Vec<&Group> = groups
            .filter(|(group, of)| **of == Some(class) && group.code.is_some())
            .map(|(own, _)| own)
            .collect();
        let n: u64 = own.iter().map(|group| group.n).sum();
        let options: Vec<usize> = own.iter().flat_map(|group| group.options.clone()).collect();
        let whole = self.counts(question).get(class) == Some(&n);
        let by_groups = self.within(&options).filter(|_| whole);
        by_groups.unwrap_or_else(|| self.classes.condition(question, class))
    }

    fn place_ranking<'t>(&self, ranking: &'t mut Ranking, release: &mut Vec<Placed<'t>>) {
        let Ranking { request, table, before, classes, .. } = ranking;
        let request: &Request = request;
        release.extend(self.whom(Some(request), None).place([table]));
        release.extend(self.before(request, None).place(before));
        if let Some(question) = self.classes.question {
            for (class, table) in classes.iter_mut().enumerate() {
                let own = self.of_class(class, question);
                release.extend(self.whom(Some(request), Some(&own)).place(table));
            }
        }
    }

    fn place<'t>(
        &self,
        counted: &'t mut Counted,
        judged_by: &'t mut figures::Counted<'a>,
        release: &mut Vec<Placed<'t>>,
    ) {
        let Counted { condition, group, slides, sections, books, figures, .. } = counted;
        for (condition, table) in judged_by.judged_by(figures) {
            release.extend(self.whom(None, condition).place([table]));
        }
        let own = condition.as_ref();
        let class = group.as_ref().and_then(|group| self.class(group)).zip(self.classes.question);
        let class = class.map(|(class, question)| self.of_class(class, question));
        for (plan, SlideTables { charts, said, .. }) in self.slide_plans().zip(slides) {
            for (ChartPlan { request, compare, .. }, tables) in plan.charts.iter().zip(charts) {
                release.extend(self.whom(Some(request), own).place(&mut tables.own));
                match compare {
                    Compare::Class => {
                        release.extend(self.whom(Some(request), class.as_ref()).place(&mut tables.others));
                    }
                    Compare::Last => release.extend(self.before(request, own).place(&mut tables.others)),
                    // Those outside the group are the nation without it.
                    Compare::Others | Compare::Nothing | Compare::Nation | Compare::Reference(_) => {}
                }
            }
            let requests = plan.messages.iter().filter_map(|message| match message {
                MessagePlan::Say(request) => Some(request),
                _ => None,
            });
            for (request, tables) in requests.zip(said) {
                release.extend(self.whom(Some(request), own).place(tables));
            }
        }
        let report = self.study.report.iter().filter(|_| self.wanted.report);
        for (request, tables) in report.flat_map(|plan| plan.requests()).zip(sections) {
            release.extend(self.whom(request, own).place(tables));
        }
        for (book, tables) in self.study.books.iter().filter(|_| self.wanted.books).zip(books) {
            release.extend(self.whom(Some(&book.request), own).place(tables));
        }
    }

    /// Takes away names of respondents: all where they are persons, else those that a hidden number is of.
    fn hide_names(&self, plan: &SlidePlan, tables: &mut SlideTables, names: bool) {
        let SlideTables { charts, names: listed, named, .. } = tables;
        let asked = plan.charts.first().filter(|chart| names && chart.request.filter == self.study.filter);
        let own = charts.first().map_or(&[][..], |chart| &chart.own);
        let shown = |question: QuestionIndex, options: &[usize]| {
            let question = &self.study.spoken.questions[question];
            let codes: Vec<_> = options.iter().map(|&option| &question.options[option].code).collect();
            let of_rows = |table: &&Table| table.question.id == question.id;
            asked.is_some()
                && own.iter().find(of_rows).is_some_and(|table| {
                    let is_part = |row: &usize| match table.stub[*row].role {
                        RowRole::Option => {
                            table.stub[*row].code.as_ref().is_some_and(|own| codes.contains(&own))
                        }
                        RowRole::Net => {
                            table.stub[*row].of.len() == codes.len()
                                && table.stub[*row].of.iter().all(|own| codes.contains(&own))
                        }
                        _ => false,
                    };
                    (0..table.stub.len()).filter(is_part).all(|row| table.cell(row, 0) != Shown::Suppressed)
                })
        };
        if plan.list.as_ref().is_none_or(|list| !shown(list.question, &list.options)) {
            listed.clear();
        }
        match plan.names.filter(|_| names) {
            Some(question) => {
                for (option, (_, named)) in named.iter_mut().enumerate() {
                    *named = named.take().filter(|_| shown(question, &[option]));
                }
            }
            None => named.clear(),
        }
    }

    /// Groups of whom is hidden how many they are have no files.
    fn hide_groups(&mut self, sizes: &[(Option<Condition>, Vec<Table>)]) {
        let Some(of_all) = sizes.first().and_then(|(_, tables)| tables.first()) else { return };
        let options: Vec<usize> =
            (0..of_all.stub.len()).filter(|&row| of_all.stub[row].role == RowRole::Option).collect();
        let mut merged = sizes.iter().skip(1);
        for group in &mut self.groups {
            group.hides_n = match group.options.as_slice() {
                [option] => options.get(*option).is_none_or(|&row| of_all.cell(row, 0) == Shown::Suppressed),
                _ => merged.next().is_none_or(|(_, tables)| {
                    tables.iter().any(|table| table.shown_question_base(0) == Shown::Suppressed)
                }),
            };
            if group.hides_n && group.rule.is_made() {
                group.rule = GroupRule::Hidden;
            }
        }
    }
}

/// What no sum protects is not shown where it is small: answers that only the last wave had.
fn hide_small(table: &mut Table, threshold: u64) {
    for row in 0..table.stub.len() {
        let counts = !matches!(table.stub[row].role, RowRole::Number | RowRole::Score | RowRole::Ratio);
        for column in 0..table.columns.len() {
            let few = |shown: Shown<crate::tabulate::Tally>| {
                shown.value().is_some_and(|tally| (1..threshold).contains(&tally.n))
            };
            if few(table.shown_base(row, column)) {
                table.hide_base(row, column);
            } else if counts && few(table.cell(row, column)) {
                table.hide(row, column);
            }
        }
    }
}

/// Those outside a group are everybody without it: what of either is hidden is hidden there, so that they tell nothing
/// that the two do not.
fn hide_difference(tables: &mut ChartTables, nation: &[Table], threshold: u64) {
    for ((others, own), nation) in tables.others.iter_mut().zip(&tables.own).zip(nation) {
        others.protect(threshold);
        hide_small(others, threshold);
        for row in 0..others.stub.len() {
            for column in 0..others.columns.len() {
                let there = |table: &Table| row < table.stub.len() && column < table.columns.len();
                let either = |hides: &dyn Fn(&Table) -> bool| {
                    [own, nation].iter().any(|table| !there(table) || hides(table))
                };
                if either(&|table| table.shown_base(row, column) == Shown::Suppressed) {
                    others.hide_base(row, column);
                } else if either(&|table| table.cell(row, column) == Shown::Suppressed) {
                    others.hide(row, column);
                }
            }
        }
        if [own, nation].iter().any(|table| table.shown_column_mentions(0) == Shown::Suppressed) {
            others.hide_mentions(0);
        }
    }
}
