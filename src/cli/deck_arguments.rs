//! `deck` and `batch`: slides on one group, or on every group of a question.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::report_arguments::Product;

#[derive(Debug, Args)]
pub struct DeckArguments {
    /// The study, in TOML, with a `[deck]`.
    pub study: PathBuf,
    /// The group: a question and the code or the label of its option, `pref=32`; default: everybody.
    #[arg(long, value_name = "QUESTION=GROUP", value_parser = group)]
    pub group: Option<(String, String)>,
    /// The file to write; by its name slides (.pptx) or pages (.pdf).
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The font of a PDF and of pictures on slides, a TTF, OTF or TTC file; default: a Japanese gothic of the system.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Threads to work with; default: as many as the machine has.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(..=256))]
    pub threads: u16,
}

#[derive(Debug, Args)]
pub struct Batch {
    /// The study, in TOML.
    pub study: PathBuf,
    /// The question whose options are the groups.
    #[arg(long, value_name = "QUESTION")]
    pub by: String,
    /// What to make of each group; default: its deck, or its report where the study has no `[deck]`.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub make: Vec<GroupProduct>,
    /// The folder to write into; made when it is not there. What is there and still right is kept.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Only these groups, by code or label.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Groups to work on at a time; default: as many as the machine has processors.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(..=256))]
    pub jobs: u16,
}

/// What can be made of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GroupProduct {
    /// Slides (PPTX)
    Deck,
    /// The same as pages (PDF)
    DeckPdf,
    /// The report as a page
    Html,
    /// The report as Markdown, with its charts
    Md,
    /// The report as a Word document
    Docx,
    /// The report as pages for print (PDF)
    Pdf,
    /// The charts of the report as SVG
    Charts,
    /// The books of tables as one page to choose from
    Tables,
    /// The books of tables as one workbook
    Xlsx,
    /// The books of tables as CSV for Excel
    Csv,
    /// The tables themselves, versioned
    Json,
}

impl GroupProduct {
    /// Its name, as typed.
    pub fn name(self) -> &'static str {
        match self {
            GroupProduct::Deck => "deck",
            GroupProduct::DeckPdf => "deck-pdf",
            GroupProduct::Html => "html",
            GroupProduct::Md => "md",
            GroupProduct::Docx => "docx",
            GroupProduct::Pdf => "pdf",
            GroupProduct::Charts => "charts",
            GroupProduct::Tables => "tables",
            GroupProduct::Xlsx => "xlsx",
            GroupProduct::Csv => "csv",
            GroupProduct::Json => "json",
        }
    }

    /// The same of everybody, which `report` makes; of a deck none.
    pub fn of_report(self) -> Option<Product> {
        match self {
            GroupProduct::Deck | GroupProduct::DeckPdf => None,
            GroupProduct::Html => Some(Product::Html),
            GroupProduct::Md => Some(Product::Md),
            GroupProduct::Docx => Some(Product::Docx),
            GroupProduct::Pdf => Some(Product::Pdf),
            GroupProduct::Charts => Some(Product::Charts),
            GroupProduct::Tables => Some(Product::Tables),
            GroupProduct::Xlsx => Some(Product::Xlsx),
            GroupProduct::Csv => Some(Product::Csv),
            GroupProduct::Json => Some(Product::Json),
        }
    }

    /// Whether it is slides, in some form.
    pub fn is_deck(self) -> bool {
        matches!(self, GroupProduct::Deck | GroupProduct::DeckPdf)
    }

    /// Whether it is the report, in some form.
    pub fn is_report(self) -> bool {
        self.of_report().is_some() && !self.is_tables()
    }

    /// Whether it is tables, in some form.
    pub fn is_tables(self) -> bool {
        matches!(self, GroupProduct::Tables | GroupProduct::Xlsx | GroupProduct::Csv | GroupProduct::Json)
    }
}

fn group(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((question, group)) if !question.trim().is_empty() && !group.trim().is_empty() => {
            Ok((question.trim().into(), group.trim().into()))
        }
        _ => Err("expected a question and a group such as `pref=32`".into()),
    }
}

pub const DECK_EXAMPLES: &str = "\
Examples:
  Slides on the municipalities of one prefecture, beside the nation:
    renkei deck examples/municipal-progress-r3/study.toml --group pref=32 --out shimane.pptx
  The same on everybody, as PDF:
    renkei deck examples/municipal-progress-r3/study.toml --out nation.pdf";

pub const BATCH_EXAMPLES: &str = "\
Examples:
  Slides for every prefecture, with an index of them:
    renkei batch examples/municipal-progress-r3/study.toml --by pref --out decks
  Two of them:
    renkei batch study.toml --by pref --out decks --only 32,13
  A report, a workbook and a folder of charts for each area:
    renkei batch examples/care-manager-2016/study.toml --by area --make html,xlsx,charts --out areas";
