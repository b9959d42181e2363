//! 回収状況: response rates, who did not answer, and counts that cannot be.

use crate::cli::{Program, Run};
use crate::refusal::{MULTI, SINGLE, SURVEY, refuses};

const MUNICIPALITIES: &str = include_str!("../../src/schema/municipalities.csv");

const CITY: &str = r#"[survey]
id = "s"
title = "市町村調査"
unit = "市町村"
[survey.sent]
by = "pref"
counts = "@municipalities"
[[question]]
id = "city"
text = "市区町村"
kind = "single"
options = "@municipalities"
[[question]]
id = "q1"
text = "q"
kind = "single"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
[[derive]]
id = "pref"
label = "都道府県"
from = "city"
groups = "@prefectures"
"#;

/// Records of all municipalities but some (by place), blank at some others.
fn cities(absent: impl Fn(usize) -> bool, blank: impl Fn(usize) -> bool) -> String {
    let mut csv = "city,q1\n".to_string();
    for (place, line) in MUNICIPALITIES.lines().enumerate().filter(|(place, _)| !absent(*place)) {
        let code = line.split(',').next().expect("a code");
        csv += &format!("{code},{}\n", if blank(place) { "" } else { "1" });
    }
    csv
}

fn returns(schema: &str, data: &str, arguments: &[&str]) -> Run {
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    program.run(&[&["returns", "--schema", "s.toml", "d.csv"], arguments].concat())
}

