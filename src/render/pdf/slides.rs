//! A deck's slides as pages: what stands on a PowerPoint slide at the same places, its charts as they are drawn.

use super::file::{Bookmark, Leaves, bytes};
use super::leaf::{Leaf, Line, Mark, SOFT};
use super::table;
use crate::chart::{self, ChartSpec, FAMILIES, Palette, Style, draw, svg, wrap};
use crate::diag::{Diagnostic, visible};
use crate::render::pptx::{
    Align, Anchor, Area, Colour, Content, Deck as Package, Folio, Paragraph, Places, Rgb, Sizes, Slide,
    Template, Text, Theme, em_width, footnotes,
};
use crate::render::{Typeface, slides};
use crate::report::{Deck, DeckSlide};
use crate::sheet::Sheet;

/// From line to line, in ems.
const LEADING: f64 = 1.45;
/// Points for each pixel of a chart, at most: its labels are as large as those of native charts.
const PIXEL: f64 = 1.25;

/// The deck as a file, its text in one font.
///
/// # Errors
/// Characters that the font lacks.
pub fn pdf(deck: &Deck, template: Option<Template>, typeface: &Typeface) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let presentation = slides::presentation(deck, None);
    let package = Package::new(&presentation, template)?;
    let (width, height) = package.page();
    let mut bookmarks = Vec::new();
    let mut leaves = Vec::new();
    // The cover is before the deck's own slides.
    let pages = std::iter::once(None).chain(deck.slides.iter().map(Some));
    for ((slide, places), page) in presentation.slides.iter().zip(package.places(&em_width)).zip(pages) {
        let number = leaves.len() + 1;
        let text = visible(&slide.title);
        bookmarks.push(Bookmark { level: 0, text, page: number - 1, top: 0.0 });
        let mut board = Board { leaf: Leaf::default(), deck, theme: &presentation.theme };
        board.slide(slide, page, &places, number);
        leaves.push(board.leaf);
    }
    let size = (points(width), points(height));
    let pages = Leaves { title: visible(&deck.title), language: deck.language, size, leaves, bookmarks };
    bytes(&pages, typeface).map_err(|why| vec![why.told("the deck", typeface, "write a PPTX")])
}

fn points(millimetres: f64) -> f64 {
    millimetres * 72.0 / 25.4
}

/// One page in the making.
struct Board<'a> {
    leaf: Leaf,
    deck: &'a Deck,
    theme: &'a Theme,
}

