//! Why there is no chart: each message with its smallest request.

use crate::cli::Program;

const SCHEMA: &str = r#"
[survey]
id = "t"
title = "t"

[[question]]
id = "s"
text = "S"
kind = "single"
options = [ { code = 1, label = "あ" }, { code = 2, label = "い" } ]

[[question]]
id = "long"
text = "L"
kind = "single"
options = [
  { code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }, { code = 4, label = "4" },
  { code = 5, label = "5" }, { code = 6, label = "6" }, { code = 7, label = "7" }, { code = 8, label = "8" },
  { code = 9, label = "9" },
]

[[question]]
id = "m"
text = "M"
kind = "multi"
options = [ { code = 1, label = "か" }, { code = 2, label = "き" } ]

[[question]]
id = "one"
text = "O"
kind = "single"
options = [ { code = 1, label = "さ" } ]

[[question]]
id = "x"
text = "X"
kind = "number"

[[question]]
id = "d"
text = "D"
kind = "date"
"#;

const DATA: &str =
    "s,long,m_1,m_2,one,x,d\n1,1,1,0,1,3,2026-01-01\n2,9,0,1,1,4,2026-01-02\n1,3,1,1,1,5,2026-01-03\n";

fn program() -> Program {
    Program::new().file("s.toml", SCHEMA).file("d.csv", DATA)
}

