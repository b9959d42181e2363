//! Trends: R's numbers, laws, panels, published waves, and what is printed.

use proptest::prelude::*;
use renkei::significance::{Group, Paired, Preset, difference_of_proportions};
use renkei::tabulate::Tally;
use serde_json::Value;

use crate::cli::{Program, Run, repository};

/// The committed numbers.
pub const NUMBERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/trend.json");

fn numbers() -> Value {
    let text = std::fs::read_to_string(NUMBERS).expect("the committed numbers");
    serde_json::from_str::<Value>(&text).expect("JSON")["sets"].take()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().map(|value| value.as_f64().expect("a number")).collect()
}

/// To 1e-10: both sides compute with a dozen doubles; p-values are cdflib's against R's own.
#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-10 * expected.abs().max(1e-10), "{found}, R {expected}");
}

fn group(yes: f64, n: f64) -> Group {
    let tally = |n: f64| Tally { n: n as u64, w: n as i128, w2: n as i128 };
    Group { cell: tally(yes), base: tally(n) }
}

#[test]
fn changes_of_samples_are_those_of_r() {
    for set in numbers()["independent"].as_array().expect("sets") {
        let counts = list(&set["counts"]);
        let (later, earlier) = (group(counts[2], counts[3]), group(counts[0], counts[1]));
        for (preset, p) in [(Preset::Spss, "z_p"), (Preset::Renkei, "t_p")] {
            let found = difference_of_proportions(preset, later, earlier, None, 1.0);
            let (statistic, _, found) = found.expect("a test");
            near(statistic, set["z"].as_f64().expect("a number"));
            near(found, set[p].as_f64().expect("a number"));
        }
    }
}

#[test]
fn changes_of_the_same_respondents_are_those_of_r() {
    for set in numbers()["panel"].as_array().expect("sets") {
        let counts = list(&set["counts"]);
        let n: f64 = counts.iter().sum();
        let paired = Paired::Answer { n: n as u64, gained: counts[1] as u64, lost: counts[2] as u64 };
        let (z, df, p) = paired.test().expect("a test");
        let of = |key: &str| set[key].as_f64().expect("a number");
        assert_eq!(df, None);
        near(z, of("z"));
        near(p, of("z_p"));
        near(z * ((n - 1.0) / n).sqrt(), of("t"));
        near(z * z / (1.0 + z * z / n), of("mcnemar"));
    }
    let set = &numbers()["paired"];
    let changes: Vec<f64> = list(&set["later"])
        .iter()
        .zip(list(&set["earlier"]))
        .map(|(later, earlier)| later - earlier)
        .collect();
    let squares = changes.iter().map(|change| change * change).sum();
    let paired = Paired::Number { n: changes.len() as u64, sum: changes.iter().sum(), squares };
    let (t, df, p) = paired.test().expect("a test");
    near(t, set["t"].as_f64().expect("a number"));
    near(df.expect("degrees of freedom"), set["df"].as_f64().expect("a number"));
    near(p, set["p"].as_f64().expect("a number"));
}

#[test]
fn changes_of_means_are_those_of_r() {
    let set = &numbers()["means"];
    let program = Program::new().file("s.toml", SCHEMA);
    let file = |values: &Value, first: usize| {
        let line = |(place, x): (usize, f64)| format!("{},1,1,0,1,{x},2020\n", first + place);
        let lines: String = list(values).into_iter().enumerate().map(line).collect();
        format!("id,one,many_1,many_2,scale,number,year\n{lines}")
    };
    let program = program.file("a.csv", file(&set["earlier"], 1)).file("b.csv", file(&set["later"], 101));
    let found = json(&program, &[&FILES[..], &["number", "--format", "json"]].concat());
    let change = &found["trends"][0]["rows"][0]["changes"][0];
    for (found, expected) in [("statistic", "t"), ("df", "df"), ("p", "p")] {
        near(change[found].as_f64().expect("a number"), set[expected].as_f64().expect("a number"));
    }
}

