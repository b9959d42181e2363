//! Replies as an SPSS file: UTF-8, packed, with labels, missing values, sets and measures.
//!
//! The same replies give the same bytes: the time of making is fixed.

use std::io::{self, Write};

use super::super::convert::{Cell, Coded, Column, Columns, shown};
use super::super::{Holds, Measure, SetHolds};
use super::dictionary::ELEMENT;
use super::lost::{LONGEST_LABEL, LONGEST_TEXT, Lost};
use super::names::{Names, cut};
use super::packing::{BIAS, BLOCK, Blocks, Cases};
use super::rows::{DAY, DAYS_BEFORE};
use crate::diag::{Diagnostic, quote};
use crate::schema::{Code, written};

/// Bytes of a variable's label.
const LONGEST_WORDS: usize = 252;
/// Missing values of a variable.
const MOST_MISSING: usize = 3;
/// The records of a very long text: bytes each is declared and filled with.
const CHUNK: usize = 252;
const REAL_CHUNK: usize = 255;

/// A variable to be written.
struct Variable {
    /// Its short names: a very long text has several.
    shorts: Vec<String>,
    long: String,
    /// 0: numbers; else bytes of text.
    width: usize,
    missing: Missing,
}

/// Missing values as SPSS can hold them.
#[derive(Debug, Clone, PartialEq)]
enum Missing {
    Values(Vec<Code>),
    /// From, to, and one more.
    Range(i64, i64, Option<i64>),
}

/// Writes all respondents as .sav, or as .zsav; what the file could not hold comes back.
///
/// # Errors
/// The place cannot be written.
pub fn sav(columns: &Columns<'_>, zipped: bool, out: &mut dyn Write) -> io::Result<Vec<Diagnostic>> {
    let mut lost = Lost::default();
    let widths = widths(columns);
    let mut names = Names::default();
    let mut variables = Vec::new();
    let mut number = 1;
    for (column, &width) in columns.columns.iter().zip(&widths) {
        let long = names.long(&column.name);
        if long != column.name {
            lost.renamed.push((column.name.clone(), long.clone()));
        }
        let records = if width > REAL_CHUNK { width.div_ceil(CHUNK) } else { 1 };
        let mut shorts = Vec::new();
        for record in 0..records {
            let wish = if record == 0 { long.as_str() } else { "" };
            shorts.push(if wish.is_empty() {
                names.short("\u{3042}", number)
            } else {
                names.short(wish, number)
            });
            number += 1;
        }
        let missing = missing(column, width, &mut lost);
        variables.push(Variable { shorts, long, width, missing });
    }
    let mut head = Vec::new();
    dictionary(columns, &variables, zipped, &mut head, &mut lost);
    out.write_all(&head)?;
    let mut cases = Cases::default();
    if zipped {
        let mut blocks = Blocks::default();
        each_case(columns, &variables, &mut lost, |cells| {
            cells.iter().for_each(|cell| cases.put(*cell));
            while cases.bytes.len() >= BLOCK {
                let rest = cases.bytes.split_off(BLOCK);
                blocks.add(&std::mem::replace(&mut cases.bytes, rest))?;
            }
            Ok(())
        })?;
        cases.end();
        while !cases.bytes.is_empty() {
            let rest = cases.bytes.split_off(cases.bytes.len().min(BLOCK));
            blocks.add(&std::mem::replace(&mut cases.bytes, rest))?;
        }
        blocks.write(head.len() as u64, out)?;
    } else {
        each_case(columns, &variables, &mut lost, |cells| {
            cells.iter().for_each(|cell| cases.put(*cell));
            if cases.bytes.len() > 1 << 16 {
                out.write_all(&cases.bytes)?;
                cases.bytes.clear();
            }
            Ok(())
        })?;
        cases.end();
        out.write_all(&cases.bytes)?;
    }
    Ok(lost.diagnostics())
}

