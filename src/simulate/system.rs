//! Whole numbers, none below zero, that satisfy sums: what a question's targets ask of the numbers of
//! respondents with each answer in each group.
//!
//! Solved exactly. First numbers near a plausible start are sought: the start rounded down is kept, and
//! only what is missing is solved for. Where that cannot be, the whole is solved, which also proves that
//! nothing satisfies all rows. The method is the first phase of the simplex with integer pivots (Edmonds;
//! every entry stays a determinant, so nothing is rounded) and branching where a number is not whole. With
//! margins, crosses and nets within nets the rows are those of a network, and no branching is needed.

/// A sum of variables that must be within limits.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Variables and how often each counts.
    pub(super) terms: Vec<(usize, i64)>,
    /// The least the sum may be; `None`: no limit.
    pub(super) low: Option<i64>,
    /// The most it may be.
    pub(super) high: Option<i64>,
}

/// Why there are no numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsolved {
    /// Nothing satisfies all rows.
    Impossible,
    /// More than this program tries.
    TooHard,
}

/// Entries of a tableau that still fit the machine and the user's patience.
const MOST_ENTRIES: usize = 6_000_000;
/// Steps before one gives up.
const MOST_STEPS: usize = 20_000;
/// Branches before one gives up.
const MOST_BRANCHES: usize = 300;

/// The rows of some variables.
#[derive(Debug, Clone, Default)]
pub(super) struct System {
    pub(super) variables: usize,
    pub(super) rows: Vec<Row>,
}

impl System {
    /// A new variable.
    pub(super) fn variable(&mut self) -> usize {
        self.variables += 1;
        self.variables - 1
    }

    /// The sum is exactly this.
    pub(super) fn exactly(&mut self, terms: Vec<(usize, i64)>, sum: i64) {
        self.rows.push(Row { terms, low: Some(sum), high: Some(sum) });
    }

    /// The sum is at most this.
    pub(super) fn at_most(&mut self, terms: Vec<(usize, i64)>, sum: i64) {
        self.rows.push(Row { terms, low: None, high: Some(sum) });
    }

    /// Numbers near the start, or any, or why there are none.
    pub(super) fn solve(&self, start: &[f64]) -> Result<Vec<i64>, Unsolved> {
        let start = self.fitted(start);
        for share in [1.0, 0.97, 0.9, 0.7, 0.4] {
            let base: Vec<i64> = start.iter().map(|value| (value * share + 1e-9).floor() as i64).collect();
            if let Ok(more) = self.above(&base) {
                return Ok(base.iter().zip(more).map(|(base, more)| base + more).collect());
            }
        }
        self.any()
    }

    /// Any numbers that satisfy the rows.
    pub(super) fn any(&self) -> Result<Vec<i64>, Unsolved> {
        self.above(&vec![0; self.variables])
    }

    /// How much to add to a base.
    fn above(&self, base: &[i64]) -> Result<Vec<i64>, Unsolved> {
        let rows = self.rows.iter().map(|row| {
            let sum: i64 = row.terms.iter().map(|&(variable, times)| base[variable] * times).sum();
            Row {
                terms: row.terms.clone(),
                low: row.low.map(|low| low - sum),
                high: row.high.map(|high| high - sum),
            }
        });
        whole(self.variables, rows.collect(), &mut 0)
    }

    /// The start brought near the rows by scaling the variables of each in turn (iterative proportional
    /// fitting); rows in which something is taken off are left to the exact part. Plain sums, products and
    /// quotients only, which are the same on every machine.
    fn fitted(&self, start: &[f64]) -> Vec<f64> {
        let mut fitted = start.to_vec();
        let plain: Vec<&Row> =
            self.rows.iter().filter(|row| row.terms.iter().all(|(_, times)| *times == 1)).collect();
        for _ in 0..100 {
            let mut farthest = 0.0_f64;
            for row in &plain {
                let sum: f64 = row.terms.iter().map(|&(variable, _)| fitted[variable]).sum();
                let low = row.low.map_or(sum, |low| sum.max(low as f64));
                let wanted = row.high.map_or(low, |high| low.min(high as f64));
                if sum > 0.0 && wanted != sum {
                    farthest = farthest.max((wanted - sum).abs());
                    row.terms.iter().for_each(|&(variable, _)| fitted[variable] *= wanted / sum);
                }
            }
            if farthest < 1e-7 {
                break;
            }
        }
        fitted
    }
}

