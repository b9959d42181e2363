//! `report`: a study file becomes everything that is handed over.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct Report {
    /// The study, in TOML: questionnaire, data, tables, figures and report.
    pub study: PathBuf,
    /// The folder to write into; made when it is not there.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// What to write; default: everything that the study has.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub only: Vec<Product>,
    /// The font of pages and of pictures in documents, a TTF, OTF or TTC file; default: a Japanese gothic of the system.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Threads to work with; default: as many as the machine has.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(..=256))]
    pub threads: u16,
}

/// What a study makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Product {
    /// The report as a page
    Html,
    /// The report as Markdown
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
    /// The figures, judged
    Figures,
}

pub const REPORT_EXAMPLES: &str = "\
Examples:
  Everything a study makes: the report, its tables, its figures, and what they were made of:
    renkei report examples/care-manager-2016/study.toml --out report
  Only the report, as a page:
    renkei report study.toml --out report --only html";
