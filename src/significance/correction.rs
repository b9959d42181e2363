//! Corrections for many comparisons.

/// How p-values of one family are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Not at all.
    None,
    /// Times their number.
    Bonferroni,
    /// Holm's, step by step down.
    Holm,
    /// Benjamini and Hochberg's false discovery rate.
    BenjaminiHochberg,
}

impl Correction {
    /// Every correction by its name.
    pub const ALL: [(&'static str, Correction); 4] = [
        ("none", Correction::None),
        ("bonferroni", Correction::Bonferroni),
        ("holm", Correction::Holm),
        ("bh", Correction::BenjaminiHochberg),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Correction::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

/// The p-values of a family, corrected, in their order: R `p.adjust`.
pub fn adjusted(p: &[f64], correction: Correction) -> Vec<f64> {
    let n = p.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut out = vec![0.0; n];
    match correction {
        Correction::None => out.copy_from_slice(p),
        Correction::Bonferroni => {
            out.iter_mut().zip(p).for_each(|(out, p)| *out = (p * n as f64).min(1.0));
        }
        Correction::Holm => {
            let mut least: f64 = 0.0;
            for (rank, &place) in order.iter().enumerate() {
                least = least.max(p[place] * (n - rank) as f64);
                out[place] = least.min(1.0);
            }
        }
        Correction::BenjaminiHochberg => {
            let mut most: f64 = 1.0;
            for (rank, &place) in order.iter().enumerate().rev() {
                most = most.min(p[place] * n as f64 / (rank + 1) as f64);
                // p·n/n may round to less than p.
                out[place] = most.max(p[place]);
            }
        }
    }
    out
}
