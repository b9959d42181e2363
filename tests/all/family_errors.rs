//! Mistakes of the schema file in scales, conditions, bands, counts, overlays and the like.
//!
//! Each test holds the smallest schema that makes the mistake, and what the user reads.

use crate::refusal::{SURVEY, refuses};

/// A scale of two options; keys may follow.
const SCALE: &str = r#"[[question]]
id = "q5"
text = "t"
kind = "scale"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 8, label = "c", score = false } ]
"#;

#[test]
fn an_option_of_a_scale_has_a_score_or_says_that_it_has_none() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q5"
text = "t"
kind = "scale"
options = [ { code = "x", label = "a" }, { code = "y", label = "b", score = 1.5 } ]
"#,
        ],
        r#"option `x` of `q5` has no score
  at: "x"
  hint: write `score = 5`, or `score = false` if it counts for no mean
expected an integer or `false` for `score`, found a decimal number
  at: 1.5"#,
    );
}

#[test]
fn scores_belong_to_scales_and_grids() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q5"
text = "t"
kind = "single"
options = [ { code = 1, label = "a", score = 5 } ]
boxes = 1
"#,
        ],
        "`score` does not belong to a single question
  at: 5
  hint: only a question of kind `scale` or a grid has scores
`boxes` does not belong to a single question
  at: boxes
  hint: it belongs to questions of kind `scale` or `grid`",
    );
}

#[test]
fn a_grid_without_scores_has_no_boxes() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q5"
text = "t"
kind = "grid"
rows = [ { id = "r1", label = "a" } ]
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
boxes = 1
"#,
        ],
        "`boxes` is for options with scores
  at: 1
  hint: say `scores = true` for the grid",
    );
}

#[test]
fn boxes_leave_no_option_in_both() {
    refuses(
        &[SURVEY, SCALE, "boxes = 2\n"],
        "expected from 1 to 1 for `boxes`, found `2`
  at: 2
  hint: `q5` has 2 options with a score",
    );
}

#[test]
fn boxes_do_not_cut_between_equal_scores() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q5"
text = "t"
kind = "scale"
options = [ { code = 1, label = "a", score = 2 }, { code = 2, label = "b", score = 2 }, { code = 3, label = "c" } ]
boxes = 1
"#,
        ],
        "`boxes = 1` cuts between two options with the score 2
  at: 1
  hint: write the net out under `nets`",
    );
}

#[test]
fn boxes_make_no_net_that_is_there() {
    refuses(
        &[SURVEY, SCALE, "boxes = 1\nnets = [ { id = \"top1\", label = \"n\", of = [1] } ]\n"],
        "`boxes` makes a net `top1`, which `q5` has already
  at: 1",
    );
}
