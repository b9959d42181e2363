//! Reading a data file.

use std::path::{Path, PathBuf};

use super::assemble::assemble;
use super::cells::records_before;
use super::corrections::Correcting;
use super::defect::{self, Places};
use super::export::{self, Dialect};
use super::file::{Data, decode, unreadable};
use super::heading::{Declared, HeaderFault, names};
use super::keys::{self, Repeated};
use super::layout::{Layout, Role, declared_columns};
use super::ledger::{BadBytes, Here, Ledger, count};
use super::master::MasterTable;
use super::parquet::{self, Parquet};
use super::resubmission::{Superseded, without};
use super::route::Dependencies;
use super::scan::{Scanner, Ticket};
use super::source::{Cells, Opening, Sheet};
use super::stack::read_parts;
use super::tail::CTRL_Z;
use super::threads::shared;
use super::worker::{CodedBlock, Worker};
use super::{Dataset, ExportLayout, columnwise};
use crate::diag::{Diagnostic, Failure, Place, Progress};
use crate::schema::{QuestionIndex, Survey};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// The encodings a file can be declared to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without BOM.
    Utf8,
    /// CP932 (Windows-31J), what Japanese Excel writes.
    Cp932,
    /// UTF-16, small ends first: what Excel calls Unicode text.
    Utf16Le,
    /// UTF-16, big ends first.
    Utf16Be,
}

impl Encoding {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Cp932 => "CP932",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
        }
    }
}

/// Where weights come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WeightSource {
    /// Unweighted.
    #[default]
    None,
    /// A column of the data.
    Column(String),
    /// A CSV of respondent's key and `weight`.
    File(PathBuf),
}

/// How to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Declared encoding; `None`: detected with proof.
    pub encoding: Option<Encoding>,
    /// Sheet of a workbook; `None`: the only one that is not hidden.
    pub sheet: Option<Sheet>,
    /// How a service's export is laid out; `None`: as it shows.
    pub layout: Option<ExportLayout>,
    /// What stands between cells, an ASCII character; `None`: the one under which the declared
    /// columns are found in the header, of comma, tab and semicolon.
    pub delimiter: Option<u8>,
    /// Lines before the header.
    pub skip: u64,
    /// Rows of the header; 0 and 1 are one.
    pub header_rows: usize,
    /// Value defects become 無回答 and are counted.
    pub lenient: bool,
    /// Threads to parse with; 0: as many as the machine has.
    pub threads: usize,
    /// Where weights come from.
    pub weight: WeightSource,
    /// Keep respondents' keys.
    pub keys: bool,
    /// Read the columns of the survey's sampling design.
    pub design: bool,
    /// Text questions whose words are kept; otherwise only whether there are any is.
    pub words: Vec<QuestionIndex>,
    /// Keep every defect of these questions, and of records, instead of refusing the file for them; lenient.
    pub log: Option<Vec<QuestionIndex>>,
}

/// Bytes of a block: large enough that a block's fixed costs vanish, small enough for the cache.
const BLOCK_BYTES: usize = 1 << 20;

