//! What the five documents ask of the tool where no other test has it: acceptance checks by their rows.

use renkei::calendar::{Civil, Era};
use renkei::sheet::round;
use renkei::stats::Ratio;

use crate::cli::{Program, repository};

fn run(arguments: &[&str]) -> crate::cli::Run {
    Program::new().run(arguments)
}

fn sample(survey: &str) -> [String; 2] {
    [repository(&format!("schemas/{survey}.toml")), repository(&format!("data-samples/{survey}.csv"))]
}

/// Every question of the five documents, by survey.
const QUESTIONS: [(&str, &[&str]); 7] = [
    ("care-manager-2016", &["pref", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q9", "q10", "q11", "q12"]),
    ("care-manager-2017", &["kind", "profession", "q1", "q2", "q4", "q5", "q6", "q9"]),
    (
        "municipal-progress-r3",
        &[
            "dept", "q1", "q2", "q3", "q4a1", "q4a2_1", "q4a2_2", "q4a3_2", "q4a3_1", "q4a4", "q4a5", "q4a6",
            "q4a7_1", "q4a7_2", "q4a9", "q4a8", "q4b1_2", "q4b1_3", "q4b1_4", "q4b2_1", "q4b2_2", "q4b3_1",
            "q4b3_2", "q4b3_2s1", "q4b4_1", "q4b4_2", "q5", "q5a", "q5b", "q5c", "q5d", "q6a", "q6b", "q6d",
            "q7",
        ],
    ),
    ("kuwana-2019", &["q1", "q2", "q3", "q4", "q5"]),
    ("kuwana-resources", &["facility"]),
    ("eight-initiatives-2015", &["items", "size", "support"]),
    ("missed-cases", &["missed", "contact", "area"]),
];

#[test]
fn row_1_every_question_of_the_documents_is_declared() {
    for (survey, ids) in QUESTIONS {
        let path = sample(survey)[0].clone();
        let text = std::fs::read_to_string(&path).expect("a schema");
        let loaded = renkei::schema::load(&path, &text).expect("a sound schema").value;
        let absent: Vec<&&str> = ids.iter().filter(|id| loaded.find(id).is_none()).collect();
        assert!(absent.is_empty(), "{survey} has no {absent:?}");
    }
}

/// A duplicate code, an unknown id in a condition and a cycle in one run, each with its place.
#[test]
fn row_1_mistakes_of_a_schema_are_told_with_their_places() {
    let path = sample("care-manager-2016")[0].clone();
    let mut text = std::fs::read_to_string(&path).expect("a schema");
    let lines = text.lines().count();
    text += r#"
[[question]]
id = "x1"
text = "x1"
kind = "single"
options = [ { code = 1, label = "a" }, { code = 1, label = "b" } ]
[[question]]
id = "x2"
text = "x2"
kind = "single"
asked_if = "nobody == 1"
options = [ { code = 1, label = "a" } ]
[[derive]]
id = "x3"
label = "x3"
from = "x4"
groups = [ { code = 1, label = "a", of = [1] } ]
[[derive]]
id = "x4"
label = "x4"
from = "x3"
groups = [ { code = 1, label = "a", of = [1] } ]
"#;
    let program = Program::new().file("s.toml", &text);
    let run = program.run(&["codebook", "--schema", "s.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let places: Vec<&str> = run.stderr.lines().filter_map(|line| line.trim().strip_prefix("--> ")).collect();
    let place = |line: usize| format!("s.toml:{}:", lines + line);
    for line in [6, 11, 16] {
        let known = places.iter().any(|found| found.starts_with(&place(line)));
        assert!(known, "{}\n{}", place(line), run.stderr);
    }
}

#[test]
fn row_5_a_bad_file_yields_exactly_this_list() {
    let schema = r#"
[survey]
id = "bad"
title = "bad"
respondent = "city"

[[question]]
id = "city"
text = "city"
kind = "single"
options = "@municipalities"

[[question]]
id = "q1"
text = "q1"
kind = "single"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]

[[question]]
id = "q2"
text = "q2"
kind = "multi"
packed = { column = "q2", separator = ";" }
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 9, label = "none", exclusive = true } ]

[[question]]
id = "n"
text = "n"
kind = "number"
"#;
    let data = "city,q1,q2,n\n322016,1,1;2,5\n322016,1,1,5\n322024,1;2,1;9,5\n322032,3,1,5歳\n322041,1,1,5\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "all", "--out", "out.csv"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(!program.path("out.csv").exists(), "nothing is left behind");
    insta::assert_snapshot!(run.stderr);
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--format", "csv", "--lang", "en"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let lines: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "error,duplicate key,322016,2,3,city,,322016,same as record 1,",
            "error,several answers to one question,322024,3,4,q1,q1,1;2,one of 1 to 2,",
            "warning,exclusive option beside another,322024,3,4,q2,q2,1;9,9 alone,",
            "error,no option,322032,4,5,q1,q1,3,1 to 2,",
            "error,not a number,322032,4,5,n,n,5歳,a number,",
        ]
    );
}

