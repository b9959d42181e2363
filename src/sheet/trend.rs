//! Questions over waves: rows against waves, then the change from each wave to the next.

use super::arrange::row_label;
use super::cross::{Item, base_of, printed, unseen, weighted};
use super::interval::variance;
use super::profile::{Difference, Language, Profile};
use super::ratio::ratio_cell;
use super::significance::percent_words;
use super::{Cell, Content, Format, Role, Sheet, Value, caveat, footnote, p_value};
use crate::significance::{Change, Comparing, Preset, Untested};
use crate::stats::Ratio;
use crate::tabulate::{RowRole, Shown, Table, Tally};
use crate::trend::{Measure, Step, Trend, TrendRow, Wave};

/// Arranges a trend; `profile.difference` says of which percentages differences are, `profile.significance` how
/// changes were compared.
pub fn trend_sheet(trend: &Trend, profile: &Profile) -> Sheet {
    let language = profile.language;
    let tables = trend.tables();
    let question = &trend.question;
    let mut title = format!("{} {}", question.id, question.heading).trim_end().to_string();
    title.push_str(language.choose("：推移", ": trend"));
    let mut above = Vec::new();
    if question.text != question.heading {
        above.push(question.text.clone());
    }
    above.extend(tables.first().map(|table| footnote::base_line(table, profile)));
    if let Some(filter) = tables.first().and_then(|table| table.filter.as_ref()) {
        above.push(format!("{}{filter}", language.choose("条件: ", "Filter: ")));
    }
    let tested = trend.rows.iter().flat_map(|row| &row.steps).any(|step| has_test_column(&step.test));
    let mut body = bases(trend, tested, profile);
    for row in trend_rows(trend) {
        body.push(line(trend, row, tested, profile));
        if has_own_base(trend, row) {
            body.push(own_base(row, tested, profile));
        }
    }
    let notes = notes(trend, &tables, &body, profile);
    Sheet { title, above, header: header(trend, tested, profile), body, side: 1, notes }
}

fn has_test_column(test: &Result<Change, Untested>) -> bool {
    !matches!(test, Err(Untested::NotAsked | Untested::Census))
}

fn header(trend: &Trend, tested: bool, profile: &Profile) -> Vec<Vec<Cell>> {
    let language = profile.language;
    let empty = || Cell::new(Content::Empty, Role::Header);
    let mut over = vec![empty(); 1 + trend.waves.len()];
    let mut under = vec![empty()];
    under.extend(trend.waves.iter().map(|wave| Cell::text(wave.label(), Role::Header)));
    for pair in trend.waves.windows(2) {
        let words = format!("{}→{}", pair[0].label(), pair[1].label());
        under.push(Cell::text(language.choose("差", "Change"), Role::Header));
        over.push(Cell { columns: 1 + usize::from(tested), ..Cell::text(words, Role::Header) });
        if tested {
            over.push(Cell::new(Content::Covered, Role::Header));
            under.push(Cell::text(language.choose("検定", "Test"), Role::Header));
        }
    }
    if trend.waves.len() > 2 { vec![over, under] } else { vec![under] }
}