/// Reads a data file, or a list of them (`.toml`): the replies to `needed` (and to what their routing and regrouping
/// needs).
///
/// # Errors
/// `Refused` with every defect grouped; `Io` when the file cannot be read.
pub fn read(
    path: &Path,
    survey: &Survey,
    needed: &[QuestionIndex],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Dataset, Failure> {
    read_in_blocks(path, survey, needed, options, progress, BLOCK_BYTES)
}

/// [`read`] for several files, which are one dataset.
///
/// # Errors
/// `Refused` with every defect of every file; `Io` when one cannot be read.
pub fn read_all(
    paths: &[PathBuf],
    survey: &Survey,
    needed: &[QuestionIndex],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Dataset, Failure> {
    read_parts(paths, survey, needed, options, progress, BLOCK_BYTES)
}

/// [`read`] with blocks of another size, so that tests can put borders anywhere.
#[doc(hidden)]
pub fn read_in_blocks(
    path: &Path,
    survey: &Survey,
    needed: &[QuestionIndex],
    options: &ReadOptions,
    progress: &dyn Progress,
    block_bytes: usize,
) -> Result<Dataset, Failure> {
    read_parts(&[path.to_path_buf()], survey, needed, options, progress, block_bytes)
}

/// A file that has been opened and whose header has been found.
pub(crate) struct Opened {
    pub(crate) data: Data,
    /// The declared encoding, where the file still has it.
    pub(crate) encoding: Option<Encoding>,
    /// The columns that are declared for it.
    pub(crate) columns: Vec<String>,
    /// The questionnaire as the export of a service has it.
    pub(crate) exported: Option<Survey>,
    dialect: Dialect,
    warnings: Vec<Diagnostic>,
}

/// Opens a file and finds its header.
pub(crate) fn open(path: &Path, survey: &Survey, options: &ReadOptions) -> Result<Opened, Failure> {
    let mut columns = declared_columns(survey, options);
    let opening = Opening { encoding: options.encoding, sheet: options.sheet.as_ref() };
    let mut data = Data::open(path, opening)?;
    let declared = Declared { delimiter: options.delimiter, skip: options.skip, rows: options.header_rows };
    let encoding = options.encoding.filter(|_| !data.narrowed);
    let mut warnings = std::mem::take(&mut data.warnings);
    let first = encoding.unwrap_or_else(|| data.encoding());
    let Some(arrangement) = export::arrange(&data, first, survey, &columns, options)? else {
        warnings.extend(data.find_records(encoding, &columns, declared, survey.respondent.is_some())?);
        let dialect = Dialect::default();
        return Ok(Opened { data, encoding, columns, exported: None, dialect, warnings });
    };
    let (exported, dialect) = (arrangement.survey, arrangement.dialect);
    warnings.extend(arrangement.notes);
    let keyed = exported.respondent.is_some();
    warnings.extend(data.arranged(arrangement.heading, arrangement.names, keyed)?);
    columns = declared_columns(&exported, options);
    Ok(Opened { data, encoding, columns, exported: Some(exported), dialect, warnings })
}

/// What reading a file needs to know beside the file.
#[derive(Clone, Copy, Default)]
pub(crate) struct Alone<'a> {
    /// The rows of masters that respondents belong to.
    pub(crate) masters: &'a [Option<Arc<MasterTable>>],
    /// Records that do not count, where the survey has a rule for them.
    pub(crate) superseded: Option<&'a Superseded>,
    /// Other files belong to the dataset: what is said of all of them is not said here.
    pub(crate) several: bool,
    /// What stands before keys.
    pub(crate) key_prefix: &'a str,
}

/// Reads one file of a dataset.
pub(crate) fn read_part(
    path: &Path,
    survey: &Survey,
    needed: &[QuestionIndex],
    options: &ReadOptions,
    alone: &Alone<'_>,
    progress: &dyn Progress,
    block_bytes: usize,
) -> Result<Dataset, Failure> {
    // Where every defect is told, some are corrected, records do not count, or columns have other names than the
    // questionnaire's, a file is read as a text, respondent by respondent.
    let plain = matches!(options.layout, None | Some(ExportLayout::Plain));
    if options.log.is_none()
        && survey.corrections.is_none()
        && alone.superseded.is_none()
        && plain
        && let Some(parquet) = parquet::open(path)?
        && declared_columns(survey, options).iter().all(|column| parquet.columns.contains(column))
    {
        return column_by_column(&parquet, survey, needed, (options, alone), progress);
    }
    let Opened { data, encoding, columns, exported, dialect, warnings } = open(path, survey, options)?;
    let (data, columns, dialect) = (&data, &columns[..], &dialect);
    let survey = exported.as_ref().unwrap_or(survey);
    let dependencies = &Dependencies::new(survey, needed);
    let reading =
        Reading { data, columns, dialect, survey, dependencies, options, alone, progress, block_bytes };
    let first = encoding.unwrap_or(Encoding::Utf8);
    let detect = encoding.is_none() && !data.marked && !data.narrowed;
    let read = reading.either(first, detect);
    read.map(|mut dataset| {
        dataset.warnings.splice(0..0, warnings);
        dataset
    })
}

/// What is said of bytes that are no CP932.
const NOT_CP932: &str = "no character of CP932";

/// One way of reading a file from the beginning.
struct Reading<'a> {
    data: &'a Data,
    columns: &'a [String],
    dialect: &'a Dialect,
    survey: &'a Survey,
    dependencies: &'a Dependencies,
    options: &'a ReadOptions,
    alone: &'a Alone<'a>,
    progress: &'a dyn Progress,
    block_bytes: usize,
}

