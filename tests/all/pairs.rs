//! Tests that need more than cells: columns that share respondents, columns against the rest and the Total,
//! against R's numbers, by laws, and as they are printed.
//!
//! `tests/authority/pairs.json` is written by `tests/authority/pairs.R`, which names source, exact call,
//! version and date; `outside` runs it again.

use proptest::prelude::*;
use renkei::frame::{Dataset, ReadOptions, WeightSource};
use renkei::schema::Survey;
use renkei::significance::{
    Against, Comparing, Correction, Group, Lettering, Options, Preset, Sharing, compare, difference_of_means,
    difference_of_proportions,
};
use renkei::tabulate::{Request, Table, Tally, fill};
use serde_json::Value;

use crate::cli::{Program, repository};
use crate::data::{all, plain, read_text, survey};

/// The committed numbers.
pub const PAIRS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/pairs.json");

const SCHEMA: &str = r#"
[survey]
id = "pairs"
title = "pairs"
respondent = "id"

[[question]]
id = "a"
text = "a"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }]

[[question]]
id = "b"
text = "b"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }]

[[question]]
id = "c"
text = "c"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }]

[[question]]
id = "d"
text = "d"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }]

[[question]]
id = "s"
text = "s"
kind = "scale"
options = [{ code = 1, label = "1", score = 1 }, { code = 2, label = "2", score = 2 }, { code = 3, label = "3", score = 3 }, { code = 4, label = "4", score = 4 }, { code = 5, label = "5", score = 5 }]

[[question]]
id = "m"
text = "m"
kind = "multi"
columns = "m{code}"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }, { code = 4, label = "4" }]

[[question]]
id = "k"
text = "k"
kind = "multi"
columns = "k{code}"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }]

[[question]]
id = "g"
text = "g"
kind = "grid"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }]
rows = [{ id = "r1", label = "1" }, { id = "r2", label = "2" }, { id = "r3", label = "3" }, { id = "r4", label = "4" }]
"#;

fn numbers() -> Value {
    let text = std::fs::read_to_string(PAIRS).expect("the committed numbers");
    serde_json::from_str(&text).expect("JSON")
}

fn read(survey: &Survey, csv: &str, weighted: bool) -> Dataset {
    let weight = if weighted { WeightSource::Column("w".into()) } else { WeightSource::None };
    let options = ReadOptions { weight, ..plain() };
    read_text(survey, &all(survey), csv.as_bytes(), &options, 1 << 20).expect("sound data")
}

fn tables(
    survey: &Survey,
    dataset: &Dataset,
    rows: &str,
    cols: Option<&str>,
    options: &Options,
) -> Vec<Table> {
    let request = Request::resolve(survey, rows, cols, None, None).expect("a sound request");
    let request = Request { joint: options.needs(), ..request };
    fill(survey, &request, dataset, 1, &renkei::diag::Quiet)
}

fn comparing(preset: Preset, against: Against) -> Comparing {
    Comparing { preset, levels: vec![500], correction: Correction::None, against }
}

fn near(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: no number"));
    assert!((found - expected).abs() <= 1e-8 * expected.abs().max(1e-4), "{what}: {found}, R {expected}");
}

fn named<T: Copy>(known: &[(&str, T)], name: &Value) -> T {
    known.iter().find(|(known, _)| name == known).expect("a known name").1
}

/// To 1e-8: both sides sum a few dozen doubles; tails are cdflib's against R's own.
#[test]
fn comparisons_of_columns_are_those_of_r_by_each_definition() {
    let numbers = numbers();
    let survey = survey(SCHEMA);
    let csv = numbers["csv"].as_str().expect("the data");
    let datasets = [false, true].map(|weighted| read(&survey, csv, weighted));
    let comparisons = numbers["comparisons"].as_array().expect("comparisons");
    assert_eq!(comparisons.len(), 340);
    for set in comparisons {
        let dataset = &datasets[usize::from(set["weighted"] == true)];
        let comparing = comparing(named(&Preset::ALL, &set["preset"]), named(&Against::ALL, &set["against"]));
        let options = Options { comparison: Some(comparing.clone()), ..Options::default() };
        let (question, banner) = (set["question"].as_str().expect("rows"), set["banner"].as_str());
        let table = tables(&survey, dataset, question, banner, &options).remove(0);
        let Lettering { comparisons, .. } = compare(&table, &comparing);
        let code = set["code"].as_i64().map(|code| code.to_string());
        let row = table
            .stub
            .iter()
            .position(|row| {
                row.code.as_ref().map(ToString::to_string) == code
                    && row.role != renkei::tabulate::RowRole::Missing
            })
            .expect("the row");
        let column = |value: &Value| value.as_u64().map(|column| column as usize);
        let of_set = |found: &&renkei::significance::Comparison| {
            (found.row, Some(found.left), found.right) == (row, column(&set["left"]), column(&set["right"]))
        };
        let found = comparisons.iter().find(of_set).unwrap_or_else(|| panic!("{set}: not compared"));
        near(found.statistic, &set["found"]["statistic"], &set.to_string());
        near(found.p, &set["found"]["p"], &set.to_string());
        match found.df {
            Some(df) => near(df, &set["found"]["df"], &set.to_string()),
            None => assert!(set["found"]["df"].is_null(), "{set}"),
        }
    }
}

fn tally(n: u64, w: i128, w2: i128) -> Tally {
    Tally { n, w, w2 }
}

