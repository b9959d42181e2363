//! `feasible`: which counts and bases printed percentages can have.

use std::io::Write;
use std::ops::RangeInclusive;

use super::figure_arguments::{Feasible, ReportFormat, RuleChoice};
use super::output::Output;
use super::tables::extension;
use crate::diag::{Diagnostic, Failure, plural};
use crate::figures::{LARGEST_BASE, Published, Rule};
use crate::render::Feasibility;

/// Answers; nothing that fits is exit code 1.
pub fn run(arguments: &Feasible) -> anyhow::Result<Vec<Diagnostic>> {
    if !arguments.count.is_empty() && arguments.count.len() != arguments.percents.len() {
        let error = Diagnostic::error(format!(
            "expected a count for each percentage, found {} for {}",
            plural(arguments.count.len() as u64, "count"),
            plural(arguments.percents.len() as u64, "percentage")
        ));
        return Err(
            Failure::Refused(vec![error.hint("as in `renkei feasible 87.9 79.1 --count 459,413`")]).into()
        );
    }
    let published = Published {
        percents: arguments.percents.clone(),
        counts: (!arguments.count.is_empty()).then(|| arguments.count.clone()),
        rule: arguments.rule.into(),
        parts: arguments.parts,
    };
    let least = arguments.count.iter().copied().max().unwrap_or(1).max(1);
    let within = match arguments.n.is_empty() {
        true => vec![least..=LARGEST_BASE],
        false => arguments.n.iter().map(|bases| bases.0.clone()).collect(),
    };
    let mut output = Output::open(arguments.out.as_deref(), &[])?;
    let feasibility = Feasibility::new(published, within);
    let json = extension(arguments.out.as_deref()) == Some("json");
    let text = match arguments.format {
        Some(ReportFormat::Json) => feasibility.json(),
        None if json => feasibility.json(),
        _ => feasibility.text(arguments.lang.into()),
    };
    let written = output.write_all(text.as_bytes());
    output.finish(written)?;
    if feasibility.fitting.is_empty() {
        // All is said in the output.
        return Err(Failure::Refused(Vec::new()).into());
    }
    Ok(Vec::new())
}

impl From<RuleChoice> for Rule {
    fn from(choice: RuleChoice) -> Rule {
        match choice {
            RuleChoice::HalfUp => Rule::HalfUp,
            RuleChoice::HalfEven => Rule::HalfEven,
            RuleChoice::Truncate => Rule::Truncate,
        }
    }
}

/// `604` or `1..75`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bases(pub RangeInclusive<u64>);

/// Reads a base or a range of bases.
pub fn bases(typed: &str) -> Result<Bases, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok().filter(|n| (1..=LARGEST_BASE).contains(n));
    let (from, to) = typed.split_once("..").unwrap_or((typed, typed));
    match (number(from), number(to.trim_start_matches('='))) {
        (Some(from), Some(to)) if from <= to => Ok(Bases(from..=to)),
        _ => {
            Err("expected a number of respondents such as `604`, or a range such as `1..75`, at most 1000000"
                .into())
        }
    }
}
