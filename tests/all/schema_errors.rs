//! Mistakes of the schema file as a file and in `[survey]`.
//!
//! Each test holds the smallest schema that makes the mistake, and what the user reads.

use crate::refusal::{SINGLE, SURVEY, refuses};

#[test]
fn broken_toml_is_told_alone() {
    refuses(
        &["[survey]
id = s
title = 1
[[question]]
"],
        "not TOML: string values must be quoted, expected literal string
  at: s",
    );
}

#[test]
fn duplicate_toml_key_is_pointed_at() {
    refuses(
        &[r#"[survey]
id = "s"
id = "t"
"#],
        "not TOML: duplicate key
  at: id",
    );
}

#[test]
fn empty_file_lacks_everything() {
    refuses(
        &[],
        "the schema has no questions
  hint: add a `[[question]]`
missing key `survey` in the file
  at:",
    );
}

#[test]
fn schema_without_questions_is_refused() {
    refuses(
        &[SURVEY],
        "the schema has no questions
  hint: add a `[[question]]`",
    );
}

#[test]
fn unknown_table_suggests_the_known_one() {
    refuses(
        &[
            SURVEY,
            r#"[[questoin]]
id = "q1"
"#,
        ],
        "unknown key `questoin` in the file
  at: questoin
  hint: did you mean `question`?",
    );
}

#[test]
fn unknown_key_suggests_the_known_one() {
    refuses(
        &[
            r#"[survey]
id = "s"
titel = "s"
"#,
            SINGLE,
        ],
        "unknown key `titel` in `survey`
  at: titel
  hint: did you mean `title`?",
    );
}

#[test]
fn unknown_key_far_from_all_lists_the_known_ones() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            "[survey.about]
field_period = { xyz = 1, from = 2016-11-10, to = 2016-11-10 }
",
        ],
        "unknown key `xyz` in `field_period`
  at: xyz
  hint: known keys are `from`, `to`",
    );
}

#[test]
fn single_brackets_are_explained() {
    refuses(
        &[
            SURVEY,
            r#"[question]
id = "q1"
"#,
        ],
        "expected a list of tables for `question`, found a table
  at: [question]
  hint: write `[[question]]` with double brackets",
    );
}

#[test]
fn sampling_is_one_of_three_words() {
    refuses(
        &[
            SURVEY,
            r#"sampling = "volunter"
no_answer = "includes"
"#,
            SINGLE,
        ],
        r#"expected `probability`, `census` or `volunteer` for `sampling`, found `volunter`
  at: "volunter"
  hint: did you mean `volunteer`?
expected `include` or `exclude` for `no_answer`, found `includes`
  at: "includes"
  hint: did you mean `include`?"#,
    );
}

#[test]
fn field_period_needs_dates() {
    refuses(
        &[
            SURVEY,
            r#"[survey.about]
field_period = { from = "2016", to = 2016-11-15 }
sent = "77"
"#,
            SINGLE,
        ],
        r#"expected a date such as 2016-11-10 without quotes for `from`, found a string
  at: "2016"
expected an integer for `sent`, found a string
  at: "77""#,
    );
}

#[test]
fn field_period_ends_after_it_begins() {
    refuses(
        &[
            SURVEY,
            "[survey.about]
field_period = { from = 2016-11-16, to = 2016-11-15 }
sent = -1
",
            SINGLE,
        ],
        "the field period ends before it begins
  at: 2016-11-15
  hint: `from` is the first day, `to` the last
expected a count for `sent`, found `-1`
  at: -1",
    );
}

#[test]
fn all_mistakes_are_told_in_one_run() {
    refuses(
        &[r#"[survey]
id = 1
title = "s"
[[question]]
id = "q1"
txet = "t"
kind = "sngle"
options = [ { code = 1.5, label = "a" } ]
nets = [ { id = "n", of = [1] } ]
asked_if = "q2 =="
"#],
        r#"expected a string for `id`, found an integer
  at: 1
unknown key `txet` in `[[question]]`
  at: txet
  hint: did you mean `text`?
expected `single`, `multi`, `scale`, `grid`, `rank`, `number`, `date` or `text` for `kind`, found `sngle`
  at: "sngle"
  hint: did you mean `single`?
expected an integer or a string for `code`, found a decimal number
  at: 1.5
missing key `label` in `nets`
  at: { id = "n", of = [1] }
expected a code, found the end
  at:"#,
    );
}

#[test]
fn place_is_file_line_and_column_under_japanese_text() {
    let text =
        format!("{SURVEY}{SINGLE}colum = \"設問\"\nshort = \"連携\"\nasked_if = \"q1 == 1 かつ q1 == 2\"\n");
    let errors = renkei::schema::load("調査.toml", &text).expect_err("two mistakes");
    let shown: String = errors.iter().map(|error| error.render(false)).collect();
    assert_eq!(
        shown,
        r#"error: unknown key `colum` in `[[question]]`
 --> 調査.toml:9:1
  |
9 | colum = "設問"
  | ^^^^^
  |
  = hint: did you mean `column`?
error: unexpected character `か`
  --> 調査.toml:11:21
   |
11 | asked_if = "q1 == 1 かつ q1 == 2"
   |                     ^^
   |
   = hint: expressions use ids and codes, not labels
"#
    );
}

#[test]
fn survey_id_is_fit_for_file_names() {
    for id in ["", "a/b", "..", "a b"] {
        refuses(
            &[&format!("[survey]\nid = \"{id}\"\ntitle = \"s\"\n"), SINGLE],
            &format!(
                "expected a survey id, found `{id}`\n  at: \"{id}\"\n  hint: it becomes part of file names: \
                 no spaces, none of `/ \\ : * ? \" < > |`, no `.` in front"
            ),
        );
    }
}
