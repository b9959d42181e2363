//! Exports of services that cannot be read, and what is said of them.

use crate::cli::{Program, Run};

const SCHEMA: &str = r#"
[survey]
id = "small"
title = "小さな調査"
respondent = "id"

[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }, { code = 3, label = "その他", other = true }]

[[question]]
id = "q2"
text = "あてはまるもの"
kind = "multi"
columns = "q2_{code}"
options = [
  { code = 1, label = "電話, FAX" }, { code = 2, label = "電話" }, { code = 3, label = "その他", other = true },
]

[[question]]
id = "q3"
text = "満足度"
kind = "grid"
rows = [ { id = "r1", label = "窓口" }, { id = "r2", label = "電話口" } ]
options = [{ code = 1, label = "満足" }, { code = 2, label = "不満" }]
"#;

fn tab(data: &str, more: &[&str]) -> Run {
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", data);
    let request = ["tab", "--schema", "s.toml", "d.csv", "--format", "tidy", "--measures", "n"];
    program.run(&[&request[..], more].concat())
}

/// Question, code and n of every option and of 無回答.
#[track_caller]
fn counts(run: &Run) -> Vec<String> {
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let records = reader.records().map(|record| record.expect("a record"));
    records
        .filter(|record| &record[10] == "option" || (&record[10] == "missing" && &record[8] != "0"))
        .map(|record| {
            format!("{} {} {}", &record[1], if record[2].is_empty() { "-" } else { &record[2] }, &record[8])
        })
        .collect()
}

#[track_caller]
fn refused(data: &str, more: &[&str], expected: &str) {
    let run = tab(data, more);
    assert_eq!((run.stderr.as_str(), run.stdout.as_str(), run.code), (expected, "", 1));
}

const GOOGLE: &str = "タイムスタンプ,どう思いますか,あてはまるもの,満足度 [窓口],満足度 [電話口]\n";

#[test]
fn labels_hold_the_separator_and_words_of_ones_own_are_other() {
    let data = format!(
        "{GOOGLE}2016/11/10,賛成,\"電話, FAX, 電話\",満足,不満\n2016/11/10,わからない,\"電話, FAX, 手紙、はがき\",,不満\n\
         2016/11/11,,電話,不満,\n"
    );
    let run = tab(&data, &[]);
    let found = counts(&run);
    let expected = [
        "q1 1 1",
        "q1 2 0",
        "q1 3 1",
        "q1 - 1",
        "q2 1 2",
        "q2 2 2",
        "q2 3 1",
        "q3.r1 1 1",
        "q3.r1 2 1",
        "q3.r1 - 1",
        "q3.r2 1 0",
        "q3.r2 2 2",
        "q3.r2 - 1",
    ];
    assert_eq!(found, expected);
    assert_eq!(
        run.stderr,
        "note: d.csv: read as an export of Google Forms: its first column is `タイムスタンプ`
  hint: say `--layout google` to have no such note, or `--layout plain` to read it as it is
note: d.csv:3: record 2, column `q1`: an answer to question `q1` has words that are no option: counted as `その他`
note: d.csv:3: record 2, column `q2`: an answer to question `q2` has words that are no option: counted as `その他`
"
    );
    assert!(!run.stderr.contains("わからない"));
}

#[test]
fn a_layout_that_is_another_is_said_to_be() {
    refused(
        &format!("{GOOGLE}2016/11/10,賛成,電話,満足,不満\n"),
        &["--layout", "microsoft"],
        "error: d.csv:1: header: expected an export of Microsoft Forms, with `ID`, `開始時刻` (`Start time`) and \
         `完了時刻` (`Completion time`) at the beginning; found `タイムスタンプ` in its first cell
  hint: it looks like one of Google Forms: say `--layout google`, or leave `--layout` out
",
    );
}

#[test]
fn a_study_names_its_layout() {
    let study = |layout: &str| {
        let tables = "[[tables]]\nid = \"gt\"\nrows = \"all\"\n";
        let study =
            format!("[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\nlayout = \"{layout}\"\n\n{tables}");
        let data = format!("{GOOGLE}2016/11/10,賛成,電話,満足,不満\n");
        let program = Program::new().file("s.toml", SCHEMA).file("d.csv", data).file("t.toml", study);
        program.run(&["report", "t.toml", "--out", "out"])
    };
    let run = study("google");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("read as an export"), "{}", run.stderr);
    let run = study("microsoft");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("d.csv:1: header: expected an export of Microsoft Forms"), "{}", run.stderr);
    let run = study("gogle");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains(" --> t.toml:4:10\n"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `google`?"), "{}", run.stderr);
}

#[test]
fn a_header_that_was_deleted_is_missed() {
    refused(
        "2016/11/10,賛成,電話,満足,不満\n",
        &["--layout", "google"],
        "error: d.csv:1: header: expected an export of Google Forms, with a first column `タイムスタンプ` or \
         `Timestamp`; found `2016/11/10` in its first cell
  hint: was the header row deleted? if it is no such export, leave `--layout` out
",
    );
    refused(
        "Respondent ID,Collector ID,どう思いますか\n1,9,賛成\n",
        &[],
        "error: d.csv:2: header: expected the second header row of SurveyMonkey, with options, found a record
  hint: its exports have two header rows: was the second deleted? export again
",
    );
    refused(
        "StartDate,ResponseId,q1,q2,q3_1,q3_2\n開始日,回答ID,どう思いますか,あてはまるもの,a,b\n2016-11-10,R_1,1,2,1,1\n",
        &["--layout", "qualtrics"],
        "error: d.csv:3: header: expected the third header row of Qualtrics, with ImportIds, found a record
  hint: its exports have three header rows: were some deleted? export again, or say `--layout plain`
",
    );
}

