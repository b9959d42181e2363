//! Replies as a Parquet file: codes as integers, decimals as doubles, days as dates; what they mean beside them.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use serde_json::{Value, json};

use super::super::convert::{Cell, Column, Columns, shown};
use super::super::{Described, DescribedColumn, DescribedSet, Holds, Measure, MissingValues, SetHolds};
use crate::schema::{Code, written};

/// The key of what columns mean.
pub(super) const KEY: &str = "renkei";
/// Rows of a row group, about.
const ROWS: usize = 1 << 17;

/// What the values of a column are in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    Integers,
    Reals,
    Days,
    Words,
}

/// Writes all respondents.
///
/// # Errors
/// The place cannot be written.
pub fn parquet(columns: &Columns<'_>, out: &mut (dyn Write + Send)) -> io::Result<()> {
    write(columns, out).map_err(|error| match error {
        ParquetError::External(error) => io::Error::other(error),
        error => io::Error::other(error),
    })
}

fn write(columns: &Columns<'_>, out: &mut (dyn Write + Send)) -> Result<(), ParquetError> {
    let stored: Vec<Stored> = columns.columns.iter().map(|column| stored(columns, column)).collect();
    let mut fields = Vec::new();
    for (column, stored) in columns.columns.iter().zip(&stored) {
        let (physical, logical) = match stored {
            Stored::Integers => (Physical::INT64, None),
            Stored::Reals => (Physical::DOUBLE, None),
            Stored::Days => (Physical::INT32, Some(LogicalType::Date)),
            Stored::Words => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        fields.push(Arc::new(field.build()?));
    }
    let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
    let told = KeyValue::new(KEY.to_string(), telling(columns).to_string());
    let properties = WriterProperties::builder()
        .set_created_by("renkei".to_string())
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![told]));
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties.build()))?;
    let blocks = columns.blocks();
    let mut first = 0;
    while first < blocks.len() {
        let (mut last, mut rows) = (first, 0);
        while last < blocks.len() && (rows == 0 || rows + blocks[last] <= ROWS) {
            rows += blocks[last];
            last += 1;
        }
        let mut group = writer.next_row_group()?;
        for (place, stored) in stored.iter().enumerate() {
            let mut own =
                group.next_column()?.ok_or_else(|| ParquetError::General("a column too many".into()))?;
            let column = &columns.columns[place];
            let mut levels: Vec<i16> = Vec::with_capacity(rows);
            macro_rules! put {
                ($kind:ty, $value:expr) => {{
                    let mut values = Vec::with_capacity(rows);
                    columns.each_cell(place, first..last, |cell| {
                        let value = if cell == Cell::Blank { None } else { $value(&cell) };
                        levels.push(i16::from(value.is_some()));
                        values.extend(value);
                    });
                    own.typed::<$kind>().write_batch(&values, Some(&levels), None)?;
                }};
            }
            let words = |cell: &Cell<'_>| shown(cell, column, false).into_owned();
            match stored {
                Stored::Integers => put!(Int64Type, |cell: &Cell<'_>| words(cell).parse::<i64>().ok()),
                Stored::Reals => put!(DoubleType, |cell: &Cell<'_>| match cell {
                    Cell::Number(digits, decimals) => written((*digits, *decimals)).parse::<f64>().ok(),
                    cell => words(cell).parse::<f64>().ok(),
                }),
                Stored::Days => put!(Int32Type, |cell: &Cell<'_>| match cell {
                    Cell::Day(day) => i32::try_from(day.0).ok(),
                    _ => None,
                }),
                Stored::Words => {
                    put!(ByteArrayType, |cell: &Cell<'_>| Some(ByteArray::from(words(cell).as_str())))
                }
            }
            own.close()?;
        }
        group.close()?;
        first = last;
    }
    writer.close()?;
    Ok(())
}

