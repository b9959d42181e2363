//! What is printed reads back as the table's numbers, at the decimals printed.
//!
//! The numbers are computed here from tallies and value counts, not by `tabulate`'s measures.

use renkei::render::{MEASURES, Measure, TextStyle, TidyStyle, csv, markdown, text, tidy};
use renkei::schema::Kind;
use renkei::sheet::{Axis, CellChoice, Language, PercentBase, Profile, Sheet, arrange};
use renkei::tabulate::{RowRole, Table, Tally};

/// A number expected in a cell, with its decimals as printed; `None`: there is none to print.
type Expected = Option<(f64, u32)>;

const LOW_BASE: u64 = 5;

fn profile(percent: PercentBase, decimals: u32) -> Profile {
    Profile {
        language: Language::English,
        axis: Axis::Top,
        cell: CellChoice::Both,
        percent: Some(percent),
        decimals,
        difference: None,
        range: false,
        index: None,
        number: None,
        explanation: None,
        interval: None,
        significance: Default::default(),
        low_base: LOW_BASE,
        hatch: true,
        era: false,
        unit: "名".to_string(),
        notes: Vec::new(),
    }
}

pub fn check(tables: &[Table]) -> Result<(), String> {
    check_tidy(tables)?;
    for (percent, decimals) in [(PercentBase::Banner, 1), (PercentBase::Stub, 0), (PercentBase::Total, 2)] {
        let profile = profile(percent, decimals);
        let gt = tables[0].columns.len() == 1;
        // Without a banner the rows of a grid stand in one sheet of another layout.
        // So do answers with bases of their own.
        let plain = |table: &&Table| !table.option_bases && (!gt || table.grid.is_none());
        let tables: Vec<Table> = tables.iter().filter(plain).cloned().collect();
        let sheets = arrange(&tables, &profile);
        if sheets.len() != tables.len() {
            return Err(format!("{} sheets for {} tables", sheets.len(), tables.len()));
        }
        let expected: Vec<Vec<Vec<Expected>>> = tables
            .iter()
            .map(|table| if gt { one_way(table, decimals) } else { two_way(table, percent, decimals) })
            .collect();
        let printed = [
            ("csv", csv_bodies(&csv(&sheets), &sheets)?),
            ("md", markdown_bodies(&markdown(&sheets))),
            ("text", text_bodies(&text(&sheets, TextStyle { width: None, colour: false }))),
        ];
        for (format, bodies) in printed {
            if bodies.len() != expected.len() {
                return Err(format!("{format}: {} tables, expected {}", bodies.len(), expected.len()));
            }
            for ((body, expected), table) in bodies.iter().zip(&expected).zip(&tables) {
                same(body, expected).map_err(|error| format!("{format}, {}: {error}", table.question.id))?;
            }
        }
    }
    Ok(())
}

/// The words of each body line against the numbers expected, which stand last in it.
fn same(body: &[Vec<String>], expected: &[Vec<Expected>]) -> Result<(), String> {
    if body.len() != expected.len() {
        return Err(format!("{} lines, expected {}: {body:?}", body.len(), expected.len()));
    }
    for (line, expected) in body.iter().zip(expected) {
        let first = line.len().checked_sub(expected.len()).ok_or(format!("{line:?} is too short"))?;
        for (word, expected) in line[first..].iter().zip(expected) {
            let (found, wanted) = (number(word)?, *expected);
            let fits = match (found, wanted) {
                (None, None) => true,
                (Some((found, places)), Some((wanted, decimals))) => {
                    let half = 0.5 * 10_f64.powi(-(decimals as i32));
                    (places == decimals || found == 0.0)
                        && (found - wanted).abs() <= half + 1e-9 * wanted.abs().max(1.0)
                }
                _ => false,
            };
            if !fits {
                return Err(format!("`{word}` in {line:?} is not {wanted:?}"));
            }
        }
    }
    Ok(())
}

/// A printed number and its decimals; `…` is none, `-` is zero. A mark stands behind: `5*`, `12.3 ++`.
fn number(word: &str) -> Result<Option<(f64, u32)>, String> {
    let mut parts = word.trim().trim_matches('*').trim_end_matches("\\*").split_whitespace();
    let (number, mark) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if !["", "+", "++", "-", "--"].contains(&mark) || parts.next().is_some() {
        return Err(format!("`{word}` has no known mark"));
    }
    match number {
        "…" => return Ok(None),
        "-" => return Ok(Some((0.0, 0))),
        _ => {}
    }
    let number = number.replace(',', "");
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    number.parse().map(|value| Some((value, decimals))).map_err(|_| format!("`{word}` is no number"))
}

