//! GT tables: answers down the side, count and percentages beside them.

use super::arrange::{heading, row_label, shown_rows};
use super::cross::{
    Item, base_cell, base_of, counted, data, percent_cell, shows_intervals, unseen, weighted, with_intervals,
};
use super::footnote;
use super::interval::{self, Of, interval_cell};
use super::means::means_gt;
use super::profile::{CellChoice, PercentBase, Profile};
use super::significance;
use super::{Cell, Content, Format, Role, Sheet, Value};
use crate::schema::Kind;
use crate::stats::Ratio;
use crate::tabulate::{RowRole, Shown, Table, Tally};

/// One measure of a GT table: a header and a cell for each row.
struct Measure<'a> {
    header: String,
    /// Cell of the 全体 row.
    total: Cell,
    /// Cell of a stub row.
    row: Box<dyn Fn(usize) -> Cell + 'a>,
    /// Cell of the mentions row.
    mentions: Cell,
}

/// Arranges a table without a banner.
pub fn gt(table: &Table, profile: &Profile) -> Sheet {
    if let Some(means) = &table.means {
        return means_gt(table, &means.measures, profile);
    }
    if table.question.kind.is_measured() {
        return number_gt(table, profile);
    }
    let words = profile.language.words();
    let (title, mut above) = heading(table, profile);
    above.extend(weighted_bases(table, profile));
    let rows = shown_rows(&[table]);
    let measures = measures(table, profile);
    let mut header = vec![Cell::text(words.answer, Role::Header)];
    header.extend(measures.iter().map(|measure| Cell::text(measure.header.as_str(), Role::Header)));
    let line = |label: &str, cells: &mut dyn Iterator<Item = Cell>| {
        let mut line = vec![Cell::text(label, Role::Label)];
        line.extend(cells);
        line
    };
    let mut body = Vec::new();
    if !table.is_summary() {
        body.push(line(words.total, &mut measures.iter().map(|measure| measure.total.clone())));
    }
    for row in rows {
        if table.stub[row].role == RowRole::Score {
            let cells = |item: Item| {
                let empty = || Cell::new(Content::Empty, Role::Data);
                std::iter::once(item.cell(table, 0, profile)).chain((1..measures.len()).map(move |_| empty()))
            };
            let items = with_intervals(Item::of_score(row, &[table]), &[table], profile).into_iter();
            body.extend(items.map(|item| line(&item.label(table, profile), &mut cells(item))));
            continue;
        }
        let label = row_label(&table.stub[row], profile);
        body.push(line(&label, &mut measures.iter().map(|measure| (measure.row)(row))));
    }
    if table.has_mention_shares() {
        let label = profile.language.choose("回答総数（M.T.）", "Mentions (M.T.)");
        body.push(line(label, &mut measures.iter().map(|measure| measure.mentions.clone())));
    }
    let mut notes = significance::of_rows(table, profile);
    notes.extend(interval::notes(&[table], profile));
    notes.extend(footnote::notes(&[table], &body, profile));
    Sheet { title, above, header: vec![header], body, side: 1, notes }
}

/// Arranges a number, a date or a ratio without a banner: one measure in a line.
fn number_gt(table: &Table, profile: &Profile) -> Sheet {
    let words = profile.language.words();
    let (title, mut above) = heading(table, profile);
    above.extend(weighted_bases(table, profile));
    let line = |label: &str, cell: Cell| vec![Cell::text(label, Role::Label), cell];
    let mut body = vec![line(words.total, whole_base(table, profile))];
    for row in shown_rows(&[table]) {
        if table.question.kind == Kind::Ratio && table.stub[row].role != RowRole::Missing {
            let item = match table.stub[row].role {
                RowRole::Ratio => Item::Ratio(row),
                _ => Item::Sum(row),
            };
            if body.len() == 1 {
                let both = Item::NumberBase(row);
                body.push(line(&both.label(table, profile), both.cell(table, 0, profile)));
            }
            for item in with_intervals(vec![item], &[table], profile) {
                body.push(line(&item.label(table, profile), item.cell(table, 0, profile)));
            }
        } else if table.stub[row].role == RowRole::Number {
            let measures = Item::of_number(row, table.question.kind);
            let measures = with_intervals(measures, &[table], profile).into_iter();
            body.extend(measures.map(|item| line(&item.label(table, profile), item.cell(table, 0, profile))));
        } else {
            body.push(line(&row_label(&table.stub[row], profile), counted(table, row, 0)));
        }
    }
    let header = ["", profile.language.choose("値", "Value")].map(|text| Cell::text(text, Role::Header));
    let mut notes = significance::of_rows(table, profile);
    notes.extend(interval::notes(&[table], profile));
    notes.extend(footnote::notes(&[table], &body, profile));
    Sheet { title, above, header: vec![header.into()], body, side: 1, notes }
}

