//! Mistakes of the schema file in scales, conditions, bands, counts, overlays and the like.
//!
//! Each test holds the smallest schema that makes the mistake, and what the user reads.

use crate::refusal::{MULTI, SINGLE, SURVEY, refuses};

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
fn a_base_by_option_needs_options_that_are_limited() {
    refuses(
        &[SURVEY, SCALE, "base = \"option\"\n"],
        "`base` is for options that are limited, and `q5` has no `limited_to`
  at: \"option\"
  hint: say `limited_to = \"…\"`, or leave `base` out: everybody was offered every option",
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

/// A number question.
const NUMBER: &str = "[[question]]\nid = \"age\"\ntext = \"t\"\nkind = \"number\"\n";
/// The head of a derived question.
const HEAD: &str = "[[derive]]\nid = \"d\"\nlabel = \"d\"\n";

#[test]
fn conditions_and_lists_do_not_mix() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            HEAD,
            r#"from = "q1"
groups = [ { code = 1, label = "x", of = [1] }, { code = 2, label = "y", when = "q1 == 2" }, { code = 3, label = "z" } ]
"#,
        ],
        r#"`from` does not belong beside `when`
  at: "q1"
  hint: a condition names its questions itself
`d` has groups with `of` and with `when`
  at: [1]
  hint: write the list as a condition: `when = "q1 in [1, 2]"`
a group of `d` has neither `when` nor `rest`
  at: { code = 3, label = "z" }
  hint: write `when = "q1 == 1"`, or `rest = true` for the remaining respondents"#,
    );
}

#[test]
fn a_condition_of_a_group_points_into_itself() {
    refuses(
        &[SURVEY, SINGLE, HEAD, "groups = [ { code = 1, label = \"x\", when = \"q1 == 3\" } ]\n"],
        "`q1` has no option with code `3`
  at: 3
  hint: its codes are `1`, `2`",
    );
}

#[test]
fn groups_by_condition_do_not_depend_on_themselves() {
    refuses(
        &[SURVEY, SINGLE, HEAD, "groups = [ { code = 1, label = \"x\", when = \"d == 1\" } ]\n"],
        "`d` depends on itself: `d` → `d`
  at: \"d == 1\"",
    );
}

#[test]
fn a_group_has_one_way_to_be_filled() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            HEAD,
            "groups = [ { code = 1, label = \"x\", when = \"q1 == 1\", rest = true }, { code = 2, label = \"y\", rest = true }, { code = 3, label = \"z\", rest = true } ]\n",
        ],
        "a group has both `when` and `rest`
  at: true
  hint: `rest = true` takes those for whom no `when` holds
`d` has two groups with `rest = true`
  at: true
  hint: only one group can take the remaining respondents",
    );
}