/// How a pass over the file ended.
enum Pass {
    Read(Box<Dataset>),
    /// A byte at this offset is no UTF-8, and the file may be something else.
    NotUtf8(u64),
}

impl Reading<'_> {
    /// Reads the file in an encoding, or finds out that it is the other one.
    fn either(&self, first: Encoding, detect: bool) -> Result<Dataset, Failure> {
        match self.pass(first, detect)? {
            Pass::Read(dataset) => Ok(*dataset),
            // Not UTF-8, so it must be CP932 from beginning to end.
            Pass::NotUtf8(offset) => match self.pass(Encoding::Cp932, false) {
                Ok(Pass::Read(dataset)) => Ok(*dataset),
                Ok(Pass::NotUtf8(_)) => Err(Failure::Refused(Vec::new())),
                Err(Failure::Refused(mut errors)) => {
                    if let Some(error) = errors.iter_mut().find(|error| error.message.contains(NOT_CP932)) {
                        // The encoding that gets further is the one the file was meant to have.
                        if let Err(Failure::Refused(others)) = self.pass(Encoding::Utf8, false)
                            && let Some(other) =
                                others.into_iter().find(|other| line_of(other) > line_of(error))
                        {
                            return Err(Failure::Refused(vec![other]));
                        }
                        error.hints.insert(
                            0,
                            format!("nor is the file UTF-8: the byte at offset {offset} is none of it"),
                        );
                    }
                    Err(Failure::Refused(errors))
                }
                Err(failure) => Err(failure),
            },
        }
    }

    fn pass(&self, encoding: Encoding, detect: bool) -> Result<Pass, Failure> {
        let failed = |error: &io::Error| unreadable(&self.data.name, error);
        let mut scanner = self.data.scanner(self.block_bytes).map_err(|error| failed(&error))?;
        let refused = |error: Diagnostic, place: Place| Failure::Refused(vec![error.at(place)]);
        let at_header = || self.data.at_header(self.data.header_line());
        let header = match self.data.header(&mut scanner, encoding).map_err(|error| failed(&error))? {
            Ok(header) => header,
            Err(HeaderFault::Nothing) => {
                let error = Diagnostic::error("expected a header and respondents, found an empty file");
                return Err(refused(error, Place::File(self.data.name.clone())));
            }
            Err(HeaderFault::Quote(fault)) => {
                let place = self.data.at_header(u64::from(fault.at.line) + 1);
                return Err(refused(defect::quote_fault(fault.defect), place));
            }
            Err(HeaderFault::Bytes(_)) if detect => return Ok(Pass::NotUtf8(self.data.first_bad_byte())),
            Err(HeaderFault::Bytes(byte)) => {
                return Err(refused(not_text(byte, None, encoding), at_header()));
            }
        };
        let headers = match &self.data.names {
            Some(names) => names.clone(),
            None => names(&header.rows, &self.columns.iter().map(String::as_str).collect()),
        };
        if headers.iter().any(|header| header.contains('\0')) {
            let error = Diagnostic::error("expected text, found a NUL byte");
            let hint = "the file is damaged or UTF-16; save it as CSV UTF-8";
            return Err(refused(error.hint(hint), at_header()));
        }
        let plan = (self.dependencies, self.options, self.dialect);
        let layout = Layout::new(at_header(), headers, self.survey, plan).map_err(Failure::Refused)?;
        let correcting = Correcting::new(self.survey, &layout);
        let impossible = correcting.as_ref().map(|own| own.impossible(&layout, self.survey));
        if let Some(errors) = impossible.filter(|errors| !errors.is_empty()) {
            return Err(Failure::Refused(errors));
        }
        let read = self.blocks(scanner, (&layout, correcting.as_ref()), encoding, detect);
        let (blocks, mut ledger) = read.map_err(|error| failed(&error))?;
        if let Some(bad) = ledger.bad_bytes
            && detect
        {
            return Ok(Pass::NotUtf8(bad.offset));
        }
        ledger.forget_values_of_broken_records();
        let places = Places::new((&self.data.name, &self.data.cells), &layout.headers, header.lines, &blocks);
        let places = places.leaving_out(self.alone.superseded);
        if let Some(error) = end_of_trust(&ledger, &places, encoding) {
            return Err(Failure::Refused(vec![error]));
        }
        let unfit = |own: &Correcting<'_>| {
            own.unfit(&ledger.met, &places, self.data, self.survey, self.alone.several)
        };
        let errors = correcting.as_ref().map(unfit).unwrap_or_default();
        let corrected = correcting.iter().flat_map(|own| own.places_of(&ledger.met)).collect();
        let alone = self.alone;
        let found =
            Found { alone, name: &self.data.name, layout: &layout, places: &places, blocks, ledger, errors };
        let repeated = |column| {
            let each = |visit: &mut keys::Visit<'_>| {
                keys::each_key(self.data, encoding, column, self.block_bytes, visit)
            };
            keys::repeated(each).map_err(|error| failed(&error))
        };
        let mut dataset = found.conclude(self.survey, self.dependencies, self.options, repeated)?;
        dataset.corrected = corrected;
        Ok(Pass::Read(Box::new(dataset)))
    }

    /// Reads and codes all blocks, in file order at the end.
    fn blocks(
        &self,
        scanner: Scanner<Box<dyn Read + Send>>,
        (layout, correcting): (&Layout, Option<&Correcting<'_>>),
        encoding: Encoding,
        detect: bool,
    ) -> io::Result<(Vec<CodedBlock>, Ledger)> {
        // A worker takes the next block itself: no more blocks are in memory than workers.
        let scanner = Mutex::new(scanner);
        let work = || -> io::Result<(Vec<CodedBlock>, Ledger)> {
            let mut worker = Worker::new(layout, self.data.grammar);
            let mut blocks = Vec::new();
            let mut bytes = Vec::new();
            let mut text = String::new();
            loop {
                let ticket = {
                    let mut scanner = scanner.lock().unwrap_or_else(PoisonError::into_inner);
                    let ticket = scanner.next(&mut bytes)?;
                    self.progress.advance(scanner.position().min(self.data.size), self.data.size);
                    ticket
                };
                let Some(ticket) = ticket else { break };
                let block = self.block((&mut worker, correcting), ticket, &bytes, &mut text, encoding);
                blocks.push(block);
                if detect && worker.ledger.bad_bytes.is_some() {
                    scanner.lock().unwrap_or_else(PoisonError::into_inner).stop();
                    break;
                }
            }
            Ok((blocks, worker.ledger))
        };
        let mut blocks = Vec::new();
        let mut ledger = layout.ledger();
        for (coded, found) in shared(self.options.threads, usize::MAX, work)? {
            blocks.extend(coded);
            ledger.absorb(found);
        }
        blocks.sort_by_key(|block| block.index);
        Ok((blocks, ledger))
    }

    fn block(
        &self,
        (worker, correcting): (&mut Worker<'_>, Option<&Correcting<'_>>),
        ticket: Ticket,
        bytes: &[u8],
        text: &mut String,
        encoding: Encoding,
    ) -> CodedBlock {
        let grammar = self.data.grammar;
        let here = |bytes, row, start| Here { bytes, grammar, block: ticket.index, row, start };
        let decoded = match decode(bytes, encoding, text) {
            Ok(decoded) => decoded,
            Err(at) => {
                // The last record that begins at or before the bad byte is the one that holds it.
                let row = records_before(bytes, at + 1, grammar).saturating_sub(1);
                let position = here(bytes, row, at).position();
                let line_start = memchr::memrchr(grammar.line_end, &bytes[..at]).map_or(0, |end| end + 1);
                let bad = BadBytes {
                    at: position,
                    offset: ticket.offset + at as u64,
                    column: (at - line_start) as u64 + 1,
                    byte: bytes.get(at).copied().unwrap_or_default(),
                };
                worker.ledger.bad_bytes.get_or_insert(bad);
                // Records are counted on: commas, quotes and line ends are the same in both encodings.
                bytes
            }
        };
        let counting;
        let decoded = match self.alone.superseded.map(|superseded| superseded.rows(ticket.index)) {
            None | Some([]) => decoded,
            Some(rows) => {
                counting = without(decoded, rows, grammar);
                &counting
            }
        };
        if let Some(at) = memchr::memchr2(0, CTRL_Z, decoded) {
            let row = records_before(decoded, at + 1, grammar).saturating_sub(1);
            let slot = match decoded[at] {
                CTRL_Z => &mut worker.ledger.ctrl_z,
                _ => &mut worker.ledger.nul,
            };
            count(slot, || here(decoded, row, at).position());
        }
        if encoding == Encoding::Cp932
            && let Some(at) = private_character(decoded)
        {
            let row = records_before(decoded, at + 1, grammar).saturating_sub(1);
            count(&mut worker.ledger.private, || here(decoded, row, at).position());
        }
        let corrected =
            correcting.and_then(|own| own.apply(decoded, grammar, ticket.index, &mut worker.ledger.met));
        let decoded = corrected.as_deref().unwrap_or(decoded);
        let block = worker.code(ticket.index, decoded);
        if ticket.overlong {
            let row = block.rows.saturating_sub(1);
            let position = here(decoded, row, 0).position();
            worker.ledger.overlong.get_or_insert(position);
        }
        block
    }
}