fn csv_bodies(text: &str, sheets: &[Sheet]) -> Result<Vec<Vec<Vec<String>>>, String> {
    let text = text.strip_prefix('\u{feff}').ok_or("no byte order mark")?;
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let records: Result<Vec<Vec<String>>, _> = reader
        .records()
        .map(|record| record.map(|record| record.iter().map(String::from).collect()))
        .collect();
    let mut records = records.map_err(|error| error.to_string())?.into_iter();
    let mut bodies = Vec::new();
    for (place, sheet) in sheets.iter().enumerate() {
        let before = usize::from(place > 0) + 1 + sheet.above.len() + sheet.header.len();
        records.by_ref().take(before).for_each(drop);
        let body: Vec<Vec<String>> = records.by_ref().take(sheet.body.len()).collect();
        bodies.push(body.into_iter().map(without_empty_ends).collect());
        records.by_ref().take(sheet.notes.len()).for_each(drop);
    }
    match records.next() {
        None => Ok(bodies),
        Some(record) => Err(format!("{record:?} is left over")),
    }
}

fn without_empty_ends(mut line: Vec<String>) -> Vec<String> {
    while line.last().is_some_and(|word| word.trim().is_empty()) {
        line.pop();
    }
    line
}

fn markdown_bodies(text: &str) -> Vec<Vec<Vec<String>>> {
    let sections = text.split("### ").skip(1);
    let body = |section: &str| {
        let lines = section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
        let words = |line: &str| {
            let words = line.split(" | ").map(|word| word.trim().to_string());
            without_empty_ends(words.map(|word| if word == "****" { String::new() } else { word }).collect())
        };
        lines.skip(2).map(words).collect()
    };
    sections.map(body).collect()
}

fn text_bodies(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut bodies: Vec<Vec<Vec<String>>> = Vec::new();
    let mut rules = 0;
    for line in text.lines() {
        if line.len() > 3 && line.bytes().all(|byte| byte == b'-') {
            rules += 1;
            if rules % 3 == 2 {
                bodies.push(Vec::new());
            }
        } else if let (2, Some(body)) = (rules % 3, bodies.last_mut()) {
            // Two columns stand at least two spaces apart, a number and its mark one.
            let words = line.split("  ").map(str::trim).filter(|word| !word.is_empty());
            body.push(words.map(String::from).collect());
        }
    }
    bodies
}

fn cell(table: &Table, row: usize, column: usize) -> Tally {
    table.cell(row, column).value().unwrap_or_default()
}

fn sum(table: &Table, w: i128) -> f64 {
    w as f64 / 10_f64.powi(table.weight_decimals as i32)
}

fn share(part: i128, whole: i128) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

fn effective(tally: Tally) -> Option<f64> {
    (tally.w2 > 0).then(|| tally.w as f64 * tally.w as f64 / tally.w2 as f64)
}

/// 無回答 is shown where somebody did not answer.
fn shown_rows(table: &Table) -> Vec<usize> {
    let somebody = |row: usize| (0..table.columns.len()).any(|column| cell(table, row, column).n > 0);
    (0..table.stub.len()).filter(|&row| table.stub[row].role != RowRole::Missing || somebody(row)).collect()
}

/// n, mean, standard deviation, quartiles and total of a number row.
struct Numbers {
    mean: Option<f64>,
    deviation: Option<f64>,
    quartiles: [Option<f64>; 3],
    total: Option<f64>,
}

