//! A document: what stands in a report, in order, and nothing of how it looks.

use crate::sheet::{Language, Sheet};

/// A press release, a paper, or slides with results.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Language of the words that a format adds.
    pub language: Language,
    /// What kind of paper it is: `News Release`.
    pub kind: Option<String>,
    /// The day on it, in words.
    pub date: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Title.
    pub title: String,
    /// Below the title.
    pub subtitle: Option<String>,
    /// Paragraphs before the results.
    pub lead: Vec<String>,
    /// Heading of the results: 【…（抜粋）】.
    pub results: Option<String>,
    /// The results.
    pub sections: Vec<Section>,
    /// 調査概要
    pub about: Option<Sheet>,
    /// What follows: who the publisher is, where to ask.
    pub closing: Vec<Passage>,
    /// What must be known of the data (模擬データ).
    pub notes: Vec<String>,
}

impl Document {
    /// Its charts, in order.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Chart(picture) => Some(picture),
            _ => None,
        })
    }
}

/// A heading and paragraphs under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Heading.
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
}

/// One result.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// For links and files: made of the study's ids.
    pub id: String,
    /// `調査結果１．`
    pub label: String,
    /// What was found.
    pub headline: String,
    /// The question's wording.
    pub question: Option<String>,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// ⇒: what the numbers mean.
    Meaning(String),
    /// A chart.
    Chart(Picture),
    /// A table.
    Table(Sheet),
    /// ◆考察: the author's view, in a box; notes (*…) at its foot.
    View {
        /// Paragraphs.
        text: Vec<String>,
        /// Notes to words marked with *.
        notes: Vec<String>,
    },
    /// 論点: numbered questions for discussion, in a box.
    Issues(Vec<String>),
    /// （個別回答抜粋）: comments, word for word.
    Excerpts(Vec<String>),
    /// ※
    Note(String),
}

/// A chart as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Part of file names: made of the study's ids.
    pub id: String,
    /// SVG.
    pub svg: String,
    /// What it shows, for those who cannot see it.
    pub description: String,
    /// Its figures as a table.
    pub figures: Sheet,
}