#[test]
fn what_does_not_vary_is_not_tested() {
    for (gained, lost) in [(0, 0), (40, 0), (0, 40)] {
        assert_eq!(Paired::Answer { n: 40, gained, lost }.test(), None);
    }
    assert_eq!(Paired::Number { n: 40, sum: 40.0, squares: 40.0 }.test(), None);
    assert_eq!(Paired::Number { n: 1, sum: 2.0, squares: 4.0 }.test(), None);
}

/// A single with a net, a multi, a scale and a number; `year` tells the wave in one file.
const SCHEMA: &str = r#"
[survey]
id = "s"
title = "s"
respondent = "id"
[[question]]
id = "one"
text = "one"
kind = "single"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
nets = [ { id = "ab", label = "ab", of = [1, 2] } ]
[[question]]
id = "many"
text = "many"
kind = "multi"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
nets = [ { id = "any", label = "any", of = [1, 2] } ]
[[question]]
id = "scale"
text = "scale"
kind = "scale"
options = [ { code = 1, label = "good", score = 1 }, { code = 0, label = "bad", score = 0 }, { code = 8, label = "unknown", score = false } ]
[[question]]
id = "number"
text = "number"
kind = "number"
[[question]]
id = "year"
text = "year"
kind = "single"
options = [ { code = 2020, label = "2020" }, { code = 2023, label = "2023" } ]
"#;

/// A respondent's cells.
type Cells = (u8, bool, bool, u8, Option<u16>);

fn csv(respondents: &[Cells], year: &str, first: usize) -> String {
    let mut csv = String::from("id,one,many_1,many_2,scale,number,year\n");
    for (place, (one, x, y, scale, number)) in respondents.iter().enumerate() {
        let one = if *one == 0 { String::new() } else { one.to_string() };
        let scale = if *scale == 9 { String::new() } else { scale.to_string() };
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let (x, y) = (u8::from(*x), u8::from(*y));
        csv += &format!("{},{one},{x},{y},{scale},{number},{year}\n", first + place);
    }
    csv
}

fn respondents() -> impl Strategy<Value = Vec<Cells>> {
    let scale = prop_oneof![Just(0_u8), Just(1), Just(8), Just(9)];
    let one = (0..4_u8, any::<bool>(), any::<bool>(), scale, proptest::option::of(0..50_u16));
    prop::collection::vec(one, 1..120)
}

const FILES: [&str; 8] = ["trend", "--schema", "s.toml", "--wave", "a=a.csv", "--wave", "b=b.csv", "--rows"];
const ROWS: &str = "one,many,scale,number";

