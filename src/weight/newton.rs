//! Raking to categories and numbers together: all multipliers at once by Newton's method, as R survey's
//! `calibrate(calfun = "raking")`. Slices only.
//!
//! The factor of a cell is exp(x'λ), held within its limits, with x its categories (0 or 1) and its numbers. λ is where
//! Σ base·G(x'λ) − λ'targets is smallest, G being the integral of the factor (Deville and Särndal 1992): a convex
//! function, so that a step that does not make it smaller is halved and there is one end. One target after another, as
//! margins are raked, would take as many passes as numbers and categories say of one another.

use super::rake::{Limits, Problem, Progress, Raked};
use crate::stats::NormalEquations;

/// Times a step is halved before there is none.
const HALVINGS: u32 = 40;

/// Rakes until no target is off by more than `tolerance` of itself. A pass is a step of Newton's.
pub(super) fn rake(problem: &Problem<'_>, tolerance: f64, iterations: u32) -> Raked {
    let mut factors = vec![1.0; problem.base.len()];
    let mut done = 0;
    match &problem.limits {
        Limits::None => done += solve(problem, None, tolerance, iterations, &mut factors),
        Limits::Bounds(limits) => done += solve(problem, Some(limits), tolerance, iterations, &mut factors),
        Limits::Cut(limits) => {
            let mut progress = Progress::default();
            while !problem.holds(&factors, tolerance)
                && done < iterations
                && progress.goes_on(problem.worst(&factors))
            {
                done += solve(problem, None, tolerance, iterations - done, &mut factors).max(1);
                factors
                    .iter_mut()
                    .zip(limits)
                    .for_each(|(factor, (low, high))| *factor = factor.clamp(*low, *high));
            }
        }
    }
    let (worst, converged) = (problem.worst(&factors), problem.holds(&factors, tolerance));
    Raked { factors, iterations: done, worst, converged }
}

/// What cells have of each multiplier.
struct Features {
    /// Of each number, each cell's in units of the deviation from the mean, which keeps the equations far from singular.
    numbers: Vec<Vec<f64>>,
    /// For each margin, where its categories begin among the multipliers.
    first: Vec<usize>,
    /// What each multiplier shall reach: categories (of no margin at all, the sum of the weights), then numbers. Few
    /// categories have somebody in common, so that what stands first is solved for at little cost.
    targets: Vec<f64>,
    /// Cells that shall have no weight are in no sum.
    out: Vec<bool>,
}

impl Features {
    fn of(problem: &Problem<'_>, base: &[f64], limits: Option<&[(f64, f64)]>) -> Features {
        let mut out = vec![false; base.len()];
        for (categories, targets) in problem.categories.iter().zip(problem.targets) {
            for (cell, out) in out.iter_mut().enumerate() {
                // Only where the lowest factor is above zero can a target of zero not be had.
                let none = limits.is_none_or(|limits| limits[cell].0 == 0.0);
                *out |= none && targets[categories[cell] as usize] == 0.0;
            }
        }
        let inside = || (0..base.len()).filter(|&cell| !out[cell]);
        let sum: f64 = inside().map(|cell| base[cell]).sum();
        let (mut first, mut targets) = (Vec::new(), Vec::new());
        for margin in problem.targets {
            first.push(targets.len());
            targets.extend(margin);
        }
        if first.is_empty() {
            targets.push(problem.total);
        }
        let numbers = problem.numbers.iter().map(|(values, target)| {
            let mean = inside().map(|cell| base[cell] * values[cell]).sum::<f64>() / sum;
            let squares: f64 = inside().map(|cell| base[cell] * (values[cell] - mean).powi(2)).sum();
            let deviation = Some((squares / sum).sqrt()).filter(|own| *own > 0.0).unwrap_or(1.0);
            targets.push((target - mean * problem.total) / deviation);
            values.iter().map(|value| (value - mean) / deviation).collect()
        });
        let numbers = numbers.collect();
        Features { numbers, first, targets, out }
    }

    /// The multipliers that a cell has, each with how much of it.
    fn each(&self, problem: &Problem<'_>, cell: usize, mut each: impl FnMut(usize, f64)) {
        for (first, categories) in self.first.iter().zip(problem.categories) {
            each(first + categories[cell] as usize, 1.0);
        }
        if self.first.is_empty() {
            each(0, 1.0);
        }
        let start = self.targets.len() - self.numbers.len();
        self.numbers.iter().enumerate().for_each(|(place, values)| each(start + place, values[cell]));
    }
}

/// The factor at this exponent, how fast it grows there, and its integral.
fn factor(exponent: f64, limits: Option<(f64, f64)>) -> (f64, f64, f64) {
    let free = exponent.exp();
    match limits {
        Some((low, _)) if free < low => (low, 0.0, low * (1.0 + exponent - low.ln())),
        Some((_, high)) if free > high => (high, 0.0, high * (1.0 + exponent - high.ln())),
        _ => (free, free, free),
    }
}

