//! The little linear algebra that Rao and Scott's correction and marginal homogeneity need: symmetric positive systems.

/// A square matrix by rows.
pub struct Square {
    size: usize,
    cells: Vec<f64>,
}

impl Square {
    /// All zero.
    pub fn zero(size: usize) -> Square {
        Square { size, cells: vec![0.0; size * size] }
    }

    /// From its entries.
    pub fn of(size: usize, entry: impl Fn(usize, usize) -> f64) -> Square {
        let cells = (0..size).flat_map(|i| (0..size).map(move |j| (i, j))).map(|(i, j)| entry(i, j));
        Square { size, cells: cells.collect() }
    }

    /// v' self⁻¹ v; self must be positive definite.
    pub fn quadratic_of_inverse(self, vector: &[f64]) -> Option<f64> {
        let lower = self.factor()?;
        let mut solved: Vec<f64> = Vec::with_capacity(vector.len());
        for (i, value) in vector.iter().enumerate() {
            let dot: f64 = (0..i).map(|k| lower.cells[i * lower.size + k] * solved[k]).sum();
            solved.push((value - dot) / lower.cells[i * lower.size + i]);
        }
        Some(solved.iter().map(|x| x * x).sum())
    }

    /// Sum over `k` of `factors[k] · rows[k] rows[k]ᵀ`.
    pub fn gram(rows: &[Vec<f64>], factors: &[f64]) -> Square {
        let size = rows.first().map_or(0, Vec::len);
        let mut gram = Square::zero(size);
        for (row, &factor) in rows.iter().zip(factors).filter(|(_, factor)| **factor != 0.0) {
            for (i, &left) in row.iter().enumerate().filter(|(_, left)| **left != 0.0) {
                let line = &mut gram.cells[i * size..(i + 1) * size];
                for (cell, &right) in line.iter_mut().zip(row) {
                    *cell += factor * left * right;
                }
            }
        }
        gram
    }

    /// `rowsᵀ middle rows`, the middle one given by its entries.
    pub fn between(rows: &[Vec<f64>], middle: impl Fn(usize, usize) -> f64) -> Square {
        let size = rows.first().map_or(0, Vec::len);
        let mut between = Square::zero(size);
        let mut along = vec![0.0; size];
        for (one, row) in rows.iter().enumerate() {
            along.fill(0.0);
            for (other, theirs) in rows.iter().enumerate() {
                let entry = middle(one, other);
                if entry != 0.0 {
                    along.iter_mut().zip(theirs).for_each(|(sum, value)| *sum += entry * value);
                }
            }
            for (place, &value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                let line = &mut between.cells[place * size..(place + 1) * size];
                line.iter_mut().zip(&along).for_each(|(cell, sum)| *cell += value * sum);
            }
        }
        between
    }

    /// Adds `factor · (a bᵀ + b aᵀ)`.
    pub fn add_outer(&mut self, a: &[f64], b: &[f64], factor: f64) {
        for i in 0..self.size {
            for j in 0..self.size {
                self.cells[i * self.size + j] += factor * (a[i] * b[j] + b[i] * a[j]);
            }
        }
    }

    /// Cholesky's lower factor; `None` where the matrix is not positive definite to 12 digits.
    fn factor(mut self) -> Option<Square> {
        let n = self.size;
        let largest = (0..n).map(|i| self.cells[i * n + i]).fold(0.0, f64::max);
        for j in 0..n {
            let before: f64 = self.cells[j * n..j * n + j].iter().map(|x| x * x).sum();
            let pivot = self.cells[j * n + j] - before;
            if pivot.is_nan() || pivot <= largest * 1e-12 {
                return None;
            }
            let root = pivot.sqrt();
            self.cells[j * n + j] = root;
            for i in j + 1..n {
                let (upper, lower) = self.cells.split_at(i * n);
                let dot: f64 = upper[j * n..j * n + j].iter().zip(&lower[..j]).map(|(a, b)| a * b).sum();
                self.cells[i * n + j] = (self.cells[i * n + j] - dot) / root;
            }
        }
        Some(self)
    }

    /// Trace of `self⁻¹ other`, and of its square; `self` must be positive definite and `other`
    /// symmetric.
    pub fn traces_of_quotient(self, other: Square) -> Option<(f64, f64)> {
        let n = self.size;
        let lower = self.factor()?;
        let mut m = other.cells;
        // With self = LLᵀ, self⁻¹ other is similar to the symmetric L⁻¹ other L⁻ᵀ.
        for _ in 0..2 {
            for column in 0..n {
                for i in 0..n {
                    let dot: f64 = (0..i).map(|k| lower.cells[i * n + k] * m[k * n + column]).sum();
                    m[i * n + column] = (m[i * n + column] - dot) / lower.cells[i * n + i];
                }
            }
            for i in 0..n {
                for j in 0..i {
                    m.swap(i * n + j, j * n + i);
                }
            }
        }
        Some(((0..n).map(|i| m[i * n + i]).sum(), m.iter().map(|x| x * x).sum()))
    }
}
