//! The deck of a study: its slides resolved.

use super::deck_written::{WrittenChart, WrittenDeck, WrittenMessage, WrittenSlide};
use super::report::known_figures;
use super::resolve::Resolver;
use super::standing::StandingPlan;
use crate::chart::Kind;
use crate::diag::{Diagnostic, quote, suggestion};
use crate::report::{DeckFolio, DeckSize};
use crate::schema::{QuestionIndex, Survey};
use crate::sheet::Profile;
use crate::tabulate::{Request, Stub};
use crate::toml::{Mistakes, Typed};

/// A deck with its names resolved.
pub(super) struct DeckPlan {
    pub size: DeckSize,
    pub title: Typed<String>,
    pub subtitle: Option<Typed<String>>,
    pub cover_note: Option<Typed<String>>,
    pub footer: Option<Typed<String>>,
    pub figures: Vec<String>,
    pub whole: String,
    pub nation: String,
    pub group_colour: (u8, u8, u8),
    pub other_colour: (u8, u8, u8),
    pub lists: bool,
    pub most_listed: usize,
    pub profile: Profile,
    pub slides: Vec<SlidePlan>,
}

/// A slide with its names resolved.
pub(super) struct SlidePlan {
    pub number: Option<String>,
    pub headline: Typed<String>,
    pub messages: Vec<MessagePlan>,
    pub alone: bool,
    pub figures: Vec<String>,
    pub section: Option<String>,
    pub question: Option<Vec<Typed<String>>>,
    pub text: Vec<Typed<String>>,
    /// Findings, each with what it means.
    pub results: Vec<(Typed<String>, Vec<Typed<String>>)>,
    pub about: bool,
    pub charts: Vec<ChartPlan>,
    /// Each with the figures without which it does not stand.
    pub notes: Vec<(Typed<String>, Vec<String>)>,
    pub footnotes: Vec<Typed<String>>,
    pub list: Option<ListPlan>,
    pub rank: Option<StandingPlan>,
    /// A chart of all groups by that answer.
    pub ranking: bool,
    /// A table of who gave which answer of this question.
    pub names: Option<QuestionIndex>,
    /// A table of the figures instead of charts.
    pub table: bool,
    pub folio: DeckFolio,
    pub speaker: Vec<Typed<String>>,
}

/// A message with its names resolved.
pub(super) enum MessagePlan {
    Fixed(Typed<String>, Vec<String>),
    Say(Request),
    Phrase,
    Standing,
}

/// Charts of one request.
pub(super) struct ChartPlan {
    pub request: Request,
    pub rows: Typed<String>,
    pub answers: Vec<String>,
    pub grid_rows: Vec<String>,
    pub kind: Option<Kind>,
    pub compare: Compare,
}

/// What a group is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Nothing,
    /// Everybody, the group included.
    Nation,
    /// Everybody outside the group.
    Others,
    /// The group's class, the group included.
    Class,
    /// The group in the last wave.
    Last,
    /// A reference of the figures, by index.
    Reference(usize),
}

/// An answer whose respondents are named.
pub(super) struct ListPlan {
    pub question: QuestionIndex,
    pub options: Vec<usize>,
    pub label: String,
}

pub(super) fn plan(
    resolver: &Resolver<'_>,
    written: &WrittenDeck,
    mistakes: &mut Mistakes,
) -> Option<DeckPlan> {
    let default = written.compare.as_ref().and_then(|typed| compare(resolver, typed, mistakes));
    let default = default.unwrap_or(Compare::Nation);
    let slides = written.slides.iter().map(|written| slide(resolver, written, default, mistakes)).collect();
    let language = resolver.settings().language;
    let own = |own: &Option<String>, japanese: &str, english: &str| {
        own.clone().unwrap_or_else(|| language.choose(japanese, english).to_string())
    };
    Some(DeckPlan {
        size: written.size,
        title: written.title.clone()?,
        subtitle: written.subtitle.clone(),
        cover_note: written.cover_note.clone(),
        footer: written.footer.clone(),
        figures: known_figures(resolver.figures, &written.figures, mistakes),
        whole: own(&written.whole, "全体", "All"),
        nation: own(&written.nation, "全国", "All"),
        // Pink and grey that are told apart in print without colour, too.
        group_colour: written.group_colour.unwrap_or((0xE4, 0x00, 0x7F)),
        other_colour: written.other_colour.unwrap_or((0xA0, 0xA0, 0xA0)),
        lists: written.lists,
        most_listed: written.most_listed,
        profile: resolver.profile(),
        slides,
    })
}

