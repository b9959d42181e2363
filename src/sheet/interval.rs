//! Intervals as they are printed, and what is said of them under a table.

use super::profile::{Language, Profile};
use super::{Cell, Content, Format, Role, Sheet, Value, number, round_real};
use crate::design::About;
use crate::diag::thousands;
use crate::schema::Sampling;
use crate::stats::Ratio;
use crate::tabulate::{Interval, IntervalMethod, Level, RowRole, Shown, Spread, Table, sampling_error};

/// What the interval in a cell is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Share,
    /// A mean, points or a ratio.
    Mean,
    Median,
}

/// `44.0〜52.0`; empty where there is nothing to tell.
pub(super) fn interval_cell(table: &Table, row: usize, column: usize, of: Of, profile: &Profile) -> Cell {
    let role = super::cross::data(table, row);
    let Some(level) = profile.interval.filter(|_| table.spread().is_some()) else {
        return Cell::new(Content::Empty, role);
    };
    let (interval, decimals) = found(table, row, column, of, (level, profile));
    let content = match interval {
        Shown::Value(interval) => Content::Text(printed(interval, decimals, profile.language)),
        Shown::Suppressed => Content::Suppressed,
        Shown::Undefined => Content::Undefined,
    };
    Cell::new(content, role)
}

/// The interval of a percentage, a mean or a ratio, and as it is printed; `None` where there is none to tell.
pub fn figure_interval(
    table: &Table,
    row: usize,
    column: usize,
    profile: &Profile,
) -> Option<(Interval, String)> {
    let level = profile.interval.filter(|_| table.spread().is_some())?;
    let of = match table.stub[row].role {
        RowRole::Option | RowRole::Missing | RowRole::Net => Of::Share,
        RowRole::Score | RowRole::Number | RowRole::Ratio => Of::Mean,
    };
    let (interval, decimals) = found(table, row, column, of, (level, profile));
    let interval = interval.value()?;
    Some((interval, printed(interval, decimals, profile.language)))
}

/// An interval, and the decimals of its ends.
fn found(
    table: &Table,
    row: usize,
    column: usize,
    of: Of,
    (level, profile): (Level, &Profile),
) -> (Shown<Interval>, u32) {
    let score = u32::from(table.stub[row].role == RowRole::Score);
    match of {
        Of::Share => (table.share_interval(row, column, level), profile.decimals),
        Of::Mean if table.stub[row].role == RowRole::Ratio => {
            let plain = u32::from(table.stub[row].per == Some(1));
            (table.mean_interval(row, column, level), profile.decimals + plain)
        }
        Of::Mean if table.has_points(row) => (table.mean_interval(row, column, level), 2),
        Of::Mean => (table.mean_interval(row, column, level), table.number_decimals + 1 + score),
        Of::Median => (table.quartile_interval(row, column, 2, level), table.number_decimals + 1),
    }
}

fn printed(interval: Interval, decimals: u32, language: Language) -> String {
    let end = |end: Option<f64>| match end {
        Some(end) => number(Value::Real(end), Format::Measure { decimals }),
        None => "…".to_string(),
    };
    let between = language.choose("〜", "–");
    let (low, high) = (end(interval.low), end(interval.high));
    // A minus beside a dash is hard to read.
    match language == Language::English && (low.starts_with('-') || high.starts_with('-')) {
        true => format!("{low} to {high}"),
        false => format!("{low}{between}{high}"),
    }
}

/// 95%信頼区間
pub(super) fn heading(level: Level, language: Language) -> String {
    let percent = confidence(level);
    match (language, level.method == Some(IntervalMethod::SamplingError)) {
        (_, true) => language.choose("標本誤差の範囲", "Range of sampling error").to_string(),
        (Language::Japanese, _) => format!("{percent}%信頼区間"),
        (Language::English, _) => format!("{percent}% interval"),
    }
}

