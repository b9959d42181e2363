//! Reports: sections made of tables, figures, sentences and comments become a [`Document`] that every format writes.
//!
//! In: what a study found ([`crate::study`] runs it). Out: documents. Every number in a document comes from a table
//! or from a figure that is as expected; words that only data can say are checked before ([`Words`]). This room must
//! not know file formats.

mod deck;
mod document;
mod label;
mod words;

pub use deck::{Deck, DeckFolio, DeckResult, DeckSize, DeckSlide};
pub use document::{Block, Document, Passage, Picture, Section};
pub use label::label;
pub use words::{WordStyle, Words, not_shown, nothing_shown};