/// Everything that was read, before it is judged.
struct Found<'a> {
    alone: &'a Alone<'a>,
    name: &'a str,
    layout: &'a Layout,
    places: &'a Places<'a>,
    blocks: Vec<CodedBlock>,
    ledger: Ledger,
    /// What is wrong already.
    errors: Vec<Diagnostic>,
}

impl Found<'_> {
    /// The dataset, or every defect; `repeated` looks for keys that stand twice.
    fn conclude(
        mut self,
        survey: &Survey,
        dependencies: &Dependencies,
        options: &ReadOptions,
        repeated: impl FnOnce(usize) -> Result<Option<Repeated>, Failure>,
    ) -> Result<Dataset, Failure> {
        let (layout, places) = (self.layout, self.places);
        let mut errors = Vec::new();
        if self.blocks.iter().all(|block| block.rows == 0) {
            let error = Diagnostic::error("expected respondents, found only a header");
            errors.push(error.at(Place::File(self.name.to_string())));
        }
        errors.append(&mut self.errors);
        let report = defect::report(&self.ledger, layout, survey, places, options.lenient);
        let (defects, warnings) = report.finish();
        errors.extend(defects);
        // Where a rule says which reply counts, it has been seen to that each key stands once.
        if self.ledger.ragged.is_empty() && layout.logs.is_none() && self.alone.superseded.is_none() {
            errors.extend(self.repeated_keys(repeated)?);
        }
        if !errors.is_empty() {
            return Err(Failure::Refused(errors));
        }
        let log = layout
            .logs
            .as_ref()
            .map(|_| super::log::log(&mut self.ledger, layout, survey, places, &mut self.blocks));
        let found = (&self.ledger, log);
        let mut dataset =
            assemble(survey, dependencies, layout, self.blocks, found, (options, self.alone), self.name)?;
        dataset.warnings.splice(0..0, warnings);
        Ok(dataset)
    }

    fn repeated_keys(
        &self,
        repeated: impl FnOnce(usize) -> Result<Option<Repeated>, Failure>,
    ) -> Result<Option<Diagnostic>, Failure> {
        let layout = self.layout;
        let Some(task) = layout.tasks.iter().find(|task| matches!(task.role, Role::Key)) else {
            return Ok(None);
        };
        let spans = || self.blocks.iter().filter_map(|block| block.keys.as_ref());
        if keys::ascending(spans()) {
            return Ok(None);
        }
        let Some(repeated) = repeated(task.column)? else { return Ok(None) };
        let earlier = self.places.words(repeated.earlier);
        let mut message = format!("the respondent's key is the same as in {earlier}");
        if repeated.count > 1 {
            let more = crate::diag::plural(repeated.count, "record");
            message = format!("{message}; {more} repeat an earlier key");
        }
        let place = self.places.place(repeated.record, Some(task.column));
        Ok(Some(Diagnostic::error(message).at(place)))
    }
}

