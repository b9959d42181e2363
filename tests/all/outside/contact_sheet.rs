//! The gallery as pictures: small ones of every chart, beside one another, compared with those that were looked at.

use resvg::tiny_skia::{Pixmap, PixmapPaint, Transform};

use super::skipped;
use crate::cli::repository;

const SHEET: &str = "docs/gallery/contact-sheet.png";
/// The font that the committed sheet is drawn with; another draws other pictures.
const FAMILY: &str = "Noto Sans CJK JP";
/// A thumbnail's place, in pixels.
const TILE: (u32, u32) = (400, 320);
const COLUMNS: u32 = 4;
/// How far a thumbnail may be from the committed one: the mean difference of its channels, of 255. Versions of a font
/// differ in hairs; a bar, a colour or a label that is missing is more.
const TOLERANCE: f64 = 1.5;

/// The charts in the order of the gallery.
fn drawings() -> Vec<String> {
    let gallery = std::fs::read_to_string(repository("docs/gallery.md")).expect("the gallery");
    let files = gallery.lines().filter_map(|line| line.strip_prefix("renkei ")?.split_once(" --out "));
    files.map(|(_, file)| repository(file)).collect()
}

fn tile(drawing: &str, typeface: &renkei::render::Typeface) -> Pixmap {
    let svg = std::fs::read_to_string(drawing).unwrap_or_else(|error| panic!("{drawing}: {error}"));
    let png = typeface.png(&svg, 1.0).unwrap_or_else(|error| panic!("{drawing}: {error:?}"));
    let whole = Pixmap::decode_png(&png).expect("a picture");
    let scale = f32::min(TILE.0 as f32 / whole.width() as f32, TILE.1 as f32 / whole.height() as f32);
    let mut tile = Pixmap::new(TILE.0, TILE.1).expect("a place");
    let paint = PixmapPaint { quality: resvg::tiny_skia::FilterQuality::Bilinear, ..PixmapPaint::default() };
    tile.fill(resvg::tiny_skia::Color::WHITE);
    tile.draw_pixmap(0, 0, whole.as_ref(), &paint, Transform::from_scale(scale, scale), None);
    tile
}

#[test]
fn the_gallery_looks_as_it_did() {
    let test = "the_gallery_looks_as_it_did";
    let Some(typeface) = renkei::render::Typeface::of_system().filter(|typeface| typeface.family == FAMILY)
    else {
        skipped(test, "the font Noto Sans CJK JP (fonts-noto-cjk)");
        return;
    };
    let drawings = drawings();
    let rows = (drawings.len() as u32).div_ceil(COLUMNS);
    let mut sheet = Pixmap::new(COLUMNS * TILE.0, rows * TILE.1).expect("a sheet");
    sheet.fill(resvg::tiny_skia::Color::WHITE);
    let place = |at: usize| ((at as u32 % COLUMNS * TILE.0) as i32, (at as u32 / COLUMNS * TILE.1) as i32);
    for (at, drawing) in drawings.iter().enumerate() {
        let (x, y) = place(at);
        let plain = PixmapPaint::default();
        sheet.draw_pixmap(x, y, tile(drawing, &typeface).as_ref(), &plain, Transform::identity(), None);
    }
    if std::env::var("REDRAW_GALLERY").as_deref() == Ok("1") {
        sheet.save_png(repository(SHEET)).expect("the sheet");
        return;
    }
    let committed = Pixmap::load_png(repository(SHEET)).expect("the committed sheet");
    assert_eq!(
        (committed.width(), committed.height()),
        (sheet.width(), sheet.height()),
        "docs/redraw-gallery"
    );
    for (at, drawing) in drawings.iter().enumerate() {
        let (x, y) = place(at);
        let mut difference = 0_u64;
        for row in 0..TILE.1 {
            let from = (((y as u32 + row) * sheet.width() + x as u32) * 4) as usize;
            let bytes = from..from + TILE.0 as usize * 4;
            let pairs = sheet.data()[bytes.clone()].iter().zip(&committed.data()[bytes]);
            difference += pairs.map(|(one, other)| u64::from(one.abs_diff(*other))).sum::<u64>();
        }
        let mean = difference as f64 / f64::from(TILE.0 * TILE.1 * 4);
        assert!(
            mean <= TOLERANCE,
            "{drawing} differs by {mean:.2}: look at it, then run docs/redraw-gallery"
        );
    }
}
