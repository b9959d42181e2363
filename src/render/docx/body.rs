//! What stands on the pages: paragraphs, boxes, tables and drawings in the order of the document.

use super::MAIN;
use crate::diag::visible;
use crate::render::picture::size;
use crate::render::pptx::package::{DRAWING, RELATIONS, Relations};
use crate::render::pptx::xml::Xml;
use crate::report::{Block, Document, Picture, Section};
use crate::sheet::{Cell, Content, Language, Role, Sheet};

const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
const INLINE: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const SVG: &str = "http://schemas.microsoft.com/office/drawing/2016/SVG/main";
/// Width of the text on A4 with margins of 20 mm, in twentieths of a point.
const WIDTH: usize = 9638;
/// The same in English Metric Units.
const WIDTH_EMU: u64 = 6_120_130;
const EMU_PER_PIXEL: u64 = 9525;

/// The body while it is written, and what it refers to.
pub(super) struct Body<'a> {
    pub(super) relations: Relations,
    /// Pictures by the names of their parts.
    pub(super) pictures: Vec<(String, Vec<u8>)>,
    draw: &'a dyn Fn(&Picture) -> Option<Vec<u8>>,
    drawings: u32,
}

impl<'a> Body<'a> {
    pub(super) fn new(relations: Relations, draw: &'a dyn Fn(&Picture) -> Option<Vec<u8>>) -> Body<'a> {
        Body { relations, pictures: Vec::new(), draw, drawings: 0 }
    }

    /// `word/document.xml`, with the ids of its header and its footer.
    pub(super) fn document(&mut self, document: &Document, (header, footer): (&str, &str)) -> String {
        let mut xml = Xml::document();
        let names: crate::render::pptx::xml::Attributes = &[
            ("xmlns:w", &MAIN),
            ("xmlns:r", &RELATIONS),
            ("xmlns:wp", &INLINE),
            ("xmlns:a", &DRAWING),
            ("xmlns:pic", &PICTURE),
            ("xmlns:asvg", &SVG),
        ];
        xml.element("w:document", names, |xml| {
            xml.element("w:body", &[], |xml| {
                self.texts(xml, document);
                xml.element("w:sectPr", &[], |xml| {
                    xml.empty("w:headerReference", &[("w:type", &"default"), ("r:id", &header)]);
                    for kind in ["default", "first"] {
                        xml.empty("w:footerReference", &[("w:type", &kind), ("r:id", &footer)]);
                    }
                    xml.raw(
                        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" \
                         w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/><w:titlePg/>",
                    );
                });
            });
        });
        xml.finish()
    }

    fn texts(&mut self, xml: &mut Xml, document: &Document) {
        for line in [&document.date, &document.publisher].into_iter().flatten() {
            paragraph(xml, "Letterhead", line);
        }
        let head = [
            ("Kind", document.kind.as_ref()),
            ("Title", Some(&document.title)),
            ("Subtitle", document.subtitle.as_ref()),
        ];
        for (style, text) in head {
            text.into_iter().for_each(|text| paragraph(xml, style, text));
        }
        document.lead.iter().for_each(|text| paragraph(xml, "BodyText", text));
        document.results.iter().for_each(|text| paragraph(xml, "Heading1", text));
        document.sections.iter().for_each(|section| self.section(xml, section, document.language));
        if let Some(about) = &document.about {
            let title = about.header.first().and_then(|row| row.first()).map_or(String::new(), Cell::shown);
            paragraph(xml, "Heading1", &format!("【{title}】"));
            for row in &about.body {
                let words: Vec<String> = row.iter().map(Cell::shown).collect();
                let colon = document.language.choose("：", ": ");
                paragraph(xml, "ListBullet", words.join(colon).trim_end_matches(colon));
            }
        }
        for passage in &document.closing {
            paragraph(xml, "Heading1", &passage.title);
            passage.text.iter().for_each(|text| paragraph(xml, "BodyText", text));
        }
        document.notes.iter().for_each(|note| paragraph(xml, "Note", &format!("※ {note}")));
    }

    fn section(&mut self, xml: &mut Xml, section: &Section, language: Language) {
        paragraph(xml, "Heading2", &format!("{}{}", section.label, section.headline));
        if let Some(question) = &section.question {
            paragraph(xml, "Question", &format!("Q. {question}"));
        }
        for block in &section.blocks {
            self.block(xml, block, language);
        }
    }

    fn block(&mut self, xml: &mut Xml, block: &Block, language: Language) {
        match block {
            Block::Paragraph(text) => paragraph(xml, "BodyText", text),
            Block::Meaning(text) => paragraph(xml, "Meaning", &format!("⇒ {text}")),
            Block::Chart(picture) => self.chart(xml, picture),
            Block::Table(sheet) => table(xml, sheet),
            Block::View { text, notes } => {
                paragraph(xml, "Gap", "");
                paragraph(xml, "BoxHeading", crate::render::document::view_heading(language));
                text.iter().for_each(|text| paragraph(xml, "Box", text));
                notes.iter().for_each(|note| paragraph(xml, "BoxNote", note));
            }
            Block::Issues(issues) => {
                paragraph(xml, "Gap", "");
                paragraph(xml, "BoxHeading", language.choose("論点", "Points for discussion"));
                for (place, issue) in issues.iter().enumerate() {
                    paragraph(xml, "Box", &format!("{}. {issue}", place + 1));
                }
            }
            Block::Excerpts(comments) => {
                paragraph(xml, "Question", language.choose("（個別回答抜粋）", "(Selected comments)"));
                comments.iter().for_each(|comment| paragraph(xml, "ListBullet", comment));
            }
            Block::Note(note) => paragraph(xml, "Note", &format!("※ {note}")),
        }
    }

    /// A chart: its SVG where Word draws one, its PNG elsewhere; in words where there is no picture of it.
    fn chart(&mut self, xml: &mut Xml, picture: &Picture) {
        let Some(png) = (self.draw)(picture) else {
            paragraph(xml, "Note", &picture.description);
            return;
        };
        self.drawings += 1;
        let number = self.drawings;
        let mut add = |ending: &str, bytes: Vec<u8>| {
            let part = format!("word/media/chart{number}.{ending}");
            let id = self.relations.add("image", part.as_str());
            self.pictures.push((part, bytes));
            id
        };
        let (png, svg) = (add("png", png), add("svg", picture.svg.clone().into_bytes()));
        let (wide, high) = size(&picture.svg);
        let width = (wide * EMU_PER_PIXEL).min(WIDTH_EMU);
        let height = high * width / wide;
        let description = picture.description.lines().map(visible).collect::<Vec<_>>().join("\n");
        let name = format!("chart {number}");
        let size: crate::render::pptx::xml::Attributes = &[("cx", &width), ("cy", &height)];
        xml.raw("<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">");
        xml.empty("wp:extent", size);
        xml.empty("wp:docPr", &[("id", &number), ("name", &name), ("descr", &description)]);
        xml.element("a:graphic", &[], |xml| {
            xml.element("a:graphicData", &[("uri", &PICTURE)], |xml| {
                xml.element("pic:pic", &[], |xml| {
                    xml.element("pic:nvPicPr", &[], |xml| {
                        xml.empty("pic:cNvPr", &[("id", &number), ("name", &name), ("descr", &description)]);
                        xml.raw("<pic:cNvPicPr/>");
                    });
                    xml.element("pic:blipFill", &[], |xml| {
                        xml.element("a:blip", &[("r:embed", &png)], |xml| {
                            xml.raw("<a:extLst><a:ext uri=\"{96DAC541-7B7A-43D3-8B79-37D633B846F1}\">");
                            xml.empty("asvg:svgBlip", &[("r:embed", &svg)]);
                            xml.raw("</a:ext></a:extLst>");
                        });
                        xml.raw("<a:stretch><a:fillRect/></a:stretch>");
                    });
                    xml.element("pic:spPr", &[], |xml| {
                        xml.raw("<a:xfrm><a:off x=\"0\" y=\"0\"/>");
                        xml.empty("a:ext", size);
                        xml.raw("</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>");
                    });
                });
            });
        });
        xml.raw("</wp:inline></w:drawing></w:r></w:p>");
    }
}

/// A paragraph in a style; a line end in it is one on the page.
fn paragraph(xml: &mut Xml, style: &str, text: &str) {
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| xml.empty("w:pStyle", &[("w:val", &style)]));
        run(xml, text);
    });
}

