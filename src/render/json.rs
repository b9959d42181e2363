//! JSON: the tables themselves, versioned, for programs that want more than lines.

use serde_json::{Map, Value, json};

use crate::schema::{Code, Kind, NoAnswer};
use crate::tabulate::{Note, QuestionWords, RowRole, Shown, Table, Tally};

/// Version of the shape below; raised when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// All tables. Tallies are `[n, w, w2]` with w and w2 as decimal texts in units of
/// `10^-weight_decimals` (they may exceed what a double holds); `null` where undefined,
/// `"suppressed"` where hidden.
pub fn json(tables: &[Table]) -> String {
    let value = json!({
        "schema_version": SCHEMA_VERSION,
        "tables": tables.iter().map(table_value).collect::<Vec<_>>(),
    });
    // Values made of texts and numbers always serialise.
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn table_value(table: &Table) -> Value {
    let grid = |cell: &dyn Fn(usize, usize) -> Value| -> Value {
        (0..table.stub.len())
            .map(|row| (0..table.columns.len()).map(|column| cell(row, column)).collect::<Value>())
            .collect()
    };
    let numbers = table.stub.iter().any(|row| row.role == RowRole::Number);
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| {
        fields.insert(key.into(), value);
    };
    put("question", words(&table.question));
    put("grid", json!(table.grid));
    put("filter", json!(table.filter));
    put("weight", json!(table.weight));
    put("weight_decimals", json!(table.weight_decimals));
    put("number_decimals", json!(table.number_decimals));
    put("routed", json!(table.routed));
    let include = table.no_answer == NoAnswer::Include;
    put("no_answer", json!(if include { "include" } else { "exclude" }));
    put("stub", table.stub.iter().map(stub_value).collect());
    put(
        "columns",
        table
            .columns
            .iter()
            .map(|column| {
                json!({
                    "banner": column.banner,
                    "codes": column.codes.iter().map(code).collect::<Value>(),
                    "labels": column.labels,
                    "letter": column.letter,
                })
            })
            .collect(),
    );
    put("banners", table.banners.iter().map(banner_value).collect());
    put("cells", grid(&|row, column| shown(table.cell(row, column), tally)));
    put("bases", grid(&|row, column| tally(table.base(row, column))));
    put("both", grid(&|row, column| tally(table.both(row, column))));
    if table.has_mentions() {
        put("mentions", grid(&|row, column| shown(table.mentions(row, column), tally)));
        let columns = (0..table.columns.len()).map(|column| tally(table.column_mentions(column)));
        put("column_mentions", columns.collect());
    }
    if numbers {
        let values = |values: crate::stats::Distribution| {
            values.entries().iter().map(|entry| json!([entry.value, entry.n, entry.w.to_string()])).collect()
        };
        put("values", grid(&|row, column| shown(table.numbers(row, column), values)));
    }
    put("notes", table.notes.iter().map(note).collect());
    Value::Object(fields)
}

fn words(question: &QuestionWords) -> Value {
    let kind = match question.kind {
        Kind::Single => "single",
        Kind::Multi => "multi",
        Kind::Grid => "grid",
        Kind::Number => "number",
        Kind::Text => "text",
    };
    json!({ "id": question.id, "text": question.text, "heading": question.heading, "kind": kind })
}

fn stub_value(row: &crate::tabulate::StubRow) -> Value {
    let role = match row.role {
        RowRole::Option => "option",
        RowRole::Missing => "missing",
        RowRole::Net => "net",
        RowRole::Number => "number",
    };
    json!({
        "role": role,
        "question": row.question,
        "code": row.code.as_ref().map(code),
        "label": row.label,
        "of": row.of,
        "assumed": row.assumed,
    })
}

fn banner_value(banner: &crate::tabulate::Banner) -> Value {
    json!({
        "path": banner.path.iter().map(words).collect::<Value>(),
        "overlapping": banner.overlapping,
        "answered": banner.answered.iter().copied().map(tally).collect::<Value>(),
        "both": banner.both.iter().copied().map(tally).collect::<Value>(),
        "outside": tally(banner.outside),
    })
}

fn code(code: &Code) -> Value {
    match code {
        Code::Integer(code) => json!(code),
        Code::Text(code) => json!(code),
    }
}

fn tally(tally: Tally) -> Value {
    json!([tally.n, tally.w.to_string(), tally.w2.to_string()])
}

fn shown<T>(shown: Shown<T>, value: impl Fn(T) -> Value) -> Value {
    match shown {
        Shown::Value(seen) => value(seen),
        Shown::Suppressed => json!("suppressed"),
        Shown::Undefined => Value::Null,
    }
}

fn note(note: &Note) -> Value {
    match note {
        Note::NoAnswerExcluded(n) => json!({ "no_answer_excluded": n }),
        Note::AnsweredNotAsked(n) => json!({ "answered_not_asked": n }),
        Note::MadeMissing(n) => json!({ "made_missing": n }),
        Note::Top(count) => json!({ "top": count }),
        Note::ZeroWeights(n) => json!({ "zero_weights": n }),
    }
}
