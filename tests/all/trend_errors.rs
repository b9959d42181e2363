//! Mistakes after `renkei trend`, and what the user reads.

use crate::cli::Program;
use crate::refusal::{MULTI, SINGLE, SURVEY};

const DATE: &str = "[[question]]\nid = \"day\"\ntext = \"d\"\nkind = \"date\"\n";
const RANK: &str = "[[question]]\nid = \"rank\"\ntext = \"r\"\nkind = \"rank\"\nplaces = 1\n\
                    options = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" } ]\n";

fn program() -> Program {
    let keyed = SURVEY.replace("[survey]\n", "[survey]\nrespondent = \"id\"\nweight = \"w\"\n");
    assert_ne!(keyed, SURVEY);
    Program::new()
        .file("s.toml", [SURVEY, SINGLE, MULTI, DATE, RANK].concat())
        .file("keyed.toml", [&keyed, SINGLE, MULTI].concat())
        .file("a.csv", "id,q1,q3_1,q3_2,day,rank_1,w\n1,1,1,0,,,1\n")
        .file("b.csv", "id,q1,q3_1,q3_2,day,rank_1,w\n2,1,1,0,,,1\n")
}

#[track_caller]
fn refused(program: &Program, more: &[&str], message: &str) {
    let run = program.run(&[&["trend"], more].concat());
    assert_eq!((run.code, run.stderr.as_str(), run.stdout.as_str()), (1, message, ""));
}

const A: [&str; 2] = ["--wave", "a=a.csv"];
const B: [&str; 2] = ["--wave", "b=b.csv"];

#[test]
fn a_trend_has_two_waves_and_none_of_them_twice() {
    let program = program();
    let schema = ["--schema", "s.toml"];
    refused(
        &program,
        &[&schema[..], &A].concat(),
        "error: expected two waves or more, found one\n  hint: repeat `--wave`, or give published percentages with `--reference`\n",
    );
    refused(&program, &[&schema[..], &A, &A].concat(), "error: wave `a` is given twice\n");
    let run = program.run(&["trend", "--schema", "s.toml", "--wave", "a.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("expected a wave and its file, such as `r1=r1.csv`"), "{}", run.stderr);
    assert_eq!(program.run(&["trend", "--schema", "s.toml", "a.csv"]).code, 2);
    assert_eq!(program.run(&["trend", "--schema", "s.toml"]).code, 2);
}

#[test]
fn a_wave_is_told_by_one_question_with_one_answer() {
    refused(
        &program(),
        &["--schema", "s.toml", "a.csv", "--by", "q3", "--rows", "q1"],
        "error: `q3` does not tell the wave\n --> --by:1:1\n  |\n1 | q3\n  | ^^\n  |\n  = hint: it takes one question with one answer, such as the year\n",
    );
}

#[test]
fn days_are_not_followed_and_a_panel_follows_answers() {
    let program = program();
    let files = [&["--schema", "s.toml"][..], &A, &B].concat();
    refused(
        &program,
        &[&files[..], &["--rows", "day"]].concat(),
        "error: `day` is a date, and days are not followed over waves\n  hint: `bands` of a `[[derive]]` make groups of days\n",
    );
    refused(
        &program,
        &[&files[..], &["--rows", "rank", "--panel"]].concat(),
        "error: a panel cannot follow `rank`: it takes answers, scores and numbers\n  hint: ask for it without `--panel`\n\
         error: a panel needs the respondents' keys, and the schema names none\n  hint: `respondent = \"id\"` in `[survey]` names their column\n",
    );
}

#[test]
fn a_panel_has_keys_in_common_and_no_weights() {
    let reference = "[[reference]]\nid = \"r\"\nassumed = true\nquestion = \"q1\"\nvalues = { 1 = \"5\" }\n";
    let program = program().file("r.toml", reference);
    let files = [&["--schema", "keyed.toml"][..], &A, &B, &["--panel"]].concat();
    refused(
        &program,
        &files,
        "error: `--panel` counts each respondent as one, and the data have the weight `w`\n  hint: say `--no-weight`\n",
    );
    refused(
        &program,
        &[&files[..], &["--no-weight"]].concat(),
        "error: no respondent is in every wave\n  hint: a panel is found by the respondents' keys, which must be those of the same people\n",
    );
    refused(
        &program,
        &["--schema", "keyed.toml", "--wave", "a=a.csv", "--panel", "--reference", "r.toml"],
        "error: a panel needs the data of two waves or more\n",
    );
}

#[test]
fn published_percentages_are_of_answers_of_the_question() {
    let reference = |question: &str, values: &str| {
        format!("[[reference]]\nid = \"r\"\nassumed = true\n{question}values = {values}\n")
    };
    for (question, values, message) in [
        (
            "",
            "{ 1 = \"5\" }",
            "error: no `[[reference]]` names the question that it is of\n  hint: write `question = \"q1\"`, and codes of its options as names of `values`\n",
        ),
        ("question = \"q2\"\n", "{ 1 = \"5\" }", "unknown question `q2`"),
        ("question = \"day\"\n", "{ 1 = \"5\" }", "`day` has no options: percentages are of answers"),
        ("question = \"q1\"\n", "{ 1 = \"5\", 7 = \"6\" }", "`7` is no answer of `q1`"),
    ] {
        let program = program().file("r.toml", reference(question, values));
        let run = program.run(&["trend", "--schema", "s.toml", "--wave", "a=a.csv", "--reference", "r.toml"]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(question.is_empty() || run.stderr.contains("r.toml:"), "{}", run.stderr);
    }
}
