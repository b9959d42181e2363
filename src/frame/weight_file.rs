//! A file of weights: the respondent's key and `weight`, joined to the data by key.

use std::path::Path;

use polars::prelude::{DataFrame, DataFrameJoinOps, NamedFrom, PolarsError, Series};

use super::file::Data;
use super::heading::Declared;
use super::named_records::named_records;
use super::number::Decimal;
use super::pairs::{Named, Pair, pairs};
use super::source::Opening;
use super::weights::weight;
use crate::diag::{Diagnostic, Failure, Place, plural, quote};

/// The weight of every respondent of the data, whose keys are given in file order; `shown` names rows of the data.
///
/// # Errors
/// Anything amiss in the file, and keys that stand on one side only.
pub(crate) fn join(
    path: &Path,
    respondent: &str,
    data_name: &str,
    data_keys: &[&str],
    shown: &dyn Fn(&[usize]) -> String,
) -> Result<Vec<Decimal>, Failure> {
    let mut data = Data::open(path, Opening::default())?;
    let columns = [respondent.to_string(), "weight".to_string()];
    data.find_records(None, &columns, Declared::default(), true)?;
    let named = Named {
        what: "weights",
        key: respondent,
        key_words: "the respondent's key",
        value: "weight",
        value_words: "the weight",
        expected: "a weight of zero or more",
    };
    let entries: Vec<Pair<Decimal>> = pairs(&data, &named, |written| weight(written.as_bytes()))?;
    let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    let places = left_join(data_keys, &keys).map_err(|error| {
        let error = Diagnostic::error(format!("the weights could not be joined: {error}"));
        Failure::Refused(vec![error.at(Place::File(data.name.clone()))])
    })?;
    let mut errors = Vec::new();
    let without: Vec<usize> = (0..places.len()).filter(|&row| places[row].is_none()).collect();
    if !without.is_empty() {
        let message = format!(
            "{} in the data {} no weight in {}: {}",
            plural(without.len() as u64, "respondent"),
            if without.len() == 1 { "has" } else { "have" },
            quote(&data.name),
            shown(&without)
        );
        errors.push(Diagnostic::error(message).at(Place::File(data_name.to_string())));
    }
    let mut used = vec![false; entries.len()];
    places.iter().flatten().for_each(|&place| used[place] = true);
    let unused: Vec<usize> = (0..used.len()).filter(|&place| !used[place]).collect();
    if !unused.is_empty() {
        let message = format!(
            "{} {} to no respondent of {}: {}",
            plural(unused.len() as u64, "weight"),
            if unused.len() == 1 { "belongs" } else { "belong" },
            quote(data_name),
            named_records(&unused, &[])
        );
        errors.push(Diagnostic::error(message).at(Place::File(data.name.clone())));
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    Ok(places.into_iter().flatten().map(|place| entries[place].value).collect())
}

/// A file of weights, and no key to join it by.
pub(crate) fn no_key() -> Diagnostic {
    Diagnostic::error("a file of weights is joined by the respondent's key, and the schema names none")
        .hint("say `respondent = \"…\"` under `[survey]`")
}

/// Weights that do not fit together.
pub(crate) fn too_many_digits() -> Diagnostic {
    Diagnostic::error("the weights need more digits together than can be added exactly")
        .hint("round them to fewer decimals")
}

/// For each key of the data, its place among the keys of the file.
fn left_join(data_keys: &[&str], keys: &[&str]) -> Result<Vec<Option<usize>>, PolarsError> {
    let count = |length: usize| -> Vec<i64> { (0..).take(length).collect() };
    let left = DataFrame::new_infer_height(vec![
        Series::new("key".into(), data_keys).into(),
        Series::new("row".into(), count(data_keys.len())).into(),
    ])?;
    let right = DataFrame::new_infer_height(vec![
        Series::new("key".into(), keys).into(),
        Series::new("place".into(), count(keys.len())).into(),
    ])?;
    let joined = left.left_join(&right, ["key"], ["key"])?;
    let rows = joined.column("row")?.as_materialized_series().i64()?.to_vec();
    let places = joined.column("place")?.as_materialized_series().i64()?.to_vec();
    let mut found = vec![None; data_keys.len()];
    // A join promises no order, so each line says which respondent it is.
    for (row, place) in rows.into_iter().zip(places) {
        if let Some(slot) = row.and_then(|row| found.get_mut(usize::try_from(row).ok()?)) {
            *slot = place.and_then(|place| usize::try_from(place).ok());
        }
    }
    Ok(found)
}
