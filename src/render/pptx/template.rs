//! A user's presentation as a template: its masters, layouts, theme and size are kept, its slides dropped.
//!
//! Only what masters and layouts lead to is taken, so that no slide, comment, macro or author of the
//! template comes along.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Seek};

use super::archive::{Archive, MOST_BYTES, Refusal};
use super::layout::{Holder, LayoutPart};
use super::markup::{Element, elements};
use super::package::{RELATIONS, Relation, Relations};
use super::parts::Pieces;
use super::presentation::Area;
use super::theme::{Palette, Rgb, Theme};
use crate::diag::{Diagnostic, Place};

/// A template.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its parts: name, type, bytes, relations; the presentation itself is in `pieces`.
    pub(super) parts: Vec<Part>,
    /// What the presentation is related to, without slides.
    pub(super) relations: Relations,
    /// The presentation's own part without slides.
    pub(super) pieces: Pieces,
    /// Its layouts, in the order of its masters.
    pub(super) layouts: Vec<LayoutPart>,
    /// Width and height in millimetres.
    pub(super) size: (f64, f64),
    /// Where the first master has its text.
    pub(super) body: Option<Area>,
    /// Colours of the first master's theme.
    pub(super) palette: Palette,
    /// The master of notes.
    pub(super) notes_master: Option<String>,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
    pub(super) relations: Relations,
}

/// What of the presentation's relations is kept, by the last word of the kind.
const KEPT: [&str; 6] = ["slideMaster", "notesMaster", "handoutMaster", "theme", "tableStyles", "font"];
/// What of the presentation's elements is kept after the lists of masters and slides.
const REST: [&str; 5] = ["sldSz", "notesSz", "embeddedFontLst", "kinsoku", "defaultTextStyle"];

impl Template {
    /// Reads a template from a `.pptx` or `.potx`; `file` is its name in messages.
    pub fn read(file: &str, from: impl Read + Seek) -> Result<Template, Diagnostic> {
        read(from).map_err(|refusal| {
            let error = Diagnostic::error(refusal.message).at(Place::File(file.to_string()));
            refusal.hint.into_iter().fold(error, Diagnostic::hint)
        })
    }

    /// The names of its layouts, as PowerPoint's menu has them.
    pub fn layout_names(&self) -> impl Iterator<Item = &str> {
        self.layouts.iter().map(|layout| layout.name.as_str())
    }
}

fn read(from: impl Read + Seek) -> Result<Template, Refusal> {
    let mut archive = Archive::open(from, MOST_BYTES)?;
    let main = archive.main()?;
    let text = archive.text(&main)?;
    let document = parsed(&main, &text)?;
    if document[0].name != "presentation" || !text.contains(super::package::PRESENTATION) {
        return Err(Refusal::new("expected a presentation of PowerPoint's usual kind, found another one")
            .hint("save it as `PowerPoint Presentation (.pptx)`, not as `Strict Open XML`"));
    }
    let mut relations = archive.relations(&main)?;
    relations.0.retain(|relation| KEPT.contains(&last_word(&relation.kind)) && !relation.external);
    let pieces = pieces(&text, &document, &relations);
    let parts = reachable(&mut archive, &relations)?;
    let by_name: BTreeMap<&str, &Part> = parts.iter().map(|part| (part.name.as_str(), part)).collect();
    let size = document.iter().find(|element| element.depth == 1 && element.name == "sldSz");
    let size = size.and_then(|size| Some((size.number("cx")? / 36_000.0, size.number("cy")? / 36_000.0)));
    let size = size.filter(|(width, height)| *width > 20.0 && *height > 20.0);
    let size = size.ok_or_else(|| Refusal::new("expected the size of the slides (`p:sldSz`), found none"))?;
    let mut found = Found::default();
    for master in in_order(&document, "sldMasterId", &relations) {
        found.master(&master, &by_name)?;
    }
    if found.layouts.is_empty() {
        return Err(Refusal::new("expected a presentation with slide layouts, found none")
            .hint("open it in PowerPoint, add a layout in the slide master view, and save it"));
    }
    let notes = relations.0.iter().find(|relation| last_word(&relation.kind) == "notesMaster");
    Ok(Template {
        notes_master: notes.map(|relation| relation.target.clone()),
        layouts: found.layouts,
        body: found.body,
        palette: found.palette.unwrap_or(Theme::default().palette),
        size,
        parts,
        relations,
        pieces,
    })
}

fn parsed(name: &str, text: &str) -> Result<Vec<Element>, Refusal> {
    elements(text).map_err(|wrong| Refusal::new(format!("the part `{name}` is damaged: {wrong}")))
}

/// What `r:id`s in a list of the presentation lead to, in the list's order.
fn in_order(document: &[Element], name: &str, relations: &Relations) -> Vec<String> {
    let ids =
        document.iter().filter(|element| element.name == name).filter_map(|element| element.get("r:id"));
    let target = |id: &str| relations.0.iter().find(|relation| relation.id == id).map(|r| r.target.clone());
    ids.filter_map(target).collect()
}

/// The last word of a kind of relation.
fn last_word(kind: &str) -> &str {
    kind.rsplit('/').next().unwrap_or(kind)
}

