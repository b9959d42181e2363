//! The GT table of a rank question: who stands at which place, at any, and the points.

use super::arrange::{heading, row_label, shown_rows};
use super::cross::{Item, counted, data, percent_cell, weighted};
use super::gt::{total_cells, weighted_bases};
use super::profile::{CellChoice, PercentBase, Profile};
use super::{Cell, Content, Role, Sheet, footnote};
use crate::tabulate::{Shown, Table};

/// Arranges a rank question and its places: a column for each place, one for any, and the points.
pub fn ranking(table: &Table, places: &[Table], profile: &Profile) -> Sheet {
    let words = profile.language.words();
    let (title, mut above) = heading(table, profile);
    above.extend(weighted_bases(table, profile));
    let counts = profile.cell != CellChoice::Percent || profile.percent.is_none();
    let percents = profile.cell != CellChoice::Count && profile.percent.is_some();
    // A place has one column: what would stand first in a table of its own.
    let place = |table: &Table, row: usize| match (counts, table.cell(row, 0)) {
        (false, _) => percent_cell(table, row, 0, PercentBase::Banner, profile),
        (true, Shown::Value(tally)) if table.weighted() => weighted(table, tally.w, data(table, row)),
        (true, _) => counted(table, row, 0),
    };
    let [base, weighted_base, hundred] = total_cells(table, profile);
    // Without 無回答 each place has a base of its own.
    let total_place = |table: &Table| {
        let [base, weighted_base, hundred] = total_cells(table, profile);
        match (counts, table.weighted()) {
            (false, _) => hundred,
            (true, true) => weighted_base,
            (true, false) => base,
        }
    };
    let mut header = vec![words.answer.to_string()];
    let mut total = vec![Cell::text(words.total, Role::Label)];
    for table in places {
        header.push(table.question.heading.clone());
        total.push(total_place(table));
    }
    if counts {
        header.push(profile.language.choose("計", "Any").into());
        total.push(base.clone());
        if table.weighted() {
            header.push(words.weighted_count.into());
            total.push(weighted_base.clone());
        }
    }
    if percents {
        header.push(profile.language.choose("％", "%").into());
        total.push(hundred.clone());
    }
    header.push(profile.language.choose("得点", "Points").into());
    total.push(Cell::new(Content::Empty, Role::Data));
    let mut body = vec![total];
    let tables: Vec<&Table> = std::iter::once(table).chain(places).collect();
    for row in shown_rows(&tables) {
        let mut line = vec![Cell::text(row_label(&table.stub[row], profile), Role::Label)];
        line.extend(places.iter().map(|table| place(table, row)));
        if counts {
            line.push(counted(table, row, 0));
            if table.weighted() {
                line.push(match table.cell(row, 0) {
                    Shown::Value(tally) => weighted(table, tally.w, data(table, row)),
                    _ => counted(table, row, 0),
                });
            }
        }
        if percents {
            line.push(percent_cell(table, row, 0, PercentBase::Banner, profile));
        }
        line.push(match table.has_points(row) {
            true => Item::Points(row).cell(table, 0, profile),
            false => Cell::new(Content::Empty, Role::Data),
        });
        body.push(line);
    }
    let mut notes = footnote::notes(&[table], &body, profile);
    if places.iter().any(|place| place.base(0, 0).n != table.base(0, 0).n) {
        let note = profile
            .language
            .choose("各順位の基数は、その順位を回答した人", "the base of each place is those who filled it");
        notes.insert(0, note.to_string());
    }
    let header = header.into_iter().map(|text| Cell::text(text, Role::Header)).collect();
    Sheet { title, above, header: vec![header], body, side: 1, notes }
}
