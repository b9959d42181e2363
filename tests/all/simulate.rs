//! Simulated data, through the whole program: what was asked for is what the tables show.

use crate::cli::{Program, Run, repository};

const SCHEMA: &str = r#"
[survey]
id = "small"
title = "小さな調査"
respondent = "id"
note = "模擬データ"

[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }, { code = 3, label = "不明" }]
nets = [{ id = "clear", label = "計", of = [1, 2] }]

[[question]]
id = "q2"
text = "あてはまるもの"
kind = "multi"
asked_if = "q1 == 1"
options = [{ code = 1, label = "あ" }, { code = 2, label = "い" }, { code = 3, label = "う" }, { code = 4, label = "なし", exclusive = true }]
nets = [{ id = "ab", label = "計", of = [1, 2] }, { id = "bc", label = "計", of = [2, 3] }]

[[question]]
id = "g"
text = "事業"
kind = "grid"
rows = [{ id = "a", label = "ア" }, { id = "b", label = "イ" }, { id = "c", label = "ウ" }]
options = [{ code = 1, label = "実施" }, { code = 2, label = "未実施" }]

[[question]]
id = "n"
text = "件数"
kind = "number"

[[question]]
id = "memo"
text = "ご自由に"
kind = "text"

[[derive]]
id = "done"
label = "実施数"
count = { questions = ["g"], of = [1] }

[[derive]]
id = "chosen"
label = "選択数"
count = { multi = "q2", of = [1, 2, 3] }

[[derive]]
id = "few"
label = "件数の区分"
from = "n"
bands = [{ code = 1, label = "少", to = 10 }, { code = 2, label = "多", from = 10 }]

[[derive]]
id = "stage"
label = "段階"
groups = [{ code = 1, label = "甲", when = "q1 == 1 and n > 5" }, { code = 2, label = "乙", rest = true }]
"#;

/// The small survey with a file of targets.
pub fn with_targets(targets: &str) -> Program {
    Program::new().file("s.toml", SCHEMA).file("t.toml", targets)
}

/// Makes `d.csv` for so many respondents.
pub fn made(program: &Program, respondents: &str, more: &[&str]) -> Run {
    let simulate = ["simulate", "--schema", "s.toml", "--targets", "t.toml", "--respondents", respondents];
    program.run(&[&simulate, more, &["--out", "d.csv"]].concat())
}

