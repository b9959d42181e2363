//! A package that others wrote, read with limits: nothing in it is believed before it is counted.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::markup::{Element, elements};
use super::package::{Relation, Relations, relations_of, resolve};
use crate::diag::quote;

/// Bytes that a template may hold when it is unpacked: 256 MiB, for those with films in their masters.
pub(super) const MOST_BYTES: u64 = 256 << 20;
/// Entries that a template may have.
const MOST_ENTRIES: usize = 20_000;

/// Why a template is not taken.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>) -> Refusal {
        Refusal { message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: &str) -> Refusal {
        self.hint = Some(hint.into());
        self
    }
}

/// The package, and how much of it may still be unpacked.
pub(super) struct Archive<R> {
    zip: ZipArchive<R>,
    most: u64,
    left: u64,
    /// Types of parts by name, and of all others by the end of the name.
    types: BTreeMap<String, String>,
    endings: BTreeMap<String, String>,
}

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(mut from: R, most: u64) -> Result<Self, Refusal> {
        let found = sniff(&mut from);
        let zip = match found {
            Some(found) => {
                let refusal =
                    Refusal::new(format!("expected a PowerPoint presentation (.pptx), found {found}"));
                return Err(refusal.hint(
                    "save it from PowerPoint as `PowerPoint Presentation (.pptx)`, without a password",
                ));
            }
            None => ZipArchive::new(from),
        };
        let zip = zip.map_err(|error| {
            Refusal::new(format!(
                "expected a PowerPoint presentation (.pptx), found a damaged zip file: {error}"
            ))
        })?;
        if zip.len() > MOST_ENTRIES {
            return Err(Refusal::new(format!("expected at most {MOST_ENTRIES} parts, found {}", zip.len())));
        }
        let mut archive = Archive { zip, most, left: most, types: BTreeMap::new(), endings: BTreeMap::new() };
        if !archive.has("[Content_Types].xml") {
            return Err(Refusal::new(
                "expected a PowerPoint presentation (.pptx), found a zip file of something else",
            ));
        }
        for element in archive.elements("[Content_Types].xml")? {
            let Some(kind) = element.get("ContentType").map(str::to_string) else { continue };
            if let Some(part) = element.get("PartName") {
                archive.types.insert(part.trim_start_matches('/').into(), kind);
            } else if let Some(ending) = element.get("Extension") {
                archive.endings.insert(ending.to_lowercase(), kind);
            }
        }
        Ok(archive)
    }

    /// The part of the presentation.
    pub(super) fn main(&mut self) -> Result<String, Refusal> {
        let relations = self.relations("")?;
        let main = relations.0.into_iter().find(|relation| relation.kind.ends_with("/officeDocument"));
        let main = main.map(|relation| relation.target).filter(|main| self.has(main));
        let kind = main.as_ref().map(|main| self.kind(main)).unwrap_or_default();
        let found = ["wordprocessingml", "spreadsheetml"].into_iter().position(|word| kind.contains(word));
        match (main, found) {
            (Some(main), _) if kind.contains("presentationml") || kind.contains("ms-powerpoint") => Ok(main),
            (_, at) => {
                let found = at
                    .map_or("a package of something else", |at| ["a Word document", "an Excel workbook"][at]);
                Err(Refusal::new(format!("expected a PowerPoint presentation (.pptx), found {found}")))
            }
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The bytes of a part.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Refusal> {
        let damaged = |error: &dyn std::fmt::Display| {
            Refusal::new(format!("the part {} cannot be read: {error}", quote(name)))
        };
        let part = self.zip.by_name(name).map_err(|error| damaged(&error))?;
        let (mut bytes, most) = (Vec::new(), self.most);
        // What the file says of its sizes may be a lie: what comes out is counted.
        let read = part.take(self.left + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        let left = u64::try_from(read).ok().and_then(|read| self.left.checked_sub(read));
        self.left = left.ok_or_else(|| {
            Refusal::new(format!("expected at most {} MB unpacked, found more", most >> 20))
                .hint("remove pictures and films from its slide masters")
        })?;
        Ok(bytes)
    }

    /// A part that is text.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Refusal> {
        let bytes = self.bytes(name)?;
        let text = String::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes).to_vec());
        text.map_err(|_| Refusal::new(format!("the part {} is not UTF-8", quote(name))))
    }

    fn elements(&mut self, name: &str) -> Result<Vec<Element>, Refusal> {
        let text = self.text(name)?;
        elements(&text).map_err(|wrong| Refusal::new(format!("the part {} is damaged: {wrong}", quote(name))))
    }

    /// What a part is related to; `""` is the package.
    pub(super) fn relations(&mut self, part: &str) -> Result<Relations, Refusal> {
        let name = relations_of(part);
        if !self.has(&name) {
            return Ok(Relations::default());
        }
        let mut relations = Relations::default();
        for element in self.elements(&name)?.into_iter().filter(|element| element.name == "Relationship") {
            let get = |name: &str| element.get(name).unwrap_or_default().to_string();
            let external = element.get("TargetMode") == Some("External");
            let target = if external { get("Target") } else { resolve(part, &get("Target")) };
            relations.0.push(Relation { id: get("Id"), kind: get("Type"), target, external });
        }
        Ok(relations)
    }

    /// The type of a part.
    pub(super) fn kind(&self, name: &str) -> String {
        let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let kind = self.types.get(name).or_else(|| self.endings.get(&ending));
        kind.cloned().unwrap_or_else(|| "application/octet-stream".into())
    }
}

/// What a file is that is no zip; none when it may be one.
fn sniff(from: &mut (impl Read + Seek)) -> Option<&'static str> {
    let mut head = Vec::new();
    from.seek(SeekFrom::Start(0)).ok()?;
    let read = from.by_ref().take(8).read_to_end(&mut head);
    from.seek(SeekFrom::Start(0)).ok()?;
    read.ok()?;
    match head.as_slice() {
        [] => Some("an empty file"),
        [b'P', b'K', ..] => None,
        // OLE: what PowerPoint 97 wrote, and what every Office writes with a password.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Some("a .ppt file, or one with a password"),
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF file"),
        _ => Some("a file that is not a zip file"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::Archive;

    #[test]
    fn a_bomb_is_refused_by_what_comes_out_of_it() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("[Content_Types].xml", options).expect("an entry");
        zip.write_all(b"<Types/>").expect("bytes");
        zip.start_file("bomb.xml", options).expect("an entry");
        zip.write_all(&vec![b' '; 3 << 20]).expect("bytes");
        let bytes = zip.finish().expect("a zip");
        let Ok(mut archive) = Archive::open(bytes, 4 << 20) else { panic!("it is small enough") };
        assert_eq!(archive.bytes("bomb.xml").expect("small enough").len(), 3 << 20);
        // Twice is more than there may be in all.
        let refusal = archive.bytes("bomb.xml").expect_err("too much");
        assert_eq!(refusal.message, "expected at most 4 MB unpacked, found more");
    }
}
