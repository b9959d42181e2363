//! A slide: its shapes, where they stand, and what they are related to.

use super::arrange::{Page, Places};
use super::chart::Chart;
use super::frame;
use super::layout::{Holder, LayoutPart, Purpose, names, place, reference, root};
use super::package::{CHART, Relations};
use super::picture::Picture;
use super::plot::Plot;
use super::presentation::{Align, Anchor, Area, Content, Folio, Paragraph, Sizes, Slide, Text, hundredths};
use super::table::Table;
use super::text::{Measure, body, fit, look, within};
use super::theme::Palette;
use super::xml::Xml;
use crate::diag::Diagnostic;

/// What is the same for all slides of a deck.
pub(super) struct Setting<'a> {
    pub(super) page: Page,
    pub(super) palette: &'a Palette,
    pub(super) measure: Measure<'a>,
    pub(super) footer: Option<&'a str>,
}

/// A slide while it is written.
pub(super) struct Writer<'a> {
    setting: &'a Setting<'a>,
    layout: &'a LayoutPart,
    number: usize,
    xml: Xml,
    id: u32,
    /// The slide's relations; charts and pictures are asked for by the names that `Files` gives.
    pub(super) relations: Relations,
    /// Charts in order: the names of their parts, and what is in them.
    pub(super) charts: Vec<(String, Plot<'a>)>,
    /// Pictures in order, with the names of their parts.
    pub(super) pictures: Vec<(String, &'a [u8])>,
    /// What did not fit.
    pub(super) warnings: Vec<Diagnostic>,
}

/// Names of parts that are numbered through the deck.
#[derive(Debug, Clone)]
pub(super) struct Files {
    /// Before the number of a chart: `ppt/charts/chart`.
    pub(super) chart: String,
    /// Charts so far.
    pub(super) charts: usize,
    /// Before the number of a picture.
    pub(super) picture: String,
    /// Pictures so far.
    pub(super) pictures: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(setting: &'a Setting<'a>, layout: &'a LayoutPart, number: usize) -> Self {
        Writer {
            setting,
            layout,
            number,
            xml: Xml::default(),
            id: 1,
            relations: Relations::default(),
            charts: Vec::new(),
            pictures: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The slide as a part.
    pub(super) fn part(&mut self, slide: &'a Slide, files: &mut Files) -> String {
        self.relations.add("slideLayout", &self.layout.part);
        self.shapes(slide, files);
        let mut xml = Xml::document();
        xml.element("p:sld", names(), |xml| {
            xml.element("p:cSld", &[], |xml| {
                xml.element("p:spTree", &[], |xml| {
                    root(xml);
                    xml.raw(&std::mem::take(&mut self.xml).finish());
                });
            });
            xml.raw("<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>");
        });
        xml.finish()
    }

    fn shapes(&mut self, slide: &'a Slide, files: &mut Files) {
        let places = Places::of(slide, self.layout, self.setting);
        self.title(&slide.title, &places);
        if let Some((area, message)) = places.message.zip(slide.message.as_ref()) {
            self.text(message, self.holder(Purpose::Message), area, "message");
        }
        if let Some((area, question)) = places.question.zip(slide.question.as_ref()) {
            self.text(question, self.holder(Purpose::Question), area, "question");
        }
        for (at, (content, area)) in slide.content.iter().zip(&places.content).enumerate() {
            let holder = places.holder(at, content, self.layout, slide);
            self.content(content, holder, *area, files);
        }
        for (area, content) in &slide.placed {
            self.content(content, None, *area, files);
        }
        if let Some(area) = places.footnotes {
            self.text(&super::arrange::footnotes(slide), self.holder(Purpose::Footnotes), area, "footnotes");
        }
        self.foot(slide, &places);
    }

    fn holder(&self, purpose: Purpose) -> Option<Holder> {
        self.layout.holder(purpose).cloned()
    }

    fn title(&mut self, title: &str, places: &Places) {
        let mut text =
            Text::plain(&title.replace('\n', " "), places.title_sizes.largest, places.title_sizes.smallest);
        let holder = self.holder(Purpose::Title);
        // In a placeholder the master says how a title looks, but for its size.
        text.paragraphs.iter_mut().flat_map(|paragraph| &mut paragraph.runs).for_each(|run| run.bold = true);
        text.anchor = places.title_anchor;
        let size = self.fitted(&text, places.title, "title");
        let inherits = holder.as_ref().is_some_and(|holder| holder.area.is_some());
        self.xml_shape(
            holder,
            "title",
            "",
            |xml| {
                if !inherits {
                    place(xml, "a:xfrm", places.title);
                }
            },
            |xml| {
                let anchor = if places.title_anchor == Anchor::Middle { "ctr" } else { "b" };
                xml.element("p:txBody", &[], |xml| {
                    xml.element("a:bodyPr", &[("anchor", &anchor)], |xml| xml.empty("a:normAutofit", &[]));
                    xml.empty("a:lstStyle", &[]);
                    xml.element("a:p", &[], |xml| {
                        xml.element("a:r", &[], |xml| {
                            xml.empty(
                                "a:rPr",
                                &[("lang", &"ja-JP"), ("altLang", &"en-US"), ("sz", &hundredths(size))],
                            );
                            xml.leaf("a:t", &[], &title.replace('\n', " "));
                        });
                    });
                });
            },
        );
    }

    /// The size of type a text gets; what does not fit is told.
    fn fitted(&mut self, text: &Text, area: Area, what: &str) -> f64 {
        fit(&text.paragraphs, area, text.sizes, self.setting.measure).unwrap_or_else(|size| {
            self.does_not_fit(what, size);
            size
        })
    }

    fn does_not_fit(&mut self, what: &str, size: f64) {
        let message = format!(
            "slide {}, {what}: the text is too long for its place even at {size} points",
            self.number
        );
        self.warnings.push(Diagnostic::warning(message).hint("shorten it, or split it between slides"));
    }

    fn content(&mut self, content: &'a Content, holder: Option<Holder>, area: Area, files: &mut Files) {
        match content {
            Content::Text(text) => self.text(text, holder, area, "text"),
            Content::Chart(chart) => self.chart(chart, holder, area, files),
            Content::Table(table) => self.table(table, holder, area),
            Content::Picture(picture) => self.picture(picture, area, files),
        }
    }

    fn text(&mut self, text: &Text, holder: Option<Holder>, area: Area, what: &str) {
        let size = self.fitted(text, within(text, area), what);
        self.xml_shape(
            holder,
            what,
            "",
            |xml| {
                place(xml, "a:xfrm", area);
                xml.raw("<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>");
                if let Some(fill) = text.fill {
                    fill.fill(xml);
                }
                if let Some(border) = text.border {
                    border.line(xml, "a:ln", 1.0);
                }
            },
            |xml| body(xml, "p:txBody", text, size),
        );
    }

    fn xml_shape(
        &mut self,
        holder: Option<Holder>,
        name: &str,
        description: &str,
        properties: impl FnOnce(&mut Xml),
        inside: impl FnOnce(&mut Xml),
    ) {
        self.id += 1;
        let (id, name) = (self.id, format!("{name} {}", self.id));
        self.xml.element("p:sp", &[], |xml| {
            xml.element("p:nvSpPr", &[], |xml| {
                xml.empty("p:cNvPr", &[("id", &id), ("name", &name), ("descr", &description)]);
                match &holder {
                    Some(holder) => {
                        xml.element("p:cNvSpPr", &[], |xml| xml.empty("a:spLocks", &[("noGrp", &1)]));
                        xml.element("p:nvPr", &[], |xml| reference(xml, holder));
                    }
                    None => {
                        xml.empty("p:cNvSpPr", &[("txBox", &1)]);
                        xml.empty("p:nvPr", &[]);
                    }
                }
            });
            xml.element("p:spPr", &[], properties);
            inside(xml);
        });
    }

    fn frame(
        &mut self,
        holder: Option<Holder>,
        name: &str,
        description: &str,
        area: Area,
        graphic: impl FnOnce(&mut Xml),
    ) {
        self.id += 1;
        let (id, name) = (self.id, format!("{name} {}", self.id));
        self.xml.element("p:graphicFrame", &[], |xml| {
            xml.element("p:nvGraphicFramePr", &[], |xml| {
                xml.empty("p:cNvPr", &[("id", &id), ("name", &name), ("descr", &description)]);
                xml.element("p:cNvGraphicFramePr", &[], |xml| {
                    xml.empty("a:graphicFrameLocks", &[("noGrp", &1)])
                });
                xml.element("p:nvPr", &[], |xml| {
                    if let Some(holder) = &holder {
                        reference(xml, holder);
                    }
                });
            });
            place(xml, "p:xfrm", area);
            graphic(xml);
        });
    }

    fn chart(&mut self, chart: &'a Chart, holder: Option<Holder>, area: Area, files: &mut Files) {
        files.charts += 1;
        let part = format!("{}{}.xml", files.chart, files.charts);
        let relation = self.relations.add("chart", &part);
        let framed = frame::frame(chart, area.width, area.height, self.setting.measure);
        if let Err(frame) = &framed {
            self.does_not_fit("names in the chart", frame.size);
        }
        let (Ok(frame) | Err(frame)) = framed;
        let (palette, measure) = (self.setting.palette, self.setting.measure);
        self.charts.push((part, Plot { chart, frame, palette, measure }));
        self.frame(holder, "chart", &chart.description, area, |xml| {
            xml.element("a:graphic", &[], |xml| {
                xml.element("a:graphicData", &[("uri", &CHART)], |xml| {
                    xml.empty("c:chart", &[("xmlns:c", &CHART), ("r:id", &relation)]);
                });
            });
        });
    }

    fn table(&mut self, table: &Table, holder: Option<Holder>, area: Area) {
        let size = table.size(area, self.setting.measure).unwrap_or_else(|size| {
            self.does_not_fit("table", size);
            size
        });
        let (palette, measure) = (self.setting.palette, self.setting.measure);
        let high = table.height(area.width, size, measure);
        let area = Area { height: high, ..area };
        self.frame(holder, "table", &table.description, area, |xml| {
            table.write(xml, area, size, palette, measure)
        });
    }

    fn picture(&mut self, picture: &'a Picture, area: Area, files: &mut Files) {
        files.pictures += 1;
        let stem = format!("{}{}", files.picture, files.pictures);
        let png = self.relations.add("image", format!("{stem}.png"));
        self.pictures.push((format!("{stem}.png"), &picture.png));
        let svg = picture.svg.as_ref().map(|svg| {
            self.pictures.push((format!("{stem}.svg"), svg));
            self.relations.add("image", format!("{stem}.svg"))
        });
        self.id += 1;
        let (id, name) = (self.id, format!("picture {}", self.id));
        self.xml.element("p:pic", &[], |xml| {
            xml.element("p:nvPicPr", &[], |xml| {
                xml.empty("p:cNvPr", &[("id", &id), ("name", &name), ("descr", &picture.description)]);
                xml.element("p:cNvPicPr", &[], |xml| xml.empty("a:picLocks", &[("noChangeAspect", &1)]));
                xml.empty("p:nvPr", &[]);
            });
            xml.element("p:blipFill", &[], |xml| {
                xml.element("a:blip", &[("r:embed", &png)], |xml| {
                    if let Some(svg) = &svg {
                        vectors(xml, svg);
                    }
                });
                xml.raw("<a:stretch><a:fillRect/></a:stretch>");
            });
            xml.element("p:spPr", &[], |xml| {
                place(xml, "a:xfrm", picture.within(area));
                xml.raw("<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>");
            });
        });
    }

    /// Writes the footer and the folio.
    fn foot(&mut self, slide: &Slide, places: &Places) {
        if let Some(text) = self.setting.footer.filter(|text| !text.is_empty()) {
            let holder = self.holder(Purpose::Footer);
            let sizes = Sizes { largest: 10.0, smallest: 7.0 };
            let text = Text { sizes, ..small(text, Align::Left) };
            self.text(&text, holder, places.footer, "footer");
        }
        let area = places.folio;
        match &slide.folio {
            Folio::None => {}
            Folio::Fixed(text) => {
                self.text(&small(text, Align::Right), self.holder(Purpose::Folio), area, "folio")
            }
            Folio::Number => {
                let number = self.number.to_string();
                self.xml_shape(
                    self.holder(Purpose::Folio),
                    "folio",
                    "",
                    |xml| {
                        place(xml, "a:xfrm", area);
                        xml.raw("<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>");
                    },
                    |xml| {
                        xml.element("p:txBody", &[], |xml| {
                            xml.raw("<a:bodyPr/><a:lstStyle/>");
                            xml.element("a:p", &[], |xml| {
                                xml.raw("<a:pPr algn=\"r\"/>");
                                let field = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}";
                                xml.element("a:fld", &[("id", &field), ("type", &"slidenum")], |xml| {
                                    look(xml, "a:rPr", 1000, 0, None::<fn(&mut Xml)>);
                                    xml.leaf("a:t", &[], &number);
                                });
                            });
                        });
                    },
                );
            }
        }
    }
}

fn small(text: &str, align: Align) -> Text {
    let mut small = Text::plain("", 10.0, 7.0);
    small.paragraphs = vec![Paragraph::plain(text.replace('\n', " ")).aligned(align)];
    small.anchor = Anchor::Middle;
    small
}

/// Writes where the vectors of a picture are, for programs that draw them (Office 2016 and later).
fn vectors(xml: &mut Xml, relation: &str) {
    xml.element("a:extLst", &[], |xml| {
        xml.element("a:ext", &[("uri", &"{96DAC541-7B7A-43D3-8B79-37D633B846F1}")], |xml| {
            let namespace = "http://schemas.microsoft.com/office/drawing/2016/SVG/main";
            xml.empty("asvg:svgBlip", &[("xmlns:asvg", &namespace), ("r:embed", &relation)]);
        });
    });
}
