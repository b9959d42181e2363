//! The methods of tables as text and Markdown.

use super::markdown::escaped;
use crate::diag::visible;
use crate::sheet::Section;

/// Sections one under the other, a sentence in a line.
pub fn methods_text(sections: &[Section]) -> String {
    let section = |section: &Section| {
        let lines = section.lines.iter().map(|line| format!("  {}\n", visible(line)));
        format!("{}\n{}", visible(&section.heading), lines.collect::<String>())
    };
    sections.iter().map(section).collect::<Vec<_>>().join("\n")
}

/// The same in Markdown.
pub fn methods_markdown(sections: &[Section]) -> String {
    let section = |section: &Section| {
        let lines = section.lines.iter().map(|line| format!("- {}\n", escaped(line)));
        format!("### {}\n\n{}", escaped(&section.heading), lines.collect::<String>())
    };
    sections.iter().map(section).collect::<Vec<_>>().join("\n")
}