fn run(xml: &mut Xml, text: &str) {
    xml.element("w:r", &[], |xml| {
        for (place, line) in text.replace("\r\n", "\n").split('\n').enumerate() {
            if place > 0 {
                xml.raw("<w:br/>");
            }
            xml.leaf("w:t", &[("xml:space", &"preserve")], &visible(line));
        }
    });
}

/// A sheet: title and lines above, the table, its notes.
fn table(xml: &mut Xml, sheet: &Sheet) {
    paragraph(xml, "Caption", &sheet.title);
    sheet.above.iter().for_each(|line| paragraph(xml, "CaptionLine", line));
    let widths = widths(sheet);
    // Many columns are narrow: their numbers are set smaller rather than broken.
    let style = if widths.last().is_some_and(|width| *width < 900) { "TableSmall" } else { "TableText" };
    xml.element("w:tbl", &[], |xml| {
        xml.element("w:tblPr", &[], |xml| {
            xml.empty("w:tblStyle", &[("w:val", &"TableGrid")]);
            xml.empty("w:tblW", &[("w:w", &widths.iter().sum::<usize>()), ("w:type", &"dxa")]);
            xml.empty("w:tblLayout", &[("w:type", &"fixed")]);
            if style == "TableSmall" {
                xml.raw(
                    "<w:tblCellMar><w:left w:w=\"20\" w:type=\"dxa\"/><w:right w:w=\"20\" w:type=\"dxa\"/></w:tblCellMar>",
                );
            }
            xml.empty("w:tblCaption", &[("w:val", &visible(&sheet.title))]);
        });
        xml.element("w:tblGrid", &[], |xml| {
            widths.iter().for_each(|width| xml.empty("w:gridCol", &[("w:w", width)]));
        });
        let rows = sheet.header.iter().map(|row| (row, true)).chain(sheet.body.iter().map(|row| (row, false)));
        for (row, header) in rows {
            xml.element("w:tr", &[], |xml| {
                let repeated = if header { "<w:tblHeader/>" } else { "" };
                xml.raw(&format!("<w:trPr><w:cantSplit/>{repeated}</w:trPr>"));
                for (place, cell) in row.iter().enumerate().filter(|(_, cell)| cell.content != Content::Covered) {
                    let width: usize = widths.iter().skip(place).take(cell.columns).sum();
                    self::cell(xml, cell, width, header || place < sheet.side, style);
                }
            });
        }
    });
    // Two tables without a paragraph between them would be one.
    match sheet.notes.is_empty() {
        true => paragraph(xml, "Note", ""),
        false => sheet.notes.iter().for_each(|note| paragraph(xml, "Note", &format!("※ {note}"))),
    }
}