fn slide(
    resolver: &Resolver<'_>,
    written: &WrittenSlide,
    default: Compare,
    mistakes: &mut Mistakes,
) -> SlidePlan {
    let charts: Vec<ChartPlan> =
        written.charts.iter().filter_map(|one| chart(resolver, one, default, mistakes)).collect();
    let mut messages = Vec::new();
    for message in &written.messages {
        match message {
            WrittenMessage::Fixed(text, figures) => {
                let figures = known_figures(resolver.figures, figures, mistakes);
                messages.push(MessagePlan::Fixed(text.clone(), figures));
            }
            WrittenMessage::Say(rows) => {
                messages.extend(resolver.request(rows, None, None, mistakes).map(MessagePlan::Say));
            }
            WrittenMessage::Phrase => {
                if written.charts.is_empty() {
                    let error = Diagnostic::error("missing key `rows` beside `phrase`");
                    let error = error
                        .hint("a sentence is of a slide's first chart; `{ say = \"q1\" }` names another");
                    mistakes.error(&written.headline.span, error);
                }
                messages.push(MessagePlan::Phrase);
            }
            WrittenMessage::Standing(span) => {
                if written.rank.is_none() {
                    let error = Diagnostic::error("missing key `rank` beside `standing`");
                    let error = error.hint("`rank = 2` says by which answer groups are compared");
                    mistakes.error(span, error);
                }
                messages.push(MessagePlan::Standing);
            }
        }
    }
    let notes = written
        .notes
        .iter()
        .map(|(note, figures)| (note.clone(), known_figures(resolver.figures, figures, mistakes)));
    let notes = notes.collect();
    SlidePlan {
        number: written.number.clone(),
        headline: match charts.first() {
            // A slide of the appendix is called as its question is.
            Some(chart) if chart.rows.span == written.headline.span => {
                Typed { value: heading(resolver.spoken, chart), span: written.headline.span.clone() }
            }
            _ => written.headline.clone(),
        },
        messages,
        alone: written.alone,
        figures: known_figures(resolver.figures, &written.figures, mistakes),
        section: written.section.clone(),
        question: written.question.clone(),
        text: written.text.clone(),
        results: written.results.clone(),
        about: written.about,
        list: written.list.as_ref().and_then(|answer| list(resolver, answer, &charts, mistakes)),
        rank: written
            .rank
            .as_ref()
            .and_then(|answer| resolver.rank(answer, charts.first().map(|chart| &chart.request), mistakes)),
        ranking: written.ranking,
        names: written.names.as_ref().and_then(|typed| names(resolver, typed, &charts, mistakes)),
        table: written.table,
        charts,
        notes,
        footnotes: written.footnotes.clone(),
        folio: written.folio.clone(),
        speaker: written.speaker.clone(),
    }
}

fn chart(
    resolver: &Resolver<'_>,
    written: &WrittenChart,
    default: Compare,
    mistakes: &mut Mistakes,
) -> Option<ChartPlan> {
    let request = resolver.request(&written.rows, None, written.filter.as_ref(), mistakes);
    let compare = match &written.compare {
        Some(typed) => compare(resolver, typed, mistakes),
        None => Some(default),
    };
    let request = request?;
    let rows: Vec<String> = rows_of(resolver.survey, &request);
    for typed in &written.grid_rows {
        if !rows.contains(&typed.value) {
            let error = Diagnostic::error(format!(
                "{} has no row {}",
                quote(&written.rows.value),
                quote(&typed.value)
            ));
            let known: Vec<String> = rows.iter().map(|row| quote(row)).collect();
            let hint = match known.is_empty() {
                true => "`grid_rows` chooses rows of a grid".to_string(),
                false => format!("its rows are {}", known.join(", ")),
            };
            mistakes.error(&typed.span, error.hint(hint));
        }
    }
    for typed in &written.answers {
        let known = answers_of(resolver.survey, &request);
        if !known.contains(&typed.value) {
            let error = Diagnostic::error(format!(
                "{} has no option or net {}",
                quote(&written.rows.value),
                quote(&typed.value)
            ));
            let listed: Vec<String> = known.iter().take(12).map(|answer| quote(answer)).collect();
            mistakes.error(&typed.span, error.hint(format!("it has {}", listed.join(", "))));
        }
    }
    Some(ChartPlan {
        request,
        rows: written.rows.clone(),
        answers: written.answers.iter().map(|typed| typed.value.clone()).collect(),
        grid_rows: written.grid_rows.iter().map(|typed| typed.value.clone()).collect(),
        kind: written.kind,
        compare: compare?,
    })
}

