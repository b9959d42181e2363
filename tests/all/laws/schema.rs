//! The schema of a random questionnaire.

use std::fmt::Write as _;

use super::survey::{Kind, Origin, PLACES, Question, Written};

pub fn toml(questions: &[Question], weight_decimals: Option<u32>) -> String {
    let mut toml = String::from("[survey]\nid = \"laws\"\ntitle = \"laws\"\nrespondent = \"id\"\n");
    if weight_decimals.is_some() {
        toml.push_str("weight = \"weight\"\n");
    }
    let list = |codes: &[i64], question: &Question| {
        let item = |(place, code): (usize, &i64)| {
            let score = match question.scores.get(place) {
                Some(score)
                    if question.kind == Kind::Scale
                        && codes.len() == question.scores.len()
                        && codes == question.options =>
                {
                    let score = score.map_or("false".to_string(), |score| score.to_string());
                    format!(", score = {score}")
                }
                _ => String::new(),
            };
            format!("{{ code = {code}, label = \"{}\"{score} }}", question.label(*code))
        };
        codes.iter().enumerate().map(item).collect::<Vec<_>>().join(", ")
    };
    for question in questions
        .iter()
        .filter(|question| !question.id.ends_with(".r2") && !matches!(question.origin, Origin::Place(_)))
    {
        let mut line = |key: &str, value: String| _ = writeln!(toml, "{key} = {value}");
        let codes = |options: &[usize]| {
            let codes = options.iter().map(|&option| question.options[option].to_string());
            codes.collect::<Vec<_>>().join(", ")
        };
        match &question.origin {
            Origin::Asked => {
                let id = question.id.split('.').next().unwrap_or_default();
                line("\n[[question]]\nid", format!("\"{id}\""));
                line("text", "\"文\"".to_string());
                let kind = match question.kind {
                    _ if question.grid => "grid",
                    Kind::Single => "single",
                    Kind::Scale => "scale",
                    Kind::Multi { .. } => "multi",
                    Kind::Rank { .. } => "rank",
                    Kind::Number { .. } => "number",
                };
                line("kind", format!("\"{kind}\""));
                if question.grid {
                    line(
                        "rows",
                        "[{ id = \"r1\", label = \"一\" }, { id = \"r2\", label = \"二\" }]".to_string(),
                    );
                }
                if let (true, Kind::Multi { .. }) = (question.grid, question.kind) {
                    line("each", "\"multi\"".to_string());
                }
                if !question.options.is_empty() {
                    line("options", format!("[{}]", list(&question.options, question)));
                }
                if let Kind::Multi { packed: true, .. } = question.kind {
                    let column = question.id.replace(".r1", "_{row}");
                    line("packed", format!("{{ column = \"{column}\", separator = \";\" }}"));
                }
                if let Kind::Multi { none_is_reply: true, .. } = question.kind {
                    line("none_selected", "\"reply\"".to_string());
                }
                if let Kind::Rank { written } = question.kind {
                    line("places", PLACES.to_string());
                    let points: Vec<i64> = question.scores.iter().flatten().copied().collect();
                    line("points", format!("{points:?}"));
                    match written {
                        Written::ByPlace => {}
                        Written::ByOption => line("columns", "\"r_{code}\"".to_string()),
                        Written::InOrder => {
                            line("packed", "{ column = \"r\", separator = \";\" }".to_string());
                        }
                    }
                }
                line("missing", format!("[{}]", list(&question.missing, question)));
                line("not_asked", format!("{:?}", question.not_asked));
                if let Some(earlier) = question.limited_to {
                    line("limited_to", format!("\"{}\"", questions[earlier].id));
                    line("base", "\"option\"".to_string());
                }
                if let Some(asked_if) = &question.asked_if {
                    line("asked_if", format!("'{}'", asked_if.text(questions)));
                }
            }
            Origin::Derived { from, group_of } => {
                line("\n[[derive]]\nid", format!("\"{}\"", question.id));
                line("label", format!("\"{}\"", question.id));
                line("from", format!("\"{}\"", questions[*from].id));
                let last = question.options.len() - 1;
                let groups = question.options.iter().enumerate().map(|(group, code)| {
                    let of = (0..group_of.len()).filter(|&option| group_of[option] == group);
                    let of: Vec<i64> = of.map(|option| questions[*from].options[option]).collect();
                    let of = if group == last { "rest = true".to_string() } else { format!("of = {of:?}") };
                    format!("{{ code = {code}, label = \"{}\", {of} }}", question.label(*code))
                });
                line("groups", format!("[{}]", groups.collect::<Vec<_>>().join(", ")));
            }
            Origin::Place(_) => {}
            Origin::Bands { from, bands, overlap } => {
                derived_lines(question, *overlap, &mut line);
                line("from", format!("\"{}\"", questions[*from].id));
                let limit = |key: &str, limit: &Option<i64>| {
                    limit.map_or(String::new(), |limit| format!(", {key} = {limit}"))
                };
                let bands = question.options.iter().zip(bands).map(|(code, (from, to))| {
                    let limits = limit("from", from) + &limit("to", to);
                    format!("{{ code = {code}, label = \"{}\"{limits} }}", question.label(*code))
                });
                line("bands", format!("[{}]", bands.collect::<Vec<_>>().join(", ")));
            }
            Origin::When { conditions, overlap } => {
                derived_lines(question, *overlap, &mut line);
                let groups = question.options.iter().zip(conditions).map(|(code, condition)| {
                    let who = match condition {
                        Some(condition) => format!("when = '{}'", condition.text(questions)),
                        None => "rest = true".to_string(),
                    };
                    format!("{{ code = {code}, label = \"{}\", {who} }}", question.label(*code))
                });
                line("groups", format!("[{}]", groups.collect::<Vec<_>>().join(", ")));
            }
            Origin::Count(sources) => {
                derived_lines(question, false, &mut line);
                let (first, of) = &sources[0];
                let of: Vec<i64> = of.iter().map(|&option| questions[*first].options[option]).collect();
                let sources = match questions[*first].kind {
                    Kind::Multi { .. } => format!("multi = \"{}\"", questions[*first].id),
                    _ if questions[*first].grid => "questions = [\"g\"]".to_string(),
                    _ => "questions = [\"s\", \"t\"]".to_string(),
                };
                line("count", format!("{{ {sources}, of = {of:?} }}"));
            }
        }
        if !question.nets.is_empty() {
            let net = |(place, of): (usize, &Vec<usize>)| {
                format!("{{ id = \"net{place}\", label = \"計{place}\", of = [{}] }}", codes(of))
            };
            let nets: Vec<String> = question.nets.iter().enumerate().map(net).collect();
            line("nets", format!("[{}]", nets.join(", ")));
        }
        line("no_answer", format!("\"{}\"", if question.exclude { "exclude" } else { "include" }));
    }
    toml
}

fn derived_lines(question: &Question, overlap: bool, line: &mut dyn FnMut(&str, String)) {
    line("\n[[derive]]\nid", format!("\"{}\"", question.id));
    line("label", format!("\"{}\"", question.id));
    if overlap {
        line("overlap", "true".to_string());
    }
}
