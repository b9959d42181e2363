//! Decks made: the slides of a group, worded from what was counted of it.

use super::counted::{ChartTables, Counted};
use super::deck::{ChartPlan, Compare, DeckPlan, SlidePlan};
use super::resident::Resident;
use super::resolve::Study;
use crate::chart::{Beside, ChartSpec, Figure, Other, beside};
use crate::diag::Diagnostic;
use crate::disclosure::stated;
use crate::report::{Deck, DeckResult, DeckSlide, WordStyle, Words, not_shown};
use crate::sheet::{Cell, Content, Format, Language, Role, Sheet, Value, about};
use crate::stats::Ratio;
use crate::tabulate::Table;
use crate::toml::Mistakes;

/// The title of a study's deck, of no group.
pub fn deck_title(study: &Study) -> String {
    study.deck.as_ref().map_or(String::new(), |plan| plan.title.value.clone())
}

impl Study {
    /// Whether it has slides.
    pub fn has_deck(&self) -> bool {
        self.deck.is_some()
    }
}

impl Resident<'_> {
    /// The deck of what was counted; `None` where the study has none.
    ///
    /// # Errors
    /// Messages that the data contradict, and words that no figure asserts.
    pub fn deck(&self, counted: &Counted) -> Result<Option<Deck>, Vec<Diagnostic>> {
        let study = self.study;
        let Some(plan) = &study.deck else { return Ok(None) };
        let words = Words {
            figures: &counted.figures,
            judgement: &counted.judgement,
            hidden: &counted.hidden,
            unit: &study.spoken.unit,
            language: study.language,
            style: WordStyle::default(),
        };
        let label = counted.group.as_ref().map_or(plan.whole.as_str(), |group| group.label.as_str());
        Making { resident: self, plan, counted, label, words: &words }.deck().map(Some)
    }
}

/// What one deck is made with.
pub(super) struct Making<'a> {
    pub(super) resident: &'a Resident<'a>,
    pub(super) plan: &'a DeckPlan,
    pub(super) counted: &'a Counted,
    pub(super) label: &'a str,
    pub(super) words: &'a Words<'a>,
}

