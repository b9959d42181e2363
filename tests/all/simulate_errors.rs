//! Every message about targets: its smallest input and its text. Nothing is left of a refused run.

use crate::cli::Program;
use crate::simulate::{ORDERS_DAYS_AND_WORDS, made, with_targets};

fn refused(targets: &str, message: &str) {
    let program = with_targets(targets);
    let run = made(&program, "75", &[]);
    assert_eq!(run.stderr, message);
    assert_eq!(run.code, 1);
    assert_eq!(program.files(), ["s.toml", "t.toml"]);
}

#[test]
fn a_percentage_that_no_count_prints() {
    refused(
        r##"[[target]]
question = "q1"
percent = { 1 = "26" }
"##,
        r##"error: no count of 75 respondents prints as 26%
 --> t.toml:3:13
  |
3 | percent = { 1 = "26" }
  |             ^^^^^^^^
  |
  = hint: the nearest are 19 (25%) and 20 (27%)
"##,
    );
}

#[test]
fn more_than_there_are() {
    refused(
        r##"[[target]]
question = "q1"
counts = { 1 = 80 }
"##,
        r##"error: expected at most 75 respondents of `q1`, found 80
 --> t.toml:3:12
  |
3 | counts = { 1 = 80 }
  |            ^^^^^^ 75 asked
"##,
    );
}

#[test]
fn more_together_than_there_are() {
    refused(
        r##"[[target]]
question = "q1"
counts = { 1 = 40, 2 = 40 }
"##,
        r##"error: targets of `q1` contradict each other: they make 80 of 75 respondents
 --> t.toml:3:20
  |
3 | counts = { 1 = 40, 2 = 40 }
  |                    ^^^^^^
  |
  = hint: line 3: `1 = 40` of 75
"##,
    );
}

#[test]
fn fewer_together_than_there_are() {
    refused(
        r##"[[target]]
question = "q1"
missing = 0
counts = { 1 = 40, 2 = 10, 3 = 5 }
"##,
        r##"error: targets of `q1` contradict each other: they make 55 of 75 respondents, and no answer is left for the others
 --> t.toml:3:1
  |
3 | missing = 0
  | ^^^^^^^^^^^
  |
  = hint: line 4: `1 = 40` of 75
  = hint: line 4: `2 = 10` of 75
  = hint: line 4: `3 = 5` of 75
"##,
    );
}

#[test]
fn a_net_smaller_than_its_part() {
    refused(
        r##"[[target]]
question = "q1"
counts = { 1 = 40, clear = 30 }
"##,
        r##"error: targets of `q1` contradict each other: a part is greater than the whole
 --> t.toml:3:20
  |
3 | counts = { 1 = 40, clear = 30 }
  |                    ^^^^^^^^^^
  |
  = hint: line 3: `1 = 40` of 75
"##,
    );
}

#[test]
fn an_exclusive_option_leaves_too_few() {
    refused(
        r##"[[target]]
question = "q1"
counts = { 1 = 40 }
[[target]]
question = "q2"
counts = { 1 = 35, 4 = 10 }
"##,
        r##"error: targets of `q2` contradict each other: they make 45 of 40 respondents
 --> t.toml:6:20
  |
6 | counts = { 1 = 35, 4 = 10 }
  |                    ^^^^^^
  |
  = hint: line 6: `1 = 35` of 40
"##,
    );
}

#[test]
fn a_cross_and_a_margin_contradict() {
    refused(
        r##"[[target]]
question = "q1"
counts = { 1 = 40 }
[[target]]
question = "g.a"
where = "q1 == 1"
counts = { 1 = 30 }
[[target]]
question = "g.a"
counts = { 1 = 20 }
"##,
        r##"error: targets of `g.a` contradict each other: a part is greater than the whole
  --> t.toml:10:12
   |
10 | counts = { 1 = 20 }
   |            ^^^^^^
   |
   = hint: line 7: `1 = 30` of 40
"##,
    );
}

#[test]
fn nets_that_overlap() {
    refused(
        r##"[[target]]
question = "q2"
counts = { ab = 3, bc = 3 }
"##,
        r##"error: a net of `q2` overlaps another one, or a count, that has a target
 --> t.toml:3:20
  |
3 | counts = { ab = 3, bc = 3 }
  |                    ^^^^^^
  |
  = hint: such nets can have targets when they share no option, or one is within the other
"##,
    );
}

