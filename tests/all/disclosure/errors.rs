//! Mistakes in `[survey.disclosure]`, and what cannot be asked for with it.

use super::{RULES, data, schema};
use crate::cli::Program;
use crate::refusal::{SINGLE, refuses};

const HEAD: &str = "[survey]\nid = \"s\"\ntitle = \"t\"\n[survey.disclosure]\n";

fn refuses_rules(rules: &str, expected: &str) {
    let head = format!("{HEAD}{rules}\n");
    refuses(&[&head, SINGLE], expected);
}

#[test]
fn who_is_protected_must_be_said() {
    refuses_rules("threshold = 10", "missing key `respondents` in `disclosure`\n  at: [survey.disclosure]");
}

#[test]
fn a_threshold_is_two_or_more() {
    refuses_rules(
        "respondents = \"persons\"\nthreshold = 1",
        "expected 2 to 1,000 respondents for `threshold`, found `1`\n  at: 1",
    );
}

#[test]
fn bands_need_the_question_of_the_groups() {
    refuses_rules(
        "respondents = \"persons\"\nbands = [{ below = 2000 }]",
        "missing key `by` beside `bands`\n  at: bands\n  \
         hint: `by = \"city\"` names the question whose options have populations",
    );
}

const BY: &str = "respondents = \"persons\"\nby = \"q1\"";

#[test]
fn a_population_of_no_option_is_refused() {
    refuses_rules(
        &format!("{BY}\npopulation = {{ 1 = 1000, 2 = 2000, 7 = 3000 }}\nbands = [{{ below = 2000 }}]"),
        "`q1` has no option `7`\n  at: 7",
    );
}

#[test]
fn every_group_has_a_population() {
    refuses_rules(
        &format!("{BY}\npopulation = {{ 1 = 1000 }}\nbands = [{{ below = 2000 }}]"),
        "`population` says nothing of `2` of `q1`\n  at: population\n  \
         hint: without a population a group has no threshold",
    );
}

#[test]
fn bands_are_by_ascending_population() {
    refuses_rules(
        &format!(
            "{BY}\npopulation = {{ 1 = 1000, 2 = 2000 }}\nbands = [{{ below = 2000 }}, {{ below = 2000 }}]"
        ),
        "expected bands by ascending population\n  at: bands\n  hint: each `below` is more than the one before",
    );
}

#[test]
fn groups_need_populations_and_bands() {
    refuses_rules(
        BY,
        "`by` needs `population` and `bands` in `[survey.disclosure]`\n  at: \"q1\"\n  \
         hint: `bands = [{ below = 2000 }, { below = 25000, threshold = 20 }]`",
    );
}

#[test]
fn groups_are_options_of_a_single_question() {
    let head = format!("{HEAD}{}\n", BY.replace("\"q1\"", "\"n\""));
    let number = "[[question]]\nid = \"n\"\ntext = \"n\"\nkind = \"number\"\n";
    refuses(
        &[&head, number],
        "expected a single question in `by`, found the number question `n`\n  at: \"n\"\n  \
         hint: its options are groups with a population",
    );
}

#[test]
fn a_panel_is_refused() {
    let more = "respondent = \"id\"\n";
    let schema = schema(3, 3, RULES).replace("title = \"t\"\n", &format!("title = \"t\"\n{more}"));
    let counts = vec![vec![20, 30, 40]; 3];
    let rows = data(&counts);
    let with_ids = |text: &str| -> String {
        let each = text.lines().enumerate();
        each.map(|(n, line)| if n == 0 { format!("id,{line}\n") } else { format!("{n},{line}\n") }).collect()
    };
    let program = Program::new().file("s.toml", schema).file("d.csv", with_ids(&rows));
    let run = program.run(&[
        "trend", "--schema", "s.toml", "--wave", "a=d.csv", "--wave", "b=d.csv", "--rows", "q", "--panel",
    ]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: a panel counts changes of a few, which `[survey.disclosure]` does not allow\n  \
         hint: ask for it without `--panel`\n"
    );
}

#[test]
fn an_audit_of_nothing_is_told() {
    let program = Program::new().file("a.txt", "nothing");
    let run = program.run(&["audit", "a.txt"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: found no tables (`--format tidy`, `json`) and no slides\n  \
         hint: the audit reads what an outsider has: give the folder that is published\n"
    );
}
