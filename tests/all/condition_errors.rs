//! Mistakes of conditions, as `--filter` and `asked_if` have them.

use crate::refusal::{MULTI, SINGLE, SURVEY, refuses_condition};

const STATES: &str = "missing = [ { code = 9, label = \"無回答\" } ]\nnot_asked = [88]\n";
const OTHERS: &str = r#"[[question]]
id = "q4"
text = "t"
kind = "single"
options = [ { code = "a1", label = "x" } ]
[[question]]
id = "q7"
text = "t"
kind = "grid"
options = [ { code = 1, label = "a" } ]
rows = [ { id = "r1", label = "a" }, { id = "r2", label = "b" } ]
[[question]]
id = "age"
text = "t"
kind = "number"
missing = [ { code = 999, label = "無回答" } ]
[[question]]
id = "free"
text = "t"
kind = "text"
"#;

#[track_caller]
fn refuses(condition: &str, messages: &str) {
    refuses_condition(&[SURVEY, SINGLE, STATES, MULTI, OTHERS], condition, messages);
}

#[test]
fn empty_condition_says_what_is_expected() {
    refuses(
        "",
        "expected a question's id, found the end
  at:",
    );
}

#[test]
fn condition_ends_where_it_is_complete() {
    refuses(
        "q1 == 1 q1",
        "expected `and`, `or` or the end, found `q1`
  at: q1",
    );
    refuses(
        "q1 == 1)",
        "there is a `)` too many
  at: )",
    );
    refuses(
        "q1",
        "expected a comparison, `in`, `has` or `is`, found the end
  at:
  hint: such as `q1 == 1`",
    );
}

#[test]
fn brackets_and_quotes_are_closed() {
    refuses(
        "(q1 == 1",
        "a `(` is not closed
  at: (",
    );
    refuses(
        "q1 in [1",
        "expected `,` or `]`, found the end
  at:",
    );
    refuses(
        r#"q4 == "a1"#,
        r#"a quote `"` is not closed
  at: "a1"#,
    );
    refuses(
        "q1 in 1",
        "expected a list such as `[1, 2]`, found `1`
  at: 1",
    );
    refuses(
        "q1 in []",
        "expected a code, found `]`
  at: ]",
    );
    refuses(
        "q1 in [1,]",
        "expected a code, found `]`
  at: ]",
    );
}

#[test]
fn signs_of_other_languages_are_translated() {
    refuses(
        "q1 = 1",
        "unexpected `=`
  at: =
  hint: write `==`",
    );
    refuses(
        "q1 <> 1",
        "unexpected `<>`
  at: <>
  hint: write `!=`",
    );
    refuses(
        "q1 == 1 && q1 == 2",
        "unexpected `&&`
  at: &&
  hint: write `and`",
    );
    refuses(
        "q1 == 1 || q1 == 2",
        "unexpected `||`
  at: ||
  hint: write `or`",
    );
    refuses(
        "!(q1 == 1)",
        "unexpected `!`
  at: !
  hint: write `not`",
    );
    refuses(
        "q1 ＝ 1",
        "unexpected `＝`
  at: ＝
  hint: write `==`",
    );
    refuses(
        "q1 ≧ 1",
        "unexpected `≧`
  at: ≧
  hint: write `>=`",
    );
}

#[test]
fn unknown_characters_are_pointed_at() {
    refuses(
        "性別 == 1",
        "unexpected character `性`
  at: 性
  hint: expressions use ids and codes, not labels",
    );
    refuses(
        "q1\u{200b} == 1",
        r#"unexpected character `\u{200b}`
  at: \u{200b}
  hint: remove this invisible character"#,
    );
    refuses(
        "q1 == #",
        "unexpected character `#`
  at: #",
    );
}

#[test]
fn numbers_are_whole_words() {
    refuses(
        "q1 == 2a",
        r#"expected a number, found `2a`
  at: 2a
  hint: text codes are written in quotes, such as `"a1"`"#,
    );
    refuses(
        "q1 == 1.",
        r#"expected a number, found `1.`
  at: 1.
  hint: text codes are written in quotes, such as `"a1"`"#,
    );
    refuses(
        "q1 == -",
        r#"expected a number, found `-`
  at: -
  hint: text codes are written in quotes, such as `"a1"`"#,
    );
    refuses(
        "q1 == 99999999999999999999",
        "expected a number of at most 18 digits, found `99999999999999999999`
  at: 99999999999999999999",
    );
    refuses(
        "age > 1.0000000000000000001",
        "expected a number of at most 18 digits, found `1.0000000000000000001`
  at: 1.0000000000000000001",
    );
}

#[test]
fn codes_are_no_names() {
    refuses(
        "q1 == a",
        r#"expected a code, found `a`
  at: a
  hint: text codes are written in quotes: `"a"`"#,
    );
    refuses(
        "q1 == q3",
        r#"expected a code, found `q3`
  at: q3
  hint: text codes are written in quotes: `"q3"`"#,
    );
    refuses(
        "and q1 == 1",
        "expected a question's id, found `and`
  at: and",
    );
}