/// n of each wave, with what weights make of it.
fn bases(trend: &Trend, tested: bool, profile: &Profile) -> Vec<Vec<Cell>> {
    if trend.tables().iter().any(|table| table.has_row_bases()) {
        return Vec::new();
    }
    let row = |label: &str, of: &dyn Fn(usize, &Wave) -> Cell| {
        let mut row = vec![Cell::text(label, Role::Label)];
        row.extend(trend.waves.iter().enumerate().map(|(place, wave)| of(place, wave)));
        row.extend(blanks(trend, tested));
        row
    };
    let published = |base: Option<u64>| match base {
        Some(n) => base_of(Shown::Value(Tally { n, ..Tally::default() }), profile),
        None => Cell::text("-", Role::Base),
    };
    let counted = |place: usize, wave: &Wave, of: &dyn Fn(&Table, Shown<Tally>) -> Cell| match wave {
        Wave::Counted { table, column, .. } if trend.is_asked(place) => {
            of(table, table.shown_question_base(*column))
        }
        Wave::Counted { .. } => Cell::new(Content::Undefined, Role::Base),
        Wave::Published(_) => Cell::text("-", Role::Base),
    };
    let mut rows = vec![row("n", &|place, wave| match wave {
        Wave::Published(wave) => published(wave.base),
        Wave::Counted { .. } => counted(place, wave, &|_, base| base_of(base, profile)),
    })];
    if trend.tables().iter().any(|table| table.weighted()) {
        let words = profile.language.words();
        rows.push(row(words.weighted_base, &|place, wave| {
            counted(place, wave, &|table, base| match base {
                Shown::Value(base) => weighted(table, base.w, Role::Base),
                other => Cell::new(unseen(other), Role::Base),
            })
        }));
        rows.push(row(words.effective_base, &|place, wave| {
            let effective = |_: &Table, base: Shown<Tally>| match base.and_then(|base| base.effective()) {
                Shown::Value(n) => number(n, Format::Measure { decimals: 1 }, Role::Base),
                other => Cell::new(unseen(other), Role::Base),
            };
            counted(place, wave, &effective)
        }));
    }
    rows
}

fn blanks(trend: &Trend, tested: bool) -> Vec<Cell> {
    let columns = trend.waves.len().saturating_sub(1) * (1 + usize::from(tested));
    vec![Cell::new(Content::Empty, Role::Data); columns]
}

fn number(value: Ratio, format: Format, role: Role) -> Cell {
    Cell::new(Content::Number(Value::Exact(value), format), role)
}

/// The rows that are shown.
pub fn trend_rows(trend: &Trend) -> Vec<&TrendRow> {
    trend.rows.iter().filter(|row| is_shown(trend, row)).collect()
}

/// 無回答 only where somebody did not answer.
fn is_shown(trend: &Trend, row: &TrendRow) -> bool {
    let nobody = |wave: &Wave| match wave {
        Wave::Counted { table, column, .. } => {
            table.cell(row.row, *column).value().is_none_or(|cell| cell.n == 0)
        }
        Wave::Published(_) => true,
    };
    row.stub.role != RowRole::Missing || !trend.waves.iter().all(nobody)
}

/// Whether the row's n differs from the question's.
fn has_own_base(trend: &Trend, row: &TrendRow) -> bool {
    let differs = |wave: &Wave| match wave {
        Wave::Counted { table, column, .. } => {
            table.has_row_bases() || table.base(row.row, *column).n != table.question_base(*column).n
        }
        Wave::Published(_) => false,
    };
    trend.waves.iter().any(differs)
}

fn own_base(row: &TrendRow, tested: bool, profile: &Profile) -> Vec<Cell> {
    let base = |n: Option<u64>| match n {
        Some(n) => base_of(Shown::Value(Tally { n, ..Tally::default() }), profile),
        None => Cell::new(Content::Undefined, Role::Base),
    };
    let mut line = vec![Cell::text(profile.language.choose("　（n）", "  (n)"), Role::Label)];
    line.extend(row.values.iter().map(|value| base(value.base)));
    for step in &row.steps {
        line.push(step.pairs.map_or(Cell::new(Content::Empty, Role::Data), |n| base(Some(n))));
        line.extend(tested.then(|| Cell::new(Content::Empty, Role::Data)));
    }
    line
}

fn line(trend: &Trend, row: &TrendRow, tested: bool, profile: &Profile) -> Vec<Cell> {
    let words = profile.language.words();
    let summary = trend.tables().iter().any(|table| table.is_summary());
    let label = match row.measure {
        Measure::Mean | Measure::Score if !summary => words.mean.to_string(),
        _ => row_label(&row.stub, profile),
    };
    let mut line = vec![Cell::text(label, Role::Label)];
    line.extend((0..trend.waves.len()).map(|wave| trend_cell(trend, row, wave, profile)));
    for (place, step) in row.steps.iter().enumerate() {
        line.push(difference(trend, row, place, step, profile));
        line.extend(tested.then(|| test(step, profile)));
    }
    line
}

fn role(row: &TrendRow) -> Role {
    if row.stub.role == RowRole::Net { Role::Net } else { Role::Data }
}

