//! Waves: mistakes in `[[wave]]`, and that a wave's file says what today's file says.

use crate::cli::Program;
use crate::refusal::{MULTI, SINGLE, SURVEY, refuses};

/// A wave `w`; what differed must follow.
const WAVE: &str = "[[wave]]\nid = \"w\"\nlabel = \"w\"\n";
const MISSING: &str = "missing = [ { code = 9, label = \"無回答\" } ]\n";

/// Asserts the messages for what a wave says of `q1` (codes 1, 2 and missing 9) and others.
#[track_caller]
fn refused(wave: &str, messages: &str) {
    let grid = "[[question]]\nid = \"q7\"\ntext = \"t\"\nkind = \"grid\"\nrows = [ { id = \"r1\", label = \"r\" } ]\n\
                options = [ { code = 1, label = \"a\" } ]\n";
    let derived = "[[derive]]\nid = \"d\"\nlabel = \"d\"\nfrom = \"q1\"\ngroups = [ { code = 1, label = \"x\", rest = true } ]\n";
    refuses(
        &[SURVEY, SINGLE, MISSING, MULTI, "asked_if = \"q1 == 1\"\n", grid, derived, WAVE, wave],
        messages,
    );
}

#[test]
fn a_wave_names_questions_and_keys_that_there_are() {
    refused(
        "[wave.questions.q11]\n[wave.questions.q1]\ncolum = \"x\"\n[wave.questions.d]\n",
        "unknown question `q11` in a wave
  at: q11
  hint: did you mean `q1`?
unknown key `colum` in `wave.questions`
  at: colum
  hint: did you mean `column`?
the derived question `d` has no wave of its own
  at: d
  hint: say what differed at the questions it comes from",
    );
    refused(
        "[wave.questions.q1]\ncolumns = \"x{code}\"\n[wave.questions.q3]\ncolumn = \"x\"\n[wave.questions.\"q7.r1\"]\nnot_offered = [1]\n",
        "`columns` does not belong to a single question
  at: columns
`column` does not belong to a multi question
  at: column
`not_offered` does not belong to a row of a grid: say it at the grid
  at: not_offered",
    );
    refused(
        "[wave.questions.q3]\nasked = false\ncolumns = \"x{code}\"\n",
        "`columns` does not belong to a question that was not asked
  at: columns",
    );
    refused(
        "[[wave]]\nid = \"w\"\nlabel = \"again\"\n",
        "the wave's id `w` is used twice
  at: \"w\"",
    );
}

#[test]
fn every_option_is_mapped_or_not_offered_and_every_code_means_one_thing() {
    refused(
        "[wave.questions.q1]\ncodes = { 1 = 1, 5 = 7 }\n",
        "`q1` has no option with code `7`
  at: 7
  hint: its codes are `1`, `2`",
    );
    refused(
        "[wave.questions.q1]\ncodes = { 1 = 1 }\n",
        "option `2` of `q1` is neither in `codes` nor in `not_offered`
  at: codes
  hint: on the right of `codes` are the options of today; list those that the wave did not have",
    );
    refused(
        "[wave.questions.q1]\ncodes = { 1 = 1, 2 = 2 }\nnot_offered = [2, 3]\n",
        "code `2` of `q1` is both mapped and `not_offered`
  at: 2
`q1` has no option with code `3`
  at: 3
  hint: its codes are `1`, `2`",
    );
    refused(
        "[wave.questions.q3]\nnot_offered = [1, 2]\n",
        "`not_offered` has every option of `q3`
  at: [1, 2]
  hint: if the wave did not ask the question, say `asked = false`",
    );
    refused(
        "[wave.questions.q1]\ncodes = { 1 = 1, 9 = 2 }\n",
        "the wave's code `9` of `q1` is also its missing code
  at: 9
  hint: if the wave had another code for it, map that one: `99 = 9`",
    );
    refused(
        "[wave.questions.q1]\ncodes = { 1 = 1, \"１\" = 2 }\n",
        "the wave's code `１` of `q1` is mapped twice
  at: \"１\"",
    );
    refused(
        "[wave.questions.q1]\nlabels = { 1 = \"x\", 2 = \"ｘ\", 5 = \"y\" }\n",
        "label `ｘ` is used twice in `q1`
  at: \"ｘ\"
`q1` has no code `5` in this wave
  at: 5
  hint: `labels` has the wave's codes on the left, as `codes` does",
    );
}

