//! Comparisons between the columns of a banner, and the letters that tell them.

use super::{Comparing, NotRun, Occasion, Preset, adjusted};
use crate::schema::Kind;
use crate::stats::{normal_two_sided, t_two_sided};
use crate::tabulate::{ColumnRole, NumberMeasure, RowRole, Table, Tally};

/// One column's share: those who gave the answer, of those who could have.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Who gave the answer.
    pub cell: Tally,
    /// Who could have.
    pub base: Tally,
}

/// Two columns compared in one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Row of the table.
    pub row: usize,
    /// Column of the table.
    pub left: usize,
    /// A later column of the same banner.
    pub right: usize,
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
    /// By row and column, the letters of the columns that this one is larger than.
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

/// Statistic, degrees of freedom (`None`: normal), two-sided p.
pub(super) type Tested = (f64, Option<f64>, f64);

/// The difference of two columns' shares as (statistic, degrees of freedom, two-sided p) by a preset's
/// definition; `shared` is the base of respondents in both columns, `unit` what a weight of 1 is
/// in tallies. `None` where the definition leaves it out.
pub fn difference_of_proportions(
    preset: Preset,
    left: Group,
    right: Group,
    shared: Tally,
    unit: f64,
) -> Option<Tested> {
    let share = |group: &Group| (group.base.w > 0).then(|| group.cell.w as f64 / group.base.w as f64);
    let (p1, p2) = (share(&left)?, share(&right)?);
    let weight = |tally: Tally| tally.w as f64 / unit;
    let effective = |tally: Tally| tally.effective().map_or(0.0, |ratio| ratio.to_f64());
    let pooled = |p: f64, [n1, n2, both]: [f64; 3]| {
        (p1 - p2) / (p * (1.0 - p) * (1.0 / n1 + 1.0 / n2 - 2.0 * both / (n1 * n2))).sqrt()
    };
    let of_counts = (left.cell.w + right.cell.w) as f64 / (left.base.w + right.base.w) as f64;
    let bases = |of: &dyn Fn(Tally) -> f64| [of(left.base), of(right.base), of(shared)];
    match preset {
        Preset::Spss => {
            // CTABLES leaves out columns of 0 % and 100 %.
            if [p1, p2].iter().any(|p| *p <= 0.0 || *p >= 1.0) {
                return None;
            }
            let z = pooled(of_counts, bases(&weight));
            Some((z, None, normal_two_sided(z)?))
        }
        Preset::Dimensions | Preset::Renkei => {
            let [e1, e2, e0] = bases(&effective);
            let p = match preset {
                Preset::Renkei => (e1 * p1 + e2 * p2) / (e1 + e2),
                _ => of_counts,
            };
            let (t, df) = (pooled(p, [e1, e2, e0]), e1 + e2 - e0 - 2.0);
            Some((t, Some(df), t_two_sided(t, df)?))
        }
        Preset::Crunch => {
            let [n1, n2, both] = bases(&effective);
            if both > 0.0 {
                return None;
            }
            let t = (p1 - p2) / (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2).sqrt();
            let df = n1 + n2 - 2.0;
            Some((t, Some(df), t_two_sided(t, df)?))
        }
    }
}

/// Welch's test of two means, each with its deviation and number.
fn welch([m1, s1, n1]: [f64; 3], [m2, s2, n2]: [f64; 3]) -> Option<Tested> {
    let (v1, v2) = (s1 * s1 / n1, s2 * s2 / n2);
    let t = (m1 - m2) / (v1 + v2).sqrt();
    let df = (v1 + v2) * (v1 + v2) / (v1 * v1 / (n1 - 1.0) + v2 * v2 / (n2 - 1.0));
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
        if banner.overlapping {
            found.not_run.push((place, NotRun::Overlap));
            continue;
        }
        let of_banner = |column: &usize| {
            let here = &table.columns[*column];
            here.role == ColumnRole::Group && here.banner == Some(place)
        };
        let columns: Vec<usize> = (0..table.columns.len()).filter(of_banner).collect();
        for row in (0..table.stub.len()).filter(|&row| table.stub[row].role != RowRole::Missing) {
            found.row(table, row, &columns, comparing);
        }
    }
    for columns in [&mut found.too_small, &mut found.small] {
        columns.sort_unstable();
        columns.dedup();
    }
    found
}

impl Lettering {
    fn row(&mut self, table: &Table, row: usize, columns: &[usize], comparing: &Comparing) {
        let preset = comparing.preset;
        let mut large = Vec::new();
        for &column in columns.iter().filter(|&&column| table.is_offered(row, column)) {
            let n = table.base(row, column).n;
            if n < preset.least_base() {
                self.too_small.push(column);
            } else {
                large.push(column);
                if preset.small_base().is_some_and(|small| n < small) {
                    self.small.push(column);
                }
            }
        }
        let mut family: Vec<Comparison> = Vec::new();
        for (place, &left) in large.iter().enumerate() {
            for &right in &large[place + 1..] {
                let of = |column: usize| Occasion { table, column };
                if let Some((statistic, df, p)) = tested(of(left), of(right), row, preset) {
                    family.push(Comparison { row, left, right, statistic, df, p, adjusted: p });
                }
            }
        }
        let p: Vec<f64> = family.iter().map(|comparison| comparison.p).collect();
        for (comparison, p) in family.iter_mut().zip(adjusted(&p, comparing.correction)) {
            comparison.adjusted = p;
        }
        for &column in &large {
            let letters = family.iter().filter_map(|comparison| letter(table, column, comparison, comparing));
            let letters: Vec<String> = letters.collect();
            // AA is one column, not twice A.
            let between = if letters.iter().any(|letter| letter.len() > 1) { "," } else { "" };
            self.letters[row][column] = letters.join(between);
        }
        self.comparisons.extend(family);
    }
}

/// The letter a comparison puts on a column: of the other one, where this one is larger.
fn letter(table: &Table, column: usize, comparison: &Comparison, comparing: &Comparing) -> Option<String> {
    let smaller = match comparison {
        Comparison { left, right, statistic, .. } if *left == column && *statistic > 0.0 => *right,
        Comparison { left, right, statistic, .. } if *right == column && *statistic < 0.0 => *left,
        _ => return None,
    };
    let reached = |level: &u32| comparison.adjusted < f64::from(*level) / 10_000.0;
    let letter = &table.columns[smaller].letter;
    match comparing.levels.iter().position(reached)? {
        0 => Some(letter.clone()),
        _ => Some(letter.to_lowercase()),
    }
}

/// Two columns of a row, perhaps of tables of different files, as [`difference_of_proportions`] or as means.
pub(super) fn tested(left: Occasion, right: Occasion, row: usize, preset: Preset) -> Option<Tested> {
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
        return welch(of(left)?, of(right)?);
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
    difference_of_proportions(preset, of(left)?, of(right)?, Tally::default(), unit)
}
