//! `[[banner]]`: banners under a name, for `--cols`.

use super::question::{Draft, check_question_id};
use super::typed::TypedBanner;
use super::{Kind, NamedBanner, question};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Mistakes, Typed};

/// Looks up the questions of each banner and appends it to those known.
pub(super) fn resolve(
    typed: &[TypedBanner],
    drafts: &[Draft],
    banners: &mut Vec<NamedBanner>,
    mistakes: &mut Mistakes,
) {
    for banner in typed {
        let Some(id) = &banner.id else { continue };
        check_question_id(id, mistakes);
        let clash = if drafts.iter().any(|draft| draft.question.id == id.value) {
            Some("a question")
        } else if banners.iter().any(|known| known.id == id.value) {
            Some("another banner")
        } else {
            None
        };
        if let Some(clash) = clash {
            let error =
                Diagnostic::error(format!("banner id {} is also the id of {clash}", quote(&id.value)));
            mistakes.error(&id.span, error);
        }
        let named = banner.questions.as_ref();
        if let Some(empty) = named.filter(|named| named.value.is_empty()) {
            let error = Diagnostic::error(format!("banner {} names no question", quote(&id.value)));
            mistakes.error(&empty.span, error.hint("write `questions = [\"sex\", \"age>sex\"]`"));
        }
        let paths =
            named.iter().flat_map(|named| &named.value).map(|text| path(text, drafts, mistakes)).collect();
        banners.push(NamedBanner { id: id.value.clone(), paths });
    }
}

/// `age>sex` as questions, outermost first.
fn path(text: &Typed<String>, drafts: &[Draft], mistakes: &mut Mistakes) -> Vec<usize> {
    let mut path: Vec<usize> = Vec::new();
    for id in text.value.split('>').map(str::trim) {
        let Some(place) = question::find(id, &text.span, "a banner", drafts, mistakes) else { continue };
        let kind = drafts[place].question.kind;
        if drafts[place].doubtful {
            continue;
        }
        if path.contains(&place) {
            mistakes.error(&text.span, Diagnostic::error(format!("{} is nested in itself", quote(id))));
        } else if !kind.takes_one_option() && !kind.takes_several_options() {
            let error = format!("the {} question {} cannot be a banner", kind.word(), quote(id));
            let error = Diagnostic::error(error);
            mistakes.error(
                &text.span,
                match kind {
                    Kind::Grid => error.hint("name one of its rows"),
                    Kind::Number => error.hint("group the number by `bands` in a `[[derive]]`"),
                    Kind::Date => error.hint("group the date by `bands` or `by` in a `[[derive]]`"),
                    Kind::Single | Kind::Scale | Kind::Multi | Kind::Rank | Kind::Ratio | Kind::Text => error,
                },
            );
        } else {
            path.push(place);
        }
    }
    path
}
