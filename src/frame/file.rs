//! The data file: what kind of file it is, its encoding and its header.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use super::Encoding;
use super::cells::{QuoteDefect, empty_line, record};
use super::ledger::{Here, QuoteFault, count32};
use super::scan::Scanner;
use crate::diag::{Diagnostic, Failure, Place};

/// How much of the file is looked at to know what it is.
const HEAD_BYTES: u64 = 1 << 16;
/// What Excel puts before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A data file that can be read more than once.
#[derive(Debug)]
pub(crate) struct Data {
    /// The path as the user gave it.
    pub(crate) name: String,
    source: Source,
    /// Total size in bytes.
    pub(crate) size: u64,
    /// It begins with the mark of UTF-8.
    pub(crate) marked: bool,
    /// What ends a line: a newline, or in old Macintosh files a carriage return.
    pub(crate) line_end: u8,
    /// Its first bytes.
    head: Vec<u8>,
}

#[derive(Debug)]
enum Source {
    Path(PathBuf),
    /// A pipe can be read only once, so it was copied.
    Spooled(File),
}

impl Data {
    /// Opens a file, or says why its kind cannot be read.
    pub(crate) fn open(path: &Path) -> Result<Data, Failure> {
        let name = path.display().to_string();
        let failed = |error: &io::Error| unreadable(&name, error);
        let metadata = std::fs::metadata(path).map_err(|error| failed(&error))?;
        let (source, size) = if metadata.is_file() {
            (Source::Path(path.to_path_buf()), metadata.len())
        } else if metadata.is_dir() {
            let error = Diagnostic::error("expected a CSV file, found a folder").at(Place::File(name));
            return Err(Failure::Io(Box::new(error)));
        } else {
            let mut copy = tempfile::tempfile().map_err(|error| failed(&error))?;
            let mut pipe = File::open(path).map_err(|error| failed(&error))?;
            let size = io::copy(&mut pipe, &mut copy).map_err(|error| failed(&error))?;
            (Source::Spooled(copy), size)
        };
        let mut data = Data { name, source, size, marked: false, line_end: b'\n', head: Vec::new() };
        let mut head = Vec::new();
        data.reader()
            .and_then(|reader| reader.take(HEAD_BYTES).read_to_end(&mut head))
            .map_err(|error| unreadable(&data.name, &error))?;
        if let Some((found, hint)) = kind(&head) {
            let error = Diagnostic::error(format!("expected a CSV file, found {found}"));
            return Err(Failure::Refused(vec![error.at(Place::File(data.name)).hint(hint)]));
        }
        data.marked = head.starts_with(BYTE_ORDER_MARK);
        if !head.contains(&b'\n') && head.contains(&b'\r') {
            data.line_end = b'\r';
        }
        if head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head).trim_ascii().is_empty() && size <= HEAD_BYTES {
            let error = Diagnostic::error("expected a header and respondents, found an empty file");
            return Err(Failure::Refused(vec![error.at(Place::File(data.name))]));
        }
        data.head = head;
        Ok(data)
    }

    fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.source {
            Source::Path(path) => Box::new(File::open(path)?),
            Source::Spooled(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                Box::new(file)
            }
        })
    }

    /// Offset of the first byte that is no UTF-8, among the first bytes of the file.
    pub(crate) fn first_bad_byte(&self) -> u64 {
        str::from_utf8(&self.head).err().map_or(0, |error| error.valid_up_to() as u64)
    }

    /// A scanner at the beginning of the text.
    pub(crate) fn scanner(&self, block_bytes: usize) -> io::Result<Scanner<Box<dyn Read + Send>>> {
        let mut reader = self.reader()?;
        let skipped = if self.marked { BYTE_ORDER_MARK.len() } else { 0 };
        let mut mark = vec![0; skipped];
        reader.read_exact(&mut mark)?;
        Ok(Scanner::new(reader, Vec::new(), skipped as u64, self.line_end, block_bytes))
    }
}

/// A file that the system does not let us read.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    let error = Diagnostic::error(format!("cannot read the file: {error}"));
    Failure::Io(Box::new(error.at(Place::File(name.to_string()))))
}

/// The header of a file as it stands there.
#[derive(Debug)]
pub(crate) struct Header {
    /// Its cells, undecoded.
    pub(crate) cells: Vec<Vec<u8>>,
    /// Physical lines up to its end.
    pub(crate) lines: u64,
}

