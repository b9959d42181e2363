//! A study with every name resolved: what is read, what is counted, what is reported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::deck::{self, DeckPlan};
use super::groups::SmallGroups;
use super::place::within;
use super::report::{self, ReportPlan};
use super::standing::StandingPlan;
use super::written::{self, Settings, Written, WrittenTables, beside};
use crate::diag::{Diagnostic, Failure, Source, Warned, quote, suggestion};
use crate::figures::{Figures, Phrases, Plan, read_references, reference_files};
use crate::frame::{ReadOptions, WeightSource, files_read};
use crate::schema::{QuestionIndex, Survey};
use crate::sheet::{Axis, CellChoice, Language, Profile};
use crate::significance::{Against, Comparing, Options, Preset, Test};
use crate::tabulate::{Filter, Request};
use crate::toml::{Mistakes, Typed, read_text};
use crate::weight::Targets;

/// A study, resolved.
pub struct Study {
    /// The study file, for later diagnostics that point into it.
    pub source: Arc<Source>,
    /// The questionnaire as the data were answered by.
    pub survey: Survey,
    /// The same in the study's language.
    pub spoken: Survey,
    /// The study's language.
    pub language: Language,
    /// The files of data, or lists of them.
    pub data: Vec<PathBuf>,
    /// How it is read.
    pub options: ReadOptions,
    /// Every file that is read, the study file first.
    pub files: Vec<PathBuf>,
    /// What weights are made to reach, and what tables call the weight.
    pub(super) targets: Option<(Targets, String)>,
    /// Books of tables.
    pub books: Vec<Book>,
    pub(super) figures: Option<Figures>,
    pub(super) report: Option<ReportPlan>,
    pub(super) deck: Option<DeckPlan>,
    /// Who is counted at all.
    pub(super) filter: Option<Filter>,
    /// The question whose options are classes of groups.
    pub(super) class: Option<Typed<QuestionIndex>>,
    /// The wave before.
    pub(super) last: Option<LastWave>,
    /// Groups of fewer respondents are marked.
    pub low_base: u64,
    /// Groups of fewer respondents have no files of their own.
    pub smallest: u64,
    /// What becomes of them.
    pub small_groups: SmallGroups,
    /// A user's own presentation, whose masters and layouts decks stand on.
    pub template: Option<PathBuf>,
}

/// The wave before: what groups have changed since.
pub(super) struct LastWave {
    /// The questionnaire as it was, in the language of the study.
    pub spoken: Survey,
    /// The same as the data were answered by.
    pub survey: Survey,
    /// Its file of data.
    pub data: PathBuf,
    /// How it is read.
    pub options: ReadOptions,
    /// What it is called.
    pub label: String,
}

/// Tables that belong together: a GT book, or a book of one banner.
pub struct Book {
    /// Part of file names.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its tables.
    pub request: Request,
    /// How they are presented.
    pub profile: Profile,
    /// Most frequent answers first.
    pub sort: bool,
}

