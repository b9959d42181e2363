//! A sample drawn in stages, as R's `svydesign` and `svyrecvar` understand it.
//!
//! Units of the first stage were drawn within strata, those of a further stage within units of the stage
//! before. A further stage counts only where the populations of its stages are known; without them the
//! variance between first units stands for all (the ultimate cluster).

use crate::diag::{Diagnostic, plural, quote};
use crate::frame::DesignColumns;
use crate::schema::{Lonely, Stages as Declared};

/// How many strata or units a message names.
const NAMED: usize = 5;
/// A stratum of which this part or less was left out has no variance, as in R.
const NOTHING_LEFT: f64 = 1e-7;

/// A sample drawn in stages.
#[derive(Debug, Clone)]
pub struct Stages {
    /// Respondents, those of a unit side by side.
    pub order: Vec<u32>,
    /// The first stage first; at least one.
    pub stages: Vec<Stage>,
    /// Strata without a single other unit count as much as the others do on average.
    pub averaged: bool,
    /// Sampling units were declared; otherwise respondents are the units.
    pub clustered: bool,
    /// Strata were declared.
    pub stratified: bool,
    /// Populations were declared.
    pub finite: bool,
}

/// One stage.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// Where each unit ends: of the last stage in `order`, of an earlier one in the groups of the next stage,
    /// of which each unit is one.
    pub units: Vec<u32>,
    /// The strata of the first stage, and the units of the stage before.
    pub groups: Vec<Group>,
}

/// Units drawn from one population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Where it ends in the stage's units.
    pub end: u32,
    /// How its units' totals become a variance.
    pub pool: Pool,
}

/// How the totals of a group's units become a variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pool {
    /// Squares around their mean, times a factor.
    Centred(f64),
    /// The square of the only unit, times a factor.
    Uncentred(f64),
    /// Nothing.
    Nothing,
    /// Not known: the other groups stand for it.
    Unknown,
}

impl Stages {
    /// Respondents drawn independently, without a design.
    pub fn independent(respondents: usize) -> Stages {
        let n = count32(respondents);
        let pool = match respondents {
            0 | 1 => Pool::Unknown,
            _ => Pool::Centred(respondents as f64 / (respondents - 1) as f64),
        };
        Stages {
            order: (0..n).collect(),
            stages: vec![Stage { units: (1..=n).collect(), groups: vec![Group { end: n, pool }] }],
            averaged: true,
            clustered: false,
            stratified: false,
            finite: false,
        }
    }

