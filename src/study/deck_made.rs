//! Decks made: the data read once, then a deck of any group of a question from what is in memory.

use super::deck::{ChartPlan, Compare, DeckPlan, SlidePlan};
use super::groups::DeckGroup;
use super::resolve::Study;
use crate::chart::{Beside, ChartSpec, Figure, Other, beside};
use crate::diag::{Diagnostic, Failure, Progress, Quiet, quote, suggestion};
use crate::figures::{Figures, GroupOf, Judgement, Plan, judge, named_respondents};
use crate::frame::{Dataset, ReadOptions, holds};
use crate::report::{Deck, DeckSlide, WordStyle, Words};
use crate::schema::{Condition, QuestionIndex};
use crate::sheet::{Language, about};
use crate::tabulate::{Filter, Request, RowRole, Stub, Table, fill};
use crate::toml::Mistakes;

/// A study with its data in memory.
pub struct Resident<'a> {
    pub(super) study: &'a Study,
    plan: &'a DeckPlan,
    pub(super) dataset: Dataset,
    /// The question whose options are groups.
    pub(super) by: Option<QuestionIndex>,
    /// Everybody's tables: of each slide, of each request.
    nation: Vec<Vec<Vec<Table>>>,
    none: Figures,
    /// Respondents, all groups together.
    pub(super) respondents: u64,
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

    /// Reads the data that decks need, once, and counts everybody.
    ///
    /// # Errors
    /// A study without a deck; data that are refused.
    pub fn resident(
        &self,
        by: Option<QuestionIndex>,
        threads: usize,
        reading: &dyn Progress,
    ) -> Result<Resident<'_>, Failure> {
        let Some(plan) = &self.deck else {
            let error = Diagnostic::error("the study has no `[deck]`")
                .at(crate::diag::Place::File(self.source.name.clone()));
            return Err(Failure::Refused(vec![
                error.hint("`[deck]` and `[[deck.slides]]` say what stands on slides"),
            ]));
        };
        if self.survey.disclosure.is_some() {
            let error =
                Diagnostic::error("slides are not protected, and the schema has `[survey.disclosure]`");
            return Err(Failure::Refused(vec![error.hint(
                "`report` is; slides lean on figures of each group, which tell what its tables hide",
            )]));
        }
        let mut questions = plan.questions(&self.survey);
        questions.extend(by);
        let used = self.figures.as_ref().map(|figures| {
            let ids = plan.figure_ids();
            let claims = figures.claims.iter().filter(|claim| ids.contains(&claim.id.as_str())).cloned();
            Plan::of(&Figures { claims: claims.collect(), ..figures.clone() })
        });
        questions.extend(used.iter().flat_map(|used| used.questions(&self.survey)));
        questions.sort_unstable();
        questions.dedup();
        let keys = plan.names() || used.is_some_and(|used| used.keys());
        let options = ReadOptions { keys, threads, ..self.options.clone() };
        let (dataset, _) = self.read(&questions, &options, reading)?;
        let none = Figures { title: None, source: None, references: Vec::new(), claims: Vec::new() };
        let counted = |filter: &Filter| -> u64 {
            let inside = |block| holds(&filter.condition, &self.survey, &dataset, block);
            let of_block = |block| inside(block).into_iter().filter(|inside| *inside).count() as u64;
            dataset.blocks.iter().map(of_block).sum()
        };
        let respondents = plan.filter.as_ref().map_or(dataset.respondents, counted);
        let mut resident = Resident { study: self, plan, dataset, by, nation: Vec::new(), none, respondents };
        let of_slide = |slide: &SlidePlan| -> Vec<Vec<Table>> {
            slide.charts.iter().map(|chart| resident.fill_within(&chart.request, None, threads)).collect()
        };
        resident.nation = plan.slides.iter().map(of_slide).collect();
        Ok(resident)
    }
}

/// The title of a study's deck, of no group.
pub fn deck_title(study: &Study) -> String {
    study.deck.as_ref().map_or(String::new(), |plan| plan.title.value.clone())
}

