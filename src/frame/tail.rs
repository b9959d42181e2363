//! What stands after the last record of a file: blank lines, padding, marks of an end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::cells::Grammar;

/// Ctrl-Z, which ended text files once and still does for some programs.
pub(crate) const CTRL_Z: u8 = 0x1A;
/// Bytes read at a time, backwards.
const STEP: u64 = 1 << 16;

/// What stands after the last record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tail {
    /// Bytes of NUL.
    pub(crate) nul: u64,
    /// Bytes of Ctrl-Z.
    pub(crate) ctrl_z: u64,
    /// Lines of nothing but delimiters.
    pub(crate) blank_records: u64,
}

impl Tail {
    /// Nothing but empty lines.
    pub(crate) fn is_plain(self) -> bool {
        self == Tail::default()
    }
}

/// Finds where the records of a file end, and what follows.
///
/// The tail begins after the line of the last byte that is neither white space, a delimiter, NUL
/// nor Ctrl-Z, so that NUL within a record stays a defect: it may stand for digits that were lost.
/// Only Ctrl-Z may follow the last record directly.
pub(crate) fn tail(mut file: File, size: u64, grammar: Grammar) -> io::Result<(u64, Tail)> {
    let is_debris =
        |byte: u8| byte == 0 || byte == CTRL_Z || byte == grammar.delimiter || byte.is_ascii_whitespace();
    let mut tail = Vec::new();
    let mut start = size;
    while start > 0 {
        let from = start.saturating_sub(STEP);
        let mut step = vec![0; usize::try_from(start - from).unwrap_or(0)];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut step)?;
        let last = step.iter().rposition(|&byte| !is_debris(byte));
        tail.splice(0..0, step[last.map_or(0, |last| last + 1)..].iter().copied());
        start = from;
        if let Some(last) = last {
            start = from + last as u64 + 1;
            break;
        }
    }
    if start == 0 {
        return Ok((size, Tail::default()));
    }
    let line = memchr::memchr(grammar.line_end, &tail).map_or(tail.len(), |end| end + 1);
    let mark = memchr::memchr(CTRL_Z, &tail[..line]).filter(|&mark| !tail[..mark].contains(&0));
    let begin = mark.unwrap_or(line);
    let rest = &tail[begin..];
    let count = |wanted: u8| rest.iter().filter(|&&byte| byte == wanted).count() as u64;
    let blank_records =
        rest.split(|&byte| byte == grammar.line_end).filter(|line| line.contains(&grammar.delimiter)).count();
    let found = Tail { nul: count(0), ctrl_z: count(CTRL_Z), blank_records: blank_records as u64 };
    Ok((start + begin as u64, found))
}