#[test]
fn state_is_one_of_three_words() {
    refuses(
        "q1 is not given",
        "expected `given`, `missing` or `asked`, found `not`
  at: not
  hint: write `not q1 is …`",
    );
    refuses(
        "q1 is blank",
        "expected `given`, `missing` or `asked`, found `blank`
  at: blank",
    );
}

#[test]
fn question_is_known() {
    refuses(
        "q11 == 1 and qq3 has 1",
        "unknown question `q11`
  at: q11
  hint: did you mean `q1`?
unknown question `qq3`
  at: qq3
  hint: did you mean `q3`?",
    );
}

#[test]
fn code_is_known() {
    refuses(
        "q1 == 3",
        "`q1` has no option with code `3`
  at: 3
  hint: its codes are `1`, `2`",
    );
    refuses(
        "q1 in [1, 4, 5]",
        "`q1` has no option with code `4`
  at: 4
  hint: its codes are `1`, `2`
`q1` has no option with code `5`
  at: 5
  hint: its codes are `1`, `2`",
    );
    refuses(
        "q3 has any [1, 7]",
        "`q3` has no option with code `7`
  at: 7
  hint: its codes are `1`, `2`",
    );
    refuses(
        r#"q1 == "a""#,
        r#"`q1` has no option with code `a`
  at: "a"
  hint: codes are used here, not labels: write `1`"#,
    );
    refuses(
        r#"q4 == "a2""#,
        r#"`q4` has no option with code `a2`
  at: "a2"
  hint: did you mean `a1`?"#,
    );
    refuses(
        "q4 == a1",
        r#"expected a code, found `a1`
  at: a1
  hint: text codes are written in quotes: `"a1"`"#,
    );
    refuses(
        "q1 == 1.5",
        "`q1` has no option with code `1.5`
  at: 1.5
  hint: its codes are `1`, `2`",
    );
    refuses(
        "q4 == 1",
        r#"`q4` has no option with code `1`
  at: 1
  hint: its codes are `"a1"`"#,
    );
}

#[test]
fn missing_code_is_a_state() {
    refuses(
        "q1 == 9",
        "code `9` of `q1` is a missing code, not an answer
  at: 9
  hint: use `q1 is missing`",
    );
    refuses(
        "q1 < 9",
        "code `9` of `q1` is a missing code, not an answer
  at: 9
  hint: use `q1 is missing`",
    );
    refuses(
        "age == 999",
        "code `999` of `age` is a missing code, not an answer
  at: 999
  hint: use `age is missing`",
    );
    refuses(
        "q1 != 88",
        "code `88` of `q1` means 非該当, it is not an answer
  at: 88
  hint: use `not q1 is asked`",
    );
}

#[test]
fn single_does_not_have() {
    refuses(
        "q1 has 1",
        "`has` is for multi questions, but `q1` is a single question
  at: has
  hint: write `q1 == …` or `q1 in […]`",
    );
    refuses(
        "age has any [1]",
        "`has` is for multi questions, but `age` is a number question
  at: has
  hint: write `age == …`",
    );
    refuses(
        "free has 1",
        "`has` is for multi questions, but `free` is a text question
  at: has
  hint: write `free is given`",
    );
}

#[test]
fn multi_does_not_equal() {
    refuses(
        "q3 == 1",
        "`==` compares one reply, but `q3` is a multi question
  at: ==
  hint: write `q3 has …` or `q3 has any […]`",
    );
    refuses(
        "q3 in [1]",
        "`in` compares one reply, but `q3` is a multi question
  at: in
  hint: write `q3 has …` or `q3 has any […]`",
    );
    refuses(
        "q3 < 2",
        "`<` compares one reply, but `q3` is a multi question
  at: <
  hint: write `q3 has …` or `q3 has any […]`",
    );
}

#[test]
fn text_is_only_given_or_missing() {
    refuses(
        r#"free == "a""#,
        "`==` compares one reply, but `free` is a text question
  at: ==
  hint: write `free is given` or `free is missing`",
    );
}

#[test]
fn grid_is_asked_by_row() {
    refuses(
        "q7 == 1",
        "expected one row of the grid `q7`
  at: q7
  hint: its rows are `q7.r1`, `q7.r2`",
    );
    refuses(
        "q7 is given",
        "expected one row of the grid `q7`
  at: q7
  hint: its rows are `q7.r1`, `q7.r2`",
    );
}

#[test]
fn order_needs_numbers() {
    refuses(
        "q4 < 1",
        "`<` compares numbers, but codes of `q4` are text
  at: <
  hint: write `q4 in […]`",
    );
    refuses(
        r#"q1 < "1""#,
        r#"`<` compares numbers, found text
  at: "1""#,
    );
    refuses(
        r#"age > "x""#,
        r#"expected a number for `age`, found text `x`
  at: "x""#,
    );
}
