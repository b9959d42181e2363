//! A report's deck as a PowerPoint file: slides with native charts, and pictures of those that it does not know.

use std::io::Cursor;

use super::picture::Typeface;
use super::pptx::{Align, Colour};
use super::pptx::{
    Anchor, Content, Deck as Package, Folio, Layout, Paragraph, Picture, Presentation, Rgb, Run, Sizes,
    Slide, SlideSize, Table, TableCell, Template, Text, Theme, em_width,
};
use super::slide_chart::native;
use crate::chart::{ChartSpec, FAMILIES, Palette, Style, draw, svg};
use crate::diag::Diagnostic;
use crate::report::{Deck, DeckFolio, DeckSize, DeckSlide};
use crate::sheet::{Role, Sheet};

/// The file, and what does not fit its place.
///
/// # Errors
/// Names of layouts that the template does not have; a file too large to write.
pub fn pptx(
    deck: &Deck,
    template: Option<Template>,
    typeface: Option<&Typeface>,
) -> Result<(Vec<u8>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let presentation = presentation(deck, typeface);
    let package = Package::new(&presentation, template)?;
    let mut bytes = Cursor::new(Vec::new());
    let written = package.write(&mut bytes, &em_width);
    let warnings = written
        .map_err(|error| vec![Diagnostic::error(format!("the deck could not be written: {error}"))])?;
    Ok((bytes.into_inner(), warnings))
}

/// The deck as slides; without a font, in words what would be a picture.
pub(super) fn presentation(deck: &Deck, typeface: Option<&Typeface>) -> Presentation {
    let slides = deck.slides.iter().map(|slide| self::slide(deck, slide, typeface));
    Presentation {
        size: match deck.size {
            DeckSize::Wide => SlideSize::Wide,
            DeckSize::A4 => SlideSize::A4,
        },
        theme: Theme::default(),
        title: deck.title.clone(),
        creator: "renkei".into(),
        created: None,
        footer: deck.footer.clone(),
        slides: std::iter::once(cover(deck)).chain(slides).collect(),
        layout_names: Vec::new(),
    }
}

fn rgb((red, green, blue): (u8, u8, u8)) -> Colour {
    Colour::Rgb(Rgb(red, green, blue))
}

fn cover(deck: &Deck) -> Slide {
    let mut slide = Slide::new(Layout::Note, deck.title.clone());
    if let Some(subtitle) = &deck.subtitle {
        slide.content.push(Content::Text(Text::plain(subtitle, 20.0, 12.0)));
    }
    if let Some(note) = &deck.cover_note {
        // In the group's colour, which it is about.
        let run = Run::plain(note.clone()).bold().coloured(rgb(deck.group_colour));
        let paragraph = Paragraph { runs: vec![run], bullet: false, align: Align::Left };
        let text = Text { paragraphs: vec![paragraph], anchor: Anchor::Top, ..Text::plain("", 16.0, 10.0) };
        slide.content.push(Content::Text(text));
    }
    if let Some(stated) = &deck.stated {
        slide.content.push(Content::Text(Text::plain(stated, 11.0, 8.0)));
    }
    slide.folio = Folio::None;
    slide
}

fn slide(deck: &Deck, page: &DeckSlide, typeface: Option<&Typeface>) -> Slide {
    let title = match &page.number {
        Some(number) => format!("{number}　{}", page.headline),
        None => page.headline.clone(),
    };
    let layout = match (page.charts.len(), page.about.is_some() || page.table.is_some()) {
        (0, true) => Layout::Table,
        (0, false) => Layout::Body,
        (1, false) => Layout::Chart,
        _ => Layout::TwoCharts,
    };
    let mut slide = Slide::new(layout, title);
    slide.message = page.message.as_ref().map(|message| Text {
        fill: Some(Colour::SecondLight),
        anchor: Anchor::Middle,
        ..Text::plain(message, 18.0, 11.0)
    });
    if !page.question.is_empty() {
        slide.question = Some(Text::plain(&page.question.join("\n"), 11.0, 7.0));
    }
    if let (Some(about), true) = (&page.about, page.charts.is_empty()) {
        if !page.text.is_empty() {
            slide.question = Some(Text::plain(&page.text.join("\n"), 16.0, 10.0));
        }
        slide.content.push(Content::Table(about_table(about)));
    } else if !page.results.is_empty() {
        slide.content.push(Content::Text(results(deck, page)));
    } else if !page.text.is_empty() {
        let paragraphs = page.text.iter().map(Paragraph::plain).collect();
        slide.content.push(Content::Text(Text { paragraphs, ..Text::plain("", 20.0, 10.0) }));
    }
    if let Some(table) = &page.table {
        slide.content.push(Content::Table(sheet_table(table)));
    }
    let count = page.charts.len();
    for chart in &page.charts {
        slide.content.push(match native(chart, deck, count) {
            Some(chart) => Content::Chart(Box::new(chart)),
            None => picture(chart, typeface),
        });
    }
    slide.footnotes.clone_from(&page.footnotes);
    slide.folio = match &page.folio {
        DeckFolio::None => Folio::None,
        DeckFolio::Counted => Folio::Number,
        DeckFolio::Fixed(text) => Folio::Fixed(text.clone()),
    };
    slide.notes = (!page.remarks.is_empty()).then(|| page.remarks.join("\n\n"));
    slide
}

