//! A document as Markdown; charts are files beside it.

use crate::render::markdown::{escaped, markdown as sheets};
use crate::report::{Block, Document, Section};
use crate::sheet::Sheet;

/// The document; a chart stands in `charts/ID.svg`.
pub fn markdown(document: &Document) -> String {
    let mut out = Paper(String::new());
    let head = [&document.date, &document.publisher, &document.kind];
    for line in head.into_iter().flatten() {
        out.paragraph(&escaped(line));
    }
    out.paragraph(&format!("# {}", escaped(&document.title)));
    if let Some(subtitle) = &document.subtitle {
        out.paragraph(&format!("**{}**", escaped(subtitle)));
    }
    document.lead.iter().for_each(|text| out.paragraph(&escaped(text)));
    if let Some(results) = &document.results {
        out.paragraph(&format!("## {}", escaped(results)));
    }
    document.sections.iter().for_each(|section| out.section(section, document));
    if let Some(about) = &document.about {
        out.about(about);
    }
    for passage in &document.closing {
        out.paragraph(&format!("## {}", escaped(&passage.title)));
        passage.text.iter().for_each(|text| out.paragraph(&escaped(text)));
    }
    for note in &document.notes {
        out.paragraph(&format!("※ {}", escaped(note)));
    }
    out.0
}

struct Paper(String);

impl Paper {
    fn paragraph(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0 += text;
        self.0.push('\n');
    }

    fn section(&mut self, section: &Section, document: &Document) {
        self.paragraph(&format!("### {}{}", escaped(&section.label), escaped(&section.headline)));
        if let Some(question) = &section.question {
            self.paragraph(&format!("Q. {}", escaped(question)));
        }
        for block in &section.blocks {
            self.block(block, document);
        }
    }

    fn block(&mut self, block: &Block, document: &Document) {
        let language = document.language;
        match block {
            Block::Paragraph(text) => self.paragraph(&escaped(text)),
            Block::Meaning(text) => self.paragraph(&format!("⇒ {}", escaped(text))),
            Block::Chart(picture) => {
                let shown = format!("![{}](charts/{}.svg)", escaped(&picture.description), picture.id);
                self.paragraph(&shown);
            }
            // Its heading would be one of the report's.
            Block::Table(sheet) => {
                let text = sheets(std::slice::from_ref(sheet));
                let text = text.strip_prefix("### ").unwrap_or(&text).trim_end();
                let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
                self.paragraph(&format!("**{title}**\n{rest}"));
            }
            Block::View { text, notes } => {
                let mut lines = vec![format!("> **{}**", super::html::view_heading(language))];
                lines.extend(text.iter().map(|text| format!(">\n> {}", escaped(text))));
                lines.extend(notes.iter().map(|note| format!(">\n> {}", escaped(note))));
                self.paragraph(&lines.join("\n"));
            }
            Block::Issues(issues) => {
                let mut lines =
                    vec![format!("> **{}**\n>", language.choose("論点", "Points for discussion"))];
                let numbered = issues.iter().enumerate();
                lines.extend(numbered.map(|(place, issue)| format!("> {}. {}", place + 1, escaped(issue))));
                self.paragraph(&lines.join("\n"));
            }
            Block::Excerpts(comments) => {
                self.paragraph(language.choose("（個別回答抜粋）", "(Selected comments)"));
                let lines: Vec<String> =
                    comments.iter().map(|comment| format!("- {}", escaped(comment))).collect();
                self.paragraph(&lines.join("\n"));
            }
            Block::Note(note) => self.paragraph(&format!("※ {}", escaped(note))),
        }
    }

    fn about(&mut self, about: &Sheet) {
        let title =
            about.header.first().and_then(|row| row.first()).map_or(String::new(), |cell| cell.shown());
        self.paragraph(&format!("## 【{}】", escaped(&title)));
        let lines: Vec<String> = about
            .body
            .iter()
            .map(|row| {
                let words: Vec<String> = row.iter().map(|cell| escaped(&cell.shown())).collect();
                format!("- {}", words.join("：").trim_end_matches('：'))
            })
            .collect();
        self.paragraph(&lines.join("\n"));
    }
}
