//! Arrow files (Feather), record by record.
//!
//! The arrow crates believe what a file says of its own sizes; a look at every length comes first, so that nothing is
//! reserved for bytes that are not there. Columns of categories are the words of their categories.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use arrow_array::cast::{AsArray, as_boolean_array};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_ipc::{Block, BodyCompression, root_as_footer, root_as_message};
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};

use super::file::unreadable;
use super::parquet::shape::Shape;
use super::sav::Damage;
use super::{Described, DescribedColumn, Holds};
use crate::diag::Failure;
use crate::schema::written;

/// The first bytes of an Arrow file.
pub(crate) const MAGIC: &[u8] = b"ARROW1";
/// Packed answers do not become more bytes than this times as many.
const MOST_UNPACKED: u64 = 4_096;
/// Nobody is harmed by so many bytes.
const HARMLESS_BYTES: u64 = 64 << 20;

/// An Arrow file whose description has been read.
pub(crate) struct Arrow {
    path: PathBuf,
    schema: SchemaRef,
}

/// The Arrow file at this path; `None`: it is something else.
pub(crate) fn open(path: &Path) -> Result<Option<Arrow>, Failure> {
    let name = path.display().to_string();
    // What is no file cannot be read from its end.
    if !std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let failed = |error: &io::Error| unreadable(&name, error);
    let mut file = File::open(path).map_err(|error| failed(&error))?;
    let mut head = [0; 6];
    if file.read(&mut head).map_err(|error| failed(&error))? < head.len() || head != MAGIC {
        return Ok(None);
    }
    let mut of = || -> Result<Arrow, Damage> {
        honest(&mut file)?;
        let schema = FileReader::try_new(&file, None).map_err(damage)?.schema();
        Ok(Arrow { path: path.to_path_buf(), schema })
    };
    of().map(Some).map_err(|damage| damage.of(&name))
}

impl Arrow {
    /// Gives a header and all records, cell by cell, as a text has them.
    pub(crate) fn each_record(&self, visit: &mut dyn FnMut(&[&str]) -> io::Result<()>) -> Result<(), Damage> {
        let names: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        visit(&names)?;
        let file = File::open(&self.path)?;
        for batch in FileReader::try_new_buffered(file, None).map_err(damage)? {
            self.batch(&batch.map_err(damage)?, visit)?;
        }
        Ok(())
    }

    fn batch(
        &self,
        batch: &RecordBatch,
        visit: &mut dyn FnMut(&[&str]) -> io::Result<()>,
    ) -> Result<(), Damage> {
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (array, field) in batch.columns().iter().zip(self.schema.fields()) {
            columns.push(writer(array).map_err(|found| {
                let column = crate::diag::quote(field.name());
                let hint = "write it as a number, a day or a text, with a column for each answer";
                Damage::Bad(format!("column {column} holds {found}"), hint)
            })?);
        }
        let mut cells = vec![Vec::new(); columns.len()];
        for row in 0..batch.num_rows() {
            for ((cell, write), array) in cells.iter_mut().zip(&columns).zip(batch.columns()) {
                cell.clear();
                if array.is_valid(row) {
                    write(row, cell);
                }
            }
            let words: Vec<&str> =
                cells.iter().map(|cell| str::from_utf8(cell).unwrap_or_default()).collect();
            visit(&words)?;
        }
        Ok(())
    }

    /// What the file says of its columns.
    pub(crate) fn describe(&self) -> Described {
        let columns = self.schema.fields().iter().map(|field| DescribedColumn {
            name: field.name().clone(),
            label: None,
            holds: holds(field.data_type()),
            labels: Vec::new(),
            missing: Vec::new(),
            measure: None,
        });
        Described { columns: columns.collect(), ..Described::default() }
    }
}

fn holds(kind: &DataType) -> Holds {
    match kind {
        DataType::Boolean => Holds::Flags,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Holds::Numbers { decimals: 2 },
        DataType::Decimal128(_, scale) => Holds::Numbers { decimals: u32::try_from(*scale).unwrap_or(0) },
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Holds::Days,
        DataType::Time32(_) | DataType::Time64(_) => Holds::Times,
        kind if kind.is_integer() => Holds::Numbers { decimals: 0 },
        _ => Holds::Words,
    }
}

