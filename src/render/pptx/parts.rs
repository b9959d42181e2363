//! The parts of a package that are there once: properties, the presentation, the master of notes.

use super::layout::{COLOUR_MAP, names, root};
use super::package::{DRAWING, RELATIONS, Relations};
use super::presentation::Presentation;
use super::xml::Xml;

/// Namespace of a template's elements that we write ourselves; it may name them otherwise.
const NAMES: super::xml::Attributes<'static> =
    &[("xmlns:p", &super::package::PRESENTATION), ("xmlns:r", &RELATIONS)];

/// `docProps/core.xml`.
pub(super) fn core(presentation: &Presentation) -> String {
    let mut xml = Xml::document();
    let attributes: super::xml::Attributes = &[
        ("xmlns:cp", &"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", &"http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", &"http://purl.org/dc/terms/"),
        ("xmlns:xsi", &"http://www.w3.org/2001/XMLSchema-instance"),
    ];
    xml.element("cp:coreProperties", attributes, |xml| {
        xml.leaf("dc:title", &[], &presentation.title);
        xml.leaf("dc:creator", &[], &presentation.creator);
        if let Some(day) = presentation.created {
            let midnight = format!("{}T00:00:00Z", day.civil().iso());
            for name in ["dcterms:created", "dcterms:modified"] {
                xml.leaf(name, &[("xsi:type", &"dcterms:W3CDTF")], &midnight);
            }
        }
    });
    xml.finish()
}

/// `docProps/app.xml`.
pub(super) fn app() -> String {
    let mut xml = Xml::document();
    let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.element("Properties", &[("xmlns", &namespace)], |xml| xml.leaf("Application", &[], "renkei"));
    xml.finish()
}

/// `ppt/tableStyles.xml`: no styles; tables bring their look.
pub(super) fn table_styles() -> String {
    let mut xml = Xml::document();
    let none = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}";
    xml.empty("a:tblStyleLst", &[("xmlns:a", &DRAWING), ("def", &none)]);
    xml.finish()
}

/// `ppt/presProps.xml` and `ppt/viewProps.xml`: nothing of our own, but PowerPoint offers to repair a file without them.
pub(super) fn properties(element: &str) -> String {
    let mut xml = Xml::document();
    let attributes: super::xml::Attributes =
        &[("xmlns:a", &DRAWING), ("xmlns:r", &RELATIONS), ("xmlns:p", &super::package::PRESENTATION)];
    xml.empty(element, attributes);
    xml.finish()
}

/// The presentation but for what depends on the slides: what stands before their list, and after.
pub(super) fn presentation(width: i64, height: i64, master: &str) -> Pieces {
    let mut masters = Xml::default();
    masters.element("p:sldMasterIdLst", &[], |xml| {
        xml.empty("p:sldMasterId", &[("id", &2_147_483_648_u32), ("r:id", &master)]);
    });
    let mut rest = Xml::default();
    rest.empty("p:sldSz", &[("cx", &width), ("cy", &height)]);
    rest.empty("p:notesSz", &[("cx", &6_858_000), ("cy", &9_144_000)]);
    let mut open = Xml::document();
    // The first element of a document of ours, without its end.
    open.raw("<p:presentation");
    for (name, value) in names() {
        open.raw(&format!(" {name}=\"{value}\""));
    }
    open.raw(" saveSubsetFonts=\"1\">");
    Pieces {
        open: open.finish(),
        masters: masters.finish(),
        notes: String::new(),
        rest: rest.finish(),
        close: "</p:presentation>".into(),
    }
}

/// The presentation's part, in pieces between which the lists of slides go.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    /// The declaration and the first element's start.
    pub(super) open: String,
    /// The list of masters.
    pub(super) masters: String,
    /// The lists of masters of notes and handouts, if there are any.
    pub(super) notes: String,
    /// All that follows the list of slides.
    pub(super) rest: String,
    /// The first element's end.
    pub(super) close: String,
}

impl Pieces {
    /// The part, with slides and, when they have notes and there is none yet, our master of notes.
    pub(super) fn part(&self, slides: &[String], notes_master: Option<&str>) -> String {
        let mut xml = Xml::default();
        xml.raw(&self.open);
        xml.raw(&self.masters);
        if let Some(id) = notes_master {
            xml.element("p:notesMasterIdLst", NAMES, |xml| xml.empty("p:notesMasterId", &[("r:id", &id)]));
        }
        xml.raw(&self.notes);
        if !slides.is_empty() {
            xml.element("p:sldIdLst", NAMES, |xml| {
                for (at, id) in slides.iter().enumerate() {
                    xml.empty("p:sldId", &[("id", &(256 + at)), ("r:id", id)]);
                }
            });
        }
        xml.raw(&self.rest);
        xml.raw(&self.close);
        xml.finish()
    }
}

/// Writes a placeholder of a page of notes.
fn notes_holder(xml: &mut Xml, id: u32, kind: &str, area: &str, text: Option<&str>) {
    xml.element("p:sp", &[], |xml| {
        xml.element("p:nvSpPr", &[], |xml| {
            xml.empty("p:cNvPr", &[("id", &id), ("name", &format!("{kind} {id}"))]);
            let image = u8::from(kind == "sldImg");
            xml.element("p:cNvSpPr", &[], |xml| {
                xml.empty("a:spLocks", &[("noGrp", &1), ("noRot", &image), ("noChangeAspect", &image)])
            });
            xml.element("p:nvPr", &[], |xml| match kind {
                "sldImg" => xml.empty("p:ph", &[("type", &kind)]),
                _ => xml.empty("p:ph", &[("type", &kind), ("idx", &1)]),
            });
        });
        xml.element("p:spPr", &[], |xml| xml.raw(area));
        if let Some(text) = text {
            xml.element("p:txBody", &[], |xml| {
                xml.raw("<a:bodyPr/><a:lstStyle/>");
                for line in text.replace("\r\n", "\n").split('\n') {
                    xml.element("a:p", &[], |xml| {
                        xml.element("a:r", &[], |xml| {
                            xml.empty("a:rPr", &[("lang", &"ja-JP"), ("altLang", &"en-US")]);
                            xml.leaf("a:t", &[], line);
                        });
                    });
                }
            });
        }
    });
}

/// Our master of notes, with its relations.
pub(super) fn notes_master(theme: &str) -> (String, Relations) {
    let mut relations = Relations::default();
    relations.add("theme", theme);
    let mut xml = Xml::document();
    let area = |top: u32, height: u32| {
        format!(
            "<a:xfrm><a:off x=\"685800\" y=\"{top}\"/><a:ext cx=\"5486400\" cy=\"{height}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>"
        )
    };
    xml.element("p:notesMaster", names(), |xml| {
        xml.element("p:cSld", &[], |xml| {
            xml.element("p:spTree", &[], |xml| {
                root(xml);
                notes_holder(xml, 2, "sldImg", &area(1_143_000, 3_086_100), None);
                notes_holder(xml, 3, "body", &area(4_400_550, 3_600_450), Some("ノート"));
            });
        });
        xml.raw(COLOUR_MAP);
    });
    (xml.finish(), relations)
}

/// A page of notes.
pub(super) fn notes(text: &str) -> String {
    let mut xml = Xml::document();
    xml.element("p:notes", names(), |xml| {
        xml.element("p:cSld", &[], |xml| {
            xml.element("p:spTree", &[], |xml| {
                root(xml);
                notes_holder(xml, 2, "sldImg", "", None);
                notes_holder(xml, 3, "body", "", Some(text));
            });
        });
        xml.raw("<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>");
    });
    xml.finish()
}
