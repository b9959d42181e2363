//! Comparisons of the columns of a banner, with one another, with the rest or with the Total, and the
//! letters and marks that tell them.

use super::{Comparing, NotRun, Occasion, Preset, adjusted};
use crate::schema::Kind;
use crate::stats::{Distribution, normal_two_sided, t_two_sided};
use crate::tabulate::{ColumnRole, Estimated, NumberMeasure, RowRole, Table, Tally};

/// What a column is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Against {
    /// Each other column of its banner.
    #[default]
    Columns,
    /// Everybody else who is given on the banner.
    Rest,
    /// The Total column, of which it is a part.
    Total,
}

impl Against {
    /// Each by its name.
    pub const ALL: [(&'static str, Against); 3] =
        [("columns", Against::Columns), ("rest", Against::Rest), ("total", Against::Total)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Against::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

/// One column's share: those who gave the answer, of those who could have.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Who gave the answer.
    pub cell: Tally,
    /// Who could have.
    pub base: Tally,
}

/// How two columns share respondents.
#[derive(Debug, Clone, Copy)]
pub struct Sharing {
    /// The base of those in both.
    pub base: Tally,
    /// Respondents of the base who are given on the banner, in whichever column.
    pub whole: u64,
}

/// Two columns compared in one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Row of the table.
    pub row: usize,
    /// Column of the table.
    pub left: usize,
    /// A later column of the same banner, or the Total; `None`: the rest.
    pub right: Option<usize>,
    /// Positive where the left one is larger.
    pub statistic: f64,
    /// Degrees of freedom; `None`: normal.
    pub df: Option<f64>,
    /// Two-sided.
    pub p: f64,
    /// Corrected within its family: all pairs of columns of one banner in one row.
    pub adjusted: f64,
}

/// What the comparisons of a table say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lettering {
    /// By row and column, the letters of the columns that this one is larger than; against the rest or the
    /// Total, [`HIGHER`] or [`LOWER`].
    pub letters: Vec<Vec<String>>,
    /// All that were made.
    pub comparisons: Vec<Comparison>,
    /// Banners whose columns were not compared, and why.
    pub not_run: Vec<(usize, NotRun)>,
    /// Columns with too few respondents to compare, in some row.
    pub too_small: Vec<usize>,
    /// Columns with few respondents by the preset's rule, though compared.
    pub small: Vec<usize>,
}

/// Marks of a column that is higher than the rest or the Total, at the stricter level and at the other.
pub const HIGHER: [&str; 2] = ["▲", "△"];
/// Marks of one that is lower.
pub const LOWER: [&str; 2] = ["▼", "▽"];

/// Statistic, degrees of freedom (`None`: normal), two-sided p.
pub(super) type Tested = (f64, Option<f64>, f64);

/// The difference of two columns' shares as (statistic, degrees of freedom, two-sided p) by a preset's
/// definition; `unit` is what a weight of 1 is in tallies. `sharing` is of columns that may share
/// respondents, `None` of those that cannot. `None` where the definition leaves it out.
///
/// Sources: SPSS Algorithms (CTABLES) by way of expss; Quantipy `Test`; crunch-cube
/// `_PairwiseSignificaneBetweenSubvariablesHelper`. See docs/significance.md.
pub fn difference_of_proportions(
    preset: Preset,
    left: Group,
    right: Group,
    sharing: Option<Sharing>,
    unit: f64,
) -> Option<Tested> {
    let share = |group: &Group| (group.base.w > 0).then(|| group.cell.w as f64 / group.base.w as f64);
    let (p1, p2) = (share(&left)?, share(&right)?);
    let shared = sharing.map_or(Tally::default(), |sharing| sharing.base);
    let of_counts = (left.cell.w + right.cell.w) as f64 / (left.base.w + right.base.w) as f64;
    // The variance of a difference of shares p in units of p(1−p), and the number in both.
    let factor = |[n1, n2, both]: [f64; 3]| 1.0 / n1 + 1.0 / n2 - 2.0 * both / (n1 * n2);
    let pooled = |p: f64, factor: f64| (p1 - p2) / (p * (1.0 - p) * factor).sqrt();
    let bases = |of: &dyn Fn(Tally) -> f64| [of(left.base), of(right.base), of(shared)];
    let [e1, e2, e0] = bases(&effective);
    match preset {
        Preset::Spss => {
            // CTABLES leaves out columns of 0 % and 100 %.
            if [p1, p2].iter().any(|p| *p <= 0.0 || *p >= 1.0) {
                return None;
            }
            let z = pooled(of_counts, factor(bases(&|tally| tally.w as f64 / unit)));
            Some((z, None, normal_two_sided(z)?))
        }
        Preset::Dimensions => {
            let (t, df) = (pooled(of_counts, factor([e1, e2, e0])), e1 + e2 - e0 - 2.0);
            Some((t, Some(df), t_two_sided(t, df)?))
        }
        Preset::Renkei => {
            // Σw² of those in both over W₁W₂ is their covariance as it is; e₀/(e₁e₂) is so only without weights.
            let covariance = shared.w2 as f64 / (left.base.w as f64 * right.base.w as f64);
            let variance = 1.0 / e1 + 1.0 / e2 - 2.0 * covariance;
            let (t, df) = (pooled((e1 * p1 + e2 * p2) / (e1 + e2), variance), e1 + e2 - e0 - 2.0);
            Some((t, Some(df), t_two_sided(t, df)?))
        }
        Preset::Crunch => {
            let (variance, df) = match sharing {
                None => (p1 * (1.0 - p1) / e1 + p2 * (1.0 - p2) / e2, e1 + e2 - 2.0),
                Some(Sharing { base, whole }) => {
                    // As the program has it: the variance of the difference of the columns' own sizes.
                    let whole = whole as f64;
                    let [a, b, both] = [left.base, right.base, base].map(|base| base.n as f64 / whole);
                    let variance = a * (1.0 - a) + b * (1.0 - b) + 2.0 * a * b - 2.0 * both;
                    (variance / whole, whole - 2.0)
                }
            };
            let t = (p1 - p2) / variance.sqrt();
            Some((t, Some(df), t_two_sided(t, df)?))
        }
    }
}

fn effective(tally: Tally) -> f64 {
    tally.effective().map_or(0.0, |ratio| ratio.to_f64())
}

/// The difference of two means, each with its deviation and number, of which `shared` are in both: Welch's
/// test where nobody is, else the test of partially overlapping samples with unequal variances of Derrick,
/// Russ, Toher and White (2017), T_new2, with the correlation 1 of a value with itself.
pub fn difference_of_means([m1, s1, n1]: [f64; 3], [m2, s2, n2]: [f64; 3], shared: f64) -> Option<Tested> {
    let (v1, v2) = (s1 * s1 / n1, s2 * s2 / n2);
    let t = (m1 - m2) / (v1 + v2 - 2.0 * s1 * s2 * shared / (n1 * n2)).sqrt();
    let welch = (v1 + v2) * (v1 + v2) / (v1 * v1 / (n1 - 1.0) + v2 * v2 / (n2 - 1.0));
    let df = match shared > 0.0 {
        true => {
            let alone = n1 + n2 - 2.0 * shared;
            shared - 1.0 + (welch - shared + 1.0) / (n1 + n2) * alone
        }
        false => welch,
    };
    Some((t, Some(df), t_two_sided(t, df)?))
}

/// Compares the columns of every banner, row by row.
pub fn compare(table: &Table, comparing: &Comparing) -> Lettering {
    let mut found = Lettering {
        letters: vec![vec![String::new(); table.columns.len()]; table.stub.len()],
        ..Lettering::default()
    };
    let means_hidden =
        table.means.as_ref().is_some_and(|means| !means.measures.contains(&NumberMeasure::Mean));
    if table.question.kind == Kind::Date || means_hidden {
        return found;
    }
    for (place, banner) in table.banners.iter().enumerate() {
        if banner.subtotal_of.is_some() {
            continue;
        }
        let unknown = banner.overlapping && !table.joint.has_columns();
        let refused = match comparing.against {
            Against::Columns => unknown.then_some(NotRun::Overlap),
            Against::Total => (comparing.preset == Preset::Crunch).then_some(NotRun::NotDefined),
            Against::Rest => None,
        };
        if let Some(why) = refused {
            found.not_run.push((place, why));
            continue;
        }
        let of_banner = |column: &usize| {
            let here = &table.columns[*column];
            here.role == ColumnRole::Group && here.banner == Some(place)
        };
        let columns: Vec<usize> = (0..table.columns.len()).filter(of_banner).collect();
        for row in (0..table.stub.len()).filter(|&row| table.stub[row].role != RowRole::Missing) {
            Compared { table, comparing, banner: place, row }.enter(&mut found, &columns);
        }
    }
    for columns in [&mut found.too_small, &mut found.small] {
        columns.sort_unstable();
        columns.dedup();
    }
    found
}

/// One row of one banner.
#[derive(Clone, Copy)]
struct Compared<'a> {
    table: &'a Table,
    comparing: &'a Comparing,
    banner: usize,
    row: usize,
}

