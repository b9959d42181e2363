//! `comments`: what respondents wrote, listed because somebody asked for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::arguments::CommentsArguments;
use super::progress::Bar;
use super::tables::{load_schema, read_options};
use crate::diag::{Diagnostic, Failure, Source, plural, quote, suggestion};
use crate::frame::ReadOptions;
use crate::schema::{Condition, Kind, QuestionIndex, Survey, parse_condition};
use crate::sheet::{CommentList, Language, Personal, comment_list, redacted};
use crate::tabulate::{code_frame_of, comments, comments_of};

/// Lists comments; warnings come back.
pub fn run(arguments: &CommentsArguments) -> anyhow::Result<Vec<Diagnostic>> {
    let (survey, mut warnings) = load_schema(&arguments.schema)?;
    let language = Language::from(arguments.shown.lang);
    let questions = questions(&survey, &arguments.rows)?;
    let filter = match &arguments.filter {
        Some(text) => {
            let source = Source { name: "--filter".to_string(), text: text.clone() };
            Some(parse_condition(&survey, &source.into()).map_err(Failure::Refused)?)
        }
        None => None,
    };
    if survey.respondent.is_none() && (arguments.keys || !arguments.only.is_empty()) {
        let error = Diagnostic::error("respondents are known by their key, and the schema names none");
        let hint = "say `respondent = \"…\"` under `[survey]`";
        return Err(Failure::Refused(vec![error.hint(hint)]).into());
    }
    let inputs: Vec<&Path> =
        arguments.data.iter().map(PathBuf::as_path).chain(arguments.schema.files()).collect();
    let output = arguments.shown.open(&inputs)?;
    // Answers made of a question's comments are shown beside them.
    let frames: Vec<Option<QuestionIndex>> =
        questions.iter().map(|text| code_frame_of(&survey, *text)).collect();
    let mut needed: Vec<QuestionIndex> =
        questions.iter().copied().chain(frames.iter().flatten().copied()).collect();
    needed.extend(filter.iter().flat_map(Condition::questions));
    let options = ReadOptions {
        keys: arguments.keys || !arguments.only.is_empty(),
        words: questions.clone(),
        ..read_options(&arguments.reading)
    };
    let dataset = crate::frame::read_all(&arguments.data, &survey, &needed, &options, &Bar::new("reading"))?;
    warnings.extend(dataset.warnings.iter().cloned());
    let survey = survey.in_language(language);
    let mut found: BTreeMap<Personal, u64> = BTreeMap::new();
    let mut sheets = Vec::new();
    for (&question, &frame) in questions.iter().zip(&frames) {
        let mut comments = comments(&survey, &dataset, filter.as_ref(), question);
        let written = comments.len() as u64;
        if arguments.only.is_empty() {
            // An order that does not tell who wrote what: neither the file's nor the key's.
            comments.sort_by(|one, other| (&one.words, &one.answers).cmp(&(&other.words, &other.answers)));
        } else {
            let own = &survey.questions[question];
            comments = comments_of(&comments, &arguments.only, own, "`--only`")
                .map_err(|errors| Failure::Refused(errors.into_iter().map(|(_, error)| error).collect()))?;
        }
        for comment in &mut comments {
            if !arguments.as_written {
                let (words, personal) = redacted(&comment.words, language);
                comment.words = words;
                personal.into_iter().for_each(|what| *found.entry(what).or_default() += 1);
            }
            comment.respondent = comment.respondent.take().filter(|_| arguments.keys);
        }
        let own = &survey.questions[question];
        let list = CommentList {
            title: format!("{} {}", own.id, own.heading()),
            wave: survey.wave.as_ref().map(|wave| wave.label.clone()),
            text: (own.heading() != own.text).then(|| own.text.clone()),
            written,
            unit: survey.unit.clone(),
            answers: frame.map(|frame| survey.questions[frame].heading().to_string()),
            comments,
            notes: survey.note.clone(),
        };
        sheets.push(comment_list(&list, language));
    }
    if !found.is_empty() {
        let count = |(what, count): (&Personal, &u64)| plural(*count, what.word(Language::English));
        let told: Vec<String> = found.iter().map(count).collect();
        let warning = Diagnostic::warning(format!("replaced {}", told.join(", ")));
        warnings.push(warning.hint(
            "names without さん or 様, places and illnesses are not found: read all before you publish",
        ));
    }
    warnings.extend(arguments.shown.write(output, &sheets)?);
    Ok(warnings)
}

/// The text questions named, or all.
fn questions(survey: &Survey, rows: &str) -> Result<Vec<QuestionIndex>, Failure> {
    let texts = || (0..survey.questions.len()).filter(|&index| survey.questions[index].kind == Kind::Text);
    if rows == "all" {
        return Ok(texts().collect());
    }
    let mut errors = Vec::new();
    let mut questions = Vec::new();
    for name in rows.split(',').map(str::trim) {
        match survey.find(name) {
            Some(index) if survey.questions[index].kind == Kind::Text => questions.push(index),
            Some(index) => {
                let kind = survey.questions[index].kind.word();
                let error = format!(
                    "expected a text question in `--rows`, found the {kind} question {}",
                    quote(name)
                );
                errors.push(Diagnostic::error(error).hint("`renkei tab` counts questions with options"));
            }
            None => {
                let error = Diagnostic::error(format!("unknown question {} in `--rows`", quote(name)));
                let hint = suggestion(name, texts().map(|index| survey.questions[index].id.as_str()));
                errors.push(match hint {
                    Some(hint) => error.hint(hint),
                    None => error,
                });
            }
        }
    }
    if errors.is_empty() { Ok(questions) } else { Err(Failure::Refused(errors)) }
}
