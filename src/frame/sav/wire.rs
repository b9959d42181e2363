//! Numbers and bytes off a file whose sizes are not believed before they are checked.

use std::io::{self, Read};

use crate::diag::{Diagnostic, Failure, Place};

/// Why a file cannot be read on.
#[derive(Debug)]
pub(crate) enum Damage {
    /// The system does not give it.
    Io(io::Error),
    /// It is not what its format says; the words, and what to do.
    Bad(String, &'static str),
}

impl Damage {
    /// A file that is not what it says.
    pub(crate) fn bad(words: impl Into<String>) -> Damage {
        Damage::Bad(words.into(), "the file is damaged; save it again in the program it comes from")
    }

    /// As a failure of the file with this name.
    pub(crate) fn of(self, name: &str) -> Failure {
        match self {
            Damage::Io(error) => super::super::file::unreadable(name, &error),
            Damage::Bad(words, hint) => {
                let error = Diagnostic::error(words).at(Place::File(name.to_string()));
                Failure::Refused(vec![error.hint(hint)])
            }
        }
    }
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Damage {
        Damage::Io(error)
    }
}

/// A file of known size, read from the beginning.
#[derive(Debug)]
pub(crate) struct Wire<R> {
    inner: R,
    /// Bytes read so far.
    pub(crate) at: u64,
    /// Bytes there are.
    pub(crate) size: u64,
    /// Big ends come first.
    pub(crate) big_endian: bool,
}

impl<R: Read> Wire<R> {
    pub(crate) fn new(inner: R, size: u64) -> Wire<R> {
        Wire { inner, at: 0, size, big_endian: false }
    }

    /// So many bytes; no memory is taken for more than the file has.
    pub(crate) fn bytes(&mut self, count: u64, what: &str) -> Result<Vec<u8>, Damage> {
        if count > self.size.saturating_sub(self.at) {
            return Err(Damage::bad(format!(
                "the file ends in {what}: expected {count} bytes at offset {}, found {}",
                self.at,
                self.size.saturating_sub(self.at)
            )));
        }
        let mut bytes = vec![0; usize::try_from(count).unwrap_or(usize::MAX)];
        self.inner.read_exact(&mut bytes)?;
        self.at += count;
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Damage> {
        let bytes = self.bytes(N as u64, what)?;
        Ok(bytes.try_into().unwrap_or([0; N]))
    }

    pub(crate) fn skip(&mut self, count: u64, what: &str) -> Result<(), Damage> {
        let mut left = count;
        while left > 0 {
            let step = left.min(1 << 16);
            self.bytes(step, what)?;
            left -= step;
        }
        Ok(())
    }

    pub(crate) fn i32(&mut self, what: &str) -> Result<i32, Damage> {
        let bytes = self.array::<4>(what)?;
        Ok(i32_of(bytes, self.big_endian))
    }

    /// A count or size, which is not negative.
    pub(crate) fn count(&mut self, what: &str) -> Result<u64, Damage> {
        let at = self.at;
        let count = self.i32(what)?;
        u64::try_from(count)
            .map_err(|_| Damage::bad(format!("expected a size in {what} at offset {at}, found {count}")))
    }
}

pub(crate) fn i32_of(bytes: [u8; 4], big_endian: bool) -> i32 {
    if big_endian { i32::from_be_bytes(bytes) } else { i32::from_le_bytes(bytes) }
}

pub(crate) fn i64_of(bytes: [u8; 8], big_endian: bool) -> i64 {
    if big_endian { i64::from_be_bytes(bytes) } else { i64::from_le_bytes(bytes) }
}

pub(crate) fn f64_of(bytes: [u8; 8], big_endian: bool) -> f64 {
    f64::from_bits(i64_of(bytes, big_endian) as u64)
}