/// What is compared: a column, or those outside one.
struct Side {
    base: Tally,
    share: Option<Group>,
    /// Mean, deviation, number.
    mean: Option<[f64; 3]>,
}

impl Compared<'_> {
    fn enter(self, found: &mut Lettering, columns: &[usize]) {
        let (table, preset) = (self.table, self.comparing.preset);
        let mut large = Vec::new();
        for &column in columns.iter().filter(|&&column| table.is_offered(self.row, column)) {
            let n = table.base(self.row, column).n;
            if n < preset.least_base() {
                found.too_small.push(column);
            } else {
                large.push(column);
                if preset.small_base().is_some_and(|small| n < small) {
                    found.small.push(column);
                }
            }
        }
        let mut family: Vec<Comparison> = Vec::new();
        let mut enter = |left: usize, right: Option<usize>, tested: Option<Tested>| {
            if let Some((statistic, df, p)) = tested {
                family.push(Comparison { row: self.row, left, right, statistic, df, p, adjusted: p });
            }
        };
        for (place, &left) in large.iter().enumerate() {
            let side = self.column(left);
            match self.comparing.against {
                Against::Columns => {
                    for &right in &large[place + 1..] {
                        let sharing = self.sharing(table.joint.shared(self.row, left, right));
                        let other = Other { column: Some(right), side: &self.column(right), sharing };
                        enter(left, Some(right), self.tested(left, &side, &other));
                    }
                }
                Against::Total => {
                    let sharing = Some(Sharing { base: side.base, whole: table.base(self.row, 0).n });
                    let other = Other { column: Some(0), side: &self.column(0), sharing };
                    enter(left, Some(0), self.tested(left, &side, &other));
                }
                Against::Rest => {
                    let rest = self.rest(left).filter(|rest| rest.base.n >= preset.least_base());
                    let tested = rest.and_then(|rest| {
                        self.tested(left, &side, &Other { column: None, side: &rest, sharing: None })
                    });
                    enter(left, None, tested);
                }
            }
        }
        let p: Vec<f64> = family.iter().map(|comparison| comparison.p).collect();
        for (comparison, p) in family.iter_mut().zip(adjusted(&p, self.comparing.correction)) {
            comparison.adjusted = p;
        }
        for &column in &large {
            let letters = family.iter().filter_map(|comparison| match self.comparing.against {
                Against::Columns => letter(table, column, comparison, self.comparing),
                _ => mark(column, comparison, self.comparing),
            });
            let letters: Vec<String> = letters.collect();
            // AA is one column, not twice A.
            let between = if letters.iter().any(|letter| letter.len() > 1) { "," } else { "" };
            found.letters[self.row][column] = letters.join(between);
        }
        found.comparisons.extend(family);
    }

    /// Columns of a banner of several answers share respondents; those of another cannot.
    fn sharing(self, base: Tally) -> Option<Sharing> {
        let banner = &self.table.banners[self.banner];
        let whole = self.table.base(self.row, 0).n - banner.outside[self.row].n;
        banner.overlapping.then_some(Sharing { base, whole })
    }

    fn column(self, column: usize) -> Side {
        let (table, row) = (self.table, self.row);
        let base = table.base(row, column);
        let share = table.cell(row, column).value().map(|cell| Group { cell, base });
        let mean = table.numbers(row, column).value().and_then(|values| self.mean(base, &values));
        Side { base, share, mean }
    }

    /// Everybody given on the banner who is not in the column.
    fn rest(self, column: usize) -> Option<Side> {
        let (table, row) = (self.table, self.row);
        // What is hidden is not to be told by what is left.
        table.cell(row, 0).value()?;
        let (cell, banner) = (table.cell(row, column).value()?, &table.banners[self.banner]);
        let base = table.base(row, 0).without(banner.outside[row]).without(table.base(row, column));
        let share = Some(Group { cell: banner.answered[row].without(cell), base });
        let given = table.joint.given(row, self.banner).zip(table.numbers(row, column).value());
        let mean = given.and_then(|(given, values)| self.mean(base, &given.without(&values)));
        Some(Side { base, share, mean })
    }

    /// Mean, deviation and the number that the preset takes for it.
    fn mean(self, base: Tally, values: &Distribution) -> Option<[f64; 3]> {
        let unit = 10_f64.powi(self.table.number_decimals as i32);
        let n = match self.comparing.preset {
            Preset::Renkei => effective(base),
            Preset::Crunch => base.n as f64,
            Preset::Spss | Preset::Dimensions => return None,
        };
        Some([values.mean()?.to_f64() / unit, values.standard_deviation()? / unit, n])
    }

    fn tested(self, column: usize, left: &Side, other: &Other<'_>) -> Option<Tested> {
        let (table, preset) = (self.table, self.comparing.preset);
        let (right, sharing) = (other.side, other.sharing);
        if preset == Preset::Renkei && table.sample().is_some() {
            return self.under_design(column, left, other);
        }
        if matches!(table.stub[self.row].role, RowRole::Score | RowRole::Number) {
            let shared = match (preset, sharing) {
                (_, None) => 0.0,
                (Preset::Renkei, Some(sharing)) => effective(sharing.base),
                // The program has no comparison of means of columns that share respondents.
                (_, Some(_)) => return None,
            };
            return difference_of_means(left.mean?, right.mean?, shared);
        }
        if table.question.kind == Kind::Number {
            return None;
        }
        let unit = if table.weighted() { 10_f64.powi(table.weight_decimals as i32) } else { 1.0 };
        difference_of_proportions(preset, left.share?, right.share?, sharing, unit)
    }

    /// The difference over its standard error under the sample's design: R survey's `svyttest` of those in either
    /// column; who is in both, or in one cluster, is in the variance.
    fn under_design(self, column: usize, left: &Side, other: &Other<'_>) -> Option<Tested> {
        let measured = matches!(self.table.stub[self.row].role, RowRole::Score | RowRole::Number);
        let value = |side: &Side| match (measured, side.share, side.mean) {
            (true, _, Some([mean, ..])) => Some(mean),
            (false, Some(Group { cell, base }), _) => (base.w > 0).then(|| cell.w as f64 / base.w as f64),
            _ => None,
        };
        let found = self.table.variance_of_difference(self.row, column, other.column)?;
        difference_under_design([value(left)?, value(other.side)?], found)
    }
}