/// A row's value in a wave.
pub fn trend_cell(trend: &Trend, row: &TrendRow, wave: usize, profile: &Profile) -> Cell {
    let seen = row.values[wave];
    match (&trend.waves[wave], row.measure) {
        (Wave::Counted { table, column, .. }, Measure::Mean | Measure::Score) => {
            Item::Mean(row.row).cell(table, *column, profile)
        }
        (Wave::Counted { table, column, .. }, Measure::Ratio) => ratio_cell(table, row.row, *column, profile),
        (Wave::Counted { .. }, Measure::Percent) => match seen.value {
            Shown::Value(ratio) => number(ratio, Format::Percent { decimals: profile.decimals }, role(row)),
            other => Cell::new(super::cross::unseen(other), role(row)),
        },
        (Wave::Published(_), _) => match (seen.value, seen.printed) {
            // A printed 0.0 stays one: 「-」 is what nobody printed.
            (Shown::Value(ratio), Some(decimals)) => number(ratio, Format::Measure { decimals }, role(row)),
            _ => Cell::text("-", role(row)),
        },
    }
}

/// From raw, unless printed numbers are asked for or there are no others.
fn difference(trend: &Trend, row: &TrendRow, place: usize, step: &Step, profile: &Profile) -> Cell {
    let decimals_of = |cell: Cell| match cell.content {
        Content::Number(_, Format::Measure { decimals } | Format::Percent { decimals }) => Some(decimals),
        _ => None,
    };
    let decimals =
        |wave: usize| decimals_of(trend_cell(trend, row, wave, profile)).unwrap_or(profile.decimals);
    let finest = decimals(place).max(decimals(place + 1));
    let published = trend.waves[place..=place + 1].iter().any(|wave| wave.occasion().is_none());
    let mean = matches!(row.measure, Measure::Mean | Measure::Score);
    let of_printed = published || profile.difference == Some(Difference::Shown);
    // The change of a panel's means is of those who gave both, which no two printed numbers tell.
    let shown = if of_printed && !(trend.panel && mean) {
        let seen = |wave: usize| row.values[wave].value.and_then(|value| printed(value, decimals(wave)));
        let points = step.difference.value().is_some();
        seen(place + 1).with(seen(place)).and_then(|(later, earlier)| later.minus(earlier).filter(|_| points))
    } else {
        step.difference
    };
    match shown {
        Shown::Value(ratio) => number(ratio, Format::Points { decimals: finest }, role(row)),
        // A ratio that is no percentage has no points.
        _ if row.measure == Measure::Ratio && row.stub.per != Some(100) => {
            Cell::new(Content::Empty, Role::Data)
        }
        other => Cell::new(super::cross::unseen(other), role(row)),
    }
}

fn test(step: &Step, profile: &Profile) -> Cell {
    let comparing = profile.significance.comparison.as_ref();
    let content = match (&step.test, comparing) {
        (Ok(change), Some(comparing)) => {
            let arrow = arrow(change, comparing);
            let space = if arrow.is_empty() { "" } else { " " };
            Content::Text(format!("{arrow}{space}{}", p_value(change.adjusted)))
        }
        (Err(Untested::Published), _) => {
            Content::Text(profile.language.choose("検定なし", "not tested").to_string())
        }
        _ => Content::Empty,
    };
    Cell::new(content, Role::Data)
}

/// `↑` or `↓` where the change is significant, twice at the stricter of two levels.
fn arrow(change: &Change, comparing: &Comparing) -> String {
    let sign = if change.statistic > 0.0 { "↑" } else { "↓" };
    match change.reaches(comparing) {
        Some(0) => sign.repeat(comparing.levels.len()),
        Some(_) => sign.to_string(),
        None => String::new(),
    }
}

