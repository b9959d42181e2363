//! `trend`: the same questions over several files, or over the waves of one.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{DifferenceChoice, Format, SchemaArguments};
use super::interval_arguments::check_replicates;
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, load_schema, named, no_answer, read_options, text_style, threads, told};
use super::trend_arguments::Trend as Arguments;
use super::trend_weights::WaveWeights;
use super::verify::references;
use super::workbook::{book_of, refuse_terminal};
use crate::chart::{FAMILIES, Kind as ChartKind, Palette, Style, draw, svg, trend_chart};
use crate::design::Sample;
use crate::diag::{Diagnostic, Failure, Source, plural, quote};
use crate::disclosure::{Whom, suppress};
use crate::frame::{Dataset, ReadOptions};
use crate::render::{Left, TrendStyle, trend_json, trend_tidy};
use crate::schema::{Kind, QuestionIndex, Sampling, Survey};
use crate::sheet::{Difference, Language, Profile, standing_notes, trend_sheet};
use crate::significance::{Against, Comparing, Correction, Options, Preset, Untested};
use crate::tabulate::{
    Estimating, JointNeeds, Opposite, Request, Stub, Table, fill_with_spread, grid_rows, join_missing,
};
use crate::trend::{Panel, Published, Trend, Wave, follows, waves_of_banner};

/// Makes the trends and writes them; warnings come back.
pub fn run(arguments: &Arguments) -> anyhow::Result<Vec<Diagnostic>> {
    let of_schema = SchemaArguments {
        schema: arguments.schema.clone(),
        overlays: arguments.overlays.clone(),
        wave: None,
        corrections: None,
    };
    let (survey, mut warnings) = load_schema(&of_schema)?;
    let request = request(arguments, &survey)?;
    let references = references(&arguments.reference, &mut warnings)?;
    let published = crate::figures::published(&references, &survey).map_err(Failure::Refused)?;
    check_waves(arguments, &published)?;
    let weights = WaveWeights::of(arguments)?;
    let waves = arguments.waves.iter().chain(&arguments.corrections).map(|wave| &wave.path);
    let files = waves.chain(&arguments.data);
    let inputs = files.chain(&arguments.reference).map(PathBuf::as_path).chain(of_schema.files());
    let inputs: Vec<&Path> = inputs.chain(weights.files()).collect();
    let mut output = Output::open(arguments.out.as_deref(), &inputs)?;

    let language = Language::from(arguments.lang);
    let comparing = comparing(arguments);
    let census = survey.sampling == Some(Sampling::Census);
    let test = match arguments.test.as_deref() {
        Some("none") => Err(Untested::NotAsked),
        None if census => Err(Untested::Census),
        _ => Ok(&comparing),
    };
    // Other programs' definitions know no design; a panel is followed person by person.
    let designed = test.is_ok() && comparing.preset == Preset::Renkei && !arguments.panel;
    let mut counted = Counted::read(arguments, &weights, &survey, &request, designed, &mut warnings)?;
    warnings.extend(counted.suppress(&survey, &request));
    let spoken = survey.clone().noting_corrections(counted.corrected).in_language(language);
    let profile = Profile {
        decimals: arguments.decimals,
        difference: Some(match arguments.difference {
            DifferenceChoice::Raw => Difference::Raw,
            DifferenceChoice::Shown => Difference::Shown,
        }),
        significance: Options {
            comparison: test.ok().cloned(),
            sampling: survey.sampling,
            designed: survey.design.is_some(),
            ..Options::default()
        },
        low_base: arguments.low_base,
        notes: standing_notes(&spoken, language).into_iter().chain(arguments.note.clone()).collect(),
        ..Profile::plain(&spoken, language)
    };
    let format = arguments.format.unwrap_or(match extension(arguments.out.as_deref()) {
        Some("csv") => Format::Csv,
        Some("xlsx") => Format::Xlsx,
        Some("json") => Format::Json,
        Some("md") => Format::Md,
        _ => Format::Text,
    });
    let drawing = arguments.format.is_none() && extension(arguments.out.as_deref()) == Some("svg");
    // For programs 無回答 by blank and by code are two things, as in other tables.
    let joined = !matches!(format, Format::Tidy | Format::Json);
    let trends = counted.trends(&published, joined, test);
    if drawing {
        let drawing =
            self::drawing(&trends, arguments, &profile).map_err(|error| Failure::Refused(vec![error]))?;
        let written = output.write_all(drawing.as_bytes());
        output.finish(written)?;
        return Ok(warnings);
    }
    let style = TrendStyle {
        comparing: test.ok(),
        sampling: survey.sampling,
        designed: survey.design.is_some(),
        low_base: arguments.low_base,
    };
    let text = match format {
        Format::Tidy => trend_tidy(&trends, &style, language),
        Format::Json => trend_json(&trends, &style),
        Format::Text | Format::Csv | Format::Md | Format::Xlsx => {
            let sheets: Vec<_> = trends.iter().map(|trend| trend_sheet(trend, &profile)).collect();
            match format {
                Format::Xlsx => {
                    refuse_terminal(&output)?;
                    let mut left = Left::default();
                    let written = book_of(&sheets, language).write(&mut output).map(|found| left = found);
                    output.finish(written)?;
                    warnings.extend(super::workbook::warnings(left, arguments.out.as_deref()));
                    return Ok(warnings);
                }
                Format::Csv => crate::render::csv(&sheets),
                Format::Md => crate::render::markdown(&sheets),
                _ => crate::render::text(&sheets, text_style(&output, arguments.width)),
            }
        }
    };
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    Ok(warnings)
}

