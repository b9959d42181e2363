//! A report on A4: its parts in the order of the page, as strips that are not cut.

use textwrap::WordSeparator;

use super::file::{Leaves, bytes};
use super::flow::{Column, Strip, flow};
use super::leaf::{ACCENT, BOX, INK, LINE, Line, Mark, SOFT};
use super::table;
use crate::chart::{Anchor, Colour, width, wrap};
use crate::diag::visible;
use crate::render::document::view_heading;
use crate::render::picture::size;
use crate::render::{NoPicture, Typeface};
use crate::report::{Block, Document, Picture, Section};
use crate::sheet::{Cell, Language, Sheet};

/// A4, in points.
const PAGE: (f64, f64) = (595.28, 841.89);
const SIDE: f64 = 56.7;
const TOP: f64 = 56.7;
const FOOT: f64 = 62.4;
const WIDTH: f64 = PAGE.0 - 2.0 * SIDE;
/// Points for each pixel of a chart, at most: text of 13 pixels is a little smaller than the text around.
const PIXEL: f64 = 0.68;

/// The report as a file.
///
/// # Errors
/// Characters that the font lacks.
pub fn pdf(document: &Document, typeface: &Typeface) -> Result<Vec<u8>, NoPicture> {
    let mut paper = Paper { strips: Vec::new(), language: document.language };
    paper.document(document);
    let column = Column { left: SIDE, top: TOP, bottom: PAGE.1 - FOOT };
    let (mut leaves, bookmarks) = flow(&paper.strips, column);
    let count = leaves.len();
    for (at, leaf) in leaves.iter_mut().enumerate() {
        let text = format!("{} / {count}", at + 1);
        let place = (PAGE.0 / 2.0, PAGE.1 - 36.0);
        leaf.marks.push(words(
            &text,
            place,
            Anchor::Middle,
            &Look { size: 8.5, colour: SOFT, ..Look::body() },
        ));
    }
    let title = visible(&document.title);
    bytes(&Leaves { title, language: document.language, size: PAGE, leaves, bookmarks }, typeface)
}

/// How lines of text look and stand.
#[derive(Debug, Clone, Copy)]
struct Look {
    size: f64,
    colour: Colour,
    bold: bool,
    anchor: Anchor,
    /// From line to line, in ems.
    leading: f64,
    /// Space above.
    before: f64,
    /// From the left edge.
    indent: f64,
    /// It stands with what follows.
    keep: bool,
    /// Its lines are of even length, as those of headings are; others are filled.
    even: bool,
}

impl Look {
    fn body() -> Look {
        Look {
            size: 10.0,
            colour: INK,
            bold: false,
            anchor: Anchor::Start,
            leading: 1.65,
            before: 4.0,
            indent: 0.0,
            keep: false,
            even: false,
        }
    }

    fn note() -> Look {
        Look { size: 8.5, colour: SOFT, leading: 1.5, before: 2.0, ..Look::body() }
    }

    fn heading(size: f64, before: f64) -> Look {
        Look { size, bold: true, leading: 1.5, before, keep: true, even: true, ..Look::body() }
    }
}

fn words(text: &str, at: (f64, f64), anchor: Anchor, look: &Look) -> Mark {
    let (size, colour, bold) = (look.size, look.colour, look.bold);
    Mark::Text(Line { at, anchor, size, colour, bold, text: text.to_string() })
}

/// The strips of a report in the making.
struct Paper {
    strips: Vec<Strip>,
    language: Language,
}

impl Paper {
    fn document(&mut self, document: &Document) {
        let right = Look { anchor: Anchor::End, colour: SOFT, before: 0.0, ..Look::body() };
        for line in [&document.date, &document.publisher].into_iter().flatten() {
            self.text(line, right);
        }
        if let Some(kind) = &document.kind {
            self.text(kind, Look { colour: SOFT, before: 10.0, size: 11.0, ..Look::body() });
        }
        let centred = Look { anchor: Anchor::Middle, ..Look::heading(17.0, 14.0) };
        self.bookmarked(0, &document.title, centred);
        if let Some(subtitle) = &document.subtitle {
            self.text(subtitle, Look { anchor: Anchor::Middle, colour: SOFT, before: 4.0, ..Look::body() });
        }
        for (place, text) in document.lead.iter().enumerate() {
            let before = if place == 0 { 14.0 } else { 5.0 };
            let indent = self.language.choose("　", "");
            self.text(&format!("{indent}{text}"), Look { before, ..Look::body() });
        }
        if let Some(results) = &document.results {
            self.bookmarked(0, results, Look::heading(12.5, 20.0));
        }
        let level = u8::from(document.results.is_some());
        document.sections.iter().for_each(|section| self.section(section, level));
        if let Some(about) = &document.about {
            self.about(about);
        }
        for passage in &document.closing {
            self.bookmarked(0, &passage.title, Look::heading(12.5, 20.0));
            passage.text.iter().for_each(|text| self.text(text, Look::body()));
        }
        for (place, note) in document.notes.iter().enumerate() {
            let before = if place == 0 { 16.0 } else { 2.0 };
            self.text(&format!("※ {note}"), Look { before, ..Look::note() });
        }
    }

