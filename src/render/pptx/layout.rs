//! Layouts: where a slide's title, message and content stand, in our own master or in a template's.

use super::package::{DRAWING, PRESENTATION, RELATIONS, Relations};
use super::presentation::{Area, Layout, emu, hundredths};
use super::theme::Colour;
use super::xml::Xml;

/// A layout that slides can stand on.
#[derive(Debug, Clone)]
pub(super) struct LayoutPart {
    /// The part.
    pub(super) part: String,
    /// Its name in the menu.
    pub(super) name: String,
    /// Its type: `title`, `obj`.
    pub(super) kind: String,
    /// Its placeholders.
    pub(super) holders: Vec<Holder>,
}

/// A placeholder.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    /// Its type; one without is `obj`.
    pub(super) kind: String,
    /// Its number among those of the layout.
    pub(super) index: Option<u32>,
    /// Where it is, when the layout or its master says so.
    pub(super) area: Option<Area>,
}

/// What a placeholder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Title,
    Subtitle,
    Message,
    Question,
    Content(u32),
    Footnotes,
    Footer,
    Folio,
}

/// Numbers of our own placeholders. A template's start again at 1 and are small; none of ours is taken
/// for one of theirs by [`LayoutPart::holder`], which asks for the type as well.
const FOOTER: u32 = 11;
const FOLIO: u32 = 12;
const MESSAGE: u32 = 10_013;
const QUESTION: u32 = 10_014;
const CONTENT: u32 = 10_015;
const FOOTNOTES: u32 = 10_020;

/// The edge of a page that stays empty, in millimetres.
pub(super) const MARGIN: f64 = 12.0;

impl LayoutPart {
    /// The placeholder for a purpose.
    pub(super) fn holder(&self, purpose: Purpose) -> Option<&Holder> {
        let kinds = |kinds: &[&str]| self.holders.iter().find(|holder| kinds.contains(&holder.kind.as_str()));
        let index = |index: u32| self.holders.iter().find(|holder| holder.index == Some(index));
        match purpose {
            Purpose::Title => kinds(&["title", "ctrTitle"]),
            Purpose::Subtitle => kinds(&["subTitle"])
                .or_else(|| self.holders.iter().find(|h| h.kind == "body" && h.index == Some(1))),
            Purpose::Message => index(MESSAGE),
            Purpose::Question => index(QUESTION),
            Purpose::Content(at) => index(CONTENT + at),
            Purpose::Footnotes => index(FOOTNOTES),
            Purpose::Footer => kinds(&["ftr"]),
            Purpose::Folio => kinds(&["sldNum"]),
        }
    }

    /// The placeholder of a template for the text of a slide.
    pub(super) fn text_holder(&self) -> Option<&Holder> {
        let ours = self.holder(Purpose::Content(0));
        ours.or_else(|| self.holders.iter().find(|holder| matches!(holder.kind.as_str(), "obj" | "body")))
    }
}

/// A page without a template: its title and foot.
pub(super) fn areas(width: f64, height: f64) -> [Area; 3] {
    let across = width - 2.0 * MARGIN;
    [
        Area { left: MARGIN, top: 7.0, width: across, height: 14.0 },
        Area { left: MARGIN, top: height - 10.0, width: across * 0.7, height: 6.0 },
        Area { left: width - MARGIN - 40.0, top: height - 10.0, width: 40.0, height: 6.0 },
    ]
}

/// The name of a layout of ours. A deck of ours that was made prettier by hand is found by it as a template.
pub(super) fn name(layout: Layout) -> &'static str {
    match layout {
        Layout::Title => "表紙",
        Layout::Section => "章",
        Layout::Body => "本文",
        Layout::Chart => "グラフ",
        Layout::TwoCharts => "グラフ２つ",
        Layout::Table => "表",
        Layout::Note => "表紙と注記",
    }
}

/// Our own layouts on pages of this size.
pub(super) fn own(width: f64, height: f64) -> Vec<LayoutPart> {
    Layout::ALL.into_iter().enumerate().map(|(at, layout)| own_layout(at, layout, width, height)).collect()
}

