//! Standard errors, intervals and design effects against R's package survey, and what must hold whatever
//! the design.
//!
//! `tests/authority/design.json` is written by `tests/authority/design.R`, which names source, exact call,
//! version and date; `outside` runs it again.

use std::path::{Path, PathBuf};

use renkei::design::Sample;
use renkei::diag::Quiet;
use renkei::frame::{ReadOptions, WeightSource, read};
use renkei::tabulate::{Interval, IntervalMethod, Level, Request, Shown, Table, fill_with_spread};
use serde_json::Value;

/// The committed numbers.
pub const DESIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/design.json");

const QUESTIONS: &str = r#"
[[question]]
id = "stype"
text = "stype"
kind = "single"
options = [ { code = 1, label = "E" }, { code = 2, label = "H" }, { code = 3, label = "M" } ]

[[question]]
id = "award"
text = "award"
kind = "single"
options = [ { code = 1, label = "no" }, { code = 2, label = "yes" } ]

[[question]]
id = "wide"
text = "wide"
kind = "single"
options = [ { code = 1, label = "no" }, { code = 2, label = "yes" } ]

[[question]]
id = "api"
text = "api"
kind = "number"

[[question]]
id = "enroll"
text = "enroll"
kind = "number"

[[question]]
id = "tested"
text = "tested"
kind = "number"

[[derive]]
id = "share_tested"
label = "share_tested"
ratio = { of = "tested", to = "enroll", per = 100 }
"#;

const ROWS: &str = "award,wide,api,enroll,share_tested";

fn schema(design: &str) -> String {
    let design = if design.is_empty() { String::new() } else { format!("[survey.design]\n{design}\n") };
    let survey = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"id\"\nno_answer = \"exclude\"\n";
    format!("{survey}{design}{QUESTIONS}")
}

/// The tables of a design, with their variances.
fn tables(schema: &str, data: &Path, weighted: bool) -> Vec<Table> {
    let survey = crate::data::survey(schema);
    let request = Request::resolve(&survey, ROWS, Some("stype"), None, None).expect("a sound request");
    let weight = if weighted { WeightSource::Column("pw".to_string()) } else { WeightSource::None };
    let options = ReadOptions { weight, design: true, ..ReadOptions::default() };
    let dataset = read(data, &survey, &request.questions(&survey), &options, &Quiet).expect("sound data");
    let sample = Sample::of(&survey, &dataset).expect("a sound design");
    fill_with_spread(&survey, &request, &dataset, Some((&sample, true)), 2, &Quiet)
}

fn authority(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/authority/design-{file}.csv"))
}

/// The table, row and column of an estimate.
fn place<'t>(tables: &'t [Table], estimate: &Value, domain: &str) -> (&'t Table, usize, usize) {
    let row = estimate["row"].as_str().expect("a row");
    let table = tables.iter().find(|table| table.question.id == row).expect("a table");
    let row = match estimate["measure"].as_str() {
        Some("share") => estimate["code"].as_u64().expect("a code") as usize - 1,
        Some("ratio") => 2,
        _ => 0,
    };
    let column = domain.strip_prefix("stype_").map_or(0, |code| code.parse().expect("a code"));
    (table, row, column)
}

/// Within so small a part; zero within what rounding leaves of numbers near 1.
#[track_caller]
fn near(found: Option<f64>, expected: f64, relative: f64, what: &str) {
    let found = found.unwrap_or_else(|| panic!("{what}: nothing, expected {expected}"));
    let off = (found - expected).abs();
    assert!(off <= relative * expected.abs() || off < 1e-12, "{what}: {found}, expected {expected}");
}

fn ends(interval: Shown<Interval>) -> [Option<f64>; 2] {
    interval.value().map_or([None, None], |interval| [interval.low, interval.high])
}