/// n of a row, in the Total or in a group of a banner.
fn count(program: &Program, row: &str, code: &str, filter: &str) -> String {
    let tab = ["tab", "--schema", "s.toml", "d.csv", "--format", "tidy", "--measures", "n", "--rows", row];
    let filter: &[&str] = if filter.is_empty() { &[] } else { &["--filter", filter] };
    let run = program.run(&[&tab, filter].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let mut records = reader.records().map(|record| record.expect("tidy output is CSV"));
    let found = records.find(|record| &record[1] == row && &record[2] == code);
    found.map_or("0".to_string(), |record| record[8].to_string())
}

#[test]
fn data_of_the_care_manager_targets_show_every_published_figure() {
    let (schema, targets) =
        (repository("schemas/care-manager-2016.toml"), repository("examples/care-manager-2016/targets.toml"));
    let program = Program::new().file("s.toml", std::fs::read_to_string(schema).expect("a schema"));
    let run = program.run(&[
        "simulate",
        "--schema",
        "s.toml",
        "--targets",
        &targets,
        "--respondents",
        "604",
        "--seed",
        "7",
        "--out",
        "d.csv",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for (row, code, filter, expected) in [
        ("q1", "1", "", "290"),
        ("q1", "2", "", "274"),
        ("q1", "3", "", "40"),
        ("q2", "2", "q1 == 2", "257"),
        ("q2", "2", "q1 == 1", "205"),
        ("q2", "2", "q1 == 3", "33"),
        ("q2", "2", "", "495"),
        ("q3", "4", "q1 == 2", "184"),
        ("q3", "4", "q1 == 1", "164"),
        ("q4", "1", "", "372"),
        ("q1", "1", "q4 == 1", "214"),
        ("q1", "1", "q4 == 2", "70"),
        ("q5", "3", "", "392"),
        ("q6", "1", "", "421"),
        ("q7.r1", "easy", "", "237"),
        ("q7.r2", "easy", "", "205"),
        ("q7.r3", "easy", "", "175"),
        ("q7.r4", "easy", "", "145"),
        ("q7.r5", "easy", "", "117"),
        ("q9", "1", "", "449"),
        ("q9", "2", "", "72"),
        ("q9", "3", "", "32"),
        ("q9", "4", "", "19"),
        ("q9", "5", "", "32"),
        ("area", "1", "", "133"),
    ] {
        assert_eq!(count(&program, row, code, filter), expected, "{row} {code} {filter}");
    }
    // 184 of 800 and 164 of 780 mentions.
    for (group, printed) in [("q1 == 2", "23.0"), ("q1 == 1", "21.0")] {
        let shown =
            program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "q3", "--filter", group]).stdout;
        let line = shown.lines().find(|line| line.contains("情報共有")).expect("the option");
        assert_eq!(line.split_whitespace().last(), Some(printed), "{shown}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let program = with_targets("[simulate]\nmissing = \"5%\"\n");
    let bytes = |seed: &str| {
        let run = made(&program, "50", &["--seed", seed]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        std::fs::read(program.path("d.csv")).expect("written")
    };
    let first = bytes("7");
    assert_eq!(first, bytes("7"));
    assert_ne!(first, bytes("8"));
    // Kept here so that no change of the program changes what a seed gives without being seen.
    let start: String = String::from_utf8_lossy(&first).lines().take(4).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(start);
}

#[test]
fn counts_over_several_questions_and_over_a_multi_have_targets() {
    let program = with_targets(
        r#"
[[target]]
question = "q1"
counts = { 1 = 60 }
[[target]]
question = "done"
counts = { 0 = 20, 3 = 5 }
[[target]]
question = "g.a"
counts = { 1 = 50 }
[[target]]
question = "chosen"
counts = { 0 = 7, 3 = 11 }
[[target]]
question = "q2"
counts = { 1 = 30 }
"#,
    );
    let run = made(&program, "100", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let none = "g.a == 2 and g.b == 2 and g.c == 2";
    let all = "g.a == 1 and g.b == 1 and g.c == 1";
    assert_eq!(count(&program, "g.a", "1", ""), "50");
    assert_eq!(count(&program, "g.a", "2", none), "20");
    assert_eq!(count(&program, "g.a", "1", all), "5");
    assert_eq!(count(&program, "q2", "1", ""), "30");
    assert_eq!(count(&program, "q2", "4", ""), "7");
    assert_eq!(count(&program, "q2", "1", "q2 has 1 and q2 has 2 and q2 has 3"), "11");
}

#[test]
fn numbers_have_bands_values_sums_and_means() {
    let program = with_targets(
        r#"
[[target]]
question = "n"
range = [1, 40]
mean = "12.3"
counts = { 1 = 9 }
missing = 4
[[target]]
question = "n"
where = "q1 == 1"
sum = 400
[[target]]
question = "few"
percent = { 1 = "40" }
"#,
    );
    let run = made(&program, "100", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(count(&program, "few", "1", ""), "40");
    let data = std::fs::read_to_string(program.path("d.csv")).expect("written");
    let mut reader = csv::Reader::from_reader(data.as_bytes());
    let place = reader.headers().expect("a header").iter().position(|name| name == "n").expect("n");
    let cells: Vec<(String, Option<i64>)> = reader
        .records()
        .map(|record| record.expect("a record"))
        .map(|record| (record[1].to_string(), record[place].parse().ok()))
        .collect();
    let numbers: Vec<i64> = cells.iter().filter_map(|(_, number)| *number).collect();
    assert_eq!(numbers.len(), 96);
    assert_eq!(numbers.iter().filter(|number| **number == 1).count(), 9);
    assert!(numbers.iter().all(|number| (1..=40).contains(number)));
    let sum: i64 = numbers.iter().sum();
    assert_eq!((2 * sum * 10 + 96) / (2 * 96), 123, "a mean of 12.3");
    let of_group: i64 = cells.iter().filter(|(q1, _)| q1 == "1").filter_map(|(_, number)| *number).sum();
    assert_eq!(of_group, 400);
}

#[test]
fn each_municipality_answers_once_and_all_of_shimane_do() {
    let schema = std::fs::read_to_string(repository("schemas/municipalities.toml")).expect("a schema");
    let targets = "[[target]]\nquestion = \"city\"\nunique = true\nexcept = [\"131016\"]\n\
                   [[target]]\nquestion = \"pref\"\ncounts = { 32 = 19 }\n";
    let program = Program::new().file("s.toml", schema).file("t.toml", targets);
    let run = made(&program, "1717", &["--values", "label"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let data = std::fs::read_to_string(program.path("d.csv")).expect("written");
    let cities: std::collections::BTreeSet<&str> =
        data.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(_, city)| city).collect();
    assert_eq!(cities.len(), 1717);
    assert_eq!(cities.iter().filter(|city| city.starts_with("島根県")).count(), 19);
    assert!(!cities.contains("東京都千代田区"));
    assert_eq!(count(&program, "pref", "32", ""), "19");
}

#[test]
fn every_layout_is_read_back_as_the_same_answers() {
    for schema in [
        "every-kind",
        "follow-up",
        "scale",
        "derived",
        "care-manager-2016",
        "rank",
        "dates",
        "grid-multi",
        "limited-options",
        "comments",
        "waves",
        "kuwana-resources",
        "municipalities",
        "municipal-progress-r3",
        "eight-initiatives-2015",
        "kuwana-2019",
    ] {
        let text = std::fs::read_to_string(repository(&format!("schemas/{schema}.toml"))).expect("a schema");
        let program = Program::new().file("s.toml", text).file("t.toml", "[simulate]\nmissing = \"4%\"\n");
        let mut first: Option<String> = None;
        for layout in [
            &["--values", "code"][..],
            &["--values", "label"],
            &["--encoding", "utf-8-bom", "--line-ending", "crlf"],
            &["--encoding", "cp932", "--values", "label"],
            &["--encoding", "utf-16le", "--delimiter", "tab"],
            &["--delimiter", "|", "--values", "label"],
        ] {
            let run = made(&program, "80", layout);
            assert_eq!(run.code, 0, "{}", run.stderr);
            let delimiter: &[&str] = if layout.contains(&"|") { &["--delimiter", "|"] } else { &[] };
            let tab = program
                .run(&[&["tab", "--schema", "s.toml", "d.csv", "--format", "json"], delimiter].concat());
            assert_eq!((tab.code, tab.stderr.as_str()), (0, ""), "{schema} {layout:?}");
            match &first {
                None => first = Some(tab.stdout),
                Some(first) => assert!(*first == tab.stdout, "{schema} {layout:?}"),
            }
        }
    }
}

#[test]
fn words_are_quoted_and_are_no_formulas() {
    let program = with_targets("[[target]]\nquestion = \"memo\"\ntexts = [\"=1+1\", \"a,\\\"b\\\"\"]\n");
    assert_eq!(made(&program, "9", &[]).code, 0);
    let data = std::fs::read_to_string(program.path("d.csv")).expect("written");
    assert!(data.contains(",'=1+1\n") && data.contains(",\"a,\"\"b\"\"\"\n"), "{data}");
    assert_eq!(
        data.lines().filter(|line| !line.ends_with(',')).count(),
        3,
        "the header and two texts: {data}"
    );
}

#[test]
fn a_schema_that_does_not_say_so_is_told_that_the_data_are_simulated() {
    let program =
        Program::new().file("s.toml", SCHEMA.replace("note = \"模擬データ\"\n", "")).file("t.toml", "");
    let run = made(&program, "5", &[]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stderr,
        "simulated 5 respondents with 0 target figures of small, seed 1\n\
         warning: s.toml: tables of these data will not say that they are simulated\n  \
         hint: write `note = \"模擬データ\"` in `[survey]`, which every table then carries, and take it out for real data\n"
    );
}

#[test]
fn a_percentage_has_the_base_of_its_question_without_those_who_did_not_answer() {
    // 26% is no count of 75; one who did not answer makes 74, of whom 19 are 26%.
    let targets = "[[target]]\nquestion = \"q1\"\npercent = { 1 = \"26\" }\n";
    let program = with_targets(&format!("{targets}missing = 1\n"));
    assert_eq!(made(&program, "75", &[]).code, 1);
    let out = SCHEMA.replace("respondent = \"id\"", "respondent = \"id\"\nno_answer = \"exclude\"");
    let program = program.file("s.toml", out);
    let run = made(&program, "75", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(count(&program, "q1", "1", ""), "19");
    // Without a number of 無回答 it is that of the settings: 4% of 75 are 3, and 26% of 72 again 19.
    let program = program.file("t.toml", format!("[simulate]\nmissing = \"4%\"\n{targets}"));
    assert_eq!(made(&program, "75", &[]).code, 0);
    let data = std::fs::read_to_string(program.path("d.csv")).expect("written");
    let answers = data.lines().skip(1).filter_map(|line| line.split(',').nth(1));
    assert_eq!(answers.filter(|answer| answer.is_empty()).count(), 3);
    assert_eq!(count(&program, "q1", "1", ""), "19");
}

#[test]
fn weights_are_dealt_and_words_go_round() {
    let schema = SCHEMA.replace("respondent = \"id\"", "respondent = \"id\"\nweight = \"w\"");
    let targets = "[simulate]\nweights = [0.5, 1.50]\n\
                   [[target]]\nquestion = \"memo\"\ngiven = \"40%\"\ntexts = [\"は\", \"い\"]\n";
    let program = Program::new().file("s.toml", schema).file("t.toml", targets);
    let run = made(&program, "10", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let data = std::fs::read_to_string(program.path("d.csv")).expect("written");
    let cells = |place: usize| -> Vec<&str> {
        let mut cells: Vec<&str> =
            data.lines().skip(1).map(|line| line.split(',').nth(place).unwrap_or("")).collect();
        cells.sort_unstable();
        cells
    };
    assert_eq!(cells(1), ["0.5", "0.5", "0.5", "0.5", "0.5", "1.50", "1.50", "1.50", "1.50", "1.50"]);
    assert_eq!(&cells(11)[6..], ["い", "い", "は", "は"]);
}

/// A rank question whose options are limited, a date with periods, and a comment that is coded.
pub const ORDERS_DAYS_AND_WORDS: &str = r#"
[survey]
id = "more"
title = "もう一つの調査"
respondent = "no"
note = "模擬データ"

[[question]]
id = "no"
text = "番号"
kind = "number"

[[question]]
id = "q1"
text = "困りごと"
kind = "multi"
options = [{ code = 1, label = "あ" }, { code = 2, label = "い" }, { code = 3, label = "う" }, { code = 4, label = "え" }]

[[question]]
id = "q2"
text = "優先する順"
kind = "rank"
places = 3
limited_to = "q1"
asked_if = "q1 is given"
options = [{ code = 1, label = "あ" }, { code = 2, label = "い" }, { code = 3, label = "う" }, { code = 4, label = "え" }]
missing = [{ code = 9, label = "無回答" }]

[[question]]
id = "d"
text = "始めた日"
kind = "date"
from = 2020-04-01
to = 2022-03-31

[[derive]]
id = "year"
label = "年度"
from = "d"
by = "fiscal_year"

[[question]]
id = "memo"
text = "ご自由に"
kind = "text"

[[derive]]
id = "coded"
label = "分類"
from = "memo"
comments = [{ code = 1, label = "本", words = ["本"] }, { code = 9, label = "その他", rest = true }]

[[question]]
id = "q3"
text = "本を書いた方に"
kind = "single"
asked_if = "coded has 1"
options = [{ code = 1, label = "はい" }, { code = 2, label = "いいえ" }]
"#;

#[test]
fn orders_days_and_coded_comments_have_targets() {
    let targets = r#"
[simulate]
missing = "5%"
[[target]]
question = "q1"
counts = { 1 = 60, 2 = 55, 3 = 30, 4 = 20 }
missing = 6
[[target]]
question = "q2.1"
counts = { 1 = 40, 2 = 31, 9 = 4 }
[[target]]
question = "q2.2"
where = "q2.1 == 1"
counts = { 2 = 10, 3 = 4 }
[[target]]
question = "d"
range = [2021-03-01, 2021-04-30]
counts = { 2021-03-31 = 7 }
missing = 3
[[target]]
question = "year"
counts = { "2021" = 45 }
[[target]]
question = "memo"
texts = ["本がよい", "本と席", "駅から遠い"]
"#;
    let program = Program::new().file("s.toml", ORDERS_DAYS_AND_WORDS).file("t.toml", targets);
    for layout in [&["--values", "code"][..], &["--values", "label"]] {
        let run = made(&program, "100", layout);
        assert_eq!(run.code, 0, "{}", run.stderr);
        for (row, code, filter, expected) in [
            ("q2.1", "1", "", "40"),
            ("q2.1", "2", "", "31"),
            ("q2.1", "9", "", "4"),
            ("q2.2", "2", "q2.1 == 1", "10"),
            ("q2.2", "3", "q2.1 == 1", "4"),
            // Ranked at any place only where it was chosen before.
            ("q2", "1", "not q1 has 1 and q1 is given", "0"),
            ("year", "2021", "", "45"),
            ("year", "2020", "", "52"),
            ("coded", "1", "", "2"),
            ("coded", "9", "", "1"),
        ] {
            assert_eq!(count(&program, row, code, filter), expected, "{row} {code} {filter}");
        }
        let asked = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "q3", "--format", "tidy"]);
        assert!(asked.stdout.lines().any(|line| line.contains(",base,2,")), "{}", asked.stdout);
        let data = std::fs::read_to_string(program.path("d.csv")).expect("written");
        assert_eq!(data.matches("2021-03-31").count(), 7);
    }
}
