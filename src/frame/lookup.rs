//! What a cell means that no table knows: looked up once for each distinct cell.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::coding::{Book, Reading};
use super::date::date;
use super::export::Dialect;
use super::ledger::{Class, Here, TaskLedger, count, count32};
use super::number::{Decimal, Scaled, decimal};
use super::packed::{PackedBook, PackedReading};
use crate::schema::{Dates, NumberRange, Question, Spelling, integer_of, matching_key};

/// A dictionary with more distinct cells than this takes no more.
pub(crate) const MOST_CACHED: usize = 65_536;
/// Dictionary entry of cells that mean nothing.
pub(crate) const NOTHING: u16 = u16::MAX;

/// Distinct cells and what they mean.
pub(crate) type Dictionary<T> = HashMap<Box<[u8]>, T, RandomState>;

/// The local code of a cell; [`NOTHING`] for a defect, which is in the ledger then.
pub(crate) fn look_up(
    content: &[u8],
    known: &mut Dictionary<u16>,
    book: &Book,
    ledger: &mut TaskLedger,
    here: Here<'_>,
) -> u16 {
    if content.is_empty() {
        return book.blank;
    }
    let code = match known.get(content) {
        Some(&code) => code,
        None => {
            let cell = String::from_utf8_lossy(content);
            note_private(&cell, ledger, here);
            let reading = if is_blank(&cell) { Reading::Plain(book.blank) } else { book.read(&cell) };
            let code = match reading {
                Reading::Plain(code) => code,
                Reading::CodeOnly(code) => {
                    ledger.class(Class::Code, &cell, here);
                    code
                }
                Reading::LabelOnly(code) => {
                    ledger.class(Class::Label, &cell, here);
                    code
                }
                Reading::Either(code) => {
                    ledger.class(Class::Either, &cell, here);
                    code
                }
                Reading::Unknown => NOTHING,
            };
            if known.len() < MOST_CACHED {
                known.insert(content.into(), code);
            }
            code
        }
    };
    if code == NOTHING {
        match book.free {
            Some(_) => count(&mut ledger.free, || here.position()),
            None => ledger.value(&String::from_utf8_lossy(content), here),
        }
    }
    code
}

/// The place of a packed cell's reading; `u32::MAX` for a blank one.
pub(crate) fn look_up_packed(
    content: &[u8],
    known: &mut Dictionary<u32>,
    readings: &mut Vec<PackedReading>,
    book: &PackedBook,
    ledger: &mut TaskLedger,
    here: Here<'_>,
) -> u32 {
    if content.is_empty() {
        return u32::MAX;
    }
    let place = match known.get(content) {
        Some(&place) => place,
        None => {
            let cell = String::from_utf8_lossy(content);
            if is_blank(&cell) {
                return u32::MAX;
            }
            note_private(&cell, ledger, here);
            let reading = book.read(&cell);
            match &reading {
                PackedReading::CodeOnly(_) => ledger.class(Class::Code, &cell, here),
                PackedReading::LabelOnly(_) => ledger.class(Class::Label, &cell, here),
                PackedReading::Either(..) => ledger.class(Class::Either, &cell, here),
                PackedReading::Plain(_) | PackedReading::Unknown(_) => {}
            }
            let place = count32(readings.len());
            readings.push(reading);
            if known.len() < MOST_CACHED {
                known.insert(content.into(), place);
            }
            place
        }
    };
    match &readings[place as usize] {
        PackedReading::Unknown(piece) => ledger.value(piece, here),
        PackedReading::Plain(reply) if reply.free => count(&mut ledger.free, || here.position()),
        _ => {}
    }
    place
}

/// The missing codes of a number question.
#[derive(Debug)]
pub(crate) struct NumberBook {
    spelling: Spelling,
    /// Those that are whole numbers: only they could be taken for values.
    integers: Vec<i64>,
    range: NumberRange,
    /// Numbers that mean a blank.
    blanks: &'static [i64],
}

impl NumberBook {
    /// The book of a number question.
    pub(crate) fn new(spelling: Spelling, range: NumberRange) -> NumberBook {
        let keys = spelling.by_code.keys().chain(spelling.by_label.keys());
        let integers = keys.filter_map(|key| integer_of(key)).collect();
        NumberBook { spelling, integers, range, blanks: &[] }
    }

    /// The book in an export where cells mean more.
    pub(crate) fn with(self, dialect: &Dialect) -> NumberBook {
        NumberBook { blanks: dialect.blanks, ..self }
    }
}

