//! Printed numbers that readers stumble over, and the tables of three surveys as they have always been.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::cli::{Program, repository};
use crate::data::SURVEY;

/// A question of so many options.
fn question(options: usize) -> String {
    let options: Vec<String> =
        (1..=options).map(|code| format!("{{ code = {code}, label = \"option {code}\" }}")).collect();
    format!(
        "[[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"single\"\noptions = [ {} ]\n",
        options.join(", ")
    )
}

/// Respondents of whom so many gave each answer.
fn answered(counts: &[usize]) -> String {
    let mut data = "id,q\n".to_string();
    let answers = counts.iter().enumerate().flat_map(|(place, &count)| std::iter::repeat_n(place + 1, count));
    for (respondent, answer) in answers.enumerate() {
        let _ = writeln!(data, "{respondent},{answer}");
    }
    data
}

fn table(counts: &[usize], more: &[&str]) -> String {
    let schema = [SURVEY, &question(counts.len())].concat();
    let program = Program::new().file("s.toml", schema).file("d.csv", answered(counts));
    let run = program.run(&[&["tab", "--schema", "s.toml", "d.csv", "--lang", "en"], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

/// The last word of the line that begins so.
fn percent<'a>(table: &'a str, line: &str) -> &'a str {
    let line = table.lines().find(|own| own.starts_with(line)).unwrap_or_else(|| panic!("{line} in {table}"));
    line.split_whitespace().last().expect("a number")
}

#[test]
fn parts_are_not_made_to_add_to_100_and_that_is_told() {
    let shown = table(&[1, 3, 5, 7], &[]);
    let parts: Vec<&str> = (1..=4).map(|option| percent(&shown, &format!("option {option}"))).collect();
    assert_eq!(parts, ["6.3", "18.8", "31.3", "43.8"]);
    assert_eq!(percent(&shown, "Total"), "100.0");
    assert!(shown.contains("may not add up to 100"), "{shown}");
    assert!(!table(&[1, 1], &[]).contains("may not add up to 100"), "only where it applies");
}

#[test]
fn nobody_and_few_print_differently() {
    let shown = table(&[1, 2999, 0], &[]);
    assert_eq!(percent(&shown, "option 1"), "0.0");
    assert_eq!(percent(&shown, "option 2"), "100.0");
    assert!(shown.contains("2999") || shown.contains("2,999"), "the count stands beside it: {shown}");
    assert_eq!(percent(&shown, "option 3"), "-");
}

#[test]
fn weights_of_a_tenth_print_what_no_weights_print() {
    // 23 of 80 is a tie that a double loses.
    let counts = [23, 57];
    let plain = table(&counts, &["--format", "csv", "--cell", "percent"]);
    let schema = [&SURVEY.replace("respondent", "weight = \"w\"\nrespondent"), question(2).as_str()].concat();
    let data = answered(&counts)
        .lines()
        .map(|line| format!("{line},{}\n", if line == "id,q" { "w" } else { "0.1" }))
        .collect::<String>();
    let reversed: String = {
        let mut lines: Vec<&str> = data.lines().collect();
        lines[1..].reverse();
        lines.join("\n") + "\n"
    };
    let program = Program::new().file("s.toml", schema).file("d.csv", data).file("r.csv", reversed);
    let weighted = |file: &str| {
        let run = program.run(&[
            "tab", "--schema", "s.toml", file, "--lang", "en", "--format", "csv", "--cell", "percent",
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let numbers = |csv: &str| -> Vec<String> {
        let lines = csv.lines().filter(|line| line.starts_with("option"));
        lines.map(|line| line.rsplit(',').next().expect("a number").to_string()).collect()
    };
    assert_eq!(numbers(&plain), ["28.8", "71.3"]);
    assert_eq!(numbers(&weighted("d.csv")), numbers(&plain));
    assert_eq!(weighted("d.csv"), weighted("r.csv"));
}

/// Every number of three surveys at full precision, as a hash. When one changes, a line of the changelog says why.
#[test]
fn golden_tables_of_three_surveys_are_what_they_were() {
    let mut found = String::new();
    for survey in ["care-manager-2016", "kuwana-2019", "municipal-progress-r3"] {
        let (schema, data) = (
            repository(&format!("schemas/{survey}.toml")),
            repository(&format!("data-samples/{survey}.csv")),
        );
        let banner = match survey {
            "care-manager-2016" => Some("q1,area"),
            "kuwana-2019" => Some("q1"),
            // Its cross tables are half a million lines.
            _ => None,
        };
        for cols in [None, banner].into_iter().take(1 + usize::from(banner.is_some())) {
            let command = if cols.is_some() { "crosstab" } else { "tab" };
            let mut arguments = vec![
                command,
                "--schema",
                &schema,
                &data,
                "--rows",
                "all",
                "--format",
                "tidy",
                "--measures",
                "n,wn,base,mentions,col_pct,row_pct,mean,sd,median",
            ];
            arguments.extend(cols.iter().flat_map(|cols| ["--cols", cols]));
            let run = Program::new().run(&arguments);
            assert_eq!(run.code, 0, "{}", run.stderr);
            let hash: String = Sha256::digest(run.stdout.as_bytes())
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let _ = writeln!(found, "{survey} {command} {} lines {hash}", run.stdout.lines().count());
        }
    }
    insta::assert_snapshot!(found);
}
