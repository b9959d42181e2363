//! What weights reach, as sheets: target against achieved, the weights in numbers, and a histogram.

use super::{Cell, Content, Format, Language, Role, Sheet, Value};
use crate::stats::Ratio;
use crate::weight::{MarginReport, Method, NumberOf, NumberReport, Report, RowLabel, Spread, TrimBy};

/// Decimals of weights.
const WEIGHT_DECIMALS: u32 = 4;
/// Signs of the longest bar.
const BAR: u64 = 40;

/// Decimals of means.
const MEAN_DECIMALS: u32 = 3;

/// A sheet for each margin, one of the numbers, and where there are weights one of them and their histogram.
pub fn weighting(report: &Report, language: Language) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> =
        report.margins.iter().map(|margin| margin_sheet(margin, report, language)).collect();
    if !report.numbers.is_empty() {
        sheets.push(number_sheet(&report.numbers, report, language));
    }
    if let Some(spread) = &report.weights {
        sheets.push(numbers(report, spread, language));
        sheets.push(histogram(spread, language));
    }
    sheets
}

fn number(value: f64, format: Format) -> Cell {
    Cell::new(Content::Number(Value::Real(value), format), Role::Data)
}

/// What is missing is not nothing: `…`, not `-`.
fn or_undefined(value: Option<f64>, format: Format) -> Cell {
    match value {
        Some(value) => number(value, format),
        None => Cell::new(Content::Undefined, Role::Data),
    }
}

fn count(count: u64) -> Cell {
    Cell::new(
        Content::Number(Value::Exact(Ratio::whole(count.into())), Format::Count { decimals: 0 }),
        Role::Data,
    )
}

fn header(names: &[&str]) -> Vec<Vec<Cell>> {
    vec![names.iter().map(|name| Cell::text(*name, Role::Header)).collect()]
}

/// Target against achieved.
fn margin_sheet(margin: &MarginReport, report: &Report, language: Language) -> Sheet {
    let percent = Format::Percent { decimals: 2 };
    let of_total = |sum: Option<f64>| sum.map(|sum| 100.0 * sum / report.total);
    let mut names = vec![
        language.choose("コード", "Code"),
        language.choose("区分", "Category"),
        "n",
        language.choose("標本％", "Sample %"),
        language.choose("目標％", "Target %"),
        language.choose("加重後％", "Weighted %"),
        language.choose("差", "Diff."),
    ];
    if report.expanded {
        names.extend([language.choose("目標", "Target"), language.choose("加重後", "Weighted")]);
    }
    let line = |row: &crate::weight::RowReport| {
        let label = match &row.label {
            RowLabel::Words(label) => label.as_str(),
            RowLabel::NoneOf => language.choose("それ以外", "None of these"),
            RowLabel::Missing => language.choose("無回答", "No answer"),
            RowLabel::NotAsked => language.choose("非該当", "Not asked"),
        };
        let sample = Ratio::new(100 * i128::from(row.respondents), i128::from(report.respondents));
        let sample = sample.map_or(Content::Undefined, |share| Content::Number(Value::Exact(share), percent));
        let difference = of_total(row.achieved).zip(of_total(row.target)).map(|(one, other)| one - other);
        let mut line = vec![
            Cell::text(row.code.as_str(), Role::Label),
            Cell::text(label, Role::Label),
            count(row.respondents),
            Cell::new(sample, Role::Data),
            or_undefined(of_total(row.target), percent),
            or_undefined(of_total(row.achieved), percent),
            or_undefined(difference, Format::Points { decimals: 2 }),
        ];
        if report.expanded {
            let whole = Format::Count { decimals: 0 };
            line.extend([or_undefined(row.target, whole), or_undefined(row.achieved, whole)]);
        }
        line
    };
    Sheet {
        title: format!("{} {}", margin.id, margin.heading),
        above: Vec::new(),
        header: header(&names),
        body: margin.rows.iter().map(line).collect(),
        side: 2,
        notes: Vec::new(),
    }
}

/// Target against achieved, of numbers.
fn number_sheet(numbers: &[NumberReport], report: &Report, language: Language) -> Sheet {
    let mean = Format::Measure { decimals: MEAN_DECIMALS };
    let mut names = vec![
        language.choose("設問", "Question"),
        "",
        language.choose("目標とするもの", "Target of the"),
        "n",
        language.choose("標本平均", "Sample mean"),
        language.choose("目標平均", "Target mean"),
        language.choose("加重後平均", "Weighted mean"),
        language.choose("差", "Diff."),
    ];
    if report.expanded {
        names.extend([
            language.choose("目標の合計", "Target total"),
            language.choose("加重後の合計", "Weighted total"),
        ]);
    }
    let line = |row: &NumberReport| {
        let of_mean = |total: f64| total / report.total;
        let of = match row.of {
            NumberOf::Total => language.choose("合計", "total"),
            NumberOf::Mean => language.choose("平均", "mean"),
        };
        let mut line = vec![
            Cell::text(row.id.as_str(), Role::Label),
            Cell::text(row.heading.as_str(), Role::Label),
            Cell::text(of, Role::Data),
            count(row.respondents),
            or_undefined(row.sample, mean),
            number(of_mean(row.target), mean),
            or_undefined(row.achieved.map(of_mean), mean),
            or_undefined(row.achieved.map(|achieved| of_mean(achieved - row.target)), mean),
        ];
        if report.expanded {
            let whole = Format::Count { decimals: 0 };
            line.extend([number(row.target, whole), or_undefined(row.achieved, whole)]);
        }
        line
    };
    Sheet {
        title: language.choose("数量の目標", "Targets of numbers").to_string(),
        above: Vec::new(),
        header: header(&names),
        body: numbers.iter().map(line).collect(),
        side: 2,
        notes: Vec::new(),
    }
}