fn json(program: &Program, more: &[&str]) -> Value {
    let run = program.run(more);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// Every change as (difference, statistic).
fn changes(json: &Value) -> Vec<(Option<f64>, Option<f64>)> {
    let rows = json["trends"].as_array().expect("trends").iter().flat_map(|trend| trend["rows"].as_array());
    let changes = rows.flatten().map(|row| &row["changes"][0]);
    changes.map(|change| (change["difference"].as_f64(), change["statistic"].as_f64())).collect()
}

fn opposite(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one + other).abs() <= 1e-9 * one.abs().max(1.0),
        (one, other) => one.is_none() && other.is_none(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_does_not_change_against_itself(respondents in respondents(), panel in any::<bool>()) {
        let file = csv(&respondents, "2020", 1);
        let program = Program::new().file("s.toml", SCHEMA).file("a.csv", &file).file("b.csv", &file);
        let more = if panel { vec!["--panel"] } else { Vec::new() };
        let found = json(&program, &[&FILES[..], &[ROWS, "--format", "json"], &more].concat());
        for (difference, statistic) in changes(&found) {
            prop_assert!(difference.is_none_or(|difference| difference == 0.0));
            prop_assert!(statistic.is_none_or(|statistic| statistic == 0.0));
        }
        let text = program.run(&[&FILES[..], &[ROWS], &more].concat()).stdout;
        prop_assert!(!text.contains('↑') && !text.contains('↓'), "{}", text);
    }

    #[test]
    fn waves_the_other_way_round_change_the_other_way(
        one in respondents(), other in respondents(), panel in any::<bool>()
    ) {
        let program = Program::new().file("s.toml", SCHEMA);
        let program = program.file("a.csv", csv(&one, "2020", 1)).file("b.csv", csv(&other, "2023", 1));
        let more = if panel { vec!["--panel"] } else { Vec::new() };
        let of = |waves: [&str; 2]| {
            let asked = ["trend", "--schema", "s.toml", "--wave", waves[0], "--wave", waves[1], "--rows", ROWS];
            changes(&json(&program, &[&asked[..], &["--format", "json"], &more].concat()))
        };
        let (forth, back) = (of(["a=a.csv", "b=b.csv"]), of(["b=b.csv", "a=a.csv"]));
        prop_assert_eq!(forth.len(), back.len());
        for (forth, back) in forth.iter().zip(&back) {
            prop_assert!(opposite(forth.0, back.0) && opposite(forth.1, back.1), "{:?} {:?}", forth, back);
        }
    }

    #[test]
    fn one_file_with_a_question_of_the_wave_says_what_two_files_say(one in respondents(), other in respondents()) {
        let (a, b) = (csv(&one, "2020", 1), csv(&other, "2023", 1001));
        let all = a.clone() + b.split_once('\n').expect("a header").1;
        let program = Program::new().file("s.toml", SCHEMA).file("a.csv", a).file("b.csv", b).file("all.csv", all);
        let apart = json(&program, &[&FILES[..], &[ROWS, "--format", "json"]].concat());
        let by = ["trend", "--schema", "s.toml", "all.csv", "--by", "year", "--rows", ROWS, "--format", "json"];
        let together = json(&program, &by);
        for (apart, together) in changes(&apart).into_iter().zip(changes(&together)) {
            prop_assert_eq!(apart, together);
        }
    }

    /// In a panel the printed columns and the change are of the same respondents.
    #[test]
    fn a_panel_counts_those_of_both_bases(one in respondents(), other in respondents()) {
        let program = Program::new().file("s.toml", SCHEMA);
        let program = program.file("a.csv", csv(&one, "2020", 1)).file("b.csv", csv(&other, "2023", 5));
        // Keys 5 and on are in both, as far as both files go.
        let both = one.len().saturating_sub(4).min(other.len());
        if both == 0 {
            return Ok(());
        }
        let found = json(&program, &[&FILES[..], &[ROWS, "--panel", "--format", "json", "--no-answer", "exclude"]].concat());
        let pairs = || one[4..].iter().zip(&other);
        let given = pairs().filter(|(earlier, later)| earlier.0 > 0 && later.0 > 0);
        let net = |cells: &Cells| f64::from(u8::from(cells.0 == 1 || cells.0 == 2));
        let n = given.clone().count();
        let change: f64 = given.map(|(earlier, later)| net(later) - net(earlier)).sum();
        let row = &found["trends"][0]["rows"].as_array().expect("rows")[3];
        prop_assert_eq!(row["code"].as_str(), Some("ab"));
        if n > 0 {
            prop_assert_eq!(row["bases"][0].as_u64(), Some(n as u64));
            prop_assert_eq!(row["bases"][1].as_u64(), Some(n as u64));
            let difference = row["changes"][0]["difference"].as_f64().expect("a difference");
            prop_assert!((difference - 100.0 * change / n as f64).abs() < 1e-9);
        }
        let scored = |cells: &Cells| (cells.3 < 2).then_some(f64::from(cells.3));
        let scores: Vec<f64> =
            pairs().filter_map(|(earlier, later)| Some(scored(later)? - scored(earlier)?)).collect();
        let row = &found["trends"][2]["rows"].as_array().expect("rows")[3];
        prop_assert_eq!(row["role"].as_str(), Some("score"));
        // Replies that are given; unknown has no score.
        prop_assert_eq!(row["changes"][0]["panel_n"].as_u64(), Some(scores.len() as u64));
        if !scores.is_empty() {
            let mean = scores.iter().sum::<f64>() / scores.len() as f64;
            let difference = row["changes"][0]["difference"].as_f64().expect("a difference");
            prop_assert!((difference - mean).abs() < 1e-9);
        }
    }
}

fn of_samples(more: &[&str]) -> Run {
    let schema = repository("schemas/waves.toml");
    let waves = [
        format!("r1={}", repository("data-samples/waves-r1.csv")),
        format!("r3={}", repository("data-samples/waves.csv")),
    ];
    let asked = ["trend", "--schema", &schema, "--wave", &waves[0], "--wave", &waves[1]];
    let reference = "[[reference]]\nid = \"h28\"\nlabel = \"平成28年度\"\nsource = \"県\"\nquestion = \"q1\"\nbase = 80\n\
                     values = { 1 = \"51.3\", 2 = \"-\", digital = \"40\", x = \"0.0\" }\nlabels = { x = \"介護ソフト\" }\n";
    Program::new().file("h28.toml", reference).run(&[&asked[..], more].concat())
}

#[test]
fn waves_stand_side_by_side_with_changes_and_tests() {
    let shown = |more: &[&str]| {
        let run = of_samples(more);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        run.stdout
    };
    insta::assert_snapshot!(shown(&["--rows", "q1,q3,q5"]));
    insta::assert_snapshot!(shown(&["--rows", "q1", "--reference", "h28.toml", "--level", "1,5"]));
    insta::assert_snapshot!(shown(&["--rows", "q2", "--panel", "--lang", "en", "--format", "md"]));
    insta::assert_snapshot!(shown(&["--rows", "q3", "--format", "tidy"]));
    insta::assert_snapshot!(shown(&[
        "--rows",
        "q3",
        "--format",
        "csv",
        "--test",
        "none",
        "--difference",
        "shown"
    ]));
}

/// What a wave did not have is not available, never none, and nothing is tested against it.
#[test]
fn what_a_wave_did_not_have_has_no_change() {
    let run = of_samples(&["--rows", "q1,q4", "--format", "json"]);
    let found: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let row = &found["trends"][0]["rows"][3];
    assert_eq!(row["label"], "生成AIを組み込んだソフト");
    assert!(row["values"][0].is_null() && row["values"][1].as_f64().is_some());
    assert!(row["changes"][0]["difference"].is_null() && row["changes"][0].get("statistic").is_none());
    let rows = found["trends"][1]["rows"].as_array().expect("rows");
    assert!(rows.iter().all(|row| row["values"][0].is_null() && row["bases"][0].is_null()));
}

#[test]
fn a_census_is_not_tested_unless_asked() {
    let schema = SCHEMA.replace("respondent = \"id\"", "respondent = \"id\"\nsampling = \"census\"");
    let cells: Vec<Cells> = (0..40).map(|place| (1 + place % 2, true, false, 1, None)).collect();
    let others: Vec<Cells> = (0..40).map(|_| (1, true, false, 1, None)).collect();
    let program = Program::new().file("s.toml", schema);
    let program = program.file("a.csv", csv(&cells, "2020", 1)).file("b.csv", csv(&others, "2023", 1));
    let shown = |more: &[&str]| program.run(&[&FILES[..], &["one"], more].concat()).stdout;
    let silent = shown(&[]);
    assert!(silent.contains("※ 全数調査のため、検定は行わない") && !silent.contains('↑'), "{silent}");
    let asked = shown(&["--test", "change"]);
    assert!(asked.contains("↑ p<0.001"), "{asked}");
    assert!(asked.contains("※ 全数調査のため、検定は標本誤差の意味を持たない"), "{asked}");
}
