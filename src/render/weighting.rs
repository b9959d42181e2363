//! Weights as CSV, and what they reach as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::weight::{MarginReport, Method, NumberOf, NumberReport, Report, RowLabel, Spread, TrimBy};

/// A CSV of respondents' keys and weights: what `--weights` reads.
///
/// `weights` are in units of `10^-decimals`, each written with the digits it has.
///
/// # Errors
/// When `out` does.
pub fn weights_csv<'a>(
    out: &mut impl Write,
    respondent: &str,
    decimals: u32,
    weights: impl Iterator<Item = (&'a str, u64)>,
) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record([respondent, "weight"])?;
    for (key, weight) in weights {
        writer.write_record([key, decimal(weight, decimals).as_str()])?;
    }
    writer.flush()
}

/// `digits · 10^-decimals` without zeros at its end.
fn decimal(digits: u64, decimals: u32) -> String {
    let places = decimals as usize;
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    match fraction.trim_end_matches('0') {
        "" => whole.to_string(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// What weights reach, in full precision.
pub fn weighting_json(report: &Report) -> String {
    let margins: Vec<Value> = report.margins.iter().map(|margin| margin_json(margin, report)).collect();
    let shape = json!({
        "schema_version": 1,
        "method": match report.method { Method::Rake => "rake", Method::Cell => "cell" },
        "base_weight": report.base,
        "respondents": report.respondents,
        "zero_weights": report.zero,
        "total": report.total,
        "iterations": report.iterations,
        "worst": report.worst,
        "at_limits": report.at_limits.map(|(low, high)| json!({ "lowest": low, "highest": high })),
        "trimmed": report.trimmed.map(|(by, cut, outside)| json!({
            "how": match by { TrimBy::Spread { .. } => "spread", TrimBy::Rerake => "rerake" },
            "strict": match by { TrimBy::Spread { strict } => Some(strict), TrimBy::Rerake => None },
            "respondents": cut,
            "outside": outside,
        })),
        "margins": margins,
        "numbers": report.numbers.iter().map(|number| number_json(number, report)).collect::<Vec<_>>(),
        "weights": report.weights.as_ref().map(spread_json),
    });
    // A value of texts and numbers always serialises.
    serde_json::to_string_pretty(&shape).unwrap_or_default() + "\n"
}

fn margin_json(margin: &MarginReport, report: &Report) -> Value {
    let percent = |sum: f64| 100.0 * sum / report.total;
    let rows = margin.rows.iter().map(|row| {
        let (role, label) = match &row.label {
            RowLabel::Words(label) => ("category", Some(label)),
            RowLabel::NoneOf => ("none", None),
            RowLabel::Missing => ("missing", None),
            RowLabel::NotAsked => ("not_asked", None),
        };
        json!({
            "role": role,
            "code": row.code,
            "label": label,
            "n": row.respondents,
            "sample_pct": 100.0 * row.respondents as f64 / report.respondents as f64,
            "target": row.target,
            "target_pct": row.target.map(percent),
            "achieved": row.achieved,
            "achieved_pct": row.achieved.map(percent),
        })
    });
    json!({ "question": margin.id, "heading": margin.heading, "rows": rows.collect::<Vec<_>>() })
}

fn number_json(number: &NumberReport, report: &Report) -> Value {
    json!({
        "question": number.id,
        "heading": number.heading,
        "target_of": match number.of { NumberOf::Total => "total", NumberOf::Mean => "mean" },
        "n": number.respondents,
        "sample_mean": number.sample,
        "target": number.target,
        "target_mean": number.target / report.total,
        "achieved": number.achieved,
        "achieved_mean": number.achieved.map(|achieved| achieved / report.total),
    })
}

fn spread_json(spread: &Spread) -> Value {
    let quantiles = spread.quantiles.iter().map(|(part, value)| json!({ "part": part, "weight": value }));
    let bins = spread.histogram.iter();
    let bins = bins.map(|bin| json!({ "from": bin.from, "to": bin.to, "n": bin.respondents }));
    json!({
        "sum": spread.sum,
        "smallest": spread.smallest,
        "largest": spread.largest,
        "effective_base": spread.effective,
        "efficiency_pct": 100.0 * spread.efficiency(),
        "design_effect": spread.design_effect(),
        "quantiles": quantiles.collect::<Vec<_>>(),
        "histogram": bins.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_written_with_the_digits_they_have() {
        assert_eq!(decimal(840_512_345_678, 12), "0.840512345678");
        assert_eq!(decimal(2_000, 3), "2");
        assert_eq!(decimal(1_250, 3), "1.25");
        assert_eq!(decimal(0, 9), "0");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(decimal(70, 0), "70");
    }
}