/// What a column is compared with: another one, or the rest; and whom both have.
struct Other<'a> {
    column: Option<usize>,
    side: &'a Side,
    sharing: Option<Sharing>,
}

/// Two waves under their designs: of one table's columns as of any two, which may have clusters in common; of two files
/// the variances add up, and so do the degrees of freedom, as of a sample whose strata are those of both.
fn occasions_under_design(left: Occasion, right: Occasion, row: usize) -> Option<Tested> {
    let measured = matches!(left.table.stub[row].role, RowRole::Score | RowRole::Number);
    let value = |Occasion { table, column }: Occasion| match measured {
        true => table.mean(row, column).value().map(|mean| mean.to_f64()),
        false => table.column_percent(row, column).value().map(|percent| percent.to_f64() / 100.0),
    };
    let values = [value(left)?, value(right)?];
    if std::ptr::eq(left.table, right.table) {
        let found = match left.column < right.column {
            true => left.table.variance_of_difference(row, left.column, Some(right.column))?,
            false => left.table.variance_of_difference(row, right.column, Some(left.column))?,
        };
        return difference_under_design(values, found);
    }
    let [one, other] = [left.table.estimated(row, left.column), right.table.estimated(row, right.column)];
    let (one, other) = (one.value()?, other.value()?);
    let found = Estimated {
        variance: one.variance + other.variance,
        df: one.df + other.df - 1.0,
        n: one.n + other.n,
    };
    difference_under_design(values, found)
}