/// How changes are compared, in one line: also what tidy and json say.
pub fn change_definition(comparing: &Comparing, trend: &Trend, language: Language) -> String {
    let panel = trend.panel;
    let designed =
        trend.tables().into_iter().find_map(Table::sample).filter(|_| comparing.preset == Preset::Renkei);
    let preset = comparing.preset;
    let levels: Vec<String> = comparing.levels.iter().map(percent_words).collect();
    let (levels, correction) = (levels.join(language.choose("・", ", ")), comparing.correction.name());
    let least = preset.least_base();
    let test = match panel {
        false => match designed {
            Some(sample) => format!(
                "{}: {}{}{}",
                preset.name(),
                language.choose("差の t 検定", "t test of the difference"),
                language.choose("、", "; "),
                variance(sample, language)
            ),
            None => format!("{}: {}", preset.name(), preset.words(language)),
        },
        true => language
            .choose(
                "同じ回答者の変化の検定（％は z 検定、分散 (b+c−(b−c)²/n)/n²。平均は対応のある t 検定）",
                "change of the same respondents (percentages: z test, variance (b+c−(b−c)²/n)/n²; means: paired t)",
            )
            .to_string(),
    };
    match language {
        Language::Japanese => format!(
            "{test}、両側{levels}、補正 {correction}（1行の前の回との比較すべて）、n が {least} 未満の回は比べない"
        ),
        Language::English => format!(
            "{test}; two-sided {levels}; correction {correction} over the changes of a row; bases under {least} \
             not compared"
        ),
    }
}

/// That a panel's tests know nothing of the sampling design which the questionnaire declares.
pub fn panel_caveat(trend: &Trend, designed: bool, language: Language) -> Option<&'static str> {
    (trend.panel && designed).then(|| {
        language.choose(
            "調査票にある標本設計は、同じ回答者の変化の検定に反映していない（独立に抽出された人として検定）",
            "the declared sampling design is not in the tests of a panel's changes, which take respondents as drawn \
             independently",
        )
    })
}

fn notes(trend: &Trend, tables: &[&Table], body: &[Vec<Cell>], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let mut notes = Vec::new();
    let steps = || trend.rows.iter().flat_map(|row| &row.steps);
    if trend.panel {
        notes.push(say(
            "パネル: すべての回に回答し、設問を尋ねたすべての回でその基数に入る人のみ（同じ人の変化）",
            "panel: only those in every wave and in the question's base in each wave that asked it",
        ));
    }
    let scores = |row: &TrendRow| row.measure == Measure::Score && has_own_base(trend, row);
    if trend.panel && trend.rows.iter().any(scores) {
        notes.push(say(
            "平均の差とその n は、両方の回に得点のある人による",
            "changes of means, and their n, are of those with a score in both waves",
        ));
    }
    let test_notes = tests(trend, profile);
    if !test_notes.is_empty() {
        notes.extend(test_notes);
        notes.extend(caveat(profile.significance.sampling, language).map(String::from));
        notes.extend(panel_caveat(trend, profile.significance.designed, language).map(String::from));
    } else if steps().any(|step| step.test == Err(Untested::Census)) {
        notes.push(say("全数調査のため、検定は行わない", "a census: changes are not tested"));
    }
    let cells = || body.iter().flatten();
    if cells().any(|cell| cell.marks.contains(&super::Mark::LowBase)) {
        notes.push(match language {
            Language::Japanese => format!("* は n が {} 未満のため参考値", profile.low_base),
            Language::English => format!("* base under {}: indicative only", profile.low_base),
        });
    }
    notes.extend(footnote::symbols(body, profile));
    if tables.iter().any(|table| footnote::parts_miss_100(table, profile)) {
        notes.push(say(
            "四捨五入のため、内訳の合計は100にならないことがある",
            "parts may not add up to 100 because of rounding",
        ));
    }
    if cells().any(|cell| matches!(cell.content, Content::Number(_, Format::Points { .. }))) {
        let published = trend.waves.iter().any(|wave| wave.occasion().is_none());
        notes.push(match (profile.difference, published) {
            (Some(Difference::Shown), _) => say(
                "差は前の回との、表示した値どうしの差（％ではポイント）",
                "changes from the wave before are of printed values (percentages: points)",
            ),
            (_, false) => say(
                "差は前の回との、四捨五入前の値の差（％ではポイント）",
                "changes from the wave before are of raw values (percentages: points)",
            ),
            (_, true) => say(
                "差は前の回との、四捨五入前の値の差（％ではポイント）。公表値との差は表示した値どうしの差",
                "changes from the wave before are of raw values (percentages: points), of printed ones \
                 where a wave is published",
            ),
        });
    }
    notes.extend(tables.iter().flat_map(|table| footnote::scores(table, profile)));
    notes.extend(of_waves(trend, profile));
    for wave in &trend.waves {
        let Wave::Published(published) = wave else { continue };
        let label = &published.label;
        notes.push(match (&published.source, language) {
            (Some(source), Language::Japanese) => format!("出典（{label}）: {source}"),
            (Some(source), Language::English) => format!("Source ({label}): {source}"),
            (None, Language::Japanese) => format!("{label}の値は公表されていない（仮定）。"),
            (None, Language::English) => format!("The values of {label} were not published: assumed."),
        });
    }
    if body.iter().flatten().any(|cell| cell.content == Content::Text("-".into())) {
        notes.push(say("公表値の - は公表されていないもの", "- in a published wave: not published"));
    }
    notes.extend(profile.notes.iter().cloned());
    let mut seen = std::collections::HashSet::new();
    notes.retain(|note| seen.insert(note.clone()));
    notes
}

