//! Measures: percentages, differences, effective bases, means — functions of a [`Table`].

use super::table::{Banner, ColumnRole, RowRole, Shown, Table, Tally};
use crate::stats::Ratio;

impl Tally {
    /// Kish's effective number of respondents, (Σw)²/Σw².
    ///
    /// Exact, unless (Σw)² needs more than 127 bits (a hundred thousand respondents with weights of
    /// 15 decimals): then from the leading 62 bits of Σw, which is 18 digits.
    pub fn effective(self) -> Option<Ratio> {
        if let Some(square) = self.w.checked_mul(self.w) {
            return Ratio::new(square, self.w2);
        }
        let surplus = (i128::BITS - self.w.unsigned_abs().leading_zeros()).saturating_sub(62);
        let leading = self.w >> surplus;
        Ratio::new(leading * leading, self.w2 >> (2 * surplus))
    }
}

/// 100 · part / whole, weighted.
fn percent((part, whole): (Tally, Tally)) -> Option<Ratio> {
    Ratio::new(part.w, whole.w)?.times(100)
}

impl Table {
    /// Percentage of the column's base: within the banner group.
    pub fn column_percent(&self, row: usize, column: usize) -> Shown<Ratio> {
        self.cell(row, column).and_then(|cell| percent((cell, self.base(row, column))))
    }

    /// Percentage of those who gave the row's answer and are given on the column's banner.
    /// Undefined in the Total column, which belongs to no banner, and for those missing on it.
    pub fn row_percent(&self, row: usize, column: usize) -> Shown<Ratio> {
        if self.columns[column].banner.is_some_and(|banner| !self.shows_banner(banner)) {
            return Shown::Suppressed;
        }
        let answered = self.compared(column).map(|banner| banner.answered[row]);
        self.cell(row, column).and_then(|cell| percent((cell, answered?)))
    }

    /// Percentage of all respondents given on stub and banner; undefined for 無回答, who are not among
    /// them. In the Total column it is that of all groups together, for a table of one banner.
    pub fn total_percent(&self, row: usize, column: usize) -> Shown<Ratio> {
        // Where each option has a base of its own there is no whole of the table.
        if self.stub[row].role == RowRole::Missing || self.option_bases {
            return Shown::Undefined;
        }
        if (0..self.banners.len()).any(|banner| !self.shows_banner(banner)) {
            return Shown::Suppressed;
        }
        let total = self.columns[column].banner.is_none();
        let mut asked_for = self.banners.iter().filter(|banner| banner.subtotal_of.is_none());
        let banner = match (total, asked_for.next(), asked_for.next()) {
            (false, ..) => self.compared(column),
            (true, only, None) => only,
            (true, ..) => None,
        };
        self.cell(row, column).and_then(|cell| {
            let banner = banner?;
            percent((if total { banner.answered[row] } else { cell }, banner.both[row]))
        })
    }

    /// Percentage of the column's mentions; undefined for 無回答, which is no mention.
    pub fn mention_percent(&self, row: usize, column: usize) -> Shown<Ratio> {
        if !self.has_mention_shares() || self.stub[row].role == RowRole::Missing {
            return Shown::Undefined;
        }
        self.mentions(row, column).with(self.shown_column_mentions(column)).and_then(percent)
    }

    /// Mentions for each hundred respondents of the column's base (M.T.).
    pub fn mentions_per_hundred(&self, column: usize) -> Shown<Ratio> {
        if !self.has_mention_shares() || self.stub.is_empty() {
            return Shown::Undefined;
        }
        self.shown_column_mentions(column).with(self.shown_base(0, column)).and_then(percent)
    }

    /// The banner on which a column's respondents are given; `None` for the Total and the missing.
    fn compared(&self, column: usize) -> Option<&Banner> {
        let here = &self.columns[column];
        here.banner.filter(|_| here.role != ColumnRole::Missing).map(|banner| &self.banners[banner])
    }

    /// The column's percentage, or mean, where the Total's is 100; undefined where that is not above
    /// zero, and for those missing on the banner.
    pub fn index(&self, row: usize, column: usize) -> Shown<Ratio> {
        if self.columns[column].role == ColumnRole::Missing {
            return Shown::Undefined;
        }
        let (group, total) = match self.stub[row].role {
            RowRole::Score | RowRole::Number => (self.mean(row, column), self.mean(row, 0)),
            RowRole::Ratio => (self.ratio(row, column), self.ratio(row, 0)),
            RowRole::Option | RowRole::Missing | RowRole::Net => {
                (self.column_percent(row, column), self.column_percent(row, 0))
            }
        };
        group.with(total).and_then(|(group, total)| group.over(total)?.times(100))
    }

