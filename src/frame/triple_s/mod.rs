//! Triple-S surveys (<https://www.triple-s.org>): a definition in XML and data beside it, read and written.
//!
//! Versions 1.1 to 2.0 in XML, with data as CSV or at fixed places. Several answers become a column for each, as the
//! schema's `columns = "q3_{code}"` reads them. The data are the file of the same name: no path is taken from the definition.

mod definition;
mod write;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub(crate) use self::definition::is;
use self::definition::{Definition, Kind, Variable};
pub use self::write::triple_s;
use super::cells::{Grammar, record};
use super::file::unreadable;
use super::sav::Damage;
use super::{Described, DescribedColumn, DescribedSet, Holds, Measure, SetHolds};
use crate::diag::{Failure, quote};
use crate::schema::{Code, integer_of};

/// Bytes of a definition; the largest seen has a few.
const LARGEST: u64 = 64 << 20;
/// Bytes of a respondent.
const LONGEST: usize = 64 << 20;
/// What data files are called.
const EXTENSIONS: [&str; 3] = ["csv", "asc", "dat"];

/// A Triple-S survey whose definition has been read.
#[derive(Debug)]
pub(crate) struct TripleS {
    definition: Definition,
    data: PathBuf,
    table: &'static encoding_rs::Encoding,
}

/// The Triple-S survey at this path; `None`: it is something else.
pub(crate) fn open(path: &Path) -> Result<Option<TripleS>, Failure> {
    let name = path.display().to_string();
    let failed = |error: &io::Error| unreadable(&name, error);
    let mut file = File::open(path).map_err(|error| failed(&error))?;
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(4096).read_to_end(&mut head).map_err(|error| failed(&error))?;
    if !is(&head) {
        return Ok(None);
    }
    file.take(LARGEST + 1).read_to_end(&mut head).map_err(|error| failed(&error))?;
    let read = || -> Result<TripleS, Damage> {
        if head.len() as u64 > LARGEST {
            return Err(Damage::bad("the definition is longer than 64 MiB"));
        }
        let (text, table) = definition::decoded(&head);
        let definition = definition::read(&text)?;
        let beside = EXTENSIONS.map(|extension| path.with_extension(extension));
        let data = beside.into_iter().find(|data| data.is_file() && data != path);
        let data = data.ok_or_else(|| {
            let hint = "put the data beside the definition, under its name with .csv or .asc";
            Damage::Bad("the definition's data are not beside it".to_string(), hint)
        })?;
        Ok(TripleS { definition, data, table })
    };
    read().map(Some).map_err(|damage| damage.of(&name))
}

impl TripleS {
    /// What the definition says of its columns.
    pub(crate) fn describe(&self) -> Described {
        let mut described = Described { title: self.definition.title.clone(), ..Described::default() };
        for variable in &self.definition.variables {
            let label = Some(variable.label.clone()).filter(|label| !label.is_empty());
            let labels: Vec<(Code, String)> =
                variable.values.iter().map(|(value, words)| (code(value), words.clone())).collect();
            let column = DescribedColumn {
                name: variable.name.clone(),
                label: label.clone(),
                holds: variable.kind.holds(),
                labels,
                missing: Vec::new(),
                measure: variable.kind.measure(),
            };
            if variable.role.as_deref() == Some("weight") {
                described.weight = Some(variable.name.clone());
            }
            if variable.kind != Kind::Multiple {
                described.columns.push(column);
                continue;
            }
            let names: Vec<String> =
                variable.values.iter().map(|(value, _)| column_of(variable, value)).collect();
            for (name, (_, words)) in names.iter().zip(&variable.values) {
                let label = Some(words.clone());
                described.columns.push(DescribedColumn {
                    name: name.clone(),
                    label,
                    labels: Vec::new(),
                    ..column.clone()
                });
            }
            let holds = SetHolds::Dichotomies { selected: Code::Integer(1) };
            described.sets.push(DescribedSet { name: variable.name.clone(), label, columns: names, holds });
        }
        described
    }

    /// Gives a header and all respondents, cell by cell.
    pub(crate) fn each_record(
        &self,
        visit: &mut dyn FnMut(&[String]) -> io::Result<()>,
    ) -> Result<(), Damage> {
        let variables = &self.definition.variables;
        let header: Vec<String> = variables
            .iter()
            .flat_map(|variable| match variable.kind {
                Kind::Multiple => {
                    variable.values.iter().map(|(value, _)| column_of(variable, value)).collect()
                }
                _ => vec![variable.name.clone()],
            })
            .collect();
        visit(&header)?;
        let mut text = Vec::new();
        File::open(&self.data)?.read_to_end(&mut text)?;
        let text = self.decoded(&text)?;
        let bytes = text.as_bytes();
        let grammar = Grammar { delimiter: b',', line_end: b'\n' };
        let (mut at, mut line, mut number) = (0, 0, 0);
        let mut cells = Vec::new();
        while at < bytes.len() {
            line += 1;
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            if line <= self.definition.skip || text[at..end].trim().is_empty() {
                at = end + 1;
                continue;
            }
            if end - at > LONGEST {
                return Err(Damage::bad("a respondent is longer than 64 MiB"));
            }
            number += 1;
            cells.clear();
            let broken = |words: String| Damage::bad(format!("record {number} of the data: {words}"));
            if self.definition.commas {
                let (fields, next) = record(bytes, at, grammar)
                    .map_err(|_| broken("a quote is not where a quote belongs".to_string()))?;
                at = next;
                for variable in variables {
                    let field = fields.get(variable.start - 1).ok_or_else(|| {
                        let name = quote(&variable.name);
                        broken(format!(
                            "expected {} fields (for {name}), found {}",
                            variable.start,
                            fields.len()
                        ))
                    })?;
                    put(variable, &String::from_utf8_lossy(field), &mut cells).map_err(broken)?;
                }
            } else {
                let own: Vec<char> = text[at..end].trim_end_matches('\r').chars().collect();
                at = end + 1;
                for variable in variables {
                    // Blanks at the end of a line may be left out.
                    let finish = variable.finish.min(own.len());
                    let field: String =
                        own.get(variable.start - 1..finish).unwrap_or_default().iter().collect();
                    put(variable, &field, &mut cells).map_err(broken)?;
                }
            }
            visit(&cells)?;
        }
        Ok(())
    }

