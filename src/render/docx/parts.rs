//! The parts of a Word file that do not depend on what the document says, or only on its head.

use super::MAIN;
use crate::diag::visible;
use crate::render::pptx::xml::Xml;
use crate::report::Document;

/// A paragraph style: id, name, what it is based on, properties of paragraphs, properties of characters.
type Style = (&'static str, &'static str, &'static str, &'static str, &'static str);

const BOX: &str = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"6\" w:color=\"8A94A3\"/>\
    <w:left w:val=\"single\" w:sz=\"6\" w:space=\"6\" w:color=\"8A94A3\"/>\
    <w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"6\" w:color=\"8A94A3\"/>\
    <w:right w:val=\"single\" w:sz=\"6\" w:space=\"6\" w:color=\"8A94A3\"/></w:pBdr>\
    <w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F5F8\"/>\
    <w:spacing w:before=\"0\" w:after=\"0\"/><w:ind w:left=\"170\" w:right=\"170\"/>";

const STYLES: [Style; 20] = [
    (
        "Title",
        "Title",
        "Normal",
        "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"60\"/><w:jc w:val=\"center\"/>",
        "<w:b/><w:sz w:val=\"32\"/>",
    ),
    (
        "Subtitle",
        "Subtitle",
        "Normal",
        "<w:spacing w:after=\"240\"/><w:jc w:val=\"center\"/>",
        "<w:color w:val=\"404040\"/>",
    ),
    (
        "Heading1",
        "heading 1",
        "Normal",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"360\" w:after=\"120\"/><w:outlineLvl w:val=\"0\"/>",
        "<w:b/><w:sz w:val=\"24\"/>",
    ),
    (
        "Heading2",
        "heading 2",
        "Normal",
        "<w:keepNext/><w:keepLines/><w:pBdr><w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"0B5394\"/></w:pBdr><w:spacing w:before=\"300\" w:after=\"80\"/><w:outlineLvl w:val=\"1\"/>",
        "<w:b/><w:sz w:val=\"22\"/>",
    ),
    (
        "Heading3",
        "heading 3",
        "Normal",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"200\" w:after=\"60\"/><w:outlineLvl w:val=\"2\"/>",
        "<w:b/>",
    ),
    (
        "Letterhead",
        "Letterhead",
        "Normal",
        "<w:spacing w:after=\"0\"/><w:jc w:val=\"right\"/>",
        "<w:color w:val=\"404040\"/>",
    ),
    ("Kind", "Kind", "Normal", "<w:spacing w:before=\"120\" w:after=\"0\"/>", ""),
    ("BodyText", "Body Text", "Normal", "<w:ind w:firstLineChars=\"100\" w:firstLine=\"210\"/>", ""),
    ("Question", "Question", "Normal", "<w:keepNext/>", "<w:color w:val=\"404040\"/>"),
    ("Meaning", "Meaning", "Normal", "", "<w:b/>"),
    ("Box", "Box", "Normal", BOX, ""),
    ("BoxHeading", "Box Heading", "Box", "<w:keepNext/>", "<w:b/>"),
    ("BoxNote", "Box Note", "Box", "", "<w:sz w:val=\"17\"/>"),
    (
        "ListBullet",
        "List Bullet",
        "Normal",
        "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:spacing w:after=\"40\"/>",
        "",
    ),
    (
        "Caption",
        "caption",
        "Normal",
        "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"0\"/>",
        "<w:b/><w:sz w:val=\"18\"/>",
    ),
    (
        "CaptionLine",
        "Caption Line",
        "Normal",
        "<w:keepNext/><w:spacing w:after=\"0\"/>",
        "<w:sz w:val=\"17\"/>",
    ),
    (
        "TableText",
        "Table Text",
        "Normal",
        "<w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:sz w:val=\"17\"/>",
    ),
    (
        "TableSmall",
        "Table Small",
        "TableText",
        "<w:spacing w:after=\"0\" w:line=\"180\" w:lineRule=\"atLeast\"/>",
        "<w:sz w:val=\"13\"/>",
    ),
    (
        "Gap",
        "Gap",
        "Normal",
        "<w:keepNext/><w:spacing w:after=\"0\" w:line=\"160\" w:lineRule=\"exact\"/>",
        "<w:sz w:val=\"8\"/>",
    ),
    (
        "Note",
        "Note",
        "Normal",
        "<w:spacing w:after=\"60\"/>",
        "<w:sz w:val=\"17\"/><w:color w:val=\"404040\"/>",
    ),
];

/// `word/styles.xml`.
pub(super) fn styles() -> String {
    let mut xml = Xml::document();
    xml.element("w:styles", &[("xmlns:w", &MAIN)], |xml| {
        xml.raw(
            "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Yu Gothic\" w:hAnsi=\"Yu Gothic\" \
             w:eastAsia=\"Yu Gothic\" w:cs=\"Arial\"/><w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/>\
             <w:lang w:val=\"en-US\" w:eastAsia=\"ja-JP\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>\
             <w:snapToGrid w:val=\"0\"/><w:spacing w:after=\"100\" w:line=\"320\" w:lineRule=\"atLeast\"/></w:pPr></w:pPrDefault></w:docDefaults>\
             <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\
             <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>\
             <w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:left w:w=\"70\" w:type=\"dxa\"/>\
             <w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\
             <w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:basedOn w:val=\"TableNormal\"/>\
             <w:tblPr><w:tblBorders>",
        );
        for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
            let attributes: crate::render::pptx::xml::Attributes =
                &[("w:val", &"single"), ("w:sz", &4), ("w:space", &0), ("w:color", &"8A94A3")];
            xml.empty(&format!("w:{side}"), attributes);
        }
        xml.raw("</w:tblBorders></w:tblPr></w:style>");
        for (id, name, based, paragraph, characters) in STYLES {
            xml.element("w:style", &[("w:type", &"paragraph"), ("w:styleId", &id)], |xml| {
                xml.empty("w:name", &[("w:val", &name)]);
                xml.empty("w:basedOn", &[("w:val", &based)]);
                xml.raw("<w:qFormat/>");
                xml.element("w:pPr", &[], |xml| xml.raw(paragraph));
                xml.element("w:rPr", &[], |xml| xml.raw(characters));
            });
        }
    });
    xml.finish()
}

