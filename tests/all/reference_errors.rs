//! Mistakes of the schema file in what refers to something else: nets, derived questions, `asked_if`.
//!
//! Each test holds the smallest schema that makes the mistake, and what the user reads.

use crate::refusal::{DERIVE, MULTI, SINGLE, SURVEY, refuses};

#[test]
fn net_has_known_codes() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"missing = [ { code = 9, label = "無回答" } ]
nets = [ { id = "n", label = "n", of = [1, 3, "b", 9] } ]
"#,
        ],
        r#"`q1` has no option with code `3`
  at: 3
  hint: its codes are `1`, `2`
`q1` has no option with code `b`
  at: "b"
  hint: codes are used here, not labels: write `2`
code `9` of `q1` is a missing code, not an option
  at: 9"#,
    );
}

#[test]
fn net_of_text_codes_suggests_the_nearest() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = "tokyo", label = "a" } ]
nets = [ { id = "n", label = "n", of = ["tokio"] } ]
"#,
        ],
        r#"`q1` has no option with code `tokio`
  at: "tokio"
  hint: did you mean `tokyo`?"#,
    );
}

#[test]
fn net_is_not_empty() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"nets = [ { id = "n", label = "n", of = [] } ]
"#,
        ],
        "net `n` of `q1` is empty
  at: []
  hint: list the codes of its options, such as `of = [1, 2]`",
    );
}

#[test]
fn net_has_a_code_once() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"nets = [ { id = "n", label = "n", of = [1, 1] } ]
"#,
        ],
        "code `1` is repeated in net `n`
  at: 1",
    );
}

#[test]
fn net_id_is_no_code() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = "a", label = "x" } ]
missing = [ { code = "m", label = "無回答" } ]
nets = [ { id = "a", label = "n", of = ["a"] }, { id = "m", label = "n", of = ["a"] }, { id = "n", label = "n", of = ["a"] }, { id = "n", label = "n", of = ["a"] }, { id = "9", label = "n", of = ["a"] } ]
"#,
        ],
        r#"net id `a` is also the code of an option of `q1`
  at: "a"
net id `m` is also a missing code of `q1`
  at: "m"
net id `n` is also another net of `q1`
  at: "n"
expected an id, found `9`
  at: "9"
  hint: an id has the letters A to Z, digits, `_` and `.`, and does not begin with a digit or `.`"#,
    );
}

#[test]
fn net_has_a_label() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"nets = [ { id = "n", of = [1] }, { id = "m", label = "", of = [1] } ]
"#,
        ],
        r#"missing key `label` in `nets`
  at: { id = "n", of = [1] }