#[test]
fn where_names_a_question_that_comes_after() {
    refused(
        r##"[[target]]
question = "q1"
where = "q2 has 1"
counts = { 1 = 2 }
"##,
        r##"error: the targets of `q1` and `q2` wait for each other
 --> t.toml:3:9
  |
3 | where = "q2 has 1"
  |         ^^^^^^^^^^
  |
  = hint: `where` names questions that are answered before, such as earlier ones
"##,
    );
}

#[test]
fn a_question_of_several_conditions() {
    refused(
        r##"[[target]]
question = "stage"
counts = { 1 = 3 }
"##,
        r##"error: `stage` cannot have targets: it is made of several conditions
 --> t.toml:2:12
  |
2 | question = "stage"
  |            ^^^^^^^
  |
  = hint: give targets for the questions it is made of, with `where`
"##,
    );
}

#[test]
fn a_mean_out_of_reach() {
    refused(
        r##"[[target]]
question = "n"
range = [1, 40]
mean = "50.0"
"##,
        r##"error: the numbers of `n` cannot have this sum or mean
 --> t.toml:4:1
  |
4 | mean = "50.0"
  | ^^^^^^^^^^^^^
  |
  = hint: 75 numbers from 1 to 40, in the bands of the other targets
"##,
    );
}

#[test]
fn a_number_out_of_range() {
    refused(
        r##"[[target]]
question = "n"
range = [1, 40]
counts = { 41 = 3 }
"##,
        r##"error: nobody can have this answer to `n`
 --> t.toml:4:12
  |
4 | counts = { 41 = 3 }
  |            ^^^^^^
  |
  = hint: its numbers are 1 to 40; say `range = […]` for others
"##,
    );
}

#[test]
fn more_respondents_than_different_answers() {
    refused(
        r##"[[target]]
question = "q1"
unique = true
"##,
        r##"error: expected at most 3 respondents, each with another answer to `q1`, found 75
 --> t.toml:2:12
  |
2 | question = "q1"
  |            ^^^^
"##,
    );
}

#[test]
fn a_count_and_what_it_counts_contradict() {
    refused(
        r##"[[target]]
question = "done"
counts = { 0 = 20 }
[[target]]
question = "g.a"
counts = { 1 = 60 }
"##,
        r##"error: no replies to `g.a` have this
 --> t.toml:6:12
  |
6 | counts = { 1 = 60 }
  |            ^^^^^^
  |
  = hint: `done` counts these answers and has targets too
"##,
    );
}

#[test]
fn a_percentage_of_nobody() {
    refused(
        r##"[[target]]
question = "q1"
counts = { 1 = 0 }
[[target]]
question = "q2"
percent = { 1 = "10" }
"##,
        r##"error: no count of 0 respondents prints as 10%
 --> t.toml:6:13
  |
6 | percent = { 1 = "10" }
  |             ^^^^^^^^
  |
  = hint: nobody is asked, or the condition holds for nobody
"##,
    );
}

