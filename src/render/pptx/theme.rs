//! Fonts and colours of a deck.

use super::xml::Xml;

/// Fonts and colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Font of Latin letters and digits. A presentation names one family; the program that opens it
    /// finds another where that one is missing.
    pub latin: String,
    /// Font of Japanese.
    pub east_asian: String,
    /// Its colours.
    pub palette: Palette,
}

/// The colours a theme has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Of text.
    pub dark: Rgb,
    /// Of the ground.
    pub light: Rgb,
    /// Of headings and heads of tables.
    pub second_dark: Rgb,
    /// Of bands and boxes.
    pub second_light: Rgb,
    /// Of series.
    pub accents: [Rgb; 6],
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A colour of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// This one, whatever the theme.
    Rgb(Rgb),
    /// The theme's text.
    Dark,
    /// The theme's ground.
    Light,
    /// The theme's headings.
    SecondDark,
    /// The theme's bands.
    SecondLight,
    /// One of the theme's accents, 1 to 6.
    Accent(u8),
}

impl Default for Theme {
    /// Yu Gothic, which PowerPoint has on Windows and macOS, and colours that people who see fewer
    /// tell apart (Okabe and Ito, <https://jfly.uni-koeln.de/color/>).
    fn default() -> Theme {
        Theme {
            latin: "Yu Gothic".into(),
            east_asian: "Yu Gothic".into(),
            palette: Palette {
                dark: Rgb(0x22, 0x22, 0x22),
                light: Rgb(0xFF, 0xFF, 0xFF),
                second_dark: Rgb(0x1F, 0x3A, 0x5F),
                second_light: Rgb(0xEE, 0xF1, 0xF5),
                accents: [
                    Rgb(0x00, 0x72, 0xB2),
                    Rgb(0xE6, 0x9F, 0x00),
                    Rgb(0x00, 0x9E, 0x73),
                    Rgb(0xCC, 0x79, 0xA7),
                    Rgb(0x56, 0xB4, 0xE9),
                    Rgb(0xD5, 0x5E, 0x00),
                ],
            },
        }
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

impl Rgb {
    /// A colour written `1F3A5F`.
    pub fn parse(hex: &str) -> Option<Rgb> {
        let digits = hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(hex, 16).ok().filter(|_| digits)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Rgb(red, green, blue))
    }

    /// Relative luminance (WCAG 2.1).
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl Colour {
    /// Writes it as a filling.
    pub(super) fn fill(self, xml: &mut Xml) {
        xml.element("a:solidFill", &[], |xml| match self {
            Colour::Rgb(rgb) => xml.val("a:srgbClr", rgb),
            Colour::Dark => xml.val("a:schemeClr", "tx1"),
            Colour::Light => xml.val("a:schemeClr", "bg1"),
            Colour::SecondDark => xml.val("a:schemeClr", "tx2"),
            Colour::SecondLight => xml.val("a:schemeClr", "bg2"),
            Colour::Accent(number) => xml.val("a:schemeClr", format!("accent{}", number.clamp(1, 6))),
        });
    }

    /// Writes it as a line of so many points.
    pub(super) fn line(self, xml: &mut Xml, name: &str, points: f64) {
        xml.element(name, &[("w", &((points * 12_700.0).round() as i64))], |xml| self.fill(xml));
    }

    /// White or black, whichever is read better on it.
    pub(super) fn ink(self, palette: &Palette) -> Colour {
        let luminance = self.rgb(palette).luminance();
        let (white, black) = (1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05);
        Colour::Rgb(if white > black { Rgb(0xFF, 0xFF, 0xFF) } else { Rgb(0, 0, 0) })
    }

    /// The colour itself.
    pub fn rgb(self, palette: &Palette) -> Rgb {
        match self {
            Colour::Rgb(rgb) => rgb,
            Colour::Dark => palette.dark,
            Colour::Light => palette.light,
            Colour::SecondDark => palette.second_dark,
            Colour::SecondLight => palette.second_light,
            Colour::Accent(number) => palette.accents[usize::from(number.clamp(1, 6)) - 1],
        }
    }
}

/// The theme as a part.
pub(super) fn part(theme: &Theme) -> String {
    let mut xml = Xml::document();
    let drawing = super::package::DRAWING;
    xml.element("a:theme", &[("xmlns:a", &drawing), ("name", &"renkei")], |xml| {
        xml.element("a:themeElements", &[], |xml| {
            colours(xml, &theme.palette);
            xml.element("a:fontScheme", &[("name", &"renkei")], |xml| {
                for name in ["a:majorFont", "a:minorFont"] {
                    xml.element(name, &[], |xml| {
                        xml.empty("a:latin", &[("typeface", &theme.latin)]);
                        xml.empty("a:ea", &[("typeface", &theme.east_asian)]);
                        xml.empty("a:cs", &[("typeface", &"")]);
                        xml.empty("a:font", &[("script", &"Jpan"), ("typeface", &theme.east_asian)]);
                    });
                }
            });
            xml.raw(FORMATS);
        });
    });
    xml.finish()
}

fn colours(xml: &mut Xml, palette: &Palette) {
    xml.element("a:clrScheme", &[("name", &"renkei")], |xml| {
        let mut colour = |name: &str, rgb: Rgb| {
            xml.element(name, &[], |xml| xml.val("a:srgbClr", rgb));
        };
        colour("a:dk1", palette.dark);
        colour("a:lt1", palette.light);
        colour("a:dk2", palette.second_dark);
        colour("a:lt2", palette.second_light);
        for (at, rgb) in palette.accents.into_iter().enumerate() {
            colour(&format!("a:accent{}", at + 1), rgb);
        }
        colour("a:hlink", palette.accents[0]);
        colour("a:folHlink", palette.second_dark);
    });
}

/// Fillings, lines and effects, of which a theme must have three each. None of ours shines.
const FORMATS: &str = "<a:fmtScheme name=\"renkei\"><a:fillStyleLst>\
<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:fillStyleLst><a:lnStyleLst>\
<a:ln w=\"6350\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>\
<a:ln w=\"12700\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln>\
<a:ln w=\"19050\"><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:ln></a:lnStyleLst><a:effectStyleLst>\
<a:effectStyle><a:effectLst/></a:effectStyle><a:effectStyle><a:effectLst/></a:effectStyle>\
<a:effectStyle><a:effectLst/></a:effectStyle></a:effectStyleLst><a:bgFillStyleLst>\
<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>\
<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:bgFillStyleLst></a:fmtScheme>";

#[cfg(test)]
mod tests {
    use super::{Colour, Rgb, Theme};

    #[test]
    fn ink_is_white_on_dark_and_black_on_light() {
        let palette = Theme::default().palette;
        assert_eq!(Colour::SecondDark.ink(&palette), Colour::Rgb(Rgb(0xFF, 0xFF, 0xFF)));
        assert_eq!(Colour::Accent(2).ink(&palette), Colour::Rgb(Rgb(0, 0, 0)));
        assert_eq!(Rgb::parse("1F3A5F"), Some(Rgb(0x1F, 0x3A, 0x5F)));
        assert_eq!(Rgb::parse("+1F3A5"), None);
    }
}
