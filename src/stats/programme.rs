//! Linear programmes: the most that a sum can be where equations and bounds hold.
//!
//! Primal simplex with bounded variables (Dantzig's rule, Bland's once it stalls) on a dense inverse of the
//! basis. Systems here have some hundreds of equations with few entries, all of them small integers; a
//! library would bring a matrix package for that.

/// Numbers closer to zero are zero.
const EPSILON: f64 = 1e-9;
/// What is left of a difference of equal numbers.
const TINY: f64 = 1e-12;
/// Steps after which the inverse is made anew.
const REFRESH: usize = 250;

/// Where a variable stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// In the basis, in this row.
    Basic(usize),
    Lower,
    Upper,
}

/// Variables with bounds, and equations over them.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Entries by variable: (equation, coefficient). The last ones are one for each equation, and zero.
    columns: Vec<Vec<(usize, f64)>>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    right: Vec<f64>,
    standing: Vec<Standing>,
    basis: Vec<usize>,
    /// By equation and row of the basis: what a step needs lies side by side.
    inverse: Vec<f64>,
    /// What each equation is worth for the sum that is looked at.
    prices: Vec<f64>,
    values: Vec<f64>,
    variables: usize,
    steps: usize,
}

impl Programme {
    /// A programme of `right.len()` equations; a variable has its entries, its least and its greatest value.
    /// Least values are finite.
    pub fn new(columns: Vec<Vec<(usize, f64)>>, bounds: &[(f64, f64)], right: Vec<f64>) -> Programme {
        let (variables, rows) = (columns.len(), right.len());
        let mut programme = Programme {
            columns,
            lower: bounds.iter().map(|bound| bound.0).collect(),
            upper: bounds.iter().map(|bound| bound.1).collect(),
            right,
            standing: vec![Standing::Lower; variables],
            basis: Vec::with_capacity(rows),
            inverse: vec![0.0; rows * rows],
            prices: vec![0.0; rows],
            values: vec![0.0; rows],
            variables,
            steps: 0,
        };
        let mut left = programme.right.clone();
        for (column, lower) in programme.columns.iter().zip(&programme.lower) {
            column.iter().for_each(|&(row, entry)| left[row] -= entry * lower);
        }
        for (row, &left) in left.iter().enumerate() {
            // What is missing of an equation, to be driven to zero.
            let sign = if left < 0.0 { -1.0 } else { 1.0 };
            programme.columns.push(vec![(row, sign)]);
            programme.lower.push(0.0);
            programme.upper.push(f64::INFINITY);
            programme.standing.push(Standing::Basic(row));
            programme.basis.push(variables + row);
            programme.inverse[row * rows + row] = sign;
            programme.values[row] = left.abs();
        }
        programme
    }

    /// Finds values that all equations and bounds allow; whether there are any.
    pub fn is_feasible(&mut self) -> bool {
        let rows = self.right.len();
        if self.values.iter().any(|value| *value > EPSILON) {
            let lacking: Vec<(usize, f64)> = (0..rows).map(|row| (self.variables + row, -1.0)).collect();
            match self.maximise(&lacking) {
                Some(most) if most > -1e-6 => {}
                _ => return false,
            }
        }
        (0..rows).for_each(|row| self.upper[self.variables + row] = 0.0);
        true
    }

    /// The most that a sum of (variable, coefficient) can be, from where the variables stand now; `None`
    /// where it has no limit or was not found.
    pub fn maximise(&mut self, sum: &[(usize, f64)]) -> Option<f64> {
        let mut weights = vec![0.0; self.columns.len()];
        sum.iter().for_each(|&(variable, weight)| weights[variable] += weight);
        let rows = self.right.len();
        // Steps without progress after which Bland's rule takes over: at first every equation has to be met.
        let patience = 4 * rows + 60;
        let (mut stalled, limit) = (0, 60 * (rows + 100));
        self.price(&weights);
        for _ in 0..limit {
            let mut entering = self.entering(&weights, stalled > patience);
            if entering.is_none() {
                // Prices that went along with the steps are a little wrong after many.
                self.price(&weights);
                entering = self.entering(&weights, stalled > patience);
            }
            let Some(entering) = entering else {
                return Some(sum.iter().map(|&(variable, weight)| weight * self.value(variable)).sum());
            };
            let moved = self.step(entering, &weights, stalled > patience)?;
            stalled = if moved > EPSILON { 0 } else { stalled + 1 };
        }
        None
    }

