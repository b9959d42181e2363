//! A deck: what stands on slides, in order, and nothing of how it looks.

use crate::chart::ChartSpec;
use crate::sheet::{Language, Sheet};

/// Slides on one group, or on everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct Deck {
    /// Language of the words that a format adds.
    pub language: Language,
    /// Format of the slides.
    pub size: DeckSize,
    /// Title.
    pub title: String,
    /// Below the title.
    pub subtitle: Option<String>,
    /// On the cover, below: ※
    pub cover_note: Option<String>,
    /// What is said of disclosure control, where no slide is about the survey.
    pub stated: Option<String>,
    /// At the foot of every slide.
    pub footer: Option<String>,
    /// The colour of the group.
    pub group_colour: (u8, u8, u8),
    /// The colour of what the group is compared with.
    pub other_colour: (u8, u8, u8),
    /// The slides after the cover.
    pub slides: Vec<DeckSlide>,
}

/// Format of slides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeckSize {
    /// 16:9.
    Wide,
    /// A4 landscape.
    A4,
}

/// One slide.
#[derive(Debug, Clone, PartialEq)]
pub struct DeckSlide {
    /// `12.④`
    pub number: Option<String>,
    /// What it is about.
    pub headline: String,
    /// What it says, in a sentence.
    pub message: Option<String>,
    /// The part of the questionnaire, and the wording of its questions.
    pub question: Vec<String>,
    /// Paragraphs, where there is no chart.
    pub text: Vec<String>,
    /// Findings, each with what it means.
    pub results: Vec<DeckResult>,
    /// A table.
    pub table: Option<Sheet>,
    /// 調査概要
    pub about: Option<Sheet>,
    /// Charts, side by side.
    pub charts: Vec<ChartSpec>,
    /// ※ and the notes of the charts.
    pub footnotes: Vec<String>,
    /// Number of the page.
    pub folio: DeckFolio,
    /// What a speaker should know: bases, filters, figures.
    pub remarks: Vec<String>,
}

/// A finding and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeckResult {
    /// ①…％
    pub finding: String,
    /// ⇒
    pub meaning: Vec<String>,
}

/// Number of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeckFolio {
    /// None.
    None,
    /// Its place among the slides.
    Counted,
    /// This text.
    Fixed(String),
}