const MONKEY: &str = "Respondent ID,Collector ID,どう思いますか,,あてはまるもの,,,満足度,\n\
                      ,,Response,その他（具体的に）,\"電話, FAX\",電話,その他（具体的に）,窓口,電話口\n";

#[test]
fn words_in_a_column_of_their_own_are_other() {
    let data = format!(
        "{MONKEY}11,9,賛成,,\"電話, FAX\",,手紙,満足,不満\n12,9,,どちらでもない,,電話,,,\n13,9,,,,,,不満,\n"
    );
    let run = tab(&data, &["--rows", "q1,q2"]);
    assert_eq!(
        counts(&run),
        ["q1 1 1", "q1 2 0", "q1 3 1", "q1 - 1", "q2 1 1", "q2 2 1", "q2 3 1", "q2 - 1"]
    );
    assert!(!run.stderr.contains("手紙") && !run.stderr.contains("どちらでもない"), "{}", run.stderr);
}

#[test]
fn a_merged_header_that_lost_its_text_is_located() {
    let broken = MONKEY.replace(",満足度,", ",,");
    refused(
        &format!("{broken}11,9,賛成,,,電話,,満足,不満\n"),
        &[],
        "error: d.csv:2: header, column `窓口`: `窓口` is no part of question `q2`, under which it stands
  hint: it is one of `q3.r1`: did the header lose the text that stood over it (a merged cell)?
error: d.csv:2: header, column `電話口`: `電話口` is no part of question `q2`, under which it stands
  hint: it is one of `q3.r2`: did the header lose the text that stood over it (a merged cell)?
error: d.csv:1: header: expected a column of question `q3.r1` (`満足度 [窓口]`), found none
  hint: columns are known by the question's id, `text` or `short`
error: d.csv:1: header: expected a column of question `q3.r2` (`満足度 [電話口]`), found none
  hint: columns are known by the question's id, `text` or `short`
",
    );
}

#[test]
fn a_header_that_is_near_is_offered() {
    let data = GOOGLE.replace("どう思いますか", "どうお思いですか");
    refused(
        &format!("{data}2016/11/10,賛成,電話,満足,不満\n"),
        &[],
        "error: d.csv:1: header: expected a column of question `q1` (`どう思いますか`), found none
  hint: column `どうお思いですか` is near: correct the header, or `text` or `short` of the question
",
    );
}

#[test]
fn two_columns_of_one_question_are_named() {
    let data = GOOGLE.replace("タイムスタンプ,", "タイムスタンプ,Q1. どう思いますか,");
    refused(
        &format!("{data}2016/11/10,賛成,賛成,電話,満足,不満\n"),
        &[],
        "error: d.csv:1: header, column `どう思いますか`: columns 2 and 3 are of the same question
  hint: delete one, or give one another name
",
    );
}

#[test]
fn options_of_qualtrics_are_no_number() {
    let head =
        "ResponseId,q1,q2,q3_1,q3_2\n回答ID,どう思いますか,あてはまるもの,満足度 - 窓口,満足度 - 電話口\n";
    let ids = "\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\",a,b,c\n";
    let data = format!("{head}{ids}R_1,1,\"1,2,3\",1,2\nR_2,2,2,1,1\n");
    let run = tab(&data, &["--rows", "q1,q2"]);
    assert_eq!(counts(&run), ["q1 1 1", "q1 2 1", "q1 3 0", "q2 1 1", "q2 2 2", "q2 3 1"]);
}

#[test]
fn what_readers_of_marks_write_is_missing_unless_it_is_declared() {
    let data = "id,q1,q2_1,q2_2,q2_3,q3_r1,q3_r2\n1,-1,1,0,0,1,-9999\n2,-9999,-1,-1,-1,1,1\n3,1,0,1,0,2,1\n";
    let run = tab(data, &[]);
    let expected = [
        "q1 1 1",
        "q1 2 0",
        "q1 3 0",
        "q1 - 2",
        "q2 1 1",
        "q2 2 1",
        "q2 3 0",
        "q2 - 1",
        "q3.r1 1 2",
        "q3.r1 2 1",
        "q3.r2 1 2",
        "q3.r2 2 0",
        "q3.r2 - 1",
    ];
    assert_eq!(counts(&run), expected);
    let declared = SCHEMA.replacen(
        "kind = \"single\"",
        "kind = \"single\"\nmissing = [{ code = -9999, label = \"無効\" }]",
        1,
    );
    let program = Program::new().file("s.toml", declared).file("d.csv", data);
    let run = program.run(&[
        "tab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "q1",
        "--format",
        "tidy",
        "--measures",
        "n",
    ]);
    assert_eq!(counts(&run), ["q1 1 1", "q1 2 0", "q1 3 0", "q1 - 1", "q1 -9999 1"]);
}

#[test]
fn a_layout_that_nobody_knows_is_refused() {
    let run = tab("id\n", &["--layout", "excel"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`google`") || run.stderr.contains("google, microsoft"), "{}", run.stderr);
}

#[test]
fn an_export_without_keys_takes_no_weights_by_key() {
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", format!("{GOOGLE}2016/11/10,賛成,電話,満足,不満\n"))
        .file("w.csv", "id,weight\n1,1\n");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--weights", "w.csv"]);
    assert_eq!(
        run.stderr,
        "error: d.csv:1: header: corrections and files of weights go by the key `id`, and the export has none
  hint: add a column `id` with each respondent's key to the export
"
    );
    assert_eq!(run.code, 1);
}