    /// Points between the column's percentage and the Total's, from raw; undefined for those missing
    /// on the banner.
    pub fn difference(&self, row: usize, column: usize) -> Shown<Ratio> {
        if self.columns[column].role == ColumnRole::Missing {
            return Shown::Undefined;
        }
        self.percentage(row, column)
            .with(self.percentage(row, 0))
            .and_then(|(group, total)| group.minus(total))
    }

    /// What a difference in points is of: the percentage of the column's base, or a ratio that is a
    /// percentage; other ratios have none.
    pub fn percentage(&self, row: usize, column: usize) -> Shown<Ratio> {
        match (self.stub[row].role, self.stub[row].per) {
            (RowRole::Ratio, Some(100)) => self.ratio(row, column),
            (RowRole::Ratio, _) => Shown::Undefined,
            _ => self.column_percent(row, column),
        }
    }

    /// The total above the line of a ratio row for each so many of the total below it, exact;
    /// undefined where that is not above zero.
    pub fn ratio(&self, row: usize, column: usize) -> Shown<Ratio> {
        let per = self.stub[row].per.map(i128::from);
        // Both are in units of the same weights and decimals, which cancel.
        self.shown(&self.numbers, row, column)
            .with(self.shown(&self.denominators, row, column))
            .and_then(|(of, to)| Ratio::new(of.total()?.checked_mul(per?)?, to.total()?))
    }

    /// The total below the line of a ratio row; [`Table::total`] is the one above it.
    pub fn denominator(&self, row: usize, column: usize) -> Shown<Ratio> {
        let unit = 10_i128.pow(self.weight_decimals);
        self.shown(&self.denominators, row, column)
            .and_then(|values| self.unscaled(Ratio::new(values.total()?, unit)?))
    }

    /// Mean of a number row, exact.
    pub fn mean(&self, row: usize, column: usize) -> Shown<Ratio> {
        // Points of places are sums of what other tables count.
        if self.has_points(row) && self.threshold().is_some() {
            return Shown::Suppressed;
        }
        self.shown(&self.numbers, row, column).and_then(|values| self.unscaled(values.mean()?))
    }

    /// Standard deviation of a number row; see [`crate::stats::Distribution::standard_deviation`].
    pub fn standard_deviation(&self, row: usize, column: usize) -> Shown<f64> {
        let unit = 10_f64.powi(self.number_decimals as i32);
        self.shown(&self.numbers, row, column).and_then(|values| Some(values.standard_deviation()? / unit))
    }

    /// Quartile 1, 2 (median) or 3 of a number row; see [`crate::stats::Distribution::quantile`].
    pub fn quartile(&self, row: usize, column: usize, quartile: i128) -> Shown<Ratio> {
        // Beyond an outer quartile is a quarter of the respondents, beyond the median a half.
        let times = if quartile == 2 { 2 } else { 4 };
        let shown = self.of_values(row, column, times, self.shown(&self.numbers, row, column));
        shown.and_then(|values| self.unscaled(values.quantile(quartile, 4)?))
    }

    /// Earliest, middle and latest day of a date's row, as days since 1970-01-01; the middle day is the
    /// first by which half of the respondents are reached, for a mean of two days may be none.
    pub fn days(&self, row: usize, column: usize) -> Shown<[i64; 3]> {
        self.of_values(row, column, u64::MAX, self.shown(&self.numbers, row, column))
            .and_then(|values| values.span())
    }

    /// Σwx of a number row.
    pub fn total(&self, row: usize, column: usize) -> Shown<Ratio> {
        let unit = 10_i128.pow(self.weight_decimals);
        self.shown(&self.numbers, row, column)
            .and_then(|values| self.unscaled(Ratio::new(values.total()?, unit)?))
    }

    /// Σw as a number: the scaled integer over its unit.
    pub fn weight_sum(&self, w: i128) -> Ratio {
        // A power of ten is positive.
        Ratio::new(w, 10_i128.pow(self.weight_decimals)).unwrap_or(Ratio::whole(w))
    }

    fn unscaled(&self, scaled: Ratio) -> Option<Ratio> {
        let unit = 10_i128.pow(self.number_decimals);
        Ratio::new(scaled.numerator(), scaled.denominator().checked_mul(unit)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of 1 and 3 with 15 decimals, half each: (4n/2)² / (10n/2) = 0.8 n.
    #[test]
    fn effective_bases_of_many_respondents_with_long_weights_are_defined() {
        for n in [100, 40_000, 1_000_000, 20_000_000] {
            let (count, unit) = (i128::from(n), 10_i128.pow(15));
            let tally = Tally { n, w: 2 * count * unit, w2: 5 * count * unit * unit };
            let effective = tally.effective().expect("there are weights").to_f64();
            assert!((effective / (0.8 * n as f64) - 1.0).abs() < 1e-15, "{effective}");
        }
    }
}