#[test]
fn row_3_an_answer_where_not_routed_is_reported_with_the_respondent() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"city\"\n\
        [[question]]\nid = \"q5\"\ntext = \"q5\"\nkind = \"single\"\noptions = [ { code = 1, label = \"a\" }, { code = 3, label = \"c\" } ]\n\
        [[question]]\nid = \"q5a\"\ntext = \"q5a\"\nkind = \"multi\"\nasked_if = \"q5 == 1\"\noptions = [ { code = 1, label = \"a\" } ]\n";
    let program = Program::new()
        .file("s.toml", schema)
        .file("d.csv", "city,q5,q5a_1\n322016,1,1\n322024,3,1\n322032,3,0\n");
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--format", "csv", "--lang", "en"]);
    let lines: Vec<&str> = run.stdout.lines().skip(1).collect();
    let expected = "warning,answered though not asked,322024,2,3,q5a_1,q5a,1,a blank: not asked,";
    assert_eq!((run.code, lines.as_slice()), (0, &[expected][..]));
}

#[test]
fn row_4_an_answer_that_an_earlier_one_does_not_allow_is_an_error() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"city\"\n\
        [[question]]\nid = \"q6a\"\ntext = \"q6a\"\nkind = \"multi\"\noptions = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" } ]\n\
        [[question]]\nid = \"q6b\"\ntext = \"q6b\"\nkind = \"single\"\nlimited_to = \"q6a\"\noptions = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" } ]\n";
    let program = Program::new()
        .file("s.toml", schema)
        .file("d.csv", "city,q6a_1,q6a_2,q6b\n322016,1,0,1\n322024,1,0,2\n");
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--format", "csv", "--lang", "en"]);
    let lines: Vec<&str> = run.stdout.lines().skip(1).collect();
    let expected = "error,option not chosen before,322024,2,3,q6b,q6b,2,what was chosen at q6a,";
    assert_eq!((run.code, lines.as_slice()), (1, &[expected][..]));
}

#[test]
fn row_8_percentages_are_rounded_half_up_from_integers() {
    for (k, n, decimals, shown) in [
        (32, 604, 1, "5.3"),
        (117, 604, 1, "19.4"),
        (49, 75, 0, "65"),
        (25, 74, 0, "34"),
        (1, 8, 0, "13"),
        (23, 80, 1, "28.8"),
    ] {
        let percent = Ratio::new(100 * k, n).expect("a base");
        assert_eq!(round(percent, decimals), shown, "{k}/{n}");
    }
}

#[test]
fn row_20_the_survey_in_brief_has_its_four_fields_in_order() {
    let [schema, data] = sample("care-manager-2016");
    let shown = run(&["codebook", "--schema", &schema, &data]).stdout;
    let fields = [
        ("調査対象", "「ケアマネドットコム」に会員登録をしているケアマネジャー"),
        ("調査期間", "2016年11月10日〜2016年11月15日"),
        ("調査方法", "インターネット調査"),
        ("有効回答数", "604名"),
    ];
    let found: Vec<(&str, &str)> = shown
        .lines()
        .skip_while(|line| *line != "調査概要")
        .skip(2)
        .take_while(|line| !line.starts_with("--"))
        .filter_map(|line| line.split_once(char::is_whitespace))
        .map(|(field, value)| (field, value.trim()))
        .collect();
    assert_eq!(found, fields);
}

