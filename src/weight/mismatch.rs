//! Where targets and replies do not meet, and targets that are not reached, for the user.

use super::number;
use super::read::as_typed;
use super::targets::{Missing, NumberOf, NumberTarget, Targets};
use super::weigh::Work;
use crate::diag::{Diagnostic, listed, plural, quote, thousands};

impl Work<'_> {
    /// Replies without a target and targets without replies.
    pub(super) fn mismatches(&self) -> Vec<Diagnostic> {
        let mut errors = Vec::new();
        for (place, margin) in self.targets.margins.iter().enumerate() {
            let counts = self.counts(place);
            let name = quote(&margin.name(self.survey));
            let here = |error: Diagnostic| error.span(&self.targets.source, margin.place());
            let given = margin.targets.len();
            let (missing, not_asked) = (counts[given], counts[given + 1]);
            if margin.missing == Missing::Error && missing + not_asked > 0 {
                let states = [(missing, "missing"), (not_asked, "not asked")];
                let states = states.iter().filter(|(count, _)| *count > 0);
                let told: Vec<String> =
                    states.map(|(count, state)| format!("{} {state}", thousands(*count))).collect();
                let error =
                    format!("expected a reply to {name} of every respondent, found {}", told.join(" and "));
                let hint = "`missing = \"own\"` makes them a category that keeps its share";
                errors.push(here(Diagnostic::error(error).hint(hint)));
            }
            let unmatched: Vec<usize> = (0..given)
                .filter(|&category| counts[category] > 0 && margin.targets[category].is_none())
                .collect();
            if !unmatched.is_empty() {
                let of = |category: &usize| {
                    let count = plural(counts[*category], "respondent");
                    format!("{} ({count})", quote(&self.code(margin, *category)))
                };
                let error = format!("{name} has no target for {}", listed(unmatched.iter().map(of)));
                errors.push(here(Diagnostic::error(error).hint("a target of 0 gives them weight zero")));
            }
            let wanted = |category: usize| margin.targets[category].is_some_and(|target| target > 0.0);
            let empty: Vec<usize> =
                (0..given).filter(|&category| counts[category] == 0 && wanted(category)).collect();
            if !empty.is_empty() {
                let of = |category: &usize| quote(&self.code(margin, *category));
                let error = format!(
                    "nobody is in {} of {name}, where the target is above zero",
                    listed(empty.iter().map(of))
                );
                let hint = "put categories together in a derived question and target that";
                errors.push(here(Diagnostic::error(error).hint(hint)));
            }
        }
        errors.extend(self.targets.numbers.iter().enumerate().filter_map(|(place, number)| {
            let id = &self.survey.questions[number.question].id;
            match self.missing[place] {
                0 => self.out_of_reach(place, number, id),
                missing => Some(number::missing(id, missing, self.targets, number.span.clone())),
            }
        }));
        errors
    }

    /// That no weights can give a number its target while the margins have theirs.
    fn out_of_reach(&self, place: usize, number: &NumberTarget, id: &str) -> Option<Diagnostic> {
        let (least, greatest) = self.reach(place);
        let wanted = self.wanted(number);
        let same = (greatest - least).abs() <= 1e-9 * greatest.abs();
        // Nobody's weight is quite zero, so the ends themselves are out of reach, but for a number that is the same for
        // everybody.
        let inside = least < wanted && wanted < greatest;
        if inside || (same && (wanted - least).abs() <= 1e-9 * least.abs()) || !least.is_finite() {
            return None;
        }
        let unit = self.per_mean(number);
        let (word, [wanted, least, greatest]) = match number.of {
            NumberOf::Total => ("total", [wanted, least, greatest].map(as_typed)),
            NumberOf::Mean => ("mean", [wanted, least, greatest].map(|total| as_typed(total / unit))),
        };
        let error = format!("no weights give {} a {word} of {wanted}", quote(id));
        let hint = format!(
            "among those who answered, and with the other targets, it is above {least} and below {greatest}"
        );
        Some(Diagnostic::error(error).hint(hint).span(&self.targets.source, number.span.clone()))
    }
}

/// That raking did not reach its targets.
pub(super) fn unreached(
    targets: &Targets,
    worst: f64,
    iterations: u32,
    at_limits: Option<(u64, u64)>,
) -> Diagnostic {
    let error = Diagnostic::error(format!(
        "the targets are not reached after {}: the worst {} is off by {}%",
        plural(u64::from(iterations), "iteration"),
        if targets.numbers.is_empty() { "category" } else { "target" },
        shown_percent(worst)
    ));
    let error = error.at(crate::diag::Place::File(targets.source.name.clone()));
    match at_limits {
        Some((low, high)) if low + high > 0 => error.hint(format!(
            "{} are at the lowest and {} at the highest weight; widen the limits or put categories together",
            plural(low, "respondent"),
            plural(high, "respondent")
        )),
        _ => error.hint(
            "margins that contradict each other among those who answered cannot be reached; put small \
             categories together, or say more `iterations`",
        ),
    }
}

/// A part as a percentage of three significant digits.
fn shown_percent(part: f64) -> String {
    let percent = part * 100.0;
    if percent >= 0.001 {
        format!("{}", (percent * 1000.0).round() / 1000.0)
    } else {
        format!("{percent:.1e}")
    }
}