fn numbers(table: &Table, row: usize, column: usize) -> Numbers {
    let unit = 10_f64.powi(table.number_decimals as i32);
    let distribution = table.numbers(row, column).value().unwrap_or_default();
    let values: Vec<(f64, i128)> =
        distribution.entries().iter().map(|entry| (entry.value as f64 / unit, entry.w)).collect();
    let all: i128 = values.iter().map(|(_, w)| w).sum();
    let total: f64 = values.iter().map(|(value, w)| value * *w as f64).sum();
    let mean = (all > 0).then(|| total / all as f64);
    let n: u64 = distribution.entries().iter().map(|entry| entry.weighted).sum();
    let deviation = mean.filter(|_| n > 1).map(|mean| {
        let squares: f64 = values.iter().map(|(value, w)| *w as f64 * (value - mean).powi(2)).sum();
        (squares / all as f64 * n as f64 / (n - 1) as f64).sqrt()
    });
    let quartile = |quartile: i128| {
        let mut reached = 0;
        let weighted: Vec<(f64, i128)> = values.iter().copied().filter(|(_, w)| *w > 0).collect();
        for (place, (value, w)) in weighted.iter().enumerate() {
            reached += w;
            match (reached * 4).cmp(&(all * quartile)) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Some((value + weighted[place + 1].0) / 2.0),
                std::cmp::Ordering::Greater => return Some(*value),
            }
        }
        None
    };
    Numbers {
        mean,
        deviation,
        quartiles: [quartile(1), quartile(2), quartile(3)],
        total: (table.base(row, column).n > 0).then(|| total / 10_f64.powi(table.weight_decimals as i32)),
    }
}

fn two_way(table: &Table, percent: PercentBase, decimals: u32) -> Vec<Vec<Expected>> {
    let columns = 0..table.columns.len();
    let whole = |n: u64| Some((n as f64, 0));
    let mut lines: Vec<Vec<Expected>> = Vec::new();
    lines.push(columns.clone().map(|column| whole(table.base(0, column).n)).collect());
    if table.weighted() {
        lines.push(columns.clone().map(|column| Some((sum(table, table.base(0, column).w), 1))).collect());
        lines.push(columns.clone().map(|column| effective(table.base(0, column)).map(|n| (n, 1))).collect());
    }
    for row in shown_rows(table) {
        if table.stub[row].role == RowRole::Number {
            let all: Vec<Numbers> = columns.clone().map(|column| numbers(table, row, column)).collect();
            let line = |of: &dyn Fn(&Numbers) -> Option<f64>, decimals: u32| {
                all.iter().map(|numbers| of(numbers).map(|value| (value, decimals))).collect()
            };
            let digits = table.number_decimals;
            lines.push(line(&|numbers| numbers.mean, digits + 1));
            lines.push(line(&|numbers| numbers.deviation, digits + 1));
            for quartile in 0..3 {
                lines.push(line(&|numbers| numbers.quartiles[quartile], digits + 1));
            }
            lines.push(line(&|numbers| numbers.total, digits));
            continue;
        }
        if table.stub[row].role == RowRole::Score {
            let unscored = columns.clone().any(|column| table.base(row, column).n != table.base(0, column).n);
            if unscored {
                lines.push(columns.clone().map(|column| whole(table.base(row, column).n)).collect());
            }
            let all: Vec<Numbers> = columns.clone().map(|column| numbers(table, row, column)).collect();
            let line = |of: &dyn Fn(&Numbers) -> Option<f64>, decimals: u32| {
                all.iter().map(|numbers| of(numbers).map(|value| (value, decimals))).collect()
            };
            lines.push(line(&|numbers| numbers.mean, 2));
            lines.push(line(&|numbers| numbers.deviation, 2));
            lines.push(line(&|numbers| numbers.quartiles[1], 1));
            continue;
        }
        let asked = |column: usize| table.base(row, column).n > 0;
        let count = |column: usize| {
            let tally = cell(table, row, column);
            let count = if table.weighted() { (sum(table, tally.w), 1) } else { (tally.n as f64, 0) };
            asked(column).then_some(count)
        };
        lines.push(columns.clone().map(count).collect());
        lines.push(
            columns
                .clone()
                .map(|column| {
                    if table.question.kind == Kind::Number {
                        return asked(column).then(|| (cell(table, row, column).n as f64, 0));
                    }
                    let part = cell(table, row, column).w;
                    let share = match (percent, table.columns[column].banner) {
                        (PercentBase::Banner, _) => share(part, table.base(row, column).w),
                        (PercentBase::Stub, None) => share(part, part),
                        (PercentBase::Stub, Some(banner)) => {
                            share(part, table.banners[banner].answered[row].w)
                        }
                        (_, Some(banner)) if table.stub[row].role != RowRole::Missing => {
                            share(part, table.banners[banner].both[row].w)
                        }
                        // Of one banner the Total is all its groups together.
                        (_, None) if table.stub[row].role != RowRole::Missing && table.banners.len() == 1 => {
                            share(table.banners[0].answered[row].w, table.banners[0].both[row].w)
                        }
                        _ => None,
                    };
                    asked(column).then_some((share?, decimals))
                })
                .collect(),
        );
        if table.question.kind == Kind::Rank && table.stub[row].role == RowRole::Option {
            let points = |column| numbers(table, row, column).mean.map(|mean| (mean, 2));
            lines.push(columns.clone().map(points).collect());
        }
    }
    if matches!(table.question.kind, Kind::Multi | Kind::Rank) {
        let mentions = |column| share(table.column_mentions(column).w, table.base(0, column).w);
        lines.push(columns.map(|column| mentions(column).map(|share| (share, decimals))).collect());
    }
    lines
}

