//! What a refusal says, in a form short enough to stand beside the input that causes it.

use std::sync::Arc;

use renkei::diag::{Diagnostic, Place, Source, visible};
use renkei::schema::{load, parse_condition};

/// The two required keys of a survey.
pub const SURVEY: &str = "[survey]\nid = \"s\"\ntitle = \"s\"\n";

/// A single question `q1` with the codes 1 and 2; keys may follow.
pub const SINGLE: &str = r#"[[question]]
id = "q1"
text = "t"
kind = "single"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
"#;

/// A multi question `q3` with the codes 1 and 2; keys may follow.
pub const MULTI: &str = r#"[[question]]
id = "q3"
text = "t"
kind = "multi"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
"#;

/// A derived question `d` from `q1`; its groups must follow.
pub const DERIVE: &str = r#"[[derive]]
id = "d"
label = "d"
from = "q1"
"#;

/// Asserts the messages with which a schema is refused: each with what it points `at` and hints.
#[track_caller]
pub fn refuses(schema: &[&str], messages: &str) {
    match load("schema.toml", &schema.concat()) {
        Ok(_) => panic!("the schema is accepted"),
        Err(errors) => assert_eq!(described(&errors), messages),
    }
}

/// Asserts the messages with which a condition is refused; `schema` must be sound.
#[track_caller]
pub fn refuses_condition(schema: &[&str], condition: &str, messages: &str) {
    let survey = load("schema.toml", &schema.concat()).expect("a sound schema").value;
    let source = Arc::new(Source { name: "--filter".to_string(), text: condition.to_string() });
    match parse_condition(&survey, &source) {
        Ok(_) => panic!("the condition is accepted"),
        Err(errors) => assert_eq!(described(&errors), messages, "{condition}"),
    }
}

/// Message, text pointed at, hints; a line each.
fn described(errors: &[Diagnostic]) -> String {
    let mut lines = Vec::new();
    for error in errors {
        lines.push(error.message.clone());
        if let Some(Place::Span { source, span }) = &error.place {
            lines.push(format!("  at: {}", visible(&source.text[span.clone()])).trim_end().to_string());
        }
        lines.extend(error.hints.iter().map(|hint| format!("  hint: {hint}")));
    }
    lines.join("\n")
}
