//! Decks as PowerPoint files, with native charts and tables that can be edited.
//!
//! In: a [`Presentation`], plain data without numbers to decide about, and perhaps a user's own file as
//! [`Template`]. Out: the bytes of a `.pptx`. Points come with their labels as printed; this folder must
//! not round. It is written by hand (ECMA-376), for no crate links a chart of stacked bars to its workbook.

mod archive;
mod arrange;
mod chart;
mod deck;
mod frame;
mod label;
mod layout;
mod markup;
pub(super) mod package;
mod parts;
mod picture;
mod plot;
mod presentation;
mod slide;
mod table;
mod template;
mod text;
mod theme;
mod workbook;
pub(super) mod xml;

pub use arrange::{Places, footnotes};
pub use chart::{Axis, Chart, Grouping, Kind, LabelPlace, Legend, Mark, Point, Series, Shown};
pub use deck::Deck;
pub use picture::Picture;
pub use presentation::{
    Align, Anchor, Area, Content, Folio, Layout, Paragraph, Presentation, Run, Sizes, Slide, SlideSize, Text,
};
pub use table::{Table, TableCell};
pub use template::Template;
pub use text::{Measure, em_width, fit, height, lines, split};
pub use theme::{Colour, Palette, Rgb, Theme};
