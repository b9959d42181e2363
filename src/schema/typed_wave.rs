//! `[[wave]]` as typed: what differed in an earlier questionnaire, every key with its place.

use std::ops::Range;

use super::survey;
use super::typed::{TypedPacked, code, codes, packed, words};
use super::{Code, FieldPeriod, integer_of};
use crate::toml::{Keys, Mistakes, Typed, Value};

/// `[[wave]]`
pub(super) struct TypedWave {
    pub id: Option<Typed<String>>,
    pub label: Option<Typed<String>>,
    pub label_en: Option<String>,
    pub field_period: Option<FieldPeriod>,
    pub questions: Vec<TypedInWave>,
}

/// Codes of a wave, each with the code of today.
type Pairs = Vec<(Typed<Code>, Typed<Code>)>;

/// `[wave.questions.q6]`
pub(super) struct TypedInWave {
    pub question: Typed<String>,
    pub asked: Option<Typed<bool>>,
    pub column: Option<Typed<String>>,
    pub columns: Option<Typed<String>>,
    pub packed: Option<TypedPacked>,
    pub codes: Option<Typed<Pairs>>,
    /// The wave's code, and the words its cells hold.
    pub labels: Vec<(Typed<Code>, Typed<String>)>,
    pub not_offered: Option<Typed<Vec<Typed<Code>>>>,
    /// Keys written, with their places.
    pub written: Vec<(&'static str, Range<usize>)>,
    /// A key could not be read.
    pub doubtful: bool,
}

/// Reads `[[wave]]`.
pub(super) fn wave(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedWave {
    keys.require("id");
    keys.require("label");
    let id = keys.text("id", mistakes);
    let label = keys.text("label", mistakes);
    let label_en = words(&mut keys, "label_en", mistakes);
    let period = keys.table("field_period", mistakes);
    let field_period = period.and_then(|keys| survey::period(keys, mistakes));
    let questions = keys.table("questions", mistakes).map(|mut keys| keys.others()).unwrap_or_default();
    let questions =
        questions.into_iter().filter_map(|(name, value)| in_wave(name, &value, mistakes)).collect();
    keys.finish(mistakes);
    TypedWave { id, label, label_en, field_period, questions }
}

fn in_wave(question: Typed<String>, value: &Value<'_>, mistakes: &mut Mistakes) -> Option<TypedInWave> {
    let before = mistakes.count();
    let mut keys = value.table("wave.questions", mistakes)?;
    let asked = keys.flag("asked", mistakes);
    let column = keys.text("column", mistakes);
    let columns = keys.text("columns", mistakes);
    let packed = keys.table("packed", mistakes).map(|keys| packed(keys, mistakes));
    let span = keys.key_span("codes");
    let pairs = keys.table("codes", mistakes).map(|mut keys| {
        let mut pairs = Vec::new();
        for (name, value) in keys.others() {
            pairs.extend(code(&value, mistakes).map(|today| (stored(name), today)));
        }
        pairs
    });
    let pairs = pairs.map(|pairs| Typed { value: pairs, span: span.unwrap_or_default() });
    let labels = keys.table("labels", mistakes).map(|mut keys| keys.others()).unwrap_or_default();
    let labels = labels.into_iter().filter_map(|(name, value)| Some((stored(name), value.text(mistakes)?)));
    let labels = labels.collect();
    let not_offered = codes(&mut keys, "not_offered", mistakes);
    let written = ["asked", "column", "columns", "packed", "codes", "labels", "not_offered"];
    let written = written.iter().filter_map(|key| Some((*key, keys.key_span(key)?))).collect();
    keys.finish(mistakes);
    let doubtful = mistakes.count() > before;
    Some(TypedInWave {
        question,
        asked,
        column,
        columns,
        packed,
        codes: pairs,
        labels,
        not_offered,
        written,
        doubtful,
    })
}

/// A key of `codes` or `labels` as a code: TOML's keys are text, also where they are digits.
fn stored(name: Typed<String>) -> Typed<Code> {
    let plain = integer_of(&name.value).filter(|code| code.to_string() == name.value);
    name.map(|name| plain.map_or(Code::Text(name), Code::Integer))
}
