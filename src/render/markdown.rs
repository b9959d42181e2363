//! Markdown: one pipe table for each sheet.

use crate::diag::visible;
use crate::sheet::{Role, Sheet};

/// All sheets as sections.
pub fn markdown(sheets: &[Sheet]) -> String {
    let mut out = String::new();
    for (place, sheet) in sheets.iter().enumerate() {
        if place > 0 {
            out.push('\n');
        }
        out.push_str(&format!("### {}\n\n", escaped(&sheet.title)));
        for line in &sheet.above {
            out.push_str(&format!("{}  \n", escaped(line)));
        }
        out.push('\n');
        let columns = sheet.header.last().map_or(0, Vec::len);
        // A pipe table has one header row: banner names and groups share it.
        let header: Vec<String> = (0..columns)
            .map(|column| {
                let mut names: Vec<String> = Vec::new();
                for row in &sheet.header {
                    let start =
                        (0..=column).rev().find(|&at| at + row[at].columns > column).unwrap_or(column);
                    let name = escaped(&row[start].shown());
                    if !name.is_empty() {
                        names.push(name);
                    }
                }
                names.join("<br>")
            })
            .collect();
        out.push_str(&format!("| {} |\n", header.join(" | ")));
        let rules: Vec<&str> = (0..columns).map(|at| if at < sheet.side { ":--" } else { "--:" }).collect();
        out.push_str(&format!("| {} |\n", rules.join(" | ")));
        for row in &sheet.body {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| {
                    let shown = escaped(&cell.shown()) + cell.mark_text();
                    if cell.role == Role::Net { format!("**{shown}**") } else { shown }
                })
                .collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        if !sheet.notes.is_empty() {
            out.push('\n');
        }
        for note in &sheet.notes {
            // A note may begin with a sign that would begin a list of its own.
            let sign = if note.starts_with(['-', '+']) { "\\" } else { "" };
            out.push_str(&format!("- {sign}{}\n", escaped(note)));
        }
    }
    out
}

/// Characters that Markdown or HTML would take for markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A line break is a space here; other controls are shown, for Markdown is read in terminals too.
    for c in visible(&text.replace(['\n', '\r'], " ")).chars() {
        match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escaped("a|b <script>\n*x*"), "a\\|b &lt;script&gt; \\*x\\*");
        assert_eq!(escaped("\u{1b}[31m\u{202e}"), "\\\\u{1b}\\[31m\\\\u{202e}");
    }
}