fn cell(xml: &mut Xml, cell: &Cell, width: usize, label: bool, style: &str) {
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width), ("w:type", &"dxa")]);
            if cell.columns > 1 {
                xml.empty("w:gridSpan", &[("w:val", &cell.columns)]);
            }
            if label {
                xml.raw("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F5F8\"/>");
            }
        });
        xml.element("w:p", &[], |xml| {
            let side = match (&cell.content, cell.role) {
                (_, Role::Header) => "center",
                (Content::Text(_), _) => "left",
                _ => "right",
            };
            xml.element("w:pPr", &[], |xml| {
                xml.empty("w:pStyle", &[("w:val", &style)]);
                xml.empty("w:jc", &[("w:val", &side)]);
            });
            run(xml, &(cell.shown() + cell.mark_text()));
        });
    });
}

/// Widths of columns: labels get room first, numbers what is left, and no more than they need.
fn widths(sheet: &Sheet) -> Vec<usize> {
    let columns = sheet.header.first().or(sheet.body.first()).map_or(1, Vec::len).max(1);
    let side = sheet.side.clamp(0, columns);
    let numbers = columns - side;
    let room = if numbers > 8 { WIDTH * 30 / 100 } else { WIDTH * 40 / 100 };
    let label = room.checked_div(side).unwrap_or(0).min(3200);
    let number = (WIDTH - label * side).checked_div(numbers).unwrap_or(0).min(1400);
    (0..columns).map(|column| if column < side { label } else { number }).collect()
}
