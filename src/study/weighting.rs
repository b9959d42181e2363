//! The data of a study as they are read, with the weights that it makes of targets, and the sample behind them.

use super::resolve::Study;
use crate::design::{Calibration, Sample};
use crate::diag::{Failure, Progress};
use crate::frame::{Dataset, ReadOptions, read_all};
use crate::schema::QuestionIndex;
use crate::weight::weigh;

impl Study {
    /// Reads the data, weighted to the study's targets where it has any.
    ///
    /// # Errors
    /// Data that are refused, and targets that cannot be reached.
    pub(super) fn read(
        &self,
        questions: &[QuestionIndex],
        options: &ReadOptions,
        reading: &dyn Progress,
    ) -> Result<(Dataset, Option<Calibration>), Failure> {
        let Some((targets, name)) = &self.targets else {
            return Ok((read_all(&self.data, &self.survey, questions, options, reading)?, None));
        };
        let mut questions = questions.to_vec();
        questions.extend(targets.questions());
        questions.sort_unstable();
        questions.dedup();
        let mut dataset = read_all(&self.data, &self.survey, &questions, options, reading)?;
        let made =
            weigh(targets, &self.spoken, &dataset).map_err(|refusal| Failure::Refused(refusal.errors))?;
        dataset.reweigh(&made.weights, name).map_err(|error| Failure::Refused(vec![error]))?;
        let reached = made.reached();
        let calibration = reached.map(|reached| {
            Calibration::new(&reached.margins, &reached.numbers, &reached.weighted, reached.base)
        });
        Ok((dataset, calibration))
    }

    /// Whether tests go by a sample: a design, or weights made of targets.
    pub(super) fn is_tested_under_design(&self) -> bool {
        let known = self.survey.design.is_some() || self.targets.is_some();
        let sections = self.report.iter().flat_map(|report| report.requests()).flatten();
        let mut requests = self.books.iter().map(|book| &book.request).chain(sections);
        known && requests.any(|request| request.joint.design())
    }

    /// The sample behind the data, where tests go by it.
    ///
    /// # Errors
    /// Everything that is wrong with the design.
    pub(super) fn sample(
        &self,
        dataset: &Dataset,
        calibration: Option<Calibration>,
    ) -> Result<Option<Sample>, Failure> {
        if !self.is_tested_under_design() {
            return Ok(None);
        }
        let sample = Sample::of(&self.survey, dataset).map_err(Failure::Refused)?;
        Ok(Some(Sample { calibration, ..sample }))
    }
}
