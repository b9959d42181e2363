//! Rank questions: options in order, a question for each place, and points.

use super::question::{Draft, has_part, words};
use super::typed::TypedQuestion;
use super::{English, Kind, Origin, Question, RankColumns, Values, code_key, matching_key};
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// Makes the origin of a rank question, and the questions of its places behind it.
pub(super) fn resolve(typed: &TypedQuestion, rank: usize, drafts: &mut Vec<Draft>, mistakes: &mut Mistakes) {
    let shared = drafts[rank].question.clone();
    let options = shared.options.len();
    let places = match &typed.places {
        None => options,
        Some(places) => match usize::try_from(places.value) {
            Ok(count) if (1..=options).contains(&count) => count,
            // Options that could not be read are not counted.
            _ if typed.doubtful || options == 0 => options,
            _ => {
                let error = Diagnostic::error(format!(
                    "expected from 1 to {options} for `places`, found {}",
                    quote(&places.value.to_string())
                ));
                let hint = format!("`{}` has {options} options to rank", shared.id);
                mistakes.error(&places.span, error.hint(hint));
                options
            }
        },
    };
    let points = points(typed, &shared, places, mistakes);
    let columns = columns(typed, &shared, places, mistakes);
    check_readings(typed, &shared, &columns, places, mistakes);
    let first = drafts.len();
    for place in 1..=places {
        let question = Question {
            id: format!("{}.{place}", shared.id),
            short: Some(format!("{place}位")),
            english: English { short: Some(ordinal(place)), ..shared.english.clone() },
            kind: Kind::Single,
            origin: Origin::Place(rank),
            grid: Some(rank),
            ..shared.clone()
        };
        drafts.push(Draft::new(question, typed.doubtful, shared.span.clone()));
    }
    let places = (first..first + places).collect();
    drafts[rank].question.points = points;
    drafts[rank].question.origin = Origin::Ranking { columns, places };
}

/// The points of each place: those written, or as many as there are places down to 1.
fn points(typed: &TypedQuestion, question: &Question, places: usize, mistakes: &mut Mistakes) -> Vec<i64> {
    let count = i64::try_from(places).unwrap_or(i64::MAX);
    let Some(points) = &typed.points else { return (1..=count).rev().collect() };
    if points.value.len() != places && !typed.doubtful && points.value.iter().all(Option::is_some) {
        let error = Diagnostic::error(format!(
            "expected {places} numbers for `points`, found {}",
            points.value.len()
        ));
        let hint = format!("one for each place of `{}`", question.id);
        mistakes.error(&points.span, error.hint(hint));
    }
    let mut points: Vec<i64> = points.value.iter().map(|point| point.unwrap_or(0)).collect();
    points.resize(places, 0);
    points
}

/// Where the places stand: a column a place, a column an option, or one column in order.
fn columns(
    typed: &TypedQuestion,
    question: &Question,
    places: usize,
    mistakes: &mut Mistakes,
) -> RankColumns {
    if let (Some(packed), None) = (&typed.packed, &typed.columns) {
        return RankColumns::InOrder { column: words(&packed.column), separator: words(&packed.separator) };
    }
    let default = format!("{}_{{place}}", question.id);
    let pattern = match &typed.columns {
        Some(columns) if columns.value.contains("{code}") && !columns.value.contains("{place}") => {
            let of_option = |code: &super::Code| columns.value.replace("{code}", &code.to_string());
            return RankColumns::ByOption(
                question.options.iter().map(|option| of_option(&option.code)).collect(),
            );
        }
        Some(columns) if columns.value.contains("{code}") => {
            let error = Diagnostic::error("expected `{place}` or `{code}` in `columns`, found both");
            mistakes.error(&columns.span, error.hint("a column holds an option, or a place; keep one"));
            &default
        }
        Some(columns) if has_part(columns, "columns", "{place}", mistakes) => &columns.value,
        _ => &default,
    };
    RankColumns::ByPlace((1..=places).map(|place| pattern.replace("{place}", &place.to_string())).collect())
}

/// Reports what could be read in two ways: a code that is another option's label, or a state's code
/// that is a place.
fn check_readings(
    typed: &TypedQuestion,
    question: &Question,
    columns: &RankColumns,
    places: usize,
    mistakes: &mut Mistakes,
) {
    if typed.doubtful {
        return;
    }
    if let RankColumns::ByOption(_) = columns {
        let missing = question.missing.iter().map(|missing| &missing.code);
        for code in missing.chain(&question.not_asked) {
            let place = code_key(code).parse::<usize>().ok().filter(|place| *place <= places);
            if place.is_some() {
                let error = Diagnostic::error(format!(
                    "code {} of `{}` could be a place",
                    quote(&code.to_string()),
                    question.id
                ));
                let hint = format!("its columns hold places from 1 to {places}, and 0 for none");
                mistakes.error(&question.span, error.hint(hint));
            }
        }
        return;
    }
    if question.values != Values::Auto {
        return;
    }
    let spelling = question.spellings();
    let other = |(place, option): (usize, &super::QuestionOption)| {
        spelling.code(&matching_key(&option.label)).is_some_and(|code| code != place)
    };
    if let Some(option) = question.options.iter().enumerate().find(|(place, option)| other((*place, option)))
    {
        let error = Diagnostic::error(format!(
            "label {} of `{}` is also the code of another option",
            quote(&option.1.label),
            question.id
        ));
        let hint = "say how cells are read: `values = \"code\"` or `values = \"label\"`";
        mistakes.error(&question.span, error.hint(hint));
    }
}

/// 1st, 2nd, 3rd, 4th, … 11th.
fn ordinal(place: usize) -> String {
    let end = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{place}{end}")
}
