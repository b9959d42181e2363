//! The values of a Parquet column, some thousand rows at a time.
//!
//! Pages whose values are places in a dictionary are not unpacked into values: each entry of the dictionary is made a
//! cell once, and rows are small integers from the file to the codes. What is packed in a rarer way is left to the
//! parquet crate.

use std::fs::File;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::Page;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::RowGroupReader;

use super::Damage;
use super::hybrid::{Hybrid, Meanings};
use super::pages::{Pages, Unpacker};
use super::shape::{Shape, decimal_as_usual};
use crate::frame::number::Decimal;

/// The place of a row without a value.
pub(crate) const NOTHING: u32 = u32::MAX;
/// The same among places of one byte.
pub(crate) const NO_PLACE: u8 = u8::MAX;
/// The bit of places that are in the batch and not in the dictionary.
pub(crate) const OWN: u32 = 1 << 31;

/// Rows of one column.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// For each row a place in the dictionary, or with [`OWN`] in `own`; [`NOTHING`] where it has no value.
    pub(crate) at: Vec<u32>,
    /// Cells that are in no dictionary, one after another.
    own: Vec<u8>,
    ends: Vec<usize>,
    flags: Vec<u8>,
}

/// Rows of one column whose values are in a small dictionary: a byte for each.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// For each row a place in the dictionary; [`NO_PLACE`] where it has no value.
    pub(crate) at: Vec<u8>,
    values: Vec<u8>,
    flags: Vec<u8>,
}

impl Batch {
    fn clear(&mut self) {
        self.at.clear();
        self.own.clear();
        self.ends.clear();
    }

    /// Takes what was written to `own` as the next row's cell.
    fn end_own(&mut self) {
        self.at.push(OWN | u32::try_from(self.ends.len()).unwrap_or(OWN - 1));
        self.ends.push(self.own.len());
    }

    /// The cell at a place.
    pub(crate) fn cell<'a>(&'a self, place: u32, dictionary: &'a [Box<[u8]>]) -> &'a [u8] {
        if place == NOTHING {
            return b"";
        }
        if place & OWN == 0 {
            return dictionary.get(place as usize).map_or(b"", |cell| cell);
        }
        let place = (place & !OWN) as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.own[start..self.ends[place]]
    }
}

/// Reads one column of one row group.
pub(crate) struct Cursor {
    shape: Shape,
    physical: Physical,
    optional: bool,
    /// Whether every value is in the dictionary, as far as the metadata say.
    listed: Option<bool>,
    source: Source,
    /// How many decimals its numbers mostly have.
    usual: usize,
    /// The cells of the column's dictionary.
    pub(crate) dictionary: Vec<Box<[u8]>>,
}

enum Source {
    Pages(Pages, Option<State>),
    /// By the parquet crate, value by value.
    Values(Box<ColumnReader>),
}

/// What is left of a page.
struct State {
    rows: usize,
    /// Whether each row has a value.
    there: Option<Hybrid>,
    values: Values,
}

enum Values {
    Places(Hybrid),
    Plain(Bytes, usize),
    /// Bits side by side, and how many are taken.
    Flags(Bytes, usize),
    Runs(Hybrid),
}