fn pieces(text: &str, document: &[Element], relations: &Relations) -> Pieces {
    let root = &document[0];
    let kept = |names: &[&str]| -> String {
        let children =
            document.iter().filter(|element| element.depth == 1 && names.contains(&element.name.as_str()));
        children.map(|child| &text[child.span.clone()]).collect()
    };
    let has = |kind: &str| relations.0.iter().any(|relation| last_word(&relation.kind) == kind);
    let lists = [("notesMasterIdLst", "notesMaster"), ("handoutMasterIdLst", "handoutMaster")];
    // Attributes such as the number of the first slide stay with the element.
    let name = text[root.start.start + 1..]
        .split([' ', '\t', '\r', '\n', '>', '/'])
        .next()
        .unwrap_or("p:presentation");
    Pieces {
        open: text[..root.start.end].into(),
        masters: kept(&["sldMasterIdLst"]),
        notes: lists.iter().filter(|(_, kind)| has(kind)).map(|(list, _)| kept(&[list])).collect(),
        rest: kept(&REST),
        close: format!("</{name}>"),
    }
}

/// The parts that the relations lead to, in the order found.
fn reachable<R: Read + Seek>(archive: &mut Archive<R>, relations: &Relations) -> Result<Vec<Part>, Refusal> {
    let mut queue: VecDeque<String> = relations.0.iter().map(|relation| relation.target.clone()).collect();
    let mut parts: Vec<Part> = Vec::new();
    while let Some(name) = queue.pop_front() {
        if parts.iter().any(|part| part.name == name) {
            continue;
        }
        let bytes = archive.bytes(&name)?;
        let mut relations = archive.relations(&name)?;
        for relation in relations.0.iter_mut().filter(|relation| !relation.external) {
            // A link to a slide of the template leads to the first of ours.
            if relation.kind == format!("{RELATIONS}/slide") {
                relation.target = "ppt/slides/slide1.xml".into();
            } else if archive.has(&relation.target) {
                queue.push_back(relation.target.clone());
            } else {
                // PowerPoint itself leaves relations to nothing behind; said as external they harm nobody.
                *relation = Relation { target: "NULL".into(), external: true, ..relation.clone() };
            }
        }
        let kind = archive.kind(&name);
        parts.push(Part { name, kind, bytes, relations });
    }
    Ok(parts)
}

/// What is found in the masters.
#[derive(Default)]
struct Found {
    layouts: Vec<LayoutPart>,
    body: Option<Area>,
    palette: Option<Palette>,
}

impl Found {
    fn master(&mut self, name: &str, parts: &BTreeMap<&str, &Part>) -> Result<(), Refusal> {
        let Some(master) = parts.get(name) else { return Ok(()) };
        let document = parsed(name, &utf8(name, &master.bytes)?)?;
        let inherited = holders(&document, &[]);
        if self.body.is_none() {
            self.body = inherited.iter().find(|holder| holder.kind == "body").and_then(|holder| holder.area);
        }
        let of = |kind: &str| master.relations.0.iter().find(|relation| last_word(&relation.kind) == kind);
        if let (None, Some(theme)) =
            (self.palette, of("theme").and_then(|relation| parts.get(relation.target.as_str())))
        {
            self.palette = palette(&parsed(&theme.name, &utf8(&theme.name, &theme.bytes)?)?);
        }
        for layout in in_order(&document, "sldLayoutId", &master.relations) {
            let Some(part) = parts.get(layout.as_str()) else { continue };
            let document = parsed(&layout, &utf8(&layout, &part.bytes)?)?;
            let name = document
                .iter()
                .find(|element| element.name == "cSld")
                .and_then(|element| element.get("name"));
            self.layouts.push(LayoutPart {
                name: name.unwrap_or_default().to_string(),
                kind: document[0].get("type").unwrap_or("cust").to_string(),
                holders: holders(&document, &inherited),
                part: layout,
            });
        }
        Ok(())
    }
}

fn utf8(name: &str, bytes: &[u8]) -> Result<String, Refusal> {
    let text = String::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).to_vec());
    text.map_err(|_| Refusal::new(format!("the part `{name}` is not UTF-8")))
}

/// The placeholders of a layout or a master; where one says nothing of its place, its master's.
fn holders(document: &[Element], inherited: &[Holder]) -> Vec<Holder> {
    let mut found = Vec::new();
    for (at, shape) in document.iter().enumerate().filter(|(_, element)| element.name == "sp") {
        let inside = || document[at + 1..].iter().take_while(|element| element.depth > shape.depth);
        let Some(holder) = inside().find(|element| element.name == "ph") else { continue };
        let kind = holder.get("type").unwrap_or("obj").to_string();
        let index = holder.get("idx").and_then(|index| index.parse().ok());
        let part = |name: &str, one: &str, other: &str| {
            let element = inside().find(|element| element.name == name)?;
            Some((element.number(one)? / 36_000.0, element.number(other)? / 36_000.0))
        };
        let own = part("off", "x", "y").zip(part("ext", "cx", "cy"));
        let own = own.map(|((left, top), (width, height))| Area { left, top, width, height });
        // A layout's title is the master's; its text and all it does not know are the master's text.
        let basis = match kind.as_str() {
            "ctrTitle" | "title" => "title",
            "ftr" | "sldNum" | "dt" => &kind,
            _ => "body",
        };
        let above = inherited.iter().find(|holder| holder.kind == basis).and_then(|holder| holder.area);
        found.push(Holder { area: own.or(above), kind, index });
    }
    found
}

fn palette(theme: &[Element]) -> Option<Palette> {
    let colour = |name: &str| {
        let at = theme.iter().position(|element| element.name == name)?;
        let colour = theme.get(at + 1)?;
        Rgb::parse(colour.get(if colour.name == "sysClr" { "lastClr" } else { "val" })?)
    };
    let accent = |number: usize| colour(&format!("accent{number}"));
    Some(Palette {
        dark: colour("dk1")?,
        light: colour("lt1")?,
        second_dark: colour("dk2")?,
        second_light: colour("lt2")?,
        accents: [accent(1)?, accent(2)?, accent(3)?, accent(4)?, accent(5)?, accent(6)?],
    })
}
