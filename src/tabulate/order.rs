//! The order of rows: sorted by the Total, and the first few.

use super::table::{Note, RowRole, Table};

/// Options by their number in the Total column, most first; その他 and 特にない stay last, in the
/// order of the questionnaire, and so do 無回答 and nets. Ties keep the questionnaire's order.
/// The rows of a grid, which stand in one sheet, share the order of their sum. The options of a rank
/// question are sorted by points, and those of its places like them. A summary table's
/// rows are sorted by percentage, for their bases differ.
pub fn sort_rows(tables: &[Table]) -> Vec<Table> {
    tables
        .chunk_by(|one, next| {
            let same = one.grid.is_some() && one.grid == next.grid;
            same || (!one.points.is_empty() && next.grid.as_ref() == Some(&one.question.id))
        })
        .flat_map(|group| {
            let order = order(group);
            group.iter().map(move |table| table.select_rows(&order)).collect::<Vec<_>>()
        })
        .collect()
}

/// The order of the rows of tables with the same stub.
fn order(group: &[Table]) -> Vec<usize> {
    let table = &group[0];
    let summary = table.is_summary();
    let rank = |row: usize| match table.stub[row].role {
        _ if summary => 0,
        RowRole::Option if !table.stub[row].last => 0,
        RowRole::Option => 1,
        RowRole::Number | RowRole::Ratio => 2,
        RowRole::Missing => 3,
        RowRole::Net => 4,
        RowRole::Score => 5,
    };
    let weight = |row: usize| -> i128 {
        group.iter().filter_map(|table| table.cell(row, 0).value()).map(|tally| tally.w).sum()
    };
    let mut rows: Vec<usize> = (0..table.stub.len()).collect();
    rows.sort_by(|&a, &b| {
        rank(a).cmp(&rank(b)).then_with(|| match rank(a) {
            0 if summary && table.means.is_some() => {
                let measure = |row: usize| match table.stub[row].role {
                    RowRole::Ratio => table.ratio(row, 0).value(),
                    _ => table.mean(row, 0).value(),
                };
                measure(b).cmp(&measure(a))
            }
            0 if summary || table.option_bases => {
                table.column_percent(b, 0).value().cmp(&table.column_percent(a, 0).value())
            }
            0 if table.has_points(a) && table.has_points(b) => {
                table.mean(b, 0).value().cmp(&table.mean(a, 0).value())
            }
            0 => weight(b).cmp(&weight(a)),
            _ => std::cmp::Ordering::Equal,
        })
    });
    rows
}

/// The first `count` options, or rows of a summary table; 無回答 and nets stay, and a note says that
/// others are left out.
pub fn top_rows(table: &Table, count: usize) -> Table {
    let mut options = 0;
    let summary = table.is_summary();
    let rows: Vec<usize> = (0..table.stub.len())
        .filter(|&row| {
            let option = summary || table.stub[row].role == RowRole::Option;
            options += usize::from(option);
            !option || options <= count
        })
        .collect();
    let mut top = table.select_rows(&rows);
    if options > count {
        top.notes.push(Note::Top(count));
    }
    top
}

/// 無回答 by blank counted together with 無回答 by code, where a code has one of these labels: to a
/// reader they are one thing.
pub fn join_missing(table: &Table, labels: &[&str]) -> Table {
    let missing = |row: &usize| table.stub[*row].role == RowRole::Missing;
    let blank = (0..table.stub.len()).filter(missing).find(|&row| table.stub[row].code.is_none());
    let coded = (0..table.stub.len())
        .filter(missing)
        .find(|&row| table.stub[row].code.is_some() && labels.contains(&table.stub[row].label.as_str()));
    let (Some(blank), Some(coded)) = (blank, coded) else { return table.clone() };
    let mut joined = table.clone();
    joined.add_row(coded, blank);
    let rows: Vec<usize> = (0..table.stub.len()).filter(|&row| row != blank).collect();
    joined.select_rows(&rows)
}