impl std::fmt::Debug for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor").field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl Cursor {
    /// The values of a column of a row group.
    pub(super) fn open(
        file: &Arc<File>,
        unpacker: &Unpacker,
        group: &dyn RowGroupReader,
        column: usize,
    ) -> Result<Cursor, Damage> {
        let metadata = group.metadata().column(column);
        let descriptor = metadata.column_descr();
        let usual = |encoding: Encoding| {
            matches!(encoding, Encoding::PLAIN | Encoding::RLE | Encoding::RLE_DICTIONARY)
                || format!("{encoding}") == "PLAIN_DICTIONARY"
                || format!("{encoding}") == "BIT_PACKED"
        };
        let source = match metadata.encodings().all(usual) {
            true => Source::Pages(Pages::open(file, unpacker, group.metadata(), column)?, None),
            false => Source::Values(Box::new(group.get_column_reader(column).map_err(damage)?)),
        };
        let mask = metadata.page_encoding_stats_mask();
        let listed = match metadata.dictionary_page_offset() {
            None => Some(false),
            Some(_) => mask.map(|mask| mask.encodings().all(is_place)),
        };
        Ok(Cursor {
            shape: Shape::of(descriptor),
            physical: descriptor.physical_type(),
            optional: descriptor.max_def_level() > 0,
            listed,
            source,
            usual: 0,
            dictionary: Vec::new(),
        })
    }

    /// All cells that the column has, blank ones aside, each once; `None` where not all of them are in a dictionary.
    ///
    /// Where the metadata do not say whether they are, its pages do. The cursor has no rows any more.
    pub(crate) fn distinct(mut self) -> Result<Option<Vec<Box<[u8]>>>, Damage> {
        while self.listed != Some(false) {
            let Source::Pages(pages, _) = &mut self.source else { break };
            let Some(raw) = pages.next()? else { return Ok(Some(self.dictionary)) };
            match raw.page() {
                Page::DictionaryPage { .. } => {
                    let page = pages.unpack(raw)?;
                    self.page(page)?;
                    if self.listed == Some(true) {
                        return Ok(Some(self.dictionary));
                    }
                }
                page if is_place(page.encoding()) => {}
                _ => break,
            }
        }
        Ok(None)
    }

    /// The next rows; an error where there are fewer.
    pub(crate) fn next(&mut self, rows: usize, batch: &mut Batch) -> Result<(), Damage> {
        batch.clear();
        while batch.at.len() < rows {
            let wanted = rows - batch.at.len();
            match &mut self.source {
                Source::Values(reader) => {
                    let shape = self.shape;
                    if values(reader, shape, self.optional, wanted, batch)? == 0 {
                        return Err(Damage::bad("a column has fewer values than the file has rows"));
                    }
                }
                Source::Pages(_, Some(state)) if state.rows > 0 => {
                    let count = state.rows.min(wanted);
                    state.rows -= count;
                    state.take(count, self.shape, self.physical, self.dictionary.len(), batch)?;
                }
                Source::Pages(..) => self.turn()?,
            }
        }
        Ok(())
    }

    /// The next rows of the page at hand as places of one byte; how many those are.
    ///
    /// None where the page has values themselves, or the dictionary has too many entries.
    pub(crate) fn places(&mut self, rows: usize, places: &mut Places) -> Result<usize, Damage> {
        let Some(rows) = self.rows_of_places(rows)? else { return Ok(0) };
        if self.dictionary.len() >= usize::from(NO_PLACE) {
            return Ok(0);
        }
        // A place means itself.
        let mut itself = [Meanings::NONE; 256];
        (0..self.dictionary.len()).for_each(|place| itself[place] = place as u8);
        let mut at = std::mem::take(&mut places.at);
        at.resize(rows, 0);
        let taken = self.codes(&mut at, (&mut Meanings::new(itself), NO_PLACE), places);
        places.at = at;
        taken
    }

    /// The next rows of the page at hand as codes, as many as fit; how many those are, as [`Cursor::places`] has it.
    ///
    /// `meanings` is of the places in the dictionary; rows without a value are `blank`.
    pub(crate) fn codes(
        &mut self,
        out: &mut [u8],
        meanings: (&mut Meanings, u8),
        places: &mut Places,
    ) -> Result<usize, Damage> {
        let Some(rows) = self.rows_of_places(out.len())? else { return Ok(0) };
        if let Source::Pages(_, Some(state)) = &mut self.source {
            state.rows -= rows;
            state.take_codes(&mut out[..rows], meanings, places)?;
        }
        Ok(rows)
    }

    /// How many of the next rows the page at hand has; `None` where its values are no places in the dictionary.
    fn rows_of_places(&mut self, most: usize) -> Result<Option<usize>, Damage> {
        loop {
            match &self.source {
                Source::Pages(_, Some(state)) if state.rows > 0 => {
                    let are_places = matches!(state.values, Values::Places(_));
                    return Ok(are_places.then_some(state.rows.min(most)));
                }
                Source::Pages(..) => self.turn()?,
                Source::Values(_) => return Ok(None),
            }
        }
    }

    /// The next rows of the page at hand as numbers, as far as each has one that needs no words; how many those are.
    pub(crate) fn numbers(&mut self, rows: usize, numbers: &mut Vec<Decimal>) -> Result<usize, Damage> {
        numbers.clear();
        let size = match (self.physical, self.shape) {
            (Physical::INT32, Shape::Integer { unsigned: false }) => 4,
            (Physical::INT64, Shape::Integer { unsigned: false }) | (Physical::DOUBLE, Shape::Real) => 8,
            _ => return Ok(0),
        };
        while let Source::Pages(_, state) = &mut self.source {
            let Some(state) = state.as_mut().filter(|state| state.rows > 0) else {
                self.turn()?;
                continue;
            };
            let Values::Plain(bytes, at) = &mut state.values else { break };
            let (bytes, most) = (bytes.get(*at..).unwrap_or_default(), rows.min(state.rows));
            match self.physical {
                Physical::INT32 => {
                    let values = bytes.as_chunks().0.iter().take(most);
                    numbers.extend(values.map(|value| whole(i64::from(i32::from_le_bytes(*value)))));
                }
                Physical::INT64 => {
                    let values = bytes.as_chunks().0.iter().take(most);
                    numbers.extend(values.map(|value| whole(i64::from_le_bytes(*value))));
                }
                _ => {
                    let values = bytes.as_chunks().0.iter().take(most);
                    numbers.extend(values.map_while(|value| {
                        let number = decimal_as_usual(f64::from_le_bytes(*value), &mut self.usual)?;
                        Some(Decimal { digits: number.0, decimals: number.1 as u32 })
                    }));
                }
            }
            let count = match &mut state.there {
                Some(there) if !numbers.is_empty() => there.pass_set(numbers.len())?,
                _ => numbers.len(),
            };
            numbers.truncate(count);
            state.rows -= count;
            *at += count * size;
            return Ok(count);
        }
        Ok(0)
    }

    /// Turns to the next page.
    fn turn(&mut self) -> Result<(), Damage> {
        let Source::Pages(pages, _) = &mut self.source else { return Ok(()) };
        let short = || Damage::bad("a column has fewer values than the file has rows");
        let raw = pages.next()?.ok_or_else(short)?;
        let page = pages.unpack(raw)?;
        self.page(page)
    }

    fn page(&mut self, page: Page) -> Result<(), Damage> {
        let short = || Damage::bad("a page ends before its values");
        let state = match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                let mut at = 0;
                // Each value has at least a byte, flags aside, which have no dictionary.
                if num_values as usize > buf.len() {
                    return Err(short());
                }
                if !self.dictionary.is_empty() {
                    return Err(Damage::bad("a column has two dictionaries"));
                }
                for _ in 0..num_values {
                    let mut cell = Vec::new();
                    plain(&buf, &mut at, self.physical, self.shape, &mut cell)?;
                    self.dictionary.push(cell.into());
                }
                return Ok(());
            }
            Page::DataPage { buf, num_values, encoding, .. } => {
                let (there, rest) = if self.optional {
                    let length = buf
                        .first_chunk()
                        .map(|bytes| u32::from_le_bytes(*bytes) as usize)
                        .ok_or_else(short)?;
                    if length > buf.len() - 4 {
                        return Err(short());
                    }
                    (Some(buf.slice(4..4 + length)), buf.slice(4 + length..))
                } else {
                    (None, buf)
                };
                (num_values, there, rest, encoding)
            }
            Page::DataPageV2 {
                buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, ..
            } => {
                let (start, length) = (rep_levels_byte_len as usize, def_levels_byte_len as usize);
                if start.checked_add(length).is_none_or(|end| end > buf.len()) {
                    return Err(short());
                }
                let there = self.optional.then(|| buf.slice(start..start + length));
                (num_values, there, buf.slice(start + length..), encoding)
            }
        };
        let (rows, there, rest, encoding) = state;
        let there = there.map(|there| Hybrid::new(there, 1)).transpose()?;
        let values = match encoding {
            Encoding::PLAIN if self.physical == Physical::BOOLEAN => Values::Flags(rest, 0),
            Encoding::PLAIN => Values::Plain(rest, 0),
            Encoding::RLE if self.physical == Physical::BOOLEAN && rest.len() >= 4 => {
                Values::Runs(Hybrid::new(rest.slice(4..), 1)?)
            }
            Encoding::RLE => return Err(short()),
            _ => {
                // A page without values may have nothing at all.
                let width = rest.first().copied().unwrap_or(0);
                let rest = if rest.is_empty() { rest } else { rest.slice(1..) };
                Values::Places(Hybrid::new(rest, usize::from(width))?)
            }
        };
        if let Source::Pages(_, state) = &mut self.source {
            *state = Some(State { rows: rows as usize, there, values });
        }
        Ok(())
    }
}