impl Study {
    /// Reads a study file and every file of words that it names; the data are read when it is run.
    ///
    /// # Errors
    /// Every mistake of the study at once, or of the first file it names that has any.
    pub fn load(path: &Path) -> Result<Warned<Study>, Failure> {
        let (name, text) = read_text(path, "the study could not be read")?;
        let source = Arc::new(Source { name, text });
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let (written, mut mistakes) = written::read(&source).map_err(Failure::Refused)?;
        let settings = &written.settings;
        let (Some(schema), [_, ..]) = (&settings.schema, &settings.data[..]) else {
            return Err(Failure::Refused(mistakes.finish().err().unwrap_or_default()));
        };
        let mut files = vec![path.to_path_buf(), beside(&folder, schema)];
        let text_of = |typed: &Typed<String>, what: &str, files: &mut Vec<PathBuf>| {
            let file = beside(&folder, typed);
            let read = read_text(&file, what);
            files.push(file);
            read
        };
        let (name, text) = read_text(&files[1], "the schema could not be read")?;
        let overlays = settings.overlays.iter();
        let overlays: Vec<_> = overlays
            .map(|typed| text_of(typed, "the additions could not be read", &mut files))
            .collect::<Result<_, _>>()?;
        let Warned { value: survey, mut warnings } =
            crate::schema::load_with(&name, &text, &overlays).map_err(Failure::Refused)?;
        let language = settings.language;
        let before = settings.last.as_ref().map(|last| {
            let survey = in_wave(survey.clone(), last.wave.as_ref(), &mut mistakes);
            let label = survey.wave.as_ref().map(|wave| match language {
                Language::English => wave.label_en.clone().unwrap_or_else(|| wave.label.clone()),
                Language::Japanese => wave.label.clone(),
            });
            let label = label.unwrap_or_else(|| language.choose("前回", "last wave").to_string());
            (survey, label, beside(&folder, &last.data))
        });
        let survey = in_wave(survey, settings.wave.as_ref(), &mut mistakes);
        let survey = match &settings.corrections {
            Some(typed) => {
                files.push(beside(&folder, typed));
                let corrections = crate::frame::read_corrections(&beside(&folder, typed), &survey)?;
                survey.corrected(corrections)
            }
            None => survey,
        };
        let data: Vec<PathBuf> = settings.data.iter().map(|typed| beside(&folder, typed)).collect();
        files.splice(2..2, files_read(&data, &survey)?);
        let spoken = survey.in_language(language);

        let own = settings.phrases.as_ref();
        let own =
            own.map(|typed| text_of(typed, "the wordings could not be read", &mut files)).transpose()?;
        let own = own.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
        let phrases = Phrases::load(own).map_err(Failure::Refused)?;
        warnings.extend(phrases.warnings);
        let figures = match &settings.figures {
            Some(typed) => {
                let (name, text) = text_of(typed, "the figures could not be read", &mut files)?;
                let near = files.last().and_then(|file| file.parent()).unwrap_or(Path::new("")).to_path_buf();
                let paths: Vec<PathBuf> =
                    reference_files(&name, &text).iter().map(|file| near.join(file)).collect();
                let texts = paths.iter().map(|path| read_text(path, "the references could not be read"));
                let texts = texts.collect::<Result<Vec<_>, _>>()?;
                files.extend(paths);
                let references = read_references(&texts).map_err(Failure::Refused)?;
                warnings.extend(references.warnings);
                let figures =
                    crate::figures::load(&name, &text, references.value, (&spoken, language), &phrases.value)
                        .map_err(Failure::Refused)?;
                warnings.extend(figures.warnings);
                Some(figures.value)
            }
            None => None,
        };
        let targets = match &settings.targets {
            Some(typed) => {
                let (name, text) = text_of(typed, "the targets could not be read", &mut files)?;
                let targets = crate::weight::load(&name, &text, &survey).map_err(Failure::Refused)?;
                warnings.extend(targets.warnings);
                Some((targets.value, typed.value.clone()))
            }
            None => None,
        };
        let resolver =
            Resolver { survey: &survey, spoken: &spoken, written: &written, figures: figures.as_ref() };
        let books = resolver.books(&mut mistakes);
        let report = resolver.report(&mut mistakes);
        let deck = resolver.deck(&mut mistakes);
        let class = resolver.class(&mut mistakes);
        if let (Some(last), Some(weights)) = (&settings.last, &settings.weights) {
            let error = Diagnostic::error("a file of weights is of one wave, and `last` names another");
            let hint =
                "`weight = \"…\"` names a column that both have; `weighted = false` counts respondents";
            mistakes.error(
                &last.data.span,
                error.hint(hint).hint(format!("the file is {}", quote(&weights.value))),
            );
        }
        // A mistake of the filter is told by every request that has it.
        let filter = match mistakes.count() {
            0 => resolver.filter(settings.filter.iter(), &mut mistakes).flatten(),
            _ => None,
        };
        let template = written.deck.as_ref().and_then(|deck| deck.template.as_ref());
        let template = template.map(|typed| beside(&folder, typed));
        files.extend(template.clone());
        let weight = resolver.weight(&folder, &mut files);
        warnings.splice(0..0, mistakes.finish().map_err(Failure::Refused)?);
        let options = ReadOptions {
            encoding: settings.encoding,
            sheet: settings.sheet.clone(),
            layout: settings.layout,
            delimiter: settings.delimiter,
            skip: settings.skip,
            header_rows: settings.header_rows,
            lenient: settings.lenient,
            weight,
            ..ReadOptions::default()
        };
        let last = before.map(|(survey, label, data)| {
            files.push(data.clone());
            LastWave { spoken: survey.in_language(language), survey, data, options: options.clone(), label }
        });
        // Of fewer respondents than may be shown there is nothing to show.
        let least = spoken.disclosure.as_ref().map_or(0, |rules| rules.threshold);
        let (smallest, small_groups) = (settings.smallest.max(least), settings.small_groups);
        let study = Study {
            source,
            survey,
            spoken,
            language,
            data,
            options,
            files,
            targets,
            books,
            figures,
            report,
            deck,
            filter,
            class,
            last,
            low_base: settings.low_base,
            smallest,
            small_groups,
            template,
        };
        Ok(Warned { value: study, warnings })
    }

