//! Mistakes in grids with several answers a row, each with what the user reads.

use crate::refusal::{SURVEY, refuses};

/// A grid with several answers a row.
const GRID: &str = r#"[[question]]
id = "q5"
text = "t"
kind = "grid"
each = "multi"
rows = [ { id = "r1", label = "a" } ]
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
"#;

#[test]
fn keys_of_several_answers_need_rows_of_several_answers() {
    let grid = GRID.replace("each = \"multi\"\n", "");
    refuses(
        &[SURVEY, &grid, "selected = [\"x\"]\n"],
        "`selected` does not belong to a grid with one answer a row
  at: selected
  hint: say `each = \"multi\"` for the grid",
    );
}

#[test]
fn a_mistyped_each_is_the_only_mistake() {
    let grid = GRID.replace("multi", "mulit");
    refuses(
        &[SURVEY, &grid, "selected = [\"x\"]\n"],
        "expected `single` or `multi` for `each`, found `mulit`
  at: \"mulit\"
  hint: did you mean `multi`?",
    );
}

#[test]
fn several_answers_have_no_scores() {
    refuses(
        &[SURVEY, GRID, "scores = true\n"],
        "`scores` does not belong to a grid with several answers a row
  at: scores
  hint: scores are for rows of one answer",
    );
    let grid = GRID.replace("label = \"b\"", "label = \"b\", score = 1");
    refuses(
        &[SURVEY, &grid],
        "`score` does not belong to a grid with several answers a row
  at: 1
  hint: scores are for rows of one answer",
    );
}

#[test]
fn columns_of_a_grid_with_several_answers_say_row_and_code() {
    refuses(
        &[SURVEY, GRID, "columns = \"q5_{row}\"\n"],
        "expected `{code}` in `columns`, found `q5_{row}`
  at: \"q5_{row}\"
  hint: without it all columns would have one name",
    );
    refuses(
        &[SURVEY, GRID, "packed = { column = \"q5\", separator = \";\" }\n"],
        "expected `{row}` in `column`, found `q5`
  at: \"q5\"
  hint: without it all columns would have one name",
    );
    let grid = GRID.replace("label = \"a\" } ]", "label = \"a\", column = \"x\" } ]");
    refuses(
        &[SURVEY, &grid],
        "expected `{code}` in `column`, found `x`
  at: \"x\"
  hint: without it all columns would have one name",
    );
}

#[test]
fn a_count_names_the_rows_of_several_answers() {
    let count = "[[derive]]\nid = \"d\"\nlabel = \"d\"\ncount = { questions = [\"q5\"], of = [1] }\n";
    refuses(
        &[SURVEY, GRID, count],
        "expected questions of one answer in `questions`, found the grid question `q5`
  at: \"q5\"
  hint: count one of its rows: `multi = \"q5.r1\"`",
    );
}
