//! The font of pictures and pages: a file that was named, or a Japanese gothic of the system.

use std::path::Path;

use crate::diag::{Diagnostic, Failure, Place, failure};
use crate::render::Typeface;

/// What to do where there is none.
pub const INSTALL: &str = "install one (Debian, Ubuntu: `apt-get install fonts-noto-cjk`; Fedora: \
                           `dnf install google-noto-sans-cjk-fonts`), or give a file with `--font`";

/// The font in the file, or of the system when none is named; `None` where the system has none.
///
/// # Errors
/// A file that cannot be read or is no font.
pub fn typeface(file: Option<&Path>) -> Result<Option<Typeface>, Failure> {
    let Some(path) = file else { return Ok(Typeface::of_system()) };
    let data = std::fs::read(path).map_err(|error| failure(path, "the font could not be read", &error))?;
    let found = Typeface::of_bytes(data);
    found.map(Some).ok_or_else(|| {
        let error = Diagnostic::error("expected a font (TTF, OTF, TTC), found something else");
        Failure::Refused(vec![error.at(Place::File(path.display().to_string()))])
    })
}

/// No text would be drawn, which nobody would be told. `what`: what was asked for.
pub fn no_font(what: &str) -> Diagnostic {
    Diagnostic::error(format!("expected a Japanese font for {what}, found none on this system")).hint(INSTALL)
}

#[cfg(test)]
mod tests {
    use super::no_font;

    /// Whoever runs this may have a font, so that the message is tested where it is made.
    #[test]
    fn a_system_without_a_japanese_font_is_told_which_package_has_one() {
        assert_eq!(
            no_font("a PNG").render(false),
            "error: expected a Japanese font for a PNG, found none on this system\n  \
             hint: install one (Debian, Ubuntu: `apt-get install fonts-noto-cjk`; Fedora: \
             `dnf install google-noto-sans-cjk-fonts`), or give a file with `--font`\n"
        );
    }
}
