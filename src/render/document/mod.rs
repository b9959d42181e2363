//! Documents as papers: Markdown and HTML.

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

pub(super) use html::view_heading;
