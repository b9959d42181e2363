//! The definition of a Triple-S survey: its XML, read without entities and without fetching anything.

use encoding_rs::{Encoding as Table, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::sav::Damage;

/// Elements within each other; Triple-S has eight.
const DEEPEST: usize = 32;

/// A survey as its definition has it.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) title: Option<String>,
    /// Data are fields between commas, not characters at fixed places.
    pub(super) commas: bool,
    /// Lines before the first respondent.
    pub(super) skip: u64,
    pub(super) variables: Vec<Variable>,
}

/// A variable.
#[derive(Debug, Default, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) kind: Kind,
    /// `serial` or `weight`.
    pub(super) role: Option<String>,
    /// Field (from 1), or first character.
    pub(super) start: usize,
    /// Last character.
    pub(super) finish: usize,
    /// A multiple with so many places of so many characters each.
    pub(super) spread: Option<(usize, usize)>,
    /// Code and words, in order.
    pub(super) values: Vec<(String, String)>,
}

/// What a variable holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Single,
    Multiple,
    Quantity,
    Character,
    Logical,
    Date,
    Time,
}

/// Whether a text begins as a definition does.
pub(crate) fn is(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let text = String::from_utf8_lossy(&text[..text.len().min(4096)]).to_ascii_lowercase();
    let start = text.trim_start();
    (start.starts_with("<?xml") || start.starts_with("<!doctype") || start.starts_with("<sss"))
        && text.contains("<sss")
}

/// Text of the file, in the encoding that it names.
pub(super) fn decoded(bytes: &[u8]) -> (String, &'static Table) {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_string();
    let named = head.split("encoding=").nth(1).and_then(|rest| {
        let quote = rest.chars().next()?;
        rest[1..].split(quote).next().and_then(|name| Table::for_label(name.as_bytes()))
    });
    let table = Table::for_bom(bytes).map(|(table, _)| table).or(named).unwrap_or(UTF_8);
    (table.decode(bytes).0.into_owned(), table)
}

/// Reads a definition.
pub(super) fn read(text: &str) -> Result<Definition, Damage> {
    let mut reader = Reader::from_str(text);
    let line = |reader: &Reader<&[u8]>| {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1
    };
    let bad = |line: usize, words: &str| {
        Damage::Bad(
            format!("line {line} of the definition: {words}"),
            "export the survey again as Triple-S 2.0",
        )
    };
    let mut definition = Definition::default();
    let mut variable: Option<Variable> = None;
    let mut path: Vec<String> = Vec::new();
    let mut words = String::new();
    let (mut records, mut seen) = (0, false);
    loop {
        let event = reader.read_event().map_err(|error| bad(line(&reader), &format!("no XML: {error}")))?;
        let (element, empty) = match event {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(element) => {
                let name = element.name().as_ref().to_string();
                end(&name, &path, &words, &mut definition, &mut variable)
                    .map_err(|error| bad(line(&reader), &error))?;
                path.pop();
                // Texts for interviews or in other languages stand beside the text itself.
                if name != "text" && name != "br" {
                    words.clear();
                }
                continue;
            }
            Event::Text(own) => {
                if path.last().is_some_and(|own| own != "text") {
                    words.push_str(&own);
                }
                continue;
            }
            Event::CData(own) => {
                words.push_str(&own);
                continue;
            }
            Event::GeneralRef(own) => {
                let name = own.to_string();
                let character = match name.as_str() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => own.resolve_char_ref().ok().flatten(),
                };
                let unknown = || {
                    bad(line(&reader), &format!("the entity {} is not resolved", crate::diag::quote(&name)))
                };
                words.push(character.ok_or_else(unknown)?);
                continue;
            }
            Event::DocType(own) => {
                if own.contains('[') || own.contains("ENTITY") {
                    return Err(bad(
                        line(&reader),
                        "expected a DOCTYPE without declarations, found entities",
                    ));
                }
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = element.name().as_ref().to_string();
        seen |= name == "sss";
        records += usize::from(name == "record");
        begin(&name, &element, &mut definition, &mut variable).map_err(|error| bad(line(&reader), &error))?;
        if name == "br" {
            words.push(' ');
        } else if name != "text" {
            words.clear();
        }
        if empty {
            continue;
        }
        path.push(name);
        if path.len() > DEEPEST {
            return Err(bad(line(&reader), "elements stand within each other more than Triple-S has them"));
        }
    }
    if !seen || !path.is_empty() {
        return Err(Damage::bad("the definition ends before `</sss>`"));
    }
    if records > 1 {
        let hint = "export each level as a survey of its own";
        return Err(Damage::Bad("the survey has several levels of records (a hierarchy)".to_string(), hint));
    }
    if definition.variables.is_empty() {
        return Err(Damage::bad("the definition has no variables"));
    }
    Ok(definition)
}

/// The value of an attribute.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    for own in element.attributes() {
        let own = own.map_err(|error| format!("no XML: {error}"))?;
        if own.key.as_ref() == name {
            let value = quick_xml::escape::unescape(&own.value).map_err(|error| error.to_string())?;
            return Ok(Some(value.trim().to_string()));
        }
    }
    Ok(None)
}

