//! The data file: its bytes as text that can be read more than once.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use super::Encoding;
use super::cells::Grammar;
use super::heading::{self, Declared, FirstRow, Header, HeaderFault, Heading};
use super::kind::kind;
use super::scan::Scanner;
use super::source::{Cells, Opening, SPOOLED, Spooled, spooled};
use super::tail::{Tail, tail};
use super::wide::narrow;
use crate::diag::{Diagnostic, Failure, Place, plural, quote};

/// How much of the file is looked at to know what it is.
const HEAD_BYTES: u64 = 1 << 20;
/// What Excel puts before UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// A data file that can be read more than once.
#[derive(Debug)]
pub(crate) struct Data {
    /// The path as the user gave it.
    pub(crate) name: String,
    source: Source,
    /// Bytes up to the end of the last record.
    pub(crate) size: u64,
    /// It begins with the mark of UTF-8.
    pub(crate) marked: bool,
    /// It is UTF-8 whatever it was: UTF-16, or a table of cells.
    pub(crate) narrowed: bool,
    /// How messages name its places.
    pub(crate) cells: Cells,
    /// What was found when it was opened.
    pub(crate) warnings: Vec<Diagnostic>,
    /// Cells that were merged: the row of the first (from 1), and the name of them all.
    merged: Vec<(u64, String)>,
    /// What stands between cells and after records.
    pub(crate) grammar: Grammar,
    heading: Heading,
    /// The columns' names, where an export has others than the questionnaire.
    pub(crate) names: Option<Vec<String>>,
    /// Its first bytes.
    head: Vec<u8>,
}

#[derive(Debug)]
enum Source {
    Path(PathBuf),
    /// What cannot be read twice, or not as it is, was copied.
    Spooled(File),
}

impl Source {
    fn file(&self) -> io::Result<File> {
        match self {
            Source::Path(path) => File::open(path),
            Source::Spooled(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                Ok(file)
            }
        }
    }

    fn head(&self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.file()?.take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok(head)
    }
}

impl Data {
    /// Opens a file (`-` is standard input), or says why its kind cannot be read.
    pub(crate) fn open(path: &Path, opening: Opening<'_>) -> Result<Data, Failure> {
        let standard_input = path.as_os_str() == STANDARD_INPUT;
        let name = if standard_input { "standard input".to_string() } else { path.display().to_string() };
        let failed = |error: &io::Error| unreadable(&name, error);
        let refused = |error: Diagnostic| Failure::Refused(vec![error.at(Place::File(name.clone()))]);
        let (mut source, mut size) = if standard_input {
            spool(io::stdin().lock()).map_err(|error| failed(&error))?
        } else {
            let metadata = std::fs::metadata(path).map_err(|error| failed(&error))?;
            if metadata.is_file() {
                (Source::Path(path.to_path_buf()), metadata.len())
            } else if metadata.is_dir() {
                let error = Diagnostic::error("expected a CSV file, found a folder").at(Place::File(name));
                return Err(Failure::Io(Box::new(error)));
            } else {
                File::open(path).and_then(spool).map_err(|error| failed(&error))?
            }
        };
        let mut head = source.head().map_err(|error| failed(&error))?;
        if let Some(spooled) = spooled(&head, &|| source.file(), path, &name, opening) {
            return Data::of_cells(name, spooled?);
        }
        if let Some(sheet) = opening.sheet {
            let error = format!("expected a workbook with {}, found a text", sheet.words());
            let hint = "leave `--sheet` out, or give the workbook itself";
            return Err(refused(Diagnostic::error(error).hint(hint)));
        }
        let not_csv = |head: &[u8]| {
            kind(head).map(|(found, hint)| {
                refused(Diagnostic::error(format!("expected a CSV file, found {found}")).hint(hint))
            })
        };
        if let Some(failure) = not_csv(&head) {
            return Err(failure);
        }
        let wide = wide(&head, opening.encoding).map_err(refused)?;
        if let Some(big_endian) = wide {
            let mut copy = tempfile::tempfile().map_err(|error| failed(&error))?;
            let from = source.file().map_err(|error| failed(&error))?;
            size = match narrow(from, &mut copy, big_endian).map_err(|error| failed(&error))? {
                Ok(size) => size,
                Err(bad) => {
                    let error = format!(
                        "the text stops being UTF-16 on line {} (offset {} in the file)",
                        bad.line, bad.offset
                    );
                    return Err(refused(
                        Diagnostic::error(error).hint("the file is damaged; export it again"),
                    ));
                }
            };
            source = Source::Spooled(copy);
            head = source.head().map_err(|error| failed(&error))?;
            if let Some(failure) = not_csv(&head) {
                return Err(failure);
            }
        }
        let marked = head.starts_with(BYTE_ORDER_MARK);
        let line_end = if !head.contains(&b'\n') && head.contains(&b'\r') { b'\r' } else { b'\n' };
        let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
        if text.trim_ascii().is_empty() && size <= HEAD_BYTES {
            return Err(refused(Diagnostic::error("expected a header and respondents, found an empty file")));
        }
        let heading = Heading { start: 0, lines: 0, delimiter: b',', rows: 1 };
        let grammar = Grammar { delimiter: b',', line_end };
        Ok(Data {
            name,
            source,
            size,
            marked,
            narrowed: wide.is_some(),
            cells: Cells::Lines,
            warnings: Vec::new(),
            merged: Vec::new(),
            grammar,
            heading,
            names: None,
            head,
        })
    }