/// Reads a number that has no words, as [`number`] reads its cell; `false`: by its cell, please.
#[inline]
pub(crate) fn plain_number(
    value: Decimal,
    scaled: &mut Scaled,
    states: &mut [u8],
    book: &NumberBook,
    row: usize,
) -> bool {
    let means_more = |value: i64| book.integers.contains(&value) || book.blanks.contains(&value);
    let is_fine = !value.integer().is_some_and(means_more)
        && book.range.holds((value.digits, value.decimals))
        && scaled.put(row, value);
    if is_fine {
        states[row] = 0;
    }
    is_fine
}

/// Reads one cell of a number question.
pub(crate) fn number(
    content: &[u8],
    scaled: &mut Scaled,
    states: &mut [u8],
    book: &NumberBook,
    ledger: &mut TaskLedger,
    here: Here<'_>,
) {
    if content.is_empty() {
        return;
    }
    if let Ok(value) = decimal(content)
        && !value.integer().is_some_and(|value| book.integers.contains(&value))
    {
        if value.integer().is_some_and(|value| book.blanks.contains(&value)) {
            return;
        }
        states[here.row] = 0;
        if !book.range.holds((value.digits, value.decimals)) || !scaled.put(here.row, value) {
            states[here.row] = 1;
            ledger.value(&String::from_utf8_lossy(content), here);
        }
        return;
    }
    let cell = String::from_utf8_lossy(content);
    if is_blank(&cell) {
        return;
    }
    if let Some(place) = book.spelling.code(&cell).or_else(|| book.spelling.label(&cell)) {
        states[here.row] = 2 + u8::try_from(place).unwrap_or(u8::MAX - 2);
        return;
    }
    match decimal(matching_key(&cell).as_bytes()) {
        Ok(value) if book.range.holds((value.digits, value.decimals)) && scaled.put(here.row, value) => {
            states[here.row] = 0;
        }
        _ => ledger.value(&cell, here),
    }
}

/// How the cells of a date question are read.
#[derive(Debug)]
pub(crate) struct DateBook {
    spelling: Spelling,
    dates: Dates,
}

impl DateBook {
    /// The book of a date question.
    pub(crate) fn new(question: &Question) -> DateBook {
        DateBook { spelling: question.spellings(), dates: question.dates }
    }
}

/// Reads one cell of a date question.
pub(crate) fn day(
    content: &[u8],
    scaled: &mut Scaled,
    states: &mut [u8],
    book: &DateBook,
    ledger: &mut TaskLedger,
    here: Here<'_>,
) {
    let cell = String::from_utf8_lossy(content);
    if is_blank(&cell) {
        return;
    }
    // Codes first: 19000101 may mean 無回答.
    if let Some(place) = book.spelling.code(&cell).or_else(|| book.spelling.label(&cell)) {
        states[here.row] = 2 + u8::try_from(place).unwrap_or(u8::MAX - 2);
        return;
    }
    match date(&cell, book.dates.order, book.dates.limits) {
        Ok(day) => {
            scaled.values[here.row] = day.0;
            states[here.row] = 0;
        }
        Err(_) => ledger.value(&cell, here),
    }
}

/// The state of one cell of a text question. The words go no further.
pub(crate) fn text(content: &[u8], spelling: &Spelling) -> u8 {
    if content.is_empty() {
        return 1;
    }
    let coded = !spelling.by_code.is_empty() || !spelling.by_label.is_empty();
    if content.is_ascii() && !coded {
        return 0;
    }
    let Ok(cell) = str::from_utf8(content) else { return 0 };
    if is_blank(cell) {
        return 1;
    }
    // A code is short; nobody needs the key of a long answer.
    if !coded || content.len() > 120 {
        return 0;
    }
    let place = spelling.by_code.get(&matching_key(cell)).copied();
    let place = place.or_else(|| spelling.label(cell));
    let place = place.or_else(|| spelling.by_code.get(&integer_of(cell)?.to_string()).copied());
    place.map_or(0, |place| 2 + u8::try_from(place).unwrap_or(u8::MAX - 2))
}

/// Notes characters of the private range (外字): what they show is each machine's own affair.
fn note_private(cell: &str, ledger: &mut TaskLedger, here: Here<'_>) {
    if cell.chars().any(|character| ('\u{E000}'..='\u{F8FF}').contains(&character)) {
        count(&mut ledger.private, || here.position());
    }
}

/// Only white space, full-width space included.
fn is_blank(cell: &str) -> bool {
    cell.chars().all(char::is_whitespace)
}