impl Resident<'_> {
    /// What the user should know of the data.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.dataset.warnings
    }

    /// A group of fewer respondents is marked.
    pub(super) fn low_base(&self) -> u64 {
        self.plan.profile.low_base
    }

    /// The respondents of each option.
    pub(super) fn counts(&self, by: QuestionIndex) -> Vec<u64> {
        let request = Request {
            stubs: vec![Stub::Question(by)],
            banners: Vec::new(),
            filter: self.plan.filter.clone(),
            no_answer: None,
            subtotals: false,
            banner_missing: false,
            joint: crate::tabulate::JointNeeds::default(),
        };
        let tables = self.fill_within(&request, None, 1);
        let of_table = |table: &Table| -> Vec<u64> {
            let options = (0..table.stub.len()).filter(|&row| table.stub[row].role == RowRole::Option);
            options.map(|row| table.cell(row, 0).value().map_or(0, |tally| tally.n)).collect()
        };
        tables.first().map_or(Vec::new(), of_table)
    }

    /// The deck of a group, or of everybody.
    ///
    /// # Errors
    /// Messages that the data contradict, and words that no figure asserts.
    pub fn deck(&self, group: Option<&DeckGroup>) -> Result<Deck, Vec<Diagnostic>> {
        let study = self.study;
        let options = group.map_or(&[][..], |group| &group.options);
        let condition = self.by.filter(|_| group.is_some()).map(|question| {
            let count = study.survey.questions[question].options.len();
            let accepts = (0..count).map(|option| options.contains(&option)).collect();
            Condition::Answer { question, accepts }
        });
        let label = group.map_or(self.plan.whole.as_str(), |group| group.label.as_str());
        let figures = study.figures.as_ref().unwrap_or(&self.none);
        let ids = self.plan.figure_ids();
        // Without a question of groups no figure is of one, so that any will do.
        let question = self.by.unwrap_or(usize::MAX);
        let of = group.map(|_| GroupOf { question, options, label });
        let figures = figures.of_group(question, of, &ids);
        let counted = Plan::of(&figures).count(&study.spoken, &self.dataset, 1);
        let judgement = judge(&figures, &counted, study.language);
        let words = Words {
            figures: &figures,
            judgement: &judgement,
            unit: &study.spoken.unit,
            language: study.language,
            style: WordStyle::default(),
        };
        let n = group.map_or(self.respondents, |group| group.n);
        Making { resident: self, plan: self.plan, condition, label, n, words: &words, judgement: &judgement }
            .deck()
    }

    /// Tables of a request among those for whom a condition holds too.
    pub(super) fn fill_within(
        &self,
        request: &Request,
        condition: Option<&Condition>,
        threads: usize,
    ) -> Vec<Table> {
        let filter = request.filter.as_ref();
        let parts: Vec<Condition> =
            condition.cloned().into_iter().chain(filter.map(|filter| filter.condition.clone())).collect();
        let text = filter.map(|filter| filter.text.clone());
        let both = (!parts.is_empty())
            .then(|| Filter { condition: Condition::And(parts), text: text.clone().unwrap_or_default() });
        let request = Request { filter: both, ..request.clone() };
        let mut tables = fill(&self.study.spoken, &request, &self.dataset, threads, &Quiet);
        // Whom a deck is of is said by its names, not as a condition.
        tables.iter_mut().for_each(|table| table.filter.clone_from(&text));
        tables
    }
}

/// What one deck is made with.
pub(super) struct Making<'a> {
    pub(super) resident: &'a Resident<'a>,
    pub(super) plan: &'a DeckPlan,
    pub(super) condition: Option<Condition>,
    pub(super) label: &'a str,
    pub(super) n: u64,
    pub(super) words: &'a Words<'a>,
    judgement: &'a Judgement,
}

