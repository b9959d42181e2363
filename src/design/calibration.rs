//! Weights that were made to reach margins: what that takes off variances.
//!
//! Of an estimate's linearised values only what the margins do not explain is left to chance (residual
//! linearisation; Deville and Särndal 1992). R survey does so for designs from `rake` (ten passes over the margins,
//! each respondent counting as one), `postStratify` and `calibrate` (each with the base weight, exactly), and so is it
//! here.

/// Margins that weights were made to reach.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// For each margin the category of each respondent in file order, numbered over all margins; [`NOBODY`] of weight
    /// zero.
    margins: Vec<Vec<u32>>,
    /// Categories of all margins together.
    pub categories: usize,
    /// What each respondent counts in the fit of the margins; nothing: one each.
    base: Option<Vec<f64>>,
    /// Passes over the margins; nothing: until they change no more.
    passes: Option<u32>,
    /// Respondents (as they count in the fit) in each pair of categories.
    crossed: Vec<f64>,
}

/// No category: weight zero.
const NOBODY: u32 = u32::MAX;
/// Passes of R's `rake`.
const PASSES: u32 = 10;
/// Passes after which a fit is as good as it gets.
const MOST_PASSES: u32 = 10_000;

impl Calibration {
    /// `margins`: for each margin the category of each respondent; `weighted`: who has a weight above zero; `base`: their
    /// base weights, where they count in the fit.
    pub fn new(margins: &[Vec<u32>], weighted: &[bool], base: Option<Vec<f64>>) -> Calibration {
        let mut first = 0;
        let numbered = margins.iter().map(|margin| {
            let count = margin.iter().max().map_or(0, |most| most + 1);
            let number = |(&category, &weighted)| if weighted { first + category } else { NOBODY };
            let numbered: Vec<u32> = margin.iter().zip(weighted).map(number).collect();
            first += count;
            numbered
        });
        let margins: Vec<Vec<u32>> = numbered.collect();
        let categories = first as usize;
        let passes = base.is_none().then_some(PASSES);
        let mut calibration = Calibration { margins, categories, base, passes, crossed: Vec::new() };
        let mut crossed = vec![0.0; categories * categories];
        for respondent in 0..weighted.len() {
            let counts = calibration.counts_as(respondent);
            for one in calibration.of(respondent) {
                for other in calibration.of(respondent) {
                    crossed[one * categories + other] += counts;
                }
            }
        }
        calibration.crossed = crossed;
        calibration
    }

    /// The categories of a respondent; none of weight zero.
    #[inline]
    pub fn of(&self, respondent: usize) -> impl Iterator<Item = usize> + '_ {
        let category =
            move |margin: &Vec<u32>| Some(margin[respondent]).filter(|&category| category != NOBODY);
        self.margins.iter().filter_map(category).map(|category| category as usize)
    }

    /// What a respondent counts in the fit.
    #[inline]
    pub fn counts_as(&self, respondent: usize) -> f64 {
        self.base.as_ref().map_or(1.0, |base| base[respondent])
    }

    /// From the sums over each category of what is to be explained, `[category][value]`, what each category explains
    /// of a respondent in it.
    pub fn explained(&self, sums: &[f64], values: usize) -> Vec<f64> {
        let mut found = vec![0.0; self.categories * values];
        let mut left = vec![0.0; values];
        for _ in 0..self.passes.unwrap_or(MOST_PASSES) {
            let (mut largest, mut change): (f64, f64) = (0.0, 0.0);
            for category in 0..self.categories {
                let crossed = &self.crossed[category * self.categories..(category + 1) * self.categories];
                if crossed[category] == 0.0 {
                    continue;
                }
                left.copy_from_slice(&sums[category * values..(category + 1) * values]);
                for (other, &both) in crossed.iter().enumerate().filter(|(_, both)| **both != 0.0) {
                    let known = &found[other * values..(other + 1) * values];
                    left.iter_mut().zip(known).for_each(|(left, known)| *left -= both * known);
                }
                let mine = &mut found[category * values..(category + 1) * values];
                for (mine, left) in mine.iter_mut().zip(&left) {
                    let step = left / crossed[category];
                    *mine += step;
                    change = change.max(step.abs());
                    largest = largest.max(mine.abs());
                }
            }
            if self.passes.is_none() && change <= 1e-15 * largest {
                break;
            }
        }
        found
    }
}