    /// The data as text: UTF-8 where they are, else as the definition is.
    fn decoded<'a>(&self, bytes: &'a [u8]) -> Result<std::borrow::Cow<'a, str>, Damage> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if let Ok(text) = str::from_utf8(bytes) {
            return Ok(text.into());
        }
        let table = if self.table == encoding_rs::UTF_8 { encoding_rs::SHIFT_JIS } else { self.table };
        let (text, broken) = table.decode_without_bom_handling(bytes);
        match broken {
            false => Ok(text),
            true => Err(Damage::bad(format!("the data are neither UTF-8 nor {}", table.name()))),
        }
    }
}

impl Kind {
    fn holds(self) -> Holds {
        match self {
            Kind::Single | Kind::Multiple | Kind::Quantity => Holds::Numbers { decimals: 0 },
            Kind::Character => Holds::Words,
            Kind::Logical => Holds::Flags,
            Kind::Date => Holds::Days,
            Kind::Time => Holds::Times,
        }
    }

    fn measure(self) -> Option<Measure> {
        match self {
            Kind::Single | Kind::Multiple | Kind::Logical => Some(Measure::Nominal),
            Kind::Quantity | Kind::Date | Kind::Time => Some(Measure::Scale),
            Kind::Character => None,
        }
    }
}

fn code(value: &str) -> Code {
    integer_of(value).map_or_else(|| Code::Text(value.to_string()), Code::Integer)
}

/// The column of one answer of several: `q3_1`.
fn column_of(variable: &Variable, value: &str) -> String {
    format!("{}_{}", variable.name, code(value))
}

/// The cells of a field.
fn put(variable: &Variable, field: &str, cells: &mut Vec<String>) -> Result<(), String> {
    let trimmed = field.trim();
    match variable.kind {
        Kind::Multiple => return chosen(variable, field, cells),
        Kind::Date if trimmed.len() == 8 && trimmed.bytes().all(|byte| byte.is_ascii_digit()) => {
            cells.push(format!("{}-{}-{}", &trimmed[..4], &trimmed[4..6], &trimmed[6..]));
        }
        Kind::Time if trimmed.len() == 6 && trimmed.bytes().all(|byte| byte.is_ascii_digit()) => {
            cells.push(format!("{}:{}:{}", &trimmed[..2], &trimmed[2..4], &trimmed[4..]));
        }
        _ => cells.push(trimmed.to_string()),
    }
    Ok(())
}

/// The cells of several answers: 1 or 0 for each, all blank where nothing is said.
fn chosen(variable: &Variable, field: &str, cells: &mut Vec<String>) -> Result<(), String> {
    let values = &variable.values;
    let start = cells.len();
    if field.trim().is_empty() {
        cells.resize(start + values.len(), String::new());
        return Ok(());
    }
    cells.resize(start + values.len(), "0".to_string());
    let name = || quote(&variable.name);
    let own: Vec<char> = field.chars().collect();
    if let Some((subfields, width)) = variable.spread {
        // In a CSV zeros and spaces in front may be lost.
        let width = if width > 0 { width } else { own.len().div_ceil(subfields.max(1)) };
        let padded = own.len().div_ceil(width.max(1)) * width;
        let own: Vec<char> = std::iter::repeat_n(' ', padded - own.len()).chain(own).collect();
        for part in own.chunks(width.max(1)) {
            let part: String = part.iter().collect();
            let part = part.trim();
            if part.is_empty() || part.bytes().all(|byte| byte == b'0') {
                continue;
            }
            let place = values.iter().position(|(value, _)| code(value) == code(part));
            let place = place.ok_or_else(|| format!("{} is no value of {}", quote(part), name()))?;
            cells[start + place] = "1".to_string();
        }
        return Ok(());
    }
    let own: Vec<char> = field.trim().chars().collect();
    if own.iter().any(|own| !matches!(own, '0' | '1')) {
        return Err(format!("expected 0 and 1 for the answers to {}", name()));
    }
    let largest = values.iter().filter_map(|(value, _)| integer_of(value)).max();
    // The place of a 1 is its code; where codes do not go from 1 on, the place of its value.
    let by_code = largest.is_some_and(|largest| usize::try_from(largest) == Ok(own.len()));
    if !by_code && own.len() != values.len() {
        return Err(format!("expected {} answers to {}, found {}", values.len(), name(), own.len()));
    }
    for (place, _) in own.iter().enumerate().filter(|(_, own)| **own == '1') {
        let value = match by_code {
            true => values.iter().position(|(value, _)| integer_of(value) == Some(place as i64 + 1)),
            false => Some(place),
        };
        let value = value.ok_or_else(|| format!("{} is no value of {}", place + 1, name()))?;
        cells[start + value] = "1".to_string();
    }
    Ok(())
}

/// Writes words as XML has them: nothing that could be markup, no character that XML does not have.
fn escaped(words: &str, out: &mut dyn Write) -> io::Result<()> {
    let plain: String = words
        .chars()
        .map(|own| if own.is_control() || matches!(own, '\u{FFFE}' | '\u{FFFF}') { ' ' } else { own })
        .collect();
    out.write_all(quick_xml::escape::escape(&plain).as_bytes())
}