/// Estimates, errors, totals and intervals to 1e-8. Logit intervals to 1e-6: R finds the log-odds by iteration
/// (svyglm), and ends it at 1e-8 of the deviance; xlogit has the formula.
#[test]
fn errors_and_intervals_are_those_of_r() {
    let text = std::fs::read_to_string(DESIGN).expect("the committed numbers");
    let numbers: Value = serde_json::from_str(&text).expect("JSON");
    let (mut checked, mut failures) = (0, Vec::new());
    for set in numbers["sets"].as_array().expect("sets") {
        let name = set["name"].as_str().expect("a name");
        let file = authority(set["file"].as_str().expect("a file"));
        let schema = schema(set["design"].as_str().expect("a design"));
        let tables = tables(&schema, &file, set["weighted"].as_bool().expect("weighted or not"));
        for domain in set["domains"].as_array().expect("domains") {
            let label = domain["domain"].as_str().expect("a domain");
            for estimate in domain["estimates"].as_array().expect("estimates") {
                let (table, row, column) = place(&tables, estimate, label);
                let share = estimate["measure"] == "share";
                let unit = if share { 100.0 } else { 1.0 };
                let mut check = |key: &str, found: Option<f64>, unit: f64, relative: f64| {
                    let Some(expected) = estimate[key].as_f64() else { return };
                    let what = format!("{name} {label} {} {} {key}", estimate["row"], estimate["code"]);
                    let (expected, off) =
                        (expected * unit, found.map(|found| (found - expected * unit).abs()));
                    checked += 1;
                    if off.is_none_or(|off| off > relative * expected.abs() && off > 1e-10) {
                        failures.push(format!("{what}: {found:?}, expected {expected}"));
                    }
                };
                let found = match (share, estimate["measure"] == "ratio") {
                    (true, _) => table.column_percent(row, column),
                    (_, true) => table.ratio(row, column),
                    _ => table.mean(row, column),
                };
                check("estimate", found.value().map(|found| found.to_f64()), unit, 1e-12);
                let error =
                    if share { table.share_error(row, column) } else { table.mean_error(row, column) };
                check("se", error.value(), unit, 1e-8);
                check("df", table.degrees_of_freedom(row, column).value(), 1.0, 0.0);
                check("deff", table.design_effect(row, column).value(), 1.0, 1e-8);
                check("total_se", table.total_error(row, column).value(), 1.0, 1e-8);
                // A weight of more than nine decimals is read to twelve digits.
                check("total", table.total(row, column).value().map(|total| total.to_f64()), 1.0, 1e-11);
                let mut check_ends = |key: &str, found: [Option<f64>; 2], relative: f64| {
                    for (end, found) in found.into_iter().enumerate() {
                        let Some(expected) = estimate[key][end].as_f64() else { continue };
                        checked += 1;
                        let expected = expected * unit;
                        let off = found.map(|found| (found - expected).abs());
                        if off.is_none_or(|off| off > relative * expected.abs() && off > 1e-9) {
                            failures.push(format!(
                                "{name} {label} {} {} {key} {end}: {found:?}, expected {expected}",
                                estimate["row"], estimate["code"]
                            ));
                        }
                    }
                };
                let level = |method| Level { method: Some(method), ..Level::default() };
                if share {
                    let of = |method| ends(table.share_interval(row, column, level(method)));
                    check_ends("logit", of(IntervalMethod::Logit), 1e-6);
                    check_ends("xlogit", of(IntervalMethod::Logit), 1e-8);
                    check_ends("beta", of(IntervalMethod::Beta), 1e-8);
                    check_ends("mean", of(IntervalMethod::Mean), 1e-8);
                } else {
                    check_ends("mean", ends(table.mean_interval(row, column, Level::default())), 1e-8);
                    for (quartile, key) in [(1, "p25"), (2, "median"), (3, "p75")] {
                        let found = table.quartile_interval(row, column, quartile, Level::default());
                        check_ends(key, ends(found), 0.0);
                    }
                }
            }
        }
    }
    assert!(checked > 4000, "{checked}");
    assert!(
        failures.is_empty(),
        "{} of {checked}:\n{}",
        failures.len(),
        failures[..failures.len().min(60)].join("\n")
    );
}