    /// A table of cells that has been spooled.
    fn of_cells(name: String, spooled: Spooled) -> Result<Data, Failure> {
        let Spooled { file, size, cells, warnings, merged } = spooled;
        let source = Source::Spooled(file);
        let head = source.head().map_err(|error| unreadable(&name, &error))?;
        if head.iter().all(|&byte| byte == SPOOLED.line_end) && size <= HEAD_BYTES {
            let error = match &cells {
                Cells::Sheet { name, .. } => {
                    format!("expected a header and respondents, found nothing in sheet {}", quote(name))
                }
                _ => "expected a header and respondents, found an empty file".to_string(),
            };
            return Err(Failure::Refused(vec![Diagnostic::error(error).at(Place::File(name))]));
        }
        let heading = Heading { start: 0, lines: 0, delimiter: SPOOLED.delimiter, rows: 1 };
        Ok(Data {
            name,
            source,
            size,
            marked: false,
            narrowed: true,
            cells,
            warnings,
            merged,
            grammar: SPOOLED,
            heading,
            names: None,
            head,
        })
    }

    /// Finds the header by the declared columns, the delimiter with it, and the end of the records;
    /// warnings come back. Lines of nothing but delimiters are debris where a `keyed` record must
    /// have something in it.
    pub(crate) fn find_records(
        &mut self,
        encoding: Option<Encoding>,
        columns: &[String],
        declared: Declared,
        keyed: bool,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let encoding = encoding.unwrap_or_else(|| self.encoding());
        let text = self.text();
        let delimiter = declared.delimiter.filter(|_| self.cells == Cells::Lines);
        let of_cells = (self.cells != Cells::Lines).then_some(SPOOLED.delimiter);
        let declared = Declared { delimiter: delimiter.or(of_cells), ..declared };
        let found = heading::locate(text, self.grammar.line_end, encoding, columns, declared);
        self.heading =
            found.map_err(|(line, error)| Failure::Refused(vec![error.at(self.at_header(line))]))?;
        self.find_end(keyed)
    }

    /// Takes the header of an export for its own.
    pub(crate) fn arranged(
        &mut self,
        heading: Heading,
        names: Vec<String>,
        keyed: bool,
    ) -> Result<Vec<Diagnostic>, Failure> {
        self.heading = heading;
        self.names = Some(names);
        self.find_end(keyed)
    }

    /// The first rows under a delimiter, after so many lines.
    pub(crate) fn first_rows(
        &self,
        encoding: Encoding,
        delimiter: u8,
        skip: usize,
        most: usize,
    ) -> Vec<FirstRow> {
        let grammar = Grammar { delimiter, ..self.grammar };
        heading::first_rows(self.text(), grammar, encoding, skip, most)
    }

    /// Whether a cell among the first bytes is -9999, which readers of marked forms write for 無効.
    pub(crate) fn has_invalid_marks(&self, delimiter: u8) -> bool {
        const INVALID: &[u8] = b"-9999";
        let text = self.text();
        let ends = |byte: Option<&u8>| {
            byte.is_none_or(|byte| [delimiter, self.grammar.line_end, b'\r', b'"'].contains(byte))
        };
        memchr::memmem::find_iter(text, INVALID).any(|at| {
            ends(at.checked_sub(1).and_then(|before| text.get(before))) && ends(text.get(at + INVALID.len()))
        })
    }

