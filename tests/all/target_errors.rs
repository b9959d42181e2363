//! Mistakes of a file of targets: each with its smallest input, and what the user reads.

use std::path::Path;

use renkei::diag::{Diagnostic, Place, Quiet};
use renkei::frame::{ReadOptions, WeightSource, read};
use renkei::schema::Survey;
use renkei::weight::{load, weigh};

const SCHEMA: &str = r#"
[survey]
id = "t"
title = "t"
respondent = "id"

[[question]]
id = "q1"
text = "Q1"
kind = "single"
options = [ { code = 1, label = "あ" }, { code = 2, label = "い" } ]
missing = [ { code = 9, label = "無回答" } ]
nets = [ { id = "top", label = "計", of = [1] } ]

[[question]]
id = "q2"
text = "Q2"
kind = "multi"
options = [ { code = 1, label = "か" }, { code = 2, label = "き" } ]

[[question]]
id = "q3"
text = "Q3"
kind = "single"
asked_if = "q1 == 1"
options = [ { code = 1, label = "さ" }, { code = 2, label = "し" } ]

[[question]]
id = "x"
text = "X"
kind = "number"
"#;

fn survey() -> Survey {
    renkei::schema::load("s.toml", SCHEMA).expect("a sound schema").value
}

fn described(errors: &[Diagnostic]) -> String {
    let mut lines = Vec::new();
    for error in errors {
        lines.push(error.message.clone());
        if let Some(Place::Span { source, span }) = &error.place {
            let at = source.text[span.clone()].lines().next().unwrap_or_default();
            lines.push(format!("  at: {at}"));
        }
        lines.extend(error.hints.iter().map(|hint| format!("  hint: {hint}")));
    }
    lines.join("\n")
}

fn refused(text: &str) -> String {
    match load("t.toml", text, &survey()) {
        Ok(_) => panic!("the targets are accepted: {text}"),
        Err(errors) => described(&errors),
    }
}

/// What a file with these keys of one target, or this `[weight]`, is refused with.
fn of_target(keys: &str) -> String {
    refused(&format!("[[target]]\n{keys}\n"))
}

fn of_settings(keys: &str) -> String {
    refused(&format!("[weight]\n{keys}\n\n[[target]]\nquestion = \"q1\"\nshares = {{ 1 = 50, 2 = 50 }}\n"))
}

/// What targets are refused with on these data (`id,q1,q2_1,q2_2,q3,x,w`).
fn on_data(targets: &str, lines: &str) -> String {
    let survey = survey();
    let targets = load("t.toml", targets, &survey).expect("sound targets").value;
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    std::fs::write(file.path(), format!("id,q1,q2_1,q2_2,q3,x,w\n{lines}")).expect("a temporary file");
    let weight = WeightSource::Column("w".to_string());
    let options = ReadOptions { weight, ..ReadOptions::default() };
    let dataset =
        read(Path::new(file.path()), &survey, &targets.questions(), &options, &Quiet).expect("sound data");
    match weigh(&targets, &survey, &dataset) {
        Ok(_) => panic!("the targets are reached"),
        Err(refusal) => described(&refusal.errors),
    }
}

const HALVES: &str = "shares = { 1 = 50, 2 = 50 }";

#[test]
fn a_target_names_questions_with_one_answer_or_a_net() {
    insta::assert_snapshot!(
        [
            of_target(HALVES),
            of_target(&format!("question = \"q1\"\nquestions = [\"q1\"]\n{HALVES}")),
            of_target(&format!("question = \"q11\"\n{HALVES}")),
            of_target(&format!("question = \"q2\"\n{HALVES}")),
            of_target(&format!("question = \"x\"\n{HALVES}")),
            of_target("question = \"x\"\nnet = [1]\nshares = { any = 50, none = 50 }"),
            of_target("question = \"q1\"\nnet = \"tip\"\nshares = { any = 50, none = 50 }"),
            of_target("question = \"q2\"\nnet = [3]\nshares = { any = 50, none = 50 }"),
            of_target("question = \"q2\"\nnet = []\nshares = { any = 50, none = 50 }"),
            of_target("question = \"q2\"\nnet = [1]\nshares = { yes = 50, none = 50 }"),
            of_target("questions = [\"q1\", \"q3\"]\nnet = [1]\nshares = { \"1>1\" = 100 }"),
            of_target("questions = [\"q1\", \"q1\"]\nshares = { \"1>1\" = 100 }"),
            of_target("questions = []\nshares = { \"1>1\" = 100 }"),
        ]
        .join("\n")
    );
}

