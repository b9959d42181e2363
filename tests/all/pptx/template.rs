//! A user's own presentation as a template: what is kept, what is dropped, what is refused.

use std::io::{Cursor, Write};

use renkei::render::pptx::*;

use super::package::{Parts, check, unzip};
use super::{deck, written};

/// A presentation that somebody made: A4, with fonts, slides, a macro and a link of its own.
fn made() -> Parts {
    let mut presentation = deck::everything(SlideSize::A4);
    presentation.theme.east_asian = "BIZ UDPゴシック".into();
    presentation.slides[0].title = "秘密の題".into();
    let (mut parts, _) = unzip(&written(&presentation, None).0);
    let add = |parts: &mut Parts, name: &str, at: &str, text: &str| {
        let old = String::from_utf8(parts[name].clone()).expect("text");
        assert!(old.contains(at), "{name} has {at}");
        parts.insert(name.into(), old.replacen(at, &format!("{text}{at}"), 1).into_bytes());
    };
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
    };
    let layout = "ppt/slideLayouts/_rels/slideLayout4.xml.rels";
    add(&mut parts, layout, "</Relationships>", &relation("rId7", "slide", "../slides/slide5.xml"));
    add(&mut parts, layout, "</Relationships>", &relation("rId8", "image", "../media/gone.png"));
    let main = "ppt/_rels/presentation.xml.rels";
    add(&mut parts, main, "</Relationships>", &relation("rId99", "vbaProject", "vbaProject.bin"));
    parts.insert("ppt/vbaProject.bin".into(), b"macro".to_vec());
    add(
        &mut parts,
        "ppt/presentation.xml",
        "</p:presentation>",
        "<p:extLst><p:ext uri=\"sections\"/></p:extLst>",
    );
    parts
}

fn zipped(parts: &Parts) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

fn read(parts: &Parts) -> Template {
    Template::read("ours.pptx", Cursor::new(zipped(parts))).expect("a template")
}

fn refused(bytes: &[u8]) -> String {
    Template::read("ours.pptx", Cursor::new(bytes)).expect_err("not a template").render(false)
}

/// The parts with one text in one part replaced by another.
fn with(name: &str, from: &str, to: &str) -> Parts {
    let mut parts = made();
    let text = String::from_utf8(parts[name].clone()).expect("text");
    assert!(text.contains(from), "{name} has {from}");
    parts.insert(name.into(), text.replace(from, to).into_bytes());
    parts
}

#[test]
fn a_template_keeps_its_look_and_loses_its_slides() {
    let ours = deck::small();
    let parts = check(&written(&ours, Some(read(&made()))).0);
    let text = |name: &str| String::from_utf8_lossy(&parts[name]).into_owned();
    assert!(text("ppt/presentation.xml").contains("cx=\"10692000\" cy=\"7560000\""));
    assert!(text("ppt/theme/theme1.xml").contains("BIZ UDPゴシック"));
    assert!(text("ppt/slides/_rels/slide1.xml.rels").contains("slideLayout4.xml"), "the layout for charts");
    assert!(text("ppt/slideLayouts/_rels/slideLayout4.xml.rels").contains("../slides/slide1.xml"));
    assert!(
        text("ppt/slideLayouts/_rels/slideLayout4.xml.rels")
            .contains("Target=\"NULL\" TargetMode=\"External\"")
    );
    let slides = parts.keys().filter(|name| name.starts_with("ppt/slides/slide")).count();
    assert_eq!(slides, ours.slides.len());
    for (name, bytes) in &parts {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("秘密の題") && !text.contains("macro") && !text.contains("sections"),
            "{name}"
        );
    }
}

#[test]
fn a_layout_can_be_chosen_by_its_name() {
    let mut ours = deck::small();
    ours.layout_names = vec![(Layout::Chart, "表".into())];
    let parts = check(&written(&ours, Some(read(&made()))).0);
    let relations = String::from_utf8_lossy(&parts["ppt/slides/_rels/slide1.xml.rels"]).into_owned();
    assert!(relations.contains("slideLayout6.xml"), "{relations}");
}

#[test]
fn a_layout_that_is_not_there_is_refused_once() {
    let mut ours = deck::everything(SlideSize::Wide);
    ours.layout_names = vec![(Layout::Chart, "グラフ１つ".into())];
    let errors = Deck::new(&ours, Some(read(&made()))).expect_err("no such layout");
    let shown: Vec<String> = errors.iter().map(|error| error.render(false)).collect();
    assert_eq!(
        shown,
        [
            "error: expected the name of a layout of the template, found `グラフ１つ`\n  hint: its layouts are `表紙`, `章`, \
          `本文`, `グラフ`, `グラフ２つ`, `表`, `表紙と注記`\n  hint: did you mean `グラフ`?\n"
        ]
    );
}

#[test]
fn what_is_not_a_presentation_is_refused() {
    let hint = "  hint: save it from PowerPoint as `PowerPoint Presentation (.pptx)`, without a password\n";
    for (bytes, found, hint) in [
        (&b""[..], "an empty file", hint),
        (b"%PDF-1.7", "a PDF file", hint),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "a .ppt file, or one with a password", hint),
        (b"id,q1\n1,2\n", "a file that is not a zip file", hint),
        (&zipped(&Parts::from([("a.txt".into(), b"a".to_vec())])), "a zip file of something else", ""),
    ] {
        let expected =
            format!("error: ours.pptx: expected a PowerPoint presentation (.pptx), found {found}\n{hint}");
        assert_eq!(refused(bytes), expected);
    }
    let word =
        with("[Content_Types].xml", "presentationml.presentation.main", "wordprocessingml.document.main");
    assert_eq!(
        refused(&zipped(&word)),
        "error: ours.pptx: expected a PowerPoint presentation (.pptx), found a Word document\n"
    );
    let whole = zipped(&made());
    assert!(refused(&whole[..whole.len() / 2]).contains("found a damaged zip file: "));
}

#[test]
fn a_presentation_without_layouts_is_refused() {
    let master = "ppt/slideMasters/slideMaster1.xml";
    assert_eq!(
        refused(&zipped(&with(master, "p:sldLayoutId ", "p:nothing "))),
        "error: ours.pptx: expected a presentation with slide layouts, found none\n  hint: open it in PowerPoint, add a \
         layout in the slide master view, and save it\n"
    );
}

#[test]
fn a_damaged_part_is_named() {
    let master = "ppt/slideMasters/slideMaster1.xml";
    let name = |parts: Parts| refused(&zipped(&parts));
    let document = with(master, "<p:sldMaster ", "<!DOCTYPE a [<!ENTITY b \"c\">]><p:sldMaster ");
    let damaged = "error: ours.pptx: the part `ppt/slideMasters/slideMaster1.xml` is damaged: ";
    assert_eq!(name(document), format!("{damaged}it has a document type\n"));
    assert_eq!(name(with(master, "</p:sldMaster>", "")), format!("{damaged}it ends too early\n"));
    assert_eq!(
        name(with("ppt/presentation.xml", "<p:sldSz ", "<p:nothing ")),
        "error: ours.pptx: expected the size of the slides (`p:sldSz`), found none\n"
    );
    let transitional = "http://schemas.openxmlformats.org/presentationml/2006/main";
    assert_eq!(
        name(with("ppt/presentation.xml", transitional, "http://purl.oclc.org/ooxml/presentationml/main")),
        "error: ours.pptx: expected a presentation of PowerPoint's usual kind, found another one\n  hint: save it as \
         `PowerPoint Presentation (.pptx)`, not as `Strict Open XML`\n"
    );
}