impl State {
    fn take(
        &mut self,
        rows: usize,
        shape: Shape,
        physical: Physical,
        entries: usize,
        batch: &mut Batch,
    ) -> Result<(), Damage> {
        let mut flags = std::mem::take(&mut batch.flags);
        let values = self.values_of(rows, &mut flags)?;
        let start = batch.at.len();
        match &mut self.values {
            Values::Places(places) => {
                batch.at.resize(start + values, 0);
                places.take(&mut batch.at[start..], |place| place)?;
                if batch.at[start..].iter().any(|place| *place as usize >= entries) {
                    return Err(unknown_place());
                }
            }
            Values::Plain(bytes, at) => {
                for _ in 0..values {
                    plain(bytes, at, physical, shape, &mut batch.own)?;
                    batch.end_own();
                }
            }
            Values::Flags(bytes, taken) => {
                for _ in 0..values {
                    let byte =
                        bytes.get(*taken / 8).ok_or_else(|| Damage::bad("a page ends before its values"))?;
                    batch.own.push(b'0' + (byte >> (*taken % 8) & 1));
                    batch.end_own();
                    *taken += 1;
                }
            }
            Values::Runs(runs) => {
                for _ in 0..values {
                    let mut flag = [0];
                    runs.take(&mut flag, |flag| flag as u8 & 1)?;
                    batch.own.push(b'0' + flag[0]);
                    batch.end_own();
                }
            }
        }
        if values < rows {
            spread(&mut batch.at, start, &flags);
        }
        batch.flags = flags;
        Ok(())
    }

