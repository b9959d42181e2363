//! What an SPSS file cannot hold as it is, and what is said of it.

use super::names::cut;
use crate::diag::{Diagnostic, plural, quote};

/// Bytes of a value label: its length is one byte.
pub(super) const LONGEST_LABEL: usize = 255;
/// Bytes of a text.
pub(super) const LONGEST_TEXT: usize = 32_767;

/// What the file cannot hold as it is.
#[derive(Debug, Default)]
pub(super) struct Lost {
    pub(super) renamed: Vec<(String, String)>,
    pub(super) shortened_labels: u64,
    pub(super) shortened_texts: u64,
    pub(super) not_missing: Vec<String>,
}

impl Lost {
    pub(super) fn diagnostics(self) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        if !self.renamed.is_empty() {
            let count = self.renamed.len() as u64;
            let list: Vec<String> = self
                .renamed
                .iter()
                .take(10)
                .map(|(from, to)| format!("{} is {}", quote(from), quote(to)))
                .collect();
            let more = count.saturating_sub(10);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            let note = format!(
                "{} that SPSS does not take: {}{more}",
                plural(count, "column name"),
                list.join(", ")
            );
            told.push(Diagnostic::warning(note).hint("a schema that reads the file names these columns"));
        }
        if self.shortened_labels > 0 {
            let note = format!(
                "{} longer than SPSS holds ({LONGEST_LABEL} bytes) shortened, with … at the end",
                plural(self.shortened_labels, "label")
            );
            told.push(Diagnostic::warning(note));
        }
        if self.shortened_texts > 0 {
            let note = format!("{} cut at {LONGEST_TEXT} bytes", plural(self.shortened_texts, "text"));
            told.push(Diagnostic::warning(note));
        }
        if !self.not_missing.is_empty() {
            let note = format!(
                "SPSS holds three missing values, or a range: not all of {} are declared",
                self.not_missing.join(", ")
            );
            told.push(Diagnostic::warning(note).hint("the values are there, with their labels"));
        }
        told
    }

    /// A label in so many bytes.
    pub(super) fn shortened(&mut self, label: &str, bytes: usize) -> String {
        if label.len() <= bytes {
            return label.to_string();
        }
        self.shortened_labels += 1;
        cut(label, bytes - "…".len()).to_string() + "…"
    }
}