    fn about(&mut self, about: &Sheet) {
        let title = about.header.first().and_then(|row| row.first()).map_or(String::new(), Cell::shown);
        self.bookmarked(0, &format!("【{title}】"), Look::heading(12.5, 20.0));
        let mut rows = table::list(about, WIDTH, 10.0);
        if let Some(first) = rows.first_mut() {
            first.gap = 4.0;
        }
        self.strips.extend(rows);
    }

    fn section(&mut self, section: &Section, level: u8) {
        let title = format!("{}{}", section.label, section.headline);
        self.bookmarked(level, &title, Look { colour: ACCENT, ..Look::heading(12.0, 22.0) });
        // A line below the heading, as on the page.
        let rule = Mark::Rule((0.0, 1.5), (WIDTH, 1.5), ACCENT, 1.2);
        self.strips.push(Strip { height: 4.0, marks: vec![rule], keep: true, ..Strip::default() });
        if let Some(question) = &section.question {
            self.text(
                &format!("Q. {question}"),
                Look { colour: SOFT, size: 9.5, keep: true, ..Look::body() },
            );
        }
        section.blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        let language = self.language;
        match block {
            Block::Paragraph(text) => self.text(text, Look { before: 6.0, ..Look::body() }),
            Block::Meaning(text) => self.text(&format!("⇒ {text}"), Look { bold: true, ..Look::body() }),
            Block::Chart(picture) => self.chart(picture),
            Block::Table(sheet) => self.table(sheet),
            Block::View { text, notes } => {
                let lines = text.iter().map(|text| (text.clone(), Look::body()));
                let notes = notes.iter().map(|note| (note.clone(), Look::note()));
                self.boxed(view_heading(language), lines.chain(notes).collect());
            }
            Block::Issues(issues) => {
                let numbered = issues.iter().enumerate();
                let lines =
                    numbered.map(|(at, issue)| (format!("{}. {issue}", at + 1), Look::body())).collect();
                self.boxed(language.choose("論点", "Points for discussion"), lines);
            }
            Block::Excerpts(comments) => {
                let title = language.choose("（個別回答抜粋）", "(Selected comments)");
                self.text(title, Look { keep: true, before: 8.0, ..Look::body() });
                for comment in comments {
                    self.text(&format!("・{comment}"), Look { indent: 8.0, before: 2.0, ..Look::body() });
                }
            }
            Block::Note(note) => self.text(&format!("※ {note}"), Look::note()),
        }
    }

    /// Lines of a paragraph; neither its first nor its last is alone on a page.
    fn text(&mut self, text: &str, look: Look) {
        let lines = lines(text, &look, WIDTH - look.indent);
        let count = lines.len();
        let x = match look.anchor {
            Anchor::Start => look.indent,
            Anchor::Middle => WIDTH / 2.0,
            Anchor::End => WIDTH,
        };
        for (at, line) in lines.iter().enumerate() {
            let top = (look.leading - 1.0) / 2.0 * look.size;
            self.strips.push(Strip {
                height: look.size * look.leading,
                gap: if at == 0 { look.before } else { 0.0 },
                marks: vec![words(line, (x, top), look.anchor, &look)],
                keep: look.keep || (at + 1 < count && (at == 0 || at + 2 == count)),
                ..Strip::default()
            });
        }
    }

    fn bookmarked(&mut self, level: u8, text: &str, look: Look) {
        let first = self.strips.len();
        self.text(text, look);
        if let Some(strip) = self.strips.get_mut(first) {
            strip.bookmark = Some((level, visible(text)));
        }
    }

    fn chart(&mut self, picture: &Picture) {
        let (wide, high) = size(&picture.svg);
        let (wide, high) = (wide as f64, high as f64);
        let room = PAGE.1 - TOP - FOOT - 60.0;
        let scale = PIXEL.min(WIDTH / wide).min(room / high);
        let (wide, high) = (wide * scale, high * scale);
        let place = [(WIDTH - wide) / 2.0, 0.0, wide, high];
        let marks = vec![Mark::Drawing(place, picture.svg.clone())];
        self.strips.push(Strip { height: high, gap: 6.0, marks, ..Strip::default() });
    }

