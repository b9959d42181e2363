//! PowerPoint files, unzipped and looked at by part.

mod deck;
pub mod package;
mod template;

use std::io::Cursor;

use proptest::prelude::*;
use renkei::render::pptx::*;

use self::package::{Element, Parts, cells, check, elements, related};

/// The bytes of a deck, and the warnings.
pub fn written(presentation: &Presentation, template: Option<Template>) -> (Vec<u8>, Vec<String>) {
    let deck = Deck::new(presentation, template).expect("layouts");
    let mut out = Cursor::new(Vec::new());
    let warnings = deck.write(&mut out, &em_width).expect("bytes");
    (out.into_inner(), warnings.iter().map(|warning| warning.render(false)).collect())
}

/// A part with a line for each element.
fn lines(parts: &Parts, name: &str) -> String {
    String::from_utf8(parts[name].clone()).expect("text").replace("><", ">\n<")
}

/// All elements of the parts whose names begin so.
fn all_of(parts: &Parts, folder: &str) -> Vec<Element> {
    let chosen = parts.iter().filter(|(name, _)| name.starts_with(folder) && name.ends_with(".xml"));
    chosen.flat_map(|(name, bytes)| elements(name, bytes)).collect()
}

#[test]
fn a_deck_of_everything_is_a_whole_package() {
    for (size, name) in [(SlideSize::Wide, "wide"), (SlideSize::A4, "a4")] {
        let (bytes, warnings) = written(&deck::everything(size), None);
        // For who wants to look at it.
        std::fs::write(format!("{}/pptx-{name}.pptx", env!("CARGO_TARGET_TMPDIR")), &bytes).expect("a file");
        check(&bytes);
        // All fits but the slide whose texts are made to break it.
        for warning in &warnings {
            assert!(warning.starts_with("warning: slide 17, "), "{warning}");
        }
        assert!(
            warnings.contains(
                &"warning: slide 17, footnotes: the text is too long for its place even at 7 points\n  hint: shorten \
                  it, or split it between slides\n"
                    .to_string()
            ),
            "{warnings:?}"
        );
    }
}

#[test]
fn the_parts_of_a_small_deck() {
    let parts = check(&written(&deck::small(), None).0);
    insta::assert_snapshot!("pptx_parts", parts.keys().cloned().collect::<Vec<_>>().join("\n"));
    for (part, name) in [
        ("ppt/presentation.xml", "pptx_presentation"),
        ("ppt/slides/slide1.xml", "pptx_slide"),
        ("ppt/slides/slide2.xml", "pptx_picture"),
        ("ppt/charts/chart1.xml", "pptx_chart"),
        ("docProps/core.xml", "pptx_core"),
    ] {
        insta::assert_snapshot!(name, lines(&parts, part));
    }
}

#[test]
fn the_same_deck_is_the_same_bytes() {
    let presentation = deck::everything(SlideSize::Wide);
    assert!(written(&presentation, None).0 == written(&presentation, None).0);
}

#[test]
fn every_slide_has_a_title_and_every_frame_says_what_it_shows() {
    let presentation = deck::everything(SlideSize::Wide);
    let parts = check(&written(&presentation, None).0);
    for number in 1..=presentation.slides.len() {
        let slide = all_of(&parts, &format!("ppt/slides/slide{number}.xml"));
        let titles =
            slide.iter().filter(|one| one.is("p:ph") && matches!(one.get("type"), "title" | "ctrTitle"));
        assert_eq!(titles.count(), 1, "slide {number}");
        let framed = |one: &&Element| one.path.contains("p:graphicFrame/") || one.path.contains("p:pic/");
        for name in slide.iter().filter(framed).filter(|one| one.is("p:cNvPr")) {
            assert!(!name.get("descr").is_empty(), "slide {number}");
        }
    }
}

#[test]
fn labels_say_all_six_things_and_have_both_fonts() {
    let parts = check(&written(&deck::everything(SlideSize::Wide), None).0);
    let all = all_of(&parts, "ppt/charts/");
    let count = |name: &str| all.iter().filter(|element| element.is(name)).count();
    let labels = count("c:dLbls") + count("c:dLbl")
        - all.iter().filter(|element| element.path.ends_with("c:dLbl/c:delete")).count();
    assert!(labels > 20);
    for flag in [
        "c:showLegendKey",
        "c:showVal",
        "c:showCatName",
        "c:showSerName",
        "c:showPercent",
        "c:showBubbleSize",
    ] {
        assert_eq!(count(flag), labels, "{flag}");
    }
    let slides = all_of(&parts, "ppt/slides/");
    for elements in [&all, &slides] {
        let fonts = |name: &str| elements.iter().filter(|element| element.is(name)).count();
        assert!(fonts("a:latin") > 0);
        assert_eq!(fonts("a:latin"), fonts("a:ea"));
    }
}

/// The one chart of a deck of one slide, and the cells of its workbook.
fn drawn(chart: Chart) -> (Vec<Element>, std::collections::BTreeMap<String, String>) {
    let slide = Slide { content: vec![Content::Chart(chart.into())], ..Slide::new(Layout::Chart, "題") };
    let parts = check(&written(&deck::presentation(SlideSize::Wide, vec![slide]), None).0);
    let ids = related(&parts, "ppt/charts/chart1.xml");
    (all_of(&parts, "ppt/charts/"), cells(&parts[&ids["rId1"]]))
}

