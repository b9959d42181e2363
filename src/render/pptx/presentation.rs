//! What a deck is, before it is PowerPoint: plain data in millimetres and points.

use super::chart::Chart;
use super::picture::Picture;
use super::table::Table;
use super::theme::{Colour, Theme};
use crate::calendar::Day;

/// A deck.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// Format of the slides; a template brings its own.
    pub size: SlideSize,
    /// Fonts and colours; a template brings its own.
    pub theme: Theme,
    /// Title in the file's properties.
    pub title: String,
    /// Author in the file's properties.
    pub creator: String,
    /// The day in the file's properties. It is never the clock's, so that equal input gives equal bytes.
    pub created: Option<Day>,
    /// Text at the foot of every slide.
    pub footer: Option<String>,
    /// The slides.
    pub slides: Vec<Slide>,
    /// Names of a template's layouts to use, where its types do not tell.
    pub layout_names: Vec<(Layout, String)>,
}

/// Format of the slides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlideSize {
    /// 16:9, 338.7 × 190.5 mm.
    Wide,
    /// A4 landscape, 297 × 210 mm.
    A4,
}

/// One slide.
#[derive(Debug, Clone, PartialEq)]
pub struct Slide {
    /// Which layout it stands on.
    pub layout: Layout,
    /// Title, which is also its line in the outline.
    pub title: String,
    /// What the slide says, in a sentence.
    pub message: Option<Text>,
    /// The question's wording.
    pub question: Option<Text>,
    /// What fills the rest, side by side.
    pub content: Vec<Content>,
    /// What stands at a place of its own, above the rest.
    pub placed: Vec<(Area, Content)>,
    /// Footnotes.
    pub footnotes: Vec<String>,
    /// Number of the page.
    pub folio: Folio,
    /// Speaker notes.
    pub notes: Option<String>,
}

/// Layouts of a deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Title slide.
    Title,
    /// Title of a section.
    Section,
    /// Title and text.
    Body,
    /// Title and a chart.
    Chart,
    /// Title and two charts.
    TwoCharts,
    /// Title and a table.
    Table,
    /// Title slide with a note.
    Note,
}

impl Layout {
    /// All of them, in the order in which they stand in a file of ours.
    pub const ALL: [Layout; 7] = [
        Layout::Title,
        Layout::Section,
        Layout::Body,
        Layout::Chart,
        Layout::TwoCharts,
        Layout::Table,
        Layout::Note,
    ];
}

/// Number of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folio {
    /// None.
    None,
    /// PowerPoint counts.
    Number,
    /// This text, whatever the slide's place.
    Fixed(String),
}

/// What a slide shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text.
    Text(Text),
    /// A native chart.
    Chart(Box<Chart>),
    /// A native table.
    Table(Table),
    /// A picture.
    Picture(Picture),
}

/// A place on a slide, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// From the left edge.
    pub left: f64,
    /// From the upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Paragraphs, their box, and the sizes of type they may have.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Sizes of type allowed; the largest that fits is taken.
    pub sizes: Sizes,
    /// Filling of the box.
    pub fill: Option<Colour>,
    /// Line round the box.
    pub border: Option<Colour>,
    /// Where the text stands in a box that is higher.
    pub anchor: Anchor,
}

/// Sizes of type in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// The size when there is room.
    pub largest: f64,
    /// Never smaller than this.
    pub smallest: f64,
}

/// Where text stands in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At the top.
    Top,
    /// In the middle.
    Middle,
    /// At the foot.
    Bottom,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left, or as the placeholder has it.
    Left,
    /// In the middle.
    Centre,
    /// Right.
    Right,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// Its runs.
    pub runs: Vec<Run>,
    /// Whether a bullet stands before it.
    pub bullet: bool,
    /// Where its lines stand.
    pub align: Align,
}

/// Characters of one look; a line feed breaks the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// Whether bold.
    pub bold: bool,
    /// Colour, where it is not that of the text around.
    pub colour: Option<Colour>,
    /// Size as a part of the text's size: 1 is the same.
    pub scale: f64,
}

impl Slide {
    /// A slide with a title and nothing else.
    pub fn new(layout: Layout, title: impl Into<String>) -> Slide {
        Slide {
            layout,
            title: title.into(),
            message: None,
            question: None,
            content: Vec::new(),
            placed: Vec::new(),
            footnotes: Vec::new(),
            folio: Folio::Number,
            notes: None,
        }
    }
}

impl Text {
    /// A text of plain paragraphs, one for each line.
    pub fn plain(text: &str, largest: f64, smallest: f64) -> Text {
        Text {
            paragraphs: text.lines().map(Paragraph::plain).collect(),
            sizes: Sizes { largest, smallest },
            fill: None,
            border: None,
            anchor: Anchor::Top,
        }
    }
}

impl Paragraph {
    /// A paragraph of one plain run.
    pub fn plain(text: impl Into<String>) -> Paragraph {
        Paragraph { runs: vec![Run::plain(text)], bullet: false, align: Align::Left }
    }

    /// The same with a bullet.
    pub fn bullet(text: impl Into<String>) -> Paragraph {
        Paragraph { bullet: true, ..Paragraph::plain(text) }
    }

    /// The same, aligned.
    pub fn aligned(mut self, align: Align) -> Paragraph {
        self.align = align;
        self
    }
}

impl Run {
    /// Characters in the look of the text around.
    pub fn plain(text: impl Into<String>) -> Run {
        Run { text: text.into(), bold: false, colour: None, scale: 1.0 }
    }

    /// The same in bold.
    pub fn bold(mut self) -> Run {
        self.bold = true;
        self
    }

    /// The same in a colour.
    pub fn coloured(mut self, colour: Colour) -> Run {
        self.colour = Some(colour);
        self
    }
}

impl SlideSize {
    /// Width and height in EMU. 16:9 is PowerPoint's own 13⅓ × 7½ inches.
    pub(super) fn emu(self) -> (i64, i64) {
        match self {
            SlideSize::Wide => (12_192_000, 6_858_000),
            SlideSize::A4 => (10_692_000, 7_560_000),
        }
    }
}

/// Millimetres as the package has them: English metric units, 36,000 to the millimetre.
pub(super) fn emu(millimetres: f64) -> i64 {
    (millimetres * 36_000.0).round() as i64
}

/// Points as DrawingML has them: hundredths.
pub(super) fn hundredths(points: f64) -> i64 {
    (points * 100.0).round() as i64
}