#[test]
fn numbers_are_of_known_categories_and_add_up() {
    insta::assert_snapshot!([
        of_target("question = \"q1\""),
        of_target(&format!("question = \"q1\"\n{HALVES}\ntotals = {{ 1 = 5, 2 = 5 }}")),
        of_target("question = \"q1\"\nshares = { 1 = 50, 3 = 50 }"),
        of_target("question = \"q1\"\nshares = { 1 = 50, 2 = 40, 9 = 10 }"),
        of_target("question = \"q1\"\nshares = { 1 = 50, \"あ\" = 50 }"),
        of_target("question = \"q1\"\nshares = { 1 = -50, 2 = 150 }"),
        of_target("question = \"q1\"\nshares = { 1 = nan, 2 = 150 }"),
        of_target("question = \"q1\"\nshares = { 1 = 50.1, 2 = 49.8 }"),
        of_target("question = \"q1\"\nshares = {}"),
        of_target("question = \"q1\"\ntotals = { 1 = 0, 2 = 0 }"),
        of_target("questions = [\"q1\", \"q3\"]\nshares = { 1 = 100 }"),
        refused("[[target]]\nquestion = \"q1\"\ntotals = { 1 = 60, 2 = 40 }\n[[target]]\nquestion = \"q3\"\ntotals = { 1 = 60, 2 = 50 }\n"),
        refused(&format!("[[target]]\nquestion = \"q1\"\n{HALVES}\n[[target]]\nquestion = \"q1\"\n{HALVES}\n")),
    ].join("\n"));
}

#[test]
fn settings_are_in_their_ranges() {
    insta::assert_snapshot!([
        refused("[weight]\nmethod = \"rake\"\n"),
        of_settings("method = \"raking\""),
        of_settings("tolerance = 0.5"),
        of_settings("iterations = 0"),
        of_settings("share_tolerance = 10"),
        of_settings("bounds = [3, 0.3]"),
        of_settings("bounds = [2, 3]"),
        of_settings("bounds = { relative = [0.3, 3] }"),
        of_settings("trim = { how = \"spread\" }"),
        of_settings("trim = { to = [0.3, 3], how = \"rerake\", strict = true }"),
        of_settings("bounds = [0.3, 3]\ntrim = { to = [0.3, 3] }"),
        refused(&format!("[weight]\nmethod = \"cell\"\n[[target]]\nquestion = \"q1\"\n{HALVES}\n[[target]]\nquestion = \"q3\"\n{HALVES}\n")),
    ].join("\n"));
}

#[test]
fn targets_and_replies_must_meet() {
    let q1 = format!("[[target]]\nquestion = \"q1\"\n{HALVES}\n");
    let q3 = format!("[[target]]\nquestion = \"q3\"\n{HALVES}\n");
    insta::assert_snapshot!(
        [
            on_data(&q3, "1,1,1,0,1,1,1\n2,1,1,0,2,1,1\n3,1,1,0,,1,1\n4,2,1,0,,1,1\n"),
            on_data("[[target]]\nquestion = \"q1\"\nshares = { 1 = 100 }\n", "1,1,1,0,,1,1\n2,2,1,0,,1,1\n"),
            on_data(&q1, "1,1,1,0,,1,1\n2,1,1,0,,1,1\n"),
            on_data(&q1, "1,1,1,0,,1,0\n2,2,1,0,,1,0\n"),
            // Who has one answer has the other: shares that differ contradict each other.
            on_data(
                &format!(
                    "{q1}[[target]]\nquestion = \"q2\"\nnet = [1]\nshares = {{ any = 40, none = 60 }}\n"
                ),
                "1,1,1,0,1,1,1\n2,2,0,1,,1,1\n",
            ),
            on_data(
                &format!("[weight]\nbounds = [0.9, 1.1]\n{q1}"),
                "1,1,1,0,1,1,1\n2,2,0,1,,1,1\n3,2,0,1,,1,1\n"
            ),
            on_data(&format!("[weight]\ntrim = {{ to = [2, 3] }}\n{q1}"), "1,1,1,0,1,1,1\n2,2,0,1,,1,1\n"),
        ]
        .join("\n")
    );
}

#[test]
fn a_number_has_a_mean_or_a_total_that_can_be() {
    let of = |keys: &str| refused(&format!("[[target]]\nquestion = \"x\"\n{keys}\n"));
    let shares = format!("[[target]]\nquestion = \"q1\"\n{HALVES}\n");
    let number = |keys: &str| format!("[[target]]\nquestion = \"x\"\n{keys}\n");
    let data = "1,1,1,0,1,10,1\n2,1,1,0,2,20,1\n3,2,1,0,,30,1\n4,2,1,0,,60,1\n";
    insta::assert_snapshot!(
        [
            of("mean = 3\ntotal = 3"),
            of("mean = \"3\""),
            of("total = 3"),
            of("mean = 3\nmissing = \"own\""),
            refused("[[target]]\nmean = 3\n"),
            refused("[[target]]\nquestion = \"q1\"\nmean = 3\n"),
            refused(&[number("mean = 3"), number("mean = 4")].concat()),
            refused(&format!("[weight]\nmethod = \"cell\"\n{}", number("mean = 3"))),
            refused(&format!("[weight]\ntotal = 0\n{shares}")),
            refused("[weight]\ntotal = 10\n[[target]]\nquestion = \"q1\"\ntotals = { 1 = 5, 2 = 6 }\n"),
            on_data(&number("mean = 20"), "1,1,1,0,1,10,1\n2,1,1,0,2,,1\n3,2,1,0,,,0\n"),
            on_data(&[shares.clone(), number("mean = 40")].concat(), data),
            on_data(&[shares.clone(), number("mean = 20")].concat(), data),
            on_data(&["[weight]\ntotal = 100\n", &shares, &number("total = 4000.5")].concat(), data,),
            on_data(&["[weight]\nbounds = [0.9, 1.1]\n", &shares, &number("mean = 38")].concat(), data),
        ]
        .join("\n")
    );
}