    /// Every question whose replies are needed, and whether respondents' keys are.
    pub(super) fn needs(&self) -> (Vec<QuestionIndex>, bool) {
        let plan = self.figures.as_ref().map(Plan::of);
        let mut questions: Vec<QuestionIndex> =
            self.books.iter().flat_map(|book| book.request.questions(&self.survey)).collect();
        questions.extend(plan.iter().flat_map(|plan| plan.questions(&self.survey)));
        questions.extend(self.report.iter().flat_map(|report| report.questions(&self.survey)));
        questions.sort_unstable();
        questions.dedup();
        let keys = plan.is_some_and(|plan| plan.keys())
            || self.report.as_ref().is_some_and(|report| !report.texts().is_empty());
        (questions, keys)
    }
}

fn in_wave(survey: Survey, wave: Option<&Typed<String>>, mistakes: &mut Mistakes) -> Survey {
    let Some(typed) = wave else { return survey };
    let ids = || survey.waves.iter().map(|wave| wave.id.as_str());
    match ids().position(|id| id == typed.value) {
        Some(wave) => survey.in_wave(wave),
        None => {
            let error = Diagnostic::error(format!("unknown wave {}", quote(&typed.value)));
            mistakes.error(
                &typed.span,
                match suggestion(&typed.value, ids()) {
                    Some(hint) => error.hint(hint),
                    None => error.hint("a wave stands in a `[[wave]]` of the schema"),
                },
            );
            survey
        }
    }
}

/// What names are resolved with.
pub(super) struct Resolver<'a> {
    pub(super) survey: &'a Survey,
    /// The same in the study's language.
    pub(super) spoken: &'a Survey,
    pub(super) written: &'a Written,
    pub(super) figures: Option<&'a Figures>,
}