/// The short ids of the grid rows that a request shows: `r1` of `q7.r1`.
fn rows_of(survey: &Survey, request: &Request) -> Vec<String> {
    let of_grid = |question: QuestionIndex| -> Option<String> {
        let row = &survey.questions[question];
        row.grid
            .and_then(|grid| row.id.strip_prefix(&survey.questions[grid].id)?.strip_prefix('.'))
            .map(str::to_string)
    };
    let rows = request.stubs.iter().flat_map(|stub| match stub {
        Stub::Question(question) => vec![*question],
        Stub::Summary { grid, .. } => crate::tabulate::grid_rows(survey, *grid).collect(),
        Stub::Means { questions, .. } => questions.clone(),
    });
    let mut known: Vec<String> = Vec::new();
    for row in rows.filter_map(of_grid) {
        if !known.contains(&row) {
            known.push(row);
        }
    }
    known
}

/// The codes of the options and the ids of the nets of a request's first question.
fn answers_of(survey: &Survey, request: &Request) -> Vec<String> {
    let Some(Stub::Question(question)) = request.stubs.first() else { return Vec::new() };
    let question = &survey.questions[*question];
    let options = question.options.iter().map(|option| option.code.to_string());
    options.chain(question.nets.iter().map(|net| net.id.clone())).collect()
}

fn compare(resolver: &Resolver<'_>, typed: &Typed<String>, mistakes: &mut Mistakes) -> Option<Compare> {
    match typed.value.as_str() {
        "none" => return Some(Compare::Nothing),
        "nation" => return Some(Compare::Nation),
        "others" => return Some(Compare::Others),
        "class" if resolver.settings().class.is_some() => return Some(Compare::Class),
        "last" if resolver.settings().last.is_some() => return Some(Compare::Last),
        "class" | "last" => {
            let error = format!("missing key `{0}` under `[study]` for `compare = \"{0}\"`", typed.value);
            let hint = match typed.value.as_str() {
                "class" => "`class = \"area\"` says which groups are alike",
                _ => "`last = { data = \"…\", wave = \"…\" }` names the wave before",
            };
            mistakes.error(&typed.span, Diagnostic::error(error).hint(hint));
            return None;
        }
        _ => {}
    }
    let references = resolver.figures.map_or(&[][..], |figures| &figures.references);
    let found = references.iter().position(|reference| reference.id == typed.value);
    if found.is_none() {
        let error = format!(
            "expected `nation`, `others`, `class`, `last`, `none` or a reference for `compare`, found {}",
            quote(&typed.value)
        );
        let ids = references.iter().map(|reference| reference.id.as_str());
        let error = Diagnostic::error(error);
        mistakes.error(
            &typed.span,
            match suggestion(&typed.value, ids.chain(["nation", "others", "class", "last", "none"])) {
                Some(hint) => error.hint(hint),
                None => error.hint("a `[[reference]]` stands in the study's file of figures, or beside it"),
            },
        );
    }
    found.map(Compare::Reference)
}

/// What the first question of a chart is called.
fn heading(survey: &Survey, chart: &ChartPlan) -> String {
    let question = chart.request.questions(survey).first().map(|&question| &survey.questions[question]);
    let grid = question.and_then(|question| question.grid).map(|grid| &survey.questions[grid]);
    let named = grid.or(question);
    named.map_or(String::new(), |named| named.short.as_ref().unwrap_or(&named.text).clone())
}

/// The answers that groups can be ranked by: codes and nets, or rows of a summary table.
pub(super) fn ranked_by(survey: &Survey, stub: &Stub) -> Vec<String> {
    let short = |question: QuestionIndex| {
        let id = &survey.questions[question].id;
        id.rsplit_once('.').map_or(id.as_str(), |(_, row)| row).to_string()
    };
    match stub {
        Stub::Question(question) => {
            let question = &survey.questions[*question];
            let options = question.options.iter().map(|option| option.code.to_string());
            options.chain(question.nets.iter().map(|net| net.id.clone())).collect()
        }
        Stub::Summary { grid, .. } => crate::tabulate::grid_rows(survey, *grid).map(short).collect(),
        Stub::Means { .. } => Vec::new(),
    }
}