/// `word/numbering.xml`: one list with bullets.
pub(super) fn numbering() -> String {
    let mut xml = Xml::document();
    xml.element("w:numbering", &[("xmlns:w", &MAIN)], |xml| {
        xml.raw(
            "<w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\">\
             <w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"・\"/><w:lvlJc w:val=\"left\"/>\
             <w:pPr><w:ind w:left=\"420\" w:hanging=\"210\"/></w:pPr></w:lvl></w:abstractNum>\
             <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
        );
    });
    xml.finish()
}

/// `word/settings.xml`.
pub(super) fn settings() -> String {
    let mut xml = Xml::document();
    xml.element("w:settings", &[("xmlns:w", &MAIN)], |xml| {
        xml.raw(
            "<w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:compatSetting \
             w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
             <w:themeFontLang w:val=\"en-US\" w:eastAsia=\"ja-JP\"/>",
        );
    });
    xml.finish()
}

/// `word/fontTable.xml`: what stands for the font where it is not installed.
pub(super) fn fonts() -> String {
    let mut xml = Xml::document();
    xml.element("w:fonts", &[("xmlns:w", &MAIN)], |xml| {
        xml.raw(
            "<w:font w:name=\"Yu Gothic\"><w:altName w:val=\"Noto Sans CJK JP\"/><w:charset w:val=\"80\"/>\
             <w:family w:val=\"swiss\"/><w:pitch w:val=\"variable\"/></w:font>",
        );
    });
    xml.finish()
}

/// `word/header1.xml`: the title, on every page but the first.
pub(super) fn header(document: &Document) -> String {
    let mut xml = Xml::document();
    xml.element("w:hdr", &[("xmlns:w", &MAIN)], |xml| {
        xml.element("w:p", &[], |xml| {
            xml.raw("<w:pPr><w:pStyle w:val=\"Note\"/><w:jc w:val=\"right\"/></w:pPr>");
            let title = visible(&document.title);
            xml.element("w:r", &[], |xml| xml.leaf("w:t", &[("xml:space", &"preserve")], &title));
        });
    });
    xml.finish()
}

/// `word/footer1.xml`: - 2 -
pub(super) fn footer() -> String {
    let mut xml = Xml::document();
    xml.element("w:ftr", &[("xmlns:w", &MAIN)], |xml| {
        xml.raw(
            "<w:p><w:pPr><w:pStyle w:val=\"Note\"/><w:jc w:val=\"center\"/></w:pPr>\
             <w:r><w:t xml:space=\"preserve\">- </w:t></w:r><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r>\
             </w:fldSimple><w:r><w:t xml:space=\"preserve\"> -</w:t></w:r></w:p>",
        );
    });
    xml.finish()
}

/// `docProps/core.xml`, without the time of its making: the same document is the same file.
pub(super) fn core(document: &Document) -> String {
    let mut xml = Xml::document();
    let attributes: crate::render::pptx::xml::Attributes = &[
        ("xmlns:cp", &"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", &"http://purl.org/dc/elements/1.1/"),
    ];
    xml.element("cp:coreProperties", attributes, |xml| {
        xml.leaf("dc:title", &[], &document.title);
        xml.leaf("dc:creator", &[], document.publisher.as_deref().unwrap_or_default());
        xml.leaf("dc:language", &[], document.language.choose("ja", "en"));
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
