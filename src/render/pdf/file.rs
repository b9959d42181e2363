//! Pages into a file: one document, one font, bookmarks.

use krilla::Document;
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Size};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};

use super::leaf::Leaf;
use crate::render::{NoPicture, Typeface};
use crate::sheet::Language;

/// A line of the contents that a reader shows beside the pages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bookmark {
    /// 0 or 1: one below the last of 0.
    pub(super) level: u8,
    /// The words.
    pub(super) text: String,
    /// Its page, from 0.
    pub(super) page: usize,
    /// From the upper edge, in points.
    pub(super) top: f64,
}

/// Pages of one size.
pub(super) struct Leaves {
    pub(super) title: String,
    pub(super) language: Language,
    /// Width and height in points.
    pub(super) size: (f64, f64),
    pub(super) leaves: Vec<Leaf>,
    pub(super) bookmarks: Vec<Bookmark>,
}

/// The file. No day stands in it, so that equal input gives equal bytes.
pub(super) fn bytes(pages: &Leaves, typeface: &Typeface) -> Result<Vec<u8>, NoPicture> {
    let unreadable = |what: &str| NoPicture::Unreadable(what.to_string());
    let mut document = Document::new();
    let language = pages.language.choose("ja", "en").to_string();
    let metadata = Metadata::new().title(pages.title.clone()).language(language).creator("renkei".into());
    document.set_metadata(metadata);
    let (width, height) = (pages.size.0 as f32, pages.size.1 as f32);
    let mut trees = Vec::new();
    let mut lacking = Vec::new();
    for leaf in &pages.leaves {
        match typeface.tree(&leaf.svg(pages.size)) {
            Ok(tree) => trees.push(tree),
            Err(NoPicture::Glyphs(characters)) => lacking.extend(characters),
            Err(other) => return Err(other),
        }
    }
    if !lacking.is_empty() {
        lacking.sort_unstable();
        lacking.dedup();
        return Err(NoPicture::Glyphs(lacking));
    }
    for tree in &trees {
        let settings =
            PageSettings::from_wh(width, height).ok_or_else(|| unreadable("a page without a size"))?;
        let size = Size::from_wh(width, height).ok_or_else(|| unreadable("a page without a size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.draw_svg(tree, size, SvgSettings::default());
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(&pages.bookmarks));
    document.finish().map_err(|error| NoPicture::Unreadable(format!("{error:?}")))
}

fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let mut bookmarks = bookmarks.iter().peekable();
    while let Some(bookmark) = bookmarks.next() {
        let mut upper = node(bookmark);
        while let Some(lower) = bookmarks.next_if(|next| next.level > 0) {
            upper.push_child(node(lower));
        }
        outline.push_child(upper.with_open(true));
    }
    outline
}

fn node(bookmark: &Bookmark) -> OutlineNode {
    let point = Point::from_xy(0.0, bookmark.top as f32);
    OutlineNode::new(bookmark.text.clone(), XyzDestination::new(bookmark.page, point))
}
