//! Standard errors, intervals and design effects against R's package survey, and what must hold whatever
//! the design.
//!
//! `tests/authority/design.json` is written by `tests/authority/design.R`, which names source, exact call,
//! version and date; `outside` runs it again.

use std::path::{Path, PathBuf};

use renkei::design::Sample;
use renkei::diag::Quiet;
use renkei::frame::{ReadOptions, WeightSource, read};
use renkei::tabulate::{
    Estimating, Interval, IntervalMethod, Level, Request, Shown, Table, fill_with_spread,
};
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

pub fn schema(design: &str) -> String {
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
    fill_with_spread(&survey, &request, &dataset, Some((&sample, Estimating::Totals)), 2, &Quiet)
}

pub fn authority(file: &str) -> PathBuf {
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
                let total = ends(table.total_interval(row, column, Level::default()));
                check_ends("total_ci", total.map(|end| end.map(|end| end * unit)), 1e-8);
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

/// The textbook's: prop.test without correction, and binom.test at 0 and 100 %.
#[test]
fn without_a_design_intervals_are_wilsons_and_at_0_and_100_percent_exact() {
    let text = std::fs::read_to_string(DESIGN).expect("the committed numbers");
    let numbers: Value = serde_json::from_str(&text).expect("JSON");
    for case in numbers["tables"].as_array().expect("cases") {
        let (k, n) = (case["k"].as_u64().expect("k"), case["n"].as_u64().expect("n"));
        let row =
            |respondent: u64| format!("{respondent},1,{},1,5,5,5\n", if respondent < k { 2 } else { 1 });
        let data = format!("id,stype,award,wide,api,enroll,tested\n{}", (0..n).map(row).collect::<String>());
        let (_folder, path) = crate::data::write(data.as_bytes());
        let tables = tables(&schema(""), &path, false);
        let check = |level: Level, key: &str| {
            let found = tables[0].share_interval(1, 0, level).value().expect("an interval");
            for (found, expected) in
                [found.low, found.high].into_iter().zip(case[key].as_array().expect("ends"))
            {
                let (found, expected) = (found.expect("an end"), 100.0 * expected.as_f64().expect("an end"));
                assert!((found - expected).abs() < 1e-8, "{k} of {n}, {key}: {found}, expected {expected}");
            }
            found.method
        };
        assert_eq!(check(Level::default(), "ends"), IntervalMethod::Wilson);
        if k == 0 || k == n {
            let logit = Level { method: Some(IntervalMethod::Logit), ..Level::default() };
            assert_eq!(check(logit, "exact"), IntervalMethod::Beta);
        }
        // The standard error of a simple random sample, and what follows from it.
        let p = k as f64 / n as f64;
        let error = tables[0].share_error(1, 0).value().expect("an error");
        let expected = 100.0 * (p * (1.0 - p) / (n - 1) as f64).sqrt();
        assert!((error - expected).abs() < 1e-12, "{error} {expected}");
        assert!(tables[0].design_effect(1, 0).value().is_none_or(|effect| (effect - 1.0).abs() < 1e-12));
    }
}

/// The lines of a file with its rows in another order, or a column changed.
fn changed(file: &str, change: impl Fn(&mut Vec<Vec<String>>)) -> String {
    let text = std::fs::read_to_string(authority(file)).expect("the committed data");
    let mut lines = text.lines();
    let header = lines.next().expect("a header").to_string();
    let mut rows: Vec<Vec<String>> = lines.map(|line| line.split(',').map(String::from).collect()).collect();
    change(&mut rows);
    rows.iter().fold(header + "\n", |text, row| text + &row.join(",") + "\n")
}

const NESTED: &str = "strata = \"stratum\"\ncluster = \"psu\"\nfpc = \"fpc\"\nnest = true";

#[test]
fn weights_times_a_number_change_totals_only() {
    let header = std::fs::read_to_string(authority("small")).expect("the committed data");
    let place =
        header.lines().next().expect("a header").split(',').position(|name| name == "pw").expect("pw");
    let times = |rows: &mut Vec<Vec<String>>| {
        rows.iter_mut().for_each(|row| {
            row[place] = (row[place].parse::<f64>().expect("a weight") * 250.0).to_string();
        });
    };
    let (_folder, path) = crate::data::write(changed("small", times).as_bytes());
    let (once, often) =
        (tables(&schema(NESTED), &authority("small"), true), tables(&schema(NESTED), &path, true));
    let same = |one: Option<f64>, other: Option<f64>, factor: f64| match (one, other) {
        (Some(one), Some(other)) => {
            assert!((one * factor - other).abs() <= 1e-10 * other.abs(), "{one} {other}")
        }
        (one, other) => assert_eq!(one, other),
    };
    for (one, other) in once.iter().zip(&often) {
        for row in 0..one.stub.len() {
            for column in 0..one.columns.len() {
                let pair = [one, other];
                let each = |of: &dyn Fn(&Table) -> Option<f64>, factor: f64| {
                    let [one, other] = pair.map(of);
                    same(one, other, factor);
                };
                each(&|table| table.share_error(row, column).value(), 1.0);
                each(&|table| table.mean_error(row, column).value(), 1.0);
                each(&|table| table.design_effect(row, column).value(), 1.0);
                each(&|table| table.total_error(row, column).value(), 250.0);
                each(&|table| ends(table.share_interval(row, column, Level::default()))[0], 1.0);
            }
        }
    }
}

#[test]
fn the_order_of_respondents_changes_no_printed_digit() {
    let run = |data: String| {
        let program = crate::cli::Program::new().file("s.toml", weighted_schema(NESTED)).file("d.csv", data);
        let run = program.run(&[
            "crosstab",
            "--schema",
            "s.toml",
            "d.csv",
            "--rows",
            ROWS,
            "--cols",
            "stype",
            "--interval",
            "auto",
            "--decimals",
            "6",
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let asked = run(changed("small", |_| {}));
    assert!(asked.contains("信頼区間"));
    assert_eq!(run(changed("small", |rows| rows.reverse())), asked);
    let shuffled =
        |rows: &mut Vec<Vec<String>>| rows.sort_by_key(|row| row[0].parse::<u64>().expect("a key") * 37 % 91);
    assert_eq!(run(changed("small", shuffled)), asked);
}

fn weighted_schema(design: &str) -> String {
    schema(design).replace("respondent = \"id\"\n", "respondent = \"id\"\nweight = \"pw\"\n")
}

/// A group by a filter and the same group by a banner have one variance: both keep the design.
#[test]
fn a_filter_is_a_domain_and_keeps_the_design() {
    let program = crate::cli::Program::new()
        .file("s.toml", weighted_schema(NESTED))
        .file("d.csv", changed("small", |_| {}));
    let lines = |arguments: &[&str], column: &str| -> Vec<String> {
        let all = [
            &[
                "crosstab",
                "--schema",
                "s.toml",
                "d.csv",
                "--rows",
                "award",
                "--cols",
                "stype",
                "--format",
                "tidy",
                "--measures",
                "col_pct,col_pct_se,col_pct_lo,deff",
            ],
            arguments,
        ]
        .concat();
        let run = program.run(&all);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let of = |line: &&str| line.contains(column);
        let value = |line: &str| line.split(',').skip(7).take(2).collect::<Vec<_>>().join("=");
        run.stdout.lines().filter(of).map(value).collect()
    };
    let group = lines(&[], ",stype,2,H,");
    assert_eq!(group.len(), 8);
    assert_eq!(lines(&["--filter", "stype == 2"], ",stype,2,H,"), group);
    assert_eq!(lines(&["--filter", "stype == 2"], ",,,,"), group);
}

#[test]
fn a_census_has_intervals_only_by_name() {
    let census = weighted_schema(NESTED).replace("no_answer", "sampling = \"census\"\nno_answer");
    let program = crate::cli::Program::new().file("s.toml", census).file("d.csv", changed("small", |_| {}));
    let run = |interval: &str| {
        let run =
            program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "award", "--interval", interval]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let auto = run("auto");
    assert!(auto.contains("※ 全数調査のため、信頼区間は示さない") && !auto.contains("95%"), "{auto}");
    let named = run("logit");
    assert!(named.contains("95%信頼区間") && named.contains("標本誤差の意味を持たない"), "{named}");
}

#[test]
fn what_intervals_are_stands_under_the_table() {
    let volunteers = weighted_schema(NESTED).replace("no_answer", "sampling = \"volunteer\"\nno_answer");
    let program =
        crate::cli::Program::new().file("s.toml", volunteers).file("d.csv", changed("small", |_| {}));
    let run = program.run(&[
        "crosstab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "wide,api",
        "--cols",
        "stype",
        "--interval",
        "auto",
        "--lang",
        "en",
    ]);
    insta::assert_snapshot!(run.stdout);
    let run = program.run(&[
        "tab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "award",
        "--interval",
        "sampling-error",
        "--population",
        "5000",
        "--confidence",
        "90",
    ]);
    insta::assert_snapshot!(run.stdout);
}

/// ±3.2 at n = 1,000 and 50 %, and ±4.5 for a sample in two stages, as Japanese reports print them.
#[test]
fn sampling_errors_are_those_that_reports_print() {
    let table = |arguments: &[&str]| {
        let run =
            crate::cli::Program::new().run(&[&["sampling-error", "--n", "1000,500"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    insta::assert_snapshot!(table(&[]));
    insta::assert_snapshot!(table(&["--two-stage", "--population", "1000000", "--lang", "en"]));
}
