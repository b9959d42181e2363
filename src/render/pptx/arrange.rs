//! Where the parts of a slide stand: the message and the question take what they need, the content the rest.

use super::layout::{Holder, LayoutPart, MARGIN, Purpose, areas};
use super::presentation::{Anchor, Area, Content, Layout, Paragraph, Sizes, Slide, Text};
use super::slide::Setting;
use super::text::{fit, height, within};

/// The page of a deck.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// In millimetres.
    pub(super) width: f64,
    /// In millimetres.
    pub(super) height: f64,
    /// Where a template's master has its text.
    pub(super) body: Option<Area>,
}

/// Where the parts of a slide stand.
#[derive(Debug)]
pub struct Places {
    /// Of the title.
    pub title: Area,
    /// Sizes of type that a title may have.
    pub title_sizes: Sizes,
    /// Where the title stands in its place.
    pub title_anchor: Anchor,
    /// Of the message.
    pub message: Option<Area>,
    /// Of the question's wording.
    pub question: Option<Area>,
    /// Of the contents, in order.
    pub content: Vec<Area>,
    /// Of the footnotes.
    pub footnotes: Option<Area>,
    /// Of the text at the foot.
    pub footer: Area,
    /// Of the number of the page.
    pub folio: Area,
    /// Whether the first content is a subtitle.
    subtitle: bool,
}

/// Space between parts, in millimetres.
const GAP: f64 = 2.0;
/// Space between contents that stand side by side.
const COLUMN_GAP: f64 = 6.0;

impl Places {
    pub(super) fn of(slide: &Slide, layout: &LayoutPart, setting: &Setting) -> Places {
        let page = setting.page;
        let opening = matches!(slide.layout, Layout::Title | Layout::Section | Layout::Note);
        let title = layout.holder(Purpose::Title).and_then(|holder| holder.area);
        let title = title.unwrap_or(areas(page.width, page.height)[0]);
        let below = title.top + title.height + GAP;
        let text = layout.text_holder().and_then(|holder| holder.area);
        let subtitle = layout.holder(Purpose::Subtitle).and_then(|holder| holder.area);
        let whole = Area {
            left: MARGIN,
            top: below,
            width: page.width - 2.0 * MARGIN,
            height: page.height - 12.5 - below,
        };
        // Our own page is used down to its foot; a template says how much of its page is ours.
        let mut rest = page.body.map_or(whole, |body| text.filter(|_| !opening).unwrap_or(body));
        // A deck of ours as a template has the places of ours.
        let of = |purpose: Purpose| layout.holder(purpose).and_then(|holder| holder.area);
        if let (Some(message), Some(notes)) = (of(Purpose::Message), of(Purpose::Footnotes)) {
            rest = Area { height: notes.top + notes.height - message.top, ..message };
        }
        let [_, footer, folio] = areas(page.width, page.height);
        let mut places = Places {
            title,
            title_sizes: Sizes { largest: if opening { 40.0 } else { 26.0 }, smallest: 14.0 },
            title_anchor: if opening { Anchor::Bottom } else { Anchor::Middle },
            message: None,
            question: None,
            content: Vec::new(),
            footnotes: None,
            footer: of(Purpose::Footer).unwrap_or(footer),
            folio: of(Purpose::Folio).unwrap_or(folio),
            subtitle: false,
        };
        if !slide.footnotes.is_empty() {
            let text = footnotes(slide);
            let high = needed(&text, rest.width, 25.0, setting);
            rest.height -= high + GAP;
            places.footnotes = Some(Area { top: rest.top + rest.height + GAP, height: high, ..rest });
        }
        let mut contents = slide.content.len();
        if opening {
            let end = rest.top + rest.height;
            let mut top = below.max(title.top + title.height);
            if let (Some(area), Some(Content::Text(_))) = (subtitle, slide.content.first()) {
                places.subtitle = true;
                places.content.push(area);
                contents -= 1;
                top = area.top + area.height + GAP;
            }
            rest = Area { left: title.left, width: title.width, top, height: (end - top).max(1.0) };
        }
        let wide = rest.width;
        let mut upper = |text: &Option<Text>| {
            text.as_ref().map(|text| take(&mut rest, needed(text, wide, 22.0, setting)))
        };
        places.message = upper(&slide.message);
        places.question = upper(&slide.question);
        let count = contents.max(1) as f64;
        let wide = (rest.width - COLUMN_GAP * (count - 1.0)) / count;
        for column in 0..contents {
            let left = rest.left + column as f64 * (wide + COLUMN_GAP);
            places.content.push(Area { left, width: wide.max(1.0), height: rest.height.max(1.0), ..rest });
        }
        places
    }

    /// The placeholder that a content fills, if the layout has one for it.
    pub(super) fn holder(
        &self,
        at: usize,
        content: &Content,
        layout: &LayoutPart,
        slide: &Slide,
    ) -> Option<Holder> {
        let first = usize::from(self.subtitle);
        if at < first {
            return layout.holder(Purpose::Subtitle).cloned();
        }
        let found = layout.holder(Purpose::Content(u32::try_from(at - first).ok()?));
        let found =
            found.or_else(|| layout.text_holder().filter(|_| at == first && slide.layout == Layout::Body));
        found
            .filter(|holder| match content {
                Content::Text(_) => matches!(holder.kind.as_str(), "obj" | "body"),
                Content::Chart(_) => holder.kind == "chart",
                Content::Table(_) => holder.kind == "tbl",
                Content::Picture(_) => false,
            })
            .cloned()
    }
}

/// The footnotes as a text.
pub fn footnotes(slide: &Slide) -> Text {
    let mut text = Text::plain("", 9.0, 7.0);
    text.paragraphs = slide.footnotes.iter().map(Paragraph::plain).collect();
    text
}

/// The height a text needs at its best size, up to `most`.
fn needed(text: &Text, width: f64, most: f64, setting: &Setting) -> f64 {
    let whole = Area { left: 0.0, top: 0.0, width, height: most };
    let area = within(text, whole);
    let (Ok(size) | Err(size)) = fit(&text.paragraphs, area, text.sizes, setting.measure);
    let high = height(&text.paragraphs, area.width, size, setting.measure) + most - area.height;
    high.min(most) + 0.5
}

/// Takes the upper part of what is left.
fn take(rest: &mut Area, high: f64) -> Area {
    let taken = Area { height: high, ..*rest };
    rest.top += high + GAP;
    rest.height -= high + GAP;
    taken
}