/// Writes the value of a row, which is there, as a cell.
type Write<'a> = Box<dyn Fn(usize, &mut Vec<u8>) + 'a>;

/// How the values of a column are written as cells; an error says what it holds.
fn writer(array: &dyn Array) -> Result<Write<'_>, &'static str> {
    /// A column of numbers, with what writes one of them.
    fn of<'a, T: ArrowPrimitiveType>(array: &'a dyn Array, write: fn(T::Native, &mut Vec<u8>)) -> Write<'a> {
        let values = array.as_primitive::<T>();
        Box::new(move |row, cell| write(values.value(row), cell))
    }
    /// A column of moments, in so many parts of a second.
    fn moments<'a, T: ArrowPrimitiveType<Native = i64>>(array: &'a dyn Array, parts: i64) -> Write<'a> {
        let values = array.as_primitive::<T>();
        Box::new(move |row, cell| Shape::Moment(parts).wide(values.value(row), cell))
    }
    fn whole<T: ToString>(value: T, cell: &mut Vec<u8>) {
        cell.extend_from_slice(value.to_string().as_bytes());
    }
    Ok(match array.data_type() {
        DataType::Null => Box::new(|_, _| {}),
        DataType::Boolean => {
            let values = as_boolean_array(array);
            Box::new(move |row, cell| cell.push(b'0' + u8::from(values.value(row))))
        }
        DataType::Int8 => of::<Int8Type>(array, whole),
        DataType::Int16 => of::<Int16Type>(array, whole),
        DataType::Int32 => of::<Int32Type>(array, whole),
        DataType::Int64 => of::<Int64Type>(array, whole),
        DataType::UInt8 => of::<UInt8Type>(array, whole),
        DataType::UInt16 => of::<UInt16Type>(array, whole),
        DataType::UInt32 => of::<UInt32Type>(array, whole),
        DataType::UInt64 => of::<UInt64Type>(array, whole),
        DataType::Float32 => of::<Float32Type>(array, whole),
        DataType::Float64 => of::<Float64Type>(array, Shape::real),
        DataType::Utf8 => {
            let values = array.as_string::<i32>();
            Box::new(move |row, cell| cell.extend_from_slice(values.value(row).as_bytes()))
        }
        DataType::LargeUtf8 => {
            let values = array.as_string::<i64>();
            Box::new(move |row, cell| cell.extend_from_slice(values.value(row).as_bytes()))
        }
        DataType::Utf8View => {
            let values = array.as_string_view();
            Box::new(move |row, cell| cell.extend_from_slice(values.value(row).as_bytes()))
        }
        DataType::Dictionary(..) => {
            let categories = array.as_any_dictionary();
            if categories.values().is_empty() {
                return Ok(Box::new(|_, _| {}));
            }
            let places = categories.normalized_keys();
            let (values, write) = (categories.values(), writer(categories.values())?);
            Box::new(move |row, cell| {
                if values.is_valid(places[row]) {
                    write(places[row], cell);
                }
            })
        }
        DataType::Date32 => of::<Date32Type>(array, |day, cell| Shape::Day.wide(i64::from(day), cell)),
        DataType::Date64 => moments::<Date64Type>(array, 1_000),
        DataType::Timestamp(TimeUnit::Second, _) => moments::<TimestampSecondType>(array, 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => moments::<TimestampMillisecondType>(array, 1_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            moments::<TimestampMicrosecondType>(array, 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            moments::<TimestampNanosecondType>(array, 1_000_000_000)
        }
        DataType::Time32(TimeUnit::Second) => {
            of::<Time32SecondType>(array, |time, cell| Shape::Time(1).wide(i64::from(time), cell))
        }
        DataType::Time32(_) => {
            of::<Time32MillisecondType>(array, |time, cell| Shape::Time(1_000).wide(i64::from(time), cell))
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            of::<Time64MicrosecondType>(array, |time, cell| Shape::Time(1_000_000).wide(time, cell))
        }
        DataType::Time64(_) => {
            of::<Time64NanosecondType>(array, |time, cell| Shape::Time(1_000_000_000).wide(time, cell))
        }
        DataType::Decimal128(_, scale @ 0..) => {
            let (values, decimals) = (array.as_primitive::<Decimal128Type>(), scale.unsigned_abs());
            if values.iter().flatten().any(|value| i64::try_from(value).is_err()) {
                return Err("decimals of many bytes");
            }
            Box::new(move |row, cell| {
                let digits = i64::try_from(values.value(row)).unwrap_or_default();
                cell.extend_from_slice(written((digits, u32::from(decimals))).as_bytes());
            })
        }
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => return Err("lists"),
        DataType::Struct(_) | DataType::Map(..) => return Err("records"),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            return Err("bytes that are no text");
        }
        _ => return Err("values of a kind that has no cells"),
    })
}

