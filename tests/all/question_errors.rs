//! Mistakes of the schema file in its questions and their codes.
//!
//! Each test holds the smallest schema that makes the mistake, and what the user reads.

use crate::refusal::{MULTI, SINGLE, SURVEY, refuses};

#[test]
fn wrong_type_says_what_was_found() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "text"
short = 1
assumed = "yes"
"#,
        ],
        r#"expected a string for `short`, found an integer
  at: 1
expected `true` or `false` for `assumed`, found a string
  at: "yes""#,
    );
}

#[test]
fn missing_key_is_told_once() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
kind = "text"
"#,
        ],
        "missing key `text` in `[[question]]`
  at: [[question]]",
    );
}

#[test]
fn id_begins_with_a_letter() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "1q"
text = "t"
kind = "text"
"#,
        ],
        r#"expected an id, found `1q`
  at: "1q"
  hint: an id has the letters A to Z, digits, `_` and `.`, and does not begin with a digit or `.`"#,
    );
}

#[test]
fn id_is_no_word_of_expressions() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "not"
text = "t"
kind = "text"
"#,
        ],
        r#"`not` cannot be an id
  at: "not"
  hint: it is a word of expressions and requests"#,
    );
}

#[test]
fn id_is_used_once() {
    refuses(
        &[SURVEY, SINGLE, SINGLE],
        r#"id `q1` is used twice
  at: "q1""#,
    );
}

#[test]
fn id_is_no_row_of_a_grid() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
rows = [ { id = "r1", label = "a" } ]
[[question]]
id = "q7.r1"
text = "t"
kind = "text"
"#,
        ],
        r#"id `q7.r1` is also a row of the grid `q7`
  at: "q7.r1""#,
    );
}