    /// A table with its title and notes: on one page where one holds it.
    fn table(&mut self, sheet: &Sheet) {
        let first = self.strips.len();
        self.text(&sheet.title, Look { size: 9.5, bold: true, before: 8.0, keep: true, ..Look::body() });
        sheet.above.iter().for_each(|line| self.text(line, Look { keep: true, ..Look::note() }));
        let rows = table::rows(sheet, WIDTH);
        let last = self.strips.len() + rows.len() - 1;
        self.strips.extend(rows);
        sheet.notes.iter().for_each(|note| self.text(&format!("※ {note}"), Look::note()));
        let height: f64 = self.strips[first..].iter().map(|strip| strip.gap + strip.height).sum();
        let one_page = height <= PAGE.1 - TOP - FOOT;
        let end = self.strips.len() - 1;
        for (at, strip) in self.strips.iter_mut().enumerate().skip(first) {
            // Of a longer one, the last row stands with the notes.
            strip.keep |= at < end && (one_page || at >= last);
        }
        self.strips[end].keep = false;
    }

    /// Paragraphs in a box with a heading.
    fn boxed(&mut self, heading: &str, paragraphs: Vec<(String, Look)>) {
        let inner = WIDTH - 20.0;
        let title = (heading.to_string(), Look { bold: true, keep: true, ..Look::body() });
        let mut strips: Vec<Strip> = vec![Strip { height: 7.0, gap: 8.0, keep: true, ..Strip::default() }];
        for (text, look) in std::iter::once(title).chain(paragraphs) {
            for line in lines(&text, &look, inner) {
                let top = (look.leading - 1.0) / 2.0 * look.size;
                let marks = vec![words(&line, (10.0, top), Anchor::Start, &look)];
                strips.push(Strip {
                    height: look.size * look.leading,
                    marks,
                    keep: look.keep,
                    ..Strip::default()
                });
            }
        }
        strips.push(Strip { height: 7.0, ..Strip::default() });
        let (count, height) = (strips.len(), strips.iter().map(|strip| strip.height).sum::<f64>());
        for (at, strip) in strips.iter_mut().enumerate() {
            strip.keep |= at + 1 < count && (height < PAGE.1 / 2.0 || at == 0 || at + 2 == count);
            let high = strip.height;
            let rule = |from, to| Mark::Rule(from, to, LINE, 0.6);
            // Fills overlap by a hair, or a line of paper would shine through.
            let mut frame = vec![
                Mark::Filled([0.0, 0.0, WIDTH, high + 0.2], BOX),
                rule((0.0, 0.0), (0.0, high)),
                rule((WIDTH, 0.0), (WIDTH, high)),
            ];
            if at == 0 {
                frame.push(rule((0.0, 0.0), (WIDTH, 0.0)));
            }
            if at + 1 == count {
                frame[0] = Mark::Filled([0.0, 0.0, WIDTH, high], BOX);
                frame.push(rule((0.0, high), (WIDTH, high)));
            }
            strip.marks.splice(0..0, frame);
        }
        self.strips.extend(strips);
    }
}

/// A text in lines; what a page cannot show is made visible, and a line end in it is one on the page.
fn lines(text: &str, look: &Look, room: f64) -> Vec<String> {
    let broken = |line: &str| match look.even {
        true => wrap(&visible(line), look.size, room),
        false => filled(&visible(line), look.size, room),
    };
    text.lines().flat_map(broken).collect()
}

/// As many words in each line as it has room for, broken by Unicode's rules (UAX #14), as books are set.
fn filled(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for word in WordSeparator::UnicodeBreakProperties.find_words(text) {
        let whole = format!("{}{}", word.word, word.whitespace);
        let wide = width(word.word, size);
        if used > 0.0 && used + wide > room {
            lines.push(String::new());
            used = 0.0;
        }
        // A word wider than the page is broken inside.
        let parts = if wide > room { wrap(word.word, size, room) } else { vec![whole] };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                lines.push(String::new());
                used = 0.0;
            }
            used += width(part, size);
            if let Some(line) = lines.last_mut() {
                line.push_str(part);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::{filled, width};

    #[test]
    fn lines_are_filled_and_none_begins_with_a_full_stop() {
        let text = "回答者数は多い。連携を推進していると感じるのは半数である。";
        for room in [40.0, 55.0, 70.0, 101.0] {
            let lines = filled(text, 10.0, room);
            assert_eq!(lines.concat(), text);
            for line in &lines {
                assert!(width(line, 10.0) <= room, "{line}");
                assert!(!line.starts_with('。'), "{line}");
            }
        }
        assert_eq!(filled("12345678901234567890", 10.0, 50.0).concat(), "12345678901234567890");
    }
}
