//! Linear programmes: the most that a sum can be where equations and bounds hold.
//!
//! Primal simplex with bounded variables (Dantzig's rule, Bland's once it stalls) on a dense inverse of the
//! basis. Systems here have some hundreds of equations with few entries, all of them small integers; a
//! library would bring a matrix package for that.

/// Numbers closer to zero are zero.
const EPSILON: f64 = 1e-9;
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
    inverse: Vec<f64>,
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
        for _ in 0..limit {
            let Some(entering) = self.entering(&weights, stalled > patience) else {
                return Some(sum.iter().map(|&(variable, weight)| weight * self.value(variable)).sum());
            };
            let moved = self.step(entering, stalled > patience)?;
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

    /// The variable to change, and whether upwards.
    fn entering(&self, weights: &[f64], first: bool) -> Option<(usize, f64)> {
        let rows = self.right.len();
        let mut prices = vec![0.0; rows];
        for (row, &basic) in self.basis.iter().enumerate() {
            let weight = weights[basic];
            if weight != 0.0 {
                let inverse = &self.inverse[row * rows..(row + 1) * rows];
                prices.iter_mut().zip(inverse).for_each(|(price, entry)| *price += weight * entry);
            }
        }
        let mut best: Option<(usize, f64, f64)> = None;
        for (variable, column) in self.columns.iter().enumerate() {
            let upwards = match self.standing[variable] {
                Standing::Basic(_) => continue,
                _ if self.upper[variable] - self.lower[variable] < EPSILON => continue,
                Standing::Lower => 1.0,
                Standing::Upper => -1.0,
            };
            let price: f64 = column.iter().map(|&(row, entry)| prices[row] * entry).sum();
            let gain = upwards * (weights[variable] - price);
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
    fn step(&mut self, (entering, upwards): (usize, f64), first: bool) -> Option<f64> {
        let rows = self.right.len();
        let mut change = vec![0.0; rows];
        for &(at, entry) in &self.columns[entering] {
            for (row, change) in change.iter_mut().enumerate() {
                *change += entry * self.inverse[row * rows + at];
            }
        }
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
        self.pivot(row, &change);
        self.steps += 1;
        if self.steps.is_multiple_of(REFRESH) {
            self.refresh();
        }
        Some(furthest)
    }

    fn change_of(&self, row: usize, column: &[(usize, f64)]) -> f64 {
        let rows = self.right.len();
        column.iter().map(|&(at, entry)| entry * self.inverse[row * rows + at]).sum()
    }

    fn pivot(&mut self, row: usize, change: &[f64]) {
        let rows = self.right.len();
        let by = change[row];
        let pivot: Vec<(usize, f64)> = self.inverse[row * rows..(row + 1) * rows]
            .iter_mut()
            .enumerate()
            .filter_map(|(at, entry)| {
                *entry /= by;
                (*entry != 0.0).then_some((at, *entry))
            })
            .collect();
        for (other, &factor) in change.iter().enumerate() {
            if other != row && factor != 0.0 {
                let line = &mut self.inverse[other * rows..(other + 1) * rows];
                pivot.iter().for_each(|&(at, entry)| line[at] -= factor * entry);
            }
        }
    }

    /// Makes the inverse and the values anew from the basis: errors of many steps do not add up.
    fn refresh(&mut self) {
        let rows = self.right.len();
        let mut matrix = vec![0.0; rows * rows];
        for (row, &basic) in self.basis.iter().enumerate() {
            self.columns[basic].iter().for_each(|&(at, entry)| matrix[at * rows + row] = entry);
        }
        let mut inverse = vec![0.0; rows * rows];
        (0..rows).for_each(|row| inverse[row * rows + row] = 1.0);
        for column in 0..rows {
            let largest = |&one: &usize, &other: &usize| {
                matrix[one * rows + column].abs().total_cmp(&matrix[other * rows + column].abs())
            };
            let Some(best) = (column..rows).max_by(largest) else { return };
            if matrix[best * rows + column].abs() < EPSILON {
                // Keep what there is: it is no worse than before.
                return;
            }
            for at in 0..rows {
                matrix.swap(best * rows + at, column * rows + at);
                inverse.swap(best * rows + at, column * rows + at);
            }
            let by = matrix[column * rows + column];
            for at in 0..rows {
                matrix[column * rows + at] /= by;
                inverse[column * rows + at] /= by;
            }
            for row in (0..rows).filter(|row| *row != column) {
                let factor = matrix[row * rows + column];
                if factor != 0.0 {
                    for at in 0..rows {
                        matrix[row * rows + at] -= factor * matrix[column * rows + at];
                        inverse[row * rows + at] -= factor * inverse[column * rows + at];
                    }
                }
            }
        }
        self.inverse = inverse;
        let mut left = self.right.clone();
        for (variable, column) in self.columns.iter().enumerate() {
            if !matches!(self.standing[variable], Standing::Basic(_)) {
                let value = self.value(variable);
                column.iter().for_each(|&(row, entry)| left[row] -= entry * value);
            }
        }
        for row in 0..rows {
            let line = &self.inverse[row * rows..(row + 1) * rows];
            self.values[row] = line.iter().zip(&left).map(|(entry, left)| entry * left).sum();
        }
    }
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
