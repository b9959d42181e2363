//! The report of a study: its sections resolved, then made of what was found.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::blanks::Blanks;
use super::place::of_text;
use super::resolve::{Resolver, Study};
use super::standing::{STANDING, Standing, StandingPlan, StandingWords};
use super::written::{WrittenReport, WrittenSection};
use crate::chart::{ChartRequest, ChartSpec, FAMILIES, Palette, Style, charts, draw, svg};
use crate::diag::{Diagnostic, Source, quote, suggestion};
use crate::figures::{Figures, Judgement, Phrases, Saying, Width};
use crate::frame::Dataset;
use crate::report::{Block, Document, Passage, Picture, Section, WordStyle, Words, label, not_shown};
use crate::schema::{Condition, Kind, QuestionIndex, Survey};
use crate::sheet::{Language, Profile, about, arrange, redacted, standing_notes};
use crate::significance::Options;
use crate::tabulate::{Request, Table, comments, comments_of};
use crate::toml::{Mistakes, Typed};

/// A report with its names resolved.
pub(super) struct ReportPlan {
    kind: Option<String>,
    date: Option<String>,
    publisher: Option<String>,
    title: Typed<String>,
    subtitle: Option<Typed<String>>,
    lead: Vec<Typed<String>>,
    figures: Vec<String>,
    results: Option<String>,
    section: String,
    about: bool,
    style: WordStyle,
    profile: Profile,
    sections: Vec<SectionPlan>,
    closing: Vec<(String, Vec<Typed<String>>)>,
}

/// A section with its names resolved.
struct SectionPlan {
    headline: Typed<String>,
    request: Option<Request>,
    rows: Option<Typed<String>>,
    shows_question: bool,
    chart: Option<ChartRequest>,
    table: bool,
    /// What is tested of its table.
    significance: Options,
    say: bool,
    rank: Option<StandingPlan>,
    ranking: bool,
    figures: Vec<String>,
    text: Vec<Typed<String>>,
    points: Vec<Typed<String>>,
    meaning: Vec<Typed<String>>,
    view: Vec<Typed<String>>,
    view_notes: Vec<Typed<String>>,
    issues: Vec<Typed<String>>,
    notes: Vec<Typed<String>>,
    excerpts: Option<(QuestionIndex, Vec<Typed<String>>)>,
}

/// Resolves the names of a report.
pub(super) fn plan(
    resolver: &Resolver<'_>,
    written: &WrittenReport,
    mistakes: &mut Mistakes,
) -> Option<ReportPlan> {
    let sections = written.sections.iter().map(|section| self::section(resolver, section, mistakes));
    let sections = sections.collect();
    Some(ReportPlan {
        kind: written.kind.clone(),
        date: written.date.map(|day| match resolver.settings().language {
            Language::Japanese => day.civil().japanese(resolver.survey.era),
            Language::English => day.civil().iso(),
        }),
        publisher: written.publisher.clone(),
        title: written.title.clone()?,
        subtitle: written.subtitle.clone(),
        lead: written.lead.clone(),
        figures: known_figures(resolver.figures, &written.figures, mistakes),
        results: written.results.clone(),
        section: written.section.clone(),
        about: written.about,
        style: WordStyle { full_width: written.full_width },
        profile: resolver.profile(),
        sections,
        closing: written.closing.clone(),
    })
}

/// Ids of figures that there are.
pub(super) fn known_figures(
    figures: Option<&Figures>,
    typed: &[Typed<String>],
    mistakes: &mut Mistakes,
) -> Vec<String> {
    for id in typed {
        let ids = || figures.into_iter().flat_map(|figures| &figures.claims).map(|claim| claim.id.as_str());
        if ids().any(|known| known == id.value) {
            continue;
        }
        let error = Diagnostic::error(format!("unknown figure {}", quote(&id.value)));
        mistakes.error(
            &id.span,
            match (figures, suggestion(&id.value, ids())) {
                (None, _) => error.hint("say `figures = \"figures.toml\"` under `[study]`"),
                (_, Some(hint)) => error.hint(hint),
                (_, None) => error.hint("a figure stands in the study's file of figures"),
            },
        );
    }
    typed.iter().map(|id| id.value.clone()).collect()
}