/// Bytes of text that each column needs; 0 for numbers.
fn widths(columns: &Columns<'_>) -> Vec<usize> {
    let texts: Vec<bool> = columns.columns.iter().map(|column| !holds_numbers(columns, column)).collect();
    let mut widths: Vec<usize> = columns
        .columns
        .iter()
        .zip(&texts)
        .map(|(column, text)| {
            let code = |coded: &Coded| coded.code.to_string().len();
            if *text { column.coded.iter().map(code).max().unwrap_or(0).max(1) } else { 0 }
        })
        .collect();
    if texts.contains(&true) {
        _ = columns.each_record::<()>(|cells| {
            for ((cell, width), _) in cells.iter().zip(&mut widths).zip(&texts).filter(|(_, text)| **text) {
                if let Cell::Words(words) = cell {
                    *width = (*width).max(words.len());
                }
            }
            Ok(())
        });
    }
    widths.iter_mut().for_each(|width| *width = (*width).min(LONGEST_TEXT));
    widths
}

/// Numbers, and days, which SPSS counts in seconds.
fn holds_numbers(columns: &Columns<'_>, column: &Column) -> bool {
    let integers = column.coded.iter().all(|coded| matches!(coded.code, Code::Integer(_)));
    columns.is_number(column) || (column.holds == Holds::Days && integers)
}

fn missing(column: &Column, width: usize, lost: &mut Lost) -> Missing {
    let codes: Vec<Code> =
        column.coded.iter().filter(|coded| coded.missing).map(|coded| coded.code.clone()).collect();
    let fits = |code: &Code| width == 0 || code.to_string().len() <= ELEMENT;
    if codes.len() <= MOST_MISSING && codes.iter().all(fits) {
        return Missing::Values(codes);
    }
    // Numbers may be missing in a range, if it holds nothing else.
    let integer = |code: &Code| match code {
        Code::Integer(code) => Some(*code),
        Code::Text(_) => None,
    };
    let mut integers: Vec<i64> = codes.iter().filter_map(integer).collect();
    integers.sort_unstable();
    if width == 0 && integers.len() == codes.len() && column.holds == (Holds::Numbers { decimals: 0 }) {
        let given = |from: i64, to: i64| {
            let given = column.coded.iter().filter(|coded| !coded.missing);
            given.filter_map(|coded| integer(&coded.code)).any(|code| (from..=to).contains(&code))
        };
        // A number question may have any number; its codes leave no room for a range.
        let coded = column.coded.iter().any(|coded| !coded.missing);
        let last = integers.len() - 1;
        for (from, to, other) in
            [(0, last, None), (1, last, Some(integers[0])), (0, last - 1, Some(integers[last]))]
        {
            let (from, to) = (integers[from], integers[to]);
            if coded && !given(from, to) {
                return Missing::Range(from, to, other);
            }
        }
    }
    lost.not_missing.push(quote(&column.name));
    let mut codes: Vec<Code> = codes.into_iter().filter(fits).collect();
    codes.truncate(MOST_MISSING);
    Missing::Values(codes)
}

pub(super) fn push_i32(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&i32::try_from(value).unwrap_or(i32::MAX).to_le_bytes());
}

/// A text in a field of so many bytes, spaces after it.
fn push_field(out: &mut Vec<u8>, text: &str, bytes: usize) {
    let text = cut(text, bytes);
    out.extend_from_slice(text.as_bytes());
    out.resize(out.len() + bytes - text.len(), b' ');
}

/// An extension record of bytes.
fn extension(out: &mut Vec<u8>, subtype: usize, size: usize, data: &[u8]) {
    for number in [7, subtype, size, data.len() / size] {
        push_i32(out, number);
    }
    out.extend_from_slice(data);
}