fn stored(columns: &Columns<'_>, column: &Column) -> Stored {
    if columns.is_whole(column) {
        Stored::Integers
    } else if columns.is_number(column) {
        Stored::Reals
    } else if column.holds == Holds::Days && column.coded.is_empty() {
        Stored::Days
    } else {
        Stored::Words
    }
}

/// What the columns mean, for whoever reads the file's metadata.
fn telling(columns: &Columns<'_>) -> Value {
    let code = |code: &Code| match code {
        Code::Integer(code) => json!(code),
        Code::Text(code) => json!(code),
    };
    let column = |column: &Column| {
        let labels = column.coded.iter().filter_map(|coded| Some((coded, coded.label.as_ref()?)));
        let labels: Vec<Value> = labels.map(|(coded, label)| json!([code(&coded.code), label])).collect();
        let missing: Vec<Value> =
            column.coded.iter().filter(|coded| coded.missing).map(|coded| code(&coded.code)).collect();
        json!({
            "name": column.name,
            "label": column.label,
            "holds": match (columns.is_number(column), column.holds) {
                (true, Holds::Numbers { decimals }) => json!(decimals),
                (true, _) => json!(0),
                (_, Holds::Days) => json!("days"),
                _ => json!("words"),
            },
            "labels": labels,
            "missing": missing,
            "measure": match column.measure {
                Measure::Nominal => "nominal",
                Measure::Ordinal => "ordinal",
                Measure::Scale => "scale",
            },
        })
    };
    let set = |set: &DescribedSet| {
        let selected = match &set.holds {
            SetHolds::Dichotomies { selected } => code(selected),
            SetHolds::Categories => Value::Null,
        };
        json!({ "name": set.name, "label": set.label, "columns": set.columns, "selected": selected })
    };
    json!({
        "title": columns.survey().title,
        "weight": columns.weight.map(|weight| columns.columns[weight].name.as_str()),
        "columns": columns.columns.iter().map(column).collect::<Vec<_>>(),
        "sets": columns.sets.iter().map(set).collect::<Vec<_>>(),
    })
}

/// What renkei told of the columns of a file it wrote; `None` where it is not understood.
pub(super) fn described(told: &str) -> Option<Described> {
    let told: Value = serde_json::from_str(told).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_string);
    let code = |value: &Value| match value.as_i64() {
        Some(code) => Some(Code::Integer(code)),
        None => Some(Code::Text(value.as_str()?.to_string())),
    };
    let column = |own: &Value| {
        let label = |pair: &Value| Some((code(&pair[0])?, text(&pair[1])?));
        Some(DescribedColumn {
            name: text(&own["name"])?,
            label: text(&own["label"]),
            holds: match (own["holds"].as_u64(), own["holds"].as_str()) {
                (Some(decimals), _) => Holds::Numbers { decimals: u32::try_from(decimals).ok()? },
                (_, Some("days")) => Holds::Days,
                _ => Holds::Words,
            },
            labels: own["labels"].as_array()?.iter().map(label).collect::<Option<_>>()?,
            missing: own["missing"]
                .as_array()?
                .iter()
                .map(|own| code(own).map(MissingValues::Value))
                .collect::<Option<_>>()?,
            measure: match own["measure"].as_str() {
                Some("nominal") => Some(Measure::Nominal),
                Some("ordinal") => Some(Measure::Ordinal),
                Some("scale") => Some(Measure::Scale),
                _ => None,
            },
        })
    };
    let set = |own: &Value| {
        Some(DescribedSet {
            name: text(&own["name"])?,
            label: text(&own["label"]),
            columns: own["columns"].as_array()?.iter().map(text).collect::<Option<_>>()?,
            holds: match &own["selected"] {
                Value::Null => SetHolds::Categories,
                selected => SetHolds::Dichotomies { selected: code(selected)? },
            },
        })
    };
    Some(Described {
        title: text(&told["title"]),
        columns: told["columns"].as_array()?.iter().map(column).collect::<Option<_>>()?,
        sets: told["sets"].as_array()?.iter().map(set).collect::<Option<_>>()?,
        weight: text(&told["weight"]),
        records: None,
    })
}