/// The chart of the one trend asked for.
fn drawing(trends: &[Trend], arguments: &Arguments, profile: &Profile) -> Result<String, Diagnostic> {
    let [trend] = trends else {
        let count = plural(trends.len() as u64, "question");
        let error = Diagnostic::error(format!("expected one question for one chart, found {count}"));
        return Err(error.hint("name it: `--rows q1`"));
    };
    let kind = arguments
        .kind
        .as_deref()
        .map(|kind| if kind == "line" { ChartKind::Line } else { ChartKind::Grouped });
    let spec = trend_chart(trend, kind, arguments.origin.as_deref(), profile)?;
    let style = Style { width: 800, palette: Palette::Auto, hatched: false };
    Ok(svg(&spec, &draw(&spec, &style), &FAMILIES))
}

fn comparing(arguments: &Arguments) -> Comparing {
    let preset = named(&Preset::ALL, &arguments.sig).unwrap_or(Preset::Renkei);
    let correction = arguments.correction.as_ref().and_then(|name| named(&Correction::ALL, name));
    Comparing {
        preset,
        levels: arguments.level.0.clone(),
        correction: correction.unwrap_or(preset.correction()),
        against: Against::Columns,
    }
}

/// Resolves the rows, and the question that tells the wave.
fn request(arguments: &Arguments, survey: &Survey) -> Result<Request, Failure> {
    let (filter, missing) = (arguments.filter.as_deref(), no_answer(arguments.no_answer));
    let mut errors = Vec::new();
    let by = arguments.by.as_deref();
    let mut request = match Request::resolve(survey, &arguments.rows, by, filter, missing) {
        Ok(request) => request,
        Err(found) => return Err(Failure::Refused(found)),
    };
    if let Some(typed) = by {
        let one = |path: &[QuestionIndex]| match path {
            [question] => survey.questions[*question].kind.takes_one_option(),
            _ => false,
        };
        if request.banners.len() != 1 || !request.banners.iter().all(|path| one(path)) {
            let source = Arc::new(Source { name: "--by".into(), text: typed.into() });
            let error = Diagnostic::error(format!("{} does not tell the wave", quote(typed)));
            let error = error.span(&source, 0..typed.len());
            errors.push(error.hint("it takes one question with one answer, such as the year"));
        }
    }
    // Of everything those that can be followed; what was named is refused otherwise.
    let all = arguments.rows.split(',').any(|name| name.trim() == "all");
    let dates = |stub: &Stub| matches!(stub, Stub::Question(q) if survey.questions[*q].kind == Kind::Date);
    let followed = |question: &QuestionIndex| follows(survey.questions[*question].kind);
    request.stubs.retain(|stub| {
        let unfit: Vec<QuestionIndex> =
            questions(survey, stub).into_iter().filter(|q| arguments.panel && !followed(q)).collect();
        if all && (dates(stub) || !unfit.is_empty()) {
            return false;
        }
        if let (Stub::Question(question), true) = (stub, dates(stub)) {
            let id = quote(&survey.questions[*question].id);
            let error = Diagnostic::error(format!("{id} is a date, and days are not followed over waves"));
            errors.push(error.hint("`bands` of a `[[derive]]` make groups of days"));
        }
        for question in unfit {
            let id = quote(&survey.questions[question].id);
            let error = format!("a panel cannot follow {id}: it takes answers, scores and numbers");
            errors.push(Diagnostic::error(error).hint("ask for it without `--panel`"));
        }
        true
    });
    if arguments.panel && survey.disclosure.is_some() {
        let error = "a panel counts changes of a few, which `[survey.disclosure]` does not allow";
        errors.push(Diagnostic::error(error).hint("ask for it without `--panel`"));
    }
    if arguments.panel && survey.respondent.is_none() {
        let error = Diagnostic::error("a panel needs the respondents' keys, and the schema names none");
        errors.push(error.hint("`respondent = \"id\"` in `[survey]` names their column"));
    }
    if errors.is_empty() { Ok(request) } else { Err(Failure::Refused(errors)) }
}

