//! Sheets as commands write them: language, format, place.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::arguments::LanguageChoice;
use super::output::Output;
use super::tables::{extension, text_style};
use super::workbook::{book_of, refuse_terminal, warnings};
use crate::diag::{Diagnostic, Failure};
use crate::render::{Book, Left};
use crate::sheet::Sheet;

/// Where and how lists and tables of words are written.
#[derive(Debug, Args)]
pub struct SheetArguments {
    /// Language of the words.
    #[arg(long, value_name = "LANGUAGE", default_value = "ja")]
    pub lang: LanguageChoice,
    /// Output format; default: by the name of --out, else text.
    #[arg(long, value_name = "FORMAT")]
    format: Option<SheetFormat>,
    /// Write to this file instead of the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Columns of text output; default: the terminal's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
}

impl SheetArguments {
    /// The format asked for, or the one that the name of the output tells.
    pub fn format(&self) -> SheetFormat {
        self.format.unwrap_or(match extension(self.out.as_deref()) {
            Some("csv") => SheetFormat::Csv,
            Some("md") => SheetFormat::Md,
            Some("xlsx") => SheetFormat::Xlsx,
            _ => SheetFormat::Text,
        })
    }

    /// Opens the output, before any work.
    pub fn open(&self, inputs: &[&Path]) -> Result<Output, Failure> {
        let output = Output::open(self.out.as_deref(), inputs)?;
        if self.format() == SheetFormat::Xlsx {
            refuse_terminal(&output)?;
        }
        Ok(output)
    }

    /// Writes sheets and puts the output in its place; warnings come back.
    pub fn write(&self, mut output: Output, sheets: &[Sheet]) -> Result<Vec<Diagnostic>, Failure> {
        let text = match self.format() {
            SheetFormat::Xlsx => return self.write_book(output, &book_of(sheets, self.lang.into())),
            SheetFormat::Csv => crate::render::csv(sheets),
            SheetFormat::Md => crate::render::markdown(sheets),
            SheetFormat::Text => crate::render::text(sheets, text_style(&output, self.width)),
        };
        let written = output.write_all(text.as_bytes());
        output.finish(written)?;
        Ok(Vec::new())
    }

    /// Writes a workbook and puts it in its place; warnings come back.
    pub fn write_book(&self, mut output: Output, book: &Book) -> Result<Vec<Diagnostic>, Failure> {
        let mut left = Left::default();
        let written = book.write(&mut output).map(|found| left = found);
        output.finish(written)?;
        Ok(warnings(left, self.out.as_deref()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetFormat {
    /// Aligned text
    Text,
    /// CSV that Excel opens right: one line for each option, or comment
    Csv,
    /// Markdown
    Md,
    /// A workbook
    Xlsx,
}