/// Prefectures' support and the means of their municipalities: planned by support they go together; with support
/// dealt out by the code of the prefecture they do not, and nothing is claimed.
#[test]
fn row_40_a_property_of_prefectures_goes_with_the_mean_of_their_municipalities_or_not() {
    let [schema, data] = sample("eight-initiatives-2015");
    let figure = "[[figure]]\nid = \"f\"\nquestion = \"planned\"\n\
                  correlation = { with = \"support\", groups = \"pref\", direction = \"positive\" }\n";
    let text = std::fs::read_to_string(&data).expect("the sample");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|known| known == name).expect("a column");
    let (city, support) = (place("city"), place("support"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("it is written");
    for record in reader.records() {
        let mut record: Vec<String> = record.expect("a record").iter().map(String::from).collect();
        let prefecture: u32 = record[city][..2].parse().expect("a code");
        record[support] = (prefecture * 5 % 47 % 3 + 1).to_string();
        writer.write_record(&record).expect("it is written");
    }
    let program =
        Program::new().file("f.toml", figure).file("dealt.csv", writer.into_inner().expect("written"));
    let told = |data: &str| {
        let run = program.run(&["verify", "--schema", &schema, data, "--figures", "f.toml"]);
        (run.code, run.stdout)
    };
    let (code, shown) = told(&data);
    assert!(code == 0 && shown.contains("r = 0.941（47 グループ、p<0.001）"), "{shown}");
    let (code, shown) = told("dealt.csv");
    assert!(code == 1 && shown.contains("→ 相関があるとはいえない（p="), "{shown}");
}

#[test]
fn row_42_cases_fall_in_three_classes_and_the_rest() {
    let [schema, data] = sample("missed-cases");
    insta::assert_snapshot!(
        run(&[
            "crosstab", "--schema", &schema, &data, "--rows", "missed", "--cols", "event", "--cell", "both"
        ])
        .stdout
    );
}

#[test]
fn row_44_full_width_digits_and_eras_both_ways() {
    let day = Civil { year: 2015, month: 8, day: 1 };
    assert_eq!(day.to_day().expect("a day").civil().japanese(true), "平成27年8月1日");
    let era = Era::find("令和").expect("an era");
    assert_eq!((era.western(3), era.year(2021)), (2021, "令和3年".to_string()));
    let [schema, data] = sample("eight-initiatives-2015");
    let said =
        run(&["say", "--schema", &schema, &data, "--rows", "any", "--digits", "full", "--decimals", "1"]);
    assert!(said.stdout.contains("２０．２％"), "{}{}", said.stdout, said.stderr);
    let [schema, _] = sample("eight-initiatives-2015");
    assert!(run(&["codebook", "--schema", &schema]).stdout.contains("平成27年８月１日現在"));
}

#[test]
fn row_45_an_indicator_is_a_ratio_of_counts_and_needs_both() {
    let [schema, data] = sample("guidebook-indicators");
    let shown = run(&["tab", "--schema", &schema, &data, "--rows", "i_home", "--format", "csv"]).stdout;
    let number = |label: &str| -> f64 {
        let line = shown.lines().find(|line| line.starts_with(label)).unwrap_or_else(|| panic!("{shown}"));
        line.split(',').nth(1).and_then(|cell| cell.parse().ok()).unwrap_or_else(|| panic!("{line}"))
    };
    let (above, below) = (number("分子"), number("分母"));
    assert_eq!(format!("{:.1}", 100.0 * above / below), format!("{:.1}", number("比率（％）")));

    let text = std::fs::read_to_string(&schema).expect("the schema");
    let broken =
        text.replace("{ of = \"deaths_home\", to = \"deaths\", part = true }", "{ of = \"deaths_home\" }");
    assert_ne!(text, broken);
    let run = Program::new().file("s.toml", &broken).run(&["codebook", "--schema", "s.toml"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("missing key `to` in `ratio`\n   --> s.toml:139"), "{}", run.stderr);
}

#[test]
fn row_46_the_annual_plan_shows_what_was_planned_done_and_partly_reached() {
    let [schema, data] = sample("guidebook-plan");
    let shown = run(&[
        "crosstab",
        "--schema",
        &schema,
        &data,
        "--rows",
        "planned+actual:mean,status",
        "--cols",
        "item",
    ]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    insta::assert_snapshot!(shown.stdout);
}
