//! Raking: factors of cells under which every margin has its targets. Slices only.
//!
//! Without limits this is iterative proportional fitting, as R survey's `rake`: one margin after
//! another gets its targets exactly, until all hold together. With bounds the factor of a cell is
//! `min(max(Π multipliers, lowest), highest)`, and each margin's multipliers are solved for under
//! that: the truncated raking of Deville and Särndal (1992), R's
//! `calibrate(calfun = "raking", bounds = …)`. R solves for all multipliers at once by Newton's
//! method; one margin at a time needs no matrix and reaches the same point. Where numbers have targets too, so does
//! [`newton`].

use super::newton;

/// What is raked: cells, margins and numbers.
pub(super) struct Problem<'a> {
    /// Base weight of each cell.
    pub(super) base: &'a [f64],
    /// For each margin, the category of each cell.
    pub(super) categories: &'a [Vec<u32>],
    /// For each margin, the target of each category.
    pub(super) targets: &'a [Vec<f64>],
    /// For each number that has a target, what each cell has of it, and what all shall have together.
    pub(super) numbers: &'a [(Vec<f64>, f64)],
    /// What the weights add up to.
    pub(super) total: f64,
    /// What holds factors.
    pub(super) limits: Limits,
}

/// What holds the factors of cells.
pub(super) enum Limits {
    /// Nothing.
    None,
    /// Lowest and highest factor of each cell, with multipliers that know of them.
    Bounds(Vec<(f64, f64)>),
    /// Lowest and highest factor of each cell, cut after each pass.
    Cut(Vec<(f64, f64)>),
}

impl Limits {
    /// Whether no factor is outside.
    fn hold(&self, factors: &[f64]) -> bool {
        match self {
            Limits::None => true,
            Limits::Bounds(limits) | Limits::Cut(limits) => {
                factors.iter().zip(limits).all(|(factor, (low, high))| factor >= low && factor <= high)
            }
        }
    }
}

/// How raking ended.
pub(super) struct Raked {
    /// The factor of each cell.
    pub(super) factors: Vec<f64>,
    /// Passes made.
    pub(super) iterations: u32,
    /// How far the worst category is from its target, as a part of it.
    pub(super) worst: f64,
    /// Whether that is within the tolerance.
    pub(super) converged: bool,
}

/// Passes without any progress after which there will be none.
const STUCK: u32 = 30;

/// Whether what is off becomes less.
#[derive(Default)]
pub(super) struct Progress {
    best: Option<f64>,
    since: u32,
}

impl Progress {
    /// Whether to go on with so much off.
    pub(super) fn goes_on(&mut self, worst: f64) -> bool {
        let ever = self.since < STUCK;
        // A thousandth of progress in as many passes is none.
        if self.best.is_none_or(|best| worst < best * 0.999) {
            (self.best, self.since) = (Some(worst), 0);
        } else {
            self.since += 1;
        }
        ever
    }
}

/// Rakes until no target is off by more than `tolerance` of itself.
pub(super) fn rake(problem: &Problem<'_>, tolerance: f64, iterations: u32) -> Raked {
    if !problem.numbers.is_empty() {
        return newton::rake(problem, tolerance, iterations);
    }
    let cells = problem.base.len();
    let mut free = vec![1.0_f64; cells];
    let mut factors = vec![1.0_f64; cells];
    if let Limits::Bounds(limits) = &problem.limits {
        factors.iter_mut().zip(limits).for_each(|(factor, (low, high))| *factor = factor.clamp(*low, *high));
    }
    let mut progress = Progress::default();
    let mut done = 0;
    loop {
        let worst = problem.worst(&factors);
        let converged = problem.holds(&factors, tolerance);
        if converged || done == iterations || !progress.goes_on(worst) {
            return Raked { factors, iterations: done, worst, converged };
        }
        done += 1;
        for (categories, targets) in problem.categories.iter().zip(problem.targets) {
            match &problem.limits {
                Limits::None | Limits::Cut(_) => {
                    let sums = problem.sums(&factors, categories, targets.len());
                    let ratio = |(target, sum): (&f64, f64)| if sum > 0.0 { target / sum } else { 1.0 };
                    let ratios: Vec<f64> = targets.iter().zip(sums).map(ratio).collect();
                    for (factor, &category) in factors.iter_mut().zip(categories) {
                        *factor *= ratios[category as usize];
                    }
                }
                Limits::Bounds(limits) => {
                    let multipliers = problem.multipliers(&free, limits, categories, targets);
                    for ((free, factor), (&category, (low, high))) in
                        free.iter_mut().zip(&mut factors).zip(categories.iter().zip(limits))
                    {
                        // Margins that cannot hold together drive multipliers apart without end.
                        *free = (*free * multipliers[category as usize]).clamp(1e-100, 1e100);
                        *factor = free.clamp(*low, *high);
                    }
                }
            }
        }
        if let Limits::Cut(limits) = &problem.limits {
            for (factor, (low, high)) in factors.iter_mut().zip(limits) {
                *factor = factor.clamp(*low, *high);
            }
        }
    }
}

