//! `check`: everything that is wrong with a file of data.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::check_arguments::{Check, CheckFormat};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, load_schema, read_options, text_style};
use crate::check::{Findings, Gravity, MOST_LOGGED, Wanted, check, groups, questions};
use crate::diag::{Diagnostic, Failure, Place, failure, quote, suggestion, thousands};
use crate::frame::{ReadOptions, WeightSource};
use crate::render::{TextStyle, findings_csv, findings_html, findings_json};
use crate::schema::{Kind, Origin, QuestionIndex, Survey};
use crate::sheet::{Language, findings_sheet, summary_sheet};
use crate::study::FileNames;

/// Findings as text and Markdown list no more than this unless asked.
const LISTED: usize = 100;

/// Writes what was found; errors are exit code 1.
pub fn run(arguments: &Check) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) = load_schema(&arguments.schema)?;
    let (named, by) = named(&survey, arguments)?;
    let folder = arguments.schema.schema.parent().unwrap_or(Path::new(""));
    let sent = survey.sent.as_ref().map(|sent| crate::frame::read_sent(sent, &survey, folder)).transpose()?;
    let asked =
        arguments.asked.as_ref().map(|path| crate::frame::read_asked(path, &survey, by)).transpose()?;
    let wanted =
        Wanted { questions: named, blanks: arguments.blanks, sent: sent.as_ref(), asked: asked.as_ref() };
    let inputs = arguments.data.iter().chain(&arguments.asked).map(PathBuf::as_path);
    let inputs: Vec<&Path> = inputs.chain(arguments.schema.files()).collect();
    let output = match (by, &arguments.out) {
        (Some(_), Some(folder)) => {
            open_folder(folder)?;
            None
        }
        _ => Some(Output::open(arguments.out.as_deref(), &inputs)?),
    };
    let mut needed = questions(&survey, &wanted);
    needed.extend(by);
    let logged = wanted.questions.clone().unwrap_or_else(|| (0..survey.questions.len()).collect());
    let options = ReadOptions {
        lenient: true,
        keys: survey.respondent.is_some(),
        log: Some(logged),
        weight: survey.weight.clone().map_or(WeightSource::None, WeightSource::Column),
        ..read_options(&arguments.reading)
    };
    let dataset = crate::frame::read_all(&arguments.data, &survey, &needed, &options, &Bar::new("reading"))?;
    warnings.extend(dataset.warnings.iter().cloned());
    let findings = check(&survey, &dataset, &wanted);
    if findings.cut {
        let kept = thousands(MOST_LOGGED as u64);
        let warning =
            Diagnostic::warning(format!("there are more than {kept} findings; only those are told"));
        warnings.push(
            warning.hint("mend what is most frequent first, or look at some questions with `--question`"),
        );
    }
    let language = Language::from(arguments.lang);
    let spoken = survey.in_language(language);
    let report = Report {
        survey: &spoken,
        findings: &findings,
        language,
        file: arguments.data.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
        format: arguments.format.unwrap_or(match extension(arguments.out.as_deref()) {
            _ if by.is_some() => CheckFormat::Csv,
            Some("csv") => CheckFormat::Csv,
            Some("json") => CheckFormat::Json,
            Some("md") => CheckFormat::Md,
            Some("html") => CheckFormat::Html,
            _ => CheckFormat::Text,
        }),
        limit: match (arguments.all, arguments.limit) {
            (true, _) => Some(usize::MAX),
            (false, limit) => limit,
        },
    };
    match (output, by, &arguments.out) {
        (Some(mut output), ..) => {
            let style = text_style(&output, arguments.width);
            let written = report.write(&mut output, style);
            output.finish(written)?;
        }
        (None, Some(by), Some(folder)) => {
            let groups = groups(&dataset, by, asked.as_ref(), &findings.list);
            report.write_groups(&spoken, by, &groups, folder)?;
        }
        (None, ..) => {}
    }
    let bad =
        findings.count(Gravity::Error) + if arguments.strict { findings.count(Gravity::Warning) } else { 0 };
    if bad > 0 {
        // The output says what; warnings of reading are still told.
        return Err(Failure::Refused(warnings).into());
    }
    Ok(warnings)
}