/// 1,717 of 1,741 is 98.6 in the ministry's survey of 令和3年度.
#[test]
fn a_survey_of_all_municipalities_has_rates_by_prefecture_and_a_list_of_the_others() {
    let data = cities(|place| place % 72 == 71, |place| place == 0);
    assert_eq!(data.lines().count(), 1 + 1717);
    let run = returns(CITY, &data, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for line in [
        "全体       1,741   1,717     1,716      98.6      98.6",
        "北海道       179     177       176      98.9      98.3",
    ] {
        assert!(run.stdout.contains(line), "{}", run.stdout);
    }
    let missing = returns(CITY, &data, &["--missing", "--format", "csv"]);
    let codes: Vec<&str> = missing.stdout.lines().filter_map(|line| line.get(..6)).collect();
    let codes: Vec<&str> =
        codes.into_iter().filter(|code| code.bytes().all(|b| b.is_ascii_digit())).collect();
    let expected: Vec<&str> = MUNICIPALITIES.lines().skip(71).step_by(72).map(|line| &line[..6]).collect();
    assert_eq!(codes, expected);
    assert!(missing.stdout.contains("24市区町村（コード順）"), "{}", missing.stdout);
}

#[test]
fn nothing_came_back_from_some_groups() {
    let data = "city,q1\n131016,1\n131024,\n,2\n";
    let run = returns(CITY, data, &["--format", "md", "--lang", "en"]);
    let lines: Vec<&str> = run.stdout.lines().filter(|line| !line.contains(" - | - | - ")).collect();
    insta::assert_snapshot!(lines.join("\n"));
    assert_eq!(run.stdout.lines().filter(|line| line.contains(" - | - | - ")).count(), 46);
}

#[test]
fn a_municipality_that_answered_twice_is_more_than_was_sent() {
    let schema = CITY.replace("by = \"pref\"", "by = \"city\"");
    insta::assert_snapshot!(returns(&schema, "city,q1\n131016,1\n131016,2\n", &[]).stderr);
}

/// 75 of 77 is 97.4: 桑名市北部西地域包括支援センター, 令和2年.
const KUWANA: &str = r#"[survey]
id = "k"
title = "ケアマネジャーアンケート"
[survey.about]
sent = 77
[[question]]
id = "g"
text = "圏域"
kind = "single"
options = [ { code = 1, label = "圏域内" }, { code = 2, label = "圏域外" } ]
[[question]]
id = "q1"
text = "q"
kind = "text"
"#;

fn offices() -> String {
    let record = |place| if place < 40 { "1,a\n" } else { "2,\n" };
    "g,q1\n".to_string() + &(0..75).map(record).collect::<String>()
}

#[test]
fn a_survey_may_know_only_how_many_were_sent_in_all() {
    insta::assert_snapshot!(returns(KUWANA, &offices(), &[]).stdout);
    let by = KUWANA.replace(
        "[[question]]\nid = \"g\"",
        "[survey.sent]\nby = \"g\"\ncounts = { 1 = 41, 2 = 36 }\n[[question]]\nid = \"g\"",
    );
    insta::assert_snapshot!(returns(&by, &offices(), &[]).stdout);
    insta::assert_snapshot!(
        returns(&by, &offices(), &["--lang", "en", "--decimals", "0", "--format", "csv"]).stdout
    );
}

#[test]
fn what_cannot_be_is_told() {
    let by = |counts: &str| {
        let sent = format!("[survey.sent]\nby = \"g\"\ncounts = {counts}\n[[question]]\nid = \"g\"");
        KUWANA.replace("sent = 77\n", "").replacen("[[question]]\nid = \"g\"", &sent, 1)
    };
    insta::assert_snapshot!(returns(&by("{ 1 = 39, 2 = 38 }"), &offices(), &[]).stderr);
    insta::assert_snapshot!(returns(&KUWANA.replace("77", "74"), &offices(), &[]).stderr);
    // As many as were sent can come back.
    assert_eq!(returns(&KUWANA.replace("77", "75"), &offices(), &[]).code, 0);
    insta::assert_snapshot!(returns(&KUWANA.replace("sent = 77", ""), &offices(), &[]).stderr);
    insta::assert_snapshot!(returns(KUWANA, &offices(), &["--missing"]).stderr);
}

#[test]
fn counts_speak_of_every_group_and_add_up() {
    let about = "[survey.about]\nsent = 77\n";
    let sent = |lines: &str| format!("[survey.sent]\n{lines}\n");
    let told = |lines: &str, messages: &str| refuses(&[SURVEY, about, &sent(lines), SINGLE, MULTI], messages);
    told(
        "by = \"q1\"\ncounts = { 1 = 40, 2 = 36 }",
        "`sent` is 77, but the counts by group add up to 76
  at: 77
  hint: correct one, or leave `sent` out of `[survey.about]`",
    );
    told(
        "by = \"q1\"\ncounts = { 1 = 40, 3 = -1 }",
        "`q1` has no option `3`
  at: 3
expected a count for `counts`, found `-1`
  at: -1",
    );
    told(
        "by = \"q1\"\ncounts = { 1 = 77 }",
        "`counts` says nothing of `2` of `q1`
  at: { 1 = 77 }
  hint: write 0 where nothing was sent",
    );
    told(
        "by = \"q3\"\ncounts = \"@municipalities\"",
        "expected a single question in `by`, found the multi question `q3`
  at: \"q3\"
  hint: each questionnaire went to one group",
    );
    told(
        "by = \"q1\"\ncounts = \"@municipalities\"",
        "expected municipalities or their prefectures in `by`, found `q1`
  at: \"@municipalities\"
  hint: `\"@municipalities\"` means that every municipality was asked once",
    );
    told(
        "by = \"q11\"\ncount = {}",
        "unknown question `q11` in `[survey.sent]`
  at: \"q11\"
  hint: did you mean `q1`?
unknown key `count` in `sent`
  at: count
  hint: did you mean `counts`?",
    );
    told(
        "by = \"q11\"\ncounts = {}",
        "unknown question `q11` in `[survey.sent]`
  at: \"q11\"
  hint: did you mean `q1`?",
    );
}

/// Counts of a file stand beside the schema, with codes in any spelling that cells may have.
#[test]
fn counts_may_stand_in_a_file_beside_the_schema() {
    let sent = |file: &str| {
        let by = "[survey.sent]\nby = \"g\"\nfile = \"sent.csv\"\n[[question]]\nid = \"g\"";
        let schema = KUWANA.replacen("[[question]]\nid = \"g\"", by, 1);
        let program = Program::new();
        std::fs::create_dir(program.path("schemas")).expect("a folder");
        let program = program.file("schemas/s.toml", schema).file("schemas/sent.csv", file);
        program.file("d.csv", offices()).run(&[
            "returns",
            "--schema",
            "schemas/s.toml",
            "d.csv",
            "--format",
            "csv",
        ])
    };
    let run = sent("code,sent\n2,36\n圏域内,41\n");
    assert_eq!(run.stderr, "");
    for line in ["全体,77,75,40,97.4,51.9", "圏域内,41,40,40,97.6,97.6", "圏域外,36,35,-,97.2,-"] {
        assert!(run.stdout.contains(line), "{}", run.stdout);
    }
    let broken = ["code,sent\n1,39\n2,38\n", "code,sent\n1,41\n", "code,sent\n1,41\n2,35\n"];
    let mistaken = ["code,sent\n1,x\n,3\n", "code,sent\n3,41\n1,2\n圏域内,2\n", "code,count\n1,41\n"];
    let told: Vec<String> = broken.iter().chain(&mistaken).map(|file| sent(file).stderr).collect();
    insta::assert_snapshot!(told.join("\n"));
}
