//! Targets and replies into weights.

use super::category::categories;
use super::cells::{Cells, NOBODY, cells};
use super::mismatch::unreached;
use super::number::{Values, reach};
use super::rake::{Limits, Problem, Raked, rake};
use super::report::{MarginReport, NumberReport, Report, RowLabel, RowReport, Spread};
use super::targets::{
    Bounds, Margin, Member, Method, Missing, NumberOf, NumberTarget, Targets, Trim, TrimBy,
};
use super::trim::spread;
use crate::diag::Diagnostic;
use crate::frame::Dataset;
use crate::schema::Survey;

/// Weights, and what they reach.
#[derive(Debug)]
pub struct Weighting {
    /// The weight of each respondent, in file order; zero where the base weight is.
    pub weights: Vec<f64>,
    /// What they reach.
    pub report: Report,
    cells: Cells,
    /// How many of the cells' categories are of margins; the others are places of numbers.
    margins: usize,
    /// Each cell's value of every number.
    numbers: Vec<Vec<f64>>,
    /// Base weights, where they count in what the margins explain.
    base: Option<Vec<u64>>,
    /// Weights were cut after raking, so that the margins no longer hold.
    cut: bool,
}

/// The margins and numbers that weights were made to reach: what their variance needs.
#[derive(Debug, Clone)]
pub struct Reached {
    /// For each margin the category of each respondent in file order; where there is none, all are of one.
    pub margins: Vec<Vec<u32>>,
    /// For each number what each respondent gave.
    pub numbers: Vec<Vec<f64>>,
    /// Who has a weight above zero.
    pub weighted: Vec<bool>,
    /// The base weight of each; nothing where each counts as one: raking of margins without bounds, as R survey's
    /// `rake` has it.
    pub base: Option<Vec<f64>>,
}

impl Weighting {
    /// The margins, respondent by respondent; nothing where weights were cut after raking and margins left behind.
    pub fn reached(&self) -> Option<Reached> {
        if self.cut {
            return None;
        }
        let category = |categories: &Vec<u32>, cell: u32| match cell {
            NOBODY => 0,
            cell => categories[cell as usize],
        };
        let margin =
            |categories: &Vec<u32>| self.cells.of.iter().map(|&cell| category(categories, cell)).collect();
        let mut margins: Vec<Vec<u32>> = self.cells.categories[..self.margins].iter().map(margin).collect();
        if margins.is_empty() {
            margins.push(vec![0; self.weights.len()]);
        }
        let value = |values: &Vec<f64>, cell: u32| match cell {
            NOBODY => 0.0,
            cell => values[cell as usize],
        };
        let number = |values: &Vec<f64>| self.cells.of.iter().map(|&cell| value(values, cell)).collect();
        Some(Reached {
            margins,
            numbers: self.numbers.iter().map(number).collect(),
            weighted: self.weights.iter().map(|&weight| weight > 0.0).collect(),
            base: self.base.as_ref().map(|base| base.iter().map(|&base| base as f64).collect()),
        })
    }
}

/// Why there are no weights.
#[derive(Debug)]
pub struct Refusal {
    /// What is amiss.
    pub errors: Vec<Diagnostic>,
    /// Target against sample, or against what was achieved.
    pub report: Box<Report>,
}

