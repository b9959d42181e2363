//! Nets: respondents with any of several options.

use super::question::check_id;
use super::typed::TypedNet;
use super::{Net, Question, code_key, codes, matching_key};
use crate::diag::{Diagnostic, quote};
use crate::toml::Mistakes;

/// Looks up a question's nets.
pub(super) fn resolve(
    question: &Question,
    typed: &[TypedNet],
    doubtful: bool,
    mistakes: &mut Mistakes,
) -> Vec<Net> {
    let mut nets: Vec<Net> = Vec::new();
    for net in typed {
        let id = net.id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
        if let Some(written) = &net.id {
            check_net_id(question, &nets, written, mistakes);
        }
        let label = net.label.as_ref().map(|label| label.value.clone()).unwrap_or_default();
        if let Some(written) = net.label.as_ref().filter(|label| matching_key(&label.value).is_empty()) {
            mistakes
                .error(&written.span, Diagnostic::error(format!("the label of net {} is empty", quote(&id))));
        }
        let of = net.of.as_ref().map(|of| {
            if of.value.is_empty() {
                let error = Diagnostic::error(format!("net {} of `{}` is empty", quote(&id), question.id));
                mistakes.error(&of.span, error.hint("list the codes of its options, such as `of = [1, 2]`"));
            }
            let list = format!("net {}", quote(&id));
            codes::places(question, &of.value, doubtful, &list, mistakes)
        });
        let of = of.unwrap_or_default().into_iter().map(|place| place.value).collect();
        nets.push(Net { id, label, label_en: net.label_en.clone(), of });
    }
    nets
}

/// A net's id stands beside option codes in the output, so it must be none of them.
fn check_net_id(
    question: &Question,
    nets: &[Net],
    written: &crate::toml::Typed<String>,
    mistakes: &mut Mistakes,
) {
    let (id, shown) = (&written.value, quote(&written.value));
    if !check_id(written, mistakes) {
        return;
    }
    let clash = if nets.iter().chain(&question.nets).any(|other| other.id == *id) {
        Some("another net")
    } else if question.options.iter().any(|option| code_key(&option.code) == *id) {
        Some("the code of an option")
    } else if question.missing.iter().any(|missing| code_key(&missing.code) == *id) {
        Some("a missing code")
    } else {
        None
    };
    if let Some(clash) = clash {
        let error = format!("net id {shown} is also {clash} of `{}`", question.id);
        mistakes.error(&written.span, Diagnostic::error(error));
    }
}