#[test]
fn columns_of_a_wave_are_named_and_read_once() {
    refused(
        "[wave.questions.q3]\ncodes = { 1 = 1, 3 = 2 }\n",
        "`codes` of `q3` needs `columns`
  at: codes
  hint: say what the wave's columns are called, such as `columns = \"q3_{code}\"`",
    );
    refused(
        "[wave.questions.q3]\ncolumns = \"x\"\n[wave.questions.q7]\ncolumns = \"y\"\n",
        "expected `{code}` in `columns`, found `x`
  at: \"x\"
  hint: without it all columns would have one name
expected `{row}` in `columns`, found `y`
  at: \"y\"
  hint: without it all columns would have one name",
    );
    refused(
        "[wave.questions.q1]\ncolumn = \"q3_1\"\n",
        "column `q3_1` is read by `q1` and `q3` in this wave
  at: q1",
    );
    refused(
        "[wave.questions.q3]\ncolumns = \"x{code}\"\npacked = { column = \"x\", separator = \";\" }\n",
        "`q3` has both `columns` and `packed`
  at: \"x{code}\"",
    );
}

#[test]
fn a_question_asked_by_one_that_was_not_asked_is_spoken_of() {
    refused(
        "[wave.questions.q1]\nasked = false\n",
        "`q3` is asked by the answer to `q1`, which this wave did not ask
  at: q1
  hint: say `asked = true` for `q3` if the wave asked everybody, `asked = false` if nobody",
    );
}

/// A schema with each kind of question, and a wave in which everything has another place and code.
const EACH: &str = r#"
[survey]
id = "s"
title = "s"
[[question]]
id = "one"
text = "one"
kind = "single"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
missing = [ { code = 9, label = "nil" } ]
[[question]]
id = "many"
text = "many"
kind = "multi"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
[[question]]
id = "pack"
text = "pack"
kind = "multi"
packed = { column = "pack", separator = ";" }
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
[[question]]
id = "grid"
text = "grid"
kind = "grid"
rows = [ { id = "r1", label = "r1" }, { id = "r2", label = "r2" } ]
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
[[question]]
id = "number"
text = "number"
kind = "number"
asked_if = "one == 1"
[[question]]
id = "day"
text = "day"
kind = "date"
[[derive]]
id = "group"
label = "group"
groups = [ { code = 1, label = "ab", when = "one in [1, 2]" }, { code = 2, label = "c", when = "one == 3" } ]
[[wave]]
id = "old"
label = "old"
[wave.questions.one]
column = "Q1"
codes = { x = 1, y = 2, z = 3, none = 9 }
labels = { x = "b", y = "a" }
[wave.questions.many]
packed = { column = "Q2", separator = "," }
codes = { 5 = 1, 6 = 2, 7 = 2 }
[wave.questions.pack]
columns = "Q3_{code}"
codes = { 10 = 1, 20 = 2, 21 = 2 }
[wave.questions.grid]
columns = "Q4_{row}"
codes = { 2 = 1, 1 = 2 }
[wave.questions."grid.r2"]
column = "Q4B"
[wave.questions.number]
column = "Q5"
[wave.questions.day]
column = "Q6"
"#;

