//! Mistakes in rank questions and their data, each with what the user reads.

use crate::cli::Program;
use crate::refusal::{SURVEY, refuses};

/// A rank question of three options.
const RANK: &str = r#"[[question]]
id = "q6"
text = "t"
kind = "rank"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
"#;

#[test]
fn places_are_at_most_the_options() {
    refuses(
        &[SURVEY, RANK, "places = 4\n"],
        "expected from 1 to 3 for `places`, found `4`
  at: 4
  hint: `q6` has 3 options to rank",
    );
}

#[test]
fn points_are_one_for_each_place() {
    refuses(
        &[SURVEY, RANK, "places = 2\npoints = [3, 2, 1]\n"],
        "expected 2 numbers for `points`, found 3
  at: [3, 2, 1]
  hint: one for each place of `q6`",
    );
    refuses(
        &[SURVEY, RANK, "points = [3, \"2\", 1]\n"],
        "expected an integer for `points`, found a string
  at: \"2\"",
    );
}

#[test]
fn columns_of_a_rank_question_say_place_or_code() {
    refuses(
        &[SURVEY, RANK, "columns = \"x_{place}_{code}\"\n"],
        "expected `{place}` or `{code}` in `columns`, found both
  at: \"x_{place}_{code}\"
  hint: a column holds an option, or a place; keep one",
    );
    refuses(
        &[SURVEY, RANK, "columns = \"x\"\n"],
        "expected `{place}` in `columns`, found `x`
  at: \"x\"
  hint: without it all columns would have one name",
    );
}

#[test]
fn a_code_of_no_answer_is_no_place() {
    let rank = RANK.replace("code = 3", "code = 7");
    refuses(
        &[SURVEY, &rank, "columns = \"q6_{code}\"\nmissing = [ { code = 3, label = \"無回答\" } ]\n"],
        "code `3` of `q6` could be a place
  at: \"q6\"
  hint: its columns hold places from 1 to 3, and 0 for none",
    );
}

#[test]
fn a_label_that_is_another_option_s_code_needs_a_reading() {
    let rank = RANK.replace("label = \"c\"", "label = \"1\"");
    refuses(
        &[SURVEY, &rank],
        "label `1` of `q6` is also the code of another option
  at: \"q6\"
  hint: say how cells are read: `values = \"code\"` or `values = \"label\"`",
    );
}

#[test]
fn a_place_has_an_id_of_its_own() {
    let single = "[[question]]\nid = \"q6.2\"\ntext = \"t\"\nkind = \"text\"\ncolumn = \"x\"\n";
    refuses(
        &[SURVEY, RANK, single],
        "id `q6.2` is also a place of the rank question `q6`
  at: \"q6.2\"",
    );
}

/// What a run over this data says.
fn told(keys: &str, data: &str, arguments: &[&str]) -> (i32, String, String) {
    let schema = format!("[survey]\nid = \"s\"\ntitle = \"s\"\n{RANK}{keys}");
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let run = program.run(&[&["tab", "--schema", "s.toml", "d.csv"], arguments].concat());
    (run.code, run.stderr, run.stdout)
}

#[test]
fn orders_that_cannot_be_are_refused() {
    let (code, errors, _) = told("", "q6_1,q6_2,q6_3\n1,1,2\n1,,2\n2,b,\n,3,\n1,2,3\n", &[]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(errors);
    let (code, errors, _) =
        told("places = 2\ncolumns = \"q6_{code}\"", "q6_1,q6_2,q6_3\n1,1,\n0,,2\n3,1,2\n1位,2位,0\n", &[]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(errors);
    let packed = "places = 2\npacked = { column = \"q6\", separator = \";\" }";
    let (code, errors, _) = told(packed, "q6\n1;2;3\n1;;2\n;2\n2;2\n1;9\n1;\n", &[]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(errors);
}

#[test]
fn lenient_reading_makes_no_answer_of_an_order_that_cannot_be() {
    let data = "q6_1,q6_2,q6_3\n1,1,2\n1,,2\n2,9,\n,3,\n1,2,3\n";
    let (code, errors, table) = told("", data, &["--lenient"]);
    assert_eq!(code, 0, "{errors}");
    insta::assert_snapshot!(table);
}

#[test]
fn orders_of_a_question_not_asked_for_are_warned_of() {
    let other = "[[question]]\nid = \"q7\"\ntext = \"t\"\nkind = \"number\"\n";
    let (code, errors, _) = told(other, "q6_1,q6_2,q6_3,q7\n1,1,2,5\n", &["--rows", "q7"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(errors);
}