/// The questions named, rows of grids included, and that of the groups.
fn named(
    survey: &Survey,
    arguments: &Check,
) -> Result<(Option<Vec<QuestionIndex>>, Option<QuestionIndex>), Failure> {
    let mut errors = Vec::new();
    let mut find = |name: &str, option: &str| {
        let found = survey.find(name);
        if found.is_none() {
            let error = Diagnostic::error(format!("unknown question {} in `{option}`", quote(name)));
            let hint = suggestion(name, survey.questions.iter().map(|question| question.id.as_str()));
            errors.push(match hint {
                Some(hint) => error.hint(hint),
                None => error,
            });
        }
        found
    };
    let (mut questions, mut derived) = (Vec::new(), Vec::new());
    for name in arguments.question.iter().map(|name| name.trim()) {
        let Some(index) = find(name, "--question") else { continue };
        questions.push(index);
        match &survey.questions[index].origin {
            Origin::Rows(rows) => questions.extend(rows),
            // The cells of a place are its question's.
            Origin::Place(rank) => questions.push(*rank),
            origin if origin.is_derived() => derived.push(&survey.questions[index]),
            _ => {}
        }
    }
    let by = arguments.by.as_ref().and_then(|name| find(name, "--by"));
    for question in derived {
        let error = format!("question {} is made of others and has no cells to check", quote(&question.id));
        let sources = question.origin.sources().into_iter().map(|index| quote(&survey.questions[index].id));
        let sources: Vec<String> = sources.collect();
        errors.push(Diagnostic::error(error).hint(format!("it is made of {}", sources.join(", "))));
    }
    if let Some(question) = by.map(|by| &survey.questions[by])
        && question.kind != Kind::Single
    {
        let (kind, id) = (question.kind.word(), quote(&question.id));
        errors.push(
            Diagnostic::error(format!(
                "expected a single question in `--by`, found the {kind} question {id}"
            ))
            .hint("each finding goes into one file"),
        );
    }
    match errors.is_empty() {
        true => Ok(((!arguments.question.is_empty()).then_some(questions), by)),
        false => Err(Failure::Refused(errors)),
    }
}

/// A folder that holds nothing: files of an earlier check would be taken for those of this one.
fn open_folder(folder: &Path) -> Result<(), Failure> {
    let broken = |error: std::io::Error| failure(folder, "could not be written", &error);
    std::fs::create_dir_all(folder).map_err(broken)?;
    if std::fs::read_dir(folder).map_err(broken)?.next().is_some() {
        let error = Diagnostic::error("expected a new or empty folder, found files in it");
        let error = error.at(Place::File(folder.display().to_string()));
        return Err(Failure::Refused(vec![
            error.hint("name another one: a group without findings gets no file"),
        ]));
    }
    Ok(())
}

/// Findings and how they are shown.
struct Report<'a> {
    survey: &'a Survey,
    findings: &'a Findings,
    language: Language,
    file: String,
    format: CheckFormat,
    limit: Option<usize>,
}

impl Report<'_> {
    /// Writes the findings one by one: there may be a hundred thousand.
    fn write(&self, output: &mut Output, style: TextStyle) -> std::io::Result<()> {
        let sheets = |listed: usize| {
            let limit = self.limit.unwrap_or(listed);
            let summary = summary_sheet(self.survey, self.findings, &self.file, self.language);
            let list = findings_sheet(self.survey, self.findings, limit, self.language);
            std::iter::once(summary).chain(list).collect::<Vec<_>>()
        };
        let list = self.findings.list.iter().take(self.limit.unwrap_or(usize::MAX));
        match self.format {
            CheckFormat::Text => output.write_all(crate::render::text(&sheets(LISTED), style).as_bytes()),
            CheckFormat::Md => output.write_all(crate::render::markdown(&sheets(LISTED)).as_bytes()),
            CheckFormat::Html => {
                let sheets = sheets(usize::MAX);
                output.write_all(findings_html(&sheets, self.language).as_bytes())
            }
            CheckFormat::Csv => findings_csv(output, self.survey, &self.findings.files, list, self.language),
            CheckFormat::Json => findings_json(output, self.survey, self.findings, list, self.language),
        }
    }

    /// A file for each group with findings, and one for what is in no group.
    fn write_groups(
        &self,
        survey: &Survey,
        by: QuestionIndex,
        groups: &[Option<usize>],
        folder: &Path,
    ) -> Result<(), Failure> {
        let question = &survey.questions[by];
        let mut files: BTreeMap<PathBuf, Findings> = BTreeMap::new();
        let ending = match self.format {
            CheckFormat::Text => "txt",
            CheckFormat::Csv => "csv",
            CheckFormat::Json => "json",
            CheckFormat::Md => "md",
            CheckFormat::Html => "html",
        };
        // A name says nothing of which groups have findings.
        let mut names = FileNames::besides(&["none"]);
        let codes = question.options.iter().map(|option| option.code.to_string());
        let names: Vec<String> = codes.map(|code| names.unique(&code)).collect();
        for (finding, group) in self.findings.list.iter().zip(groups) {
            let option = group.filter(|&option| option < question.options.len());
            let name = option.map_or("none", |option| names[option].as_str());
            let own = files.entry(folder.join(format!("{name}.{ending}"))).or_default();
            own.list.push(finding.clone());
        }
        for (path, findings) in files {
            let findings = Findings {
                records: self.findings.records,
                cut: self.findings.cut,
                files: self.findings.files.clone(),
                ..findings
            };
            let report = Report { findings: &findings, file: self.file.clone(), ..*self };
            let mut output = Output::open(Some(&path), &[])?.one_of_many();
            let style = text_style(&output, None);
            let written = report.write(&mut output, style);
            output.finish(written)?;
        }
        Ok(())
    }
}
