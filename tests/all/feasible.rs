//! Which counts and bases printed percentages can have. Expected values are those of an exact computation with
//! Python's fractions over published tables: the care-manager survey of 2016 (n=604), a survey of 75 care managers
//! in Kuwana (2019), and surveys of the 厚生労働省 (市町村, 都道府県).

use crate::cli::{Program, Run};

fn feasible(arguments: &str) -> Run {
    let arguments: Vec<&str> = std::iter::once("feasible").chain(arguments.split_whitespace()).collect();
    Program::new().run(&arguments)
}

fn json(arguments: &str) -> serde_json::Value {
    let run = feasible(&format!("{arguments} --format json"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// The fitting bases, ranges written out.
fn fitting(arguments: &str) -> Vec<u64> {
    let ranges: Vec<(u64, u64)> = serde_json::from_value(json(arguments)["fitting"].clone()).expect("pairs");
    ranges.into_iter().flat_map(|(from, to)| from..=to).collect()
}

/// The counts of each percentage on one base; nothing: impossible.
fn counts(arguments: &str) -> Vec<Option<(u64, u64)>> {
    serde_json::from_value(json(arguments)["bases"][0]["counts"].clone()).expect("pairs")
}

fn only(counts: &[u64]) -> Vec<Option<(u64, u64)>> {
    counts.iter().map(|&count| Some((count, count))).collect()
}

#[test]
fn row_51_the_four_shares_of_604_have_one_count_each() {
    assert_eq!(counts("74.3 11.9 5.3 3.1 --n 604"), only(&[449, 72, 32, 19]));
    assert_eq!(counts("39.2 19.4 --n 604"), only(&[237, 117]));
    assert_eq!(counts("48 --n 604"), [Some((287, 292))]);
    // Truncation is excluded: 19.4 and 5.3 would be impossible.
    assert_eq!(counts("19.4 5.3 74.3 --n 604 --rule truncate"), [None, None, Some((449, 449))]);
}

#[test]
fn row_51_no_rule_makes_all_shares_possible_on_75() {
    let shares = "65 33 28 26 24 22 34 43 30 --n 75";
    let impossible = |arguments: &str| -> Vec<usize> {
        let counts = counts(arguments);
        (0..counts.len()).filter(|&place| counts[place].is_none()).collect()
    };
    // 26, 22, 34 and 30 half up; 43 truncated.
    assert_eq!(impossible(shares), [3, 5, 6, 8]);
    assert_eq!(impossible(&format!("{shares} --rule truncate")), [7]);
    assert_eq!(fitting("26 24 22 --n 20..75"), [46, 50, 54, 58, 68, 72, 74]);
    assert_eq!(counts("26 24 22 --n 74"), only(&[19, 18, 16]));
    assert_eq!(counts("34 43 30 --n 74"), only(&[25, 32, 22]));
    assert_eq!(fitting("65 33 28 26 24 22 34 43 30 --n 20..75"), [] as [u64; 0]);
    assert_eq!(fitting("33 28 --n 20..75"), [36, 39, 40, 43, 46, 54, 57, 58, 60, 61, 64, 67, 69, 72, 75]);
}

#[test]
fn row_51_a_rate_and_a_count_tell_how_many_were_sent() {
    assert_eq!(fitting("97.4 --count 75"), [77]);
    // 24 offices never give 97.4.
    assert_eq!(fitting("97.4 --count 24"), [] as [u64; 0]);
    assert_eq!(feasible("97.4 --count 24").code, 1);
}

#[test]
fn row_51_five_shares_printed_over_30_are_of_39() {
    assert_eq!(fitting("71.8 15.4 7.7 2.6 2.6 --n 5..60"), [39]);
    assert_eq!(counts("71.8 --n 30"), [None]);
    assert_eq!(counts("66.0 --n 47"), only(&[31]));
    assert_eq!(counts("68.0 --n 1741"), only(&[1184]));
}

#[test]
fn row_51_ten_counts_and_shares_pin_a_base_that_was_not_printed() {
    let rows =
        "87.9 79.1 90.0 85.2 88.1 84.5 82.0 82.8 80.5 28.7 --count 459,413,470,445,460,441,428,432,420,150";
    assert_eq!(fitting(rows), [522]);
    assert_eq!(
        fitting(
            "26.4 23.7 27.0 25.6 26.4 25.3 24.6 24.8 24.1 8.6 --n 1741 --count 459,413,470,445,460,441,428,432,420,150"
        ),
        [1741]
    );
}

#[test]
fn row_51_parts_of_one_question_narrow_one_another() {
    let parts = json("14.4 13.2 3.4 51.2 17.7 0.1 --n 1717 --parts");
    assert_eq!(parts["bases"][0]["ways"], "6");
    assert_eq!(json("1.5 17.0 5.6 19.7 2.6 53.5 0.1 --n 1717 --parts")["bases"][0]["ways"], "20");
    // 1184 is the only count of 68.0, so the rest has one as well, though 32.0 alone has two.
    assert_eq!(counts("68.0 32.0 --n 1741 --parts"), only(&[1184, 557]));
    assert_eq!(counts("58.8 9.2 17.7 14.3 --n 1741 --parts")[3], Some((249, 249)));
}

#[test]
fn a_million_bases_are_looked_at_at_once() {
    let found = json("26 24 22 --n 1..1000000");
    // From 5,000 respondents on every base has a count for a whole percentage; below, those that a plain search finds.
    let plain: u64 = (1..=1_000_000_u64)
        .filter(|n| [26, 24, 22].iter().all(|p| ((2 * p - 1) * n).div_ceil(200) * 200 < (2 * p + 1) * n))
        .count() as u64;
    assert_eq!(found["fitting_count"], plain);
}

#[test]
fn a_person_reads_what_is_impossible_and_what_is_next_to_it() {
    let run = feasible("26 24 --n 75,74");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "\
n = 75　×
       26％ 不可能（19/75 = 25.33、20/75 = 26.67）
       24％ k = 18
n = 74
       26％ k = 19
       24％ k = 18
すべてに合う n: 74（四捨五入、調べた n は 75、74、合うのは 1）
"
    );
    let english = feasible("26 --n 75 --lang en");
    assert_eq!(english.code, 1);
    assert_eq!(
        english.stdout,
        "\
n = 75  does not fit
       26% impossible (19/75 = 25.33, 20/75 = 26.67)
n that fit all: none (half up; looked at 75; 0 fit)
"
    );
}

#[test]
fn what_is_no_percentage_or_base_is_refused() {
    for (arguments, told) in [
        ("four --n 75", "expected a percentage from 0 to 100 as printed, such as `74.3`"),
        ("101 --n 75", "expected a percentage from 0 to 100 as printed, such as `74.3`"),
        ("26 --n 0", "expected a number of respondents such as `604`"),
        ("26 --n 9..3", "expected a number of respondents such as `604`"),
        ("26", "--n <BASES>"),
    ] {
        let run = feasible(arguments);
        assert_eq!(run.code, 2, "{arguments}: {}", run.stdout);
        assert!(run.stderr.contains(told), "{arguments}: {}", run.stderr);
    }
    let run = feasible("26 24 --count 3");
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: expected a count for each percentage, found 1 count for 2 percentages\n  hint: as in `renkei feasible 87.9 79.1 --count 459,413`\n"
    );
}
