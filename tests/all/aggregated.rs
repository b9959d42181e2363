//! Aggregated data: a column says how many respondents a record stands for.

use proptest::prelude::*;

use crate::cli::{Program, repository};

const SCHEMA: &str = r#"
[survey]
id = "s"
title = "s"
count = "times"
[[question]]
id = "a"
text = "a"
kind = "single"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
[[question]]
id = "b"
text = "b"
kind = "multi"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
[[question]]
id = "c"
text = "c"
kind = "number"
asked_if = "a == 1"
"#;

/// Counts of offices as printed: 56 of 205 are 27.3%, 47 of 165 are 28.5%.
#[test]
fn row_52_shares_of_an_area_in_the_city() {
    let schema = repository("schemas/kuwana-resources.toml");
    let data = repository("data-samples/kuwana-resources.csv");
    let request = ["--rows", "facility", "--cols", "area", "--percent", "stub", "--cell", "both"];
    let run = Program::new().run(&[&["crosstab", "--schema", &schema, &data], &request[..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn counts_are_whole_numbers() {
    let data = "times,a,b_1,b_2,c\n,1,1,0,3\n1.5,1,1,0,3\n-1,1,1,0,3\n２.0,2,0,0,\n";
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: d.csv:2: record 1, column `times`: expected a count of respondents, found a blank
  hint: write 0 where a record stands for nobody
error: d.csv:3: record 2, column `times`: expected a count of respondents, found `1.5`
  hint: a count is a whole number from 0 to 10,000,000
error: d.csv:4: record 3, column `times`: expected a count of respondents, found `-1`
  hint: a count is a whole number from 0 to 10,000,000
"
    );
}

#[test]
fn more_respondents_than_fit_are_refused_before_they_take_memory() {
    let data = format!("times,a,b_1,b_2,c\n{}", "10000000,1,1,0,3\n".repeat(11));
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", &data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv"]);
    assert_eq!(run.code, 1);
    let expected = "error: d.csv: the records stand for 110,000,000 respondents together, more than fit
  hint: expected at most 100,000,000
";
    assert_eq!(run.stderr, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn aggregated_records_count_like_the_respondents_they_stand_for(
        records in proptest::collection::vec((0_usize..4, 1..3_u8, 0..2_u8, 0..2_u8, 0..5_i32), 1..12)
    ) {
        prop_assume!(records.iter().any(|record| record.0 > 0));
        let header = "times,a,b_1,b_2,c\n";
        let line = |times: usize, record: &(usize, u8, u8, u8, i32)| {
            let &(_, a, one, two, number) = record;
            let number = if a == 1 { number.to_string() } else { String::new() };
            format!("{times},{a},{one},{two},{number}\n")
        };
        let aggregated: String = records.iter().map(|record| line(record.0, record)).collect();
        let single: String = records.iter().map(|record| line(1, record).repeat(record.0)).collect();
        let program = Program::new()
            .file("s.toml", SCHEMA)
            .file("aggregated.csv", &(header.to_string() + &aggregated))
            .file("single.csv", &(header.to_string() + &single));
        for request in [&["tab"][..], &["crosstab", "--rows", "all", "--cols", "a"]] {
            let tidy = |file: &str| {
                let options = ["--schema", "s.toml", file, "--format", "tidy"];
                let run = program.run(&[&request[..1], &options, &request[1..]].concat());
                (run.code, run.stdout, run.stderr)
            };
            prop_assert_eq!(tidy("aggregated.csv"), tidy("single.csv"));
        }
    }
}

/// One record of five respondents with weight zero, one of none.
#[test]
fn weights_of_zero_are_counted_by_respondents_not_records() {
    let data = "times,a,b_1,b_2,c,w\n5,1,1,0,3,0\n2,2,0,1,,1\n0,2,0,1,,0\n";
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "a", "--weight", "w"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("※ データ全体で、ウェイト0の回答者は 5名"), "{}", run.stdout);
}