fn section(resolver: &Resolver<'_>, written: &WrittenSection, mistakes: &mut Mistakes) -> SectionPlan {
    let request = written
        .rows
        .as_ref()
        .and_then(|rows| resolver.request(rows, written.cols.as_ref(), written.filter.as_ref(), mistakes));
    if written.rows.is_none() {
        let needs_rows = [("cols", written.cols.is_some()), ("table", written.table), ("say", written.say)];
        for (key, _) in needs_rows.iter().filter(|(_, is)| *is) {
            let error = Diagnostic::error(format!("missing key `rows` beside `{key}`"));
            mistakes.error(&written.headline.span, error.hint("`rows = \"q1\"` says what is shown"));
        }
    }
    let asked = written.preset.iter().map(|typed| ("sig", &typed.span));
    let asked = asked.chain(written.tests.iter().map(|typed| ("tests", &typed.span)));
    if let (Some((key, span)), false) = (asked.into_iter().next(), written.table) {
        let error = Diagnostic::error(format!("expected `table = true` beside `{key}`, found none"));
        mistakes.error(span, error.hint("letters and tests stand in and under a table"));
    }
    let tests = written.tests.iter().map(|typed| typed.value).collect();
    let significance = resolver.significance(written.preset.as_ref().map(|typed| typed.value), tests);
    let request = request.map(|request| Request { joint: significance.needs(), ..request });
    let excerpts = written.excerpts.as_ref().and_then(|excerpts| {
        let id = &excerpts.question;
        let text = resolver.survey.find(&id.value);
        let text = text.filter(|text| resolver.survey.questions[*text].kind == Kind::Text);
        if text.is_none() {
            let error = format!("expected a text question, found {}", quote(&id.value));
            mistakes.error(&id.span, Diagnostic::error(error));
        }
        if resolver.survey.respondent.is_none() {
            let error = "respondents are known by their key, and the schema names none";
            mistakes
                .error(&id.span, Diagnostic::error(error).hint("say `respondent = \"…\"` under `[survey]`"));
        }
        Some((text?, excerpts.respondents.clone()))
    });
    SectionPlan {
        headline: written.headline.clone(),
        rank: written.rank.as_ref().and_then(|answer| resolver.rank(answer, request.as_ref(), mistakes)),
        ranking: written.ranking,
        request,
        rows: written.rows.clone(),
        shows_question: written.question.unwrap_or(true),
        chart: written.charts.then(|| ChartRequest {
            kind: written.kind,
            highlight: written.highlight.clone(),
            answers: written.answers.clone(),
            source: None,
            // A question without a chart has none, unless a kind was asked for.
            lenient: written.kind.is_none(),
        }),
        table: written.table,
        significance,
        say: written.say,
        figures: known_figures(resolver.figures, &written.figures, mistakes),
        text: written.text.clone(),
        points: written.points.clone(),
        meaning: written.meaning.clone(),
        view: written.view.clone(),
        view_notes: written.view_notes.clone(),
        issues: written.issues.clone(),
        notes: written.notes.clone(),
        excerpts,
    }
}

impl ReportPlan {
    /// Every question whose replies the sections need.
    pub(super) fn questions(&self, survey: &Survey) -> Vec<QuestionIndex> {
        let requests = self.sections.iter().filter_map(|section| section.request.as_ref());
        requests.flat_map(|request| request.questions(survey)).chain(self.texts()).collect()
    }

    /// What each section shows, where it shows tables.
    pub(super) fn requests(&self) -> impl Iterator<Item = Option<&Request>> {
        self.sections.iter().map(|section| section.request.as_ref())
    }

    /// By what groups are ranked in each section.
    pub(super) fn rankings(&self) -> impl Iterator<Item = Option<&StandingPlan>> {
        self.sections.iter().map(|section| section.rank.as_ref())
    }

    /// Whether a section has a chart of all groups.
    pub(super) fn shows_ranking(&self, section: usize) -> bool {
        self.sections[section].ranking
    }

    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether any section ranks groups.
    pub(super) fn ranks(&self) -> bool {
        self.rankings().any(|plan| plan.is_some())
    }

    /// The figures that any text leans on.
    pub(super) fn figure_ids(&self) -> Vec<&str> {
        let of_sections = self.sections.iter().flat_map(|section| &section.figures);
        self.figures.iter().chain(of_sections).map(String::as_str).collect()
    }

    /// Text questions whose words are shown.
    pub(super) fn texts(&self) -> Vec<QuestionIndex> {
        self.sections.iter().filter_map(|section| section.excerpts.as_ref()).map(|(text, _)| *text).collect()
    }
}

/// What a report is made with.
pub(super) struct Maker<'a> {
    pub(super) study: &'a Study,
    /// Where comments are.
    pub(super) dataset: &'a Dataset,
    /// Whom the report is of.
    pub(super) label: &'a str,
    /// Respondents, all groups together.
    pub(super) nation: Option<u64>,
    /// That a respondent is one of them.
    pub(super) condition: Option<&'a Condition>,
    pub(super) respondents: Option<u64>,
    /// Of each section.
    pub(super) tables: &'a [Vec<Table>],
    /// Where a group stands by what each section ranks, and the chart of all; of everybody none.
    pub(super) standings: &'a [(Option<Standing>, Option<ChartSpec>)],
    pub(super) figures: &'a Figures,
    pub(super) judgement: &'a Judgement,
    /// Those that stand on hidden numbers.
    pub(super) hidden: &'a BTreeSet<String>,
}

