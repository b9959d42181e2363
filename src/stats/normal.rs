//! Normal equations: symmetric systems of which some lines may say again what others said.

/// Where a line is left over after the others took so much of it, it is one of theirs.
const SAID_ALREADY: f64 = 1e-11;

/// A symmetric positive semidefinite matrix, factored (LDL'). Lines that follow from those before them are left out:
/// their unknowns are 0, as in R's `lm`.
#[derive(Debug, Clone)]
pub struct NormalEquations {
    size: usize,
    /// The unit lower triangle, line by line.
    lower: Vec<f64>,
    /// 0 where a line is left out.
    diagonal: Vec<f64>,
}

impl NormalEquations {
    /// Of a matrix of `size` lines, of which the lower triangle is read.
    pub fn new(matrix: &[f64], size: usize) -> NormalEquations {
        let (mut lower, mut diagonal) = (vec![0.0; size * size], vec![0.0; size]);
        // Before the first entry of a line that is not 0 nothing comes to be: categories of one question have nobody in
        // common, and cost nothing.
        let first: Vec<usize> = (0..size)
            .map(|line| (0..line).find(|&at| matrix[line * size + at] != 0.0).unwrap_or(line))
            .collect();
        for line in 0..size {
            for other in first[line]..line {
                let known: f64 = (first[line].max(first[other])..other)
                    .map(|k| lower[line * size + k] * lower[other * size + k] * diagonal[k])
                    .sum();
                lower[line * size + other] = match diagonal[other] {
                    0.0 => 0.0,
                    own => (matrix[line * size + other] - known) / own,
                };
            }
            let own = matrix[line * size + line];
            let known: f64 = (first[line]..line)
                .map(|k| lower[line * size + k] * lower[line * size + k] * diagonal[k])
                .sum();
            if own - known > SAID_ALREADY * own {
                diagonal[line] = own - known;
            }
        }
        NormalEquations { size, lower, diagonal }
    }

    /// Puts the unknowns in the place of the right-hand sides, `[line][side]`, of which there are so many.
    pub fn solve(&self, right: &mut [f64], sides: usize) {
        if sides == 0 {
            return;
        }
        let at = |line: usize, other: usize| self.lower[line * self.size + other];
        for line in 0..self.size {
            let (before, own) = right.split_at_mut(line * sides);
            for (other, before) in before.chunks(sides).enumerate() {
                let part = at(line, other);
                if part == 0.0 {
                    continue;
                }
                own[..sides].iter_mut().zip(before).for_each(|(own, known)| *own -= part * known);
            }
        }
        for (line, &own) in self.diagonal.iter().enumerate() {
            let line = &mut right[line * sides..(line + 1) * sides];
            line.iter_mut().for_each(|value| *value = if own == 0.0 { 0.0 } else { *value / own });
        }
        for line in (0..self.size).rev().filter(|&line| self.diagonal[line] != 0.0) {
            let (before, after) = right.split_at_mut((line + 1) * sides);
            let own = &mut before[line * sides..];
            for (other, after) in after.chunks(sides).take(self.size - line - 1).enumerate() {
                let part = at(line + 1 + other, line);
                if part == 0.0 {
                    continue;
                }
                own.iter_mut().zip(after).for_each(|(own, known)| *own -= part * known);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknowns_are_found_and_lines_said_twice_are_left_out() {
        let equations = NormalEquations::new(&[4.0, 0.0, 2.0, 3.0], 2);
        let mut right = [8.0, 2.0, 7.0, 2.0];
        // 4x + 2y = 8 or 2, 2x + 3y = 7 or 2.
        equations.solve(&mut right, 2);
        for (found, expected) in right.iter().zip([1.25, 0.25, 1.5, 0.5]) {
            assert!((found - expected).abs() < 1e-15, "{right:?}");
        }
        // The third is the sum of the others.
        let matrix = [2.0, 0.0, 2.0, 0.0, 3.0, 3.0, 2.0, 3.0, 5.0];
        let mut right = [4.0, 9.0, 13.0];
        NormalEquations::new(&matrix, 3).solve(&mut right, 1);
        assert_eq!(right, [2.0, 3.0, 0.0]);
    }
}
