//! Parquet files: read column by column, of which only those that are asked for, and written.
//!
//! The parquet crate reads the file's metadata and unpacks its pages, without arrow; polars' own reader would build a
//! second engine (`docs/decisions.md`). Pages become small integers and cells here (`cursor`), and codes in
//! `worker::columns`.

mod cursor;
mod hybrid;
mod pages;
pub(super) mod shape;
mod write;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::file::reader::{FileReader, SerializedFileReader};

use self::cursor::damage;
pub(crate) use self::cursor::{Batch, Cursor, NO_PLACE, NOTHING, Places};
pub(crate) use self::hybrid::Meanings;
use self::pages::Unpacker;
use self::shape::Shape;
pub use self::write::parquet;
use super::file::unreadable;
use super::sav::Damage;
use super::{Described, DescribedColumn, Holds};
use crate::diag::Failure;

/// The first bytes of a Parquet file.
pub(crate) const MAGIC: &[u8] = b"PAR1";
/// More rows for each byte of a file are no honest answers.
const MOST_ROWS_PER_BYTE: u64 = 1_000;
/// Nobody is harmed by so many.
const HARMLESS_ROWS: u64 = 10_000_000;

/// A Parquet file whose metadata has been read.
pub(crate) struct Parquet {
    pub(crate) name: String,
    path: PathBuf,
    /// Names of its columns.
    pub(crate) columns: Vec<String>,
    shapes: Vec<Shape>,
    /// Rows of each row group.
    pub(crate) groups: Vec<usize>,
    /// What renkei wrote beside the data.
    told: Option<String>,
}

/// A reader of the file's row groups; each thread has one, for a file has one place at which it is read.
pub(crate) struct Reader {
    groups: SerializedFileReader<File>,
    file: Arc<File>,
    unpacker: Unpacker,
}

/// The Parquet file at this path; `None`: it is something else.
pub(crate) fn open(path: &Path) -> Result<Option<Parquet>, Failure> {
    let name = path.display().to_string();
    let failed = |error: &std::io::Error| unreadable(&name, error);
    // What is no file cannot be read from its end.
    if !std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let mut file = File::open(path).map_err(|error| failed(&error))?;
    let mut head = [0; 4];
    let read = std::io::Read::read(&mut file, &mut head).map_err(|error| failed(&error))?;
    if &head[..read] != MAGIC {
        return Ok(None);
    }
    let size = file.metadata().map_err(|error| failed(&error))?.len();
    of(file, size, path, name.clone()).map(Some).map_err(|damage| damage.of(&name))
}

fn of(file: File, size: u64, path: &Path, name: String) -> Result<Parquet, Damage> {
    let reader = SerializedFileReader::new(file).map_err(damage)?;
    let metadata = reader.metadata();
    let mut groups = Vec::new();
    let mut rows = 0_u64;
    for group in metadata.row_groups() {
        let own =
            u64::try_from(group.num_rows()).map_err(|_| Damage::bad("a row group has less than no rows"))?;
        rows = rows.saturating_add(own);
        groups.push(usize::try_from(own).unwrap_or(usize::MAX));
    }
    if rows > HARMLESS_ROWS && rows / size.max(1) > MOST_ROWS_PER_BYTE {
        return Err(Damage::bad(format!("the file says it has {rows} rows in {size} bytes")));
    }
    let schema = metadata.file_metadata().schema_descr();
    let told = metadata.file_metadata().key_value_metadata();
    let told = told
        .into_iter()
        .flatten()
        .find(|entry| entry.key == write::KEY)
        .and_then(|entry| entry.value.clone());
    Ok(Parquet {
        name,
        path: path.to_path_buf(),
        columns: schema.columns().iter().map(|column| column.path().string()).collect(),
        shapes: schema.columns().iter().map(|column| Shape::of(column)).collect(),
        groups,
        told,
    })
}

impl Parquet {
    /// How many rows it has.
    pub(crate) fn rows(&self) -> u64 {
        self.groups.iter().map(|&rows| rows as u64).sum()
    }

    /// Whether the values of a column can be cells.
    pub(crate) fn has_cells(&self, column: usize) -> bool {
        !matches!(self.shapes[column], Shape::Other(_))
    }

    /// A reader of its own.
    pub(crate) fn reader(&self) -> Result<Reader, Damage> {
        let file = File::open(&self.path)?;
        let groups = SerializedFileReader::new(file.try_clone()?).map_err(damage)?;
        Ok(Reader { groups, file: Arc::new(file), unpacker: Unpacker::new()? })
    }

    /// A cursor over a column of a row group.
    pub(crate) fn cursor(&self, reader: &Reader, group: usize, column: usize) -> Result<Cursor, Damage> {
        if let Shape::Other(found) = self.shapes[column] {
            let column = crate::diag::quote(&self.columns[column]);
            let hint = "write it as a number, a day or a text, with a column for each answer";
            return Err(Damage::Bad(format!("column {column} holds {found}"), hint));
        }
        let group = reader.groups.get_row_group(group).map_err(damage)?;
        Cursor::open(&reader.file, &reader.unpacker, &*group, column)
    }

    /// What the file says of its columns.
    pub(crate) fn describe(&self) -> Described {
        if let Some(told) = self.told.as_deref().and_then(write::described) {
            return Described { records: Some(self.rows()), ..told };
        }
        let column = |(name, shape): (&String, &Shape)| DescribedColumn {
            name: name.clone(),
            label: None,
            holds: match shape {
                Shape::Other(_) => Holds::Words,
                shape => shape.holds(),
            },
            labels: Vec::new(),
            missing: Vec::new(),
            measure: None,
        };
        let columns = self.columns.iter().zip(&self.shapes).map(column).collect();
        Described { columns, records: Some(self.rows()), ..Described::default() }
    }
}