#[test]
fn text_is_not_empty() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = ""
kind = "text"
"#,
        ],
        r#"the text of `q1` is empty
  at: """#,
    );
}

#[test]
fn kind_is_one_of_the_known_words() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "sngle"
options = [ { code = 1, label = "a" } ]
"#,
        ],
        r#"expected `single`, `multi`, `scale`, `grid`, `rank`, `number`, `date` or `text` for `kind`, found `sngle`
  at: "sngle"
  hint: did you mean `single`?"#,
    );
}

#[test]
fn number_and_text_have_no_options() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "number"
options = [ { code = 1, label = "a" } ]
[[question]]
id = "q2"
text = "t"
kind = "text"
values = "code"
"#,
        ],
        "`options` does not belong to a number question
  at: options
  hint: it belongs to questions of kind `single`, `scale`, `multi`, `grid` or `rank`
`values` does not belong to a text question
  at: values
  hint: it belongs to questions of kind `single`, `scale`, `multi`, `grid` or `rank`",
    );
}

#[test]
fn single_has_options() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
[[question]]
id = "q2"
text = "t"
kind = "multi"
options = []
"#,
        ],
        r#"single question `q1` has no options
  at: "single"
  hint: write `options = [ { code = 1, label = "…" }, … ]`
multi question `q2` has no options
  at: []
  hint: write `options = [ { code = 1, label = "…" }, … ]`"#,
    );
}

#[test]
fn mistyped_options_are_told_once() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
option = [ { code = 1, label = "a" } ]
nets = [ { id = "n", label = "n", of = [1] } ]
"#,
        ],
        "unknown key `option` in `[[question]]`
  at: option
  hint: did you mean `options`?",
    );
}

#[test]
fn option_set_is_a_known_one() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = "@prefecture"
"#,
        ],
        r#"expected a list, `@prefectures`, `@municipalities` or `@master` for `options`, found `@prefecture`
  at: "@prefecture"
  hint: did you mean `@prefectures`?"#,
    );
}

#[test]
fn columns_and_packed_exclude_each_other() {
    refuses(
        &[
            SURVEY,
            MULTI,
            r#"columns = "q3_{code}"
packed = { column = "q3", separator = ";" }
"#,
        ],
        r#"`q3` has both `columns` and `packed`
  at: { column = "q3", separator = ";" }
  hint: `columns` is for one column an option, `packed` for all answers in one column; keep one"#,
    );
}

#[test]
fn columns_name_the_code() {
    refuses(
        &[
            SURVEY,
            MULTI,
            r#"columns = "q3"
"#,
        ],
        r#"expected `{code}` in `columns`, found `q3`
  at: "q3"
  hint: without it all columns would have one name"#,
    );
}

#[test]
fn columns_of_a_grid_name_the_row() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
rows = [ { id = "r1", label = "a" } ]
columns = "q7_{code}"
"#,
        ],
        r#"expected `{row}` in `columns`, found `q7_{code}`
  at: "q7_{code}"
  hint: without it all columns would have one name"#,
    );
}

#[test]
fn packed_column_has_no_selected_tokens() {
    refuses(
        &[
            SURVEY,
            MULTI,
            r#"packed = { column = "q3", separator = "" }
selected = ["1"]
none_selected = "reply"
"#,
        ],
        r#"the separator is empty
  at: ""
  hint: write what stands between two answers, such as `;`
`selected` does not belong to a packed column
  at: selected
  hint: it belongs to a multi question with one column an option
`none_selected` does not belong to a packed column
  at: none_selected
  hint: it belongs to a multi question with one column an option"#,
    );
}

#[test]
fn grid_has_rows() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
"#,
        ],
        r#"grid `q7` has no rows
  at: "grid"
  hint: write `rows = [ { id = "r1", label = "…" }, … ]`"#,
    );
}

#[test]
fn row_is_declared_once() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
rows = [ { id = "r1", label = "a" }, { id = "r1", label = "b" }, { id = "r 2", label = "c" } ]
"#,
        ],
        r#"row `q7.r1` is declared twice
  at: "r1"
expected letters, digits, `_` and `.` for a row's id, found `r 2`
  at: "r 2""#,
    );
}

#[test]
fn only_multi_has_exclusive_options() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = 1, label = "a", exclusive = true } ]
"#,
        ],
        "`exclusive` does not belong to a single question
  at: true
  hint: only a multi question can have several options that exclude each other",
    );
}

#[test]
fn column_is_read_by_one_question() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"[[question]]
id = "q2"
text = "t"
kind = "text"
column = "q1"
"#,
        ],
        r#"column `q1` is read by `q1` and `q2`
  at: "q1""#,
    );
}

#[test]
fn option_has_code_and_label() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = 1 }, { label = "b" }, { code = 3, label = " " }, { code = "", label = "d" } ]
"#,
        ],
        r#"missing key `label` in `options`
  at: { code = 1 }
missing key `code` in `options`
  at: { label = "b" }
a label of `q1` is empty
  at: " "
a code is empty
  at: ""
  hint: a blank cell is 無回答 and needs no code"#,
    );
}

#[test]
fn code_is_used_once() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = 1, label = "a" }, { code = "１", label = "b" } ]
"#,
        ],
        r#"code `１` is used twice in `q1`
  at: "１""#,
    );
}

#[test]
fn label_is_used_once() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = 1, label = "20〜29歳" }, { code = 2, label = "２０～２９歳" }, { code = 3, label = "c", spellings = ["1", "20~29歳"] } ]
"#,
        ],
        r#"label `２０～２９歳` is used twice in `q1`
  at: "２０～２９歳"
  hint: it reads the same as `20〜29歳`: widths, spaces and kinds of dashes do not matter
code `1` is used twice in `q1`
  at: "1"
label `20~29歳` is used twice in `q1`
  at: "20~29歳"
  hint: it reads the same as `20〜29歳`: widths, spaces and kinds of dashes do not matter"#,
    );
}

#[test]
fn missing_code_is_no_option() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"missing = [ { code = 1, label = "無回答" }, { code = 9, label = "b" } ]
"#,
        ],
        r#"code `1` of `q1` stands for both an option and a missing code
  at: 1
label `b` of `q1` stands for both an option and a missing code
  at: "b""#,
    );
}

#[test]
fn not_asked_code_is_no_option() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            r#"missing = [ { code = 9, label = "無回答" } ]
not_asked = [2, "a", 9]
"#,
        ],
        r#"code `2` of `q1` stands for both an option and a code of `not_asked`
  at: 2
label `a` of `q1` stands for both an option and a code of `not_asked`
  at: "a"
code `9` of `q1` stands for both a missing code and a code of `not_asked`
  at: 9"#,
    );
}

#[test]
fn missing_code_is_no_prefecture() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = "@prefectures"
missing = [ { code = 13, label = "無回答" } ]
"#,
        ],
        "code `13` of `q1` stands for both an option and a missing code
  at: 13",
    );
}