/// Looks at everything the file says of its sizes.
fn honest(file: &mut File) -> Result<(), Damage> {
    let short = || Damage::bad("the file ends before what it says it holds");
    let size = file.metadata()?.len();
    let mut end = [0; 10];
    file.seek(SeekFrom::Start(size.checked_sub(end.len() as u64).ok_or_else(short)?))?;
    file.read_exact(&mut end)?;
    let (length, magic) = end.split_first_chunk().ok_or_else(short)?;
    if magic != MAGIC {
        return Err(short());
    }
    let length = u64::try_from(i32::from_le_bytes(*length)).map_err(|_| short())?;
    let footer = bytes(file, size.checked_sub(end.len() as u64 + length).ok_or_else(short)?, length, size)?;
    let footer = root_as_footer(&footer).map_err(|_| Damage::bad("the file's description is damaged"))?;
    let blocks =
        footer.dictionaries().into_iter().flatten().chain(footer.recordBatches().into_iter().flatten());
    blocks.copied().try_for_each(|block| honest_block(file, &block, size))
}

/// Some bytes of the file, which must be there.
fn bytes(file: &mut File, start: u64, length: u64, size: u64) -> Result<Vec<u8>, Damage> {
    if start.checked_add(length).is_none_or(|end| end > size) {
        return Err(Damage::bad("the file ends before what it says it holds"));
    }
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn honest_block(file: &mut File, block: &Block, size: u64) -> Result<(), Damage> {
    let bad = || Damage::bad("a part of the file is damaged");
    let of = |number: i64| u64::try_from(number).map_err(|_| bad());
    let (start, head, body) =
        (of(block.offset())?, of(i64::from(block.metaDataLength()))?, of(block.bodyLength())?);
    let message = bytes(file, start, head, size)?;
    let at = start + head;
    if at.checked_add(body).is_none_or(|end| end > size) {
        return Err(bad());
    }
    // Since the format's fifth version four bytes of ones stand before the length.
    let message = message.strip_prefix(&[0xFF; 4]).unwrap_or(&message);
    let message = root_as_message(message.get(4..).ok_or_else(bad)?).map_err(|_| bad())?;
    let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
    let batch = message.header_as_record_batch().or(dictionary).ok_or_else(bad)?;
    let is_packed = batch.compression().is_some_and(|_: BodyCompression<'_>| true);
    let mut all = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let (offset, length) = (of(buffer.offset())?, of(buffer.length())?);
        if offset.checked_add(length).is_none_or(|end| end > body) {
            return Err(bad());
        }
        if is_packed && length >= 8 {
            let said = bytes(file, at + offset, 8, size)?;
            let said = said.first_chunk().map(|said| i64::from_le_bytes(*said));
            // −1: it is not packed.
            all = all.saturating_add(said.filter(|said| *said > 0).map_or(0, i64::unsigned_abs));
        }
    }
    if all > HARMLESS_BYTES && all / MOST_UNPACKED > body.max(1) {
        return Err(Damage::bad(format!("a part of the file says it unpacks from {body} to {all} bytes")));
    }
    Ok(())
}

/// What the arrow crates found wrong.
fn damage(error: ArrowError) -> Damage {
    Damage::bad(format!("the Arrow file cannot be read: {error}"))
}