/// The same respondents in today's layout and in the wave's give the same table, cell for cell.
#[test]
fn a_wave_s_file_gives_the_tables_of_the_same_answers_today() {
    let today = "one,many_1,many_2,pack,grid_r1,grid_r2,number,day\n\
                 1,1,0,1;2,1,2,5,2016-11-10\n2,0,1,2,2,2,,2016-11-11\n3,1,1,,1,,,\n9,0,0,1,,1,,\n,0,0,,,,,\n";
    let old = "Q1,Q2,Q3_10,Q3_20,Q3_21,Q4_r1,Q4B,Q5,Q6\n\
               x,5,1,0,1,2,1,5,H28.11.10\ny,\"6,7\",0,1,1,1,1,,2016/11/11\nz,\"5,7\",0,0,0,2,,,\nnone,,1,0,0,,2,,\n,,0,0,0,,,,\n";
    let labels = old
        .replace("x,5", "b,5")
        .replace("\ny,", "\na,")
        .replace("\nz,", "\nc,")
        .replace("\nnone,", "\nnil,");
    let program = Program::new()
        .file("s.toml", EACH)
        .file("today.csv", today)
        .file("old.csv", old)
        .file("labels.csv", &labels);
    let tidy = |data: &str, wave: &[&str]| {
        let fixed =
            ["crosstab", "--schema", "s.toml", data, "--rows", "all", "--cols", "group", "--format", "tidy"];
        let run = program.run(&[&fixed[..], wave].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let expected = tidy("today.csv", &[]);
    assert!(expected.lines().count() > 200 && !expected.contains("old"));
    for data in ["old.csv", "labels.csv"] {
        assert_eq!(tidy(data, &["--wave", "old"]).replace(",old,,", ",,,"), expected, "{data}");
    }
}

/// Derived questions and named groups of what a wave did not have are not available, never none.
#[test]
fn what_a_wave_did_not_have_is_not_available_anywhere() {
    let schema = EACH.replace(
        "codes = { x = 1, y = 2, z = 3, none = 9 }\nlabels = { x = \"b\", y = \"a\" }",
        "not_offered = [3]",
    );
    let schema =
        schema.replace("[wave.questions.day]\ncolumn = \"Q6\"", "[wave.questions.day]\nasked = false");
    let data = "Q1,Q2,Q3_10,Q3_20,Q3_21,Q4_r1,Q4B,Q5\n1,5,1,0,1,2,1,5\n2,6,0,1,1,1,1,\n";
    let program = Program::new()
        .file("s.toml", &schema)
        .file("d.csv", data)
        .file("c.csv", data.replace("\n2,6", "\n3,6"));
    let run = |data: &str, rows: &str| {
        let fixed =
            ["crosstab", "--schema", "s.toml", data, "--wave", "old", "--cols", "group", "--rows", rows];
        program.run(&[&fixed[..], &["--format", "tidy", "--measures", "n"]].concat())
    };
    let told = run("d.csv", "one,day");
    assert_eq!(told.code, 0, "{}", told.stderr);
    let cells = |start: &str| -> Vec<String> {
        let lines = told.stdout.lines().filter(|line| line.contains(start));
        lines.map(|line| line.split(',').skip(8).take(2).collect::<Vec<_>>().join("/")).collect()
    };
    // Total, group 1, group 2.
    assert_eq!(cells(",one,1,"), ["1/low_base", "1/low_base", "/undefined"]);
    assert_eq!(cells(",one,3,"), ["/undefined", "/undefined", "/undefined"]);
    assert_eq!(cells(",day,,day,"), ["/undefined", "/undefined", "/undefined"]);
    let refused = run("c.csv", "one");
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("`3` is no option of question `one`"), "{}", refused.stderr);
}

#[test]
fn an_unknown_wave_is_told_with_those_there_are() {
    let program = Program::new()
        .file("s.toml", EACH)
        .file("none.toml", [SURVEY, SINGLE].concat())
        .file("d.csv", "one\n1\n");
    let told = |schema: &str| program.run(&["tab", "--schema", schema, "d.csv", "--wave", "2015"]);
    let run = told("s.toml");
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (1, "error: unknown wave `2015` in `--wave`\n  hint: the schema has `old`\n")
    );
    let run = told("none.toml");
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (1, "error: unknown wave `2015` in `--wave`\n  hint: the schema has no `[[wave]]`\n")
    );
}

