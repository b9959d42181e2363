//! The surveys rebuilt from what was published of them: their data are what the command makes, and their tables
//! show what was printed.

use std::collections::BTreeMap;

use crate::cli::{Program, repository};
use crate::docs::blocks;

/// What a command prints for a survey's sample.
fn shown(survey: &str, command: &str, arguments: &[&str]) -> String {
    let schema = repository(&format!("schemas/{survey}.toml"));
    let data = repository(&format!("data-samples/{survey}.csv"));
    let run = Program::new().run(&[&[command, "--schema", &schema, &data], arguments].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{survey} {arguments:?}");
    run.stdout
}

/// Cells of a measure: row, row code, banner and its code.
fn tidy(survey: &str, command: &str, arguments: &[&str]) -> BTreeMap<[String; 4], String> {
    let run = shown(survey, command, &[arguments, &["--format", "tidy"]].concat());
    let mut reader = csv::Reader::from_reader(run.as_bytes());
    let records = reader.records().map(|record| record.expect("tidy output is CSV"));
    records.map(|r| ([1, 2, 4, 5].map(|field| r[field].to_string()), r[8].to_string())).collect()
}

/// One number of them.
fn number(cells: &BTreeMap<[String; 4], String>, key: [&str; 4]) -> f64 {
    let found = cells.get(&key.map(String::from)).and_then(|value| value.parse().ok());
    found.unwrap_or_else(|| panic!("no {key:?}"))
}

#[test]
fn row_62_each_sample_is_what_its_command_makes() {
    let readme = std::fs::read_to_string(repository("data-samples/README.md")).expect("the README");
    let commands: Vec<String> = blocks(&readme)
        .into_iter()
        .filter(|(language, _)| language == "sh")
        .flat_map(|(_, content)| content.replace("\\\n", " ").lines().map(String::from).collect::<Vec<_>>())
        .filter_map(|line| line.strip_prefix("renkei ").map(String::from))
        .collect();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        let committed = words.iter().position(|word| *word == "--out").map(|place| words[place + 1]);
        let committed = repository(committed.expect("a file to write"));
        let arguments: Vec<String> = words
            .iter()
            .map(|word| match word {
                word if word.ends_with(".toml") => repository(word),
                word if word.ends_with(".csv") => "made.csv".to_string(),
                word => word.to_string(),
            })
            .collect();
        let program = Program::new();
        let run = program.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
        let made = std::fs::read(program.path("made.csv")).expect("written");
        assert!(made == std::fs::read(&committed).expect("a sample"), "run `renkei {command}`");
        assert!(made.len() < 600_000 && !made.contains(&b'\r'), "{committed}");
    }
}

#[test]
fn rows_3_and_4_routed_questions_and_limited_options_of_the_municipalities() {
    insta::assert_snapshot!(shown(
        "municipal-progress-r3",
        "crosstab",
        &["--rows", "q4a7_1,q4a7_2,q4b3_2s1,q5c,q6b", "--cols", "shimane", "--cell", "both"]
    ));
    // The base of 問5③-1 is who answered 1 or 2 to the third row of 問5.
    let asked =
        shown("municipal-progress-r3", "tab", &["--rows", "q5c", "--format", "tidy", "--measures", "base"]);
    let base = asked.lines().nth(1).and_then(|line| line.split(',').nth(8)).expect("a base").to_string();
    let n = tidy("municipal-progress-r3", "tab", &["--rows", "q5.r3", "--measures", "n"]);
    assert_eq!(number(&n, ["q5.r3", "will", "", ""]).to_string(), base);
    // Nobody gave priority to what was no problem before.
    for option in 1..=8 {
        let filter = format!("q6b has {option} and not q6a has {option}");
        let n =
            tidy("municipal-progress-r3", "tab", &["--rows", "q6b", "--measures", "n", "--filter", &filter]);
        assert!(!n.is_empty() && n.values().all(String::is_empty), "{option}: {n:?}");
    }
}

#[test]
fn the_published_shares_of_the_nation_and_the_headlines_of_shimane() {
    insta::assert_snapshot!(shown("municipal-progress-r3", "tab", &["--rows", "q4a1,q4a9,q6a"]));
    let rows = "q3,q4a1,q4a2_1,q4a2_2,q4a9,q4b1_2,q4b1_3,q5";
    let cells =
        tidy("municipal-progress-r3", "crosstab", &["--rows", rows, "--cols", "shimane", "--measures", "n"]);
    let n = |row: &str, code: &str| number(&cells, [row, code, "shimane", "1"]) as u32;
    for row in 1..=5 {
        assert!((5..=6).contains(&n(&format!("q3.r{row}"), "1")), "３割程度");
    }
    assert!((9..=10).contains(&n("q4a1", "scenes")), "約半数");
    assert!(
        (12..=15).contains(&n("q4a2_1.r1", "use")) && (12..=15).contains(&n("q4a2_1.r2", "use")),
        "６～７割"
    );
    assert!((12..=13).contains(&n("q4a2_1.r3", "use")), "６割");
    assert!(n("q4a2_2", "4") >= 10, "半数以上");
    assert!((9..=10).contains(&n("q4a9", "years1to3")), "半数");
    assert!((9..=10).contains(&n("q4b1_2", "2")) && (9..=10).contains(&n("q4b1_3.r1", "2")), "半数");
    let active: Vec<u32> = (1..=4).map(|row| n(&format!("q5.r{row}"), "1")).collect();
    assert!(active.iter().enumerate().all(|(row, other)| row == 2 || *other > active[2]), "{active:?}");
    // 「（松江市、出雲市など）」
    for city in ["322016", "322032"] {
        let filter = format!("city == \"{city}\" and q5c has 1 and q5c has 2");
        let cells =
            tidy("municipal-progress-r3", "tab", &["--rows", "pref", "--measures", "n", "--filter", &filter]);
        assert_eq!(number(&cells, ["pref", "32", "", ""]), 1.0);
    }
}

