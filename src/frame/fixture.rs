//! Small questionnaires for unit tests.

use std::sync::Arc;

use crate::diag::Source;
use crate::schema::{Code, Kind, NoAnswer, Origin, Question, QuestionIndex, QuestionOption, Survey, Values};

/// A question of a kind with options.
fn question(id: &str, kind: Kind, options: &[(i64, &str)], origin: Origin) -> Question {
    Question {
        id: id.to_string(),
        text: id.to_string(),
        short: None,
        section: None,
        english: Default::default(),
        kind,
        options: options.iter().map(|&(code, label)| option(code, label)).collect(),
        municipalities: false,
        missing: Vec::new(),
        not_asked: Vec::new(),
        asked_if: None,
        limited_to: None,
        option_bases: false,
        points: Vec::new(),
        nets: Vec::new(),
        no_answer: NoAnswer::Include,
        origin,
        values: Values::Auto,
        dates: Default::default(),
        range: Default::default(),
        stored: None,
        not_offered: Vec::new(),
        assumed: false,
        grid: None,
        span: 0..0,
    }
}

fn option(code: i64, label: &str) -> QuestionOption {
    QuestionOption::new(Code::Integer(code), label.to_string())
}

/// A single question in the column of its name.
pub(crate) fn single(id: &str, options: &[(i64, &str)]) -> Question {
    question(id, Kind::Single, options, Origin::Column(id.to_string()))
}

/// A multi question with columns `id_code`.
pub(crate) fn multi(id: &str, options: &[(i64, &str)]) -> Question {
    let columns = options.iter().map(|(code, _)| format!("{id}_{code}")).collect();
    let of = (0..options.len()).collect();
    let origin = Origin::Columns { columns, of, selected: vec!["1".to_string()], none_is_reply: false };
    question(id, Kind::Multi, options, origin)
}

/// A number question in the column of its name.
pub(crate) fn number(id: &str) -> Question {
    question(id, Kind::Number, &[], Origin::Column(id.to_string()))
}

/// A single regrouped from another.
pub(crate) fn regrouped(
    id: &str,
    options: &[(i64, &str)],
    from: QuestionIndex,
    kind: Kind,
    group_of: &[Option<usize>],
) -> Question {
    question(id, kind, options, Origin::Regrouped { from, group_of: group_of.to_vec() })
}

/// A questionnaire of these questions, with the key in `id`.
pub(crate) fn survey(questions: Vec<Question>) -> Survey {
    Survey {
        id: "test".to_string(),
        title: "test".to_string(),
        era: false,
        respondent: Some("id".to_string()),
        weight: None,
        count: None,
        unit: "名".to_string(),
        design: None,
        sampling: None,
        about: Vec::new(),
        field_period: None,
        note: Vec::new(),
        title_en: None,
        note_en: Vec::new(),
        corrections: None,
        sent: None,
        check: Default::default(),
        disclosure: None,
        questions,
        banners: Vec::new(),
        waves: Vec::new(),
        masters: Vec::new(),
        resubmission: None,
        wave: None,
        source: Arc::new(Source { name: "schema.toml".to_string(), text: String::new() }),
    }
}
