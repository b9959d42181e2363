//! A document as a Word file, its parts written by hand (ECMA-376) as those of decks are.
//!
//! In: a [`Document`], and pictures of its charts where there is a font to draw them with. Out: the bytes of a
//! `.docx`, the same for the same document. A chart without a picture is told in words, for Word shows no SVG alone.

mod body;
mod parts;

use std::io::{self, Cursor};

use self::body::Body;
use super::pptx::package::{Package, Relations, Types};
use crate::report::{Document, Picture};

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

/// The document; `draw` makes a PNG of a chart, or nothing where it cannot be drawn.
///
/// # Errors
/// A chart that is too large for a file.
pub fn docx(document: &Document, draw: &dyn Fn(&Picture) -> Option<Vec<u8>>) -> io::Result<Vec<u8>> {
    let mut relations = Relations::default();
    let fixed = [
        ("styles", "word/styles.xml", "styles+xml", parts::styles()),
        ("numbering", "word/numbering.xml", "numbering+xml", parts::numbering()),
        ("settings", "word/settings.xml", "settings+xml", parts::settings()),
        ("fontTable", "word/fontTable.xml", "fontTable+xml", parts::fonts()),
        ("header", "word/header1.xml", "header+xml", parts::header(document)),
        ("footer", "word/footer1.xml", "footer+xml", parts::footer()),
    ];
    let mut types = Types::default();
    let mut ids = Vec::new();
    for (kind, part, what, _) in &fixed {
        types.add(*part, format!("{WORD}{what}"));
        ids.push(relations.add(kind, *part));
    }
    types.add("word/document.xml", format!("{WORD}document.main+xml"));
    types.add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    types.add("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml");
    let mut body = Body::new(relations, draw);
    let text = body.document(document, (&ids[4], &ids[5]));

    let mut root = Relations::default();
    root.add("officeDocument", "word/document.xml");
    root.add_as(
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml",
    );
    root.add("extended-properties", "docProps/app.xml");
    let mut bytes = Cursor::new(Vec::new());
    let mut package = Package::new(&mut bytes, &types)?;
    package.part("_rels/.rels", root.root().as_bytes())?;
    package.part("docProps/core.xml", parts::core(document).as_bytes())?;
    package.part("docProps/app.xml", parts::app().as_bytes())?;
    package.related("word/document.xml", text.as_bytes(), &body.relations)?;
    for (_, part, _, text) in &fixed {
        package.part(part, text.as_bytes())?;
    }
    for (part, picture) in &body.pictures {
        package.part(part, picture)?;
    }
    package.finish()?;
    Ok(bytes.into_inner())
}