#[test]
fn bands_are_of_numbers_and_share_none() {
    let bands = |list: &str| format!("from = \"age\"\nbands = [ {list} ]\n");
    let refused = |list: &str, messages: &str| refuses(&[SURVEY, NUMBER, HEAD, &bands(list)], messages);
    refused(
        "{ code = 1, label = \"x\", to = 30 }, { code = 2, label = \"y\", from = 29.5 }",
        "bands `x` and `y` of `d` share numbers
  at: { code = 2, label = \"y\", from = 29.5 }
  hint: `to` is not in the band; say `overlap = true` if bands shall overlap (再掲)",
    );
    refused(
        "{ code = 1, label = \"x\", from = 30, to = 30 }, { code = 2, label = \"y\" }",
        "a band of `d` ends before it begins
  at: 30
  hint: `from` is in the band, `to` is not: 20 to 29 is `from = 20, to = 30`
a band of `d` has neither `from` nor `to`
  at: { code = 2, label = \"y\" }
  hint: `from` is the first number in the band, `to` the first after it",
    );
    refused(
        "{ code = 1, label = \"x\", from = \"30\" }, { code = 2, label = \"y\", to = 1e3 }",
        "expected a number for `from`, found a string
  at: \"30\"
expected a number of at most 9 decimals, found `1e3`
  at: 1e3",
    );
    refuses(
        &[SURVEY, SINGLE, HEAD, "from = \"q1\"\nbands = [ { code = 1, label = \"x\", to = 1 } ]\n"],
        "`bands` needs a number or a date in `from`, found the single question `q1`
  at: \"q1\"
  hint: group options by `groups`",
    );
    refuses(
        &[
            SURVEY,
            NUMBER,
            HEAD,
            "from = \"age\"\nbands = [ { code = 1, label = \"x\", to = 1 } ]\ngroups = [ { code = 1, label = \"x\", rest = true } ]\n",
        ],
        "`d` has both `groups` and `bands`
  at: { code = 1, label = \"x\", rest = true }
  hint: `groups` is for options, `bands` for a number; keep one",
    );
}

#[test]
fn numbers_between_bands_are_told() {
    let schema = format!(
        "{SURVEY}{NUMBER}{HEAD}from = \"age\"\nbands = [ {{ code = 1, label = \"20代\", from = 20, to = 29 }}, {{ code = 2, label = \"30代\", from = 30 }} ]\n"
    );
    let warnings = renkei::schema::load("s.toml", &schema).expect("a sound schema").warnings;
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].message, "numbers between bands `20代` and `30代` are in no band of `d`");
}

#[test]
fn counts_name_questions_of_the_right_kind() {
    let refused =
        |count: &str, messages: &str| refuses(&[SURVEY, SINGLE, MULTI, NUMBER, HEAD, count], messages);
    refused(
        "count = { questions = [\"q3\", \"age\", \"q9\"], of = [1] }\n",
        "expected questions of one answer in `questions`, found the multi question `q3`
  at: \"q3\"
  hint: write `multi = \"q3\"`
expected questions of one answer in `questions`, found the number question `age`
  at: \"age\"
unknown question `q9` in `count`
  at: \"q9\"
  hint: did you mean `q1`?",
    );
    refused(
        "count = { multi = \"q1\", of = [3] }\n",
        "expected a multi question in `multi`, found the single question `q1`
  at: \"q1\"
  hint: write `questions = [\"q1\"]`",
    );
    refused(
        "count = { questions = [\"q1\", \"q1\"], of = [1] }\n",
        "`q1` is counted twice
  at: \"q1\"",
    );
    refused(
        "count = { questions = [\"q1\"], multi = \"q3\", of = [1] }\n",
        "a count has both `questions` and `multi`
  at: \"q3\"
  hint: keep one",
    );
    refused(
        "count = { of = [1] }\n",
        "the count `d` names no question
  at: { of = [1] }
  hint: write `questions = [\"q8.r1\", \"q8.r2\"]`, or `multi = \"q3\"`",
    );
    refused(
        "count = { multi = \"q3\", of = [1] }\ngroups = [ { code = 1, label = \"x\", rest = true } ]\n",
        "`d` is a count and has no groups of its own
  at: [ { code = 1, label = \"x\", rest = true } ]
  hint: group the number in a second `[[derive]]` with `from = \"d\"` and `bands`",
    );
}

#[test]
fn options_are_limited_to_a_multi_question_with_the_same_codes() {
    let limited = |key: &str, messages: &str| refuses(&[SURVEY, MULTI, SINGLE, key], messages);
    limited(
        "limited_to = \"q4\"\n",
        "unknown question `q4` in `limited_to`
  at: \"q4\"
  hint: did you mean `q3`?",
    );
    limited(
        "limited_to = \"q1\"\n",
        "expected a multi question in `limited_to`, found the question itself
  at: \"q1\"",
    );
    refuses(
        &[SURVEY, SINGLE, MULTI, "limited_to = \"q1\"\n"],
        "expected a multi question in `limited_to`, found single
  at: \"q1\"",
    );
    refuses(
        &[
            SURVEY,
            MULTI,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = "a", label = "a" } ]
limited_to = "q3"
"#,
        ],
        "`q1` and `q3` have no code in common
  at: \"q3\"
  hint: options are matched by code",
    );
}

#[test]
fn a_column_of_words_belongs_to_other() {
    refuses(
        &[
            SURVEY,
            r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = 1, label = "a", other = false, text = "w" } ]
[[question]]
id = "q2"
text = "t"
kind = "grid"
rows = [ { id = "r1", label = "a" } ]
options = [ { code = 1, label = "a", text = "v" } ]
"#,
        ],
        "an option with a `text` column is その他, but says `other = false`
  at: false
  hint: leave out one of the two, or make `w` a question of kind `text`
an option of a grid has no `text` column
  at: \"v\"
  hint: declare the column as a question of kind `text`",
    );
}

#[test]
fn a_named_banner_names_questions_with_groups() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            NUMBER,
            "[[banner]]\nid = \"q1\"\nquestions = []\n[[banner]]\nid = \"b\"\nquestions = [\"age\", \"q1>q1\", \"q2\"]\n",
        ],
        "banner id `q1` is also the id of a question
  at: \"q1\"
banner `q1` names no question
  at: []
  hint: write `questions = [\"sex\", \"age>sex\"]`
the number question `age` cannot be a banner
  at: \"age\"
  hint: group the number by `bands` in a `[[derive]]`
`q1` is nested in itself
  at: \"q1>q1\"
unknown question `q2` in a banner
  at: \"q2\"
  hint: did you mean `q1`?",
    );
}

#[test]
fn only_municipalities_are_grouped_by_prefecture() {
    refuses(
        &[SURVEY, SINGLE, HEAD, "from = \"q1\"\ngroups = \"@prefectures\"\n"],
        "`groups = \"@prefectures\"` groups municipalities
  at: \"@prefectures\"
  hint: `q1` has options of its own; list the groups",
    );
    refuses(
        &[
            SURVEY,
            "[[question]]\nid = \"c\"\ntext = \"t\"\nkind = \"single\"\noptions = \"@municipalities\"\nasked_if = 'c == \"131017\"'\n",
        ],
        "`c` has no option with code `131017`
  at: \"131017\"
  hint: the check digit is wrong: 千代田区 is `131016`",
    );
}