/// Reads a file that is stored column by column.
fn column_by_column(
    parquet: &Parquet,
    survey: &Survey,
    needed: &[QuestionIndex],
    (options, alone): (&ReadOptions, &Alone<'_>),
    progress: &dyn Progress,
) -> Result<Dataset, Failure> {
    let name = &parquet.name;
    let dependencies = Dependencies::new(survey, needed);
    let plan = (&dependencies, options, &Dialect::default());
    let layout = Layout::new(Place::File(name.clone()), parquet.columns.clone(), survey, plan)
        .map_err(Failure::Refused)?;
    let (blocks, ledger) =
        columnwise::blocks(parquet, &layout, options.threads, progress).map_err(|damage| damage.of(name))?;
    let places = Places::new((name, &Cells::Records), &layout.headers, 0, &blocks);
    let errors = Vec::new();
    let found = Found { alone, name, layout: &layout, places: &places, blocks, ledger, errors };
    let repeated = |column| columnwise::repeated(parquet, column).map_err(|damage| damage.of(name));
    found.conclude(survey, &dependencies, options, repeated)
}

/// The line a diagnostic is about; 0 where it is about none.
fn line_of(diagnostic: &Diagnostic) -> u64 {
    match diagnostic.place {
        Some(Place::Record { line, .. }) => line,
        _ => 0,
    }
}

/// The first place after which nothing can be trusted: where quotes go astray or text ends.
fn end_of_trust(ledger: &Ledger, places: &Places, encoding: Encoding) -> Option<Diagnostic> {
    let quote = ledger.quote.map(|fault| (fault.at, defect::quote_fault(fault.defect)));
    let bad = ledger.bad_bytes.map(|bad| (bad.at, not_text(bad.byte, Some(bad), encoding)));
    let overlong = ledger.overlong.map(|at| (at, Diagnostic::error("a record is longer than 64 MiB")));
    let first = [bad, quote, overlong].into_iter().flatten().min_by_key(|(at, _)| (at.block, at.line));
    first.map(|(at, error)| error.at(places.place(at, None)))
}

/// Bytes that are no text in the encoding.
fn not_text(byte: u8, bad: Option<BadBytes>, encoding: Encoding) -> Diagnostic {
    let found = match bad {
        Some(bad) => {
            format!("byte 0x{byte:02X} at column {} (offset {} in the file)", bad.column, bad.offset)
        }
        None => format!("byte 0x{byte:02X}"),
    };
    match encoding {
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => {
            Diagnostic::error(format!("{found} is no character of UTF-8"))
                .hint("if the file comes from Japanese Excel, say `--encoding cp932`")
        }
        Encoding::Cp932 => Diagnostic::error(format!("{found} is {NOT_CP932}"))
            .hint("save the file as CSV UTF-8 and read that"),
    }
}

/// The first character of the private range that Windows-31J keeps for 外字 (U+E000 to U+E757).
fn private_character(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(0xEE, text).find(|&at| matches!(text.get(at + 1), Some(0x80..=0x9D)))
}