impl Making<'_> {
    fn deck(&self) -> Result<Deck, Vec<Diagnostic>> {
        let study = self.resident.study;
        let plan = self.plan;
        let mut mistakes = Mistakes::new(std::sync::Arc::clone(&study.source));
        let slides = plan.slides.iter().enumerate();
        let slides = slides.map(|(place, slide)| self.slide(place, slide, &mut mistakes)).collect();
        let blanks = self.blanks(None, None, true);
        let mut own = |typed: &Option<crate::toml::Typed<String>>| {
            typed.as_ref().map(|typed| self.text(typed, &plan.figures, &blanks, &mut mistakes))
        };
        let (subtitle, cover_note, footer) = (own(&plan.subtitle), own(&plan.cover_note), own(&plan.footer));
        let deck = Deck {
            language: study.language,
            size: plan.size,
            title: self.text(&plan.title, &plan.figures, &blanks, &mut mistakes),
            subtitle,
            cover_note,
            stated: (!plan.slides.iter().any(|slide| slide.about))
                .then(|| stated(&study.spoken, study.language == Language::Japanese)),
            footer,
            group_colour: plan.group_colour,
            other_colour: plan.other_colour,
            slides,
        };
        mistakes.finish()?;
        Ok(deck)
    }

    fn slide(&self, place: usize, slide: &SlidePlan, mistakes: &mut Mistakes) -> DeckSlide {
        let study = self.resident.study;
        let counted = &self.counted.slides[place];
        let (mut charts, mut question) = (Vec::new(), Vec::new());
        for (at, (chart, tables)) in slide.charts.iter().zip(&counted.charts).enumerate() {
            for table in &tables.own {
                let text = &table.question.text;
                if !text.is_empty() && !question.contains(text) {
                    question.push(text.clone());
                }
            }
            if slide.section.is_none() && at == 0 {
                let section = tables.own.first().and_then(|table| table.question.section.clone());
                question.splice(0..0, section.filter(|_| slide.question.is_none()));
            }
            charts.extend(self.charts(&self.resident.nation[place][at], chart, tables, mistakes));
        }
        if let (true, Some(ranking)) = (slide.ranking, &self.resident.slide_rankings[place]) {
            // So many groups need the slide's whole width.
            charts =
                vec![self.resident.ranking_chart(ranking, self.counted.group.as_ref(), &self.plan.profile)];
        }
        if charts.len() > 2 {
            // Narrow charts have the options' short words.
            charts.iter_mut().for_each(|chart| self.shorten(chart));
        }
        let names = self.names(&counted.names);
        let blanks = self.blanks(Some((slide, counted)), names.as_deref(), true);
        let mut all = |list: &[crate::toml::Typed<String>]| -> Vec<String> {
            list.iter().map(|typed| self.text(typed, &slide.figures, &blanks, mistakes)).collect()
        };
        if let Some(own) = &slide.question {
            question = all(own);
        }
        question.splice(0..0, slide.section.clone());
        let headline = all(std::slice::from_ref(&slide.headline)).concat();
        let (text, own) = (all(&slide.text), all(&slide.footnotes));
        let results = slide.results.iter().map(|(finding, meaning)| DeckResult {
            finding: all(std::slice::from_ref(finding)).concat(),
            meaning: all(meaning),
        });
        let results = results.collect();
        let mut remarks = all(&slide.speaker);
        let notes = slide.notes.iter();
        let notes: Vec<String> =
            notes.filter_map(|(note, figures)| self.note(note, figures, slide, &blanks, mistakes)).collect();
        let message = self.message(slide, counted, names.as_deref(), mistakes);
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
        let bases = bases(&charts, study.language);
        let captions = charts.iter().flat_map(|chart| chart.caption.iter().skip(1));
        for caption in bases.iter().chain(captions).chain(&own) {
            if !footnotes.contains(caption) {
                footnotes.push(caption.clone());
            }
        }
        for chart in &charts {
            remarks.push(format!("{}\n{}", chart.title, chart.described()));
        }
        let said = |id: &str| slide.leans_on(id) && !self.counted.hidden.contains(id);
        for outcome in self.counted.judgement.outcomes.iter().filter(|outcome| said(&outcome.id)) {
            for fact in &outcome.facts {
                remarks.push(format!("{}: {} {}", outcome.id, fact.what, fact.shown));
            }
        }
        let table = slide.table.then(|| figures(&charts));
        if table.is_some() {
            charts.clear();
        }
        let named = (!counted.named.is_empty()).then(|| self.named(slide, &counted.named));
        DeckSlide {
            number: slide.number.clone(),
            headline,
            message,
            question,
            text,
            results,
            table: table.or(named),
            about: slide
                .about
                .then(|| about(&study.spoken, self.resident.shown_respondents(), study.language))
                .flatten(),
            charts,
            footnotes,
            folio: slide.folio.clone(),
            remarks,
        }
    }

    fn charts(
        &self,
        nation: &[Table],
        plan: &ChartPlan,
        counted: &ChartTables,
        mistakes: &mut Mistakes,
    ) -> Vec<ChartSpec> {
        let study = self.resident.study;
        let language = study.language;
        let whole = self.counted.group.is_none();
        let outside = match language {
            Language::Japanese => format!("{}以外", self.label),
            Language::English => format!("Outside {}", self.label),
        };
        let others = match plan.compare {
            Compare::Nation if !whole => Some((self.plan.nation.as_str(), nation)),
            Compare::Others if !whole => Some((outside.as_str(), counted.others.as_slice())),
            Compare::Class if !whole && !counted.others.is_empty() => {
                let class = self.resident.class_label(self.counted.group.as_ref());
                class.map(|class| (class, counted.others.as_slice()))
            }
            Compare::Last if !counted.others.is_empty() => {
                let last = study.last.as_ref().map(|last| last.label.as_str());
                last.map(|label| (label, counted.others.as_slice()))
            }
            _ => None,
        };
        let (tables, others) = (
            chosen(&counted.own, &plan.grid_rows),
            others.map(|(name, others)| (name, chosen(others, &plan.grid_rows))),
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

    /// Who gave which answer, as a table.
    fn named(&self, slide: &SlidePlan, named: &[(String, Option<Vec<String>>)]) -> Sheet {
        let language = self.resident.study.language;
        let question = slide.names.map(|question| &self.resident.study.spoken.questions[question]);
        let title = question
            .map_or(String::new(), |question| question.short.as_ref().unwrap_or(&question.text).clone());
        let row = |(answer, names): &(String, Option<Vec<String>>)| {
            let bare = names.as_ref().map(|names| names.iter().map(|name| self.bare(name)).collect());
            let shown = bare.as_ref().map_or(not_shown(language).to_string(), |bare: &Vec<String>| {
                if bare.is_empty() { "-".to_string() } else { bare.join(language.choose("、", ", ")) }
            });
            let n = bare.map_or(Content::Suppressed, |bare| {
                Content::Number(Value::Exact(Ratio::whole(bare.len() as i128)), Format::Count { decimals: 0 })
            });
            vec![
                Cell::text(answer.clone(), Role::Label),
                Cell::new(n, Role::Data),
                Cell::text(shown, Role::Label),
            ]
        };
        let heads = match language {
            Language::Japanese => ["選択肢", "回答数", "回答した市町村など"],
            Language::English => ["Answer", "n", "Who gave it"],
        };
        Sheet {
            title,
            above: Vec::new(),
            header: vec![heads.iter().map(|head| Cell::text(*head, Role::Header)).collect()],
            body: named.iter().map(row).collect(),
            side: 1,
            notes: Vec::new(),
        }
    }

    /// A name that begins with the group's (島根県松江市) is known without it.
    fn bare(&self, name: &str) -> String {
        name.strip_prefix(self.label).filter(|rest| !rest.is_empty()).unwrap_or(name).to_string()
    }

    /// 松江市、出雲市など
    fn names(&self, names: &[String]) -> Option<String> {
        if names.is_empty() {
            return None;
        }
        let shown: Vec<String> =
            names.iter().take(self.plan.most_listed).map(|name| self.bare(name)).collect();
        let more = names.len() > shown.len();
        Some(match self.resident.study.language {
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

/// The figures of charts as a table: what they show, in the same words.
fn figures(charts: &[ChartSpec]) -> Sheet {
    let width = charts.iter().map(|chart| chart.series.len()).max().unwrap_or(0);
    let named = |label: &str, n: Option<u64>, low: bool| match n {
        Some(n) => format!("{label} (n={}{})", crate::diag::thousands(n), if low { "*" } else { "" }),
        None => label.to_string(),
    };
    let padded = |mut row: Vec<Cell>, role: Role| {
        row.resize_with(width + 1, || Cell::new(Content::Empty, role));
        row
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for chart in charts {
        let names = chart.series.iter().map(|series| named(&series.name, series.n, series.low_base));
        let head = std::iter::once(chart.title.clone()).chain(names);
        rows.push(padded(head.map(|text| Cell::text(text, Role::Header)).collect(), Role::Header));
        for (place, category) in chart.categories.iter().enumerate() {
            let label = named(&category.label, category.n, category.low_base);
            let figures = chart
                .series
                .iter()
                .map(|series| Cell::text(chart.printed(&series.values[place]), Role::Data));
            let row = std::iter::once(Cell::text(label, Role::Label)).chain(figures).collect();
            rows.push(padded(row, Role::Data));
        }
    }
    let header = if rows.is_empty() { Vec::new() } else { vec![rows.remove(0)] };
    Sheet {
        title: charts.first().map_or(String::new(), |chart| chart.title.clone()),
        above: Vec::new(),
        header,
        body: rows,
        side: 1,
        notes: Vec::new(),
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

/// The bases of a slide's charts, which their captions begin with; where they differ, each says of which charts it is.
fn bases(charts: &[ChartSpec], language: Language) -> Vec<String> {
    let mut bases: Vec<(&str, Vec<&str>)> = Vec::new();
    for chart in charts {
        let Some(base) = chart.caption.first() else { continue };
        match bases.iter_mut().find(|(known, _)| known == base) {
            Some((_, titles)) => titles.push(&chart.title),
            None => bases.push((base, vec![&chart.title])),
        }
    }
    let several = bases.len() > 1;
    let said = bases.into_iter().map(|(base, titles)| match (several, language) {
        (false, _) => base.to_string(),
        (true, Language::Japanese) => format!("{}　{base}", titles.join("、")),
        (true, Language::English) => format!("{}: {base}", titles.join(", ")),
    });
    said.collect()
}