#[test]
fn mistakes_of_typing_all_at_once() {
    refused(
        r##"[simulate]
missing = "80%"
weights = [-1]
[[target]]
question = "q1"
where = "q9 == 1"
counts = { 1 = -2, 2 = "x", 7 = 1 }
percent = { 1 = "abc" }
range = [1, 2]
[[target]]
question = "n"
range = [5, 1]
counts = { x = 2 }
[[target]]
question = "memo"
given = 3
text = ["a"]
[[target]]
question = "g"
missing = 1
[[target]]
question = "q7"
"##,
        r##"error: expected a share of at most 50%, such as "2%", for `missing`
 --> t.toml:2:11
  |
2 | missing = "80%"
  |           ^^^^^
  |
  = hint: it is the 無回答 of questions without a target

error: `weights` are given, but the schema has no weight
 --> t.toml:3:1
  |
3 | weights = [-1]
  | ^^^^^^^
  |
  = hint: name their column in `[survey]`: `weight = "weight"`

error: expected a weight, found a negative number
 --> t.toml:3:12
  |
3 | weights = [-1]
  |            ^^

error: unknown question `q9`
 --> t.toml:6:10
  |
6 | where = "q9 == 1"
  |          ^^
  |
  = hint: did you mean `q1`?

error: expected a number of respondents, found `-2`
 --> t.toml:7:16
  |
7 | counts = { 1 = -2, 2 = "x", 7 = 1 }
  |                ^^

error: expected an integer for `2`, found a string
 --> t.toml:7:24
  |
7 | counts = { 1 = -2, 2 = "x", 7 = 1 }
  |                        ^^^

error: `q1` has no option or net `7`
 --> t.toml:7:29
  |
7 | counts = { 1 = -2, 2 = "x", 7 = 1 }
  |                             ^
  |
  = hint: it has `1`, `2`, `3`, `clear`

error: expected a number such as "74.3", found `abc`
 --> t.toml:8:17
  |
8 | percent = { 1 = "abc" }
  |                 ^^^^^

error: `range` is no target of the single question `q1`
 --> t.toml:9:1
  |
9 | range = [1, 2]
  | ^^^^^

error: expected the least and the greatest number for `range`
  --> t.toml:12:9
   |
12 | range = [5, 1]
   |         ^^^^^^
   |
   = hint: such as `range = [1, 40]`; at most 100,000 different numbers, by the decimals written

error: expected a number for `n`, found `x`
  --> t.toml:13:12
   |
13 | counts = { x = 2 }
   |            ^

error: unknown key `text` in `[[target]]`
  --> t.toml:17:1
   |
17 | text = ["a"]
   | ^^^^
   |
   = hint: did you mean `texts`?

error: expected one row of the grid `g`
  --> t.toml:19:12
   |
19 | question = "g"
   |            ^^^
   |
   = hint: a row is written `g.r1`

error: unknown question `q7`
  --> t.toml:22:12
   |
22 | question = "q7"
   |            ^^^^
   |
   = hint: did you mean `q1`?
"##,
    );
}

#[test]
fn where_names_the_question_itself() {
    refused(
        r##"[[target]]
question = "q1"
where = "q1 == 1"
counts = { 1 = 2 }
"##,
        r##"error: a target of `q1` is about its own answers
 --> t.toml:3:9
  |
3 | where = "q1 == 1"
  |         ^^^^^^^^^
  |
  = hint: `where` names questions that are answered before, such as earlier ones
"##,
    );
}

#[test]
fn two_counts_of_the_same_questions() {
    let targets = "[[target]]\nquestion = \"done\"\ncounts = { 0 = 2 }\n";
    let program = with_targets(&format!("{targets}{}", targets.replace("done", "undone")));
    let schema = std::fs::read_to_string(program.path("s.toml")).expect("written");
    let second =
        "\n[[derive]]\nid = \"undone\"\nlabel = \"未実施数\"\ncount = { questions = [\"g\"], of = [2] }\n";
    let program = program.file("s.toml", schema + second);
    let run = made(&program, "75", &[]);
    assert_eq!(run.code, 1);
    let told =
        "error: two counts of the same questions have targets, the second is `undone`\n --> t.toml:5:12\n";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
}

