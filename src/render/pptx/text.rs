//! Text that fits its box: the largest size of type with which it does, or its parts on several slides.

use textwrap::WordSeparator;
use unicode_width::UnicodeWidthStr;

use super::presentation::{Align, Anchor, Area, Paragraph, Run, Sizes, Text, emu, hundredths};
use super::xml::Xml;

/// Width of a text in em, in the font the deck is set in.
pub type Measure<'a> = &'a dyn Fn(&str) -> f64;

/// Width in em of a face whose Latin letters are half as wide as its kanji: generous for all others.
pub fn em_width(text: &str) -> f64 {
    text.width() as f64 / 2.0
}

/// A line's height in em. Japanese faces ask for 1.2 (Yu Gothic) to 1.45 (Noto Sans CJK).
pub(super) const LINE: f64 = 1.45;
/// Space between a box and its text at the left and right, in millimetres.
pub(super) const INSET: f64 = 1.0;
/// Space of a bullet, in em.
const BULLET: f64 = 1.25;

/// Millimetres of so many points.
pub(super) fn millimetres(points: f64) -> f64 {
    points * 25.4 / 72.0
}

/// Lines of a text set in a measure of so many em, broken by Unicode's rules (UAX #14).
pub fn lines(text: &str, width: f64, measure: Measure) -> usize {
    text.split('\n').map(|line| lines_of(line, width, measure)).sum()
}

fn lines_of(line: &str, width: f64, measure: Measure) -> usize {
    let (mut count, mut used) = (1, 0.0);
    for word in WordSeparator::UnicodeBreakProperties.find_words(line) {
        let bare = measure(word.word);
        if used > 0.0 && used + bare > width {
            count += 1;
            used = 0.0;
        }
        // A word wider than the box is broken inside; nothing is gained by knowing where.
        if bare > width && width > 0.0 {
            let more = (bare / width).ceil() - 1.0;
            count += more as usize;
            used = bare - more * width;
        } else {
            used += bare;
        }
        used += measure(word.whitespace);
    }
    count
}

/// Height in millimetres of paragraphs in a box of this width.
pub fn height(paragraphs: &[Paragraph], width: f64, size: f64, measure: Measure) -> f64 {
    paragraphs.iter().map(|paragraph| paragraph_height(paragraph, width, size, measure)).sum()
}

fn paragraph_height(paragraph: &Paragraph, width: f64, size: f64, measure: Measure) -> f64 {
    let text: String = paragraph.runs.iter().map(|run| run.text.as_str()).collect();
    // Lines are as high as their largest run; bold is a little wider.
    let scale = paragraph.runs.iter().map(|run| run.scale).fold(f64::NAN, f64::max);
    let scale = if scale.is_nan() { 1.0 } else { scale };
    let bold = if paragraph.runs.iter().any(|run| run.bold) { 1.04 } else { 1.0 };
    let bullet = if paragraph.bullet { BULLET } else { 0.0 };
    let em = millimetres(size);
    let width = (width - 2.0 * INSET) / em - bullet;
    lines(&text, width / (scale * bold), measure) as f64 * LINE * em * scale
}

/// The largest size allowed with which the paragraphs fit, in steps of half a point; `Err` with the
/// smallest when not even that does.
pub fn fit(paragraphs: &[Paragraph], area: Area, sizes: Sizes, measure: Measure) -> Result<f64, f64> {
    largest(sizes, |size| height(paragraphs, area.width, size, measure) <= area.height)
}

/// The largest size of which `fits` is true.
pub(super) fn largest(sizes: Sizes, fits: impl Fn(f64) -> bool) -> Result<f64, f64> {
    let mut size = sizes.largest;
    while size > sizes.smallest {
        if fits(size) {
            return Ok(size);
        }
        size -= 0.5;
    }
    if fits(sizes.smallest) { Ok(sizes.smallest) } else { Err(sizes.smallest) }
}

/// The paragraphs in as many boxes as they need at the smallest size. A paragraph is never broken.
pub fn split(text: &Text, area: Area, measure: Measure) -> Vec<Text> {
    let mut parts: Vec<Vec<Paragraph>> = vec![Vec::new()];
    let mut used = 0.0;
    for paragraph in &text.paragraphs {
        let high = paragraph_height(paragraph, area.width, text.sizes.smallest, measure);
        if used > 0.0 && used + high > area.height {
            parts.push(Vec::new());
            used = 0.0;
        }
        used += high;
        parts.last_mut().expect("there is one from the start").push(paragraph.clone());
    }
    parts.into_iter().map(|paragraphs| Text { paragraphs, ..text.clone() }).collect()
}

/// What is left of an area for the text of a box: one that is seen keeps its text off its edges.
pub(super) fn within(text: &Text, area: Area) -> Area {
    let (side, end) = padding(text);
    Area { width: area.width - 2.0 * (side - INSET), height: area.height - 2.0 * end, ..area }
}

/// Space at the sides of a box, and above and below its text.
fn padding(text: &Text) -> (f64, f64) {
    if text.fill.is_some() || text.border.is_some() { (3.0, 1.0) } else { (INSET, 0.0) }
}

