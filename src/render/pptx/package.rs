//! The package: a zip of parts, their types, and what is related to what (ECMA-376, part 2).

use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::xml::Xml;

/// Namespace of DrawingML.
pub(in crate::render) const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
/// Namespace of PresentationML.
pub(in crate::render) const PRESENTATION: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";
/// Namespace of charts.
pub(in crate::render) const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
/// Namespace of references to relations, and the beginning of the names of their kinds.
pub(in crate::render) const RELATIONS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Namespace of the parts of relations.
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The package while it is written, straight into `out`: no part is kept.
pub(in crate::render) struct Package<W: Write + Seek> {
    zip: ZipWriter<W>,
}

/// Types of all parts, by name. They come first in the file, so names are given before parts are written.
#[derive(Debug, Default)]
pub(in crate::render) struct Types(BTreeMap<String, String>);

impl Types {
    /// Says what a part is.
    pub(in crate::render) fn add(&mut self, part: impl Into<String>, kind: impl Into<String>) {
        self.0.insert(part.into(), kind.into());
    }

    fn document(&self) -> String {
        let mut xml = Xml::document();
        let namespace = "http://schemas.openxmlformats.org/package/2006/content-types";
        xml.element("Types", &[("xmlns", &namespace)], |xml| {
            for (extension, kind) in [
                ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
                ("xml", "application/xml"),
                ("png", "image/png"),
                ("svg", "image/svg+xml"),
                ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ] {
                xml.empty("Default", &[("Extension", &extension), ("ContentType", &kind)]);
            }
            for (part, kind) in &self.0 {
                xml.empty("Override", &[("PartName", &format!("/{part}")), ("ContentType", kind)]);
            }
        });
        xml.finish()
    }
}

impl<W: Write + Seek> Package<W> {
    /// Begins a package with the types of what will follow.
    pub(in crate::render) fn new(out: W, types: &Types) -> io::Result<Self> {
        let mut package = Package { zip: ZipWriter::new(out) };
        package.part("[Content_Types].xml", types.document().as_bytes())?;
        Ok(package)
    }

    /// Writes a part.
    pub(in crate::render) fn part(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        // What is compressed already would only cost time.
        let compressed = name.ends_with(".xlsx") || name.ends_with(".png") || name.ends_with(".jpeg");
        let method = if compressed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options =
            SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
        self.zip.start_file(name, options)?;
        self.zip.write_all(bytes)
    }

    /// Writes a part and its relations.
    pub(in crate::render) fn related(
        &mut self,
        name: &str,
        bytes: &[u8],
        relations: &Relations,
    ) -> io::Result<()> {
        self.part(name, bytes)?;
        if relations.0.is_empty() {
            return Ok(());
        }
        self.part(&relations_of(name), relations.document(name).as_bytes())
    }

    /// Ends the package.
    pub(in crate::render) fn finish(self) -> io::Result<()> {
        self.zip.finish()?.flush()
    }
}

/// What a part is related to.
#[derive(Debug, Clone, Default)]
pub(in crate::render) struct Relations(pub(in crate::render) Vec<Relation>);

/// A relation.
#[derive(Debug, Clone)]
pub(in crate::render) struct Relation {
    /// Its name in the part.
    pub(in crate::render) id: String,
    /// The URL that says what it is.
    pub(in crate::render) kind: String,
    /// A part's name, or whatever an external one says.
    pub(in crate::render) target: String,
    /// Whether it leads out of the package.
    pub(in crate::render) external: bool,
}

impl Relations {
    /// Adds a relation to a part and gives its name. `kind` is the last word of its URL.
    pub(in crate::render) fn add(&mut self, kind: &str, target: impl Into<String>) -> String {
        self.add_as(&format!("{RELATIONS}/{kind}"), target)
    }

    /// The same with the whole URL of its kind.
    pub(in crate::render) fn add_as(&mut self, kind: &str, target: impl Into<String>) -> String {
        let mut number = self.0.len() + 1;
        while self.0.iter().any(|relation| relation.id == format!("rId{number}")) {
            number += 1;
        }
        let id = format!("rId{number}");
        self.0.push(Relation { id: id.clone(), kind: kind.into(), target: target.into(), external: false });
        id
    }

    fn document(&self, of: &str) -> String {
        let mut xml = Xml::document();
        xml.element("Relationships", &[("xmlns", &PACKAGE)], |xml| {
            for relation in &self.0 {
                let inside = relative(of, &relation.target);
                let target = if relation.external { &relation.target } else { &inside };
                let mut attributes: Vec<(&str, &dyn std::fmt::Display)> =
                    vec![("Id", &relation.id), ("Type", &relation.kind), ("Target", target)];
                if relation.external {
                    attributes.push(("TargetMode", &"External"));
                }
                xml.empty("Relationship", &attributes);
            }
        });
        xml.finish()
    }

    /// The relations of the package itself.
    pub(in crate::render) fn root(&self) -> String {
        self.document("")
    }
}

/// The part that holds a part's relations.
pub(in crate::render) fn relations_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// A part's name as seen from another part: `../charts/chart1.xml`.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let common =
        from[..folders].iter().zip(&to[..to.len() - 1]).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", folders - common);
    up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// The part a target leads to, from the part that names it.
pub(in crate::render) fn resolve(from: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_string();
    }
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            ".." => _ = folders.pop(),
            "." | "" => {}
            _ => folders.push(step),
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::{relative, resolve};

    #[test]
    fn targets_are_relative_and_resolve_to_where_they_came_from() {
        for (from, to, seen) in [
            ("ppt/slides/slide1.xml", "ppt/charts/chart1.xml", "../charts/chart1.xml"),
            ("ppt/presentation.xml", "ppt/slides/slide1.xml", "slides/slide1.xml"),
            ("", "ppt/presentation.xml", "ppt/presentation.xml"),
        ] {
            assert_eq!(relative(from, to), seen);
            assert_eq!(resolve(from, seen), to);
        }
        assert_eq!(resolve("ppt/presentation.xml", "/ppt/theme/theme1.xml"), "ppt/theme/theme1.xml");
        assert_eq!(resolve("ppt/a.xml", "../../../etc/passwd"), "etc/passwd");
    }
}