/// A number that an attribute must have.
fn number(element: &BytesStart<'_>, name: &str) -> Result<Option<usize>, String> {
    let Some(value) = attribute(element, name)? else { return Ok(None) };
    // A record of a million characters is none.
    let number = value.parse().ok().filter(|number| *number < 1_000_000);
    number
        .map(Some)
        .ok_or_else(|| format!("expected a number for `{name}`, found {}", crate::diag::quote(&value)))
}

fn begin(
    name: &str,
    element: &BytesStart<'_>,
    definition: &mut Definition,
    variable: &mut Option<Variable>,
) -> Result<(), String> {
    match (name, variable) {
        ("record", _) => {
            definition.commas =
                attribute(element, "format")?.is_some_and(|format| format.eq_ignore_ascii_case("csv"));
            definition.skip = number(element, "skip")?.unwrap_or(0) as u64;
        }
        ("variable", variable) => {
            let kind = attribute(element, "type")?.unwrap_or_default();
            let kind = match kind.to_ascii_lowercase().as_str() {
                "single" => Kind::Single,
                "multiple" => Kind::Multiple,
                "quantity" => Kind::Quantity,
                "character" => Kind::Character,
                "logical" => Kind::Logical,
                "date" => Kind::Date,
                "time" => Kind::Time,
                _ => return Err(format!("a variable of type {}", crate::diag::quote(&kind))),
            };
            *variable = Some(Variable { kind, role: attribute(element, "use")?, ..Variable::default() });
        }
        ("position", Some(variable)) => {
            variable.start =
                number(element, "start")?.filter(|start| *start > 0).ok_or("a position without `start`")?;
            variable.finish = number(element, "finish")?.unwrap_or(variable.start);
            if variable.finish < variable.start {
                return Err("a position ends before it starts".to_string());
            }
        }
        ("spread", Some(variable)) => {
            let subfields = number(element, "subfields")?.ok_or("a spread without `subfields`")?;
            variable.spread = Some((subfields, number(element, "width")?.unwrap_or(0)));
        }
        ("value", Some(variable)) => {
            let code = attribute(element, "code")?.ok_or("a value without `code`")?;
            variable.values.push((code, String::new()));
        }
        _ => {}
    }
    Ok(())
}

fn end(
    name: &str,
    path: &[String],
    words: &str,
    definition: &mut Definition,
    variable: &mut Option<Variable>,
) -> Result<(), String> {
    let words = || words.split_whitespace().collect::<Vec<_>>().join(" ");
    match (name, variable) {
        ("variable", variable) => {
            let own = variable.take().unwrap_or_default();
            if own.name.is_empty() || own.start == 0 {
                return Err("a variable without name or position".to_string());
            }
            definition.variables.push(own);
        }
        ("name", Some(variable)) => variable.name = words(),
        ("label", Some(variable)) => variable.label = words(),
        ("value", Some(variable)) => {
            if let Some(last) = variable.values.last_mut() {
                last.1 = words();
            }
        }
        ("title", None) if path.iter().any(|own| own == "survey") => {
            definition.title = Some(words()).filter(|title| !title.is_empty());
        }
        _ => {}
    }
    Ok(())
}