fn measures<'a>(table: &'a Table, profile: &'a Profile) -> Vec<Measure<'a>> {
    let words = profile.language.words();
    let empty = || Cell::new(Content::Empty, Role::Data);
    let mut measures = Vec::new();
    if table.has_row_bases() {
        measures.push(Measure {
            header: "n".into(),
            total: if table.is_summary() { empty() } else { whole_base(table, profile) },
            row: Box::new(move |row| base_cell(table, row, 0, profile)),
            mentions: empty(),
        });
    }
    if profile.cell != CellChoice::Percent || profile.percent.is_none() {
        measures.push(Measure {
            header: words.count.into(),
            total: whole_base(table, profile),
            row: Box::new(move |row| counted(table, row, 0)),
            mentions: mentions_cell(table, |tally| Value::Exact(Ratio::whole(i128::from(tally.n))), 0),
        });
        if table.weighted() {
            measures.push(Measure {
                header: words.weighted_count.into(),
                total: weight_of(table, everybody(table), Role::Base),
                row: Box::new(move |row| match table.cell(row, 0) {
                    Shown::Value(tally) => weighted(table, tally.w, data(table, row)),
                    other => Cell::new(unseen(other), data(table, row)),
                }),
                mentions: mentions_cell(table, |tally| Value::Exact(table.weight_sum(tally.w)), 1),
            });
        }
    }
    if profile.percent.is_none() || profile.cell == CellChoice::Count {
        return measures;
    }
    let percent = |ratio: Shown<Ratio>, role| match ratio {
        Shown::Value(ratio) => Cell::new(
            Content::Number(Value::Exact(ratio), Format::Percent { decimals: profile.decimals }),
            role,
        ),
        other => Cell::new(unseen(other), role),
    };
    let hundred = |base: Shown<Tally>| base.and_then(|base| (base.w > 0).then_some(Ratio::whole(100)));
    measures.push(Measure {
        header: if table.has_mention_shares() {
            words.of_respondents.into()
        } else {
            profile.language.choose("％", "%").into()
        },
        total: percent(hundred(everybody(table)), Role::Base),
        row: Box::new(move |row| percent_cell(table, row, 0, PercentBase::Banner, profile)),
        mentions: percent(table.mentions_per_hundred(0), Role::Net),
    });
    if shows_intervals(&[table], profile) {
        measures.push(Measure {
            header: profile
                .interval
                .map_or(String::new(), |level| interval::heading(level, profile.language)),
            total: empty(),
            row: Box::new(move |row| interval_cell(table, row, 0, Of::Share, profile)),
            mentions: empty(),
        });
    }
    if table.has_mention_shares() {
        measures.push(Measure {
            header: words.of_mentions.into(),
            total: empty(),
            row: Box::new(move |row| match table.stub[row].role {
                RowRole::Missing => empty(),
                _ => percent_cell(table, row, 0, PercentBase::Mention, profile),
            }),
            mentions: percent(hundred(table.shown_column_mentions(0)), Role::Net),
        });
    }
    measures
}

/// Everybody in the base, of a number or a date those who did not give one too.
fn everybody(table: &Table) -> Shown<Tally> {
    let other = table.stub.iter().position(|row| !matches!(row.role, RowRole::Number | RowRole::Ratio));
    match other.filter(|_| table.question.kind.is_measured() || table.question.kind == Kind::Ratio) {
        Some(row) => table.shown_base(row, 0),
        None => table.shown_question_base(0),
    }
}

/// n of everybody.
fn whole_base(table: &Table, profile: &Profile) -> Cell {
    base_of(everybody(table), profile)
}

fn mentions_cell(table: &Table, value: impl Fn(Tally) -> Value, decimals: u32) -> Cell {
    let content = match table.shown_column_mentions(0) {
        Shown::Value(mentions) => Content::Number(value(mentions), Format::Count { decimals }),
        other => unseen(other),
    };
    Cell::new(content, Role::Net)
}

/// A weighted count, unless it is hidden.
fn weight_of(table: &Table, tally: Shown<Tally>, role: Role) -> Cell {
    match tally {
        Shown::Value(tally) => weighted(table, tally.w, role),
        other => Cell::new(unseen(other), role),
    }
}

/// n, weighted n and 100 per cent of everybody.
pub(super) fn total_cells(table: &Table, profile: &Profile) -> [Cell; 3] {
    let base = everybody(table);
    let hundred = match base {
        Shown::Value(base) if base.w > 0 => {
            Content::Number(Value::Exact(Ratio::whole(100)), Format::Percent { decimals: profile.decimals })
        }
        other => unseen(other),
    };
    [whole_base(table, profile), weight_of(table, base, Role::Base), Cell::new(hundred, Role::Base)]
}

/// `n=40　ウェイト後n=39.8　有効母数=36.2`, where there are weights.
pub(super) fn weighted_bases(table: &Table, profile: &Profile) -> Option<String> {
    if !table.weighted() || table.stub.is_empty() || table.is_summary() {
        return None;
    }
    let words = profile.language.words();
    let base = everybody(table).value()?;
    let effective = base.effective().map_or("…".into(), |n| super::round(n, 1));
    let weighted = weighted(table, base.w, Role::Base).shown();
    Some(format!("n={}　{}={weighted}　{}={effective}", base.n, words.weighted_base, words.effective_base))
}
