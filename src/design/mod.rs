//! The sample as it was drawn: strata, sampling units in stages, finite populations, replicate weights.
//!
//! In: a [`crate::schema::Survey`] with its design, or none, and the columns of it in a
//! [`crate::frame::Dataset`]. Out: a [`Sample`] in the order in which variances are summed, or what is wrong
//! with the design. This room must not know questions, tables or intervals.

mod calibration;
mod rank;
mod replicates;
mod stages;

pub use calibration::Calibration;
pub use replicates::Replicates;
pub use stages::{Group, Pool, Stage, Stages};

use crate::diag::{Diagnostic, Place, Source};
use crate::frame::Dataset;
use crate::schema::{Design, Survey};
use std::ops::Range;
use std::sync::Arc;

/// A sample.
#[derive(Debug, Clone)]
pub struct Sample {
    /// How variances are had.
    pub method: Method,
    /// What is known of how it was drawn.
    pub about: About,
    /// The margins that the weights were made to reach, where that was in this run.
    pub calibration: Option<Calibration>,
}

/// How variances are had.
#[derive(Debug, Clone)]
pub enum Method {
    /// From totals of sampling units, by linearisation.
    Linearised(Stages),
    /// From replicate weights.
    Replicated(Replicates),
}

/// What is known of how a sample was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Nothing: respondents drawn independently.
    Undeclared,
    /// The weights only.
    Weights,
    /// Strata, clusters or finite populations.
    Stages,
    /// Replicate weights.
    Replicates,
}

impl Sample {
    /// Whether more is known than weights: a design, or margins that they were made to reach.
    pub fn is_known(&self) -> bool {
        matches!(self.about, About::Stages | About::Replicates) || self.calibration.is_some()
    }

    /// The sample behind a dataset, which must have been read with its design where the survey has one.
    ///
    /// # Errors
    /// Everything that is wrong with the design.
    pub fn of(survey: &Survey, dataset: &Dataset) -> Result<Sample, Vec<Diagnostic>> {
        let respondents = dataset.respondents as usize;
        match (&survey.design, &dataset.design) {
            (Some(Design::Stages(design)), Some(columns)) => {
                let stages = Stages::of(design, columns, respondents);
                let stages = stages.map_err(|errors| placed(errors, &survey.source, &design.span))?;
                Ok(Sample { method: Method::Linearised(stages), about: About::Stages, calibration: None })
            }
            (Some(Design::Replicates(design)), Some(columns)) => {
                let replicates = Replicates::of(design, columns, dataset);
                let (method, about) = (Method::Replicated(replicates), About::Replicates);
                Ok(Sample { method, about, calibration: None })
            }
            _ => {
                let about = if dataset.weight_name.is_some() { About::Weights } else { About::Undeclared };
                let method = Method::Linearised(Stages::independent(respondents));
                Ok(Sample { method, about, calibration: None })
            }
        }
    }
}

fn placed(errors: Vec<Diagnostic>, source: &Arc<Source>, span: &Range<usize>) -> Vec<Diagnostic> {
    let place = Place::Span { source: Arc::clone(source), span: span.clone() };
    errors.into_iter().map(|error| error.at(place.clone())).collect()
}
