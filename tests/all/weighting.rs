//! Weights: against R survey, by the laws of raking, and as a user gets them.

use std::path::Path;

use proptest::prelude::*;
use renkei::diag::Quiet;
use renkei::frame::{Dataset, ReadOptions, WeightSource, read};
use renkei::schema::Survey;
use renkei::weight::{Refusal, Weighting, load, weigh};
use serde_json::Value;

use crate::cli::{Program, repository, run};

/// The numbers of `tests/authority/weights.R`, which names source, exact call, version and date.
pub const WEIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/weights.json");

/// Three single questions of up to four options and a multi.
const SCHEMA: &str = r#"
[survey]
id = "w"
title = "w"
respondent = "id"

[[question]]
id = "a"
text = "A"
kind = "single"
options = [ { code = 1, label = "a1" }, { code = 2, label = "a2" }, { code = 3, label = "a3" } ]

[[question]]
id = "b"
text = "B"
kind = "single"
options = [ { code = 1, label = "b1" }, { code = 2, label = "b2" }, { code = 3, label = "b3" }, { code = 4, label = "b4" } ]

[[question]]
id = "c"
text = "C"
kind = "single"
options = [ { code = 1, label = "c1" }, { code = 2, label = "c2" } ]

[[question]]
id = "m"
text = "M"
kind = "multi"
options = [ { code = 1, label = "m1" }, { code = 2, label = "m2" } ]
"#;

/// Two numbers, for data that have them.
const NUMBERS: &str = r#"
[[question]]
id = "x"
text = "X"
kind = "number"

[[question]]
id = "y"
text = "Y"
kind = "number"
"#;

fn survey(csv: &str) -> Survey {
    let numbers = csv.lines().next().is_some_and(|header| header.ends_with(",x,y"));
    let schema = if numbers { [SCHEMA, NUMBERS].concat() } else { SCHEMA.to_string() };
    renkei::schema::load("s.toml", &schema).expect("a sound schema").value
}

fn dataset(survey: &Survey, csv: &str, weighted: bool) -> Dataset {
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    std::fs::write(file.path(), csv).expect("a temporary file");
    let weight = if weighted { WeightSource::Column("w".to_string()) } else { WeightSource::None };
    let options = ReadOptions { weight, ..ReadOptions::default() };
    let questions: Vec<usize> = (0..survey.questions.len()).collect();
    read(Path::new(file.path()), survey, &questions, &options, &Quiet).expect("sound data")
}

fn weighed(csv: &str, targets: &str, weighted: bool) -> Result<Weighting, Refusal> {
    let survey = survey(csv);
    let targets = match load("t.toml", targets, &survey) {
        Ok(targets) => targets.value,
        Err(errors) => panic!("{}", errors.iter().map(|error| error.render(false)).collect::<String>()),
    };
    weigh(&targets, &survey, &dataset(&survey, csv, weighted))
}

#[track_caller]
fn weights(csv: &str, targets: &str, weighted: bool) -> Weighting {
    weighed(csv, targets, weighted).unwrap_or_else(|refusal| {
        panic!("{}", refusal.errors.iter().map(|error| error.render(false)).collect::<String>())
    })
}

/// To 1e-8 of each weight: R stops raking when no cell changes by 1e-14 of the whole, renkei when no
/// category is off by 1e-13 of its target; both stop within a hundredth of that bound here.
#[test]
fn weights_are_those_of_r_survey() {
    let text = std::fs::read_to_string(WEIGHTS).expect("the committed weights");
    let numbers: Value = serde_json::from_str(&text).expect("JSON");
    let mut csv = String::from("id,a,b,c,w,m_1,m_2,x,y\n");
    for (place, respondent) in numbers["respondents"].as_array().expect("respondents").iter().enumerate() {
        let of = |key: &str| respondent[key].to_string().replace('"', "");
        let cells = ["a", "b", "c", "w"].map(of).join(",");
        csv += &format!("{place},{cells},1,0,{},{}\n", of("x"), of("y"));
    }
    let sets = numbers["sets"].as_array().expect("sets");
    assert_eq!(sets.len(), 13);
    for set in sets {
        let name = set["name"].as_str().expect("a name");
        let targets = set["targets"].as_str().expect("targets");
        let found = weights(&csv, targets, set["weighted"].as_bool().expect("a flag")).weights;
        let expected = set["weights"].as_array().expect("weights");
        assert_eq!(found.len(), expected.len());
        for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
            let expected = expected.as_f64().expect("a number");
            assert!(
                (found - expected).abs() <= 1e-8 * expected,
                "{name}: respondent {place} has {found}, R {expected}"
            );
        }
    }
}

