//! `sampling-error`: 標本誤差早見表.

use super::interval_arguments::SamplingErrorArguments;
use super::output::Output;
use crate::diag::{Diagnostic, Failure, thousands};
use crate::sheet::sampling_errors;

/// Writes the table.
pub fn run(arguments: &SamplingErrorArguments) -> anyhow::Result<Vec<Diagnostic>> {
    if let Some(population) = arguments.population {
        let above = arguments.n.iter().filter(|&&n| n > population).map(|&n| {
            let error = Diagnostic::error(format!(
                "expected at most the {} of `--population` in `--n`, found {}",
                thousands(population),
                thousands(n)
            ));
            error.hint("`--population` is how many the sample is of")
        });
        let errors: Vec<Diagnostic> = above.collect();
        if !errors.is_empty() {
            return Err(Failure::Refused(errors).into());
        }
    }
    let output = Output::open(arguments.shown.out.as_deref(), &[])?;
    let (population, stages) = (arguments.population, arguments.two_stage);
    let sheet =
        sampling_errors(&arguments.n, population, stages, arguments.decimals, arguments.shown.lang.into());
    arguments.shown.write(output, &[sheet])?;
    Ok(Vec::new())
}