/// Writes `a:bodyPr` and the paragraphs, as they stand in a shape.
pub(super) fn body(xml: &mut Xml, name: &str, text: &Text, size: f64) {
    let anchor = match text.anchor {
        Anchor::Top => "t",
        Anchor::Middle => "ctr",
        Anchor::Bottom => "b",
    };
    let (side, end) = padding(text);
    let (side, end) = (emu(side), emu(end));
    xml.element(name, &[], |xml| {
        let attributes: super::xml::Attributes = &[
            ("wrap", &"square"),
            ("lIns", &side),
            ("tIns", &end),
            ("rIns", &side),
            ("bIns", &end),
            ("anchor", &anchor),
        ];
        xml.element("a:bodyPr", attributes, |xml| xml.empty("a:normAutofit", &[]));
        xml.empty("a:lstStyle", &[]);
        paragraphs(xml, &text.paragraphs, size);
    });
}

/// Writes paragraphs.
pub(super) fn paragraphs(xml: &mut Xml, paragraphs: &[Paragraph], size: f64) {
    for paragraph in paragraphs {
        one_paragraph(xml, paragraph, size);
    }
    // A text without a paragraph is not one.
    if paragraphs.is_empty() {
        one_paragraph(xml, &Paragraph { runs: Vec::new(), bullet: false, align: Align::Left }, size);
    }
}

fn one_paragraph(xml: &mut Xml, paragraph: &Paragraph, size: f64) {
    // A placeholder of a template may stand elsewhere than left.
    let align = match paragraph.align {
        Align::Left => None,
        Align::Centre => Some("ctr"),
        Align::Right => Some("r"),
    };
    let hang = if paragraph.bullet { emu(millimetres(size) * BULLET) } else { 0 };
    xml.element("a:p", &[], |xml| {
        let indent = -hang;
        let mut attributes: Vec<(&str, &dyn std::fmt::Display)> = vec![("marL", &hang), ("indent", &indent)];
        attributes.extend(align.iter().map(|align| ("algn", align as &dyn std::fmt::Display)));
        xml.element("a:pPr", &attributes, |xml| {
            xml.element("a:spcBef", &[], |xml| xml.val("a:spcPts", 0));
            match paragraph.bullet {
                true => xml.empty("a:buChar", &[("char", &"•")]),
                false => xml.empty("a:buNone", &[]),
            }
        });
        for run in &paragraph.runs {
            for (at, line) in run.text.replace("\r\n", "\n").split('\n').enumerate() {
                if at > 0 {
                    xml.element("a:br", &[], |xml| run_look(xml, "a:rPr", run, size));
                }
                if !line.is_empty() {
                    xml.element("a:r", &[], |xml| {
                        run_look(xml, "a:rPr", run, size);
                        xml.leaf("a:t", &[], line);
                    });
                }
            }
        }
        xml.empty("a:endParaRPr", &[("lang", &"ja-JP"), ("altLang", &"en-US"), ("sz", &hundredths(size))]);
    });
}

fn run_look(xml: &mut Xml, name: &str, run: &Run, size: f64) {
    let bold = u8::from(run.bold);
    let size = hundredths(size * run.scale);
    look(xml, name, size, bold, run.colour.map(|colour| move |xml: &mut Xml| colour.fill(xml)));
}

/// Writes the properties of a run: language, size, weight, colour, and the theme's two fonts.
pub(super) fn look(xml: &mut Xml, name: &str, size: i64, bold: u8, fill: Option<impl FnOnce(&mut Xml)>) {
    let attributes: super::xml::Attributes =
        &[("lang", &"ja-JP"), ("altLang", &"en-US"), ("sz", &size), ("b", &bold)];
    xml.element(name, attributes, |xml| {
        if let Some(fill) = fill {
            fill(xml);
        }
        xml.empty("a:latin", &[("typeface", &"+mn-lt")]);
        xml.empty("a:ea", &[("typeface", &"+mn-ea")]);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_does_not_begin_with_a_full_stop() {
        // Without the rule 回答者数 and 。回答者: two.
        assert_eq!(lines("回答者数。回答者", 4.0, &em_width), 3);
        assert_eq!(lines("回答者数", 4.0, &em_width), 1);
        assert_eq!(lines("回答\n者数", 4.0, &em_width), 2);
        assert_eq!(lines("https://example.org/a/very/long/address", 4.0, &em_width), 6);
    }

    #[test]
    fn the_largest_size_that_fits_is_taken() {
        let text = Text::plain(&"医療と介護の連携".repeat(6), 24.0, 9.0);
        let area = Area { left: 0.0, top: 0.0, width: 120.0, height: 20.0 };
        let size = fit(&text.paragraphs, area, text.sizes, &em_width).expect("it fits");
        assert!(height(&text.paragraphs, 120.0, size, &em_width) <= 20.0);
        assert!(height(&text.paragraphs, 120.0, size + 0.5, &em_width) > 20.0);
    }

    #[test]
    fn what_does_not_fit_is_split_between_paragraphs() {
        let text = Text::plain(&"ひとつの声\n".repeat(30), 18.0, 12.0);
        let area = Area { left: 0.0, top: 0.0, width: 120.0, height: 100.0 };
        assert_eq!(fit(&text.paragraphs, area, text.sizes, &em_width), Err(12.0));
        let parts = split(&text, area, &em_width);
        assert_eq!(parts.iter().map(|part| part.paragraphs.len()).sum::<usize>(), 30);
        assert!(parts.len() > 1);
        for part in parts {
            assert!(fit(&part.paragraphs, area, part.sizes, &em_width).is_ok());
        }
    }
}
