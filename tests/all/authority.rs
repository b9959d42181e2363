//! Numbers of renkei against those of R, its package survey, and NIST.
//!
//! `tests/authority/numbers.json` is written by `tests/authority/numbers.R`, which names source,
//! exact call, version and date; `outside` runs it again.

use std::path::Path;

use renkei::diag::Quiet;
use renkei::frame::{ReadOptions, WeightSource, read};
use renkei::tabulate::{Request, Table, fill};
use serde_json::Value;

/// The committed numbers.
pub const NUMBERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/numbers.json");

const SCHEMA: &str = r#"
[survey]
id = "numbers"
title = "numbers"
respondent = "id"

[[question]]
id = "x"
text = "x"
kind = "number"
"#;

/// The table of a number, by way of a CSV file.
fn table(values: &[String], weights: Option<&[String]>) -> Table {
    let mut csv = String::from("id,x,w\n");
    for (place, value) in values.iter().enumerate() {
        csv += &format!("{place},{value},{}\n", weights.map_or("1", |weights| &weights[place]));
    }
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    std::fs::write(file.path(), csv).expect("a temporary file");
    let survey = renkei::schema::load("numbers.toml", SCHEMA).expect("a sound schema").value;
    let request = Request::resolve(&survey, "x", None, None, None).expect("a sound request");
    let weight = weights.map_or(WeightSource::None, |_| WeightSource::Column("w".to_string()));
    let options = ReadOptions { weight, ..ReadOptions::default() };
    let questions = request.questions(&survey);
    let dataset = read(Path::new(file.path()), &survey, &questions, &options, &Quiet).expect("sound data");
    fill(&survey, &request, &dataset, 1, &Quiet).remove(0)
}

fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten();
    texts.map(|text| text.as_str().expect("a text").to_string()).collect()
}

fn near(found: f64, expected: f64, relative: f64) -> bool {
    (found - expected).abs() <= relative * expected.abs()
}

/// Means and totals to 1e-12: both sides round a handful of times, R in extended precision.
/// Deviations to 1e-10: R subtracts a rounded mean. Quantiles exactly: they are values, or halves
/// of a sum of two.
#[test]
fn numbers_are_those_of_r() {
    let text = std::fs::read_to_string(NUMBERS).expect("the committed numbers");
    let numbers: Value = serde_json::from_str(&text).expect("JSON");
    let sets = numbers["sets"].as_array().expect("sets");
    assert!(sets.len() > 15);
    for set in sets {
        let name = set["name"].as_str().expect("a name");
        let weights = set["w"].as_array().map(|_| texts(&set["w"]));
        let table = table(&texts(&set["x"]), weights.as_deref());
        let of = |key: &str| set[key].as_f64();
        let mean = table.mean(0, 0).value().expect("a mean").to_f64();
        assert!(near(mean, of("mean").expect("a mean"), 1e-12), "{name}: mean {mean}");
        let total = table.total(0, 0).value().expect("a total").to_f64();
        assert!(near(total, of("total").expect("a total"), 1e-12), "{name}: total {total}");
        let effective = table.base(0, 0).effective().expect("an effective base").to_f64();
        assert!(near(effective, of("effective").expect("an effective base"), 1e-12), "{name}: {effective}");
        match (table.standard_deviation(0, 0).value(), of("sd")) {
            (Some(found), Some(expected)) => {
                assert!(near(found, expected, 1e-10), "{name}: deviation {found}, expected {expected}");
            }
            (None, None) => {}
            (found, expected) => panic!("{name}: deviation {found:?}, expected {expected:?}"),
        }
        for (place, quartile) in (1..=3).enumerate() {
            let found = table.quartile(0, 0, quartile).value().map(|quartile| quartile.to_f64());
            assert_eq!(found, set["quartiles"][place].as_f64(), "{name}: quartile {quartile}");
        }
    }
}

/// NIST StRD, Univariate Summary Statistics, NumAcc1 to NumAcc4: data by formula, certified values
/// (exact) from <https://www.itl.nist.gov/div898/strd/univ/homepage.html>, 2026-11-20. The sample
/// standard deviation and the mean; values are read as decimals, so nothing is lost on the way.
#[test]
fn numbers_are_those_nist_certifies() {
    let alternating = |middle: &str, low: &str, high: &str| {
        let mut values = vec![middle.to_string()];
        values.extend([low, high].into_iter().cycle().take(1000).map(String::from));
        values
    };
    let first = ["10000001", "10000003", "10000002"].map(String::from).to_vec();
    for (name, values, mean, deviation) in [
        ("NumAcc1", first, 10_000_002.0, 1.0),
        ("NumAcc2", alternating("1.2", "1.1", "1.3"), 1.2, 0.1),
        ("NumAcc3", alternating("1000000.2", "1000000.1", "1000000.3"), 1_000_000.2, 0.1),
        ("NumAcc4", alternating("10000000.2", "10000000.1", "10000000.3"), 10_000_000.2, 0.1),
    ] {
        let ones = vec!["1.0".to_string(); values.len()];
        for weights in [None, Some(ones.as_slice())] {
            let table = table(&values, weights);
            assert_eq!(table.mean(0, 0).value().map(|mean| mean.to_f64()), Some(mean), "{name}");
            let found = table.standard_deviation(0, 0).value().expect("a deviation");
            assert!(near(found, deviation, 1e-15), "{name}: deviation {found}");
        }
    }
}