#[test]
fn rows_12_and_24_every_municipality_has_its_prefecture() {
    for (survey, respondents) in [("municipal-progress-r3", 1717.0), ("eight-initiatives-2015", 1741.0)] {
        let cells = tidy(survey, "tab", &["--rows", "pref", "--measures", "n"]);
        let prefectures = (1..=47).map(|code| number(&cells, ["pref", &code.to_string(), "", ""]));
        assert_eq!(prefectures.sum::<f64>(), respondents);
        assert_eq!(number(&cells, ["pref", "32", "", ""]), 19.0);
    }
}

#[test]
fn row_33_two_measures_of_the_same_items() {
    insta::assert_snapshot!(shown(
        "municipal-progress-r3",
        "tab",
        &["--rows", "q6b,q6d", "--filter", "pref == 32"]
    ));
}

#[test]
fn rows_38_and_39_how_many_of_eight_initiatives_by_population_and_support() {
    insta::assert_snapshot!(
        shown("eight-initiatives-2015", "tab", &["--rows", "any,items"])
            + "\n"
            + &shown(
                "eight-initiatives-2015",
                "crosstab",
                &["--rows", "planned,any", "--cols", "size,support"]
            )
    );
    let mean = ["--measures", "mean", "--rows", "planned", "--cols", "size,support"];
    let cells = tidy("eight-initiatives-2015", "crosstab", &mean);
    let of = |banner: &str, code: u32| number(&cells, ["planned", "", banner, &code.to_string()]);
    assert!((1..8).all(|class| of("size", class) < of("size", class + 1)), "more where more people live");
    assert!((1..3).all(|support| of("support", support) < of("support", support + 1)), "more with support");
    // One degree of support for each prefecture.
    let n = ["--measures", "n", "--rows", "support", "--cols", "pref"];
    let cells = tidy("eight-initiatives-2015", "crosstab", &n);
    for pref in 1..=47 {
        let degrees = (1..=3).filter(|degree| {
            let key = ["support", &degree.to_string(), "pref", &pref.to_string()].map(String::from);
            cells.get(&key).is_some_and(|n| n != "0")
        });
        assert_eq!(degrees.count(), 1, "{pref}");
    }
}

#[test]
fn rows_19_and_50_percentages_of_who_answered_and_of_who_wrote_a_comment() {
    let shown = shown("kuwana-2019", "tab", &["--rows", "q1,q2,q3,q4,needs", "--decimals", "0"]);
    let percent = |label: &str| {
        let line =
            shown.lines().find(|line| line.starts_with(label)).unwrap_or_else(|| panic!("{label}\n{shown}"));
        line.split_whitespace().nth(2).map(String::from)
    };
    let printed = [
        ("介護福祉士", "65"),
        ("在宅介護サービス事業所", "33"),
        ("病院や診療所", "28"),
        ("介護サービス調整", "26"),
        ("状況確認", "24"),
        ("病状確認", "22"),
        ("医療保険制度", "34"),
        ("情報共有", "43"),
        ("顔と顔の見える関係", "30"),
    ];
    for (label, expected) in printed {
        assert_eq!(percent(label).as_deref(), Some(expected), "{label}");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn row_23_two_kinds_of_respondents_and_two_years() {
    let now = shown("care-manager-2017", "crosstab", &["--rows", "q1,q2,q9", "--cols", "kind"]);
    let before = shown("care-manager-2016", "tab", &["--rows", "q1,q2,q9"]);
    insta::assert_snapshot!(now + "\n" + &before);
    // The tables of both years have the same rows.
    let rows = |survey: &str| -> Vec<[String; 4]> {
        tidy(survey, "tab", &["--rows", "q1,q2,q4,q5,q6,q9", "--measures", "n"])
            .into_keys()
            .filter(|key| !key[1].is_empty())
            .collect()
    };
    assert_eq!(rows("care-manager-2016"), rows("care-manager-2017"));
}

#[test]
fn row_37_who_did_not_answer() {
    let csv =
        std::fs::read_to_string(repository("data-samples/municipal-progress-r3.csv")).expect("a sample");
    let cities: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let all =
        std::fs::read_to_string(repository("data-samples/eight-initiatives-2015.csv")).expect("a sample");
    let silent: Vec<&str> = all
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .filter(|city| !cities.contains(city))
        .collect();
    assert_eq!((cities.len(), silent.len()), (1717, 24));
    assert!(silent.iter().all(|city| !city.starts_with("32")), "all of 島根県 answered: {silent:?}");
}