fn confidence(level: Level) -> String {
    let text = round_real(f64::from(level.confidence) / 100.0, 2).unwrap_or_default();
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// What intervals are: method, variance, degrees of freedom, level; and what they are worth.
pub fn notes(tables: &[&Table], profile: &Profile) -> Vec<String> {
    let (Some(level), Some(table)) = (profile.interval, tables.first()) else { return Vec::new() };
    let language = profile.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let Some(spread) = table.spread() else {
        let census = profile.significance.sampling == Some(Sampling::Census);
        return census
            .then(|| say("全数調査のため、信頼区間は示さない", "a census: no intervals"))
            .into_iter()
            .collect();
    };
    let mut notes = Vec::new();
    let has = |wanted: &dyn Fn(&RowRole) -> bool| {
        tables.iter().any(|table| table.stub.iter().any(|row| wanted(&row.role)))
    };
    let measured = tables.iter().all(|table| table.question.kind.is_measured() || table.means.is_some());
    let shares = has(&|role| matches!(role, RowRole::Option | RowRole::Net)) && !measured;
    let means = has(&|role| matches!(role, RowRole::Number | RowRole::Score | RowRole::Ratio));
    let method = level.method(spread);
    let mut what = Vec::new();
    if shares {
        what.push(match method {
            IntervalMethod::Logit => say("割合はロジット法", "percentages: logit"),
            IntervalMethod::Wilson => say("割合は Wilson 法", "percentages: Wilson"),
            IntervalMethod::Beta => {
                say("割合は Korn–Graubard 法（ベータ分布）", "percentages: Korn–Graubard (beta)")
            }
            IntervalMethod::Mean => say("割合は t 分布による対称区間", "percentages: symmetric, Student's t"),
            IntervalMethod::SamplingError => match level.population {
                None => say("±2√(P(100−P)/n)", "±2√(P(100−P)/n)"),
                Some(all) => format!("±2√((N−n)/(N−1)・P(100−P)/n)、N={}", thousands(all)),
            },
        });
    }
    if means {
        what.push(say("平均・比率は t 分布による", "means and ratios: Student's t"));
    }
    let simple = shares && !means && method == IntervalMethod::SamplingError;
    let wilson = shares && !means && method == IntervalMethod::Wilson && spread.about == About::Undeclared;
    if !simple {
        what.push(variance(spread, language));
    }
    if !simple && !wilson {
        what.extend(freedom(tables, language));
    }
    let comma = language.choose("、", "; ");
    notes.push(format!("{}: {}", heading(level, language), what.join(comma)));
    if shares && fallen_back(tables, level, method) {
        notes.push(say(
            "0%・100% の区間は Korn–Graubard 法（有効母数によるベータ分布）",
            "intervals of 0% and 100%: Korn–Graubard (beta, on the effective base)",
        ));
    }
    match profile.significance.sampling {
        Some(Sampling::Census) => notes.push(say(
            "全数調査のため、信頼区間は標本誤差の意味を持たない",
            "a census: intervals have no meaning of sampling error",
        )),
        Some(Sampling::Volunteer) => notes.push(say(
            "無作為標本ではないため、信頼区間は参考にとどまる",
            "not a random sample: intervals are indicative only",
        )),
        Some(Sampling::Probability) | None => {}
    }
    notes
}

/// What a variance goes by.
pub(super) fn variance(spread: &Spread, language: Language) -> String {
    let by = match (spread.about, spread.replicates, spread.stages) {
        (_, Some((kind, count)), _) => match language {
            Language::Japanese => format!("分散は反復ウェイト（{kind}、{count}組）"),
            Language::English => format!("variance: {count} replicate weights ({kind})"),
        },
        (About::Stages, _, Some(known)) => {
            let names = [("層", "strata"), ("クラスター", "clusters"), ("有限母集団", "finite population")];
            let names: Vec<&str> = known
                .iter()
                .zip(names)
                .filter(|(known, _)| **known)
                .map(|(_, (japanese, english))| language.choose(japanese, english))
                .collect();
            match language {
                Language::Japanese => format!("分散は標本設計（{}）による線形化", names.join("・")),
                Language::English => format!("variance: linearised, {}", names.join(", ")),
            }
        }
        (About::Weights, ..) if spread.calibrated => {
            language.choose("分散はウェイトによる線形化", "variance: linearised, weights").to_string()
        }
        (About::Weights, ..) => language
            .choose("分散は所与のウェイトによる線形化", "variance: linearised, weights as given")
            .to_string(),
        _ => language.choose("単純無作為抽出とみなす", "as a simple random sample").to_string(),
    };
    match spread.calibrated && spread.replicates.is_none() {
        true => by + language.choose("（目標への調整を残差で反映）", " (residuals from their targets)"),
        false => by,
    }
}

/// `自由度 12〜45`
fn freedom(tables: &[&Table], language: Language) -> Option<String> {
    let mut all: Vec<f64> = Vec::new();
    for table in tables {
        for row in 0..table.stub.len() {
            all.extend(
                (0..table.columns.len()).filter_map(|column| table.degrees_of_freedom(row, column).value()),
            );
        }
    }
    let least = all.iter().copied().reduce(f64::min)?;
    let most = all.iter().copied().reduce(f64::max)?;
    let shown = |df: f64| thousands(df.max(0.0) as u64);
    let range = match least == most {
        true => shown(least),
        false => format!("{}{}{}", shown(least), language.choose("〜", "–"), shown(most)),
    };
    Some(format!("{}{range}", language.choose("自由度 ", "df ")))
}

fn fallen_back(tables: &[&Table], level: Level, method: IntervalMethod) -> bool {
    tables.iter().any(|table| {
        (0..table.stub.len()).any(|row| {
            (0..table.columns.len()).any(|column| {
                let found = table.share_interval(row, column, level).value();
                found.is_some_and(|interval| interval.method != method)
            })
        })
    })
}

/// 標本誤差早見表: what a printed percentage may be off by, for bases and percentages.
pub fn sampling_errors(
    bases: &[u64],
    population: Option<u64>,
    two_stages: bool,
    decimals: u32,
    language: Language,
) -> Sheet {
    // The same for P and 100 − P.
    const PERCENTS: [u64; 6] = [50, 40, 30, 20, 10, 5];
    let mut header = vec![Cell::text("n", Role::Header)];
    header.extend(PERCENTS.iter().map(|&percent| {
        let label = match percent {
            50 => "50%".to_string(),
            percent => format!("{percent}%・{}%", 100 - percent),
        };
        Cell::text(label.replace('・', language.choose("・", ", ")), Role::Header)
    }));
    let stages = if two_stages { 2.0 } else { 1.0 };
    let body = bases.iter().map(|&n| {
        let whole = Value::Exact(Ratio::whole(i128::from(n)));
        let mut row = vec![Cell::new(Content::Number(whole, Format::Measure { decimals: 0 }), Role::Label)];
        row.extend(PERCENTS.iter().map(|&percent| {
            let error = sampling_error(percent as f64 / 100.0, n, population, stages);
            let content = error.and_then(|error| round_real(100.0 * error, decimals));
            Cell::new(
                content.map_or(Content::Undefined, |text| Content::Text(format!("±{text}"))),
                Role::Data,
            )
        }));
        row
    });
    let finite = population.is_some();
    let formula = match (finite, two_stages) {
        (false, false) => "±2√(P(100−P)/n)",
        (true, false) => "±2√((N−n)/(N−1)・P(100−P)/n)",
        (false, true) => "±2√(2・P(100−P)/n)",
        (true, true) => "±2√(2・(N−n)/(N−1)・P(100−P)/n)",
    };
    let mut notes = vec![match language {
        Language::Japanese => format!("標本誤差 = {formula}、単位はポイント。P は回答の比率（％）、n は基数"),
        Language::English => format!("sampling error = {formula}, in points; P: percentage, n: base"),
    }];
    if let Some(population) = population {
        let text = thousands(population);
        notes.push(match language {
            Language::Japanese => format!("N は母集団の大きさ（{text}）"),
            Language::English => format!("N: size of the population ({text})"),
        });
    }
    notes.push(
        match two_stages {
            true => language.choose(
                "層化二段抽出の分散を単純無作為抽出の2倍とみなす近似式",
                "takes the variance of a sample in two stages to be twice that of a simple random sample",
            ),
            false => language.choose("単純無作為抽出とみなす", "as a simple random sample"),
        }
        .to_string(),
    );
    let title = language.choose("標本誤差早見表", "Sampling errors at a glance").to_string();
    Sheet { title, above: Vec::new(), header: vec![header], body: body.collect(), side: 1, notes }
}