#[test]
fn counted_questions_that_are_not_asked_of_the_same_respondents() {
    let program = with_targets("[[target]]\nquestion = \"both\"\ncounts = { 0 = 2 }\n");
    let schema = std::fs::read_to_string(program.path("s.toml")).expect("written");
    let more = "\n[[question]]\nid = \"q5\"\ntext = \"文\"\nkind = \"single\"\nasked_if = \"q1 == 1\"\n\
                options = [{ code = 1, label = \"は\" }, { code = 2, label = \"い\" }]\n\
                \n[[derive]]\nid = \"both\"\nlabel = \"数\"\ncount = { questions = [\"g.a\", \"q5\"], of = [1] }\n";
    let program = program.file("s.toml", schema + more);
    let run = made(&program, "75", &[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: `both` cannot have targets\n --> t.toml:2:12\n  |\n2 | question = \"both\"\n  |            ^^^^^^\n  \
         |\n  = hint: the questions it counts are not asked of the same respondents\n"
    );
}

#[test]
fn a_percentage_whose_base_the_answers_decide() {
    let program = with_targets("[[target]]\nquestion = \"some\"\npercent = { 1 = \"50\" }\n");
    let schema = std::fs::read_to_string(program.path("s.toml")).expect("written");
    let more = "\n[[derive]]\nid = \"some\"\nlabel = \"一部\"\nfrom = \"q1\"\n\
                groups = [{ code = 1, label = \"賛\", of = [1] }, { code = 2, label = \"否\", of = [2] }]\n";
    let program = program.file("s.toml", schema + more);
    let run = made(&program, "75", &[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: a percentage of a question whose base its own answers decide\n --> t.toml:3:13\n  |\n\
         3 | percent = { 1 = \"50\" }\n  |             ^^^^^^^^\n  |\n  \
         = hint: some answers are in no group of `some`: give counts\n"
    );
}

#[test]
fn a_character_that_cp932_does_not_have() {
    let program = with_targets("[[target]]\nquestion = \"memo\"\ntexts = [\"𠮷野\"]\n");
    let run = made(&program, "5", &["--encoding", "cp932"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: the character `𠮷` is not in CP932\n  hint: write UTF-8 (`--encoding utf-8-bom` for Excel), \
         or take the character out of schema and targets\n"
    );
    assert_eq!(program.files(), ["s.toml", "t.toml"]);
}

fn refused_of_more(targets: &str, respondents: &str, message: &str) {
    let program = Program::new().file("s.toml", ORDERS_DAYS_AND_WORDS).file("t.toml", targets);
    let run = made(&program, respondents, &[]);
    assert_eq!(run.stderr, message);
    assert_eq!(run.code, 1);
    assert_eq!(program.files(), ["s.toml", "t.toml"]);
}

#[test]
fn a_rank_question_and_coded_comments_have_no_targets_of_their_own() {
    refused_of_more(
        "[[target]]\nquestion = \"q2\"\ncounts = { 1 = 9 }\n[[target]]\nquestion = \"coded\"\ncounts = { 1 = 9 }\n",
        "50",
        r##"error: `q2` cannot have targets: its places have them
 --> t.toml:2:12
  |
2 | question = "q2"
  |            ^^^^
  |
  = hint: give targets for who puts an option at a place: `question = "q2.1"`

error: `coded` cannot have targets: it is coded from comments
 --> t.toml:5:12
  |
5 | question = "coded"
  |            ^^^^^^^
  |
  = hint: give `texts` for `memo`, with the words that are coded so
"##,
    );
}

#[test]
fn days_that_are_none_or_not_allowed() {
    refused_of_more(
        "[[target]]\nquestion = \"d\"\nrange = [2021-03-31]\ncounts = { 2021-02-30 = 1 }\n\
         [[target]]\nquestion = \"d\"\nrange = [2019-03-31, 2021-03-31]\n",
        "50",
        r##"error: expected the first and the last day for `range`
 --> t.toml:3:9
  |
3 | range = [2021-03-31]
  |         ^^^^^^^^^^^^
  |
  = hint: such as `range = [2020-04-01, 2021-03-31]`

error: expected a day such as 2020-12-31 for `d`, found `2021-02-30`
 --> t.toml:4:12
  |
4 | counts = { 2021-02-30 = 1 }
  |            ^^^^^^^^^^

error: `d` does not allow all of these days
 --> t.toml:7:9
  |
7 | range = [2019-03-31, 2021-03-31]
  |         ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = hint: the schema has its first and last day: `from` and `to`
"##,
    );
    refused_of_more(
        "[[target]]\nquestion = \"d\"\ncounts = { 2023-03-31 = 1 }\n",
        "50",
        r##"error: nobody can have this answer to `d`
 --> t.toml:3:12
  |
3 | counts = { 2023-03-31 = 1 }
  |            ^^^^^^^^^^^^^^
  |
  = hint: its days are 2020-04-01 to 2022-03-31; say `range = […]` for others
"##,
    );
}

#[test]
fn more_respondents_than_keys() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"調査\"\nrespondent = \"p\"\nnote = \"模擬データ\"\n\n\
                  [[question]]\nid = \"p\"\ntext = \"都道府県\"\nkind = \"single\"\noptions = \"@prefectures\"\n";
    let program = Program::new().file("s.toml", schema).file("t.toml", "");
    let run = made(&program, "48", &[]);
    assert_eq!(
        run.stderr,
        "error: expected at most 47 respondents, each with another answer to `p`, found 48\n  \
         hint: it is the respondent's key\n"
    );
    assert_eq!(run.code, 1);
    assert_eq!(made(&program, "47", &[]).code, 0);
}