    /// The next rows as codes.
    fn take_codes(
        &mut self,
        out: &mut [u8],
        (meanings, blank): (&mut Meanings, u8),
        places: &mut Places,
    ) -> Result<(), Damage> {
        let values = self.values_of(out.len(), &mut places.flags)?;
        let Values::Places(packed) = &mut self.values else { return Ok(()) };
        if values == out.len() {
            packed.take_codes(out, meanings)?;
            return if out.contains(&Meanings::NONE) { Err(unknown_place()) } else { Ok(()) };
        }
        places.values.clear();
        places.values.resize(values, 0);
        packed.take_codes(&mut places.values, meanings)?;
        if places.values.contains(&Meanings::NONE) {
            return Err(unknown_place());
        }
        // One more, so that nothing depends on whether a row has a value but which of two bytes it is.
        places.values.push(blank);
        let mut from = 0;
        let spread = |out: &mut [u8], there: &[u8], mut from: usize| {
            for (code, &there) in out.iter_mut().zip(there) {
                *code = if there == 1 { places.values[from] } else { blank };
                from += usize::from(there);
            }
            from
        };
        // Most eights have all of their values.
        let (eights, rest) = out.as_chunks_mut::<8>();
        let (flags, last) = places.flags.as_chunks::<8>();
        for (codes, there) in eights.iter_mut().zip(flags) {
            match places.values.get(from..from + 8) {
                Some(values) if *there == [1; 8] => {
                    codes.copy_from_slice(values);
                    from += 8;
                }
                _ => from = spread(codes, there, from),
            }
        }
        spread(rest, last, from);
        Ok(())
    }

    /// How many of the next rows have a value; where not all of them, `flags` says which.
    fn values_of(&mut self, rows: usize, flags: &mut Vec<u8>) -> Result<usize, Damage> {
        let Some(there) = &mut self.there else { return Ok(rows) };
        let set = there.pass_set(rows)?;
        if set == rows {
            return Ok(rows);
        }
        flags.clear();
        flags.resize(rows, 1);
        there.take(&mut flags[set..], |flag| flag as u8 & 1)?;
        Ok(flags.iter().map(|&there| usize::from(there)).sum())
    }
}

/// Values of this encoding are places in the dictionary.
fn is_place(encoding: Encoding) -> bool {
    encoding == Encoding::RLE_DICTIONARY || format!("{encoding}") == "PLAIN_DICTIONARY"
}

fn whole(digits: i64) -> Decimal {
    Decimal { digits, decimals: 0 }
}

fn unknown_place() -> Damage {
    Damage::bad("a value is in no dictionary")
}

/// Puts rows without a value between those with one.
fn spread(at: &mut Vec<u32>, start: usize, there: &[u8]) {
    let mut from = at.len();
    at.resize(start + there.len(), NOTHING);
    for row in (0..there.len()).rev() {
        at[start + row] = if there[row] == 1 {
            from -= 1;
            at[from]
        } else {
            NOTHING
        };
    }
}