/// Finds the weights under which the respondents have the targets. The data must have been read
/// with [`Targets::questions`]; their weights are the base weights.
///
/// # Errors
/// Replies without a target, targets without replies, and targets that cannot be reached.
pub fn weigh(targets: &Targets, survey: &Survey, dataset: &Dataset) -> Result<Weighting, Refusal> {
    let base: Vec<u64> = dataset
        .blocks
        .iter()
        .flat_map(|block| match &block.weights {
            Some(weights) => weights.clone(),
            None => vec![1; block.len],
        })
        .collect();
    let margins = targets.margins.len();
    let mut keys: Vec<Vec<u32>> =
        targets.margins.iter().map(|margin| categories(margin, survey, dataset)).collect();
    let values: Vec<Values> =
        targets.numbers.iter().map(|number| Values::of(number.question, dataset)).collect();
    let (distinct, ranks): (Vec<Vec<f64>>, Vec<Vec<u32>>) = values.iter().map(Values::ranked).unzip();
    keys.extend(ranks);
    let limits_on_weights = targets.trim.is_some() || matches!(targets.bounds, Some(Bounds::Absolute { .. }));
    let cells = cells(&keys, &base, limits_on_weights);
    drop(keys);
    let numbers: Vec<Vec<f64>> = distinct
        .iter()
        .zip(&cells.categories[margins..])
        .map(|(distinct, places)| places.iter().map(|&place| distinct[place as usize]).collect())
        .collect();
    let total_base: u128 = cells.base.iter().sum();
    let respondents: u64 = cells.respondents.iter().sum();
    let totals = targets.margins.iter().find(|margin| !margin.shares);
    let total = match (targets.total, totals) {
        (Some(total), _) => total,
        (None, Some(margin)) => margin.targets.iter().flatten().sum(),
        (None, None) => respondents as f64,
    };
    // Base weights are brought to the sum of the weights: only their proportions count.
    let scale = if total_base == 0 { 0.0 } else { total / total_base as f64 };
    let sums: Vec<Vec<f64>> =
        targets.margins.iter().map(|margin| wanted(margin, &cells, targets, total)).collect();
    let missing: Vec<u64> = values.iter().map(|values| values.missing(&base)).collect();
    drop(values);
    let work = Work {
        targets,
        survey,
        cells: &cells,
        numbers: &numbers,
        missing: &missing,
        sums: &sums,
        total,
        scale,
    };
    let mut report = Report {
        method: targets.method,
        respondents,
        zero: base.len() as u64 - respondents,
        total,
        expanded: totals.is_some() || targets.total.is_some(),
        base: dataset.weight_name.clone(),
        margins: work.margins(None),
        numbers: work.numbers(None),
        iterations: None,
        worst: None,
        at_limits: None,
        trimmed: None,
        weights: None,
    };
    let mut errors = work.mismatches();
    if respondents == 0 {
        errors.push(Diagnostic::error("no respondent has a base weight above zero"));
    }
    if !errors.is_empty() {
        return Err(Refusal { errors, report: Box::new(report) });
    }

    let raked = work.rake();
    report.iterations = Some(raked.iterations);
    report.worst = Some(raked.worst);
    let mut factors = raked.factors;
    let limits = work.limits();
    if let Limits::Bounds(limits) | Limits::Cut(limits) = &limits {
        let at = |reached: &dyn Fn(f64, (f64, f64)) -> bool| {
            let cells = factors.iter().zip(limits).zip(&cells.respondents);
            cells.filter(|((factor, limits), _)| reached(**factor, **limits)).map(|(_, count)| count).sum()
        };
        // A multiplier brings a factor to its limit but for the last bits.
        report.at_limits = Some((
            at(&|factor, (low, _)| factor <= low * (1.0 + 1e-12)),
            at(&|factor, (_, high)| factor >= high * (1.0 - 1e-12)),
        ));
    }
    if !raked.converged {
        (report.margins, report.numbers) = (work.margins(Some(&factors)), work.numbers(Some(&factors)));
        let error = unreached(targets, raked.worst, raked.iterations, report.at_limits);
        return Err(Refusal { errors: vec![error], report: Box::new(report) });
    }
    if let Some(trim) = &targets.trim
        && let Err(error) = work.trim(trim, &mut factors, &mut report)
    {
        (report.margins, report.numbers) = (work.margins(Some(&factors)), work.numbers(Some(&factors)));
        return Err(Refusal { errors: vec![error], report: Box::new(report) });
    }
    (report.margins, report.numbers) = (work.margins(Some(&factors)), work.numbers(Some(&factors)));
    let weight = |(&cell, &base): (&u32, &u64)| match cell {
        NOBODY => 0.0,
        cell => base as f64 * scale * factors[cell as usize],
    };
    let weights: Vec<f64> = cells.of.iter().zip(&base).map(weight).collect();
    let positive = weights.iter().zip(&cells.of).filter(|(_, cell)| **cell != NOBODY);
    report.weights = Spread::of(positive.map(|(weight, _)| *weight).collect());
    // As R's `postStratify` and `calibrate` have it; `rake` fits by respondents.
    let counts = targets.method == Method::Cell || targets.bounds.is_some() || !numbers.is_empty();
    let cut = matches!(targets.trim, Some(Trim { by: TrimBy::Spread { .. }, .. }));
    Ok(Weighting { weights, report, cells, margins, numbers, base: counts.then_some(base), cut })
}

/// What each category of a margin shall have, missing and not asked at the end.
fn wanted(margin: &Margin, cells: &Cells, targets: &Targets, total: f64) -> Vec<f64> {
    let place = targets.margins.iter().position(|other| std::ptr::eq(other, margin)).unwrap_or(0);
    let count = margin.targets.len();
    let mut not_given = [0_u128; 2];
    for (&category, base) in cells.categories[place].iter().zip(&cells.base) {
        if let Some(state) = (category as usize).checked_sub(count)
            && margin.missing == Missing::Own
        {
            not_given[state] += base;
        }
    }
    let all: u128 = cells.base.iter().sum();
    let share = |part: u128| if all == 0 { 0.0 } else { part as f64 / all as f64 };
    // Who is missing keeps the share of the base weights; the targets are of the others.
    let given = share(all - not_given[0] - not_given[1]);
    let sum: f64 = margin.targets.iter().flatten().sum();
    let wanted = margin.targets.iter().map(|target| target.unwrap_or(0.0) / sum * total * given);
    wanted.chain(not_given.map(|part| share(part) * total)).collect()
}