fn one_way(table: &Table, decimals: u32) -> Vec<Vec<Expected>> {
    let everybody = table.stub.iter().position(|row| row.role != RowRole::Number).unwrap_or(0);
    let base = table.base(everybody, 0);
    let mut lines: Vec<Vec<Expected>> = Vec::new();
    if table.question.kind == Kind::Number {
        lines.push(vec![Some((base.n as f64, 0))]);
        for row in shown_rows(table) {
            if table.stub[row].role != RowRole::Number {
                lines.push(vec![(base.n > 0).then(|| (cell(table, row, 0).n as f64, 0))]);
                continue;
            }
            let (numbers, digits) = (numbers(table, row, 0), table.number_decimals);
            lines.push(vec![Some((table.base(row, 0).n as f64, 0))]);
            lines.push(vec![numbers.mean.map(|mean| (mean, digits + 1))]);
            lines.push(vec![numbers.deviation.map(|deviation| (deviation, digits + 1))]);
            lines.extend(numbers.quartiles.map(|quartile| vec![quartile.map(|value| (value, digits + 1))]));
            lines.push(vec![numbers.total.map(|total| (total, digits))]);
        }
        return lines;
    }
    let line = |lines: &mut Vec<Vec<Expected>>, tally: Option<Tally>, percents: Vec<Option<f64>>| {
        let mut line = vec![tally.map(|tally| (tally.n as f64, 0))];
        if table.weighted() {
            line.push(tally.map(|tally| (sum(table, tally.w), 1)));
        }
        line.extend(percents.into_iter().map(|percent| percent.map(|percent| (percent, decimals))));
        lines.push(line);
    };
    let multi = table.question.kind == Kind::Multi;
    let rank = table.question.kind == Kind::Rank;
    let all = table.column_mentions(0);
    line(&mut lines, Some(base), vec![share(base.w, base.w)]);
    for row in shown_rows(table) {
        if table.stub[row].role == RowRole::Score {
            let numbers = numbers(table, row, 0);
            if table.base(row, 0).n != base.n {
                lines.push(vec![Some((table.base(row, 0).n as f64, 0))]);
            }
            lines.push(vec![numbers.mean.map(|mean| (mean, 2))]);
            lines.push(vec![numbers.deviation.map(|deviation| (deviation, 2))]);
            lines.push(vec![numbers.quartiles[1].map(|median| (median, 1))]);
            continue;
        }
        let mut percents = vec![share(cell(table, row, 0).w, base.w)];
        if multi && table.stub[row].role != RowRole::Missing {
            let mentions = table.mentions(row, 0).value().unwrap_or_default();
            percents.push(if base.n > 0 { share(mentions.w, all.w) } else { None });
        }
        line(&mut lines, (base.n > 0).then(|| cell(table, row, 0)), percents);
        if rank && table.stub[row].role == RowRole::Option {
            let points = numbers(table, row, 0).mean.map(|mean| (mean, 2));
            lines.last_mut().into_iter().for_each(|line| line.push(points));
        }
    }
    if multi {
        line(&mut lines, Some(all), vec![share(all.w, base.w), share(all.w, all.w)]);
    }
    lines
}

