//! Replies as JSON: the questionnaire's columns, and one object for each respondent.

use std::io::{self, Write};

use serde_json::{Value, json as value};

use super::{Cell, Column, Columns};
use crate::frame::{Holds, Measure, SetHolds};
use crate::schema::{Code, written};

/// Version of the shape; it grows when a reader of the old one would be wrong.
const SCHEMA_VERSION: u32 = 1;

/// Writes columns with their values, sets, and respondents, one a line.
///
/// Codes are numbers or texts as the schema has them, decimals are numbers, days are ISO texts; `null` is a cell
/// without an answer.
///
/// # Errors
/// The place cannot be written.
pub fn json(columns: &Columns<'_>, out: &mut dyn Write) -> io::Result<()> {
    let survey = columns.survey;
    let described: Vec<Value> = columns.columns.iter().map(|column| described(columns, column)).collect();
    let sets: Vec<Value> = columns
        .sets
        .iter()
        .map(|set| {
            let (holds, selected) = match &set.holds {
                SetHolds::Dichotomies { selected } => ("dichotomies", code(selected)),
                SetHolds::Categories => ("categories", Value::Null),
            };
            value!({ "name": set.name, "label": set.label, "holds": holds, "selected": selected, "columns": set.columns })
        })
        .collect();
    let weight = columns.weight.map(|weight| columns.columns[weight].name.as_str());
    writeln!(out, "{{\"schema_version\": {SCHEMA_VERSION},")?;
    let head = [
        ("survey", value!({ "id": survey.id, "title": survey.title, "note": survey.note })),
        ("weight", value!(weight)),
    ];
    for (key, head) in head {
        writeln!(out, "\"{key}\": {head},")?;
    }
    for (key, list) in [("columns", described), ("sets", sets)] {
        writeln!(out, "\"{key}\": [")?;
        for (place, entry) in list.iter().enumerate() {
            writeln!(out, "{entry}{}", if place + 1 < list.len() { "," } else { "" })?;
        }
        writeln!(out, "],")?;
    }
    write!(out, "\"respondents\": [")?;
    let mut first = true;
    let names: Vec<Value> = columns.columns.iter().map(|column| value!(column.name)).collect();
    let numbers: Vec<bool> = columns.columns.iter().map(|column| columns.is_number(column)).collect();
    columns.each_record(|cells| {
        write!(out, "{}\n{{", if std::mem::take(&mut first) { "" } else { "," })?;
        for (place, (cell, column)) in cells.iter().zip(&columns.columns).enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}{}:{}", names[place], cell_value(cell, column, numbers[place]))?;
        }
        write!(out, "}}")
    })?;
    writeln!(out, "\n]}}")
}

/// All that is known of a column.
fn described(columns: &Columns<'_>, column: &Column) -> Value {
    let question = column.question.map(|index| &columns.survey.questions[index]);
    let values: Vec<Value> = column
        .coded
        .iter()
        .map(|coded| value!({ "code": code(&coded.code), "label": coded.label, "missing": coded.missing }))
        .collect();
    value!({
        "name": column.name,
        "label": column.label,
        "question": question.map(|question| question.id.as_str()),
        "kind": question.map(|question| question.kind.word()),
        "holds": match column.holds {
            _ if columns.is_number(column) => "numbers",
            Holds::Days => "days",
            _ => "words",
        },
        "measure": match column.measure {
            Measure::Nominal => "nominal",
            Measure::Ordinal => "ordinal",
            Measure::Scale => "scale",
        },
        "values": values,
    })
}

fn code(code: &Code) -> Value {
    match code {
        Code::Integer(code) => value!(code),
        Code::Text(code) => value!(code),
    }
}

fn cell_value(cell: &Cell<'_>, column: &Column, number: bool) -> Value {
    match cell {
        Cell::Blank => Value::Null,
        Cell::Coded(place) => code(&column.coded[*place].code),
        Cell::Number(digits, 0) => value!(digits),
        Cell::Number(digits, decimals) => {
            let number = written((*digits, *decimals)).parse::<f64>();
            number.map_or(Value::Null, |number| value!(number))
        }
        Cell::Day(day) => value!(day.civil().iso()),
        Cell::Words(words) => match words.parse::<i64>() {
            Ok(key) if number => value!(key),
            _ => value!(words),
        },
    }
}