fn dictionary(
    columns: &Columns<'_>,
    variables: &[Variable],
    zipped: bool,
    out: &mut Vec<u8>,
    lost: &mut Lost,
) {
    let elements = |variable: &Variable| elements(variable.width);
    let respondents = columns.respondents();
    out.extend_from_slice(if zipped { b"$FL3" } else { b"$FL2" });
    push_field(out, "@(#) SPSS DATA FILE renkei", 60);
    push_i32(out, 2);
    push_i32(out, variables.iter().map(elements).sum());
    push_i32(out, if zipped { 2 } else { 1 });
    let before = |weight: usize| variables[..weight].iter().map(elements).sum::<usize>() + 1;
    push_i32(out, columns.weight.map_or(0, before));
    out.extend_from_slice(&i32::try_from(respondents).unwrap_or(-1).to_le_bytes());
    out.extend_from_slice(&BIAS.to_le_bytes());
    push_field(out, "01 Jan 80", 9);
    push_field(out, "00:00:00", 8);
    push_field(out, &columns.survey.title, 64);
    out.extend_from_slice(&[0; 3]);
    for (variable, column) in variables.iter().zip(&columns.columns) {
        records(variable, column, out, lost);
    }
    let (mut element, mut long_labels, mut long_missing) = (1, Vec::new(), Vec::new());
    for (variable, column) in variables.iter().zip(&columns.columns) {
        match variable.width {
            0..=8 => value_labels(variable, column, element, out, lost),
            _ => long_value_labels(variable, column, &mut long_labels, lost),
        }
        if let (9.., Missing::Values(codes)) = (variable.width, &variable.missing)
            && !codes.is_empty()
        {
            push_i32(&mut long_missing, variable.long.len());
            long_missing.extend_from_slice(variable.long.as_bytes());
            long_missing.push(u8::try_from(codes.len()).unwrap_or(0));
            push_i32(&mut long_missing, ELEMENT);
            codes.iter().for_each(|code| push_field(&mut long_missing, &code.to_string(), ELEMENT));
        }
        element += elements(variable);
    }
    let mut machine = Vec::new();
    // Version 22.0.0, IEEE numbers, small ends first, UTF-8.
    for number in [22_i32, 0, 0, -1, 1, 1, 2, 65_001] {
        machine.extend_from_slice(&number.to_le_bytes());
    }
    extension(out, 3, 4, &machine);
    let floats = [-f64::MAX, f64::MAX, (-f64::MAX).next_up()];
    extension(out, 4, 8, floats.map(f64::to_le_bytes).as_flattened());
    let sets = sets(columns, variables);
    if !sets.is_empty() {
        extension(out, 7, 1, &sets);
    }
    let mut display = Vec::new();
    for (variable, column) in variables.iter().zip(&columns.columns) {
        let measure = match column.measure {
            Measure::Nominal => 1,
            Measure::Ordinal => 2,
            Measure::Scale => 3,
        };
        for _ in &variable.shorts {
            // Its measure, the width it is shown in, and at which side.
            [measure, 8, usize::from(variable.width == 0)]
                .iter()
                .for_each(|&number| push_i32(&mut display, number));
        }
    }
    extension(out, 11, 4, &display);
    let long = variables.iter().map(|variable| format!("{}={}", variable.shorts[0], variable.long));
    extension(out, 13, 1, long.collect::<Vec<_>>().join("\t").as_bytes());
    let very_long: Vec<u8> = variables
        .iter()
        .filter(|variable| variable.width > REAL_CHUNK)
        .flat_map(|variable| format!("{}={:05}\0\t", variable.shorts[0], variable.width).into_bytes())
        .collect();
    if !very_long.is_empty() {
        extension(out, 14, 1, &very_long);
    }
    let cases = [1_i64, i64::try_from(respondents).unwrap_or(i64::MAX)];
    extension(out, 16, 8, cases.map(i64::to_le_bytes).as_flattened());
    extension(out, 20, 1, b"UTF-8");
    if !long_labels.is_empty() {
        extension(out, 21, 1, &long_labels);
    }
    if !long_missing.is_empty() {
        extension(out, 22, 1, &long_missing);
    }
    push_i32(out, 999);
    push_i32(out, 0);
}

/// The elements of a value in a case.
fn elements(width: usize) -> usize {
    match width {
        0 => 1,
        1..=REAL_CHUNK => width.div_ceil(ELEMENT),
        _ => {
            let records = width.div_ceil(CHUNK);
            (records - 1) * REAL_CHUNK.div_ceil(ELEMENT) + (width - (records - 1) * CHUNK).div_ceil(ELEMENT)
        }
    }
}