the label of net `m` is empty
  at: """#,
    );
}

#[test]
fn derived_from_a_known_question() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"[[derive]]
id = "d"
label = "d"
from = "q11"
groups = [ { code = 1, label = "x", of = [1, 2] } ]
"#,
        ],
        r#"unknown question `q11` in `from`
  at: "q11"
  hint: did you mean `q1`?"#,
    );
}

#[test]
fn derived_from_a_question_with_options() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "number"
"#,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", rest = true } ]
"#,
        ],
        r#"expected a question with options in `from`, found the number question `q1`
  at: "q1"
  hint: group a number by `bands`"#,
    );
}

#[test]
fn derived_from_a_row_not_a_grid() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
rows = [ { id = "r1", label = "a" } ]
"#,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", rest = true } ]
"#,
        ],
        r#"expected one row of the grid `q1` in `from`
  at: "q1"
  hint: its rows are `q1.r1`"#,
    );
}

#[test]
fn derived_question_has_a_label_and_groups() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"[[derive]]
id = "d"
from = "q1"
"#,
        ],
        "missing key `label` in `[[derive]]`
  at: [[derive]]
missing key `groups` in `[[derive]]`
  at: [[derive]]",
    );
}

#[test]
fn option_is_in_one_group() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", of = [1, 2] }, { code = 2, label = "y", of = [2] } ]
"#,
        ],
        "code `2` is in two groups of `d`
  at: 2",
    );
}

#[test]
fn one_group_takes_the_rest() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", rest = true }, { code = 2, label = "y", rest = true } ]
"#,
        ],
        "`d` has two groups with `rest = true`
  at: true
  hint: only one group can take the remaining options",
    );
}

#[test]
fn group_has_known_codes() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", of = [1, 3] }, { code = 2, label = "y", of = [2] } ]
"#,
        ],
        "`q1` has no option with code `3`
  at: 3
  hint: its codes are `1`, `2`",
    );
}

#[test]
fn group_says_which_options_it_takes() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            DERIVE,
            r#"groups = [ { code = 1, label = "x" }, { code = 2, label = "y", of = [1], rest = true }, { code = 3, label = "z", of = [] } ]
"#,
        ],
        r#"a group of `d` has neither `of` nor `rest`
  at: { code = 1, label = "x" }
  hint: write `of = [1, 2]`, or `rest = true` for the remaining options
a group has both `of` and `rest`
  at: true
  hint: `rest = true` takes the options that no other group has
a group of `d` is empty
  at: []
  hint: list the codes of its options, such as `of = [1, 2]`"#,
    );
}

#[test]
fn group_code_is_no_inherited_missing_code() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"missing = [ { code = 9, label = "無回答" } ]
"#,
            DERIVE,
            r#"groups = [ { code = 9, label = "x", rest = true } ]
"#,
        ],
        "code `9` of `d` stands for both a missing code and an option
  at: 9",
    );
}

#[test]
fn derived_questions_do_not_go_in_a_circle() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"[[derive]]
id = "a"
label = "a"
from = "b"
groups = [ { code = 1, label = "x", rest = true } ]
[[derive]]
id = "b"
label = "b"
from = "a"
groups = [ { code = 1, label = "x", rest = true } ]
"#,
        ],
        r#"`a` is derived from itself: `a` from `b` from `a`
  at: "b""#,
    );
}

#[test]
fn condition_in_a_schema_is_pointed_into() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            MULTI,
            r#"asked_if = "q1 = 1"
"#,
        ],
        "unexpected `=`
  at: =
  hint: write `==`",
    );
}

#[test]
fn condition_with_escapes_is_pointed_at_as_a_whole() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            MULTI,
            r#"asked_if = "q1 == \"c\""
"#,
        ],
        r#"`q1` has no option with code `c`
  at: "q1 == \"c\""
  hint: its codes are `1`, `2`"#,
    );
}

#[test]
fn condition_names_known_questions_and_codes() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            MULTI,
            r#"asked_if = "q33 has 1 or q1 == 5"
"#,
        ],
        "unknown question `q33`
  at: q33
  hint: did you mean `q3`?
`q1` has no option with code `5`
  at: 5
  hint: its codes are `1`, `2`",
    );
}

#[test]
fn question_is_not_asked_if_itself() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"asked_if = "q1 == 1"
"#,
        ],
        r#"whether `q1` is asked depends on itself: `q1` → `q1`
  at: "q1 == 1""#,
    );
}

#[test]
fn conditions_do_not_go_in_a_circle() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"asked_if = "q3 has 1"
"#,
            MULTI,
            r#"asked_if = "d == 1"
"#,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", rest = true } ]
"#,
        ],
        r#"whether `q1` is asked depends on itself: `q1` → `q3` → `d` → `q1`
  at: "q3 has 1""#,
    );
}

#[test]
fn grid_is_not_asked_if_its_row() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
rows = [ { id = "r1", label = "a" } ]
asked_if = "q7.r1 == 1"
"#,
        ],
        r#"whether `q7` is asked depends on itself: `q7` → `q7`
  at: "q7.r1 == 1""#,
    );
}

#[test]
fn mistake_in_a_question_is_not_repeated_where_it_is_used() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "sngle"
options = [ { cod = 1, label = "a" } ]
nets = [ { id = "n", label = "n", of = [1] } ]
"#,
            MULTI,
            r#"asked_if = "q1 == 1"
"#,
            DERIVE,
            r#"groups = [ { code = 1, label = "x", of = [1] } ]
"#,
        ],
        r#"expected `single`, `multi`, `scale`, `grid`, `rank`, `number`, `date` or `text` for `kind`, found `sngle`
  at: "sngle"
  hint: did you mean `single`?
unknown key `cod` in `options`
  at: cod
  hint: did you mean `code`?"#,
    );
}

#[test]
fn unreadable_codes_of_a_group_are_told_once() {
    refuses(
        &[SURVEY, SINGLE, DERIVE, "groups = [ { code = 1, label = \"x\", of = [1.5] } ]\n"],
        "expected an integer or a string for `of`, found a decimal number\n  at: 1.5",
    );
}

#[test]
fn unreadable_row_is_told_once() {
    refuses(
        &[SURVEY, GRID, "rows = [1]\n", MULTI, "asked_if = \"q7.r1 == 1\"\n"],
        "expected a table for `rows`, found an integer\n  at: 1",
    );
}

#[test]
fn id_used_twice_is_not_told_again_where_it_is_used() {
    refuses(
        &[SURVEY, SINGLE, SINGLE, MULTI, "asked_if = \"q1 == 5\"\n"],
        "id `q1` is used twice\n  at: \"q1\"",
    );
}

const GRID: &str = r#"[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
"#;
