//! Weights that were made to reach margins and totals of numbers: what that takes off variances.
//!
//! Of an estimate's linearised values only what these do not explain is left to chance (residual
//! linearisation; Deville and Särndal 1992). R survey does so for designs from `rake` (ten passes over the margins,
//! each respondent counting as one), `postStratify` and `calibrate` (each with the base weight, exactly), and so is it
//! here.

use crate::stats::NormalEquations;

/// Margins and numbers that weights were made to reach.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// For each margin the category of each respondent in file order, numbered over all margins; [`NOBODY`] of weight
    /// zero.
    margins: Vec<Vec<u32>>,
    /// For each number what each respondent gave, in units of the deviation from the mean; 0 of weight zero.
    numbers: Vec<Vec<f64>>,
    /// Categories of all margins, and behind them the numbers.
    pub categories: usize,
    /// What each respondent counts in the fit of the margins; nothing: one each.
    base: Option<Vec<f64>>,
    fit: Fit,
}

/// How what the margins explain is found.
#[derive(Debug, Clone)]
enum Fit {
    /// Ten passes over the margins, as R's `rake` has it, with respondents in each pair of categories.
    Passes(Vec<f64>),
    /// Exactly.
    Exact(NormalEquations),
}

/// No category: weight zero.
const NOBODY: u32 = u32::MAX;
/// Passes of R's `rake`.
const PASSES: u32 = 10;

impl Calibration {
    /// `margins`: for each margin the category of each respondent; `numbers`: for each number what each gave; `weighted`:
    /// who has a weight above zero; `base`: their base weights, where they count in the fit, as they do with numbers.
    pub fn new(
        margins: &[Vec<u32>],
        numbers: &[Vec<f64>],
        weighted: &[bool],
        base: Option<Vec<f64>>,
    ) -> Calibration {
        let mut first = 0;
        let numbered = margins.iter().map(|margin| {
            let count = margin.iter().max().map_or(0, |most| most + 1);
            let number = |(&category, &weighted)| if weighted { first + category } else { NOBODY };
            let numbered: Vec<u32> = margin.iter().zip(weighted).map(number).collect();
            first += count;
            numbered
        });
        let margins: Vec<Vec<u32>> = numbered.collect();
        let categories = first as usize + numbers.len();
        let numbers = numbers.iter().map(|values| standardised(values, weighted)).collect();
        let fit = Fit::Passes(Vec::new());
        let mut calibration = Calibration { margins, numbers, categories, base, fit };
        let mut crossed = vec![0.0; categories * categories];
        for respondent in 0..weighted.len() {
            let counts = calibration.counts_as(respondent);
            for (one, part) in calibration.of(respondent) {
                for (other, much) in calibration.of(respondent) {
                    crossed[one * categories + other] += counts * part * much;
                }
            }
        }
        calibration.fit = match calibration.base {
            None => Fit::Passes(crossed),
            Some(_) => Fit::Exact(NormalEquations::new(&crossed, categories)),
        };
        calibration
    }

    /// The categories of a respondent, and the numbers behind them, each with how much of it; none of weight zero.
    #[inline]
    pub fn of(&self, respondent: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let category =
            move |margin: &Vec<u32>| Some(margin[respondent]).filter(|&category| category != NOBODY);
        let categories = self.margins.iter().filter_map(category).map(|category| (category as usize, 1.0));
        let first = self.categories - self.numbers.len();
        let numbers = self.numbers.iter().enumerate();
        categories.chain(numbers.map(move |(place, values)| (first + place, values[respondent])))
    }

    /// What a respondent counts in the fit.
    #[inline]
    pub fn counts_as(&self, respondent: usize) -> f64 {
        self.base.as_ref().map_or(1.0, |base| base[respondent])
    }

    /// From the sums over each category of what is to be explained, `[category][value]`, what each category explains
    /// of a respondent in it.
    pub fn explained(&self, sums: &[f64], values: usize) -> Vec<f64> {
        match &self.fit {
            Fit::Exact(equations) => {
                let mut found = sums.to_vec();
                equations.solve(&mut found, values);
                found
            }
            Fit::Passes(crossed) => self.in_passes(crossed, sums, values),
        }
    }

    fn in_passes(&self, crossed: &[f64], sums: &[f64], values: usize) -> Vec<f64> {
        let mut found = vec![0.0; self.categories * values];
        let mut left = vec![0.0; values];
        for _ in 0..PASSES {
            for category in 0..self.categories {
                let crossed = &crossed[category * self.categories..(category + 1) * self.categories];
                if crossed[category] == 0.0 {
                    continue;
                }
                left.copy_from_slice(&sums[category * values..(category + 1) * values]);
                for (other, &both) in crossed.iter().enumerate().filter(|(_, both)| **both != 0.0) {
                    let known = &found[other * values..(other + 1) * values];
                    left.iter_mut().zip(known).for_each(|(left, known)| *left -= both * known);
                }
                let mine = &mut found[category * values..(category + 1) * values];
                mine.iter_mut().zip(&left).for_each(|(mine, left)| *mine += left / crossed[category]);
            }
        }
        found
    }
}

/// Values in units of their deviation from the mean, so that the equations are far from singular; what is explained by
/// them and the categories together is the same.
fn standardised(values: &[f64], weighted: &[bool]) -> Vec<f64> {
    let known = || values.iter().zip(weighted).filter(|(_, weighted)| **weighted).map(|(value, _)| *value);
    let count = known().count() as f64;
    let mean = known().sum::<f64>() / count;
    let deviation = (known().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    let unit = if deviation > 0.0 { deviation } else { 1.0 };
    let own = |(value, &weighted): (&f64, &bool)| if weighted { (value - mean) / unit } else { 0.0 };
    values.iter().zip(weighted).map(own).collect()
}