/// The records of a variable: one for each element of its values, or several of a very long text.
fn records(variable: &Variable, column: &Column, out: &mut Vec<u8>, lost: &mut Lost) {
    for (record, short) in variable.shorts.iter().enumerate() {
        let width = match variable.width {
            0..=REAL_CHUNK => variable.width,
            _ if record + 1 < variable.shorts.len() => REAL_CHUNK,
            width => width - record * CHUNK,
        };
        let short_missing = record == 0 && variable.width <= ELEMENT;
        let missing: Vec<[u8; ELEMENT]> = match &variable.missing {
            Missing::Values(codes) if short_missing => codes.iter().map(|code| stored(code, width)).collect(),
            Missing::Range(from, to, other) if short_missing => [Some(*from), Some(*to), *other]
                .iter()
                .flatten()
                .map(|code| (*code as f64).to_le_bytes())
                .collect(),
            _ => Vec::new(),
        };
        let count = i32::try_from(missing.len()).unwrap_or(0);
        let count = if matches!(variable.missing, Missing::Range(..)) { -count } else { count };
        push_i32(out, 2);
        push_i32(out, width);
        push_i32(out, 1);
        out.extend_from_slice(&count.to_le_bytes());
        let format = format(column, width);
        out.extend_from_slice(&format);
        out.extend_from_slice(&format);
        push_field(out, short, ELEMENT);
        let words = lost.shortened(&column.label, LONGEST_WORDS);
        push_i32(out, words.len());
        push_field(out, &words, words.len().div_ceil(4) * 4);
        missing.iter().for_each(|value| out.extend_from_slice(value));
        for _ in 1..width.div_ceil(ELEMENT) {
            push_i32(out, 2);
            out.extend_from_slice(&(-1_i32).to_le_bytes());
            for _ in 0..4 {
                push_i32(out, 0);
            }
            push_field(out, "", ELEMENT);
        }
    }
}

/// How a variable is shown: decimals, width, type.
fn format(column: &Column, width: usize) -> [u8; 4] {
    let small = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
    match (width, column.holds) {
        // SDATE: 2016/11/10.
        (0, Holds::Days) => [0, 10, 39, 0],
        (0, Holds::Numbers { decimals }) => {
            let decimals = small(decimals as usize).min(16);
            [decimals, 8.max(decimals + 4), 5, 0]
        }
        (0, _) => [0, 12, 5, 0],
        (width, _) => [0, small(width), 1, 0],
    }
}

/// A code as the value of a variable.
fn stored(code: &Code, width: usize) -> [u8; ELEMENT] {
    match code {
        Code::Integer(code) if width == 0 => (*code as f64).to_le_bytes(),
        code => {
            let mut field = Vec::new();
            push_field(&mut field, &code.to_string(), ELEMENT);
            field.try_into().unwrap_or([b' '; ELEMENT])
        }
    }
}

fn labelled(column: &Column) -> impl Iterator<Item = (&Code, &str)> {
    column.coded.iter().filter_map(|coded| Some((&coded.code, coded.label.as_deref()?)))
}

fn value_labels(variable: &Variable, column: &Column, element: usize, out: &mut Vec<u8>, lost: &mut Lost) {
    let labels: Vec<(&Code, &str)> = labelled(column).collect();
    if labels.is_empty() {
        return;
    }
    push_i32(out, 3);
    push_i32(out, labels.len());
    for (code, label) in labels {
        out.extend_from_slice(&stored(code, variable.width));
        let label = lost.shortened(label, LONGEST_LABEL);
        out.push(u8::try_from(label.len()).unwrap_or(u8::MAX));
        push_field(out, &label, (label.len() + 1).div_ceil(ELEMENT) * ELEMENT - 1);
    }
    [4, 1, element].iter().for_each(|&number| push_i32(out, number));
}