impl Board<'_> {
    fn slide(&mut self, slide: &Slide, page: Option<&DeckSlide>, places: &Places, number: usize) {
        let mut title = Text::plain("", places.title_sizes.largest, places.title_sizes.smallest);
        title.paragraphs = vec![Paragraph::plain(slide.title.replace('\n', " "))];
        title.paragraphs.iter_mut().flat_map(|paragraph| &mut paragraph.runs).for_each(|run| {
            (run.bold, run.colour) = (true, Some(Colour::SecondDark));
        });
        title.anchor = places.title_anchor;
        self.text(&title, places.title);
        for (text, area) in [(&slide.message, places.message), (&slide.question, places.question)] {
            if let (Some(text), Some(area)) = (text, area) {
                self.text(text, area);
            }
        }
        let charts = page.map_or(&[][..], |page| &page.charts);
        let before = slide.content.len() - charts.len().min(slide.content.len());
        // Charts side by side have one scale: their labels are of one size.
        let areas = places.content.iter().skip(before);
        let scales = charts.iter().zip(areas).map(|(spec, area)| scale(&bare(spec, charts.len()), *area));
        let scale = scales.fold(PIXEL, f64::min);
        for (at, (content, area)) in slide.content.iter().zip(&places.content).enumerate() {
            match (content, at.checked_sub(before).and_then(|at| charts.get(at)), page) {
                (_, Some(spec), _) => self.chart(&bare(spec, charts.len()), *area, scale, charts.len() > 1),
                (Content::Table(_), _, Some(DeckSlide { about: Some(about), .. })) => {
                    self.about(about, *area)
                }
                (Content::Text(text), ..) => self.text(text, *area),
                // Decks have no other tables, nor pictures that are no charts.
                (Content::Chart(_) | Content::Table(_) | Content::Picture(_), ..) => {}
            }
        }
        if let Some(area) = places.footnotes {
            self.text(&footnotes(slide), area);
        }
        let small = |text: &str, align: Align| Text {
            paragraphs: vec![Paragraph::plain(text.replace('\n', " ")).aligned(align)],
            anchor: Anchor::Middle,
            ..Text::plain("", 10.0, 7.0)
        };
        if let Some(footer) = self.deck.footer.as_deref() {
            self.text(&small(footer, Align::Left), places.footer);
        }
        let folio = match &slide.folio {
            Folio::None => None,
            Folio::Number => Some(number.to_string()),
            Folio::Fixed(text) => Some(text.clone()),
        };
        if let Some(folio) = folio {
            self.text(&small(&folio, Align::Right), places.folio);
        }
    }

    fn colour(&self, colour: Colour) -> chart::Colour {
        let Rgb(red, green, blue) = colour.rgb(&self.theme.palette);
        chart::Colour(red, green, blue)
    }

    /// A text at the largest size allowed with which it fits; a page cannot be mended, so that one which fits at
    /// none is set smaller still.
    fn text(&mut self, text: &Text, area: Area) {
        let framed = text.fill.is_some() || text.border.is_some();
        let (side, end) = if framed { (points(3.0), points(1.0)) } else { (points(1.0), 0.0) };
        let [left, top, wide, high] = [area.left, area.top, area.width, area.height].map(points);
        if let Some(fill) = text.fill {
            self.leaf.marks.push(Mark::Filled([left, top, wide, high], self.colour(fill)));
        }
        let (room, height) = (wide - 2.0 * side, high - 2.0 * end);
        let Sizes { largest, .. } = text.sizes;
        let steps = (0..).map(|step| largest - 0.5 * f64::from(step)).take_while(|size| *size > 2.0);
        let set = |size: f64| -> Vec<(String, usize)> {
            let paragraphs = text.paragraphs.iter().enumerate();
            paragraphs
                .flat_map(|(at, one)| broken(one, size, room).into_iter().map(move |line| (line, at)))
                .collect()
        };
        let fits = |size: &f64| set(*size).len() as f64 * LEADING * size <= height + 0.5;
        let size = steps.into_iter().find(fits).unwrap_or(2.0);
        let lines = set(size);
        let tall = lines.len() as f64 * LEADING * size;
        let start = match text.anchor {
            Anchor::Top => 0.0,
            Anchor::Middle => (height - tall) / 2.0,
            Anchor::Bottom => height - tall,
        };
        for (number, (line, paragraph)) in lines.into_iter().enumerate() {
            let paragraph = &text.paragraphs[paragraph];
            let look = paragraph.runs.first();
            let (anchor, x) = match paragraph.align {
                Align::Left => (chart::Anchor::Start, left + side),
                Align::Centre => (chart::Anchor::Middle, left + wide / 2.0),
                Align::Right => (chart::Anchor::End, left + wide - side),
            };
            let y = top + end + start + number as f64 * LEADING * size + (LEADING - 1.0) / 2.0 * size;
            let colour = look.and_then(|run| run.colour).unwrap_or(Colour::Dark);
            self.leaf.marks.push(Mark::Text(Line {
                at: (x, y),
                anchor,
                size,
                colour: self.colour(colour),
                bold: look.is_some_and(|run| run.bold),
                text: line,
            }));
        }
    }

    /// A chart at a scale: in the middle of its place, or at the top where it stands beside others.
    fn chart(&mut self, spec: &ChartSpec, area: Area, scale: f64, beside: bool) {
        let [left, top, wide, high] = [area.left, area.top, area.width, area.height].map(points);
        let colour = |(red, green, blue): (u8, u8, u8)| chart::Colour(red, green, blue);
        let scene = draw(spec, &style(wide / scale));
        let scene = scene.highlighted(colour(self.deck.group_colour), colour(self.deck.other_colour));
        let drawing = svg(spec, &scene, &FAMILIES);
        // The narrowest canvas may be wider than its place at this scale, and lines over many categories are.
        let scale = scale.min(wide / scene.width).min(high / scene.height);
        let (width, height) = (scene.width * scale, scene.height * scale);
        let above = if beside { 0.0 } else { (high - height) / 2.0 };
        let place = [left + (wide - width) / 2.0, top + above, width, height];
        self.leaf.marks.push(Mark::Drawing(place, drawing));
    }

    fn about(&mut self, about: &Sheet, area: Area) {
        let [left, top, wide, high] = [area.left, area.top, area.width, area.height].map(points);
        let sizes = (0..25).map(|step| 16.0 - 0.5 * f64::from(step));
        let set = |size: f64| table::list(about, wide - 12.0, size);
        let height = |size: &f64| set(*size).iter().map(|strip| strip.height).sum::<f64>() + 2.0 * size;
        let size = sizes.into_iter().find(|size| height(size) <= high).unwrap_or(4.0);
        let title = Line {
            at: (left + 6.0, top),
            anchor: chart::Anchor::Start,
            size,
            colour: SOFT,
            bold: true,
            text: visible(&about.title),
        };
        self.leaf.marks.push(Mark::Text(title));
        let mut y = top + 2.0 * size;
        for strip in set(size) {
            self.leaf.marks.extend(strip.marks.iter().map(|mark| mark.moved((left + 6.0, y))));
            y += strip.height;
        }
    }
}

/// A chart without what stands elsewhere on its slide: wording and notes, and its title where it is alone.
fn bare(spec: &ChartSpec, count: usize) -> ChartSpec {
    let title = if count > 1 { spec.title.clone() } else { String::new() };
    ChartSpec { title, question: None, caption: Vec::new(), source: None, ..spec.clone() }
}

fn style(width: f64) -> Style {
    Style { width: width as u32, palette: Palette::Auto, hatched: false }
}

/// The largest scale at which a chart fits its place: a wider canvas is lower, up to where only its width counts.
fn scale(spec: &ChartSpec, area: Area) -> f64 {
    let (wide, high) = (points(area.width), points(area.height));
    let widths = (0..12).map(|step| (wide / PIXEL).max(f64::from(chart::MIN_WIDTH)) * 1.1_f64.powi(step));
    let fitting = widths.map(|width| {
        let scene = draw(spec, &style(width));
        PIXEL.min(wide / scene.width).min(high / scene.height)
    });
    fitting.fold(0.0, f64::max)
}

/// The lines of a paragraph; a line feed in it breaks one.
fn broken(paragraph: &Paragraph, size: f64, room: f64) -> Vec<String> {
    let text: String = paragraph.runs.iter().map(|run| run.text.as_str()).collect();
    text.split('\n').flat_map(|line| wrap(&visible(line), size, room)).collect()
}