    /// What a variable is now.
    pub fn value(&self, variable: usize) -> f64 {
        match self.standing[variable] {
            Standing::Basic(row) => self.values[row],
            Standing::Lower => self.lower[variable],
            Standing::Upper => self.upper[variable],
        }
    }

    /// Reckons the prices of the equations anew.
    fn price(&mut self, weights: &[f64]) {
        let rows = self.right.len();
        let basic = self.basis.iter().enumerate().map(|(row, &basic)| (row, weights[basic]));
        let basic: Vec<(usize, f64)> = basic.filter(|(_, weight)| *weight != 0.0).collect();
        for (price, column) in self.prices.iter_mut().zip(self.inverse.chunks_exact(rows.max(1))) {
            *price = basic.iter().map(|&(row, weight)| weight * column[row]).sum();
        }
    }

    /// What a variable adds to the sum for each unit that it grows.
    fn gain(&self, variable: usize, weights: &[f64]) -> f64 {
        let entries = self.columns[variable].iter();
        weights[variable] - entries.map(|&(row, entry)| self.prices[row] * entry).sum::<f64>()
    }

    /// The variable to change, and whether upwards.
    fn entering(&self, weights: &[f64], first: bool) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64, f64)> = None;
        for variable in 0..self.columns.len() {
            let upwards = match self.standing[variable] {
                Standing::Basic(_) => continue,
                _ if self.upper[variable] - self.lower[variable] < EPSILON => continue,
                Standing::Lower => 1.0,
                Standing::Upper => -1.0,
            };
            let gain = upwards * self.gain(variable, weights);
            if gain > 1e-7 && best.is_none_or(|(_, _, most)| gain > most) {
                best = Some((variable, upwards, gain));
                if first {
                    break;
                }
            }
        }
        best.map(|(variable, upwards, _)| (variable, upwards))
    }

    /// Changes a variable as far as the others allow; how far.
    fn step(&mut self, (entering, upwards): (usize, f64), weights: &[f64], first: bool) -> Option<f64> {
        let change = self.change(entering);
        let mut furthest = self.upper[entering] - self.lower[entering];
        let mut leaving: Option<(usize, Standing)> = None;
        for (row, &change) in change.iter().enumerate() {
            let falls = upwards * change;
            let basic = self.basis[row];
            let (room, standing) = match () {
                () if falls > EPSILON => ((self.values[row] - self.lower[basic]) / falls, Standing::Lower),
                () if falls < -EPSILON => ((self.upper[basic] - self.values[row]) / -falls, Standing::Upper),
                () => continue,
            };
            let room = room.max(0.0);
            let tied = leaving.is_some_and(|(known, _)| {
                (room - furthest).abs() <= EPSILON
                    && match first {
                        true => basic < self.basis[known],
                        // What is only lacking of an equation leaves for good.
                        false => {
                            let lacking = |variable: usize| variable >= self.variables;
                            let other = self.change_of(known, &self.columns[entering]).abs();
                            (lacking(basic), change.abs()) > (lacking(self.basis[known]), other)
                        }
                    }
            });
            if room < furthest - EPSILON || tied {
                furthest = room.min(furthest);
                leaving = Some((row, standing));
            }
        }
        if furthest.is_infinite() {
            return None;
        }
        let moved = upwards * furthest;
        for (value, change) in self.values.iter_mut().zip(&change) {
            *value -= moved * change;
        }
        let Some((row, standing)) = leaving else {
            self.standing[entering] = if upwards > 0.0 { Standing::Upper } else { Standing::Lower };
            return Some(furthest);
        };
        let value = self.value(entering) + moved;
        self.standing[self.basis[row]] = standing;
        self.standing[entering] = Standing::Basic(row);
        self.basis[row] = entering;
        self.values[row] = value;
        let gain = self.gain(entering, weights);
        for (at, entry) in pivot(&mut self.inverse, row, &change) {
            self.prices[at] += gain * entry;
        }
        self.steps += 1;
        if self.steps.is_multiple_of(REFRESH) {
            self.refresh();
            self.price(weights);
        }
        Some(furthest)
    }

    /// What each row of the basis loses for each unit that a variable grows.
    fn change(&self, variable: usize) -> Vec<f64> {
        let rows = self.right.len();
        let mut change = vec![0.0; rows];
        for &(at, entry) in &self.columns[variable] {
            let column = &self.inverse[at * rows..(at + 1) * rows];
            change.iter_mut().zip(column).for_each(|(change, own)| *change += entry * own);
        }
        change
    }

    fn change_of(&self, row: usize, column: &[(usize, f64)]) -> f64 {
        let rows = self.right.len();
        column.iter().map(|&(at, entry)| entry * self.inverse[at * rows + row]).sum()
    }

    /// Makes the inverse and the values anew from the basis: errors of many steps do not add up.
    fn refresh(&mut self) {
        let rows = self.right.len();
        let (known, basis) = (self.inverse.clone(), self.basis.clone());
        self.inverse.fill(0.0);
        (0..rows).for_each(|row| self.inverse[row * rows + row] = 1.0);
        // Those in few equations first: they leave the inverse as sparse as it can be.
        let mut variables = basis.clone();
        variables.sort_by_key(|&variable| self.columns[variable].len());
        let mut free = vec![true; rows];
        for variable in variables {
            let change = self.change(variable);
            let open = (0..rows).filter(|&row| free[row]);
            let best = open.max_by(|&one, &other| change[one].abs().total_cmp(&change[other].abs()));
            match best.filter(|&best| change[best].abs() > EPSILON) {
                Some(best) => {
                    free[best] = false;
                    self.basis[best] = variable;
                    pivot(&mut self.inverse, best, &change);
                }
                // Keep what there is: it is no worse than before.
                None => {
                    (self.inverse, self.basis) = (known, basis);
                    return;
                }
            }
        }
        for (row, &variable) in self.basis.iter().enumerate() {
            self.standing[variable] = Standing::Basic(row);
        }
        let mut left = self.right.clone();
        for (variable, column) in self.columns.iter().enumerate() {
            if !matches!(self.standing[variable], Standing::Basic(_)) {
                let value = self.value(variable);
                column.iter().for_each(|&(row, entry)| left[row] -= entry * value);
            }
        }
        self.values.fill(0.0);
        for (column, left) in
            self.inverse.chunks_exact(rows.max(1)).zip(left).filter(|(_, left)| *left != 0.0)
        {
            self.values.iter_mut().zip(column).for_each(|(value, entry)| *value += entry * left);
        }
    }
}