/// Takes the header off the scanner; blocks are numbered from 0 after it.
pub(crate) fn header<R: Read>(
    scanner: &mut Scanner<R>,
    line_end: u8,
) -> io::Result<Result<Option<Header>, QuoteFault>> {
    let mut buffer = Vec::new();
    let mut lines = 0usize;
    while scanner.next(&mut buffer)?.is_some() {
        let mut at = 0;
        while let Some(length) = empty_line(&buffer, at, line_end) {
            at += length;
        }
        if at == buffer.len() {
            lines += memchr::memchr_iter(line_end, &buffer).count();
            continue;
        }
        let (cells, next) = match record(&buffer, at, line_end) {
            Ok((cells, next)) => (cells.into_iter().map(std::borrow::Cow::into_owned).collect(), next),
            Err(defect) => {
                let opened = match defect {
                    QuoteDefect::Stray { at } => at,
                    QuoteDefect::TextAfter { opened } | QuoteDefect::Unclosed { opened } => opened,
                };
                let here = Here { bytes: &buffer, line_end, block: 0, row: 0, start: at };
                let mut at = here.position_at(opened);
                at.line += count32(lines);
                return Ok(Err(QuoteFault { defect, at }));
            }
        };
        lines += memchr::memchr_iter(line_end, &buffer[..next]).count();
        scanner.put_back(&buffer[next..]);
        return Ok(Ok(Some(Header { cells, lines: lines as u64 })));
    }
    Ok(Ok(None))
}

/// What a file is when it is no CSV, and what to do.
fn kind(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const EXPORT: &str = "export the answers as CSV (UTF-8)";
    const UNPACK: &str = "unpack it first";
    let known: [(&[u8], &str, &str); 12] = [
        (b"\xFF\xFE", "UTF-16 text", "save it as CSV UTF-8; Excel's \"Unicode text\" is UTF-16"),
        (b"\xFE\xFF", "UTF-16 text", "save it as CSV UTF-8; Excel's \"Unicode text\" is UTF-16"),
        (b"PK\x03\x04", "an Excel workbook (xlsx) or another zip", "save the sheet as CSV (UTF-8)"),
        (b"\xD0\xCF\x11\xE0", "an old or encrypted Office file", "open it and save the sheet as CSV (UTF-8)"),
        (b"\x1F\x8B", "a gzip file", UNPACK),
        (b"BZh", "a bzip2 file", UNPACK),
        (b"\x28\xB5\x2F\xFD", "a zstd file", UNPACK),
        (b"\xFD7zXZ", "an xz file", UNPACK),
        (b"%PDF", "a PDF", EXPORT),
        (b"PAR1", "a Parquet file", EXPORT),
        (b"$FL2", "an SPSS file", EXPORT),
        (b"{\\rtf", "a Word (RTF) file", EXPORT),
    ];
    for (magic, found, hint) in known {
        if head.starts_with(magic) {
            return Some((found, hint));
        }
    }
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    let start = text[..text.len().min(64)].to_ascii_lowercase();
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<table", b"<body"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        let hint = "a download that needs a login often gives a web page; download the CSV again";
        return Some(("a web page (HTML)", hint));
    }
    if start.starts_with(b"<?xml") {
        return Some(("XML", EXPORT));
    }
    let json = match *start.as_slice() {
        [b'{', ref rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')),
        [b'[', ref rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'{' | b'[' | b'"' | b']')),
        _ => false,
    };
    if json {
        return Some(("JSON", EXPORT));
    }
    let header = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    if header.windows(2).any(|pair| pair == b"\x1B$" || pair == b"\x1B(") {
        return Some(("ISO-2022-JP text", "save it as CSV UTF-8"));
    }
    None
}

/// Bytes of a block that are no text in the encoding: where, from the beginning of the block.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: Encoding,
    buffer: &'a mut String,
) -> Result<&'a [u8], usize> {
    match encoding {
        Encoding::Utf8 => match str::from_utf8(bytes) {
            Ok(text) => Ok(text.as_bytes()),
            Err(error) => Err(error.valid_up_to()),
        },
        Encoding::Cp932 => {
            if bytes.is_ascii() {
                return Ok(bytes);
            }
            let mut decoder = encoding_rs::SHIFT_JIS.new_decoder_without_bom_handling();
            buffer.clear();
            let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            buffer.reserve(room.unwrap_or(bytes.len() * 3));
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, buffer, true);
            match result {
                encoding_rs::DecoderResult::Malformed(length, after) => {
                    Err(read.saturating_sub(usize::from(length) + usize::from(after)))
                }
                _ => Ok(buffer.as_bytes()),
            }
        }
    }
}
