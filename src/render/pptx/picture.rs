//! Pictures: a drawing in vectors for programs that draw it, and in pixels for all others.

use super::presentation::Area;

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// In pixels.
    pub(super) png: Vec<u8>,
    /// The same as SVG.
    pub(super) svg: Option<Vec<u8>>,
    /// What it shows, for those who do not see it.
    pub(super) description: String,
    /// Width and height in pixels.
    size: (u32, u32),
}

impl Picture {
    /// A picture; none when `png` is not one.
    pub fn new(png: Vec<u8>, svg: Option<Vec<u8>>, description: impl Into<String>) -> Option<Picture> {
        if !png.starts_with(b"\x89PNG\r\n\x1A\n") || png.get(12..16)? != b"IHDR" {
            return None;
        }
        let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
        let size = (number(16)?, number(20)?);
        (size.0 > 0 && size.1 > 0).then_some(())?;
        Some(Picture { png, svg, description: description.into(), size })
    }

    /// The largest place of its proportions in the middle of an area.
    pub(super) fn within(&self, area: Area) -> Area {
        let (wide, high) = (f64::from(self.size.0), f64::from(self.size.1));
        let scale = (area.width / wide).min(area.height / high);
        let (width, height) = (wide * scale, high * scale);
        Area {
            left: area.left + (area.width - width) / 2.0,
            top: area.top + (area.height - height) / 2.0,
            width,
            height,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    #[test]
    fn what_is_not_a_png_is_no_picture() {
        assert_eq!(Picture::new(b"\x89PNG\r\n\x1A\n".to_vec(), None, ""), None);
        assert_eq!(Picture::new(b"<svg/>".to_vec(), None, ""), None);
    }
}
