//! What HTML pages share: a strict policy, and sheets as tables.

use maud::{Markup, PreEscaped, html as markup};
use sha2::{Digest, Sha256};

use crate::diag::visible;
use crate::sheet::{Cell, Content, Mark, Role, Sheet};

/// A content security policy under which nothing loads but this page's own style and script.
pub(super) fn policy(style: &str, script: Option<&str>) -> String {
    let script = script.map_or("'none'".to_string(), hash);
    format!(
        "default-src 'none'; style-src {} 'unsafe-hashes'; script-src {script}; img-src data: blob:; base-uri 'none'; form-action 'none'",
        hash(style)
    )
}

/// `'sha256-…'`
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())))
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            match place <= three.len() {
                true => text.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize])),
                false => text.push('='),
            }
        }
    }
    text
}

/// A sheet as a table with its notes.
pub(super) fn sheet_table(sheet: &Sheet) -> Markup {
    markup! {
        table {
            caption { (visible(&sheet.title)) @for line in &sheet.above { br; small { (visible(line)) } } }
            thead {
                @for row in &sheet.header {
                    tr { @for cell in shown(row) { th scope="col" colspan=[spanned(cell)] { (visible(&cell.shown())) } } }
                }
            }
            tbody {
                @for row in &sheet.body {
                    tr { @for (place, cell) in row.iter().enumerate().filter(|(_, cell)| is_shown(cell)) { (body_cell(cell, place < sheet.side)) } }
                }
            }
        }
        @if !sheet.notes.is_empty() {
            ul.table-notes { @for note in &sheet.notes { li { (visible(note)) } } }
        }
    }
}

fn is_shown(cell: &Cell) -> bool {
    cell.content != Content::Covered
}

fn shown(row: &[Cell]) -> impl Iterator<Item = &Cell> {
    row.iter().filter(|cell| is_shown(cell))
}

pub(super) fn spanned(cell: &Cell) -> Option<usize> {
    (cell.columns > 1).then_some(cell.columns)
}

/// A cell of the body: a label at the side is a header of its row.
pub(super) fn body_cell(cell: &Cell, side: bool) -> Markup {
    let text = visible(&cell.shown());
    if side && matches!(cell.content, Content::Text(_) | Content::Empty) {
        return markup! { th scope="row" colspan=[spanned(cell)] { (text) } };
    }
    let mut classes = Vec::new();
    if cell.role == Role::Net {
        classes.push("net");
    }
    if matches!(cell.content, Content::Text(_)) {
        classes.push("words");
    }
    classes.extend(mark_class(cell));
    let class = (!classes.is_empty()).then(|| classes.join(" "));
    markup! { td class=[class] colspan=[spanned(cell)] { (text) (cell.mark_text()) } }
}

/// The class of a cell some points from the total.
pub(super) fn mark_class(cell: &Cell) -> Option<&'static str> {
    cell.marks.iter().find_map(|mark| match mark {
        Mark::FarAbove => Some("far-above"),
        Mark::Above => Some("above"),
        Mark::Below => Some("below"),
        Mark::FarBelow => Some("far-below"),
        Mark::LowBase => None,
    })
}

/// 調査概要
pub(super) fn about_section(about: &Sheet) -> Markup {
    let title = about.header.first().and_then(|row| row.first()).map_or(String::new(), Cell::shown);
    markup! {
        section.about {
            h2 { "【" (visible(&title)) "】" }
            dl {
                @for row in &about.body {
                    @if let [label, text, ..] = row.as_slice() {
                        dt { (visible(&label.shown())) } dd { (visible(&text.shown())) }
                    }
                }
            }
        }
    }
}

/// A drawing in a page, where several have a title and a description: their ids begin with the drawing's own. `table`
/// is the id of the table that has its figures.
pub(super) fn drawing(svg: &str, id: &str, table: &str) -> Markup {
    let named = format!("aria-labelledby=\"{id}-title {id}-desc\" aria-details=\"{table}\"");
    let own = svg
        .replacen("aria-labelledby=\"title desc\"", &named, 1)
        .replacen("<title id=\"title\">", &format!("<title id=\"{id}-title\">"), 1)
        .replacen("<desc id=\"desc\">", &format!("<desc id=\"{id}-desc\">"), 1);
    PreEscaped(own)
}

#[cfg(test)]
mod tests {
    use super::base64;

    /// RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