/// Respondents of a sample, with every category of `a`, `b` and `c` at least once.
fn sample() -> impl Strategy<Value = Vec<(u8, u8, u8, u16)>> {
    let one = (1..=3_u8, 1..=4_u8, 1..=2_u8, 1..=30_u16);
    proptest::collection::vec(one, 10..80).prop_map(|mut respondents| {
        // Every pair of categories, so that all margins can be reached together.
        for a in 1..=3 {
            for b in 1..=4 {
                respondents.extend([(a, b, 1, 10), (a, b, 2, 10)]);
            }
        }
        respondents
    })
}

/// Shares of so many categories, none near zero.
fn shares(count: usize) -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(1..=6_u8, count).prop_map(|parts| {
        let sum: f64 = parts.iter().map(|&part| f64::from(part)).sum();
        parts.iter().map(|&part| f64::from(part) / sum).collect()
    })
}

fn csv(respondents: &[(u8, u8, u8, u16)], scale: u16) -> String {
    let lines = respondents
        .iter()
        .enumerate()
        .map(|(place, (a, b, c, w))| format!("{place},{a},{b},{c},{},1,0\n", f64::from(w * scale) / 10.0));
    format!("id,a,b,c,w,m_1,m_2\n{}", lines.collect::<String>())
}

const EXACT: &str = "[weight]\ntolerance = 1e-12\nshare_tolerance = 0.01\n";

fn target(question: &str, shares: &[f64]) -> String {
    let shares: Vec<String> =
        shares.iter().enumerate().map(|(place, share)| format!("{} = {share:.12}", place + 1)).collect();
    format!("[[target]]\nquestion = \"{question}\"\nshares = {{ {} }}\n", shares.join(", "))
}

fn near(one: &[f64], other: &[f64], relative: f64) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| (one - other).abs() <= relative * other)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn raking_reaches_its_margins(sample in sample(), a in shares(3), b in shares(4)) {
        let targets = [target("a", &a), target("b", &b)].concat();
        let weighting = weights(&csv(&sample, 1), &targets, true);
        let n = sample.len() as f64;
        for (category, share) in b.iter().enumerate() {
            let members = sample.iter().zip(&weighting.weights).filter(|(one, _)| usize::from(one.1) == category + 1);
            let sum: f64 = members.map(|(_, weight)| weight).sum();
            prop_assert!((sum - share * n).abs() < 1e-6 * n, "{} is not {}", sum, share * n);
        }
        let spread = weighting.report.weights.expect("weights");
        prop_assert!((spread.sum - n).abs() < 1e-6 * n);
        prop_assert!(spread.effective <= n * (1.0 + 1e-12));
    }

    #[test]
    fn the_order_of_margins_and_the_scale_of_base_weights_change_nothing(
        sample in sample(), a in shares(3), b in shares(4), c in shares(2),
    ) {
        let margins = [target("a", &a), target("b", &b), target("c", &c)];
        let forth = [EXACT, &margins[0], &margins[1], &margins[2]].concat();
        let back = [EXACT, &margins[2], &margins[1], &margins[0]].concat();
        let one = weights(&csv(&sample, 1), &forth, true).weights;
        prop_assert!(near(&one, &weights(&csv(&sample, 1), &back, true).weights, 1e-8));
        prop_assert!(near(&one, &weights(&csv(&sample, 7), &forth, true).weights, 1e-11));
    }

    #[test]
    fn the_order_of_respondents_changes_no_byte(sample in sample(), a in shares(3), b in shares(4), trim in any::<bool>()) {
        let settings = if trim { "[weight]\ntrim = { to = [0.1, 4] }\n" } else { "" };
        let targets = [settings, &target("a", &a), &target("b", &b)].concat();
        let reversed: Vec<_> = sample.iter().rev().copied().collect();
        let forth = weights(&csv(&sample, 1), &targets, true);
        let mut back = weights(&csv(&reversed, 1), &targets, true);
        back.weights.reverse();
        prop_assert_eq!(forth.weights, back.weights);
        prop_assert_eq!(forth.report, back.report);
    }

    #[test]
    fn targets_in_proportion_to_the_sample_change_nothing(sample in sample()) {
        let share = |category: u8| {
            sample.iter().filter(|one| one.1 == category).count() as f64 / sample.len() as f64
        };
        let shares: Vec<f64> = (1..=4).map(share).collect();
        let found = weights(&csv(&sample, 1), &target("b", &shares), false).weights;
        prop_assert!(near(&found, &vec![1.0; sample.len()], 1e-9));
    }
}