/// The weights in numbers.
fn numbers(report: &Report, spread: &Spread, language: Language) -> Sheet {
    let measure = |decimals| Format::Measure { decimals };
    let mut body: Vec<Vec<Cell>> = Vec::new();
    let mut line = |name: String, cell: Cell| body.push(vec![Cell::text(name, Role::Label), cell]);
    let named = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let method = match report.method {
        Method::Rake if !report.numbers.is_empty() => {
            language.choose("レイキング（区分と数量に同時に）", "raking to categories and numbers together")
        }
        Method::Rake => language.choose("レイキング", "raking"),
        Method::Cell => language.choose("セルウェイト", "cell weighting"),
    };
    line(named("方法", "Method"), Cell::text(method, Role::Data));
    if let Some(base) = &report.base {
        line(named("もとのウェイト", "Base weight"), Cell::text(base.as_str(), Role::Data));
    }
    line(named("回答者", "Respondents"), count(report.respondents));
    if report.zero > 0 {
        line(named("ウェイト0の回答者", "Respondents of weight zero"), count(report.zero));
    }
    line(named("ウェイトの合計", "Sum of weights"), number(spread.sum, measure(2)));
    if let Some(iterations) = report.iterations {
        line(named("反復回数", "Iterations"), count(iterations.into()));
    }
    if let Some(worst) = report.worst {
        // Far below any unit of print, so in powers of ten.
        line(
            match report.numbers.is_empty() {
                true => {
                    named("目標からの最大のずれ（目標比）", "Worst category, off by this part of its target")
                }
                false => named("目標からの最大のずれ（目標比）", "Worst target, off by this part of itself"),
            },
            Cell::text(format!("{worst:.1e}"), Role::Data),
        );
    }
    line(named("有効母数", "Effective base"), number(spread.effective, measure(1)));
    line(
        named("ウェイト効率（％）", "Weighting efficiency (%)"),
        number(100.0 * spread.efficiency(), measure(1)),
    );
    line(named("デザイン効果（Kish）", "Design effect (Kish)"), number(spread.design_effect(), measure(3)));
    let weight = |value| number(value, measure(WEIGHT_DECIMALS));
    line(named("最小", "Smallest"), weight(spread.smallest));
    for &(part, value) in &spread.quantiles {
        let percent = (part * 100.0).round();
        let name = match language {
            _ if part == 0.5 => named("中央値", "Median"),
            Language::Japanese => format!("{percent}％点"),
            Language::English => format!("{percent}% quantile"),
        };
        line(name, weight(value));
    }
    line(named("最大", "Largest"), weight(spread.largest));
    if spread.smallest > 0.0 {
        line(named("最大÷最小", "Largest / smallest"), number(spread.largest / spread.smallest, measure(2)));
    }
    if let Some((low, high)) = report.at_limits {
        line(named("下限の回答者", "At the lowest limit"), count(low));
        line(named("上限の回答者", "At the highest limit"), count(high));
    }
    let mut notes = Vec::new();
    if let Some((by, cut, outside)) = report.trimmed {
        let how = match by {
            TrimBy::Spread { strict: false } => language.choose("均等に再配分", "spread"),
            TrimBy::Spread { strict: true } => language.choose("均等に再配分・反復", "spread, strict"),
            TrimBy::Rerake => language.choose("切って再レイキング", "rerake"),
        };
        let name = named("切り詰めた回答者", "Trimmed") + &super::arrange::in_brackets(how, language);
        line(name, count(cut));
        if matches!(by, TrimBy::Spread { .. }) && cut > 0 {
            notes.push(named(
                "※ レイキングのあとで切り詰めたため、目標とはずれる（表の「差」）",
                "Weights were cut after raking, so targets are left behind (see the differences)",
            ));
        }
        if outside > 0 {
            notes.push(match language {
                Language::Japanese => format!("※ 再配分の結果、{outside}名が範囲の外にある"),
                Language::English => {
                    format!(
                        "{} took what was cut off and ended outside the limits",
                        crate::diag::plural(outside, "respondent")
                    )
                }
            });
        }
    }
    Sheet {
        title: named("ウェイト", "Weights"),
        above: Vec::new(),
        header: header(&[language.choose("項目", "Measure"), language.choose("値", "Value")]),
        body,
        side: 1,
        notes,
    }
}

fn histogram(spread: &Spread, language: Language) -> Sheet {
    let most = spread.histogram.iter().map(|bin| bin.respondents).max().unwrap_or(1).max(1);
    let format = Format::Measure { decimals: WEIGHT_DECIMALS };
    let line = |bin: &crate::weight::Bin| {
        // Whoever is there is seen.
        let length = (bin.respondents * BAR).div_ceil(most);
        let label = |value: f64| super::number(Value::Real(value), format);
        vec![
            Cell::text(format!("{} – {}", label(bin.from), label(bin.to)), Role::Label),
            Cell::text("#".repeat(length as usize), Role::Label),
            count(bin.respondents),
        ]
    };
    Sheet {
        title: language.choose("ウェイトの分布", "Weights, how many").to_string(),
        above: Vec::new(),
        header: header(&[language.choose("以上 – 未満", "From – to below"), "", "n"]),
        body: spread.histogram.iter().map(line).collect(),
        side: 2,
        notes: Vec::new(),
    }
}