/// Whole numbers that satisfy the rows; branches where the simplex finds a fraction.
fn whole(variables: usize, rows: Vec<Row>, branches: &mut usize) -> Result<Vec<i64>, Unsolved> {
    let (values, unit) = Tableau::new(variables, &rows)?.solve()?;
    let Some(fraction) = values.iter().position(|value| value % unit != 0) else {
        return Ok(values.iter().map(|value| value / unit).collect());
    };
    *branches += 1;
    if *branches > MOST_BRANCHES {
        return Err(Unsolved::TooHard);
    }
    let below = values[fraction].div_euclid(unit);
    let limits = [(None, Some(below)), (Some(below + 1), None)];
    let mut verdict = Unsolved::Impossible;
    for (low, high) in limits {
        let mut rows = rows.clone();
        rows.push(Row { terms: vec![(fraction, 1)], low, high });
        match whole(variables, rows, branches) {
            Err(Unsolved::Impossible) => {}
            Err(Unsolved::TooHard) => verdict = Unsolved::TooHard,
            found => return found,
        }
    }
    Err(verdict)
}

/// The equations in the form of the simplex: each row has a variable of its own, the basis.
struct Tableau {
    variables: usize,
    /// Coefficients, last the right side; all in units of `1 / unit`.
    rows: Vec<Vec<i64>>,
    /// The variable of each row; `usize::MAX` for one that only stands in until a real one is found.
    basis: Vec<usize>,
    /// What is to become zero: the sum of the rows with a stand-in.
    lack: Vec<i64>,
    unit: i64,
}

const STAND_IN: usize = usize::MAX;

impl Tableau {
    fn new(variables: usize, rows: &[Row]) -> Result<Tableau, Unsolved> {
        // A row with two different limits is two equations, each with a variable for the distance.
        let mut equations: Vec<(&Row, i64, i64)> = Vec::new();
        for row in rows {
            match (row.low, row.high) {
                (Some(low), Some(high)) if low == high => equations.push((row, low, 0)),
                (low, high) => {
                    equations.extend(low.map(|low| (row, low, -1)));
                    equations.extend(high.map(|high| (row, high, 1)));
                }
            }
        }
        let distances = equations.iter().filter(|(_, _, distance)| *distance != 0).count();
        let width = variables + distances + 1;
        if width * (equations.len() + 1) > MOST_ENTRIES {
            return Err(Unsolved::TooHard);
        }
        let mut tableau =
            Tableau { variables, rows: Vec::new(), basis: Vec::new(), lack: vec![0; width], unit: 1 };
        let mut next = variables;
        for (row, limit, distance) in equations {
            let mut cells = vec![0; width];
            row.terms.iter().for_each(|&(variable, times)| cells[variable] += times);
            cells[width - 1] = limit;
            let own = (distance != 0).then(|| {
                cells[next] = distance;
                next += 1;
                next - 1
            });
            if limit < 0 {
                cells.iter_mut().for_each(|cell| *cell = -*cell);
            }
            let basis = own.filter(|&own| cells[own] == 1).unwrap_or(STAND_IN);
            if basis == STAND_IN {
                tableau.lack.iter_mut().zip(&cells).for_each(|(lack, cell)| *lack += cell);
            }
            tableau.rows.push(cells);
            tableau.basis.push(basis);
        }
        Ok(tableau)
    }