/// Respondents with two numbers, so that targets a little off their means can be reached with any margins.
fn numbered(respondents: &[(u8, u8, u8, u16)], scale: u16) -> String {
    let number = |place: usize| ((place * 7 % 23) as f64 - 4.0, (place * place % 31) as f64 / 4.0);
    let lines = respondents.iter().enumerate().map(|(place, (a, b, c, w))| {
        let (x, y) = number(place);
        format!("{place},{a},{b},{c},{},1,0,{x},{y}\n", f64::from(w * scale) / 10.0)
    });
    format!("id,a,b,c,w,m_1,m_2,x,y\n{}", lines.collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn raking_reaches_numbers_beside_margins(
        sample in sample(), a in shares(3), x in 5.0..9.0_f64, y in 3.0..5.0_f64, scale in 2..6_u16,
    ) {
        let numbers = format!("[[target]]\nquestion = \"x\"\nmean = {x}\n[[target]]\nquestion = \"y\"\nmean = {y}\n");
        let targets = [EXACT, &target("a", &a), &numbers].concat();
        let weighting = weights(&numbered(&sample, 1), &targets, true);
        let n = sample.len() as f64;
        for (number, mean) in weighting.report.numbers.iter().zip([x, y]) {
            let achieved = number.achieved.expect("weights");
            prop_assert!((achieved - mean * n).abs() < 1e-9 * n * mean, "{} is not {}", achieved, mean * n);
        }
        let csv = numbered(&sample, 1);
        let sum: f64 = csv.lines().skip(1).zip(&weighting.weights).map(|(line, weight)| {
            let x: f64 = line.split(',').nth(7).expect("x").parse().expect("a number");
            weight * x
        }).sum();
        prop_assert!((sum - x * n).abs() < 1e-9 * n * x, "{} is not {}", sum, x * n);
        // The scale of base weights changes nothing, and totals are means times the sum of the weights.
        prop_assert!(near(&weighting.weights, &weights(&numbered(&sample, scale), &targets, true).weights, 1e-9));
        let totals = format!(
            "[[target]]\nquestion = \"x\"\ntotal = {}\n[[target]]\nquestion = \"y\"\ntotal = {}\n",
            x * 1000.0 * n, y * 1000.0 * n
        );
        let expanded = EXACT.replace("[weight]\n", &format!("[weight]\ntotal = {}\n", 1000.0 * n));
        let expanded = weights(&numbered(&sample, 1), &format!("{expanded}{}{totals}", target("a", &a)), true);
        let thousandth: Vec<f64> = expanded.weights.iter().map(|weight| weight / 1000.0).collect();
        prop_assert!(near(&weighting.weights, &thousandth, 1e-9));
    }

    #[test]
    fn numbers_that_are_reached_already_change_nothing(sample in sample()) {
        let csv = numbered(&sample, 1);
        let mean = |place: usize| {
            let values = csv.lines().skip(1).map(|line| line.split(',').nth(place).expect("a number").parse::<f64>());
            values.map(|value| value.expect("a number")).sum::<f64>() / sample.len() as f64
        };
        let targets = format!("[[target]]\nquestion = \"x\"\nmean = {}\n", mean(7));
        prop_assert!(near(&weights(&csv, &targets, false).weights, &vec![1.0; sample.len()], 1e-9));
    }
}

#[test]
fn numbers_are_reached_within_limits() {
    let respondents: Vec<_> =
        (0..120_u8).map(|i| (i % 7 % 3 + 1, i % 11 % 4 + 1, 1, 10 + u16::from(i % 5))).collect();
    let margins =
        [target("a", &[0.3, 0.4, 0.3]), "[[target]]\nquestion = \"x\"\nmean = 8\n".to_string()].concat();
    for settings in [
        "bounds = { absolute = [0.5, 1.8] }",
        "bounds = [0.55, 1.75]",
        "trim = { to = [0.5, 1.8], how = \"rerake\" }",
    ] {
        let weighting =
            weights(&numbered(&respondents, 1), &format!("[weight]\n{settings}\n{margins}"), true);
        let worst = weighting.report.worst.expect("raked");
        assert!(worst <= 1e-9, "{settings}: {worst}");
        assert!(weighting.report.at_limits.expect("limits").1 > 0, "{settings}: nobody is at a limit");
        if !settings.contains("[0.55") {
            let spread = weighting.report.weights.expect("weights");
            assert!(spread.smallest >= 0.5 - 1e-9 && spread.largest <= 1.8 + 1e-9, "{settings}: {spread:?}");
        }
    }
}

#[test]
fn who_is_missing_keeps_the_share_of_the_base_weights() {
    let csv =
        "id,a,b,c,w,m_1,m_2\n1,1,1,1,1,1,0\n2,1,1,1,1,1,0\n3,2,1,1,1,1,0\n4,3,1,1,1,1,0\n5,,1,1,1,1,0\n";
    let targets = "[[target]]\nquestion = \"a\"\nshares = { 1 = 25, 2 = 25, 3 = 50 }\nmissing = \"own\"\n";
    assert!(near(&weights(csv, targets, false).weights, &[0.5, 0.5, 1.0, 2.0, 1.0], 1e-12));
}

/// What base weights add up to changes nothing: only their proportions count.
#[test]
fn the_report_says_what_is_reached_whatever_the_base_weights_add_up_to() {
    let csv =
        "id,a,b,c,w,m_1,m_2\n1,1,1,1,30,1,0\n2,1,1,1,10,1,0\n3,2,1,1,20,1,0\n4,3,1,1,20,1,0\n5,,1,1,20,1,0\n";
    let targets = "[[target]]\nquestion = \"a\"\nshares = { 1 = 25, 2 = 25, 3 = 50 }\nmissing = \"own\"\n";
    let weighting = weights(csv, targets, true);
    let rows = &weighting.report.margins[0].rows;
    let of = |row: usize| (rows[row].target.unwrap_or(f64::NAN), rows[row].achieved.unwrap_or(f64::NAN));
    for (row, wanted) in [(0, 1.0), (1, 1.0), (2, 2.0), (3, 1.0)] {
        let (_, achieved) = of(row);
        assert!(near(&[achieved], &[wanted], 1e-9), "{row}: {:?}", of(row));
    }
    assert!(near(&weighting.weights, &[0.75, 0.25, 1.0, 2.0, 1.0], 1e-9), "{:?}", weighting.weights);
}

#[test]
fn a_net_of_a_multi_is_any_against_none() {
    let csv = "id,a,b,c,w,m_1,m_2\n1,1,1,1,1,1,0\n2,1,1,1,1,1,1\n3,2,1,1,1,0,1\n4,3,1,1,0,1,1\n";
    let targets = "[[target]]\nquestion = \"m\"\nnet = [1]\nshares = { any = 40, none = 60 }\n";
    let weighting = weights(csv, targets, true);
    // The last has base weight zero, and keeps it.
    assert!(near(&weighting.weights[..3], &[0.6, 0.6, 1.8], 1e-12), "{:?}", weighting.weights);
    assert_eq!((weighting.weights[3], weighting.report.zero), (0.0, 1));
}

#[test]
fn bounds_and_rerake_keep_margins_and_limits_together() {
    let respondents: Vec<_> =
        (0..120_u8).map(|i| (i % 7 % 3 + 1, i % 11 % 4 + 1, 1, 10 + u16::from(i % 5))).collect();
    let margins = [target("a", &[0.3, 0.4, 0.3]), target("b", &[0.36, 0.24, 0.2, 0.2])].concat();
    for settings in ["bounds = { absolute = [0.6, 1.8] }", "trim = { to = [0.6, 1.8], how = \"rerake\" }"] {
        let weighting = weights(&csv(&respondents, 1), &format!("[weight]\n{settings}\n{margins}"), true);
        let spread = weighting.report.weights.expect("weights");
        assert!(spread.smallest >= 0.6 - 1e-9 && spread.largest <= 1.8 + 1e-9, "{settings}: {spread:?}");
        let worst = weighting.report.worst.expect("raked");
        assert!(worst <= 1e-9, "{settings}: {worst}");
        assert!(weighting.report.at_limits.expect("limits").1 > 0, "{settings}: nobody is at a limit");
    }
}

/// Age as a number beside the shares of the regions, in a table and without a file of weights.
#[test]
fn the_report_says_what_numbers_reach() {
    let weight = format!("weight {FILES} --targets examples/weighting/targets-mean.toml");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("weights.csv");
    for (language, name) in [("ja", "japanese"), ("en", "english")] {
        let run = example(&format!("{weight} --lang {language} --out {}", out.display()));
        assert_eq!(run.code, 0, "{}", run.stderr);
        insta::assert_snapshot!(format!("weighting_numbers_{name}"), run.stdout);
    }
    let run = example(&format!("{weight} --format json --out {}", out.display()));
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let number = &report["numbers"][0];
    assert_eq!((&number["question"], &number["target_of"]), (&"age".into(), &"mean".into()));
    assert!((number["achieved_mean"].as_f64().expect("a mean") - 52.4).abs() < 1e-7, "{number}");
    let asked = format!(
        "tab {FILES} --targets examples/weighting/targets-mean.toml --rows age --format tidy --measures mean,mean_se"
    );
    let run = example(&asked);
    let value = |measure: &str| -> f64 {
        let line = run.stdout.lines().find(|line| line.contains(&format!(",{measure},"))).expect("a line");
        line.split(',').nth(8).expect("a value").parse().expect("a number")
    };
    assert!((value("mean") - 52.4).abs() < 1e-7, "{}", run.stdout);
    // What the targets fix is not left to chance.
    assert!(value("mean_se") < 1e-6, "{}", run.stdout);
}

fn example(arguments: &str) -> crate::cli::Run {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_renkei"));
    command.current_dir(repository("")).args(arguments.split_whitespace());
    run(&mut command)
}

const FILES: &str = "--schema schemas/weighting.toml data-samples/weighting.csv";

#[test]
fn the_report_says_what_weights_reach() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("weights.csv");
    let weight = format!("weight {FILES} --targets examples/weighting/targets.toml --out {}", out.display());
    for (name, arguments) in [("japanese", ""), ("english_markdown", " --lang en --format md")] {
        let run = example(&format!("{weight}{arguments}"));
        assert_eq!(run.code, 0, "{}", run.stderr);
        insta::assert_snapshot!(format!("weighting_report_{name}"), run.stdout);
    }
    let run = example(&format!("{weight} --format json"));
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["respondents"], 240);
    assert_eq!(report["margins"][1]["rows"][3]["role"], "missing");
}

