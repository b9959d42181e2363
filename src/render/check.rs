//! Findings of a check for programs and for those who mend the data: CSV and JSON.

use serde_json::{Value, json};

use super::csv::harmless;
use crate::check::{Finding, Findings, Gravity};
use crate::schema::Survey;
use crate::sheet::{Language, found_headers, found_line};

/// One line for each finding, as CSV for Excel.
pub fn findings_csv<'a>(
    survey: &Survey,
    findings: impl Iterator<Item = &'a Finding>,
    language: Language,
) -> String {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(vec![0xEF, 0xBB, 0xBF]);
    // Writing into memory does not fail.
    _ = writer.write_record(found_headers(language));
    for finding in findings {
        let line = found_line(survey, finding, language);
        _ = writer.write_record(line.fields().map(harmless));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// All of it, for programs.
pub fn findings_json<'a>(
    survey: &Survey,
    findings: &Findings,
    listed: impl Iterator<Item = &'a Finding>,
    language: Language,
) -> String {
    let list: Vec<Value> = listed
        .map(|finding| {
            let line = found_line(survey, finding, language);
            json!({
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
            })
        })
        .collect();
    let blanks: Vec<Value> = findings
        .blanks
        .iter()
        .map(|blanks| {
            let id = &survey.questions[blanks.question].id;
            json!({ "question": id, "blank": blanks.blank, "asked": blanks.asked })
        })
        .collect();
    let value = json!({
        "schema_version": super::json::SCHEMA_VERSION,
        "records": findings.records,
        "errors": findings.count(Gravity::Error),
        "warnings": findings.count(Gravity::Warning),
        "notes": findings.count(Gravity::Note),
        "complete": !findings.cut,
        "blanks": blanks,
        "findings": list,
    });
    format!("{value}\n")
}

fn gravity(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Error => "error",
        Gravity::Warning => "warning",
        Gravity::Note | Gravity::Off => "note",
    }
}