/// Writes the next plain value as a cell.
fn plain(
    bytes: &Bytes,
    at: &mut usize,
    physical: Physical,
    shape: Shape,
    out: &mut Vec<u8>,
) -> Result<(), Damage> {
    let short = || Damage::bad("a page ends before its values");
    let rest = bytes.get(*at..).ok_or_else(short)?;
    match physical {
        Physical::INT32 => {
            shape.narrow(i32::from_le_bytes(*rest.first_chunk().ok_or_else(short)?), out);
            *at += 4;
        }
        Physical::INT64 => {
            shape.wide(i64::from_le_bytes(*rest.first_chunk().ok_or_else(short)?), out);
            *at += 8;
        }
        Physical::FLOAT => {
            single(f32::from_le_bytes(*rest.first_chunk().ok_or_else(short)?), out);
            *at += 4;
        }
        Physical::DOUBLE => {
            Shape::real(f64::from_le_bytes(*rest.first_chunk().ok_or_else(short)?), out);
            *at += 8;
        }
        Physical::BYTE_ARRAY => {
            let length = u32::from_le_bytes(*rest.first_chunk().ok_or_else(short)?) as usize;
            let words = rest.get(4..4 + length).ok_or_else(short)?;
            text(words, out)?;
            *at += 4 + length;
        }
        _ => return Err(Damage::bad("a column of a kind that has no cells")),
    }
    Ok(())
}

/// A number of four bytes has its own shortest words: 0.1 and not 0.10000000149.
fn single(value: f32, out: &mut Vec<u8>) {
    use std::io::Write;
    _ = write!(out, "{value}");
}

fn text(words: &[u8], out: &mut Vec<u8>) -> Result<(), Damage> {
    if str::from_utf8(words).is_err() {
        return Err(Damage::bad("a text is no UTF-8"));
    }
    out.extend_from_slice(words);
    Ok(())
}

/// Reads values by the parquet crate; how many rows came.
fn values(
    reader: &mut ColumnReader,
    shape: Shape,
    optional: bool,
    rows: usize,
    batch: &mut Batch,
) -> Result<usize, Damage> {
    let mut levels: Vec<i16> = Vec::new();
    let levels_in = |levels: &mut Vec<i16>, read: usize| match optional {
        true => std::mem::take(levels),
        false => vec![1; read],
    };
    macro_rules! read {
        ($reader:expr, $write:expr) => {{
            let mut values = Vec::new();
            let own = optional.then_some(&mut levels);
            let (read, _, _) = $reader.read_records(rows, own, None, &mut values).map_err(damage)?;
            let mut values = values.iter();
            for level in levels_in(&mut levels, read) {
                match if level > 0 { values.next() } else { None } {
                    Some(value) => {
                        $write(value, &mut batch.own)?;
                        batch.end_own();
                    }
                    None => batch.at.push(NOTHING),
                }
            }
            read
        }};
    }
    let fine = |()| -> Result<(), Damage> { Ok(()) };
    Ok(match reader {
        ColumnReader::BoolColumnReader(reader) => {
            read!(reader, |value: &bool, out: &mut Vec<u8>| {
                out.push(b'0' + u8::from(*value));
                fine(())
            })
        }
        ColumnReader::Int32ColumnReader(reader) => {
            read!(reader, |value: &i32, out: &mut Vec<u8>| {
                shape.narrow(*value, out);
                fine(())
            })
        }
        ColumnReader::Int64ColumnReader(reader) => {
            read!(reader, |value: &i64, out: &mut Vec<u8>| {
                shape.wide(*value, out);
                fine(())
            })
        }
        ColumnReader::FloatColumnReader(reader) => {
            read!(reader, |value: &f32, out: &mut Vec<u8>| {
                single(*value, out);
                fine(())
            })
        }
        ColumnReader::DoubleColumnReader(reader) => {
            read!(reader, |value: &f64, out: &mut Vec<u8>| {
                Shape::real(*value, out);
                fine(())
            })
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            read!(reader, |value: &parquet::data_type::ByteArray, out: &mut Vec<u8>| text(value.data(), out))
        }
        _ => return Err(Damage::bad("a column of a kind that has no cells")),
    })
}

/// What the parquet crate found wrong.
pub(super) fn damage(error: ParquetError) -> Damage {
    Damage::bad(format!("the Parquet file cannot be read: {error}"))
}