#[test]
fn tables_are_the_same_with_a_file_of_weights_and_with_targets() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("weights.csv");
    let targets = "examples/weighting/targets.toml";
    assert_eq!(example(&format!("weight {FILES} --targets {targets} --out {}", out.display())).code, 0);
    for format in ["tidy", "json"] {
        let tables = format!("crosstab {FILES} --rows all --cols age_group>sex,region --format {format}");
        let by_file = example(&format!("{tables} --weights {}", out.display()));
        let by_targets = example(&format!("{tables} --targets {targets}"));
        assert_eq!((by_file.code, by_targets.code), (0, 0), "{}{}", by_file.stderr, by_targets.stderr);
        let named = by_file.stdout.replace(&out.display().to_string(), targets);
        assert_eq!(named, by_targets.stdout);
    }
    // The targets as percentages, in the tables.
    let run = example(&format!(
        "tab {FILES} --targets {targets} --rows age_group --format tidy --measures col_pct"
    ));
    let first = run.stdout.lines().nth(1).expect("a line");
    assert!(
        first.contains(",27.5,") || first.contains(",27.49999") || first.contains(",27.50000"),
        "{first}"
    );
}

#[test]
fn without_out_weights_go_to_stdout_and_the_report_to_stderr() {
    let run = example(&format!("weight {FILES} --targets examples/weighting/targets.toml --lang en"));
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("id,weight\n1,"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 241);
    assert!(run.stderr.contains("Design effect (Kish)"), "{}", run.stderr);
}

#[test]
fn targets_that_cannot_be_reached_leave_no_file_and_show_what_was() {
    let targets =
        "[weight]\nbounds = [0.9, 1.1]\n[[target]]\nquestion = \"q1\"\nshares = { 1 = 10, 2 = 90 }\n";
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"id\"\n[[question]]\nid = \"q1\"\ntext = \"t\"\n\
                  kind = \"single\"\noptions = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" } ]\n";
    let program = Program::new()
        .file("s.toml", schema)
        .file("d.csv", "id,q1\n1,1\n2,1\n3,2\n4,2\n")
        .file("t.toml", targets);
    let arguments = ["weight", "--schema", "s.toml", "d.csv", "--targets", "t.toml", "--lang", "en"];
    let run = program.run(&[&arguments[..], &["--out", "w.csv", "--report", "r.md"]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert_eq!(program.files(), ["d.csv", "s.toml", "t.toml"]);
    insta::assert_snapshot!("weighting_unreached", run.stderr);
    // Tables are refused as well.
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--targets", "t.toml", "--out", "t.csv"]);
    assert_eq!(run.code, 1);
    assert!(!program.path("t.csv").exists());
}
