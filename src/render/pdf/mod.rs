//! Reports and decks as PDF: pages of our own breaking, each drawn as an SVG with the one font of a [`Typeface`].
//!
//! In: a [`crate::report::Document`] or a [`crate::report::Deck`]. Out: the bytes of a `.pdf` whose text is text,
//! with the part of the font that it needs; the same for the same input. Where a line breaks is measured as charts
//! are (`chart::wrap`), so that pages are the same with every font.

mod file;
mod flow;
mod leaf;
mod paper;
mod slides;
mod table;

pub use paper::pdf as document_pdf;
pub use slides::pdf as deck_pdf;

#[cfg(doc)]
use super::Typeface;