/// Every line of the tidy output, in its order, against a number made from the table.
fn check_tidy(tables: &[Table]) -> Result<(), String> {
    let mut bytes = Vec::new();
    let measures: Vec<Measure> = MEASURES.iter().map(|(measure, _)| *measure).collect();
    let profile = Profile { language: Language::Japanese, ..profile(PercentBase::Banner, 1) };
    let style = TidyStyle { measures: &measures, statistics: &[], profile: &profile };
    tidy(&mut bytes, tables, &style).map_err(|error| error.to_string())?;
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let mut seen = std::collections::BTreeSet::new();
    let mut place = (0, 0, 0);
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let field = |column: usize| record.get(column).unwrap_or_default();
        // Lines go table by table, row by row, column by column; `n` is each cell's first.
        let table: usize = field(0).parse().map_err(|_| "table is no number")?;
        if field(7) == "n" {
            place = match place {
                (before, ..) if before != table => (table, 0, 0),
                (table, row, column) if column + 1 < tables[table - 1].columns.len() => {
                    (table, row, column + 1)
                }
                (table, row, _) => (table, row + 1, 0),
            };
        }
        let (row, column) = (place.1, place.2);
        let table = &tables[table - 1];
        let code = |code: &renkei::schema::Code| code.to_string();
        let codes: Vec<String> = table.columns[column].codes.iter().map(code).collect();
        let row_code = table.stub[row].code.as_ref().map(code).unwrap_or_default();
        if field(1) != table.stub[row].question || field(2) != row_code || field(5) != codes.join(">") {
            return Err(format!("tidy: {record:?} is not row {row}, column {column}"));
        }
        seen.insert(field(7).to_string());
        let expected = tidy_number(table, row, column, field(7));
        let found: Option<f64> = match (field(8), field(9)) {
            ("", "undefined") => None,
            (value, "" | "low_base") => {
                Some(value.parse().map_err(|_| format!("tidy: {value} is no number"))?)
            }
            other => return Err(format!("tidy: {other:?}")),
        };
        let fits = match (expected, found) {
            (None, None) => true,
            (Some(expected), Some(found)) => (expected - found).abs() <= 1e-12 * expected.abs().max(100.0),
            _ => false,
        };
        if !fits {
            return Err(format!("tidy: {record:?}: expected {expected:?}"));
        }
        if (table.base(row, column).n < LOW_BASE) != (field(9) == "low_base") && found.is_some() {
            return Err(format!("tidy: {record:?}: low base or not"));
        }
    }
    match seen.contains("col_pct") && seen.contains("mention_pct") && seen.contains("p75") {
        true => Ok(()),
        false => Err(format!("tidy: only {seen:?}")),
    }
}

fn tidy_number(table: &Table, row: usize, column: usize, measure: &str) -> Option<f64> {
    let (tally, base) = (cell(table, row, column), table.base(row, column));
    let mentions = table.mentions(row, column).value().unwrap_or_default();
    let banner = table.columns[column].banner.map(|banner| &table.banners[banner]);
    let asked = base.n > 0;
    let of_cell = |value: f64| asked.then_some(value);
    match measure {
        "n" => of_cell(tally.n as f64),
        "wn" => of_cell(sum(table, tally.w)),
        "base" => Some(base.n as f64),
        "wbase" => Some(sum(table, base.w)),
        "ebase" => effective(base),
        "mentions" => of_cell(mentions.n as f64),
        "wmentions" => of_cell(sum(table, mentions.w)),
        "col_pct" => share(tally.w, base.w),
        "row_pct" if asked => share(tally.w, banner?.answered[row].w),
        "tot_pct" | "mention_pct" if table.option_bases => None,
        "tot_pct" if asked => share(tally.w, banner?.both[row].w),
        "mention_pct" if asked => share(mentions.w, table.column_mentions(column).w),
        "diff" => Some(share(tally.w, base.w)? - share(cell(table, row, 0).w, table.base(row, 0).w)?),
        "index" => {
            let of = |column: usize| match table.stub[row].role {
                RowRole::Number | RowRole::Score => numbers(table, row, column).mean,
                _ => share(cell(table, row, column).w, table.base(row, column).w),
            };
            Some(of(column)? / of(0).filter(|total| *total > 0.0)? * 100.0)
        }
        "mean" => numbers(table, row, column).mean,
        "sd" => numbers(table, row, column).deviation,
        "p25" => numbers(table, row, column).quartiles[0],
        "median" => numbers(table, row, column).quartiles[1],
        "p75" => numbers(table, row, column).quartiles[2],
        "total" => numbers(table, row, column).total,
        _ => None,
    }
}