    /// The variables and the unit they are counted in.
    fn solve(mut self) -> Result<(Vec<i64>, i64), Unsolved> {
        let last = self.lack.len() - 1;
        for step in 0.. {
            if self.lack[last] == 0 {
                break;
            }
            if step > MOST_STEPS {
                return Err(Unsolved::TooHard);
            }
            // The greatest gain is fastest; the first gain (Bland) cannot go round in circles.
            let gains = (0..last).filter(|&column| self.lack[column] > 0);
            let entering = match step < MOST_STEPS / 4 {
                true => gains.max_by_key(|&column| (self.lack[column], last - column)),
                false => gains.min(),
            };
            let Some(entering) = entering else { return Err(Unsolved::Impossible) };
            let leaving =
                (0..self.rows.len()).filter(|&row| self.rows[row][entering] > 0).min_by(|&a, &b| {
                    let (one, other) = (&self.rows[a], &self.rows[b]);
                    let left = i128::from(one[last]) * i128::from(other[entering]);
                    let right = i128::from(other[last]) * i128::from(one[entering]);
                    let order = |row: usize| (self.basis[row] != STAND_IN, self.basis[row]);
                    left.cmp(&right).then(order(a).cmp(&order(b)))
                });
            let Some(leaving) = leaving else { return Err(Unsolved::Impossible) };
            self.pivot(leaving, entering)?;
        }
        let mut values = vec![0; self.variables];
        for (row, &variable) in self.rows.iter().zip(&self.basis) {
            if variable < self.variables {
                values[variable] = row[last];
            }
        }
        Ok((values, self.unit))
    }

    fn pivot(&mut self, leaving: usize, entering: usize) -> Result<(), Unsolved> {
        let chosen = self.rows[leaving].clone();
        let (pivot, unit) = (chosen[entering], self.unit);
        let others = self.rows.iter_mut().enumerate().filter(|(row, _)| *row != leaving);
        for cells in others.map(|(_, cells)| cells) {
            combine(cells, &chosen, entering, pivot, unit)?;
        }
        combine(&mut self.lack, &chosen, entering, pivot, unit)?;
        self.unit = pivot;
        self.basis[leaving] = entering;
        Ok(())
    }
}

/// Takes the chosen row off another so that the entering variable leaves it.
fn combine(
    cells: &mut [i64],
    chosen: &[i64],
    entering: usize,
    pivot: i64,
    unit: i64,
) -> Result<(), Unsolved> {
    let factor = cells[entering];
    if factor == 0 && pivot == unit {
        return Ok(());
    }
    if unit == 1 && pivot == 1 && (factor == 1 || factor == -1) {
        for (cell, chosen) in cells.iter_mut().zip(chosen) {
            *cell = cell.checked_sub(factor * chosen).ok_or(Unsolved::TooHard)?;
        }
        return Ok(());
    }
    let (wide_pivot, wide_factor) = (i128::from(pivot), i128::from(factor));
    for (cell, chosen) in cells.iter_mut().zip(chosen) {
        let value = i128::from(*cell) * wide_pivot - wide_factor * i128::from(*chosen);
        *cell = i64::try_from(value / i128::from(unit)).map_err(|_| Unsolved::TooHard)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(variables: &[usize], low: i64, high: i64) -> Row {
        Row { terms: variables.iter().map(|&v| (v, 1)).collect(), low: Some(low), high: Some(high) }
    }

    #[test]
    fn margins_of_a_cross_are_met_near_the_start() {
        // Two groups of 30 and 70, two answers, of which the first has 45 and 20 within the first group.
        let system = System {
            variables: 4,
            rows: vec![row(&[0, 1], 30, 30), row(&[2, 3], 70, 70), row(&[0, 2], 45, 45), row(&[0], 20, 20)],
        };
        assert_eq!(system.solve(&[15.0, 15.0, 35.0, 35.0]), Ok(vec![20, 10, 25, 45]));
    }

    #[test]
    fn what_contradicts_is_impossible() {
        let system = System { variables: 2, rows: vec![row(&[0, 1], 10, 10), row(&[0], 11, 20)] };
        assert_eq!(system.solve(&[5.0, 5.0]), Err(Unsolved::Impossible));
        // Twice a whole number is not 3.
        let odd =
            System { variables: 1, rows: vec![Row { terms: vec![(0, 2)], low: Some(3), high: Some(3) }] };
        assert_eq!(odd.solve(&[1.0]), Err(Unsolved::Impossible));
    }

    #[test]
    fn a_fraction_is_branched_away() {
        // Three pairs of three variables: each pair sums to 1 or 2; all to 2. The middle is fractional.
        let system = System {
            variables: 3,
            rows: vec![row(&[0, 1], 1, 1), row(&[1, 2], 1, 1), row(&[0, 1, 2], 2, 2)],
        };
        assert_eq!(system.any(), Ok(vec![1, 0, 1]));
    }
}