impl Maker<'_> {
    /// The document.
    ///
    /// # Errors
    /// Words that only data can say and no figure does, at their places; respondents who wrote nothing.
    pub(super) fn document(&self, plan: &ReportPlan) -> Result<Document, Vec<Diagnostic>> {
        let mut mistakes = Mistakes::new(Arc::clone(&self.study.source));
        let unit = self.study.spoken.unit.clone();
        let words = Words {
            figures: self.figures,
            judgement: self.judgement,
            hidden: self.hidden,
            unit: &unit,
            language: self.study.language,
            style: plan.style,
        };
        let checked = Checked { words: &words, source: &self.study.source };
        let style = StandingWords { language: self.study.language, decimals: plan.profile.decimals };
        let blanks = style.blanks(self.blanks(), None);
        let sections = plan.sections.iter().enumerate();
        let sections = sections
            .map(|(place, section)| self.section(plan, section, place, &checked, &mut mistakes))
            .collect();
        let one = |typed: &Typed<String>, mistakes: &mut Mistakes| {
            checked.text(typed, &plan.figures, &blanks, mistakes)
        };
        let document = Document {
            language: self.study.language,
            kind: plan.kind.clone(),
            date: plan.date.clone(),
            publisher: plan.publisher.clone(),
            title: one(&plan.title, &mut mistakes),
            subtitle: plan.subtitle.as_ref().map(|typed| one(typed, &mut mistakes)),
            lead: plan.lead.iter().map(|typed| one(typed, &mut mistakes)).collect(),
            results: plan.results.clone(),
            sections,
            about: plan
                .about
                .then(|| about(&self.study.spoken, self.respondents, self.study.language))
                .flatten(),
            closing: plan
                .closing
                .iter()
                .map(|(title, text)| Passage {
                    title: title.clone(),
                    text: text.iter().map(|typed| one(typed, &mut mistakes)).collect(),
                })
                .collect(),
            notes: standing_notes(&self.study.spoken, self.study.language),
        };
        mistakes.finish()?;
        Ok(document)
    }

    fn blanks(&self) -> Blanks {
        Blanks::of(self.label, self.respondents, self.nation, self.study.language)
    }

    fn section(
        &self,
        plan: &ReportPlan,
        section: &SectionPlan,
        place: usize,
        checked: &Checked<'_>,
        mistakes: &mut Mistakes,
    ) -> Section {
        let (number, tables) = (place + 1, &self.tables[place]);
        let none = (None, None);
        let (standing, chart) = self.standings.get(place).unwrap_or(&none);
        let words = StandingWords { language: self.study.language, decimals: plan.profile.decimals };
        let ranked = section.rank.as_ref().map(|_| standing.as_ref().ok_or(self.label));
        let blanks = match ranked {
            // A group is not ranked where its number is hidden.
            Some(Err(_)) if self.study.spoken.disclosure.is_some() && self.condition.is_some() => {
                self.blanks().hiding(&STANDING, not_shown(self.study.language))
            }
            ranked => words.blanks(self.blanks(), ranked),
        };
        let all = |list: &[Typed<String>], mistakes: &mut Mistakes| -> Vec<String> {
            list.iter().map(|typed| checked.text(typed, &section.figures, &blanks, mistakes)).collect()
        };
        let headline = all(std::slice::from_ref(&section.headline), mistakes).concat();
        let stands = standing.as_ref().map(|standing| Block::Paragraph(words.sentence(standing)));
        let mut blocks: Vec<Block> = all(&section.text, mistakes).into_iter().map(Block::Paragraph).collect();
        let pattern = self.study.language.choose("{n}　", "{n}. ");
        for (place, point) in all(&section.points, mistakes).into_iter().enumerate() {
            let numbered = label(pattern, place + 1, plan.style.full_width) + &point;
            blocks.push(Block::Paragraph(numbered));
        }
        if section.say {
            // Where something is hidden, nobody knows what is most frequent.
            let said = tables.iter().filter(|table| !table.hides());
            blocks.extend(said.map(|table| Block::Paragraph(self.sentence(table, plan))));
        }
        if let (Some(request), Some(rows)) = (&section.chart, &section.rows) {
            blocks.extend(pictures(tables, request, plan, (number, section.shows_question), rows, mistakes));
        }
        blocks.extend(stands.filter(|_| section.say));
        blocks.extend(chart.iter().map(|chart| Block::Chart(picture(chart.clone(), number, 0))));
        if section.table {
            let profile = Profile { significance: section.significance.clone(), ..plan.profile.clone() };
            blocks.extend(arrange(tables, &profile).into_iter().map(Block::Table));
        }
        blocks.extend(all(&section.meaning, mistakes).into_iter().map(Block::Meaning));
        let (view, notes) = (all(&section.view, mistakes), all(&section.view_notes, mistakes));
        if !view.is_empty() {
            blocks.push(Block::View { text: view, notes });
        }
        let issues = all(&section.issues, mistakes);
        if !issues.is_empty() {
            blocks.push(Block::Issues(issues));
        }
        let notes = all(&section.notes, mistakes);
        if let Some((text, respondents)) = &section.excerpts {
            blocks.push(Block::Excerpts(self.excerpts(*text, respondents, mistakes)));
        }
        blocks.extend(notes.into_iter().map(Block::Note));
        let question = tables.first().filter(|_| section.shows_question);
        Section {
            id: format!("result-{number}"),
            label: label(&plan.section, number, plan.style.full_width),
            headline,
            question: question.map(|table| table.question.text.clone()),
            blocks,
        }
    }

    /// What is true of a table, in a sentence.
    fn sentence(&self, table: &Table, plan: &ReportPlan) -> String {
        let width = if plan.style.full_width { Width::Full } else { Width::Half };
        let sign = if self.study.language == Language::English { Width::Half } else { Width::Full };
        let saying = Saying {
            survey: &self.study.spoken,
            language: self.study.language,
            decimals: plan.profile.decimals,
            top: 4,
            digits: width,
            percent_sign: sign,
            phrases: None::<&Phrases>,
        };
        crate::figures::say(table, &saying).into_iter().next().unwrap_or_default()
    }

    /// Comments of these respondents, in this order, with personal data replaced; of a group those of its own.
    fn excerpts(
        &self,
        text: QuestionIndex,
        respondents: &[Typed<String>],
        mistakes: &mut Mistakes,
    ) -> Vec<String> {
        let survey = &self.study.spoken;
        let all = comments(survey, self.dataset, None, text);
        let keys: Vec<String> = respondents.iter().map(|typed| typed.value.clone()).collect();
        match comments_of(&all, &keys, &survey.questions[text], "`respondents`") {
            Ok(mut chosen) => {
                if let Some(condition) = self.condition {
                    let own = comments(survey, self.dataset, Some(condition), text);
                    chosen.retain(|comment| own.contains(comment));
                }
                chosen.iter().map(|comment| redacted(&comment.words, self.study.language).0).collect()
            }
            Err(errors) => {
                for (place, error) in errors {
                    mistakes.error(&respondents[place].span, error);
                }
                Vec::new()
            }
        }
    }
}