    /// The first bytes, without a mark.
    fn text(&self) -> &[u8] {
        self.head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.head)
    }

    /// Finds the end of the records; warnings come back.
    fn find_end(&mut self, keyed: bool) -> Result<Vec<Diagnostic>, Failure> {
        self.grammar.delimiter = self.heading.delimiter;
        let mut warnings = self.merged_records();
        let file = self.source.file().map_err(|error| unreadable(&self.name, &error))?;
        let (end, tail) =
            tail(file, self.size, self.grammar).map_err(|error| unreadable(&self.name, &error))?;
        let begin = self.start() as u64;
        if tail.is_plain() || end <= begin || (!keyed && tail.nul + tail.ctrl_z == 0) {
            return Ok(warnings);
        }
        if !keyed && tail.blank_records > 0 {
            // Who is to say that nobody answered nothing?
            return Ok(warnings);
        }
        self.size = end;
        warnings.extend(debris(tail).map(|warning| warning.at(Place::File(self.name.clone()))));
        Ok(warnings)
    }

    /// Cells of records that were merged: a value stands for the first of them alone.
    fn merged_records(&self) -> Vec<Diagnostic> {
        let header_end = self.heading.lines + self.heading.rows as u64;
        let merged: Vec<&str> =
            self.merged.iter().filter(|(row, _)| *row > header_end).map(|(_, name)| name.as_str()).collect();
        let Some(first) = merged.first() else { return Vec::new() };
        let more = match merged.len() {
            1 => String::new(),
            count => format!(", and {} elsewhere", plural(count as u64 - 1, "more group")),
        };
        let warning =
            format!("cells {} are merged{more}: the value counts for the first alone", quote(first));
        let warning = Diagnostic::warning(warning).at(Place::File(self.name.clone()));
        vec![warning.hint("unmerge them and write the value into each, if it is every respondent's")]
    }

    /// The encoding that the first bytes have.
    pub(crate) fn encoding(&self) -> Encoding {
        match str::from_utf8(&self.head) {
            Ok(_) => Encoding::Utf8,
            // The last character may be cut.
            Err(error) if error.error_len().is_none() => Encoding::Utf8,
            Err(_) => Encoding::Cp932,
        }
    }

    /// A line of the header.
    pub(crate) fn at_header(&self, line: u64) -> Place {
        self.cells.place(&self.name, 0, line, None)
    }

    /// The line of the header's first row, from 1.
    pub(crate) fn header_line(&self) -> u64 {
        self.heading.lines + 1
    }

    /// Where the header begins.
    fn start(&self) -> usize {
        self.heading.start + if self.marked { BYTE_ORDER_MARK.len() } else { 0 }
    }

    /// Offset of the first byte that is no UTF-8, among the first bytes of the file.
    pub(crate) fn first_bad_byte(&self) -> u64 {
        str::from_utf8(&self.head).err().map_or(0, |error| error.valid_up_to() as u64)
    }

    /// A scanner at the beginning of the header.
    pub(crate) fn scanner(&self, block_bytes: usize) -> io::Result<Scanner<Box<dyn Read + Send>>> {
        let mut reader = self.source.file()?.take(self.size);
        let start = self.start() as u64;
        io::copy(&mut reader.by_ref().take(start), &mut io::sink())?;
        Ok(Scanner::new(Box::new(reader), Vec::new(), start, self.grammar.line_end, block_bytes))
    }

    /// Takes the header off a scanner.
    pub(crate) fn header<R: Read>(
        &self,
        scanner: &mut Scanner<R>,
        encoding: Encoding,
    ) -> io::Result<Result<Header, HeaderFault>> {
        heading::header(scanner, self.grammar, self.heading, encoding)
    }
}

/// Copies what can be read only once.
fn spool(mut pipe: impl Read) -> io::Result<(Source, u64)> {
    let mut copy = tempfile::tempfile()?;
    let size = io::copy(&mut pipe, &mut copy)?;
    Ok((Source::Spooled(copy), size))
}

/// Whether a text is UTF-16, and then whether its big ends come first.
fn wide(head: &[u8], declared: Option<Encoding>) -> Result<Option<bool>, Diagnostic> {
    let mark = match head {
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ if head.starts_with(BYTE_ORDER_MARK) => Some(Encoding::Utf8),
        _ => None,
    };
    let found = match (declared, mark) {
        (Some(declared), Some(mark)) if declared != mark => {
            return Err(Diagnostic::error(format!(
                "the file is declared to be {}, but begins with the mark of {}",
                declared.name(),
                mark.name()
            ))
            .hint("leave `--encoding` out: the mark is proof"));
        }
        (declared, mark) => declared.or(mark),
    };
    if found.is_none() {
        // Latin letters of UTF-16 are every other byte NUL.
        let near = &head[..head.len().min(64)];
        let places: Vec<usize> = memchr::memchr_iter(0, near).collect();
        let side = |odd: usize| places.iter().filter(|&&place| place % 2 == odd).count();
        for (odd, name) in [(1, "utf-16le"), (0, "utf-16be")] {
            if side(odd) >= 4 && side(odd) * 4 >= near.len() && side(1 - odd) == 0 {
                let error = Diagnostic::error("expected a CSV file, found UTF-16 text without its mark");
                return Err(error.hint(format!("say `--encoding {name}`")));
            }
        }
    }
    Ok(match found {
        Some(Encoding::Utf16Le) => Some(false),
        Some(Encoding::Utf16Be) => Some(true),
        _ => None,
    })
}

/// What was left out after the last record.
fn debris(tail: Tail) -> Option<Diagnostic> {
    let mut parts = Vec::new();
    if tail.blank_records > 0 {
        parts.push(plural(tail.blank_records, "blank record"));
    }
    if tail.nul > 0 {
        parts.push(plural(tail.nul, "NUL byte"));
    }
    if tail.ctrl_z > 0 {
        parts.push("a mark of the end (Ctrl-Z)".to_string());
    }
    let last = parts.pop()?;
    let told = if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) };
    Some(Diagnostic::warning(format!("after the last respondent the file has {told}, not counted")))
}

/// A file that the system does not let us read.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    let error = Diagnostic::error(format!("cannot read the file: {error}"));
    Failure::Io(Box::new(error.at(Place::File(name.to_string()))))
}

/// Bytes of a block that are no text in the encoding: where, from the beginning of the block.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: Encoding,
    buffer: &'a mut String,
) -> Result<&'a [u8], usize> {
    match encoding {
        // UTF-16 has been made UTF-8 when the file was opened.
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => match str::from_utf8(bytes) {
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