/// The question whose answers a slide lists with who gave them.
fn names(
    resolver: &Resolver<'_>,
    typed: &Typed<bool>,
    charts: &[ChartPlan],
    mistakes: &mut Mistakes,
) -> Option<QuestionIndex> {
    let survey = resolver.survey;
    if crate::figures::key_question(survey).is_none() {
        mistakes.error(&typed.span, no_names());
        return None;
    }
    let asked = charts.first().and_then(|chart| chart.request.stubs.first());
    match asked {
        Some(Stub::Question(question)) if !survey.questions[*question].options.is_empty() => Some(*question),
        _ => {
            let error =
                Diagnostic::error("missing key `rows` beside `names`, with a question that has options");
            mistakes.error(&typed.span, error.hint("`rows = \"q1\"` says whose answers are listed"));
            None
        }
    }
}

fn no_names() -> Diagnostic {
    Diagnostic::error("respondents have no names: their key is no question of the schema")
        .hint("`respondent = \"city\"` with a question `city` whose options are municipalities names them")
}

fn list(
    resolver: &Resolver<'_>,
    answer: &Typed<String>,
    charts: &[ChartPlan],
    mistakes: &mut Mistakes,
) -> Option<ListPlan> {
    let survey = resolver.survey;
    if crate::figures::key_question(survey).is_none() {
        mistakes.error(&answer.span, no_names());
        return None;
    }
    let Some(Stub::Question(question)) = charts.first().and_then(|chart| chart.request.stubs.first()) else {
        let error = Diagnostic::error("missing key `rows` beside `list`");
        mistakes.error(&answer.span, error.hint("`rows = \"q1\"` says whose answer is listed"));
        return None;
    };
    let asked = &survey.questions[*question];
    let option = asked.options.iter().position(|option| option.code.to_string() == answer.value);
    let net = asked.nets.iter().find(|net| net.id == answer.value);
    let (options, label) = match (option, net) {
        (Some(option), _) => (vec![option], asked.options[option].label.clone()),
        (None, Some(net)) => (net.of.clone(), net.label.clone()),
        (None, None) => {
            let error = format!("{} has no option or net {}", quote(&asked.id), quote(&answer.value));
            let error = Diagnostic::error(error);
            let known: Vec<String> =
                asked.options.iter().take(12).map(|option| quote(&option.code.to_string())).collect();
            mistakes.error(&answer.span, error.hint(format!("it has {}", known.join(", "))));
            return None;
        }
    };
    Some(ListPlan { question: *question, options, label })
}

impl DeckPlan {
    /// Every question whose replies the slides need.
    pub(super) fn questions(&self, survey: &Survey) -> Vec<QuestionIndex> {
        let charts = self.slides.iter().flat_map(|slide| &slide.charts).map(|chart| &chart.request);
        let said = self.slides.iter().flat_map(|slide| &slide.messages).filter_map(|message| match message {
            MessagePlan::Say(request) => Some(request),
            _ => None,
        });
        let mut questions: Vec<QuestionIndex> =
            charts.chain(said).flat_map(|request| request.questions(survey)).collect();
        if self.names() {
            questions.extend(crate::figures::key_question(survey));
        }
        questions
    }

    /// Whether respondents are named.
    pub(super) fn names(&self) -> bool {
        self.lists && self.slides.iter().any(|slide| slide.list.is_some() || slide.names.is_some())
    }

    /// Whether anything is said of the last wave.
    pub(super) fn looks_back(&self) -> bool {
        let back = |chart: &ChartPlan| chart.compare == Compare::Last;
        self.slides.iter().any(|slide| slide.rank.is_some() || slide.charts.iter().any(back))
    }

    /// The figures that any text leans on.
    pub(super) fn figure_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.figures.iter().map(String::as_str).collect();
        for slide in &self.slides {
            ids.extend(slide.figures.iter().map(String::as_str));
            for message in &slide.messages {
                if let MessagePlan::Fixed(_, figures) = message {
                    ids.extend(figures.iter().map(String::as_str));
                }
            }
        }
        ids
    }
}