/// The charts of a section's tables; `asked`: the section shows the wording.
fn pictures(
    tables: &[Table],
    request: &ChartRequest,
    plan: &ReportPlan,
    (number, asked): (usize, bool),
    rows: &Typed<String>,
    mistakes: &mut Mistakes,
) -> Vec<Block> {
    // What is said of all the data is said once, at the report's end.
    let profile = Profile { notes: Vec::new(), ..plan.profile.clone() };
    let specifications = match charts(tables, request, &profile) {
        Ok(made) => made.value,
        Err(errors) => {
            errors.into_iter().for_each(|error| mistakes.error(&rows.span, error));
            return Vec::new();
        }
    };
    let pictures = specifications.into_iter().enumerate().map(|(place, specification)| {
        // The wording stands above, where the section shows it.
        let question = specification.question.filter(|_| !asked);
        let specification = ChartSpec { question, ..specification };
        Block::Chart(picture(specification, number, place + 1))
    });
    pictures.collect()
}

/// A chart of a section; `place` is its number there.
fn picture(specification: ChartSpec, number: usize, place: usize) -> Picture {
    let style = Style { width: WIDTH, palette: Palette::Auto, hatched: false };
    Picture {
        id: format!("{number:02}-{place:02}-{}", specification.id),
        svg: svg(&specification, &draw(&specification, &style), &FAMILIES),
        figures: specification.figures(),
        description: specification.title,
    }
}

/// Width of a report's charts, in pixels.
const WIDTH: u32 = 720;

/// Words checked, with mistakes at their places in the study file.
struct Checked<'a> {
    words: &'a Words<'a>,
    source: &'a Arc<Source>,
}

impl Checked<'_> {
    fn text(
        &self,
        typed: &Typed<String>,
        figures: &[String],
        blanks: &Blanks,
        mistakes: &mut Mistakes,
    ) -> String {
        match blanks.complete(&typed.value, |text| self.words.complete(text, figures)) {
            Ok(text) => text,
            Err(errors) => {
                for (inside, error) in errors {
                    mistakes.error(&of_text(&inside, typed, self.source), error);
                }
                typed.value.clone()
            }
        }
    }
}