/// What a request is refused with; nothing is left behind.
fn refused(arguments: &[&str]) -> String {
    let program = program();
    let before = program.files();
    let run = program.run(&[&["chart", "--schema", "s.toml", "d.csv"], arguments].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(program.files(), before, "no output is left");
    run.stderr
}

#[test]
fn a_chart_that_does_not_fit_its_question_is_refused_with_a_hint() {
    let all: [(&[&str], &str); 20] = [
        (
            &["--rows", "m", "--kind", "pie"],
            "error: `m` allows several answers, which are no parts of one whole: no `pie`\n  \
             hint: `--kind bar` shows them as bars\n",
        ),
        (
            &["--rows", "s", "--cols", "long", "--kind", "donut"],
            "error: expected one question without `--cols` for `donut`, found several wholes\n  \
             hint: `--kind bands` shows several as bands under one another\n",
        ),
        (
            &["--rows", "x", "--kind", "pie"],
            "error: `x` has no options, which `pie` is made of\n  \
             hint: leave `--kind` away: the chart is then of the question's kind\n",
        ),
        (
            &["--rows", "long", "--kind", "pie"],
            "error: `long` has 9 options, and `pie` takes at most 6\n  \
             hint: `--kind bar` shows them as bars; a `[[derive]]` makes fewer of them\n",
        ),
        (
            &["--rows", "m", "--kind", "bands"],
            "error: `m` has no parts that make 100 %: no `bands`\n  \
             hint: leave `--kind` away: the chart is then of the question's kind\n",
        ),
        (
            &["--rows", "s", "--cols", "long", "--kind", "band"],
            "error: expected one question without `--cols` for `band`\n  \
             hint: `--kind bands` shows several as bands under one another\n",
        ),
        (
            &["--rows", "s", "--kind", "histogram"],
            "error: `s` is no number and has no histogram\n  \
             hint: leave `--kind` away: the chart is then of the question's kind\n",
        ),
        (
            &["--rows", "x", "--cols", "s", "--kind", "histogram"],
            "error: a histogram shows one group, found `--cols`\n  \
             hint: take one group with `--filter`, or `--kind bar` for the means of all\n",
        ),
        (
            &["--rows", "d"],
            "error: `d` is a date, and no two answers need be alike\n  \
             hint: `by` in a `[[derive]]` groups days by month or year\n",
        ),
        (
            &["--rows", "x:sd", "--cols", "s"],
            "error: `x` asks for a measure of which there is no chart\n  \
             hint: charts show means and ratios: `q8:mean`, `r1:ratio`\n",
        ),
        (
            &["--rows", "m", "--cols", "s", "--kind", "bar"],
            "error: `m` has several groups with several answers each: no `bar`\n  \
             hint: `--kind grouped` shows all; `--answer CODE` one answer of each group\n",
        ),
        (
            &["--rows", "m", "--kind", "grouped"],
            "error: `m` has one group only: no `grouped`\n  \
             hint: `--cols` names the groups; `--kind bar` shows one\n",
        ),
        (
            &["--rows", "x", "--cols", "s", "--kind", "heat"],
            "error: `x` has one figure for each group: no `heat`\n  hint: `--kind bar` shows it\n",
        ),
        (
            &["--rows", "s", "--kind", "pairs"],
            "error: expected two questions for `pairs` without `--cols`, found 1\n  \
             hint: name two with the same options: `--rows q22,q23`; or a group: `--cols area --highlight 1`\n",
        ),
        (
            &["--rows", "s,m", "--kind", "pairs"],
            "error: `s` and `m` have different options and make no pairs\n  \
             hint: two questions with the same options, or two nets of grids with the same rows, do\n",
        ),
        (
            &["--rows", "s", "--kind", "scatter"],
            "error: expected two questions for `scatter`, found 1\n  \
             hint: two measures and a banner: `--rows x:mean,y:mean --cols area --kind scatter`\n",
        ),
        (
            &["--rows", "s", "--kind", "line"],
            "error: `s` has no ordered rows or groups for `line`\n  \
             hint: a grid's net (`--rows q7:easy`) or groups in `--cols` make them\n",
        ),
        (
            &["--rows", "s", "--cols", "long", "--kind", "map"],
            "error: expected the 47 prefectures as the question or in `--cols` for `map`\n  \
             hint: `options = \"@prefectures\"` brings them\n",
        ),
        (
            &["--rows", "s", "--cols", "m", "--kind", "bar", "--answer", "7"],
            "error: `s` has no option or net `7` for `--answer`\n  hint: it has `1`, `2`\n",
        ),
        (
            &["--rows", "s", "--highlight", "ある,9"],
            "error: nothing to highlight is called `ある`\n  hint: did you mean `あ`?\n\
             error: nothing to highlight is called `9`\n  \
             hint: give the code or the label of an answer or of a group\n",
        ),
    ];
    for (arguments, message) in all {
        assert_eq!(refused(arguments), message, "{arguments:?}");
    }
}

#[test]
fn every_refusal_of_a_kind_has_its_words() {
    let all: [(&[&str], &str); 5] = [
        (
            &["--rows", "one", "--kind", "likert"],
            "error: `one` has no two sides for `likert`\n  \
             hint: scores, two nets, or options in order make them; `--kind bands` needs none\n",
        ),
        (
            &["--rows", "s,s", "--kind", "scatter"],
            "error: expected groups in `--cols` for `scatter`, each of which is a point\n  \
             hint: two measures and a banner: `--rows x:mean,y:mean --cols area --kind scatter`\n",
        ),
        (
            &["--rows", "m", "--cols", "long", "--kind", "pairs"],
            "error: expected one group in `--highlight` to set against the total in `pairs`\n  \
             hint: the groups are `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, `9`\n",
        ),
        (
            &["--rows", "long", "--cols", "s", "--kind", "line"],
            "error: `long` would have 9 lines, and 8 can be told apart\n  hint: name some answers: `--answer 1,2`\n",
        ),
        (
            &["--rows", "s,m"],
            "error: expected one chart for one file, found 2 charts\n  hint: give a folder: `--out charts`\n",
        ),
    ];
    for (arguments, message) in all {
        assert_eq!(refused(arguments), message, "{arguments:?}");
    }
}

#[test]
fn a_question_without_a_chart_is_left_out_of_all_with_a_warning() {
    let program = program();
    let run = program.run(&["chart", "--schema", "s.toml", "d.csv", "--rows", "all", "--out", "charts"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stderr,
        "warning: `d` is a date, and no two answers need be alike\n  \
         hint: `by` in a `[[derive]]` groups days by month or year\n"
    );
    assert!(!program.path("charts/d.svg").exists() && program.path("charts/x.svg").exists());
}

#[test]
fn a_refused_run_leaves_no_folder() {
    let message = refused(&["--rows", "m", "--kind", "pie", "--out", "charts"]);
    assert!(message.starts_with("error: `m` allows several answers"), "{message}");
}

#[test]
fn what_is_no_font_is_refused() {
    assert_eq!(
        refused(&["--rows", "s", "--out", "s.png", "--font", "d.csv"]),
        "error: d.csv: expected a font (TTF, OTF, TTC), found something else\n"
    );
}
