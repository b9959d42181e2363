//! Charts: what a table shows, as a drawing.
//!
//! In: [`crate::tabulate::Table`]s, [`crate::trend::Trend`]s and what was asked for. Out: [`ChartSpec`]s, which know no place, size or
//! colour and serve every writer of charts; [`draw`] gives one a [`Scene`] of shapes and boxes of text, and
//! [`svg`] writes it. Figures are printed by `sheet`. plotters lives only here. This room must not know
//! files, fonts or the command line.

mod advance;
mod beside;
mod draft;
mod histogram;
mod interval;
mod layout;
mod palette;
mod ranked;
mod request;
mod scene;
mod spec;
mod svg;
mod text;
mod trend;
mod values;
mod words;

pub use beside::{Beside, Other, beside};
pub use layout::{MIN_WIDTH, Style, draw};
pub use palette::{Palette, series_colours};
pub use ranked::{RankedGroup, ranked};
pub use request::{ChartRequest, charts};
pub use scene::{Anchor, Colour, Point, Scene, Shape, TextBox};
pub use spec::{Category, ChartSpec, Figure, Kind, Measure, Range, Role, Series};
pub use svg::{FAMILIES, svg};
pub use text::{width, wrap};
pub use trend::trend_chart;