fn long_value_labels(variable: &Variable, column: &Column, out: &mut Vec<u8>, lost: &mut Lost) {
    let labels: Vec<(&Code, &str)> = labelled(column).collect();
    if labels.is_empty() {
        return;
    }
    push_i32(out, variable.long.len());
    out.extend_from_slice(variable.long.as_bytes());
    push_i32(out, variable.width);
    push_i32(out, labels.len());
    for (code, label) in labels {
        push_i32(out, variable.width);
        push_field(out, &code.to_string(), variable.width);
        let label = lost.shortened(label, LONGEST_LABEL);
        push_i32(out, label.len());
        out.extend_from_slice(label.as_bytes());
    }
}

/// The sets: `$q3=D1 1 6 label q3_1 q3_2`, one a line, by short names.
fn sets(columns: &Columns<'_>, variables: &[Variable]) -> Vec<u8> {
    let mut names = Names::default();
    let mut text = String::new();
    for set in &columns.sets {
        let own: Vec<String> = set
            .columns
            .iter()
            .filter_map(|name| columns.columns.iter().position(|column| column.name == *name))
            .map(|place| variables[place].shorts[0].to_lowercase())
            .collect();
        if own.len() < 2 {
            continue;
        }
        let kind = match &set.holds {
            SetHolds::Dichotomies { selected } => {
                let selected = selected.to_string();
                format!("D{} {selected}", selected.len())
            }
            SetHolds::Categories => "C".to_string(),
        };
        let label = set.label.as_deref().unwrap_or_default().replace('\n', " ");
        let label = cut(&label, LONGEST_WORDS);
        let name = names.long(&set.name);
        text.push_str(&format!("${name}={kind} {} {label} {}\n", label.len(), own.join(" ")));
    }
    text.into_bytes()
}

/// Gives every case, element by element.
fn each_case(
    columns: &Columns<'_>,
    variables: &[Variable],
    lost: &mut Lost,
    mut write: impl FnMut(&[[u8; ELEMENT]]) -> io::Result<()>,
) -> io::Result<()> {
    let no_value = (-f64::MAX).to_le_bytes();
    let mut case = Vec::new();
    columns.each_record(|cells| {
        case.clear();
        for ((cell, column), variable) in cells.iter().zip(&columns.columns).zip(variables) {
            if variable.width > 0 {
                let words = shown(cell, column, false);
                lost.shortened_texts += u64::from(words.len() > LONGEST_TEXT);
                push_text(cut(&words, LONGEST_TEXT), variable.width, &mut case);
                continue;
            }
            case.push(match cell {
                Cell::Blank => no_value,
                Cell::Coded(place) => match &column.coded[*place].code {
                    Code::Integer(code) => (*code as f64).to_le_bytes(),
                    Code::Text(_) => no_value,
                },
                // The nearest number: a decimal is parsed as a whole.
                Cell::Number(digits, decimals) => {
                    let value: f64 = written((*digits, *decimals)).parse().unwrap_or(-f64::MAX);
                    value.to_le_bytes()
                }
                Cell::Day(day) => ((day.0 + DAYS_BEFORE) as f64 * DAY).to_le_bytes(),
                Cell::Words(words) => words.parse::<f64>().map_or(no_value, f64::to_le_bytes),
            });
        }
        write(&case)
    })
}

/// A text in the elements of its variable.
fn push_text(words: &str, width: usize, case: &mut Vec<[u8; ELEMENT]>) {
    let bytes = words.as_bytes();
    let start = case.len();
    let whole = elements(width);
    case.resize(start + whole, [b' '; ELEMENT]);
    let held = case[start..].as_flattened_mut();
    if width <= REAL_CHUNK {
        held[..bytes.len()].copy_from_slice(bytes);
        return;
    }
    // Each record but the last takes 256 bytes, of which 255 are text.
    for (record, part) in bytes.chunks(REAL_CHUNK).enumerate() {
        let at = record * REAL_CHUNK.div_ceil(ELEMENT) * ELEMENT;
        held[at..at + part.len()].copy_from_slice(part);
    }
}