/// What the steps of weighting share.
pub(super) struct Work<'a> {
    pub(super) targets: &'a Targets,
    pub(super) survey: &'a Survey,
    cells: &'a Cells,
    /// Each cell's value of every number that has a target.
    numbers: &'a [Vec<f64>],
    /// How many did not give it.
    pub(super) missing: &'a [u64],
    /// What each category of each margin shall have.
    sums: &'a [Vec<f64>],
    /// What the weights add up to.
    total: f64,
    /// What base weights are multiplied by to have the sum of the weights.
    scale: f64,
}

impl Work<'_> {
    /// Respondents in each category of a margin, missing and not asked at the end.
    pub(super) fn counts(&self, place: usize) -> Vec<u64> {
        let mut counts = vec![0; self.targets.margins[place].targets.len() + 2];
        for (&category, count) in self.cells.categories[place].iter().zip(&self.cells.respondents) {
            counts[category as usize] += count;
        }
        counts
    }

    fn limits(&self) -> Limits {
        // What a limit on weights is as a limit on the factor of a cell.
        let on_weights = |from: f64, to: f64| -> Vec<(f64, f64)> {
            let limits = self.cells.each.iter().map(|&each| each as f64 * self.scale);
            limits.map(|each| (from / each, to / each)).collect()
        };
        match (&self.targets.bounds, &self.targets.trim) {
            (Some(Bounds::Ratio { from, to }), _) => {
                Limits::Bounds(vec![(*from, *to); self.cells.base.len()])
            }
            (Some(Bounds::Absolute { from, to }), _) => Limits::Bounds(on_weights(*from, *to)),
            (None, Some(Trim { from, to, by: TrimBy::Rerake, .. })) => Limits::Cut(on_weights(*from, *to)),
            (None, _) => Limits::None,
        }
    }

    fn rake(&self) -> Raked {
        let base: Vec<f64> = self.cells.base.iter().map(|&base| base as f64 * self.scale).collect();
        let values = self.numbers.iter().cloned();
        let numbers: Vec<(Vec<f64>, f64)> = values
            .zip(&self.targets.numbers)
            .map(|(values, number)| (values, number.total(self.total)))
            .collect();
        let problem = Problem {
            base: &base,
            categories: &self.cells.categories[..self.targets.margins.len()],
            targets: self.sums,
            numbers: &numbers,
            total: self.total,
            limits: self.limits(),
        };
        rake(&problem, self.targets.tolerance, self.targets.iterations)
    }

    /// Cuts weights after raking, where that was asked for.
    fn trim(&self, trim: &Trim, factors: &mut [f64], report: &mut Report) -> Result<(), Diagnostic> {
        let TrimBy::Spread { strict } = trim.by else {
            let cut = report.at_limits.map_or(0, |(low, high)| low + high);
            report.trimmed = Some((trim.by, cut, 0));
            return Ok(());
        };
        let each: Vec<f64> = self.cells.each.iter().map(|&each| each as f64 * self.scale).collect();
        let mut weights: Vec<f64> = each.iter().zip(&*factors).map(|(each, factor)| each * factor).collect();
        let cut = spread(&mut weights, &self.cells.respondents, (trim.from, trim.to), strict);
        factors
            .iter_mut()
            .zip(&weights)
            .zip(&each)
            .for_each(|((factor, weight), each)| *factor = weight / each);
        let Some(cut) = cut else {
            let error = Diagnostic::error(
                "expected weights that can be cut to their limits, found too few within them",
            );
            let hint = "the weights add up to more, or to less, than the limits allow; widen them";
            return Err(error.hint(hint).span(&self.targets.source, trim.span.clone()));
        };
        let outside = |weight: &f64| *weight < trim.from || *weight > trim.to;
        let outside = weights.iter().zip(&self.cells.respondents).filter(|(weight, _)| outside(weight));
        report.trimmed = Some((trim.by, cut, outside.map(|(_, count)| count).sum()));
        Ok(())
    }

    /// Target against achieved.
    fn margins(&self, factors: Option<&[f64]>) -> Vec<MarginReport> {
        let of_margin = |(place, margin): (usize, &Margin)| {
            let counts = self.counts(place);
            let mut achieved = vec![0.0; counts.len()];
            if let Some(factors) = factors {
                let cells = self.cells.categories[place].iter().zip(&self.cells.base).zip(factors);
                for ((&category, &base), factor) in cells {
                    achieved[category as usize] += base as f64 * self.scale * factor;
                }
            }
            let given = margin.targets.len();
            let told = |category: &usize| {
                counts[*category] > 0 || margin.targets.get(*category).is_some_and(Option::is_some)
            };
            let row = |category: usize| RowReport {
                code: if category < given { self.code(margin, category) } else { String::new() },
                label: self.label(margin, category),
                respondents: counts[category],
                target: match margin.targets.get(category) {
                    Some(None) => None,
                    Some(Some(_)) => Some(self.sums[place][category]),
                    None => (margin.missing == Missing::Own).then(|| self.sums[place][category]),
                },
                achieved: factors.map(|_| achieved[category]),
            };
            MarginReport {
                id: margin.name(self.survey),
                heading: self.heading(margin),
                rows: (0..given + 2).filter(told).map(row).collect(),
            }
        };
        self.targets.margins.iter().enumerate().map(of_margin).collect()
    }

    /// Target against achieved, of numbers.
    fn numbers(&self, factors: Option<&[f64]>) -> Vec<NumberReport> {
        let of_number = |((number, values), &missing): ((&NumberTarget, &Vec<f64>), &u64)| {
            let question = &self.survey.questions[number.question];
            let cells = || values.iter().zip(&self.cells.respondents);
            let respondents = cells().map(|(_, count)| count).sum::<u64>() - missing;
            // Who gave none is 0 in the sum.
            let sum: f64 = cells().map(|(value, &count)| value * count as f64).sum();
            let weighted = |factors: &[f64]| {
                let cells = values.iter().zip(&self.cells.base).zip(factors);
                cells.map(|((value, &base), factor)| value * base as f64 * self.scale * factor).sum()
            };
            NumberReport {
                id: question.id.clone(),
                heading: question.heading().to_string(),
                of: number.of,
                respondents,
                sample: (respondents > 0).then(|| sum / respondents as f64),
                target: number.total(self.total),
                achieved: factors.map(weighted),
            }
        };
        self.targets.numbers.iter().zip(self.numbers).zip(self.missing).map(of_number).collect()
    }

    /// The least and the greatest total that a number can have under the margins.
    pub(super) fn reach(&self, number: usize) -> (f64, f64) {
        let margins = &self.cells.categories[..self.targets.margins.len()];
        reach(&self.numbers[number], margins, self.sums, self.total)
    }

    /// What a number's total shall be.
    pub(super) fn wanted(&self, number: &NumberTarget) -> f64 {
        number.total(self.total)
    }

    /// What the weights add up to, for a total in units of the mean.
    pub(super) fn per_mean(&self, number: &NumberTarget) -> f64 {
        match number.of {
            NumberOf::Total => 1.0,
            NumberOf::Mean => self.total,
        }
    }

    /// What a margin is of, in words.
    fn heading(&self, margin: &Margin) -> String {
        let heading = |member: &Member| {
            let question = self.survey.questions[member.question()].heading();
            match member {
                Member::Options(_) => question.to_string(),
                Member::Net { label, .. } => format!("{question}: {label}"),
            }
        };
        margin.members.iter().map(heading).collect::<Vec<_>>().join(" × ")
    }

    /// The places of a category on the sides of a margin.
    fn places(&self, margin: &Margin, mut category: usize) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        for member in margin.members.iter().rev() {
            let count = member.categories(self.survey);
            places.push(category % count);
            category /= count;
        }
        places.reverse();
        places
    }

    pub(super) fn code(&self, margin: &Margin, category: usize) -> String {
        let code = |(member, place): (&Member, usize)| match member {
            Member::Options(question) => self.survey.questions[*question].options[place].code.to_string(),
            Member::Net { .. } => ["any", "none"][place].to_string(),
        };
        let places = self.places(margin, category);
        margin.members.iter().zip(places).map(code).collect::<Vec<_>>().join(">")
    }

    fn label(&self, margin: &Margin, category: usize) -> RowLabel {
        match (category.checked_sub(margin.targets.len()), margin.members.as_slice()) {
            (Some(0), _) => RowLabel::Missing,
            (Some(_), _) => RowLabel::NotAsked,
            (None, [Member::Net { label, .. }]) if category == 0 => RowLabel::Words(label.clone()),
            (None, [Member::Net { .. }]) => RowLabel::NoneOf,
            (None, members) => {
                let label = |(member, place): (&Member, usize)| {
                    let options = &self.survey.questions[member.question()].options;
                    options[place].label.clone()
                };
                let places = self.places(margin, category);
                RowLabel::Words(members.iter().zip(places).map(label).collect::<Vec<_>>().join(" × "))
            }
        }
    }
}