/// The difference of two values over its standard error, by Student's t.
pub(super) fn difference_under_design([one, other]: [f64; 2], found: Estimated) -> Option<Tested> {
    // What is left where nothing varies is rounding.
    let rounding = 1e-20 * (one * one + other * other);
    if found.df < 1.0 || found.variance.is_nan() || found.variance <= rounding {
        return None;
    }
    let t = (one - other) / found.variance.sqrt();
    Some((t, Some(found.df), t_two_sided(t, found.df)?))
}

/// The letter a comparison puts on a column: of the other one, where this one is larger.
fn letter(table: &Table, column: usize, comparison: &Comparison, comparing: &Comparing) -> Option<String> {
    let smaller = match comparison {
        Comparison { left, right, statistic, .. } if *left == column && *statistic > 0.0 => (*right)?,
        Comparison { left, right, statistic, .. } if *right == Some(column) && *statistic < 0.0 => *left,
        _ => return None,
    };
    let reached = |level: &u32| comparison.adjusted < f64::from(*level) / 10_000.0;
    let letter = &table.columns[smaller].letter;
    match comparing.levels.iter().position(reached)? {
        0 => Some(letter.clone()),
        _ => Some(letter.to_lowercase()),
    }
}

/// The mark of a column that differs from the rest or the Total.
fn mark(column: usize, comparison: &Comparison, comparing: &Comparing) -> Option<String> {
    let reached = |level: &u32| comparison.adjusted < f64::from(*level) / 10_000.0;
    let level = comparing.levels.iter().position(reached).filter(|_| comparison.left == column)?;
    let marks = if comparison.statistic > 0.0 { HIGHER } else { LOWER };
    marks.get(level).map(|mark| (*mark).to_string())
}

