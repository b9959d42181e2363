//! The encoding of an SPSS file's texts.

use encoding_rs::{Encoding as Table, UTF_8};

use super::super::Encoding;
use super::extensions::Extensions;
use super::wire::Damage;

/// The encoding that the file names, or the one declared instead.
pub(crate) fn encoding(
    extensions: &Extensions,
    declared: Option<Encoding>,
) -> Result<&'static Table, Damage> {
    match declared {
        Some(Encoding::Utf8) => return Ok(UTF_8),
        Some(Encoding::Cp932) => return Ok(encoding_rs::SHIFT_JIS),
        Some(Encoding::Utf16Le | Encoding::Utf16Be) => {
            let hint = "leave `--encoding` out: the file names its own";
            return Err(Damage::Bad("an SPSS file is never UTF-16".to_string(), hint));
        }
        None => {}
    }
    let unknown = |name: &str| {
        let hint = "say `--encoding cp932` or `--encoding utf-8` if you know it";
        Damage::Bad(format!("the file's texts are in the encoding {}", crate::diag::quote(name)), hint)
    };
    if let Some(name) = extensions.encoding.as_deref().filter(|name| !name.is_empty()) {
        return named(name).ok_or_else(|| unknown(name));
    }
    match extensions.code_page {
        // 2: ASCII; 3: "8-bit ASCII", of which nothing is known; 4: 漢字 of a machine without a name.
        None | Some(2 | 3) => Ok(encoding_rs::WINDOWS_1252),
        Some(4) => Ok(encoding_rs::SHIFT_JIS),
        Some(page) => of_page(page).ok_or_else(|| unknown(&format!("code page {page}"))),
    }
}

fn named(name: &str) -> Option<&'static Table> {
    let lower = name.to_ascii_lowercase();
    let page = ["windows-", "cp", "ms", "ibm-", "x-windows-", "windows"]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix)?.parse().ok());
    Table::for_label(name.as_bytes()).or_else(|| of_page(page?))
}

fn of_page(page: i32) -> Option<&'static Table> {
    let label = match page {
        932 | 943 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        20_932 | 51_932 => "euc-jp",
        54_936 => "gb18030",
        65_001 => "utf-8",
        20_127 => "windows-1252",
        28_591 => "iso-8859-1",
        page @ (874 | 1_250..=1_258) => return Table::for_label(format!("windows-{page}").as_bytes()),
        page @ 28_592..=28_606 => return Table::for_label(format!("iso-8859-{}", page - 28_590).as_bytes()),
        _ => return None,
    };
    Table::for_label(label.as_bytes())
}

/// A text of the dictionary. What is no text becomes `\u{FFFD}`, where it is only words.
pub(crate) fn words(bytes: &[u8], table: &'static Table) -> String {
    let bytes = super::dictionary::trimmed(bytes);
    table.decode_without_bom_handling(bytes).0.into_owned()
}
