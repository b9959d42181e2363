//! Tables into categories, series and figures.

use super::spec::{Category, Figure, Role, Series};
use crate::sheet::{Content, Profile, Value, figure_cell, row_label, shown_rows};
use crate::tabulate::{ColumnRole, RowRole, Shown, StubRow, Table};

/// A figure of a table, printed as its sheet prints it.
pub fn figure(table: &Table, row: usize, column: usize, profile: &Profile) -> Shown<Figure> {
    let cell = figure_cell(table, row, column, profile);
    match cell.content {
        Content::Number(Value::Exact(value), _) => {
            let compared = table.columns[column].role != ColumnRole::Total && table.columns.len() > 1;
            let difference = table.difference(row, column).value().filter(|_| compared);
            Shown::Value(Figure { value, label: cell.shown(), difference, range: None })
        }
        Content::Suppressed => Shown::Suppressed,
        _ => Shown::Undefined,
    }
}

/// The rows that are parts of the whole, or its bars: options and 無回答; in a summary table all.
pub fn answers(table: &Table) -> Vec<usize> {
    let part = |&row: &usize| match table.stub[row].role {
        RowRole::Option | RowRole::Missing => true,
        RowRole::Net | RowRole::Score | RowRole::Number | RowRole::Ratio => table.is_summary(),
    };
    shown_rows(&[table]).into_iter().filter(part).collect()
}

/// What a row is.
pub fn role_of_row(table: &Table, row: usize) -> Role {
    role_of(&table.stub[row])
}

/// What a row is, whatever its table.
pub fn role_of(row: &StubRow) -> Role {
    match row.role {
        RowRole::Missing => Role::Missing,
        _ if row.last => Role::Other,
        _ => Role::Answer,
    }
}

/// A row as a category.
pub fn row_category(table: &Table, row: usize, profile: &Profile) -> Category {
    let stub = &table.stub[row];
    // Rows of a summary table have bases of their own.
    let own = table.has_row_bases() && table.columns.len() == 1;
    let n = own.then(|| table.shown_base(row, 0).value()).flatten().map(|base| base.n);
    Category {
        label: row_label(stub, profile),
        code: stub.code.as_ref().map(ToString::to_string),
        n,
        low_base: n.is_some_and(|n| low(n, profile)),
        role: role_of_row(table, row),
        highlight: false,
    }
}

/// A row as a series, its values over the columns.
pub fn row_series(table: &Table, row: usize, columns: &[usize], profile: &Profile) -> Series {
    Series {
        name: row_label(&table.stub[row], profile),
        code: table.stub[row].code.as_ref().map(ToString::to_string),
        n: None,
        low_base: false,
        role: role_of_row(table, row),
        highlight: false,
        side: None,
        values: columns.iter().map(|&column| figure(table, row, column, profile)).collect(),
    }
}

/// A column's words.
pub fn column_label(table: &Table, column: usize, profile: &Profile) -> String {
    let here = &table.columns[column];
    let words = profile.language.words();
    match here.role {
        ColumnRole::Total => words.total.to_string(),
        ColumnRole::Group => here.labels.join("・"),
        ColumnRole::Subtotal => format!("{}{}", here.labels.join("・"), words.subtotal),
        ColumnRole::Missing => words.no_answer.to_string(),
    }
}

fn role_of_column(table: &Table, column: usize) -> Role {
    match table.columns[column].role {
        ColumnRole::Total => Role::Total,
        ColumnRole::Group | ColumnRole::Subtotal => Role::Group,
        ColumnRole::Missing => Role::Missing,
    }
}

fn code_of_column(table: &Table, column: usize) -> Option<String> {
    let codes: Vec<String> = table.columns[column].codes.iter().map(ToString::to_string).collect();
    (!codes.is_empty()).then(|| codes.join(">"))
}

/// The base of a column: of one row where it stands alone, for a number's is not the question's.
pub fn column_base(table: &Table, column: usize, row: Option<usize>) -> Option<u64> {
    let base = match row {
        Some(row) => table.shown_base(row, column),
        None => table.shown_question_base(column),
    };
    base.value().map(|base| base.n)
}

/// A column as a category.
pub fn column_category(table: &Table, column: usize, row: Option<usize>, profile: &Profile) -> Category {
    let n = column_base(table, column, row);
    Category {
        label: column_label(table, column, profile),
        code: code_of_column(table, column),
        n,
        low_base: n.is_some_and(|n| low(n, profile)),
        role: role_of_column(table, column),
        highlight: false,
    }
}

/// A column as a series, its values over the rows.
pub fn column_series(table: &Table, column: usize, rows: &[usize], profile: &Profile) -> Series {
    let n = column_base(table, column, None);
    // Rows with bases of their own have no n in common.
    let n = n.filter(|_| !table.has_row_bases());
    Series {
        name: column_label(table, column, profile),
        code: code_of_column(table, column),
        n,
        low_base: n.is_some_and(|n| low(n, profile)),
        role: role_of_column(table, column),
        highlight: false,
        side: None,
        values: rows.iter().map(|&row| figure(table, row, column, profile)).collect(),
    }
}

pub fn low(n: u64, profile: &Profile) -> bool {
    n > 0 && n < profile.low_base
}

/// The sides of a scale: by its scores about their middle, else by its first two nets, else by the order
/// of its options.
pub fn sides(table: &Table, rows: &[usize]) -> Vec<Option<i8>> {
    let scores: Vec<i64> = rows.iter().filter_map(|&row| table.stub[row].score).collect();
    let nets: Vec<&[_]> =
        table.stub.iter().filter(|row| row.role == RowRole::Net).map(|row| row.of.as_slice()).collect();
    if let (Some(least), Some(most)) = (scores.iter().min(), scores.iter().max()) {
        let of = |row: &usize| table.stub[*row].score.map(|score| (2 * score - least - most).signum() as i8);
        return rows.iter().map(of).collect();
    }
    if let [above, below, ..] = nets[..] {
        let of = |row: &usize| {
            let code = table.stub[*row].code.as_ref()?;
            match (above.contains(code), below.contains(code)) {
                (true, false) => Some(1),
                (false, true) => Some(-1),
                _ => None,
            }
        };
        return rows.iter().map(of).collect();
    }
    let plain: Vec<usize> =
        rows.iter().copied().filter(|&row| role_of_row(table, row) == Role::Answer).collect();
    let of = |row: &usize| {
        let place = plain.iter().position(|other| other == row)?;
        let last = plain.len() - 1;
        Some(match (2 * place).cmp(&last) {
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => -1,
        })
    };
    rows.iter().map(of).collect()
}
