//! A chart's SVG as a picture (PNG), drawn with one Japanese font and never without a glyph.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family, ID, Query};
use resvg::usvg::{FontResolver, Options, Tree};

use crate::chart::FAMILIES;
use crate::diag::{Diagnostic, quote};

/// Gothics looked for after those that an SVG names.
const OTHERS: [&str; 10] = [
    "Hiragino Kaku Gothic ProN",
    "Yu Gothic UI",
    "BIZ UDGothic",
    "MS PGothic",
    "IPAexGothic",
    "IPAPGothic",
    "IPAGothic",
    "TakaoPGothic",
    "VL PGothic",
    "M PLUS 1p",
];

/// The one font that a picture's text is drawn with, held in memory.
///
/// resvg draws nothing where a family is missing, without a word, and draws a whole line in another font where
/// one character is: so the font is chosen here, and a character that it lacks refuses the picture.
pub struct Typeface {
    fonts: Arc<Database>,
    face: ID,
    /// Its name.
    pub family: String,
}

/// Why there is no picture.
#[derive(Debug, PartialEq, Eq)]
pub enum NoPicture {
    /// The font lacks these characters.
    Glyphs(Vec<char>),
    /// It has too many pixels.
    TooLarge,
    /// The SVG is not one, which is a bug.
    Unreadable(String),
}

impl NoPicture {
    /// The error that says so. `what` it was to be of: ``the chart `q1` ``; `instead`: what needs no font.
    pub fn told(&self, what: &str, typeface: &Typeface, instead: &str) -> Diagnostic {
        match self {
            NoPicture::Glyphs(lacking) => {
                let shown = |c: &char| format!("{} (U+{:04X})", quote(&c.to_string()), u32::from(*c));
                let characters: Vec<String> = lacking.iter().take(8).map(shown).collect();
                Diagnostic::error(format!(
                    "{what} has characters that the font {} lacks: {}",
                    quote(&typeface.family),
                    characters.join(", ")
                ))
                .hint(format!(
                    "give a font that has them with `--font` (Debian: `apt-get install fonts-noto-cjk`), or {instead}"
                ))
            }
            NoPicture::TooLarge => Diagnostic::error(format!("{what} would have too many pixels"))
                .hint(format!("give a smaller `--scale`, or {instead}")),
            NoPicture::Unreadable(why) => Diagnostic::error(format!("{what} could not be drawn: {why}")),
        }
    }
}

impl Typeface {
    /// The first known Japanese gothic among the system's fonts.
    pub fn of_system() -> Option<Typeface> {
        let mut installed = Database::new();
        installed.load_system_fonts();
        FAMILIES.iter().filter(|family| **family != "sans-serif").chain(&OTHERS).find_map(|family| {
            let face = installed.query(&Query { families: &[Family::Name(family)], ..Query::default() })?;
            // In memory once, not mapped anew for each chart.
            let data = installed.with_face_data(face, |data, _| data.to_vec())?;
            let mut fonts = Database::new();
            fonts.load_font_data(data);
            let face = fonts.query(&Query { families: &[Family::Name(family)], ..Query::default() })?;
            Some(Typeface { fonts: Arc::new(fonts), face, family: family.to_string() })
        })
    }

    /// The font in a file's bytes; of a collection the Japanese one, or the first. `None` when it is no font.
    pub fn of_bytes(data: Vec<u8>) -> Option<Typeface> {
        let mut fonts = Database::new();
        fonts.load_font_data(data);
        let name =
            |families: &[(String, _)]| families.first().map_or(String::new(), |(name, _)| name.clone());
        let named: Vec<(ID, String)> = fonts.faces().map(|face| (face.id, name(&face.families))).collect();
        let japanese = named.iter().find(|(_, name)| name.ends_with(" JP"));
        let (face, family) = japanese.or(named.first())?.clone();
        Some(Typeface { fonts: Arc::new(fonts), face, family })
    }

    /// Draws an SVG, so many pixels for one of its own.
    ///
    /// # Errors
    /// Where the font lacks a character, or the picture would be too large.
    pub fn png(&self, svg: &str, scale: f32) -> Result<Vec<u8>, NoPicture> {
        let tree = self.tree(svg)?;
        let pixels = |length: f32| (length * scale).ceil();
        let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
        if width * height > 400e6 {
            return Err(NoPicture::TooLarge);
        }
        let mut picture = Pixmap::new(width as u32, height as u32).ok_or(NoPicture::TooLarge)?;
        picture.fill(Color::WHITE);
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
        picture.encode_png().map_err(|error| NoPicture::Unreadable(error.to_string()))
    }

    /// An SVG with its text set in the font.
    ///
    /// # Errors
    /// Where the font lacks a character.
    pub(super) fn tree(&self, svg: &str) -> Result<Tree, NoPicture> {
        let lacking: Mutex<BTreeSet<char>> = Mutex::new(BTreeSet::new());
        let face = self.face;
        let options = Options {
            fontdb: Arc::clone(&self.fonts),
            font_resolver: FontResolver {
                select_font: Box::new(move |_, _| Some(face)),
                select_fallback: Box::new(|character, _, _| {
                    lacking.lock().unwrap_or_else(PoisonError::into_inner).insert(character);
                    None
                }),
            },
            ..Options::default()
        };
        let tree = Tree::from_str(svg, &options).map_err(|error| NoPicture::Unreadable(error.to_string()))?;
        drop(options);
        let lacking = lacking.into_inner().unwrap_or_else(PoisonError::into_inner);
        match lacking.is_empty() {
            true => Ok(tree),
            false => Err(NoPicture::Glyphs(lacking.into_iter().collect())),
        }
    }
}

/// Width and height of a drawing of ours, in pixels.
pub(super) fn size(svg: &str) -> (u64, u64) {
    let number = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\""))?;
        rest.split_once('"')?.0.parse::<u64>().ok().filter(|pixels| *pixels > 0)
    };
    (number("width").unwrap_or(1), number("height").unwrap_or(1))
}