fn own_layout(at: usize, layout: Layout, width: f64, height: f64) -> LayoutPart {
    let across = width - 2.0 * MARGIN;
    let band = |left: f64, top: f64, width: f64, height: f64| Some(Area { left, top, width, height });
    let [title, footer, folio] = areas(width, height);
    let holder =
        |kind: &str, index: Option<u32>, area: Option<Area>| Holder { kind: kind.into(), index, area };
    let (kind, mut holders) = match layout {
        Layout::Title | Layout::Note => {
            let kind = if layout == Layout::Title { "title" } else { "cust" };
            let title = band(MARGIN * 2.0, height * 0.24, across - MARGIN * 2.0, height * 0.24);
            let below = band(MARGIN * 2.0, height * 0.5, across - MARGIN * 2.0, height * 0.16);
            (kind, vec![holder("ctrTitle", None, title), holder("subTitle", Some(1), below)])
        }
        Layout::Section => {
            let title = band(MARGIN * 2.0, height * 0.34, across - MARGIN * 2.0, height * 0.2);
            let below = band(MARGIN * 2.0, height * 0.56, across - MARGIN * 2.0, height * 0.2);
            ("secHead", vec![holder("title", None, title), holder("body", Some(1), below)])
        }
        Layout::Body | Layout::Chart | Layout::TwoCharts | Layout::Table => {
            let (content, columns) = match layout {
                Layout::Chart => ("chart", 1),
                Layout::TwoCharts => ("chart", 2),
                Layout::Table => ("tbl", 1),
                _ => ("body", 1),
            };
            let mut holders = vec![
                holder("title", None, Some(title)),
                holder("body", Some(MESSAGE), band(MARGIN, 23.0, across, 10.0)),
                holder("body", Some(QUESTION), band(MARGIN, 35.0, across, 8.0)),
            ];
            let wide = (across - 6.0 * f64::from(columns - 1)) / f64::from(columns);
            for column in 0..columns {
                let left = MARGIN + f64::from(column) * (wide + 6.0);
                holders.push(holder(content, Some(CONTENT + column), band(left, 46.0, wide, height - 70.0)));
            }
            holders.push(holder("body", Some(FOOTNOTES), band(MARGIN, height - 22.5, across, 10.0)));
            ("cust", holders)
        }
    };
    holders.push(holder("ftr", Some(FOOTER), Some(footer)));
    holders.push(holder("sldNum", Some(FOLIO), Some(folio)));
    let part = format!("ppt/slideLayouts/slideLayout{}.xml", at + 1);
    LayoutPart { part, name: name(layout).into(), kind: kind.into(), holders }
}

/// A layout as a part.
pub(super) fn part(layout: &LayoutPart) -> String {
    let mut xml = Xml::document();
    let mut attributes = names().to_vec();
    if layout.kind != "cust" {
        attributes.push(("type", &layout.kind));
    }
    attributes.push(("preserve", &1));
    xml.element("p:sldLayout", &attributes, |xml| {
        xml.element("p:cSld", &[("name", &layout.name)], |xml| tree(xml, &layout.holders));
        xml.element("p:clrMapOvr", &[], |xml| xml.empty("a:masterClrMapping", &[]));
    });
    xml.finish()
}

/// Our master as a part, with its relations.
pub(super) fn master(layouts: &[LayoutPart], width: f64, height: f64) -> (String, Relations) {
    let mut relations = Relations::default();
    let [title, footer, folio] = areas(width, height);
    let body = Area { left: MARGIN, top: 46.0, width: width - 2.0 * MARGIN, height: height - 70.0 };
    let holder =
        |kind: &str, index: Option<u32>, area: Area| Holder { kind: kind.into(), index, area: Some(area) };
    let holders = [
        holder("title", None, title),
        holder("body", Some(1), body),
        holder("ftr", Some(3), footer),
        holder("sldNum", Some(4), folio),
    ];
    let mut xml = Xml::document();
    xml.element("p:sldMaster", names(), |xml| {
        xml.element("p:cSld", &[], |xml| {
            xml.element("p:bg", &[], |xml| {
                xml.element("p:bgPr", &[], |xml| {
                    Colour::Light.fill(xml);
                    xml.empty("a:effectLst", &[]);
                });
            });
            tree(xml, &holders);
        });
        xml.raw(COLOUR_MAP);
        xml.element("p:sldLayoutIdLst", &[], |xml| {
            for (at, layout) in layouts.iter().enumerate() {
                let id = relations.add("slideLayout", &layout.part);
                xml.empty("p:sldLayoutId", &[("id", &(2_147_483_649 + at)), ("r:id", &id)]);
            }
        });
        xml.element("p:txStyles", &[], |xml| {
            style(xml, "p:titleStyle", 26.0, Colour::SecondDark, "+mj");
            style(xml, "p:bodyStyle", 16.0, Colour::Dark, "+mn");
            style(xml, "p:otherStyle", 12.0, Colour::Dark, "+mn");
        });
    });
    relations.add("theme", "ppt/theme/theme1.xml");
    (xml.finish(), relations)
}

/// The names of colours in slides, and those of the theme they stand for.
pub(super) const COLOUR_MAP: &str = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" \
accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" \
hlink=\"hlink\" folHlink=\"folHlink\"/>";

/// Namespaces of the parts of a presentation.
pub(super) fn names() -> super::xml::Attributes<'static> {
    &[("xmlns:a", &DRAWING), ("xmlns:r", &RELATIONS), ("xmlns:p", &PRESENTATION)]
}