impl Problem<'_> {
    /// What each category of a margin has.
    fn sums(&self, factors: &[f64], categories: &[u32], count: usize) -> Vec<f64> {
        let mut sums = vec![0.0; count];
        for ((base, factor), &category) in self.base.iter().zip(factors).zip(categories) {
            sums[category as usize] += base * factor;
        }
        sums
    }

    /// Whether targets and limits hold.
    pub(super) fn holds(&self, factors: &[f64], tolerance: f64) -> bool {
        self.worst(factors) <= tolerance && self.limits.hold(factors)
    }

    /// How far the worst target of all margins and numbers is off, as a part of it.
    pub(super) fn worst(&self, factors: &[f64]) -> f64 {
        let mut worst: f64 = 0.0;
        for (values, target) in self.numbers {
            let each = || self.base.iter().zip(factors).zip(values);
            let sum: f64 = each().map(|((base, factor), value)| base * factor * value).sum();
            let whole = || each().map(|((base, factor), value)| base * factor * value.abs()).sum::<f64>();
            let part = if *target == 0.0 { whole() } else { target.abs() };
            worst = worst.max(if part > 0.0 { (sum - target).abs() / part } else { 0.0 });
        }
        for (categories, targets) in self.categories.iter().zip(self.targets) {
            let whole: f64 = targets.iter().sum();
            for (target, sum) in targets.iter().zip(self.sums(factors, categories, targets.len())) {
                // A target of zero has no parts; the whole has.
                let part = if *target > 0.0 { *target } else { whole };
                worst = worst.max((sum - target).abs() / part);
            }
        }
        worst
    }

    /// The multiplier of each category under which the bounded factors give its target, or come as
    /// near as the limits let them.
    fn multipliers(
        &self,
        free: &[f64],
        limits: &[(f64, f64)],
        categories: &[u32],
        targets: &[f64],
    ) -> Vec<f64> {
        let count = targets.len();
        // Between these every cell moves from its lowest to its highest.
        let (mut low, mut high) = (vec![f64::INFINITY; count], vec![0.0_f64; count]);
        for ((free, (lowest, highest)), &category) in free.iter().zip(limits).zip(categories) {
            let category = category as usize;
            low[category] = low[category].min(lowest / free);
            high[category] = high[category].max(highest / free);
        }
        let mut multipliers: Vec<f64> =
            low.iter().zip(&high).map(|(low, high)| 1.0_f64.max(*low).min(*high)).collect();
        // Newton's step on a line with corners; halving where it leaves what is known to hold the root.
        for _ in 0..200 {
            let (mut held, mut moving) = (vec![0.0; count], vec![0.0; count]);
            for (((base, free), (lowest, highest)), &category) in
                self.base.iter().zip(free).zip(limits).zip(categories)
            {
                let category = category as usize;
                let factor = free * multipliers[category];
                if factor <= *lowest {
                    held[category] += base * lowest;
                } else if factor >= *highest {
                    held[category] += base * highest;
                } else {
                    moving[category] += base * free;
                }
            }
            let mut settled = true;
            for (category, target) in targets.iter().enumerate() {
                let multiplier = multipliers[category];
                let off = held[category] + moving[category] * multiplier - target;
                if off.abs() <= 1e-15 * target || high[category] - low[category] <= 1e-15 * high[category] {
                    continue;
                }
                if off > 0.0 {
                    high[category] = multiplier;
                } else {
                    low[category] = multiplier;
                }
                let step = (target - held[category]) / moving[category];
                let inside = moving[category] > 0.0 && step > low[category] && step < high[category];
                let next = if inside { step } else { f64::midpoint(low[category], high[category]) };
                if next != multiplier {
                    multipliers[category] = next;
                    settled = false;
                }
            }
            if settled {
                break;
            }
        }
        multipliers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_by_two(limits: Limits, targets: &[Vec<f64>]) -> Raked {
        let categories = [vec![0, 0, 1, 1], vec![0, 1, 0, 1]];
        let base = [10.0, 20.0, 30.0, 40.0];
        let problem =
            Problem { base: &base, categories: &categories, targets, numbers: &[], total: 100.0, limits };
        rake(&problem, 1e-12, 1000)
    }

    #[test]
    fn margins_that_hold_already_need_no_pass() {
        let raked = two_by_two(Limits::None, &[vec![30.0, 70.0], vec![40.0, 60.0]]);
        assert_eq!((raked.iterations, raked.converged), (0, true));
        assert_eq!(raked.factors, [1.0; 4]);
    }

    #[test]
    fn wide_bounds_change_nothing() {
        let targets = [vec![50.0, 50.0], vec![45.0, 55.0]];
        let free = two_by_two(Limits::None, &targets);
        let bounded = two_by_two(Limits::Bounds(vec![(0.01, 100.0); 4]), &targets);
        assert!(free.converged && bounded.converged);
        for (one, other) in free.factors.iter().zip(&bounded.factors) {
            assert!((one - other).abs() < 1e-10, "{one} {other}");
        }
    }

    #[test]
    fn bounds_that_cannot_hold_end_with_a_rest() {
        let targets = [vec![50.0, 50.0], vec![45.0, 55.0]];
        let raked = two_by_two(Limits::Bounds(vec![(0.9, 1.2); 4]), &targets);
        assert!(!raked.converged);
        assert!(raked.factors.iter().all(|factor| (0.9..=1.2).contains(factor)));
    }
}
