//! Scales: scores of ordered options, and the nets of their ends.

use super::typed::{Options, TypedQuestion};
use super::{Code, Kind, Net, Question, code_key};
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// Whether the options have scores: a scale, or a grid that says so.
pub(super) fn is_scored(typed: &TypedQuestion, kind: Kind) -> bool {
    let written = || match &typed.options {
        Options::List(list) => list.value.iter().any(|option| option.score.is_some()),
        Options::Prefectures | Options::Municipalities | Options::Master(_) | Options::Absent => false,
    };
    match kind {
        Kind::Scale => true,
        Kind::Grid if typed.is_multi_grid() => false,
        Kind::Grid => typed.scores.as_ref().map_or_else(written, |scores| scores.value),
        Kind::Single | Kind::Multi | Kind::Rank | Kind::Number | Kind::Date | Kind::Ratio | Kind::Text => {
            false
        }
    }
}

/// Gives each option its score: the one written, else its integer code.
pub(super) fn score(question: &mut Question, typed: &TypedQuestion, mistakes: &mut Mistakes) {
    let Options::List(list) = &typed.options else {
        for option in &mut question.options {
            option.score = default_score(&option.code);
        }
        return;
    };
    for (option, typed) in question.options.iter_mut().zip(&list.value) {
        option.score = match &typed.score {
            Some(score) => score.value,
            None => default_score(&option.code),
        };
        if let (None, None, Some(code)) = (option.score, &typed.score, &typed.code) {
            let error = Diagnostic::error(format!(
                "option {} of `{}` has no score",
                quote(&option.code.to_string()),
                question.id
            ));
            mistakes.error(
                &code.span,
                error.hint("write `score = 5`, or `score = false` if it counts for no mean"),
            );
        }
    }
}

fn default_score(code: &Code) -> Option<i64> {
    match code {
        Code::Integer(code) => Some(*code),
        Code::Text(_) => None,
    }
}

/// Adds the nets of `boxes = 2`: the options with the highest scores, and those with the lowest.
pub(super) fn boxes(question: &mut Question, typed: &TypedQuestion, scored: bool, mistakes: &mut Mistakes) {
    if let (false, Options::List(list)) = (scored, &typed.options) {
        for score in list.value.iter().filter_map(|option| option.score.as_ref()) {
            let error = match question.kind {
                Kind::Grid if typed.is_multi_grid() => {
                    Diagnostic::error("`score` does not belong to a grid with several answers a row")
                        .hint("scores are for rows of one answer")
                }
                Kind::Grid => Diagnostic::error("an option has a score, but the grid says `scores = false`"),
                kind => Diagnostic::error(format!("`score` does not belong to a {} question", kind.word()))
                    .hint("only a question of kind `scale` or a grid has scores"),
            };
            mistakes.error(&score.span, error);
        }
    }
    let Some(boxes) = &typed.boxes else { return };
    if !scored {
        if question.kind == Kind::Grid && !typed.is_multi_grid() {
            let error = Diagnostic::error("`boxes` is for options with scores");
            mistakes.error(&boxes.span, error.hint("say `scores = true` for the grid"));
        }
        return;
    }
    if typed.doubtful {
        return;
    }
    let mut ranked: Vec<(i64, usize)> = question
        .options
        .iter()
        .enumerate()
        .filter_map(|(place, option)| Some((option.score?, place)))
        .collect();
    ranked.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    let Some(count) =
        usize::try_from(boxes.value).ok().filter(|count| *count > 0 && count * 2 <= ranked.len())
    else {
        let error = Diagnostic::error(format!(
            "expected from 1 to {} for `boxes`, found {}",
            ranked.len() / 2,
            quote(&boxes.value.to_string())
        ));
        let hint = format!("`{}` has {} options with a score", question.id, ranked.len());
        mistakes.error(&boxes.span, error.hint(hint));
        return;
    };
    let ends = [("top", "TOP", &ranked[..count], ranked.get(count)), {
        let start = ranked.len() - count;
        ("bottom", "BOTTOM", &ranked[start..], start.checked_sub(1).and_then(|next| ranked.get(next)))
    }];
    for (end, word, members, next) in ends {
        let edge = if end == "top" { members.last() } else { members.first() };
        if let (Some((edge, _)), Some((next, _))) = (edge, next)
            && edge == next
        {
            let error = Diagnostic::error(format!(
                "`boxes = {count}` cuts between two options with the score {edge}"
            ));
            mistakes.error(&boxes.span, error.hint("write the net out under `nets`"));
            continue;
        }
        let id = format!("{end}{count}");
        let taken = question.nets.iter().any(|net| net.id == id)
            || question.options.iter().any(|option| code_key(&option.code) == id);
        if taken {
            let error =
                Diagnostic::error(format!("`boxes` makes a net `{id}`, which `{}` has already", question.id));
            mistakes.error(&boxes.span, error);
            continue;
        }
        let mut of: Vec<usize> = members.iter().map(|(_, place)| *place).collect();
        of.sort_unstable();
        let english = if end == "top" { "Top" } else { "Bottom" };
        question.nets.push(Net {
            id,
            label: format!("{word}{count}（計）"),
            label_en: Some(format!("{english} {count}")),
            of,
        });
    }
}