fn questions(survey: &Survey, stub: &Stub) -> Vec<QuestionIndex> {
    match stub {
        Stub::Question(question) => vec![*question],
        Stub::Summary { grid, .. } => grid_rows(survey, *grid).collect(),
        Stub::Means { questions, .. } => questions.clone(),
    }
}

/// Two columns at least, and no wave twice.
fn check_waves(arguments: &Arguments, published: &[Published]) -> Result<(), Failure> {
    let mut errors = Vec::new();
    for (place, wave) in arguments.waves.iter().enumerate() {
        if arguments.waves[..place].iter().any(|known| known.id == wave.id) {
            errors.push(Diagnostic::error(format!("wave {} is given twice", quote(&wave.id))));
        }
    }
    for (place, own) in arguments.corrections.iter().enumerate() {
        let waves = || arguments.waves.iter().map(|wave| wave.id.as_str());
        let known = if arguments.data.is_some() { own.id.is_empty() } else { waves().any(|id| id == own.id) };
        if !known {
            let error = Diagnostic::error(format!("no file of wave {} to correct", quote(&own.id)));
            let given: Vec<String> = waves().map(|id| quote(&format!("{id}=FILE"))).collect();
            errors.push(match given.is_empty() {
                true => error.hint("there is one file: say `--corrections FILE`"),
                false => error.hint(format!("say `--corrections` with {}", given.join(" or "))),
            });
        } else if arguments.corrections[..place].iter().any(|other| other.id == own.id) {
            errors.push(Diagnostic::error("the corrections of one file are given twice"));
        }
    }
    let data = arguments.waves.len();
    if arguments.data.is_none() && data < 2 && published.is_empty() {
        let error = Diagnostic::error("expected two waves or more, found one");
        errors.push(error.hint("repeat `--wave`, or give published percentages with `--reference`"));
    }
    if arguments.panel && !(arguments.weights.is_empty() && arguments.targets.is_empty()) {
        let error = "`--panel` counts each respondent as one: waves have weights, and a change has none";
        errors.push(Diagnostic::error(error).hint("leave `--weights` and `--targets` out"));
    }
    if arguments.panel && data < 2 {
        errors.push(Diagnostic::error("a panel needs the data of two waves or more"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::Refused(errors)) }
}

/// What was counted: tables of each wave, or of one file.
struct Counted {
    /// By wave; of `--by` one entry.
    tables: Vec<(String, String, Vec<Table>)>,
    by: bool,
    panel: Option<Panel>,
    /// Answers that were corrected.
    corrected: u64,
}

impl Counted {
    fn read(
        arguments: &Arguments,
        weights: &WaveWeights<'_>,
        survey: &Survey,
        request: &Request,
        designed: bool,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Counted, Failure> {
        let language = Language::from(arguments.lang);
        let files: Vec<(String, &PathBuf)> = match &arguments.data {
            Some(data) => vec![(String::new(), data)],
            None => arguments.waves.iter().map(|wave| (wave.id.clone(), &wave.path)).collect(),
        };
        let needed = request.questions(survey);
        let (mut surveys, mut datasets, mut samples) = (Vec::new(), Vec::new(), Vec::new());
        let mut corrected = 0;
        for (place, (id, path)) in files.iter().enumerate() {
            let wave = survey.waves.iter().position(|wave| wave.id == *id);
            let of_wave = wave.map_or_else(|| survey.clone(), |wave| survey.in_wave(wave));
            let of_wave = match arguments.corrections.iter().find(|corrections| corrections.id == *id) {
                Some(own) => {
                    let corrections = crate::frame::read_corrections(&own.path, &of_wave)?;
                    corrected += corrections.list.len() as u64;
                    of_wave.corrected(corrections)
                }
                None => of_wave,
            };
            let weight = weights.source(place, arguments, survey);
            let targets = match weights.targets[place] {
                Some(file) => {
                    let targets = super::weight::load_targets(file, &of_wave)?;
                    warnings.extend(targets.warnings);
                    Some((file, targets.value))
                }
                None => None,
            };
            let design = designed && of_wave.design.is_some();
            if design {
                check_replicates(&of_wave, weights.is_other(place, arguments, survey))?;
            }
            let mut needed = needed.clone();
            needed.extend(targets.iter().flat_map(|(_, targets)| targets.questions()));
            let reading = read_options(&arguments.reading);
            let options = ReadOptions { weight, design, keys: arguments.panel, ..reading };
            let mut dataset = crate::frame::read(path, &of_wave, &needed, &options, &Bar::new("reading"))?;
            warnings.append(&mut dataset.warnings);
            let calibration = match &targets {
                Some((file, targets)) => {
                    let made = super::weight::reweigh(&mut dataset, targets, file, &of_wave, language)?;
                    designed.then(|| super::weight::calibration(&made)).flatten()
                }
                None => None,
            };
            let known = design || calibration.is_some();
            let sample =
                known.then(|| Sample::of(&of_wave, &dataset)).transpose().map_err(Failure::Refused)?;
            samples.push(sample.map(|sample| Sample { calibration, ..sample }));
            surveys.push(of_wave);
            datasets.push(dataset);
        }
        let (panel, request) = match arguments.panel {
            true => panel(&surveys, &mut datasets, survey, request)?,
            false => (None, request.clone()),
        };
        let joint = JointNeeds { differences: designed.then_some(Opposite::Columns), ..request.joint };
        let request = Request { joint, ..request };
        let waves = surveys.iter().zip(&datasets).zip(&samples);
        let tables = files.into_iter().zip(waves).map(|((id, _), ((survey, dataset), sample))| {
            let spoken = survey.in_language(language);
            let bar = Bar::new("counting");
            let sample = sample.as_ref().map(|sample| (sample, Estimating::Cells));
            let threads = threads(arguments.reading.threads);
            let mut tables = fill_with_spread(&spoken, &request, dataset, sample, threads, &bar);
            // A panel's filter was asked of every wave.
            for table in &mut tables {
                table.filter = arguments.filter.as_ref().map(|filter| filter.trim().to_string());
            }
            let label = spoken.wave.as_ref().map_or(id.clone(), |wave| wave.label.clone());
            (id, label, tables)
        });
        let mut tables: Vec<(String, String, Vec<Table>)> = tables.collect();
        name_weights(&mut tables);
        Ok(Counted { tables, by: arguments.by.is_some(), panel, corrected })
    }

    /// Hides what must be hidden in all waves together.
    fn suppress(&mut self, survey: &Survey, request: &Request) -> Vec<Diagnostic> {
        let everywhere = Whom::of_request(survey, request);
        let waves = self.tables.iter_mut().flat_map(|(id, _, tables)| {
            let whom = everywhere.clone();
            let whom = if id.is_empty() { whom } else { whom.in_wave(id.clone()) };
            whom.place(tables).collect::<Vec<_>>()
        });
        told(suppress(survey, &mut waves.collect::<Vec<_>>()))
    }

    /// One trend for each question, the published waves before the others.
    fn trends(
        &self,
        published: &[Published],
        joined: bool,
        test: Result<&Comparing, Untested>,
    ) -> Vec<Trend> {
        let no_answer = [Language::Japanese, Language::English].map(|language| language.words().no_answer);
        let count = self.tables.first().map_or(0, |(_, _, tables)| tables.len());
        let trend = |place: usize| {
            let table = |tables: &[Table]| match joined {
                true => join_missing(&tables[place], &no_answer),
                false => tables[place].clone(),
            };
            let question = &self.tables.first()?.2[place].question.id;
            let before = published.iter().filter(|wave| wave.question == *question).cloned();
            let mut waves: Vec<Wave> = before.map(Wave::Published).collect();
            for (id, label, tables) in &self.tables {
                match self.by {
                    true => waves.extend(waves_of_banner(table(tables))),
                    false => waves.push(Wave::Counted {
                        id: id.clone(),
                        label: label.clone(),
                        table: Arc::new(table(tables)),
                        column: 0,
                    }),
                }
            }
            Trend::of(waves, self.panel.as_ref(), test)
        };
        (0..count).filter_map(trend).collect()
    }
}

/// Where waves have weights of different names, every table names them all.
fn name_weights(waves: &mut [(String, String, Vec<Table>)]) {
    let of = |(_, label, tables): &(String, String, Vec<Table>)| {
        Some((label.clone(), tables.first()?.weight.clone()))
    };
    let names: Vec<(String, Option<String>)> = waves.iter().filter_map(of).collect();
    if names.windows(2).all(|pair| pair[0].1 == pair[1].1) {
        return;
    }
    let named = names.iter().filter_map(|(label, name)| Some(format!("{label} = {}", name.as_ref()?)));
    let all = named.collect::<Vec<_>>().join(", ");
    for table in waves.iter_mut().flat_map(|(_, _, tables)| tables).filter(|table| table.weight.is_some()) {
        table.weight = Some(all.clone());
    }
}

/// Narrows the data to those who are in every wave.
fn panel(
    surveys: &[Survey],
    datasets: &mut [Dataset],
    survey: &Survey,
    request: &Request,
) -> Result<(Option<Panel>, Request), Failure> {
    if let Some(weight) = datasets.iter().find_map(|dataset| dataset.weight_name.as_ref()) {
        let error = format!(
            "`--panel` counts each respondent as one, and the data have the weight {}",
            quote(weight)
        );
        return Err(Failure::Refused(vec![Diagnostic::error(error).hint("say `--no-weight`")]));
    }
    let questions: Vec<QuestionIndex> = {
        let mut questions: Vec<_> = request.stubs.iter().flat_map(|stub| questions(survey, stub)).collect();
        questions.sort_unstable();
        questions.dedup();
        questions
    };
    let filter = request.filter.as_ref().map(|filter| &filter.condition);
    let panel = Panel::narrow(surveys, datasets, &questions, filter, request.no_answer);
    if panel.respondents == 0 {
        let error = Diagnostic::error("no respondent is in every wave");
        return Err(Failure::Refused(vec![
            error.hint("a panel is found by the respondents' keys, which must be those of the same people"),
        ]));
    }
    Ok((Some(panel), Request { filter: None, ..request.clone() }))
}