/// The legend of arrows, and what was not tested and why.
fn tests(trend: &Trend, profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let Some(comparing) = profile.significance.comparison.as_ref() else { return Vec::new() };
    let steps = || trend.rows.iter().flat_map(|row| row.steps.iter().enumerate());
    let mut notes = Vec::new();
    let definition = change_definition(comparing, trend, language);
    let found: Vec<&Change> = steps().filter_map(|(_, step)| step.test.as_ref().ok()).collect();
    let marked = found.iter().any(|change| change.reaches(comparing).is_some());
    if marked {
        notes.push(match language {
            Language::Japanese => format!("↑・↓ は前の回より有意に高い・低いことを示す（{definition}）"),
            Language::English => format!("↑, ↓: higher, lower than the wave before ({definition})"),
        });
    } else if !found.is_empty() {
        notes.push(match language {
            Language::Japanese => format!("前の回との有意な差は見られない（{definition}）"),
            Language::English => format!("no change is significant ({definition})"),
        });
    }
    for why in [Untested::Published, Untested::Small, Untested::Undefined] {
        let mut labels: Vec<String> = Vec::new();
        for (place, _) in steps().filter(|(_, step)| step.test == Err(why)) {
            let earlier_and_later = [&trend.waves[place], &trend.waves[place + 1]];
            let label = match why {
                Untested::Published => earlier_and_later
                    .iter()
                    .filter(|wave| wave.occasion().is_none())
                    .map(|w| w.label())
                    .collect(),
                _ => vec![earlier_and_later[0].label(), earlier_and_later[1].label()],
            };
            let label = label.join(if why == Untested::Published { "、" } else { "→" });
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let Some(words) = why.words(language).filter(|_| !labels.is_empty()) else { continue };
        let labels = labels.join(language.choose("、", ", "));
        notes.push(match (language, why) {
            (Language::Japanese, Untested::Undefined) => format!("検定しない変化がある（{labels}）: {words}"),
            (Language::Japanese, _) => format!("検定なし（{labels}）: {words}"),
            (Language::English, Untested::Undefined) => {
                format!("some changes are not tested ({labels}): {words}")
            }
            (Language::English, _) => format!("not tested ({labels}): {words}"),
        });
    }
    notes
}

/// What the tables of the waves say, with the wave where it is not said of all.
fn of_waves(trend: &Trend, profile: &Profile) -> Vec<String> {
    let told = |table: &Table| -> Vec<String> {
        table.notes.iter().map(|note| footnote::told(note, profile)).collect()
    };
    let tables = trend.tables();
    if let [table] = tables.as_slice() {
        return told(table);
    }
    let mut notes = Vec::new();
    for wave in &trend.waves {
        let Wave::Counted { label, table, .. } = wave else { continue };
        notes.extend(told(table).into_iter().map(|note| format!("{label}: {note}")));
    }
    notes
}