fn texts(elements: &[Element], name: &str) -> Vec<String> {
    elements.iter().filter(|element| element.is(name)).map(|element| element.text.clone()).collect()
}

#[test]
fn a_label_is_text_only_where_the_number_format_prints_another() {
    let mut series = deck::series("全国", Colour::Accent(1), &[12.3, 12.25, 40.0]);
    // Half up from the decimal number: what the format prints too. The last is what it does not.
    series.points[1].label = Some("12.3%".into());
    series.points[2].label = Some("約4割".into());
    let chart = deck::chart(Kind::Bar, Grouping::Clustered, &["甲", "乙", "丙"], vec![series]);
    let (drawn, cells) = drawn(chart);
    assert_eq!(texts(&drawn, "a:t"), ["約4割"]);
    assert_eq!(
        drawn.iter().find(|one| one.is("c:numFmt")).map(|one| one.get("formatCode")),
        Some("0.0\"%\"")
    );
    assert_eq!(cells["B3"], "12.25");
}

#[test]
fn suppressed_missing_and_zero_are_three_things() {
    let shown = |value| Point { value, label: Some("1.0%".into()), colour: None, outline: None };
    let mut series = deck::series("全国", Colour::Accent(1), &[0.0]);
    series.points.push(shown(Shown::Suppressed(Some("x".into()))));
    series.points.push(shown(Shown::Suppressed(None)));
    series.points.push(shown(Shown::Missing));
    for (kind, marked) in [(Kind::Bar, true), (Kind::Column, true), (Kind::Line, false), (Kind::Pie, false)] {
        let (drawn, cells) =
            drawn(deck::chart(kind, Grouping::Clustered, &["甲", "乙", "丙", "丁"], vec![series.clone()]));
        let cell = |name: &str| cells.get(name).map(String::as_str);
        let mark = marked.then_some("x");
        assert_eq!(
            [cell("B2"), cell("B3"), cell("B4"), cell("B5")],
            [Some("0"), mark, None, None],
            "{kind:?}"
        );
        let labels: Vec<String> = texts(&drawn, "a:t").into_iter().filter(|text| text != "0.0%").collect();
        assert_eq!(labels, mark.map(String::from).into_iter().collect::<Vec<_>>(), "{kind:?}");
    }
}

#[test]
fn a_label_without_room_in_its_piece_is_left_out() {
    let piece = |name: &str, value: f64| {
        let series = deck::series(name, Colour::Accent(1), &[value]);
        Series { labels: LabelPlace::Centre, ..series }
    };
    let all = vec![piece("はい", 98.8), piece("いいえ", 1.2)];
    let (drawn, _) = drawn(deck::chart(Kind::Bar, Grouping::Hundred, &["全国"], all));
    let deleted = drawn.iter().filter(|one| one.path.ends_with("c:dLbl/c:delete"));
    assert_eq!(deleted.count(), 1);
}

#[test]
fn numbers_on_dark_bars_are_white_and_on_light_ones_black() {
    let on = |colour: Colour| {
        let series = Series { labels: LabelPlace::Centre, ..deck::series("全国", colour, &[50.0]) };
        let (drawn, _) = drawn(deck::chart(Kind::Bar, Grouping::Hundred, &["全国"], vec![series]));
        let ink = drawn.iter().find(|one| one.path.contains("c:dLbls/c:txPr") && one.is("a:srgbClr"));
        ink.expect("a colour").get("val").to_string()
    };
    assert_eq!((on(Colour::SecondDark), on(Colour::Accent(2))), ("FFFFFF".into(), "000000".into()));
}

#[test]
fn hostile_texts_are_texts() {
    let parts = check(&written(&deck::presentation(SlideSize::Wide, vec![deck::hostile()]), None).0);
    let slide = all_of(&parts, "ppt/slides/");
    let texts = texts(&slide, "a:t");
    for text in [deck::HOSTILE[0], deck::HOSTILE[1], deck::HOSTILE[4]] {
        assert!(texts.iter().any(|one| one == text), "{text}");
    }
    assert!(slide.iter().all(|element| !element.is("p:bad")));
    let ids = related(&parts, "ppt/charts/chart1.xml");
    let cells = cells(&parts[&ids["rId1"]]);
    // With a blank before it, lest it be taken for markup.
    assert_eq!((cells["A2"].as_str(), cells["A5"].as_str()), (" <r>broken & not xml</r>", deck::HOSTILE[3]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_text_makes_a_whole_package(text in "\\PC*|[\\x00-\\xFF<>&;\\]]*", value in any::<f64>()) {
        let mut series = deck::series(&text, Colour::Accent(1), &[value, 1.0]);
        series.suffix = text.clone();
        series.points[0].label = Some(text.clone());
        let mut chart = deck::chart(Kind::Bar, Grouping::Stacked, &[&text, "乙"], vec![series]);
        chart.title = Some(text.clone());
        chart.description = text.clone();
        let mut table = deck::table(1);
        table.rows[2][0].text = text.clone();
        let mut slide = Slide::new(Layout::TwoCharts, text.clone());
        slide.content = vec![Content::Chart(chart.into()), Content::Table(table)];
        slide.message = Some(Text::plain(&text, 20.0, 10.0));
        slide.footnotes = vec![text.clone()];
        slide.notes = Some(text);
        check(&written(&deck::presentation(SlideSize::Wide, vec![slide]), None).0);
    }
}
