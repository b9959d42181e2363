//! A document as one HTML page: nothing from the network, no script, good on paper.

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use crate::diag::visible;
use crate::render::page::{about_section, drawing, policy, sheet_table};
use crate::report::{Block, Document, Picture, Section};
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
            @for (place, block) in section.blocks.iter().enumerate() { (self::block(section, place, block, language)) }
        }
    }
}

/// The id of a table, by its place among the blocks of its section.
fn table_id(section: &Section, place: usize) -> String {
    format!("{}-table-{place}", section.id)
}

/// A chart and the table of its figures: the section's own where it has one, else one that opens under the chart.
fn chart(section: &Section, place: usize, picture: &Picture, language: Language) -> Markup {
    let beside = section.blocks.iter().position(|block| matches!(block, Block::Table(_)));
    let id = table_id(section, beside.unwrap_or(place));
    markup! {
        figure.chart { (drawing(&picture.svg, &picture.id, &id)) }
        @if beside.is_none() {
            details.figures id=(id) {
                summary { (language.choose("図の数値", "Figures of the chart")) }
                (sheet_table(&picture.figures))
            }
        }
    }
}

fn block(section: &Section, place: usize, block: &Block, language: Language) -> Markup {
    match block {
        Block::Paragraph(text) => markup! { p { (words(text)) } },
        Block::Meaning(text) => markup! { p.meaning { "⇒ " (words(text)) } },
        Block::Chart(picture) => chart(section, place, picture, language),
        Block::Table(sheet) => {
            markup! { figure.table id=(table_id(section, place)) { (sheet_table(sheet)) } }
        }
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
