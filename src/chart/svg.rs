//! A scene as SVG: shapes by plotters, text, titles and the table for those who do not see by us.
//!
//! plotters' SVG backend sets text a quarter too small and knows neither titles nor lists of font families, so
//! that it draws shapes only. Its coordinates are integers: they are tenths of a pixel here.

use std::fmt::Write;

use plotters::prelude::{DrawingBackend, RGBColor, SVGBackend, ShapeStyle};

use super::scene::{Anchor, Colour, Point, Scene, Shape};
use super::spec::ChartSpec;
use super::text::clean;

/// Gothics of the systems that people have, wherever the file is opened.
pub const FAMILIES: [&str; 7] = [
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Yu Gothic",
    "Hiragino Sans",
    "BIZ UDPGothic",
    "Meiryo",
    "sans-serif",
];

/// Writes a scene, its text in the first of the families that there is.
pub fn svg(spec: &ChartSpec, scene: &Scene, families: &[&str]) -> String {
    let families: Vec<String> = families
        .iter()
        .map(|family| if *family == "sans-serif" { family.to_string() } else { format!("'{family}'") })
        .collect();
    let (width, height) = (scene.width.ceil(), scene.height.ceil());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\" \
         font-family=\"{}\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n",
        escaped(&families.join(", ")),
        escaped(&clean(&spec.title)),
        escaped(&spec.described().lines().map(clean).collect::<Vec<_>>().join("\n")),
    );
    svg += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    svg += "<g transform=\"scale(0.1)\" aria-hidden=\"true\">\n";
    svg += &shapes(scene);
    svg += "</g>\n<g aria-hidden=\"true\">\n";
    for text in &scene.texts {
        let (x, anchor) = match text.anchor {
            Anchor::Start => (text.x, "start"),
            Anchor::Middle => (text.x + text.width / 2.0, "middle"),
            Anchor::End => (text.x + text.width, "end"),
        };
        let Colour(red, green, blue) = text.colour;
        // The em box of a Japanese font begins 0.88 above the base line.
        let base = text.y + 0.88 * text.height;
        // Writing to a text cannot fail.
        _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\" \
             fill=\"#{red:02x}{green:02x}{blue:02x}\">{}</text>",
            shown(x),
            shown(base),
            shown(text.height),
            escaped(&text.text),
        );
    }
    svg += "</g>\n</svg>\n";
    svg
}

/// Tenths of a pixel are enough.
fn shown(number: f64) -> String {
    let tenths = (number * 10.0).round() as i64;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        _ => format!("{:.1}", tenths as f64 / 10.0),
    }
}

fn shapes(scene: &Scene) -> String {
    let tenths = |(x, y): Point| ((x * 10.0).round() as i32, (y * 10.0).round() as i32);
    let colour = |Colour(red, green, blue): Colour| RGBColor(red, green, blue);
    let mut buffer = String::new();
    let mut backend = SVGBackend::with_string(&mut buffer, (1, 1));
    for shape in &scene.shapes {
        // A buffer in memory refuses nothing.
        _ = match shape {
            Shape::Rectangle([x, y, wide, high], fill) => {
                backend.draw_rect(tenths((*x, *y)), tenths((x + wide, y + high)), &colour(*fill), true)
            }
            Shape::Area(points, fill) => {
                backend.fill_polygon(points.iter().copied().map(tenths), &colour(*fill))
            }
            Shape::Line(points, stroke, wide) => {
                let stroke_width = (wide * 10.0).round() as u32;
                let style = ShapeStyle { color: colour(*stroke).into(), filled: false, stroke_width };
                backend.draw_path(points.iter().copied().map(tenths), &style)
            }
            Shape::Disc(centre, radius, fill) => {
                let radius = (radius * 10.0).round() as u32;
                backend.draw_circle(tenths(*centre), radius, &colour(*fill), true)
            }
        };
    }
    drop(backend);
    // What stands between the backend's own outermost tags.
    let inner = buffer.split_once('\n').map_or("", |(_, rest)| rest);
    inner.strip_suffix("</svg>\n").unwrap_or(inner).to_string()
}

/// Text as XML takes it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
