//! Colours that differ for everybody, and hatches for print without colour.

use super::scene::Colour;
use super::spec::{ChartSpec, Role};

/// Which colours series have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// Steps of one colour for scales, different colours for others.
    Auto,
    /// Okabe and Ito's eight colours (2008), which those who are colour-blind tell apart.
    OkabeIto,
    /// Steps of blue, dark to light.
    Sequential,
    /// Steps of grey.
    Grey,
}

/// Text, axes, lines.
pub(super) const INK: Colour = Colour(0x26, 0x26, 0x26);
/// Captions and n.
pub(super) const FAINT: Colour = Colour(0x59, 0x59, 0x59);
/// Lines of a grid.
pub(super) const RULE: Colour = Colour(0xD0, 0xD0, 0xD0);
pub(super) const PAPER: Colour = Colour(0xFF, 0xFF, 0xFF);
/// The one to look at.
pub(super) const PINK: Colour = Colour(0xE4, 0x00, 0x7F);
/// Everything else where there is one to look at; bars without a series to tell apart.
pub(super) const GREY: Colour = Colour(0xA0, 0xA0, 0xA0);
pub(super) const BLUE: Colour = Colour(0x00, 0x72, 0xB2);
const MISSING: Colour = Colour(0xE3, 0xE3, 0xE3);
const OTHER: Colour = Colour(0xBD, 0xBD, 0xBD);

const OKABE_ITO: [Colour; 8] = [
    Colour(0x00, 0x72, 0xB2),
    Colour(0xE6, 0x9F, 0x00),
    Colour(0x00, 0x9E, 0x73),
    Colour(0xCC, 0x79, 0xA7),
    Colour(0x56, 0xB4, 0xE9),
    Colour(0xD5, 0x5E, 0x00),
    Colour(0xF0, 0xE4, 0x42),
    Colour(0x7A, 0x5C, 0x3E),
];

/// How an area is hatched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hatch {
    /// ╱
    Rising,
    /// ╲
    Falling,
    /// ─
    Level,
    /// │
    Upright,
    /// ╳
    Crossed,
}

/// Series one after another have different hatches; the first has none.
pub(super) const HATCHES: [Option<Hatch>; 6] = [
    None,
    Some(Hatch::Rising),
    Some(Hatch::Level),
    Some(Hatch::Falling),
    Some(Hatch::Upright),
    Some(Hatch::Crossed),
];

/// What an area is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Its colour.
    pub colour: Colour,
    /// Lines over it.
    pub hatch: Option<Hatch>,
}

/// Between two colours, 0 to 1.
pub(super) fn between(from: Colour, to: Colour, part: f64) -> Colour {
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8;
    Colour(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// A colour in which words are read on white and still known for the colour: as much darker as that takes (4.5 to 1).
pub(super) fn ink_like(colour: Colour) -> Colour {
    let dark = (0..=20).map(|step| between(colour, Colour(0, 0, 0), f64::from(step) / 20.0));
    dark.into_iter().find(|ink| 1.05 / (luminance(*ink) + 0.05) >= 4.5).unwrap_or(INK)
}

/// Black or white, whichever is read better on the colour (WCAG 2 relative luminance).
pub(super) fn ink_on(colour: Colour) -> Colour {
    let (on_white, on_ink) = (1.05 / (luminance(colour) + 0.05), (luminance(colour) + 0.05) / 0.0702);
    if on_white > on_ink { PAPER } else { INK }
}

/// Relative luminance (WCAG 2).
fn luminance(colour: Colour) -> f64 {
    let linear = |channel: u8| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}

/// The colours of the series, for writers that draw charts themselves.
pub fn series_colours(spec: &ChartSpec) -> Vec<Colour> {
    fills(spec, Palette::Auto, false).into_iter().map(|fill| fill.colour).collect()
}

/// The fills of the series.
pub(super) fn fills(spec: &ChartSpec, palette: Palette, hatched: bool) -> Vec<Fill> {
    let plain = |role: Role| !matches!(role, Role::Other | Role::Missing);
    let count = spec.series.iter().filter(|series| plain(series.role)).count();
    let highlighted = spec.series.iter().any(|series| series.highlight);
    let mut place = 0;
    let mut fills = Vec::new();
    for (index, series) in spec.series.iter().enumerate() {
        let step = if count > 1 { place as f64 / (count - 1) as f64 } else { 0.0 };
        let colour = match (series.role, palette) {
            _ if series.highlight => PINK,
            (Role::Missing, _) => MISSING,
            (Role::Other, _) => OTHER,
            _ if highlighted => between(Colour(0x80, 0x80, 0x80), Colour(0xD6, 0xD6, 0xD6), step),
            (_, Palette::Grey) => between(Colour(0x40, 0x40, 0x40), Colour(0xDC, 0xDC, 0xDC), step),
            (_, Palette::Auto) if spec.kind == super::Kind::Likert => sided(spec, index),
            (Role::Total, Palette::Auto) => Colour(0x6E, 0x6E, 0x6E),
            (_, Palette::Auto) if spec.ordered => sequential(step),
            (_, Palette::Sequential) => sequential(step),
            // More series than colours: the next round is lighter.
            _ => between(OKABE_ITO[place % 8], PAPER, 0.45 * (place / 8).min(2) as f64),
        };
        let hatch = if hatched { HATCHES[index % HATCHES.len()] } else { None };
        if plain(series.role) && !(series.role == Role::Total && palette == Palette::Auto) {
            place += 1;
        }
        fills.push(Fill { colour, hatch });
    }
    fills
}

fn sequential(step: f64) -> Colour {
    between(Colour(0x0B, 0x3C, 0x6F), Colour(0xD6, 0xE6, 0xF4), step)
}

/// The sides of a scale: blue and orange, darker to the ends.
fn sided(spec: &ChartSpec, index: usize) -> Colour {
    let side = spec.series[index].side;
    let same: Vec<usize> =
        (0..spec.series.len()).filter(|&other| side.is_some() && spec.series[other].side == side).collect();
    let place = same.iter().position(|&other| other == index).unwrap_or(0) as f64;
    let step = if same.len() > 1 { place / (same.len() - 1) as f64 } else { 0.0 };
    // Darkest at the outer ends, on whichever side the options begin.
    let first = spec.series.iter().find_map(|series| series.side.filter(|&side| side != 0));
    let step = if side == first { step } else { 1.0 - step };
    match side {
        Some(1) => between(Colour(0x0B, 0x4F, 0x8A), Colour(0x92, 0xC5, 0xDE), step),
        Some(-1) => between(Colour(0xB3, 0x4E, 0x00), Colour(0xF4, 0xB0, 0x6A), step),
        Some(_) => Colour(0xD9, 0xD4, 0xC8),
        None => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_white_on_dark_and_dark_on_light() {
        assert_eq!(ink_on(Colour(0, 0, 0)), PAPER);
        assert_eq!(ink_on(PAPER), INK);
        assert_eq!(ink_on(PINK), PAPER);
        assert_eq!(ink_on(Colour(0xF0, 0xE4, 0x42)), INK);
    }
}
