//! The care-manager survey: the sample data give the published figures (`data-samples/README.md`).

use std::collections::HashMap;

use crate::cli::{Program, Run, repository};

#[path = "../../examples/care_manager_2016.rs"]
#[allow(dead_code)]
mod generator;

fn renkei(command: &str, arguments: &[&str]) -> Run {
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    let run = Program::new().run(&[&[command, "--schema", &schema, &data], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

/// Values of a tidy run by row, row code, column, column code and measure.
struct Tidy(HashMap<[String; 5], String>);

impl Tidy {
    fn of(command: &str, arguments: &[&str]) -> Tidy {
        let run = renkei(command, &[arguments, &["--format", "tidy"]].concat());
        let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
        let records = reader.records().map(|record| record.expect("tidy output is CSV"));
        Tidy(records.map(|r| ([1, 2, 4, 5, 7].map(|field| r[field].to_string()), r[8].to_string())).collect())
    }

    fn get(&self, row: &str, code: &str, column: &str, column_code: &str, measure: &str) -> f64 {
        let key = [row, code, column, column_code, measure].map(String::from);
        self.0.get(&key).and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {key:?}"))
    }
}

/// Half up at one decimal, written anew: an oracle for the printed digits.
fn printed(k: u64, n: u64) -> String {
    let tenths = (2 * k * 1000 + n) / (2 * n);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[test]
fn the_sample_data_are_what_the_program_in_examples_makes() {
    let committed =
        std::fs::read_to_string(repository("data-samples/care-manager-2016.csv")).expect("sample data");
    assert!(committed == generator::csv(), "run `cargo run --example care_manager_2016`");
}

#[test]
fn row_6_q9_gives_the_published_counts_and_percentages() {
    let shown = renkei("tab", &["--rows", "q9"]).stdout;
    for (label, k, percent) in [
        ("家族や親族から聞く", 449, "74.3"),
        ("介護サービス事業所から聞く", 72, "11.9"),
        ("医療機関から聞く", 32, "5.3"),
        ("本人から聞く", 19, "3.1"),
        ("その他", 32, "5.3"),
    ] {
        assert_eq!(printed(k, 604), percent);
        let line = shown.lines().find(|line| line.starts_with(label)).unwrap_or_else(|| panic!("{shown}"));
        assert_eq!(line.split_whitespace().skip(1).collect::<Vec<_>>(), [&k.to_string(), percent], "{line}");
    }
}

#[test]
fn ease_of_contact_falls_with_bed_size_in_one_summary_table() {
    let shown = renkei("tab", &["--rows", "q7:easy"]).stdout;
    let lines: Vec<Vec<&str>> = shown
        .lines()
        .filter(|line| line.contains('床'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    let percents: Vec<&str> = lines.iter().map(|fields| fields[3]).collect();
    assert_eq!(percents, ["39.2", "33.9", "29.0", "24.0", "19.4"], "{shown}");
    assert!(lines.iter().all(|fields| fields[1] == "604"), "{shown}");
}

#[test]
fn those_who_feel_no_progress_feel_no_backup_and_more_so_than_the_others() {
    let tidy = Tidy::of("crosstab", &["--rows", "q2", "--cols", "q1"]);
    let (k, n) = (tidy.get("q2", "2", "q1", "2", "n"), tidy.get("q2", "2", "q1", "2", "base"));
    assert_eq!((k, n), (257.0, 274.0));
    let shown = renkei("crosstab", &["--rows", "q2", "--cols", "q1", "--decimals", "0"]).stdout;
    let negative = shown.lines().find(|line| line.contains("推進されていないと感じる")).expect("a group");
    assert!(negative.contains(" 94"), "{shown}");
    assert!(tidy.get("q2", "2", "q1", "2", "col_pct") > tidy.get("q2", "2", "q1", "1", "col_pct"));
}

#[test]
fn those_who_always_provide_feel_progress_more_than_those_who_do_on_request() {
    let tidy = Tidy::of("crosstab", &["--rows", "q1", "--cols", "q4"]);
    let [always, on_request] = ["1", "2"].map(|group| tidy.get("q1", "1", "q4", group, "col_pct"));
    assert!(always > on_request + 20.0, "{always} {on_request}");
    // The release's summary has it the other way round: of those who feel progress, more always provide.
    let [felt, not_felt] = ["1", "2"].map(|code| tidy.get("q1", code, "q4", "1", "row_pct"));
    assert!(felt > not_felt, "{felt} {not_felt}");
}

#[test]
fn row_7_the_share_for_information_sharing_has_two_bases_and_each_is_labelled() {
    let tidy = Tidy::of("crosstab", &["--rows", "q3", "--cols", "q1"]);
    let respondents = tidy.get("q3", "4", "q1", "2", "col_pct");
    let mentions = tidy.get("q3", "4", "q1", "2", "mention_pct");
    assert_eq!(format!("{respondents:.1} {mentions:.1}"), "67.2 23.0");
    let shown = renkei("tab", &["--rows", "q3", "--filter", "q1 == 2"]).stdout;
    assert!(shown.contains("％（回答者）") || shown.contains("％（回答"), "{shown}");
    let line =
        shown.lines().find(|line| line.starts_with("医療・介護関係者の情報共有の支援")).expect("the option");
    assert_eq!(line.split_whitespace().skip(1).collect::<Vec<_>>(), ["184", "67.2", "23.0"]);
    let zero =
        renkei("crosstab", &["--rows", "q3", "--cols", "q1", "--percent", "mention", "--decimals", "0"]);
    assert!(zero.stdout.contains("％は各グループの回答総数を100とする"), "{}", zero.stdout);
}

#[test]
fn row_12_urban_prefectures_and_the_rest_are_compared_over_all_questions_in_one_command() {
    let tidy =
        Tidy::of("crosstab", &["--rows", "all", "--cols", "area", "--measures", "n,base,col_pct,diff"]);
    let urban = tidy.get("q1", "1", "area", "1", "base");
    let rest = tidy.get("q1", "1", "area", "2", "base");
    assert_eq!((urban, rest, urban + rest), (133.0, 471.0, 604.0));
    let questions: std::collections::BTreeSet<&str> = tidy.0.keys().map(|key| key[0].as_str()).collect();
    for question in ["pref", "q1", "q2", "q3", "q4", "q5", "q6", "q7.r1", "q7.r5", "q9", "q11", "q12"] {
        assert!(questions.contains(question), "{question} is not in {questions:?}");
    }
    assert!(!questions.contains("q10"), "free text has no table");
    // 「結果に大きな差はなかった」: no answer but the prefecture itself is 5 points from the total.
    let far: Vec<_> = tidy
        .0
        .iter()
        .filter(|(key, value)| {
            key[0] != "pref" && key[4] == "diff" && value.parse::<f64>().unwrap_or(0.0).abs() >= 5.0
        })
        .collect();
    assert!(far.is_empty(), "{far:?}");
}