impl Resolver<'_> {
    pub(super) fn settings(&self) -> &Settings {
        &self.written.settings
    }

    fn weight(&self, folder: &Path, files: &mut Vec<PathBuf>) -> WeightSource {
        let settings = self.settings();
        match (&settings.weight, &settings.weights, &self.survey.weight) {
            _ if !settings.weighted => WeightSource::None,
            (Some(column), _, _) => WeightSource::Column(column.clone()),
            (None, Some(typed), _) => {
                let file = beside(folder, typed);
                files.push(file.clone());
                WeightSource::File(file)
            }
            (None, None, Some(column)) => WeightSource::Column(column.clone()),
            (None, None, None) => WeightSource::None,
        }
    }

    /// A request for rows and columns, with mistakes where they were typed.
    pub(super) fn request(
        &self,
        rows: &Typed<String>,
        cols: Option<&Typed<String>>,
        filter: Option<&Typed<String>>,
        mistakes: &mut Mistakes,
    ) -> Option<Request> {
        let source = &self.written.source;
        // One by one, so that each mistake has its own string of the file to point into.
        let no_answer = self.settings().no_answer;
        let resolved = Request::resolve(self.survey, &rows.value, None, None, no_answer);
        let stubs = resolved.map_err(|errors| mistakes.extend(within(errors, rows, source)));
        let banners = cols.map(|cols| {
            let first = self.survey.questions.first().map_or("", |question| question.id.as_str());
            let resolved = Request::resolve(self.survey, first, Some(&cols.value), None, no_answer);
            let of_columns = |errors: Vec<Diagnostic>| within(errors, cols, source);
            resolved.map_err(|errors| mistakes.extend(of_columns(errors)))
        });
        let study_filter = self.settings().filter.as_ref();
        let filter = self.filter(study_filter.into_iter().chain(filter), mistakes);
        // Rows that a banner rules out (`all` leaves out the banner itself) are known with both only.
        let columns = match banners {
            None => None,
            Some(Ok(_)) => cols.map(|cols| cols.value.as_str()),
            Some(Err(())) => return None,
        };
        stubs.ok()?;
        match Request::resolve(self.survey, &rows.value, columns, None, no_answer) {
            Ok(request) => Some(Request { filter: filter?, ..request }),
            Err(errors) => {
                mistakes.extend(within(errors, rows, source));
                None
            }
        }
    }

    /// All of some conditions as one filter; `None` when one has a mistake.
    pub(super) fn filter<'t>(
        &self,
        typed: impl Iterator<Item = &'t Typed<String>>,
        mistakes: &mut Mistakes,
    ) -> Option<Option<Filter>> {
        let typed: Vec<&Typed<String>> = typed.collect();
        if typed.is_empty() {
            return Some(None);
        }
        let before = mistakes.count();
        for one in &typed {
            let source = Arc::new(Source { name: "filter".into(), text: one.value.clone() });
            if let Err(errors) = crate::schema::parse_condition(self.survey, &source) {
                mistakes.extend(within(errors, one, &self.written.source));
            }
        }
        if mistakes.count() > before {
            return None;
        }
        let text = match typed.as_slice() {
            [one] => one.value.trim().to_string(),
            several => {
                let parts: Vec<String> =
                    several.iter().map(|one| format!("({})", one.value.trim())).collect();
                parts.join(" and ")
            }
        };
        let source = Arc::new(Source { name: "filter".into(), text: text.clone() });
        let condition = crate::schema::parse_condition(self.survey, &source);
        condition
            .map_err(|errors| mistakes.extend(errors))
            .ok()
            .map(|condition| Some(Filter { condition, text }))
    }

    /// What is tested of tables that ask for these letters and tests.
    pub(super) fn significance(&self, preset: Option<Preset>, tests: Vec<Test>) -> Options {
        let comparison = preset.map(|preset| Comparing {
            preset,
            levels: vec![500],
            correction: preset.correction(),
            against: Against::Columns,
        });
        Options { tests, comparison, ..self.profile().significance }
    }

    /// How tables of the study are presented unless they say otherwise.
    pub(super) fn profile(&self) -> Profile {
        let settings = self.settings();
        Profile {
            axis: match settings.language {
                Language::Japanese => Axis::Side,
                Language::English => Axis::Top,
            },
            decimals: settings.decimals,
            low_base: settings.low_base,
            hatch: true,
            significance: Options {
                sampling: self.survey.sampling,
                designed: self.survey.design.is_some(),
                ..Options::default()
            },
            ..Profile::plain(self.spoken, settings.language)
        }
    }

    fn books(&self, mistakes: &mut Mistakes) -> Vec<Book> {
        let mut known: Vec<&str> = Vec::new();
        let mut books = Vec::new();
        for tables in &self.written.tables {
            if known.contains(&tables.id.value.as_str()) {
                let error = format!("id {} is used twice", quote(&tables.id.value));
                mistakes.error(&tables.id.span, Diagnostic::error(error));
            }
            known.push(&tables.id.value);
            books.extend(self.book(tables, mistakes));
        }
        books
    }

    fn book(&self, tables: &WrittenTables, mistakes: &mut Mistakes) -> Option<Book> {
        let request = self.request(&tables.rows, tables.cols.as_ref(), tables.filter.as_ref(), mistakes)?;
        let profile = self.profile();
        let language = profile.language;
        let crossed = !request.banners.is_empty();
        let default_cell = if crossed { CellChoice::Percent } else { CellChoice::Both };
        let title = tables.title.clone().unwrap_or_else(|| match crossed {
            true => language.choose("クロス集計表", "Cross tables").to_string(),
            false => language.choose("GT表", "GT tables").to_string(),
        });
        let significance = self.significance(tables.preset, tables.tests.clone());
        Some(Book {
            id: tables.id.value.clone(),
            title,
            request: Request { joint: significance.needs(), ..request },
            profile: Profile {
                cell: tables.cell.unwrap_or(default_cell),
                percent: tables.percent,
                number: Some(1),
                significance,
                ..profile
            },
            sort: tables.sort,
        })
    }

    /// The question whose options are classes of groups.
    fn class(&self, mistakes: &mut Mistakes) -> Option<Typed<QuestionIndex>> {
        let typed = self.settings().class.as_ref()?;
        let found = self.survey.find(&typed.value);
        let found = found.filter(|&found| self.survey.questions[found].kind.takes_one_option());
        if found.is_none() {
            let error = format!(
                "expected a question with one answer each for `class`, found {}",
                quote(&typed.value)
            );
            let ids = self.survey.questions.iter().map(|question| question.id.as_str());
            let error = Diagnostic::error(error);
            mistakes.error(
                &typed.span,
                match suggestion(&typed.value, ids) {
                    Some(hint) => error.hint(hint),
                    None => error.hint("classes are the options of a question of the schema: `area`, `size`"),
                },
            );
        }
        found.map(|value| Typed { value, span: typed.span.clone() })
    }

    /// The answer by which groups are ranked, of the first question of a request.
    pub(super) fn rank(
        &self,
        typed: &Typed<String>,
        request: Option<&Request>,
        mistakes: &mut Mistakes,
    ) -> Option<StandingPlan> {
        let Some(stub) = request.and_then(|request| request.stubs.first()) else {
            let error = Diagnostic::error("missing key `rows` beside `rank`");
            mistakes.error(&typed.span, error.hint("`rows = \"q1\"` says whose answer groups are ranked by"));
            return None;
        };
        let known = deck::ranked_by(self.survey, stub);
        if !known.contains(&typed.value) {
            let error = format!("expected an answer to rank groups by, found {}", quote(&typed.value));
            let listed: Vec<String> = known.iter().take(12).map(|answer| quote(answer)).collect();
            let error = Diagnostic::error(error);
            mistakes.error(
                &typed.span,
                match listed.is_empty() {
                    true => error.hint("groups are ranked by shares of answers, not by numbers"),
                    false => error.hint(format!("it has {}", listed.join(", "))),
                },
            );
            return None;
        }
        let request = Request { stubs: vec![stub.clone()], banners: Vec::new(), ..request?.clone() };
        Some(StandingPlan { request, answer: typed.value.clone() })
    }

    fn deck(&self, mistakes: &mut Mistakes) -> Option<DeckPlan> {
        deck::plan(self, self.written.deck.as_ref()?, mistakes)
    }

    fn report(&self, mistakes: &mut Mistakes) -> Option<ReportPlan> {
        report::plan(self, self.written.report.as_ref()?, mistakes)
    }
}