/// Two columns that share respondents: in one alone, in the other alone, in both; with and without the answer.
fn overlapping() -> impl Strategy<Value = (Group, Group, Sharing)> {
    let part = (1_u64..60, 1_u64..60, 1_i128..6).prop_map(|(yes, no, w)| {
        let of = |n: u64| tally(n, i128::from(n) * w, i128::from(n) * w * w);
        (of(yes), of(yes + no))
    });
    (part.clone(), part.clone(), part, 0_u64..50).prop_map(|(left, right, both, outside)| {
        let group =
            |alone: (Tally, Tally)| Group { cell: alone.0.merge(both.0), base: alone.1.merge(both.1) };
        let whole = left.1.n + right.1.n + both.1.n + outside;
        (group(left), group(right), Sharing { base: both.1, whole })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_that_share_respondents_compare_both_ways_alike((a, b, sharing) in overlapping()) {
        for (name, preset) in Preset::ALL {
            let forth = difference_of_proportions(preset, a, b, Some(sharing), 1.0);
            let back = difference_of_proportions(preset, b, a, Some(sharing), 1.0);
            match (forth, back) {
                (Some(forth), Some(back)) => {
                    prop_assert!((forth.0 + back.0).abs() <= 1e-9 * forth.0.abs(), "{name}: {forth:?} {back:?}");
                    prop_assert!((forth.2 - back.2).abs() <= 1e-9, "{name}");
                }
                (forth, back) => prop_assert_eq!(forth.is_some(), back.is_some()),
            }
        }
        let (one, other) = ([2.5, 1.2, 40.0], [3.0, 0.8, 55.0]);
        let (forth, back) = (difference_of_means(one, other, 12.0), difference_of_means(other, one, 12.0));
        prop_assert_eq!(forth.map(|t| -t.0), back.map(|t| t.0));
    }

    /// Whoever is in both adds nothing to the difference: knowing it can only sharpen the pooled tests.
    #[test]
    fn sharing_respondents_never_makes_a_pooled_difference_less_certain((a, b, sharing) in overlapping()) {
        for preset in [Preset::Renkei, Preset::Spss] {
            let apart = difference_of_proportions(preset, a, b, None, 1.0);
            let shared = difference_of_proportions(preset, a, b, Some(sharing), 1.0);
            if let (Some(apart), Some(shared)) = (apart, shared) {
                prop_assert!(shared.0.abs() >= apart.0.abs() - 1e-12, "{preset:?} {apart:?} {shared:?}");
            }
        }
    }
}

/// Means without anybody in both are Welch's, and of one sample compared with itself nothing differs.
#[test]
fn the_test_of_overlapping_means_ends_in_welch_and_in_nothing() {
    let welch = difference_of_means([5.0, 2.0, 30.0], [4.0, 1.0, 20.0], 0.0).expect("a test");
    // 4/30 + 1/20, and Welch's degrees of freedom.
    let v = 4.0 / 30.0 + 1.0 / 20.0;
    assert!((welch.0 - 1.0 / f64::sqrt(v)).abs() < 1e-12);
    let df = v * v / ((4.0 / 30.0) * (4.0 / 30.0) / 29.0 + 0.05 * 0.05 / 19.0);
    assert!((welch.1.expect("degrees of freedom") - df).abs() < 1e-9);
    assert_eq!(difference_of_means([5.0, 2.0, 30.0], [5.0, 2.0, 30.0], 30.0), None);
}

fn shown(more: &[&str]) -> String {
    let schema = repository("schemas/care-manager-2016.toml");
    let data = repository("data-samples/care-manager-2016.csv");
    let run = Program::new().run(&[&["crosstab", "--schema", &schema, &data], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn columns_that_share_respondents_have_letters_and_a_note() {
    let asked = ["--rows", "q4", "--cols", "q3", "--sig", "dimensions"];
    let text = shown(&asked);
    assert!(text.contains("※ 重複する回答者の分だけ差の分散を小さくしている\n"), "{text}");
    assert!(text.contains("※ A・B… はその列より有意に大きいことを示す（dimensions: "), "{text}");
    let crunch = shown(&["--rows", "q4", "--cols", "q3", "--sig", "crunch", "--lang", "en"]);
    assert!(crunch.contains("the variance is that of the difference of their sizes"), "{crunch}");
}

#[test]
fn marks_tell_a_column_from_the_rest_and_from_the_total() {
    let of = |against: &str, more: &[&str]| {
        let asked =
            ["--rows", "q1", "--cols", "q4", "--sig", "renkei", "--level", "1,5", "--against", against];
        shown(&[&asked[..], more].concat())
    };
    insta::assert_snapshot!(of("total", &[]));
    insta::assert_snapshot!(of("rest", &["--lang", "en"]));
    let tidy = of("rest", &["--format", "tidy", "--measures", "letters"]);
    assert!(tidy.contains(",letters,▲,,option,group,A,"), "{tidy}");
    assert!(tidy.contains("each against everybody else"), "{tidy}");
    let json: Value = serde_json::from_str(&of("total", &["--format", "json"])).expect("JSON");
    let columns = &json["tables"][0]["significance"]["columns"];
    assert_eq!(columns["against"], "total");
    assert_eq!(columns["comparisons"][0]["right"], 0);
    let crunch = shown(&["--rows", "q1", "--cols", "q4", "--sig", "crunch", "--against", "total"]);
    assert!(crunch.contains("「情報提供」の列は比べない: このプログラムに定義がないため"), "{crunch}");
}
