//! XML that others wrote, as a flat list of elements: enough to find what a template has.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element of a document.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// How deep it stands; the first has 0.
    pub(super) depth: usize,
    /// Its name without a prefix.
    pub(super) name: String,
    /// Its attributes by name, prefix included.
    pub(super) attributes: BTreeMap<String, String>,
    /// Bytes of the document from its start to its end, both included.
    pub(super) span: std::ops::Range<usize>,
    /// Bytes of its start.
    pub(super) start: std::ops::Range<usize>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// An attribute that is a number.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.parse().ok()
    }
}

/// The elements of a document in order, or what is wrong with it.
pub(super) fn elements(text: &str) -> Result<Vec<Element>, String> {
    let mut reader = Reader::from_str(text);
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let from = position(&reader);
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let to = position(&reader);
        match event {
            Event::Start(start) => {
                open.push(found.len());
                found.push(element(&start, open.len() - 1, from..to)?);
            }
            Event::Empty(start) => found.push(element(&start, open.len(), from..to)?),
            Event::End(_) => {
                if let Some(at) = open.pop() {
                    found[at].span.end = to;
                }
            }
            // Nothing in a package has one, and what it could do is not wanted.
            Event::DocType(_) => return Err("it has a document type".into()),
            Event::Eof if open.is_empty() && !found.is_empty() => return Ok(found),
            Event::Eof => return Err("it ends too early".into()),
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn element(start: &BytesStart, depth: usize, span: std::ops::Range<usize>) -> Result<Element, String> {
    let mut attributes = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref().to_string();
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| error.to_string())?;
        attributes.insert(key, value.into_owned());
    }
    let name = start.local_name().as_ref().to_string();
    Ok(Element { depth, name, attributes, start: span.clone(), span })
}