    /// The sample of a declared design.
    pub(super) fn of(
        declared: &Declared,
        columns: &DesignColumns,
        respondents: usize,
    ) -> Result<Stages, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        errors.extend(clusters_across_strata(declared, columns));
        let fractions = fractions(columns);
        let mixed = fractions.is_err();
        let fractions = fractions.unwrap_or_else(|error| {
            errors.push(error);
            false
        });
        // Further stages matter only where populations are known.
        let levels = if declared.fpc.is_empty() { 1 } else { declared.clusters.len().max(1) };
        let code = |respondent: u32, level: usize| match level {
            0 => columns.strata.as_ref().map_or(0, |strata| strata.codes[respondent as usize]),
            level => match columns.clusters.get(level - 1) {
                Some(units) => units.codes[respondent as usize],
                // Respondents are the units.
                None => respondent,
            },
        };
        let mut order: Vec<u32> = (0..count32(respondents)).collect();
        order.sort_by(|&one, &other| {
            (0..=levels)
                .map(|level| code(one, level).cmp(&code(other, level)))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        // The outermost level at which each respondent begins something new.
        let begins: Vec<usize> = (0..order.len())
            .map(|place| match place {
                0 => 0,
                place => (0..=levels)
                    .find(|&level| code(order[place], level) != code(order[place - 1], level))
                    .unwrap_or(levels + 1),
            })
            .collect();
        let mut sample = Stages {
            stages: vec![Stage::default(); levels],
            averaged: declared.lonely == Some(Lonely::Average),
            clustered: !columns.clusters.is_empty(),
            stratified: columns.strata.is_some(),
            finite: !columns.populations.is_empty(),
            order,
        };
        let (mut varying, mut lone, mut alone) = (Vec::new(), Vec::new(), Vec::new());
        let mut crowded: Vec<(usize, String, String)> = Vec::new();
        // What the earlier stages' sampling fractions come to, by stage.
        let mut drawn = vec![1.0; levels + 1];
        for place in 0..sample.order.len() {
            let new = begins[place];
            for level in new..levels {
                let stage = level;
                // The group's units: how often the next level begins before this level or an earlier one does.
                let later = (place + 1..sample.order.len()).take_while(|&later| begins[later] > level);
                let end = later.clone().last().map_or(place + 1, |last| last + 1);
                let units = 1 + later.filter(|&later| begins[later] == level + 1).count();
                let population = columns.populations.get(stage).map(|numbers| {
                    let all = sample.order[place..end].iter().map(|&respondent| numbers[respondent as usize]);
                    let first = numbers[sample.order[place] as usize];
                    (first, all.clone().any(|number| number != first))
                });
                let name = || group_name(columns, &sample.order[place..end], level);
                if let Some((_, true)) = population {
                    varying.push((stage, name()));
                }
                let size = units as f64;
                let population = population.map(|(number, _)| if fractions { size / number } else { number });
                if let Some(population) = population.filter(|population| *population < size) {
                    crowded.push((
                        stage,
                        name(),
                        format!("{population} in {}, of which the sample has {units}", name()),
                    ));
                }
                let left = population.map_or(1.0, |population| ((population - size) / population).max(0.0));
                drawn[level + 1] = drawn[level] * population.map_or(1.0, |population| size / population);
                let before = drawn[level];
                let pool = match (units, declared.lonely) {
                    _ if left < NOTHING_LEFT => Pool::Nothing,
                    (1, None) => {
                        lone.push((stage, name()));
                        Pool::Unknown
                    }
                    (1, Some(Lonely::Adjust)) => Pool::Uncentred(before * left),
                    (1, Some(Lonely::Average)) if stage > 0 => {
                        alone.push((stage, name()));
                        Pool::Unknown
                    }
                    (1, Some(Lonely::Average)) => Pool::Unknown,
                    (1, Some(Lonely::Certainty | Lonely::Remove)) => Pool::Nothing,
                    (units, _) => Pool::Centred(before * left * units as f64 / (units - 1) as f64),
                };
                let first = sample.stages[stage].groups.last().map_or(0, |group| group.end);
                let end = first + count32(units);
                sample.stages[stage].groups.push(Group { end, pool });
            }
            // A unit of the last stage begins here, so the one before ends.
            if place > 0 && new <= levels {
                sample.stages[levels - 1].units.push(count32(place));
            }
        }
        if let Some(last) = sample.stages.last_mut().filter(|_| !sample.order.is_empty()) {
            last.units.push(count32(sample.order.len()));
        }
        // A unit of an earlier stage is a group of the next.
        for level in 0..levels.saturating_sub(1) {
            let groups = count32(sample.stages[level + 1].groups.len());
            sample.stages[level].units = (1..=groups).collect();
        }
        errors.extend(varying_error(declared, &varying));
        errors.extend(crowded_error(declared, &crowded).filter(|_| !mixed));
        errors.extend(alone_error(&alone));
        errors.extend(lonely_error(&lone));
        if errors.is_empty() { Ok(sample) } else { Err(errors) }
    }
}

/// Whether populations are given as fractions drawn; they cannot be both.
fn fractions(columns: &DesignColumns) -> Result<bool, Diagnostic> {
    let mut numbers = columns.populations.iter().flatten();
    let above = numbers.clone().any(|&number| number > 1.0);
    if above && numbers.any(|&number| number < 1.0) {
        let message =
            "expected `fpc` as numbers of units (1 or more) or as fractions drawn (1 or less), found both";
        return Err(Diagnostic::error(message));
    }
    Ok(!above)
}

/// A cluster that stands in two strata, where ids are not said to repeat.
fn clusters_across_strata(declared: &Declared, columns: &DesignColumns) -> Option<Diagnostic> {
    let (strata, clusters) = (columns.strata.as_ref()?, columns.clusters.first()?);
    if declared.nest {
        return None;
    }
    let mut stratum_of: Vec<Option<u32>> = vec![None; clusters.labels.len()];
    let mut across: Vec<u32> = Vec::new();
    for (&cluster, &stratum) in clusters.codes.iter().zip(&strata.codes) {
        let known = stratum_of[cluster as usize].get_or_insert(stratum);
        if *known != stratum && !across.contains(&cluster) {
            across.push(cluster);
        }
    }
    if across.is_empty() {
        return None;
    }
    across.sort_unstable();
    let names: Vec<String> =
        across.iter().map(|&cluster| clusters.labels[cluster as usize].to_string()).collect();
    let message = format!(
        "{} of {} {} in more than one stratum: {}",
        plural(names.len() as u64, "cluster"),
        quote(&declared.clusters[0]),
        if names.len() == 1 { "stands" } else { "stand" },
        listed(&names)
    );
    Some(Diagnostic::error(message).hint("if ids repeat between strata, say `nest = true`"))
}

/// A group's population, which respondents tell differently.
fn varying_error(declared: &Declared, varying: &[(usize, String)]) -> Option<Diagnostic> {
    let (stage, first) = varying.first()?;
    let column = quote(&declared.fpc[*stage]);
    Some(match varying.len() {
        1 => Diagnostic::error(format!(
            "expected one number in {column} for all respondents of {first}, found several"
        )),
        many => Diagnostic::error(format!(
            "expected one number in {column} for all respondents of a stratum, found several in {many}: {}",
            listed(&names(varying))
        )),
    })
}

/// More units in the sample than there are.
fn crowded_error(declared: &Declared, crowded: &[(usize, String, String)]) -> Option<Diagnostic> {
    let (stage, _, first) = crowded.first()?;
    let column = quote(&declared.fpc[*stage]);
    let more = match crowded.len() {
        1 => String::new(),
        many => format!(", and so on in {}", plural(many as u64 - 1, "other stratum")),
    };
    let error =
        Diagnostic::error(format!("{column} has sampling units fewer than the sample: {first}{more}"));
    Some(error.hint("`fpc` counts the sampling units of the stage in the population, not respondents"))
}

/// Single units of a later stage, which nothing can stand for.
fn alone_error(alone: &[(usize, String)]) -> Option<Diagnostic> {
    let (stage, first) = alone.first()?;
    let error = Diagnostic::error(format!(
        "{first} has only one sampling unit at stage {}, and `average` has no other stratum to go by there",
        stage + 1
    ));
    Some(error.hint("say `lonely = \"adjust\"`, `\"certainty\"` or `\"remove\"`"))
}

/// Strata with a single unit, where nothing is said of them.
fn lonely_error(lone: &[(usize, String)]) -> Option<Diagnostic> {
    let (stage, first) = lone.first()?;
    let same: Vec<(usize, String)> = lone.iter().filter(|(of, _)| of == stage).cloned().collect();
    let at = if *stage == 0 { String::new() } else { format!(" at stage {}", stage + 1) };
    let message = match same.len() {
        1 => format!("{first} has only one sampling unit{at}, and no variance"),
        many => {
            format!(
                "{many} strata have only one sampling unit{at}, and no variance: {}",
                listed(&names(&same))
            )
        }
    };
    Some(
        Diagnostic::error(message)
            .hint("join such strata with similar ones, or say under `[survey.design]` what they count for:")
            .hint("`lonely = \"adjust\"`: the unit's distance from the mean of the whole sample")
            .hint("`lonely = \"average\"`: as much as the other strata on average")
            .hint("`lonely = \"certainty\"`: nothing, for the unit was certain to be drawn")
            .hint("`lonely = \"remove\"`: nothing, though it was not"),
    )
}

fn names(groups: &[(usize, String)]) -> Vec<String> {
    groups.iter().map(|(_, name)| name.clone()).collect()
}

/// What messages call a group: its stratum, or the unit of the stage before.
fn group_name(columns: &DesignColumns, members: &[u32], level: usize) -> String {
    let Some(&first) = members.first() else { return String::new() };
    let label = |units: &crate::frame::Units| quote(&units.labels[units.codes[first as usize] as usize]);
    match (level, &columns.strata) {
        (0, Some(strata)) => format!("stratum {}", label(strata)),
        (0, None) => "the sample".to_string(),
        (level, _) => {
            columns.clusters.get(level - 1).map_or(String::new(), |units| format!("unit {}", label(units)))
        }
    }
}

fn listed(names: &[String]) -> String {
    let mut shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    if names.len() > NAMED {
        shown.push("…");
    }
    shown.join(", ")
}

fn count32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