fn style(xml: &mut Xml, name: &str, size: f64, colour: Colour, fonts: &str) {
    xml.element(name, &[], |xml| {
        for level in 1..=9 {
            let attributes: super::xml::Attributes =
                &[("marL", &0), ("indent", &0), ("algn", &"l"), ("eaLnBrk", &1), ("hangingPunct", &0)];
            xml.element(&format!("a:lvl{level}pPr"), attributes, |xml| {
                xml.empty("a:buNone", &[]);
                let bold = u8::from(fonts == "+mj");
                xml.element(
                    "a:defRPr",
                    &[("lang", &"ja-JP"), ("sz", &hundredths(size)), ("b", &bold)],
                    |xml| {
                        colour.fill(xml);
                        xml.empty("a:latin", &[("typeface", &format!("{fonts}-lt"))]);
                        xml.empty("a:ea", &[("typeface", &format!("{fonts}-ea"))]);
                    },
                );
            });
        }
    });
}

fn tree(xml: &mut Xml, holders: &[Holder]) {
    xml.element("p:spTree", &[], |xml| {
        root(xml);
        for (at, holder) in holders.iter().enumerate() {
            holder_shape(xml, at + 2, holder);
        }
    });
}

/// Writes what every tree of shapes begins with.
pub(super) fn root(xml: &mut Xml) {
    xml.raw(
        "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>\
         <a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/>\
         </a:xfrm></p:grpSpPr>",
    );
}

fn holder_shape(xml: &mut Xml, id: usize, holder: &Holder) {
    xml.element("p:sp", &[], |xml| {
        xml.element("p:nvSpPr", &[], |xml| {
            xml.empty("p:cNvPr", &[("id", &id), ("name", &format!("{} {id}", holder.kind))]);
            xml.element("p:cNvSpPr", &[], |xml| xml.empty("a:spLocks", &[("noGrp", &1)]));
            xml.element("p:nvPr", &[], |xml| reference(xml, holder));
        });
        xml.element("p:spPr", &[], |xml| {
            if let Some(area) = holder.area {
                place(xml, "a:xfrm", area);
            }
            xml.raw("<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>");
        });
        let anchor = if matches!(holder.kind.as_str(), "title" | "ctrTitle") { "b" } else { "t" };
        xml.element("p:txBody", &[], |xml| {
            let attributes: super::xml::Attributes =
                &[("lIns", &36_000), ("tIns", &0), ("rIns", &36_000), ("bIns", &0), ("anchor", &anchor)];
            xml.element("a:bodyPr", attributes, |xml| xml.empty("a:normAutofit", &[]));
            let right = holder.kind == "sldNum";
            xml.element("a:lstStyle", &[], |xml| {
                if matches!(holder.kind.as_str(), "ftr" | "sldNum") {
                    xml.element("a:lvl1pPr", &[("algn", &if right { "r" } else { "l" })], |xml| {
                        xml.element("a:defRPr", &[("sz", &1000)], |_| {});
                    });
                }
            });
            xml.element("a:p", &[], |xml| {
                if right {
                    xml.raw("<a:fld id=\"{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}\" type=\"slidenum\">");
                    xml.raw("<a:rPr lang=\"ja-JP\"/><a:t>‹#›</a:t></a:fld>");
                } else {
                    xml.element("a:r", &[], |xml| {
                        xml.empty("a:rPr", &[("lang", &"ja-JP")]);
                        xml.leaf("a:t", &[], prompt(holder));
                    });
                }
                xml.empty("a:endParaRPr", &[("lang", &"ja-JP")]);
            });
        });
    });
}

/// What stands in a placeholder until it is filled by hand.
fn prompt(holder: &Holder) -> &'static str {
    match (holder.kind.as_str(), holder.index) {
        ("title" | "ctrTitle", _) => "タイトル",
        ("subTitle", _) => "サブタイトル",
        ("chart", _) => "グラフ",
        ("tbl", _) => "表",
        ("ftr", _) => "フッター",
        (_, Some(MESSAGE)) => "メッセージ",
        (_, Some(QUESTION)) => "設問文",
        (_, Some(FOOTNOTES)) => "注",
        _ => "本文",
    }
}

/// Writes which placeholder a shape fills.
pub(super) fn reference(xml: &mut Xml, holder: &Holder) {
    match (&holder.index, holder.kind.as_str()) {
        (Some(index), "obj") => xml.empty("p:ph", &[("idx", index)]),
        (Some(index), kind) => xml.empty("p:ph", &[("type", &kind), ("idx", index)]),
        (None, kind) => xml.empty("p:ph", &[("type", &kind)]),
    }
}

/// Writes where a shape is.
pub(super) fn place(xml: &mut Xml, name: &str, area: Area) {
    xml.element(name, &[], |xml| {
        xml.empty("a:off", &[("x", &emu(area.left)), ("y", &emu(area.top))]);
        xml.empty("a:ext", &[("cx", &emu(area.width).max(0)), ("cy", &emu(area.height).max(0))]);
    });
}