/// Two columns of a row, perhaps of tables of different files, as [`difference_of_proportions`] or as means.
pub(super) fn tested(left: Occasion, right: Occasion, row: usize, preset: Preset) -> Option<Tested> {
    if preset == Preset::Renkei && [left, right].iter().all(|occasion| occasion.table.sample().is_some()) {
        return occasions_under_design(left, right, row);
    }
    if matches!(left.table.stub[row].role, RowRole::Score | RowRole::Number) {
        let of = |Occasion { table, column }: Occasion| {
            let base = table.base(row, column);
            let n = match preset {
                Preset::Renkei => base.effective()?.to_f64(),
                Preset::Crunch => base.n as f64,
                Preset::Spss | Preset::Dimensions => return None,
            };
            let deviation = table.standard_deviation(row, column).value()?;
            Some([table.mean(row, column).value()?.to_f64(), deviation, n])
        };
        return difference_of_means(of(left)?, of(right)?, 0.0);
    }
    if left.table.question.kind == Kind::Number {
        return None;
    }
    // Weights of two files may have different decimals.
    let decimals = |table: &Table| if table.weighted() { table.weight_decimals } else { 0 };
    let finest = decimals(left.table).max(decimals(right.table));
    let of = |Occasion { table, column }: Occasion| {
        let unit = 10_i128.checked_pow(finest - decimals(table))?;
        let finer = |tally: Tally| {
            let w2 = tally.w2.checked_mul(unit)?.checked_mul(unit)?;
            Some(Tally { n: tally.n, w: tally.w.checked_mul(unit)?, w2 })
        };
        let cell = finer(table.cell(row, column).value()?)?;
        Some(Group { cell, base: finer(table.base(row, column))? })
    };
    let unit = 10_f64.powi(finest as i32);
    difference_of_proportions(preset, of(left)?, of(right)?, None, unit)
}
