//! SPSS files (.sav, .zsav): read with all they say of their variables, and written so.
//!
//! A reader and writer of our own: no crate has user-missing ranges, multiple response sets, very long texts and CP932
//! in both directions, and a file's sizes are to be checked before memory is taken (`docs/decisions.md`).

mod cases;
mod describe;
mod dictionary;
mod extensions;
mod lost;
mod names;
mod packing;
mod rows;
mod text;
mod wire;
mod write;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use self::cases::Cases;
use self::dictionary::{Dictionary, ELEMENT};
use self::wire::Wire;
use super::{Described, Encoding};
use crate::diag::Failure;

pub(crate) use self::wire::Damage;
pub use self::write::sav;

/// An SPSS file whose dictionary has been read.
#[derive(Debug)]
pub(crate) struct Sav {
    file: File,
    size: u64,
    dictionary: Dictionary,
    table: &'static encoding_rs::Encoding,
    /// Its variables as they are meant.
    variables: Vec<Variable>,
}

/// A variable as meant: its name, and where its values stand in a case.
#[derive(Debug)]
struct Variable {
    name: String,
    /// Its records, of which only a very long text has several.
    records: Vec<usize>,
    /// Bytes of text; 0: numbers.
    width: usize,
}

/// Whether a file begins as one of SPSS does.
pub(crate) fn is(head: &[u8]) -> bool {
    head.starts_with(b"$FL2") || head.starts_with(b"$FL3")
}

/// The SPSS file at this path; `None`: it is something else.
pub(crate) fn open(path: &Path, encoding: Option<Encoding>) -> Result<Option<Sav>, Failure> {
    let name = path.display().to_string();
    let read = || -> Result<Option<Sav>, Damage> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(4).read_to_end(&mut head)?;
        if is(&head) { of(file, size, encoding).map(Some) } else { Ok(None) }
    };
    read().map_err(|damage| damage.of(&name))
}

/// An open file that begins as one of SPSS does.
pub(crate) fn of(file: File, size: u64, encoding: Option<Encoding>) -> Result<Sav, Damage> {
    let mut reader = &file;
    reader.rewind()?;
    let mut wire = Wire::new(BufReader::new(reader), size);
    let mut dictionary = dictionary::read(&mut wire)?;
    dictionary.extensions.settle(dictionary.variables.len());
    let table = text::encoding(&dictionary.extensions, encoding)?;
    let variables = describe::variables(&dictionary, table)?;
    Ok(Sav { file, size, dictionary, table, variables })
}

impl Sav {
    /// What the file says of its columns.
    pub(crate) fn describe(&self) -> Described {
        describe::describe(&self.dictionary, &self.variables, self.table)
    }

    /// The number that means no value.
    fn no_value(&self) -> [u8; ELEMENT] {
        let usual =
            if self.dictionary.big_endian { (-f64::MAX).to_be_bytes() } else { (-f64::MAX).to_le_bytes() };
        self.dictionary.extensions.no_value.unwrap_or(usual)
    }

    fn cases(&self) -> Result<Cases, Damage> {
        Cases::open(self.file.try_clone()?, self.size, &self.dictionary, self.no_value())
    }
}
