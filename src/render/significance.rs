//! Tests and comparisons of columns in JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sheet::{Language, caveat, definition};
use crate::significance::{Comparison, Options, TestLine, find};
use crate::tabulate::Table;

/// What was found of a table, with what it means.
#[derive(Serialize)]
pub struct SignificanceShape {
    tests: Vec<TestShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    residuals: Option<Vec<Vec<Option<f64>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<ColumnsShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caveat: Option<&'static str>,
}

#[derive(Serialize)]
struct TestShape {
    /// Nothing: over the rows, of the Total column.
    banner: Option<usize>,
    /// Index of the column within which it is over the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// Index of the answer tested by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    test: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_run: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    statistics: BTreeMap<&'static str, f64>,
}

impl TestShape {
    fn of(line: &TestLine) -> TestShape {
        let values = line.values.iter().flatten().map(|(statistic, value)| (statistic.0, *value));
        TestShape {
            banner: line.banner,
            column: line.column,
            row: line.row,
            test: line.test.name(),
            not_run: line.values.as_ref().err().map(|why| why.words(Language::English)),
            statistics: values.collect(),
        }
    }
}

#[derive(Serialize)]
struct ColumnsShape {
    preset: &'static str,
    definition: String,
    /// In percent, the stricter first.
    levels: Vec<f64>,
    correction: &'static str,
    /// What each column is compared with.
    against: &'static str,
    least_base: u64,
    /// By row and column.
    letters: Vec<Vec<String>>,
    comparisons: Vec<ComparisonShape>,
    not_run: Vec<(usize, &'static str)>,
}

#[derive(Serialize)]
struct ComparisonShape {
    row: usize,
    left: usize,
    /// Nothing: the rest.
    right: Option<usize>,
    statistic: f64,
    df: Option<f64>,
    p: f64,
    adjusted_p: f64,
}

impl ComparisonShape {
    fn of(comparison: &Comparison) -> ComparisonShape {
        let Comparison { row, left, right, statistic, df, p, adjusted } = *comparison;
        ComparisonShape { row, left, right, statistic, df, p, adjusted_p: adjusted }
    }
}

impl SignificanceShape {
    /// What is found of a table.
    pub fn of(table: &Table, options: &Options) -> SignificanceShape {
        let findings = find(table, options);
        let columns = options.comparison.as_ref().zip(findings.lettering).map(|(comparing, found)| {
            let reasons = found.not_run.iter().map(|(banner, why)| (*banner, why.words(Language::English)));
            ColumnsShape {
                preset: comparing.preset.name(),
                definition: definition(options, table, Language::English).unwrap_or_default(),
                levels: comparing.levels.iter().map(|level| f64::from(*level) / 100.0).collect(),
                correction: comparing.correction.name(),
                against: comparing.against.name(),
                least_base: comparing.preset.least_base(),
                not_run: reasons.collect(),
                comparisons: found.comparisons.iter().map(ComparisonShape::of).collect(),
                letters: found.letters,
            }
        });
        SignificanceShape {
            tests: findings.tests.iter().map(TestShape::of).collect(),
            residuals: Some(findings.residuals).filter(|residuals| !residuals.is_empty()),
            columns,
            caveat: caveat(options.sampling, Language::English),
        }
    }
}
