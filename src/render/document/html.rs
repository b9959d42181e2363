//! A document as one HTML page: nothing from the network, no script, good on paper.

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use crate::diag::visible;
use crate::render::page::{about_section, drawing, policy, sheet_table};
use crate::report::{Block, Document, Section};
use crate::sheet::Language;

/// How papers look.
const STYLE: &str = include_str!("paper.css");

/// ◆考察
pub(in crate::render) fn view_heading(language: Language) -> &'static str {
    language.choose("◆考察", "Comment")
}

/// The page.
pub fn html(document: &Document) -> String {
    let language = document.language;
    let page = markup! {
        (DOCTYPE)
        html lang=(language.choose("ja", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(STYLE, None));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="renkei";
                title { (words(&document.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.letterhead {
                    @if let Some(date) = &document.date { p.date { (words(date)) } }
                    @if let Some(publisher) = &document.publisher { p.publisher { (words(publisher)) } }
                    @if let Some(kind) = &document.kind { p.kind { (words(kind)) } }
                }
                main {
                    h1 { (words(&document.title)) }
                    @if let Some(subtitle) = &document.subtitle { p.subtitle { (words(subtitle)) } }
                    @for text in &document.lead { p.lead { (words(text)) } }
                    @if let Some(results) = &document.results { h2.results { (words(results)) } }
                    @for section in &document.sections { (self::section(section, language)) }
                    @if let Some(about) = &document.about { (about_section(about)) }
                    @for passage in &document.closing {
                        section.closing {
                            h2 { (words(&passage.title)) }
                            @for text in &passage.text { p { (words(text)) } }
                        }
                    }
                }
                footer {
                    @for note in &document.notes { p.note { "※ " (words(note)) } }
                }
            }
        }
    };
    page.into_string() + "\n"
}

/// Words with what a page cannot show made visible.
fn words(text: &str) -> String {
    visible(text)
}

fn section(section: &Section, language: Language) -> Markup {
    markup! {
        section.result id=(section.id) {
            h3 { span.label { (words(&section.label)) } (words(&section.headline)) }
            @if let Some(question) = &section.question { p.question { "Q. " (words(question)) } }
            @for block in &section.blocks { (self::block(block, language)) }
        }
    }
}

fn block(block: &Block, language: Language) -> Markup {
    match block {
        Block::Paragraph(text) => markup! { p { (words(text)) } },
        Block::Meaning(text) => markup! { p.meaning { "⇒ " (words(text)) } },
        Block::Chart(picture) => markup! { figure.chart { (drawing(&picture.svg, &picture.id)) } },
        Block::Table(sheet) => markup! { figure.table { (sheet_table(sheet)) } },
        Block::View { text, notes } => markup! {
            aside.view {
                h4 { (view_heading(language)) }
                @for text in text { p { (words(text)) } }
                @for note in notes { p.footnote { (words(note)) } }
            }
        },
        Block::Issues(issues) => markup! {
            aside.issues {
                h4 { (language.choose("論点", "Points for discussion")) }
                ol { @for issue in issues { li { (words(issue)) } } }
            }
        },
        Block::Excerpts(comments) => markup! {
            div.excerpts {
                p { (language.choose("（個別回答抜粋）", "(Selected comments)")) }
                ul { @for comment in comments { li { (words(comment)) } } }
            }
        },
        Block::Note(note) => markup! { p.note { "※ " (words(note)) } },
    }
}
