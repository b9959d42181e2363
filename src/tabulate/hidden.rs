//! What of a table is hidden (秘匿): from then on it reads as suppressed, and is not in the table any more.

use std::collections::BTreeSet;

use super::table::{Grid, RowRole, Shown, Table, Tally};
use crate::schema::Kind;

/// Places of a table that nobody may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    pub(super) cells: BTreeSet<(usize, usize)>,
    pub(super) bases: BTreeSet<(usize, usize)>,
    /// Columns whose mentions in all are hidden.
    pub(super) mentions: BTreeSet<usize>,
    /// The least number of respondents that anything is shown of; `None`: the table is not protected.
    pub(super) threshold: Option<u64>,
}

impl Hidden {
    /// Nothing is hidden.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.bases.is_empty() && self.mentions.is_empty()
    }

    /// The rows in this order, others left out.
    pub(super) fn select_rows(&self, rows: &[usize]) -> Hidden {
        let pick = |places: &BTreeSet<(usize, usize)>| {
            let each = rows.iter().enumerate().flat_map(|(place, &row)| {
                places.range((row, 0)..=(row, usize::MAX)).map(move |&(_, column)| (place, column))
            });
            each.collect()
        };
        Hidden { cells: pick(&self.cells), bases: pick(&self.bases), ..self.clone() }
    }
}

impl Table {
    /// Hides a cell: from now on it reads as suppressed, and what it held is gone.
    pub fn hide(&mut self, row: usize, column: usize) {
        self.hidden.cells.insert((row, column));
        for grid in [&mut self.cells, &mut self.mentions] {
            grid[(row, column)] = Tally::default();
        }
        for grid in [&mut self.numbers, &mut self.denominators] {
            grid[(row, column)] = Default::default();
        }
    }

    /// Hides a base with everything that stands on it.
    pub fn hide_base(&mut self, row: usize, column: usize) {
        self.hide(row, column);
        self.hidden.bases.insert((row, column));
        self.bases[(row, column)] = Tally::default();
        self.both[(row, column)] = Tally::default();
        if column == 0 {
            for banner in &mut self.banners {
                for tallies in [&mut banner.answered, &mut banner.both, &mut banner.outside] {
                    tallies[row] = Tally::default();
                }
            }
        }
        let whole = (0..self.stub.len()).all(|row| self.hidden.bases.contains(&(row, column)));
        if whole || !self.has_row_bases() {
            self.question_bases[column] = Tally::default();
            self.hide_mentions(column);
        }
    }

    /// The cell of an answer that nobody in the group can have given: on a hidden base it reads as undefined, for it
    /// tells nothing.
    pub fn rule_out(&mut self, row: usize, column: usize) {
        if self.hidden.bases.contains(&(row, column)) {
            self.hidden.cells.remove(&(row, column));
        }
    }

    /// Hides how many mentions a column has in all.
    pub fn hide_mentions(&mut self, column: usize) {
        self.hidden.mentions.insert(column);
        self.column_mentions[column] = Tally::default();
    }

    /// Says that no fewer respondents than these are shown: from now on values that one respondent, or few,
    /// decide are hidden as well (distributions, earliest and latest days, outer quartiles of few).
    pub fn protect(&mut self, threshold: u64) {
        self.hidden.threshold = Some(threshold);
        // How many were not asked, and who gave no answer, are counts of their own.
        self.reach.clear();
        self.notes.retain(|note| note.respondents().is_none_or(|n| n >= threshold));
    }

    /// The least number of respondents that anything is shown of, where the table is protected.
    pub fn threshold(&self) -> Option<u64> {
        self.hidden.threshold
    }

    /// Whether anything is hidden.
    pub fn hides(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// A base as it may be seen.
    pub fn shown_base(&self, row: usize, column: usize) -> Shown<Tally> {
        match self.hidden.bases.contains(&(row, column)) {
            true => Shown::Suppressed,
            false => Shown::Value(self.base(row, column)),
        }
    }

    /// The question's base in a column, as it may be seen.
    pub fn shown_question_base(&self, column: usize) -> Shown<Tally> {
        let hidden = |row: usize| self.hidden.bases.contains(&(row, column));
        let mut rows = 0..self.stub.len();
        let measured = self.question.kind.is_measured();
        let hides = match self.stub.is_empty() {
            true => false,
            // That of a number is of those who gave one.
            false if measured => hidden(0),
            false if self.has_row_bases() => rows.all(hidden),
            false => rows.any(hidden),
        };
        if hides { Shown::Suppressed } else { Shown::Value(self.question_base(column)) }
    }

    /// Mentions of a column in all, as they may be seen.
    pub fn shown_column_mentions(&self, column: usize) -> Shown<Tally> {
        match self.hidden.mentions.contains(&column) {
            true => Shown::Suppressed,
            false => Shown::Value(self.column_mentions(column)),
        }
    }

    /// Respondents given on stub and banner, as they may be seen: not where an answer or who gave none is
    /// hidden, nor in a protected table where they differ from the base.
    pub fn shown_both(&self, row: usize, column: usize) -> Shown<Tally> {
        let both = self.both(row, column);
        let of_column = (0..self.stub.len()).any(|row| self.hidden.cells.contains(&(row, column)));
        match self.hidden.threshold.is_some() && (of_column || both != self.base(row, column)) {
            true => Shown::Suppressed,
            false => Shown::Value(both),
        }
    }

    /// Whether counts over those given on a banner may be seen: in a protected table only where they are
    /// all, so that they tell nothing new.
    pub fn shows_banner(&self, banner: usize) -> bool {
        let banner = &self.banners[banner];
        self.hidden.threshold.is_none()
            || (banner.outside.iter().all(|outside| outside.n == 0)
                && (0..self.stub.len()).all(|row| self.cell(row, 0) != Shown::Suppressed))
    }

    /// What a cell of a protected table may show of values: of a distribution nothing.
    pub(super) fn of_values<T>(&self, row: usize, column: usize, times: u64, shown: Shown<T>) -> Shown<T> {
        let few = |threshold: u64| self.bases[(row, column)].n < threshold.saturating_mul(times);
        match self.hidden.threshold {
            Some(threshold) if self.is_value(row) && few(threshold) => Shown::Suppressed,
            _ => shown,
        }
    }

    /// Whether a row holds numbers or days that respondents wrote.
    fn is_value(&self, row: usize) -> bool {
        let role = self.stub[row].role;
        matches!(role, RowRole::Number | RowRole::Ratio) || self.question.kind == Kind::Date
    }

    /// Value counts as they may be seen from outside: not in a protected table, where each value is a count.
    pub(super) fn shown_values<T: Clone>(&self, grid: &Grid<T>, row: usize, column: usize) -> Shown<T> {
        match self.hidden.threshold {
            Some(_) if self.is_value(row) => Shown::Suppressed,
            _ => self.shown(grid, row, column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_one_base_or_one_sum_of_mentions_is_something() {
        let one = BTreeSet::from([(0, 0)]);
        assert!(Hidden { threshold: Some(10), ..Hidden::default() }.is_empty());
        assert!(!Hidden { cells: one.clone(), ..Hidden::default() }.is_empty());
        assert!(!Hidden { bases: one, ..Hidden::default() }.is_empty());
        assert!(!Hidden { mentions: BTreeSet::from([0]), ..Hidden::default() }.is_empty());
    }
}
