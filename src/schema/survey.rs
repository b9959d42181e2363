//! The survey as a whole, as typed: `[survey]` and its 調査概要, `[survey.about]`.

use super::design;
use super::disclosure::{self, TypedDisclosure};
use super::resubmission;
use super::sent::{self, TypedSent};
use super::typed::NO_ANSWER;
use super::{Design, FieldPeriod, NoAnswer, Resubmission, Sampling, check, dates};
use crate::calendar::Day;
use crate::diag::{Diagnostic, quote, thousands};
use crate::toml::{Keys, Mistakes, Typed};

/// `[survey]`
#[derive(Default)]
pub(super) struct TypedSurvey {
    pub id: Option<Typed<String>>,
    pub title: Option<Typed<String>>,
    pub era: bool,
    pub respondent: Option<Typed<String>>,
    pub weight: Option<Typed<String>>,
    pub count: Option<Typed<String>>,
    pub resubmission: Option<Typed<Resubmission>>,
    pub no_answer: Option<NoAnswer>,
    pub unit: Option<String>,
    pub sampling: Option<Sampling>,
    pub design: Option<Design>,
    pub about: Vec<(String, String)>,
    pub field_period: Option<FieldPeriod>,
    /// `sent` of the 調査概要.
    pub sent_to_all: Option<Typed<u64>>,
    pub sent: Option<TypedSent>,
    pub check: check::TypedCheck,
    pub disclosure: Option<TypedDisclosure>,
    pub note: Option<String>,
    pub title_en: Option<String>,
    pub note_en: Option<String>,
}

/// The label of the field period in 調査概要.
pub(super) const FIELD_PERIOD: &str = "調査期間";

/// Reads `[survey]`.
pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedSurvey {
    keys.require("id");
    keys.require("title");
    let era = keys.flag("era", mistakes).is_some_and(|flag| flag.value);
    let mut field_period = None;
    let (about, sent_to_all) = keys
        .table("about", mistakes)
        .map(|keys| about(keys, era, &mut field_period, mistakes))
        .unwrap_or_default();
    let survey = TypedSurvey {
        era,
        about,
        sent_to_all,
        resubmission: keys
            .table("resubmission", mistakes)
            .and_then(|keys| resubmission::read(keys, mistakes)),
        sent: keys.table("sent", mistakes).map(|keys| sent::read(keys, mistakes)),
        design: keys.table("design", mistakes).and_then(|keys| design::read(keys, mistakes)),
        check: keys.table("check", mistakes).map(|keys| check::read(keys, mistakes)).unwrap_or_default(),
        disclosure: keys.table("disclosure", mistakes).map(|keys| disclosure::read(keys, mistakes)),
        id: keys.text("id", mistakes),
        title: keys.text("title", mistakes),
        respondent: keys.text("respondent", mistakes),
        weight: keys.text("weight", mistakes),
        count: keys.text("count", mistakes),
        no_answer: keys.word("no_answer", &NO_ANSWER, mistakes).map(|word| word.value),
        unit: keys.text("unit", mistakes).map(|text| text.value),
        sampling: keys
            .word(
                "sampling",
                &[
                    ("probability", Sampling::Probability),
                    ("census", Sampling::Census),
                    ("volunteer", Sampling::Volunteer),
                ],
                mistakes,
            )
            .map(|word| word.value),
        field_period,
        note: keys.text("note", mistakes).map(|text| text.value),
        title_en: keys.text("title_en", mistakes).map(|text| text.value),
        note_en: keys.text("note_en", mistakes).map(|text| text.value),
    };
    keys.finish(mistakes);
    check_survey_id(&survey, mistakes);
    resubmission::check(&survey, mistakes);
    survey
}

/// The survey's id becomes part of file names.
fn check_survey_id(survey: &TypedSurvey, mistakes: &mut Mistakes) {
    let Some(id) = &survey.id else { return };
    let unfit = |c: char| c.is_control() || c.is_whitespace() || "/\\:*?\"<>|".contains(c);
    if id.value.is_empty() || id.value.starts_with('.') || id.value.contains(unfit) {
        let error = Diagnostic::error(format!("expected a survey id, found {}", quote(&id.value)));
        let hint = "it becomes part of file names: no spaces, none of `/ \\ : * ? \" < > |`, no `.` in front";
        mistakes.error(&id.span, error.hint(hint));
    }
}

/// `[survey.about]`: 調査概要 in the order written; keys that are not known are labels themselves.
fn about(
    mut keys: Keys<'_>,
    era: bool,
    field_period: &mut Option<FieldPeriod>,
    mistakes: &mut Mistakes,
) -> (Vec<(String, String)>, Option<Typed<u64>>) {
    let (mut about, mut sent_to_all) = (Vec::new(), None);
    for (key, value) in keys.others() {
        let label = match key.value.as_str() {
            "population" => "調査対象",
            "mode" => "調査方法",
            "field_period" => FIELD_PERIOD,
            "sent" => "配布数",
            other => other,
        };
        let text = match key.value.as_str() {
            "field_period" => {
                *field_period = value.table("field_period", mistakes).and_then(|keys| period(keys, mistakes));
                field_period.map(|period| period.in_words(era))
            }
            "sent" => {
                sent_to_all = sent::count("sent", &value, mistakes);
                sent_to_all.as_ref().map(|sent| thousands(sent.value))
            }
            _ => value.text(mistakes).map(|text| text.value),
        };
        about.extend(text.map(|text| (label.to_string(), text)));
    }
    (about, sent_to_all)
}

pub(super) fn period(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<FieldPeriod> {
    keys.require("from");
    keys.require("to");
    let from = keys.value("from").and_then(|value| dates::typed(&value, mistakes));
    let to = keys.value("to").and_then(|value| dates::typed(&value, mistakes));
    keys.finish(mistakes);
    let (from, to) = (from?, to?);
    if from.value > to.value {
        let error = Diagnostic::error("the field period ends before it begins");
        mistakes.error(&to.span, error.hint("`from` is the first day, `to` the last"));
        return None;
    }
    Some(FieldPeriod { from: from.value, to: to.value })
}

impl FieldPeriod {
    /// As 調査概要 has it, in eras or not.
    pub fn in_words(self, era: bool) -> String {
        let day = |day: Day| day.civil().japanese(era);
        match self.from == self.to {
            true => day(self.from),
            false => format!("{}〜{}", day(self.from), day(self.to)),
        }
    }
}