/// Findings as a talk has them: large, with what each means (⇒) below it in the group's colour, and room between.
fn results(deck: &Deck, page: &DeckSlide) -> Text {
    let mut paragraphs: Vec<Paragraph> = page.text.iter().map(Paragraph::plain).collect();
    for result in &page.results {
        if !paragraphs.is_empty() {
            paragraphs.push(Paragraph::plain(""));
        }
        paragraphs.push(Paragraph {
            runs: vec![Run::plain(result.finding.clone()).bold()],
            ..Paragraph::plain("")
        });
        paragraphs.extend(result.meaning.iter().map(|meaning| {
            let run = Run::plain(format!("⇒ {meaning}")).coloured(rgb(deck.group_colour));
            Paragraph { runs: vec![run], ..Paragraph::plain("") }
        }));
    }
    Text { paragraphs, ..Text::plain("", 28.0, 10.0) }
}

/// A chart as it is drawn elsewhere; without a font there is no picture, and its figures stand as text.
fn picture(chart: &ChartSpec, typeface: Option<&Typeface>) -> Content {
    let style = Style { width: 1000, palette: Palette::Auto, hatched: false };
    let drawing = svg(chart, &draw(chart, &style), &FAMILIES);
    let png = typeface.and_then(|typeface| typeface.png(&drawing, 2.0).ok());
    let picture = png.and_then(|png| Picture::new(png, Some(drawing.into_bytes()), chart.described()));
    match picture {
        Some(picture) => Content::Picture(picture),
        None => Content::Text(Text::plain(&chart.described(), 14.0, 7.0)),
    }
}

/// A table of words and numbers, numbers at the right; long words have most of the width.
fn sheet_table(sheet: &Sheet) -> Table {
    let rows = sheet.header.iter().chain(&sheet.body);
    let longest = |at: usize| {
        let lengths = sheet.body.iter().filter_map(|row| row.get(at)).map(|cell| em_width(&cell.shown()));
        lengths.fold(0.0, f64::max)
    };
    let width = rows.clone().map(Vec::len).max().unwrap_or(0);
    let columns = (0..width).map(|at| longest(at).clamp(5.0, 40.0)).collect();
    let rows = rows.map(|row| {
        let cells = row.iter().map(|cell| {
            let text = format!("{}{}", cell.shown(), cell.mark_text());
            let shown = match cell.role {
                Role::Data => TableCell::number(text),
                _ => TableCell::new(text),
            };
            // A heading between rows is one, too.
            TableCell { bold: cell.role == Role::Header, ..shown }
        });
        cells.collect()
    });
    Table {
        columns,
        head: sheet.header.len(),
        rows: rows.collect(),
        sizes: Sizes { largest: 14.0, smallest: 6.0 },
        description: sheet.title.clone(),
    }
}

/// 調査概要 as a table: what it is about, and what is known of it.
fn about_table(sheet: &Sheet) -> Table {
    let row = |cells: &Vec<crate::sheet::Cell>| -> Vec<TableCell> {
        cells.iter().map(|cell| TableCell::new(cell.shown())).collect()
    };
    let head = vec![vec![TableCell::new(sheet.title.clone()).spanning(2, 1), TableCell::new("")]];
    Table {
        columns: vec![1.0, 3.0],
        head: 1,
        rows: head.into_iter().chain(sheet.body.iter().map(row)).collect(),
        sizes: Sizes { largest: 16.0, smallest: 9.0 },
        description: sheet.title.clone(),
    }
}
