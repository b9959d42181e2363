//! Correlation of two numbers over several groups.

use super::t_two_sided;

/// How two numbers go together over pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// How many pairs.
    pub pairs: usize,
    /// Pearson's r.
    pub r: f64,
    /// Two-sided p of r = 0, by t with `pairs − 2` degrees of freedom (R's `cor.test`).
    pub p: f64,
}

/// Pearson's correlation; `None` for fewer than three pairs, or where one of the two never changes.
///
/// Means are taken off before anything is multiplied, as R's `cor` does.
pub fn correlation(pairs: &[(f64, f64)]) -> Option<Correlation> {
    let n = pairs.len();
    if n < 3 {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n as f64;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (dx, dy) = (pair.0 - x, pair.1 - y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    // What is left of equal values is rounding, which is in proportion to them.
    let still = |squares: f64, mean: f64| squares <= n as f64 * (mean * f64::EPSILON * n as f64).powi(2);
    if still(xx, x) || still(yy, y) {
        return None;
    }
    let r = (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0);
    let df = (n - 2) as f64;
    let t = r * (df / ((1.0 - r) * (1.0 + r))).sqrt();
    let p = if t.is_finite() { t_two_sided(t, df)? } else { 0.0 };
    Some(Correlation { pairs: n, r, p })
}

#[cfg(test)]
mod tests {
    use super::correlation;

    #[test]
    fn numbers_that_never_change_go_with_nothing() {
        assert_eq!(correlation(&[(0.1, 1.0), (0.1, 2.0), (0.1, 4.0)]), None);
        assert_eq!(correlation(&[(1.0, 1.0), (2.0, 2.0)]), None);
    }

    #[test]
    fn a_line_has_a_correlation_of_one() {
        let found = correlation(&[(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]).expect("three pairs");
        assert_eq!((found.pairs, found.r), (3, 1.0));
        let found = correlation(&[(1.0, 6.0), (2.0, 4.0), (3.0, 2.0)]).expect("three pairs");
        assert_eq!(found.r, -1.0);
    }

    /// R 4.2.2, 2026-11-20: `cor.test(c(1,2,3,4,5,6), c(2,1,4,3,7,5))`: r, p.value.
    #[test]
    fn correlation_is_that_of_r() {
        let pairs = [(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0), (5.0, 7.0), (6.0, 5.0)];
        let found = correlation(&pairs).expect("six pairs");
        assert!((found.r - 0.791_794_654_888_629_7).abs() < 1e-14, "{}", found.r);
        assert!((found.p - 0.060_511_403_362_756_55).abs() < 1e-12, "{}", found.p);
    }
}
