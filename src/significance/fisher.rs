//! Fisher's exact test: by enumeration where the tables are few, else by drawing tables.

use super::{Contingency, NotRun};

/// Steps of the enumeration; a table that takes more is drawn for.
const MOST_STEPS: u64 = 3_000_000;
/// Tables drawn.
pub const DRAWN: u32 = 20_000;
/// The seed of the draws unless another is asked for.
pub const SEED: u64 = 1;
/// Respondents at most when tables are drawn.
const MOST_DRAWN_FOR: u64 = 5_000;
/// Tables as probable as the one seen up to this are counted in, as R does.
const TOLERANCE: f64 = 1e-7;

/// The p-value, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fisher {
    /// Probability of tables at most as probable as the one seen, margins given.
    pub p: f64,
    /// Standard error, when tables were drawn instead of enumerated.
    pub error: Option<f64>,
}

/// Fisher's exact test, two-sided: R `fisher.test`. Where tables are drawn, the same ones for the same seed.
///
/// # Errors
/// With weights; and for more respondents than tables can be drawn for.
pub fn fisher(table: &Contingency, seed: u64) -> Result<Fisher, NotRun> {
    let (columns, counts) = table.counts()?;
    let n = table.n();
    if n > 1_000_000 {
        return Err(NotRun::TooLarge);
    }
    // Columns one after the other, over what is left of the rows: the shorter side is the column.
    let rows = counts.len() / columns;
    let by_column: Vec<Vec<u64>> = match rows <= columns {
        true => (0..columns).map(|c| (0..rows).map(|r| counts[r * columns + c]).collect()).collect(),
        false => counts.chunks(columns).map(<[u64]>::to_vec).collect(),
    };
    let factorials = log_factorials(n);
    let log = |count: u64| factorials[count as usize];
    let left: Vec<u64> =
        (0..by_column[0].len()).map(|r| by_column.iter().map(|column| column[r]).sum()).collect();
    let sizes: Vec<u64> = by_column.iter().map(|column| column.iter().sum()).collect();
    // log P = Σ log margins! − log n! − Σ log cells!
    let constant = left.iter().chain(&sizes).map(|&margin| log(margin)).sum::<f64>() - log(n);
    let seen = constant - by_column.iter().flatten().map(|&cell| log(cell)).sum::<f64>();
    let limit = seen + TOLERANCE;
    let mut walk = Walk { factorials: &factorials, limit, p: 0.0, steps: 0 };
    if walk.columns(&mut left.clone(), &sizes, constant) {
        return Ok(Fisher { p: walk.p.min(1.0), error: None });
    }
    if n > MOST_DRAWN_FOR {
        return Err(NotRun::TooLarge);
    }
    let label = |(row, &count): (usize, &u64)| std::iter::repeat_n(row, count as usize);
    let mut labels: Vec<usize> = left.iter().enumerate().flat_map(label).collect();
    let mut random = Random(seed);
    let mut as_rare = 0_u32;
    for _ in 0..DRAWN {
        for place in (1..labels.len()).rev() {
            labels.swap(place, random.below(place as u64 + 1) as usize);
        }
        let (mut start, mut drawn) = (0, constant);
        for &size in &sizes {
            let mut cells = vec![0_u64; left.len()];
            labels[start..start + size as usize].iter().for_each(|&row| cells[row] += 1);
            drawn -= cells.iter().map(|&cell| log(cell)).sum::<f64>();
            start += size as usize;
        }
        as_rare += u32::from(drawn <= limit);
    }
    // The table seen is one of those drawn: p is never 0 (R's simulate.p.value).
    let p = f64::from(as_rare + 1) / f64::from(DRAWN + 1);
    Ok(Fisher { p, error: Some((p * (1.0 - p) / f64::from(DRAWN)).sqrt()) })
}

fn log_factorials(n: u64) -> Vec<f64> {
    let mut logs = vec![0.0; n as usize + 1];
    for k in 1..logs.len() {
        logs[k] = logs[k - 1] + (k as f64).ln();
    }
    logs
}

struct Walk<'a> {
    factorials: &'a [f64],
    limit: f64,
    p: f64,
    steps: u64,
}

impl Walk<'_> {
    /// Every way to fill these columns from what is left of the rows; false when they are too many.
    fn columns(&mut self, left: &mut [u64], sizes: &[u64], log: f64) -> bool {
        match sizes {
            [] => true,
            [_] => {
                // The last column is what is left.
                let log = log - left.iter().map(|&cell| self.factorials[cell as usize]).sum::<f64>();
                if log <= self.limit {
                    self.p += log.exp();
                }
                self.steps += 1;
                self.steps <= MOST_STEPS
            }
            [size, rest @ ..] => self.cells(left, 0, *size, rest, log),
        }
    }

    /// Every way to put `size` into this column from row `row` on.
    fn cells(&mut self, left: &mut [u64], row: usize, size: u64, rest: &[u64], log: f64) -> bool {
        if row + 1 == left.len() {
            if size > left[row] {
                return true;
            }
            left[row] -= size;
            let done = self.columns(left, rest, log - self.factorials[size as usize]);
            left[row] += size;
            return done;
        }
        let below: u64 = left[row + 1..].iter().sum();
        for cell in size.saturating_sub(below)..=size.min(left[row]) {
            left[row] -= cell;
            let done = self.cells(left, row + 1, size - cell, rest, log - self.factorials[cell as usize]);
            left[row] += cell;
            if !done {
                return false;
            }
        }
        true
    }
}

/// SplitMix64: the same draws everywhere and always.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `limit`; the bias of 2^-64 times a few thousand is nothing here.
    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabulate::Tally;

    /// R 4.2.2, 2026-11-20: `fisher.test(matrix(c(20,11,14,9, 12,18,15,10, 9,14,20,16), 4), workspace = 2e8)`
    /// gives 0.149580218471091.
    #[test]
    fn a_table_too_large_to_enumerate_is_drawn_for_and_says_so() {
        let rows = [[20, 12, 9], [11, 18, 14], [14, 15, 20], [9, 10, 16]];
        let cell = |n: &u64| Tally { n: *n, w: i128::from(*n), w2: i128::from(*n) };
        let cells: Vec<Vec<Tally>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let found = fisher(&Contingency::new(&cells, false).expect("a table"), SEED).expect("a test");
        let error = found.error.expect("drawn, not enumerated");
        assert!((found.p - 0.149_580_218_471_091).abs() < 4.0 * error && error < 0.005, "{found:?}");
    }
}