/// Multiplies factors so that the targets are reached, as far as that goes; gives the steps made.
fn solve(
    problem: &Problem<'_>,
    limits: Option<&[(f64, f64)]>,
    tolerance: f64,
    iterations: u32,
    factors: &mut [f64],
) -> u32 {
    // Limits are of the factor as a whole: with them there is one beginning, all factors 1.
    let base: Vec<f64> = problem.base.iter().zip(&*factors).map(|(base, factor)| base * factor).collect();
    let start = factors.to_vec();
    let features = Features::of(problem, &base, limits);
    let size = features.targets.len();
    let limit = |cell: usize| limits.map(|limits| limits[cell]);
    let of = |multipliers: &[f64], factors: &mut [f64]| -> f64 {
        let mut sum = 0.0;
        for cell in 0..base.len() {
            let mut exponent = 0.0;
            features.each(problem, cell, |place, part| exponent += multipliers[place] * part);
            let (own, _, integral) = factor(exponent, limit(cell));
            factors[cell] = if features.out[cell] { 0.0 } else { start[cell] * own };
            sum += if features.out[cell] { 0.0 } else { base[cell] * integral };
        }
        sum - multipliers.iter().zip(&features.targets).map(|(own, target)| own * target).sum::<f64>()
    };
    let mut multipliers = vec![0.0; size];
    let mut height = of(&multipliers, factors);
    let mut progress = Progress::default();
    let mut worst = problem.worst(factors);
    let mut done = 0;
    while worst > tolerance && done < iterations && progress.goes_on(worst) {
        let (mut matrix, mut step) = (vec![0.0; size * size], features.targets.clone());
        let mut here: Vec<(usize, f64)> = Vec::new();
        for cell in (0..base.len()).filter(|&cell| !features.out[cell]) {
            here.clear();
            features.each(problem, cell, |place, part| here.push((place, part)));
            let exponent: f64 = here.iter().map(|(place, part)| multipliers[*place] * part).sum();
            let (own, growth, _) = factor(exponent, limit(cell));
            for (at, &(line, part)) in here.iter().enumerate() {
                step[line] -= base[cell] * own * part;
                // Places rise, so this is the lower triangle.
                for &(other, much) in &here[..=at] {
                    matrix[line * size + other] += base[cell] * growth * part * much;
                }
            }
        }
        let slope = step.clone();
        NormalEquations::new(&matrix, size).solve(&mut step, 1);
        let gain: f64 = slope.iter().zip(&step).map(|(slope, step)| slope * step).sum();
        let mut length = 1.0;
        let mut next = multipliers.clone();
        let found = (0..HALVINGS).any(|_| {
            next.iter_mut()
                .zip(multipliers.iter().zip(&step))
                .for_each(|(next, (own, step))| *next = own + length * step);
            let there = of(&next, factors);
            let off = problem.worst(factors);
            // Near the end heights differ by less than they are known, and what is left tells.
            let lower = there <= height - 1e-4 * length * gain || (off < worst && length == 1.0);
            let better = lower && there.is_finite();
            if better {
                (height, worst) = (there, off);
            }
            length /= 2.0;
            better
        });
        done += 1;
        if !found {
            of(&multipliers, factors);
            break;
        }
        multipliers = next;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two categories, and a number that says much the same.
    fn problem(limits: Limits, number: f64) -> Raked {
        let categories = [vec![0, 0, 0, 1, 1, 1]];
        let base = [10.0, 20.0, 30.0, 40.0, 10.0, 20.0];
        let numbers = [(vec![1.0, 2.0, 4.0, 10.0, 12.0, 15.0], number)];
        let targets = [vec![70.0, 60.0]];
        let problem = Problem {
            base: &base,
            categories: &categories,
            targets: &targets,
            numbers: &numbers,
            total: 130.0,
            limits,
        };
        rake(&problem, 1e-13, 100)
    }

    #[test]
    fn a_few_steps_reach_categories_and_numbers() {
        let raked = problem(Limits::None, 950.0);
        assert!(raked.converged && raked.iterations < 10, "{} {}", raked.iterations, raked.worst);
        assert!(raked.factors.iter().all(|factor| *factor > 0.0));
    }

    #[test]
    fn wide_bounds_change_nothing_and_narrow_ones_hold() {
        let (free, wide) =
            (problem(Limits::None, 950.0), problem(Limits::Bounds(vec![(0.01, 50.0); 6]), 950.0));
        for (one, other) in free.factors.iter().zip(&wide.factors) {
            assert!((one - other).abs() < 1e-11, "{one} {other}");
        }
        for limits in [Limits::Bounds(vec![(0.75, 1.25); 6]), Limits::Cut(vec![(0.75, 1.25); 6])] {
            let raked = problem(limits, 910.0);
            assert!(raked.converged, "{}", raked.worst);
            assert!(raked.factors.iter().all(|factor| (0.75..=1.25).contains(factor)), "{:?}", raked.factors);
        }
    }

    #[test]
    fn what_cannot_be_ends_with_a_rest() {
        for limits in [Limits::None, Limits::Bounds(vec![(0.9, 1.1); 6]), Limits::Cut(vec![(0.9, 1.1); 6])] {
            let raked = problem(limits, 2000.0);
            assert!(!raked.converged && raked.worst.is_finite());
        }
    }
}
