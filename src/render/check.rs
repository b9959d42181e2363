//! Findings of a check for programs and for those who mend the data: CSV, JSON and a page.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::csv::harmless;
use crate::check::{Finding, Findings, Gravity};
use crate::report::{Block, Document, Section};
use crate::schema::Survey;
use crate::sheet::{Language, Sheet, found_headers, found_line};

/// One line for each finding, as CSV for Excel.
///
/// # Errors
/// Of writing.
pub fn findings_csv<'a>(
    output: &mut impl Write,
    survey: &Survey,
    files: &[String],
    findings: impl Iterator<Item = &'a Finding>,
    language: Language,
) -> io::Result<()> {
    let several = files.len() > 1;
    output.write_all(b"\xEF\xBB\xBF")?;
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(output);
    writer.write_record(found_headers(language, several))?;
    for finding in findings {
        let line = found_line(survey, files, finding, language);
        writer.write_record(line.fields(several).into_iter().map(harmless))?;
    }
    writer.flush()
}

/// All of it, for programs; keys in the order of the alphabet.
///
/// # Errors
/// Of writing.
pub fn findings_json<'a>(
    output: &mut impl Write,
    survey: &Survey,
    findings: &Findings,
    listed: impl Iterator<Item = &'a Finding>,
    language: Language,
) -> io::Result<()> {
    let blanks = findings.blanks.iter().map(|blanks| {
        let id = &survey.questions[blanks.question].id;
        json!({ "question": id, "blank": blanks.blank, "asked": blanks.asked })
    });
    let blanks: Vec<Value> = blanks.collect();
    let (complete, errors) = (!findings.cut, findings.count(Gravity::Error));
    write!(output, "{{\"blanks\":{},\"complete\":{complete},\"errors\":{errors}", Value::from(blanks))?;
    write!(output, ",\"findings\":[")?;
    for (place, finding) in listed.enumerate() {
        let line = found_line(survey, &findings.files, finding, language);
        let comma = if place > 0 { "," } else { "" };
        let mut value = json!({
            "severity": gravity(finding.gravity),
            "kind": finding.kind.word(),
            "respondent": finding.respondent,
            "record": finding.place.map(|place| place.record),
            "line": finding.place.map(|place| place.line),
            "column": finding.column,
            "question": finding.question.map(|index| &survey.questions[index].id),
            "value": (!line.value.is_empty()).then_some(line.value),
            "expected": (!line.expected.is_empty()).then_some(line.expected),
            "hint": (!line.hint.is_empty()).then_some(line.hint),
        });
        if findings.files.len() > 1 {
            value["file"] = line.file.into();
        }
        write!(output, "{comma}{value}")?;
    }
    let (notes, warnings) = (findings.count(Gravity::Note), findings.count(Gravity::Warning));
    let (records, version) = (findings.records, super::json::SCHEMA_VERSION);
    writeln!(
        output,
        "],\"notes\":{notes},\"records\":{records},\"schema_version\":{version},\"warnings\":{warnings}}}"
    )
}

/// The summary and the list as a page.
pub fn findings_html(sheets: &[Sheet], language: Language) -> String {
    let title = sheets.first().map(|sheet| sheet.title.clone()).unwrap_or_default();
    let section = |(place, sheet): (usize, &Sheet)| Section {
        id: format!("check-{}", place + 1),
        label: String::new(),
        headline: if place == 0 { String::new() } else { sheet.title.clone() },
        question: None,
        blocks: vec![Block::Table(Sheet { title: String::new(), ..sheet.clone() })],
    };
    super::document_html(&Document {
        language,
        kind: None,
        date: None,
        publisher: None,
        title,
        subtitle: None,
        lead: Vec::new(),
        results: None,
        sections: sheets.iter().enumerate().map(section).collect(),
        about: None,
        closing: Vec::new(),
        notes: Vec::new(),
    })
}

fn gravity(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Error => "error",
        Gravity::Warning => "warning",
        Gravity::Note | Gravity::Off => "note",
    }
}