/// Puts a variable into a row of the basis, by what it changes; gives the entries of that row.
fn pivot(inverse: &mut [f64], row: usize, change: &[f64]) -> Vec<(usize, f64)> {
    let others = change.iter().copied().enumerate();
    let others: Vec<(usize, f64)> =
        others.filter(|&(other, factor)| other != row && factor.abs() > TINY).collect();
    let mut entries = Vec::new();
    for (at, column) in inverse.chunks_exact_mut(change.len()).enumerate() {
        if column[row].abs() < TINY {
            column[row] = 0.0;
            continue;
        }
        column[row] /= change[row];
        let entry = column[row];
        others.iter().for_each(|&(other, factor)| column[other] -= factor * entry);
        entries.push((at, entry));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows and three columns with their sums, one cell known: what the others can be.
    #[test]
    fn a_table_with_known_sums_leaves_each_cell_its_range() {
        // a b c | 10; d e f | 20; sums 9 12 9; each cell at least 0.
        let columns = (0..6).map(|cell| vec![(cell / 3, 1.0), (2 + cell % 3, 1.0)]).collect();
        let right = vec![10.0, 20.0, 9.0, 12.0, 9.0];
        let mut programme = Programme::new(columns, &[(0.0, f64::INFINITY); 6], right);
        assert!(programme.is_feasible());
        assert!((programme.maximise(&[(0, 1.0)]).unwrap() - 9.0).abs() < 1e-9);
        assert!((programme.maximise(&[(1, 1.0)]).unwrap() - 10.0).abs() < 1e-9);
        assert!((programme.maximise(&[(4, -1.0)]).unwrap() + 2.0).abs() < 1e-9);
    }

    #[test]
    fn sums_that_contradict_each_other_have_no_values() {
        let columns = vec![vec![(0, 1.0), (1, 1.0)], vec![(0, 1.0), (1, 1.0)]];
        assert!(!Programme::new(columns, &[(0.0, 5.0); 2], vec![3.0, 4.0]).is_feasible());
    }

    #[test]
    fn what_has_no_limit_is_told() {
        let mut programme =
            Programme::new(vec![vec![(0, 1.0)], vec![(0, -1.0)]], &[(0.0, f64::INFINITY); 2], vec![0.0]);
        assert!(programme.is_feasible());
        assert_eq!(programme.maximise(&[(0, 1.0)]), None);
    }
}
