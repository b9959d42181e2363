//! Sheets and tables into bytes.
//!
//! In: [`crate::sheet::Sheet`]s (text, csv, md, xlsx) or [`crate::tabulate::Table`]s (tidy, json). Out:
//! text or a workbook; of a chart's SVG a picture; of reports and decks pages (PDF). This room must not decide anything about numbers: it escapes and lays out. Each renderer
//! escapes every value for its own format.

mod check;
mod csv;
mod deck_index;
mod document;
mod docx;
mod feasibility;
mod json;
mod markdown;
mod methods;
mod page;
mod pdf;
mod picture;
pub mod pptx;
mod significance;
mod slide_chart;
mod slides;
mod tables;
mod text;
mod tidy;
mod trend;
mod verdicts;
mod weighting;
mod xlsx;

pub use check::{findings_csv, findings_html, findings_json};
pub use csv::csv;
pub use deck_index::{IndexLine, csv as index_csv, html as index_html};
pub use document::{html as document_html, markdown as document_markdown};
pub use docx::docx;
pub use feasibility::Feasibility;
pub use json::{SCHEMA_VERSION, json};
pub use markdown::markdown;
pub use methods::{methods_markdown, methods_text};
pub use pdf::{deck_pdf, document_pdf};
pub use picture::{NoPicture, Typeface};
pub use slides::pptx as pptx_deck;
pub use tables::{TablesBook, TablesPage};
pub use text::{TextStyle, text};
pub use tidy::{COLUMNS, MEASURES, Measure, TidyStyle, tidy};
pub use trend::{TrendStyle, trend_json, trend_tidy};
pub use verdicts::Verdicts;
pub use weighting::{weighting_json, weights_csv};
pub use xlsx::{Book, DataBook, DataCell, DataRows, Left, Page, TooLarge, data_fits};

/// The name of a row's role in tidy and json.
fn row_role(role: crate::tabulate::RowRole) -> &'static str {
    match role {
        crate::tabulate::RowRole::Option => "option",
        crate::tabulate::RowRole::Missing => "missing",
        crate::tabulate::RowRole::Net => "net",
        crate::tabulate::RowRole::Score => "score",
        crate::tabulate::RowRole::Number => "number",
        crate::tabulate::RowRole::Ratio => "ratio",
    }
}