impl Making<'_> {
    fn deck(&self) -> Result<Deck, Vec<Diagnostic>> {
        let study = self.resident.study;
        let plan = self.plan;
        let mut mistakes = Mistakes::new(std::sync::Arc::clone(&study.source));
        let slides = plan.slides.iter().enumerate();
        let slides = slides.map(|(place, slide)| self.slide(place, slide, &mut mistakes)).collect();
        let mut own = |typed: &Option<crate::toml::Typed<String>>| {
            typed.as_ref().map(|typed| self.text(typed, &plan.figures, &mut mistakes))
        };
        let (subtitle, cover_note, footer) = (own(&plan.subtitle), own(&plan.cover_note), own(&plan.footer));
        let deck = Deck {
            language: study.language,
            size: plan.size,
            title: self.text(&plan.title, &plan.figures, &mut mistakes),
            subtitle,
            cover_note,
            footer,
            group_colour: plan.group_colour,
            other_colour: plan.other_colour,
            slides,
        };
        mistakes.finish()?;
        Ok(deck)
    }

    pub(super) fn fill(&self, request: &Request, condition: Option<&Condition>) -> Vec<Table> {
        self.resident.fill_within(request, condition, 1)
    }

    fn slide(&self, place: usize, slide: &SlidePlan, mistakes: &mut Mistakes) -> DeckSlide {
        let study = self.resident.study;
        let (mut charts, mut first, mut question) = (Vec::new(), Vec::new(), Vec::new());
        for (at, chart) in slide.charts.iter().enumerate() {
            let tables = self.fill(&chart.request, self.condition.as_ref());
            for table in &tables {
                let text = &table.question.text;
                if !text.is_empty() && !question.contains(text) {
                    question.push(text.clone());
                }
            }
            if slide.section.is_none() && at == 0 {
                let section = tables.first().and_then(|table| table.question.section.clone());
                question.splice(0..0, section.filter(|_| slide.question.is_none()));
            }
            charts.extend(self.charts(place, at, chart, &tables, mistakes));
            if at == 0 {
                first = tables;
            }
        }
        if charts.len() > 2 {
            // Narrow charts have the options' short words.
            charts.iter_mut().for_each(|chart| self.shorten(chart));
        }
        let mut all = |list: &[crate::toml::Typed<String>]| -> Vec<String> {
            list.iter().map(|typed| self.text(typed, &slide.figures, mistakes)).collect()
        };
        if let Some(own) = &slide.question {
            question = all(own);
        }
        question.splice(0..0, slide.section.clone());
        let headline = all(std::slice::from_ref(&slide.headline)).concat();
        let (text, own) = (all(&slide.text), all(&slide.footnotes));
        let mut remarks = all(&slide.speaker);
        let notes = slide.notes.iter();
        let notes: Vec<String> =
            notes.filter_map(|(note, figures)| self.note(note, figures, slide, mistakes)).collect();
        let names = self.names(slide);
        let message = self.message(slide, &first, names.as_deref(), mistakes);
        let in_message = slide.messages.iter().any(|message| match message {
            super::deck::MessagePlan::Fixed(text, _) => text.value.contains("{list}"),
            _ => false,
        });
        let mut footnotes: Vec<String> = notes.iter().map(|note| format!("※ {note}")).collect();
        if let (Some(list), Some(names), false) = (&slide.list, &names, in_message) {
            footnotes.push(match study.language {
                Language::Japanese => format!("※ 「{}」: {names}", list.label),
                Language::English => format!("{}: {names}", list.label),
            });
        }
        for caption in charts.iter().flat_map(|chart: &ChartSpec| &chart.caption).chain(&own) {
            if !footnotes.contains(caption) {
                footnotes.push(caption.clone());
            }
        }
        for chart in &charts {
            remarks.push(format!("{}\n{}", chart.title, chart.described()));
        }
        for outcome in self.judgement.outcomes.iter().filter(|outcome| slide.leans_on(&outcome.id)) {
            for fact in &outcome.facts {
                remarks.push(format!("{}: {} {}", outcome.id, fact.what, fact.shown));
            }
        }
        DeckSlide {
            number: slide.number.clone(),
            headline,
            message,
            question,
            text,
            about: slide
                .about
                .then(|| about(&study.spoken, Some(self.resident.respondents), study.language))
                .flatten(),
            charts,
            footnotes,
            folio: slide.folio.clone(),
            remarks,
        }
    }

    fn charts(
        &self,
        place: usize,
        at: usize,
        plan: &ChartPlan,
        tables: &[Table],
        mistakes: &mut Mistakes,
    ) -> Vec<ChartSpec> {
        let study = self.resident.study;
        let language = study.language;
        let whole = self.condition.is_none();
        let outside = match language {
            Language::Japanese => format!("{}以外", self.label),
            Language::English => format!("Outside {}", self.label),
        };
        let others = match plan.compare {
            Compare::Nation if !whole => {
                Some((self.plan.nation.as_str(), self.resident.nation[place][at].clone()))
            }
            Compare::Others => self.condition.clone().map(|condition| {
                let condition = Condition::Not(Box::new(condition));
                (outside.as_str(), self.fill(&plan.request, Some(&condition)))
            }),
            _ => None,
        };
        let (tables, others) = (
            chosen(tables, &plan.grid_rows),
            others.map(|(name, others)| (name, chosen(&others, &plan.grid_rows))),
        );
        let other = match (plan.compare, &others, &study.figures) {
            (Compare::Reference(reference), _, Some(figures)) => {
                let reference = &figures.references[reference];
                let values = reference.values.iter().map(|value| {
                    let figure = value.percent.map(|printed| Figure {
                        value: printed.value(),
                        label: printed.shown(),
                        difference: None,
                        range: None,
                    });
                    (value.heading().to_string(), figure)
                });
                Some(Other::Published(&reference.label, reference.base, values.collect()))
            }
            (_, Some((name, others)), _) => Some(Other::Respondents(name, others)),
            _ => None,
        };
        let source = match (plan.compare, &study.figures) {
            (Compare::Reference(reference), Some(figures)) => figures.references[reference].source.clone(),
            _ => None,
        };
        let asked = Beside { name: self.label, answers: &plan.answers, other, kind: plan.kind };
        match beside(&tables, &asked, &self.plan.profile) {
            Ok(mut charts) => {
                if let Some(source) = source {
                    let of = language.choose("出典", "Source");
                    let words = format!("{of}: {source}");
                    charts.iter_mut().for_each(|chart| chart.caption.push(words.clone()));
                }
                charts
            }
            Err(errors) => {
                errors.into_iter().for_each(|error| mistakes.error(&plan.rows.span, error));
                Vec::new()
            }
        }
    }

    fn shorten(&self, chart: &mut ChartSpec) {
        let survey = &self.resident.study.spoken;
        let Some(question) = survey.questions.iter().find(|question| question.id == chart.id) else { return };
        for category in &mut chart.categories {
            let of = |option: &&crate::schema::QuestionOption| category.label == option.label;
            let short = question.options.iter().find(of).and_then(|option| option.short.clone());
            category.label = short.unwrap_or(std::mem::take(&mut category.label));
        }
    }

    /// 松江市、出雲市など
    fn names(&self, slide: &SlidePlan) -> Option<String> {
        let list = slide.list.as_ref().filter(|_| self.plan.lists)?;
        let study = self.resident.study;
        let asked = &study.survey.questions[list.question];
        let question = list.question;
        let answered = match asked.kind.takes_several_options() {
            true => Condition::Selected { question, any_of: list.options.clone() },
            false => {
                let accepts = (0..asked.options.len()).map(|place| list.options.contains(&place)).collect();
                Condition::Answer { question, accepts }
            }
        };
        let filter = self.plan.filter.as_ref().map(|filter| filter.condition.clone());
        let condition =
            Condition::And(self.condition.iter().cloned().chain(filter).chain([answered]).collect());
        let names = named_respondents(&study.spoken, &self.resident.dataset, &condition)?;
        if names.is_empty() {
            return None;
        }
        // A name that begins with the group's (島根県松江市) is known without it.
        let bare = |name: &String| {
            let rest = name.strip_prefix(self.label).filter(|rest| !rest.is_empty());
            rest.unwrap_or(name).to_string()
        };
        let shown: Vec<String> = names.iter().take(self.plan.most_listed).map(bare).collect();
        let more = names.len() > shown.len();
        Some(match study.language {
            Language::Japanese => format!("{}{}", shown.join("、"), if more { "など" } else { "" }),
            Language::English => format!("{}{}", shown.join(", "), if more { " and others" } else { "" }),
        })
    }
}

impl SlidePlan {
    fn leans_on(&self, id: &str) -> bool {
        let of_message = |message: &super::deck::MessagePlan| match message {
            super::deck::MessagePlan::Fixed(_, figures) => figures.iter().any(|known| known == id),
            _ => false,
        };
        self.figures.iter().any(|known| known == id) || self.messages.iter().any(of_message)
    }
}

/// The tables, or of summary tables the rows, of these rows of a grid.
pub(super) fn chosen(tables: &[Table], grid_rows: &[String]) -> Vec<Table> {
    if grid_rows.is_empty() {
        return tables.to_vec();
    }
    let wanted =
        |id: &str| id.rsplit_once('.').is_some_and(|(_, row)| grid_rows.iter().any(|known| known == row));
    let tables = tables.iter().filter(|table| table.is_summary() || wanted(&table.question.id));
    tables
        .map(|table| match table.is_summary() {
            true => {
                let rows: Vec<usize> =
                    (0..table.stub.len()).filter(|&row| wanted(&table.stub[row].question)).collect();
                table.select_rows(&rows)
            }
            false => table.clone(),
        })
        .collect()
}