#[test]
fn a_wave_has_its_field_period_and_may_ask_everybody() {
    let wave = "field_period = { from = 2019-06-03, to = 2019-06-28 }\n[wave.questions.q3]\nasked = true\n";
    let schema = [SURVEY, SINGLE, MULTI, "asked_if = \"q1 == 1\"\n", WAVE, wave].concat();
    let survey = renkei::schema::load("s.toml", &schema).expect("a sound schema").value;
    let earlier = survey.in_wave(0);
    assert_eq!(earlier.about, [("調査期間".to_string(), "2019年6月3日〜2019年6月28日".to_string())]);
    assert!(survey.questions[1].asked_if.is_some() && earlier.questions[1].asked_if.is_none());
}

/// A wave that did not ask what other questions come from.
const SOURCES: &str = r#"
[survey]
id = "s"
title = "s"
respondent = "no"
[[question]]
id = "many"
text = "many"
kind = "multi"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "other", text = "many_o" } ]
[[question]]
id = "words"
text = "words"
kind = "text"
[[question]]
id = "rank"
text = "rank"
kind = "rank"
places = 2
points = [5, 3]
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
[[derive]]
id = "recoded"
label = "recoded"
from = "many"
recode = [ { to = 1, words = ["A"] } ]
[[derive]]
id = "frame"
label = "frame"
from = "words"
comments = [ { code = 1, label = "x", words = ["x"] } ]
[[derive]]
id = "times"
label = "times"
count = { multi = "many", of = [1, 2] }
[[wave]]
id = "nothing"
label = "nothing"
[wave.questions.many]
asked = false
[wave.questions.words]
asked = false
[wave.questions.rank]
asked = false
[[wave]]
id = "fewer"
label = "fewer"
[wave.questions.many]
not_offered = [1, 2]
[wave.questions.words]
asked = false
[wave.questions.rank]
asked = false
[[wave]]
id = "closed"
label = "closed"
[wave.questions.many]
not_offered = [3]
[wave.questions.words]
asked = false
[wave.questions.rank]
asked = false
"#;

#[test]
fn nothing_is_read_or_counted_of_what_a_wave_did_not_ask() {
    let program = Program::new()
        .file("s.toml", SOURCES)
        .file("nothing.csv", "no\n1\n2\n")
        .file("fewer.csv", "no,many_3,many_o\n1,1,A\n2,1,z\n")
        .file("closed.csv", "no,many_1,many_2\n1,1,0\n2,1,1\n");
    let tab = |wave: &str, rows: &str, more: &[&str]| {
        let data = format!("{wave}.csv");
        let fixed = ["tab", "--schema", "s.toml", &data, "--wave", wave, "--rows", rows];
        let run = program.run(&[&fixed[..], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    // A column of the words of its その他 is not looked for, and each table says why it is empty.
    for question in ["many", "rank", "recoded", "frame", "times"] {
        let told = tab("nothing", question, &["--low-base", "0"]);
        assert!(told.contains("※ この回の調査票にない設問のため、全員を非該当とした"), "{told}");
    }
    // The table of a rank question has its shape.
    assert!(tab("nothing", "rank", &[]).contains("得点"));
    let counted = |wave: &str| -> Vec<String> {
        let told = tab(wave, "recoded", &["--format", "tidy", "--measures", "n", "--low-base", "0"]);
        let lines = told.lines().skip(1).filter(|line| line.contains(",option,"));
        lines.map(|line| line.split(',').skip(8).take(2).collect::<Vec<_>>().join("/")).collect()
    };
    // An answer that words can make is counted, though it was not on offer; others are not available.
    assert_eq!(counted("fewer"), ["1/", "/undefined", "1/"]);
    assert_eq!(counted("closed"), ["2/", "1/", "/undefined"]);
}
